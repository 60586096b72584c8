//! `leadtone eval` and `leadtone fit`: what they measure, and that they measure the same each time.

use super::cli::Cli;
use leadtone::evaluate::Gold;
use leadtone::fit::{Ablation, FitOptions, ablation, fit, learning_curve, write_back};
use leadtone::label::Label;
use leadtone::lexicon::{Lexicon, LexiconFile};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn leadtone(args: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_leadtone")).args(args).current_dir(root).output().expect("the program runs")
}

/// What a run that ends well writes.
fn told(args: &[&str]) -> String {
    let output = leadtone(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&told(args)).expect("one JSON value")
}

#[test]
fn an_evaluation_says_the_same_each_time() {
    let args = ["eval", "samples/labels.tsv", "--by-genre", "--calibration", "--errors"];
    assert_eq!(told(&args), told(&args));
}

#[test]
fn an_evaluation_adds_up() {
    let evaluation = json(&["eval", "samples/labels.tsv", "--json"]);
    let overall = &evaluation["overall"];
    let sentences = overall["sentences"].as_u64().expect("a count");
    let sum =
        |rows: &Value, count: &dyn Fn(&Value) -> u64| rows.as_array().expect("rows").iter().map(count).sum::<u64>();
    let row = |row: &Value| sum(row, &|count| count.as_u64().expect("a count"));
    assert_eq!(sum(&evaluation["confusion"], &row), sentences);
    let bands = &evaluation["calibration"]["bands"];
    assert_eq!(sum(bands, &|band| band["sentences"].as_u64().expect("a count")), sentences);
    let right = sum(bands, &|band| band["right"].as_u64().expect("a count"));
    let accuracy = overall["accuracy"].as_f64().expect("a share");
    assert!((right as f64 / sentences as f64 - accuracy).abs() < 1e-9, "{right} of {sentences}: {accuracy}");
    let [low, high] = [0, 1].map(|at| evaluation["macro_f1_interval"][at].as_f64().expect("a bound"));
    let mean = overall["macro_f1"].as_f64().expect("a mean");
    assert!(low < mean && mean < high, "{low} {mean} {high}");
}

#[test]
fn the_floor_of_an_evaluation_is_an_exit_code() {
    for (floor, code) in [("0.1", 0), ("0.999", 1)] {
        let output = leadtone(&["eval", "samples/labels.tsv", "--min-f1", floor]);
        assert_eq!(output.status.code(), Some(code), "{floor}");
    }
    let output = leadtone(&["eval", "samples/nothing.tsv"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_file_of_rows_without_a_header_line_is_an_error() {
    let sound = "id\tgenre\tlabel\ttext\na\tmemo\tdirective\tRun it by me.\nb\tmemo\tneutral\tWe open at nine.\n";
    let (_, bare) = sound.split_once('\n').expect("a header line");
    let wanted = "a header line is wanted: id, genre, label, text";
    let cli =
        || Cli::new().file("sound.tsv", sound).file("bare.tsv", bare).file("bare-sources.tsv", "a\tone\nb\ttwo\n");
    for command in [["eval", "--json"], ["fit", "--dry-run"]] {
        let ran = cli().args(command).args(["bare.tsv"]).code(2);
        assert_eq!(ran.errors(), format!("leadtone: bare.tsv: line 1: {wanted}\n"));
        cli().args(command).args(["sound.tsv"]).code(0);
    }
    let ran = cli().args(["fit", "--dry-run", "sound.tsv", "--sources", "bare-sources.tsv"]).code(2);
    assert_eq!(ran.errors(), "leadtone: bare-sources.tsv: line 1: a header line is wanted: id, source\n");
}

#[test]
fn a_dry_fit_says_the_same_each_time_and_writes_nothing() {
    let args = ["fit", "samples/pairs.tsv", "--dry-run"];
    let first = told(&args);
    assert_eq!(first, told(&args));
    assert!(first.contains("on the sentences of the fit themselves\n"), "{first}");
    assert!(first.contains("\nconfidence ") && !first.contains("\nwrote "), "{first}");
}

/// Sixty sentences of which a please is directive, a trust empowering and the rest neither.
fn gold() -> Vec<Gold> {
    let sentence = |at: usize| {
        let (label, text) = match at % 3 {
            0 => (Label::Directive, format!("Please send file {at} by noon.")),
            1 => (Label::Empowering, format!("I trust your judgement on file {at}.")),
            _ => (Label::Neutral, format!("File {at} is on the shelf.")),
        };
        Gold { id: at.to_string(), genre: "memo".to_owned(), label, text }
    };
    (0..60).map(sentence).collect()
}

fn principle(name: &str, stance: &str, word: &str) -> LexiconFile {
    let head = format!("[principle]\nname = \"{name}\"\nstance = \"{stance}\"\nabout = \"Ours.\"\n");
    let entry = format!(
        "[[entry]]\nid = \"{name}.{word}\"\npattern = \"{word}\"\nnote = \"Ours.\"\nmatches = [\"A {word}.\"]\nallows = [\"None.\"]\n"
    );
    LexiconFile { name: format!("{name}.toml"), text: format!("{head}\n{entry}") }
}

#[test]
fn a_fit_writes_where_the_odds_are_even() {
    let scores = LexiconFile { name: "scores.toml".to_owned(), text: "[bias]\n[even]\n[confidence]\n".to_owned() };
    let files = [principle("asking", "directive", "please"), principle("trusting", "empowering", "trust"), scores];
    let lexicon = Lexicon::from_files(&files).expect("a sound lexicon");
    let options = FitOptions { thresholds: [0.3, 0.2], ..FitOptions::default() };
    let fit = fit(&lexicon, &gold(), &BTreeMap::new(), options).expect("sentences");
    let files = write_back(&files, &lexicon, &fit).expect("the files are TOML");
    let even = Lexicon::from_files(&files).expect("a sound lexicon").even();
    // The log-odds of 0.7 and of 0.8.
    assert_eq!((even.directive, even.empowering), (847, 1_386));
}

#[test]
fn an_ablation_leaves_out_each_file() {
    let files = [principle("asking", "directive", "please"), principle("trusting", "empowering", "trust")];
    let rows = ablation(&files, &gold(), &BTreeMap::new(), FitOptions::default()).expect("a sound lexicon");
    let told = |row: &Ablation| {
        let [directive, empowering] = [row.held_out.directive.f1, row.held_out.empowering.f1];
        (row.without.clone(), row.entries, directive > 0.99, empowering > 0.99)
    };
    let expected = [
        ("nothing", 0, true, true),
        ("all directive entries", 1, false, true),
        ("all empowering entries", 1, true, false),
        ("asking.toml", 1, false, true),
        ("trusting.toml", 1, true, false),
    ];
    let expected =
        expected.map(|(without, entries, directive, empowering)| (without.to_owned(), entries, directive, empowering));
    assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn a_learning_curve_ends_with_the_whole_fit() {
    let files = [principle("asking", "directive", "please"), principle("trusting", "empowering", "trust")];
    let lexicon = Lexicon::from_files(&files).expect("a sound lexicon");
    let (gold, sources, options) = (gold(), BTreeMap::new(), FitOptions::default());
    let steps = learning_curve(&lexicon, &gold, &sources, options).expect("sentences");
    let sizes: Vec<usize> = steps.iter().map(|step| step.sentences).collect();
    assert!(sizes.is_sorted() && sizes.len() == 5 && sizes[4] == gold.len(), "{sizes:?}");
    // All that is compared is always the same.
    assert!(steps.iter().all(|step| step.held_out.sentences == gold.len()));
    assert!(steps.iter().all(|step| step.fitted.sentences == step.sentences));
    let whole = fit(&lexicon, &gold, &sources, options).expect("sentences").held_out.overall;
    assert_eq!(steps[4].held_out.macro_f1.to_bits(), whole.macro_f1.to_bits());
}

#[test]
fn a_learning_curve_is_told_in_rows() {
    let told = told(&["fit", "samples/labels.tsv", "--dry-run", "--learning-curve"]);
    let rows = told.lines().skip_while(|line| !line.starts_with("sentences ")).skip(1);
    assert_eq!(rows.filter(|row| row.trim_start().starts_with(|c: char| c.is_ascii_digit())).count(), 5, "{told}");
}
