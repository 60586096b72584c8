//! The style guide's "never" list, held over the source text: who may read, write, thread, compute and depend on whom.

use leadtone::builtin;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src`: its path from there, with slashes, and its code without comment lines.
struct File {
    path: String,
    text: String,
    code: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src is readable") {
            let path: PathBuf = entry.expect("src is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("rs".as_ref()) {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                let parts = path.strip_prefix(&root).expect("walked from there").components();
                let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                files.push(File { path: parts.join("/"), code: code.join("\n"), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the walk found the source");
    files
}

impl File {
    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || (place.ends_with('/') && self.path.starts_with(place)))
    }

    /// The top module that the file belongs to.
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// Code outside of the tests, which stand last in a file.
    fn shipped(&self) -> &str {
        self.code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }
}

const BINARY: [&str; 2] = ["main.rs", "cli/"];

#[test]
fn each_thing_is_done_in_its_place_only() {
    // What, and where it may stand.
    let rules: [(&[&str], &[&str]); 10] = [
        (&["println!", "print!(", "eprint!(", "io::stdout", "io::stderr", "process::exit", "process::abort"], &BINARY),
        (&["clap::", "clap_", "anstream::", "indicatif::", "anyhow::"], &BINARY),
        (
            &["std::fs", "fs::File", "File::open", "io::stdin"],
            &[
                "source/",
                "source.rs",
                "cli/handover.rs",
                "cli/handover/",
                "cli/interrupt.rs",
                "cli/output.rs",
                "cli/scan.rs",
            ],
        ),
        (&["rayon::", "par_iter"], &["scan.rs", "scan/"]),
        (&["thread::spawn"], &["cli/progress.rs"]),
        (&["env::var"], &["cli/"]),
        (&["ExitCode::from", "ExitCode::SUCCESS", "ExitCode::FAILURE"], &["cli/exit.rs"]),
        (&["static mut", "unsafe ", "unsafe{"], &[]),
        (&["todo!", "dbg!", "unimplemented!", "mod utils", "mod helpers", "mod common"], &[]),
        (&["SystemTime::now", "Utc::now"], &[]),
    ];
    let mut wrong = Vec::new();
    for file in files() {
        for (what, places) in &rules {
            for word in what.iter().filter(|word| !file.is_in(places) && file.shipped().contains(**word)) {
                wrong.push(format!("{} holds `{word}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn renderers_compute_and_sort_nothing() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is_in(&["render/"])) {
        for word in
            [".sort", " / ", " % ", "Tally", "score::share", "score::ratio", "score::lean", "lexicon::", "scan::"]
        {
            if file.shipped().contains(word) {
                wrong.push(format!("{} holds `{word}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_stage_reaches_back() {
    // A module and what it may use: only what stands above it.
    let edges: [(&str, &[&str]); 19] = [
        ("fnv", &[]),
        ("span", &[]),
        ("label", &[]),
        ("document", &["span"]),
        ("extract", &["document", "span"]),
        ("report", &["document", "extract", "label", "span"]),
        ("source", &["extract", "report"]),
        ("segment", &["document", "span"]),
        ("lexicon", &["fnv", "label", "span"]),
        ("builtin", &["lexicon"]),
        ("score", &["document", "label", "lexicon", "report", "span"]),
        ("config", &["extract", "lexicon", "report", "source"]),
        ("gate", &["config", "document", "fnv", "label", "lexicon", "report", "score", "span"]),
        ("audit", &["label", "lexicon", "score"]),
        ("evaluate", &["extract", "label", "score", "segment"]),
        ("fit", &["evaluate", "fnv", "label", "lexicon", "score"]),
        ("explain", &["evaluate", "extract", "label", "lexicon", "score", "span"]),
        (
            "scan",
            &["config", "document", "extract", "label", "lexicon", "report", "score", "segment", "source", "span"],
        ),
        ("render", &["document", "evaluate", "explain", "fnv", "label", "report", "score", "span"]),
    ];
    for (place, (module, allowed)) in edges.iter().enumerate() {
        let is_above = |used: &&str| edges[..place].iter().any(|(above, _)| above == used);
        assert!(allowed.iter().all(is_above), "{module} reaches back");
    }
    let known: BTreeSet<&str> = edges.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !file.is_in(&BINARY) && file.path != "lib.rs") {
        let Some((_, allowed)) = edges.iter().find(|(module, _)| *module == file.module()) else {
            wrong.push(format!("{} belongs to no module of the table", file.path));
            continue;
        };
        for rest in file.shipped().split("crate::").skip(1) {
            let used = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            if known.contains(used) && used != file.module() && !allowed.contains(&used) {
                wrong.push(format!("{} uses `{used}`", file.path));
            }
        }
        if file.shipped().contains("use crate::{") {
            wrong.push(format!("{} names its uses in one group, which this test cannot read", file.path));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_says_what_it_owns() {
    for file in files() {
        assert!(file.text.starts_with("//! "), "{} does not open with what it is", file.path);
    }
}

#[test]
fn main_stays_small() {
    let files = files();
    let main = files.iter().find(|file| file.path == "main.rs").expect("there is a main.rs");
    assert!(main.text.lines().count() < 30);
}

#[test]
fn every_lexicon_file_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons");
    let entries = builtin::files();
    let files = files();
    for entry in fs::read_dir(folder).expect("lexicons are readable") {
        let name = entry.expect("lexicons are readable").file_name().to_string_lossy().into_owned();
        // Tables that are no entries are embedded by the stage that reads them.
        let is_embedded = files.iter().any(|file| file.shipped().contains(&format!("lexicons/{name}\")")));
        assert!(is_embedded || entries.iter().any(|file| file.name == name), "{name} is not built in");
    }
}
