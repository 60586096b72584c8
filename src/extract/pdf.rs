//! PDF stub
use super::ExtractError;
use crate::document::Document;
pub(super) fn extract(_: &[u8]) -> Result<Document, ExtractError> {
    Err(ExtractError::Binary)
}
