//! The pipeline over many sources: read, extract, segment, classify, report, in parallel and in input order.
//!
//! Owns the threads that read and judge, the batches that bound memory, and the guard that keeps one source's failure
//! from the others. Results are handed to a sink in the order of the input, so the same bytes come out on any number of
//! threads. What is read, how it is judged and how it is shown belong to other modules.

mod analyze;
mod groups;
mod lines;
mod long;

pub use analyze::{Naming, analyze};
pub use groups::{Grouping, Sort, assemble, sort};
pub use lines::{LinesSink, scan_lines};

use crate::config::Profiles;
use crate::extract::{self, ExtractError, ExtractOptions, Extracted, Format};
use crate::lexicon::Lexicon;
use crate::report::{DocumentId, DocumentReport, ErrorReport, Failure, SCHEMA};
use crate::score::Judge;
use crate::source::{LongSource, Reading, Source};
use rayon::prelude::*;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Sources handed to the threads at a time, for each thread. A source's bytes are gone when its reports are made, so that
/// what bounds memory is the number of threads; a batch holds reports only. Small enough that whoever waits sees it move.
const BATCH_SOURCES: usize = 32;

/// Most sources that a thread takes at once: few enough that none idles at the end of a batch.
const SHARE_SOURCES: usize = 4;

/// Stack of a worker: document parsers nest.
const STACK: usize = 16 << 20;

/// How to scan.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// How documents are read.
    pub extract: ExtractOptions,
    /// Whether reports hold their sentences.
    pub with_sentences: bool,
    /// Whether reports name the senders of mail.
    pub with_senders: bool,
    /// Whether a file may hold no document.
    pub allows_empty: bool,
    /// Number of threads; 0 means one per core.
    pub threads: usize,
    /// What is switched off in which documents.
    pub profiles: Option<Profiles>,
    /// How many sources, or lines, are done: rises as the work goes on, for those who watch.
    pub done: Arc<AtomicU64>,
}

impl ScanOptions {
    /// The entries that are switched off in a document, by the path of its file and its format.
    fn switched_off(&self, path: Option<&str>, format: Format) -> &[usize] {
        self.profiles.as_ref().map_or(&[], |profiles| profiles.switched_off(path, format))
    }
}

/// What came of one document.
#[derive(Clone, Debug)]
pub enum Scanned {
    /// It was read.
    Document(Box<DocumentReport>),
    /// It was not.
    Failed {
        /// For a report of a whole scan and for messages.
        failure: Failure,
        /// For JSON lines.
        error: ErrorReport,
    },
}

/// Takes what a scan found, in the order of the input. An error ends the scan.
pub type Sink<'a> = dyn FnMut(Scanned) -> io::Result<()> + 'a;

/// Scans sources in parallel and hands what was found to `sink` in their order.
///
/// # Errors
/// Only those of the sink, and of the system refusing threads; a source that fails is handed on like any other.
pub fn scan(sources: &[Source], lexicon: &Lexicon, options: &ScanOptions, sink: &mut Sink<'_>) -> io::Result<()> {
    let pool = pool(options.threads.min(sources.len()))?;
    for batch in sources.chunks(BATCH_SOURCES * pool.current_num_threads()) {
        let work = |judge: &mut Judge<'_>, source: &Source| {
            let outcome = one(source, judge, options);
            options.done.fetch_add(u64::from(matches!(outcome, Outcome::Done(_))), Ordering::Relaxed);
            outcome
        };
        for outcome in in_order(&pool, batch, SHARE_SOURCES, lexicon, work) {
            match outcome {
                Outcome::Done(scanned) => scanned.into_iter().try_for_each(&mut *sink)?,
                // One at a time, on all threads.
                Outcome::Long(source, place) => {
                    let scanned = long::scan(source, &place, lexicon, options)?;
                    options.done.fetch_add(1, Ordering::Relaxed);
                    sink(scanned)?;
                }
            }
        }
    }
    Ok(())
}

/// What became of a source.
enum Outcome {
    /// What came of all that it holds.
    Done(Vec<Scanned>),
    /// Nothing yet: it is too long for one thread.
    Long(LongSource, Place),
}

/// Scans one source whose bytes are at hand; reports and failures call it `name`. Rules about paths do not hold for it.
///
/// # Errors
/// If the system refuses a thread.
pub fn scan_bytes(bytes: &[u8], name: &str, lexicon: &Lexicon, options: &ScanOptions) -> io::Result<Vec<Scanned>> {
    let place = Place { shown: name.to_owned(), path: None, for_rules: None };
    let extracted = || extract::extract(bytes, None, &options.extract);
    Ok(pool(1)?.install(|| judged(extracted(), &place, &mut Judge::new(lexicon), options)))
}

/// Runs `work` over a batch on the pool; what came of it is in the batch's order.
fn in_order<T: Sync, U: Send>(
    pool: &rayon::ThreadPool,
    batch: &[T],
    share: usize,
    lexicon: &Lexicon,
    work: impl Fn(&mut Judge<'_>, &T) -> U + Send + Sync,
) -> Vec<U> {
    pool.install(|| batch.par_iter().with_max_len(share).map_init(|| Judge::new(lexicon), &work).collect())
}

fn pool(threads: usize) -> io::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().map_err(io::Error::other)
}

/// Where bytes are from.
struct Place {
    /// What they are called.
    shown: String,
    /// The path that reports name.
    path: Option<String>,
    /// The path that rules about paths hold it against.
    for_rules: Option<String>,
}

impl Place {
    fn failed(&self, part: Option<&str>, reason: String) -> Scanned {
        let place = part.map_or_else(|| self.shown.clone(), |part| format!("{}#{part}", self.shown));
        let id = Some(DocumentId::Text(place.clone()));
        let error = ErrorReport { schema: SCHEMA, id, path: self.path.clone(), line: None, error: reason.clone() };
        Scanned::Failed { failure: Failure { path: place, reason }, error }
    }
}

/// Everything that one source holds.
fn one(source: &Source, judge: &mut Judge<'_>, options: &ScanOptions) -> Outcome {
    let shown = source.name();
    let path = (!source.is_stdin()).then(|| shown.clone());
    let place = Place { shown, path, for_rules: source.path_for_rules() };
    let bytes = match source.read_document(&options.extract) {
        Ok(Reading::Whole(bytes)) => bytes,
        Ok(Reading::Long(source)) => return Outcome::Long(source, place),
        Err(error) => return Outcome::Done(vec![place.failed(None, error.to_string())]),
    };
    let extracted = extract::extract(&bytes, Some(source.path()), &options.extract);
    drop(bytes);
    Outcome::Done(judged(extracted, &place, judge, options))
}

/// What comes of the documents that were found, if any were.
fn judged(
    extracted: Result<Extracted, ExtractError>,
    place: &Place,
    judge: &mut Judge<'_>,
    options: &ScanOptions,
) -> Vec<Scanned> {
    let extracted = match extracted {
        Ok(extracted) => extracted,
        Err(error) => return vec![place.failed(None, error.to_string())],
    };
    if extracted.documents.is_empty() && !options.allows_empty {
        return vec![place.failed(None, "holds no document".to_owned())];
    }
    let format = extracted.format;
    let switched_off = options.switched_off(place.for_rules.as_deref(), format);
    extracted
        .documents
        .into_iter()
        .map(|document| match document {
            Ok(document) => {
                let shown = &place.shown;
                let id = document.part.as_ref().map_or_else(|| shown.clone(), |part| format!("{shown}#{part}"));
                let naming = Naming { id: DocumentId::Text(id), path: place.path.clone(), format };
                judge.switch_off(switched_off);
                let clock = options.extract.limits.clock(document.text.len());
                guarded(judge, |judge| analyze(&document, naming, judge, options.with_sentences, clock)).map_or_else(
                    |reason| place.failed(document.part.as_deref(), reason),
                    |mut report| {
                        report.sender = report.sender.filter(|_| options.with_senders);
                        Scanned::Document(report.into())
                    },
                )
            }
            Err((part, error)) => place.failed(Some(&part), error.to_string()),
        })
        .collect()
}

/// Runs `work`; a panic of ours becomes a reason and stays with the document that caused it.
fn guarded<T>(
    judge: &mut Judge<'_>,
    work: impl FnOnce(&mut Judge<'_>) -> Result<T, ExtractError>,
) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(|| work(judge))) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => {
            // What the panic left behind must not bear on the next document.
            *judge = Judge::new(judge.lexicon());
            Err("scoring failed on this document, which is our fault; please report it with the program's version and \
                 the document's format (the text itself is not needed)"
                .to_owned())
        }
    }
}
