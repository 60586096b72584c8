//! Guards: what must not move a verdict, and which way it may move when a sentence changes in a known way.
//!
//! Three kinds of check (after Ribeiro et al. 2020): tables of sentences with a label, rewritings that leave the label as
//! it is, and rewritings that may move a score in one direction only. What follows from the program's structure holds
//! for every sentence; what hangs on the entries has a floor, in thousandths of the cases, that only ever rises. Run
//! with `--nocapture` to see every miss by its kind.

use super::samples::{Row, rows};
use leadtone::evaluate::answer;
use leadtone::extract::{ExtractOptions, Format, Limits, extract};
use leadtone::label::Label;
use leadtone::lexicon::Lexicon;
use leadtone::report::{DocumentId, DocumentReport};
use leadtone::scan::{Naming, analyze};
use leadtone::score::{Context, Judge, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Twelve modals, five forms, four subjects.
const MODALS: [&str; 12] = [
    "must",
    "shall",
    "should",
    "have-to",
    "need-to",
    "ought-to",
    "may",
    "can",
    "could",
    "might",
    "be-allowed-to",
    "be-expected-to",
];
const FORMS: [&str; 5] = ["plain", "not", "never", "no", "question"];
const SUBJECTS: [&str; 4] = ["you", "we", "role", "thing"];

/// Cells that hardly anybody says, or whose reader would have to guess.
const UNDECIDED: [(&str, &str, &str); 6] = [
    ("shall", "question", "role"),
    ("shall", "question", "thing"),
    ("ought-to", "question", "role"),
    ("may", "question", "you"),
    ("might", "no", "you"),
    ("might", "no", "we"),
];

/// First names of the samples, which others are put in the place of.
const NAMES_OF_SAMPLES: [&str; 44] = [
    "Amara", "Ana", "Arturo", "Benny", "Bethan", "Callum", "Clive", "Dana", "Denise", "Dev", "Devika", "Farida",
    "Femi", "Ferhat", "Gareth", "Hywel", "Idris", "Ines", "Jo", "Joyce", "Karen", "Katya", "Kofi", "Lena", "Luz",
    "Marian", "Marijke", "Marta", "Mei", "Mo", "Niall", "Nuala", "Olga", "Owen", "Pete", "Priya", "Rohan", "Ros",
    "Rosalind", "Sheila", "Simon", "Sipho", "Sunita", "Yusra",
];

/// Names that are also words, most of them verbs, modals, months or words of praise.
const NAMES_THAT_ARE_WORDS: [&str; 80] = [
    "Will",
    "May",
    "Mark",
    "Grace",
    "Bill",
    "Art",
    "Rose",
    "Hope",
    "Faith",
    "Chase",
    "Drew",
    "Pat",
    "Sue",
    "Grant",
    "Frank",
    "Miles",
    "Summer",
    "Dawn",
    "Joy",
    "Rich",
    "Guy",
    "Penny",
    "Sky",
    "Reed",
    "Wade",
    "Skip",
    "Rob",
    "Jack",
    "Max",
    "Ray",
    "Gene",
    "Dean",
    "Earl",
    "Duke",
    "King",
    "Price",
    "Page",
    "Bob",
    "Nick",
    "Peg",
    "Josh",
    "Chip",
    "Ty",
    "Trip",
    "Lance",
    "Pierce",
    "Hunter",
    "Mason",
    "Carter",
    "Parker",
    "Taylor",
    "Sawyer",
    "Tanner",
    "Baker",
    "Cliff",
    "Forest",
    "Brook",
    "Ivy",
    "Olive",
    "Ginger",
    "Ruby",
    "Pearl",
    "Amber",
    "Jade",
    "April",
    "June",
    "Autumn",
    "Star",
    "Charity",
    "Patience",
    "Prudence",
    "Constance",
    "Clarity",
    "Honor",
    "Victor",
    "Justice",
    "Noble",
    "Ernest",
    "Major",
    "Ready",
];

/// Names from several parts of the world.
const NAMES: [&str; 120] = [
    "Aaliyah",
    "Abebe",
    "Adebayo",
    "Agnieszka",
    "Ahmed",
    "Aisha",
    "Akira",
    "Alejandra",
    "Amina",
    "Anders",
    "Andrew",
    "Anjali",
    "Ayşe",
    "Babajide",
    "Beatriz",
    "Bilal",
    "Björn",
    "Bo",
    "Bronagh",
    "Carlos",
    "Catherine",
    "Chiara",
    "Chinedu",
    "Chloé",
    "Claire",
    "Danielle",
    "Daria",
    "David",
    "Deepak",
    "Diego",
    "Dmitri",
    "Ebony",
    "Eilidh",
    "Elizabeth",
    "Emily",
    "Emre",
    "Fatima",
    "Fernando",
    "Fiona",
    "Freya",
    "Gabriela",
    "George",
    "Giulia",
    "Guadalupe",
    "Hamza",
    "Hanna",
    "Haruto",
    "Hassan",
    "Helen",
    "Hiroko",
    "Hyun",
    "Ibrahim",
    "Imani",
    "Ingrid",
    "Isabella",
    "Ivan",
    "Jamal",
    "James",
    "Jasmine",
    "Javier",
    "Jens",
    "John",
    "José",
    "Juan",
    "Kamala",
    "Kareem",
    "Kenji",
    "Khadija",
    "Lakshmi",
    "Lars",
    "LaToya",
    "Leila",
    "Li",
    "Linda",
    "Lucía",
    "Malik",
    "Margaret",
    "Mary",
    "Mateo",
    "Michael",
    "Miguel",
    "Min",
    "Mohammed",
    "Nadia",
    "Ngozi",
    "Nguyen",
    "Nicole",
    "Nkechi",
    "Oksana",
    "Oluwaseun",
    "Omar",
    "Patricia",
    "Paulo",
    "Pilar",
    "Rajesh",
    "Rania",
    "Robert",
    "Roxana",
    "Ryan",
    "Sakura",
    "Samantha",
    "Santiago",
    "Sarah",
    "Seán",
    "Shanice",
    "Siobhán",
    "Sofía",
    "Sven",
    "Tamika",
    "Tariq",
    "Thabo",
    "Thomas",
    "Tran",
    "Valentina",
    "Wei",
    "William",
    "Xin",
    "Yolanda",
    "Yuki",
    "Zanele",
];

/// British and American spellings: the beginning of a word, whatever follows.
const SPELLINGS: [(&str, &str); 32] = [
    ("acknowledgement", "acknowledgment"),
    ("analys", "analyz"),
    ("apologis", "apologiz"),
    ("authoris", "authoriz"),
    ("behaviour", "behavior"),
    ("cancell", "cancel"),
    ("catalogue", "catalog"),
    ("centre", "center"),
    ("colour", "color"),
    ("criticis", "criticiz"),
    ("customis", "customiz"),
    ("defence", "defense"),
    ("endeavour", "endeavor"),
    ("favour", "favor"),
    ("fulfil", "fulfill"),
    ("grey", "gray"),
    ("honour", "honor"),
    ("judgement", "judgment"),
    ("labour", "labor"),
    ("learnt", "learned"),
    ("minimis", "minimiz"),
    ("modell", "model"),
    ("neighbour", "neighbor"),
    ("organis", "organiz"),
    ("practis", "practic"),
    ("prioritis", "prioritiz"),
    ("programme", "program"),
    ("recognis", "recogniz"),
    ("skilful", "skillful"),
    ("summaris", "summariz"),
    ("towards", "toward"),
    ("travell", "travel"),
];

/// Sentences with such words, for the samples have few.
const BRITISH: [&str; 32] = [
    "Organise your week however you like.",
    "Please summarise the minutes by noon.",
    "You must prioritise the north gate.",
    "I recognise how hard you worked on the barn.",
    "She prioritises her own work and needs nobody to tell her how.",
    "We recognised the night crew for their courage.",
    "Use your own judgement about the price.",
    "I trust your judgement.",
    "All purchases have to be authorised by the bursar.",
    "No refund is given without authorisation.",
    "You are authorised to settle any claim on the spot.",
    "Pick whatever colour you want.",
    "The colour of the bus is green.",
    "If it fails, we will have learnt something.",
    "Staff must practise the drill every month.",
    "Practise your talk before Friday.",
    "Analyse the figures and send them to me.",
    "The programme helps nurses grow into new roles.",
    "Do not criticise the kitchen in front of guests.",
    "Nobody will criticise you for asking.",
    "The tour was cancelled at noon.",
    "I have cancelled your leave.",
    "You may customise the form as you see fit.",
    "Minimise the noise after ten.",
    "Employees shall honour every agreement with the neighbours.",
    "His behaviour towards his staff is rude, and they fear him.",
    "She has become a skilful negotiator and now coaches others.",
    "You have fulfilled every hope that I had for you.",
    "Travelling expenses must be claimed within a month.",
    "The centre opens at nine.",
    "I do not need to see the catalogue before you print it.",
    "Feel free to organise the stall in a way that suits you.",
];

/// What is short for what.
const CONTRACTIONS: [(&str, &str); 32] = [
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("didn't", "did not"),
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("wasn't", "was not"),
    ("weren't", "were not"),
    ("haven't", "have not"),
    ("hasn't", "has not"),
    ("hadn't", "had not"),
    ("won't", "will not"),
    ("wouldn't", "would not"),
    ("shouldn't", "should not"),
    ("couldn't", "could not"),
    ("mustn't", "must not"),
    ("needn't", "need not"),
    ("can't", "cannot"),
    ("i'm", "i am"),
    ("you're", "you are"),
    ("we're", "we are"),
    ("they're", "they are"),
    ("it's", "it is"),
    ("that's", "that is"),
    ("there's", "there is"),
    ("what's", "what is"),
    ("i'll", "i will"),
    ("you'll", "you will"),
    ("we'll", "we will"),
    ("they'll", "they will"),
    ("she'll", "she will"),
    ("he'll", "he will"),
    ("it'll", "it will"),
];

/// Orders and requests of all kinds, and imperatives that hand a choice over. "please" goes before the first word, or
/// after the first two of a question.
const ASKED: [&str; 76] = [
    "Send me the figures by noon.",
    "Close the windows before you leave.",
    "Call the baker and cancel the order.",
    "Move the boxes to the cellar.",
    "Sweep the yard.",
    "Bring your own lamp.",
    "Report every fault to the engineer.",
    "Sign the register at the door.",
    "Review the contract and tell me what is missing.",
    "Update the timetable today.",
    "Check the brakes before each run.",
    "Submit the form to the bursar within five days.",
    "Do not touch the dial.",
    "Don't park in front of the gate.",
    "Never leave the stove alone.",
    "Stop using the side door.",
    "Keep the noise down.",
    "Make sure that the safe is locked.",
    "Be at the gate by six.",
    "Ask me before you spend anything.",
    "Let me know as soon as the train is in.",
    "Wait until I have read it.",
    "Forward the letter to the landlord.",
    "Answer every call within three rings.",
    "Get the floor dry before the guests arrive.",
    "Copy me in on every message to the client.",
    "Fill in the sheet each evening.",
    "Return the keys to the porter.",
    "Read the rules before you start.",
    "Prepare the room for Monday.",
    "Use the blue form from now on.",
    "Turn off the lights.",
    "Print ten copies and leave them on my desk.",
    "Write to the council about the fence.",
    "Complete the training by June.",
    "Inform the matron of any change.",
    "Remove your things from the corridor.",
    "Confirm the date with the caterer.",
    "Put the chairs back.",
    "Explain to me why the oven was left on.",
    "Hand in your badge when you go.",
    "Finish the hedge before lunch.",
    "Clear the table.",
    "Order more flour.",
    "Follow the route on the map.",
    "Schedule the meeting for Tuesday.",
    "Email the list to all the parents.",
    "Plan the shifts for March and show me the draft.",
    "Book a room for nine people.",
    "Double the order for Saturday.",
    "Could you send me the minutes?",
    "Could you redo the chart?",
    "Can you take the early shift on Friday?",
    "Can you move your car?",
    "Would you close the door?",
    "Would you tell the others by noon?",
    "Will you stop ringing the bell?",
    "Will you write the notice today?",
    "Could everyone sign the sheet?",
    "Could you check the locks tonight?",
    "Choose whichever date suits you.",
    "Push back if the plan looks wrong to you.",
    "Trust your own judgement.",
    "Take the lead on this one.",
    "Feel free to change the layout.",
    "Say no if it is too much.",
    "Tell me what you would do differently.",
    "Decide for yourselves how to share the work.",
    "Pick the topic that you care about most.",
    "Speak up if you disagree.",
    "Use your own judgement on the price.",
    "Tell us how we can best support you.",
    "Set your own hours.",
    "Challenge me when you think I am wrong.",
    "Share your ideas for the garden.",
    "Ask for help whenever you need it.",
];

/// Clauses that put a gate before what was handed over.
const GATES: [&str; 12] = [
    "but run it by me first",
    "but check with me first",
    "once I have approved it",
    "subject to sign-off",
    "subject to my approval",
    "but only with my permission",
    "but get my approval before you start",
    "provided that the director agrees in writing",
    "but you must ask me first",
    "but not without my consent",
    "but clear it with head office first",
    "but report to me every day",
];

/// Sentences to which a gate can be added.
const LATITUDE: [&str; 24] = [
    "You may choose the supplier yourself.",
    "You can decide how to lay out the stall.",
    "Pick whichever tool suits you.",
    "You are free to change the menu.",
    "It is up to you which route the van takes.",
    "Use your own judgement about the price.",
    "Set your own hours.",
    "You might try a smaller pilot.",
    "Feel free to rewrite the letter.",
    "This one is yours to run.",
    "You could hire a second cook.",
    "Take the lead on the harvest fair.",
    "I trust you to handle the claim.",
    "The last word on the budget is yours.",
    "Nurses are allowed to swap shifts among themselves.",
    "Staff may work from home whenever they like.",
    "Each branch picks its own paint.",
    "You decide when to start.",
    "Spend it as you see fit.",
    "Go with the plan that you believe in.",
    "You have full control of the budget.",
    "Tutors may set whatever books they please.",
    "Run the workshop your own way.",
    "Change the timetable if you think it is wrong.",
];

/// A sentence, whether it is as it should be, and what to say of it if it is not.
struct Case {
    kind: String,
    is_right: bool,
    told: String,
}

/// Shows what is not as it should be, by kind, and holds the share of what is against its floor in thousandths.
fn hold(what: &str, floor: usize, least: usize, cases: &[Case]) {
    assert!(cases.len() >= least, "{what}: {} cases where {least} are wanted", cases.len());
    let mut kinds: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for case in cases {
        let (all, wrong) = kinds.entry(&case.kind).or_default();
        *all += 1;
        if !case.is_right {
            wrong.push(&case.told);
        }
    }
    let right = cases.iter().filter(|case| case.is_right).count();
    let share = right * 1000 / cases.len();
    let mut told = format!("{what}: {right} of {} as they should be, {share} in a thousand\n", cases.len());
    for (kind, (all, wrong)) in kinds.iter().filter(|(_, (_, wrong))| !wrong.is_empty()) {
        told.push_str(&format!("  {kind}: {} of {all} are not\n", wrong.len()));
        wrong.iter().for_each(|wrong| told.push_str(&format!("    {wrong}\n")));
    }
    println!("{told}");
    assert!(share >= floor, "the floor is {floor} in a thousand; {told}");
}

/// One sentence judged by itself.
fn verdict(judge: &mut Judge<'_>, sentence: &str) -> Verdict {
    judge.classify(sentence, Context::default())
}

/// The entries that count in one verdict and not in the other.
fn difference(lexicon: &Lexicon, before: &Verdict, after: &Verdict) -> String {
    let ids = |verdict: &Verdict| -> BTreeSet<String> {
        verdict.evidence.iter().map(|found| lexicon.entries()[found.entry].id.clone()).collect()
    };
    let (before, after) = (ids(before), ids(after));
    let list = |sign: &str, one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).map(|id| format!("{sign}{id}")).collect::<Vec<_>>().join(" ")
    };
    format!("[{} {}]", list("-", &before, &after), list("+", &after, &before))
}

/// The labelled sentences that stand alone: those of the documents, the hard ones, the pairs.
fn sentences() -> Vec<Row> {
    ["labels.tsv", "hard.tsv", "pairs.tsv"].into_iter().flat_map(rows).collect()
}

/// Compares the label of each sentence with that of each of its rewritings.
fn compare<R: IntoIterator<Item = (String, String)>>(
    texts: impl IntoIterator<Item = String>,
    rewrite: impl Fn(&str) -> R,
) -> Vec<Case> {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let mut cases = Vec::new();
    for text in texts {
        let before = verdict(&mut judge, &text);
        for (kind, rewritten) in rewrite(&text) {
            let after = verdict(&mut judge, &rewritten);
            let (was, is) = (before.label.name(), after.label.name());
            let told = match was == is {
                true => String::new(),
                false => format!("{was} -> {is}: {rewritten} {}", difference(&lexicon, &before, &after)),
            };
            cases.push(Case { kind, is_right: was == is, told });
        }
    }
    cases
}

fn texts(rows: Vec<Row>) -> impl Iterator<Item = String> {
    rows.into_iter().map(|row| row.text)
}

/// The sentence with `change` applied to each of its words, given as the word, what follows it to the next word, and
/// that word. `None` if nothing changes.
fn change_words(text: &str, change: impl Fn(&str, Option<&str>) -> Option<String>) -> Option<String> {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    let mut pieces: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = is_of_word(first);
        let end = rest.find(|c| is_of_word(c) != is_word).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    let mut is_changed = false;
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let next = match (pieces.get(at + 1), pieces.get(at + 2)) {
            (Some(&" "), Some(next)) => Some(*next),
            (None | Some(_), _) => None,
        };
        match change(piece, next).filter(|new| new != piece) {
            Some(new) => {
                is_changed = true;
                out.push_str(&cased_like(piece, &new));
            }
            None => out.push_str(piece),
        }
    }
    is_changed.then_some(out)
}

/// `new` with a capital where `old` has one.
fn cased_like(old: &str, new: &str) -> String {
    let mut letters = new.chars();
    match (old.starts_with(char::is_uppercase), letters.next()) {
        (true, Some(first)) => first.to_uppercase().chain(letters).collect(),
        (_, _) => new.to_owned(),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

// Tables.

#[test]
fn the_negation_table_is_full() {
    let rows = rows("negation.tsv");
    let mut cells: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for row in &rows {
        let modal = MODALS.into_iter().find(|modal| row.id.starts_with(&format!("{modal}-")));
        let modal = modal.unwrap_or_else(|| panic!("{}: no such modal", row.id));
        let mut rest = row.id[modal.len() + 1..].split('-');
        let form = FORMS.into_iter().find(|form| rest.clone().next() == Some(form));
        let form = form.unwrap_or_else(|| panic!("{}: no such form", row.id));
        let subject = rest.nth(1).unwrap_or_default();
        assert!(SUBJECTS.contains(&subject) || ["i", "person"].contains(&subject), "{}: no such subject", row.id);
        cells.insert((modal, form, SUBJECTS.into_iter().find(|known| *known == subject).unwrap_or("other")));
    }
    for modal in MODALS {
        for form in FORMS {
            for subject in SUBJECTS {
                let cell = (modal, form, subject);
                assert_eq!(cells.contains(&cell), !UNDECIDED.contains(&cell), "{cell:?}");
            }
        }
    }
}

/// Whether each row of a table has the label that it should.
fn judged(name: &str, kind: impl Fn(&Row) -> String) -> Vec<Case> {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let rows = rows(name).into_iter();
    rows.map(|row| {
        let found = answer(&mut judge, &row.text).expect("a sentence").label;
        let nothing = verdict(&mut judge, "");
        let entries = difference(&lexicon, &nothing, &verdict(&mut judge, &row.text));
        let told = format!("{} -> {}: {} {entries}", row.label.name(), found.name(), row.text);
        Case { kind: kind(&row), is_right: found == row.label, told }
    })
    .collect()
}

/// The id without its number and what follows.
fn kind_of(id: &str) -> String {
    id.split('-').next().unwrap_or_default().to_owned()
}

#[test]
fn negation_says_what_the_table_says() {
    let form = |row: &Row| FORMS.into_iter().find(|form| row.id.contains(&format!("-{form}-"))).unwrap_or("?").into();
    hold("negation", 915, 234, &judged("negation.tsv", form));
}

#[test]
fn jargon_is_no_stance() {
    assert!(rows("jargon.tsv").iter().all(|row| row.label == Label::Neutral));
    hold("jargon", 900, 80, &judged("jargon.tsv", |row| kind_of(&row.id)));
}

#[test]
fn minimal_pairs_are_told_apart() {
    let rows = rows("pairs.tsv");
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let cases: Vec<Case> = rows
        .chunks(2)
        .map(|pair| {
            let [a, b] = pair else { panic!("{}: half a pair", pair[0].id) };
            assert_eq!(a.id.strip_suffix("-a"), b.id.strip_suffix("-b"), "{} and {}", a.id, b.id);
            assert_ne!(a.label, b.label, "{}", a.id);
            let found = [a, b].map(|row| answer(&mut judge, &row.text).expect("a sentence").label);
            let told = format!("{} / {} ({} / {})", a.text, b.text, found[0].name(), found[1].name());
            Case { kind: kind_of(&a.id), is_right: found == [a.label, b.label], told }
        })
        .collect();
    hold("pairs of which both are right", 800, 150, &cases);
}

// What leaves the label as it is.

#[test]
fn typographic_quotes_leave_the_label() {
    let quoted = |text: &str| {
        let mut is_open = false;
        let curled = text.chars().map(|c| match c {
            '\'' => '’',
            '"' => {
                is_open = !is_open;
                if is_open { '“' } else { '”' }
            }
            other => other,
        });
        let curled: String = curled.collect();
        (curled != text).then(|| ("quotes".to_owned(), curled))
    };
    hold("quotes", 1000, 60, &compare(texts(sentences()), quoted));
}

#[test]
fn spelling_leaves_the_label() {
    // "laboratory" and "programming" are spelled alike, and so is the noun "practice".
    const ENDINGS: [&str; 10] = ["", "s", "e", "ed", "er", "es", "ing", "ation", "ful", "ly"];
    let ends = |word: &str, stem: &str| word.strip_prefix(stem).is_some_and(|end| ENDINGS.contains(&end));
    let is_doubled = |stem: &str, word: &str| {
        let stays = ["cancel", "model", "travel"].contains(&stem);
        !stays || ["ed", "er", "ing"].iter().any(|end| word.ends_with(end))
    };
    let respelled = |text: &str| {
        let american = change_words(text, |word, _| {
            let word = word.to_lowercase();
            let (british, american) = SPELLINGS
                .iter()
                .find(|(old, new)| word.starts_with(old) && !(new.starts_with(old) && word.starts_with(new)))?;
            Some(word.replacen(british, american, 1))
        });
        let british = change_words(text, |word, _| {
            let word = word.to_lowercase();
            let (british, american) = SPELLINGS
                .iter()
                .find(|(old, new)| ends(&word, new) && !word.starts_with(old) && is_doubled(new, &word))?;
            (*american != "practic").then(|| word.replacen(american, british, 1))
        });
        let american = american.map(|text| ("to American".to_owned(), text));
        american.into_iter().chain(british.map(|text| ("to British".to_owned(), text)))
    };
    let all = texts(sentences()).chain(BRITISH.map(str::to_owned));
    hold("spelling", 1000, 50, &compare(all, respelled));
}

#[test]
fn contractions_leave_the_label() {
    // "Don't the bills come on Monday?" has no long form, and what ends a sentence has no short one.
    const INVERTED: [&str; 12] = ["i", "you", "we", "they", "he", "she", "it", "the", "a", "that", "this", "there"];
    let rewritten = |text: &str| {
        let long = change_words(text, |word, next| {
            let word = word.to_lowercase().replace('’', "'");
            let (_, long) = CONTRACTIONS.iter().find(|(short, _)| *short == word)?;
            let next = next.unwrap_or_default().to_lowercase();
            let is_past = ["been", "got", "had", "gone"].contains(&next.as_str()) || next.ends_with("ed");
            let is_open = (word.ends_with("n't") && INVERTED.contains(&next.as_str()))
                || (word.ends_with("'s") && is_past)
                || next.is_empty();
            (!is_open).then(|| long.replace("i ", "I "))
        });
        let mut short = text.to_owned();
        for (contracted, long) in CONTRACTIONS {
            for (long, contracted) in [(long.to_owned(), contracted.to_owned()), (cap(long), cap(contracted))] {
                let long = long.replace("i ", "I ").replace("I s", "i s");
                let contracted = contracted.replace("i'", "I'");
                while let Some(at) = short.find(&format!("{long} ")) {
                    let is_word = short[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
                    let next = short[at + long.len() + 1..].split(|c: char| !c.is_alphanumeric()).next();
                    let is_negated = next == Some("not") && !long.ends_with("not");
                    if !is_word || is_negated {
                        break;
                    }
                    short.replace_range(at..at + long.len(), &contracted);
                }
            }
        }
        let long = long.map(|text| ("spelled out".to_owned(), text));
        long.into_iter().chain((short != text).then(|| ("contracted".to_owned(), short)))
    };
    hold("contractions", 1000, 150, &compare(texts(sentences()), rewritten));
}

fn cap(text: &str) -> String {
    cased_like("A", text)
}

/// What the program says of a text of one format.
fn report(judge: &mut Judge<'_>, text: &str, format: Format) -> DocumentReport {
    let options = ExtractOptions { format: Some(format), ..ExtractOptions::default() };
    let extracted = extract(text.as_bytes(), None, &options).expect("text is read");
    let document = extracted.documents.into_iter().next().expect("one document").expect("sound");
    let naming = Naming { id: DocumentId::Text("a".to_owned()), path: None, format };
    let clock = Limits::default().clock(text.len());
    analyze(&document, naming, judge, true, clock).expect("there is time")
}

#[test]
fn bullets_leave_the_label() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let mut cases = Vec::new();
    // A heading or a sign-off is no item of a list.
    for row in sentences().into_iter().filter(|row| row.text.ends_with(['.', '?', '!'])) {
        let mut labels = |text: &str| -> Vec<Label> {
            let report = report(&mut judge, text, Format::Markdown);
            report.sentences.unwrap_or_default().into_iter().map(|sentence| sentence.label).collect()
        };
        let paragraph = labels(&format!("{}\n", row.text));
        for bullet in ["-", "1."] {
            let item = labels(&format!("{bullet} {}\n", row.text));
            let told = format!("{paragraph:?} -> {item:?}: {}", row.text);
            cases.push(Case { kind: bullet.to_owned(), is_right: item == paragraph, told });
        }
    }
    hold("bullets", 1000, 1000, &cases);
}

/// What can follow "her" where it is nobody's.
const AFTER_HER: [&str; 32] = [
    "to", "in", "on", "at", "from", "with", "for", "and", "or", "but", "if", "when", "than", "that", "by", "about",
    "into", "out", "up", "down", "away", "back", "as", "so", "too", "a", "the", "what", "how", "alone", "because",
    "before",
];

#[test]
fn pronouns_leave_the_label() {
    let swapped = |text: &str| {
        let woman = change_words(text, |word, _| {
            let hers = match word.to_lowercase().as_str() {
                "he" => "she",
                "his" | "him" => "her",
                "himself" => "herself",
                "he's" => "she's",
                "he'd" => "she'd",
                "he'll" => "she'll",
                _ => return None,
            };
            Some(hers.to_owned())
        });
        let man = change_words(text, |word, next| {
            let is_object = next.is_none_or(|next| AFTER_HER.contains(&next.to_lowercase().as_str()));
            let his = match word.to_lowercase().as_str() {
                "she" => "he",
                "her" if is_object => "him",
                "her" | "hers" => "his",
                "herself" => "himself",
                "she's" => "he's",
                "she'd" => "he'd",
                "she'll" => "he'll",
                _ => return None,
            };
            Some(his.to_owned())
        });
        let singular = match (man, woman) {
            (Some(man), None) => Some(("she to he".to_owned(), man)),
            (None, Some(woman)) => Some(("he to she".to_owned(), woman)),
            // Two people: swapping both would say the same of the other.
            (Some(_), Some(_)) | (None, None) => None,
        };
        singular.into_iter().chain(plural(text).map(|text| ("he, she to they".to_owned(), text)))
    };
    hold("pronouns", 980, 150, &compare(texts(sentences()), swapped));
}

/// "He lets his cooks choose." as "They let their cooks choose."; only where one verb alone has to agree.
fn plural(text: &str) -> Option<String> {
    let (subject, rest) = text.split_once(' ')?;
    let (first, after) = rest.split_once(' ')?;
    let (adverb, (verb, rest)) = match first {
        "never" | "always" | "also" | "often" | "still" | "rarely" => (format!("{first} "), after.split_once(' ')?),
        _ => (String::new(), (first, after)),
    };
    let agrees_again = [" he ", " she ", " and ", " but ", " has ", " is ", " was "];
    if !["He", "She"].contains(&subject) || agrees_again.iter().any(|again| rest.contains(again)) {
        return None;
    }
    let verb = match verb {
        "has" => "have".to_owned(),
        "is" => "are".to_owned(),
        "was" => "were".to_owned(),
        "does" => "do".to_owned(),
        "goes" => "go".to_owned(),
        sibilant if ["sses", "ches", "shes"].iter().any(|end| sibilant.ends_with(end)) => {
            sibilant[..sibilant.len() - 2].to_owned()
        }
        other if other.ends_with("ies") => format!("{}y", &other[..other.len() - 3]),
        other => other.strip_suffix('s').unwrap_or(other).to_owned(),
    };
    let theirs = change_words(rest, |word, next| {
        let is_object = next.is_none_or(|next| AFTER_HER.contains(&next.to_lowercase().as_str()));
        let theirs = match word.to_lowercase().as_str() {
            "him" => "them",
            "her" if is_object => "them",
            "his" | "her" => "their",
            "himself" | "herself" => "themselves",
            _ => return None,
        };
        Some(theirs.to_owned())
    });
    Some(format!("They {adverb}{verb} {}", theirs.as_deref().unwrap_or(rest)))
}

#[test]
fn names_leave_the_label() {
    let names: BTreeSet<&str> = NAMES_THAT_ARE_WORDS.into_iter().chain(NAMES).collect();
    assert_eq!(names.len(), 200);
    let renamed = |text: &str| {
        let is_named = change_words(text, |word, _| NAMES_OF_SAMPLES.contains(&word).then(|| "Xx".to_owned()));
        let rest = text.strip_prefix("He ").or_else(|| text.strip_prefix("She "));
        let pattern = is_named.or_else(|| rest.map(|rest| format!("Xx {rest}")));
        // "She's" has no room for a name, and a pronoun for a second person would be a third.
        let pattern = pattern.into_iter().flat_map(|pattern| names.iter().map(move |name| (name, pattern.clone())));
        pattern.map(|(name, pattern)| ((*name).to_owned(), pattern.replace("Xx", name))).collect::<Vec<_>>()
    };
    hold("names", 985, 20_000, &compare(texts(sentences()), renamed));
}

#[test]
fn please_leaves_the_label() {
    let asked = |text: &str| {
        let rewritten = match text.ends_with('?') {
            false => ("order".to_owned(), format!("Please {}", lower_first(text))),
            true => {
                let place = text.match_indices(' ').nth(1).map_or(0, |(at, _)| at);
                ("request".to_owned(), format!("{} please{}", &text[..place], &text[place..]))
            }
        };
        [rewritten]
    };
    hold("please", 880, 70, &compare(ASKED.map(str::to_owned), asked));
}

#[test]
fn neutral_sentences_leave_the_share() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let is_plain = |row: &Row| row.text.ends_with('.') && !row.text.contains(['<', '|', '#', '_', '*', '[', '`']);
    let neutral: Vec<String> = texts(sentences().into_iter().filter(is_plain).collect())
        .filter(|text| verdict(&mut judge, text).label == Label::Neutral)
        .collect();
    assert!(neutral.len() >= 200, "{} neutral sentences", neutral.len());
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows("labels.tsv").into_iter().filter(is_plain) {
        let (file, _) = row.id.rsplit_once(':').expect("file:number");
        files.entry(file.to_owned()).or_default().push(row.text);
    }
    let mut padding = neutral.iter().cycle();
    let mut with_share = 0;
    for (file, sentences) in files {
        let text = |padding: &mut dyn FnMut() -> Vec<String>| -> String {
            let paragraphs = sentences.iter().flat_map(|sentence| [vec![sentence.clone()], padding()].concat());
            paragraphs.map(|paragraph| format!("{paragraph}\n\n")).collect()
        };
        let bare = report(&mut judge, &text(&mut Vec::new), Format::Markdown);
        let padded = text(&mut || padding.by_ref().take(3).cloned().collect());
        let padded = report(&mut judge, &padded, Format::Markdown);
        assert_eq!(bare.counts.sentences * 4, padded.counts.sentences, "{file}");
        assert_eq!((bare.share, bare.lean), (padded.share, padded.lean), "{file}");
        assert_eq!(bare.ratio, padded.ratio, "{file}");
        with_share += usize::from(bare.share.is_some());
    }
    assert!(with_share >= 10, "{with_share} documents have a share");
}

// Which way a verdict may move.

/// The sentences with each gate at their end.
fn gated(text: &str) -> Vec<(String, String)> {
    let Some(stem) = text.strip_suffix('.') else { return Vec::new() };
    let comma = |gate: &str| if gate.starts_with("but") { "," } else { "" };
    GATES.iter().map(|gate| ((*gate).to_owned(), format!("{stem}{} {gate}.", comma(gate)))).collect()
}

#[test]
fn a_gate_never_adds_to_the_empowering_side() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let empowering = sentences().into_iter().filter(|row| row.label == Label::Empowering).map(|row| row.text);
    let mut cases = Vec::new();
    for text in LATITUDE.map(str::to_owned).into_iter().chain(empowering) {
        let before = verdict(&mut judge, &text);
        for (gate, gated) in gated(&text) {
            let after = verdict(&mut judge, &gated);
            let told = format!(
                "empowering {} -> {}: {gated} {}",
                before.empowering,
                after.empowering,
                difference(&lexicon, &before, &after)
            );
            cases.push(Case { kind: gate, is_right: after.empowering <= before.empowering, told });
        }
    }
    hold("gates that do not empower", 990, 2000, &cases);
}

#[test]
fn a_gate_turns_nothing_directive_into_empowering() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let mut cases = Vec::new();
    for row in sentences().into_iter().filter(|row| row.label == Label::Directive) {
        let before = verdict(&mut judge, &row.text);
        for (gate, gated) in gated(&row.text).into_iter().filter(|_| before.label == Label::Directive) {
            let after = verdict(&mut judge, &gated);
            let told = format!("{} {}", gated, difference(&lexicon, &before, &after));
            cases.push(Case { kind: gate, is_right: after.label != Label::Empowering, told });
        }
    }
    hold("gates that leave a directive sentence directive", 999, 2000, &cases);
}

#[test]
fn a_gate_is_heard() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let mut cases = Vec::new();
    for text in LATITUDE {
        for (gate, gated) in gated(text) {
            let after = verdict(&mut judge, &gated);
            let told = format!("{}: {gated}", after.label.name());
            cases.push(Case { kind: gate, is_right: after.label.is_directive(), told });
        }
    }
    hold("gates heard", 995, 280, &cases);
}

#[test]
fn a_not_turns_the_sentence_where_the_table_says_so() {
    let lexicon = Lexicon::builtin();
    let mut judge = Judge::new(&lexicon);
    let rows: Vec<Row> = rows("pairs.tsv").into_iter().filter(|row| kind_of(&row.id) == "not").collect();
    let sides = |label: Label| (label.is_directive(), label.is_empowering());
    let mut cases = Vec::new();
    for pair in rows.chunks(2) {
        let [a, b] = pair else { panic!("{}: half a pair", pair[0].id) };
        assert!(a.label != Label::Neutral && b.label != Label::Neutral, "{}: a side turns to the other", a.id);
        let (with, without) = (verdict(&mut judge, &a.text), verdict(&mut judge, &b.text));
        let told = format!(
            "{} / {}: {} / {} {}",
            with.label.name(),
            without.label.name(),
            a.text,
            b.text,
            difference(&lexicon, &with, &without)
        );
        cases.push(Case { kind: "turned".into(), is_right: sides(with.label) != sides(without.label), told });
    }
    hold("negations that turn the label", 900, 30, &cases);
}
