//! The command line as a user meets it: arguments, output, exit codes.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;
use tempfile::TempDir;

/// A run of the program in a folder of its own.
pub(super) struct Cli {
    folder: TempDir,
    args: Vec<String>,
    stdin: Vec<u8>,
    environment: Vec<(&'static str, &'static str)>,
}

/// What a run came to.
pub(super) struct Ran {
    pub(super) folder: TempDir,
    pub(super) output: Output,
}

impl Cli {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder to run in");
        Self { folder, args: Vec::new(), stdin: Vec::new(), environment: Vec::new() }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is writable");
        fs::write(path, content).expect("the folder is writable");
        self
    }

    pub(super) fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.path(name)).expect("the folder is writable");
        self
    }

    pub(super) fn args<const N: usize>(mut self, args: [&str; N]) -> Self {
        self.args.extend(args.map(str::to_owned));
        self
    }

    pub(super) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_owned();
        self
    }

    pub(super) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadtone"));
        command.args(&self.args).current_dir(self.folder.path());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "RUST_BACKTRACE", "GITHUB_STEP_SUMMARY"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(super) fn run(self) -> Ran {
        let mut child = self.command().spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let bytes = self.stdin.clone();
        let feeder = thread::spawn(move || drop(stdin.write_all(&bytes)));
        let output = child.wait_with_output().expect("the program ends");
        feeder.join().expect("feeding does not panic");
        Ran { folder: self.folder, output }
    }

    pub(super) fn code(self, code: i32) -> Ran {
        let ran = self.run();
        assert_eq!(ran.output.status.code(), Some(code), "{}{}", ran.text(), ran.errors());
        ran
    }
}

impl Ran {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub(super) fn errors(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub(super) fn stdout(self, expected: &str) -> Self {
        assert_eq!(self.text(), expected, "{}", self.errors());
        self
    }

    pub(super) fn stderr(self, expected: &str) -> Self {
        assert_eq!(self.errors(), expected);
        self
    }

    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .expect("the folder is readable")
            .map(|entry| entry.expect("the folder is readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).expect("standard output is JSON")
    }

    pub(super) fn lines(&self) -> Vec<Value> {
        let text = self.text();
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

#[test]
fn without_arguments_help_shows_examples() {
    let ran = Cli::new().code(0).stderr("");
    assert!(ran.text().contains("Usage: leadtone"));
    assert!(ran.text().contains("Examples:\n  leadtone scan memos/"));
    assert!(!ran.text().contains('\x1b'), "no colour in a pipe");
}

#[test]
fn help_speaks_of_what_a_command_has() {
    for (command, has_lines) in [("scan", true), ("check", false)] {
        let help = Cli::new().args([command, "--help"]).code(0).text();
        assert_eq!(help.contains("without a PATH from standard input"), has_lines, "{help}");
        assert!(!help.contains("or standard input for"), "{help}");
    }
}

#[test]
fn wrong_arguments_exit_2() {
    for args in [["scan", "--format", "xml"], ["scan", "--threads", "0"], ["scan", "--nope", "x"], ["nope", "a", "b"]] {
        let ran = Cli::new().args(args).code(2).stdout("");
        assert!(ran.errors().starts_with("error: "), "{}", ran.errors());
    }
    Cli::new()
        .args(["scan", "--by", "folder", "--format", "jsonl"])
        .code(2)
        .stderr("leadtone: --by has no place in jsonl, which has a line per document; choose another --format\n");
}

#[test]
fn what_cannot_be_read_is_named_and_stops_nothing() {
    let ran = Cli::new()
        .file("memos/good.txt", "Please send the figures by noon.")
        .file("memos/bad.txt", b"\x00\x01\x02\xFF\xFE\x00binary\x00")
        .args(["scan", "memos", "absent.txt", "--format", "json"])
        .code(2);
    let errors = ran.errors();
    assert!(errors.contains("leadtone: absent.txt: "), "{errors}");
    assert!(errors.contains("bad.txt: "), "{errors}");
    assert_eq!(errors.lines().count(), 2, "{errors}");
    let report = ran.json();
    assert_eq!(report["documents"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["failures"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["total"]["counts"]["sentences"], 1);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let cli = Cli::new().file("locked.txt", "Secret.").file("open.txt", "Open.").args(["scan", "."]);
    let locked = cli.path("locked.txt");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("permissions can be set");
    if fs::read(&locked).is_ok() {
        return; // The superuser reads everything.
    }
    assert!(cli.code(2).errors().contains("locked.txt: permission denied"));
}

#[test]
fn an_empty_folder_is_named() {
    let ran = Cli::new().folder("empty").args(["scan", "empty"]).code(2);
    assert!(ran.errors().starts_with("leadtone: empty: "), "{}", ran.errors());
}

#[test]
fn nothing_to_read_is_said() {
    let excluded = "leadtone: nothing to read: all of it is excluded\n";
    for (name, args, code, errors) in [
        ("all excluded", &["d", "--exclude=*"][..], 0, excluded),
        ("a file excluded", &["d/a.txt", "--exclude=a.txt", "--quiet"], 0, excluded),
        ("excluded in a list", &["--files-from=list", "--exclude=a.txt"], 0, excluded),
        ("an empty list", &["--files-from=none"], 2, "leadtone: nothing to read\n"),
        ("an empty list, quiet", &["--files-from=none", "--quiet"], 2, "leadtone: nothing to read\n"),
        ("a list and a file", &["d/a.txt", "--files-from=none"], 0, ""),
    ] {
        for command in [&["scan"][..], &["scan", "--format=json"], &["scan", "--files"], &["check"]] {
            let cli = Cli::new().file("d/a.txt", "You decide.").file("list", "d/a.txt\n").file("none", "\n");
            let ran = command.iter().chain(args).fold(cli, |cli, arg| cli.args([*arg])).run();
            assert_eq!(
                (ran.output.status.code(), ran.errors()),
                (Some(code), errors.to_owned()),
                "{name}, {command:?}"
            );
        }
    }
    let allowed = |arg: &str| {
        let cli = Cli::new().file("none", "").args(["check", "--files-from=none", "--allow-empty", arg]);
        cli.code(0).errors()
    };
    assert_eq!((allowed("--show=none"), allowed("--quiet")), ("leadtone: nothing to read\n".to_owned(), String::new()));
}

#[test]
fn a_file_without_a_document_is_named() {
    let files = [("rows.csv", "id,text\n"), ("lines.jsonl", "\n"), ("empty.tsv", "text\n"), ("a.txt", "You decide.")];
    let cli = |args: &[&str]| {
        let cli = files.iter().fold(Cli::new(), |cli, (name, text)| cli.file(name, text));
        args.iter().fold(cli, |cli, arg| cli.args([*arg]))
    };
    let named = "leadtone: empty.tsv: holds no document\nleadtone: lines.jsonl: holds no document\n\
                 leadtone: rows.csv: holds no document\n";
    for command in ["scan", "check"] {
        let ran = cli(&[command, "--format=json"]).code(2).stderr(named);
        assert_eq!(ran.json()["failures"].as_array().map(Vec::len), Some(3), "{command}");
        assert_eq!(ran.json()["total"]["documents"], 1, "{command}");
    }
    let ran = cli(&["scan", "--as=csv", "-"]).stdin("id,text\n").code(2);
    assert_eq!(ran.errors(), "leadtone: -: holds no document\n");
    cli(&["check", "--allow-empty"]).code(0).stderr("");
}

#[test]
fn standard_input_is_a_document() {
    let ran = Cli::new().args(["scan", "-", "--format", "json"]).stdin("Send it. Take your time.").code(0).stderr("");
    let report = ran.json();
    assert_eq!(report["documents"][0]["id"], "-");
    assert_eq!(report["documents"][0]["counts"]["sentences"], 2);
    assert!(report["documents"][0].get("path").is_none());
}

#[test]
fn scan_without_a_path_reads_the_current_folder() {
    let report = Cli::new().file("a.txt", "One sentence.").args(["scan", "--format", "json"]).code(0).json();
    assert_eq!(report["total"]["documents"], 1);
}

#[test]
fn files_lists_and_reads_nothing() {
    let ran = Cli::new()
        .file("memos/b.txt", "x")
        .file("memos/a.txt", "x")
        .file("list", "memos/a.txt\nmemos/b.txt\n")
        .args(["scan", "--files-from", "list", "--files"])
        .code(0);
    ran.stdout("memos/a.txt\nmemos/b.txt\n");
}

#[test]
fn json_lines_are_a_filter() {
    let input = concat!(
        "{\"id\":7,\"text\":\"You must go now.\",\"dept\":\"ops\"}\r\n",
        "not json\n",
        "\n",
        "{\"id\":\"b\"}\n",
        "{\"id\":\"c\",\"text\":5}\n",
        "{\"id\":null,\"text\":\"x\"}\n",
        "[1]\n",
        "{\"text\":\"no id\"}\n",
        "{\"id\":\"last\",\"text\":\"\"}",
    );
    let run = |extra: [&str; 2]| {
        Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl"]).args(extra).stdin(input)
    };
    let ran = run(["--threads", "1"]).code(0).stderr("");
    let lines = ran.lines();
    assert_eq!(lines.len(), 9, "a line for each line");
    assert_eq!((&lines[0]["id"], &lines[0]["fields"]["dept"]), (&Value::from(7), &Value::from("ops")));
    assert_eq!(lines[0]["counts"]["sentences"], 1, "a lone English sentence is always counted");
    assert_eq!((lines[8]["id"].as_str(), lines[8]["status"].as_str()), (Some("last"), Some("no_text")));
    for (line, id, error) in [
        (2, Value::Null, "not JSON: expected ident at column 2"),
        (3, Value::Null, "empty line"),
        (4, Value::from("b"), "no field `text`"),
        (5, Value::from("c"), "field `text` is not a string"),
        (6, Value::Null, "field `id` is neither a string nor a number"),
        (7, Value::Null, "not a JSON object"),
        (8, Value::Null, "no field `id`"),
    ] {
        assert_eq!(lines[line - 1], serde_json::json!({"schema": 1, "id": id, "line": line, "error": error}));
    }
    let text = ran.text();
    run(["--threads", "8"]).code(0).stdout(&text);
    let strict = run(["--strict", "--quiet"]).code(2).stdout(&text);
    assert_eq!(strict.errors().lines().next(), Some("leadtone: -:2: not JSON: expected ident at column 2"));
}

#[test]
fn json_lines_fields_can_be_named() {
    let lines = Cli::new()
        .args(["scan", "--input-format", "jsonl", "--format", "jsonl", "--id-field", "key", "--text-field", "body"])
        .stdin("{\"key\":\"k\",\"body\":\"One. Two.\",\"text\":\"kept\",\"id\":1}\n")
        .code(0)
        .lines();
    assert_eq!((&lines[0]["id"], &lines[0]["counts"]["sentences"]), (&Value::from("k"), &Value::from(2)));
    assert_eq!(lines[0]["fields"], serde_json::json!({"text": "kept", "id": 1}));
}

#[test]
fn a_report_of_a_json_line_does_not_depend_on_its_file() {
    let line = "{\"id\":\"a\",\"text\":\"Ask before you buy.\"}\n";
    let args = ["scan", "--input-format", "jsonl", "--format", "jsonl", "--sentences"];
    let from_stdin = Cli::new().args(args).stdin(line).code(0).text();
    Cli::new().file("x/part.jsonl", line).args(args).args(["x/part.jsonl"]).code(0).stdout(&from_stdin);
}

#[test]
fn a_string_of_json_is_text_whatever_is_in_it() {
    for text in ["You must \\u000f go.", "\\u0000\\u0001 You must go.", "\\ufeffYou must go.", "\\u001b$B You must go."]
    {
        let line = format!("{{\"id\": 1, \"text\": \"{text}\"}}\n");
        let cli = Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl"]).stdin(line);
        let report = cli.code(0).stderr("").json();
        assert_eq!(report["counts"]["directive"], 1, "{text}: {report}");
    }
}

#[test]
fn empty_json_lines_are_empty_output() {
    Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl"]).code(0).stdout("").stderr("");
}

#[test]
fn json_lines_answer_whoever_waits() {
    let cli = Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl", "--threads", "2"]);
    let mut child = cli.command().spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("standard output is a pipe")).lines();
    // Half a line more than is asked for: it must not hold the answers back.
    for (question, ids) in [
        ("{\"id\":1,\"text\":\"You must go.\"}\n", 1..2),
        ("{\"id\":2,\"text\":\"Go.\"}\n{\"id\":3,\"text\":\"Go.\"}\n{\"id\":4,", 2..4),
        ("\"text\":\"Stay.\"}\n", 4..5),
    ] {
        stdin.write_all(question.as_bytes()).expect("the program reads on");
        for id in ids {
            let answer = answers.next().expect("an answer").expect("a line");
            assert!(answer.starts_with(&format!("{{\"schema\":1,\"id\":{id},")), "{answer}");
        }
    }
    drop(stdin);
    assert!(answers.next().is_none());
    assert!(child.wait().expect("the program ends").success());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_quiet_and_leaves_nothing() {
    let args = ["scan", "--input-format", "jsonl", "--format", "jsonl", "--output", "out.jsonl"];
    let cli = Cli::new().file("out.jsonl", "old").args(args);
    let mut child = cli.command().spawn().expect("the program starts");
    let stdin = child.stdin.take().expect("standard input is a pipe");
    let count = || fs::read_dir(cli.folder.path()).expect("the folder is readable").count();
    while count() < 2 {
        assert!(child.try_wait().expect("the program can be asked").is_none(), "it waits for input");
        thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(kill.expect("there is a shell").success());
    let output = child.wait_with_output().expect("the program ends");
    drop(stdin);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(130), ""));
    assert_eq!(count(), 1);
    assert_eq!(fs::read_to_string(cli.path("out.jsonl")).expect("it is there"), "old");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let mut cli = Cli::new();
    for number in 0..60 {
        let text = format!("Memo {number}. {}", "You must file it. You may choose how. ".repeat(number % 7));
        cli = cli.file(&format!("memos/{}/{number}.txt", number % 5), text);
    }
    let folder = cli.folder.path().to_owned();
    let outputs = |threads: &str| {
        ["table", "json", "jsonl", "csv", "markdown"].map(|format| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_leadtone"));
            command.args(["scan", "memos", "--format", format, "--threads", threads, "--sentences"]);
            command.current_dir(&folder).output().expect("the program runs").stdout
        })
    };
    let one = outputs("1");
    assert!(one.iter().all(|bytes| bytes.len() > 1000));
    assert!(one == outputs("8"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let cli = Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl"]);
    let mut child = cli.command().spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    drop(child.stdout.take());
    let feeder = thread::spawn(move || {
        for id in 0..10_000 {
            if writeln!(stdin, "{{\"id\":{id},\"text\":\"Some text.\"}}").is_err() {
                return;
            }
        }
    });
    let output = child.wait_with_output().expect("the program ends");
    feeder.join().expect("feeding does not panic");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_gate_holds_though_nobody_reads_it() {
    let orders = "You must file the form. You must lock the gate. You must wear a badge.\n".repeat(2_000);
    let config = "[[profile]]\nkind = \"memo\"\nmax_directive = 3\n";
    let written = "leadtone: old.json: holds 6000 sentences of 1 document\n";
    for (update, code, expected) in [(false, 1, ""), (true, 0, written)] {
        let cli = Cli::new().file("a.md", &orders).file("leadtone.toml", config).args(["check", "a.md"]);
        let cli = if update { cli.args(["--baseline=old.json", "--update-baseline"]) } else { cli };
        let mut child = cli.command().spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.as_ref()), (Some(code), expected));
        assert_eq!(cli.folder.path().join("old.json").is_file(), update, "a baseline is written all the same");
    }
}

#[cfg(unix)]
#[test]
fn a_list_of_paths_may_come_from_a_pipe() {
    let cli = Cli::new().file("a.md", "You must go.").args(["scan", "--files-from", "list", "--files"]);
    let list = cli.folder.path().join("list");
    let made = Command::new("mkfifo").arg(&list).status().expect("mkfifo is there");
    assert!(made.success());
    let writer = thread::spawn(move || fs::write(list, "a.md\n").expect("somebody reads"));
    assert_eq!(cli.code(0).text(), "a.md\n");
    writer.join().expect("writing does not panic");
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let cli = || Cli::new().file("a.txt", "You must go.").args(["scan", "a.txt"]);
    assert!(!cli().code(0).text().contains('\x1b'));
    assert!(cli().args(["--color", "always"]).code(0).text().contains('\x1b'));
    assert!(cli().env("CLICOLOR_FORCE", "1").code(0).text().contains('\x1b'));
    assert!(!cli().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").code(0).text().contains('\x1b'));
    assert!(!cli().env("CLICOLOR_FORCE", "1").args(["--color", "never"]).code(0).text().contains('\x1b'));
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let ran = Cli::new()
        .file("a.txt", "You must go.")
        .file("report.json", "old")
        .args(["scan", "a.txt", "--format", "json", "--output", "report.json"])
        .code(0)
        .stdout("");
    assert_eq!(ran.names(), ["a.txt", "report.json"]);
    let written = fs::read(ran.folder.path().join("report.json")).expect("the report is there");
    assert_eq!(serde_json::from_slice::<Value>(&written).expect("the report is JSON")["schema"], 1);
    let ran = Cli::new().file("a.txt", "Go.").args(["scan", "a.txt", "--output", "no/such/folder.json"]).code(2);
    assert_eq!(ran.names(), ["a.txt"]);
    assert!(ran.errors().starts_with("leadtone: no/such/folder.json: cannot write there: "), "{}", ran.errors());
}

#[test]
fn a_report_is_no_document_of_the_next_run() {
    for (command, name) in [("scan", "report.md"), ("scan", "r.jsonl"), ("scan", "tone.csv"), ("check", "report.md")] {
        let format = if name == "report.md" { "markdown" } else { name.rsplit_once('.').expect("an extension").1 };
        let cli = |path: &'static str| {
            let old = "id,text\n1,You must file the form.\n";
            let output = Cli::new().file("a.txt", "You decide.").file(name, old).folder("sub");
            output.args([command, path, "--format", format, "--output", &format!("sub/../{name}")])
        };
        let read = |ran: &Ran| fs::read_to_string(ran.folder.path().join(name)).expect("the report");
        let ran = cli(".").code(0).stderr("");
        assert!(read(&ran).contains("a.txt") && !read(&ran).contains(name), "{}", read(&ran));
        // Named, as by a shell.
        let ran = cli("a.txt").args([name]).code(0);
        assert_eq!(ran.errors(), format!("leadtone: {name}: is not read, since --output replaces it\n"));
        assert!(!read(&ran).contains(name), "{}", read(&ran));
    }
    let text = "You must file the form.";
    let ran = Cli::new().file("a.txt", text).args(["scan", "a.txt", "--output", "a.txt"]).code(2);
    assert_eq!(ran.errors(), "leadtone: a.txt: there is nothing else to read, and --output would replace it\n");
    assert_eq!(fs::read_to_string(ran.folder.path().join("a.txt")).expect("it is left alone"), text);
    let ran = Cli::new().file("sub/a.md", text).args(["check", "sub", "--output", "sub/a.md"]).code(2);
    assert_eq!(ran.errors(), "leadtone: sub: no documents in this folder\n");
}

#[test]
fn a_lexicon_of_ones_own_extends_and_replaces() {
    const HOUSE: &str = "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\n\n\
        [[entry]]\nid = \"house.pronto\"\npattern = \"pronto\"\nweight = 9.0\nnote = \"Haste.\"\n";
    let cli = |text: &str, args: [&str; 2]| {
        Cli::new()
            .file("ours/house.toml", HOUSE)
            .file("theirs/house.toml", text)
            .args(["explain", "--json"])
            .args(args)
            .args(["--lexicon", "ours", "--lexicon", "theirs"])
    };
    // The last one of a name counts.
    let replaced = cli(&HOUSE.replace("9.0", "8.5"), ["--sentence", "Vats are pronto indeed."]).code(0).json();
    assert_eq!(replaced[0]["evidence"][0]["entry"], "house.pronto");
    assert_eq!((&replaced[0]["evidence"][0]["directive"], &replaced[0]["label"]), (&8500.into(), &"directive".into()));
    let sums = &replaced[0]["directive"];
    assert_eq!(sums["score"].as_i64(), sums["bias"].as_i64().map(|bias| bias + 8500));
    // What is built in is still there.
    let entry = Cli::new().args(["lexicon", "list", "--json", "--lexicon", "ours"]).file("ours/house.toml", HOUSE);
    assert!(entry.code(0).json().as_array().is_some_and(|entries| entries.len() > 100));
    let wrong = HOUSE.replace("\"pronto\"\nweight", "\"(pronto\"\nweight");
    cli(&wrong, ["--sentence", "Go."]).code(2).stdout("").stderr(&format!(
        "leadtone: {}:8:19: ')' is missing\nleadtone: the lexicon has an error\n",
        PathBuf::from("theirs").join("house.toml").display()
    ));
    Cli::new()
        .folder("none")
        .args(["explain", "a.b", "--lexicon", "none"])
        .code(2)
        .stderr("leadtone: none: no lexicon file (*.toml)\n");
}

#[test]
fn explanations_add_up_for_people() {
    let ran =
        Cli::new().args(["explain", "--sentence", "Run it by me first. The shop has a window."]).code(0).stderr("");
    let text = ran.text();
    assert!(text.starts_with("Run it by me first.\ndirective: "), "{text}");
    let thousandths = |line: &str| {
        let numbers: Vec<f64> = line.split_whitespace().map_while(|word| word.parse().ok()).collect();
        assert_eq!(numbers.len(), 2, "{line}");
        [numbers[0], numbers[1]].map(|number| (number * 1000.0).round() as i64)
    };
    for sentence in text.split("\n\n").filter(|part| part.contains("where every sentence begins")) {
        let lines: Vec<[i64; 2]> =
            sentence.lines().filter(|line| line.trim_start().starts_with(['+', '-'])).map(thousandths).collect();
        let (sum, terms) = lines.split_last().expect("a sum");
        assert_eq!(*sum, [0, 1].map(|pole| terms.iter().map(|term| term[pole]).sum::<i64>()), "{sentence}");
    }
    let unknown = Cli::new().args(["explain", "no.such"]).code(2).stdout("");
    assert_eq!(unknown.errors(), "leadtone: no entry `no.such`; `leadtone lexicon list` names them all\n");
}

#[test]
fn one_clause_goes_to_the_stronger_side_and_says_so() {
    let principle = |name: &str, stance: &str, weight: &str| {
        format!(
            "[principle]\nname = \"{name}\"\nstance = \"{stance}\"\nabout = \"Ours.\"\n\n\
             [[entry]]\nid = \"{name}.zorbly\"\npattern = \"zorbly\"\nweight = {weight}\n"
        )
    };
    let explain = |sentence: &str| {
        Cli::new()
            .file("ours/house.toml", principle("house", "directive", "9.0"))
            .file("ours/home.toml", principle("home", "empowering", "8.0"))
            .args(["explain", "--sentence", sentence, "--lexicon", "ours"])
            .code(0)
            .text()
    };
    let one = explain("The vats are zorbly.");
    assert!(one.contains("\ndirective: ") && one.contains("in one clause the stronger side counts"), "{one}");
}

#[test]
fn principles_count_what_speaks_for_a_side_and_what_is_to_be_shown() {
    for (counted, expected) in [("", Value::Null), ("counted = true\n", 1.into())] {
        let house = format!(
            "[principle]\nname = \"house\"\nstance = \"neutral\"\n{counted}about = \"Ours.\"\n\n\
             [[entry]]\nid = \"house.zorbly\"\npattern = \"zorbly\"\n"
        );
        let cli = Cli::new().file("ours/house.toml", house).stdin("The vats are zorbly.");
        let report = cli.args(["scan", "-", "--format", "json", "--lexicon", "ours"]).code(0).json();
        assert_eq!(report["documents"][0]["principles"]["house"], expected, "{counted}");
    }
}

#[test]
fn groups_sum_counts_and_pool_small_senders() {
    let row = |id: usize, dept: &str| format!("{{\"id\":{id},\"text\":\"One. Two.\",\"dept\":\"{dept}\"}}\n");
    let input: String = (0..6).map(|id| row(id, if id < 4 { "ops" } else { "hr" })).collect();
    let groups = |min: &str| {
        let report = Cli::new()
            .args(["scan", "--input-format", "jsonl", "--format", "json", "--by", "dept", "--min-group", min])
            .stdin(&input)
            .code(0)
            .json();
        assert_eq!(report["total"]["counts"]["sentences"], 12);
        let groups = report["groups"].as_array().expect("groups were asked for");
        let parts = groups.iter().map(|group| (group["group"].to_string(), group["counts"]["sentences"].to_string()));
        parts.map(|(name, sentences)| format!("{name} {sentences}")).collect::<Vec<_>>()
    };
    assert_eq!(groups("1"), ["\"hr\" 4", "\"ops\" 8"]);
    assert_eq!(groups("3"), ["\"ops\" 8", "\"(others)\" 4"]);
}

#[test]
fn nobody_is_shown_by_a_few_mails() {
    let cli = |args: &[&str]| {
        let mut cli = Cli::new().args(["scan", ".", "--format", "json"]);
        for (sender, count) in [("kim", 5), ("sam", 4), ("ada", 1)] {
            for number in 0..count {
                let mail = format!("From: {sender}@example.org\nTo: all@example.org\nSubject: Stall\n\nOne. Two.\n");
                cli = cli.file(&format!("{sender}{number}.eml"), mail);
            }
        }
        args.iter().fold(cli, |cli, arg| cli.args([*arg]))
    };
    let groups = |args: &[&str]| {
        let report = cli(args).code(0).json();
        let groups = report["groups"].as_array().expect("groups").clone();
        groups.iter().map(|group| format!("{} {}", group["group"], group["documents"])).collect::<Vec<_>>()
    };
    assert_eq!(groups(&[]), [""; 0], "not unless asked for");
    assert_eq!(groups(&["--by=sender"]), ["\"kim@example.org\" 5", "\"(others)\" 5"]);
    assert_eq!(groups(&["--by=sender", "--min-group=6"]), ["\"(others)\" 10"]);
    // Nor by the rows of documents.
    let named = |args: &[&str]| {
        let report = cli(args).code(0).json();
        let documents = report["documents"].as_array().expect("documents").clone();
        documents.iter().filter_map(|document| document["sender"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(named(&["--by=sender"]), ["kim@example.org"; 5]);
    for args in [&["--by=sender", "--min-group=6"][..], &["--by=folder"], &[]] {
        assert_eq!(named(args), [""; 0], "{args:?}");
    }
    for args in
        [["scan", "--format=jsonl"], ["scan", "--format=csv"], ["check", "--format=json"], ["check", "--format=jsonl"]]
    {
        let mail = "From: sam@example.org\nTo: all@example.org\nSubject: Stall\n\nOne. Two.\n";
        let text = Cli::new().file("a.eml", mail).args(args).code(0).text();
        assert!(text.contains("a.eml") && !text.contains("sam"), "{text}");
    }
    let ran = cli(&["--by=sender", "--min-group=4"]).code(2).stdout("");
    assert!(ran.errors().starts_with("leadtone: --min-group is at least 5 with --by sender"), "{}", ran.errors());
}

#[test]
fn documents_sort_as_asked() {
    let ids = |sort: &str, reverse: bool| {
        let mut cli = Cli::new()
            .file("b.txt", "One. Two. Three.")
            .file("a.txt", "One.")
            .file("c.txt", "One. Two.")
            .args(["scan", "b.txt", "a.txt", "c.txt", "--format", "json", "--sort", sort]);
        if reverse {
            cli = cli.args(["-r"]);
        }
        let report = cli.code(0).json();
        report["documents"].as_array().expect("documents").iter().map(|d| d["id"].to_string()).collect::<String>()
    };
    assert_eq!(ids("path", false), "\"a.txt\"\"b.txt\"\"c.txt\"");
    assert_eq!(ids("path", true), "\"c.txt\"\"b.txt\"\"a.txt\"");
    assert_eq!(ids("sentences", false), "\"b.txt\"\"c.txt\"\"a.txt\"");
    assert_eq!(ids("sentences", true), "\"a.txt\"\"c.txt\"\"b.txt\"");
}

#[test]
fn everything_generated_is_generated() {
    for (what, holds) in [
        ("man", ".TH leadtone 1"),
        ("complete-bash", "complete -F _leadtone"),
        ("complete-zsh", "#compdef leadtone"),
        ("complete-fish", "complete -c leadtone"),
        ("complete-powershell", "Register-ArgumentCompleter"),
        ("complete-elvish", "edit:completion:arg-completer[leadtone]"),
        ("schema", "\"ScanReport\""),
    ] {
        let ran = Cli::new().args(["generate", what]).code(0).stderr("");
        assert!(ran.text().contains(holds), "{what}: {}", ran.text());
    }
}

#[test]
fn the_schema_names_every_key_of_a_report() {
    let schema = Cli::new().args(["generate", "schema"]).code(0).json();
    let report = Cli::new()
        .file("a.txt", "You must go. Choose your way.")
        .args(["scan", "a.txt", "--format", "json", "--sentences"])
        .code(0)
        .json();
    let document = &schema["$defs"]["DocumentReport"]["properties"];
    for key in report["documents"][0].as_object().expect("a document").keys() {
        assert!(document.get(key).is_some(), "{key} is not in the schema");
    }
    for key in report.as_object().expect("a report").keys() {
        assert!(schema["properties"].get(key).is_some(), "{key} is not in the schema");
    }
    assert!(schema["$defs"]["ErrorReport"]["properties"].get("error").is_some());
}

#[test]
fn what_a_path_holds_does_not_act_on_the_terminal() {
    let ran = Cli::new().args(["scan", "a\x1b[31mb.txt"]).code(2);
    assert!(!ran.errors().contains('\x1b'), "{:?}", ran.errors());
}
