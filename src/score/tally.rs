//! Counts that add up: sentences by label and principles, over a document or a group.

use crate::label::Label;
use crate::report::{Counts, Doubt, Doubts, Per100};
use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::AddAssign;

/// What was counted. Adding tallies is all that a group or a total is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sentences by label.
    pub counts: Counts,
    /// How many of the labels may be wrong.
    pub doubts: Doubts,
    /// How many times each principle was found.
    pub principles: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts one sentence, labelled with that confidence in thousandths.
    pub fn add_label(&mut self, label: Label, confidence: u16) {
        self.counts.sentences += 1;
        *match label {
            Label::Directive => &mut self.counts.directive,
            Label::Empowering => &mut self.counts.empowering,
            Label::Mixed => &mut self.counts.mixed,
            Label::Neutral => &mut self.counts.neutral,
        } += 1;
        let right = u64::from(confidence.min(1000));
        let doubt = Doubt { wrong: 1000 - right, variance: right * (1000 - right) };
        if label.is_directive() {
            add(&mut self.doubts.directive, doubt);
        }
        if label.is_empowering() {
            add(&mut self.doubts.empowering, doubt);
        }
    }

    /// Counts one finding of a principle.
    pub fn add_principle(&mut self, principle: &str) {
        match self.principles.get_mut(principle) {
            Some(count) => *count += 1,
            None => {
                self.principles.insert(principle.to_owned(), 1);
            }
        }
    }

    /// Sentences of either pole in a hundred, rounded to tenths; zero where there are no sentences.
    #[must_use]
    pub fn per_100(&self) -> Per100 {
        let rate = |n: u64| match self.counts.sentences {
            0 => 0.0,
            sentences => super::share::round(100.0 * n as f64 / sentences as f64, 10.0),
        };
        Per100 {
            directive: rate(self.counts.directive + self.counts.mixed),
            empowering: rate(self.counts.empowering + self.counts.mixed),
        }
    }
}

fn add(sum: &mut Doubt, doubt: Doubt) {
    sum.wrong += doubt.wrong;
    sum.variance += doubt.variance;
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.counts.sentences += other.counts.sentences;
        self.counts.directive += other.counts.directive;
        self.counts.empowering += other.counts.empowering;
        self.counts.mixed += other.counts.mixed;
        self.counts.neutral += other.counts.neutral;
        add(&mut self.doubts.directive, other.doubts.directive);
        add(&mut self.doubts.empowering, other.doubts.empowering);
        for (principle, count) in &other.principles {
            *self.principles.entry(principle.clone()).or_default() += count;
        }
    }
}

impl<'a> Sum<&'a Self> for Tally {
    fn sum<I: Iterator<Item = &'a Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}
