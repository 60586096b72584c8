//! The lexicon that comes with the program, and what a user may do to it.

use leadtone::audit::check;
use leadtone::builtin;
use leadtone::explain::explain;
use leadtone::label::Label;
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::score::{Context, classify};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Files of the folder that hold no entries, and who reads them.
const READ_ELSEWHERE: [(&str, &str); 3] = [
    ("abbreviations.toml", "src/segment/abbreviations.rs"),
    ("register.toml", "src/score/status.rs"),
    ("zones.toml", "src/extract/zones.rs"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the project")
}

#[test]
fn the_folder_is_what_is_built_in() {
    let listing = fs::read_dir(root().join("lexicons")).expect("a folder");
    let listing: BTreeSet<String> =
        listing.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    let mut known: BTreeSet<String> = builtin::files().into_iter().map(|file| file.name).collect();
    for (name, reader) in READ_ELSEWHERE {
        assert!(read(reader).contains(&format!("lexicons/{name}\")")), "{reader} reads {name}");
        assert!(known.insert(name.to_owned()), "{name} is read twice");
    }
    assert_eq!(listing, known);
    for file in builtin::files() {
        assert_eq!(read(&format!("lexicons/{}", file.name)), file.text, "{}", file.name);
    }
}

#[test]
fn the_built_in_lexicon_holds_to_its_examples() {
    let lexicon = Lexicon::builtin();
    assert!(!lexicon.entries().is_empty());
    let findings = check(&lexicon);
    let findings: Vec<String> =
        findings.iter().map(|f| format!("{}:{}: {} {}", f.file, f.line, f.entry, f.reason)).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_readme_explains_entries_that_there_are() {
    let (lexicon, readme) = (Lexicon::builtin(), read("README.md"));
    let named = readme.lines().filter_map(|line| line.strip_prefix("leadtone explain ")?.split(' ').next());
    let named: Vec<&str> = named.filter(|id| id.contains('.')).collect();
    assert!(!named.is_empty());
    for id in named {
        assert!(lexicon.entry(id).is_some(), "{id}");
    }
}

/// A file with one principle and `rest`.
fn file(rest: &str) -> LexiconFile {
    let text = format!("[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\n\n{rest}");
    LexiconFile { name: "house.toml".to_owned(), text }
}

fn scores(text: &str) -> LexiconFile {
    LexiconFile { name: "scores.toml".to_owned(), text: text.to_owned() }
}

fn entry(rest: &str) -> LexiconFile {
    file(&format!("[[entry]]\nid = \"house.pronto\"\n{rest}"))
}

#[test]
fn errors_say_where_and_why() {
    for (file, expected) in [
        (file("[[entry]\n"), "house.toml:6:9: unclosed array table, expected `]`"),
        (entry("pattern = \"pronto\"\nweigth = 1.0\n"), "house.toml:9:1: unknown field `weigth`, expected one of"),
        (entry("weight = 1.0\n"), "house.toml:7:6: entry house.pronto has no pattern"),
        (
            entry("pattern = \"pronto\"\ninstead = \"Why {dead}?\"\n"),
            "house.toml:7:6: entry house.pronto: in `instead` only {deed} and {order} stand for words of the sentence",
        ),
        (entry("pattern = \"a (b\"\n"), "house.toml:8:16: ')' is missing"),
        (entry("pattern = \"on the @DOUBEL\"\n"), "house.toml:8:12: there is no class @DOUBEL"),
        (entry("pattern = \"on the ^DOUBLE\"\n"), "house.toml:8:12: there is no mark ^DOUBLE"),
        (
            file("[[entry]]\nid = \"trust.pronto\"\npattern = \"pronto\"\n"),
            "house.toml:7:6: the id 'trust.pronto' does not begin with its principle: house.",
        ),
        (
            entry("pattern = \"pronto\"\nweight = -1.0\n"),
            "house.toml:7:6: entry house.pronto counts against its own stance: weight is never below 0, the others never above",
        ),
        (
            entry("pattern = \"pronto\"\ndirective = -1.0\n"),
            "house.toml:7:6: entry house.pronto has a stance: it has a `weight`, and `against` for the other pole",
        ),
        (
            entry("pattern = \"pronto\"\nstance = \"neutral\"\nweight = 1.0\n"),
            "house.toml:7:6: entry house.pronto has no stance: it takes from `directive` and `empowering`",
        ),
        (
            entry("pattern = \"pronto\"\n\n[[entry]]\nid = \"house.pronto\"\npattern = \"asap\"\n"),
            "house.toml:11:1: entry house.pronto is already in house.toml:7",
        ),
        (file("[[class]]\nname = \"DOUBLE\"\n"), "house.toml:7:8: class DOUBLE is empty"),
        (file("[[class]]\nname = \"DOUBLE\"\nwords = \"two PDF\"\n"), "house.toml:8:9: 'PDF' is not in lower case"),
        (
            file("[[entry]]\nid = \"house.\\u001b[31mred\"\npattern = \"red\"\n"),
            "house.toml:7:6: an id has letters, digits, '.', '-' and '_' in it, and no '\\u{1b}'",
        ),
        (entry("pattern = \"pronto\"\nweight = nan\n"), "house.toml:9:10: NaN is no number to add"),
        (
            entry("pattern = \"pronto <0-40> pronto <0-7> pronto\"\n"),
            "house.toml:8:12: up to 50 words long, its gaps included; at most 48",
        ),
        (scores("[bias]\ndirektive = -1.0\n"), "scores.toml:2:1: unknown field `direktive`, expected"),
        (scores("[bias]\ndirective = inf\n"), "scores.toml:2:13: inf is no number to add"),
        (scores("[confidence]\nneutrl = [[0, 500]]\n"), "scores.toml:2:1: unknown variant `neutrl`, expected one of"),
        (
            scores("[confidence]\nneutral = [[0, 70000]]\n"),
            "scores.toml:2:11: a confidence of 70000 thousandths; 0 to 1000 are possible",
        ),
        (
            scores("[confidence]\nneutral = [[0, 500], [0, 600]]\n"),
            "scores.toml:2:11: the margins of neutral do not rise",
        ),
        (
            LexiconFile {
                name: "house.toml".to_owned(),
                text: "[[entry]]\nid = \"a.b\"\npattern = \"a\"\n".to_owned(),
            },
            "house.toml:2:6: entries need a [principle] in their file",
        ),
    ] {
        let errors = Lexicon::from_files(std::slice::from_ref(&file)).expect_err(expected);
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(
            errors.len() == 1 && errors[0].starts_with(expected),
            "{errors:#?} is not {expected:?} for {}",
            file.text
        );
    }
}

#[test]
fn every_error_is_named_in_the_order_of_the_files() {
    let other = LexiconFile { name: "another.toml".to_owned(), text: "x = 1\n".to_owned() };
    let files = [entry("pattern = \"a (\"\n\n[[entry]]\nid = \"house.b\"\npattern = \"@NONE\"\n"), other];
    let errors = Lexicon::from_files(&files).expect_err("three errors");
    let places: Vec<String> = errors.iter().map(|error| format!("{}:{}", error.file, error.line)).collect();
    assert_eq!(places, ["another.toml:1", "house.toml:8", "house.toml:12"]);
}

#[test]
fn more_words_than_there_is_room_for_are_an_error() {
    let patterns: Vec<String> = (0..33_000).map(|at| format!("\"a{at} b{at}\"")).collect();
    let errors =
        Lexicon::from_files(&[entry(&format!("patterns = [{}]\n", patterns.join(", ")))]).expect_err("too many");
    let first = errors[0].to_string();
    assert!(first.ends_with("more than 65535 different words and choices of words in one lexicon"), "{first}");
}

#[test]
fn the_built_in_lexicon_is_what_its_files_say() {
    let (packed, compiled) = (Lexicon::builtin(), Lexicon::from_files(&builtin::files()).expect("a sound lexicon"));
    assert_eq!(packed.id(), compiled.id());
    assert_eq!(format!("{:?}", packed.entries()), format!("{:?}", compiled.entries()));
    let samples = read("samples/labels.tsv");
    for text in samples.lines().skip(1).filter_map(|line| line.split('\t').nth(3)) {
        let [packed, compiled] = [&packed, &compiled].map(|lexicon| classify(lexicon, text, Context::default()));
        assert_eq!(packed, compiled, "{text}");
    }
}

#[test]
fn where_a_phrase_stands_in_a_long_sentence_makes_no_difference() {
    let patterns = "pattern = \"[again] !<not zorb <0-3> vex !quux\"\nunless = \"grum\"\nweight = 5.0\n";
    let lexicon = Lexicon::from_files(&[entry(patterns)]).expect("a sound lexicon");
    for (phrase, expected) in [
        ("again zorb the old vex", Label::Directive),
        ("not zorb vex", Label::Neutral),
        ("zorb vex quux", Label::Neutral),
        ("zorb vex for all and for ever grum", Label::Neutral),
    ] {
        for before in 0..300 {
            let text = format!("{}{phrase}{}", "oh ".repeat(before), " ah".repeat(300 - before));
            let label = classify(&lexicon, &text, Context::default()).label;
            assert_eq!(label, expected, "\"{phrase}\" behind {before} words");
        }
    }
}

#[test]
fn patterns_that_differ_in_what_else_they_ask_for_are_no_duplicates() {
    let one = |id: &str, rest: &str| format!("[[entry]]\nid = \"house.{id}\"\npattern = \"zorb\"\n{rest}\n");
    let given = one("a", "given = \"quux\"") + &one("b", "unless = \"quux\"") + &one("c", "") + &one("d", "");
    let lexicon = Lexicon::from_files(&[file(&given)]).expect("a sound lexicon");
    let findings = check(&lexicon);
    let duplicates = findings.iter().filter(|finding| finding.reason.contains("same pattern"));
    let duplicates: Vec<_> = duplicates.map(|finding| (finding.entry.as_str(), finding.reason.as_str())).collect();
    assert_eq!(duplicates, [("house.d", "has the same pattern as house.c")]);
}

#[test]
fn what_does_not_count_is_told_once_and_with_what_takes_it_away() {
    let entries = [
        ("directive.innocent", "pattern = \"zorb vex\"\nweight = 1.0"),
        ("directive.blocks", "pattern = \"quux zorb vex\"\ncancels = true\nweight = 1.0"),
        ("directive.small", "pattern = \"zorb vex\"\nstance = \"empowering\"\ncancels = true\nweight = 1.0"),
        ("directive.shield", "pattern = \"a vex or a zorb or a vex or a zorb\"\nstance = \"neutral\"\ncancels = true"),
        ("directive.vex", "pattern = \"a vex\"\nweight = 1.0"),
        ("directive.zorb", "pattern = \"a zorb\"\nstance = \"empowering\"\nweight = 1.0"),
    ];
    let entries: String = entries.iter().map(|(id, rest)| format!("[[entry]]\nid = \"{id}\"\n{rest}\n")).collect();
    let text = format!("[principle]\nname = \"directive\"\nstance = \"directive\"\nabout = \"Ours.\"\n{entries}");
    let house = LexiconFile { name: "house.toml".to_owned(), text };
    let lexicon = Lexicon::from_files(&[house]).expect("a sound lexicon");
    let cancelled = |text: &str| -> Vec<(String, String)> {
        let explanation = explain(&lexicon, &[], text).expect("a sentence").swap_remove(0);
        explanation.cancelled.into_iter().map(|cancelled| (cancelled.term.entry, cancelled.by)).collect()
    };
    let told = |pairs: &[[&str; 2]]| pairs.iter().map(|[a, b]| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let expected = told(&[["directive.innocent", "directive.blocks"], ["directive.small", "directive.blocks"]]);
    assert_eq!(cancelled("Quux zorb vex."), expected);
    let expected = told(&[["directive.vex", "directive.shield"], ["directive.zorb", "directive.shield"]]);
    assert_eq!(cancelled("A vex or a zorb or a vex or a zorb."), expected);
}

#[test]
fn entries_of_a_user_extend_and_replace() {
    let label = |files: &[LexiconFile], text: &str| {
        let lexicon = Lexicon::from_files(files).expect("a sound lexicon");
        classify(&lexicon, text, Context::default()).label
    };
    let sentence = "The vats are pronto again.";
    let mut files = builtin::files();
    assert_eq!(label(&files, sentence), Label::Neutral);
    files.push(entry("pattern = \"pronto\"\nweight = 5.0\n"));
    assert_eq!(label(&files, sentence), Label::Directive);
    let alone = Lexicon::from_files(&files).expect("a sound lexicon");
    assert_ne!(alone.id().hash, Lexicon::builtin().id().hash);
    let found = alone.entry("house.pronto").expect("the entry is there");
    assert_eq!((found.file.as_str(), found.line, found.weights.directive), ("house.toml", 7, 5000));
}
