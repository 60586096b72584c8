//! From syntax trees to what the matcher runs.
//!
//! Every choice of single words becomes an *atom*: a set of words, by id, by ending and by shape. What is left of a
//! pattern is a small tree over atoms. Where it is tried is worked out in `anchor`.

use super::pattern::{Ast, Gap, PatternError, Whole};
use super::token::{Shape, Vocabulary, WordId};
use super::words::{Form, Words};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The id of an atom.
pub(super) type AtomId = u16;

/// Most atoms that a lexicon can have.
pub(super) const MAX_ATOMS: usize = AtomId::MAX as usize;

/// A set of words, by id, by ending and by shape.
///
/// Every list is sorted and holds nothing twice once [`WordSet::settle`] has run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct WordSet {
    pub(super) words: Vec<WordId>,
    /// Endings of words; a word shorter than its ending and two letters is not meant.
    pub(super) endings: Vec<String>,
    /// Words that the endings would take in wrongly.
    pub(super) except: Vec<WordId>,
    pub(super) shapes: Vec<Shape>,
}

impl WordSet {
    fn extend(&mut self, other: &Self) {
        self.words.extend(&other.words);
        self.endings.extend(other.endings.iter().cloned());
        self.except.extend(&other.except);
        self.shapes.extend(&other.shapes);
    }

    /// All that is in one of `sets`.
    pub(super) fn union(sets: &[&Self]) -> Rc<Self> {
        let mut union = Self::default();
        sets.iter().for_each(|set| union.extend(set));
        union.settle()
    }

    /// Sorts the lists, so that equal sets are equal.
    fn settle(mut self) -> Rc<Self> {
        self.words.sort_unstable();
        self.words.dedup();
        self.endings.sort_unstable();
        self.endings.dedup();
        self.except.sort_unstable();
        self.except.dedup();
        self.shapes.sort_unstable();
        self.shapes.dedup();
        Rc::new(self)
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.endings.is_empty() && self.shapes.is_empty()
    }
}

/// A pattern as the matcher runs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Atom(AtomId),
    Seq(Box<[Node]>),
    Alt(Box<[Node]>),
    Opt(Box<Node>),
    Gap(Gap),
    Not(AtomId),
    NotBehind(AtomId),
    Ahead(AtomId),
    Start,
    End,
    Mark(u16),
    Whole(Whole),
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) root: Node,
    /// What must also be in the sentence.
    pub(super) given: Option<Node>,
    /// What must not be in the sentence.
    pub(super) unless: Option<Node>,
}

impl Program {
    /// A program for each branch of a choice at the top; the program itself where there is none.
    pub(super) fn branches(self) -> Vec<Self> {
        let Self { root, given, unless } = self;
        match root {
            Node::Alt(branches) => {
                let branch = |root| Self { root, given: given.clone(), unless: unless.clone() }.branches();
                branches.into_vec().into_iter().flat_map(branch).collect()
            }
            root => vec![Self { root, given, unless }],
        }
    }
}

/// A class as its file states it.
#[derive(Clone, Debug, Default)]
pub(super) struct ClassSource {
    /// Its name.
    pub(super) name: String,
    /// Words, each with its form: `word`, `word~`, `word~ing`.
    pub(super) words: Vec<(String, Form)>,
    /// Endings.
    pub(super) endings: Vec<String>,
    /// Words that an ending would take in wrongly.
    pub(super) except: Vec<String>,
    /// Shapes: names, numbers, capitals.
    pub(super) shapes: Vec<Shape>,
    /// Constructions.
    pub(super) pattern: Option<Ast>,
}

/// The commonest words and marks, most frequent first, and how often each comes up in a million.
pub(super) fn frequencies() -> impl Iterator<Item = (&'static str, u64)> {
    let lines = include_str!("frequencies.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).map(|(word, count)| (word, count.parse().expect("a number")))
}

/// How often a word comes up in a million that is not among the commonest; most of these are rarer still.
const RARE: u64 = 10;

/// How often unknown words of one ending come up in a million.
const ENDING: u64 = 10_000;

/// How often words of one shape come up in a million.
const SHAPE: u64 = 40_000;

/// Collects words, atoms and marks over all patterns.
#[derive(Debug)]
pub(super) struct Compiler<'a> {
    words: &'a Words,
    classes: &'a BTreeMap<String, ClassSource>,
    marks: BTreeMap<String, u16>,
    pub(super) vocabulary: Vocabulary,
    /// Every atom's set, in the order of their ids.
    sets: Vec<Rc<WordSet>>,
    atoms: FxHashMap<Rc<WordSet>, AtomId>,
    /// What was worked out already: the words of classes, whole classes as sets and as nodes, the forms of words.
    class_words: FxHashMap<(&'a str, Form), Rc<WordSet>>,
    class_sets: FxHashMap<(String, Form), Option<Rc<WordSet>>>,
    class_nodes: FxHashMap<(String, Form), Node>,
    forms: FxHashMap<(String, Form), Rc<WordSet>>,
    depth: usize,
}

impl<'a> Compiler<'a> {
    /// A compiler over the words and classes of a lexicon, whose marks are `marks` in this order.
    pub(super) fn new(words: &'a Words, classes: &'a BTreeMap<String, ClassSource>, marks: &[String]) -> Self {
        let mut vocabulary = Vocabulary::new();
        for (surface, meaning) in &words.expansions {
            vocabulary.expand(surface, meaning);
        }
        let marks = marks.iter().enumerate().map(|(index, name)| (name.clone(), index as u16)).collect();
        Self {
            words,
            classes,
            marks,
            vocabulary,
            sets: Vec::new(),
            atoms: FxHashMap::default(),
            class_words: FxHashMap::default(),
            class_sets: FxHashMap::default(),
            class_nodes: FxHashMap::default(),
            forms: FxHashMap::default(),
            depth: 0,
        }
    }

    /// Compiles a pattern.
    pub(super) fn compile(&mut self, ast: &Ast) -> Result<Node, PatternError> {
        self.depth = 0;
        self.node(ast)
    }

    /// Every atom's set, in the order of their ids.
    pub(super) fn sets(&self) -> &[Rc<WordSet>] {
        &self.sets
    }

    /// How common the words of each atom are, in millionths.
    pub(super) fn costs(&self) -> Vec<u64> {
        let known = frequencies().collect::<FxHashMap<_, _>>();
        let cost = |set: &Rc<WordSet>| {
            let words = set.words.iter().map(|id| known.get(self.vocabulary.word(*id)).copied().unwrap_or(RARE));
            words.sum::<u64>() + ENDING * set.endings.len() as u64 + SHAPE * set.shapes.len() as u64
        };
        self.sets.iter().map(cost).collect()
    }

    /// The atom of a class of words; `None` for a construction.
    pub(super) fn atom_of(&mut self, class: &Ast) -> Option<AtomId> {
        match self.node(class) {
            Ok(Node::Atom(atom)) => Some(atom),
            Ok(_) | Err(_) => None,
        }
    }

    fn atom(&mut self, set: &Rc<WordSet>) -> Result<AtomId, PatternError> {
        if let Some(atom) = self.atoms.get(set) {
            return Ok(*atom);
        }
        if self.sets.len() == MAX_ATOMS {
            return Err(error(format!("more than {MAX_ATOMS} different words and choices of words in one lexicon")));
        }
        let atom = self.sets.len() as AtomId;
        self.sets.push(Rc::clone(set));
        self.atoms.insert(Rc::clone(set), atom);
        Ok(atom)
    }

    fn node(&mut self, ast: &Ast) -> Result<Node, PatternError> {
        if let Some(set) = self.set(ast)? {
            return Ok(Node::Atom(self.atom(&set)?));
        }
        Ok(match ast {
            Ast::Word(..) => unreachable!("a word is a set"),
            Ast::Class(name, form) => {
                let key = (name.clone(), *form);
                if let Some(node) = self.class_nodes.get(&key) {
                    return Ok(node.clone());
                }
                let class = self.class(name)?;
                let Some(pattern) = &class.pattern else { unreachable!("a class of words is a set") };
                let pattern = in_form(pattern, *form)
                    .ok_or_else(|| error(format!("@{name} is a construction and has no other forms")))?;
                self.enter(name)?;
                let construction = self.node(&pattern)?;
                self.depth -= 1;
                let words = self.class_words(class, *form);
                let node = if words.is_empty() {
                    construction
                } else {
                    Node::Alt([Node::Atom(self.atom(&words)?), construction].into())
                };
                self.class_nodes.insert(key, node.clone());
                node
            }
            Ast::Seq(items) => {
                Node::Seq(items.iter().map(|item| self.node(item)).collect::<Result<Vec<_>, _>>()?.into())
            }
            Ast::Alt(branches) => {
                // Branches of one word each are one atom together.
                let mut single = WordSet::default();
                let mut nodes = Vec::new();
                for branch in branches {
                    match self.set(branch)? {
                        Some(set) => single.extend(&set),
                        None => nodes.push(self.node(branch)?),
                    }
                }
                if !single.is_empty() {
                    nodes.push(Node::Atom(self.atom(&single.settle())?));
                }
                Node::Alt(nodes.into())
            }
            Ast::Opt(inner) => Node::Opt(Box::new(self.node(inner)?)),
            Ast::Gap(gap) => Node::Gap(*gap),
            Ast::Not(inner) => Node::Not(self.guard(inner)?),
            Ast::NotBehind(inner) => Node::NotBehind(self.guard(inner)?),
            Ast::Ahead(inner) => Node::Ahead(self.guard(inner)?),
            Ast::Start => Node::Start,
            Ast::End => Node::End,
            Ast::Mark(name) => {
                Node::Mark(*self.marks.get(name).ok_or_else(|| error(format!("there is no mark ^{name}")))?)
            }
            Ast::Whole(whole) => Node::Whole(*whole),
        })
    }

    fn guard(&mut self, inner: &Ast) -> Result<AtomId, PatternError> {
        match self.node(inner)? {
            Node::Atom(atom) => Ok(atom),
            _ => Err(error("a guard looks at one word or class of words".to_owned())),
        }
    }

    fn class(&self, name: &str) -> Result<&'a ClassSource, PatternError> {
        self.classes.get(name).ok_or_else(|| error(format!("there is no class @{name}")))
    }

    fn enter(&mut self, name: &str) -> Result<(), PatternError> {
        self.depth += 1;
        if self.depth > 16 { Err(error(format!("@{name} stands for itself"))) } else { Ok(()) }
    }

    /// The words of a class, in one form.
    fn class_words(&mut self, class: &'a ClassSource, form: Form) -> Rc<WordSet> {
        let key = (class.name.as_str(), form);
        if let Some(set) = self.class_words.get(&key) {
            return Rc::clone(set);
        }
        let mut set = WordSet::default();
        for (word, own) in &class.words {
            set.extend(&self.forms(word, if form == Form::Exact { *own } else { form }));
        }
        set.endings.extend(class.endings.iter().cloned());
        set.except = class.except.iter().map(|word| self.vocabulary.insert(word)).collect();
        set.shapes.extend(&class.shapes);
        let set = set.settle();
        self.class_words.insert(key, Rc::clone(&set));
        set
    }

    /// The words that `word` is in that form.
    fn forms(&mut self, word: &str, form: Form) -> Rc<WordSet> {
        let key = (word.to_owned(), form);
        if let Some(set) = self.forms.get(&key) {
            return Rc::clone(set);
        }
        let forms = self.words.forms(word, form);
        let words = forms.iter().map(|form| self.vocabulary.insert(form)).collect();
        let set = WordSet { words, ..WordSet::default() }.settle();
        self.forms.insert(key, Rc::clone(&set));
        set
    }

    /// The words that `ast` stands for, if it always stands for exactly one.
    fn set(&mut self, ast: &Ast) -> Result<Option<Rc<WordSet>>, PatternError> {
        match ast {
            Ast::Word(word, form) => Ok(Some(self.forms(word, *form))),
            Ast::Class(name, form) => {
                let key = (name.clone(), *form);
                if let Some(set) = self.class_sets.get(&key) {
                    return Ok(set.clone());
                }
                let class = self.class(name)?;
                let set = match &class.pattern {
                    None => Some(self.class_words(class, *form)),
                    Some(pattern) => match in_form(pattern, *form) {
                        None => None,
                        Some(pattern) => {
                            self.enter(name)?;
                            let set = self.set(&pattern)?;
                            self.depth -= 1;
                            set.map(|set| {
                                let mut all = WordSet::clone(&set);
                                all.extend(&self.class_words(class, *form));
                                all.settle()
                            })
                        }
                    },
                };
                self.class_sets.insert(key, set.clone());
                Ok(set)
            }
            Ast::Alt(branches) => {
                let mut all = WordSet::default();
                for branch in branches {
                    match self.set(branch)? {
                        Some(set) => all.extend(&set),
                        None => return Ok(None),
                    }
                }
                Ok(Some(all.settle()))
            }
            Ast::Seq(_)
            | Ast::Opt(_)
            | Ast::Gap(_)
            | Ast::Not(_)
            | Ast::NotBehind(_)
            | Ast::Ahead(_)
            | Ast::Start
            | Ast::End
            | Ast::Mark(_)
            | Ast::Whole(_) => Ok(None),
        }
    }
}

/// A choice of words and classes in another form; `None` for a longer construction.
fn in_form(ast: &Ast, form: Form) -> Option<Ast> {
    if form == Form::Exact {
        return Some(ast.clone());
    }
    match ast {
        Ast::Word(word, Form::Exact) => Some(Ast::Word(word.clone(), form)),
        Ast::Class(name, Form::Exact) => Some(Ast::Class(name.clone(), form)),
        Ast::Alt(branches) => branches.iter().map(|branch| in_form(branch, form)).collect::<Option<_>>().map(Ast::Alt),
        Ast::Word(..)
        | Ast::Class(..)
        | Ast::Seq(_)
        | Ast::Opt(_)
        | Ast::Gap(_)
        | Ast::Not(_)
        | Ast::NotBehind(_)
        | Ast::Ahead(_)
        | Ast::Start
        | Ast::End
        | Ast::Mark(_)
        | Ast::Whole(_) => None,
    }
}

fn error(reason: String) -> PatternError {
    PatternError { offset: 0, reason }
}
