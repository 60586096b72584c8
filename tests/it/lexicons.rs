//! Lexicons: every entry holds to its own examples.
