//! The plain way to find patterns, for tests: every pattern at every token, one token after another, no tables. A pattern that
//! only says what the sentence as a whole is, is found once.

use super::compile::{AtomId, Node, Program, WordSet};
use super::matcher::{Hit, Surroundings};
use super::pattern::Whole;
use super::token::{Shape, Token, Vocabulary, has_ending};
use std::collections::BTreeSet;

/// What a lexicon is made of before it is laid out for the matcher.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) vocabulary: Vocabulary,
    pub(super) sets: Vec<WordSet>,
    pub(super) marks: Vec<Node>,
    pub(super) programs: Vec<Program>,
}

/// A sentence of one window.
pub(super) struct Sentence<'a> {
    pub(super) source: &'a Source,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) around: Surroundings,
}

type Places = BTreeSet<usize>;

impl Sentence<'_> {
    /// Every pattern, in the order of patterns and places; of two matches that overlap the first one.
    pub(super) fn hits(&self) -> Vec<Hit> {
        let everywhere: Places = (0..=self.tokens.len()).collect();
        let mut hits = Vec::new();
        for (pattern, program) in self.source.programs.iter().enumerate() {
            let is_found = |node: &Option<Node>| node.as_ref().map(|node| !self.step(node, &everywhere).is_empty());
            if let Some(is_there) = self.is_all(&program.root) {
                if is_there && is_found(&program.given) != Some(false) && is_found(&program.unless) != Some(true) {
                    hits.push(Hit { pattern: pattern as u32, tokens: 0..0 });
                }
                continue;
            }
            let mut is_allowed = None;
            let mut from = 0;
            for at in 0..=self.tokens.len() {
                let Some(end) = self.step(&program.root, &Places::from([at])).last().copied() else { continue };
                if at < from {
                    continue;
                }
                let ask = || is_found(&program.given) != Some(false) && is_found(&program.unless) != Some(true);
                if !*is_allowed.get_or_insert_with(ask) {
                    break;
                }
                if end > self.around.lead_in || end == at {
                    hits.push(Hit { pattern: pattern as u32, tokens: at..end });
                }
                from = end;
            }
        }
        hits
    }

    /// Whether an atom holds the token at `at`.
    fn holds(&self, atom: AtomId, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let set = &self.source.sets[usize::from(atom)];
        let is_known = token.id != 0 && (token.id as usize) < self.source.vocabulary.len();
        let by_ending = |ending: &String| {
            if is_known {
                has_ending(self.source.vocabulary.word(token.id), ending) && !set.except.contains(&token.id)
            } else {
                let surface = &self.text[token.start as usize..token.end as usize];
                token.shape.is_word() && surface.is_ascii() && has_ending(surface, ending)
            }
        };
        set.words.contains(&token.id) || set.shapes.contains(&token.shape) || set.endings.iter().any(by_ending)
    }

    fn holds_before(&self, atom: AtomId, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.holds(atom, before))
    }

    fn is_last(&self, at: usize) -> bool {
        self.tokens[at..].iter().all(|token| !token.shape.is_word())
    }

    /// Whether the sentence is what a node asks for; `None` where it asks for more than what the sentence as a whole is.
    fn is_all(&self, node: &Node) -> Option<bool> {
        match node {
            Node::Whole(whole) => Some(self.is(*whole)),
            Node::Seq(items) => items.iter().try_fold(true, |all, item| Some(self.is_all(item)? && all)),
            Node::Alt(branches) => branches.iter().try_fold(false, |any, branch| Some(self.is_all(branch)? || any)),
            _ => None,
        }
    }

    fn is(&self, whole: Whole) -> bool {
        let count = |shapes: &[Shape]| self.tokens.iter().filter(|token| shapes.contains(&token.shape)).count();
        match whole {
            Whole::Heading => self.around.is_heading,
            Whole::Item => self.around.is_item,
            Whole::Open => self.around.is_open,
            Whole::Title => count(&[Shape::Name, Shape::Capitals]) > count(&[Shape::Plain]),
        }
    }

    /// Where `node` leads to from the places `from`.
    fn step(&self, node: &Node, from: &Places) -> Places {
        let keep = |is_kept: &dyn Fn(usize) -> bool| from.iter().copied().filter(|at| is_kept(*at)).collect();
        match node {
            Node::Atom(atom) => from.iter().filter(|at| self.holds(*atom, **at)).map(|at| at + 1).collect(),
            Node::Seq(items) => items.iter().fold(from.clone(), |at, item| self.step(item, &at)),
            Node::Alt(branches) => branches.iter().flat_map(|branch| self.step(branch, from)).collect(),
            Node::Opt(inner) => self.step(inner, from).union(from).copied().collect(),
            Node::Gap(gap) => {
                let is_inside = |at: usize| match self.tokens.get(at).map(|token| token.shape) {
                    Some(Shape::Plain | Shape::Name | Shape::Capitals | Shape::Number) => true,
                    Some(Shape::Comma) => gap.crosses_commas,
                    Some(Shape::Break) | None => false,
                };
                let reach = |at: &usize| {
                    let words = (*at..).take_while(|at| is_inside(*at)).take(usize::from(gap.max)).count();
                    at + usize::from(gap.min)..=at + words
                };
                from.iter().flat_map(reach).collect()
            }
            Node::Not(atom) => keep(&|at| !self.holds(*atom, at)),
            Node::NotBehind(atom) => keep(&|at| !self.holds_before(*atom, at)),
            Node::Ahead(atom) => keep(&|at| self.holds(*atom, at)),
            Node::Start => keep(&|at| at == 0),
            Node::End => keep(&|at| self.is_last(at)),
            Node::Mark(mark) => {
                let everywhere = (0..=self.tokens.len()).collect();
                let found = self.step(&self.source.marks[usize::from(*mark)], &everywhere);
                keep(&|at| found.contains(&at))
            }
            Node::Whole(whole) => keep(&|_| self.is(*whole)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::lexicon::Lexicon;
    use crate::lexicon::matcher::Scratch;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::from_files(&builtin::files()).expect("sound files"));

    /// Words that no pattern names.
    const UNKNOWN_WORDS: [&str; 8] = ["zorb", "zorbing", "zorbed", "zorbly", "Zorb", "ZORB", "42", "zorbians"];

    /// Numbers that follow from a first one.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as usize % n.max(1)
        }
    }

    /// Words that `node` may well match.
    fn write(source: &Source, node: &Node, dice: &mut Dice, words: &mut Vec<String>) {
        match node {
            Node::Atom(atom) => {
                let set = &source.sets[usize::from(*atom)];
                let known = set.words.get(dice.below(set.words.len())).map(|id| source.vocabulary.word(*id).to_owned());
                let ending = set.endings.get(dice.below(set.endings.len())).map(|ending| format!("blorp{ending}"));
                let shaped = set.shapes.get(dice.below(set.shapes.len())).map(|shape| of_shape(*shape).to_owned());
                let mut ways: Vec<String> = [known, ending, shaped].into_iter().flatten().collect();
                words.extend((!ways.is_empty()).then(|| ways.swap_remove(dice.below(ways.len()))));
            }
            Node::Seq(items) => items.iter().for_each(|item| write(source, item, dice, words)),
            Node::Alt(branches) => write(source, &branches[dice.below(branches.len())], dice, words),
            Node::Opt(inner) if dice.below(2) == 0 => write(source, inner, dice, words),
            Node::Gap(gap) => {
                for _ in 0..usize::from(gap.min) + dice.below(usize::from(gap.max.min(6) - gap.min.min(6)) + 1) {
                    words.push(any_word(source, dice));
                }
            }
            Node::Mark(mark) => write(source, &source.marks[usize::from(*mark)], dice, words),
            Node::Opt(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Ahead(_)
            | Node::Start
            | Node::End
            | Node::Whole(_) => {}
        }
    }

    /// A token of that shape, which no pattern names if it is a word.
    const fn of_shape(shape: Shape) -> &'static str {
        match shape {
            Shape::Plain => "blorp",
            Shape::Name => "Blorp",
            Shape::Capitals => "BLORP",
            Shape::Number => "42",
            Shape::Comma => ",",
            Shape::Break => ";",
        }
    }

    fn any_word(source: &Source, dice: &mut Dice) -> String {
        match dice.below(8) {
            0 => UNKNOWN_WORDS[dice.below(UNKNOWN_WORDS.len())].to_owned(),
            1 => [",", ".", ";", ":", "-", "(", ")", "?"][dice.below(8)].to_owned(),
            2 | 3 => {
                ["the", "to", "you", "and", "must", "we", "not", "your", "please", "is"][dice.below(10)].to_owned()
            }
            _ => source.vocabulary.word(1 + dice.below(source.vocabulary.len() - 1) as u32).to_owned(),
        }
    }

    /// Sentences made of what some patterns want, and of some other words.
    fn sentence(source: &Source, dice: &mut Dice) -> String {
        let mut words = Vec::new();
        for _ in 0..1 + dice.below(6) {
            let program = &source.programs[dice.below(source.programs.len())];
            write(source, &program.root, dice, &mut words);
            match (dice.below(8), &program.given, &program.unless) {
                (0..4, Some(given), _) => write(source, given, dice, &mut words),
                (4, _, Some(unless)) => write(source, unless, dice, &mut words),
                (5, ..) => words.push(any_word(source, dice)),
                _ => {}
            }
        }
        let capital = dice.below(40);
        if let Some(word) = words.get_mut(capital).filter(|word| word.is_ascii() && !word.is_empty()) {
            word[..1].make_ascii_uppercase();
        }
        words.join(" ")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_matcher_finds_what_the_plain_way_finds(seed in 1u64.., is_heading: bool, is_item: bool, is_open: bool) {
            let source = &LEXICON.parts().source;
            let mut dice = Dice(seed);
            let text = sentence(source, &mut dice);
            let mut scratch = Scratch::default();
            scratch.tokenizer.push(&LEXICON.parts().matcher.dictionary, &text);
            let tokens = scratch.tokenizer.tokens.clone();
            // Longer sentences are read in windows, which the plain way knows nothing of.
            if tokens.len() <= 127 {
                let lead_in = if is_item { dice.below(tokens.len() + 1) } else { 0 };
                let around = Surroundings { is_heading, is_item, is_open, lead_in };
                LEXICON.parts().matcher.find(&mut scratch, around);
                let plain = Sentence { source, text: &text, tokens: &tokens, around }.hits();
                prop_assert_eq!(&scratch.hits, &plain, "{}", text);
            }
        }
    }
}
