//! The arguments resolved: defaults filled in, names turned into things, the terminal looked at.

use super::args::{
    CheckArgs, ConfigArgs, InputArgs, InputFormat, LexiconArgs, LimitArgs, RunArgs, ScanArgs, SendmailArgs,
};
use super::{config, lexicon, message};
use anstream::stream::RawStream;
use anyhow::bail;
use leadtone::config::{Profiles, Suppressions};
use leadtone::extract::{ExtractOptions, Format, Limits};
use leadtone::gate::Shown;
use leadtone::lexicon::Lexicon;
use leadtone::render::{CheckFormat, Layout, OutputFormat};
use leadtone::report::Kind;
use leadtone::scan::{Grouping, ScanOptions, Sort};
use leadtone::source::{self, PathList, WalkOptions};
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Groups by sender are about persons: a group of few is no group.
const MIN_SENDER_GROUP: u64 = 5;

/// Widest table that is read with ease.
const MAX_WIDTH: usize = 200;

/// What everything that reads documents needs to know.
#[derive(Debug)]
pub struct Common {
    /// What to read.
    pub walk: WalkOptions,
    /// Whether to list what would be read, and stop.
    pub lists_files: bool,
    /// The configuration in effect, if that is all that is asked for.
    pub dump: Option<String>,
    /// How to scan.
    pub scan: ScanOptions,
    /// The file that output goes to; `None` is standard output.
    pub output: Option<PathBuf>,
    /// How text is laid out.
    pub layout: Layout,
    /// Whether hints and progress are left out.
    pub is_quiet: bool,
    /// Whether warnings are shown.
    pub is_verbose: bool,
    /// What judges.
    pub lexicon: Lexicon,
    /// What documents are held to.
    pub profiles: Profiles,
    /// What does not count, by the configuration.
    pub suppressions: Suppressions,
    /// Whether every document that the configuration is for is looked at.
    pub is_whole: bool,
    /// The baseline of the configuration.
    pub baseline: Option<PathBuf>,
}

/// Everything that a scan needs to know.
#[derive(Debug)]
pub struct Settings {
    /// What it shares with others.
    pub common: Common,
    /// What the input is.
    pub input_format: InputFormat,
    /// Which order to show documents in, where it is not the input's.
    pub sort: Option<Sort>,
    /// Whether that order is turned round.
    pub is_reversed: bool,
    /// What to sum up by.
    pub by: Option<Grouping>,
    /// Documents of the smallest group that is shown.
    pub min_group: u64,
    /// The output.
    pub format: OutputFormat,
    /// Whether a bad JSON line is a failure of the run.
    pub is_strict: bool,
}

/// Everything that a check needs to know.
#[derive(Debug)]
pub struct CheckSettings {
    /// What it shares with others.
    pub common: Common,
    /// The output.
    pub format: CheckFormat,
    /// The file of a job's summary, where the output is for one that has it.
    pub summary: Option<PathBuf>,
    /// Which sentences to show.
    pub shown: Shown,
    /// The revision to compare with.
    pub since: Option<String>,
    /// Whether only lines that changed count.
    pub is_by_line: bool,
    /// The file of the sentences to let be.
    pub baseline: Option<PathBuf>,
    /// Whether to write that file anew.
    pub updates_baseline: bool,
    /// Whether a no of the gate is no failure of the run.
    pub exits_zero: bool,
}

/// Everything that checking a message needs to know.
#[derive(Debug)]
pub struct SendmailSettings {
    /// How to read it.
    pub scan: ScanOptions,
    /// What judges.
    pub lexicon: Lexicon,
    /// What it is held to.
    pub profiles: Profiles,
    /// What does not count, by the configuration.
    pub suppressions: Suppressions,
    /// Which sentences to show.
    pub shown: Shown,
    /// How standard error shows them.
    pub layout: Layout,
}

/// What decides.
struct Judging {
    loaded: config::Loaded,
    lexicon: Lexicon,
    profiles: Profiles,
    suppressions: Suppressions,
    limits: Limits,
}

impl Judging {
    /// Reads the configuration that holds for the paths `named`, and the lexicon; sets the limits.
    fn resolve(
        config: &ConfigArgs,
        lexicon: &LexiconArgs,
        limits: &LimitArgs,
        is_verbose: bool,
        named: &[&Path],
        kind: Option<Kind>,
    ) -> anyhow::Result<Self> {
        let loaded = config::load(config, named)?;
        if let Some(path) = loaded.path.as_ref().filter(|_| is_verbose) {
            message(format_args!("configuration: {}", path.display()));
        }
        let lexicon = lexicon::configured(&loaded, lexicon)?;
        let profiles = Profiles::new(&loaded.config, &loaded.root, &lexicon, kind)?;
        let suppressions = Suppressions::new(&loaded.config, &loaded.root)?;
        let most = &limits.max;
        let mut limits = Limits::default();
        most.iter().for_each(|(limit, most)| limits.set(*limit, *most));
        Ok(Self { loaded, lexicon, profiles, suppressions, limits })
    }
}

impl Common {
    /// Resolves the arguments that all share.
    fn resolve(
        input: InputArgs,
        run: RunArgs,
        output: Option<PathBuf>,
        with_sentences: bool,
        kind: Option<Kind>,
    ) -> anyhow::Result<Self> {
        let walk = WalkOptions {
            paths: input.paths,
            list: input.files_from.as_deref().map(PathList::read),
            excludes: input.exclude,
            excludes_below: None,
            includes: Vec::new(),
            no_ignore: input.no_ignore,
            hidden: input.hidden,
            allows_empty: false,
            stdin_name: input.stdin_filename,
            output: output.clone(),
        };
        // What is not there is named when it is looked for, and has no say in how the rest is read.
        let named: Vec<&Path> =
            walk.named().filter(|path| path.exists()).chain(&walk.stdin_name).map(PathBuf::as_path).collect();
        let Judging { loaded, lexicon, profiles, suppressions, limits } =
            Judging::resolve(&run.config, &run.lexicon, &run.limits, run.verbose, &named, kind)?;
        let is_whole = walk.paths.iter().any(|path| path.is_dir() && source::is_below(&loaded.root, path));
        let dump = run.dump_config.then(|| config::dump(&loaded, &walk.excludes, &run.lexicon.lexicon)).transpose()?;
        let baseline = loaded.config.baseline.as_ref().map(|file| {
            let path = loaded.root.join(file);
            let here = env::current_dir().unwrap_or_default();
            path.strip_prefix(here).unwrap_or(&path).to_owned()
        });
        Ok(Self {
            dump,
            baseline,
            walk: WalkOptions { excludes_below: Some((loaded.root, loaded.config.exclude)), ..walk },
            lists_files: input.files,
            scan: ScanOptions {
                extract: ExtractOptions {
                    format: input.read_as,
                    id_field: input.id_field,
                    text_field: input.text_field,
                    limits,
                    ..ExtractOptions::default()
                },
                with_sentences,
                with_senders: false,
                allows_empty: false,
                threads: run.threads.map_or(0, usize::from),
                profiles: Some(profiles.clone()),
                done: Arc::default(),
            },
            layout: layout(output.is_none()),
            output,
            is_quiet: run.quiet,
            is_verbose: run.verbose,
            lexicon,
            profiles,
            suppressions,
            is_whole,
        })
    }
}

impl Settings {
    /// Resolves the arguments of `scan`.
    ///
    /// # Errors
    /// If arguments contradict each other, or a configuration or a lexicon cannot be read.
    pub fn resolve(mut args: ScanArgs) -> anyhow::Result<Self> {
        if args.by.is_some() && args.format == OutputFormat::Jsonl {
            bail!("--by has no place in jsonl, which has a line per document; choose another --format");
        }
        if args.input.paths.is_empty() && args.input.files_from.is_none() {
            args.input.paths.push(match args.input_format {
                InputFormat::Documents => ".".into(),
                InputFormat::Jsonl => "-".into(),
            });
        }
        let by = args.by.map(|by| match by.as_str() {
            "folder" => Grouping::Folder,
            "sender" => Grouping::Sender,
            _ => Grouping::Field(by),
        });
        let least = if by == Some(Grouping::Sender) { MIN_SENDER_GROUP } else { 1 };
        let min_group = args.min_group.unwrap_or(least);
        if min_group < least {
            bail!(
                "--min-group is at least {least} with --by sender: fewer documents say nothing of how a person writes"
            );
        }
        let sort = if args.reverse { args.sort.or(Some(Sort::Path)) } else { args.sort };
        let mut common = Common::resolve(args.input, args.run, args.output, args.sentences, None)?;
        common.scan.with_senders = by == Some(Grouping::Sender);
        Ok(Self {
            common,
            input_format: args.input_format,
            sort,
            is_reversed: args.reverse,
            by,
            min_group,
            format: args.format,
            is_strict: args.strict,
        })
    }
}

impl CheckSettings {
    /// Resolves the arguments of `check`.
    ///
    /// # Errors
    /// If a configuration or a lexicon cannot be read.
    pub fn resolve(mut args: CheckArgs) -> anyhow::Result<Self> {
        if args.input.paths.is_empty() && args.input.files_from.is_none() {
            args.input.paths.push(".".into());
        }
        let mut common = Common::resolve(args.input, args.run, args.output, true, args.kind)?;
        common.walk.allows_empty = args.allow_empty;
        common.scan.allows_empty = args.allow_empty;
        let baseline = args.baseline.or_else(|| common.baseline.clone());
        if args.update_baseline && baseline.is_none() {
            bail!("no baseline to update; name it with --baseline, or as baseline = \"FILE\" in leadtone.toml");
        }
        Ok(Self {
            common,
            since: args.since,
            is_by_line: args.changed_lines,
            baseline,
            updates_baseline: args.update_baseline,
            format: args.format,
            summary: summary(args.format),
            shown: args.shown.resolve(),
            exits_zero: args.exit_zero,
        })
    }
}

/// Where GitHub Actions wants the summary of a step.
fn summary(format: CheckFormat) -> Option<PathBuf> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    path.filter(|_| format == CheckFormat::Github).map(PathBuf::from)
}

impl SendmailSettings {
    /// Resolves the arguments of `sendmail`.
    ///
    /// # Errors
    /// If a configuration or a lexicon cannot be read.
    pub fn resolve(args: &SendmailArgs) -> anyhow::Result<Self> {
        let Judging { lexicon, profiles, suppressions, limits, .. } =
            Judging::resolve(&args.config, &args.lexicon, &args.limits, args.verbose, &[], Some(args.kind))?;
        let scan = ScanOptions {
            extract: ExtractOptions { format: Some(Format::Mail), limits, ..ExtractOptions::default() },
            with_sentences: true,
            with_senders: false,
            allows_empty: false,
            threads: 1,
            profiles: Some(profiles.clone()),
            done: Arc::default(),
        };
        Ok(Self {
            scan,
            lexicon,
            profiles,
            suppressions,
            shown: args.shown.resolve(),
            layout: layout_of(&io::stderr()),
        })
    }
}

/// What the terminal shows. A file or a pipe gets the same bytes wherever the program runs.
pub fn layout(is_stdout: bool) -> Layout {
    if is_stdout { layout_of(&io::stdout()) } else { Layout::default() }
}

/// What a stream shows, if it is a terminal.
pub fn layout_of(stream: &impl RawStream) -> Layout {
    let has_color = anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never;
    if !stream.is_terminal() {
        return Layout { has_color, ..Layout::default() };
    }
    let width = terminal_size::terminal_size().map_or(Layout::default().width, |(width, _)| usize::from(width.0));
    let has_unicode = env::var_os("TERM").is_none_or(|term| term != "dumb" && term != "linux") && is_utf8_locale();
    Layout { width: width.min(MAX_WIDTH), has_color, has_unicode }
}

/// Whether the locale says UTF-8, by the variables' order of precedence in POSIX. Windows consoles say nothing and can.
fn is_utf8_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    locale.map_or(cfg!(windows), |locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
