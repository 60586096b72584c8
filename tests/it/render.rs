//! Every output over one report, byte for byte; what is hostile in it acts on nothing.
//!
//! The expected bytes stand in `tests/it/render/`. `LEADTONE_BLESS=1 cargo test` writes them anew, to be read in the
//! diff.

use leadtone::config::{Limits, Profile};
use leadtone::document::Location;
use leadtone::extract::Format;
use leadtone::gate::{judge, sum};
use leadtone::label::{Label, Stance};
use leadtone::render::{CheckFormat, Layout, OutputFormat, document_line, render, render_check, visible};
use leadtone::report::{
    DocumentId, DocumentReport, EvidenceReport, Failure, Finding, Kind, Lean, LexiconId, Reason, Rewrite, SCHEMA,
    ScanReport, SentenceReport, Status, Suppressed,
};
use leadtone::scan::{self, Grouping};
use leadtone::score::{self, Tally};
use leadtone::span::Span;
use std::path::Path;
use std::{env, fs};

/// A document whose numbers follow from its counts.
pub(super) fn document(
    path: &str,
    status: Status,
    [directive, empowering, mixed, neutral]: [u64; 4],
) -> DocumentReport {
    let mut tally = Tally::default();
    let labels = [(Label::Directive, directive), (Label::Empowering, empowering), (Label::Mixed, mixed)];
    for (label, n) in labels.into_iter().chain([(Label::Neutral, neutral)]) {
        (0..n).for_each(|_| tally.add_label(label, 934));
    }
    let counts = tally.counts;
    let is_scored = status == Status::Scored;
    let share = score::share(&counts, &tally.doubts).filter(|_| is_scored);
    DocumentReport {
        schema: SCHEMA,
        id: DocumentId::Text(path.to_owned()),
        path: Some(path.to_owned()),
        format: Format::Markdown,
        language: Some("en".to_owned()),
        status,
        counts,
        ratio: score::ratio(&counts).filter(|_| is_scored),
        share,
        lean: if is_scored { score::lean(share) } else { Lean::Unclear },
        per_100: tally.per_100(),
        principles: [("gatekeeping".to_owned(), directive), ("autonomy".to_owned(), empowering)].into(),
        sentences: None,
        findings: None,
        outcome: None,
        suppressed: Vec::new(),
        pragmas: Vec::new(),
        sender: None,
        skipped: Vec::new(),
        warnings: Vec::new(),
        is_unread: false,
        fields: serde_json::Map::new(),
        lexicon: LexiconId {
            name: "leadtone".into(),
            version: "1".into(),
            hash: "0123456789abcdef".into(),
            disabled: Vec::new(),
        },
        doubts: tally.doubts,
    }
}

fn sentence(location: Location, label: Label, text: &str, evidence: &[(&str, Stance, &str)]) -> SentenceReport {
    let evidence = evidence.iter().map(|(entry, stance, words)| {
        let start = text.find(words).expect("the words are in the sentence");
        let at = Span::new(start, start + words.len());
        EvidenceReport { entry: (*entry).to_owned(), stance: *stance, weight: 2.1, span: at, at }
    });
    SentenceReport {
        location,
        span: Span::new(0, text.len()),
        end: None,
        label,
        confidence: 0.934,
        text: text.to_owned(),
        evidence: evidence.collect(),
    }
}

fn report() -> ScanReport {
    let mut q3 = document("memos/q3.md", Status::Scored, [12, 5, 1, 23]);
    q3.sentences = Some(vec![
        sentence(
            Location::Line { line: 7, column: 3 },
            Label::Directive,
            "Run every quote by me first, whatever its size, and do not send anything to a customer before I have \
             seen the figures.",
            &[
                ("gatekeeping.run-by-me", Stance::Directive, "Run every quote by me first"),
                ("command.prohibition", Stance::Directive, "do not send"),
            ],
        ),
        sentence(Location::Line { line: 8, column: 1 }, Label::Neutral, "The office opens at nine.", &[]),
        sentence(
            Location::Line { line: 120, column: 14 },
            Label::Mixed,
            "Choose the tool that suits you, but clear the budget with me.",
            &[
                ("autonomy.choose", Stance::Empowering, "Choose"),
                ("gatekeeping.clear-with", Stance::Directive, "clear the budget with me"),
            ],
        ),
    ]);
    let mut hostile = document("=cmd|'/c calc'!A1 \x1b[31m<b>*x*</b>\u{202e}.txt", Status::Scored, [0, 30, 2, 9]);
    hostile.format = Format::Text;
    let documents = vec![
        q3,
        document(
            "handbooks/people/onboarding/first-week/what-to-expect-from-your-lead.md",
            Status::Scored,
            [3, 41, 0, 60],
        ),
        document("handbooks/security/policy.md", Status::Scored, [240, 12, 3, 1105]),
        document("memos/all-hands.md", Status::Scored, [20, 20, 0, 3]),
        document("memos/note.md", Status::TooLittleEvidence, [1, 0, 0, 1]),
        document("memos/Straße/日本語.md", Status::NotEnglish, [0, 0, 0, 12]),
        document("src/empty.md", Status::NoText, [0, 0, 0, 0]),
        document("src/main.md", Status::NotLeadership, [4, 0, 0, 300]),
        hostile,
    ];
    let failures =
        vec![Failure { path: "memos/broken|.docx".into(), reason: "not a readable docx file: no text".into() }];
    scan::assemble(documents, failures, Some(&Grouping::Folder), 1)
}

/// A check of the same documents: two findings, and every word that the gate has.
pub(super) fn checked() -> ScanReport {
    let mut report = report();
    let limits = Limits {
        min_empowering: Some(0.2),
        max_empowering: Some(0.9),
        max_per_100: Some(30.0),
        max_directive: Some(20),
        principles: [("gatekeeping".to_owned(), 11)].into(),
        ..Limits::default()
    };
    let profile = Profile { name: "hand\x1b[31mbook".to_owned(), limits, ..Profile::of_kind(Kind::Policy) };
    for document in &mut report.documents {
        if document.path.as_deref() == Some("memos/all-hands.md") {
            let place = Location::Line { line: 9, column: 1 };
            let said = [("gatekeeping.run-by-me", Stance::Directive, "Run it by me")];
            document.suppressed.push(Suppressed {
                finding: finding(sentence(place, Label::Directive, "Run it by me \x1b[31mfirst.", &said)),
                reason: "the law \x1b[31msays so".to_owned(),
                by: "memos/all-hands.md:8:1".to_owned(),
            });
        }
        document.outcome = Some(judge(document, &profile));
        let sentences = document.sentences.take().unwrap_or_default();
        let is_shown = |sentence: &SentenceReport| sentence.label != Label::Neutral;
        document.findings = Some(sentences.into_iter().filter(is_shown).map(finding).collect());
    }
    report.gate = Some(sum(&report.documents));
    report
}

fn finding(sentence: SentenceReport) -> Finding {
    let reasons = sentence.evidence.iter().map(|found| Reason {
        entry: found.entry.clone(),
        principle: found.entry.split('.').next().unwrap_or_default().to_owned(),
        stance: found.stance,
        words: found.at.of(&sentence.text).to_owned(),
        note: "A person has to be asked before others act.".to_owned(),
        about: "People may act only after somebody has agreed.".to_owned(),
        source: "An article on leading from behind: a long section about who decides, and a note below it".to_owned(),
    });
    let instead = sentence.evidence.iter().filter(|found| found.stance == Stance::Directive).map(|found| Rewrite {
        entry: found.entry.clone(),
        words: found.at.of(&sentence.text).to_owned(),
        text: "Say what matters to you about it, and let them judge when to involve you.".to_owned(),
    });
    Finding { reasons: reasons.collect(), instead: instead.collect(), sentence }
}

#[test]
fn every_output_of_a_check_is_what_it_was() {
    let report = checked();
    let check = |format: CheckFormat, layout: Layout| {
        let mut bytes = Vec::new();
        render_check(&report, format, layout, &mut bytes).expect("memory takes every byte");
        String::from_utf8(bytes).expect("every output is UTF-8")
    };
    for format in CheckFormat::ALL {
        let found = check(format, Layout::default());
        assert_inert(format.name(), &found);
        assert_golden(&format!("check.{}", format.name()), &found);
    }
    for width in [20, 40, 72, 200] {
        for has_unicode in [true, false] {
            let found = check(CheckFormat::Text, Layout { width, has_color: false, has_unicode });
            assert!(!found.contains("\n\n\n"), "at {width} columns");
            assert!(has_unicode || !found.contains('–'), "more than ASCII at {width} columns");
            // What stands at the margin names a document or sums up, and is not wrapped.
            for line in found.lines().filter(|line| line.starts_with(' ')) {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{columns} columns of {width}: {line}");
            }
        }
    }
}

fn rendered(format: OutputFormat, layout: Layout) -> String {
    let mut bytes = Vec::new();
    render(&report(), format, layout, &mut bytes).expect("memory takes every byte");
    String::from_utf8(bytes).expect("every output is UTF-8")
}

fn assert_golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/render").join(name);
    if env::var_os("LEADTONE_BLESS").is_some() {
        fs::write(&path, found).expect("the expected output is writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name} differs; found:\n{found}");
}

#[test]
fn every_output_is_as_expected() {
    for format in OutputFormat::ALL {
        assert_golden(&format!("report.{}", format.name()), &rendered(format, Layout::default()));
    }
}

#[test]
fn tables_fit_the_terminal() {
    for (name, layout) in [
        ("narrow.table", Layout { width: 80, has_color: false, has_unicode: true }),
        ("slim.table", Layout { width: 60, has_color: false, has_unicode: true }),
        ("ascii.table", Layout { width: 80, has_color: false, has_unicode: false }),
        ("wide.table", Layout { width: 200, has_color: false, has_unicode: true }),
        ("color.table", Layout { width: 120, has_color: true, has_unicode: true }),
    ] {
        let found = rendered(OutputFormat::Table, layout);
        assert_golden(name, &found);
        if !layout.has_color {
            for line in found.lines() {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(width <= layout.width, "{name}: {width} columns: {line}");
            }
        }
        assert!(layout.has_unicode || !found.contains('█'), "{name} holds more than ASCII");
    }
}

/// Holds that nothing in an output acts on a terminal; line ends are its own.
fn assert_inert(name: &str, found: &str) {
    let found = found.replace("\r\n", "").replace('\n', "");
    assert_eq!(visible(&found), found, "{name}");
}

#[test]
fn nothing_that_acts_on_a_terminal_reaches_one() {
    for format in OutputFormat::ALL {
        assert_inert(format.name(), &rendered(format, Layout::default()));
    }
}

#[test]
fn json_reads_back_as_the_report() {
    let found = rendered(OutputFormat::Json, Layout::default());
    let back: ScanReport = serde_json::from_str(&found).expect("the JSON is a report");
    assert_eq!(serde_json::to_value(&back).unwrap(), serde_json::to_value(report()).unwrap());
    assert_eq!((back.documents.len(), back.failures.len(), back.total.documents), (9, 1, 9));
}

#[test]
fn csv_has_as_many_cells_in_every_row() {
    let found = rendered(OutputFormat::Csv, Layout::default());
    let mut reader = csv::Reader::from_reader(found.as_bytes());
    let columns = reader.headers().unwrap().len();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows are even");
    assert!(rows.iter().all(|row| row.len() == columns));
    assert_eq!(rows.iter().filter(|row| &row[0] == "document").count(), 9);
    let at = reader.headers().unwrap().iter().position(|column| column == "documents").expect("groups have a size");
    let sizes = rows.iter().filter(|row| &row[0] == "group").map(|row| row[at].parse::<u64>().expect("a number"));
    assert_eq!(sizes.sum::<u64>(), 9, "each document is in one group");
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with('=')), "no cell runs");
}

#[test]
fn a_number_stays_a_number_as_an_id() {
    let mut document = document("x", Status::NoText, [0, 0, 0, 0]);
    document.id = DocumentId::Number(7.into());
    let mut line = Vec::new();
    document_line(&document, &mut line).expect("memory takes every byte");
    assert!(String::from_utf8(line).unwrap().starts_with(r#"{"schema":1,"id":7,"#));
}
