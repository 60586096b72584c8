//! What reading may cost: sizes, depths, counts and time, each with a name and a default that a user can change.
//!
//! Owns the table of limits and the clock of a document. Where a limit is kept is the business of the one who reads.
//!
//! Some things need no limit, since they cost nothing beyond their bytes: how deep HTML and XML are nested (elements are
//! kept on a list), how long a line of text is, how many entities an XML declares (none is expanded), and archives
//! within archives (none is opened).

use super::ExtractError;
use std::time::{Duration, Instant};

/// Something that is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Bytes of a file.
    FileSize,
    /// Bytes that one member of a packed file, or one stream of a PDF, unpacks to.
    Unpacked,
    /// How many times larger than packed a member may be. Kept above four mebibytes.
    Ratio,
    /// Parts of a mail within each other. Messages within it are not opened.
    Nesting,
    /// Parts of a mail, attachments among them.
    Parts,
    /// Objects of a PDF.
    Objects,
    /// Pages of a PDF; those past it are left out with a warning.
    Pages,
    /// Bytes of a JSON line.
    Line,
    /// Seconds for reading a file, and again for judging a document; as much for each 16 MiB begun.
    Seconds,
}

/// A row of the table of limits.
#[derive(Clone, Copy, Debug)]
pub struct LimitRow {
    /// What is limited.
    pub limit: Limit,
    /// The name it is set by.
    pub name: &'static str,
    /// The most that is allowed if nobody says otherwise.
    pub default: u64,
    /// What it counts, in a few words.
    pub about: &'static str,
}

/// Every limit, its name and its default, in the order of the declaration.
pub const LIMITS: [LimitRow; 9] = [
    LimitRow { limit: Limit::FileSize, name: "file-size", default: 2 << 30, about: "bytes of a file" },
    LimitRow {
        limit: Limit::Unpacked,
        name: "unpacked",
        default: 64 << 20,
        about: "bytes that packed data unpacks to",
    },
    LimitRow { limit: Limit::Ratio, name: "ratio", default: 200, about: "times that packed data grows" },
    LimitRow { limit: Limit::Nesting, name: "nesting", default: 200, about: "parts of a mail within each other" },
    LimitRow { limit: Limit::Parts, name: "parts", default: 10_000, about: "parts of a mail" },
    LimitRow { limit: Limit::Objects, name: "pdf-objects", default: 1_000_000, about: "objects of a PDF" },
    LimitRow { limit: Limit::Pages, name: "pdf-pages", default: 3000, about: "pages of a PDF" },
    LimitRow { limit: Limit::Line, name: "line", default: 256 << 20, about: "bytes of a JSON line" },
    LimitRow { limit: Limit::Seconds, name: "seconds", default: 60, about: "seconds for each 16 MiB of a document" },
];

/// Bytes that a packed member may unpack to whatever its ratio: blank forms and tables pack very well.
pub const RATIO_FREE: u64 = 4 << 20;

/// Bytes for which the time of one document is given.
const TIMED: u64 = 16 << 20;

impl Limit {
    /// Its row in [`LIMITS`].
    #[must_use]
    pub fn row(self) -> &'static LimitRow {
        LIMITS.iter().find(|row| row.limit == self).expect("every limit has a row")
    }

    /// The limit of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        LIMITS.iter().find(|row| row.name == name).map(|row| row.limit)
    }
}

/// What each limit is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits([u64; LIMITS.len()]);

impl Default for Limits {
    fn default() -> Self {
        Self(LIMITS.map(|row| row.default))
    }
}

impl Limits {
    /// The most that is allowed.
    #[must_use]
    pub const fn get(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// The same as a number of things in memory.
    pub(super) fn count(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// Sets the most that is allowed; `u64::MAX` is no limit.
    pub const fn set(&mut self, limit: Limit, most: u64) {
        self.0[limit as usize] = most;
    }

    /// The error of what is past a limit.
    #[must_use]
    pub const fn passed(&self, limit: Limit) -> ExtractError {
        ExtractError::Limit { limit, most: self.get(limit) }
    }

    /// An error if `amount` is past the limit.
    ///
    /// # Errors
    /// That one.
    pub fn check(&self, limit: Limit, amount: u64) -> Result<(), ExtractError> {
        if amount > self.get(limit) { Err(self.passed(limit)) } else { Ok(()) }
    }

    /// The time that there is for something of `bytes` bytes.
    #[must_use]
    pub const fn time(&self, bytes: usize) -> Duration {
        Duration::from_secs(self.get(Limit::Seconds).saturating_mul(1 + bytes as u64 / TIMED))
    }

    /// Starts the clock for something of `bytes` bytes.
    #[must_use]
    pub fn clock(&self, bytes: usize) -> Clock {
        Clock { end: Instant::now().checked_add(self.time(bytes)), seconds: self.get(Limit::Seconds) }
    }
}

/// The time that a document has. Whoever works on it looks at the clock now and then: nothing is interrupted.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// `None` where there is no end.
    end: Option<Instant>,
    seconds: u64,
}

impl Clock {
    /// An error if time is up.
    ///
    /// # Errors
    /// That one.
    pub fn check(&self) -> Result<(), ExtractError> {
        if self.is_up() { Err(ExtractError::Limit { limit: Limit::Seconds, most: self.seconds }) } else { Ok(()) }
    }

    /// Whether time is up.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
}

/// Reads `NAME=N`: N may end in `K`, `M` or `G` (1024 each), and `none` is no limit.
///
/// # Errors
/// One line that says what is wrong.
pub fn parse_limit(text: &str) -> Result<(Limit, u64), String> {
    let (name, value) = text.split_once('=').ok_or("not NAME=N")?;
    let limit = Limit::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = LIMITS.iter().map(|row| row.name).collect();
        format!("no limit `{name}`; there are {}", names.join(", "))
    })?;
    if value == "none" {
        return Ok((limit, u64::MAX));
    }
    let (digits, unit) = match value.strip_suffix(['K', 'M', 'G']) {
        Some(digits) => (
            digits,
            if value.ends_with('K') {
                1 << 10
            } else if value.ends_with('M') {
                1 << 20
            } else {
                1 << 30
            },
        ),
        None => (value, 1_u64),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number.map(|most| (limit, most)).ok_or_else(|| format!("`{value}` is no number, nor one with K, M or G, nor none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_where_their_limits_do() {
        for (place, row) in LIMITS.iter().enumerate() {
            assert_eq!(row.limit as usize, place, "{}", row.name);
            assert_eq!(Limits::default().get(row.limit), row.default);
            assert_eq!(Limit::from_name(row.name), Some(row.limit));
        }
    }

    #[test]
    fn limits_are_read_from_text() {
        let known = "no limit `size`; there are file-size, unpacked, ratio, nesting, parts, pdf-objects, pdf-pages, line, seconds";
        for (text, expected) in [
            ("ratio=20", Ok((Limit::Ratio, 20))),
            ("file-size=3K", Ok((Limit::FileSize, 3072))),
            ("unpacked=2M", Ok((Limit::Unpacked, 2 << 20))),
            ("line=1G", Ok((Limit::Line, 1 << 30))),
            ("seconds=none", Ok((Limit::Seconds, u64::MAX))),
            ("seconds", Err("not NAME=N")),
            ("size=1", Err(known)),
            ("ratio=-1", Err("`-1` is no number, nor one with K, M or G, nor none")),
            ("ratio=99999999999999G", Err("`99999999999999G` is no number, nor one with K, M or G, nor none")),
            ("ratio=K", Err("`K` is no number, nor one with K, M or G, nor none")),
        ] {
            assert_eq!(parse_limit(text), expected.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn a_clock_without_an_end_never_is_up() {
        let mut limits = Limits::default();
        limits.set(Limit::Seconds, u64::MAX);
        assert_eq!(limits.clock(usize::MAX).check(), Ok(()));
        limits.set(Limit::Seconds, 0);
        assert_eq!(limits.clock(0).check(), Err(ExtractError::Limit { limit: Limit::Seconds, most: 0 }));
    }
}
