//! JSON: an object for the whole scan, and how every other JSON is written.
//!
//! Strings hold nothing that acts on a terminal: JSON has escapes for the control characters of ASCII alone, so that the
//! others and those that turn the direction of text are escaped here. Readers of JSON see no difference.

use super::terminal::acts;
use crate::report::ScanReport;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::io::{self, Write};

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    json(report, out)
}

/// Writes a value over several lines, for people to read too.
///
/// # Errors
/// Those of `out`.
pub fn json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Inert(PrettyFormatter::new())))?;
    out.write_all(b"\n")
}

/// Writes a value on a line of its own.
///
/// # Errors
/// Those of `out`.
pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Inert(CompactFormatter)))?;
    out.write_all(b"\n")
}

/// A layout whose strings hold nothing that acts on a terminal.
struct Inert<F>(F);

/// Methods of a formatter that are those of the layout.
macro_rules! as_laid_out {
    ($($name:ident($($is_first:ident)?)),*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $is_first: bool)?) -> io::Result<()> {
            self.0.$name(writer $(, $is_first)?)
        })*
    };
}

impl<F: Formatter> Formatter for Inert<F> {
    as_laid_out!(
        begin_array(),
        end_array(),
        begin_array_value(is_first),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(is_first),
        end_object_key(),
        begin_object_value(),
        end_object_value()
    );

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(acts) {
            let (plain, from) = rest.split_at(at);
            let mut chars = from.chars();
            // Whatever acts is in the first plane of Unicode, which one escape covers.
            let code = chars.next().map_or(0, u32::from);
            write!(writer, "{plain}\\u{code:04x}")?;
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_the_same_to_a_reader_and_act_on_nothing() {
        let text = "a\u{9b}31m \u{202e}b\u{7f}\u{1b}[0m \"\\ \u{2066}é日\u{feff}";
        let value = serde_json::json!({ text: [text, {}, [], 1, {"k": null}] });
        let (mut several, mut one) = (Vec::new(), Vec::new());
        json(&value, &mut several).expect("a vector takes everything");
        line(&value, &mut one).expect("a vector takes everything");
        for out in [several, one] {
            let written = String::from_utf8(out).expect("UTF-8");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&written).expect("JSON"), value);
            assert!(!written.trim_end().contains(|c: char| acts(c) && c != '\n'), "{written:?}");
        }
        let mut out = Vec::new();
        line(&"\u{85}", &mut out).expect("a vector takes everything");
        assert_eq!(out, b"\"\\u0085\"\n");
    }
}
