//! Template tags inside text: Liquid, Mustache, Jinja, ERB, Hugo short codes, kramdown attribute lists.
//!
//! They are instructions to a program that fills the text in later, so nobody reads them; extractors leave them out and
//! keep the places of what stands around them.

use crate::document::DocumentBuilder;
use memchr::memmem;
use std::ops::Range;

/// What opens a tag and what closes it.
const TAGS: [(&str, &str); 5] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("{#-", "-#}"), ("{:", "}")];

/// A tag longer than this is text with a stray opener.
const LONGEST: usize = 4096;

/// The template tags of a stretch of text, sorted.
#[derive(Debug, Default)]
pub(super) struct TemplateTags(Vec<Range<usize>>);

impl TemplateTags {
    /// Finds the tags in `range` of `text`.
    pub(super) fn find(text: &str, range: Range<usize>) -> Self {
        let bytes = &text.as_bytes()[..range.end];
        let mut tags: Vec<Range<usize>> = Vec::new();
        for (open, close) in TAGS {
            let (mut at, mut closed) = (range.start, range.start);
            while let Some(start) = memmem::find(&bytes[at..], open.as_bytes()).map(|found| at + found) {
                at = start + open.len();
                // The next closer is looked for once, however many openers stand before it.
                if closed < at {
                    let Some(found) = memmem::find(&bytes[at..], close.as_bytes()) else { break };
                    closed = at + found;
                }
                if closed - start <= LONGEST {
                    // Mustache's unescaped tag has a third brace.
                    let end = closed + close.len();
                    let end = end + usize::from(open == "{{" && bytes.get(end) == Some(&b'}'));
                    tags.push(start..end);
                    at = end;
                }
            }
        }
        let mut found = Self::default();
        found.add(tags);
        found
    }

    /// Adds stretches to leave out.
    pub(super) fn add(&mut self, tags: impl IntoIterator<Item = Range<usize>>) {
        self.0.extend(tags);
        self.0.sort_by_key(|tag| tag.start);
        self.0.dedup_by(|later, earlier| {
            let is_touching = later.start < earlier.end;
            earlier.end = if is_touching { earlier.end.max(later.end) } else { earlier.end };
            is_touching
        });
    }

    /// Appends `range` of the builder's origin to the open block, without the tags in it.
    pub(super) fn verbatim(&self, builder: &mut DocumentBuilder, range: Range<usize>) {
        let mut at = range.start;
        let first = self.0.partition_point(|tag| tag.end <= range.start);
        for tag in self.0[first..].iter().take_while(|tag| tag.start < range.end) {
            spaced(builder, at..tag.start.max(at));
            at = tag.end.min(range.end);
        }
        spaced(builder, at..range.end);
    }

    /// A copy of `range` of `text` with every tag made one long word, byte for byte, so that a quote or a blank in it does
    /// not break the link or the attribute that it stands in.
    pub(super) fn masked(&self, text: &str, range: Range<usize>) -> String {
        let mut copy = String::with_capacity(range.len());
        let mut at = range.start;
        let first = self.0.partition_point(|tag| tag.end <= range.start);
        for tag in self.0[first..].iter().take_while(|tag| tag.end <= range.end) {
            copy.push_str(&text[at..tag.start.max(at)]);
            copy.extend(text[tag.start.max(at)..tag.end].bytes().map(|byte| if byte == b'\n' { '\n' } else { 'x' }));
            at = tag.end;
        }
        copy.push_str(&text[at..range.end]);
        copy
    }

    /// Whether `offset` is inside a tag.
    pub(super) fn contains(&self, offset: usize) -> bool {
        let first = self.0.partition_point(|tag| tag.end <= offset);
        self.0.get(first).is_some_and(|tag| tag.start <= offset)
    }
}

/// Appends a range, without the blanks it begins with where the text already ends in one: what stood between is gone.
fn spaced(builder: &mut DocumentBuilder, range: Range<usize>) {
    let mut start = range.start;
    if builder.text().ends_with(' ') {
        let bytes = &builder.origin().text.as_bytes()[range.clone()];
        start += bytes.iter().take_while(|byte| **byte == b' ').count();
    }
    builder.verbatim(start..range.end);
}
