//! What the fuzz targets do with their bytes, and what must hold of the result whatever they are.
//!
//! A panic that the library catches and reports as its own fault is a finding here.

use leadtone::config::{ConfigFile, Profiles};
use leadtone::document::Document;
use leadtone::extract::{ExtractError, ExtractOptions, Extracted, Format, PieceSizes, TextPieces, extract};
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::render::{Layout, OutputFormat, document_line, render};
use leadtone::report::{DocumentId, DocumentReport};
use leadtone::scan::{self, Naming};
use leadtone::score::Judge;
use leadtone::span::Span;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::builtin);

/// Reads `bytes` as `format` and checks what comes of it.
pub fn read(bytes: &[u8], format: Format) {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    checked(extract(bytes, None, &options));
}

/// Reads `bytes` as text, whole and in pieces that are shorter than any that a scan reads.
pub fn text(bytes: &[u8]) {
    const SIZES: PieceSizes = PieceSizes { whole: 0, least: 64, most: 1024 };
    read(bytes, Format::Text);
    let Ok(mut pieces) = TextPieces::new(bytes, SIZES) else { return };
    let mut start = 0;
    // No bytes are the end, after which there is none.
    for bytes in [bytes, &[]].into_iter().skip(usize::from(bytes.is_empty())) {
        pieces.push(bytes).expect("decoding does not panic");
        while let Some(piece) = pieces.take().expect("reading does not panic") {
            assert!(piece.start >= start && !piece.document.origin.text.is_empty());
            start = piece.start + piece.document.origin.text.len();
            check_document(&piece.document);
        }
    }
}

/// Reads `bytes` as the archive of a word processor. What is no archive becomes the `members` of one, parted by NUL, since
/// changed bytes of a packed member are hardly ever a packed member.
pub fn read_packed(bytes: &[u8], format: Format, members: &[&str]) {
    if bytes.starts_with(b"PK") {
        return read(bytes, format);
    }
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in members.iter().zip(bytes.split(|byte| *byte == 0)) {
        archive.start_file(*name, options).expect("a member is begun");
        archive.write_all(content).expect("a member is written");
    }
    read(&archive.finish().expect("the archive is finished").into_inner(), format);
}

/// Decodes text of an unknown character set, and text of one that a mail claims: the first line.
pub fn charset(bytes: &[u8]) {
    read(bytes, Format::Text);
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (claim, text) = bytes.split_at(at);
    let mail = [b"Content-Type: text/plain; charset=\"".as_slice(), claim, b"\"\r\n\r\n", text].concat();
    read(&mail, Format::Mail);
}

/// Compiles a pattern and looks for it.
pub fn pattern(pattern: &str) {
    let quoted = serde_json::to_string(pattern).expect("a string is JSON").replace('\u{7f}', "");
    let entry = format!(
        "[principle]\nname = \"p\"\nstance = \"directive\"\nabout = \"\"\n\
         [[class]]\nname = \"WHO\"\nwords = \"you they\"\n\
         [[class]]\nname = \"ASK\"\npattern = \"ask~ (@WHO|me) [first]\"\n\
         [[mark]]\nname = \"IMP\"\npattern = \"^ [please] &@WHO\"\n\
         [[entry]]\nid = \"p.x\"\npattern = {quoted}\nweight = 1.0\n"
    );
    lexicon(&entry);
}

/// Compiles a file of a lexicon and judges a few sentences by it.
pub fn lexicon(toml: &str) {
    const SENTENCES: [&str; 4] = [
        "Please ask them first, and then you decide.",
        "You must not, whatever they say, ask me: ask you, ask they, ask.",
        "ask ask ask you you you first first first they they they",
        "What Is It?",
    ];
    let file = LexiconFile { name: "own.toml".into(), text: toml.to_owned() };
    match Lexicon::from_files(&[file]) {
        Ok(lexicon) => {
            let mut judge = Judge::new(&lexicon);
            for sentence in SENTENCES {
                for evidence in judge.classify(sentence, Default::default()).evidence {
                    assert!(sentence.get(evidence.span.start..evidence.span.end).is_some());
                }
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| !error.reason.contains('\n') && error.line > 0 && error.column > 0));
        }
    }
}

/// Reads a configuration, and what it is written out as again.
pub fn config(toml: &str) {
    let read = |text: String| ConfigFile { name: "leadtone.toml".into(), text }.read();
    match read(toml.to_owned()) {
        Ok(config) => {
            let written = config.to_toml().expect("every configuration can be written");
            assert!(read(written.clone()).is_ok(), "{written}");
            let _ = Profiles::new(&config, Path::new("/"), &LEXICON, None);
            let _ = config.check(&LEXICON);
        }
        Err(error) => assert!(!error.reason.contains('\n') && error.line > 0 && error.column > 0),
    }
}

/// From bytes to every output, the format told from the content. The first byte says what the file is called.
pub fn pipeline(bytes: &[u8]) {
    const NAMES: [&str; 8] = ["a", "a.txt", "a.md", "a.html", "a.eml", "a.csv", "a.docx", "a.pdf"];
    let Some((name, bytes)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*name) % NAMES.len()];
    let options = ExtractOptions::default();
    let reports = checked(extract(bytes, Some(Path::new(name)), &options));
    let mut out = Vec::new();
    for report in &reports {
        document_line(report, &mut out).expect("a vector takes everything");
    }
    let report = scan::assemble(reports, Vec::new(), Some(&scan::Grouping::Sender), 1);
    for format in OutputFormat::ALL {
        out.clear();
        render(&report, format, Layout::default(), &mut out).expect("a vector takes everything");
        let text = std::str::from_utf8(&out).expect("every output is UTF-8");
        if format == OutputFormat::Table {
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "nothing acts on a terminal");
        }
    }
}

fn checked(extracted: Result<Extracted, ExtractError>) -> Vec<DocumentReport> {
    let extracted = match extracted {
        Ok(extracted) => extracted,
        Err(error) => {
            check_error(&error);
            return Vec::new();
        }
    };
    let mut judge = Judge::new(&LEXICON);
    let mut reports = Vec::new();
    for document in extracted.documents {
        match document {
            Ok(document) => {
                check_document(&document);
                let naming = Naming { id: DocumentId::Text(String::new()), path: None, format: extracted.format };
                let clock = ExtractOptions::default().limits.clock(usize::MAX);
                let report = scan::analyze(&document, naming, &mut judge, true, clock).expect("there is time");
                check_report(&report, &document);
                reports.push(report);
            }
            Err((_, error)) => check_error(&error),
        }
    }
    reports
}

fn check_error(error: &ExtractError) {
    assert!(!matches!(error, ExtractError::Panicked(_)), "{error}");
    assert!(!error.to_string().contains(['\n', '\r']), "{error:?}");
}

fn check_document(document: &Document) {
    let mut end = 0;
    for (index, block) in document.blocks.iter().enumerate() {
        assert!(block.span.start >= end && block.span.end <= document.text.len());
        end = block.span.end;
        assert!(!block.span.of(&document.text).contains(['\n', '\r']));
        assert!(block.lead_in.is_none_or(|lead_in| lead_in < index));
        let origin = document.map.span(block.span);
        assert!(document.origin.text.get(origin.start..origin.end).is_some());
    }
}

fn check_report(report: &DocumentReport, document: &Document) {
    let counts = &report.counts;
    assert_eq!(counts.sentences, counts.directive + counts.empowering + counts.mixed + counts.neutral);
    for sentence in report.sentences.iter().flatten() {
        let Span { start, end } = sentence.span;
        assert!(start >= document.origin.base && end >= start);
        for evidence in &sentence.evidence {
            assert!(sentence.text.get(evidence.at.start..evidence.at.end).is_some());
        }
    }
}
