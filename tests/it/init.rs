//! `leadtone init` in folders and in real repositories: what it writes, what it leaves alone, what the hook lets through.

use super::cli::Cli;
use leadtone::extract::{FORMATS, Format};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};
use tempfile::TempDir;

/// Ten orders: below any band.
const ORDERS: &str = "You must file the form today. You must sign the sheet. You must lock the gate. You must wear the \
    badge. You must report to the desk. You must clean the van. You must count the keys. You must close the shop. You \
    must answer the phone. You must stay until six. You must sweep the hall. You must post the bill. You must oil the chain. You must fill the tank. You \
    must paint the fence. You must ring the bell. You must feed the cat. You must stack the chairs.\n";

const LATITUDE: &str = "You decide how to run the stall. You choose the day. It is your call. We trust you to plan the \
    tour. You may pick any tool. Take the time you need. I trust your judgement. You are free to change the plan.\n";

/// A repository of its own, away from the settings of whoever runs the tests.
struct Repository {
    folder: TempDir,
    root: PathBuf,
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder to work in");
        let root = folder.path().join("a repository");
        fs::create_dir(&root).expect("the folder is writable");
        let repository = Self { folder, root };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A program that sees this `leadtone` first, and no settings but those of the repository.
    fn command(&self, program: &str, folder: &Path) -> Command {
        let ours = Path::new(env!("CARGO_BIN_EXE_leadtone")).parent().expect("a file is in a folder");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([ours.to_owned()].into_iter().chain(env::split_paths(&path))).expect("a path");
        let mut command = Command::new(program);
        command.current_dir(folder).env("PATH", path).env("HOME", self.folder.path());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        }
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git", &self.root).args(args).output().expect("git is there");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    fn leadtone(&self, folder: &Path, args: &[&str]) -> Output {
        self.command("leadtone", folder).args(args).output().expect("the program runs")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is writable");
        fs::write(path, text).expect("the folder is writable");
    }

    /// Tries a commit of what is staged; what was said if it was refused.
    fn commit(&self, folder: &Path) -> Option<String> {
        let output = self.command("git", folder).args(["commit", "--quiet", "-m", "x"]).output().expect("git is there");
        (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_configuration_is_written_once() {
    let ran = Cli::new().args(["init"]).code(0).stdout("").stderr("leadtone: wrote leadtone.toml\n");
    let written = fs::read_to_string(ran.folder.path().join("leadtone.toml")).expect("it was written");
    assert_eq!(written, leadtone::config::template());
    let ran = Cli::new().file("docs/leadtone.toml", "# ours\n").args(["init", "docs"]).code(2);
    let errors = ran.errors().replace('\\', "/");
    assert_eq!(errors, "leadtone: docs/leadtone.toml: there is one already\n");
    let kept = fs::read_to_string(ran.folder.path().join("docs/leadtone.toml")).expect("it is there");
    assert_eq!(kept, "# ours\n");
}

#[test]
fn the_hook_checks_what_is_staged() {
    let repository = Repository::new();
    let root = &repository.root;
    repository.write("docs/good.md", LATITUDE);
    repository.git(&["add", "."]);
    let written = repository.leadtone(&root.join("docs"), &["init", "--hook", "git"]);
    assert_eq!(written.status.code(), Some(0), "{}", errors(&written));
    assert!(root.join(".git/hooks/pre-commit").is_file());
    assert_eq!(repository.commit(root), None, "the first commit");

    // Names that a script may stumble over; files that are no documents; a document that is renamed or goes away.
    for name in ["docs/a b.md", "docs/-n.md", "docs/it's \"é\".md", "src/main.c", "sheet.xlsx"] {
        repository.write(name, LATITUDE);
    }
    repository.git(&["add", "."]);
    assert_eq!(repository.commit(root), None, "odd names");
    repository.write("src/main.c", "int main(void) { return 0; }\n");
    repository.git(&["add", "."]);
    assert_eq!(repository.commit(root), None, "no document at all");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.md", root.join("docs/link.md")).expect("the folder is writable");
        repository.git(&["add", "."]);
        assert_eq!(repository.commit(root), None, "a link");
    }
    repository.git(&["mv", "docs/a b.md", "docs/c.md"]);
    repository.git(&["rm", "--quiet", "--", "docs/-n.md"]);
    assert_eq!(repository.commit(root), None, "a move and a removal");

    repository.write("docs/bad.md", ORDERS);
    repository.git(&["add", "."]);
    repository.write("docs/bad.md", LATITUDE);
    let refused = repository.commit(&root.join("docs")).expect("what is staged is refused");
    assert!(refused.contains("\ndocs/bad.md:1:31: directive (") || refused.contains("docs/bad.md:1:1: directive ("));
    assert!(refused.contains("fail: docs/bad.md (memo: 0% empowering"), "{refused}");
    assert!(refused.ends_with("pre-commit: leadtone refuses this commit; `git commit --no-verify` goes without it\n"));
    assert!(!refused.contains("good.md"), "what is not staged is not checked: {refused}");
    repository.git(&["add", "."]);
    repository.write("docs/bad.md", ORDERS);
    assert_eq!(repository.commit(root), None, "the working tree is not looked at");
}

#[test]
fn the_hook_goes_by_the_settings_that_are_staged() {
    let repository = Repository::new();
    let root = &repository.root;
    repository.leadtone(root, &["init", "--hook=git"]);
    let lenient = "[[profile]]\npaths = [\"/docs/\"]\nkind = \"crisis\"\nmax_empowering = 1\n";
    repository.write("leadtone.toml", lenient);
    repository.write("docs/orders.md", ORDERS);
    repository.git(&["add", "docs"]);
    assert_eq!(repository.commit(root), None, "settings that were never added hold");
    repository.git(&["add", "."]);
    repository.write("leadtone.toml", "");
    repository.write("docs/orders.md", &format!("{ORDERS}\n{ORDERS}"));
    repository.git(&["add", "docs"]);
    assert_eq!(repository.commit(root), None, "settings that are staged hold");
    repository.git(&["add", "."]);
    repository.write("docs/orders.md", ORDERS);
    repository.git(&["add", "docs"]);
    assert!(repository.commit(root).is_some(), "settings that are staged are empty now");
    repository.write("leadtone.toml", "exclude = [\"/docs/\"]\n");
    repository.git(&["add", "."]);
    assert_eq!(repository.commit(root), None, "what is excluded is not checked");
    repository.write("leadtone.toml", "exlude = []\n");
    repository.git(&["add", "."]);
    let refused = repository.commit(root).expect("broken settings pass nothing");
    assert!(refused.contains("leadtone.toml:1:1: unknown field `exlude`"), "{refused}");
}

#[test]
fn the_hook_goes_by_the_settings_of_each_folder() {
    let repository = Repository::new();
    let root = &repository.root;
    repository.leadtone(root, &["init", "--hook=git"]);
    let lenient = "[[profile]]\npaths = [\"**\"]\nkind = \"crisis\"\nmax_empowering = 1\n";
    let strict = "[[profile]]\nkind = \"memo\"\nmax_directive = 3\n";
    for (folder, settings) in [("app", lenient), ("app/strict one", strict), ("lib", strict)] {
        repository.write(&format!("{folder}/leadtone.toml"), settings);
    }
    repository.write("app/docs/orders.md", ORDERS);
    repository.write("app/rows.jsonl", "{\"a\": 1}\n");
    repository.write("rows.CSV", &ORDERS.replace('.', "\n"));
    repository.write("good.md", LATITUDE);
    repository.git(&["add", "."]);
    assert_eq!(repository.commit(root), None, "the folder is lenient, and rows are not looked at");
    for name in ["app/strict one/orders.md", "lib/orders.md", "orders.md"] {
        repository.write(name, ORDERS);
        repository.git(&["add", "."]);
        let refused = repository.commit(root).expect("what is checked by other settings is refused");
        assert!(refused.contains(&format!("\nfail: {name}")) && !refused.contains("app/docs"), "{refused}");
        repository.git(&["rm", "--cached", "--quiet", "--", name]);
        fs::remove_file(root.join(name)).expect("it is there");
    }
}

#[test]
fn the_hook_is_where_git_looks_for_it() {
    let repository = Repository::new();
    let root = &repository.root;
    repository.git(&["commit", "--quiet", "--allow-empty", "-m", "x"]);
    repository.git(&["worktree", "add", "--quiet", "../beside"]);
    let beside = repository.folder.path().join("beside");
    let ran = repository.leadtone(&beside, &["init", "--hook=git"]);
    assert_eq!(ran.status.code(), Some(0), "{}", errors(&ran));
    assert!(root.join(".git/hooks/pre-commit").is_file(), "worktrees share their hooks");
    fs::write(beside.join("bad.md"), ORDERS).expect("the folder is writable");
    let added = repository.command("git", &beside).args(["add", "."]).status().expect("git is there");
    assert!(added.success() && repository.commit(&beside).is_some(), "the hook runs there");

    repository.git(&["config", "core.hooksPath", "tools/hooks"]);
    repository.write("docs/x/bad.md", ORDERS);
    repository.git(&["add", "docs"]);
    assert_eq!(repository.commit(root), None, "there is no hook yet");
    let ran = repository.leadtone(&root.join("docs/x"), &["init", "--hook=git"]);
    assert_eq!(ran.status.code(), Some(0), "{}", errors(&ran));
    assert!(root.join("tools/hooks/pre-commit").is_file(), "{}", errors(&ran));
    repository.write("docs/x/bad.md", &format!("{ORDERS} Thanks."));
    repository.git(&["add", "docs"]);
    assert!(repository.commit(&root.join("docs/x")).is_some(), "the hook runs");

    let shared = repository.folder.path().join("shared");
    repository.git(&["config", "core.hooksPath", &shared.to_string_lossy()]);
    let ran = repository.leadtone(root, &["init", "--hook=git"]);
    assert_eq!(ran.status.code(), Some(2));
    let told = format!("{}: core.hooksPath is outside of the repository", shared.display());
    assert!(errors(&ran).contains(&told), "{}", errors(&ran));
    assert!(!shared.exists());
}

#[test]
fn a_hook_of_others_is_left_alone() {
    let repository = Repository::new();
    let (root, hook) = (&repository.root, repository.root.join(".git/hooks/pre-commit"));
    let init = || repository.leadtone(root, &["init", "--hook=git"]);
    repository.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    let ran = init();
    assert_eq!(ran.status.code(), Some(2));
    assert!(errors(&ran).contains("pre-commit: there is another hook already; have it run `leadtone check`"));
    assert_eq!(fs::read_to_string(&hook).expect("it is there"), "#!/bin/sh\nexit 0\n");
    fs::remove_file(&hook).expect("the folder is writable");
    assert!(init().status.success());
    let ours = fs::read_to_string(&hook).expect("it was written");
    assert!(init().status.success(), "twice is once");
    fs::write(&hook, ours.replace("exit 1", "exit 3")).expect("the folder is writable");
    assert!(init().status.success(), "an older one of ours is replaced");
    assert_eq!(fs::read_to_string(&hook).expect("it is there"), ours);

    let ran = Cli::new().args(["init", "--hook=git"]).env("GIT_CEILING_DIRECTORIES", "/").run();
    if !ran.folder.path().ancestors().any(|above| above.join(".git").exists()) {
        assert_eq!(ran.output.status.code(), Some(2));
        assert_eq!(ran.errors(), "leadtone: .: not a git repository (or any of the parent directories): .git\n");
    }
}

#[test]
fn the_hook_of_pre_commit_names_documents_only() {
    let hooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml"));
    let hooks = hooks.expect("it is there");
    let files = hooks.lines().find_map(|line| line.strip_prefix("  files: ")).expect("it says which files");
    let files = regex::Regex::new(files).expect("a pattern");
    for row in FORMATS {
        let is_data = match row.format {
            Format::Csv | Format::Tsv | Format::Jsonl | Format::Mbox => true,
            Format::Text
            | Format::Markdown
            | Format::Html
            | Format::Mail
            | Format::Docx
            | Format::Odt
            | Format::Pdf
            | Format::Rst
            | Format::Asciidoc => false,
        };
        // Templates hold no text yet, and "asc" is a signature more often than not.
        let kept = row.extensions.iter().filter(|extension| !["dotx", "ott", "asc"].contains(*extension));
        for extension in kept {
            assert_eq!(files.is_match(&format!("docs/a.{extension}")), !is_data, "{extension}");
        }
    }
}
