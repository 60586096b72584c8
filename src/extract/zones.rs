//! What of a mail's body its author wrote: everything but quotations, forwarded messages, signatures and footers.
//!
//! Owns the classification of lines; the markers themselves are data, in `lexicons/zones.toml`. Leaves decoding and
//! blocks to `mail`. Every pass is linear in the lines. Where a line is in doubt it stays the author's: a lost
//! sentence is worse than a stray one.

use super::uuencode;
use crate::document::BlockKind;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::sync::LazyLock;

/// Whose a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// The author's own; blank lines are nobody's and count as this.
    Authored,
    /// The author's own entry of a list whose mark looks like a quotation's.
    Listed,
    /// Quoted or forwarded, the line that introduces it included.
    Quoted,
    /// The sender's name and particulars.
    Signature,
    /// List footers, legal disclaimers, advertising.
    Footer,
    /// Armour and encoded files in the text.
    Data,
}

impl Zone {
    /// The kind of block that lines of this zone make if they are not the author's.
    pub(super) const fn kind(self) -> Option<BlockKind> {
        match self {
            Self::Authored | Self::Listed => None,
            Self::Quoted => Some(BlockKind::Quote),
            Self::Signature => Some(BlockKind::Signature),
            Self::Footer => Some(BlockKind::Disclaimer),
            Self::Data => Some(BlockKind::Code),
        }
    }
}

/// What is known of a body beside its lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Setting {
    /// The mail answers or forwards another one, so that a `>` is a quotation mark.
    pub(super) is_reply: bool,
    /// Nothing of the mail stands before these lines.
    pub(super) is_first: bool,
    /// Each line is a whole block, with no empty lines between them, as those of HTML are.
    pub(super) are_blocks: bool,
}

/// The markers file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkerFile {
    data: DataMarkers,
    quote: QuoteMarkers,
    signature: SignatureMarkers,
    boilerplate: BoilerplateMarkers,
    stub: StubMarkers,
    subject: SubjectMarkers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataMarkers {
    diffstat: String,
    diffstat_row: String,
    diffstat_mode: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteMarkers {
    attribution: Vec<String>,
    dated_attribution: Vec<String>,
    to_the_end: Vec<String>,
    forward_end: Vec<String>,
    header_label: String,
    header_key: String,
    header_sure: String,
    header_date: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureMarkers {
    closing: Vec<String>,
    particulars: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BoilerplateMarkers {
    disclaimer: Vec<String>,
    footer: Vec<String>,
    mention: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StubMarkers {
    plain: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectMarkers {
    inherited: String,
    label: String,
    list_tag: String,
}

/// The compiled markers.
struct Markers {
    diffstat: Regex,
    diffstat_row: Regex,
    diffstat_mode: Regex,
    attribution: RegexSet,
    dated_attribution: RegexSet,
    to_the_end: RegexSet,
    forward_end: RegexSet,
    header_label: Regex,
    header_key: Regex,
    header_sure: Regex,
    header_date: Regex,
    closing: RegexSet,
    particulars: RegexSet,
    disclaimer: RegexSet,
    footer: RegexSet,
    mention: RegexSet,
    stub: RegexSet,
    inherited: Regex,
    subject_label: Regex,
    list_tag: Regex,
}

static MARKERS: LazyLock<Markers> = LazyLock::new(|| {
    let file: MarkerFile =
        toml::from_str(include_str!("../../lexicons/zones.toml")).expect("the built-in markers are tested to parse");
    Markers {
        diffstat: pattern(&file.data.diffstat),
        diffstat_row: pattern(&file.data.diffstat_row),
        diffstat_mode: pattern(&file.data.diffstat_mode),
        attribution: set(&file.quote.attribution),
        dated_attribution: set(&file.quote.dated_attribution),
        to_the_end: set(&file.quote.to_the_end),
        forward_end: set(&file.quote.forward_end),
        header_label: pattern(&file.quote.header_label),
        header_key: pattern(&file.quote.header_key),
        header_sure: pattern(&file.quote.header_sure),
        header_date: pattern(&file.quote.header_date),
        closing: set(&file.signature.closing),
        particulars: set(&file.signature.particulars),
        disclaimer: set(&file.boilerplate.disclaimer),
        footer: set(&file.boilerplate.footer),
        mention: set(&file.boilerplate.mention),
        stub: set(&file.stub.plain),
        inherited: pattern(&file.subject.inherited),
        subject_label: pattern(&file.subject.label),
        list_tag: pattern(&file.subject.list_tag),
    }
});

/// The markers look at bytes: with all of Unicode in each of their gaps they would take a tenth of a second to compile.
/// The space that no line is broken at is blank all the same.
fn blanks(pattern: &str) -> String {
    pattern.replace(r"\s", "(?:\\s|\u{a0})")
}

fn set(patterns: &[String]) -> RegexSet {
    RegexSetBuilder::new(patterns.iter().map(|pattern| blanks(pattern)))
        .unicode(false)
        .case_insensitive(true)
        .build()
        .expect("the built-in markers are tested to compile")
}

fn pattern(pattern: &str) -> Regex {
    RegexBuilder::new(&blanks(pattern))
        .unicode(false)
        .case_insensitive(true)
        .build()
        .expect("the built-in markers are tested to compile")
}

/// Whether a subject was chosen by somebody else: it answers or forwards.
pub(super) fn is_inherited_subject(subject: &str) -> bool {
    MARKERS.inherited.is_match(subject.as_bytes())
}

/// The bytes of a mailing list's tags before the subject proper.
pub(super) fn list_tag_len(subject: &str) -> usize {
    MARKERS.list_tag.find(subject.as_bytes()).map_or(0, |found| found.end())
}

/// Whether a header copied into `body` has this very subject.
pub(super) fn has_subject(body: &str, subject: &str) -> bool {
    body.lines().any(|line| {
        let label = MARKERS.subject_label.find(line.as_bytes());
        label.is_some_and(|label| line[label.end()..].trim().eq_ignore_ascii_case(subject.trim()))
    })
}

/// Whether a plain alternative holds nothing, or only the advice to look at the other one.
pub(super) fn is_stub(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words == 0 || words < 60 && MARKERS.stub.is_match(joined(&mut text.lines()).as_bytes())
}

/// A line longer than this holds no marker, and is not looked at further than this.
const MARKER_LEN: usize = 1200;
/// A copied header holds at most this many lines between two of its labels.
const HEADER_GAP: usize = 3;
/// A copied header is looked at so far; a long list of receivers may stand between its labels.
const HEADER_LINES: usize = 80;
/// Lines of a letter's end at most: name, title, telephone.
const SIGNATURE_LINES: usize = 8;
/// Lines of a signature at most where its delimiter is beyond doubt, that line included.
const DELIMITED_LINES: usize = 40;
/// A line of a signature is no longer than this.
const SIGNATURE_WIDTH: usize = 64;
/// Footers are looked for in the last lines only; a list's footer is rarely longer.
const FOOTER_LINES: usize = 24;

/// A footer's paragraphs have at most so many lines, and in HTML, where each is a line, so many paragraphs stand below its
/// first one.
const FOOTER_PARAGRAPH: usize = 8;
/// The rule above a footer is at least so long; authors draw shorter ones.
const FOOTER_RULE: usize = 20;

/// Says of every line whose it is.
pub(super) fn classify(lines: &[&str], setting: Setting) -> Vec<Zone> {
    let mut body = Body {
        lines: lines.iter().map(|line| clip(line.trim())).collect(),
        zones: vec![Zone::Authored; lines.len()],
        is_prefixed: lines.iter().map(|line| is_prefixed(line, setting)).collect(),
        is_delimiter: lines.iter().map(|line| matches!(*line, "-- " | "- -- ")).collect(),
    };
    body.data();
    body.prefixed(setting);
    body.attributions();
    body.forwards(setting);
    body.delimited_signatures();
    body.disclaimers(setting);
    body.footers(setting);
    body.closings();
    body.zones
}

/// Lines of a header in the body.
#[derive(Clone, Copy, Debug)]
struct HeaderBlock {
    start: usize,
    /// The line of the last label.
    last: usize,
    /// Whether it was copied for certain, and is no memo's own.
    is_sure: bool,
}

/// The state that the passes share. All lists have one entry a line.
struct Body<'a> {
    lines: Vec<&'a str>,
    zones: Vec<Zone>,
    is_prefixed: Vec<bool>,
    /// The two hyphens and the blank that part a signature off, as they should be.
    is_delimiter: Vec<bool>,
}

impl Body<'_> {
    fn is_own(&self, at: usize) -> bool {
        self.zones[at] == Zone::Authored
    }

    fn is_text(&self, at: usize) -> bool {
        self.is_own(at) && !self.lines[at].is_empty()
    }

    fn fill(&mut self, range: std::ops::Range<usize>, zone: Zone) {
        for own in &mut self.zones[range] {
            if *own == Zone::Authored {
                *own = zone;
            }
        }
    }

    /// The next line at or after `from` that is not blank.
    fn next_text(&self, from: usize) -> Option<usize> {
        (from..self.lines.len()).find(|at| !self.lines[*at].is_empty())
    }

    /// PGP armour, uuencoded files, the edges of parts, and the changes of a patch with their sum.
    fn data(&mut self) {
        self.diffstats();
        // Where git ends a patch. Without that nobody knows where the author goes on.
        let is_version = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit()) && line.contains('.');
        let last_version =
            (0..self.lines.len()).rfind(|at| self.lines[*at] == "--" && self.lines.get(at + 1).is_some_and(is_version));
        let last_end = self.lines.iter().rposition(|line| uuencode::is_end(line));
        let mut at = 0;
        while at < self.lines.len() {
            let line = self.lines[at].strip_prefix("- ").unwrap_or(self.lines[at]);
            let end = if line == "-----BEGIN PGP SIGNED MESSAGE-----" {
                (at..self.lines.len()).find(|at| self.lines[*at].is_empty())
            } else if line.starts_with("-----BEGIN ") && line.ends_with("-----") {
                (at..self.lines.len()).find(|at| self.lines[*at].contains("-----END ")).map(|end| end + 1)
            } else if line.starts_with("--") && self.lines[at + 1..].iter().take(2).any(|next| is_part_header(next)) {
                // A boundary that the header does not name, or one that was folded.
                (at..self.lines.len()).find(|at| self.lines[*at].is_empty())
            } else if line.starts_with("diff --git ")
                && let Some(end) = last_version.filter(|end| *end > at)
            {
                Some(end)
            } else if last_end.is_some_and(|end| end > at)
                && uuencode::is_start(line, self.lines.get(at + 1).copied().unwrap_or_default())
            {
                (at..self.lines.len()).find(|at| uuencode::is_end(self.lines[*at])).map(|end| end + 1)
            } else {
                at += 1;
                continue;
            };
            let end = end.unwrap_or(self.lines.len());
            self.fill(at..end, Zone::Data);
            at = end.max(at + 1);
        }
    }

    /// What a patch changes, as git sums it up: rows of files, the line that counts them, and files that come, go or move.
    fn diffstats(&mut self) {
        for at in 0..self.lines.len() {
            if !MARKERS.diffstat.is_match(self.lines[at].as_bytes()) {
                continue;
            }
            let is_row = |line: &&str| MARKERS.diffstat_row.is_match(line.as_bytes());
            let is_mode = |line: &&str| MARKERS.diffstat_mode.is_match(line.as_bytes());
            let start = at - self.lines[..at].iter().rev().take_while(|line| is_row(line)).count();
            let end = at + 1 + self.lines[at + 1..].iter().take_while(|line| is_mode(line)).count();
            self.fill(start..end, Zone::Data);
        }
    }

    /// Lines behind a quotation mark, and the ends of quoted lines that were wrapped without one.
    fn prefixed(&mut self, setting: Setting) {
        let mut at = 0;
        while at < self.lines.len() {
            if !self.is_prefixed[at] || !self.is_own(at) {
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at + 1;
            while end < self.lines.len() {
                if self.is_prefixed[end] {
                    end += 1;
                } else if self.is_wrapped_tail(end) {
                    end += 2;
                } else {
                    break;
                }
            }
            let is_list = !setting.is_reply && self.is_bulleted(start, end);
            self.fill(start..end, if is_list { Zone::Listed } else { Zone::Quoted });
            at = end;
        }
    }

    /// Whether line `at` is the end of the quoted line above it, pushed over the edge by the mark.
    fn is_wrapped_tail(&self, at: usize) -> bool {
        let (above, line) = (self.lines[at - 1], self.lines[at]);
        at + 1 < self.lines.len()
            && self.is_prefixed[at + 1]
            && !line.is_empty()
            && line.len() <= 32
            && above.len() >= 64
            && self.lines[at + 1].trim_start_matches(['>', ' ']).starts_with(char::is_lowercase)
    }

    /// Whether a run of lines that begin with `>` is a list: announced by a colon, no blank or nested line in it.
    fn is_bulleted(&self, start: usize, end: usize) -> bool {
        let Some(above) = (0..start).rev().find(|at| !self.lines[*at].is_empty()) else { return false };
        let lead_in = self.lines[above];
        lead_in.ends_with(':')
            && self.is_own(above)
            && !MARKERS.attribution.is_match(lead_in.as_bytes())
            && !MARKERS.dated_attribution.is_match(lead_in.as_bytes())
            && !MARKERS.to_the_end.is_match(lead_in.as_bytes())
            && (start..end)
                .all(|at| self.lines[at].strip_prefix("> ").is_some_and(|rest| rest.starts_with(char::is_alphanumeric)))
    }

    /// "On .. wrote:" above quoted lines, or dated and above anything.
    fn attributions(&mut self) {
        for at in 0..self.lines.len() {
            if !self.is_text(at) || self.lines[at].len() > 240 {
                continue;
            }
            let ends_lead_in = self.lines[at].ends_with(':') || self.lines[at].ends_with('>');
            let next = self.next_text(at + 1);
            let is_quote_next = next.is_some_and(|next| self.zones[next] == Zone::Quoted && next <= at + 3);
            if !ends_lead_in && !MARKERS.dated_attribution.is_match(self.lines[at].as_bytes()) {
                continue;
            }
            // The longest of one, two or three lines that reads as an attribution.
            for count in (0..3).rev() {
                let Some(start) = at.checked_sub(count) else { continue };
                if !(start..=at).all(|line| self.is_text(line)) {
                    continue;
                }
                let text = joined(&mut self.lines[start..=at].iter().copied());
                let is_dated = MARKERS.dated_attribution.is_match(text.as_bytes());
                // Only a line that begins the sentence may begin the attribution.
                let begins = count == 0
                    || MARKERS.dated_attribution.is_match(text.as_bytes()) && !self.is_dated_from(start + 1, at);
                if begins && is_dated && !is_quote_next && self.lines[at].ends_with(':') && start + 2 >= at {
                    self.fill(start..self.lines.len(), Zone::Quoted);
                    return;
                }
                let is_name = next == Some(at + 1) && count == 0 && text.split(' ').count() <= 4;
                if begins && is_quote_next && (is_dated || is_name || MARKERS.attribution.is_match(text.as_bytes())) {
                    self.fill(start..at + 1, Zone::Quoted);
                    break;
                }
            }
        }
    }

    fn is_dated_from(&self, start: usize, end: usize) -> bool {
        MARKERS.dated_attribution.is_match(joined(&mut self.lines[start..=end].iter().copied()).as_bytes())
    }

    /// Lines below which everything is somebody else's: forwarding lines and copied headers.
    fn forwards(&mut self, setting: Setting) {
        // A memo's own header at the very top is the author's to its last label.
        let first = self.next_text(0).filter(|_| setting.is_first);
        let memo = first.and_then(|first| self.header_block(first)).filter(|header| !header.is_sure);
        let memo = memo.map_or(0..0, |header| header.start..header.last + 1);
        for at in 0..self.lines.len() {
            if !self.is_text(at) {
                continue;
            }
            let start = if MARKERS.to_the_end.is_match(self.lines[at].as_bytes()) || self.is_underscored_header(at) {
                Some(at)
            } else if memo.contains(&at) {
                None
            } else {
                self.header_block(at).map(|header| header.start)
            };
            let Some(start) = start else { continue };
            // A marker above a quotation with marks of its own says nothing of what follows that.
            let next = self.next_text(at + 1);
            if next.is_some_and(|next| self.is_prefixed[next]) {
                self.fill(start..at + 1, Zone::Quoted);
                continue;
            }
            let end = self.forwarded_end(at);
            self.fill(start..end, Zone::Quoted);
            if end == self.lines.len() {
                return;
            }
        }
    }

    /// Some programs also say where the forwarded text ends.
    fn forwarded_end(&self, from: usize) -> usize {
        (from + 1..self.lines.len())
            .find(|at| MARKERS.forward_end.is_match(self.lines[*at].as_bytes()))
            .map_or(self.lines.len(), |at| at + 1)
    }

    /// A rule of underscores right above "From:".
    fn is_underscored_header(&self, at: usize) -> bool {
        let line = self.lines[at];
        line.len() >= 10
            && line.bytes().all(|byte| byte == b'_')
            && self.next_text(at + 1).is_some_and(|next| {
                let next = self.lines[next];
                MARKERS.header_key.is_match(next.as_bytes()) && MARKERS.header_label.is_match(next.as_bytes())
            })
    }

    /// The header whose first label is on line `at`.
    fn header_block(&self, at: usize) -> Option<HeaderBlock> {
        let line = self.lines[at];
        if !line.contains(':') || !MARKERS.header_label.is_match(line.as_bytes()) {
            return None;
        }
        let (mut labels, mut keys, mut gap, mut is_sure, mut last) = (0, 0, 0, false, at);
        for next in at..self.lines.len().min(at + HEADER_LINES) {
            let line = self.lines[next];
            if MARKERS.header_label.is_match(line.as_bytes()) {
                labels += 1;
                keys += usize::from(MARKERS.header_key.is_match(line.as_bytes()));
                is_sure |= MARKERS.header_sure.is_match(line.as_bytes());
                (gap, last) = (0, next);
            } else if gap == HEADER_GAP || labels >= 3 && line.is_empty() {
                break;
            } else if !line.contains(['@', '/', ',']) {
                // Receivers go on over many lines; other text does not.
                gap += 1;
            }
        }
        // Lotus writes the sender's name and the time above "To:".
        let stamp = (at.saturating_sub(4)..at).find(|line| MARKERS.header_date.is_match(self.lines[*line].as_bytes()));
        if stamp.is_some() {
            labels += 1;
            is_sure = true;
        }
        if labels < 3 || keys == 0 || last == at {
            return None;
        }
        let start = stamp.map_or(at, |stamp| {
            let above = stamp.saturating_sub(1);
            let is_bare = self.lines[stamp].starts_with(|c: char| c.is_ascii_digit());
            if is_bare && stamp > 0 && self.is_text(above) && self.lines[above].len() <= SIGNATURE_WIDTH {
                above
            } else {
                stamp
            }
        });
        Some(HeaderBlock { start, last, is_sure })
    }

    /// Everything below `-- ` up to what is quoted. Below hyphens without their blank, or a dash, which also stand between
    /// two sections, only what looks like a signature, or is as short below a letter's end with a name.
    fn delimited_signatures(&mut self) {
        let mut end = 0;
        for at in 0..self.lines.len() {
            if !self.is_own(at) || !matches!(self.lines[at], "--" | "- --" | "\u{2014}") {
                continue;
            }
            if end <= at {
                end = (at..self.lines.len()).find(|next| !self.is_own(*next)).unwrap_or(self.lines.len());
            }
            let mut below = self.lines[at + 1..end].iter().filter(|line| !line.is_empty());
            let is_signature = if self.is_delimiter[at] {
                end - at <= DELIMITED_LINES
            } else {
                let is_closed = self.is_closed_above(at);
                below.by_ref().take(SIGNATURE_LINES).all(|line| is_closed || is_signature_line(line))
                    && below.next().is_none()
            };
            // A dash between two sections is not followed by the end of the mail.
            let is_last = end == self.lines.len() || self.zones[end] != Zone::Data;
            if is_last && is_signature {
                self.fill(at..end, Zone::Signature);
            }
        }
    }

    /// Whether a closing line and a name stand right above line `at`.
    fn is_closed_above(&self, at: usize) -> bool {
        let mut above = self.lines[at.saturating_sub(4)..at].iter().rev().filter(|line| !line.is_empty());
        above.next().is_some_and(|name| is_signature_line(name))
            && above.next().is_some_and(|line| MARKERS.closing.is_match(line.as_bytes()))
    }

    /// The runs of the author's own lines between blank ones.
    fn paragraphs(&self, setting: Setting) -> Vec<std::ops::Range<usize>> {
        let mut paragraphs = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            if !self.is_text(at) {
                at += 1;
                continue;
            }
            let start = at;
            at += 1;
            while !setting.are_blocks && at < self.lines.len() && self.is_text(at) {
                at += 1;
            }
            paragraphs.push(start..at);
        }
        paragraphs
    }

    /// Legal notices: a paragraph that speaks of itself as a message and of who may read it.
    fn disclaimers(&mut self, setting: Setting) {
        for paragraph in self.paragraphs(setting) {
            let text = joined(&mut self.lines[paragraph.clone()].iter().copied());
            let matches = MARKERS.disclaimer.matches(text.as_bytes());
            if matches.matched(0) && matches.iter().count() >= 3 {
                // What the notice begins below other lines of its paragraph leaves those alone.
                let start =
                    paragraph.clone().find(|at| MARKERS.disclaimer.matches(self.lines[*at].as_bytes()).matched(0));
                let start = start.filter(|start| paragraph.end - start >= 2).unwrap_or(paragraph.start);
                self.fill(start..paragraph.end, Zone::Footer);
            }
        }
    }

    /// Footers of lists and providers in the last lines, with the rule above them.
    fn footers(&mut self, setting: Setting) {
        let mut budget = FOOTER_LINES;
        let Some(start) = (0..self.lines.len()).rev().find(|at| {
            budget -= usize::from(self.is_text(*at));
            budget == 0 || *at == 0
        }) else {
            return;
        };
        let paragraphs = self.paragraphs(setting);
        let last = paragraphs.last().map_or(self.lines.len(), |paragraph| paragraph.start);
        let is_footer = |at: usize| {
            let line = self.lines[at].as_bytes();
            MARKERS.footer.is_match(line)
                || (at >= last || self.rule_above(at, setting).is_some()) && MARKERS.mention.is_match(line)
        };
        let Some(first) = (start..self.lines.len())
            .find(|at| (self.is_text(*at) || self.zones[*at] == Zone::Signature) && is_footer(*at))
        else {
            return;
        };
        // A footer at the head of much text is a mention in it.
        let below = paragraphs.iter().filter(|paragraph| paragraph.start > first).map(ExactSizeIterator::len);
        let longest = if setting.are_blocks { below.sum() } else { below.max().unwrap_or(0) };
        if longest > FOOTER_PARAGRAPH {
            return;
        }
        let first = self.rule_above(first, setting).unwrap_or(first);
        self.fill(first..self.lines.len(), Zone::Footer);
    }

    /// The rule that a line stands below: a few lines up, with empty ones right below the rule at most.
    fn rule_above(&self, at: usize, setting: Setting) -> Option<usize> {
        let above = if setting.are_blocks { 1 } else { 4 };
        let mut has_gap = false;
        for rule in (at.saturating_sub(above)..at).rev() {
            let line = self.lines[rule];
            if line.chars().count() >= FOOTER_RULE && is_rule(line) && !self.is_underline(rule) {
                return Some(rule);
            }
            if has_gap && !line.is_empty() {
                return None;
            }
            has_gap |= line.is_empty();
        }
        None
    }

    /// Whether a rule is as long as the line above it, which it makes a heading.
    fn is_underline(&self, rule: usize) -> bool {
        rule.checked_sub(1).is_some_and(|above| {
            let above = self.lines[above];
            !above.is_empty() && above.chars().count().abs_diff(self.lines[rule].chars().count()) <= 1
        })
    }

    /// Letter ends without a delimiter: a closing line and what is short below it, or a last paragraph of particulars.
    fn closings(&mut self) {
        let mut end = self.lines.len();
        while end > 0 {
            // The author's run that ends here, its blank lines included.
            let start = (0..end).rev().find(|at| !self.is_own(*at)).map_or(0, |at| at + 1);
            if start < end {
                let followed = self.zones.get(end).copied();
                // Between quoted lines a short answer looks like a name.
                let is_tail = end == self.lines.len() || followed != Some(Zone::Quoted) || !self.is_prefixed[end];
                if is_tail {
                    self.closing(start, end);
                }
            }
            end = start.saturating_sub(1);
        }
    }

    fn closing(&mut self, start: usize, end: usize) {
        let tail: Vec<usize> = (start..end).rev().filter(|at| self.is_text(*at)).take(SIGNATURE_LINES + 1).collect();
        let mut has_particulars = false;
        for (below, at) in tail.iter().copied().enumerate() {
            let line = self.lines[at];
            if line.len() <= SIGNATURE_WIDTH && MARKERS.closing.is_match(line.as_bytes()) {
                // What begins a mail does not close it, and thanks at the very end are meant.
                let is_followed = below > 0 || line.ends_with(',') || self.zones.get(end) == Some(&Zone::Signature);
                if is_followed && (start..at).any(|above| self.is_text(above)) {
                    self.fill(at..end, Zone::Signature);
                }
                return;
            }
            has_particulars |= MARKERS.particulars.is_match(line.as_bytes());
            if !is_signature_line(line) {
                break;
            }
        }
        // Without a closing line only the last paragraph, and only if it tells how to reach the sender.
        let Some(last) = tail.first().copied() else { return };
        let head = (start..=last).rev().take_while(|at| self.is_text(*at)).last().unwrap_or(last);
        let paragraph = head..last + 1;
        let count = paragraph.len();
        if has_particulars
            && (start..head).any(|above| self.is_text(above))
            && (2..=SIGNATURE_LINES).contains(&count)
            && paragraph.clone().all(|at| {
                let line = self.lines[at];
                // Many draw a dash before their name.
                is_signature_line(if at == head { line.trim_start_matches(['-', ' ']) } else { line })
            })
            && paragraph.clone().any(|at| MARKERS.particulars.is_match(self.lines[at].as_bytes()))
        {
            self.fill(paragraph, Zone::Signature);
        }
    }
}

/// Whether a line may be part of a signature: short, no sentence, and neither the head of a list nor an item of one.
fn is_signature_line(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let is_sentence = line.ends_with(':') || line.ends_with(['.', '?', '!', ';']) && words >= 5;
    let is_item = line.starts_with(['-', '*', '\u{2022}']) || is_numbered(line);
    line.len() <= SIGNATURE_WIDTH + 16 && !is_sentence && words <= 12 && !is_item
}

/// Whether a line begins with a number or a letter that marks an item: "2.", "(2)", "b)". A capital with a full stop is an
/// initial.
fn is_numbered(line: &str) -> bool {
    let Some((mark, _)) = line.split_once([' ', '\t']) else { return false };
    let body = mark.trim_start_matches('(');
    let number = body.trim_end_matches(['.', ')']);
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = matches!(number.as_bytes(), [letter] if letter.is_ascii_lowercase())
        || matches!(number.as_bytes(), [letter] if letter.is_ascii_uppercase() && body.ends_with(')'));
    body.len() > number.len() && (is_number || is_letter)
}

fn is_rule(line: &str) -> bool {
    line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '~' | '+' | '>' | ' '))
}

fn is_part_header(line: &str) -> bool {
    line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("content-")) && line.contains(':')
}

/// Whether a raw line stands behind a quotation mark: `>`, initials and `>`, or a bar that draws no table.
fn is_prefixed(line: &str, setting: Setting) -> bool {
    let body = line.trim_start();
    if line.len() - body.len() > 8 {
        return false;
    }
    let initials = body.bytes().take_while(u8::is_ascii_alphabetic).count();
    let after = &body[initials..];
    if let Some(rest) = after.strip_prefix('>') {
        // Some programs put the quoted person's initials or name before the mark.
        let is_initials = initials <= 3 && body[..initials].bytes().all(|byte| byte.is_ascii_uppercase());
        let is_name = setting.is_reply && initials <= 12 && rest.starts_with(' ');
        return initials == 0 || (is_initials || is_name) && rest.starts_with([' ', '>']);
    }
    initials == 0
        && after.strip_prefix('|').is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([' ', '>']) && !rest.contains(" |") && !rest.contains('+')
        })
}

/// The first bytes of an overlong line.
fn clip(line: &str) -> &str {
    let mut end = line.len().min(MARKER_LEN);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

fn joined(lines: &mut dyn Iterator<Item = &str>) -> String {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line.trim());
        if text.len() > 4 * MARKER_LEN {
            break;
        }
    }
    text
}
