//! SARIF 2.1.0: a run, a rule for each entry that was found, a result for each sentence and each document past its limits.
//!
//! Names of properties are those of the standard. A place without lines has no region: the location says in words which
//! paragraph or page it is. What somebody suppressed is a result like any other, with `suppressions`; that list is in
//! every result, empty where nothing is suppressed, as the standard wants it to be in all or in none.

use super::annotation::{Annotation, LIMITS, Level, UNREADABLE, meaning, with_suppressed};
use crate::document::Location as Place;
use crate::render::json::json;
use crate::render::terminal::visible;
use crate::report::{ScanReport, Suppressed};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What relative paths start from: the folder that the program ran in.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    invocations: [Invocation<'r>; 1],
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    column_kind: &'static str,
    results: Vec<Outcome<'r>>,
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'r> {
    id: &'r str,
    short_description: Message<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Message<'r>>,
}

#[derive(Serialize)]
struct Message<'r> {
    text: Cow<'r, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'r> {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification<'r>>,
}

#[derive(Serialize)]
struct Notification<'r> {
    level: &'static str,
    message: Message<'r>,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Base {
    description: Message<'static>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'r> {
    rule_id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'r>,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, &'r str>,
    suppressions: Vec<Suppression<'r>>,
}

#[derive(Serialize)]
struct Suppression<'r> {
    kind: &'static str,
    justification: Cow<'r, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'static>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let annotations = with_suppressed(report);
    let (unread, found): (Vec<_>, Vec<_>) = annotations.iter().partition(|annotation| annotation.rule == UNREADABLE);
    let rules: BTreeMap<&str, Rule<'_>> = found.iter().map(|annotation| (annotation.rule, rule(annotation))).collect();
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "leadtone",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_values().collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: unread.is_empty(),
                tool_execution_notifications: unread.into_iter().map(notification).collect(),
            }],
            original_uri_base_ids: [(ROOT, Base { description: text("The folder that leadtone ran in.") })].into(),
            column_kind: "unicodeCodePoints",
            results: found.into_iter().map(|annotation| outcome(annotation, &places)).collect(),
        }],
    };
    json(&log, out)
}

fn rule<'r>(annotation: &Annotation<'r>) -> Rule<'r> {
    let Some(reason) = annotation.reasons.first() else {
        let short =
            if annotation.rule == LIMITS { "A document is past its limits." } else { "A sentence takes a side." };
        return Rule { id: annotation.rule, short_description: text(short), full_description: None, help: None };
    };
    Rule {
        id: annotation.rule,
        short_description: text(meaning(reason)),
        full_description: Some(&reason.about).filter(|about| !about.is_empty()).map(|about| text(about)),
        help: Some(&reason.source).filter(|source| !source.is_empty()).map(|source| text(source)),
    }
}

fn outcome<'r>(annotation: &'r Annotation<'r>, places: &BTreeMap<&str, usize>) -> Outcome<'r> {
    Outcome {
        rule_id: annotation.rule,
        rule_index: places.get(annotation.rule).copied(),
        level: level(annotation),
        message: Message { text: annotation.lines.join("\n").into() },
        locations: [location(annotation)],
        partial_fingerprints: [("leadtone/v1", annotation.fingerprint.as_str())].into(),
        suppressions: annotation.suppressed.map(|suppressed| suppression(annotation, suppressed)).into_iter().collect(),
    }
}

fn suppression<'r>(annotation: &Annotation<'_>, suppressed: &'r Suppressed) -> Suppression<'r> {
    let is_in_source = suppressed.by.strip_prefix(&annotation.id).is_some_and(|place| place.starts_with(':'));
    Suppression { kind: if is_in_source { "inSource" } else { "external" }, justification: visible(&suppressed.reason) }
}

fn notification<'r>(annotation: &'r Annotation<'_>) -> Notification<'r> {
    Notification {
        level: level(annotation),
        message: Message { text: annotation.lines.join("\n").into() },
        locations: [location(annotation)],
    }
}

fn level(annotation: &Annotation<'_>) -> &'static str {
    match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn location(annotation: &Annotation<'_>) -> Location {
    let (end_line, end_column) = annotation.end().unzip();
    let region = annotation.line().map(|start_line| Region {
        start_line,
        start_column: annotation.column(),
        end_line,
        end_column,
    });
    let message = match annotation.location {
        Some(place @ (Place::Paragraph { .. } | Place::Page { .. })) => Some(place.to_string()),
        Some(Place::Line { .. }) | None => None,
    };
    Location {
        physical_location: PhysicalLocation { artifact_location: artifact(&annotation.path), region },
        message: message.map(|message| Message { text: message.into() }),
    }
}

fn artifact(path: &str) -> ArtifactLocation {
    let uri = encoded(path);
    let is_rooted = path.starts_with('/') || is_on_drive(path);
    match (is_rooted, path.split('/').next()) {
        (true, _) => ArtifactLocation { uri: format!("file:///{}", uri.trim_start_matches('/')), uri_base_id: None },
        // What lies above the folder is not below it.
        (false, Some("..")) => ArtifactLocation { uri, uri_base_id: None },
        (false, _) => ArtifactLocation { uri, uri_base_id: Some(ROOT) },
    }
}

/// Whether a path begins with the letter of a drive.
fn is_on_drive(path: &str) -> bool {
    cfg!(windows) && path.as_bytes().get(1) == Some(&b':')
}

/// A path as a reference of RFC 3986: all but its unreserved characters and the slash as bytes in percent.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

fn text(text: &str) -> Message<'_> {
    Message { text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::artifact;

    #[test]
    fn paths_become_references() {
        for (path, uri, has_root) in [
            ("policies/leave.md", "policies/leave.md", true),
            ("a b/100%?#.md", "a%20b/100%25%3F%23.md", true),
            ("Straße/日.md", "Stra%C3%9Fe/%E6%97%A5.md", true),
            ("x:y.md", "x%3Ay.md", true),
            ("../up.md", "../up.md", false),
            ("..hidden.md", "..hidden.md", true),
            ("/srv/a b.md", "file:///srv/a%20b.md", false),
        ] {
            let found = artifact(path);
            assert_eq!((found.uri.as_str(), found.uri_base_id.is_some()), (uri, has_root), "{path}");
        }
    }
}
