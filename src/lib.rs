//! Scores leadership writing: which sentences direct, which empower, and why.
//!
//! One way through, each stage a type, none reaching back:
//!
//! ```text
//! paths -> Source -> bytes -> Document -> Block -> Sentence -> Evidence -> Verdict
//!                                                                           |
//! exit status <- Outcome <- gate <- ScanReport <- DocumentReport <- Tally <-+
//!                              `-> render/<format> -> bytes
//! ```

pub mod audit;
pub mod builtin;
pub mod config;
pub mod document;
pub mod evaluate;
pub mod explain;
pub mod extract;
pub mod fit;
mod fnv;
pub mod gate;
pub mod label;
pub mod lexicon;
pub mod render;
pub mod report;
pub mod scan;
pub mod score;
pub mod segment;
pub mod source;
pub mod span;
