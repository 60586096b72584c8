//! What the XML formats share: text that XML can hold, and the frame.

use crate::render::terminal::visible;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use std::io::{self, Write};

/// A writer that has written the declaration.
pub(super) fn begin(out: &mut dyn Write) -> io::Result<Writer<&mut dyn Write>> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    Ok(xml)
}

/// Ends the file with a line feed.
pub(super) fn finish(xml: Writer<&mut dyn Write>) -> io::Result<()> {
    xml.into_inner().write_all(b"\n")
}

/// One line of text without the characters that XML has no way to write.
pub(super) fn allowed(text: &str) -> String {
    visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        for (text, expected) in [
            ("a\u{0}b", "a\\u{0}b"),
            ("\x1b[1m", "\\u{1b}[1m"),
            ("\u{ffff}x\u{fffe}", "\u{fffd}x\u{fffd}"),
            ("日<&", "日<&"),
        ] {
            assert_eq!(allowed(text), expected);
        }
    }
}
