//! Weighs a lexicon's entries on labelled sentences.
//!
//! Two logistic regressions, one for each pole, over the entries found in each sentence. An entry may only add to its
//! own pole and only take from the other; one without a stance only takes. Weights are drawn towards a prior (ridge
//! around a mean), so an entry that the sentences seldom show keeps a sensible weight. Everything is deterministic:
//! cyclic coordinate descent with Newton steps, folds by a hash of the source, integers in thousandths at the end.

mod measures;

pub use measures::{Ablation, AblationError, LearningStep, ablation, learning_curve};

use crate::evaluate::{Answer, Evaluation, Gold, UnreadGold, compare, judged};
use crate::fnv;
use crate::label::{Label, Stance};
use crate::lexicon::{self, Lexicon, LexiconError, LexiconFile, Weights, thousandths};
use crate::score::{self, Evidence, Judge};
use std::collections::BTreeMap;
use toml_edit::{DocumentMut, Item, value};

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct FitOptions {
    /// Parts that the sentences are divided into for cross-validation.
    pub folds: u64,
    /// How strongly weights are drawn towards their prior.
    pub ridge: f64,
    /// The weight of an entry for its own pole before anything is seen, in log-odds.
    pub prior: f64,
    /// How probable directive and empowering must be for a sentence to be put there, between 0 and 1. F1 is best at half
    /// the F1 that is reached (Lipton, Elkan, Naryanaswamy 2014), some .71 and .64 on text that nobody read when the
    /// entries were written. Such text shows fewer of them than the sentences of the fit do: for that, both stand lower
    /// by 0.25 in log-odds.
    pub thresholds: [f64; 2],
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { folds: 5, ridge: 1.5, prior: 2.0, thresholds: [0.3, 0.27] }
    }
}

impl FitOptions {
    /// Each pole's score where its side is as probable as not, directive first: at zero it is as probable as its threshold.
    fn even_scores(&self) -> [f64; 2] {
        self.thresholds.map(|threshold| -log_odds(threshold))
    }

    /// The same as a lexicon holds it.
    fn even(&self) -> Weights {
        let [directive, empowering] = self.even_scores().map(thousandths);
        Weights { directive, empowering }
    }
}

/// What was fitted.
#[derive(Clone, Debug)]
pub struct Fit {
    /// By entry, in the lexicon's order.
    pub weights: Vec<Weights>,
    /// By entry: in how many sentences it was found.
    pub seen: Vec<usize>,
    /// Each pole's score where nothing is found.
    pub bias: Weights,
    /// Each pole's score where its side is as probable as not.
    pub even: Weights,
    /// By label: how often a verdict is right from a margin on, in thousandths.
    pub confidence: BTreeMap<Label, Vec<[i64; 2]>>,
    /// Agreement on sentences whose source was left out of the fit.
    pub held_out: Evaluation,
    /// Agreement on the very sentences of the fit: how much better it looks there is what it only remembers.
    pub fitted: Evaluation,
}

/// One pole's regression.
struct Problem {
    /// By sentence: the features found in it.
    rows: Vec<Vec<u32>>,
    /// By sentence: whether people put it on this side.
    is_on: Vec<bool>,
    /// By feature: what it may do.
    features: Vec<Feature>,
}

#[derive(Clone, Copy)]
struct Feature {
    prior: f64,
    low: f64,
    high: f64,
}

struct Model {
    bias: f64,
    weights: Vec<f64>,
}

/// Fits the weights of `lexicon` on `gold`. `sources` names the document that each sentence comes from, by id; sentences
/// of one document are never on both sides of a fold. Where it is silent the sentence is its own source.
///
/// # Errors
/// At the first sentence that cannot be read.
pub fn fit(
    lexicon: &Lexicon,
    gold: &[Gold],
    sources: &BTreeMap<String, String>,
    options: FitOptions,
) -> Result<Fit, UnreadGold> {
    let material = Material::new(lexicon, gold, sources, options)?;
    Ok(material.fit(&vec![true; gold.len()]))
}

/// Labelled sentences with what was found in them.
struct Material<'a> {
    lexicon: &'a Lexicon,
    gold: &'a [Gold],
    options: FitOptions,
    /// By text: by sentence: what counts in it.
    evidence: Vec<Vec<Vec<Evidence>>>,
    /// By text: the entries found in it.
    rows: Vec<Vec<u32>>,
    /// By text: a hash of its source.
    sources: Vec<u64>,
}

impl<'a> Material<'a> {
    fn new(
        lexicon: &'a Lexicon,
        gold: &'a [Gold],
        sources: &BTreeMap<String, String>,
        options: FitOptions,
    ) -> Result<Self, UnreadGold> {
        let evidence = found_evidence(lexicon, gold)?;
        let rows = evidence.iter().map(|sentences| entries_of(sentences)).collect();
        let sources = gold.iter().map(|gold| fnv::hash(sources.get(&gold.id).unwrap_or(&gold.id).bytes())).collect();
        Ok(Self { lexicon, gold, options, evidence, rows, sources })
    }

    fn fold(&self, at: usize) -> u64 {
        self.sources[at] % self.options.folds
    }

    /// Fits on the sentences that `is_used`; what is held out in turn, and compared, is every sentence.
    fn fit(&self, is_used: &[bool]) -> Fit {
        let Self { lexicon, gold, options, .. } = *self;
        let used: Vec<usize> = (0..gold.len()).filter(|at| is_used[*at]).collect();
        let [directive, empowering] = options.even_scores();
        let poles = [(Stance::Directive, directive), (Stance::Empowering, empowering)].map(|(pole, shift)| {
            let problem = problem(lexicon, gold, &self.rows, pole, options.prior);
            let model = problem.solve(&used, options.ridge);
            let mut held_out = vec![0.0; gold.len()];
            for fold in 0..options.folds {
                let inside: Vec<usize> = used.iter().copied().filter(|at| self.fold(*at) != fold).collect();
                let model = problem.solve(&inside, options.ridge);
                for at in (0..gold.len()).filter(|at| self.fold(*at) == fold) {
                    held_out[at] = model.score(&problem.rows[at]);
                }
            }
            let model = Model { bias: model.bias + shift, weights: model.weights };
            let held_out: Vec<i32> = held_out.into_iter().map(|score| thousandths(score + shift)).collect();
            let inside: Vec<i32> = self.rows.iter().map(|row| thousandths(model.score(row))).collect();
            (held_out, inside, model)
        });
        let [(directive_out, directive_in, directive), (empowering_out, empowering_in, empowering)] = poles;
        let weights: Vec<Weights> = lexicon
            .entries()
            .iter()
            .enumerate()
            .map(|(index, entry)| match entry.is_fixed {
                true => entry.weights,
                false => Weights {
                    directive: thousandths(directive.weights[index]),
                    empowering: thousandths(empowering.weights[index]),
                },
            })
            .collect();
        let held_out = self.verdicts(&weights, &directive_out, &empowering_out);
        let inside = self.verdicts(&weights, &directive_in, &empowering_in);
        let confidence = calibrate(&held_out, |_| true);
        let answers = |verdicts: &[Verdict]| -> Vec<Answer> {
            // A confidence is measured on other documents than those it is said of, as a weight is.
            let by_fold: Vec<_> =
                (0..options.folds).map(|fold| calibrate(&held_out, |at| self.fold(at) != fold)).collect();
            let answer = |(at, verdict): (usize, &Verdict)| {
                let steps = by_fold[self.fold(at) as usize].get(&verdict.label).map_or(&[][..], Vec::as_slice);
                Answer { label: verdict.label, confidence: lexicon::confidence(steps, verdict.margin) }
            };
            verdicts.iter().enumerate().map(answer).collect()
        };
        let answers_inside = answers(&inside);
        let (fitted_gold, fitted): (Vec<Gold>, Vec<Answer>) =
            used.iter().map(|at| (gold[*at].clone(), answers_inside[*at])).unzip();
        let mut seen = vec![0; lexicon.entries().len()];
        used.iter().flat_map(|at| &self.rows[*at]).for_each(|entry| seen[*entry as usize] += 1);
        Fit {
            weights,
            seen,
            bias: Weights { directive: thousandths(directive.bias), empowering: thousandths(empowering.bias) },
            even: self.options.even(),
            confidence,
            held_out: compare(gold, &answers(&held_out)),
            fitted: compare(&fitted_gold, &fitted),
        }
    }

    /// What two scores say of each text.
    fn verdicts(&self, weights: &[Weights], directive: &[i32], empowering: &[i32]) -> Vec<Verdict> {
        // Sentences of one text are on either side each by itself; within one sentence clauses have to part the two.
        let is_parted = |sentences: &[Vec<Evidence>]| match sentences {
            [evidence] => {
                let reweighed = evidence.iter().map(|found| Evidence { weights: weights[found.entry], ..*found });
                score::is_parted(self.lexicon, &reweighed.collect::<Vec<_>>())
            }
            _ => true,
        };
        let even = self.options.even();
        let verdict = |at: usize| {
            let label = score::decide(directive[at], empowering[at], is_parted(&self.evidence[at]));
            let margin = score::margin(label, directive[at], empowering[at], even);
            Verdict { label, margin, is_right: label == self.gold[at].label }
        };
        (0..self.gold.len()).map(verdict).collect()
    }
}

/// What two scores say of a text.
struct Verdict {
    label: Label,
    /// How far the two scores speak for the label, in thousandths.
    margin: i32,
    is_right: bool,
}

/// By text: by sentence: what counts in it.
fn found_evidence(lexicon: &Lexicon, gold: &[Gold]) -> Result<Vec<Vec<Vec<Evidence>>>, UnreadGold> {
    let mut judge = Judge::new(lexicon);
    let mut sentences = |gold: &Gold| {
        let judged = judged(&mut judge, &gold.text);
        let judged = judged.map_err(|error| UnreadGold { id: gold.id.clone(), error })?;
        Ok(judged.into_iter().map(|(_, verdict)| verdict.evidence).collect())
    };
    gold.iter().map(&mut sentences).collect()
}

/// The entries found in the sentences of a text, sorted.
fn entries_of(sentences: &[Vec<Evidence>]) -> Vec<u32> {
    let mut entries: Vec<u32> = sentences.iter().flatten().map(|found| found.entry as u32).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

fn problem(lexicon: &Lexicon, gold: &[Gold], rows: &[Vec<u32>], pole: Stance, prior: f64) -> Problem {
    let is_on = |label: Label| if pole == Stance::Directive { label.is_directive() } else { label.is_empowering() };
    let features = lexicon.entries().iter().map(|entry| {
        let own = if pole == Stance::Directive { entry.weights.directive } else { entry.weights.empowering };
        if entry.is_fixed {
            let weight = f64::from(own) / 1000.0;
            Feature { prior: weight, low: weight, high: weight }
        } else if entry.stance == pole {
            Feature { prior, low: 0.0, high: f64::INFINITY }
        } else {
            Feature {
                prior: if entry.stance == Stance::Neutral { -0.3 } else { 0.0 },
                low: f64::NEG_INFINITY,
                high: 0.0,
            }
        }
    });
    Problem {
        rows: rows.to_vec(),
        is_on: gold.iter().map(|gold| is_on(gold.label)).collect(),
        features: features.collect(),
    }
}

impl Problem {
    /// Fits on the sentences `inside`.
    fn solve(&self, inside: &[usize], ridge: f64) -> Model {
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); self.features.len()];
        for (at, sentence) in inside.iter().enumerate() {
            for feature in &self.rows[*sentence] {
                columns[*feature as usize].push(at as u32);
            }
        }
        let mut weights: Vec<f64> =
            self.features.iter().map(|feature| feature.prior.clamp(feature.low, feature.high)).collect();
        let mut bias = -1.0;
        let target: Vec<f64> = inside.iter().map(|sentence| f64::from(u8::from(self.is_on[*sentence]))).collect();
        let mut scores: Vec<f64> = inside
            .iter()
            .map(|at| bias + self.rows[*at].iter().map(|feature| weights[*feature as usize]).sum::<f64>())
            .collect();
        for _ in 0..60 {
            let mut change: f64 = 0.0;
            let (gradient, curvature) = scores.iter().zip(&target).fold((0.0, 1e-9), |(g, h), (score, y)| {
                let p = logistic(*score);
                (g + p - y, h + p * (1.0 - p))
            });
            let step = -gradient / curvature;
            bias += step;
            scores.iter_mut().for_each(|score| *score += step);
            for (index, column) in columns.iter().enumerate() {
                let feature = self.features[index];
                if column.is_empty() || feature.low >= feature.high {
                    continue;
                }
                let start = (ridge * (weights[index] - feature.prior), ridge);
                let (gradient, curvature) = column.iter().fold(start, |(g, h), at| {
                    let p = logistic(scores[*at as usize]);
                    (g + p - target[*at as usize], h + p * (1.0 - p))
                });
                let new = (weights[index] - (gradient / curvature).clamp(-1.0, 1.0)).clamp(feature.low, feature.high);
                let step = new - weights[index];
                if step != 0.0 {
                    weights[index] = new;
                    column.iter().for_each(|at| scores[*at as usize] += step);
                    change = change.max(step.abs());
                }
            }
            if change < 1e-4 {
                break;
            }
        }
        Model { bias, weights }
    }
}

impl Model {
    fn score(&self, row: &[u32]) -> f64 {
        self.bias + row.iter().map(|feature| self.weights[*feature as usize]).sum::<f64>()
    }
}

fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// By label: how often held-out verdicts are right from a margin on, measured on those that are `inside`: bins of a
/// hundred verdicts or more, made to rise (pool adjacent violators, Ayer et al. 1955).
fn calibrate(verdicts: &[Verdict], is_inside: impl Fn(usize) -> bool) -> BTreeMap<Label, Vec<[i64; 2]>> {
    let mut by_label: BTreeMap<Label, Vec<(i64, bool)>> = BTreeMap::new();
    for (_, verdict) in verdicts.iter().enumerate().filter(|(at, _)| is_inside(*at)) {
        by_label.entry(verdict.label).or_default().push((i64::from(verdict.margin), verdict.is_right));
    }
    let steps = by_label.into_iter().map(|(label, mut verdicts)| {
        verdicts.sort_unstable();
        let size = (verdicts.len() / 12).max(100).min(verdicts.len());
        // Each bin: its lowest margin, verdicts, right ones.
        let mut bins: Vec<(i64, usize, usize)> = Vec::new();
        for chunk in verdicts.chunks(size) {
            let right = chunk.iter().filter(|(_, is_right)| *is_right).count();
            match bins.last_mut() {
                Some(last) if chunk.len() < size / 2 => *last = (last.0, last.1 + chunk.len(), last.2 + right),
                Some(_) | None => bins.push((chunk[0].0, chunk.len(), right)),
            }
            while let [.., below, above] = bins.as_slice() {
                if below.2 * above.1 < above.2 * below.1 {
                    break;
                }
                let pooled = (below.0, below.1 + above.1, below.2 + above.2);
                bins.truncate(bins.len() - 2);
                bins.push(pooled);
            }
        }
        let confidence = |n: usize, right: usize| (1000 * (right + 1) / (n + 2)) as i64;
        (label, bins.iter().map(|(margin, n, right)| [*margin, confidence(*n, *right)]).collect())
    });
    steps.collect()
}

/// Writes what was fitted into the files, leaving all else in them as it is.
///
/// # Errors
/// If a file is not TOML.
pub fn write_back(files: &[LexiconFile], lexicon: &Lexicon, fit: &Fit) -> Result<Vec<LexiconFile>, LexiconError> {
    let by_id: BTreeMap<&str, usize> =
        lexicon.entries().iter().enumerate().map(|(index, entry)| (entry.id.as_str(), index)).collect();
    let rewrite = |file: &LexiconFile| {
        let mut toml: DocumentMut = file.text.parse().map_err(|error| not_toml(file, &error))?;
        if file.name == "scores.toml" {
            write_scores(&mut toml, fit);
        }
        if let Some(entries) = toml.get_mut("entry").and_then(Item::as_array_of_tables_mut) {
            for table in entries.iter_mut() {
                let index = table.get("id").and_then(Item::as_str).and_then(|id| by_id.get(id)).copied();
                let Some(index) = index.filter(|index| !lexicon.entries()[*index].is_fixed) else { continue };
                let weights = fit.weights[index];
                let named = match lexicon.entries()[index].stance {
                    Stance::Directive => [("weight", weights.directive), ("against", weights.empowering)],
                    Stance::Empowering => [("weight", weights.empowering), ("against", weights.directive)],
                    Stance::Neutral => [("directive", weights.directive), ("empowering", weights.empowering)],
                };
                for (key, weight) in named {
                    if weight != 0 || key == "weight" {
                        table.insert(key, decimal(weight));
                    } else {
                        table.remove(key);
                    }
                }
            }
        }
        Ok(LexiconFile { name: file.name.clone(), text: toml.to_string() })
    };
    files.iter().map(rewrite).collect()
}

fn not_toml(file: &LexiconFile, error: &toml_edit::TomlError) -> LexiconError {
    LexiconError { file: file.name.clone(), line: 1, column: 1, reason: error.message().to_owned() }
}

fn write_scores(toml: &mut DocumentMut, fit: &Fit) {
    toml["bias"]["directive"] = decimal(fit.bias.directive);
    toml["bias"]["empowering"] = decimal(fit.bias.empowering);
    toml["even"]["directive"] = decimal(fit.even.directive);
    toml["even"]["empowering"] = decimal(fit.even.empowering);
    for (label, steps) in &fit.confidence {
        let rows = steps.iter().map(|step| toml_edit::Array::from_iter(step.iter().copied()));
        toml["confidence"][label.name()] = value(toml_edit::Array::from_iter(rows));
    }
}

/// Thousandths as a decimal number of the TOML.
fn decimal(thousandths: i32) -> Item {
    value(f64::from(thousandths) / 1000.0)
}
