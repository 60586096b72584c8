//! The one guard around parsers of untrusted input.
//!
//! Parsers of other people's formats panic on odd files now and then. One such file must not end a scan, so the panic is
//! caught here and becomes that file's error. The release profile keeps unwinding for this reason.

use super::ExtractError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a parser; a panic in it is the error [`ExtractError::Panicked`] with the format's `name`.
///
/// The panic's own message is kept quiet: it may quote the text of a document that should reach no log, and it would
/// stand in the middle of other output. Panics outside of a guard are reported as ever.
///
/// # Errors
/// What `parse` returns, or that it panicked.
pub(super) fn guard<T>(name: &'static str, parse: impl FnOnce() -> Result<T, ExtractError>) -> Result<T, ExtractError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                report(info);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    // Unwind safe: a parser owns or only reads what it works on, and nothing of it is looked at after a panic.
    let result = catch_unwind(AssertUnwindSafe(parse));
    IS_GUARDED.set(was_guarded);
    result.unwrap_or(Err(ExtractError::Panicked(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_leaves_the_thread_usable() {
        let broken: Result<(), _> = guard("pdf", || panic!("secret text"));
        assert_eq!(broken, Err(ExtractError::Panicked("pdf")));
        assert_eq!(guard("pdf", || Ok(1)), Ok(1));
        assert!(!IS_GUARDED.get());
    }
}
