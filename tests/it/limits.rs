//! The limits on what a document may cost: each can be set, each says in a line what it was, and none stops the others.

use super::cli::Cli;
use super::hostile;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A letter of 5 MiB of blanks, which pack to nothing.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).expect("the member is begun");
    let text = " ".repeat(5 << 20);
    let xml =
        format!("<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>");
    archive.write_all(xml.as_bytes()).expect("the member is written");
    archive.finish().expect("the archive is finished").into_inner()
}

fn mail(parts: usize) -> String {
    let part = "--b\nContent-Type: text/plain\n\nYou decide.\n".repeat(parts);
    format!("From: a@example.org\nSubject: Plan\nContent-Type: multipart/mixed; boundary=b\n\n{part}--b--\n")
}

#[test]
fn every_limit_can_be_set_and_says_what_it_was() {
    let nested = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(2) + "\nYou decide.\n";
    let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/policies/visitors.pdf")).expect("a sample");
    let (packed, many) = (bomb(), mail(20));
    let table: [(&str, &str, &[u8], &str); 9] = [
        ("file-size=1K", "a.txt", &[b'a'; 1025], "file-size=1024 (bytes of a file)"),
        ("unpacked=1M", "a.docx", &packed, "unpacked=1048576 (bytes that packed data unpacks to)"),
        ("ratio=200", "a.docx", &packed, "ratio=200 (times that packed data grows)"),
        ("nesting=2", "a.eml", nested.as_bytes(), "nesting=2 (parts of a mail within each other)"),
        ("parts=20", "a.eml", many.as_bytes(), "parts=20 (parts of a mail)"),
        ("pdf-objects=5", "a.pdf", &pdf, "pdf-objects=5 (objects of a PDF)"),
        ("unpacked=100", "a.pdf", &pdf, "unpacked=100 (bytes that packed data unpacks to)"),
        ("seconds=0", "a.txt", b"You decide.", "seconds=0 (seconds for each 16 MiB of a document)"),
        ("file-size=0", "a.txt", b"x", "file-size=0 (bytes of a file)"),
    ];
    for (limit, name, bytes, reason) in table {
        let run = || Cli::new().file(name, bytes).file("other.txt", "").args(["scan", name, "other.txt"]);
        let refused = run().args(["--max", limit]).code(2);
        let others = if limit == "seconds=0" {
            format!("leadtone: other.txt: past the limit {reason}\n")
        } else {
            String::new()
        };
        assert_eq!(refused.errors(), format!("leadtone: {name}: past the limit {reason}\n{others}"), "{limit}");
        let option = limit.split('=').next().unwrap_or_default();
        // What is past one limit may be past another.
        let none = format!("{option}=none");
        run().args(["--max", limit, "--max", &none, "--max", "ratio=none"]).code(0).stderr("");
    }
}

#[test]
fn pages_past_the_limit_are_left_out_and_named() {
    let page = "<</Type/Page/Parent 2 0 R>>";
    let pages = "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>";
    let pdf = hostile::pdf(&["<</Type/Catalog/Pages 2 0 R>>", pages, page, page]);
    let ran = Cli::new().file("a.pdf", pdf).args(["scan", "a.pdf", "--verbose", "--max", "pdf-pages=1"]).code(0);
    let warnings = ["pages after page 1 were not read", "no text layer"];
    assert_eq!(ran.errors(), warnings.map(|warning| format!("leadtone: a.pdf: warning: {warning}\n")).concat());
}

#[test]
fn a_line_past_the_limit_is_an_error_of_that_line() {
    let args = ["scan", "--input-format", "jsonl", "--format", "jsonl", "--max", "line=40"];
    let long = format!("{{\"id\":1,\"text\":\"{}\"}}\n", "x".repeat(100));
    let exact = format!("{{\"id\":2,\"text\":\"{}\"}}", "x".repeat(22));
    assert_eq!(exact.len(), 40);
    let lines = Cli::new().args(args).stdin(format!("{long}{exact}\n{exact}\r\n{long}{exact}")).code(0).lines();
    let errors: Vec<&str> = lines.iter().map(|line| line["error"].as_str().unwrap_or("-")).collect();
    let past = "past the limit line=40 (bytes of a JSON line)";
    assert_eq!(errors, [past, "-", "-", past, "-"]);
}

#[test]
fn limits_that_are_none_are_refused() {
    for (limit, reason) in [("size=1", "no limit `size`; there are file-size, unpacked, "), ("ratio", "not NAME=N")] {
        let errors = Cli::new().args(["scan", "--max", limit]).code(2).stdout("").errors();
        assert!(
            errors.starts_with(&format!("error: invalid value '{limit}' for '--max <NAME=N>': {reason}")),
            "{errors}"
        );
    }
    let help = Cli::new().args(["scan", "--help"]).code(0).text();
    assert!(help.contains("file-size=2G: bytes of a file"), "{help}");
}
