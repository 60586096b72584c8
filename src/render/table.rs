//! The table for people: a bar for each document, its share and how sure that is, its counts; groups; the total; what
//! was not scored and why.

use super::terminal::{Style, cut, label_style, marked, stance_style, visible, width, wrap};
use super::{Layout, documents, interval, not_scored, percent};
use crate::document::Location;
use crate::label::Label;
use crate::report::{Counts, DocumentReport, Lean, Per100, ScanReport, SentenceReport, Share, Status};
use crate::span::Span;
use std::io::{self, Write};

/// Columns between two columns.
const GAP: &str = "  ";

/// Width of the name of a note below the table.
const NOTE: usize = "not scored".len();

/// Narrowest column for names.
const MIN_NAME: usize = 12;

/// Width from which there is room for bars.
const MEDIUM: usize = 74;

/// Width from which there is room for longer bars.
const WIDE: usize = 100;

/// Width from which there is room for whole words above the counts.
const VERY_WIDE: usize = 130;

/// The characters that a table is drawn with.
struct Glyphs {
    full: &'static str,
    /// The right half of a cell, for the end of a bar that grows to the left.
    half_left: &'static str,
    half_right: &'static str,
    axis: &'static str,
    dash: &'static str,
    ellipsis: &'static str,
    rule: &'static str,
}

const UNICODE: Glyphs =
    Glyphs { full: "█", half_left: "▐", half_right: "▌", axis: "│", dash: "–", ellipsis: "…", rule: "─" };
const ASCII: Glyphs =
    Glyphs { full: "#", half_left: ":", half_right: ":", axis: "|", dash: "-", ellipsis: "...", rule: "-" };

/// The folder that the paths of all documents begin with, with its slash; empty where one has no path.
fn common_folder(documents: &[DocumentReport]) -> &str {
    let mut paths = documents.iter().map(|document| document.path.as_deref().unwrap_or_default());
    let first = paths.next().unwrap_or_default();
    let end = paths.fold(first.len(), |end, path| {
        let same = first.bytes().zip(path.bytes()).take(end).take_while(|(a, b)| a == b);
        same.count()
    });
    first.as_bytes()[..end].iter().rposition(|byte| *byte == b'/').map_or("", |slash| &first[..=slash])
}

/// A line of the table, before it is laid out.
struct Row {
    /// `None` where a bar would say more than is known.
    per_100: Option<Per100>,
    share: Option<Share>,
    counts: Counts,
    /// The lean, or the status of what has no verdict.
    word: &'static str,
    style: Style,
    name: String,
    /// How many documents a sum is over; never cut.
    suffix: String,
    name_style: Style,
}

/// Widths that depend on the report.
struct Columns {
    /// Cells of a bar on each side; 0 where there is no room for bars.
    bar: usize,
    interval: usize,
    /// Headings and widths of the counts.
    heads: [&'static str; 4],
    counts: [usize; 4],
    count_gap: &'static str,
    word: usize,
    name: usize,
}

/// Everything that rows are drawn with.
struct Table {
    layout: Layout,
    glyphs: &'static Glyphs,
    columns: Columns,
}

pub(super) fn render(report: &ScanReport, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Row> = report.documents.iter().map(document_row).collect();
    let groups: Vec<Row> = report
        .groups
        .iter()
        .map(|group| Row {
            per_100: Some(group.per_100),
            share: group.share,
            counts: group.counts,
            word: group.lean.name(),
            style: lean_style(group.lean),
            name: visible(&group.group).into_owned(),
            suffix: format!(" ({})", group.documents),
            name_style: Style::Plain,
        })
        .collect();
    let total = Row {
        per_100: Some(report.total.per_100),
        share: report.total.share,
        counts: report.total.counts,
        word: report.total.lean.name(),
        style: lean_style(report.total.lean),
        name: "total".to_owned(),
        suffix: format!(" ({})", report.total.documents),
        name_style: Style::Bold,
    };
    let mut rows = rows;
    let table = Table::new(layout, rows.iter().chain(&groups).chain([&total]));
    if !rows.is_empty() {
        table.head(&table.shorten(&mut rows, &report.documents), out)?;
        let mut is_after_sentences = false;
        for (row, document) in rows.iter().zip(&report.documents) {
            if is_after_sentences {
                writeln!(out)?;
            }
            table.row(row, out)?;
            is_after_sentences = table.sentences(document, out)?;
        }
        if !groups.is_empty() {
            writeln!(out)?;
            table.head("group (documents)", out)?;
            for row in &groups {
                table.row(row, out)?;
            }
        }
        table.rule(out)?;
    }
    table.row(&total, out)?;
    let not_scored = not_scored(report);
    if !not_scored.is_empty() {
        table.note("not scored", &not_scored, out)?;
    }
    if !report.failures.is_empty() {
        table.note("not read", &documents(report.failures.len() as u64), out)?;
    }
    Ok(())
}

fn document_row(document: &DocumentReport) -> Row {
    let (word, style) = match document.status {
        Status::Scored => (document.lean.name(), lean_style(document.lean)),
        Status::TooLittleEvidence => ("too little", Style::Dim),
        Status::NoText => ("no text", Style::Dim),
        Status::NotEnglish => ("not English", Style::Dim),
        Status::NotLeadership => ("other kind", Style::Dim),
    };
    Row {
        per_100: (document.status == Status::Scored).then_some(document.per_100),
        share: document.share,
        counts: document.counts,
        word,
        style,
        name: visible(&document.id.to_string()).into_owned(),
        suffix: String::new(),
        name_style: Style::Plain,
    }
}

const fn lean_style(lean: Lean) -> Style {
    match lean {
        Lean::Directive => Style::Directive,
        Lean::Empowering => Style::Empowering,
        Lean::Balanced => Style::Plain,
        Lean::Unclear => Style::Dim,
    }
}

const fn counts(counts: &Counts) -> [u64; 4] {
    [counts.directive, counts.empowering, counts.mixed, counts.neutral]
}

impl Table {
    fn new<'a>(layout: Layout, rows: impl Iterator<Item = &'a Row>) -> Self {
        let glyphs = if layout.has_unicode { &UNICODE } else { &ASCII };
        let bar = match layout.width {
            WIDE.. => 10,
            MEDIUM.. => 6,
            _ => 0,
        };
        let heads = if layout.width >= VERY_WIDE {
            ["directive", "empowering", "mixed", "neutral"]
        } else {
            ["D", "E", "M", "N"]
        };
        let mut columns = Columns {
            bar,
            interval: width("10–100%"),
            heads,
            counts: heads.map(str::len),
            count_gap: if layout.width >= WIDE { GAP } else { " " },
            word: "lean".len(),
            name: 0,
        };
        for row in rows {
            columns.word = columns.word.max(width(row.word));
            for (widest, count) in columns.counts.iter_mut().zip(counts(&row.counts)) {
                *widest = (*widest).max(count.to_string().len());
            }
        }
        let counts = columns.counts.iter().map(|widest| columns.count_gap.len() + widest).sum::<usize>();
        let used = "share".len() + 1 + columns.interval + 1 + counts + GAP.len() + columns.word;
        let used = used + if bar > 0 { 2 * bar + 1 + GAP.len() } else { 0 };
        columns.name = layout.width.saturating_sub(used + GAP.len()).max(MIN_NAME);
        Self { layout, glyphs, columns }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        style.paint(text, self.layout.has_color)
    }

    /// Takes the folder that all documents are in from their names, where there is not room for all of these, and says
    /// what then stands above them.
    fn shorten(&self, rows: &mut [Row], documents: &[DocumentReport]) -> String {
        let is_wide = rows.iter().all(|row| width(&row.name) <= self.columns.name);
        let folder = if is_wide { "" } else { common_folder(documents) };
        if folder.is_empty() {
            return "document".to_owned();
        }
        for row in rows {
            // A name that had to be escaped stays as it is.
            row.name = row.name.strip_prefix(folder).map_or_else(|| row.name.clone(), str::to_owned);
        }
        let room = self.columns.name.saturating_sub("document in ".len());
        format!("document in {}", cut(&visible(folder.trim_end_matches('/')), room, self.glyphs.ellipsis))
    }

    fn head(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        let Columns { bar, interval, heads, counts, count_gap, word, .. } = self.columns;
        let (left, right) = if bar >= "empowering".len() { ("directive", "empowering") } else { ("D", "E") };
        let axis = self.glyphs.axis;
        let mut line = if bar > 0 { format!("{left:>bar$}{axis}{right:<bar$}{GAP}") } else { String::new() };
        line += &format!("share {:>interval$} ", "range");
        for (head, width) in heads.into_iter().zip(counts) {
            line += &format!("{count_gap}{head:>width$}");
        }
        let name = cut(name, self.columns.name, self.glyphs.ellipsis);
        line += &format!("{GAP}{:<word$}{GAP}{name}", "lean");
        writeln!(out, "{}", self.paint(Style::Dim, &line))
    }

    fn row(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let Columns { interval: interval_width, counts: count_widths, count_gap, word, name, .. } = self.columns;
        if self.columns.bar > 0 {
            write!(out, "{}{GAP}", self.bar(row.per_100.unwrap_or_default()))?;
        }
        let share = row.share.map_or_else(|| "-".to_owned(), |share| percent(share.empowering));
        let range = row.share.map(|share| interval(share, self.glyphs.dash)).unwrap_or_default();
        write!(out, "{share:>5} {} ", self.paint(Style::Dim, &format!("{range:>interval_width$}")))?;
        for (count, width) in counts(&row.counts).into_iter().zip(count_widths) {
            write!(out, "{count_gap}{count:>width$}")?;
        }
        let shown = cut(&row.name, name.saturating_sub(width(&row.suffix)), self.glyphs.ellipsis);
        let shown = self.paint(row.name_style, &format!("{shown}{}", row.suffix));
        writeln!(out, "{GAP}{}{GAP}{shown}", self.paint(row.style, &format!("{:<word$}", row.word)))
    }

    /// Sentences in a hundred, directive ones growing to the left and empowering ones to the right; a full side is 100.
    fn bar(&self, per_100: Per100) -> String {
        let cells = self.columns.bar;
        let left = self.side(per_100.directive, self.glyphs.half_left);
        let right = self.side(per_100.empowering, self.glyphs.half_right);
        let mirrored: String = left.chars().rev().collect();
        let pad = |drawn: &str| " ".repeat(cells.saturating_sub(width(drawn)));
        format!(
            "{}{}{}{}{}",
            pad(&left),
            self.paint(Style::Directive, &mirrored),
            self.paint(Style::Dim, self.glyphs.axis),
            self.paint(Style::Empowering, &right),
            pad(&right),
        )
    }

    /// One side of a bar from the axis outwards, in half cells; what is there at all is seen.
    fn side(&self, per_100: f64, half: &str) -> String {
        let halves = (per_100 * 0.02 * self.columns.bar as f64).round() as usize;
        let halves = if per_100 > 0.0 { halves.max(1) } else { 0 };
        let mut drawn = self.glyphs.full.repeat(halves >> 1);
        if halves & 1 == 1 {
            drawn.push_str(half);
        }
        drawn
    }

    fn rule(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.paint(Style::Dim, &self.glyphs.rule.repeat(self.layout.width)))
    }

    fn note(&self, name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let indent = NOTE + GAP.len();
        let mut name = self.paint(Style::Dim, &format!("{name:<NOTE$}"));
        for line in wrap(text, self.layout.width.saturating_sub(indent)) {
            writeln!(out, "{name}{GAP}{}", &text[line])?;
            name = " ".repeat(NOTE);
        }
        Ok(())
    }

    /// Writes the sentences of a document that take a side, and says whether there were any.
    fn sentences(&self, document: &DocumentReport, out: &mut dyn Write) -> io::Result<bool> {
        let Some(sentences) = &document.sentences else { return Ok(false) };
        let mut shown = sentences.iter().filter(|sentence| sentence.label != Label::Neutral).peekable();
        if shown.peek().is_none() {
            return Ok(false);
        }
        for sentence in shown {
            self.sentence(sentence, out)?;
        }
        Ok(true)
    }

    fn sentence(&self, sentence: &SentenceReport, out: &mut dyn Write) -> io::Result<()> {
        let place = match sentence.location {
            // The column has room for eight characters.
            Location::Paragraph { paragraph } => format!("par. {paragraph}"),
            location @ (Location::Line { .. } | Location::Page { .. }) => location.to_string(),
        };
        let label = self.paint(label_style(sentence.label), &format!("{:<10}", sentence.label.name()));
        let confidence = self.paint(Style::Dim, &format!("{:>4}", percent(sentence.confidence)));
        write!(out, "  {place:>8}{GAP}{label}{GAP}{confidence}{GAP}")?;
        let indent = 2 + 8 + 10 + 4 + 3 * GAP.len();
        let room = self.layout.width.saturating_sub(indent).max(2 * MIN_NAME);
        let found: Vec<Span> = sentence.evidence.iter().map(|evidence| evidence.at).collect();
        for (number, line) in wrap(&sentence.text, room).into_iter().enumerate() {
            if number > 0 {
                write!(out, "{:indent$}", "")?;
            }
            writeln!(
                out,
                "{}",
                marked(&sentence.text, Span::new(line.start, line.end), &found, self.layout.has_color)
            )?;
        }
        let indent = if self.columns.bar > 0 { indent } else { 2 + 8 + GAP.len() };
        for evidence in &sentence.evidence {
            let used = indent + width(&evidence.entry) + " \"\"".len();
            let room = self.layout.width.saturating_sub(used).clamp(MIN_NAME, room >> 1);
            let words = visible(evidence.at.of(&sentence.text)).into_owned();
            let entry = self.paint(stance_style(evidence.stance), &evidence.entry);
            let words = self.paint(Style::Dim, &format!("\"{}\"", cut(&words, room, self.glyphs.ellipsis)));
            writeln!(out, "{:indent$}{entry} {words}", "")?;
        }
        Ok(())
    }
}
