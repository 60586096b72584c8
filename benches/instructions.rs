//! Judges one of five made-up texts in memory, for `benches/instructions.sh` to count the instructions: unlike time they
//! are the same on a busy machine. `cargo bench --bench instructions -- NAME` names the text; without a name all are read.

use leadtone::extract::{ExtractOptions, Format, Limit, Limits, extract};
use leadtone::lexicon::Lexicon;
use leadtone::report::DocumentId;
use leadtone::scan::{Naming, analyze};
use leadtone::score::Judge;
use std::fs;
use std::hint::black_box;
use std::path::Path;

/// Bytes of every text, roughly.
const SIZE: usize = 256 << 10;

fn main() {
    let lexicon = Lexicon::builtin();
    // Compiled before anything is counted.
    black_box(lexicon.entries().len());
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (name, text) in texts() {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            let sentences = judged(&lexicon, &text);
            println!("{name} {} {sentences}", text.len());
        }
    }
}

/// What is counted: one text from bytes to report.
#[inline(never)]
fn judged(lexicon: &Lexicon, text: &str) -> u64 {
    let options = ExtractOptions { format: Some(Format::Text), ..ExtractOptions::default() };
    let documents = extract(text.as_bytes(), None, &options).expect("text is text").documents;
    let document = documents.into_iter().next().expect("a text is a document").expect("text is text");
    let naming = Naming { id: DocumentId::Text(String::new()), path: None, format: Format::Text };
    // Counting takes its time.
    let mut limits = Limits::default();
    limits.set(Limit::Seconds, 3_600);
    let clock = limits.clock(text.len());
    analyze(&document, naming, &mut Judge::new(lexicon), false, clock).expect("there is time").counts.sentences
}

/// The texts: prose, and what is hard on a matcher.
fn texts() -> [(&'static str, String); 5] {
    let long = |words: &str| words.repeat(SIZE.div_ceil(words.len()));
    [
        ("prose", long(&prose())),
        ("one-word-over-and-over", long("must ")),
        ("one-word-sentences", long("Must. ")),
        ("unknown-words", long("Zorbling quux fnord, blorped the zyxes and wumbled a vroob.\n\n")),
        ("one-long-line", long("you must not tell them what to do and please make sure that we can decide, ")),
    ]
}

/// The plain texts among the samples.
fn prose() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folders = ["emails", "memos", "plans", "policies", "reviews"].map(|name| root.join(name));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("the samples are readable"));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the samples are readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt" || extension == "md"));
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).expect("the samples are UTF-8"));
    texts.collect::<Vec<_>>().join("\n\n") + "\n\n"
}
