//! How fast each stage is, one thread, on the plain text of the samples over and over: `cargo bench`.
//!
//! The best of several runs, since what else the machine does only ever adds time.

use leadtone::document::Document;
use leadtone::extract::{ExtractOptions, Format, Limits, extract};
use leadtone::lexicon::Lexicon;
use leadtone::report::DocumentId;
use leadtone::scan::{Naming, analyze};
use leadtone::score::{Context, Judge};
use leadtone::segment::sentences;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes that every stage is measured on.
const SIZE: usize = 4 << 20;

/// Runs of each stage.
const RUNS: usize = 5;

fn main() {
    let text = text();
    let bytes = text.as_bytes();
    let options = ExtractOptions { format: Some(Format::Text), ..ExtractOptions::default() };
    let read = |bytes: &[u8]| -> Document {
        let documents = extract(bytes, None, &options).expect("the samples are text").documents;
        documents.into_iter().next().expect("a text is a document").expect("the samples are text")
    };
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let document = read(bytes);
    let split = sentences(&document);
    let (lexicon, compile) = best(|| {
        let lexicon = Lexicon::builtin();
        // Compiled once it is asked for.
        black_box(lexicon.entries().len());
        lexicon
    });
    println!("{:<28} {:>8.1} ms", "compile the lexicon", compile.as_secs_f64() * 1000.0);
    rate("decode UTF-16, extract", utf16.len(), || read(&utf16).blocks.len());
    rate("extract", bytes.len(), || read(bytes).blocks.len());
    rate("split into sentences", bytes.len(), || sentences(&document).len());
    rate("match and score", bytes.len(), || {
        let mut judge = Judge::new(&lexicon);
        let verdicts = split
            .iter()
            .map(|sentence| judge.classify(sentence.span.of(&document.text), Context::default()).evidence.len());
        verdicts.sum::<usize>()
    });
    rate("all, in memory", bytes.len(), || {
        let naming = Naming { id: DocumentId::Text(String::new()), path: None, format: Format::Text };
        let clock = Limits::default().clock(bytes.len());
        analyze(&read(bytes), naming, &mut Judge::new(&lexicon), false, clock).expect("there is time").counts.sentences
    });
}

/// The text samples, repeated.
fn text() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = ["emails", "memos", "plans", "policies", "reviews"].map(|name| root.join(name));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("the samples are readable"));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the samples are readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt" || extension == "md"));
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).expect("the samples are UTF-8"));
    let once = texts.collect::<Vec<_>>().join("\n\n") + "\n\n";
    once.repeat(SIZE.div_ceil(once.len()))
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
