//! Lists of numbers as bytes, eight a number: unpacked faster than one number after another.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// Bytes of a number.
const WIDTH: usize = 8;

/// Writes the numbers.
///
/// # Errors
/// Those of the serializer.
pub(super) fn serialize<S: Serializer>(numbers: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    serializer.serialize_bytes(&bytes)
}

/// Reads numbers that were written so.
///
/// # Errors
/// If they were not.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let bytes: &[u8] = Deserialize::deserialize(deserializer)?;
    let (numbers, rest) = bytes.as_chunks::<WIDTH>();
    if !rest.is_empty() {
        return Err(D::Error::invalid_length(bytes.len(), &"eight bytes a number"));
    }
    Ok(numbers.iter().map(|number| u64::from_le_bytes(*number)).collect())
}
