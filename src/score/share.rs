//! The share of a document: how far it leans, and how sure that is. Owns the interval and all that it allows for.

use crate::report::{Counts, Doubt, Doubts, Lean, Share};

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_985;

/// An interval that holds a half and is no wider than this is called balanced, a wider one unclear.
const BALANCED_WIDTH: f64 = 0.4;

/// Directive to empowering, mixed on both sides, rounded to hundredths; `None` without an empowering sentence.
#[must_use]
pub fn ratio(counts: &Counts) -> Option<f64> {
    let empowering = counts.empowering + counts.mixed;
    (empowering > 0).then(|| round((counts.directive + counts.mixed) as f64 / empowering as f64, 100.0))
}

/// The empowering share (E + M) / (D + E + 2M) with an interval at 95 %; `None` where no sentence takes a side.
///
/// Two things keep it from the share that a person would count, and each has an interval of its own. A document is a
/// sample of how its author writes: Wilson (1927), advised for small counts by Brown, Cai and DasGupta (2001). And some
/// labels are wrong: see `bounds`. The two are put together by the squares of their distances from the point, which
/// keeps either interval's lopsidedness (Newcombe 1998; Zou and Donner 2008).
#[must_use]
pub fn share(counts: &Counts, doubts: &Doubts) -> Option<Share> {
    let directive = (counts.directive + counts.mixed) as f64;
    let empowering = (counts.empowering + counts.mixed) as f64;
    let n = directive + empowering;
    if n == 0.0 {
        return None;
    }
    let point = empowering / n;
    let (sampled, labelled) = (wilson(point, n), bounds(directive, empowering, doubts, point));
    // Not `hypot`, whose last digit differs by machine.
    let square = |distance: f64| distance * distance;
    let joined = |at: usize| (square(sampled[at] - point) + square(labelled[at] - point)).sqrt();
    Some(Share {
        empowering: round(point, 1000.0),
        low: round((point - joined(0)).max(0.0), 1000.0),
        high: round((point + joined(1)).min(1.0), 1000.0),
    })
}

/// Of the wrong labels of a side, the share that belongs to the other side; the rest belong to neither. From the
/// confusion on documents left out of the fit.
const TURNED: f64 = 0.2;

/// The lowest and the highest empowering share that the labels allow for, with the share `point` between them.
///
/// Of each side as many labels as are to be expected leave it, and some of these go over to the other side; that the
/// errors of a test move a share, however many are tested, is what Rogan and Gladen (1978) correct for. Then chance: of
/// one side or of the other as many more are wrong as may be, by the variance of their number (two-sided 95 %).
fn bounds(directive: f64, empowering: f64, doubts: &Doubts, point: f64) -> [f64; 2] {
    let wrong = |doubt: Doubt| doubt.wrong as f64 / 1000.0;
    let chance = |doubt: Doubt| Z * (doubt.variance as f64).sqrt() / 1000.0;
    let (from_directive, from_empowering) = (wrong(doubts.directive), wrong(doubts.empowering));
    let directive = directive - from_directive + TURNED * from_empowering;
    let empowering = empowering - from_empowering + TURNED * from_directive;
    // A side's share of both where chance takes from it.
    let least = |side: f64, doubt: Doubt, other: f64| {
        let side = (side - chance(doubt)).max(0.0);
        if side + other > 0.0 { side / (side + other) } else { 0.0 }
    };
    [
        least(empowering, doubts.empowering, directive).min(point),
        (1.0 - least(directive, doubts.directive, empowering)).max(point),
    ]
}

/// Directive sentences in a hundred, mixed ones included, and the bounds of its 95 % interval, rounded to tenths; `None`
/// without a sentence.
#[must_use]
pub fn directive_rate(counts: &Counts) -> Option<[f64; 3]> {
    let n = counts.sentences as f64;
    let rate = || {
        let point = (counts.directive + counts.mixed) as f64 / n;
        let [low, high] = wilson(point, n);
        [point, low, high].map(|bound| round(100.0 * bound, 10.0))
    };
    (counts.sentences > 0).then(rate)
}

/// The Wilson score interval at 95 % of a share `point` of `n` cases, `n` above zero.
pub(crate) fn wilson(point: f64, n: f64) -> [f64; 2] {
    let centre = (point + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z * (point * (1.0 - point) / n + Z * Z / (4.0 * n * n)).sqrt() / (1.0 + Z * Z / n);
    [(centre - half).max(0.0), (centre + half).min(1.0)]
}

/// Which way a share leans, by its interval.
#[must_use]
pub fn lean(share: Option<Share>) -> Lean {
    match share {
        None => Lean::Unclear,
        Some(share) if share.high < 0.5 => Lean::Directive,
        Some(share) if share.low > 0.5 => Lean::Empowering,
        Some(share) if share.high - share.low <= BALANCED_WIDTH => Lean::Balanced,
        Some(_) => Lean::Unclear,
    }
}

/// Rounds to the nearest `1 / unit`.
pub(crate) fn round(value: f64, unit: f64) -> f64 {
    (value * unit).round() / unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(directive: u64, empowering: u64, mixed: u64) -> Counts {
        Counts { sentences: directive + empowering + mixed, directive, empowering, mixed, neutral: 0 }
    }

    /// Doubts of labels that are all as sure, in thousandths.
    fn doubts(counts: &Counts, confidence: u64) -> Doubts {
        let doubt = |n: u64| Doubt { wrong: n * (1000 - confidence), variance: n * confidence * (1000 - confidence) };
        Doubts {
            directive: doubt(counts.directive + counts.mixed),
            empowering: doubt(counts.empowering + counts.mixed),
        }
    }

    fn share_at(confidence: u64, counts: &Counts) -> Option<Share> {
        share(counts, &doubts(counts, confidence))
    }

    #[test]
    fn without_doubt_the_interval_is_that_of_wilson() {
        for (empowering, n, low, high) in
            [(1, 1, 0.207, 1.0), (3, 4, 0.301, 0.954), (8, 10, 0.49, 0.943), (40, 50, 0.67, 0.888)]
        {
            let share = share_at(1000, &counts(n - empowering, empowering, 0)).expect("sentences take a side");
            assert_eq!((share.low, share.high), (low, high), "{empowering} of {n}");
        }
    }

    #[test]
    fn doubt_takes_wrong_labels_away() {
        // Of ten labels at 0.9 one is wrong and 0.2 of it belong to the other side; chance takes 1.96 * sqrt(0.9) more.
        let counts = counts(10, 10, 0);
        let [low, high] = bounds(10.0, 10.0, &doubts(&counts, 900), 0.5);
        assert!((low - 7.3406 / 16.5406).abs() < 1e-4 && (low + high - 1.0).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn mixed_counts_on_both_sides() {
        assert_eq!(ratio(&counts(12, 5, 1)), Some(2.17));
        assert_eq!(share_at(900, &counts(12, 5, 1)).map(|share| share.empowering), Some(0.316));
        assert_eq!(ratio(&counts(3, 0, 0)), None);
        assert_eq!(share_at(900, &counts(0, 0, 0)), None);
    }

    #[test]
    fn lean_follows_the_interval_and_not_the_point() {
        for (confidence, [directive, empowering], expected) in [
            (1000, [3, 0], Lean::Unclear),
            (1000, [4, 0], Lean::Directive),
            (900, [4, 0], Lean::Directive),
            (600, [4, 0], Lean::Unclear),
            (900, [0, 20], Lean::Empowering),
            (900, [8, 1], Lean::Directive),
            (900, [5, 1], Lean::Unclear),
            (900, [14, 14], Lean::Balanced),
            (600, [14, 14], Lean::Unclear),
        ] {
            let share = share_at(confidence, &counts(directive, empowering, 0));
            assert_eq!(lean(share), expected, "{directive}:{empowering} at {confidence}: {share:?}");
        }
        assert_eq!(lean(None), Lean::Unclear);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_point(d in 0..400_u64, e in 0..400_u64, m in 0..50_u64, confidence in 0..=1000_u64) {
            if let Some(share) = share_at(confidence, &counts(d, e, m)) {
                prop_assert!(0.0 <= share.low && share.low <= share.empowering);
                prop_assert!(share.empowering <= share.high && share.high <= 1.0);
            }
        }

        #[test]
        fn less_confidence_never_narrows(d in 0..400_u64, e in 0..400_u64, c in 500..=1000_u64, less in 0..500_u64) {
            let counts = counts(d, e, 0);
            let width = |share: Share| share.high - share.low;
            if let (Some(sure), Some(unsure)) = (share_at(c, &counts), share_at(c - less.min(c - 500), &counts)) {
                // Both ends are rounded.
                prop_assert!(width(sure) < width(unsure) + 0.0015, "{sure:?} {unsure:?}");
            }
        }

        #[test]
        fn doubt_never_narrows_the_interval_of_wilson(d in 0..400_u64, e in 0..400_u64, c in 500..=1000_u64) {
            let counts = counts(d, e, 0);
            if let (Some(sure), Some(unsure)) = (share_at(1000, &counts), share_at(c, &counts)) {
                prop_assert!(unsure.low <= sure.low && sure.high <= unsure.high, "{sure:?} {unsure:?}");
            }
        }

        #[test]
        fn more_sentences_never_widen(d in 0..100_u64, e in 0..100_u64, times in 2..9_u64, c in 500..=1000_u64) {
            let (few, many) = (counts(d, e, 0), counts(d * times, e * times, 0));
            if let (Some(few), Some(many)) = (share_at(c, &few), share_at(c, &many)) {
                prop_assert!(few.low <= many.low && many.high <= few.high, "{few:?} {many:?}");
            }
        }

        #[test]
        fn sides_are_treated_alike(d in 0..400_u64, e in 0..400_u64, c in 500..=1000_u64) {
            if let (Some(one), Some(other)) = (share_at(c, &counts(d, e, 0)), share_at(c, &counts(e, d, 0))) {
                prop_assert!((one.low + other.high - 1.0).abs() < 0.0015 && (one.high + other.low - 1.0).abs() < 0.0015);
            }
        }
    }
}
