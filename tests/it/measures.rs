//! `leadtone eval` and `leadtone fit`: what they measure, and that they measure the same each time.

use serde_json::Value;
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
fn a_dry_fit_says_the_same_each_time_and_writes_nothing() {
    let args = ["fit", "samples/pairs.tsv", "--dry-run"];
    let first = told(&args);
    assert_eq!(first, told(&args));
    assert!(first.contains("\nconfidence ") && !first.contains("\nwrote "), "{first}");
}
