//! Mail: only what the author wrote.

use leadtone::document::{BlockKind, Document, Location};
use leadtone::extract::{ExtractError, ExtractOptions, Format, Limit, extract};

fn read(bytes: &[u8], format: Format) -> Vec<Result<Document, (String, ExtractError)>> {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    extract(bytes, None, &options).expect("the source is read").documents
}

fn mail(bytes: &[u8]) -> Document {
    read(bytes, Format::Mail).remove(0).expect("the mail is read")
}

/// A plain mail with this header beside the usual one, and this body.
fn plain(header: &str, body: &str) -> Document {
    mail(format!("From: Ana Lima <Ana@Example.org>\n{header}\n{body}").as_bytes())
}

fn of_kind(document: &Document, is_wanted: impl Fn(BlockKind) -> bool) -> Vec<&str> {
    let blocks = document.blocks.iter().filter(|block| is_wanted(block.kind));
    blocks.map(|block| &document.text[block.span.start..block.span.end]).collect()
}

fn authored(document: &Document) -> Vec<&str> {
    of_kind(document, BlockKind::is_authored)
}

/// Where a piece of the text stands in the file.
fn place(document: &Document, piece: &str) -> Location {
    let at = document.text.find(piece).expect("the text holds the piece");
    document.origin.locate(document.map.start(at))
}

fn line(line: u32, column: u32) -> Location {
    Location::Line { line, column }
}

/// Name, body, and what of it is the author's.
const BODIES: &[(&str, &str, &[&str])] = &[
    ("nothing to take away", "Please decide by Friday.\n", &["Please decide by Friday."]),
    (
        "quoted lines between answers",
        "> Who signs?\n\nYou decide.\n\n> And when?\n\nAny day works.\n",
        &["You decide.", "Any day works."],
    ),
    (
        "an attribution over two lines",
        "You have my support.\n\nOn Tue, 4 Mar 2025 at 09:12, Bo Tran\n<bo@example.org> wrote:\n> May we start?\n",
        &["You have my support."],
    ),
    (
        "the changes of a patch",
        "Pick any colour.\n\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n a\n+You must go.\n\n+You must \
         stay.\n-- \n2.47.3\n",
        &["Pick any colour."],
    ),
    (
        "what a patch changes, summed up",
        "Pick any colour.\n---\n a/long name.txt | 12 +++++++-----\n b.png           | Bin 0 -> 120 bytes\n {c => d}/e.txt  |  \
         0\n 3 files changed, 7 insertions(+), 5 deletions(-)\n create mode 100644 b.png\n rename {c => d}/e.txt \
         (100%)\n\nYour call.\n",
        &["Pick any colour.", "Your call."],
    ),
    (
        "rows of a table with counts, and no sum of changes",
        "Nets:\n\nold boat | 3\nnew boat | 4\n",
        &["Nets:", "old boat | 3 new boat | 4"],
    ),
    (
        "changes with no end that is known",
        "diff --git a/f b/f\n+Red.\n\nPick any colour.\n",
        &["diff --git a/f b/f", "+Red.", "Pick any colour."],
    ),
    ("an attribution without a date", "Bo Tran writes:\n> May we?\n\nYes, please do.\n", &["Yes, please do."]),
    (
        "a dated attribution over unmarked text",
        "Your call.\n\nOn Tue, Mar 4, 2025 at 9:12 AM Bo Tran <bo@example.org> wrote:\n\nMust we report daily?\n",
        &["Your call."],
    ),
    (
        "wrote in prose",
        "On Monday the team wrote: we want to own this. I agree.\n\nGo ahead.\n",
        &["On Monday the team wrote: we want to own this. I agree.", "Go ahead."],
    ),
    (
        "wrote at a line's end, in prose",
        "On our wall somebody wrote:\n\nTrust comes first.\n\nI like that.\n",
        &["On our wall somebody wrote:", "Trust comes first.", "I like that."],
    ),
    (
        "an original message",
        "Fine with me.\n\n-----Original Message-----\nFrom: Bo\nSubject: x\n\nYou must sign.\n",
        &["Fine with me."],
    ),
    (
        "an original message behind marks, and an answer below",
        "-----Original Message-----\n> From: Bo\n> You must sign.\n\nI would rather not.\n",
        &["I would rather not."],
    ),
    (
        "forwarded by groupware",
        "FYI, your choice.\n---------------------- Forwarded by Bo Tran/NA/Example on 03/04/2025 09:12 AM -----\n\nYou must sign.\n",
        &["FYI, your choice."],
    ),
    ("forwarded by a telephone", "See below.\n\nBegin forwarded message:\n\nFrom: Bo\n\nDo it.\n", &["See below."]),
    (
        "forwarded by a telephone, behind marks",
        "See below.\n\nBegin forwarded message:\n\n> You must sign.\n> Nobody leaves.\n\nYour call.\n",
        &["See below.", "Your call."],
    ),
    (
        "a copied header",
        "I trust you with it.\n\nFrom: Bo Tran\nSent: Tuesday, 4 March 2025 09:12\nTo: Ana Lima\nSubject: Budget\n\nYou must sign.\n",
        &["I trust you with it."],
    ),
    (
        "a copied header of groupware, name and time above it",
        "Let us talk.\n\n\tBo Tran\n\t03/04/2025 09:12 AM\n\t\n\t\t To: Ana Lima/NA/Example\n\t\t cc: \n\t\t Subject: Budget\n\nYou must sign.\n",
        &["Let us talk."],
    ),
    (
        "a rule of underscores above a header",
        "Agreed.\n________________________________\nFrom: Bo Tran\nYou must sign.\n",
        &["Agreed."],
    ),
    (
        "a memo's own header at the top",
        "TO: All staff\nFROM: Ana Lima\nSUBJECT: Leave\n\nTake the days you need.\n",
        &["TO: All staff", "FROM: Ana Lima", "SUBJECT: Leave", "Take the days you need."],
    ),
    (
        "a longer memo header, and a copied one below",
        "TO: All staff\nFROM: Ana Lima\nDATE: 4 March\nSUBJECT: Leave\n\nTake the days you need.\n\nFrom: Bo \
         Tran\nTo: Ana Lima\nSubject: Leave\n\nYou must sign.\n",
        &["TO: All staff", "FROM: Ana Lima", "DATE: 4 March", "SUBJECT: Leave", "Take the days you need."],
    ),
    (
        "a list that is marked as quotations are",
        "Choose one of these:\n\n> Berlin office\n> Lagos office\n\nBoth are fine.\n",
        &["Choose one of these:", "Berlin office", "Lagos office", "Both are fine."],
    ),
    ("a signature", "Take your time.\n\n-- \nAna Lima\nYou must see our shop\n", &["Take your time."]),
    ("a signature below bare hyphens", "Take your time.\n\n--\nAna Lima\nHead of Operations\n", &["Take your time."]),
    (
        "a saying below bare hyphens and a letter's end",
        "Take your time.\n\nRegards,\nAna\n\n--\nAna Lima\nYou must see our shop today.\n",
        &["Take your time."],
    ),
    (
        "a dash between two sections",
        "Take your time.\n\n\u{2014}\n\nThe second boat is for the school.\n\n--\nKeep the keys where all can find \
         them.\nThanks to Bo.\n",
        &[
            "Take your time.",
            "\u{2014}",
            "The second boat is for the school.",
            "--",
            "Keep the keys where all can find them.",
            "Thanks to Bo.",
        ],
    ),
    (
        "a signature with a saying below a dash between two sections",
        "One.\n--\nTwo is for all who come.\n\n-- \nAna Lima\n\nHe who asks learns the way, says the fisher.\n",
        &["One.", "--", "Two is for all who come."],
    ),
    (
        "a signature without its delimiter",
        "Take your time.\n\nKind regards,\n\nAna Lima\nHead of Operations\nTel: +351 210 000 000\n",
        &["Take your time."],
    ),
    (
        "a list below thanks",
        "Hi all,\n\nThanks!\n\nFor today:\n1. Bring the nets\n2) Ask me first\nb) Mend the sail\n",
        &["Hi all,", "Thanks!", "For today:", "Bring the nets", "Ask me first", "Mend the sail"],
    ),
    (
        "a name with an initial below thanks",
        "Bring the nets.\n\nThanks!\n\nA. Lima\nHead of Operations\n",
        &["Bring the nets."],
    ),
    (
        "thanks that open a sentence",
        "Thanks for the draft.\n\nThanks\nto Bo we can stop here and ask the others what they think of it.\n",
        &["Thanks for the draft.", "Thanks to Bo we can stop here and ask the others what they think of it."],
    ),
    (
        "a legal notice",
        "Your choice.\n\nThis e-mail and any attachment are confidential and intended only for the addressee.\nYou must delete it if you are not the intended recipient.\n",
        &["Your choice."],
    ),
    (
        "confidence spoken of by the author",
        "This message is confidential until Friday. Decide among yourselves whom to tell.\n",
        &["This message is confidential until Friday. Decide among yourselves whom to tell."],
    ),
    (
        "a list's footer",
        "Go ahead.\n\n_______________________________________________\nplanning mailing list\nTo unsubscribe you must visit https://example.org/mailman/listinfo/planning\n",
        &["Go ahead."],
    ),
    ("an advertisement", "Go ahead.\n\nSent from my telephone\n", &["Go ahead."]),
    (
        "words of a footer in a sentence",
        "Hello all.\n\nNobody may opt out of the late watch.\nWrite to kai@hotmail.com for a swap.\nTo post to the ledger \
         you need a key.\nSubscribe to the plan you like.\n",
        &[
            "Hello all.",
            "Nobody may opt out of the late watch.",
            "Write to kai@hotmail.com for a swap.",
            "To post to the ledger you need a key.",
            "Subscribe to the plan you like.",
        ],
    ),
    (
        "a list spoken of below a heading",
        "Where to ask\n------------\n\nThe mailing list\n\nis yours. You decide.\n",
        &["Where to ask", "The mailing list", "is yours. You decide."],
    ),
    (
        "an address of a list before the last paragraph",
        "Join at https://example.org/mailman/listinfo/planning if you like.\n\nYou decide.\n",
        &["Join at https://example.org/mailman/listinfo/planning if you like.", "You decide."],
    ),
    (
        "a provider's words below a rule",
        "Go ahead.\n_________________________________\nGet your free space at http://www.hotmail.com/\n\nYou must see it.\n",
        &["Go ahead."],
    ),
    (
        "armour",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nGo ahead.\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n",
        &["Go ahead."],
    ),
    (
        "a boundary folded over two lines",
        "Have a look.\n--=====_ _=\n     2283(1)\nContent-Type: text/plain\n\nYour call.\n",
        &["Have a look.", "Your call."],
    ),
    (
        "a page that is not declared",
        "<html><head><title>x</title></head>\n<body><p>Your&nbsp;call.</p></body></html>\n",
        &["Your\u{a0}call."],
    ),
    ("the same again as a page", "Your call.\n\n<HTML><body><p>Your call.</p></body></HTML>\n", &["Your call."]),
    (
        "a file in the text",
        "Have a look.\nbegin 644 plan.bin\nM1TE&.#EA%``6`,(``\n`\nend\nYour call.\n",
        &["Have a look.", "Your call."],
    ),
    (
        "a year that a wrap has put behind the word",
        "As we are all agreed on the budget, I would like us to\nbegin 2026 with a clear plan.\n\nYour call.\n",
        &["As we are all agreed on the budget, I would like us to begin 2026 with a clear plan.", "Your call."],
    ),
    (
        "a number that could be a mode, and no file that ends",
        "As we are all agreed on the budget, I would like us to\nbegin 100 interviews.\n\nYour call.\n",
        &["As we are all agreed on the budget, I would like us to begin 100 interviews.", "Your call."],
    ),
];

#[test]
fn only_the_authors_words_are_authored() {
    for (name, body, expected) in BODIES {
        let crlf = body.replace('\n', "\r\n");
        for body in [*body, &crlf] {
            let document = plain("", body);
            assert_eq!(authored(&document), *expected, "{name}: {:?}", document.blocks);
        }
    }
}

#[test]
fn a_subject_is_a_heading_unless_it_answers() {
    let cases = [
        ("Subject: New leave policy\n", "New leave policy", BlockKind::Heading),
        ("Subject: [staff] New leave policy\n", "New leave policy", BlockKind::Heading),
        ("Subject: =?utf-8?q?Caf=C3=A9?= plans\n", "Café plans", BlockKind::Heading),
        ("Subject: Re: You must sign\n", "Re: You must sign", BlockKind::Quote),
        ("Subject: [staff] FW: You must sign\n", "FW: You must sign", BlockKind::Quote),
    ];
    for (header, text, kind) in cases {
        let document = plain(header, "Hello.\n");
        let first = document.blocks[0];
        assert_eq!((&document.text[first.span.start..first.span.end], first.kind), (text, kind), "{header}");
    }
    let forwarded =
        plain("Subject: Budget\n", "FYI\n\n---- Forwarded by Bo ----\nFrom: Bo\nSubject: Budget\n\nSign.\n");
    assert_eq!(authored(&forwarded), ["FYI"]);
}

#[test]
fn the_sender_is_an_address_in_lower_case() {
    assert_eq!(plain("", "Hello.\n").sender.as_deref(), Some("ana@example.org"));
    assert_eq!(mail(b"Subject: x\n\nHello.\n").sender, None);
}

#[test]
fn places_are_lines_of_the_file() {
    let document = plain(
        "Subject: Plan\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n",
        "First line.\n\nCaf=C3=A9 is where you=\n meet, and you decide.\n",
    );
    assert_eq!(place(&document, "Plan"), line(2, 10));
    assert_eq!(place(&document, "First"), line(6, 1));
    assert_eq!(place(&document, "Café"), line(8, 1));
    assert_eq!(place(&document, "is where"), line(8, 11));
    assert_eq!(place(&document, "meet"), line(9, 2));
}

#[test]
fn charsets_are_seen_through() {
    let cases: [(&str, &[u8], &str); 6] = [
        ("text/plain; charset=us-ascii", "Caf\u{e9} at noon.".as_bytes(), "Café at noon."),
        ("text/plain; charset=x-unknown", "Caf\u{e9} at noon.".as_bytes(), "Café at noon."),
        ("text/plain", b"Caf\xe9 at noon, if you like it there.", "Café at noon, if you like it there."),
        ("text/plain; charset=windows-1252", b"It\x92s yours.", "It\u{2019}s yours."),
        ("text/plain; charset=iso-8859-1", "It\u{2019}s yours.".as_bytes(), "It\u{2019}s yours."),
        ("text/plain; charset=\"utf-8\"", "It\u{2019}s yours.".as_bytes(), "It\u{2019}s yours."),
    ];
    for (content_type, body, expected) in cases {
        let mut bytes = format!("Content-Type: {content_type}\n\n").into_bytes();
        bytes.extend_from_slice(body);
        assert_eq!(authored(&mail(&bytes)), [expected], "{content_type}");
    }
}

#[test]
fn flowed_lines_are_one_paragraph() {
    let body = "You decide what \ncomes first.\n> they ask \n> for more\n-- \nAna\n";
    let document = plain("Content-Type: text/plain; format=flowed\n", body);
    assert_eq!(authored(&document), ["You decide what comes first."]);
    assert_eq!(of_kind(&document, |kind| kind == BlockKind::Quote), ["> they ask for more"]);
    assert_eq!(place(&document, "comes first"), line(5, 1));
    let document = plain("Content-Type: text/plain; format=flowed; delsp=yes\n", "You de \ncide.\n");
    assert_eq!(authored(&document), ["You decide."]);
}

const ALTERNATIVES: &str = "\
Subject: Offsite
Content-Type: multipart/mixed; boundary=out

preamble, you must not read this
--out
Content-Type: multipart/alternative; boundary=in

--in
Content-Type: text/plain

PLAIN
--in
Content-Type: text/html

<p>You <b>choose</b> the place.</p><blockquote>You must pay.</blockquote>
--in--
--out
Content-Type: application/pdf; name=\"costs.pdf\"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--out
Content-Type: text/plain
Content-Disposition: attachment; filename=notes.txt

You must read these notes.
--out
Content-Type: message/rfc822

Subject: old
Content-Type: text/plain

You must obey.
--out--
epilogue, you must not read this
";

#[test]
fn alternatives_count_once_and_attachments_are_named() {
    let document = mail(ALTERNATIVES.replace("PLAIN", "You choose the place.").as_bytes());
    assert_eq!(authored(&document), ["Offsite", "You choose the place."]);
    assert_eq!(
        document.skipped,
        [
            "attachment costs.pdf (application/pdf)",
            "attachment notes.txt (text/plain)",
            "forwarded message (message/rfc822)"
        ]
    );
    // A plain alternative that only points at the other one gives way to it.
    for stub in ["", "To view this message, please use an HTML capable reader."] {
        let document = mail(ALTERNATIVES.replace("PLAIN", stub).as_bytes());
        assert_eq!(authored(&document), ["Offsite", "You choose the place."], "{stub:?}");
    }
}

#[test]
fn text_with_a_files_name_is_attached_unless_it_is_the_body() {
    let part = |header: &str, text: &str| format!("--b\n{header}\n\n{text}\n");
    let named = "Content-Type: text/plain; name=notes.txt";
    let shown = "Content-Type: text/plain\nContent-Disposition: inline; filename=notes.txt";
    let page = "Content-Type: text/html; name=page.html";
    for (name, kind, parts, expected, skipped) in [
        (
            "below the body",
            "mixed",
            &[("", "You decide."), (named, "You must."), (shown, "You must."), (page, "<p>You must.</p>")][..],
            &["You decide."][..],
            3,
        ),
        ("the only text", "mixed", &[("Content-Type: image/png", "x"), (shown, "You decide.")], &["You decide."], 1),
        ("a body with a name", "mixed", &[(named, "You decide."), ("", "We help.")], &["You decide.", "We help."], 0),
        ("versions", "alternative", &[(named, "You decide."), (page, "<p>You must.</p>")], &["You decide."], 0),
        ("a version behind nothing", "alternative", &[("", " "), (page, "<p>You decide.</p>")], &["You decide."], 0),
    ] {
        let body: String = parts.iter().map(|(header, text)| part(header, text)).collect();
        let document = plain(&format!("Content-Type: multipart/{kind}; boundary=b\n"), &format!("{body}--b--\n"));
        assert_eq!(authored(&document), expected, "{name}");
        assert_eq!(document.skipped.len(), skipped, "{name}: {:?}", document.skipped);
    }
}

#[test]
fn html_mail_keeps_to_the_same_zones() {
    let body = "<div>Your call.</div><div>-----Original Message-----</div><div>From: Bo</div><div>You must sign.</div>";
    let document = plain("Content-Type: text/html\n", body);
    assert_eq!(authored(&document), ["Your call."]);
    // Of so much text no line is a footer's.
    let body: String = (0..12).map(|n| format!("<p>Boat {n} is yours.</p>")).collect();
    let document = plain("Content-Type: text/html\n", &format!("<p>To unsubscribe: reply.</p>{body}"));
    assert_eq!(authored(&document).len(), 13);
    let document = plain("Content-Type: text/html\n", "<p>Your call.</p><p>To unsubscribe: reply.</p><p>Do it.</p>");
    assert_eq!(authored(&document), ["Your call."]);
}

#[test]
fn base64_is_decoded_past_padding_in_mid_stream() {
    let header = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n";
    let document = plain(header, "WW91IGRlY2lkZS4=\nIFdlIGhlbHAu\n");
    assert_eq!(authored(&document), ["You decide. We help."]);
}

#[test]
fn broken_mail_is_told_of_and_never_lost_silently() {
    for bytes in [&b""[..], b"\n\n", b"Content-Type: multipart/mixed; boundary=x\n\n\n\n"] {
        let document = mail(bytes);
        assert!(authored(&document).is_empty());
        assert!(!document.warnings.is_empty(), "{bytes:?}");
    }
    let unnamed = mail(b"Content-Type: multipart/mixed; boundary=x\n\nYou decide.\n");
    assert_eq!(authored(&unnamed), ["You decide."]);
}

#[test]
fn nested_messages_cannot_exhaust_the_stack() {
    let nested = mail("Content-Type: message/rfc822\n\n".repeat(50_000).as_bytes());
    assert_eq!(nested.skipped, ["forwarded message (message/rfc822)"]);
    let hidden = "Content-Type: message/=72fc822\n\n".repeat(50_000);
    let header = "Content-Type: Message/ RFC822\nContent-Transfer-Encoding: quoted-printable\n";
    let hidden = plain(header, &hidden);
    assert_eq!(hidden.skipped, ["forwarded message (message/rfc822)"]);
    let multiparts = |count: usize| -> String {
        (0..count).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect()
    };
    assert_eq!(authored(&mail(format!("{}\nHello.\n", multiparts(199)).as_bytes())), ["Hello."]);
    let options = ExtractOptions { format: Some(Format::Mail), ..ExtractOptions::default() };
    let deep = format!("{}\nHello.\n", multiparts(200));
    let error = extract(deep.as_bytes(), None, &options).expect_err("past the limit");
    assert_eq!(error, ExtractError::Limit { limit: Limit::Nesting, most: 200 });
}

#[test]
fn messages_side_by_side_are_not_nested() {
    let part = "--rfc822-b\nContent-Type: message/rfc822; name=\"global.eml\"\n\nSubject: x\n\nYou must.\n";
    let header = "Subject: A global digest of message/rfc822\nContent-Type: multipart/mixed; boundary=\"rfc822-b\"\n";
    let text = "--rfc822-b\n\nmessage/rfc822 is yours. A global digest, too.\n";
    let document = plain(header, &format!("{text}{}--rfc822-b--\n", part.repeat(300)));
    assert_eq!(
        authored(&document),
        ["A global digest of message/rfc822", "message/rfc822 is yours. A global digest, too."]
    );
    assert_eq!(document.skipped.len(), 300);
    assert_eq!(document.skipped[0], "forwarded message global.eml (message/rfc822)");
    // In a digest a part is a message that says nothing else.
    let digest = "--d\n\nSubject: x\n\nYou must.\n--d\nContent-Type: text/plain\n\nYou decide.\n--d--\n";
    let document = plain("Content-Type: multipart/digest; boundary=d\n", digest);
    assert_eq!(authored(&document), ["You decide."]);
    assert_eq!(document.skipped, ["forwarded message (message/rfc822)"]);
}

#[test]
fn long_bodies_take_linear_time() {
    for line in [
        "> quoted\n",
        "To: a@example.org\n",
        "On it wrote:\n",
        "\n",
        "--\n",
        "-----BEGIN PGP\n",
        ">From x\n",
        "Thanks,\n",
    ] {
        let document = plain("", &line.repeat(60_000));
        assert!(document.origin.text.len() >= line.len() * 60_000 - 60_000, "{line:?}");
    }
}

#[test]
fn mailboxes_split_at_messages_only() {
    let mbox = "\u{feff}From ana@example.org Tue Mar  4 09:12:00 2025\nSubject: One\n\nHello.\n\n\
        From here on, you decide.\n>From time to time we ask.\n\n\
        From bo@example.org Wed Mar  5 10:00:00 2025\nSubject: Two\n\nBye.\n";
    let documents: Vec<Document> =
        read(mbox.as_bytes(), Format::Mbox).into_iter().map(|document| document.expect("it is read")).collect();
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].part.as_deref(), Some("1"));
    assert_eq!(authored(&documents[0]), ["One", "Hello.", "From here on, you decide.", "From time to time we ask."]);
    assert_eq!(authored(&documents[1]), ["Two", "Bye."]);
    assert_eq!(place(&documents[0], "From here"), line(6, 1));
    assert_eq!(place(&documents[0], "From time"), line(7, 2));
    assert_eq!(place(&documents[1], "Bye"), line(12, 1));
}

#[test]
fn a_content_length_that_leads_to_a_message_is_believed() {
    let body = "See this line:\n\nFrom cy@example.org Thu Mar  6 11:00:00 2025\nis how they begin.\n";
    let mbox = format!(
        "From ana@example.org Tue Mar  4 09:12:00 2025\nContent-Length: {}\n\n{body}\n\
         From bo@example.org Wed Mar  5 10:00:00 2025\n\nBye.\n",
        body.len()
    );
    assert_eq!(read(mbox.as_bytes(), Format::Mbox).len(), 2);
    let wrong = mbox.replace(&body.len().to_string(), "7");
    assert_eq!(read(wrong.as_bytes(), Format::Mbox).len(), 3);
}

#[test]
fn a_mailbox_is_told_by_its_first_line_whatever_its_name() {
    let message = |envelope: &str| format!("{envelope}\nFrom: a@example.org\nSubject: Plan\n\nYou decide.\n\n");
    for (envelope, count) in [
        ("From a@example.org Mon Nov 16 09:00:00 2026", 3),
        ("From -", 3),
        ("From - ", 3),
        ("From a@example.org", 3),
        // A letter that begins like this is a letter.
        ("From here on, it is yours.", 1),
    ] {
        let name = std::path::Path::new("box.txt");
        let found = extract(message(envelope).repeat(3).as_bytes(), Some(name), &ExtractOptions::default());
        assert_eq!(found.expect("it is read").documents.len(), count, "{envelope}");
    }
}
