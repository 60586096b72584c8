//! reStructuredText, line by line.

use super::decode::Decoded;
use super::text;
use crate::document::{Document, DocumentBuilder};
use std::ops::Range;

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, blocks)
}

/// Appends the blocks of `range` of the builder's origin.
pub(super) fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    text::blocks(builder, range);
}
