//! What `leadtone check` writes for other programs: levels, places, paths, escapes, and how much.
//!
//! Whether these programs can read it is asked of their own schemas and parsers by `.ci/outputs/`.

use super::cli::{Cli, Ran};
use leadtone::render::CheckFormat;
use serde_json::Value;
use std::{env, fs};

/// Eighteen orders: past the limits of a memo.
const ORDERS: &str = "You must file the form today. You must sign the sheet. You must lock the gate. You must wear the \
    badge. You must report to the desk. You must clean the van. You must count the keys. You must close the shop. You \
    must answer the phone. You must stay until six. You must sweep the hall. You must post the bill. You must oil the chain. You must fill the tank. You \
    must paint the fence. You must ring the bell. You must feed the cat. You must stack the chairs.\n";

/// One order, over two lines, and too little to say anything of the document; one sentence that hands over.
const NOTE: &str = "# Shop\n\nThe shop has a window. You must\nclose it by six. You decide how to run the stall.\n";

fn check<const N: usize>(format: CheckFormat, args: [&str; N]) -> Ran {
    let docx = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/memos/brewery-recall.docx"));
    Cli::new()
        .file("memos/orders.txt", ORDERS)
        .file("a b/100%,:#.md", NOTE)
        .file("memos/recall.docx", docx.expect("the sample is readable"))
        .file("sheet.xlsx", b"PK\x03\x04\x00\x00\xFF\xFE rows")
        .args(["check", "--isolated", "--format", format.name()])
        .args(args)
        .run()
}

fn code(ran: &Ran) -> Option<i32> {
    ran.output.status.code()
}

#[test]
fn every_output_exits_alike() {
    for format in CheckFormat::ALL {
        for (args, expected) in [(["memos/orders.txt", "--quiet"], 1), (["absent.txt", "--exit-zero"], 2)] {
            let ran = check(format, args);
            assert_eq!(code(&ran), Some(expected), "{}, {args:?}: {}", format.name(), ran.errors());
            assert!(!ran.output.stdout.is_empty(), "{}, {args:?}", format.name());
        }
    }
}

/// What an output says of each kind of place.
#[test]
fn levels_and_places_are_as_the_format_has_them() {
    let all = ["memos", "a b", "sheet.xlsx", "--show", "all"];
    for (format, parts) in [
        (
            CheckFormat::Github,
            &[
                "::error title=leadtone%3A past its limits,file=memos/orders.txt::memos/orders.txt is past the limits of memo: ",
                "::error title=leadtone%3A directive (",
                "),file=memos/orders.txt,line=1,endLine=1,col=1,endColumn=30::Directive: \"You must file the form today.\"%0A",
                "::warning title=leadtone%3A directive (",
                "),file=a b/100%25%2C%3A#.md,line=3,endLine=4::Directive: \"You must close it by six.\"%0A",
                "::notice title=leadtone%3A empowering (",
                ",file=memos/recall.docx::",
                " (paragraph ",
                "::error title=leadtone%3A cannot be read,file=sheet.xlsx::Cannot be read: ",
            ][..],
        ),
        (
            CheckFormat::Checkstyle,
            &[
                "<file name=\"memos/orders.txt\">\n    <error line=\"1\" severity=\"error\" message=\"memos/orders.txt is past",
                "<error line=\"1\" column=\"31\" severity=\"error\" message=\"Directive: &quot;You must sign the sheet.&quot; ",
                "<file name=\"a b/100%,:#.md\">\n    <error line=\"3\" column=\"24\" severity=\"warning\"",
                "severity=\"info\" message=\"Empowering: ",
                " source=\"leadtone.gate.limits\"/>",
                "<file name=\"sheet.xlsx\">\n    <error line=\"1\" severity=\"error\" message=\"Cannot be read: ",
            ],
        ),
        (
            CheckFormat::Rdjsonl,
            &[
                "\"location\":{\"path\":\"a b/100%,:#.md\",\"range\":{\"start\":{\"line\":3},\"end\":{\"line\":4}}},\"severity\":\"WARNING\"",
                "\"location\":{\"path\":\"memos/recall.docx\"},\"severity\"",
            ],
        ),
        (
            CheckFormat::Junit,
            &[
                "<testcase name=\"memos/orders.txt\" classname=\"leadtone.memo\">\n      <failure type=\"limits\" message=\"",
                "<skipped message=\"too little evidence\"/>",
                "memos/orders.txt:1:56: Directive: &quot;You must lock the gate.&quot;",
                "<testcase name=\"sheet.xlsx\" classname=\"leadtone\">\n      <error type=\"unreadable\" message=\"",
            ],
        ),
        (
            CheckFormat::Markdown,
            &[
                "### leadtone check: failed\n",
                "| memos/orders.txt | **fail** | 18 | 0 | 0 | 0 |",
                "<details><summary>a b/100%,:#<!-- -->.md: 2 sentences to look at</summary>",
                "- **line 3**, directive: <ins>You must",
                "- **paragraph ",
                "- sheet.xlsx: ",
            ],
        ),
    ] {
        let ran = check(format, all);
        let text = ran.text();
        assert_eq!(code(&ran), Some(2), "{}", ran.errors());
        for part in parts {
            assert!(text.contains(part), "{} lacks {part:?}:\n{text}", format.name());
        }
    }
}

#[test]
fn sarif_and_gitlab_say_what_the_others_say() {
    let all = ["memos", "a b", "sheet.xlsx"];
    let log = check(CheckFormat::Sarif, all).json();
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let place = &run["invocations"][0]["toolExecutionNotifications"][0]["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "sheet.xlsx");
    let results = run["results"].as_array().expect("results");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let on = |uri: &str| -> Vec<&Value> {
        let of = |result: &&Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri;
        results.iter().filter(of).collect()
    };
    let note = on("a%20b/100%25%2C%3A%23.md");
    assert_eq!((note.len(), &note[0]["level"]), (1, &"warning".into()));
    let region = &note[0]["locations"][0]["physicalLocation"]["region"];
    let found = ["startLine", "startColumn", "endLine", "endColumn"].map(|key| region[key].as_u64());
    assert_eq!(found, [Some(3), Some(24), Some(4), Some(17)]);
    let orders = on("memos/orders.txt");
    assert_eq!((orders.len(), &orders[0]["ruleId"], &orders[0]["level"]), (19, &"gate.limits".into(), &"error".into()));
    let recall = on("memos/recall.docx");
    assert!(!recall.is_empty());
    for result in recall.iter().filter(|result| result["ruleId"] != "gate.limits") {
        let location = &result["locations"][0];
        assert!(location["physicalLocation"].get("region").is_none(), "a docx has no lines");
        assert!(location["message"]["text"].as_str().is_some_and(|text| text.starts_with("paragraph ")), "{location}");
    }

    let issues = check(CheckFormat::Gitlab, all).json();
    let issues = issues.as_array().expect("an array");
    assert_eq!(issues.len(), results.len() + 1, "and the file that could not be read");
    let mut fingerprints: Vec<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "each has a fingerprint of its own");
    for (path, severity) in [("memos/orders.txt", "major"), ("a b/100%,:#.md", "minor"), ("sheet.xlsx", "critical")] {
        assert!(
            issues.iter().any(|issue| issue["location"]["path"] == path && issue["severity"] == severity),
            "{path}"
        );
    }
    let recall = issues.iter().filter(|issue| issue["location"]["path"] == "memos/recall.docx");
    for issue in recall.filter(|issue| issue["check_name"] != "gate.limits") {
        let paragraph = format!("(paragraph {})", issue["location"]["lines"]["begin"]);
        assert!(issue["description"].as_str().is_some_and(|text| text.contains(&paragraph)), "{issue}");
    }
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let fingerprints = |text: &str| -> Vec<Value> {
        let ran = Cli::new().file("a.md", text).args(["check", "--isolated", "--format", "gitlab", "a.md"]).run();
        let issues = ran.json();
        issues.as_array().expect("an array").iter().map(|issue| issue["fingerprint"].clone()).collect()
    };
    let before = fingerprints("You must close the shop. You must sign the sheet.\n");
    assert_eq!(before.len(), 2);
    assert_eq!(before, fingerprints("# Shop\n\nA window.\n\nYou must close\nthe shop. You must sign\nthe sheet.\n"));
    assert_eq!(before[1..], fingerprints("You must close the van. You must sign the sheet.\n")[1..]);
}

#[test]
fn paths_begin_at_the_current_folder() {
    for (format, part) in [
        (CheckFormat::Sarif, "\"uri\": \"memos/orders.txt\""),
        (CheckFormat::Github, ",file=memos/orders.txt,"),
        (CheckFormat::Gitlab, "\"path\": \"memos/orders.txt\""),
        (CheckFormat::Junit, "<testcase name=\"memos/orders.txt\""),
        (CheckFormat::Checkstyle, "<file name=\"memos/orders.txt\">"),
        (CheckFormat::Rdjsonl, "\"path\":\"memos/orders.txt\""),
        (CheckFormat::Markdown, "| memos/orders.txt |"),
    ] {
        let cli = Cli::new().file("memos/orders.txt", ORDERS);
        let folder = fs::canonicalize(cli.path("")).expect("the folder is there");
        let path = folder.join("memos/orders.txt").to_string_lossy().into_owned();
        let absent = folder.join("absent.txt").to_string_lossy().into_owned();
        let ran = cli.args(["check", "--isolated", "--format", format.name(), &path, &absent]).code(2);
        let text = ran.text();
        assert!(text.contains(part), "{} lacks {part}:\n{text}", format.name());
        assert!(!text.contains(&*folder.to_string_lossy()), "{} names the folder:\n{text}", format.name());
    }
}

#[test]
fn a_job_gets_a_summary() {
    let cli = |format: &str, summary: &'static str| {
        let cli = Cli::new().file("orders.txt", ORDERS).file("summary.md", "Before.\n");
        cli.env("GITHUB_STEP_SUMMARY", summary).args(["check", "--isolated", "--format", format, "orders.txt"])
    };
    let ran = cli("github", "summary.md").code(1).stderr("");
    let summary = fs::read_to_string(ran.folder.path().join("summary.md")).expect("the summary is text");
    assert!(summary.starts_with("Before.\n<!-- leadtone check -->\n### leadtone check: failed\n"), "{summary}");
    assert!(ran.text().ends_with("\nleadtone: 1 document: 1 failed, 0 passed; 18 sentences to look at\n"));

    let ran = cli("github", "absent/summary.md").code(1);
    assert!(ran.errors().starts_with("leadtone: absent/summary.md: no summary: "), "{}", ran.errors());
    assert!(ran.text().starts_with("::error "), "the annotations are there all the same");

    for (format, summary) in [("text", "summary.md"), ("markdown", "summary.md"), ("github", "")] {
        let ran = cli(format, summary).code(1).stderr("");
        let summary = fs::read_to_string(ran.folder.path().join("summary.md")).expect("the summary is text");
        assert_eq!(summary, "Before.\n", "{format} leaves it alone");
    }
}

#[test]
fn a_comment_is_never_too_long() {
    const SENTENCES: usize = 3000;
    let many: String = (0..SENTENCES).map(|number| format!("You must sign sheet {number}. ")).collect();
    let mut cli = Cli::new().file("many.txt", many).file("few.txt", ORDERS);
    for number in 0..400 {
        cli = cli.file(&format!("handbook/a-rather-long-name-for-a-short-chapter-{number}.txt"), "You must sign it.\n");
    }
    let ran = cli.args(["check", "--isolated", "--format", "markdown"]).code(1);
    let text = ran.text();
    assert!((40_000..65_536).contains(&text.len()), "{} bytes", text.len());
    let shown = text.lines().filter(|line| line.starts_with("- **line ")).count();
    let left_out = SENTENCES + 18 + 400 - shown;
    assert!(shown > 100 && text.contains(&format!("\n**Left out: {left_out} sentences to look at**")), "{shown} shown");
    let rows = text.lines().filter(|line| line.ends_with("% |") || line.ends_with("- |")).count();
    assert!(text.contains(&format!("for which a comment has no room: {} documents.", 402 - rows)), "{rows} rows");
    let first: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).skip(2).take(2).collect();
    assert!(first.iter().all(|row| row.contains("| **fail** |")), "what fails stands first: {first:?}");
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn nothing_in_a_document_is_a_command() {
    let text = "You must sign\n::error::x\n##[error]y\n\n@ana, you must see #12, <img src=x onerror=y> and \
        [this](https://x.example) or www.x.example today.\n";
    let run = |format: &str| {
        let cli = Cli::new().file("a\n::error::b.txt", text).args(["check", "--isolated", "--format", format, "."]);
        cli.code(0).text()
    };
    let found = run("github");
    for line in found.lines() {
        assert!(line.starts_with("::warning title=") || line.starts_with("leadtone: "), "{line}");
    }
    assert_eq!(found.lines().count(), 3, "{found}");
    let found = run("markdown");
    for part in ["@ana", "#12", "<img", "](https:", "://", "www.x"] {
        assert!(!found.contains(part), "{part}: {found}");
    }
}

#[test]
fn what_is_suppressed_is_so_in_sarif_and_nowhere_else() {
    let run = |format: &str| {
        let text = "<!-- leadtone: next all -- the statute says so -->\nYou must sign the sheet.\n\nYou must close the \
            shop.\n\nYou must lock the gate.\n";
        let config = "[[suppress]]\npath = \"a.md\"\nentry = \"all\"\ntext = \"lock the gate\"\nreason = \"agreed\"\n";
        let cli = Cli::new().file("a.md", text).file("leadtone.toml", config);
        let path = fs::canonicalize(cli.path("a.md")).expect("the file is there").to_string_lossy().into_owned();
        cli.args(["check", "--show", "all", "--format", format, &path]).code(0)
    };
    let log = run("sarif").json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let found: Vec<(u64, &Value)> = results
        .iter()
        .map(|result| {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            (region["startLine"].as_u64().expect("a line"), &result["suppressions"])
        })
        .collect();
    let comment = serde_json::json!([{"kind": "inSource", "justification": "the statute says so"}]);
    let config = serde_json::json!([{"kind": "external", "justification": "agreed"}]);
    assert_eq!(found, [(4, &serde_json::json!([])), (2, &comment), (6, &config)]);
    for format in ["github", "gitlab", "junit", "checkstyle", "rdjsonl", "markdown"] {
        let text = run(format).text();
        assert!(text.contains("the shop."), "{format}: {text}");
        assert!(!text.contains("the sheet") && !text.contains("the gate"), "{format}: {text}");
    }
}
