//! From one document to its report: sentences, verdicts, tally, status.
//!
//! Owns the order of these steps and the translation of places. Reads nothing and knows no threads.

use crate::document::{Block, BlockKind, Document, Locator, Pragma};
use crate::extract::{Clock, ExtractError, Format};
use crate::label::Stance;
use crate::lexicon::{Entry, Lexicon};
use crate::report::{
    DocumentId, DocumentReport, EvidenceReport, Lean, LexiconId, PragmaReport, SCHEMA, SentenceReport, Status,
};
use crate::score::{self, Context, Facts, Judge, Register, RegisterScore, Tally, Verdict};
use crate::segment::{self, Sentence};
use crate::span::Span;
use serde_json::{Map, Value};

/// What a report says of where its document came from.
#[derive(Clone, Debug)]
pub struct Naming {
    /// What names the document.
    pub id: DocumentId,
    /// The file it came from.
    pub path: Option<String>,
    /// How it was read.
    pub format: Format,
}

/// Sentences judged between two looks at the clock.
const SENTENCES_A_LOOK: usize = 256;

/// Judges every sentence of a document and sums up.
///
/// # Errors
/// If time is up.
pub fn analyze(
    document: &Document,
    naming: Naming,
    judge: &mut Judge<'_>,
    with_sentences: bool,
    clock: Clock,
) -> Result<DocumentReport, ExtractError> {
    let account = Account::of(document, judge, with_sentences, clock)?;
    let blocks = opening(document, 0);
    Ok(account.report(naming, judge, &Character::of(|| authored(document, blocks), listings(blocks))))
}

/// Bytes of a document by which it is told what language it is in and whether it is leadership writing.
const OPENING: usize = 1 << 20;

/// A document's own blocks that begin in its first bytes, [`OPENING`] of them; `start` of these are before it.
fn opening(document: &Document, start: usize) -> &[Block] {
    let room = OPENING.saturating_sub(start);
    let blocks = &document.blocks[document.repeated..];
    if document.origin.text.len() <= room {
        return blocks;
    }
    &blocks[..blocks.partition_point(|block| document.map.start(block.span.start) < room)]
}

/// Lines in a row that are no prose, such as a table of contents, are one listing.
fn listings(blocks: &[Block]) -> usize {
    blocks.chunk_by(|a, b| a.kind == b.kind).filter(|run| run[0].kind == BlockKind::Code).count()
}

/// The texts of the blocks that the author wrote.
fn authored<'a>(document: &'a Document, blocks: &'a [Block]) -> impl Iterator<Item = &'a str> {
    blocks.iter().filter(|block| block.kind.is_authored()).map(|block| block.span.of(&document.text))
}

/// The opening of a document that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// What the author wrote, a block a line.
    text: String,
    listings: usize,
    /// Whether it begins, and ends, inside of a listing.
    edges: Option<[bool; 2]>,
}

impl Opening {
    /// What of it is in a piece that has `start` bytes before it.
    pub(super) fn of(document: &Document, start: usize) -> Self {
        let blocks = opening(document, start);
        let is_listing = |block: &Block| block.kind == BlockKind::Code;
        let edges = blocks.first().zip(blocks.last()).map(|(first, last)| [is_listing(first), is_listing(last)]);
        let mut found = Self { text: String::new(), listings: listings(blocks), edges };
        for text in authored(document, blocks) {
            found.text.push_str(text);
            found.text.push('\n');
        }
        found
    }

    /// Adds what comes next.
    pub(super) fn append(&mut self, next: &Self) {
        self.text.push_str(&next.text);
        self.listings += next.listings;
        self.edges = match (self.edges, next.edges) {
            (Some([begin, true]), Some([true, end])) => {
                self.listings -= 1;
                Some([begin, end])
            }
            (Some([begin, _]), Some([_, end])) => Some([begin, end]),
            (edges, None) | (None, edges) => edges,
        };
    }

    pub(super) fn character(&self) -> Character {
        Character::of(|| self.text.lines(), self.listings)
    }
}

/// What can be told of a document without its sentences.
#[derive(Clone, Copy, Debug)]
pub(super) struct Character {
    language: Option<&'static str>,
    register: RegisterScore,
}

impl Character {
    /// Of the author's text, in pieces, and the number of listings between them.
    fn of<'a, P: Iterator<Item = &'a str>>(pieces: impl Fn() -> P, listings: usize) -> Self {
        Self { language: score::language(pieces()), register: Register::builtin().judge(pieces(), listings) }
    }
}

/// What a document holds, ready to be reported.
#[derive(Debug, Default)]
pub(super) struct Account {
    tally: Tally,
    sentences: Option<Vec<SentenceReport>>,
    pragmas: Vec<PragmaReport>,
    sender: Option<String>,
    skipped: Vec<String>,
    pub(super) warnings: Vec<String>,
    is_unread: bool,
    fields: Map<String, Value>,
}

impl Account {
    /// One without a sentence.
    pub(super) fn empty(with_sentences: bool) -> Self {
        Self { sentences: with_sentences.then(Vec::new), ..Self::default() }
    }

    /// Adds the piece that comes next. What is told of a document beside its text is told with the last piece.
    pub(super) fn append(&mut self, next: Self) {
        self.tally += &next.tally;
        if let (Some(all), Some(more)) = (&mut self.sentences, next.sentences) {
            all.extend(more);
        }
        self.pragmas.extend(next.pragmas);
    }

    /// Judges every sentence of a document or of a piece.
    pub(super) fn of(
        document: &Document,
        judge: &mut Judge<'_>,
        with_sentences: bool,
        clock: Clock,
    ) -> Result<Self, ExtractError> {
        let lexicon = judge.lexicon();
        let mut tally = Tally::default();
        let mut listed = with_sentences.then(Vec::new);
        // One for starts and one for ends, so that each is asked in rising order.
        let mut locators = [document.origin.locator(), document.origin.locator()];
        let mut previous = document.goes_on.then_some(document.repeated);
        for (number, sentence) in segment::sentences_in_turn(document).enumerate() {
            if number.is_multiple_of(SENTENCES_A_LOOK) {
                clock.check()?;
            }
            let block = document.blocks[sentence.block];
            let context = Context {
                kind: block.kind,
                lead_in: block.lead_in.map(|index| ending(document.blocks[index].span.of(&document.text))),
                is_first: previous != Some(sentence.block),
            };
            previous = Some(sentence.block);
            let verdict = judge.classify(sentence.span.of(&document.text), context);
            tally.add_label(verdict.label, verdict.confidence);
            let entries = verdict.evidence.iter().map(|evidence| &lexicon.entries()[evidence.entry]);
            entries.filter(|entry| entry.is_counted).for_each(|entry| tally.add_principle(&entry.principle));
            if let Some(listed) = &mut listed {
                listed.push(sentence_report(document, &mut locators, sentence, &verdict, lexicon));
            }
        }
        Ok(Self {
            tally,
            sentences: listed,
            pragmas: pragmas(document),
            sender: document.sender.clone(),
            skipped: document.skipped.clone(),
            warnings: document.warnings.clone(),
            is_unread: document.is_unread,
            fields: document.fields.iter().cloned().collect(),
        })
    }

    /// Sums up.
    pub(super) fn report(self, naming: Naming, judge: &Judge<'_>, character: &Character) -> DocumentReport {
        let per_100 = self.tally.per_100();
        let Tally { counts, doubts, principles } = self.tally;
        let Character { language, register } = *character;
        let status = score::status(Facts { counts: &counts, language, register });
        let is_scored = status == Status::Scored;
        let share = score::share(&counts, &doubts).filter(|_| is_scored);
        let id = judge.lexicon().id().clone();
        DocumentReport {
            schema: SCHEMA,
            id: naming.id,
            path: naming.path,
            format: naming.format,
            language: language.map(str::to_owned),
            status,
            ratio: score::ratio(&counts).filter(|_| is_scored),
            share,
            lean: if is_scored { score::lean(share) } else { Lean::Unclear },
            per_100,
            counts,
            principles,
            sentences: self.sentences,
            findings: None,
            outcome: None,
            suppressed: Vec::new(),
            pragmas: self.pragmas,
            sender: self.sender,
            skipped: self.skipped,
            warnings: self.warnings,
            is_unread: self.is_unread,
            fields: self.fields,
            lexicon: LexiconId { name: id.name, version: id.version, hash: id.hash, disabled: judge.switched_off() },
            doubts,
        }
    }
}

/// Bytes of a lead-in's end that are read again with each of its items; what matters is the clause that breaks off.
const LEAD_IN: usize = 512;

/// The last words of a lead-in.
fn ending(lead_in: &str) -> &str {
    let most = lead_in.ceil_char_boundary(lead_in.len().saturating_sub(LEAD_IN));
    let begin = if most == 0 { 0 } else { lead_in[most..].find(' ').map_or(most, |blank| most + blank + 1) };
    &lead_in[begin..]
}

fn sentence_report(
    document: &Document,
    [start, end]: &mut [Locator<'_>; 2],
    sentence: Sentence,
    verdict: &Verdict,
    lexicon: &Lexicon,
) -> SentenceReport {
    let in_origin = document.map.span(sentence.span);
    let in_file = |span: Span| {
        let span = document.map.span(span);
        Span::new(document.origin.base + span.start, document.origin.base + span.end)
    };
    let evidence = verdict.evidence.iter().map(|evidence| {
        let entry = &lexicon.entries()[evidence.entry];
        let start = sentence.span.start;
        EvidenceReport {
            entry: entry.id.clone(),
            stance: evidence.stance,
            weight: weight(entry),
            span: in_file(Span::new(start + evidence.span.start, start + evidence.span.end)),
            at: evidence.span,
        }
    });
    SentenceReport {
        location: start.locate(in_origin.start),
        span: in_file(sentence.span),
        end: Some(end.locate(in_origin.end)),
        label: verdict.label,
        confidence: f64::from(verdict.confidence) / 1000.0,
        text: sentence.span.of(&document.text).to_owned(),
        evidence: evidence.collect(),
    }
}

fn pragmas(document: &Document) -> Vec<PragmaReport> {
    let mut locator = document.origin.locator();
    let pragmas = document.pragmas.iter().map(|Pragma { span, text }| PragmaReport {
        location: locator.locate(span.start),
        span: Span::new(document.origin.base + span.start, document.origin.base + span.end),
        text: text.clone(),
    });
    pragmas.collect()
}

/// What an entry adds to its own pole; one without a pole, what it takes from both.
fn weight(entry: &Entry) -> f64 {
    let thousandths = match entry.stance {
        Stance::Directive => entry.weights.directive,
        Stance::Empowering => entry.weights.empowering,
        Stance::Neutral => entry.weights.directive + entry.weights.empowering,
    };
    f64::from(thousandths) / 1000.0
}
