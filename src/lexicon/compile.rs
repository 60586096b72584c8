//! From syntax trees to what the matcher runs.
//!
//! Every choice of single words becomes an *atom*: a set of word ids. A sentence is turned into one bit mask per atom
//! (bit *i* stands for token *i*), so a pattern is a handful of shifts and ands, whatever the number of its words. A
//! pattern is filed under the rarest atoms that it cannot do without, its *anchors*, and runs only where one is found.

use super::pattern::{Ast, Gap, PatternError, Whole};
use super::token::{Shape, Vocabulary, WordId};
use super::words::{Form, Words};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The id of an atom.
pub(super) type AtomId = u16;

/// A set of words, by id, by ending and by shape.
///
/// Every list is sorted and holds nothing twice once [`WordSet::settle`] has run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct WordSet {
    words: Vec<WordId>,
    /// Endings of words; a word shorter than its ending and two letters is not meant.
    endings: Vec<String>,
    except: Vec<WordId>,
    shapes: Vec<u8>,
}

impl WordSet {
    fn extend(&mut self, other: &Self) {
        self.words.extend(&other.words);
        self.endings.extend(other.endings.iter().cloned());
        self.except.extend(&other.except);
        self.shapes.extend(&other.shapes);
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
#[derive(Clone, Debug)]
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
    /// What every match holds, in its order: at each step one of several atoms. A sentence without it need not be tried.
    pub(super) skeleton: Box<[Box<[AtomId]>]>,
    /// The step of the skeleton that is rarest after the anchor: one of these must be there too.
    pub(super) guard: Box<[AtomId]>,
    /// What must also be in the sentence.
    pub(super) given: Option<Node>,
    /// What must not be in the sentence.
    pub(super) unless: Option<Node>,
}

impl Program {
    fn new(root: Node) -> Self {
        let mut steps = Vec::new();
        skeleton(&root, &mut steps);
        Self { root, skeleton: steps.into(), guard: Box::default(), given: None, unless: None }
    }

    /// Chooses the guard by how common the words of each atom are.
    pub(super) fn set_guard(&mut self, costs: &[u64]) {
        let cost = |step: &&[AtomId]| step.iter().map(|atom| costs[*atom as usize]).sum::<u64>();
        let mut steps: Vec<&[AtomId]> = self.skeleton.iter().map(|step| &**step).collect();
        steps.sort_by_key(cost);
        self.guard = steps.get(1).map_or_else(Box::default, |step| (*step).into());
    }

    /// A program for each branch of a choice at the top; the program itself where there is none.
    pub(super) fn branches(self) -> Vec<Self> {
        match self.root {
            Node::Alt(branches) => {
                branches.into_vec().into_iter().flat_map(|branch| Self::new(branch).branches()).collect()
            }
            root => vec![Self { root, ..self }],
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

/// All that the matcher needs to know of words and atoms.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// By word id: the atoms that hold it.
    pub(super) atoms_of: Vec<Box<[AtomId]>>,
    /// For words without an id: endings and the atoms that hold them, with the words they do not hold left to ids.
    pub(super) endings: Vec<(String, AtomId)>,
    /// By shape: the atoms that hold it.
    pub(super) shapes: Vec<Box<[AtomId]>>,
    /// How many atoms there are.
    pub(super) count: usize,
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
    pub(super) fn compile(&mut self, ast: &Ast) -> Result<Program, PatternError> {
        self.depth = 0;
        Ok(Program::new(self.node(ast)?))
    }

    /// The atoms of which at least one must be in a sentence where `program` is found; `None` where it may be found
    /// in any sentence. `costs` says how common the words of each atom are.
    pub(super) fn anchors(program: &Program, marks: &[Program], costs: &[u64]) -> Option<Vec<AtomId>> {
        anchor(&program.root, marks, costs, 0).map(|(_, atoms)| atoms)
    }

    /// How common the words of each atom are: the sum of their shares in English, in millionths, roughly.
    pub(super) fn costs(&self) -> Vec<u64> {
        let ranks: BTreeMap<&str, usize> =
            self.words.common.iter().enumerate().map(|(rank, word)| (word.as_str(), rank)).collect();
        let cost = |set: &Rc<WordSet>| {
            let words = set.words.iter().map(|id| match ranks.get(self.vocabulary.word(*id)) {
                // Zipf: the word of rank r makes up about a tenth of r of a text.
                Some(rank) => 60_000 / (*rank as u64 + 1),
                None => 30,
            });
            words.sum::<u64>() + 20_000 * set.endings.len() as u64 + 40_000 * set.shapes.len() as u64
        };
        self.sets.iter().map(cost).collect()
    }

    /// The tables of all atoms met so far.
    pub(super) fn tables(&self) -> Tables {
        let count = self.sets.len();
        let mut atoms_of: Vec<Vec<AtomId>> = vec![Vec::new(); self.vocabulary.words().count() + 1];
        let mut endings = Vec::new();
        let mut ending_in: BTreeMap<&str, Vec<WordId>> = BTreeMap::new();
        let mut shapes = vec![Vec::new(); SHAPES.len()];
        for (atom, set) in self.sets.iter().enumerate().map(|(atom, set)| (atom as AtomId, set)) {
            for id in &set.words {
                atoms_of[*id as usize].push(atom);
            }
            for ending in &set.endings {
                endings.push((ending.clone(), atom));
                let words = ending_in.entry(ending).or_insert_with(|| {
                    self.vocabulary.words().filter(|(_, word)| has_ending(word, ending)).map(|(id, _)| id).collect()
                });
                for id in words.iter().filter(|id| set.except.binary_search(id).is_err()) {
                    atoms_of[*id as usize].push(atom);
                }
            }
            for shape in &set.shapes {
                shapes[*shape as usize].push(atom);
            }
        }
        let sorted = |mut atoms: Vec<AtomId>| -> Box<[AtomId]> {
            atoms.sort_unstable();
            atoms.dedup();
            atoms.into()
        };
        Tables {
            atoms_of: atoms_of.into_iter().map(sorted).collect(),
            endings,
            shapes: shapes.into_iter().map(sorted).collect(),
            count,
        }
    }

    /// The atom of a class of words; `None` for a construction.
    pub(super) fn atom_of(&mut self, class: &Ast) -> Option<AtomId> {
        match self.node(class) {
            Ok(Node::Atom(atom)) => Some(atom),
            Ok(_) | Err(_) => None,
        }
    }

    fn atom(&mut self, set: &Rc<WordSet>) -> AtomId {
        if let Some(atom) = self.atoms.get(set) {
            return *atom;
        }
        let atom = AtomId::try_from(self.sets.len()).expect("fewer than 65,536 choices of words");
        self.sets.push(Rc::clone(set));
        self.atoms.insert(Rc::clone(set), atom);
        atom
    }

    fn node(&mut self, ast: &Ast) -> Result<Node, PatternError> {
        if let Some(set) = self.set(ast)? {
            return Ok(Node::Atom(self.atom(&set)));
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
                    Node::Alt([Node::Atom(self.atom(&words)), construction].into())
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
                    nodes.push(Node::Atom(self.atom(&single.settle())));
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
        set.shapes.extend(class.shapes.iter().filter_map(|shape| index_of(*shape)));
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

/// The shapes that a class can ask for, at their places in [`Tables::shapes`].
pub(super) const SHAPES: [Shape; 3] = [Shape::Name, Shape::Capitals, Shape::Number];

/// The place of a shape in [`SHAPES`].
pub(super) fn index_of(shape: Shape) -> Option<u8> {
    SHAPES.iter().position(|known| *known == shape).map(|at| at as u8)
}

/// Whether `word` ends in `ending` and has at least two letters before it.
pub(super) fn has_ending(word: &str, ending: &str) -> bool {
    word.len() >= ending.len() + 2 && word.ends_with(ending)
}

fn error(reason: String) -> PatternError {
    PatternError { offset: 0, reason }
}

/// The most atoms that one step of a skeleton may choose from: more of them are hardly ever missing.
const WIDEST_STEP: usize = 24;

/// Collects what every match holds, in its order: at each step one of several atoms.
fn skeleton(node: &Node, steps: &mut Vec<Box<[AtomId]>>) {
    if let Node::Seq(items) = node {
        items.iter().for_each(|item| skeleton(item, steps));
    } else {
        steps.extend(one_of(node).filter(|atoms| atoms.len() <= WIDEST_STEP).map(Vec::into_boxed_slice));
    }
}

/// Atoms of which every match of `node` holds one; the fewest that can be named.
fn one_of(node: &Node) -> Option<Vec<AtomId>> {
    match node {
        Node::Atom(atom) => Some(vec![*atom]),
        Node::Seq(items) => items.iter().filter_map(one_of).min_by_key(Vec::len),
        Node::Alt(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(one_of(branch)?);
            }
            all.sort_unstable();
            all.dedup();
            Some(all)
        }
        Node::Opt(_)
        | Node::Gap(_)
        | Node::Not(_)
        | Node::NotBehind(_)
        | Node::Ahead(_)
        | Node::Start
        | Node::End
        | Node::Mark(_)
        | Node::Whole(_) => None,
    }
}

/// The cheapest atoms of which one must be there, with their cost.
fn anchor(node: &Node, marks: &[Program], costs: &[u64], depth: usize) -> Option<(u64, Vec<AtomId>)> {
    match node {
        Node::Atom(atom) | Node::Ahead(atom) => Some((costs[*atom as usize], vec![*atom])),
        Node::Seq(items) => {
            items.iter().filter_map(|item| anchor(item, marks, costs, depth)).min_by_key(|(cost, _)| *cost)
        }
        Node::Alt(branches) => {
            let mut all = (0, Vec::new());
            for branch in branches {
                let (cost, atoms) = anchor(branch, marks, costs, depth)?;
                all.0 += cost;
                all.1.extend(atoms);
            }
            Some(all)
        }
        // A mark may be made of other marks, but not of itself.
        Node::Mark(mark) if depth < 8 => {
            marks.get(*mark as usize).and_then(|mark| anchor(&mark.root, marks, costs, depth + 1))
        }
        Node::Opt(_)
        | Node::Gap(_)
        | Node::Not(_)
        | Node::NotBehind(_)
        | Node::Start
        | Node::End
        | Node::Mark(_)
        | Node::Whole(_) => None,
    }
}
