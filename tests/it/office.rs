//! Word processor files and PDF.

use leadtone::document::{BlockKind, Document, Location};
use leadtone::extract::{ExtractError, ExtractOptions, Format, Limit, extract};
use lopdf::content::{Content, Operation};
use lopdf::{Object, Stream, dictionary};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn read(bytes: &[u8], format: Format) -> Result<Document, ExtractError> {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    let mut documents = extract(bytes, None, &options)?.documents;
    documents.remove(0).map_err(|(_, error)| error)
}

fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, SimpleFileOptions::default()).expect("the member is begun");
        archive.write_all(content.as_bytes()).expect("the member is written");
    }
    archive.finish().expect("the archive is finished").into_inner()
}

fn blocks(document: &Document) -> Vec<(BlockKind, &str)> {
    let blocks = document.blocks.iter();
    blocks.map(|block| (block.kind, &document.text[block.span.start..block.span.end])).collect()
}

const STYLES: &str = r#"<w:styles xmlns:w="w">
    <w:style w:styleId="Berschrift1"><w:name w:val="heading 1"/></w:style>
    <w:style w:styleId="Mine"><w:name w:val="mine"/><w:basedOn w:val="Berschrift1"/></w:style>
    <w:style w:styleId="Said"><w:name w:val="Intense Quote"/></w:style>
    <w:style w:styleId="Prog"><w:name w:val="Source Code"/></w:style>
    <w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
    <w:style w:styleId="Bul"><w:name w:val="bul"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="Loop"><w:name w:val="loop"/><w:basedOn w:val="Loop"/></w:style>
    <w:style w:styleId="Secret"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"#;

fn docx(body: &str) -> Document {
    let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    read(&packed(&[("word/document.xml", &xml), ("word/styles.xml", STYLES)]), Format::Docx).expect("it is read")
}

/// What a block is and says.
type Said = (BlockKind, &'static str);

/// Name, body of the main part, and its blocks.
const DOCX: &[(&str, &str, &[Said])] = &[
    ("no text", "<w:p/><w:p><w:r><w:t> </w:t></w:r></w:p>", &[]),
    (
        "runs and characters",
        "<w:p><w:r><w:t>You</w:t></w:r><w:r><w:tab/><w:t xml:space=\"preserve\">decide &amp; </w:t></w:r><w:r><w:t>act</w:t><w:br/><w:t>to&#8217;day</w:t></w:r></w:p>",
        &[(BlockKind::Paragraph, "You decide & act to\u{2019}day")],
    ),
    (
        "tracked changes are accepted",
        "<w:p><w:del><w:r><w:delText>You must</w:delText><w:t>x</w:t></w:r></w:del><w:ins><w:r><w:t>You may</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> go</w:t></w:r></w:moveTo></w:p>",
        &[(BlockKind::Paragraph, "You may go")],
    ),
    (
        "a deleted paragraph mark joins two paragraphs",
        "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t>You </w:t></w:r></w:p><w:p><w:r><w:t>decide.</w:t></w:r></w:p>",
        &[(BlockKind::Paragraph, "You decide.")],
    ),
    (
        "styles, by name and through what they are based on",
        "<w:p><w:pPr><w:pStyle w:val=\"Mine\"/></w:pPr><w:r><w:t>Title</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Said\"/></w:pPr><w:r><w:t>Obey.</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Prog\"/></w:pPr><w:r><w:t>run</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr><w:r><w:t>Title 1</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Loop\"/></w:pPr><w:r><w:t>Body.</w:t></w:r></w:p>",
        &[
            (BlockKind::Heading, "Title"),
            (BlockKind::Quote, "Obey."),
            (BlockKind::Code, "run"),
            (BlockKind::Paragraph, "Body."),
        ],
    ),
    (
        "a table",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Owner</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>You</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>After.</w:t></w:r></w:p>",
        &[(BlockKind::TableCell, "Owner"), (BlockKind::TableCell, "You"), (BlockKind::Paragraph, "After.")],
    ),
    (
        "hidden text, field codes, content controls, links",
        "<w:sdt><w:sdtContent><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>Ask </w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"Secret\"/></w:rPr><w:t>secret</w:t></w:r><w:r><w:instrText>HYPERLINK</w:instrText></w:r><w:hyperlink><w:r><w:t>us</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>",
        &[(BlockKind::Paragraph, "Ask us")],
    ),
    (
        "a text box, once",
        "<w:p><w:r><w:t>Around.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        &[(BlockKind::Paragraph, "Inside."), (BlockKind::Paragraph, "Around.")],
    ),
];

#[test]
fn docx_holds_what_a_reader_of_the_final_version_sees() {
    for (name, body, expected) in DOCX {
        assert_eq!(blocks(&docx(body)), *expected, "{name}");
    }
}

#[test]
fn docx_lists_have_lead_ins_and_places_are_paragraphs() {
    let item = |level: u32, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = format!(
        "<w:p/><w:p><w:r><w:t>Managers may:</w:t></w:r></w:p>{}{}{}{}<w:p><w:pPr><w:pStyle w:val=\"Bul\"/></w:pPr><w:r><w:t>rest</w:t></w:r></w:p><w:p><w:r><w:t>\u{2022} typed</w:t></w:r></w:p>",
        item(0, "choose"),
        item(0, "ask:"),
        item(1, "peers"),
        item(0, "stop")
    );
    let document = docx(&body);
    let found: Vec<_> = document.blocks.iter().map(|block| (block.kind, block.lead_in)).collect();
    let item = BlockKind::ListItem;
    assert_eq!(
        found,
        [
            (BlockKind::Paragraph, None),
            (item, Some(0)),
            (item, Some(0)),
            (item, Some(2)),
            (item, Some(0)),
            (item, Some(0)),
            (item, Some(0))
        ]
    );
    let last = document.blocks[6];
    assert_eq!(&document.text[last.span.start..last.span.end], "typed");
    let place = document.origin.locate(document.map.start(last.span.start));
    assert_eq!(place, Location::Paragraph { paragraph: 7 });
}

#[test]
fn docx_notes_follow_and_the_main_part_is_found_where_the_package_says() {
    let members = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Type="http://example.org/officeDocument" Target="/doc/main.xml"/></Relationships>"#,
        ),
        (
            "doc/main.xml",
            "<w:document><w:body><w:p><w:r><w:t>Body.</w:t></w:r></w:p><w:altChunk/></w:body></w:document>",
        ),
        (
            "doc/footnotes.xml",
            "<w:footnotes><w:footnote w:type=\"separator\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote><w:footnote><w:p><w:r><w:t>Note.</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
        (
            "doc/comments.xml",
            "<w:comments><w:comment><w:p><w:r><w:t>You must fix this.</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        ("doc/embeddings/sheet.xlsx", "x"),
    ];
    let document = read(&packed(&members), Format::Docx).expect("it is read");
    assert_eq!(blocks(&document), [(BlockKind::Paragraph, "Body."), (BlockKind::Paragraph, "Note.")]);
    assert_eq!(
        document.skipped,
        ["1 embedded document(s) of another format (altChunk)", "embedded file doc/embeddings/sheet.xlsx"]
    );
}

fn odt(styles: &str, body: &str) -> Document {
    let xml = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    read(&packed(&[("content.xml", &xml)]), Format::Odt).expect("it is read")
}

#[test]
fn odt_holds_what_a_reader_sees() {
    let styles = r#"<style:style style:name="P1" style:parent-style-name="Quotations"/><style:style style:name="T1"><style:text-properties text:display="none"/></style:style>"#;
    let body = r#"<text:tracked-changes><text:p>You must.</text:p></text:tracked-changes>
        <text:h>Leave</text:h>
        <text:p>You<text:s text:c="2"/>may<text:line-break/>ask &amp; decide<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Any time.</text:p></text:note-body></text:note> freely<text:span text:style-name="T1">hidden</text:span>.</text:p>
        <text:p text:style-name="P1">Obey.</text:p>
        <text:p>Managers may:</text:p>
        <text:list><text:list-item><text:p>choose</text:p></text:list-item></text:list>
        <table:table><table:table-row><table:table-cell><text:p>Cell</text:p></table:table-cell></table:table-row></table:table>
        <text:p>Last<office:annotation><text:p>You must fix this.</text:p></office:annotation>.</text:p>"#;
    let document = odt(styles, body);
    assert_eq!(
        blocks(&document),
        [
            (BlockKind::Heading, "Leave"),
            (BlockKind::Paragraph, "You  may ask & decide freely."),
            (BlockKind::Quote, "Obey."),
            (BlockKind::Paragraph, "Managers may:"),
            (BlockKind::ListItem, "choose"),
            (BlockKind::TableCell, "Cell"),
            (BlockKind::Paragraph, "Last."),
            (BlockKind::Paragraph, "Any time."),
        ]
    );
    assert_eq!(document.blocks[4].lead_in, Some(3));
}

/// One byte a character, as the font's encoding has it.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).expect("one byte")).collect()
}

/// A file of pages; each page is lines of (left, base line, size, text).
fn pdf(pages: &[&[(i64, i64, i64, &str)]]) -> Vec<u8> {
    let mut file = lopdf::Document::with_version("1.5");
    let tree = file.new_object_id();
    let font = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let resources = file.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = pages
        .iter()
        .map(|lines| {
            let mut operations = Vec::new();
            for (left, base, size, text) in *lines {
                operations.extend([
                    Operation::new("BT", vec![]),
                    Operation::new("Tf", vec!["F1".into(), (*size).into()]),
                    Operation::new("Td", vec![(*left).into(), (*base).into()]),
                    Operation::new("Tj", vec![Object::string_literal(latin(text))]),
                    Operation::new("ET", vec![]),
                ]);
            }
            let content = Content { operations }.encode().expect("the content is written");
            let content = file.add_object(Stream::new(dictionary! {}, content));
            file.add_object(dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            })
            .into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    file.objects.insert(tree, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }));
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    file.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).expect("the file is written");
    bytes
}

#[test]
fn pdf_lines_become_paragraphs_and_places_are_pages() {
    let first: &[(i64, i64, i64, &str)] = &[
        (60, 800, 9, "Example Ltd - internal"),
        (60, 760, 20, "Leave"),
        (60, 730, 11, "You decide when you take your leave, and the people around you will sup-"),
        (60, 716, 11, "port it. Managers may:"),
        (70, 700, 11, "\u{95} ask when you plan to be away, so that nobody has to wait for you to"),
        (80, 686, 11, "be back"),
        (70, 672, 11, "\u{95} offer help"),
        (60, 640, 11, "What follows is a sentence which is so long that it has to go over to"),
        (290, 30, 9, "1"),
    ];
    let second: &[(i64, i64, i64, &str)] =
        &[(60, 800, 9, "Example Ltd - internal"), (60, 760, 11, "the next page. It ends here."), (290, 30, 9, "2")];
    let third: &[(i64, i64, i64, &str)] =
        &[(60, 800, 9, "Example Ltd - internal"), (60, 760, 11, "Last."), (290, 30, 9, "3")];
    let document = read(&pdf(&[first, second, third]), Format::Pdf).expect("it is read");
    assert_eq!(
        blocks(&document),
        [
            (BlockKind::Heading, "Leave"),
            (
                BlockKind::Paragraph,
                "You decide when you take your leave, and the people around you will support it. Managers may:"
            ),
            (BlockKind::ListItem, "ask when you plan to be away, so that nobody has to wait for you to be back"),
            (BlockKind::ListItem, "offer help"),
            (
                BlockKind::Paragraph,
                "What follows is a sentence which is so long that it has to go over to the next page. It ends here."
            ),
            (BlockKind::Paragraph, "Last."),
        ]
    );
    assert_eq!(document.blocks[2].lead_in, Some(1));
    let place = |piece: &str| {
        let at = document.text.find(piece).expect("the text holds the piece");
        document.origin.locate(document.map.start(at))
    };
    assert_eq!(place("What follows"), Location::Page { page: 1 });
    assert_eq!(place("It ends here"), Location::Page { page: 2 });
    assert_eq!(place("Last"), Location::Page { page: 3 });
}

#[test]
fn a_scan_has_no_text_layer_and_says_so() {
    let document = read(&pdf(&[&[]]), Format::Pdf).expect("it is read");
    assert!(document.blocks.is_empty());
    assert_eq!(document.warnings, ["no text layer"]);
}

#[test]
fn text_that_is_no_words_is_refused() {
    let noise: Vec<(i64, i64, i64, &str)> = (0..30).map(|n| (60, 800 - 20 * n, 11, "w r o t x q z k v")).collect();
    let error = read(&pdf(&[&noise]), Format::Pdf).expect_err("it is refused");
    assert_eq!(error.to_string(), "not a readable pdf file: its text could not be recovered");
}

#[test]
fn what_cannot_be_read_says_why_in_one_line() {
    let locked = packed(&[
        ("META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        ("content.xml", "\u{7f}noise"),
    ]);
    let cut = {
        let mut bytes = packed(&[("word/document.xml", "<w:document/>")]);
        bytes.truncate(40);
        bytes
    };
    let cases: [(&str, Format, &[u8], &str); 8] = [
        ("no zip", Format::Docx, b"plain words", "not a readable docx file: it is not a zip archive"),
        ("cut short", Format::Docx, &cut, "not a readable docx file: its zip archive is damaged or cut short"),
        ("other zip", Format::Docx, &packed(&[("a.txt", "a")]), "not a readable docx file: it has no main part"),
        ("other zip", Format::Odt, &packed(&[("a.txt", "a")]), "not a readable odt file: it has no content.xml"),
        ("locked", Format::Odt, &locked, "password protected"),
        ("no pdf", Format::Pdf, b"plain words", "not a readable pdf file: its structure is damaged"),
        ("empty", Format::Pdf, b"", "not a readable pdf file: its structure is damaged"),
        ("empty", Format::Odt, b"", "not a readable odt file: it is not a zip archive"),
    ];
    for (name, format, bytes, expected) in cases {
        assert_eq!(read(bytes, format).expect_err(name).to_string(), expected, "{name}");
    }
}

#[test]
fn damaged_and_deeply_nested_xml_neither_panics_nor_is_lost() {
    let damaged = "<w:document><w:body><w:p><w:r><w:t>Kept.</w:t></w:r></w:p><w:p><!-- no end";
    let document = read(&packed(&[("word/document.xml", damaged)]), Format::Docx).expect("it is read");
    assert_eq!(blocks(&document), [(BlockKind::Paragraph, "Kept.")]);
    assert_eq!(document.warnings, ["its XML is damaged; what stands before the damage was read"]);
    let deep = format!("{}<w:p><w:r><w:t>Deep.</w:t></w:r></w:p>", "<w:tbl><w:tr><w:tc><w:p>".repeat(50_000));
    assert_eq!(docx(&deep).blocks.len(), 1);
}

#[test]
fn a_member_that_unpacks_without_end_is_past_the_limit() {
    let bomb = " ".repeat((64 << 20) + 1);
    let error = read(&packed(&[("word/document.xml", &bomb)]), Format::Docx).expect_err("it is refused");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Ratio, most: 200 });
}
