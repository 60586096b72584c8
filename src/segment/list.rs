//! Lists written in a line: "1) Ask. 2) Listen.", "a. Plan b. Do", "• One • Two". Owns where their items begin.

/// The bullets that set items apart inside a line.
const BULLETS: [char; 6] = ['•', '⁃', '▪', '●', '◦', '‣'];

/// Words after which a number is a quantity or a reference and no item's mark.
const BEFORE_NUMBERS: [&str; 14] =
    ["to", "of", "in", "and", "or", "than", "section", "step", "by", "for", "with", "at", "on", "from"];

/// What stands behind an item's number.
const DELIMITERS: [&str; 3] = [".)", ")", "."];

/// The offsets at which the second and later items of a list begin that opens the text.
pub(super) fn items(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(first) = text.chars().next() else { return found };
    let bullet = BULLETS.contains(&first).then_some(first);
    if let Some(bullet) = bullet {
        let inner =
            text.match_indices(bullet).map(|(at, _)| at).filter(|at| text[..*at].ends_with(char::is_whitespace));
        found.extend(inner);
        return found;
    }
    let body = text.strip_prefix('(').unwrap_or(text);
    let Some((mut mark, delimiter)) = mark(body) else { return found };
    let mut from = 1;
    while let Some(next) = mark.next() {
        let pattern = format!(" {next}{delimiter} ");
        // An item may carry its brackets on both sides.
        let Some(at) = next_item(text, from, &pattern) else { break };
        found.push(at + 1);
        (from, mark) = (at + pattern.len(), next);
    }
    found
}

/// Where `pattern` next stands before something that can open an item.
fn next_item(text: &str, from: usize, pattern: &str) -> Option<usize> {
    text.get(from..)?.match_indices(pattern).map(|(at, _)| from + at).find(|at| {
        let before = text[..*at].rsplit(' ').next().unwrap_or_default();
        let opens = text[at + pattern.len()..].chars().next().is_some_and(|c| c.is_alphabetic() || c == '"');
        let is_reference = BEFORE_NUMBERS.iter().any(|word| before.eq_ignore_ascii_case(word));
        opens && !is_reference && !before.is_empty()
    })
}

/// An item's number or letter.
#[derive(Clone, Copy, Debug)]
enum Mark {
    Number(u16),
    Letter(char),
}

impl Mark {
    /// The mark of the item that follows.
    fn next(self) -> Option<Self> {
        match self {
            Self::Number(number) => number.checked_add(1).map(Self::Number),
            Self::Letter('z' | 'Z') => None,
            Self::Letter(letter) => char::from_u32(u32::from(letter) + 1).map(Self::Letter),
        }
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Letter(letter) => letter.fmt(f),
        }
    }
}

/// The mark that opens `text` and what stands behind it.
fn mark(text: &str) -> Option<(Mark, &'static str)> {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let (mark, rest) = match digits {
        0 => {
            let letter = text.chars().next().filter(char::is_ascii_alphabetic)?;
            (Mark::Letter(letter), &text[1..])
        }
        1..=3 => (Mark::Number(text[..digits].parse().ok()?), &text[digits..]),
        _ => return None,
    };
    let delimiter = DELIMITERS
        .into_iter()
        .find(|delimiter| rest.strip_prefix(delimiter).is_some_and(|rest| rest.starts_with(char::is_whitespace)))?;
    Some((mark, delimiter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_items_that_continue_the_first() {
        for (text, expected) in [
            ("1) Plan it 2) Do it 3) Look", vec!["2) Do it 3) Look", "3) Look"]),
            ("a. Plan b. Do", vec!["b. Do"]),
            ("• One • Two", vec!["• Two"]),
            ("1. We went from 1 to 2. Then we stopped.", vec![]),
            ("1. Plan 3. Look", vec![]),
            ("2026. It was a year 2027. Was next", vec![]),
            ("Plan 1) it 2) do", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = items(text).into_iter().map(|at| &text[at..]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
