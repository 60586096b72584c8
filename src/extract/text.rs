//! Plain text: paragraphs between blank lines.

use super::decode::Decoded;
use crate::document::{BlockKind, Document, DocumentBuilder};
use std::ops::Range;

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, blocks)
}

/// Appends the blocks of `range` of the builder's origin.
pub(super) fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    builder.open(BlockKind::Paragraph);
    builder.verbatim(range);
    builder.close();
}
