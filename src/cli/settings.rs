//! The arguments resolved: defaults filled in, names turned into things, the terminal looked at.

use super::args::{InputFormat, ScanArgs};
use super::lexicon;
use anyhow::bail;
use leadtone::extract::ExtractOptions;
use leadtone::lexicon::Lexicon;
use leadtone::render::{Layout, OutputFormat};
use leadtone::scan::{Grouping, ScanOptions, Sort};
use leadtone::source::WalkOptions;
use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

/// Groups by sender are about persons: a group of few is no group.
const MIN_SENDER_GROUP: u64 = 5;

/// Widest table that is read with ease.
const MAX_WIDTH: usize = 200;

/// Everything that a scan needs to know.
#[derive(Debug)]
pub struct Settings {
    /// What to read.
    pub walk: WalkOptions,
    /// What the input is.
    pub input_format: InputFormat,
    /// Whether to list what would be read, and stop.
    pub lists_files: bool,
    /// How to scan.
    pub scan: ScanOptions,
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
    /// The file it goes to; `None` is standard output.
    pub output: Option<PathBuf>,
    /// How a table is laid out.
    pub layout: Layout,
    /// Whether a bad JSON line is a failure of the run.
    pub is_strict: bool,
    /// Whether hints and progress are left out.
    pub is_quiet: bool,
    /// Whether warnings are shown.
    pub is_verbose: bool,
    /// What judges.
    pub lexicon: Lexicon,
}

impl Settings {
    /// Resolves the arguments of `scan`.
    ///
    /// # Errors
    /// If arguments contradict each other or a lexicon cannot be read.
    pub fn resolve(args: ScanArgs) -> anyhow::Result<Self> {
        if args.by.is_some() && args.format == OutputFormat::Jsonl {
            bail!("--by has no place in jsonl, which has a line per document; choose another --format");
        }
        let mut paths = args.paths;
        if paths.is_empty() && args.files_from.is_none() {
            paths.push(match args.input_format {
                InputFormat::Documents => ".".into(),
                InputFormat::Jsonl => "-".into(),
            });
        }
        let by = args.by.map(|by| match by.as_str() {
            "folder" => Grouping::Folder,
            "sender" => Grouping::Sender,
            _ => Grouping::Field(by),
        });
        let min_group = args.min_group.unwrap_or(if by == Some(Grouping::Sender) { MIN_SENDER_GROUP } else { 1 });
        let sort = if args.reverse { args.sort.or(Some(Sort::Path)) } else { args.sort };
        Ok(Self {
            walk: WalkOptions {
                paths,
                files_from: args.files_from,
                excludes: args.exclude,
                includes: Vec::new(),
                no_ignore: args.no_ignore,
                hidden: args.hidden,
                stdin_name: args.stdin_filename,
            },
            input_format: args.input_format,
            lists_files: args.files,
            scan: ScanOptions {
                extract: ExtractOptions { format: args.read_as, id_field: args.id_field, text_field: args.text_field },
                with_sentences: args.sentences,
                threads: args.threads.map_or(0, usize::from),
            },
            sort,
            is_reversed: args.reverse,
            by,
            min_group,
            format: args.format,
            layout: layout(args.output.is_none()),
            output: args.output,
            is_strict: args.strict,
            is_quiet: args.quiet,
            is_verbose: args.verbose,
            lexicon: lexicon::read(&args.lexicon)?,
        })
    }
}

/// What the terminal shows. A file or a pipe gets the same bytes wherever the program runs.
pub fn layout(is_stdout: bool) -> Layout {
    let stdout = io::stdout();
    if !is_stdout {
        return Layout::default();
    }
    let has_color = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    if !stdout.is_terminal() {
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
