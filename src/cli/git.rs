//! What changed since a revision, by asking `git`.
//!
//! Owns every run of `git` and what its answers mean. A revision is compared by its merge base with the commit that is
//! checked out: what others did on `main` meanwhile is not a change of this branch. Documents in a submodule are compared
//! with the commit that was recorded for it then.

use anyhow::{Context, anyhow, bail};
use leadtone::gate::Lines;
use leadtone::source::{Source, absolute, path_of};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Variables that a hook is run with, and that would have every repository taken for the one of the hook.
const OF_HOOKS: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/// Modes of what is a document in a tree of git: files, and none of links, folders and submodules.
const FILES: [&[u8]; 2] = [b"100644", b"100755"];

/// What a submodule is in a tree of git.
const SUBMODULE: &[u8] = b"160000";

/// Paths are what they are: a name that begins with a colon is no magic word.
const LITERAL: &str = "--literal-pathspecs";

/// A document to check and what it was.
#[derive(Debug)]
pub struct Changed {
    /// The document as it is.
    pub source: Source,
    /// As it was; `None` where it is new.
    pub old: Option<Old>,
}

/// A file of an older version.
#[derive(Clone, Debug)]
pub struct Old {
    /// Its path from the root of the repository.
    pub path: PathBuf,
    root: PathBuf,
    /// Its name among git's objects.
    object: String,
    /// The path that the file has now, from the root of the repository.
    now: PathBuf,
}

/// Leaves only what changed since `revision`, with what it was. What did not change is not read.
///
/// # Errors
/// If something is in no repository, the revision is unknown there, or git cannot be run.
pub fn changed(revision: &str, sources: Vec<Source>) -> anyhow::Result<Vec<Changed>> {
    let here = absolute(Path::new("")).canonicalize().context("the current folder cannot be told")?;
    let mut history = History { revision, here, roots: BTreeMap::new(), repositories: BTreeMap::new() };
    let mut changed = Vec::new();
    for source in sources {
        if let Some(old) = history.old(&source)? {
            changed.push(Changed { source, old });
        }
    }
    Ok(changed)
}

impl Old {
    /// Its bytes, as a checkout would write them.
    ///
    /// # Errors
    /// If git does not have them.
    pub fn read(&self) -> anyhow::Result<Vec<u8>> {
        let path = [OsStr::new("--path="), self.path.as_os_str()].into_iter().collect::<OsString>();
        let object = OsStr::new(&self.object);
        run(&self.root, &[OsStr::new("cat-file"), OsStr::new("--filters"), &path, object])
    }

    /// The lines of today's file that it did not have; `None` where git takes the file for no text.
    ///
    /// # Errors
    /// If git cannot compare them.
    pub fn changed_lines(&self) -> anyhow::Result<Option<Lines>> {
        let args = [
            LITERAL,
            "diff",
            "-U0",
            "--inter-hunk-context=0",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            &self.object,
            "--",
        ];
        let args: Vec<&OsStr> = args.iter().map(OsStr::new).chain([self.now.as_os_str()]).collect();
        let diff = run(&self.root, &args)?;
        let is_binary = diff.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"Binary files "));
        Ok((!is_binary).then(|| Lines::new(diff.split(|byte| *byte == b'\n').filter_map(hunk).collect())))
    }
}

/// The new lines of a hunk by its head: `@@ -3,0 +4,2 @@`.
fn hunk(line: &[u8]) -> Option<RangeInclusive<u32>> {
    let head = line.strip_prefix(b"@@ -")?;
    let head = str::from_utf8(head.split(|byte| *byte == b'@').next()?).ok()?;
    let (_, new) = head.split_once(" +")?;
    let (start, count) = new.trim_end().split_once(',').unwrap_or((new.trim_end(), "1"));
    let (start, count): (u32, u32) = (start.parse().ok()?, count.parse().ok()?);
    (count > 0).then(|| start..=start.saturating_add(count - 1))
}

/// What was asked of git so far.
struct History<'a> {
    revision: &'a str,
    /// The current folder, links resolved.
    here: PathBuf,
    /// The root of the repository that a folder is in.
    roots: BTreeMap<PathBuf, Option<PathBuf>>,
    repositories: BTreeMap<PathBuf, Repository>,
}

/// A repository and what changed in it.
struct Repository {
    /// The commit that is compared with; `None` for a submodule that there was not yet.
    base: Option<String>,
    /// Files of today that differ, and what they were.
    changes: BTreeMap<PathBuf, Option<Old>>,
    /// Files that git knows of.
    tracked: BTreeSet<PathBuf>,
}

impl History<'_> {
    /// What a source was; the inner `None` for what is new, the outer one for what is as it was.
    fn old(&mut self, source: &Source) -> anyhow::Result<Option<Option<Old>>> {
        if source.path_for_rules().is_none() {
            bail!("--since cannot tell what standard input was; name it with --stdin-filename");
        }
        let path = resolved(source.path());
        let Some(root) = path.parent().and_then(|folder| self.root(folder)) else {
            bail!("{}: not in a git repository, and --since compares with one", source.name());
        };
        if !self.repositories.contains_key(&root) {
            let repository = self.open(&root)?;
            self.repositories.insert(root.clone(), repository);
        }
        let repository = &self.repositories[&root];
        let relative = path.strip_prefix(&root).unwrap_or(&path);
        if let Some(old) = repository.changes.get(relative) {
            return Ok(Some(old.clone()));
        }
        if repository.base.is_none() || !repository.tracked.contains(relative) {
            return Ok(Some(None));
        }
        if !source.is_stdin() {
            return Ok(None);
        }
        // What an editor holds may differ from a file that is as it was.
        let base = repository.base.as_deref().unwrap_or_default();
        Ok(Some(in_tree(&root, base, relative)?.filter(|(mode, _)| FILES.contains(&mode.as_slice())).map(
            |(_, object)| Old { path: relative.to_owned(), root: root.clone(), object, now: relative.to_owned() },
        )))
    }

    /// The root of the repository that a folder is in: the nearest folder with a `.git`.
    fn root(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(root) = self.roots.get(folder) {
            return root.clone();
        }
        let root = folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
        self.roots.insert(folder.to_owned(), root.clone());
        root
    }

    /// The repository that a repository is a submodule of, and its path there. One that one stands in is taken for itself.
    fn above(&mut self, root: &Path) -> anyhow::Result<Option<(PathBuf, PathBuf)>> {
        if self.here.starts_with(root) {
            return Ok(None);
        }
        let Some(above) = root.parent().and_then(|folder| self.root(folder)) else { return Ok(None) };
        let relative = root.strip_prefix(&above).unwrap_or(root).to_owned();
        let path = [OsStr::new(":(top,literal)"), relative.as_os_str()].into_iter().collect::<OsString>();
        let args = ["ls-files", "-s", "-z", "--"].map(OsStr::new);
        let recorded = run(&above, &[&args[..], &[path.as_os_str()]].concat())?;
        Ok(recorded.starts_with(SUBMODULE).then_some((above, relative)))
    }

    fn open(&mut self, root: &Path) -> anyhow::Result<Repository> {
        let Some(base) = self.base(root)? else {
            return Ok(Repository { base: None, changes: BTreeMap::new(), tracked: BTreeSet::new() });
        };
        let args = [
            "diff",
            "--raw",
            "-z",
            "-M",
            "--no-abbrev",
            "--no-ext-diff",
            "--no-color",
            "--no-relative",
            "--ignore-submodules",
            &base,
            "--",
        ];
        let changes = changes(root, &git(root, &args)?).with_context(|| format!("git diff in {}", root.display()))?;
        let tracked = git(root, &["ls-files", "-z"])?.split(|byte| *byte == 0).map(path_of).collect();
        Ok(Repository { base: Some(base), changes, tracked })
    }

    /// The commit to compare with.
    fn base(&mut self, root: &Path) -> anyhow::Result<Option<String>> {
        if let Some((above, relative)) = self.above(root)? {
            let Some(base) = self.base(&above)? else { return Ok(None) };
            let Some((_, commit)) = in_tree(&above, &base, &relative)?.filter(|(mode, _)| mode == SUBMODULE) else {
                return Ok(None);
            };
            if ask(root, &["cat-file", "-e", &format!("{commit}^{{commit}}")])?.is_none() {
                let (root, revision, advice) = (root.display(), self.revision, advice(root)?);
                bail!("{root}: {commit}, the commit of this submodule in {revision}, is not here; {advice}");
            }
            return Ok(Some(commit));
        }
        let unknown = || -> anyhow::Result<anyhow::Error> {
            let hint = if is_shallow(root)? { format!(": {}", advice(root)?) } else { String::new() };
            Ok(anyhow!("{}: no such revision in {}{hint}", self.revision, root.display()))
        };
        if self.revision.is_empty() || self.revision.starts_with('-') {
            return Err(unknown()?);
        }
        let asked = ask(root, &["rev-parse", "--verify", "--quiet", &format!("{}^{{commit}}", self.revision)])?;
        let Some(commit) = asked else { return Err(unknown()?) };
        match ask(root, &["merge-base", &commit, "HEAD"])? {
            Some(base) => Ok(Some(base)),
            None => bail!(
                "{} and what is checked out in {} have no commit in common; {}",
                self.revision,
                root.display(),
                advice(root)?
            ),
        }
    }
}

/// What differs from a commit, by the output of `git diff --raw -z`: for each file `:MODE MODE OBJECT OBJECT STATUS`, its
/// path and, where it was renamed, the path that it has now.
fn changes(root: &Path, raw: &[u8]) -> anyhow::Result<BTreeMap<PathBuf, Option<Old>>> {
    let mut changes: BTreeMap<PathBuf, Option<Old>> = BTreeMap::new();
    let mut fields = raw.split(|byte| *byte == 0).filter(|field| !field.is_empty());
    while let Some(head) = fields.next() {
        let odd = || anyhow!("an answer that is not understood");
        let about: Vec<&[u8]> = head.strip_prefix(b":").ok_or_else(odd)?.split(|byte| *byte == b' ').collect();
        let &[mode, _, object, _, status] = about.as_slice() else { return Err(odd()) };
        let path = path_of(fields.next().ok_or_else(odd)?);
        let is_moved = matches!(status.first(), Some(b'R' | b'C'));
        let now = if is_moved { path_of(fields.next().ok_or_else(odd)?) } else { path.clone() };
        let object = String::from_utf8_lossy(object).into_owned();
        let old = FILES.contains(&mode).then(|| Old { path, root: root.to_owned(), object, now: now.clone() });
        // A file that is not merged yet comes twice; the one that has an old version says more.
        if old.is_some() || !changes.contains_key(&now) {
            changes.insert(now, old);
        }
    }
    Ok(changes)
}

/// Mode and object of a path in the tree of a commit.
fn in_tree(root: &Path, commit: &str, path: &Path) -> anyhow::Result<Option<(Vec<u8>, String)>> {
    let args = [LITERAL, "ls-tree", "-z", "--full-tree", commit, "--"].map(OsStr::new);
    let line = run(root, &[&args[..], &[path.as_os_str()]].concat())?;
    let mut words = line.split(|byte| matches!(byte, b' ' | b'\t'));
    let (mode, _, object) = (words.next(), words.next(), words.next());
    Ok(mode.zip(object).map(|(mode, object)| (mode.to_vec(), String::from_utf8_lossy(object).into_owned())))
}

/// A path with its links resolved; of a file that there is not yet, those of its folder.
fn resolved(path: &Path) -> PathBuf {
    let path = absolute(path);
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        folder.zip(path.file_name()).map_or(path.clone(), |(folder, name)| folder.join(name))
    })
}

fn is_shallow(root: &Path) -> anyhow::Result<bool> {
    Ok(ask(root, &["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
}

/// What to do about a commit that is not there.
fn advice(root: &Path) -> anyhow::Result<&'static str> {
    Ok(if is_shallow(root)? {
        "this is a shallow clone; fetch the whole history (git fetch --unshallow, or fetch-depth: 0 in CI)"
    } else {
        "fetch it first"
    })
}

/// One word of answer; `None` where git says no.
fn ask(root: &Path, args: &[&str]) -> anyhow::Result<Option<String>> {
    let args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    let output = start(root, &args)?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
}

fn git(root: &Path, args: &[&str]) -> anyhow::Result<Vec<u8>> {
    run(root, &args.iter().map(OsStr::new).collect::<Vec<_>>())
}

/// What git answers.
fn run(root: &Path, args: &[&OsStr]) -> anyhow::Result<Vec<u8>> {
    let output = start(root, args)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let reason = errors.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed");
        let what = args.iter().map(|arg| arg.to_string_lossy()).find(|arg| *arg != LITERAL).unwrap_or_default();
        bail!(
            "git {what} in {}: {}",
            root.display(),
            reason.trim_start_matches("fatal: ").trim_start_matches("error: ")
        );
    }
    Ok(output.stdout)
}

/// Runs git in a folder.
///
/// # Errors
/// If it cannot be run; that it failed is in its status.
pub fn start(root: &Path, args: &[&OsStr]) -> anyhow::Result<Output> {
    let mut command = Command::new("git");
    // Asking changes nothing and starts no watcher of files.
    command.args(["--no-optional-locks", "-c", "core.fsmonitor=false", "-C"]).arg(root).args(args);
    for name in OF_HOOKS {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command.output().context("git cannot be run")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hunk_says_which_lines_are_new() {
        for (line, expected) in [
            ("@@ -3 +4 @@", Some(4..=4)),
            ("@@ -3,0 +4,2 @@ # A heading @@", Some(4..=5)),
            ("@@ -3,2 +4,0 @@", None),
            ("+@@ -3 +4 @@", None),
            ("@@ -3 +x @@", None),
            ("+++ b/a.md", None),
        ] {
            assert_eq!(hunk(line.as_bytes()), expected, "{line}");
        }
    }
}
