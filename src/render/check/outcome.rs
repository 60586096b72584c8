//! What the gate says of a document and of all of them, in words.

use crate::render::terminal::visible;
use crate::render::{documents, percent};
use crate::report::{Bound, GateCounts, LimitReport, Outcome, ScanReport, Since, Standing, Unit};

/// What was found and what was asked for: a part for each limit, those on the share in one.
pub(super) fn said(outcome: &Outcome, dash: &str) -> Vec<String> {
    let mut said: Vec<String> = outcome.reason.iter().cloned().collect();
    let mut previous = None;
    for limit in &outcome.limits {
        match said.last_mut().filter(|_| previous == Some(limit.unit) && limit.unit == Unit::Share) {
            Some(share) => *share += &format!(", {}", asked(limit)),
            None => said.push(words(limit, dash)),
        }
        previous = Some(limit.unit);
    }
    if said.is_empty() {
        said.push("no limits".to_owned());
    }
    if let Some(Since { revision, path, .. }) = &outcome.since {
        said.insert(0, format!("{}since {}", if path.is_some() { "" } else { "new " }, visible(revision)));
    }
    if outcome.known > 0 {
        said.push(format!("{} in the baseline", outcome.known));
    }
    if outcome.suppressed > 0 {
        said.push(format!("{} suppressed", outcome.suppressed));
    }
    said
}

/// The limits that are broken.
pub(super) fn broken(outcome: &Outcome) -> Vec<String> {
    outcome.limits.iter().filter(|limit| limit.standing == Standing::Broken).map(|limit| words(limit, "–")).collect()
}

/// "9 documents: 3 failed, 6 passed; 2 sentences to look at".
pub(super) fn totals(report: &ScanReport) -> String {
    let GateCounts { pass, fail, not_judged, findings, suppressed } = report.gate.unwrap_or_default();
    let mut said = vec![format!("{fail} failed"), format!("{pass} passed")];
    if not_judged > 0 {
        said.push(format!("{not_judged} not judged"));
    }
    if !report.failures.is_empty() {
        said.push(format!("{} could not be read", report.failures.len()));
    }
    let mut shown = match findings {
        0 => String::new(),
        1 => "; 1 sentence to look at".to_owned(),
        _ => format!("; {findings} sentences to look at"),
    };
    if suppressed > 0 {
        shown += &format!("; {suppressed} suppressed");
    }
    format!("{}: {}{shown}", documents(report.total.documents), said.join(", "))
}

/// "31% empowering (15–54%), at least 25%".
fn words(limit: &LimitReport, dash: &str) -> String {
    format!("{}, {}", found(limit, dash), asked(limit))
}

/// "31% empowering (15–54%)".
fn found(limit: &LimitReport, dash: &str) -> String {
    let value = |value: f64| match limit.unit {
        Unit::Share | Unit::Fall => percent(value),
        Unit::Per100 | Unit::Sentences | Unit::Times | Unit::NewSentences => value.to_string(),
    };
    let found = value(limit.found);
    let what = match limit.unit {
        Unit::Share => format!("{found} empowering"),
        Unit::Per100 => format!("{found} directive in 100"),
        Unit::Sentences => format!("{found} directive"),
        Unit::NewSentences => format!("{found} new directive"),
        Unit::Fall => format!("share lower by {found}"),
        Unit::Times => {
            let times = if found == "1" { "time" } else { "times" };
            format!("{} {found} {times}", visible(limit.limit.trim_start_matches("principles.")))
        }
    };
    let interval = match (limit.low, limit.high) {
        (Some(low), Some(high)) => format!(" ({}{dash}{})", value(low).trim_end_matches('%'), value(high)),
        (Some(_) | None, _) => String::new(),
    };
    format!("{what}{interval}")
}

/// "at least 25%", or what is wrong with it.
fn asked(limit: &LimitReport) -> String {
    let at = match limit.unit {
        Unit::Share | Unit::Fall => percent(limit.at),
        Unit::Per100 | Unit::Sentences | Unit::Times | Unit::NewSentences => limit.at.to_string(),
    };
    match (limit.bound, limit.standing) {
        (Bound::Least, Standing::Kept) => format!("at least {at}"),
        (Bound::Most, Standing::Kept) => format!("at most {at}"),
        (Bound::Least, Standing::InDoubt) => format!("below {at}, but not surely"),
        (Bound::Most, Standing::InDoubt) => format!("above {at}, but not surely"),
        (Bound::Least, Standing::Broken) => format!("below the limit of {at}"),
        (Bound::Most, Standing::Broken) => format!("above the limit of {at}"),
    }
}
