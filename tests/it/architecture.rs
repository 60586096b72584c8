//! The nevers of the structure, checked over the source text.
