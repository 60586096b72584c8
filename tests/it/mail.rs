//! Mail: only what the author wrote.
