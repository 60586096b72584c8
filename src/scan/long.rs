//! A long text: read on one thread, judged on all of them piece by piece, summed up in the order of the text.
//!
//! Owns how many pieces there are at a time, which is what bounds memory, and the time of a document that has no end yet.

use super::analyze::{Account, Opening};
use super::{Naming, Place, ScanOptions, Scanned, guarded, pool};
use crate::extract::{Format, Limit, Piece, TextPieces};
use crate::lexicon::Lexicon;
use crate::report::{DocumentId, DocumentReport};
use crate::score::Judge;
use crate::source::LongSource;
use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Pieces under way for each thread: one that is judged, one that waits.
const PIECES: usize = 2;

/// Scans one text.
///
/// # Errors
/// If the system refuses threads.
pub(super) fn scan(source: LongSource, place: &Place, lexicon: &Lexicon, options: &ScanOptions) -> io::Result<Scanned> {
    let pool = pool(options.threads)?;
    let report = pool.in_place_scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let work = |number: usize, piece: Piece| {
            let sender = sender.clone();
            scope.spawn(move |_| {
                // Nobody listens any more where the document has failed.
                let _ = sender.send((number, judged(&piece, place, lexicon, options)));
            });
        };
        let most = PIECES * pool.current_num_threads();
        sum(source, &work, &receiver, most, place, lexicon, options)
    });
    Ok(report.map_or_else(|reason| place.failed(None, reason), |report| Scanned::Document(report.into())))
}

/// What comes of a piece, and how long that took.
type Judged = Result<(Account, Opening, Duration), String>;

fn judged(piece: &Piece, place: &Place, lexicon: &Lexicon, options: &ScanOptions) -> Judged {
    let begin = Instant::now();
    let mut judge = Judge::new(lexicon);
    judge.switch_off(options.switched_off(place.for_rules.as_deref(), Format::Text));
    let document = &piece.document;
    guarded(&mut judge, |judge| {
        let clock = options.extract.limits.clock(document.text.len());
        let account = Account::of(document, judge, options.with_sentences, clock)?;
        Ok((account, Opening::of(document, piece.start), begin.elapsed()))
    })
}

/// Hands the pieces of a text to `work` and sums up what comes back.
fn sum(
    mut source: LongSource,
    work: &dyn Fn(usize, Piece),
    receiver: &mpsc::Receiver<(usize, Judged)>,
    most: usize,
    place: &Place,
    lexicon: &Lexicon,
    options: &ScanOptions,
) -> Result<DocumentReport, String> {
    let mut sum = Sum::new(options);
    let mut bytes = Vec::new();
    source.next(&mut bytes).map_err(|error| error.to_string())?;
    let mut pieces = TextPieces::new(&bytes, options.extract.pieces).map_err(|error| error.to_string())?;
    let mut given = 0;
    loop {
        sum.bytes += bytes.len();
        let is_end = bytes.is_empty();
        pieces.push(&bytes).map_err(|error| error.to_string())?;
        loop {
            let begin = Instant::now();
            let piece = pieces.take().map_err(|error| error.to_string())?;
            sum.spend(begin.elapsed(), |sum| &mut sum.reading)?;
            let Some(piece) = piece else { break };
            if given - sum.taken() == most {
                sum.take(receiver)?;
            }
            work(given, piece);
            given += 1;
        }
        if is_end {
            break;
        }
        source.next(&mut bytes).map_err(|error| error.to_string())?;
    }
    while sum.taken() < given {
        sum.take(receiver)?;
    }
    sum.account.warnings = pieces.warnings();
    let mut judge = Judge::new(lexicon);
    judge.switch_off(options.switched_off(place.for_rules.as_deref(), Format::Text));
    let naming = Naming { id: DocumentId::Text(place.shown.clone()), path: place.path.clone(), format: Format::Text };
    Ok(sum.account.report(naming, &judge, &sum.opening.character()))
}

/// The pieces so far.
struct Sum<'a> {
    options: &'a ScanOptions,
    account: Account,
    opening: Opening,
    /// Pieces that are summed up.
    next: usize,
    /// Those that came before others that stand before them.
    early: BTreeMap<usize, (Account, Opening)>,
    /// Bytes of the source that were read.
    bytes: usize,
    /// How long it took so far to read, and to judge.
    reading: Duration,
    judging: Duration,
}

impl<'a> Sum<'a> {
    fn new(options: &'a ScanOptions) -> Self {
        Self {
            options,
            account: Account::empty(options.with_sentences),
            opening: Opening::default(),
            next: 0,
            early: BTreeMap::new(),
            bytes: 0,
            reading: Duration::ZERO,
            judging: Duration::ZERO,
        }
    }

    /// How many pieces have come back.
    fn taken(&self) -> usize {
        self.next + self.early.len()
    }

    /// Waits for a piece.
    fn take(&mut self, receiver: &mpsc::Receiver<(usize, Judged)>) -> Result<(), String> {
        // Every piece that was handed over sends what came of it.
        let (number, judged) = receiver.recv().map_err(|error| error.to_string())?;
        let (account, opening, time) = judged?;
        self.early.insert(number, (account, opening));
        while let Some((account, opening)) = self.early.remove(&self.next) {
            self.account.append(account);
            self.opening.append(&opening);
            self.next += 1;
        }
        self.spend(time, |sum| &mut sum.judging)
    }

    /// An error if more time was spent on something than there is for the bytes so far.
    fn spend(&mut self, time: Duration, on: fn(&mut Self) -> &mut Duration) -> Result<(), String> {
        let limits = &self.options.extract.limits;
        let most = limits.time(self.bytes);
        let spent = on(self);
        *spent = spent.saturating_add(time);
        if *spent > most { Err(limits.passed(Limit::Seconds).to_string()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    /// What can be read no further.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }

    #[test]
    fn a_text_that_cannot_be_read_to_its_end_fails_and_says_why() {
        let text = "You must send the report.\n\n".repeat(100_000);
        let source = LongSource::from_reader(io::Cursor::new(text).chain(Broken));
        let place = Place { shown: "notes.txt".to_owned(), path: None, for_rules: None };
        let options = ScanOptions { threads: 2, ..ScanOptions::default() };
        let scanned = scan(source, &place, &Lexicon::builtin(), &options).expect("there are threads");
        let Scanned::Failed { failure, .. } = scanned else { panic!("half a text is not a document") };
        assert_eq!((&*failure.path, &*failure.reason), ("notes.txt", "the disk is gone"));
    }
}
