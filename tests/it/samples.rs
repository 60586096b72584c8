//! The labelled samples: every sentence found, agreement kept, and nothing moved by how a document happens to be written down.

use leadtone::extract::{ExtractOptions, extract};
use leadtone::label::Label;
use leadtone::segment::sentences;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Samples whose sentences carry no labels: another language, nothing at all.
const UNLABELLED: [&str; 2] = ["other/aushang.txt", "other/empty.txt"];

/// The memo that exists in every format, and the copy that is labelled.
const SAME_MEMO: &str = "same-memo/";
const SAME_MEMO_LABELLED: &str = "same-memo/night-bakery.md";

/// What the folder holds that is about the samples and not among them.
const NOT_SAMPLES: [&str; 9] = [
    ".ignore",
    "README.md",
    "labels.tsv",
    "hard.tsv",
    "people.tsv",
    "negation.tsv",
    "pairs.tsv",
    "jargon.tsv",
    "spark",
];

/// A row of a label file.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub genre: String,
    pub label: Label,
    pub text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The rows of a label file.
pub fn rows(name: &str) -> Vec<Row> {
    let text = fs::read_to_string(folder().join(name)).expect("a label file");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id\tgenre\tlabel\ttext"), "{name}: header");
    lines
        .enumerate()
        .map(|(at, line)| {
            let place = format!("{name}:{}: {line}", at + 2);
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{place}");
            let label = Label::from_name(cells[2]).unwrap_or_else(|| panic!("{place}: no such label"));
            Row { id: cells[0].into(), genre: cells[1].into(), label, text: cells[3].into() }
        })
        .collect()
}

/// Every sample, relative to the folder, in order.
fn samples() -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![folder()]);
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).expect("a folder of samples") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder()).expect("inside").to_string_lossy().replace('\\', "/");
            if NOT_SAMPLES.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect("a sample")
}

fn suffix(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, suffix)| suffix)
}

/// Blanks as one, so that a line break in a file and a space in a label are the same.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The labelled texts by file, in order.
fn labelled() -> BTreeMap<String, Vec<(Label, String)>> {
    let mut files: BTreeMap<String, Vec<(Label, String)>> = BTreeMap::new();
    for row in rows("labels.tsv") {
        let (file, number) = row.id.rsplit_once(':').expect("file:number");
        let sentences = files.entry(file.into()).or_default();
        sentences.push((row.label, row.text));
        assert_eq!(number.parse(), Ok(sentences.len()), "{}: numbers run from 1 in the order of the file", row.id);
    }
    files
}

/// What the program says of one file: each sentence and its label, and the numbers of its documents.
#[derive(Debug, Default, PartialEq)]
struct Judged {
    sentences: Vec<(String, String)>,
    numbers: Vec<(Value, [Value; 3])>,
}

/// Writes the files into a folder and has the program scan it.
fn judge(files: &[(String, Vec<u8>)]) -> BTreeMap<String, Judged> {
    let directory = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_leadtone"))
        .args(["scan", "--format", "json", "--sentences"])
        .arg(directory.path())
        .output()
        .expect("the program runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON value");
    let mut judged: BTreeMap<String, Judged> = BTreeMap::new();
    for document in report["documents"].as_array().expect("documents") {
        let path = Path::new(document["path"].as_str().expect("a path"));
        let name = path.strip_prefix(directory.path()).expect("inside the folder").to_string_lossy().replace('\\', "/");
        let of_file = judged.entry(name).or_default();
        for sentence in document["sentences"].as_array().expect("sentences") {
            let text = sentence["text"].as_str().expect("a text");
            of_file.sentences.push((normal(text), sentence["label"].as_str().expect("a label").to_owned()));
        }
        let counts = &document["counts"];
        let sided = ["directive", "empowering", "mixed"].map(|label| counts[label].clone());
        of_file.numbers.push((document["share"].clone(), sided));
    }
    judged
}

/// The samples as they are and as `rewrite` makes them, judged; `None` leaves a sample out.
fn compare(
    why: &str,
    least: usize,
    rewrite: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>,
    same: impl Fn(&str, &Judged, &Judged),
) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for name in samples() {
        let original = bytes(&name);
        if let Some(rewritten) = rewrite(&name, original.clone()) {
            before.push((name.clone(), original));
            after.push((name, rewritten));
        }
    }
    assert!(before.len() >= least, "{why}: only {} samples were rewritten", before.len());
    let (before, after) = (judge(&before), judge(&after));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{why}");
    for (name, judged) in &before {
        same(&format!("{why}: {name}"), judged, &after[name]);
    }
}

fn equal(place: &str, before: &Judged, after: &Judged) {
    let count = before.sentences.len().max(after.sentences.len());
    for at in 0..count {
        assert_eq!(before.sentences.get(at), after.sentences.get(at), "{place}: sentence {}", at + 1);
    }
    assert_eq!(before.numbers, after.numbers, "{place}");
}

#[test]
fn every_labelled_sentence_is_found_and_no_other() {
    let mut wrong = Vec::new();
    for (file, expected) in labelled() {
        let extracted = match extract(&bytes(&file), Some(Path::new(&file)), &ExtractOptions::default()) {
            Ok(extracted) => extracted,
            Err(error) => {
                wrong.push(format!("{file}: {error}"));
                continue;
            }
        };
        let mut found = Vec::new();
        for document in extracted.documents {
            match document {
                Ok(document) => {
                    let sentences = sentences(&document);
                    found.extend(sentences.into_iter().map(|sentence| normal(sentence.span.of(&document.text))));
                }
                Err((part, error)) => wrong.push(format!("{file}#{part}: {error}")),
            }
        }
        let expected: Vec<String> = expected.into_iter().map(|(_, text)| text).collect();
        if let Some(at) = (0..expected.len().max(found.len())).find(|&at| expected.get(at) != found.get(at)) {
            wrong.push(format!("{file}:{}\n  labelled {:?}\n  found    {:?}", at + 1, expected.get(at), found.get(at)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sample_is_labelled() {
    let files = labelled();
    for sample in samples() {
        let is_copy = sample.starts_with(SAME_MEMO) && sample != SAME_MEMO_LABELLED;
        let is_exempt = is_copy || UNLABELLED.contains(&sample.as_str());
        assert_eq!(files.contains_key(&sample), !is_exempt, "{sample}");
    }
    for file in files.keys() {
        assert!(folder().join(file).is_file(), "{file} is labelled and is not there");
    }
}

#[test]
fn label_files_are_well_formed() {
    for name in ["labels.tsv", "hard.tsv", "people.tsv", "negation.tsv", "pairs.tsv", "jargon.tsv"] {
        let rows = rows(name);
        let mut ids = BTreeSet::new();
        for row in &rows {
            assert!(ids.insert(&row.id), "{name}: {} stands twice", row.id);
            assert!(!row.genre.is_empty() && row.genre.chars().all(|c| c.is_ascii_lowercase()), "{name}: {row:?}");
            assert!(!row.text.is_empty() && normal(&row.text) == row.text, "{name}: {row:?}");
        }
        let expected = if name == "jargon.tsv" {
            vec![Label::Neutral]
        } else {
            vec![Label::Directive, Label::Empowering, Label::Neutral]
        };
        for label in expected {
            assert!(rows.iter().any(|row| row.label == label), "{name}: nothing is {}", label.name());
        }
    }
}

#[test]
fn pairs_of_hard_sentences_differ_in_their_label() {
    let rows = rows("hard.tsv");
    let mut pairs: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        if let Some((pair, _)) = row.id.strip_prefix("pair-").and_then(|rest| rest.split_once('-')) {
            pairs.entry(pair).or_default().push(row);
        }
    }
    assert!(pairs.len() >= 150, "{} pairs", pairs.len());
    for (pair, rows) in pairs {
        assert_eq!(rows.len(), 2, "pair {pair}");
        assert_ne!(rows[0].label, rows[1].label, "pair {pair}");
        assert_ne!(rows[0].text, rows[1].text, "pair {pair}");
    }
    let texts: BTreeSet<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts.len(), rows.len(), "a sentence stands twice");
    let neutral = rows.iter().filter(|row| row.label == Label::Neutral).count();
    assert!(neutral * 10 >= rows.len() * 4, "{neutral} of {} are neutral", rows.len());
}

#[test]
fn the_same_memo_reads_the_same_in_every_format() {
    let files: Vec<(String, Vec<u8>)> = samples()
        .into_iter()
        .filter(|name| name.starts_with(SAME_MEMO))
        .map(|name| (name.clone(), bytes(&name)))
        .collect();
    let suffixes: BTreeSet<&str> = files.iter().map(|(name, _)| suffix(name)).collect();
    assert_eq!(suffixes, BTreeSet::from(["docx", "eml", "html", "md", "odt", "pdf", "txt"]));
    let judged = judge(&files);
    let model = &judged[SAME_MEMO_LABELLED];
    assert!(!model.sentences.is_empty());
    for (name, other) in &judged {
        equal(name, model, other);
    }
}

/// Fills the running text of a sample anew at `width`, as an editor or a mail client would.
fn wrapped(name: &str, text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut open: Option<String> = None;
    // Front matter and code keep their lines.
    let mut is_kept = false;
    for (at, line) in text.lines().enumerate() {
        let is_fence = line.starts_with("```") || (suffix(name) == "md" && line == "---" && (at == 0 || is_kept));
        is_kept ^= is_fence;
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        let is_first = is_item || line.starts_with("<p>");
        // "6.45 and is" goes on, "2. Sign" does not.
        let is_time = line.split(' ').next().is_some_and(|word| word.parse::<f64>().is_ok() && !word.ends_with('.'));
        let is_running =
            is_first || line.starts_with(char::is_alphabetic) || open.is_some() && (is_time || line.starts_with("  "));
        if is_kept || is_fence || !is_running {
            out.extend(open.take().map(|running| filled(&running, width)));
            out.push_str(line);
            out.push('\n');
            continue;
        }
        if is_first {
            out.extend(open.take().map(|running| filled(&running, width)));
        }
        let running = open.get_or_insert_default();
        if !running.is_empty() {
            running.push(' ');
        }
        running.push_str(line.trim());
    }
    out.extend(open.take().map(|running| filled(&running, width)));
    out
}

/// One paragraph or list item in lines of `width`.
fn filled(running: &str, width: usize) -> String {
    let hanging = if running.starts_with(['-', '*']) { "  " } else { "" };
    wrap(running, width, hanging) + "\n"
}

/// Prose in lines of `width` characters, all but the first of them after `hanging`.
pub fn wrap(prose: &str, width: usize, hanging: &str) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for word in prose.split(' ') {
        let chars = word.chars().count();
        if column > 0 && column + 1 + chars > width {
            text.push('\n');
            text.push_str(hanging);
            column = hanging.len();
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += chars;
    }
    text
}

/// Whether a sample is text all through, without a transport encoding or a container around it.
fn is_plain(name: &str) -> bool {
    matches!(suffix(name), "txt" | "md" | "html" | "rst" | "adoc")
}

fn rewritten(text: Vec<u8>, rewrite: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    String::from_utf8(text).ok().map(|text| rewrite(&text).into_bytes())
}

#[test]
fn hard_wraps_change_nothing() {
    for width in [72, 50] {
        let rewrite = |name: &str, original: Vec<u8>| {
            if is_plain(name) { rewritten(original, |text| wrapped(name, text, width)) } else { None }
        };
        compare(&format!("wrapped at {width}"), 15, rewrite, equal);
    }
}

#[test]
fn carriage_returns_change_nothing() {
    let is_text = |name: &str| is_plain(name) || matches!(suffix(name), "eml" | "mbox" | "csv" | "jsonl");
    for (why, end) in [("line feeds", "\n"), ("carriage return and line feed", "\r\n")] {
        let rewrite = |name: &str, original: Vec<u8>| {
            if is_text(name) { rewritten(original, |text| text.replace("\r\n", "\n").replace('\n', end)) } else { None }
        };
        compare(why, 25, rewrite, equal);
    }
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let is_text = |name: &str| is_plain(name) || matches!(suffix(name), "csv" | "jsonl");
    let rewrite =
        |name: &str, original: Vec<u8>| is_text(name).then(|| [b"\xEF\xBB\xBF".as_slice(), &original].concat());
    compare("byte order mark", 20, rewrite, equal);
}

#[test]
fn typographic_quotes_change_nothing() {
    let straight = |judged: &Judged| {
        let sentences = judged.sentences.iter();
        let sentences: Vec<_> =
            sentences.map(|(text, label)| (text.replace('’', "'").replace(['“', '”'], "\""), label.clone())).collect();
        Judged { sentences, numbers: judged.numbers.clone() }
    };
    let curled = |name: &str, text: &str| {
        let text = text.replace('\'', "’");
        // The double quotes of HTML belong to its tags.
        if suffix(name) == "html" {
            return text;
        }
        let mut is_open = false;
        text.chars()
            .map(|c| match c {
                '"' => {
                    is_open = !is_open;
                    if is_open { '“' } else { '”' }
                }
                other => other,
            })
            .collect()
    };
    let rewrite = |name: &str, original: Vec<u8>| {
        if is_plain(name) { rewritten(original, |text| curled(name, text)) } else { None }
    };
    compare("typographic quotes", 15, rewrite, |place, before, after| {
        equal(place, &straight(before), &straight(after))
    });
}

#[test]
fn a_quoted_thread_changes_nothing() {
    const THREAD: &str = "\r\nOn Fri, 7 Jun 2024 at 08:30, Maud Hollis <maud@hollis.example> wrote:\r\n\
        > You must sort this out today. Do not wait for the others.\r\n>\r\n> I trust you to find your own way.\r\n";
    const MARKED_UP: &str = "<div class=3D\"gmail_quote\">On Fri, 7 Jun 2024 at 08:30, Maud Hollis wrote:<br>\r\n\
        <blockquote class=3D\"gmail_quote\">You must sort this out today. Do not wait for the others.</blockquote></div>\r\n";
    let rewrite = |name: &str, original: Vec<u8>| {
        let is_base64 = original.windows(6).any(|window| window == b"base64");
        if suffix(name) != "eml" || is_base64 {
            return None;
        }
        rewritten(original, |text| match text.split_once("\r\n--part-7781\r\nContent-Type: text/html") {
            Some((plain, marked_up)) => {
                let marked_up = marked_up.replace("</body>", &format!("{MARKED_UP}</body>"));
                format!("{plain}{THREAD}\r\n--part-7781\r\nContent-Type: text/html{marked_up}")
            }
            None => format!("{text}{THREAD}"),
        })
    };
    compare("quoted thread", 5, rewrite, equal);
}

#[test]
fn neutral_sentences_leave_the_share_alone() {
    const PADDING: &str =
        "\nThe library is on the second floor. Lunch is served from twelve. The lift was painted green in 2019.\n";
    let rewrite = |name: &str, original: Vec<u8>| {
        let is_english = !UNLABELLED.contains(&name);
        let takes_a_paragraph = is_english && matches!(suffix(name), "txt" | "md" | "rst" | "adoc");
        takes_a_paragraph.then(|| [original.as_slice(), PADDING.as_bytes()].concat())
    };
    compare("neutral sentences", 12, rewrite, |place, before, after| {
        assert_eq!(before.sentences.len() + 3, after.sentences.len(), "{place}");
        assert_eq!(before.numbers, after.numbers, "{place}");
    });
}
