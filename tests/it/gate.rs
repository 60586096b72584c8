//! The gate over reports: what breaks a limit, what is only in doubt, what is not judged.

use super::render::document;
use leadtone::config::{Limits, Profile};
use leadtone::gate::{judge, sum};
use leadtone::report::{GateResult, Kind, Standing, Status, Unit};

fn profile(limits: Limits) -> Profile {
    Profile { limits, name: "ours".into(), ..Profile::of_kind(Kind::Memo) }
}

fn least(min: f64) -> Limits {
    Limits { min_empowering: Some(min), ..Limits::default() }
}

fn most(max: f64) -> Limits {
    Limits { max_empowering: Some(max), ..Limits::default() }
}

fn directive(max: u64) -> Limits {
    Limits { max_directive: Some(max), ..Limits::default() }
}

fn per_100(max: f64) -> Limits {
    Limits { max_per_100: Some(max), ..Limits::default() }
}

fn gatekeeping(max: u64) -> Limits {
    Limits { principles: [("gatekeeping".to_owned(), max)].into(), ..Limits::default() }
}

#[test]
fn limits_are_decided_on_the_bound() {
    use GateResult::{Fail, NotJudged, Pass};
    use Standing::{Broken, InDoubt, Kept};
    // Counts: directive, empowering, mixed, neutral.
    for (name, counts, limits, result, standing) in [
        ("enough", [5, 5, 0, 20], least(0.4), Pass, Kept),
        ("point below, bound above", [9, 1, 0, 20], least(0.4), Pass, InDoubt),
        ("bound below", [18, 2, 0, 20], least(0.4), Fail, Broken),
        ("same share, more sentences", [90, 10, 0, 20], least(0.2), Fail, Broken),
        ("all empowering, few", [0, 10, 0, 0], most(0.9), Pass, InDoubt),
        ("all empowering, many", [0, 60, 0, 0], most(0.9), Fail, Broken),
        ("at the count", [2, 5, 1, 20], directive(3), Pass, Kept),
        ("mixed counts", [3, 5, 1, 20], directive(3), Fail, Broken),
        ("rate kept", [10, 5, 0, 85], per_100(15.0), Pass, Kept),
        ("rate in doubt", [20, 5, 0, 75], per_100(15.0), Pass, InDoubt),
        ("rate broken", [40, 5, 0, 55], per_100(15.0), Fail, Broken),
        ("principle kept", [4, 5, 0, 5], gatekeeping(4), Pass, Kept),
        ("principle broken", [4, 5, 0, 5], gatekeeping(3), Fail, Broken),
    ] {
        let outcome = judge(&document("a.md", Status::Scored, counts), &profile(limits));
        assert_eq!((outcome.result, outcome.limits[0].standing), (result, standing), "{name}: {outcome:?}");
        assert_eq!((outcome.profile.as_str(), outcome.reason), ("ours", None));
    }
    let few = document("a.md", Status::TooLittleEvidence, [1, 0, 0, 3]);
    for (name, limits, result, judged) in [
        ("a share says nothing", least(0.9), NotJudged, 0),
        ("a rate says nothing", per_100(1.0), NotJudged, 0),
        ("a count is what it is", directive(0), Fail, 1),
        ("a principle, too", gatekeeping(0), Fail, 1),
        ("and may be kept", gatekeeping(1), NotJudged, 1),
    ] {
        let outcome = judge(&few, &profile(limits));
        assert_eq!((outcome.result, outcome.limits.len()), (result, judged), "{name}");
        assert_eq!(outcome.reason.as_deref(), Some("too little evidence"));
    }
}

#[test]
fn what_is_no_leadership_writing_is_not_judged() {
    for (status, reason) in [
        (Status::NoText, "no text of the author's own"),
        (Status::NotEnglish, "not in English"),
        (Status::NotLeadership, "not leadership writing"),
    ] {
        let outcome = judge(&document("a.md", status, [30, 0, 0, 0]), &profile(directive(0)));
        assert_eq!((outcome.result, outcome.reason.as_deref()), (GateResult::NotJudged, Some(reason)));
        assert!(outcome.limits.is_empty());
    }
}

#[test]
fn what_the_gate_says_adds_up() {
    let judged = |status, counts| {
        let mut document = document("a.md", status, counts);
        document.outcome = Some(judge(&document, &profile(directive(2))));
        document
    };
    let documents = [
        judged(Status::Scored, [2, 5, 0, 0]),
        judged(Status::Scored, [3, 5, 0, 0]),
        judged(Status::NoText, [0; 4]),
        judged(Status::TooLittleEvidence, [1, 0, 0, 0]),
    ];
    let gate = sum(&documents);
    assert_eq!((gate.pass, gate.fail, gate.not_judged), (1, 1, 2));
}

#[test]
fn a_limit_says_what_it_is_in() {
    let limits = Limits { min_empowering: Some(0.2), max_per_100: Some(9.0), max_directive: Some(7), ..gatekeeping(1) };
    let outcome = judge(&document("a.md", Status::Scored, [4, 6, 0, 10]), &profile(limits));
    let found: Vec<_> = outcome.limits.iter().map(|limit| (limit.limit.as_str(), limit.unit, limit.found)).collect();
    assert_eq!(
        found,
        [
            ("min_empowering", Unit::Share, 0.6),
            ("max_per_100", Unit::Per100, 20.0),
            ("max_directive", Unit::Sentences, 4.0),
            ("principles.gatekeeping", Unit::Times, 4.0),
        ]
    );
    assert!(outcome.limits.iter().all(|limit| limit.low.is_some() == limit.high.is_some()));
}
