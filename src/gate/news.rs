//! The gate over what is new: sentences that an older version or the baseline knows are neither shown nor counted.

use super::known::{Fingerprint, Known};
use super::since::{Lines, Version};
use super::{Gate, Show, absolute, count, judge, outcome};
use crate::config::Profile;
use crate::report::{Bound, DocumentReport, GateResult, LimitReport, Outcome, SentenceReport, Standing, Status, Unit};
use crate::score::{self, Tally};

/// What is known of a file from before. What its documents hold of it is taken out.
#[derive(Debug, Default)]
pub struct Before {
    /// The older version, where one was asked for.
    pub version: Option<Version>,
    /// The lines that changed since, where only these are asked about.
    pub lines: Option<Lines>,
    /// The sentences of the baseline.
    pub baseline: Known,
    /// Those of them that documents hold which need none forgiven.
    pub spared: Known,
}

impl Gate<'_> {
    /// Adds findings and outcome to a report that lists its sentences, and takes the list away. Only what is new is found.
    ///
    /// A document that has an older version is held against that and not against the limits of its kind: what was there
    /// before is nobody's fault now. One that breaks a limit, and of which the baseline knows sentences, is judged as if
    /// they were not there. A baseline forgives and never accuses: what passes as a whole passes, and leaves what the baseline
    /// knows of it to the other documents of the file.
    #[must_use]
    pub fn check_news(&self, mut report: DocumentReport, profile: &Profile, before: &mut Before) -> DocumentReport {
        let sentences = report.sentences.take().unwrap_or_default();
        let mut is_known = |sentence: &SentenceReport| before.baseline.take(Fingerprint::of(&sentence.text));
        let known: Vec<bool> = sentences.iter().map(&mut is_known).collect();
        let mut news = match &mut before.version {
            None => vec![true; sentences.len()],
            Some(version) => version.news(&sentences),
        };
        for (at, sentence) in sentences.iter().enumerate() {
            let is_asked_about = before.lines.as_ref().is_none_or(|lines| lines.touch(sentence));
            news[at] &= !known[at] && is_asked_about;
        }
        let is_new_and_directive =
            |(at, sentence): &(usize, &SentenceReport)| news[*at] && sentence.label.is_directive();
        let new_directive = sentences.iter().enumerate().filter(is_new_and_directive).count() as u64;
        let mut outcome = match &before.version {
            Some(version) if !version.is_none() => {
                let limits = match report.status {
                    Status::Scored => version.fall(&report, profile).into_iter().collect(),
                    Status::TooLittleEvidence | Status::NoText | Status::NotEnglish | Status::NotLeadership => {
                        Vec::new()
                    }
                };
                outcome(&report, profile, limits)
            }
            Some(_) | None => judge(&report, profile),
        };
        let is_forgiven = outcome.result == GateResult::Fail && known.contains(&true);
        if is_forgiven {
            let rest = self.only(
                &report,
                sentences.iter().zip(&known).filter(|(_, known)| !**known).map(|(sentence, _)| sentence),
            );
            outcome = forgive(&report, outcome, &rest, profile);
        }
        if before.version.is_some() || is_forgiven {
            outcome = with_news(&report, outcome, new_directive, profile);
        } else {
            for (sentence, _) in sentences.iter().zip(&known).filter(|(_, known)| **known) {
                let sentence = Fingerprint::of(&sentence.text);
                before.baseline.add(sentence);
                before.spared.add(sentence);
            }
        }
        outcome.since = before.version.as_ref().map(|version| version.about(&report));
        outcome.known = known.iter().filter(|known| **known).count() as u64;
        report.outcome = Some(outcome);
        let mut news = news.into_iter();
        report.sentences = Some(sentences.into_iter().filter(|_| news.next().unwrap_or_default()).collect());
        report.findings = Some(self.findings(&report));
        report.sentences = None;
        if self.shown.sides != Show::All {
            report.suppressed.clear();
        }
        report
    }

    /// The sentences that a baseline has to hold for the document of a report to pass: where it breaks a limit, those that
    /// count against it, and all that direct, since those that the baseline does not know are new.
    #[must_use]
    pub fn breaking(&self, report: &DocumentReport, profile: &Profile) -> Known {
        let broken = absolute(report, profile);
        let broken: Vec<&LimitReport> = broken.iter().filter(|limit| limit.standing == Standing::Broken).collect();
        let mut known = Known::default();
        for sentence in report.sentences.as_deref().unwrap_or_default() {
            let is_broken_by = |limit: &&LimitReport| sentence.label.is_directive() || self.bears_on(sentence, limit);
            if broken.iter().any(is_broken_by) {
                known.add(Fingerprint::of(&sentence.text));
            }
        }
        known
    }

    /// Whether a sentence counts against a limit.
    fn bears_on(&self, sentence: &SentenceReport, limit: &LimitReport) -> bool {
        match (limit.unit, limit.bound) {
            (Unit::Share, Bound::Most) => sentence.label.is_empowering(),
            (Unit::Share | Unit::Fall, Bound::Least)
            | (Unit::Per100 | Unit::Sentences | Unit::NewSentences, Bound::Least | Bound::Most)
            | (Unit::Fall, Bound::Most) => sentence.label.is_directive(),
            (Unit::Times, Bound::Least | Bound::Most) => {
                self.principles_of(sentence).any(|principle| limit.limit.strip_prefix("principles.") == Some(principle))
            }
        }
    }

    /// The principle of each piece of evidence that is counted.
    fn principles_of<'s>(&'s self, sentence: &'s SentenceReport) -> impl Iterator<Item = &'s str> {
        let entries = sentence.evidence.iter().filter_map(|found| self.entries.get(found.entry.as_str()));
        entries.filter(|entry| entry.is_counted).map(|entry| entry.principle.as_str())
    }

    /// The numbers of a report if these were its sentences.
    fn only<'s>(&self, report: &DocumentReport, sentences: impl Iterator<Item = &'s SentenceReport>) -> DocumentReport {
        let mut tally = Tally::default();
        for sentence in sentences {
            tally.add_label(sentence.label, (sentence.confidence * 1000.0).round() as u16);
            self.principles_of(sentence).for_each(|principle| tally.add_principle(principle));
        }
        let share = score::share(&tally.counts, &tally.doubts).filter(|_| report.share.is_some());
        let Tally { counts, doubts, principles } = tally;
        DocumentReport { counts, doubts, principles, share, ..report.clone() }
    }
}

/// An outcome in which each broken limit is what it is for `rest`, the document without its known sentences; where that has
/// nothing to hold against the limit, the limit is not asked for.
fn forgive(report: &DocumentReport, broken: Outcome, rest: &DocumentReport, profile: &Profile) -> Outcome {
    let forgiven = absolute(rest, profile);
    let milder = |limit: LimitReport| match limit.standing {
        Standing::Kept | Standing::InDoubt => Some(limit),
        Standing::Broken if limit.unit == Unit::Fall => Some(limit),
        Standing::Broken => forgiven.iter().find(|other| other.limit == limit.limit).cloned(),
    };
    let limits = broken.limits.into_iter().filter_map(milder).collect();
    outcome(report, profile, limits)
}

/// An outcome that holds the limit on new sentences as well.
fn with_news(report: &DocumentReport, mut judged: Outcome, found: u64, profile: &Profile) -> Outcome {
    let at = profile.limits.new_directive.filter(|_| report.status.is_meant());
    judged.limits.extend(at.map(|at| count("new_directive".to_owned(), Unit::NewSentences, at, found)));
    outcome(report, profile, judged.limits)
}
