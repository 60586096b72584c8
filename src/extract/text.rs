//! Plain text: paragraphs between blank lines.

use crate::document::{BlockKind, Document, DocumentBuilder, Origin};

/// Reads plain text.
pub(super) fn extract(text: String) -> Document {
    let len = text.len();
    let mut builder = DocumentBuilder::new(Origin::of_file(text, 0));
    builder.open(BlockKind::Paragraph);
    builder.verbatim(0..len);
    builder.build()
}
