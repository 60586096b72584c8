//! Finding and reading input.
