//! What each format yields: the blocks, their kinds, lead-ins and places.

use leadtone::document::{BlockKind, Document, Location};
use leadtone::extract::{ExtractError, ExtractOptions, FORMATS, Format, extract, format_of_name, json_line, sniff};
use leadtone::span::Span;
use std::path::Path;

/// The one document of a source in a given format.
fn read(format: Format, source: &str) -> Document {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    let mut documents = extract(source.as_bytes(), None, &options).expect("a readable source").documents;
    assert_eq!(documents.len(), 1);
    documents.remove(0).expect("a readable document")
}

/// The blocks as `Kind|lead-in|text` lines, which are easy to read and to compare.
fn blocks(document: &Document) -> Vec<String> {
    let lines = document.blocks.iter().map(|block| {
        let kind = match block.kind {
            BlockKind::Heading => "H",
            BlockKind::Paragraph => "P",
            BlockKind::ListItem => "I",
            BlockKind::TableCell => "T",
            BlockKind::Quote => "Q",
            BlockKind::Code => "C",
            BlockKind::Signature => "S",
            BlockKind::Disclaimer => "D",
        };
        let lead_in = block.lead_in.map_or_else(String::new, |at| at.to_string());
        format!("{kind}{lead_in}|{}", block.span.of(&document.text))
    });
    lines.collect()
}

/// Every block's first and last word stand at the place that the map gives.
fn assert_mapped(name: &str, document: &Document) {
    for block in &document.blocks {
        let text = block.span.of(&document.text);
        let words: Vec<&str> =
            text.split(' ').filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric())).collect();
        for word in [words.first(), words.last()].into_iter().flatten().filter(|word| !word.is_empty()) {
            let at = block.span.start
                + if Some(word) == words.first() { text.find(*word) } else { text.rfind(*word) }.expect("in");
            let origin = document.map.span(Span::new(at, at + word.len()));
            assert_eq!(origin.of(&document.origin.text), *word, "{name}: {text:?}");
        }
    }
}

#[test]
fn plain_text_is_read_as_people_type_it() {
    let wrapped = "The team decides how the work is done, and nobody has to ask before they\nstart. Questions are \
                   welcome at any time of the day, as they always\nhave been here.\n\nSecond one.";
    let table: [(&str, &str, &[&str]); 20] = [
        (
            "wraps",
            wrapped,
            &[
                "P|The team decides how the work is done, and nobody has to ask before they start. Questions are welcome \
                 at any time of the day, as they always have been here.",
                "P|Second one.",
            ],
        ),
        ("hard breaks", "Hi all,\nThanks for the work.\nDana", &["P|Hi all,", "P|Thanks for the work.", "P|Dana"]),
        ("sentence goes on", "We ask before\nwe act.", &["P|We ask before we act."]),
        ("compound at a wrap", "Offer self-\nservice.", &["P|Offer self-service."]),
        (
            "bullets and their lead-in",
            "Managers must:\n- approve it\n* sign it\n\nDone.",
            &["P|Managers must:", "I0|approve it", "I|sign it", "P|Done."],
        ),
        (
            "word processor bullets",
            "You may:\n\u{2022} decide\n\u{2022}\task\no Wait",
            &["P|You may:", "I0|decide", "I0|ask", "I|Wait"],
        ),
        (
            "numbers and letters",
            "1. The chief shall:\na. check\nb. sign\n2. The deputy acts.",
            &["I|The chief shall:", "I0|check", "I0|sign", "I|The deputy acts."],
        ),
        ("brackets", "(1) Ask.\n(2) Act.\niv) Rest.", &["I|Ask.", "I|Act.", "I|Rest."]),
        (
            "regulation",
            "2-1. General Duties\na. The chief acts.\n(2). So do you.\nIt took 2-3 days.",
            &["H|General Duties", "I|The chief acts.", "I|So do you.", "P|It took 2-3 days."],
        ),
        (
            "item goes on",
            "- Ask the owner\n  before you act.\n- Rest.",
            &["I|Ask the owner before you act.", "I|Rest."],
        ),
        ("an initial is no item", "Regards,\nJ. Smith", &["P|Regards,", "P|J. Smith"]),
        (
            "a time is no item",
            "From Monday on she clocks on at the gate at\n6.45 and leaves by two.",
            &["P|From Monday on she clocks on at the gate at 6.45 and leaves by two."],
        ),
        (
            "a clause is one",
            "The chief shall:\n2.1 Approve it\n2.2 Sign it",
            &["P|The chief shall:", "I0|Approve it", "I0|Sign it"],
        ),
        ("a year is no item", "It began in\n2019. Then it grew.", &["P|It began in 2019. Then it grew."]),
        (
            "headings",
            "TRAVEL POLICY\n\nScope\n-----\n2.1 Who Decides\n\nYou decide.",
            &["H|TRAVEL POLICY", "H|Scope", "H|Who Decides", "P|You decide."],
        ),
        (
            "quotes",
            "I agree.\n> You must ask\n> me first.\nFine.",
            &["P|I agree.", "Q|You must ask me first.", "P|Fine."],
        ),
        ("code", "Run it:\n\n    make();\n    run();\n\nDone.", &["P|Run it:", "C|make(); run();", "P|Done."]),
        ("contents", "Scope ........ 3\nDuties . . . . . 12\n", &["C|Scope ........ 3", "C|Duties . . . . . 12"]),
        ("form feed", "You decide.\n\x0CWe help.", &["P|You decide.", "P|We help."]),
        ("template tags", "Dear {{ name }}, you decide.{% if x %}", &["P|Dear , you decide."]),
    ];
    for (name, source, expected) in table {
        let document = read(Format::Text, source);
        assert_eq!(blocks(&document), expected, "{name}");
        assert_mapped(name, &document);
        let windows = read(Format::Text, &source.replace('\n', "\r\n"));
        assert_eq!(blocks(&windows), expected, "{name}, with carriage returns");
        assert_mapped(name, &windows);
    }
}

#[test]
fn markdown_keeps_text_and_drops_markup() {
    let table: [(&str, &str, &[&str]); 23] = [
        ("inline", "Teams **decide** *how* `x` [works](http://a.b).", &["P|Teams decide how x works."]),
        ("entity and escape", "Ask &amp; listen \\* now.", &["P|Ask & listen * now."]),
        (
            "lead-in",
            "Managers **must:**\n\n- [x] approve\n- sign\n  - twice\n",
            &["P|Managers must:", "I0|approve", "I0|sign", "I|twice"],
        ),
        ("nested lead-in", "1. You may:\n   - rest\n", &["I|You may:", "I0|rest"]),
        ("second paragraph of an item", "- One.\n\n  Two.\n", &["I|One.", "P|Two."]),
        ("front matter", "---\ntitle: You must obey\n---\n# Free\n", &["H|Free"]),
        ("front matter below a comment", "<!-- x -->\n\n---\nowner: x\n---\nFree.\n", &["P|Free."]),
        ("toml front matter", "+++\ntitle = \"x\"\n+++\nFree.\n", &["P|Free."]),
        ("front matter in a language", "---js\n{\n  a: 1\n}\n---\nFree.\n", &["P|Free."]),
        ("a list in a cell", "| Who |\n|--|\n| <ul><li>ask</li><li>act</li></ul> |\n", &["T|Who", "T|ask", "T|act"]),
        (
            "a command alone",
            "- List all:\n\n`ls -a`\n\n`a` and `b` help.\n",
            &["I|List all:", "C|ls -a", "P|a and b help."],
        ),
        ("a divider is no front matter", "---\n\nWe ask.\n\n---\n", &["P|We ask."]),
        ("somebody else's words", "> You must.\n", &["Q|You must."]),
        ("an alert is the author's", "> [!NOTE]\n> You may.\n", &["P|You may."]),
        (
            "table",
            "| Who | What |\n|--|--|\n| Dana | asks<br>Acts |\n",
            &["T|Who", "T|What", "T|Dana", "T|asks", "T|Acts"],
        ),
        ("code", "```sh\nmust run\n```\n", &["C|must run"]),
        (
            "html block",
            "<details><summary>More</summary>\n<p>You &lt;may&gt;.</p></details>\n",
            &["H|More", "P|You <may>."],
        ),
        ("comment and tag", "You <!-- must --> <b>may</b>.\n", &["P|You may."]),
        ("image, address, deletion", "See ![must](a.png)<http://a.b> ~~must~~ may.\n", &["P|See may."]),
        ("template in a link", "See [the guide]({{ site.url }}/x).\n", &["P|See the guide."]),
        ("hard break", "You decide.\\\nWe help.\n", &["P|You decide.", "P|We help."]),
        ("lone carriage returns", "# `ls`\rWe ask.\r\rYou may.", &["H|ls", "P|We ask.", "P|You may."]),
        ("template", "{% include x.html %}\n\n:::tip\nYou {{ site.verb }} decide.\n:::\n", &["P|You decide."]),
    ];
    for (name, source, expected) in table {
        let document = read(Format::Markdown, source);
        assert_eq!(blocks(&document), expected, "{name}");
        assert_mapped(name, &document);
    }
}

#[test]
fn html_is_what_a_browser_shows() {
    let table: [(&str, &str, &[&str]); 15] = [
        ("front matter", "---\ntitle: You must\n---\n<p>a</p>", &["P|a"]),
        ("inline", "<p>Ask  &amp;\n <b>lis</b>ten&rsquo;s\u{e9} &copy</p>", &["P|Ask & listen\u{2019}s\u{e9} \u{a9}"]),
        ("a bare ampersand", "<p>R&D a < b & c</p>", &["P|R&D a < b & c"]),
        ("hidden", "<p>a<script>must()</script><style>x</style><span hidden>b</span> c</p>", &["P|a c"]),
        ("display none", "<div style='color:red; Display: NONE'><div>x</div>y</div><p>z</p>", &["P|z"]),
        ("title and navigation", "<head><title>T</title></head><nav><a>Go</a></nav><main>z</main>", &["P|z"]),
        ("footer", "<footer><p>You must.</p></footer><p>z</p>", &["D|You must.", "P|z"]),
        ("headings", "<h1>A</h1><h6>B</h6>", &["H|A", "H|B"]),
        (
            "list",
            "<p>You may:</p><ul><li>ask<li><p>act</p><p>rest</p></ul>",
            &["P|You may:", "I0|ask", "I0|act", "P|rest"],
        ),
        ("table", "<table><tr><th>A<td>b</table>", &["T|A", "T|b"]),
        (
            "quote and code",
            "<blockquote><p>a</blockquote><pre>b\nc</pre><p>run <code>d</code>",
            &["Q|a", "C|b c", "P|run d"],
        ),
        ("breaks", "<p>You decide.<br>We help<br>you.</p>", &["P|You decide.", "P|We help you."]),
        ("unclosed", "<div><p>a<div>b<p>c</div></p>d", &["P|a", "P|b", "P|c", "P|d"]),
        ("erb", "<p>Dear <%= name %><a href=\"<%= url(\"x>\") %>\">you</a></p>", &["P|Dear you"]),
        ("empty", "<html><body></body></html>", &[]),
    ];
    for (name, source, expected) in table {
        let document = read(Format::Html, source);
        assert_eq!(blocks(&document), expected, "{name}");
        assert_mapped(name, &document);
    }
}

#[test]
fn light_markup_is_read_line_by_line() {
    let rst = "=====\nTitle\n=====\n:Author: Dana\n\n.. note:: You **decide**\n   alone.\n\n.. image:: x.png\n   :alt: must\n\n\
               You may::\n\n    must()\n\n* ask :ref:`the team <t>`\n* ``act``\n\n.. must\n   not\n\nEnd [1]_.\n";
    let asciidoc = "= Title\nDana <d@example.org>\n:toc:\n\n== Who _decides_\n\nNOTE: You decide.\n\nYou may:\n\n* ask\n** twice\n\
                    ----\nmust()\n----\n____\nThey must.\n____\n|===\n|Who |What\n|===\n// must\nSee <<x,the plan>> +\nnow.\n";
    let table: [(Format, &str, &[&str]); 2] = [
        (
            Format::Rst,
            rst,
            &["H|Title", "P|You decide alone.", "P|You may:", "C|must()", "I|ask the team", "I|act", "P|End."],
        ),
        (
            Format::Asciidoc,
            asciidoc,
            &[
                "H|Title",
                "H|Who decides",
                "P|You decide.",
                "P|You may:",
                "I3|ask",
                "I|twice",
                "C|must()",
                "Q|They must.",
                "T|Who",
                "T|What",
                "P|See the plan now.",
            ],
        ),
    ];
    for (format, source, expected) in table {
        let document = read(format, source);
        assert_eq!(blocks(&document), expected, "{format:?}");
        assert_mapped(format.name(), &document);
    }
}

#[test]
fn asciidoc_loses_nothing_below_what_opens_no_block() {
    let table: [(&str, &str, &[&str]); 12] = [
        ("an underlined title", "Berths\n------\n\nYou decide.\n", &["H|Berths", "P|You decide."]),
        (
            "an underlined title of the document",
            "The berths\n=========\nDana <d@example.org>\n:toc:\n\nYou decide.\n",
            &["H|The berths", "P|You decide."],
        ),
        ("a listing below a line", "As here:\n----\nmust()\n----\nGo.\n", &["P|As here:", "C|must()", "P|Go."]),
        ("an underline below more lines", "You may\ndecide.\n-------\nGo.\n", &["P|You may decide.", "P|Go."]),
        ("a fence with a language", "```ruby\nmust 1\n```\n\nYou decide.\n", &["C|must 1", "P|You decide."]),
        ("a fence that never closes", "```\nYou decide.\n\nGo.\n", &["P|You decide.", "P|Go."]),
        ("a listing that never closes", "One.\n\n------\nYou decide.\n\nGo.\n", &["P|One.", "P|You decide.", "P|Go."]),
        ("a style", "[listing]\nmust()\nmay()\n\nGo.\n", &["C|must() may()", "P|Go."]),
        ("a quotation", "[quote, Bo]\nYou must.\n\nGo.\n", &["Q|You must.", "P|Go."]),
        ("an open block with a style", "[source]\n--\nmust()\n\nmay()\n--\nGo.\n", &["C|must() may()", "P|Go."]),
        ("a literal paragraph", "One.\n\n must()\n\nGo.\n", &["P|One.", "C|must()", "P|Go."]),
        (
            "what is indented in a list",
            "* Ask\n  twice.\n\n  Then go.\n\nTerm::\n\n  Its sense.\n",
            &["I|Ask twice.", "P|Then go.", "P|Term:", "P|Its sense."],
        ),
    ];
    for (name, source, expected) in table {
        let document = read(Format::Asciidoc, source);
        assert_eq!(blocks(&document), expected, "{name}");
        assert_mapped(name, &document);
    }
}

#[test]
fn a_row_is_placed_at_its_own_field_whatever_the_others_hold() {
    let places = |source: &str| -> Vec<Vec<(u32, u32)>> {
        let extracted = extract(source.as_bytes(), Some(Path::new("a.csv")), &ExtractOptions::default());
        let rows = extracted.expect("readable").documents.into_iter().map(|row| row.expect("a row"));
        let place = |row: &Document, at: Span| match row.origin.locate(row.map.span(at).start) {
            Location::Line { line, column } => (line, column),
            other => panic!("{other:?}"),
        };
        rows.map(|row| row.blocks.iter().map(|block| place(&row, block.span)).collect()).collect()
    };
    for (source, expected) in [
        ("id,subject,text\n1,Please go.,Please go.\n", vec![vec![(2, 14)]]),
        ("id,subject,text\n1,\"Please\ngo.\",Please go.\n", vec![vec![(3, 6)]]),
        ("id;text\r\n1;\"Say \"\"no\"\".\r\n\r\nThen go.\"\r\n2;Go.\r\n", vec![vec![(2, 4), (4, 1)], vec![(5, 3)]]),
        ("id,text\r1,Go.\r2,Stay.\r", vec![vec![(2, 3)], vec![(3, 3)]]),
        ("\n\nid,text\n\n1,Go.\n\n\n2,Stay.\n", vec![vec![(5, 3)], vec![(8, 3)]]),
        ("text,id\n\"He said \"\"go\"\" and \"\"no\"\".\",1\n", vec![vec![(2, 2)]]),
    ] {
        assert_eq!(places(source), expected, "{source:?}");
    }
    // Behind doubled quotes columns go on as the file has them.
    let source = "id,text\n1,\"Say \"\"no\"\". Go.\"\n";
    let mut extracted =
        extract(source.as_bytes(), Some(Path::new("a.csv")), &ExtractOptions::default()).expect("readable");
    let row = extracted.documents.remove(0).expect("a row");
    let at = row.text.find("Go.").expect("it is there");
    assert_eq!(row.origin.locate(row.map.start(at)), Location::Line { line: 2, column: 16 });
}

#[test]
fn a_row_is_a_document_at_its_place_in_the_file() {
    let options = ExtractOptions::default();
    let source = "id,who,text\n7,Dana,You decide.\n8,\"Lee\nKim\",\"First, ask.\nThen act.\"\n,x,\"Say \"\"no\"\".\"\n";
    let extracted = extract(source.as_bytes(), Some(Path::new("a.csv")), &options).expect("readable");
    let rows: Vec<Document> = extracted.documents.into_iter().map(|row| row.expect("a row")).collect();
    let parts: Vec<&str> = rows.iter().filter_map(|row| row.part.as_deref()).collect();
    assert_eq!(parts, ["7", "8", "3"]);
    assert_eq!(rows[0].fields, [("who".to_owned(), "Dana".into())]);
    assert_eq!(blocks(&rows[1]), ["P|First, ask.", "P|Then act."]);
    assert_eq!(blocks(&rows[2]), ["P|Say \"no\"."]);
    let then = rows[1].map.span(rows[1].blocks[1].span);
    assert_eq!(rows[1].origin.locate(then.start), Location::Line { line: 5, column: 1 });
    assert_eq!(&source[rows[1].origin.base + then.start..rows[1].origin.base + then.end], "Then act.");
    let first = rows[1].map.span(rows[1].blocks[0].span);
    assert_eq!(rows[1].origin.locate(first.start), Location::Line { line: 4, column: 7 });
}

#[test]
fn the_text_column_is_found_or_asked_for() {
    let asked = ExtractOptions { text_field: "memo".into(), ..ExtractOptions::default() };
    let plain = ExtractOptions::default();
    let table: [(&str, &str, &ExtractOptions, Result<&str, &str>); 6] = [
        ("a.csv", "n,Text\n1,ask", &plain, Ok("ask")),
        ("a.csv", "title;body\nx;ask", &plain, Ok("ask")),
        ("a.tsv", "a\tb\nx\tthe longest one", &plain, Ok("the longest one")),
        ("a.tsv", "a\ttext\n1\tSay \"no", &plain, Ok("Say \"no")),
        ("a.csv", "memo,text\nask,no", &asked, Ok("ask")),
        ("a.csv", "text\nask", &asked, Err("not a readable csv file: no column \"memo\"")),
    ];
    for (name, source, options, expected) in table {
        let found = extract(source.as_bytes(), Some(Path::new(name)), options);
        let found = found.map(|found| found.documents[0].as_ref().expect("a row").text.trim_end().to_owned());
        let expected = expected.map(ToOwned::to_owned).map_err(ToOwned::to_owned);
        assert_eq!(found.map_err(|error| error.to_string()), expected, "{source:?}");
    }
}

#[test]
fn a_json_line_is_a_document_or_an_error_of_its_own() {
    let options = ExtractOptions::default();
    let source =
        "{\"id\": \"a\", \"text\": \"Ask.\\n\\n- Act.\", \"team\": 3}\n\n{\"text\": 1}\n[]\n{\"text\": null}\n";
    let extracted = extract(source.as_bytes(), Some(Path::new("a.txt")), &options).expect("readable");
    assert_eq!(extracted.format, Format::Jsonl);
    let found: Vec<Result<Vec<String>, String>> = extracted
        .documents
        .iter()
        .map(|part| part.as_ref().map(blocks).map_err(|(part, error)| format!("{part}: {error}")))
        .collect();
    assert_eq!(found[0], Ok(vec!["P|Ask.".to_owned(), "I|Act.".to_owned()]));
    assert_eq!(found[1], Err("line 3: not a readable jsonl file: line 3: field `text` is not a string".to_owned()));
    assert_eq!(found[2], Err("line 4: not a readable jsonl file: line 4: not a JSON object".to_owned()));
    assert_eq!(found[3], Ok(vec![]));

    let document = json_line(source.lines().next().expect("a line"), 9, &options).expect("a document");
    assert_eq!((document.part.as_deref(), document.fields.len()), (Some("a"), 1));
    let place = document.map.start(document.blocks[1].span.start);
    assert_eq!(document.origin.locate(place), Location::Line { line: 9, column: 9 });
}

#[test]
fn what_is_odd_of_a_file_of_rows_is_told_with_its_first_document() {
    for (name, source) in [
        ("a.csv", &b"id,text\n1,It\x92s yours.\n2,Ask.\n"[..]),
        ("a.tsv", b"id\ttext\n1\tIt\x92s yours.\n2\tAsk.\n"),
        ("a.jsonl", b"{\"text\": 1}\n{\"text\": \"It\x92s yours.\"}\n{\"text\": \"Ask.\"}\n"),
    ] {
        let extracted = extract(source, Some(Path::new(name)), &ExtractOptions::default()).expect("readable");
        let documents: Vec<&Document> = extracted.documents.iter().flatten().collect();
        assert_eq!(blocks(documents[0]), ["P|It\u{2019}s yours."], "{name}");
        assert_eq!(documents[0].warnings, ["not UTF-8: read as windows-1252"], "{name}");
        assert_eq!((documents[1].warnings.len(), documents.len()), (0, 2), "{name}");
    }
}

#[test]
fn content_outranks_names() {
    let mail = "From: a@example.org\nTo: b@example.org\nSubject: Hi\nDate: Mon, 16 Nov 2026 09:00:00 +0000\n\nAsk.\n";
    let mbox = format!("From a@example.org Mon Nov 16 09:00:00 2026\n{mail}");
    let wordml = "<?xml version=\"1.0\"?><w:wordDocument/>";
    let ole = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(128, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let unsupported = |name| Err(ExtractError::Unsupported(name));
    let broken = |format, reason: &str| Err(ExtractError::Broken { format, reason: reason.to_owned() });
    let table: Vec<(&str, Vec<u8>, Result<Format, ExtractError>)> = vec![
        ("memo.txt", b"Decide.".to_vec(), Ok(Format::Text)),
        ("memo.md", b"# Decide".to_vec(), Ok(Format::Markdown)),
        ("memo.md.tmpl", b"# Decide".to_vec(), Ok(Format::Markdown)),
        ("memo.html.erb", b"<p>Decide</p>".to_vec(), Ok(Format::Html)),
        ("memo.txt", b"<!-- x --><!DOCTYPE HTML><p>Decide</p>".to_vec(), Ok(Format::Html)),
        ("memo.md", b"<html>".to_vec(), Ok(Format::Markdown)),
        ("memo.eml", b"\x89PNG\r\n\x1A\n".to_vec(), unsupported("png image")),
        ("memo.md", b"\x1F\x8B\x08".to_vec(), unsupported("gzip archive")),
        ("memo.doc", b"{\\rtf1 x}".to_vec(), unsupported("rtf")),
        ("memo.doc", wordml.as_bytes().to_vec(), unsupported("WordML XML")),
        ("memo.doc", ole("WordDocument"), unsupported("doc")),
        ("memo.docx", ole("encryptedpackage"), Err(ExtractError::Protected)),
        ("memo.docx", b"PK\x03\x04".to_vec(), broken("docx", "the zip archive is damaged or cut short")),
        ("memo.odt", b"hello".to_vec(), broken("odt", "no zip archive")),
        (
            "memo.pdf",
            b"version https://git-lfs.github.com/spec/v1\n".to_vec(),
            broken("pdf", "a git-lfs pointer, its content was not fetched"),
        ),
        ("memo.md", (0_u8..=255).cycle().take(4096).collect(), Err(ExtractError::Binary)),
    ];
    for (name, bytes, expected) in table {
        let found = extract(&bytes, Some(Path::new(name)), &ExtractOptions::default()).map(|found| found.format);
        assert_eq!(found, expected, "{name}");
    }
    for name in ["memo.txt", "memo", "1", "memo.eml"] {
        assert_eq!(sniff(mail.as_bytes()), Some(Format::Mail), "{name}");
        assert_eq!(sniff(mbox.as_bytes()), Some(Format::Mbox), "{name}");
    }
}

#[test]
fn prose_that_looks_like_a_header_is_prose() {
    for source in
        ["From here on, you decide.\n", "Note: ask first.\n\nThen act.\n", "Subject: none\n\nText.\n", "To: do\n"]
    {
        assert_eq!(sniff(source.as_bytes()), Some(Format::Text), "{source:?}");
    }
}

#[test]
fn every_format_has_a_name_and_extensions_of_its_own() {
    for row in &FORMATS {
        assert_eq!(Format::from_name(row.name), Some(row.format));
        for extension in row.extensions {
            assert_eq!(format_of_name(Path::new(&format!("A.B.{}", extension.to_uppercase()))), Some(row.format));
        }
    }
}

#[test]
fn hostile_markup_costs_no_more_than_its_size() {
    let many = |piece: &str| piece.repeat(20_000);
    let table = [
        (Format::Html, many("<div><p>x")),
        (Format::Html, many("</td></div><b>x")),
        (Format::Html, many("<ul><li>a:")),
        (Format::Html, many("&amp&#x41;&")),
        (Format::Markdown, many("> ")),
        (Format::Markdown, many("[")),
        (Format::Markdown, many("{{")),
        (Format::Markdown, many("::: ")),
        (Format::Text, many("{% x ")),
        (Format::Text, many("(a\n- b:\n")),
        (Format::Text, many("```\n\n")),
        (Format::Text, many("-----BEGIN X-----\n\n")),
        (Format::Rst, many("`x <")),
        (Format::Asciidoc, many("[[*_#")),
    ];
    for (format, source) in table {
        let document = read(format, &source);
        assert!(document.blocks.iter().all(|block| block.span.end <= document.text.len()), "{format:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40),
        noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..12),
        at in 0..40_usize,
    ) {
        let mut bytes: Vec<u8> = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            bytes.extend_from_slice(piece.as_bytes());
            if index == at {
                bytes.extend_from_slice(&noise);
            }
        }
        for row in &FORMATS {
            let options = ExtractOptions { format: Some(row.format), ..ExtractOptions::default() };
            let extracted = extract(&bytes, None, &options);
            proptest::prop_assert!(!matches!(extracted, Err(ExtractError::Panicked(_))), "{}", row.name);
            for document in extracted.into_iter().flat_map(|extracted| extracted.documents).flatten() {
                let mut end = 0;
                for block in &document.blocks {
                    proptest::prop_assert!(block.span.start >= end && block.span.end <= document.text.len());
                    end = block.span.end;
                    proptest::prop_assert!(!block.span.of(&document.text).contains(['\n', '\r']));
                    let origin = document.map.span(block.span);
                    proptest::prop_assert!(document.origin.text.get(origin.start..origin.end).is_some());
                }
            }
        }
    }
}

/// What the formats take for markup, and some letters.
const PIECES: [&str; 60] = [
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "\u{C}",
    "\u{A0}",
    "You must. ",
    "ask: ",
    "é",
    "\u{2019}",
    "- ",
    "* ",
    "o ",
    "1. ",
    "a) ",
    "(iv) ",
    "2-1. ",
    "> ",
    "# ",
    "## ",
    "===",
    "---\n",
    "```",
    "~~~",
    "|",
    "| a | b |\n",
    "|---|---|\n",
    "<p>",
    "</p>",
    "<ul><li>",
    "<br>",
    "<pre>",
    "<!--",
    "-->",
    "<b hidden>",
    "&amp;",
    "&#x2019;",
    "&",
    "{{ x }}",
    "{%",
    "%}",
    ":::",
    "::",
    ".. note:: ",
    ".. x\n",
    ":ref:`x <y>`",
    "``x``",
    "**",
    "__",
    "[a](b)",
    "[^1]",
    "![",
    "~~",
    "\"",
    ",",
    "++++\n",
    "|===\n",
];
