//! What somebody said does not count: in a comment, in the configuration; what of that does nothing.

use super::cli::{Cli, Ran};
use serde_json::Value;

/// A lexicon of plain words, so that nothing here hangs on how ours is fitted.
const HOUSE: &str = "\
[principle]
name = \"house\"
stance = \"directive\"
about = \"Ours.\"

[[entry]]
id = \"house.zorbly\"
pattern = \"zorbly\"
weight = 9.0

[[entry]]
id = \"house.vexly\"
pattern = \"vexly\"
weight = 9.0
";

const GARDEN: &str = "\
[principle]
name = \"garden\"
stance = \"empowering\"
about = \"Theirs.\"

[[entry]]
id = \"garden.blimly\"
pattern = \"blimly\"
weight = 9.0
";

const CONFIG: &str = "lexicon = [\"house\"]\n";

fn check<const N: usize>(name: &str, text: &str, config: &str, args: [&str; N]) -> Cli {
    Cli::new()
        .file("leadtone.toml", format!("{CONFIG}{config}"))
        .file("house/house.toml", HOUSE)
        .file("house/garden.toml", GARDEN)
        .file(name, text)
        .args(["check", name])
        .args(args)
}

/// Of one document: the sentences to look at, those that are suppressed, and what was warned of.
type Found = (Vec<String>, Vec<String>, Vec<String>);

fn found(name: &str, text: &str, config: &str) -> Found {
    found_in_each(&[(name, text.to_owned())], config).remove(0)
}

/// Checks all documents in one run, since a start takes its time.
fn found_in_each(documents: &[(&str, String)], config: &str) -> Vec<Found> {
    let mut cli = Cli::new()
        .file("leadtone.toml", format!("{CONFIG}{config}"))
        .file("house/house.toml", HOUSE)
        .file("house/garden.toml", GARDEN)
        .args(["check", "--show=all", "--format=json"]);
    for (name, text) in documents {
        cli = cli.file(name, text).args([*name]);
    }
    let ran = cli.run();
    let report: Value = serde_json::from_str(&ran.text()).expect("JSON");
    let mut total = 0;
    let found =
        documents.iter().zip(report["documents"].as_array().expect("documents")).map(|((name, _), document)| {
            assert_eq!(document["path"], *name);
            let texts = |key: &str| -> Vec<String> {
                let list = document[key].as_array().cloned().unwrap_or_default();
                list.iter().map(|finding| finding["text"].as_str().expect("a text").to_owned()).collect()
            };
            assert_eq!(document["outcome"]["suppressed"], texts("suppressed").len());
            total += texts("suppressed").len();
            let mut warnings = warnings(&ran);
            warnings
                .retain(|warning| warning.starts_with(&format!("{name}:")) || warning.starts_with("leadtone.toml:"));
            (texts("findings"), texts("suppressed"), warnings)
        });
    let found: Vec<Found> = found.collect();
    assert_eq!((found.len(), &report["gate"]["suppressed"]), (documents.len(), &total.into()));
    found
}

fn warnings(ran: &Ran) -> Vec<String> {
    ran.errors().lines().map(|line| line.trim_start_matches("leadtone: warning: ").to_owned()).collect()
}

#[test]
fn comments_suppress_in_every_format_that_has_them() {
    let body = |comment: &dyn Fn(&str) -> String| {
        let off = comment("off all -- the law says it so");
        let (on, next) = (comment("on"), comment("next house.zorbly -- agreed with the crew"));
        format!(
            "The vats are zorbly.\n\n{off}\n\nThe pans are zorbly. The pans are vexly.\n\n{on}\n\nThe jars are \
             vexly.\n\n{next}\n\nThe lids are zorbly. The tops are zorbly.\n"
        )
    };
    let html = |said: &str| format!("<!-- leadtone: {said} -->");
    let expected = ["The vats are zorbly.", "The jars are vexly.", "The tops are zorbly."];
    let gone = ["The pans are zorbly.", "The pans are vexly.", "The lids are zorbly."];
    let documents = [
        ("a.md", body(&html)),
        ("list.md", body(&|said| format!("- {}", html(said)))),
        ("front.md", body(&html).replacen("The vats", "---\ntitle: x\n---\n\nThe vats", 1)),
        ("bom.md", format!("\u{feff}{}", body(&html))),
        ("lines.md", body(&html).replace('\n', "\r\n")),
        ("a.html", format!("<html><body>{}</body></html>", body(&html).replace("\n\n", "\n<p>\n"))),
        ("a.rst", body(&|said| format!(".. leadtone: {said}"))),
        ("a.adoc", body(&|said| format!("// leadtone: {said}"))),
    ];
    for ((name, _), (findings, suppressed, warnings)) in documents.iter().zip(found_in_each(&documents, "")) {
        assert_eq!(findings, expected, "{name}");
        assert_eq!(suppressed, gone, "{name}");
        assert_eq!(warnings, [""; 0], "{name}");
    }
}

#[test]
fn a_comment_reaches_as_far_as_it_says() {
    let same: [&str; 0] = [];
    let cases = [
        ("to the end", "<!-- leadtone: off all -- x -->\nA zorbly.\n\nB vexly.\n", &["A zorbly.", "B vexly."][..]),
        ("one entry", "<!-- leadtone: off house.zorbly -- x -->\nA zorbly.\n\nB vexly.\n", &["A zorbly."]),
        (
            "on for one entry",
            "<!-- leadtone: off house.zorbly -- x -->\n<!-- leadtone: off house.vexly -- x -->\nA zorbly. B vexly.\n\n\
             <!-- leadtone: on house.vexly -->\nC zorbly. D vexly.\n",
            &["A zorbly.", "B vexly.", "C zorbly."],
        ),
        ("in the line", "A zorbly. <!-- leadtone: next all -- x --> B zorbly. C zorbly.\n", &["B zorbly."]),
        ("before its sentence", "<!-- leadtone: next all -- x --> A zorbly.\nB zorbly.\n", &["A zorbly."]),
        (
            "two for one",
            "<!-- leadtone: next house.zorbly -- x --><!-- leadtone: next house.vexly -- x -->\nA zorbly \
          vexly.\n",
            &["A zorbly vexly."],
        ),
        ("not all that directs", "<!-- leadtone: next house.zorbly -- x -->\nA zorbly and vexly.\n", &same),
        ("over lines", "<!--\nleadtone: next all\n-- x\n-->\nA zorbly.\n", &["A zorbly."]),
        ("a dash", "<!-- leadtone: next all \u{2014} x -->\nA zorbly.\n", &["A zorbly."]),
        (
            "shown as code",
            "    <!-- leadtone: off all -- x -->\n\nA zorbly. `<!-- leadtone: off all -- x -->`\n",
            &same,
        ),
        ("no comment of ours", "<!-- off all -- x -->\nA zorbly.\n", &same),
        ("above front matter", "<!-- leadtone: off all -- x -->\n---\ntitle: y\n---\nA zorbly.\n", &["A zorbly."]),
    ];
    let names: Vec<String> = (0..cases.len()).map(|number| format!("{number}.md")).collect();
    let documents: Vec<_> = names.iter().zip(&cases).map(|(name, case)| (name.as_str(), case.1.to_owned())).collect();
    for ((name, _, suppressed), (_, found, warnings)) in cases.iter().zip(found_in_each(&documents, "")) {
        assert_eq!(found, *suppressed, "{name}");
        assert_eq!(warnings, [""; 0], "{name}");
    }
}

#[test]
fn what_does_nothing_is_named() {
    let cases = [
        (
            "no reason",
            "<!-- leadtone: next all -->\nA zorbly.",
            "1:1: not applied without a reason: write `next all -- REASON`",
        ),
        (
            "blank reason",
            "<!-- leadtone: off all --  -->\nA zorbly.",
            "1:1: not applied without a reason: write `off all -- REASON`",
        ),
        (
            "no entry",
            "<!-- leadtone: off -- x -->\nA zorbly.",
            "1:1: no entry: write `off ENTRY -- REASON` or `off all -- REASON`",
        ),
        (
            "unknown",
            "B.\n\n<!-- leadtone: next house.zorbli -- x -->\nA zorbly.",
            "3:1: no entry `house.zorbli` in the lexicon",
        ),
        ("misspelt", "<!-- leadtone: of all -- x -->\nA zorbly.", "1:1: `of` is none of off, on, next"),
        ("empty", "<!-- leadtone: -->\nA zorbly.", "1:1: `` is none of off, on, next"),
        (
            "two entries",
            "<!-- leadtone: off all b -- x -->\nA zorbly.",
            "1:1: `b` is one word too many: write `off ENTRY -- REASON`",
        ),
        (
            "stale",
            "A zorbly.\n\n<!-- leadtone: next all -- x -->\nThe vats are blue.",
            "3:1: suppresses nothing and can go",
        ),
        ("stale region", "A zorbly.\n\n<!-- leadtone: off all -- x -->", "3:1: suppresses nothing and can go"),
        ("other entry", "<!-- leadtone: next house.vexly -- x -->\nA zorbly.", "1:1: suppresses nothing and can go"),
        ("nothing is off", "<!-- leadtone: on -->\nA zorbly.", "1:1: nothing is off"),
        ("not off", "<!-- leadtone: on all -->\nA zorbly.", "1:1: `all` is not off"),
    ];
    let names: Vec<String> = (0..cases.len()).map(|number| format!("{number}.md")).collect();
    let documents: Vec<_> = names.iter().zip(&cases).map(|(name, case)| (name.as_str(), case.1.to_owned())).collect();
    for (at, (findings, suppressed, warnings)) in found_in_each(&documents, "").into_iter().enumerate() {
        let (name, _, expected) = cases[at];
        assert_eq!((findings.len(), suppressed.len()), (1, 0), "{name}");
        assert_eq!(warnings, [format!("{at}.md:{expected}")], "{name}");
    }
    let twice = "<!-- leadtone: off all -- x -->\n<!-- leadtone: off all -- y -->\nA zorbly.";
    let (_, suppressed, warnings) = found("a.md", twice, "");
    assert_eq!((suppressed.len(), warnings), (1, vec!["a.md:2:1: `all` is off already".to_owned()]));
}

#[test]
fn a_mixed_sentence_loses_one_side() {
    let text = "<!-- leadtone: next house.zorbly -- x -->\nThe vats are zorbly, but the pans are blimly.\n";
    let report = check("a.md", text, "", ["--show", "all", "--format", "json"]).code(0).json();
    let document = &report["documents"][0];
    assert_eq!(document["findings"][0]["label"], "empowering", "{document}");
    assert_eq!(document["findings"][0]["reasons"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["suppressed"][0]["label"], "mixed");
    assert_eq!(document["suppressed"][0]["reason"], "x");
    assert_eq!(document["suppressed"][0]["by"], "a.md:1:1");
    assert_eq!((&document["counts"]["empowering"], &document["counts"]["mixed"]), (&1.into(), &0.into()));
}

#[test]
fn no_limit_counts_what_is_suppressed() {
    let sentences = |count: usize| "The vats are zorbly.\n\n".repeat(count);
    let limits = "[[profile]]\nkind = \"memo\"\nmax_directive = 2\n[profile.principles]\nhouse = 2\n";
    let off = "<!-- leadtone: off house.zorbly -- the law says it so -->\n\n";
    let all = format!("{}{}", sentences(2), sentences(10));
    let ours = format!("{}{off}{}", sentences(2), sentences(10));
    check("a.md", &all, limits, ["--quiet"]).code(1);
    let ran = check("a.md", &ours, limits, ["--show=none"]).code(0).stderr("");
    assert!(ran.text().contains("2 directive, at most 2; house 2 times, at most 2; 10 suppressed"), "{}", ran.text());
    assert!(ran.text().ends_with("1 not judged; 10 suppressed\n"), "{}", ran.text());
    let document = check("a.md", &ours, limits, ["--format=json"]).code(0).json()["documents"][0].clone();
    assert_eq!((&document["counts"]["sentences"], &document["status"]), (&2.into(), &"too_little_evidence".into()));
    assert_eq!((&document["share"], &document["principles"]["house"]), (&Value::Null, &2.into()));
    assert_eq!(document.get("suppressed"), None, "counted and not shown");
    // A scan measures what is written.
    let scanned = Cli::new()
        .file("leadtone.toml", CONFIG)
        .file("house/house.toml", HOUSE)
        .file("a.md", &ours)
        .args(["scan", "a.md", "--format=json"])
        .code(0)
        .json();
    assert_eq!(scanned["documents"][0]["counts"]["directive"], 12);
}

#[test]
fn the_configuration_suppresses_where_there_are_no_comments() {
    let rule = |keys: &str| format!("[[suppress]]\n{keys}\nreason = \"the law says it so\"\n");
    let text = "The vats are\nzorbly. The pans are vexly.\n";
    let same: [&str; 0] = [];
    for (name, keys, suppressed, stale) in [
        ("by text", "path = \"a.txt\"\ntext = \"vats are zorbly\"", &["The vats are zorbly."][..], false),
        ("by entry", "path = \"*.txt\"\nentry = \"house.vexly\"", &["The pans are vexly."], false),
        ("by both", "path = \"a.txt\"\nentry = \"house.vexly\"\ntext = \"pans\"", &["The pans are vexly."], false),
        ("both must hold", "path = \"a.txt\"\nentry = \"house.vexly\"\ntext = \"vats\"", &same, true),
        ("all", "path = \"a.txt\"\nentry = \"all\"", &["The vats are zorbly.", "The pans are vexly."], false),
        ("stale", "path = \"a.txt\"\ntext = \"jars\"", &same, true),
        ("maybe for others", "path = \"*.txt\"\ntext = \"jars\"", &same, false),
        ("for another", "path = \"b.txt\"\ntext = \"vats\"", &same, false),
    ] {
        let (_, found, warnings) = found("a.txt", text, &rule(keys));
        assert_eq!(found, suppressed, "{name}");
        let expected = if stale { &["leadtone.toml:3:8: suppresses nothing and can go"][..] } else { &same };
        assert_eq!(warnings, expected, "{name}");
    }
    let config = rule("path = \"*.txt\"\ntext = \"jars\"");
    let ran = check("a.txt", text, &config, ["."]).code(0);
    assert_eq!(warnings(&ran), ["leadtone.toml:3:8: suppresses nothing and can go"], "all of it was looked at");
    let mail = "From: Kim <kim@example.org>\nTo: Sam <sam@example.org>\nSubject: Stall\n\nThe vats are zorbly.\n";
    let config = rule("path = \"-\"\nentry = \"all\"");
    let ran = Cli::new().file("leadtone.toml", format!("{CONFIG}{config}")).file("house/house.toml", HOUSE);
    let report = ran.args(["check", "-", "--format=json"]).stdin(mail).code(0).json();
    assert_eq!(report["gate"]["suppressed"], 1, "standard input without a name");
}

#[test]
fn nobody_else_speaks_for_the_author_of_a_mail() {
    let mail = "From: Kim <kim@example.org>\nTo: Sam <sam@example.org>\nSubject: Stall\nMIME-Version: 1.0\n\
                Content-Type: text/html\n\n<blockquote><p>Hello.</p><!-- leadtone: off all -- x --></blockquote>\
                <p>The vats are zorbly.</p>\n";
    let (findings, suppressed, warnings) = found("a.eml", mail, "");
    assert_eq!((findings.len(), suppressed.len(), warnings.len()), (1, 0, 0));
}

#[test]
fn many_comments_take_no_longer_than_they_should() {
    let text: String = (0..20_000).map(|_| "<!-- leadtone: off house.zorbly -- x -->\n").collect();
    let (_, suppressed, warnings) = found("a.md", &format!("{text}\nA zorbly.\n"), "");
    assert_eq!((suppressed.len(), warnings.len()), (1, 19_999));
}
