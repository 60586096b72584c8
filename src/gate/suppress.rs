//! Takes out of a report what somebody said does not count, and says where that is said to no purpose.
//!
//! A stage between the scan, which measures what is written, and the limits. A suppression is for an entry, so a sentence
//! is suppressed where all that explains its label is; of a mixed one each side by itself.

use super::Gate;
use crate::config::{ALL_ENTRIES, Suppression, Suppressions};
use crate::label::{Label, Stance};
use crate::report::{DocumentReport, EvidenceReport, PragmaReport, SentenceReport, Status, Suppressed};
use crate::score::{self, Tally};
use std::collections::BTreeMap;
use std::path::Path;

/// Applies suppressions to one report after another.
#[derive(Debug)]
pub struct Suppressor<'a> {
    listed: &'a Suppressions,
    /// For each of them: whether a document of the run was for it, and whether it suppressed something there.
    uses: Vec<(bool, bool)>,
}

impl<'a> Suppressor<'a> {
    /// A stage with the suppressions of a configuration; documents bring their own.
    #[must_use]
    pub fn new(listed: &'a Suppressions) -> Self {
        Self { listed, uses: vec![(false, false); listed.all().len()] }
    }

    /// Takes what is suppressed out of a report that lists its sentences: out of the sentences, of every count and of all
    /// that follows from counts. Returns the rest, and a warning for each comment that does nothing. `path` is that of
    /// the document's file; `-` stands for standard input.
    #[must_use]
    pub fn apply(&mut self, gate: &Gate<'_>, mut report: DocumentReport, path: &str) -> (DocumentReport, Vec<String>) {
        let mut warnings = Vec::new();
        let listed = self.listed.of(Path::new(path));
        if !report.status.is_meant() || listed.is_empty() && report.pragmas.is_empty() {
            return (report, warnings);
        }
        let mut comments = Comments::new(gate, &report, &mut warnings);
        let mut rules = Rules { comments: &mut comments, listed, used: Vec::new() };
        let mut tally = Tally { principles: std::mem::take(&mut report.principles), ..Tally::default() };
        let mut kept = Vec::new();
        for mut sentence in report.sentences.take().unwrap_or_default() {
            rules.comments.advance(sentence.span.start, &mut warnings);
            let label = rules.suppress(gate, &mut sentence, &mut tally, &mut report.suppressed);
            rules.comments.spend();
            if let Some(label) = label {
                tally.add_label(label, (sentence.confidence * 1000.0).round() as u16);
                kept.push(SentenceReport { label, ..sentence });
            }
        }
        for (at, _) in &rules.listed {
            let (is_for, is_used) = &mut self.uses[*at];
            *is_for = true;
            *is_used |= rules.used.contains(at);
        }
        comments.advance(usize::MAX, &mut warnings);
        comments.warn(&mut warnings);
        report.sentences = Some(kept);
        (recounted(report, tally), warnings)
    }

    /// A warning for each suppression of the configuration that suppressed nothing in the reports so far. One whose path is a pattern may be for
    /// documents that were not looked at, unless `is_whole`: all of the configuration's documents were.
    #[must_use]
    pub fn stale(&self, is_whole: bool) -> Vec<String> {
        let is_pattern = |path: &str| path.ends_with('/') || path.contains(['*', '?', '[', '{', '!']);
        let stale = self.listed.all().zip(&self.uses).filter(|(rule, (is_for, is_used))| match (is_for, is_used) {
            (_, true) => false,
            (true, false) => is_whole || !is_pattern(&rule.path),
            (false, false) => is_whole,
        });
        stale.map(|(rule, _)| format!("{}: suppresses nothing and can go", rule.place)).collect()
    }
}

/// The report with the numbers of what is left.
fn recounted(mut report: DocumentReport, tally: Tally) -> DocumentReport {
    report.principles = tally.principles.clone();
    if report.counts == tally.counts {
        return report;
    }
    if report.status == Status::Scored && !score::is_enough(&tally.counts) {
        report.status = Status::TooLittleEvidence;
    }
    let is_scored = report.status == Status::Scored;
    report.ratio = score::ratio(&tally.counts).filter(|_| is_scored);
    report.share = score::share(&tally.counts, &tally.doubts).filter(|_| is_scored);
    report.lean = score::lean(report.share);
    report.per_100 = tally.per_100();
    report.counts = tally.counts;
    report.doubts = tally.doubts;
    report
}

/// What suppresses, as an index.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// Into [`Comments::all`].
    Comment(usize),
    /// Into the configuration's list.
    Listed(usize),
}

/// All that may suppress something in a document.
struct Rules<'c, 'l> {
    comments: &'c mut Comments,
    /// Those of the configuration that are for the document.
    listed: Vec<(usize, &'l Suppression)>,
    /// Those of them that suppressed something.
    used: Vec<usize>,
}

impl Rules<'_, '_> {
    /// What a sentence is without what is suppressed in it; `None` where it no longer takes the side that it took.
    fn suppress(
        &mut self,
        gate: &Gate<'_>,
        sentence: &mut SentenceReport,
        tally: &mut Tally,
        suppressed: &mut Vec<Suppressed>,
    ) -> Option<Label> {
        if !self.comments.is_at_work() && self.listed.is_empty() {
            return Some(sentence.label);
        }
        // A sentence may have been wrapped where the configuration is not.
        let words = sentence.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let here: Vec<(usize, &str)> = self
            .listed
            .iter()
            .filter(|(_, rule)| rule.text.as_ref().is_none_or(|text| words.contains(text.as_str())))
            .map(|(at, rule)| (*at, rule.entry.as_str()))
            .collect();
        let of = |name: &str| -> Option<Rule> {
            let listed = || here.iter().find(|(_, entry)| *entry == name).map(|(at, _)| Rule::Listed(*at));
            self.comments.of(name).map(Rule::Comment).or_else(listed)
        };
        let all = of(ALL_ENTRIES);
        let rules: Vec<Option<Rule>> = sentence.evidence.iter().map(|found| all.or_else(|| of(&found.entry))).collect();
        let mut used: Vec<Rule> = Vec::new();
        let is_counted =
            |found: &EvidenceReport| gate.entries.get(found.entry.as_str()).filter(|entry| entry.is_counted);
        for (found, rule) in sentence.evidence.iter().zip(&rules) {
            if let (Some(rule), Some(entry)) = (rule, is_counted(found)) {
                if let Some(count) = tally.principles.get_mut(&entry.principle) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        tally.principles.remove(&entry.principle);
                    }
                }
                // Whoever says "all" means what takes a side.
                used.extend(Some(*rule).filter(|_| found.stance != Stance::Neutral || all.is_none()));
            }
        }
        // What speaks for a side is what a finding shows.
        let taken_by = |stance: Stance| -> Option<Rule> {
            let shown = gate.explaining(sentence, stance);
            let mut shown = shown.into_iter().map(|(at, _)| rules[at]);
            all.or_else(|| shown.next()?.filter(|_| shown.all(|rule| rule.is_some())))
        };
        let directive = taken_by(Stance::Directive).filter(|_| sentence.label.is_directive());
        let empowering = taken_by(Stance::Empowering).filter(|_| sentence.label.is_empowering());
        let left = Label::of_poles(
            sentence.label.is_directive() && directive.is_none(),
            sentence.label.is_empowering() && empowering.is_none(),
        );
        used.extend(directive.into_iter().chain(empowering));
        if let Some(rule) = directive.or(empowering) {
            let (reason, by) = self.said(rule);
            suppressed.push(Suppressed { finding: gate.finding(sentence), reason, by });
        }
        let mut rules = rules.into_iter();
        sentence.evidence.retain(|found| {
            let is_covered = rules.next().flatten().is_some();
            let is_side_taken = match found.stance {
                Stance::Directive => directive.is_some(),
                Stance::Empowering => empowering.is_some(),
                Stance::Neutral => false,
            };
            !is_covered && !is_side_taken
        });
        for rule in used {
            match rule {
                Rule::Comment(at) => self.comments.all[at].is_used = true,
                Rule::Listed(at) if !self.used.contains(&at) => self.used.push(at),
                Rule::Listed(_) => {}
            }
        }
        (left == sentence.label || left != Label::Neutral).then_some(left)
    }

    /// A rule's reason, and where it is written.
    fn said(&self, rule: Rule) -> (String, String) {
        match rule {
            Rule::Comment(at) => (self.comments.all[at].reason.clone(), self.comments.all[at].place.clone()),
            Rule::Listed(at) => {
                let rule = self.listed.iter().find(|(listed, _)| *listed == at);
                rule.map(|(_, rule)| (rule.reason.clone(), rule.place.clone())).unwrap_or_default()
            }
        }
    }
}

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// From here on.
    Off,
    /// No more; without a name, whatever is off.
    On,
    /// The next sentence.
    Next,
}

/// A comment that was understood.
#[derive(Debug)]
struct Comment {
    command: Command,
    /// An entry or [`ALL_ENTRIES`].
    entry: String,
    reason: String,
    place: String,
    /// The end of the comment, in the bytes of the sentences' spans.
    end: usize,
    is_used: bool,
}

/// The comments of a document, and which of them are at work where its sentences have been read to.
#[derive(Debug, Default)]
struct Comments {
    all: Vec<Comment>,
    /// The first that has not been come to.
    next: usize,
    /// By entry: what is off.
    off: BTreeMap<String, usize>,
    /// By entry: what holds for the next sentence.
    pending: BTreeMap<String, usize>,
}

impl Comments {
    fn new(gate: &Gate<'_>, report: &DocumentReport, warnings: &mut Vec<String>) -> Self {
        let mut all = Vec::new();
        for pragma in &report.pragmas {
            let place = report.place(pragma.location);
            match understand(gate, pragma) {
                Ok((command, entry, reason)) => {
                    let end = pragma.span.end;
                    all.push(Comment { command, entry, reason, place, end, is_used: false });
                }
                Err(reason) => warnings.push(format!("{place}: {reason}")),
            }
        }
        Self { all, ..Self::default() }
    }

    fn is_at_work(&self) -> bool {
        !self.off.is_empty() || !self.pending.is_empty()
    }

    /// What suppresses an entry, or all, here.
    fn of(&self, entry: &str) -> Option<usize> {
        self.pending.get(entry).or_else(|| self.off.get(entry)).copied()
    }

    /// Comes to what begins at byte `start`.
    fn advance(&mut self, start: usize, warnings: &mut Vec<String>) {
        while let Some(comment) = self.all.get(self.next).filter(|comment| comment.end <= start) {
            let Comment { entry, place, .. } = comment;
            match comment.command {
                Command::Off if self.off.contains_key(entry) => {
                    warnings.push(format!("{place}: `{entry}` is off already"));
                    self.all[self.next].is_used = true;
                }
                Command::Off => {
                    self.off.insert(entry.clone(), self.next);
                }
                Command::On => {
                    let is_off = match entry.as_str() {
                        "" => !std::mem::take(&mut self.off).is_empty(),
                        entry => self.off.remove(entry).is_some(),
                    };
                    if !is_off && entry.is_empty() {
                        warnings.push(format!("{place}: nothing is off"));
                    } else if !is_off {
                        warnings.push(format!("{place}: `{entry}` is not off"));
                    }
                    self.all[self.next].is_used = true;
                }
                Command::Next => {
                    self.pending.insert(entry.clone(), self.next);
                }
            }
            self.next += 1;
        }
    }

    /// Ends what holds for the sentence that was read.
    fn spend(&mut self) {
        self.pending.clear();
    }

    /// Names what suppressed nothing.
    fn warn(&self, warnings: &mut Vec<String>) {
        let stale = self.all.iter().filter(|comment| !comment.is_used);
        warnings.extend(stale.map(|comment| format!("{}: suppresses nothing and can go", comment.place)));
    }
}

/// Reads `off ENTRY -- REASON`, `next ENTRY -- REASON` or `on [ENTRY]`.
///
/// # Errors
/// If it says none of these: one line, lower case, no full stop.
fn understand(gate: &Gate<'_>, pragma: &PragmaReport) -> Result<(Command, String, String), String> {
    // Editors make a dash of two hyphens.
    let cut = pragma.text.split_once("--").or_else(|| pragma.text.split_once('\u{2014}'));
    let (said, reason) = cut.unwrap_or((&pragma.text, ""));
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut words = said.split_whitespace();
    let (word, entry) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let command = match word {
        "off" => Command::Off,
        "on" => Command::On,
        "next" => Command::Next,
        _ => return Err(format!("`{word}` is none of off, on, next")),
    };
    if let Some(more) = words.next() {
        return Err(format!("`{more}` is one word too many: write `{word} ENTRY -- REASON`"));
    }
    if !entry.is_empty() && entry != ALL_ENTRIES && !gate.entries.contains_key(entry) {
        return Err(format!("no entry `{entry}` in the lexicon"));
    }
    if command != Command::On {
        if entry.is_empty() {
            return Err(format!("no entry: write `{word} ENTRY -- REASON` or `{word} {ALL_ENTRIES} -- REASON`"));
        }
        if reason.is_empty() {
            return Err(format!("not applied without a reason: write `{word} {entry} -- REASON`"));
        }
    }
    Ok((command, entry.to_owned(), reason))
}
