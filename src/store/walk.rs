//! Walking the index from the newest item down.
//!
//! What is wanted becomes a tree. Its leaves are questions to one of the two tables of tokens, each of which gives ids
//! in falling order; as much as can be is put into one question. Every part of the tree answers one thing: the greatest
//! id at or below a bound, so that parts leap over what the others lack.

use crate::search::{BREAK, IndexLookup, MarkedText, Pattern, SearchTerm, index_lookup};
use rusqlite::{CachedStatement, Connection, params};
use std::collections::{BTreeSet, VecDeque};

/// Ids a leaf reads at once, at first and at most.
const CHUNK: i64 = 128;
const CHUNKS: i64 = 4_096;

/// Characters of texts that keys are asked for as well, at most.
const SHARP: usize = 8;

/// The two tables of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Text,
    Key,
}

impl Table {
    fn sql(self) -> &'static str {
        match self {
            Self::Text => {
                "SELECT rowid FROM search_text WHERE search_text MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC LIMIT ?3"
            }
            Self::Key => {
                "SELECT rowid FROM search_key WHERE search_key MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC LIMIT ?3"
            }
        }
    }
}

/// What an item must have, in terms of the index.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Leaf(Question),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

/// One question to one table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    table: Table,
    /// In FTS5's language, in brackets where it has more than one part.
    words: String,
    /// One of these must fit the title; empty where the table's answer is exact.
    check: Vec<Pattern>,
    /// Characters that whatever answers it has.
    chars: BTreeSet<char>,
}

impl Tree {
    /// The tree of what is wanted.
    pub fn of(want: &SearchTerm) -> Self {
        let leaf = |table, words, check| Self::Leaf(Question { table, words, check, chars: BTreeSet::new() });
        match want {
            SearchTerm::Text(chars) => match index_lookup(chars) {
                None => Self::All(Vec::new()),
                Some(IndexLookup::Key(key)) => leaf(Table::Key, format!("\"{key}\""), Vec::new()),
                Some(IndexLookup::Phrase { tokens, open }) => {
                    let words = format!("\"{}\"{}", tokens.join(" "), if open { "*" } else { "" });
                    let chars = tokens.iter().flat_map(|t| t.chars()).filter(|c| *c != BREAK).collect();
                    Self::Leaf(Question { table: Table::Text, words, check: Vec::new(), chars })
                }
            },
            SearchTerm::Sound(pattern) => {
                let check = if pattern.is_exact() { Vec::new() } else { vec![pattern.clone()] };
                let keys: Vec<String> = pattern.keys().iter().map(|k| format!("\"{k}\"")).collect();
                leaf(Table::Key, bracketed(&keys, " AND "), check)
            }
            SearchTerm::All(wants) => Self::all(wants.iter().map(Self::of).collect()),
            SearchTerm::Any(wants) => Self::any(wants.iter().map(Self::of).collect()),
        }
    }

    /// What has each of these.
    pub fn all(mut trees: Vec<Self>) -> Self {
        // The two tables are joined here, by far slower than either joins its own: what the texts of one need is asked
        // of the other as well.
        let chars: BTreeSet<char> = trees.iter().flat_map(Self::chars).copied().collect();
        trees.iter_mut().for_each(|tree| tree.sharpen(&chars));
        Self::joined(trees, " AND ", Self::All)
    }

    fn any(trees: Vec<Self>) -> Self {
        Self::joined(trees, " OR ", Self::Any)
    }

    /// Characters that whatever fits has.
    fn chars(&self) -> &BTreeSet<char> {
        const NONE: &BTreeSet<char> = &BTreeSet::new();
        if let Self::Leaf(question) = self { &question.chars } else { NONE }
    }

    /// Asks the keys for characters too.
    fn sharpen(&mut self, chars: &BTreeSet<char>) {
        match self {
            Self::Leaf(question) if question.table == Table::Key && !chars.is_empty() => {
                let keys = chars.iter().take(SHARP).map(|c| format!("\"u{c}\""));
                let parts: Vec<String> = std::iter::once(std::mem::take(&mut question.words)).chain(keys).collect();
                question.words = bracketed(&parts, " AND ");
            }
            Self::Leaf(_) => {}
            Self::All(trees) | Self::Any(trees) => trees.iter_mut().for_each(|tree| tree.sharpen(chars)),
        }
    }

    /// Exact questions to the same table become one.
    fn joined(trees: Vec<Self>, with: &str, whole: impl Fn(Vec<Self>) -> Self) -> Self {
        let mut rest = Vec::new();
        let mut exact: [Vec<String>; 2] = Default::default();
        let [text, key] = &mut exact;
        for tree in trees {
            match tree {
                Self::Leaf(Question { table: Table::Text, words, check, .. }) if check.is_empty() => text.push(words),
                Self::Leaf(Question { table: Table::Key, words, check, .. }) if check.is_empty() => key.push(words),
                other => rest.push(other),
            }
        }
        for (table, parts) in [Table::Text, Table::Key].into_iter().zip(exact) {
            if !parts.is_empty() {
                let words = bracketed(&parts, with);
                rest.push(Self::Leaf(Question { table, words, check: Vec::new(), chars: BTreeSet::new() }));
            }
        }
        if rest.len() == 1
            && let Some(only) = rest.pop()
        {
            return only;
        }
        whole(rest)
    }

    /// The same, narrowed to what has one token of each list.
    pub fn narrowed(self, by: &[Vec<String>]) -> Self {
        match self {
            Self::Leaf(mut question) => {
                question.words = bracketed(&[vec![question.words], facets(by)].concat(), " AND ");
                Self::Leaf(question)
            }
            Self::All(trees) => Self::All(trees.into_iter().map(|t| t.narrowed(by)).collect()),
            Self::Any(trees) => Self::Any(trees.into_iter().map(|t| t.narrowed(by)).collect()),
        }
    }

    /// Whatever has one token of each list.
    pub fn facets(by: &[Vec<String>]) -> Self {
        let words = bracketed(&facets(by), " AND ");
        Self::Leaf(Question { table: Table::Key, words, check: Vec::new(), chars: BTreeSet::new() })
    }
}

fn facets(by: &[Vec<String>]) -> Vec<String> {
    let quoted = |tokens: &Vec<String>| tokens.iter().map(|t| format!("\"{}\"", t.trim())).collect::<Vec<_>>();
    by.iter().map(|tokens| bracketed(&quoted(tokens), " OR ")).collect()
}

fn bracketed(parts: &[String], with: &str) -> String {
    match parts {
        [one] => one.clone(),
        more => format!("({})", more.join(with)),
    }
}

/// A tree that is being walked.
pub(super) enum Walk<'c> {
    Leaf(Box<Leaf<'c>>),
    All(Vec<Walk<'c>>),
    Any(Vec<Walk<'c>>),
}

impl<'c> Walk<'c> {
    /// At the start of a tree.
    pub fn new(conn: &'c Connection, tree: Tree) -> rusqlite::Result<Self> {
        let each = |trees: Vec<Tree>| trees.into_iter().map(|t| Self::new(conn, t)).collect::<Result<_, _>>();
        Ok(match tree {
            Tree::Leaf(question) => Self::Leaf(Box::new(Leaf::new(conn, question)?)),
            Tree::All(trees) => Self::All(each(trees)?),
            Tree::Any(trees) => Self::Any(each(trees)?),
        })
    }

    /// The greatest id at or below a bound; bounds only fall.
    pub fn at_most(&mut self, bound: i64) -> rusqlite::Result<Option<i64>> {
        match self {
            Self::Leaf(leaf) => leaf.at_most(bound),
            Self::Any(walks) => {
                let mut best = None;
                for walk in walks {
                    best = best.max(walk.at_most(bound)?);
                }
                Ok(best)
            }
            Self::All(walks) => {
                let mut id = bound;
                let (mut agreed, mut turn) = (0, 0);
                let count = walks.len();
                while agreed < count {
                    let Some(walk) = walks.get_mut(turn) else { return Ok(None) };
                    match walk.at_most(id)? {
                        None => return Ok(None),
                        Some(found) if found == id && agreed > 0 => agreed += 1,
                        Some(found) => (id, agreed) = (found, 1),
                    }
                    turn = (turn + 1) % count;
                }
                Ok((count > 0).then_some(id))
            }
        }
    }
}

/// One question that is being answered.
pub(super) struct Leaf<'c> {
    conn: &'c Connection,
    ask: CachedStatement<'c>,
    question: Question,
    read: VecDeque<i64>,
    chunk: i64,
    /// Above it, all has been read.
    below: i64,
    is_done: bool,
    /// The last id that was checked and fits.
    fits: Option<i64>,
}

impl<'c> Leaf<'c> {
    fn new(conn: &'c Connection, question: Question) -> rusqlite::Result<Self> {
        let ask = conn.prepare_cached(question.table.sql())?;
        Ok(Self {
            conn,
            ask,
            question,
            read: VecDeque::new(),
            chunk: CHUNK,
            below: i64::MAX,
            is_done: false,
            fits: None,
        })
    }

    fn at_most(&mut self, bound: i64) -> rusqlite::Result<Option<i64>> {
        loop {
            while self.read.front().is_some_and(|id| *id > bound) {
                self.read.pop_front();
            }
            match self.read.front().copied() {
                Some(id) if self.passes(id)? => return Ok(Some(id)),
                Some(_) => drop(self.read.pop_front()),
                None if self.is_done => return Ok(None),
                None => self.refill(bound)?,
            }
        }
    }

    fn refill(&mut self, bound: i64) -> rusqlite::Result<()> {
        let bound = bound.min(self.below);
        let (ask, below) = (&mut self.ask, &mut self.below);
        let found = ask.query_map(params![self.question.words, bound, self.chunk], |row| row.get::<_, i64>(0))?;
        for id in found {
            let id = id?;
            *below = id.saturating_sub(1);
            self.read.push_back(id);
        }
        self.is_done = i64::try_from(self.read.len()).is_ok_and(|n| n < self.chunk);
        self.chunk = (self.chunk * 4).min(CHUNKS);
        Ok(())
    }

    fn passes(&mut self, id: i64) -> rusqlite::Result<bool> {
        if self.question.check.is_empty() || self.fits == Some(id) {
            return Ok(true);
        }
        let mut title = self.conn.prepare_cached("SELECT title FROM search_entry WHERE id = ?1")?;
        let title = title.query_row([id], |row| Ok(MarkedText::title(row.get_ref(0)?.as_str()?)))?;
        let fits = self.question.check.iter().any(|p| title.matches_sound(p));
        if fits {
            self.fits = Some(id);
        }
        Ok(fits)
    }
}
