//! Front matter: fields for the program that publishes a page (YAML, TOML or what the fence names, as `---js`).
//!
//! It is no text of the page. Markdown, HTML and AsciiDoc begin with it alike.

/// Bytes of the front matter that `source` begins with, blank lines and comments before it included; 0 where there is none.
///
/// By hand, since the parser sees it on the very first line only, and files are assembled with a comment or a blank
/// line above it.
pub(super) fn end(source: &str) -> usize {
    let at = comments(source);
    let mut lines = source[at..].split_inclusive('\n');
    let first = lines.next().map_or("", str::trim_end);
    let fence = first.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let has_language = fence.len() < first.len();
    if !matches!(fence, "---" | "+++") {
        return 0;
    }
    let mut end = source[at..].find('\n').map_or(source.len(), |line| at + line + 1);
    let mut has_field = has_language;
    for line in lines {
        end += line.len();
        let body = line.trim_end();
        if body == fence || fence == "---" && body == "..." {
            return if has_field { end } else { 0 };
        }
        // A divider opens prose, and prose has no fields on its first line.
        has_field |= body.contains(':') || body.contains('=') || body.starts_with('#');
        if !has_field && !body.is_empty() {
            return 0;
        }
    }
    0
}

/// Bytes of the blank lines and comments that `source` begins with.
pub(super) fn comments(source: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = source[at..].trim_start();
        at = source.len() - rest.len();
        match rest.strip_prefix("<!--").and_then(|rest| rest.find("-->")) {
            Some(end) => at += "<!--".len() + end + "-->".len(),
            None => return at,
        }
    }
}
