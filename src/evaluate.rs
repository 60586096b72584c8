//! How far the program agrees with people: precision, recall, F1 and kappa on labelled sentences, and whether it is
//! right as often as its confidence says.

use crate::extract::{ExtractError, ExtractOptions, Format, extract};
use crate::label::Label;
use crate::score::{self, Context, Judge, Verdict};
use crate::segment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sentence and the label that a person gave it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Gold {
    /// What names it.
    pub id: String,
    /// The kind of document it comes from.
    #[serde(default)]
    pub genre: String,
    /// The person's label.
    pub label: Label,
    /// The sentence.
    pub text: String,
}

/// A line of a gold file that is not a labelled sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct GoldError {
    /// The line, from 1.
    pub line: usize,
    /// One line, lower case, no full stop.
    pub reason: String,
}

/// Reads labelled sentences: JSON lines with `id`, `genre`, `label` and `text` where the first line begins with a brace,
/// otherwise a header line and then `id`, `genre`, `label` and `text` between tabs, without quoting.
///
/// # Errors
/// At the first line that cannot be read, and at a labelled sentence where the header should be.
pub fn read_gold(text: &str) -> Result<Vec<Gold>, GoldError> {
    let is_json = text.trim_start().starts_with('{');
    let first = text.lines().next().unwrap_or_default();
    if !is_json && first.split('\t').nth(2).is_some_and(|label| Label::from_name(label).is_some()) {
        return Err(GoldError { line: 1, reason: "a header line is wanted: id, genre, label, text".to_owned() });
    }
    let mut gold = Vec::new();
    for (index, line) in text.lines().enumerate().skip(usize::from(!is_json)) {
        let wrong = |reason: String| GoldError { line: index + 1, reason };
        if line.trim().is_empty() {
            continue;
        }
        if is_json {
            gold.push(serde_json::from_str(line).map_err(|error| wrong(format!("not a labelled sentence: {error}")))?);
            continue;
        }
        let fields: Vec<&str> = line.splitn(4, '\t').collect();
        let &[id, genre, label, text] = fields.as_slice() else {
            return Err(wrong(format!(
                "{} fields between tabs where id, genre, label and text are wanted",
                fields.len()
            )));
        };
        let label = Label::from_name(label)
            .ok_or_else(|| wrong(format!("'{label}' is none of directive, empowering, mixed, neutral")))?;
        gold.push(Gold { id: id.into(), genre: genre.into(), label, text: text.into() });
    }
    Ok(gold)
}

/// A labelled text that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {error}")]
pub struct UnreadGold {
    /// What names it.
    pub id: String,
    /// Why.
    pub error: ExtractError,
}

/// The sentences of a text that stands in no document, and what each was found to be.
///
/// # Errors
/// If the text cannot be read, as where time is up.
pub(crate) fn judged(judge: &mut Judge<'_>, text: &str) -> Result<Vec<(String, Verdict)>, ExtractError> {
    let options = ExtractOptions { format: Some(Format::Text), is_text: true, ..ExtractOptions::default() };
    let mut found = Vec::new();
    for document in extract(text.as_bytes(), None, &options)?.documents {
        let document = document.map_err(|(_, error)| error)?;
        for sentence in segment::sentences(&document) {
            let text = sentence.span.of(&document.text);
            found.push((text.to_owned(), judge.classify(text, Context::default())));
        }
    }
    Ok(found)
}

/// What the program says of a labelled text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its label.
    pub label: Label,
    /// How often such an answer is right, in thousandths.
    pub confidence: u16,
}

/// Labels a text that may hold several sentences: it is on a side where any of them is, and as sure as the least sure.
///
/// # Errors
/// If the text cannot be read.
pub fn answer(judge: &mut Judge<'_>, text: &str) -> Result<Answer, ExtractError> {
    let verdicts = judged(judge, text)?;
    let is_any = |is_on: fn(Label) -> bool| verdicts.iter().any(|(_, verdict)| is_on(verdict.label));
    let least = verdicts.iter().map(|(_, verdict)| verdict.confidence).min();
    Ok(Answer {
        label: Label::of_poles(is_any(Label::is_directive), is_any(Label::is_empowering)),
        // Where there is nothing to judge, there is nothing to be wrong about.
        confidence: least.unwrap_or(1000),
    })
}

/// Precision, recall and F1 of one pole, each 0 to 1; mixed counts for both poles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PoleScore {
    /// Of the sentences put on this side, the share that people put there.
    pub precision: f64,
    /// Of the sentences that people put on this side, the share found.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
}

/// Agreement over a set of sentences.
#[derive(Clone, Debug, Serialize)]
pub struct Agreement {
    /// Sentences.
    pub sentences: usize,
    /// The directive pole.
    pub directive: PoleScore,
    /// The empowering pole.
    pub empowering: PoleScore,
    /// The mean of the two F1.
    pub macro_f1: f64,
    /// The share of equal labels.
    pub accuracy: f64,
    /// Cohen's kappa over the four labels (Cohen 1960).
    pub kappa: f64,
}

/// The sentences that the program was about as sure of, and how many of them it got right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    /// The lowest confidence of the band, 0 to 1.
    pub from: f64,
    /// The confidence that the next band begins with; the last one ends with 1 and holds it.
    pub to: f64,
    /// Sentences.
    pub sentences: usize,
    /// Those with the person's label.
    pub right: usize,
    /// Their mean confidence, 0 to 1.
    pub confidence: f64,
    /// The share of those right, 0 to 1.
    pub accuracy: f64,
    /// 95 % interval of that share (Wilson 1927).
    pub interval: [f64; 2],
}

/// Whether the program is right as often as it says.
#[derive(Clone, Debug, Serialize)]
pub struct Calibration {
    /// By confidence, the least sure first; a band without sentences is left out.
    pub bands: Vec<Band>,
    /// How far confidence and accuracy of the bands lie apart, on average over the sentences, 0 to 1 (expected
    /// calibration error, Naeini, Cooper and Hauskrecht 2015).
    pub error: f64,
}

/// An evaluation of the program on labelled sentences.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Over all sentences.
    pub overall: Agreement,
    /// 95 % interval of the mean F1: percentiles of a thousand resamples of the sentences (Efron 1979).
    pub macro_f1_interval: [f64; 2],
    /// By genre, in the order of their names.
    pub genres: BTreeMap<String, Agreement>,
    /// By the person's label, then the program's, in the order of [`Label::ALL`]: how many sentences.
    pub confusion: [[u64; 4]; 4],
    /// Whether it is right as often as it says.
    pub calibration: Calibration,
    /// The sentences on which they differ.
    pub errors: Vec<Miss>,
}

/// A sentence on which person and program differ.
#[derive(Clone, Debug, Serialize)]
pub struct Miss {
    /// What names it.
    pub id: String,
    /// Its genre.
    pub genre: String,
    /// The person's label.
    pub gold: Label,
    /// The program's.
    pub found: Label,
    /// The sentence.
    pub text: String,
}

/// Labels every sentence and compares.
///
/// # Errors
/// At the first one that cannot be read.
pub fn evaluate(judge: &mut Judge<'_>, gold: &[Gold]) -> Result<Evaluation, UnreadGold> {
    let answer = |gold: &Gold| answer(judge, &gold.text).map_err(|error| UnreadGold { id: gold.id.clone(), error });
    let answers: Vec<Answer> = gold.iter().map(answer).collect::<Result<_, _>>()?;
    Ok(compare(gold, &answers))
}

/// Compares the answers with the labels of `gold`, one for one.
#[must_use]
pub fn compare(gold: &[Gold], answers: &[Answer]) -> Evaluation {
    let pairs: Vec<(Label, Label)> =
        gold.iter().zip(answers).map(|(gold, answer)| (gold.label, answer.label)).collect();
    let mut genres: BTreeMap<String, Vec<(Label, Label)>> = BTreeMap::new();
    for (gold, pair) in gold.iter().zip(&pairs) {
        genres.entry(gold.genre.clone()).or_default().push(*pair);
    }
    let mut confusion = [[0; 4]; 4];
    for (gold, found) in &pairs {
        confusion[*gold as usize][*found as usize] += 1;
    }
    let errors = gold.iter().zip(&pairs).filter(|(_, (gold, found))| gold != found);
    Evaluation {
        overall: agreement(&pairs),
        macro_f1_interval: interval(&pairs),
        genres: genres.into_iter().map(|(genre, pairs)| (genre, agreement(&pairs))).collect(),
        confusion,
        calibration: calibration(gold, answers),
        errors: errors
            .map(|(gold, (_, found))| Miss {
                id: gold.id.clone(),
                genre: gold.genre.clone(),
                gold: gold.label,
                found: *found,
                text: gold.text.clone(),
            })
            .collect(),
    }
}

/// The confidences that part the bands, in thousandths.
const BANDS: [u16; 7] = [0, 500, 600, 700, 800, 900, 1000];

fn calibration(gold: &[Gold], answers: &[Answer]) -> Calibration {
    let mut bands = Vec::new();
    for edges in BANDS.windows(2) {
        let &[from, to] = edges else { unreachable!("windows of two") };
        let is_inside = |answer: &Answer| answer.confidence >= from && (answer.confidence < to || to == 1000);
        let inside: Vec<_> = gold.iter().zip(answers).filter(|(_, answer)| is_inside(answer)).collect();
        if inside.is_empty() {
            continue;
        }
        let right = inside.iter().filter(|(gold, answer)| gold.label == answer.label).count();
        let sum: u64 = inside.iter().map(|(_, answer)| u64::from(answer.confidence)).sum();
        let n = inside.len() as f64;
        bands.push(Band {
            from: f64::from(from) / 1000.0,
            to: f64::from(to) / 1000.0,
            sentences: inside.len(),
            right,
            confidence: sum as f64 / 1000.0 / n,
            accuracy: right as f64 / n,
            interval: score::wilson(right as f64 / n, n),
        });
    }
    let apart = |band: &Band| (band.confidence - band.accuracy).abs() * band.sentences as f64;
    let error = bands.iter().map(apart).sum::<f64>() / answers.len().max(1) as f64;
    Calibration { bands, error }
}

fn agreement(pairs: &[(Label, Label)]) -> Agreement {
    let (directive, empowering) = (pole(pairs, Label::is_directive), pole(pairs, Label::is_empowering));
    let n = pairs.len().max(1) as f64;
    let equal = pairs.iter().filter(|(gold, found)| gold == found).count() as f64 / n;
    let share = |label: Label, of: fn(&(Label, Label)) -> Label| {
        pairs.iter().filter(|pair| of(pair) == label).count() as f64 / n
    };
    let chance: f64 =
        Label::ALL.into_iter().map(|label| share(label, |pair| pair.0) * share(label, |pair| pair.1)).sum();
    Agreement {
        sentences: pairs.len(),
        macro_f1: f64::midpoint(directive.f1, empowering.f1),
        directive,
        empowering,
        accuracy: equal,
        kappa: if chance < 1.0 { (equal - chance) / (1.0 - chance) } else { 1.0 },
    }
}

fn pole(pairs: &[(Label, Label)], is_on: fn(Label) -> bool) -> PoleScore {
    let count = |is: &dyn Fn(&(Label, Label)) -> bool| pairs.iter().filter(|pair| is(pair)).count() as f64;
    let both = count(&|(gold, found)| is_on(*gold) && is_on(*found));
    let precision = both / count(&|(_, found)| is_on(*found)).max(1.0);
    let recall = both / count(&|(gold, _)| is_on(*gold)).max(1.0);
    let f1 = if both > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    PoleScore { precision, recall, f1 }
}

/// Percentile bootstrap of the mean F1; the resamples are the same ones every time.
fn interval(pairs: &[(Label, Label)]) -> [f64; 2] {
    const RESAMPLES: usize = 1000;
    if pairs.is_empty() {
        return [0.0, 1.0];
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let resample: Vec<(Label, Label)> =
                pairs.iter().map(|_| pairs[(random(&mut state) % pairs.len() as u64) as usize]).collect();
            agreement(&resample).macro_f1
        })
        .collect();
    means.sort_by(f64::total_cmp);
    [means[RESAMPLES * 25 / 1000], means[RESAMPLES * 975 / 1000 - 1]]
}

/// The generator xorshift64* (Vigna 2016).
fn random(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Directive as D, Empowering as E, Mixed as M, Neutral as N};

    #[test]
    fn mixed_counts_for_both_poles() {
        let agreement = agreement(&[(D, D), (M, E), (E, M), (N, N), (N, D)]);
        assert_eq!((agreement.directive.precision, agreement.directive.recall), (1.0 / 3.0, 0.5));
        assert_eq!((agreement.empowering.precision, agreement.empowering.recall), (1.0, 1.0));
    }

    #[test]
    fn kappa_is_zero_by_chance_and_one_in_agreement() {
        assert!(agreement(&[(D, D), (D, N), (N, D), (N, N)]).kappa.abs() < 1e-9);
        assert!((agreement(&[(D, D), (E, E), (N, N)]).kappa - 1.0).abs() < 1e-9);
    }

    #[test]
    fn bands_hold_what_was_as_sure_and_add_up() {
        let gold = |label| Gold { id: String::new(), genre: String::new(), label, text: String::new() };
        let golds = [D, D, D, N, N].map(gold);
        let answers =
            [(D, 1000), (D, 900), (N, 899), (N, 499), (D, 0)].map(|(label, confidence)| Answer { label, confidence });
        let Calibration { bands, error } = calibration(&golds, &answers);
        let told: Vec<_> = bands.iter().map(|band| (band.from, band.to, band.sentences, band.right)).collect();
        assert_eq!(told, [(0.0, 0.5, 2, 1), (0.8, 0.9, 1, 0), (0.9, 1.0, 2, 2)]);
        assert!((error - (0.2505 * 2.0 + 0.899 + 0.05 * 2.0) / 5.0).abs() < 1e-9, "{error}");
    }

    #[test]
    fn gold_is_read_from_tabs_and_from_json_lines() {
        let tabs = read_gold("id\tgenre\tlabel\ttext\na\tmemo\tmixed\tTabs\tstay\n").expect("sound");
        let json = read_gold("{\"id\":\"a\",\"genre\":\"memo\",\"label\":\"mixed\",\"text\":\"Tabs\\tstay\"}\n")
            .expect("sound");
        assert_eq!(tabs, json);
        let error = read_gold("id\tgenre\tlabel\ttext\na\tmemo\tbossy\tDo it.\n").expect_err("no such label");
        assert_eq!(error.to_string(), "line 2: 'bossy' is none of directive, empowering, mixed, neutral");
        let error = read_gold("a\tmemo\tmixed\tTabs stay\n").expect_err("no header");
        assert_eq!(error.to_string(), "line 1: a header line is wanted: id, genre, label, text");
    }
}
