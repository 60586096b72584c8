//! From a sentence to its verdict, and from verdicts to a document's share. No I/O, no floats that differ by machine.

mod share;
mod status;
mod tally;
mod verdict;

pub(crate) use share::wilson;
pub use share::{directive_rate, lean, ratio, share};
pub use status::{Facts, Register, RegisterScore, is_enough, language, status};
pub use tally::Tally;
pub use verdict::{Cancelled, Context, Evidence, Judge, Verdict, classify, decide};
pub(crate) use verdict::{is_parted, margin};
