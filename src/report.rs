//! Results as plain data: what every output shows, under one set of names.
//!
//! The shapes here are the JSON of schema 1. Renderers show these fields and compute nothing.

use crate::document::Location;
use crate::extract::Format;
use crate::label::{Label, Stance};
use crate::span::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The version of the JSON shapes below.
pub const SCHEMA: u32 = 1;

/// What was found in one document.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DocumentReport {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// What names the document: its path, with `#` and the part for one of several; the id of a row or a JSON line.
    pub id: DocumentId,
    /// The file it came from, as it was reached; absent for standard input.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// How it was read.
    pub format: Format,
    /// ISO 639-1 code of the language it was taken for; `null` where there is too little text to tell.
    pub language: Option<String>,
    /// Whether it could be judged, and if not, why not.
    pub status: Status,
    /// Sentences by label.
    pub counts: Counts,
    /// Directive to empowering, mixed counted on both sides; `null` where there is no empowering sentence or no
    /// verdict.
    pub ratio: Option<f64>,
    /// The empowering share; `null` where nothing was found or there is no verdict.
    pub share: Option<Share>,
    /// Which way it leans, by the interval and never by the point.
    pub lean: Lean,
    /// Sentences of either pole in a hundred.
    pub per_100: Per100,
    /// How many times each principle was found.
    pub principles: BTreeMap<String, u64>,
    /// The sentences, where asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sentences: Option<Vec<SentenceReport>>,
    /// The sentences to look at, where the document was checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub findings: Option<Vec<Finding>>,
    /// What the gate says, where the document was checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<Outcome>,
    /// The findings that do not count since somebody said so, where the document was checked and they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub suppressed: Vec<Suppressed>,
    /// The author's comments that speak to this program, for the gate; not part of the JSON.
    #[serde(skip)]
    pub pragmas: Vec<PragmaReport>,
    /// The sender of a mail, where reports are summed up by sender and that group is shown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender: Option<String>,
    /// What was left out on purpose: attachments, embedded files.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub skipped: Vec<String>,
    /// What was odd but could be read.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub warnings: Vec<String>,
    /// Whether nothing of a mail's text can be read; for those who have to know, and not part of the JSON.
    #[serde(skip)]
    pub is_unread: bool,
    /// Fields of a row or a JSON line that are not its text, as they came.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty", default)]
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// The lexicon that judged.
    pub lexicon: LexiconId,
    /// How many of the labels may be wrong, which the share's interval has in it; kept for groups, and not shown.
    #[serde(skip)]
    pub doubts: Doubts,
}

impl DocumentReport {
    /// A place of the document, as compilers write it.
    #[must_use]
    pub fn place(&self, location: Location) -> String {
        format!("{}:{location}", self.id)
    }
}

/// What names a document. A JSON line's number stays a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum DocumentId {
    /// A path, or an id that is a string.
    Text(String),
    /// An id that is a number.
    Number(serde_json::Number),
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// Whether a document could be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// There was enough to give a share.
    Scored,
    /// Fewer than four sentences take a side, or so few of very many that all can be mistakes.
    TooLittleEvidence,
    /// No sentence of the author's own.
    NoText,
    /// Another language than English.
    NotEnglish,
    /// Not writing addressed to people one leads: program text, fiction, specifications, logs.
    NotLeadership,
}

impl Status {
    /// Every status, in the order of the declaration.
    pub const ALL: [Self; 5] =
        [Self::Scored, Self::TooLittleEvidence, Self::NoText, Self::NotEnglish, Self::NotLeadership];

    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::TooLittleEvidence => "too_little_evidence",
            Self::NoText => "no_text",
            Self::NotEnglish => "not_english",
            Self::NotLeadership => "not_leadership",
        }
    }

    /// Whether what is found in the document means something: it is English leadership writing, however little.
    #[must_use]
    pub const fn is_meant(self) -> bool {
        match self {
            Self::Scored | Self::TooLittleEvidence => true,
            Self::NoText | Self::NotEnglish | Self::NotLeadership => false,
        }
    }
}

/// Which way a document leans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lean {
    /// The whole interval of the share is below a half.
    Directive,
    /// The interval holds a half and is narrow.
    Balanced,
    /// The whole interval is above a half.
    Empowering,
    /// The interval holds a half and is wide, or there is no share.
    Unclear,
}

impl Lean {
    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directive => "directive",
            Self::Balanced => "balanced",
            Self::Empowering => "empowering",
            Self::Unclear => "unclear",
        }
    }
}

/// Sentences by label. The four labels add up to `sentences`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counts {
    /// All sentences of the author's own.
    pub sentences: u64,
    /// Directive ones.
    pub directive: u64,
    /// Empowering ones.
    pub empowering: u64,
    /// Those that do both.
    pub mixed: u64,
    /// Those that do neither.
    pub neutral: u64,
}

/// How many labels of a side may be wrong, summed over sentences. Integers, so that a sum is the same in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubt {
    /// The number of wrong labels to expect, in thousandths.
    pub wrong: u64,
    /// The variance of that number, in millionths.
    pub variance: u64,
}

/// The doubts about either side; a mixed sentence counts on both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// About directive and mixed labels.
    pub directive: Doubt,
    /// About empowering and mixed labels.
    pub empowering: Doubt,
}

/// The empowering share of the sentences that take a side, (E + M) / (D + E + 2M), with a 95 % interval that has two
/// things in it: a document is a sample of how its author writes, and some labels are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Share {
    /// The point, 0 to 1, rounded to thousandths.
    pub empowering: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Sentences in a hundred, mixed counted on both sides, rounded to tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Per100 {
    /// Directive ones.
    pub directive: f64,
    /// Empowering ones.
    pub empowering: f64,
}

/// One sentence and its verdict.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SentenceReport {
    /// Line and column, paragraph, or page.
    #[serde(flatten)]
    pub location: Location,
    /// Bytes: of the file for plain text formats in UTF-8, of the decoded text for other character sets and for JSON
    /// lines, mail, docx, odt and pdf.
    pub span: Span,
    /// Where it ends, for those who mark it; not part of the JSON.
    #[serde(skip)]
    pub end: Option<Location>,
    /// What it was found to be.
    pub label: Label,
    /// How often such a verdict is right, 0 to 1, in thousandths. Where one side of a mixed sentence is suppressed, that of
    /// the mixed verdict.
    pub confidence: f64,
    /// The sentence, markup gone and line breaks turned into spaces.
    pub text: String,
    /// What speaks for the label, in the order of the text.
    pub evidence: Vec<EvidenceReport>,
}

/// One entry found in a sentence.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EvidenceReport {
    /// The entry's id, `principle.name`.
    pub entry: String,
    /// What it leans to.
    pub stance: Stance,
    /// What it adds to its own pole's score, in log-odds; without a stance: what it takes from both.
    pub weight: f64,
    /// Where it is, in the same bytes as the sentence's span.
    pub span: Span,
    /// Where it is in the sentence's `text`, for those who show it; not part of the JSON.
    #[serde(skip)]
    pub at: Span,
}

/// A sentence to look at, and what there is to say of it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Finding {
    /// The sentence.
    #[serde(flatten)]
    pub sentence: SentenceReport,
    /// What the evidence of its side means, the weightiest first.
    pub reasons: Vec<Reason>,
    /// How the same intent is said the other way, the weightiest first, two at most. Never applied by itself.
    pub instead: Vec<Rewrite>,
}

/// A finding that does not count, since a comment or the configuration says so.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Suppressed {
    /// The finding as it would be.
    #[serde(flatten)]
    pub finding: Finding,
    /// Why it does not count, as was written.
    pub reason: String,
    /// Where that is written: file, line and column, or what the file has in their place.
    pub by: String,
}

/// A comment that speaks to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PragmaReport {
    /// Where it begins.
    pub location: Location,
    /// The whole comment, in the same bytes as the sentences' spans.
    pub span: Span,
    /// What follows `leadtone:`.
    pub text: String,
}

/// What a piece of evidence means, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reason {
    /// The entry's id.
    pub entry: String,
    /// Its principle.
    pub principle: String,
    /// What it leans to.
    pub stance: Stance,
    /// The words of the sentence that it was found in.
    pub words: String,
    /// What it means.
    pub note: String,
    /// What its principle is.
    pub about: String,
    /// The article and section behind it, or the grammar that it states.
    pub source: String,
}

/// How the intent of some words is said the other way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rewrite {
    /// The entry that it comes from.
    pub entry: String,
    /// The words of the sentence that it is for.
    pub words: String,
    /// What to say or do in their place.
    pub text: String,
}

/// The kind of a document, by which limits are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A memo, an announcement, a plan; whatever has no other kind.
    Memo,
    /// An e-mail.
    Email,
    /// A performance review, written feedback.
    Review,
    /// A policy, a handbook, a procedure.
    Policy,
    /// A message in danger or disorder, where stepping in is right.
    Crisis,
}

impl Kind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [Self; 5] = [Self::Memo, Self::Email, Self::Review, Self::Policy, Self::Crisis];

    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memo => "memo",
            Self::Email => "email",
            Self::Review => "review",
            Self::Policy => "policy",
            Self::Crisis => "crisis",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What the gate says of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Outcome {
    /// Whether it is let through.
    pub result: GateResult,
    /// The profile that it was held to.
    pub profile: String,
    /// The kind of that profile.
    pub kind: Kind,
    /// Each limit that was asked for, and what was found.
    pub limits: Vec<LimitReport>,
    /// What the document was compared with, where only what is new was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<Since>,
    /// Sentences that the baseline holds, and that are neither shown nor counted against the limits.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub known: u64,
    /// Findings that do not count, since a comment or the configuration says so. No limit and no number of this report
    /// counts them.
    #[serde(default)]
    pub suppressed: u64,
    /// Why nothing, or not all, could be judged: one line, lower case, no full stop.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The older version that a document was compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Since {
    /// The revision as it was asked for.
    pub revision: String,
    /// The path that the file had then, from the root of the repository; absent for a document that is new.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// The empowering share that it had then; absent where it had none, or the file holds several documents.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub share: Option<Share>,
}

/// Whether a document is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateResult {
    /// No limit is broken.
    Pass,
    /// A limit is broken.
    Fail,
    /// There is too little to go by. It is let through.
    NotJudged,
}

impl GateResult {
    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotJudged => "not_judged",
        }
    }
}

/// A limit and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LimitReport {
    /// Its key in the configuration, such as `min_empowering` or `principles.gatekeeping`.
    pub limit: String,
    /// Whether it is the least or the most.
    pub bound: Bound,
    /// What is counted, and in what.
    pub unit: Unit,
    /// Where it is set.
    pub at: f64,
    /// What was found.
    pub found: f64,
    /// The lower end of the 95 % interval of what was found; absent for a count.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high: Option<f64>,
    /// Whether it is kept.
    pub standing: Standing,
}

/// Which side of a limit is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// At least the limit.
    Least,
    /// At most the limit.
    Most,
}

/// What a limit is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The empowering share, 0 to 1.
    Share,
    /// Directive sentences in a hundred.
    Per100,
    /// Directive sentences.
    Sentences,
    /// How many times a principle was found.
    Times,
    /// Directive sentences that are new.
    NewSentences,
    /// How far the empowering share fell, 0 to 1; 0 where it did not.
    Fall,
}

/// Whether a limit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is.
    Kept,
    /// What was found is past the limit, but its interval is not: there are too few sentences to say so. Lets through.
    InDoubt,
    /// The whole interval, or the count, is past the limit.
    Broken,
}

/// Documents by what the gate says of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GateCounts {
    /// Let through.
    pub pass: u64,
    /// Not let through.
    pub fail: u64,
    /// Let through without a judgement.
    pub not_judged: u64,
    /// Findings in all documents.
    pub findings: u64,
    /// Findings that do not count, since a comment or the configuration says so.
    #[serde(default)]
    pub suppressed: u64,
}

/// The lexicon behind a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LexiconId {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A fingerprint of all its files: 16 hexadecimal digits.
    pub hash: String,
    /// Entries that were switched off.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub disabled: Vec<String>,
}

/// Sums over the documents that share a folder, a sender or a field's value. Sums of counts, never means of shares.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GroupReport {
    /// The folder, sender or value.
    pub group: String,
    /// Documents in it.
    pub documents: u64,
    /// Documents by status.
    pub statuses: BTreeMap<String, u64>,
    /// Sentences of all its documents that are in English and leadership writing.
    pub counts: Counts,
    /// As in a document.
    pub ratio: Option<f64>,
    /// As in a document.
    pub share: Option<Share>,
    /// As in a document.
    pub lean: Lean,
    /// As in a document.
    pub per_100: Per100,
    /// As in a document.
    pub principles: BTreeMap<String, u64>,
}

/// What could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// The path, with the line or part where there is one.
    pub path: String,
    /// One line, lower case, no full stop.
    pub reason: String,
}

/// The line that stands for a document that could not be read, where the output is JSON lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorReport {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// The id of the JSON line, as far as it could be read.
    pub id: Option<DocumentId>,
    /// The file; absent for a line of JSON lines input, whose report depends on nothing but the line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// Line of the input, from 1, for JSON lines input.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// One line, lower case, no full stop.
    pub error: String,
}

impl ErrorReport {
    /// For a file that could not be read.
    #[must_use]
    pub fn of_path(path: String, error: String) -> Self {
        Self { schema: SCHEMA, id: Some(DocumentId::Text(path.clone())), path: Some(path), line: None, error }
    }
}

/// A whole scan.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ScanReport {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// Every document that was read, in the order asked for.
    pub documents: Vec<DocumentReport>,
    /// The groups, where asked for, by name.
    pub groups: Vec<GroupReport>,
    /// Everything together; its group is `total`.
    pub total: GroupReport,
    /// Every source that was not read.
    pub failures: Vec<Failure>,
    /// What the gate says, where the documents were checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gate: Option<GateCounts>,
}
