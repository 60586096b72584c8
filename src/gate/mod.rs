//! The gate: what a document's report comes to against its limits, and which of its sentences to look at.
//!
//! Works on finished reports only. A share or a rate is past a limit where its whole interval is; a count where it is.

mod baseline;
mod findings;
mod known;
mod news;
mod since;
mod suppress;

pub use baseline::{Baseline, BaselineError};
pub use findings::{Show, Shown};
pub use known::{Fingerprint, Known};
pub use news::Before;
pub use since::{Lines, Version};
pub use suppress::Suppressor;

use crate::config::Profile;
use crate::lexicon::{Entry, Lexicon, PrincipleInfo};
use crate::report::{Bound, DocumentReport, GateCounts, GateResult, LimitReport, Outcome, Standing, Status, Unit};
use crate::score;
use std::collections::BTreeMap;

/// Checks one report after another.
#[derive(Debug)]
pub struct Gate<'a> {
    entries: BTreeMap<&'a str, &'a Entry>,
    principles: BTreeMap<&'a str, &'a PrincipleInfo>,
    shown: Shown,
}

impl<'a> Gate<'a> {
    /// A gate for reports by `lexicon`.
    #[must_use]
    pub fn new(lexicon: &'a Lexicon, shown: Shown) -> Self {
        Self {
            entries: lexicon.entries().iter().map(|entry| (entry.id.as_str(), entry)).collect(),
            principles: lexicon.principles().iter().map(|principle| (principle.name.as_str(), principle)).collect(),
            shown,
        }
    }

    /// Adds findings and outcome to a report that lists its sentences, and takes the list away.
    #[must_use]
    pub fn check(&self, report: DocumentReport, profile: &Profile) -> DocumentReport {
        self.check_news(report, profile, &mut Before::default())
    }
}

/// Holds a report against the limits of a profile.
#[must_use]
pub fn judge(report: &DocumentReport, profile: &Profile) -> Outcome {
    outcome(report, profile, absolute(report, profile))
}

/// What limits come to.
fn outcome(report: &DocumentReport, profile: &Profile, limits: Vec<LimitReport>) -> Outcome {
    let reason = match report.status {
        Status::Scored => None,
        Status::TooLittleEvidence => Some("too little evidence"),
        Status::NoText => Some("no text of the author's own"),
        Status::NotEnglish => Some("not in English"),
        Status::NotLeadership => Some("not leadership writing"),
    };
    let is_broken = limits.iter().any(|limit| limit.standing == Standing::Broken);
    let result = match (is_broken, reason) {
        (true, _) => GateResult::Fail,
        (false, None) => GateResult::Pass,
        (false, Some(_)) => GateResult::NotJudged,
    };
    Outcome {
        result,
        profile: profile.name.clone(),
        kind: profile.kind,
        limits,
        suppressed: report.suppressed.len() as u64,
        reason: reason.map(str::to_owned),
        since: None,
        known: 0,
    }
}

/// Whether the gate says no to a document.
#[must_use]
pub fn is_refused(document: &DocumentReport) -> bool {
    document.outcome.as_ref().is_some_and(|outcome| outcome.result == GateResult::Fail)
}

/// Adds up what the gate says.
#[must_use]
pub fn sum(documents: &[DocumentReport]) -> GateCounts {
    let mut sum = GateCounts::default();
    for document in documents {
        sum.findings += document.findings.as_ref().map_or(0, Vec::len) as u64;
        sum.suppressed += document.outcome.as_ref().map_or(0, |outcome| outcome.suppressed);
        match document.outcome.as_ref().map(|outcome| outcome.result) {
            Some(GateResult::Pass) => sum.pass += 1,
            Some(GateResult::Fail) => sum.fail += 1,
            Some(GateResult::NotJudged) => sum.not_judged += 1,
            None => {}
        }
    }
    sum
}

/// The limits on a document by itself.
fn absolute(report: &DocumentReport, profile: &Profile) -> Vec<LimitReport> {
    match report.status {
        Status::Scored => [estimates(report, profile), counts(report, profile)].concat(),
        // A count is what it is, however few sentences there are.
        Status::TooLittleEvidence => counts(report, profile),
        Status::NoText | Status::NotEnglish | Status::NotLeadership => Vec::new(),
    }
}

/// The limits on what is estimated: the share and the rate.
fn estimates(report: &DocumentReport, profile: &Profile) -> Vec<LimitReport> {
    let limits = &profile.limits;
    let mut asked = Vec::new();
    if let Some(share) = report.share {
        let found = [share.empowering, share.low, share.high];
        for (name, bound, at) in [
            ("min_empowering", Bound::Least, limits.min_empowering),
            ("max_empowering", Bound::Most, limits.max_empowering),
        ] {
            asked.extend(at.map(|at| estimate(name, bound, Unit::Share, at, found)));
        }
    }
    if let Some(rate) = score::directive_rate(&report.counts) {
        let at = limits.max_per_100;
        asked.extend(at.map(|at| estimate("max_per_100", Bound::Most, Unit::Per100, at, rate)));
    }
    asked
}

fn estimate(name: &str, bound: Bound, unit: Unit, at: f64, [found, low, high]: [f64; 3]) -> LimitReport {
    let (is_past, is_wholly_past) = match bound {
        Bound::Least => (found < at, high < at),
        Bound::Most => (found > at, low > at),
    };
    let standing = match (is_past, is_wholly_past) {
        (_, true) => Standing::Broken,
        (true, false) => Standing::InDoubt,
        (false, false) => Standing::Kept,
    };
    LimitReport { limit: name.to_owned(), bound, unit, at, found, low: Some(low), high: Some(high), standing }
}

/// The limits on what is counted.
fn counts(report: &DocumentReport, profile: &Profile) -> Vec<LimitReport> {
    let limits = &profile.limits;
    let directive = report.counts.directive + report.counts.mixed;
    let sentences = limits.max_directive.map(|at| count("max_directive".to_owned(), Unit::Sentences, at, directive));
    let principles = limits.principles.iter().map(|(principle, at)| {
        let found = report.principles.get(principle).copied().unwrap_or(0);
        count(format!("principles.{principle}"), Unit::Times, *at, found)
    });
    sentences.into_iter().chain(principles).collect()
}

fn count(limit: String, unit: Unit, at: u64, found: u64) -> LimitReport {
    let standing = if found > at { Standing::Broken } else { Standing::Kept };
    let (at, found) = (at as f64, found as f64);
    LimitReport { limit, bound: Bound::Most, unit, at, found, low: None, high: None, standing }
}
