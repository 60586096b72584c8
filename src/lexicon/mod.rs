//! Entries: what speaks for which stance, why, and by which article.
//!
//! Owns the TOML format, the pattern language and the compiled matcher. Reads no files: texts come in from outside.

mod anchor;
mod bounds;
mod company;
mod compile;
mod file;
mod flat;
mod matcher;
mod numbered;
mod pattern;
mod positions;
#[cfg(test)]
mod reference;
mod rows;
mod tables;
mod token;
mod words;

pub use file::{LexiconError, LexiconFile};

use crate::fnv;
use crate::label::{Label, Stance};
use crate::span::Span;
use bounds::{Bounds, Use};
use compile::{AtomId, ClassSource, Compiler, Program};
use matcher::{Matcher, Scratch, Surroundings};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use tables::Tables;
use token::{Dictionary, Shape, Token};
use words::Words;

/// The file of what is fitted and belongs to no entry.
const SCORES: &str = "scores.toml";

/// Files of the `lexicons` folder that other stages read: they hold no entries.
pub(crate) const OTHER_FILES: [&str; 3] = ["abbreviations.toml", "register.toml", "zones.toml"];

/// One construction that speaks for a stance, as data that a manager could read and correct.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// `principle.name`, unique.
    pub id: String,
    /// The principle it belongs to: the part of `id` before the dot.
    pub principle: String,
    /// The constructions, in the pattern language; any one of them is enough.
    pub patterns: Vec<String>,
    /// What must be in the sentence as well, in the pattern language.
    pub given: Option<String>,
    /// What must not be in the sentence, in the pattern language.
    pub unless: Option<String>,
    /// What it leans to.
    pub stance: Stance,
    /// What it adds to the two scores.
    pub weights: Weights,
    /// Whether it takes away what lies inside it: all of it without a stance, otherwise what speaks for the other side.
    pub cancels: bool,
    /// Whether it parts a sentence into clauses that can each take a side.
    pub parts: bool,
    /// Whether findings are counted under its principle: those that speak for a side, and those of a principle that is
    /// to be shown without a stance. What only takes away, cancels or parts clauses says nothing of a document, nor does
    /// a cue, which is a single word that leans to a side in whatever frame it stands.
    pub is_counted: bool,
    /// Whether its weights stay as they are when the lexicon is fitted.
    pub is_fixed: bool,
    /// The article and the section that it is derived from, or the grammar that it states.
    pub source: String,
    /// What it means, in a sentence or two.
    pub note: String,
    /// How the same intent is said the other way; [`DEED`] and [`ORDER`] stand for words of the sentence.
    pub instead: Option<String>,
    /// Sentences in which it must be found.
    pub matches: Vec<String>,
    /// Near misses in which it must not be found.
    pub allows: Vec<String>,
    /// The file that it stands in.
    pub file: String,
    /// The line of its `id` in that file, from 1.
    pub line: usize,
}

/// In an `instead`: what the sentence asks for, from the last word found to the end of the clause, as "file the form" in
/// "You must file the form."
pub const DEED: &str = "{deed}";

/// In an `instead`: the same from the first word found, as "send the form" in "Send the form."
pub const ORDER: &str = "{order}";

/// How often a verdict with that margin is right, in thousandths, by `steps` of margin and confidence that both rise; 500
/// where it was never measured.
pub(crate) fn confidence(steps: &[[i64; 2]], margin: i32) -> u16 {
    let after = steps.partition_point(|[from, _]| *from <= i64::from(margin));
    steps.get(after.saturating_sub(1)).map_or(500, |[_, thousandths]| *thousandths as u16)
}

/// What is added to the two scores: log-odds in thousandths. An entry adds to its own pole and takes from the other; one
/// without a stance only takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// To the directive score.
    pub directive: i32,
    /// To the empowering score.
    pub empowering: i32,
}

/// A principle: what the entries of one file have in common.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrincipleInfo {
    /// Its name, the first part of its entries' ids.
    pub name: String,
    /// What its entries lean to.
    pub stance: Stance,
    /// What it is, in a sentence or two.
    pub about: String,
    /// The article and section it comes from.
    pub source: Option<String>,
    /// How the intent of its entries is said the other way, where they do not say it themselves.
    pub instead: Option<String>,
}

/// What a lexicon is called, and which one it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A fingerprint of all its files: 16 hexadecimal digits.
    pub hash: String,
}

/// All entries, compiled. One that was compiled before is unpacked only once an entry is asked for or looked for, so that
/// a run without a sentence costs nothing.
#[derive(Debug)]
pub struct Lexicon {
    id: Identity,
    /// Missing as long as nobody asked.
    parts: OnceLock<Parts>,
    /// What they are unpacked from; empty where they never were packed.
    packed: &'static [u8],
}

/// What a lexicon is compiled to.
#[derive(Debug, Serialize, Deserialize)]
struct Parts {
    entries: Vec<Entry>,
    principles: Vec<PrincipleInfo>,
    bias: Weights,
    even: Weights,
    confidence: BTreeMap<Label, Vec<[i64; 2]>>,
    matcher: Matcher,
    /// By pattern of the matcher: the entry it belongs to.
    owners: Vec<usize>,
    /// By entry: the place of its principle.
    principle_of: Vec<usize>,
    /// The words with which a lead-in breaks off: the class of that name.
    lead_in_end: Option<AtomId>,
    #[cfg(test)]
    #[serde(skip)]
    source: reference::Source,
}

/// The class whose words a lead-in can break off with.
const LEAD_IN_END: &str = "LEAD_IN_END";

/// An entry found in a sentence, before anything is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Index into `Lexicon::entries`.
    pub(crate) entry: usize,
    /// Bytes of the sentence.
    pub(crate) span: Span,
    /// Whether it says what the sentence as a whole is, and stands in none of its words.
    pub(crate) is_of_sentence: bool,
}

/// Finds entries in one sentence after another, without asking for memory each time.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    scratch: Scratch,
    /// Entries that are not looked for, rising.
    pub(crate) switched_off: Vec<usize>,
}

/// How a sentence stands in its document.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing<'a> {
    pub(crate) is_heading: bool,
    pub(crate) is_item: bool,
    pub(crate) lead_in: Option<&'a str>,
}

impl Lexicon {
    /// Reads and compiles a lexicon.
    ///
    /// # Errors
    /// Every error of every file, with its place, in the order of the files.
    pub fn from_files(files: &[LexiconFile]) -> Result<Self, Vec<LexiconError>> {
        let (id, parts) = Builder::default().build(files)?;
        Ok(Self { id, parts: parts.into(), packed: &[] })
    }

    /// The compiled lexicon as bytes, for [`Lexicon::unpack`] of the same version of this program.
    ///
    /// # Errors
    /// If there is no memory for it.
    #[allow(dead_code, reason = "for the build script")]
    pub(crate) fn pack(&self) -> postcard::Result<Vec<u8>> {
        postcard::to_extend(self.parts(), postcard::to_allocvec(&self.id)?)
    }

    /// The lexicon that was packed into these bytes.
    ///
    /// # Errors
    /// If they are something else.
    pub(crate) fn unpack(bytes: &'static [u8]) -> postcard::Result<Self> {
        let (id, packed) = postcard::take_from_bytes(bytes)?;
        Ok(Self { id, parts: OnceLock::new(), packed })
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| postcard::from_bytes(self.packed).expect("packed by the same program"))
    }

    /// Every entry, by file and line.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.parts().entries
    }

    /// Every principle, by file.
    #[must_use]
    pub fn principles(&self) -> &[PrincipleInfo] {
        &self.parts().principles
    }

    /// The entry of that id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.parts().entries.iter().find(|entry| entry.id == id)
    }

    /// Name, version and fingerprint.
    #[must_use]
    pub fn id(&self) -> &Identity {
        &self.id
    }

    /// Each pole's score where nothing is found.
    #[must_use]
    pub fn bias(&self) -> Weights {
        self.parts().bias
    }

    /// Each pole's score where its side is as probable as not. Sides are taken before that, where F1 is best.
    #[must_use]
    pub fn even(&self) -> Weights {
        self.parts().even
    }

    /// How often a verdict with that label and margin is right, in thousandths; 500 where it was never measured.
    #[must_use]
    pub fn confidence(&self, label: Label, margin: i32) -> u16 {
        confidence(self.parts().confidence.get(&label).map_or(&[], Vec::as_slice), margin)
    }

    /// Finds every entry in `sentence`, in the order of entries and places, one finding for each place.
    pub(crate) fn find(&self, finder: &mut Finder, sentence: &str, standing: Standing<'_>, found: &mut Vec<Found>) {
        found.clear();
        let parts = self.parts();
        let scratch = &mut finder.scratch;
        let tokenizer = &mut scratch.tokenizer;
        tokenizer.clear();
        let introduction = standing.lead_in.map_or("", last_sentence);
        tokenizer.push(&parts.matcher.dictionary, introduction);
        if !parts.is_open_ended(&tokenizer.tokens) {
            tokenizer.clear();
        }
        let lead_in = tokenizer.tokens.len();
        tokenizer.push(&parts.matcher.dictionary, sentence);
        let is_open =
            !sentence.trim_end_matches(['"', '\'', ')', '”', '’', '*', '_']).ends_with(['.', '!', '?', ':', ';']);
        let around = Surroundings { is_heading: standing.is_heading, is_item: standing.is_item, is_open, lead_in };
        parts.matcher.find(scratch, around);
        let tokens = &scratch.tokenizer.tokens;
        for hit in &scratch.hits {
            let entry = parts.owners[hit.pattern as usize];
            if finder.switched_off.binary_search(&entry).is_ok() {
                continue;
            }
            // What a lead-in contributes is shown at the item that completes it.
            let own = hit.tokens.start.max(lead_in)..hit.tokens.end;
            let span = match (tokens.get(own.start), own.end.checked_sub(1).and_then(|last| tokens.get(last))) {
                (Some(first), Some(last)) if !own.is_empty() => Span::new(first.start as usize, last.end as usize),
                (Some(at), _) => Span::new(at.start as usize, at.start as usize),
                (None, _) => Span::new(sentence.len(), sentence.len()),
            };
            let is_of_sentence = parts.matcher.tables.patterns[hit.pattern as usize].is_of_sentence;
            found.push(Found { entry, span, is_of_sentence });
        }
    }

    /// The place of an entry's principle in `principles`.
    pub(crate) fn principle_of(&self, entry: usize) -> usize {
        self.parts().principle_of[entry]
    }
}

impl Parts {
    /// Whether a lead-in breaks off so that its items complete it: "Managers must:" does, "The rules:" does not.
    fn is_open_ended(&self, lead_in: &[Token]) -> bool {
        let last = lead_in.iter().rfind(|token| token.shape.is_word());
        match (last, self.lead_in_end) {
            (Some(last), Some(end)) if self.matcher.dictionary.is_word(last.id) => {
                let kind = self.matcher.tables.word(last.id).kind;
                self.matcher.tables.holds(end, last.id, kind, Shape::Plain)
            }
            (Some(_) | None, _) => false,
        }
    }
}

/// Gathers the files' tables before anything is compiled.
#[derive(Default)]
struct Builder {
    errors: Vec<LexiconError>,
    words: Words,
    scores: file::Scores,
    classes: BTreeMap<String, ClassSource>,
    tables: Vec<(usize, file::Tables)>,
}

impl Builder {
    fn note<T>(&mut self, result: Result<T, LexiconError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn build(mut self, files: &[LexiconFile]) -> Result<(Identity, Parts), Vec<LexiconError>> {
        for (index, file) in files.iter().enumerate() {
            match file.name.as_str() {
                "words.toml" => self.words = self.note(file.read::<Words>()).unwrap_or_default().index(),
                SCORES => self.scores = self.note(file.read()).unwrap_or_default(),
                name if OTHER_FILES.contains(&name) => {}
                _ => {
                    if let Some(tables) = self.note(file.read::<file::Tables>()) {
                        self.tables.push((index, tables));
                    }
                }
            }
        }
        self.read_classes(files);
        let parts = self.compile(files);
        if self.errors.is_empty() {
            Ok((identify(&self.scores, files), parts))
        } else {
            self.errors.sort();
            self.errors.dedup();
            Err(self.errors)
        }
    }

    fn read_classes(&mut self, files: &[LexiconFile]) {
        let tables = std::mem::take(&mut self.tables);
        for (index, table) in &tables {
            for class in &table.classes {
                let name = class.name.get_ref().clone();
                let Some(source) = self.note(class.source(&files[*index])) else { continue };
                if self.classes.insert(name.clone(), source).is_some() {
                    let offset = class.name.span().start;
                    self.errors.push(files[*index].error(offset, format!("there is another class {name}")));
                }
            }
        }
        self.tables = tables;
    }

    fn compile(&mut self, files: &[LexiconFile]) -> Parts {
        let tables = std::mem::take(&mut self.tables);
        let (words, classes) = (std::mem::take(&mut self.words), std::mem::take(&mut self.classes));
        let marks: Vec<_> = tables.iter().flat_map(|(file, t)| t.marks.iter().map(move |mark| (*file, mark))).collect();
        let names: Vec<String> = marks.iter().map(|(_, mark)| mark.name.get_ref().clone()).collect();
        let mut compiler = Compiler::new(&words, &classes, &names);
        let patterns = marks.iter().filter_map(|(file, mark)| {
            // One that is no pattern is told of when it is compiled.
            Some((mark.name.get_ref().clone(), files[*file].pattern(&mark.pattern).ok()?))
        });
        let mut bounds = match Bounds::new(&classes, patterns.collect()) {
            Ok(bounds) => Some(bounds),
            Err(error) => {
                let last = marks.last().map(|(file, mark)| files[*file].pattern_error(&mark.pattern, error));
                self.errors.extend(last);
                None
            }
        };
        let mut compile = |errors: &mut Vec<LexiconError>, file: usize, written: &toml::Spanned<String>, used: Use| {
            // Where nothing bounds what it may cost, nothing is compiled.
            let (file, bounds) = (&files[file], bounds.as_mut()?);
            let compiled = file
                .pattern(written)
                .and_then(|ast| bounds.check(ast, used).map_err(|error| file.pattern_error(written, error)))
                .and_then(|ast| compiler.compile(&ast).map_err(|error| file.pattern_error(written, error)));
            compiled.map_err(|error| errors.push(error)).ok()
        };
        let mut programs = Vec::new();
        let mut mark_nodes = Vec::new();
        for (file, mark) in &marks {
            mark_nodes.extend(compile(&mut self.errors, *file, &mark.pattern, Use::Look));
        }
        let mut entries = Vec::new();
        let (mut owners, mut principles, mut principle_of) = (Vec::new(), Vec::new(), Vec::new());
        for (index, table) in &tables {
            let file = &files[*index];
            let Some(principle) = &table.principle else {
                if let Some(entry) = table.entries.first() {
                    self.errors.push(file.error(entry.id.span().start, "entries need a [principle] in their file"));
                }
                continue;
            };
            principles.push(PrincipleInfo {
                name: principle.name.get_ref().clone(),
                stance: principle.stance,
                about: principle.about.clone(),
                source: principle.source.clone(),
                instead: principle.instead.clone(),
            });
            for table in &table.entries {
                let Some(entry) = read_entry(file, principle, table, &mut self.errors) else { continue };
                let given = table.given.as_ref().and_then(|given| compile(&mut self.errors, *index, given, Use::Look));
                let unless =
                    table.unless.as_ref().and_then(|unless| compile(&mut self.errors, *index, unless, Use::Look));
                for pattern in table.pattern.iter().chain(&table.patterns) {
                    let Some(root) = compile(&mut self.errors, *index, pattern, Use::Match) else { continue };
                    let program = Program { root, given: given.clone(), unless: unless.clone() };
                    // Each branch is filed under its own anchor and wants fewer words than all of them together.
                    programs.extend(program.branches());
                    owners.resize(programs.len(), entries.len());
                }
                principle_of.push(principles.len() - 1);
                entries.push(entry);
            }
        }
        self.unique(&entries);
        let end = pattern::Ast::Class(LEAD_IN_END.into(), words::Form::Exact);
        let end = bounds
            .filter(|_| classes.contains_key(LEAD_IN_END))
            .and_then(|mut bounds| bounds.check(end, Use::Match).ok());
        let lead_in_end = end.and_then(|end| compiler.atom_of(&end));
        let sets = compiler.sets();
        let endings: BTreeSet<&String> = sets.iter().flat_map(|set| &set.endings).collect();
        let endings: Vec<String> = endings.into_iter().cloned().collect();
        let dictionary = Dictionary::new(&compiler.vocabulary, &endings);
        let tables =
            Tables::new(&dictionary, &compiler.vocabulary, sets, &endings, &mark_nodes, &programs, &compiler.costs());
        let matcher = Matcher { dictionary, tables };
        let (bias, even, confidence) = self.fitted(files);
        Parts {
            entries,
            principles,
            bias,
            even,
            confidence,
            matcher,
            owners,
            principle_of,
            lead_in_end,
            #[cfg(test)]
            source: reference::Source {
                sets: compiler.sets().iter().map(|set| (**set).clone()).collect(),
                vocabulary: compiler.vocabulary,
                marks: mark_nodes,
                programs,
            },
        }
    }

    /// Bias, even odds and confidences.
    fn fitted(&mut self, files: &[LexiconFile]) -> (Weights, Weights, BTreeMap<Label, Vec<[i64; 2]>>) {
        let Some(file) = files.iter().find(|file| file.name == SCORES) else { return Default::default() };
        let scores = &self.scores;
        let (bias, even, steps) = (scores.bias.weights(file), scores.even.weights(file), scores.steps(file));
        (self.note(bias).unwrap_or_default(), self.note(even).unwrap_or_default(), self.note(steps).unwrap_or_default())
    }

    fn unique(&mut self, entries: &[Entry]) {
        let mut seen: BTreeMap<&str, &Entry> = BTreeMap::new();
        for entry in entries {
            if let Some(first) = seen.insert(&entry.id, entry) {
                let reason = format!("entry {} is already in {}:{}", entry.id, first.file, first.line);
                self.errors.push(LexiconError { file: entry.file.clone(), line: entry.line, column: 1, reason });
            }
        }
    }
}

fn read_entry(
    file: &LexiconFile,
    principle: &file::Principle,
    table: &file::EntryTable,
    errors: &mut Vec<LexiconError>,
) -> Option<Entry> {
    let offset = table.id.span().start;
    let id = table.id.get_ref().clone();
    let name = principle.name.get_ref();
    let mut value = |written: &Option<toml::Spanned<f64>>| {
        file.thousandths(written).unwrap_or_else(|error| {
            errors.push(error);
            0
        })
    };
    let (weight, against) = (value(&table.weight), value(&table.against));
    let (directive, empowering) = (value(&table.directive), value(&table.empowering));
    let mut wrong = |reason: String| {
        errors.push(file.error(offset, reason));
        None
    };
    if let Some(sign) = id.chars().find(|sign| !(sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_'))) {
        return wrong(format!("an id has letters, digits, '.', '-' and '_' in it, and no '{}'", sign.escape_default()));
    }
    match id.split_once('.') {
        Some((first, rest)) if first == name && !rest.is_empty() => {}
        Some(_) | None => return wrong(format!("the id '{id}' does not begin with its principle: {name}.")),
    }
    if table.pattern.is_none() && table.patterns.is_empty() {
        return wrong(format!("entry {id} has no pattern"));
    }
    if let Some(text) = &table.instead
        && text.replace(DEED, "").replace(ORDER, "").contains(['{', '}'])
    {
        return wrong(format!("entry {id}: in `instead` only {DEED} and {ORDER} stand for words of the sentence"));
    }
    let stance = table.stance.unwrap_or(principle.stance);
    let weights = match stance {
        Stance::Directive => Weights { directive: weight, empowering: against },
        Stance::Empowering => Weights { directive: against, empowering: weight },
        Stance::Neutral => Weights { directive, empowering },
    };
    if weight < 0 || against > 0 || directive > 0 || empowering > 0 {
        return wrong(format!(
            "entry {id} counts against its own stance: weight is never below 0, the others never above"
        ));
    }
    if stance == Stance::Neutral && (weight, against) != (0, 0) {
        return wrong(format!("entry {id} has no stance: it takes from `directive` and `empowering`"));
    }
    if stance != Stance::Neutral && (directive, empowering) != (0, 0) {
        return wrong(format!("entry {id} has a stance: it has a `weight`, and `against` for the other pole"));
    }
    Some(Entry {
        principle: name.clone(),
        patterns: table.pattern.iter().chain(&table.patterns).map(|pattern| pattern.get_ref().clone()).collect(),
        given: table.given.as_ref().map(|given| given.get_ref().clone()),
        unless: table.unless.as_ref().map(|unless| unless.get_ref().clone()),
        stance,
        weights,
        cancels: table.cancels,
        parts: table.parts,
        is_counted: (stance != Stance::Neutral && !table.cue) || principle.counted,
        // What is only shown weighs nothing.
        is_fixed: table.fixed || (stance == Stance::Neutral && principle.counted),
        source: table.source.clone().or_else(|| principle.source.clone()).unwrap_or_default(),
        note: table.note.clone(),
        instead: table.instead.clone(),
        matches: table.matches.clone(),
        allows: table.allows.clone(),
        file: file.name.clone(),
        line: file.place(offset).0,
        id,
    })
}

/// The last sentence of a lead-in, which its items complete.
fn last_sentence(lead_in: &str) -> &str {
    let end = lead_in.trim_end().trim_end_matches([':', '-', '–', '—']).len();
    let begin = lead_in[..end].rfind(". ").map_or(0, |at| at + 2);
    &lead_in[begin..]
}

/// A number of the TOML in thousandths.
pub(crate) fn thousandths(value: f64) -> i32 {
    (value * 1000.0).round().clamp(-100_000.0, 100_000.0) as i32
}

/// What a lexicon is called.
fn identify(scores: &file::Scores, files: &[LexiconFile]) -> Identity {
    let named = scores.lexicon.clone();
    Identity {
        name: named.as_ref().map_or_else(|| "unnamed".into(), |named| named.name.clone()),
        version: named.map_or_else(|| "0".into(), |named| named.version),
        hash: fingerprint(files),
    }
}

/// A fingerprint of names and texts: 16 hexadecimal digits.
fn fingerprint(files: &[LexiconFile]) -> String {
    let bytes = files.iter().flat_map(|file| file.name.bytes().chain([0]).chain(file.text.bytes()).chain([0]));
    format!("{:016x}", fnv::hash(bytes))
}

/// Whether nobody sees the sign: a soft hyphen, or a space or joint without width.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}
