//! Sums over documents and the order they are shown in. Sums add counts; no mean of shares is ever taken.

use crate::report::{DocumentReport, Failure, GroupReport, SCHEMA, ScanReport, Status};
use crate::score::{self, Tally};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The group of documents that lack what is grouped by.
const NONE: &str = "(none)";

/// The group that pools those too small to show.
const OTHERS: &str = "(others)";

/// What documents are grouped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The folder that the file is in.
    Folder,
    /// The sender of the mail.
    Sender,
    /// The value of a field of the row or JSON line.
    Field(String),
}

/// What documents are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Path and place in it, A first.
    Path,
    /// Empowering share, the lowest first; those without one last, whichever way.
    Share,
    /// Directive sentences, the most first.
    Directive,
    /// Empowering sentences, the most first.
    Empowering,
    /// All sentences, the most first.
    Sentences,
}

impl Sort {
    /// Every order, in the order of the declaration.
    pub const ALL: [Self; 5] = [Self::Path, Self::Share, Self::Directive, Self::Empowering, Self::Sentences];

    /// The name it is asked for by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Share => "share",
            Self::Directive => "directive",
            Self::Empowering => "empowering",
            Self::Sentences => "sentences",
        }
    }
}

/// Puts the report of a whole scan together: documents, groups of at least `min_group` documents, total, failures. By
/// sender, a document names its own only where that group is shown.
#[must_use]
pub fn assemble(
    mut documents: Vec<DocumentReport>,
    failures: Vec<Failure>,
    by: Option<&Grouping>,
    min_group: u64,
) -> ScanReport {
    let mut total = Sum::default();
    for document in &documents {
        total.add(document);
    }
    let groups = by.map(|by| groups(&documents, by, min_group)).unwrap_or_default();
    if by == Some(&Grouping::Sender) {
        let shown: BTreeSet<&String> = groups.iter().map(|group| &group.group).collect();
        for document in &mut documents {
            document.sender = document.sender.take().filter(|sender| shown.contains(sender));
        }
    }
    ScanReport { schema: SCHEMA, documents, groups, total: total.report("total".to_owned()), failures, gate: None }
}

/// Sorts documents; equal ones keep the order of the input, so that the result does not depend on chance.
pub fn sort(documents: &mut [DocumentReport], by: Sort, is_reversed: bool) {
    let turned = |order: Ordering| if is_reversed { order.reverse() } else { order };
    documents.sort_by(|a, b| match by {
        Sort::Path => turned(a.path.cmp(&b.path)),
        Sort::Share => match (a.share, b.share) {
            (Some(a), Some(b)) => turned(a.empowering.total_cmp(&b.empowering)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        },
        Sort::Directive => turned((b.counts.directive + b.counts.mixed).cmp(&(a.counts.directive + a.counts.mixed))),
        Sort::Empowering => turned((b.counts.empowering + b.counts.mixed).cmp(&(a.counts.empowering + a.counts.mixed))),
        Sort::Sentences => turned(b.counts.sentences.cmp(&a.counts.sentences)),
    });
}

/// By name, those pooled last.
fn groups(documents: &[DocumentReport], by: &Grouping, min_group: u64) -> Vec<GroupReport> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for document in documents {
        sums.entry(group_of(document, by)).or_default().add(document);
    }
    let mut others = Sum::default();
    let mut shown = Vec::new();
    for (name, sum) in sums {
        if sum.documents >= min_group {
            shown.push(sum.report(name));
        } else {
            others += sum;
        }
    }
    if others.documents > 0 {
        shown.push(others.report(OTHERS.to_owned()));
    }
    shown
}

fn group_of(document: &DocumentReport, by: &Grouping) -> String {
    let name = match by {
        Grouping::Folder => document.path.as_deref().and_then(|path| Path::new(path).parent()).map(|folder| {
            let folder = folder.to_string_lossy();
            if folder.is_empty() { ".".to_owned() } else { folder.into_owned() }
        }),
        Grouping::Sender => document.sender.clone(),
        Grouping::Field(field) => document.fields.get(field).map(|value| match value {
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        }),
    };
    name.unwrap_or_else(|| NONE.to_owned())
}

/// A sum in the making.
#[derive(Default)]
struct Sum {
    documents: u64,
    statuses: BTreeMap<String, u64>,
    tally: Tally,
}

impl Sum {
    fn add(&mut self, document: &DocumentReport) {
        self.documents += 1;
        *self.statuses.entry(document.status.name().to_owned()).or_default() += 1;
        if is_counted(document.status) {
            self.tally +=
                &Tally { counts: document.counts, doubts: document.doubts, principles: document.principles.clone() };
        }
    }

    fn report(self, group: String) -> GroupReport {
        let share = score::share(&self.tally.counts, &self.tally.doubts);
        GroupReport {
            group,
            documents: self.documents,
            statuses: self.statuses,
            ratio: score::ratio(&self.tally.counts),
            share,
            lean: score::lean(share),
            per_100: self.tally.per_100(),
            counts: self.tally.counts,
            principles: self.tally.principles,
        }
    }
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.tally += &other.tally;
    }
}

/// Short documents count: many of them together are evidence. Other languages and other kinds of text do not.
const fn is_counted(status: Status) -> bool {
    match status {
        Status::Scored | Status::TooLittleEvidence | Status::NoText => true,
        Status::NotEnglish | Status::NotLeadership => false,
    }
}
