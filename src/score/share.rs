//! The share of a document: how far it leans, and how sure that is.

use crate::report::{Counts, Lean, Share};

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

/// The empowering share (E + M) / (D + E + 2M) with its Wilson score interval at 95 % (Wilson 1927; advised for small
/// counts by Brown, Cai and DasGupta 2001); `None` where no sentence takes a side.
#[must_use]
pub fn share(counts: &Counts) -> Option<Share> {
    let empowering = (counts.empowering + counts.mixed) as f64;
    let n = empowering + (counts.directive + counts.mixed) as f64;
    if n == 0.0 {
        return None;
    }
    let point = empowering / n;
    let [low, high] = wilson(point, n);
    Some(Share { empowering: round(point, 1000.0), low: round(low, 1000.0), high: round(high, 1000.0) })
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

    fn counts(directive: u64, empowering: u64, mixed: u64) -> Counts {
        Counts { sentences: directive + empowering + mixed, directive, empowering, mixed, neutral: 0 }
    }

    #[test]
    fn wilson_interval_agrees_with_published_figures() {
        for (empowering, n, low, high) in
            [(1, 1, 0.207, 1.0), (3, 4, 0.301, 0.954), (8, 10, 0.49, 0.943), (40, 50, 0.67, 0.888)]
        {
            let share = share(&counts(n - empowering, empowering, 0)).expect("sentences take a side");
            assert_eq!((share.low, share.high), (low, high), "{empowering} of {n}");
        }
    }

    #[test]
    fn mixed_counts_on_both_sides() {
        assert_eq!(ratio(&counts(12, 5, 1)), Some(2.17));
        assert_eq!(share(&counts(12, 5, 1)).map(|share| share.empowering), Some(0.316));
        assert_eq!(ratio(&counts(3, 0, 0)), None);
        assert_eq!(share(&counts(0, 0, 0)), None);
    }

    #[test]
    fn lean_follows_the_interval_and_not_the_point() {
        assert_eq!(lean(share(&counts(3, 0, 0))), Lean::Unclear);
        assert_eq!(lean(share(&counts(4, 0, 0))), Lean::Directive);
        assert_eq!(lean(share(&counts(0, 20, 0))), Lean::Empowering);
        assert_eq!(lean(share(&counts(20, 20, 0))), Lean::Balanced);
        assert_eq!(lean(None), Lean::Unclear);
    }
}
