//! Input made to break a reader: bombs, nesting without end, endless lines. Each is read or refused in a line; a stack that
//! overflows or a cost that is not linear would end the test run.

use super::cli::Cli;
use leadtone::document::Document;
use leadtone::extract::{ExtractError, ExtractOptions, Format, Limit, extract};
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::segment::sentences;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Bytes of a text that is long in some way; a debug build has less patience.
const LONG: usize = if cfg!(debug_assertions) { 4 << 20 } else { 100 << 20 };

fn read(bytes: &[u8], format: Format) -> Result<Document, ExtractError> {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    let mut documents = extract(bytes, None, &options)?.documents;
    documents.swap_remove(0).map_err(|(_, error)| error)
}

fn text(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|block| block.span.of(&document.text)).collect()
}

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, SimpleFileOptions::default()).expect("the member is begun");
        archive.write_all(content).expect("the member is written");
    }
    archive.finish().expect("the archive is finished").into_inner()
}

const NAMESPACES: &str = "xmlns:w=\"w\" xmlns:office=\"o\" xmlns:text=\"t\"";

#[test]
fn entities_of_xml_are_never_expanded() {
    let mut laughs = "<!DOCTYPE lolz [<!ENTITY lol0 \"lol\">".to_owned();
    for level in 1..10 {
        let _ = write!(laughs, "<!ENTITY lol{level} \"{}\">", format!("&lol{};", level - 1).repeat(10));
    }
    laughs.push_str("<!ENTITY file SYSTEM \"file:///etc/passwd\">]>");
    let word = format!(
        "{laughs}<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>Go &lol9;&file;on.</w:t></w:r></w:p></w:body></w:document>"
    );
    let document = read(&packed(&[("word/document.xml", word.as_bytes())]), Format::Docx).expect("it is read");
    assert_eq!(text(&document), ["Go on."]);
    let open = format!(
        "{laughs}<office:document {NAMESPACES}><office:body><text:p>Go &lol9;&file;on.</text:p></office:body></office:document>"
    );
    let document = read(&packed(&[("content.xml", open.as_bytes())]), Format::Odt).expect("it is read");
    assert_eq!(text(&document), ["Go on."]);
}

#[test]
fn archives_are_read_as_far_as_they_are_a_document() {
    let body = format!("<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>Body.</w:t></w:r></w:p></w:body></w:document>");
    // Archives within archives, ten deep, and ten million zeros beside the text: neither is opened.
    let mut inner = packed(&[("zeros", &vec![0; 10 << 20])]);
    for _ in 0..10 {
        inner = packed(&[("inner.zip", &inner)]);
    }
    let nested =
        packed(&[("word/document.xml", body.as_bytes()), ("word/embeddings/inner.zip", &inner), ("z", &[0; 1 << 20])]);
    let document = read(&nested, Format::Docx).expect("it is read");
    assert_eq!((text(&document), document.skipped.len()), (vec!["Body."], 1));
    // A size that the archive does not tell: what comes out is what counts.
    let bomb = packed(&[("content.xml", &vec![b' '; 5 << 20])]);
    let error = read(&bomb, Format::Odt).expect_err("it is refused");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Ratio, most: 200 });
    // A bare archive, even of itself, is none of ours.
    let options = ExtractOptions::default();
    let error = extract(&packed(&[("inner.zip", &inner)]), None, &options).expect_err("no document");
    assert_eq!(error, ExtractError::Unsupported("zip archive"));
}

#[test]
fn nesting_costs_no_stack() {
    let deep_html = format!("{}Deep.", "<div><b><ul><li>".repeat(100_000));
    assert_eq!(text(&read(deep_html.as_bytes(), Format::Html).expect("it is read")), ["Deep."]);
    let closed = format!("{}Deep.{}", "<blockquote>".repeat(100_000), "</blockquote>".repeat(100_000));
    assert_eq!(text(&read(closed.as_bytes(), Format::Html).expect("it is read")), ["Deep."]);
    let hidden = format!("{}Gone.{}Seen.", "<nav>".repeat(100_000), "</nav>".repeat(100_000));
    assert_eq!(text(&read(hidden.as_bytes(), Format::Html).expect("it is read")), ["Seen."]);
    let quotes = format!("{} Deep.\n", ">".repeat(20_000));
    assert_eq!(text(&read(quotes.as_bytes(), Format::Markdown).expect("it is read")), ["Deep."]);
    for opening in ["[", "(", "*a_", "**a ", "`", "![", "<a ", "- ", "1. ", "|", "\\", "&#", "<!--", "[a](", "$"] {
        for format in [Format::Markdown, Format::Html, Format::Rst, Format::Asciidoc, Format::Text] {
            let document = read(opening.repeat(20_000).as_bytes(), format).expect("it is read");
            let _ = sentences(&document);
        }
    }
    let multipart: String =
        (0..9_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let error = read(format!("{multipart}\nDeep.\n").as_bytes(), Format::Mail).expect_err("it is refused");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Nesting, most: 200 });
    let error = read(format!("{multipart}{multipart}\n").as_bytes(), Format::Mail).expect_err("it is refused");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Parts, most: 10_000 });
    let messages = "Content-Type: message/rfc822\n\n".repeat(10_000);
    read(messages.as_bytes(), Format::Mail).expect("it is read");
    let json = format!("{{\"id\":1,\"text\":\"Go.\",\"x\":{}", "[".repeat(100_000));
    let error = read(json.as_bytes(), Format::Jsonl).expect_err("it is refused").to_string();
    assert!(error.contains("recursion limit exceeded"), "{error}");
}

/// A PDF of these objects, numbered from 1; the first one is the catalog.
pub(super) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", places.len() + 1);
    file.into_bytes()
}

#[test]
fn pdf_structures_cannot_be_endless() {
    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    // Pages that hold each other, and a page within itself.
    for kids in ["2 0 R", "3 0 R 3 0 R"] {
        let pages = format!("<</Type/Pages/Count 9/Kids[{kids}]>>");
        let file = pdf(&[catalog, &pages, "<</Type/Pages/Parent 2 0 R/Count 9/Kids[2 0 R 3 0 R]>>"]);
        let error = read(&file, Format::Pdf).expect_err("it is refused").to_string();
        assert_eq!(error, "not a readable pdf file: it has no pages");
    }
    // A form that draws itself twice.
    let form =
        "<</Type/XObject/Subtype/Form/Resources<</XObject<</F 4 0 R>>>>/Length 10>>stream\n/F Do /F Do\nendstream";
    let page = "<</Type/Page/Parent 2 0 R/Resources<</XObject<</F 4 0 R>>>>/Contents 4 0 R>>";
    let file = pdf(&[catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, form]);
    assert_eq!(text(&read(&file, Format::Pdf).expect("it is read")), [""; 0]);
    // Arrays within arrays.
    let deep = "[".repeat(100_000);
    let file = pdf(&[catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, form, &deep]);
    read(&file, Format::Pdf).expect("it is read");
    // A stream of objects whose thousand objects are all the same long one.
    let place = "7 0 ".repeat(1000);
    let content = format!("{place}[{}]", "1 ".repeat(100_000));
    let same =
        format!("<</Type/ObjStm/N 1000/First {}/Length {}>>stream\n{content}\nendstream", place.len(), content.len());
    let file = pdf(&[catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, form, &same]);
    let error = read(&file, Format::Pdf).expect_err("it is refused");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Objects, most: 1_000_000 });
}

#[test]
fn the_widths_of_a_pdf_cannot_be_told_endlessly() {
    let drawn = "BT /F 12 Tf <0059006F0075002000640065006300690064 0065002E> Tj ET";
    let content = format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len());
    // Of a range of codes, and of a list that is named again and again.
    for widths in ["0 65534 500 ", "0 8 0 R "] {
        let list = format!("[{}]", widths.repeat(20_000));
        let file = pdf(&[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            &content,
            "<</Type/Font/Subtype/Type0/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
            "<</Type/Font/Subtype/CIDFontType2/W 7 0 R>>",
            &list,
            &format!("[{}]", "500 ".repeat(60_000)),
        ]);
        let document = read(&file, Format::Pdf).expect("it is read in time");
        assert_eq!(text(&document), ["You decide."]);
    }
}

#[test]
fn length_costs_no_more_than_its_bytes() {
    let table: [(&str, Format, &str); 9] = [
        ("one line of text", Format::Text, "You must go now. "),
        ("one sentence", Format::Text, "must "),
        ("one word", Format::Text, "m"),
        ("empty lines", Format::Text, "\n"),
        ("one sentence a line", Format::Text, "Go!\n"),
        ("one line of Markdown", Format::Markdown, "*must* go "),
        ("one line of HTML", Format::Html, "<p>Go &amp; see "),
        ("rows", Format::Csv, "text\n"),
        ("a row", Format::Csv, "a\n\""),
    ];
    let lexicon = Lexicon::builtin();
    for (name, format, unit) in table {
        let bytes = unit.repeat(LONG / 8 / unit.len());
        let document = read(bytes.as_bytes(), format).expect(name);
        let mut judge = leadtone::score::Judge::new(&lexicon);
        let found = sentences(&document);
        let labels = found.iter().map(|found| judge.classify(found.span.of(&document.text), Default::default()).label);
        assert_eq!(labels.count(), found.len(), "{name}");
    }
    // The costly parts of a mail: escapes, quotations, attributions, parts of HTML.
    for unit in [
        "\n",
        ">From a\n\n\n",
        "> a\n\nOn Monday, A wrote:\n",
        "-----BEGIN X-----\n",
        "begin 644 a\n",
        "--\n",
        "From: a\n",
    ] {
        let mail = format!("Subject: Plan\n\n>From a\n{}", unit.repeat(LONG / 16 / unit.len()));
        read(mail.as_bytes(), Format::Mail).expect(unit);
    }
    let page = format!("--b\nContent-Type: text/html\n\n<p>{}\n", "Go. ".repeat(500));
    let pages = format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", page.repeat(LONG / 16 / page.len()));
    read(pages.as_bytes(), Format::Mail).expect("it is read");
}

#[cfg(unix)]
#[test]
fn a_file_of_nothing_is_told_by_its_beginning() {
    use std::os::unix::fs::MetadataExt;
    let cli = Cli::new().args(["scan", "sparse.txt", "sparse.docx", "sparse"]);
    for name in ["sparse.txt", "sparse.docx", "sparse"] {
        let file = std::fs::File::create(cli.path(name)).expect("the folder is writable");
        file.set_len(1 << 30).expect("a file may be long");
        if file.metadata().expect("it is there").blocks() > 1 << 10 {
            return; // This file system keeps what is not there.
        }
    }
    let errors = cli.code(2).errors();
    assert_eq!(
        errors,
        "leadtone: sparse.txt: binary data of no known format\n\
         leadtone: sparse.docx: not a readable docx file: no zip archive\n\
         leadtone: sparse: binary data of no known format\n"
    );
}

#[test]
fn a_lexicon_cannot_be_made_to_cost_without_end() {
    let head = "[principle]\nname = \"p\"\nstance = \"directive\"\nabout = \"\"\n";
    let chain = |kind: &str, mark: &str, depth: usize, width: usize| {
        let mut toml = head.to_owned();
        for level in 0..depth {
            let inner = format!("{mark}{kind}{} ", level + 1).repeat(width);
            let table = if mark == "@" { "class" } else { "mark" };
            let _ = write!(toml, "[[{table}]]\nname = \"{kind}{level}\"\npattern = \"a ({inner}|b {inner})\"\n");
        }
        let table = if mark == "@" { "class" } else { "mark" };
        let _ = write!(toml, "[[{table}]]\nname = \"{kind}{depth}\"\npattern = \"a b\"\n");
        let _ = write!(toml, "[[entry]]\nid = \"p.x\"\npattern = \"x {mark}{kind}0\"\nweight = 1.0\n");
        toml
    };
    let many = |count: usize| {
        let words: Vec<String> =
            (0..count).map(|n| format!("[[mark]]\nname = \"M{n}\"\npattern = \"a b\"\n")).collect();
        format!("{head}{}", words.concat())
    };
    // Four thousand choices among forty classes of ten thousand words each.
    let words: String = (0..10_000).map(|n| format!("w{n}ed ")).collect();
    let mut large_sets = format!(
        "{head}[[entry]]\nid = \"p.words\"\npattern = \"({})\"\nweight = 1.0\n",
        words.trim().replace(' ', "|")
    );
    for n in 0..40 {
        let _ = write!(large_sets, "[[class]]\nname = \"E{n}\"\nwords = \"x{n}\"\nendings = \"ed\"\n");
    }
    for n in 0..4_000 {
        let (a, b, c) = (n % 40, n / 40 % 40, n / 1_600);
        let _ = write!(
            large_sets,
            "[[entry]]\nid = \"p.e{n}\"\npattern = \"(@E{a} the|@E{b} a|@E{c} an) q{n}\"\nweight = 1.0\n"
        );
    }
    let long = format!("{head}[[entry]]\nid = \"p.x\"\npattern = \"{}\"\nweight = 1.0\n", "a ".repeat(100_000));
    let table = [
        ("classes of classes", chain("C", "@", 12, 10), true),
        ("marks of marks", chain("M", "^", 12, 10), true),
        ("a chain of marks", chain("M", "^", 900, 1), true),
        ("a wide chain of marks", chain("M", "^", 150, 10), true),
        ("marks", many(2000), true),
        ("a mark of itself", chain("M", "^", 0, 0).replace("a b", &format!("a {}", "^M0 ".repeat(60))), true),
        ("too many marks beside classes of classes", chain("C", "@", 12, 10) + &many(2000)[head.len()..], true),
        ("where lead-ins end, of classes", chain("C", "@", 12, 10).replace("C0", "LEAD_IN_END"), true),
        ("large sets everywhere", large_sets, false),
        // Found by fuzzing: the message quoted the end of the line.
        ("a line's end", format!("{head}[[entry]]\nid = \"p.x\"\npattern = \"a !\\n<b\"\n"), true),
        ("a long pattern", long, true),
        ("deep brackets", format!("{head}[[entry]]\nid = \"p.x\"\npattern = \"{}\"\n", "(".repeat(100_000)), true),
    ];
    for (name, text, is_refused) in table {
        let files = [LexiconFile { name: "own.toml".into(), text }];
        let compiled = Lexicon::from_files(&files);
        assert_eq!(compiled.is_err(), is_refused, "{name}");
        for error in compiled.err().into_iter().flatten() {
            let line = error.to_string();
            assert!(line.len() < 200 && !line.contains('\n'), "{name}: {line}");
        }
    }
}

/// What would act on a terminal: escapes, control characters of either set, and what turns the direction of text.
const ACTING: &str = "a\u{1b}[31m\u{9b}0m\u{202e}\u{7f}\u{2066}b";

#[test]
fn nothing_of_a_document_or_a_name_acts_on_a_terminal() {
    let acts = |text: &str| {
        let acting =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        text.chars().find(|c| acting(*c))
    };
    let name = if cfg!(windows) { "a\u{202e}b".to_owned() } else { ACTING.to_owned() };
    let run = || {
        Cli::new()
            .file(&format!("{name}.txt"), format!("You must {ACTING} go now. "))
            .file(&format!("{name}.eml"), format!("From: {ACTING}@example.org\nSubject: {ACTING}\n\nYou must go.\n"))
            .file(&format!("{name}.csv"), format!("id,text,{ACTING}\n{ACTING},You must go.,{ACTING}\n"))
            .file(&format!("{name}.pdf"), "no PDF")
            .file(&format!("{name}/x.toml"), "no = lexicon")
    };
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let ran = run().args(["scan", ".", "--sentences", "--verbose", "--format", format]).code(2);
        assert_eq!((acts(&ran.text()), acts(&ran.errors())), (None, None), "{format}");
    }
    let missing = format!("{name}.gone");
    let option = format!("--{name}");
    for args in [
        &["scan", &missing][..],
        &["scan", ".", "--output", &format!("{name}/no/such")],
        &["scan", ".", "--exclude", &format!("{name}[z-a]")],
        &["scan", ".", "--lexicon", &name],
        &["scan", ".", "--config", &missing],
        &["scan", &option],
        &["scan", "--format", &name],
        &["explain", &name],
        &["eval", &missing],
        &["lexicon", "list", "--principle", &name],
        &["check", ".", "--kind", "memo"],
    ] {
        let mut cli = run();
        for arg in args {
            cli = cli.args([*arg]);
        }
        let ran = cli.run();
        assert_eq!((acts(&ran.text()), acts(&ran.errors())), (None, None), "{args:?}");
        assert!(ran.output.status.code().is_some_and(|code| code > 0), "{args:?}");
    }
    let ran = run().args(["explain", "--sentence", &format!("You must {ACTING} go.")]).code(0);
    assert_eq!(acts(&ran.text()), None);
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_the_old_file() {
    let args = ["scan", "--input-format", "jsonl", "--format", "jsonl", "--output", "out.jsonl"];
    let cli = Cli::new().file("out.jsonl", "old").args(args);
    let mut child = cli.command().spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    stdin.write_all(b"{\"id\":1,\"text\":\"You must go.\"}\n").expect("the program reads");
    let folder = cli.path("");
    while std::fs::read_dir(&folder).expect("the folder is readable").count() < 2 {
        assert!(child.try_wait().expect("the program can be asked").is_none(), "it waits for input");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert_eq!(std::fs::read_to_string(cli.path("out.jsonl")).expect("it is there"), "old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_a_device_is_never_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let text = "You must go. ".repeat(20_000);
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let args = ["scan", "a.txt", "--sentences", "--format", format, "--output", "/dev/full"];
        let errors = Cli::new().file("a.txt", &text).args(args).code(2).stdout("").errors();
        assert_eq!(
            errors, "leadtone: the output cannot be written: No space left on device (os error 28)\n",
            "{format}"
        );
    }
    assert!(std::fs::metadata("/dev/full").expect("it is there").file_type().is_char_device());
    for args in [&["scan", "a.txt"][..], &["lexicon", "list"], &["explain", "--sentence", "Go."], &["generate", "man"]]
    {
        let mut cli = Cli::new().file("a.txt", "You must go.");
        for arg in args {
            cli = cli.args([*arg]);
        }
        let full = std::fs::File::options().write(true).open("/dev/full").expect("it can be opened");
        let output = cli.command().stdout(full).stdin(std::process::Stdio::null()).output().expect("the program runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(errors.contains("No space left on device"), "{args:?}: {errors}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_that_fails_half_way_is_a_failure() {
    // A file that can be opened and whose first byte cannot be read.
    let broken = "/proc/self/mem";
    let said = "leadtone: /proc/self/mem: input/output error (os error 5)\n";
    Cli::new().args(["scan", broken]).code(2).stderr(said);
    let ran = Cli::new().args(["scan", "--input-format", "jsonl", "--format", "jsonl", broken]).code(2).stderr(said);
    assert_eq!(ran.lines()[0]["path"], broken);
}
