//! Only what is new: `check --since`, `--changed-lines` and the baseline, in real repositories.

use leadtone::render::CheckFormat;
use serde_json::Value;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// Things that are ordered about, so that each sentence is told from the others.
const THINGS: [&str; 40] = [
    "amber", "badge", "cabin", "delta", "easel", "ferry", "gable", "hinge", "inlet", "joist", "kiosk", "ledge",
    "medal", "nacho", "olive", "panel", "quilt", "radar", "sabre", "table", "udder", "valve", "wagon", "xenon",
    "yacht", "zebra", "arrow", "bench", "crate", "diver", "ember", "flask", "grill", "horse", "ivory", "jelly",
    "knife", "lemon", "mango", "noose",
];

/// A repository in a folder of its own.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a folder to run in") };
        repository.git(&["init", "-q", "-b", "main", "."]);
        repository
    }

    /// With these files committed on `main`, and a branch of them checked out.
    fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self::new();
        for (name, content) in files {
            repository.write(name, content);
        }
        repository.commit();
        repository.git(&["checkout", "-q", "-b", "topic"]);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is writable");
        fs::write(path, content).expect("the folder is writable");
    }

    fn git(&self, args: &[&str]) {
        git(self.folder.path(), args);
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "Change"]);
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadtone"));
        command.arg("check").args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE", "GIT_DIR", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command
    }

    fn check(&self, args: &[&str], code: i32) -> (String, String) {
        ended(&self.command(args).output().expect("the program runs"), code)
    }

    /// Paths and findings of every document.
    fn found(&self, args: &[&str], code: i32) -> Vec<(String, Vec<(u64, String)>)> {
        let (out, _) = self.check(&[args, &["--format", "json"]].concat(), code);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        report["documents"]
            .as_array()
            .expect("documents")
            .iter()
            .map(|document| (id(document), findings(document)))
            .collect()
    }
}

fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false"]).args(args).current_dir(folder);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Kim").env(format!("GIT_{who}_EMAIL"), "kim@example.org");
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn ended(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}{errors}");
    (out, errors)
}

fn id(document: &Value) -> String {
    document["id"].as_str().unwrap_or_default().to_owned()
}

fn findings(document: &Value) -> Vec<(u64, String)> {
    let place =
        |finding: &Value| finding["line"].as_u64().or_else(|| finding["paragraph"].as_u64()).unwrap_or_default();
    let text = |finding: &Value| finding["text"].as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().expect("findings").iter();
    findings.map(|finding| (place(finding), text(finding))).collect()
}

fn order(thing: &str) -> String {
    format!("You must clean the {thing}.")
}

/// A policy with an order a line.
fn policy(things: &[&str]) -> String {
    things.iter().map(|thing| order(thing) + "\n\n").collect()
}

fn docx(paragraphs: &[String]) -> Vec<u8> {
    let body: String = paragraphs.iter().map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")).collect();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).expect("the member is begun");
    write!(archive, "<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>").expect("the member is written");
    archive.finish().expect("the archive is finished").into_inner()
}

const CONFIG: &str = "[[profile]]\nkind = \"policy\"\npaths = [\"policies/\"]\nmax_directive = 5\n";

/// A repository that is red, and a branch that adds three orders to a policy and moves and wraps the others.
fn red() -> Repository {
    let repository = Repository::with(&[
        ("leadtone.toml", CONFIG),
        ("policies/leave.md", &policy(&THINGS)),
        ("policies/travel.md", &policy(&THINGS)),
        ("policies/gone.md", &policy(&THINGS)),
        ("policies/odd.docx", "PK\u{3}\u{4} no docx at all"),
    ]);
    let (first, last) = (policy(&THINGS[..20]), policy(&THINGS[20..]).replace("must clean", "must\nclean"));
    let [harp, goat, bell] = ["harp", "goat", "bell"].map(order);
    repository.write("policies/leave.md", format!("{harp} {last}{goat}\n\n{first}{bell}\n"));
    fs::remove_file(repository.path("policies/gone.md")).expect("the file was there");
    repository.commit();
    // What others do meanwhile is no change of the branch.
    repository.git(&["checkout", "-q", "main"]);
    repository.write("policies/leave.md", policy(&THINGS[5..]));
    repository.write("policies/travel.md", policy(&["vault", "spade"]));
    repository.commit();
    repository.git(&["checkout", "-q", "topic"]);
    repository
}

/// What the branch adds to the policy, and where.
fn added() -> Vec<(String, Vec<(u64, String)>)> {
    let findings = [(1, "harp"), (61, "goat"), (103, "bell")].map(|(line, thing)| (line, order(thing)));
    vec![("policies/leave.md".to_owned(), findings.to_vec())]
}

#[test]
fn what_a_branch_adds_is_named_in_every_output() {
    let repository = red();
    let (_, errors) = repository.check(&["policies"], 2);
    assert!(errors.contains("policies/odd.docx"), "what did not change is read without --since only: {errors}");
    fs::remove_file(repository.path("policies/odd.docx")).expect("the file was there");
    assert!(repository.found(&["policies"], 1).iter().all(|(_, findings)| findings.len() >= 40), "it is red");
    repository.git(&["checkout", "-q", "policies/odd.docx"]);
    for format in CheckFormat::ALL {
        let (out, errors) = repository.check(&["--since", "main", "--format", format.name()], 1);
        for thing in ["harp", "goat", "bell"] {
            assert!(out.contains(thing), "{} names the {thing}: {out}", format.name());
        }
        for thing in THINGS {
            assert!(!out.contains(thing), "{} leaves out the {thing}: {out}", format.name());
        }
        assert_eq!(errors, "", "{}", format.name());
    }
    for args in [&["--since", "main"][..], &["policies", "--since=main", "--changed-lines"], &["--since", "HEAD~1"]] {
        assert_eq!(repository.found(args, 1), added(), "{args:?}");
    }
    let (text, _) = repository.check(&["--since", "main"], 1);
    let places: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(": directive (")?.0)).collect();
    assert_eq!(places, ["policies/leave.md:1:1", "policies/leave.md:61:1", "policies/leave.md:103:1"]);
    assert!(text.contains("policy: since main; ") && text.contains("3 new directive, above the limit of 0"), "{text}");
    let (lines, _) = repository.check(&["--since", "main", "--format", "jsonl"], 1);
    let line: Value = serde_json::from_str(&lines).expect("one line of JSON");
    assert_eq!(findings(&line), added()[0].1);
    let outcome = &line["outcome"];
    assert_eq!(
        (&outcome["since"]["revision"], &outcome["since"]["path"]),
        (&"main".into(), &"policies/leave.md".into())
    );
    assert_eq!(outcome["limits"].as_array().map(Vec::len), Some(2), "limits on what is new, and no others: {outcome}");
    repository.check(&["--since", "main", "--exit-zero"], 0);
    let (_, errors) = repository.check(&["policies/travel.md", "policies/odd.docx", "--since", "main"], 0);
    assert_eq!(errors, "leadtone: nothing has changed since main\n");
}

#[test]
fn the_same_in_a_word_file() {
    let repository = Repository::new();
    repository.write("leadtone.toml", CONFIG);
    repository.write("policies/leave.docx", docx(&THINGS.map(order)));
    repository.commit();
    repository.git(&["checkout", "-q", "-b", "topic"]);
    let things = [&["harp"], &THINGS[20..], &["goat"], &THINGS[..20], &["bell"]].concat();
    let orders: Vec<String> = things.iter().map(|thing| order(thing)).collect();
    repository.write("policies/leave.docx", docx(&orders));
    let findings = [(1, "harp"), (22, "goat"), (43, "bell")].map(|(paragraph, thing)| (paragraph, order(thing)));
    for args in [&["--since", "main"][..], &["--since", "main", "--changed-lines"]] {
        assert_eq!(repository.found(args, 1), [("policies/leave.docx".to_owned(), findings.to_vec())]);
    }
    for format in CheckFormat::ALL {
        let (out, _) = repository.check(&["--since", "main", "--format", format.name()], 1);
        assert!(["harp", "goat", "bell"].iter().all(|thing| out.contains(thing)), "{}: {out}", format.name());
        assert!(!THINGS.iter().any(|thing| out.contains(thing)), "{}: {out}", format.name());
    }
}

#[test]
fn a_sentence_is_new_by_its_words() {
    let ten = policy(&THINGS[..10]);
    let goat = order("goat");
    for (name, old, new, lines) in [
        ("wrapped", ten.clone(), ten.replace("must clean the ", "must\n  clean the\n"), &[][..]),
        ("moved", ten.clone(), policy(&["jelly"]).replace("jelly", "joist") + &policy(&THINGS[..9]), &[]),
        ("carriage returns", ten.clone(), ten.replace('\n', "\r\n"), &[]),
        ("and back", ten.replace('\n', "\r\n"), ten.clone(), &[]),
        ("quotation marks", "You can't leave. You must go.".into(), "You can’t leave. You must go.".into(), &[]),
        ("a word", ten.clone(), ten.replace("delta", "goat"), &[7]),
        ("said twice", format!("{goat}\n\nA. {goat}\n"), format!("{goat}\n\nB. {goat}\n\nA. {goat}\n"), &[3]),
        ("said twice before", format!("A. {goat}\n"), format!("{goat}\n\nA. {goat}\n"), &[1]),
        ("said once less", format!("{goat}\n\n{goat}\n"), goat.clone(), &[]),
        ("it directs now", "You may clean the goat.\n".into(), goat.clone(), &[1]),
        ("all gone", ten.clone(), "The shop has a window.\n".into(), &[]),
    ] {
        let repository = Repository::with(&[("a.md", &old)]);
        repository.write("a.md", &new);
        let code = i32::from(!lines.is_empty());
        let found = repository.found(&["a.md", "--since", "main"], code);
        let found: Vec<u64> = found.iter().flat_map(|(_, findings)| findings.iter().map(|(line, _)| *line)).collect();
        assert_eq!(found, lines, "{name}");
    }
}

#[test]
fn files_come_and_go_and_are_called_otherwise() {
    let repository = Repository::with(&[("a.md", &policy(&THINGS[..10])), ("b.md", &policy(&THINGS[10..20]))]);
    repository.git(&["mv", "a.md", "now here.md"]);
    repository.write("now here.md", policy(&THINGS[..10]) + &order("goat"));
    repository.git(&["mv", "b.md", "c\u{e9}.md"]);
    repository.write("new.md", order("harp"));
    repository.write("ignored/new.md", order("bell"));
    repository.write(".gitignore", "/ignored/\n");
    let expected = [("new.md", 1, "harp"), ("now here.md", 21, "goat")];
    let expected = expected.map(|(path, line, thing)| (path.to_owned(), vec![(line, order(thing))]));
    let found = |args: &[&str]| {
        let mut found = repository.found(args, 1);
        found.retain(|(path, findings)| {
            assert!(path != "c\u{e9}.md" || findings.is_empty(), "only its name is new");
            path != "c\u{e9}.md"
        });
        found
    };
    assert_eq!(found(&["--since", "main"]), expected, "not committed");
    repository.commit();
    assert_eq!(found(&["--since", "main", "--changed-lines"]), expected, "committed");
    assert_eq!(repository.found(&["ignored/new.md", "--since", "main"], 1)[0].1.len(), 1, "named, and not in git");
    let (text, _) = repository.check(&["--since", "main", "--show", "none"], 1);
    assert!(text.contains("fail: new.md (memo: new since main; "), "{text}");
    repository.git(&["rm", "-q", "--cached", "new.md", "now here.md"]);
    assert_eq!(found(&["--since", "main"])[0], expected[0], "on disk and not in git any more");
    // From a folder within, and from outside.
    repository.write("deep/x.md", "You must clean the lamp.");
    let output =
        repository.command(&[".", "--since=main", "--format=json"]).current_dir(repository.path("deep")).output();
    let report: Value = serde_json::from_str(&ended(&output.expect("it runs"), 1).0).expect("JSON");
    assert_eq!(findings(&report["documents"][0]), [(1, order("lamp"))]);
    let elsewhere = tempfile::tempdir().expect("a folder to run in");
    let output =
        repository.command(&["--since=main"]).arg(repository.path("deep")).current_dir(elsewhere.path()).output();
    ended(&output.expect("it runs"), 1);
}

#[test]
fn a_share_that_falls_is_no_pass() {
    let empowering: Vec<String> =
        THINGS.iter().map(|thing| format!("You decide how to clean the {thing}.\n\n")).collect();
    let old = policy(&THINGS[..20]) + &empowering[..30].concat();
    for (name, config, left, code, said) in [
        ("the whole interval", "", 2, 1, "above the limit of 10%"),
        ("the point only", "", 16, 0, "above 10%, but not surely"),
        ("as much as may be", "[[profile]]\nkind = \"memo\"\nmax_fall = 0.9\n", 2, 0, "at most 90%"),
        ("risen", "", 30, 0, "share lower by 0%"),
    ] {
        let repository = Repository::with(&[("leadtone.toml", config), ("a.md", &old)]);
        repository.write("a.md", policy(&THINGS[..20]) + &empowering[..left].concat() + "The shop is open.\n");
        let (text, _) = repository.check(&["a.md", "--since", "main"], code);
        assert!(text.contains(said), "{name}: {text}");
    }
}

#[test]
fn a_profile_says_how_much_may_be_new() {
    let config = "[[profile]]\nkind = \"memo\"\npaths = [\"m/\"]\nnew_directive = 1\n\
                  [[profile]]\nkind = \"crisis\"\npaths = [\"c/\"]\n";
    let repository = Repository::with(&[("leadtone.toml", config), ("m/a.md", "Text.\n"), ("c/a.md", "Text.\n")]);
    for (file, things, code) in [("m/a.md", 1, 0), ("m/a.md", 2, 1), ("m/b.md", 2, 1), ("c/a.md", 3, 0)] {
        repository.write(file, policy(&THINGS[..things]));
        assert_eq!(repository.found(&[file, "--since", "main"], code)[0].1.len(), things, "{file} with {things}");
    }
}

#[test]
fn a_mailbox_and_rows_are_compared_as_a_whole() {
    let row = |thing: &str| format!("\"{}\"\n", order(thing));
    let rows = |things: &[&str]| "text\n".to_owned() + &things.iter().map(|thing| row(thing)).collect::<String>();
    let repository = Repository::with(&[("a.csv", &rows(&THINGS[..10]))]);
    repository.write("a.csv", rows(&[&["goat"], &THINGS[..10]].concat()));
    let found: Vec<_> =
        repository.found(&["--since", "main"], 1).into_iter().flat_map(|(_, findings)| findings).collect();
    assert_eq!(found, [(2, order("goat"))], "a row before the others makes none of them new");
}

#[cfg(unix)]
#[test]
fn a_name_that_means_something_to_git_is_a_name() {
    for name in [":a.md", ":(top)a.md", "*.md", "docs/:!b.md"] {
        let repository = Repository::with(&[(name, &policy(&THINGS[..10])), ("other.md", "Text.\n")]);
        repository.write(name, policy(&THINGS[..10]) + &order("goat"));
        repository.write("other.md", policy(&THINGS[..10]));
        for args in [&["--since", "main", name][..], &["--since", "main", "--changed-lines", name]] {
            let expected = [(name.to_owned(), vec![(21, order("goat"))])];
            assert_eq!(repository.found(args, 1), expected, "{args:?}");
        }
        // What an editor holds of it is looked up in the tree.
        repository.write(name, policy(&THINGS[..10]));
        let (_, errors) = repository.check(&["-", "--since", "main", "--stdin-filename", name], 0);
        assert_eq!(errors, "", "{name}");
    }
}

#[test]
fn what_an_editor_holds_is_compared_by_its_name() {
    let repository = Repository::with(&[("docs/a.md", &policy(&THINGS[..10]))]);
    for (name, code, findings) in [("docs/a.md", 1, 1), ("docs/b.md", 1, 11)] {
        let mut command =
            repository.command(&["-", "--quiet", "--since", "main", "--format", "json", "--stdin-filename", name]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let text = policy(&THINGS[..10]) + &order("goat");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
        let (out, _) = ended(&child.wait_with_output().expect("it ends"), code);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(self::findings(&report["documents"][0]).len(), findings, "{name}");
    }
    let (out, errors) = repository.check(&["-", "--since", "main"], 2);
    assert_eq!(
        (out.as_str(), errors.as_str()),
        ("", "leadtone: --since cannot tell what standard input was; name it with --stdin-filename\n")
    );
}

#[test]
fn what_cannot_be_compared_is_said_in_one_line() {
    let repository = Repository::with(&[("a.md", "Text.\n")]);
    repository.git(&["checkout", "-q", "--orphan", "lonely"]);
    repository.write("b.md", "Text.\n");
    repository.commit();
    let root = repository.folder.path().canonicalize().expect("a folder");
    let root = root.display();
    for (revision, expected) in [
        ("nope", format!("nope: no such revision in {root}")),
        ("--output=x", format!("--output=x: no such revision in {root}")),
        ("", format!(": no such revision in {root}")),
        ("main", format!("main and what is checked out in {root} have no commit in common; fetch it first")),
    ] {
        let (out, errors) = repository.check(&["a.md", &format!("--since={revision}")], 2);
        assert_eq!((out, errors), (String::new(), format!("leadtone: {expected}\n")));
    }
    let outside = tempfile::tempdir().expect("a folder to run in");
    fs::write(outside.path().join("a.md"), "Text.").expect("the folder is writable");
    let output = repository.command(&["a.md", "--since=main"]).current_dir(outside.path()).output().expect("it runs");
    let (_, errors) = ended(&output, 2);
    assert_eq!(errors, "leadtone: a.md: not in a git repository, and --since compares with one\n");
    let output = repository.command(&["a.md", "--since=main"]).env("PATH", outside.path()).output().expect("it runs");
    assert!(ended(&output, 2).1.starts_with("leadtone: git cannot be run: "), "no git");
    repository.check(&["a.md", "--changed-lines"], 2);
    repository.check(&["a.md", "--since=main", "--baseline=b.json", "--update-baseline"], 2);
}

#[test]
fn a_shallow_clone_says_what_to_do() {
    let repository = red();
    let clones = tempfile::tempdir().expect("a folder to run in");
    let url = format!("file://{}", repository.folder.path().display());
    git(clones.path(), &["clone", "-q", "--depth=1", "--branch=topic", &url, "one"]);
    git(clones.path(), &["clone", "-q", "--depth=1", "--no-single-branch", "--branch=topic", &url, "all"]);
    for (clone, revision, said) in
        [("one", "main", ": no such revision in "), ("all", "origin/main", " have no commit in common; ")]
    {
        let mut command = repository.command(&[".", "--since", revision]);
        let (_, errors) = ended(&command.current_dir(clones.path().join(clone)).output().expect("it runs"), 2);
        assert!(
            errors.contains(said) && errors.contains("this is a shallow clone; fetch the whole history"),
            "{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn a_submodule_is_compared_with_its_own_commit_of_then() {
    let library = Repository::with(&[("a.md", &policy(&THINGS[..10]))]);
    let repository = Repository::with(&[("own.md", "Text.\n")]);
    let url = library.folder.path().display().to_string();
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["submodule", "--quiet", "add", &url, "docs/library"]);
    repository.commit();
    repository.git(&["checkout", "-q", "-b", "later"]);
    let path = "docs/library/a.md";
    assert_eq!(repository.found(&["--since", "main"], 0), [], "as it was");
    repository.write(path, policy(&THINGS[..10]) + &order("goat"));
    git(&repository.path("docs/library"), &["commit", "-q", "-a", "-m", "More"]);
    repository.commit();
    assert_eq!(repository.found(&["--since", "main"], 1), [(path.to_owned(), vec![(21, order("goat"))])]);
    // Before there was a submodule all of it is new.
    assert_eq!(repository.found(&["--since", "main~1"], 1)[0].1.len(), 11);
}

#[test]
fn a_hook_s_environment_names_no_other_repository() {
    let (repository, other) = (red(), Repository::with(&[("a.md", "Text.\n")]));
    let mut command = repository.command(&["--since", "main", "--show", "none"]);
    command.env("GIT_DIR", other.path(".git")).env("GIT_WORK_TREE", other.folder.path());
    let (text, errors) = ended(&command.output().expect("it runs"), 1);
    assert!(text.contains("3 new directive") && errors.is_empty(), "{text}{errors}");
}

#[test]
fn a_baseline_lets_be_what_was_there() {
    let repository = red();
    fs::remove_file(repository.path("policies/odd.docx")).expect("the file was there");
    repository.write("policies/good.md", "You decide how to clean. We trust you. The shop is open.\n");
    let checked = |args: &[&str], code| repository.check(&[args, &["--baseline", "known.json"]].concat(), code);
    repository.check(&["--show=none"], 1);
    let (_, errors) = checked(&[], 2);
    assert_eq!(errors, "leadtone: known.json: no such baseline; --update-baseline writes one\n");
    let (text, errors) = checked(&["--update-baseline"], 0);
    assert_eq!(errors, "leadtone: known.json: holds 83 sentences of 2 documents\n");
    assert!(text.ends_with(": 0 failed, 2 passed, 1 not judged\n"), "{text}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("0 new directive, at most 0; 43 in the baseline"), "{text}");
    let written = fs::read_to_string(repository.path("known.json")).expect("a baseline");
    assert!(!written.contains("clean") && !written.contains("harp"), "no word of a document");
    checked(&["--update-baseline", "policies/travel.md"], 0);
    assert_eq!(fs::read_to_string(repository.path("known.json")).expect("a baseline"), written, "the same again");
    let (_, errors) = checked(&[], 0);
    assert_eq!(errors, "", "nothing is stale");
    // One more of a document that was let be.
    repository.write("policies/travel.md", policy(&THINGS) + &order("goat"));
    let found = repository.found(&["--baseline=known.json"], 1);
    let found: Vec<_> = found.iter().filter(|(_, findings)| !findings.is_empty()).collect();
    assert_eq!(found, [&("policies/travel.md".to_owned(), vec![(81, order("goat"))])]);
    // As the configuration's key, from a folder within.
    repository.write("leadtone.toml", format!("baseline = \"known.json\"\n{CONFIG}"));
    let output = repository.command(&["travel.md", "--show=none"]).current_dir(repository.path("policies")).output();
    let (text, _) = ended(&output.expect("it runs"), 1);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("1 new directive, above the limit of 0; 40 in the baseline"), "{text}");
    assert!(!repository.check(&["--isolated", "--show=none"], 1).0.contains("baseline"));
    // What is gone is stale, by sentences and by files.
    repository.write("policies/travel.md", policy(&THINGS[3..]));
    fs::remove_file(repository.path("policies/leave.md")).expect("the file was there");
    let (_, errors) = repository.check(&["policies/travel.md"], 0);
    let stale = "known.json: 46 sentences are in no document any more; --update-baseline takes them out\n";
    assert_eq!(errors, format!("leadtone: {stale}"));
    repository.check(&["--update-baseline", "--quiet"], 0);
    let (_, errors) = repository.check(&[], 0);
    assert_eq!(errors, "");
    let now = fs::read_to_string(repository.path("known.json")).expect("a baseline");
    assert!(!now.contains("leave.md") && now.lines().count() == 44, "{now}");
    // A document that passes as a whole needs none of it.
    repository.write("policies/travel.md", "You decide how to clean. We trust you. The shop is open.\n");
    repository.check(&["--update-baseline", "--quiet"], 0);
    let now = fs::read_to_string(repository.path("known.json")).expect("a baseline");
    assert_eq!(now, "{\n  \"version\": 1,\n  \"documents\": {}\n}\n");
    let (_, errors) = repository.check(&["--update-baseline", "--isolated"], 2);
    assert!(errors.contains("no baseline to update; name it with --baseline"), "{errors}");
}

#[test]
fn what_a_baseline_was_written_of_passes() {
    let trust: String = THINGS.iter().map(|thing| format!("I trust your judgement on the {thing}.\n\n")).collect();
    let gate = "Run every quote by me first.\n\nYou must clean the van.\n\nThe sky is blue.\n";
    // Of two rows that say the same, one breaks the limit.
    let rows = "id,text\n1,You must clean the van.\n2,You must clean the van. Run every quote by me first.\n";
    for (name, limits, file, text) in [
        ("a principle", "[profile.principles]\ngatekeeping = 0\n", "a.md", gate.to_owned()),
        ("too much that empowers", "max_empowering = 0.5\n", "a.md", trust + "You must clean the van.\n"),
        ("too many orders", "min_empowering = 0\nmax_per_100 = 10\n", "a.md", policy(&THINGS)),
        ("some new ones allowed", "new_directive = 2\n[profile.principles]\ngatekeeping = 0\n", "a.md", gate.repeat(4)),
        ("rows", "[profile.principles]\ngatekeeping = 0\n", "a.csv", rows.to_owned()),
    ] {
        let repository = Repository::new();
        repository.write("leadtone.toml", format!("baseline = \"b.json\"\n[[profile]]\nkind = \"memo\"\n{limits}"));
        repository.write(file, text);
        let (_, errors) = repository.check(&["--update-baseline"], 0);
        assert!(!errors.contains("holds 0 sentences"), "{name}: it breaks no limit");
        let (_, errors) = repository.check(&[], 0);
        assert_eq!(errors, "", "{name}: nothing is stale");
    }
}

#[test]
fn a_baseline_holds_together_with_a_revision() {
    let repository = red();
    repository.write("policies/travel.md", policy(&THINGS) + &order("goat"));
    repository.check(&["policies/travel.md", "--baseline=known.json", "--update-baseline"], 0);
    assert_eq!(repository.found(&["--since=main", "--baseline=known.json"], 1)[0], added()[0]);
    assert_eq!(repository.found(&["policies/travel.md", "--since=main", "--baseline=known.json"], 0)[0].1, []);
}

#[cfg(unix)]
#[test]
fn the_commit_hook_goes_by_the_baseline() {
    let repository = red();
    repository.write("leadtone.toml", format!("baseline = \"known-baseline.json\"\n{CONFIG}"));
    repository.check(&["policies/leave.md", "--update-baseline"], 0);
    repository.commit();
    let init = Command::new(env!("CARGO_BIN_EXE_leadtone"))
        .args(["init", "--hook", "git"])
        .current_dir(repository.folder.path())
        .output();
    ended(&init.expect("the program runs"), 0);
    let program = Path::new(env!("CARGO_BIN_EXE_leadtone")).parent().expect("it is in a folder");
    let path = std::env::join_paths(
        [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let path = path.expect("folders without colons");
    let old = fs::read_to_string(repository.path("policies/leave.md")).expect("the policy");
    for (name, text, code) in
        [("what was there", format!("The shop is open.\n\n{old}"), 0), ("one more", old.clone() + &order("lamp"), 1)]
    {
        repository.write("policies/leave.md", text);
        repository.git(&["add", "--all"]);
        let who = ["-c", "user.name=Kim", "-c", "user.email=kim@example.org"];
        let mut commit = Command::new("git");
        commit.args(who).args(["commit", "-q", "-m", name]).current_dir(repository.folder.path()).env("PATH", &path);
        let (_, errors) = ended(&commit.output().expect("git runs"), code);
        assert!(!errors.contains("no such baseline"), "{name}: {errors}");
    }
}

#[test]
fn a_broken_baseline_is_named_with_its_place() {
    let repository = Repository::with(&[("a.md", "Text.\n")]);
    for (name, text, expected) in [
        ("empty", "", "1:1: not a baseline: EOF while parsing a value"),
        ("no JSON", "{\n  \"version\": 1,\n<<<<<<< ours\n", "3:1: not a baseline: "),
        ("unknown key", "{\"version\": 1, \"files\": {}}", "1:22: not a baseline: unknown field `files`"),
        ("no number of times", "{\"version\": 1, \"documents\": {\"a\": {\"0123456789abcdef\": 0}}}", "1:56: "),
        (
            "no fingerprint",
            "{\"version\": 1, \"documents\": {\"a\": {\"must go\": 1}}}",
            "1:44: not a baseline: a sentence is 16",
        ),
        ("newer", "{\"version\": 2, \"documents\": {}}", "1:1: a baseline of version 2, and only 1 is known"),
    ] {
        repository.write("b.json", text);
        for args in [&["a.md", "--baseline=b.json"][..], &["a.md", "--baseline=b.json", "--update-baseline"]] {
            let (out, errors) = repository.check(args, 2);
            assert!(errors.starts_with(&format!("leadtone: b.json:{expected}")), "{name}: {errors}");
            assert_eq!((out.as_str(), errors.lines().count()), ("", 1), "{name}");
        }
        assert_eq!(fs::read_to_string(repository.path("b.json")).expect("it is left alone"), text);
    }
}
