//! Whether a document can be judged: texts of all kinds, languages, and how much evidence is enough.

use leadtone::report::{Counts, Status};
use leadtone::score::{Facts, Register, language, status};

/// Invented texts, and whether they are writing to people one leads.
const TEXTS: [(&str, &str, bool); 13] = [
    ("log", include_str!("data/register/log.txt"), false),
    ("program", include_str!("data/register/program.txt"), false),
    ("novel", include_str!("data/register/novel.txt"), false),
    ("old novel", include_str!("data/register/old_novel.txt"), false),
    ("specification", include_str!("data/register/specification.txt"), false),
    ("manual", include_str!("data/register/manual.txt"), false),
    ("command reference", include_str!("data/register/command_reference.txt"), false),
    ("memo", include_str!("data/register/memo.txt"), true),
    ("review", include_str!("data/register/review.txt"), true),
    ("policy", include_str!("data/register/policy.txt"), true),
    ("mail", include_str!("data/register/mail.txt"), true),
    ("licence", include_str!("data/register/licence.txt"), false),
    ("safety policy full of must", include_str!("data/register/safety.txt"), true),
];

#[test]
fn register_tells_leadership_writing_from_the_rest() {
    for (name, text, expected) in TEXTS {
        let score = Register::builtin().judge(text.lines(), 0);
        assert_eq!(score.is_leadership, expected, "{name}: {score:?}");
        assert_eq!(language(text.lines()), Some("en"), "{name}");
    }
}

#[test]
fn a_document_is_judged_alike_in_any_pieces() {
    for (name, text, _) in TEXTS {
        let whole = Register::builtin().judge([text], 0);
        assert_eq!(Register::builtin().judge(text.split(' '), 0), whole, "{name}");
    }
}

#[test]
fn a_few_odd_words_turn_no_document_away() {
    for text in ["", "Run `cargo test --all` first.", "{ }; == ->", "She said nothing."] {
        assert!(Register::builtin().judge([text], 0).is_leadership, "{text}");
    }
}

#[test]
fn commands_below_each_line_make_a_reference() {
    let lines = [
        "Create a group:",
        "Check whether a group exists:",
        "Delete a group:",
        "Wait for a condition of the group:",
        "Print what there is:",
    ];
    let (bare, listed) = (Register::builtin().judge(lines, 0), Register::builtin().judge(lines, 5));
    assert!(bare.is_leadership && !listed.is_leadership, "{bare:?} {listed:?}");
    // A handbook shows a command now and then.
    assert!(Register::builtin().judge(TEXTS[7].1.lines(), 5).is_leadership);
}

#[test]
fn language_is_told_from_enough_text_only() {
    let german = "Wir treffen uns am Montag um neun Uhr im großen Saal und besprechen dort, wie die Schichten im Sommer verteilt \
                  werden. Jede Gruppe entscheidet selbst, wer wann arbeitet. Bitte bringt eure Wünsche schriftlich mit, damit \
                  wir sie gemeinsam ordnen können.";
    let russian = "Мы встречаемся в понедельник в девять часов и обсуждаем, как распределить смены летом. Каждая группа \
                   сама решает, кто и когда работает. Пожалуйста, принесите свои пожелания в письменном виде.";
    let japanese = "月曜日の九時に大会議室に集まり、夏のシフトをどのように分けるかを話し合います。誰がいつ働くかは各グループが自分で決めます。\
                    希望を書いて持ってきてください。みんなで一緒に調整しましょう。質問があればいつでも私に聞いてください。";
    let names = "Okonkwo, Lindqvist, Baptiste, Nakamura, Villanueva, Szczepański, Oyelaran, Thorvaldsen, Papadopoulos, \
                 Castellanos, Eze, Farrow, Adeyemi, Blum, Kessler, Norvane, Brackwater, Tollgate, Halden, Reyes, Weller.";
    for (text, expected) in [
        (german, Some("de")),
        (russian, Some("ru")),
        (japanese, Some("ja")),
        ("Bitte alle um neun in den Saal.", None),
        ("Please be there at nine.", None),
        (TEXTS[7].1, Some("en")),
    ] {
        assert_eq!(language([text]), expected, "{text}");
    }
    // A list of names is in no language that one could be sure of.
    assert!(matches!(language([names]), None | Some("en")));
    // Nor do figures before a text hide its language.
    let figures = ["1965 . . . . . . . . . . 23.8 10.0 13.8"; 200];
    assert_eq!(language(figures.into_iter().chain([TEXTS[7].1])), Some("en"));
    // Foreign words in English do not make it foreign.
    assert_eq!(language([TEXTS[7].1, german]), Some("en"));
}

#[test]
fn status_names_the_first_reason_not_to_judge() {
    let register = |text| Register::builtin().judge([text], 0);
    let (memo, program) = (register(TEXTS[7].1), register(TEXTS[1].1));
    for (sentences, sided, language, register, expected) in [
        (0, 0, None, memo, Status::NoText),
        (0, 0, Some("de"), program, Status::NoText),
        (20, 9, Some("de"), program, Status::NotEnglish),
        (20, 9, Some("en"), program, Status::NotLeadership),
        (20, 9, None, program, Status::NotLeadership),
        (20, 3, Some("en"), memo, Status::TooLittleEvidence),
        (4, 4, None, memo, Status::Scored),
        (20, 9, Some("en"), memo, Status::Scored),
        // One in twelve may all be mistakes, where there are many; where there are few nobody knows.
        (2_000, 165, Some("en"), memo, Status::TooLittleEvidence),
        (2_000, 250, Some("en"), memo, Status::Scored),
        (48, 4, Some("en"), memo, Status::Scored),
    ] {
        let counts = Counts { sentences, directive: sided, neutral: sentences - sided, ..Counts::default() };
        assert_eq!(status(Facts { counts: &counts, language, register }), expected, "{sentences} {sided} {language:?}");
    }
}
