//! A long text that is read in pieces comes out as it does when it is read whole.

use crate::samples::wrap;
use leadtone::extract::{ExtractOptions, Limit, PieceSizes};
use leadtone::lexicon::Lexicon;
use leadtone::scan::{ScanOptions, Scanned, scan};
use leadtone::source::Source;
use serde_json::Value;
use std::fmt::Write as _;

/// Everything that a scan says of a text, or why it failed.
fn scanned(bytes: &[u8], threads: usize, pieces: PieceSizes) -> Result<Value, String> {
    let extract = ExtractOptions { pieces, ..ExtractOptions::default() };
    scanned_with(bytes, threads, extract)
}

fn scanned_with(bytes: &[u8], threads: usize, extract: ExtractOptions) -> Result<Value, String> {
    let options = ScanOptions { extract, with_sentences: true, threads, ..ScanOptions::default() };
    let source = Source::held("notes.txt".into(), bytes.to_vec());
    let mut found = Vec::new();
    scan(&[source], &Lexicon::builtin(), &options, &mut |scanned| {
        found.push(scanned);
        Ok(())
    })
    .expect("the sink takes everything");
    assert_eq!(found.len(), 1, "one text is one document");
    match found.remove(0) {
        Scanned::Document(report) => Ok(serde_json::to_value(report).expect("a report is JSON")),
        Scanned::Failed { failure, .. } => Err(failure.reason),
    }
}

const WHOLE: PieceSizes = PieceSizes { whole: usize::MAX, least: usize::MAX, most: usize::MAX };

/// Numbers that look like chance and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    fn sentence(&mut self) -> &'static str {
        self.pick(&[
            "You must file the form by Friday.",
            "It is your call how to do it.",
            "The store room is on the second floor.",
            "Please decide among yourselves what to mend first!",
            "Staff shall report every absence to the head of their section.",
            "We counted 12 crates and 7 barrels on the quay.",
            "What would you like to try next?",
            "Do not move the cones before the whistle.",
            "I trust the crew to choose the route.",
            "Étienne’s list – the long one – is on the desk.",
        ])
    }

    fn prose(&mut self, sentences: usize) -> String {
        (0..=self.roll(sentences)).map(|_| self.sentence()).collect::<Vec<_>>().join(" ")
    }
}

/// One stretch of a text of every kind that the reader knows.
fn stretch(dice: &mut Dice, is_wrapped: bool) -> String {
    let prose = |dice: &mut Dice, hanging: &str| {
        let prose = dice.prose(6);
        if is_wrapped { wrap(&prose, 60, hanging) } else { prose }
    };
    let marks = ["- ", "* ", "1. ", "a) ", "\u{2022} "];
    match dice.roll(14) {
        0..4 => prose(dice, ""),
        4 => "STORES AND KEYS".to_owned(),
        5 => format!("{}\n=======", dice.pick(&["Travel", "What we agreed on"])),
        6 => {
            // A list with an introduction, its items set apart by blank lines or not.
            let gap = dice.pick(&["\n", "\n\n"]);
            let (mark, inner) = (dice.pick(&marks), dice.pick(&marks));
            let mut list = format!("{}\n\n", dice.pick(&["Managers must:", "You are free to:", "On the desk are:"]));
            for _ in 0..=dice.roll(5) {
                write!(list, "{mark}{}{gap}", dice.pick(&["keep the log", "close the gate", "Choose the route."]))
                    .expect("a string takes it");
                if dice.roll(3) == 0 {
                    write!(list, "    {inner}{}{gap}", prose(dice, "      ")).expect("a string takes it");
                }
            }
            list
        }
        7 => (0..=dice.roll(4)).map(|_| format!("> {}\n", dice.sentence())).collect(),
        8 => format!(
            "```\nlet total = count({});\n\nYou must not read this.\n```",
            dice.pick(&["a, b", "c"]).repeat(dice.roll(40))
        ),
        9 => "From: Ana <ana@example.org>\nTo: all\nSubject: keys\n\nPlease return the keys.".to_owned(),
        10 => format!("\u{c}{}\n\nPage {}", dice.sentence(), dice.roll(90)),
        11 => "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nYou must go.\n\nmQGiBEcJ\n-----END PGP PUBLIC KEY BLOCK-----"
            .to_owned(),
        12 => format!("Dear {{{{ name\n\nYou must go. }}}}, {}", dice.sentence()),
        _ => format!("    $ run({})\n    // done();\n\n  {}", dice.roll(9), dice.sentence()),
    }
}

fn mixture(seed: u64, is_wrapped: bool) -> String {
    let mut dice = Dice(seed);
    let mut text = String::new();
    while text.len() < 12 << 10 {
        text.push_str(&stretch(&mut dice, is_wrapped));
        text.push_str(dice.pick(&["\n\n", "\n\n", "\n \n", "\n\n\n"]));
    }
    text
}

/// Nothing but paragraphs that are wrapped.
fn paragraphs(seed: u64) -> String {
    let mut dice = Dice(seed);
    (0..40).map(|_| wrap(&dice.prose(6), 60, "") + "\n\n").collect()
}

#[test]
fn pieces_come_to_what_the_whole_comes_to() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let plain = mixture(1, false);
    let (utf16, latin): (Vec<u8>, Vec<u8>) = (
        [0xFF, 0xFE].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        plain.replace('\u{2022}', "*").chars().map(|c| u8::try_from(c).unwrap_or(0x96)).collect(),
    );
    let mut damaged = plain.clone().into_bytes();
    let at = plain.len() / 2 + plain[plain.len() / 2..].find("crates").expect("there are crates");
    damaged[at] = 0xFF;
    let no_blanks = "You must close the gate.\nThe crates are on the quay.\nChoose the route yourself.\n".repeat(150);
    let one_line = "You must close the gate. The crates are on the quay. Choose the route yourself! ".repeat(150);
    // What is left of them when they are cut is as long as other lines.
    let too_long: String = [5_040, 7_040, 5_060, 7_060, 5_080, 7_080]
        .iter()
        .map(|len| format!("{}\nThe crates are on the quay.\n", &one_line[..*len]))
        .collect();
    let items = "Managers must:\n".to_owned() + &"- keep the log\n\n- close the gate\n\n".repeat(150);
    let open = format!("{plain}\n```\n{}", plain.replace("```", ""));
    let mut table: Vec<(String, Vec<u8>)> = vec![
        ("CRLF".into(), lines(&plain).join("\r\n").into_bytes()),
        ("lone CR".into(), lines(&mixture(3, true)).join("\r").into_bytes()),
        ("a mark of UTF-8".into(), format!("\u{feff}{plain}").into_bytes()),
        ("UTF-16".into(), utf16),
        ("windows-1252".into(), latin),
        ("a bad byte".into(), damaged),
        ("no blank line".into(), no_blanks.into_bytes()),
        ("one line".into(), one_line.clone().into_bytes()),
        ("a line between others".into(), format!("{plain}\nManagers must:\n- {one_line}\n\n{plain}").into_bytes()),
        ("a quoted line".into(), format!("{plain}\n> {one_line}\n\n{plain}").into_bytes()),
        ("lines a bit too long".into(), format!("{}{too_long}", paragraphs(4)).into_bytes()),
        ("one list".into(), items.into_bytes()),
        ("a fence without an end".into(), open.into_bytes()),
        ("blank lines".into(), "\n".repeat(4_000).into_bytes()),
        (
            "another language".into(),
            "Die Kisten stehen auf dem Hof und wir holen sie am Freitag ab.\n\n".repeat(200).into(),
        ),
    ];
    for seed in 1..8 {
        table.push((format!("wrapped {seed}"), mixture(seed, true).into_bytes()));
        table.push((format!("not wrapped {seed}"), mixture(seed, false).into_bytes()));
    }
    for (name, bytes) in &table {
        let whole = scanned(bytes, 1, WHOLE).expect("text is text");
        for (least, most, threads) in [(300, 5_000, 1), (1_500, 7_000, 3)] {
            let pieces = scanned(bytes, threads, PieceSizes { whole: 0, least, most }).expect("text is text");
            assert_same(&format!("{name} at {least} to {most}"), &pieces, &whole);
        }
    }
}

/// Says what differs, since reports are long.
fn assert_same(name: &str, pieces: &Value, whole: &Value) {
    let sentences = |report: &Value| report["sentences"].as_array().cloned().unwrap_or_default();
    for (ours, theirs) in sentences(pieces).iter().zip(&sentences(whole)) {
        assert_eq!(ours, theirs, "{name}");
    }
    let counted = |report: &Value| {
        let mut report = report.clone();
        report["sentences"] = sentences(&report).len().into();
        report
    };
    assert_eq!(counted(pieces), counted(whole), "{name}");
}

#[test]
fn what_is_decided_for_a_whole_text_is_decided_by_its_beginning() {
    // Nobody judges a quotation, so that much of it takes no time.
    let quoted = "> Somebody else said so, and at some length.\n".repeat(30_000);
    let (wrapped, unwrapped) = (mixture(5, true), mixture(6, false));
    let german = "Die Kisten stehen auf dem Hof, und wir holen sie am Freitag ab.\n\n".repeat(9);
    for (name, text, language) in [
        ("wrapped, then not", format!("{wrapped}{quoted}\n{unwrapped}"), Some("en")),
        ("not wrapped, then so", format!("{unwrapped}{quoted}\n{wrapped}"), Some("en")),
        ("no word of the author's, then German", format!("{quoted}\n{german}{unwrapped}"), None),
        ("no line end, then one", format!("> {}\n\n{unwrapped}", "so ".repeat(400_000)), None),
        ("many short lines", format!("{unwrapped}\n{}\n{unwrapped}", "> So.\n".repeat(200_000)), Some("en")),
    ] {
        assert!(text.len() > 1 << 20, "{name} is long");
        let sizes = PieceSizes { whole: 0, ..PieceSizes::default() };
        let pieces = scanned(text.as_bytes(), 2, sizes).expect("text is text");
        assert_same(name, &pieces, &scanned(text.as_bytes(), 1, WHOLE).expect("text is text"));
        assert_eq!(pieces["language"].as_str(), language, "{name}");
    }
}

#[test]
fn a_long_text_fails_as_a_short_one_does() {
    let text = mixture(2, false);
    let small = PieceSizes { whole: 0, least: 300, most: 3_000 };
    assert_eq!(scanned(&[7; 9_000], 1, small), Err("binary data of no known format".to_owned()));
    for (limit, most, reason) in [
        (Limit::FileSize, 5_000, "past the limit file-size=5000 (bytes of a file)"),
        (Limit::Seconds, 0, "past the limit seconds=0 (seconds for each 16 MiB of a document)"),
    ] {
        let mut extract = ExtractOptions { pieces: small, ..ExtractOptions::default() };
        extract.limits.set(limit, most);
        assert_eq!(scanned_with(text.as_bytes(), 2, extract), Err(reason.to_owned()));
    }
}
