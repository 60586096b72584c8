//! `leadtone init`: the files that a repository begins with. Replaces nothing that somebody else wrote.

use super::exit::Exit;
use super::interrupt::Interrupt;
use super::output::{Output, create};
use super::{git, message, read_text};
use anyhow::{anyhow, bail};
use leadtone::config::{FILE_NAME, template};
use leadtone::source::path_of;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A hook that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Git's hook before a commit.
    Git,
}

impl Hook {
    /// Every hook, in the order of the declaration.
    pub const ALL: [Self; 1] = [Self::Git];

    /// The name that it is asked for by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
        }
    }

    /// The hook of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hook| hook.name() == name)
    }
}

/// The hook's text.
const PRE_COMMIT: &str = include_str!("pre-commit.sh");

/// What tells our hook from those of others, whatever its version.
const MARK: &str = "# Written by `leadtone init --hook git`.";

/// Writes a `leadtone.toml` into `folder`, or the hook of the repository that it is in.
///
/// # Errors
/// If there is such a file already, or it cannot be written.
pub fn run(folder: &Path, hook: Option<Hook>, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    match hook {
        None => {
            let path = if folder == Path::new(".") { PathBuf::from(FILE_NAME) } else { folder.join(FILE_NAME) };
            if !create(&path, template().as_bytes(), false)? {
                bail!("{}: there is one already", path.display());
            }
            message(format_args!("wrote {}", path.display()));
        }
        Some(Hook::Git) => pre_commit(folder, interrupt)?,
    }
    Ok(Exit::Success)
}

fn pre_commit(folder: &Path, interrupt: &Interrupt) -> anyhow::Result<()> {
    let hooks = hooks(folder)?;
    let path = hooks.join("pre-commit");
    if create(&path, PRE_COMMIT.as_bytes(), true)? {
        message(format_args!("wrote {}", path.display()));
        return Ok(());
    }
    let found = read_text(&path).unwrap_or_default();
    if found == PRE_COMMIT {
        message(format_args!("{}: is there already", path.display()));
    } else if found.lines().any(|line| line.starts_with(MARK)) {
        let mut output = Output::open(Some(&path), interrupt)?;
        output.write_all(PRE_COMMIT.as_bytes())?;
        output.finish()?;
        message(format_args!("wrote {} anew", path.display()));
    } else {
        bail!("{}: there is another hook already; have it run `leadtone check`, or move it away", path.display());
    }
    Ok(())
}

/// The folder of the hooks of the repository that `folder` is in, as its settings and its worktrees have it.
fn hooks(folder: &Path) -> anyhow::Result<PathBuf> {
    // Hooks run in the root of the working tree, which is what a relative core.hooksPath is relative to.
    let root = ask(folder, &["rev-parse", "--show-toplevel"])?;
    let hooks = root.join(ask(&root, &["rev-parse", "--git-path", "hooks"])?);
    let shared = root.join(ask(&root, &["rev-parse", "--git-common-dir"])?);
    let real = |path: &Path| path.ancestors().find_map(|above| above.canonicalize().ok());
    if let (Some(place), Some(root), Some(shared)) = (real(&hooks), real(&root), real(&shared))
        && !place.starts_with(root)
        && !place.starts_with(shared)
    {
        bail!(
            "{}: core.hooksPath is outside of the repository, so a hook there would run in others, too; set one for this \
             repository with `git config --local core.hooksPath`",
            hooks.display()
        );
    }
    Ok(hooks)
}

/// The path that git answers with.
fn ask(folder: &Path, args: &[&str]) -> anyhow::Result<PathBuf> {
    let args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    let output = git::start(folder, &args)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let cause = said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ");
        return Err(anyhow!("{}: {cause}", folder.display()));
    }
    Ok(path_of(output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout)))
}
