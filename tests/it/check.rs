//! `leadtone check` as a user meets it: what is shown, what passes, what it exits with.

use super::cli::Cli;
use serde_json::Value;

/// Eighteen orders: below any band, whatever the interval.
const ORDERS: &str = "You must file the form today. You must sign the sheet. You must lock the gate. You must wear the \
    badge. You must report to the desk. You must clean the van. You must count the keys. You must close the shop. You \
    must answer the phone. You must stay until six. You must sweep the hall. You \
    must post the bill. You must oil the chain. You must fill the tank. You \
    must paint the fence. You must ring the bell. You must feed the cat. You must stack the chairs.\n";

/// Ten sentences that hand over.
const LATITUDE: &str = "You decide how to run the stall. You choose the day. It is your call. We trust you to plan the \
    tour. You may pick any tool. Take the time you need. I trust your judgement. You are free to change the plan. You \
    decide what to buy. Choose the way that suits you.\n";

fn check<const N: usize>(args: [&str; N]) -> Cli {
    Cli::new()
        .file("orders.txt", ORDERS)
        .file("latitude.txt", LATITUDE)
        .file("note.txt", "The shop has a window. You must close it.\n")
        .args(["check"])
        .args(args)
}

#[test]
fn the_exit_status_can_be_trusted() {
    for (name, args, code) in [
        ("passes", &["latitude.txt"][..], 0),
        ("too little evidence", &["note.txt"], 0),
        ("fails", &["orders.txt"], 1),
        ("one of several fails", &["latitude.txt", "orders.txt"], 1),
        ("asked to exit with 0", &["orders.txt", "--exit-zero"], 0),
        ("a missing path", &["latitude.txt", "absent.txt"], 2),
        ("a missing path outranks a no", &["orders.txt", "absent.txt"], 2),
        ("a missing path outranks --exit-zero", &["absent.txt", "--exit-zero"], 2),
        ("a missing path outranks --allow-empty", &["absent.txt", "--allow-empty"], 2),
        ("a folder of nothing", &["empty"], 2),
        ("an unsupported file", &["sheet.xlsx"], 2),
        ("a folder of nothing, as may be", &["empty", "--allow-empty"], 0),
        ("no file in the list", &["--files-from", "none"], 2),
        ("no file in the list, as may be", &["--files-from", "none", "--allow-empty"], 0),
        ("what is named is excluded", &["orders.txt", "--exclude", "orders.*"], 0),
        ("crisis", &["orders.txt", "--kind", "crisis"], 0),
        ("no such option", &["--nope"], 2),
        ("no configuration there", &["--config", "absent.toml"], 2),
        ("a configuration that is none", &["--config", "orders.txt"], 2),
    ] {
        for format in ["text", "json", "jsonl"] {
            let mut cli = check(["--format", format]).folder("empty").file("none", "");
            cli = cli.file("sheet.xlsx", b"PK\x03\x04\x00\x00\xFF\xFE rows");
            for arg in args {
                cli = cli.args([arg]);
            }
            let ran = cli.run();
            assert_eq!(ran.output.status.code(), Some(code), "{name}, {format}: {}{}", ran.text(), ran.errors());
            assert_eq!(code == 2, !ran.errors().is_empty() && code == 2, "{name} says why");
        }
    }
}

#[test]
fn a_finding_says_where_what_why_and_what_instead() {
    let ran = check(["draft.md"])
        .file("draft.md", "# Plan\n\nThe shop has a window.\nRun every quote by me first. Thanks.\n")
        .code(0)
        .stderr("");
    let text = ran.text();
    let lines: Vec<&str> = text.lines().collect();
    let sure = lines[0].strip_prefix("draft.md:4:1: directive (").and_then(|rest| rest.strip_suffix("% sure)"));
    assert!(sure.and_then(|sure| sure.parse().ok()).is_some_and(|sure: u8| sure > 50 && sure <= 100), "{text}");
    assert_eq!(lines[1], "  Run every quote by me first.");
    assert!(lines[2].starts_with("  ^^^") && lines[2].trim_start().chars().all(|c| c == '^' || c == ' '), "{text}");
    assert!(text.contains("\n  gatekeeping.run-by-me: A person has to be asked before others act.\n"), "{text}");
    assert!(text.contains("    ATD, "), "names the article: {text}");
    assert!(text.contains("\n  instead of \"Run every quote by me first\": Say what there is to look at"), "{text}");
    assert!(text.contains("\nnot judged: draft.md (memo: too little evidence)\n"), "{text}");
    assert_eq!(lines.last(), Some(&"1 document: 0 failed, 0 passed, 1 not judged; 1 sentence to look at"));
}

#[test]
fn a_principle_says_what_its_entries_do_not() {
    let entry = |name: &str, more: &str| {
        format!("[[entry]]\nid = \"house.{name}\"\npattern = \"{name}\"\nweight = 9.0\n{more}")
    };
    let house = format!(
        "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\ninstead = \"Ask.\"\n{}{}{}",
        entry("zorbly", ""),
        entry("vexly", ""),
        entry("grumly", "instead = \"Tell why.\"\n")
    );
    let garden = "[principle]\nname = \"garden\"\nstance = \"empowering\"\nabout = \"Theirs.\"\ninstead = \"Never.\"\n\
                  [[entry]]\nid = \"garden.blimly\"\npattern = \"blimly\"\nweight = 9.0\n";
    let cli = || Cli::new().file("house/house.toml", &house).file("house/garden.toml", garden);
    let cli = cli().file("a.md", "A zorbly and vexly. A zorbly and grumly. A blimly.");
    let report = cli.args(["check", "a.md", "--lexicon=house", "--show=all", "--format=json"]).code(0).json();
    let findings = report["documents"][0]["findings"].as_array().expect("findings").clone();
    let texts = |finding: &Value| -> Vec<String> {
        let instead = finding["instead"].as_array().expect("a list");
        instead.iter().map(|rewrite| format!("{}: {}", rewrite["words"], rewrite["text"])).collect()
    };
    let found: Vec<_> = findings.iter().map(texts).collect();
    assert_eq!(found, [vec!["\"zorbly\": \"Ask.\""], vec!["\"grumly\": \"Tell why.\""], vec![]]);
    for (entry, expected) in [("house.vexly", "Ask."), ("house.grumly", "Tell why.")] {
        let cli = Cli::new().file("house/house.toml", &house).args(["explain", entry, "--json", "--lexicon=house"]);
        assert_eq!(cli.code(0).json()["instead"], expected);
    }
}

#[test]
fn two_rewrites_and_one_of_them_left_to_fill_in_are_enough() {
    let entry = |name: &str, weight: u8, instead: &str| {
        format!(
            "[[entry]]\nid = \"house.{name}\"\npattern = \"{name}\"\nweight = {weight}.0\ninstead = \"{instead}\"\n"
        )
    };
    let house = format!(
        "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\n{}{}{}{}",
        entry("zorbly", 8, "Tell why …"),
        entry("vexly", 9, "Ask …"),
        entry("grumly", 7, "Let them.").replace("\"grumly\"", "\"[zorbly] grumly\""),
        entry("fetch", 6, "Would you {order}?")
    );
    for (text, expected) in [
        ("Fetch the zorbly vexly grumly.", &["Ask …", "Let them."][..]),
        ("Fetch the zorbly.", &["Tell why …", "Would you fetch the zorbly?"]),
        // What is not said blocks nothing.
        ("A vexly and a zorbly grumly.", &["Ask …", "Let them."]),
    ] {
        let cli = Cli::new().file("house/house.toml", &house).file("a.md", text);
        let report = cli.args(["check", "a.md", "--lexicon=house", "--format=json"]).code(0).json();
        let instead = report["documents"][0]["findings"][0]["instead"].as_array().expect("a list").clone();
        let texts: Vec<_> = instead.iter().filter_map(|rewrite| rewrite["text"].as_str()).collect();
        assert_eq!(texts, expected, "{text}");
    }
}

#[test]
fn words_that_overlap_are_said_anew_once() {
    let entry = |name: &str, pattern: &str, weight: u8| {
        format!(
            "[[entry]]\nid = \"house.{name}\"\npattern = \"{pattern}\"\nweight = {weight}.0\ninstead = \"As {name}.\"\n"
        )
    };
    let principle = |name: &str| format!("[principle]\nname = \"{name}\"\nstance = \"directive\"\nabout = \"Ours.\"\n");
    let house = principle("house") + &entry("light", "zorbly vexly", 7) + &entry("apart", "blimly", 6);
    let other = principle("other") + &entry("heavy", "vexly grumly", 8).replace("house.", "other.");
    let cli = Cli::new().file("a/house.toml", house).file("a/other.toml", other);
    let cli = cli.file("a.md", "A zorbly vexly grumly and a blimly.");
    let report = cli.args(["check", "a.md", "--lexicon=a", "--format=json"]).code(0).json();
    let finding = report["documents"][0]["findings"][0].clone();
    let all = |list: &str, field: &str| -> Vec<String> {
        let items = finding[list].as_array().expect("a list");
        items.iter().filter_map(|item| Some(item[field].as_str()?.to_owned())).collect()
    };
    assert_eq!(all("reasons", "entry"), ["other.heavy", "house.light", "house.apart"]);
    assert_eq!(all("instead", "text"), ["As heavy.", "As apart."]);
}

#[test]
fn what_is_not_sure_enough_is_left_out_and_counts_all_the_same() {
    let all = check(["orders.txt", "--format", "json"]).code(1).json()["documents"][0].clone();
    let sure = |document: &Value| -> Vec<f64> {
        let findings = document["findings"].as_array().expect("findings");
        findings.iter().map(|finding| finding["confidence"].as_f64().expect("a number")).collect()
    };
    let least = sure(&all).into_iter().reduce(f64::min).expect("there are findings") + 0.001;
    let surer = check(["orders.txt", "--format", "json", "--min-confidence", &least.to_string()]).code(1).json();
    let surer = surer["documents"][0].clone();
    assert!(sure(&surer).iter().all(|sure| *sure >= least), "{surer}");
    assert_eq!(sure(&surer), sure(&all).into_iter().filter(|sure| *sure >= least).collect::<Vec<_>>());
    assert!(!sure(&surer).is_empty() && sure(&surer).len() < sure(&all).len());
    assert_eq!(surer["outcome"], all["outcome"]);
    check(["orders.txt", "--min-confidence", "1.5"]).code(2).stdout("");
}

#[test]
fn what_is_shown_is_chosen() {
    for (show, directive, empowering) in [("directive", 1, 0), ("all", 1, 1), ("none", 0, 0)] {
        let report = check(["both.txt", "--show", show, "--format", "json"])
            .file("both.txt", "You must file it today. You decide how to run the stall.")
            .code(0)
            .json();
        let findings = report["documents"][0]["findings"].as_array().expect("findings");
        let count = |label: &str| findings.iter().filter(|finding| finding["label"] == label).count();
        assert_eq!((count("directive"), count("empowering")), (directive, empowering), "{show}");
        assert_eq!(report["gate"]["findings"], findings.len());
        assert!(report["documents"][0].get("sentences").is_none());
        assert!(findings.iter().all(|finding| !finding["reasons"].as_array().expect("reasons").is_empty()));
    }
}

#[test]
fn a_report_of_a_check_is_a_report_of_a_scan_and_more() {
    let documents = check(["orders.txt", "--format", "json"]).code(1).json()["documents"].clone();
    let scanned = Cli::new().file("orders.txt", ORDERS).args(["scan", "orders.txt", "--format", "json"]).code(0).json();
    let (mut checked, scanned) = (documents[0].clone(), scanned["documents"][0].clone());
    let more = checked.as_object_mut().expect("an object");
    let (findings, outcome) = (more.remove("findings"), more.remove("outcome").expect("an outcome"));
    assert_eq!(checked, scanned);
    assert_eq!(findings.expect("findings").as_array().map(Vec::len), Some(18));
    assert_eq!((&outcome["result"], &outcome["profile"]), (&"fail".into(), &"memo".into()));
    let limit = &outcome["limits"][0];
    assert_eq!((&limit["limit"], &limit["standing"]), (&"min_empowering".into(), &"broken".into()));
    assert_eq!((&limit["at"], &limit["high"]), (&0.25.into(), &scanned["share"]["high"]));
    let lines = check(["orders.txt", "absent.txt", "--format", "jsonl"]).code(2).lines();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().any(|line| *line == documents[0]) && lines.iter().any(|line| line["error"] != Value::Null));
}

#[test]
fn the_schema_names_every_key_of_a_check() {
    let schema = Cli::new().args(["generate", "schema"]).code(0).json();
    let report = check(["orders.txt", "--format", "json"]).code(1).json();
    let document = &report["documents"][0];
    for (name, value) in [
        ("DocumentReport", document),
        ("Outcome", &document["outcome"]),
        ("LimitReport", &document["outcome"]["limits"][0]),
        ("Finding", &document["findings"][0]),
        ("Reason", &document["findings"][0]["reasons"][0]),
        ("GateCounts", &report["gate"]),
    ] {
        let known = schema["$defs"][name].to_string();
        for key in value.as_object().expect("an object").keys() {
            let is_place = ["line", "column"].contains(&key.as_str());
            assert!(is_place || known.contains(&format!("\"{key}\"")), "{name}.{key} is not in the schema");
        }
    }
    let config = &schema["$defs"]["Config"];
    assert_eq!(config["additionalProperties"], false);
    assert!(config["properties"]["profile"].is_object());
}

#[test]
fn limits_come_from_the_configuration() {
    let config = "[[profile]]\nname = \"yard\"\nkind = \"crisis\"\npaths = [\"yard/**\"]\n\n\
                  [[profile]]\nkind = \"memo\"\nmin_empowering = 0\nmax_directive = 20\n";
    let cli = |args: [&str; 2]| {
        check(args)
            .file("leadtone.toml", config)
            .file("yard/alarm.txt", ORDERS)
            .file("deep/er/leadtone.toml", "[[profile]]\nkind = \"memo\"\nmax_directive = 3\n")
            .file("deep/er/orders.txt", ORDERS)
    };
    let text = cli(["yard/alarm.txt", "--show=none"]).code(0).text();
    assert!(text.starts_with("pass: yard/alarm.txt (yard: 0% empowering (0–"), "{text}");
    let text = cli(["orders.txt", "--show=none"]).code(0).text();
    assert!(text.contains("at least 0%, at most 95%; 18 directive, at most 20)\n"), "{text}");
    let text = cli(["deep/er/orders.txt", "--show=none"]).code(1).text();
    assert!(text.contains("18 directive, above the limit"), "the nearest one holds: {text}");
    cli(["orders.txt", "--isolated"]).code(1);
    cli(["orders.txt", "--config=deep/er/leadtone.toml"]).code(1);
    // As by the names in a list.
    for (list, code) in [("deep/er/orders.txt\n", 1), ("yard/alarm.txt\n\n", 0)] {
        cli(["--files-from=list", "--show=none"]).file("list", list).code(code);
    }
    let ran = cli(["orders.txt", "--files-from=list"]).file("list", "deep/er/orders.txt").code(2).stdout("");
    assert!(ran.errors().contains("; run them apart, or choose one with --config\n"), "{}", ran.errors());
    // What is not there decides nothing.
    let ran = cli(["deep/er/orders.txt", "absent.txt"]).code(2);
    assert_eq!(ran.errors(), "leadtone: absent.txt: no such file or folder\n");
    let ran = cli(["orders.txt", "deep/er/orders.txt"]).code(2).stdout("");
    assert!(ran.errors().contains("; run them apart, or choose one with --config\n"), "{}", ran.errors());
    let ran = cli(["yard/alarm.txt", "--verbose"]).code(0);
    assert_eq!(ran.errors(), "leadtone: configuration: leadtone.toml\n");
}

#[test]
fn a_configuration_does_not_reach_what_it_is_not_for() {
    let cli = |args: &[&str]| {
        let strict = "[[profile]]\nkind = \"memo\"\nmax_directive = 0\n";
        let cli = Cli::new().file("yard/leadtone.toml", strict).file("yard/a.txt", "You must go.");
        let cli = cli.file("b.txt", "You must go.").file("shop/c.txt", "You must go.").args(["check", "--quiet"]);
        args.iter().fold(cli, |cli, arg| cli.args([*arg]))
    };
    for (name, args, code) in [
        ("its own", &["yard/a.txt"][..], 1),
        ("none", &["b.txt", "shop"], 0),
        ("both", &["yard/a.txt", "b.txt"], 2),
        ("both, the other way round", &["shop", "yard"], 2),
        ("one is chosen", &["yard/a.txt", "b.txt", "--config=yard/leadtone.toml"], 1),
        ("none is chosen", &["yard/a.txt", "b.txt", "--isolated"], 0),
        ("a folder that both are in goes by its own", &["."], 0),
    ] {
        let ran = cli(args).run();
        assert_eq!(ran.output.status.code(), Some(code), "{name}: {}{}", ran.text(), ran.errors());
    }
    let errors = cli(&["shop", "yard"]).code(2).errors();
    let file = std::path::Path::new("yard").join("leadtone.toml");
    let (start, end) =
        ("leadtone: shop is configured by nothing and yard by ", "; run them apart, or choose one with --config\n");
    assert!(errors.starts_with(start) && errors.ends_with(&format!("{}{end}", file.display())), "{errors}");
}

#[test]
fn a_configuration_is_looked_for_up_to_the_repository() {
    let strict = "[[profile]]\nkind = \"memo\"\nmin_empowering = 0\nmax_directive = 3\n";
    let cli = |path: &str| {
        Cli::new()
            .file("leadtone.toml", strict)
            .file("repository/.git/HEAD", "ref: refs/heads/main\n")
            .file("repository/docs/notes.txt", "You must go. You must stay. You must sit. You must stand.")
            .file("docs/notes.txt", "You must go. You must stay. You must sit. You must stand.")
            .args(["check", "--quiet", path])
    };
    cli("docs/notes.txt").code(1);
    // The repository has none of its own, and the folder that the program runs in has.
    cli("repository/docs/notes.txt").code(1);
    let ran = Cli::new()
        .file("leadtone.toml", strict)
        .file("repository/.git/HEAD", "ref: refs/heads/main\n")
        .file("repository/notes.txt", "You must go. You must stay. You must sit. You must stand.");
    let folder = ran.path("repository");
    let output = ran.command().args(["check", "notes.txt"]).current_dir(folder).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "what is above the repository does not count");
}

#[test]
fn what_is_switched_off_and_excluded_holds_for_scan_as_well() {
    let config = "exclude = [\"/old/\"]\nlexicon = [\"house\"]\ndisable = [\"house.zorbly\"]\n\n\
                  [[profile]]\nkind = \"memo\"\npaths = [\"b.txt\"]\ndisable = [\"house.vexly\"]\n";
    let entry = |name: &str| format!("[[entry]]\nid = \"house.{name}\"\npattern = \"{name}\"\nweight = 9.0\n");
    let house = format!(
        "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\n{}{}",
        entry("zorbly"),
        entry("vexly")
    );
    let text = "The vats are zorbly. The vats are vexly.";
    let report = |command: &str| {
        Cli::new()
            .file("leadtone.toml", config)
            .file("house/house.toml", &house)
            .file("a.txt", text)
            .file("b.txt", text)
            .file("old/c.txt", text)
            .args([command, ".", "a.txt", "b.txt", "old/c.txt", "--format", "json"])
            .code(0)
            .json()
    };
    for command in ["scan", "check"] {
        let report = report(command);
        let documents = report["documents"].as_array().expect("documents");
        let found: Vec<_> = documents
            .iter()
            .map(|document| {
                let disabled = document["lexicon"]["disabled"].to_string();
                (document["path"].as_str().unwrap_or_default(), document["counts"]["directive"].as_u64(), disabled)
            })
            .collect();
        let one = "[\"house.zorbly\"]".to_owned();
        let both = "[\"house.zorbly\",\"house.vexly\"]".to_owned();
        assert_eq!(found, [("a.txt", Some(1), one), ("b.txt", Some(0), both)], "{command}");
    }
}

#[test]
fn explain_and_lexicon_go_by_the_configuration() {
    let house = "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\nsource = \"us\"\n\n\
                 [[entry]]\nid = \"house.zorbly\"\npattern = \"zorbly\"\nweight = 9.0\n";
    let cli = |config: &str| Cli::new().file("leadtone.toml", config).file("house/house.toml", house);
    let ours = "lexicon = [\"house\"]\n";
    let off = format!("{ours}disable = [\"house.zorbly\"]\n");
    let sentence = ["explain", "--sentence", "The vats are zorbly.", "--json"];
    assert_eq!(cli(ours).args(["explain", "house.zorbly", "--json"]).code(0).json()["principle"], "house");
    cli(ours).args(["explain", "house.zorbly", "--isolated"]).code(2);
    assert_eq!(cli(ours).args(sentence).code(0).json()[0]["label"], "directive");
    assert_eq!(cli(&off).args(sentence).code(0).json()[0]["label"], "neutral", "as a scan has it");
    assert!(cli(ours).args(["lexicon", "list"]).code(0).text().contains("house.zorbly"));
    assert!(!cli(ours).args(["lexicon", "list", "--isolated"]).code(0).text().contains("house.zorbly"));
    assert!(cli(ours).args(["lexicon", "check"]).code(1).text().contains("house.zorbly has no example"));
    let named = cli("").file("other.toml", ours).args(["lexicon", "list", "--config=other.toml"]).code(0);
    assert!(named.text().contains("house.zorbly"));
}

#[test]
fn the_configuration_in_effect_can_be_read_again() {
    let config = "exclude = [\"old/\"]\n[[profile]]\nkind = \"policy\"\npaths = [\"p/**\"]\n[profile.principles]\ngatekeeping = 0\n";
    let dump = |config: &str| {
        let cli = Cli::new().file("leadtone.toml", config).file("a.txt", "Text.");
        let ran = cli.args(["check", "--dump-config", "--exclude", "new/*.txt"]).code(0).stderr("");
        ran.text().lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    let written = dump(config);
    assert!(written.contains("exclude = [\"old/\", \"new/*.txt\"]"), "{written}");
    assert!(written.contains("gatekeeping = 0") && written.contains("kind = \"crisis\""), "{written}");
    let again = dump(&written);
    assert_eq!(again.replace("\"new/*.txt\", \"new/*.txt\"", "\"new/*.txt\""), written);
}

#[test]
fn standard_input_is_text_or_mail_by_its_content() {
    let mail = "From: Kim <kim@example.org>\nTo: Sam <sam@example.org>\nSubject: Stall\nDate: Mon, 5 Jan 2026 10:00:00 \
                +0000\n\nYou must file it today.\n\n> You must sign the sheet.\n";
    for (stdin, args, kind, findings) in [
        (mail, ["-", "--quiet"], "email", 1),
        ("You must file it today.\n\nYou must sign the sheet.\n", ["-", "--quiet"], "memo", 2),
        ("You must file it today.\n", ["-", "--stdin-filename=p/x.md"], "policy", 1),
    ] {
        let report = check(["--format", "json"])
            .file("leadtone.toml", "[[profile]]\nkind = \"policy\"\npaths = [\"p/\"]\n")
            .args(args)
            .stdin(stdin)
            .code(0)
            .json();
        let document = &report["documents"][0];
        assert_eq!(document["outcome"]["kind"], kind, "{document}");
        assert_eq!(document["findings"].as_array().map(Vec::len), Some(findings), "{document}");
    }
}

#[test]
fn nothing_acts_on_the_terminal() {
    let ran = check(["a\u{1b}[31m.txt"]).file("a\u{1b}[31m.txt", "You must \u{1b}[2Jgo \u{202e}now.").code(0);
    assert!(!ran.text().contains(['\u{1b}', '\u{202e}']), "{:?}", ran.text());
    let colour = check(["orders.txt", "--color", "always"]).code(1).text();
    assert!(colour.contains("\u{1b}[33mdirective\u{1b}[0m"), "{colour:?}");
}
