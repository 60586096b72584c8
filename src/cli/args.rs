//! The arguments as they are typed.

use super::init::Hook;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as Group, Parser, Subcommand};
use leadtone::extract::{FORMATS, Format, LIMITS, Limit, parse_limit};
use leadtone::gate::{Show, Shown};
use leadtone::render::{CheckFormat, OutputFormat};
use leadtone::report::Kind;
use leadtone::scan::Sort;
use std::ffi::OsString;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  leadtone scan memos/                     a row per document, and the total
  leadtone scan memos/ --sort share        the most directive first
  leadtone scan memos/ --by folder         sums per folder as well
  leadtone scan review.docx --sentences    every sentence that takes a side, and why
  leadtone scan inbox.mbox --by sender --format csv --output tone.csv
  leadtone scan --input-format jsonl --format jsonl < documents.jsonl > reports.jsonl";

const CHECK_EXAMPLES: &str = "\
Examples:
  leadtone check policies/                 by leadtone.toml, or by the limits of a memo
  leadtone check - --kind review           a draft on standard input
  leadtone check policies/ --since main    what this branch adds
  leadtone check memos/ --show all         what empowers as well
  leadtone check --format json --output findings.json

Exits with 0 if every document passes, 1 if one does not, 2 if something could not be read.";

const SENDMAIL_EXAMPLES: &str = "\
Examples:
  leadtone sendmail -- msmtp -t < letter.eml
  git config sendemail.sendmailCmd 'leadtone sendmail -- msmtp'
  leadtone sendmail --on-fail pass -- /usr/sbin/sendmail -oi sam@example.org < letter.eml

Exits as CMD does, with 128 and the number of the signal if one ended it. Otherwise with
  1   if the message is refused
  75  if it could not be checked (--on-error refuse), or CMD not be started
  74  if it could not be read, or CMD not have all of it

LEADTONE_SENDMAIL=pass in the environment sends a message unchecked.";

/// Scores leadership writing: which sentences direct, which empower, and why.
#[derive(Debug, Parser)]
#[command(name = "leadtone", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Args {
    /// When to use colour; NO_COLOR is honoured.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto",
          value_parser = names(Color::ALL.map(Color::name), Color::from_name))]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report on documents: a row for each, groups, a total.
    #[command(after_help = EXAMPLES)]
    Scan(Box<ScanArgs>),
    /// Check documents against their limits: each sentence to look at, what to say in its place, and a verdict for each
    /// document.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Box<CheckArgs>),
    /// Check a message on standard input, then hand the very same bytes to the program that sends it, or refuse.
    #[command(after_help = SENDMAIL_EXAMPLES)]
    Sendmail(Box<SendmailArgs>),
    /// Say what an entry means and where it comes from, or how a sentence got its label.
    Explain(ExplainArgs),
    /// Measure agreement with people on labelled sentences.
    Eval(EvalArgs),
    /// Weigh the entries anew on labelled sentences, and write the weights back.
    Fit(FitArgs),
    /// List or check the entries.
    #[command(subcommand)]
    Lexicon(LexiconCommand),
    /// Write a leadtone.toml to begin with, or the hook that checks every commit. Replaces nothing of yours.
    Init(InitArgs),
    /// Write the man page, shell completions or the schema of the reports.
    Generate(GenerateArgs),
}

/// Arguments of `scan`.
#[derive(Debug, Group)]
pub struct ScanArgs {
    /// What to read.
    #[command(flatten)]
    pub input: InputArgs,
    /// What the input is: documents, or JSON lines, each a document (a filter: one line out for each line in; without a
    /// PATH from standard input).
    #[arg(long, value_name = "KIND", default_value = "documents", help_heading = "Input",
          value_parser = names(InputFormat::ALL.map(InputFormat::name), InputFormat::from_name))]
    pub input_format: InputFormat,

    /// Output: table, json, jsonl (one object a line, streamed), csv or markdown.
    #[arg(long, short, value_name = "FORMAT", default_value = "table", help_heading = "Output",
          value_parser = names(OutputFormat::ALL.map(OutputFormat::name), OutputFormat::from_name))]
    pub format: OutputFormat,
    /// Write to FILE, which appears once it is complete.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Show the sentences too, with what speaks for their labels.
    #[arg(long, short, help_heading = "Output")]
    pub sentences: bool,
    /// Sort documents: by path, by share (lowest empowering share first), or by a count (most first).
    #[arg(long, value_name = "BY", help_heading = "Output",
          value_parser = names(Sort::ALL.map(Sort::name), |name| Sort::ALL.into_iter().find(|sort| sort.name() == name)))]
    pub sort: Option<Sort>,
    /// Sort the other way round.
    #[arg(long, short, help_heading = "Output")]
    pub reverse: bool,
    /// Sum up by `folder`, by `sender`, or by a FIELD of rows and JSON lines.
    #[arg(long, value_name = "folder|sender|FIELD", help_heading = "Output")]
    pub by: Option<String>,
    /// Pool groups of fewer than N documents [default: 1; for --by sender 5, and no less].
    #[arg(long, value_name = "N", requires = "by", help_heading = "Output")]
    pub min_group: Option<u64>,

    /// How to run.
    #[command(flatten)]
    pub run: RunArgs,
    /// Exit with 2 if a JSON line could not be read.
    #[arg(long, help_heading = "Run")]
    pub strict: bool,
}

/// Arguments of `check`.
#[derive(Debug, Group)]
pub struct CheckArgs {
    /// What to read.
    #[command(flatten)]
    pub input: InputArgs,

    /// Take every document for one of KIND, whatever profiles there are for paths: memo, email, review, policy or
    /// crisis.
    #[arg(long, value_name = "KIND", help_heading = "Gate",
          value_parser = names(Kind::ALL.map(Kind::name), Kind::from_name))]
    pub kind: Option<Kind>,
    /// Check what is new since REV only: each document is compared with the version that REV and what is checked out have
    /// in common. Documents that did not change are not read.
    #[arg(long, value_name = "REV", help_heading = "Gate")]
    pub since: Option<String>,
    /// With --since: find sentences on lines that changed only, in formats that have lines.
    #[arg(long, requires = "since", help_heading = "Gate")]
    pub changed_lines: bool,
    /// Let be the sentences that FILE holds, which --update-baseline writes.
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub baseline: Option<PathBuf>,
    /// Write the baseline anew: the sentences of each document that breaks a limit.
    #[arg(long, conflicts_with = "since", help_heading = "Gate")]
    pub update_baseline: bool,
    /// Exit with 0 where the gate says no.
    #[arg(long, help_heading = "Gate")]
    pub exit_zero: bool,
    /// Exit with 0 where there is nothing to check, as after a change of other files, or a file holds no document.
    #[arg(long, help_heading = "Gate")]
    pub allow_empty: bool,

    /// Output: text, json, jsonl (one object a line, streamed), sarif, github, gitlab, junit, checkstyle, rdjsonl or
    /// markdown.
    #[arg(long, short, value_name = "FORMAT", default_value = "text", help_heading = "Output",
          value_parser = names(CheckFormat::ALL.map(CheckFormat::name), CheckFormat::from_name))]
    pub format: CheckFormat,
    /// Write to FILE, which appears once it is complete.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Which sentences to show.
    #[command(flatten)]
    pub shown: ShownArgs,

    /// How to run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// Arguments of `sendmail`.
#[derive(Debug, Group)]
pub struct SendmailArgs {
    /// The program that sends, and its arguments. It gets the message on its standard input.
    #[arg(value_name = "CMD", last = true, required = true, num_args = 1..)]
    pub command: Vec<OsString>,

    /// Hold the message to the limits of KIND: memo, email, review, policy or crisis.
    #[arg(long, value_name = "KIND", default_value = "email", help_heading = "Gate",
          value_parser = names(Kind::ALL.map(Kind::name), Kind::from_name))]
    pub kind: Kind,
    /// What to do with a message that fails: refuse it, or let it pass and show what was found.
    #[arg(long, value_name = "WHAT", default_value = "refuse", help_heading = "Gate",
          value_parser = names(Then::ALL.map(Then::name), Then::from_name))]
    pub on_fail: Then,
    /// What to do with a message that cannot be checked: let it pass with a warning, or refuse it.
    #[arg(long, value_name = "WHAT", default_value = "pass", help_heading = "Gate",
          value_parser = names(Then::ALL.map(Then::name), Then::from_name))]
    pub on_error: Then,

    /// Which sentences to show.
    #[command(flatten)]
    pub shown: ShownArgs,

    /// The configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
    /// What reading may cost.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Name the configuration, and show what was found in a message that passes.
    #[arg(long, short, help_heading = "Run")]
    pub verbose: bool,
}

/// What to read, for all that read documents.
#[derive(Debug, Group)]
pub struct InputArgs {
    /// Files and folders to read; `-` is standard input. Without any: the current folder.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read every document as FORMAT, whatever its content and name say.
    #[arg(long = "as", value_name = "FORMAT", help_heading = "Input",
          value_parser = names(FORMATS.map(|row| row.name), Format::from_name))]
    pub read_as: Option<Format>,
    /// Field of a row or JSON line that names the document.
    #[arg(long, value_name = "FIELD", default_value = "id", help_heading = "Input")]
    pub id_field: String,
    /// Field of a row or JSON line that holds the text.
    #[arg(long, value_name = "FIELD", default_value = "text", help_heading = "Input")]
    pub text_field: String,
    /// Name that standard input is taken to have.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub stdin_filename: Option<PathBuf>,
    /// Read the paths from FILE, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub files_from: Option<PathBuf>,
    /// Leave out files that match GLOB, named ones as well. Repeatable.
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,
    /// Read what .gitignore and .ignore leave out as well.
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    /// Read hidden files and folders as well.
    #[arg(long, help_heading = "Input")]
    pub hidden: bool,
    /// List what would be read, and stop.
    #[arg(long, help_heading = "Input")]
    pub files: bool,
}

/// How to run, for all that read documents.
#[derive(Debug, Group)]
pub struct RunArgs {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Write the configuration in effect, as a leadtone.toml, and stop.
    #[arg(long, help_heading = "Run")]
    pub dump_config: bool,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
    /// Number of threads [default: one per core].
    #[arg(long, value_name = "N", help_heading = "Run", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Limits.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Show no progress and no hints.
    #[arg(long, short, help_heading = "Run", conflicts_with = "verbose")]
    pub quiet: bool,
    /// Name the configuration, skipped attachments, and what was odd about a document.
    #[arg(long, short, help_heading = "Run")]
    pub verbose: bool,
}

/// Which configuration holds.
#[derive(Debug, Group)]
pub struct ConfigArgs {
    /// Read the configuration FILE and look for no other.
    #[arg(long, value_name = "FILE", help_heading = "Run", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long, help_heading = "Run")]
    pub isolated: bool,
}

/// Which lexicon judges.
#[derive(Debug, Group)]
pub struct LexiconArgs {
    /// Add the lexicon files (*.toml) of DIR; one of the same name takes the place of the built-in one. Repeatable.
    #[arg(long, value_name = "DIR", help_heading = "Run")]
    pub lexicon: Vec<PathBuf>,
}

/// Which sentences to show.
#[derive(Debug, Group)]
pub struct ShownArgs {
    /// Sentences to show: directive ones, all that take a side, or none.
    #[arg(long, value_name = "WHICH", default_value = "directive", help_heading = "Output",
          value_parser = names(Show::ALL.map(Show::name), Show::from_name))]
    pub show: Show,
    /// Show only sentences whose labels are right at least that often, 0 to 1. Limits count the others, too.
    #[arg(long, value_name = "X", default_value = "0", help_heading = "Output", value_parser = fraction)]
    pub min_confidence: f64,
}

impl ShownArgs {
    /// What they ask for.
    pub const fn resolve(&self) -> Shown {
        Shown { sides: self.show, min_confidence: self.min_confidence }
    }
}

/// What reading may cost.
#[derive(Debug, Group)]
pub struct LimitArgs {
    /// Change the most that a document may cost, such as file-size=4G; N may end in K, M or G, and `none` is no limit. Repeatable.
    #[arg(long, value_name = "NAME=N", help_heading = "Run", value_parser = parse_limit, long_help = limits_help())]
    pub max: Vec<(Limit, u64)>,
}

/// The limits and what they are set to, for the long help.
fn limits_help() -> String {
    let mut help =
        "Change the most that a document may cost; one that costs more is named and left out. N may end in K, M or G \
                    (1024 each), and `none` is no limit. Repeatable. The limits:"
            .to_owned();
    for row in LIMITS {
        let default = match row.default {
            bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => format!("{}G", bytes >> 30),
            bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => format!("{}M", bytes >> 20),
            count => count.to_string(),
        };
        help.push_str(&format!("\n  {}={default}: {}", row.name, row.about));
    }
    help
}

/// Arguments of `explain`.
#[derive(Debug, Group)]
#[command(arg_required_else_help = true)]
pub struct ExplainArgs {
    /// The entry, as reports name it.
    #[arg(value_name = "ENTRY", required_unless_present = "sentence", conflicts_with = "sentence")]
    pub entry: Option<String>,
    /// A sentence, or several.
    #[arg(long, value_name = "TEXT")]
    pub sentence: Option<String>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// The configuration, whose lexicon folders count.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
}

/// Arguments of `eval`.
#[derive(Debug, Group)]
pub struct EvalArgs {
    /// Labelled sentences: id, genre, label and text, between tabs below a header line or as JSON lines.
    #[arg(value_name = "GOLD")]
    pub gold: PathBuf,
    /// Exit with 1 if the mean F1 of the two poles is below X.
    #[arg(long, value_name = "X", value_parser = fraction)]
    pub min_f1: Option<f64>,
    /// List the sentences that person and program label differently.
    #[arg(long)]
    pub errors: bool,
    /// Show each genre.
    #[arg(long)]
    pub by_genre: bool,
    /// Show how many sentences are right by how sure the program is of them.
    #[arg(long)]
    pub calibration: bool,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
}

/// Arguments of `fit`.
#[derive(Debug, Group)]
pub struct FitArgs {
    /// Labelled sentences: id, genre, label and text, between tabs below a header line or as JSON lines.
    #[arg(value_name = "GOLD")]
    pub gold: PathBuf,
    /// Which document each sentence is from (id and source between tabs, below a header line), so that none is fitted on
    /// and tested on at once.
    #[arg(long, value_name = "FILE")]
    pub sources: Option<PathBuf>,
    /// Show what would change and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Show what each lexicon file is worth: the agreement on held-out documents without its entries. Takes as many fits
    /// as there are files.
    #[arg(long)]
    pub ablation: bool,
    /// Show the agreement after a fit on a sixteenth, an eighth, a quarter, a half and all of the documents.
    #[arg(long)]
    pub learning_curve: bool,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
}

/// What to do with the lexicon.
#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// List the entries, their weights and what they mean.
    List(LexiconListArgs),
    /// Run every entry's own examples and look for duplicates; exit with 1 if something is to be mended.
    Check(LexiconCheckArgs),
}

/// Arguments of `lexicon list`.
#[derive(Debug, Group)]
pub struct LexiconListArgs {
    /// Only the entries of principle P.
    #[arg(long, value_name = "P")]
    pub principle: Option<String>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
    /// The configuration, whose lexicon folders count.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
}

/// Arguments of `lexicon check`.
#[derive(Debug, Group)]
pub struct LexiconCheckArgs {
    /// The configuration, whose lexicon folders count.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The lexicon.
    #[command(flatten)]
    pub lexicon: LexiconArgs,
}

/// Arguments of `init`.
#[derive(Debug, Group)]
pub struct InitArgs {
    /// The folder that it is for, or for a hook: a folder of the repository.
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub folder: PathBuf,
    /// Write the hook and no leadtone.toml: `git` is the hook before a commit, which checks what is staged.
    #[arg(long, value_name = "HOOK", value_parser = names(Hook::ALL.map(Hook::name), Hook::from_name))]
    pub hook: Option<Hook>,
}

/// Arguments of `generate`.
#[derive(Debug, Group)]
pub struct GenerateArgs {
    /// What to write.
    #[arg(value_name = "WHAT", value_parser = names(Generated::ALL.map(Generated::name), Generated::from_name))]
    pub what: Generated,
    /// Language of the schema: json-schema, or spark-ddl, which has the columns of a line of JSON lines
    /// [default: json-schema].
    #[arg(long, value_name = "FORMAT", value_parser = names(SchemaFormat::ALL.map(SchemaFormat::name), SchemaFormat::from_name))]
    pub format: Option<SchemaFormat>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    const ALL: [Self; 3] = [Self::Auto, Self::Always, Self::Never];

    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.name() == name)
    }

    /// Makes the choice known to everything that writes.
    pub fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// What the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputFormat {
    /// Files, each a document or several.
    Documents,
    /// JSON lines, each a document.
    Jsonl,
}

impl InputFormat {
    const ALL: [Self; 2] = [Self::Documents, Self::Jsonl];

    const fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Jsonl => "jsonl",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is handed on.
    Pass,
    /// It is not.
    Refuse,
}

impl Then {
    const ALL: [Self; 2] = [Self::Pass, Self::Refuse];

    /// The name it is asked for by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refuse => "refuse",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|then| then.name() == name)
    }
}

/// What `generate` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// The man page.
    Man,
    /// Completions for bash.
    CompleteBash,
    /// Completions for zsh.
    CompleteZsh,
    /// Completions for fish.
    CompleteFish,
    /// Completions for PowerShell.
    CompletePowershell,
    /// Completions for elvish.
    CompleteElvish,
    /// The schema of the reports.
    Schema,
}

impl Generated {
    const ALL: [Self; 7] = [
        Self::Man,
        Self::CompleteBash,
        Self::CompleteZsh,
        Self::CompleteFish,
        Self::CompletePowershell,
        Self::CompleteElvish,
        Self::Schema,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Man => "man",
            Self::CompleteBash => "complete-bash",
            Self::CompleteZsh => "complete-zsh",
            Self::CompleteFish => "complete-fish",
            Self::CompletePowershell => "complete-powershell",
            Self::CompleteElvish => "complete-elvish",
            Self::Schema => "schema",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|generated| generated.name() == name)
    }
}

/// The language that a schema is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaFormat {
    /// JSON Schema.
    Json,
    /// The columns of a table, as Apache Spark declares them.
    SparkDdl,
}

impl SchemaFormat {
    const ALL: [Self; 2] = [Self::Json, Self::SparkDdl];

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "json-schema",
            Self::SparkDdl => "spark-ddl",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A parser for a closed set of names.
fn names<const N: usize, T: Clone + Send + Sync + 'static>(
    names: [&'static str; N],
    from_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).map(move |name| from_name(&name).expect("only possible values are parsed"))
}

/// Reads a number from 0 to 1.
fn fraction(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number| (0.0..=1.0).contains(number)).ok_or_else(|| "not a number from 0 to 1".to_owned())
}
