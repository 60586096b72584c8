//! How fast each stage is, one thread: `cargo bench --bench stages`. All but the extractors run on the plain text of the
//! samples over and over; these run on one memo in every format, many times.
//!
//! The best of several runs, since what else the machine does only ever adds time.

use leadtone::builtin;
use leadtone::document::Document;
use leadtone::extract::{ExtractOptions, Format, Limits, extract};
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::render::{Layout, OutputFormat, render};
use leadtone::report::{DocumentId, DocumentReport};
use leadtone::scan::{Naming, analyze, assemble};
use leadtone::score::{Context, Judge};
use leadtone::segment::{Sentence, sentences};
use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Bytes that every stage is measured on.
const SIZE: usize = 4 << 20;

/// Runs of each stage.
const RUNS: usize = 5;

fn main() {
    let pieces = texts();
    let once = pieces.join("\n\n") + "\n\n";
    let text = once.repeat(SIZE.div_ceil(once.len()));
    let bytes = text.as_bytes();
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let document = read(bytes);
    let split = sentences(&document);

    let (lexicon, unpack) = best(|| {
        let lexicon = Lexicon::builtin();
        // Unpacked once it is asked for.
        black_box(lexicon.entries().len());
        lexicon
    });
    let files = builtin::files();
    let (_, compile) = best(|| Lexicon::from_files(&files).expect("the lexicon is sound"));
    for (name, time) in [("unpack the lexicon", unpack), ("compile a lexicon as large", compile)] {
        println!("{name:<28} {:>8.1} ms", time.as_secs_f64() * 1000.0);
    }

    rate("decode UTF-16, extract", utf16.len(), || read(&utf16).blocks.len());
    rate("extract", bytes.len(), || read(bytes).blocks.len());
    for path in files_of("same-memo") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let memo = fs::read(&path).expect("the samples are readable");
        let times = (SIZE / 4).div_ceil(memo.len());
        let options = ExtractOptions::default();
        rate(&format!("extract {name}"), times * memo.len(), || {
            let extracted = (0..times).map(|_| extract(&memo, Some(&path), &options).expect("the samples are sound"));
            extracted.map(|extracted| extracted.documents.len()).sum::<usize>()
        });
    }
    rate("split into sentences", bytes.len(), || sentences(&document).len());
    let words = words_only(&files);
    rate("word ids", bytes.len(), || judge(&words, &document, &split));
    rate("word ids, match and score", bytes.len(), || judge(&lexicon, &document, &split));
    rate("all, in memory", bytes.len(), || report(&read(bytes), &lexicon, false).counts.sentences);

    let documents: Vec<Document> = pieces.iter().map(|piece| read(piece.as_bytes())).collect();
    let reports: Vec<DocumentReport> = documents.iter().map(|document| report(document, &lexicon, true)).collect();
    let many = reports.iter().cycle().take(reports.len() * SIZE.div_ceil(once.len())).cloned().collect();
    let whole = assemble(many, Vec::new(), None, 1);
    for format in OutputFormat::ALL {
        rate(&format!("render as {}", format.name()), bytes.len(), || {
            let mut out = Vec::new();
            render(&whole, format, Layout::default(), &mut out).expect("memory takes everything");
            out.len()
        });
    }
}

/// The document of a text.
fn read(bytes: &[u8]) -> Document {
    let options = ExtractOptions { format: Some(Format::Text), ..ExtractOptions::default() };
    let documents = extract(bytes, None, &options).expect("the samples are text").documents;
    documents.into_iter().next().expect("a text is a document").expect("the samples are text")
}

/// Judges sentences on their own; how much was found.
fn judge(lexicon: &Lexicon, document: &Document, split: &[Sentence]) -> usize {
    let mut judge = Judge::new(lexicon);
    let sentences = split.iter().map(|sentence| sentence.span.of(&document.text));
    sentences.map(|sentence| judge.classify(sentence, Context::default()).evidence.len()).sum()
}

/// The report of a document.
fn report(document: &Document, lexicon: &Lexicon, with_sentences: bool) -> DocumentReport {
    let naming = Naming { id: DocumentId::Text(String::new()), path: None, format: Format::Text };
    let clock = Limits::default().clock(document.text.len());
    analyze(document, naming, &mut Judge::new(lexicon), with_sentences, clock).expect("there is time")
}

/// A lexicon that knows the words of another and finds nothing, since its one pattern begins with a word that is in no
/// text: what it costs is to look every word up.
fn words_only(files: &[LexiconFile]) -> Lexicon {
    let mut words = BTreeSet::new();
    for file in files {
        let table: toml::Table = file.text.parse().expect("the lexicon is TOML");
        let rows = |name: &str| table.get(name).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let lists = rows("class").into_iter().filter_map(|class| class.get("words").cloned());
        let patterns =
            rows("entry").into_iter().filter_map(|entry| entry.get("patterns")?.as_array().cloned()).flatten();
        for value in lists.chain(patterns) {
            let written =
                value.as_str().unwrap_or_default().split(|mark: char| mark.is_whitespace() || "()[]|".contains(mark));
            let plain = |part: &&str| part.trim_end_matches('~').bytes().all(|byte| byte.is_ascii_lowercase());
            words.extend(written.filter(|part| !part.is_empty()).filter(plain).map(str::to_owned));
        }
    }
    let words: Vec<String> = words.into_iter().filter(|word| word != "~").collect();
    let text = format!(
        r#"
        [principle]
        name = "bench"
        stance = "neutral"
        about = "Finds nothing."
        [[class]]
        name = "WORDS"
        words = "{}"
        [[entry]]
        id = "bench.nothing"
        patterns = ["zorblequux @WORDS"]
        source = "made up"
        matches = ["Zorblequux must."]
        "#,
        words.join(" ")
    );
    let spellings = files.iter().filter(|file| file.name == "words.toml").cloned();
    let bench = LexiconFile { name: "bench.toml".into(), text };
    Lexicon::from_files(&spellings.chain([bench]).collect::<Vec<_>>()).expect("its parts are sound")
}

/// The texts of the samples: each file that is plain text or nearly.
fn texts() -> Vec<String> {
    let mut paths: Vec<_> =
        ["emails", "memos", "plans", "policies", "reviews"].into_iter().flat_map(files_of).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt" || extension == "md"));
    paths.iter().map(|path| fs::read_to_string(path).expect("the samples are UTF-8")).collect()
}

/// The files of a folder of the samples, by name.
fn files_of(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(folder));
    let entries = entries.expect("the samples are readable");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the samples are readable").path()).collect();
    paths.sort();
    paths
}

/// Prints how many million bytes a second `run` gets through.
fn rate<T>(name: &str, bytes: usize, run: impl FnMut() -> T) {
    let (_, time) = best(run);
    println!("{name:<28} {:>8.1} MB/s", bytes as f64 * 1e-6 / time.as_secs_f64());
}

/// The last result of several runs, and the shortest time that one took.
fn best<T>(mut run: impl FnMut() -> T) -> (T, Duration) {
    let mut timed = || {
        let begun = Instant::now();
        let result = black_box(run());
        (result, begun.elapsed())
    };
    let first = timed();
    (1..RUNS).fold(first, |(_, shortest), _| {
        let (result, time) = timed();
        (result, shortest.min(time))
    })
}
