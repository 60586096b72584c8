//! Files in letters, as uuencode writes them into a text: the lines that they begin and end with.
//!
//! A file has both. What begins so and never ends is prose that a wrap has cut, as "begin 2026 with a plan" may be.

/// Whether a file may begin with `line`: "begin", its mode in octal digits and its name. Where there is no name, `next`, the
/// line below, has to be a line of a file.
pub(super) fn is_start(line: &str, next: &str) -> bool {
    let mut words = line.split(' ');
    words.next() == Some("begin")
        && words.next().is_some_and(is_mode)
        && (words.next().is_some_and(|name| !name.is_empty()) || is_full(next))
}

/// Whether a file that has begun ends with `line`.
pub(super) fn is_end(line: &str) -> bool {
    line == "end"
}

/// Three octal digits, a nought before them or not.
fn is_mode(word: &str) -> bool {
    let digits = word.strip_prefix('0').filter(|rest| rest.len() == 3).unwrap_or(word);
    digits.len() == 3 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
}

/// Whether a line holds as many bytes as one can, 45.
fn is_full(line: &str) -> bool {
    line.len() == 61 && line.starts_with('M')
}
