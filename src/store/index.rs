//! The index of words: what is put in, what is taken out, and the slow making of it for what a store held before.
//!
//! `search_text` holds every text as tokens with their places, `search_key` what needs no places: single characters,
//! short pieces of words, how titles sound. Both hold what searches are narrowed by, too. They keep no text; a hit's
//! title and facets stand in `search_entry`, whose id is that of the tokens. Ids grow with the hour an item is sorted
//! by, so that newest first needs no sorting: each hour has [`SLOTS`] of them, and a fuller one spills into the next.

use super::{
    Store, StoreError, rows,
    tokenise::{IndexBuilder, Words},
};
use crate::{
    config::{Site, time_zone},
    model::{Notice, NoticeId},
    search::SearchItem,
};
use jiff::{civil::Date, tz::TimeZone};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params, types::Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ids of one hour.
const SLOTS: i64 = 4096;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;
/// Hours from the epoch that have ids of their own, either way: five hundred years.
const HOURS: i64 = 500 * 366 * 24;
/// Bytes of words whose tokens are held back at most; those are about four times as many.
const HELD: usize = 2 << 20;
/// Notices that one slice of the index's making reads.
const SLICE: i64 = 50;

/// What the index is to know of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// What it leads to.
    pub item: SearchItem,
    /// By which newest goes first: microseconds since the Unix epoch.
    pub sorted_at: i64,
    /// The title: found by its words and by its sound, and shown.
    pub title: String,
    /// All other words it is found by.
    pub words: String,
    /// A document, project or receipt number, which is also found without its brackets and hyphens; may be empty.
    pub number: String,
    /// The catalogue id; may be empty.
    pub catalogue: String,
    /// The unit; may be empty.
    pub unit: String,
    /// The code of its region; may be empty.
    pub place: String,
    /// Its day.
    pub day: Option<Date>,
}

impl IndexEntry {
    /// What the index is to know of a notice. Its day is that of the zone.
    pub(super) fn of_notice(id: NoticeId, sorted_at: i64, notice: &Notice, zone: &TimeZone) -> Self {
        Self {
            item: SearchItem::Notice(id),
            sorted_at,
            title: notice.title.clone(),
            words: words(notice),
            number: notice.number.clone().unwrap_or_default(),
            catalogue: notice.catalogue.clone(),
            unit: notice.issuer.clone().unwrap_or_default(),
            place: String::new(),
            day: Some(rows::instant(sorted_at).to_zoned(zone.clone()).date()),
        }
    }
}

/// What a notice says besides its title and number.
pub(super) fn words(notice: &Notice) -> String {
    let mut words = String::new();
    let mut add = |text: &str| {
        if !text.is_empty() {
            words.push_str(text);
            words.push('\n');
        }
    };
    // The summary is mostly the body's beginning.
    if notice.body.is_empty() {
        add(&notice.summary);
    }
    notice.body.iter().for_each(|block| add(&block.plain_text()));
    notice.attachments.iter().filter_map(|a| a.title.as_deref()).for_each(&mut add);
    for text in [Some(&notice.kind), notice.issuer.as_ref(), notice.author.as_ref()].into_iter().flatten() {
        add(text);
    }
    words
}

/// How an item stands in its columns.
pub(super) fn columns(item: &SearchItem) -> (i64, Value) {
    match item {
        SearchItem::Notice(id) => (0, Value::Integer(id.0)),
        SearchItem::Row(id) => (1, Value::Integer(id.0)),
        SearchItem::Case(receipt) => (2, Value::Text(receipt.clone())),
    }
}

/// The index within a transaction. What repeats from entry to entry is looked up once. Tokens are held back and written
/// in the order of their ids: FTS5 starts a segment of its own for each id that is lower than the one before.
#[derive(Debug)]
#[must_use = "finish writes what is held back"]
pub(super) struct Index<'a> {
    tx: &'a Connection,
    known: HashMap<String, i64>,
    /// By the first id of an hour, the next one to give.
    free: HashMap<i64, i64>,
    /// Ids whose tokens are held back.
    puts: BTreeSet<i64>,
    making: IndexBuilder,
    /// Bytes of words that are held back.
    held: usize,
    removed: BTreeSet<i64>,
}

impl<'a> Index<'a> {
    pub fn new(tx: &'a Connection) -> Self {
        Self {
            tx,
            known: HashMap::new(),
            free: HashMap::new(),
            puts: BTreeSet::new(),
            making: IndexBuilder::default(),
            held: 0,
            removed: BTreeSet::new(),
        }
    }

    /// Puts an entry in, in place of what the index knew of its item.
    pub fn put(&mut self, entry: &IndexEntry) -> rusqlite::Result<()> {
        self.remove(&entry.item)?;
        self.add(entry)
    }

    /// Puts an entry in whose item the index has never had.
    pub fn add(&mut self, entry: &IndexEntry) -> rusqlite::Result<()> {
        let id = self.free(entry.sorted_at)?;
        let (kind, item) = columns(&entry.item);
        let mut facets = String::new();
        let mut heading = self.word("")?;
        // Each heading above as well, so that a search under it is one token.
        let ends = entry.catalogue.match_indices('.').map(|(at, _)| at).chain([entry.catalogue.len()]);
        for above in ends.filter_map(|end| entry.catalogue.get(..end)).filter(|a| !a.is_empty()) {
            heading = self.word(above)?;
            facets += &facet(Facet::Catalogue(heading));
        }
        let (unit, place) = (self.word(&entry.unit)?, self.word(&entry.place)?);
        for (word, token) in [(&entry.unit, Facet::Unit(unit)), (&entry.place, Facet::Place(place))] {
            if !word.is_empty() {
                facets += &facet(token);
            }
        }
        if let Some(day) = entry.day {
            facets += &facet(Facet::Year(day.year()));
        }
        self.tx
            .prepare_cached(
                "INSERT INTO search_entry (id, kind, item, title, catalogue, unit, place, day)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![id, kind, item, entry.title, heading, unit, place, entry.day.map(day_number)])?;
        let (title, number, words) = (entry.title.clone(), entry.number.clone(), entry.words.clone());
        self.held += title.len() + number.len() + words.len();
        self.puts.insert(id);
        self.making.add(Words { id, title, number, words, facets });
        if self.held > HELD { self.write() } else { Ok(()) }
    }

    /// Takes an item out, where it is in.
    pub fn remove(&mut self, item: &SearchItem) -> rusqlite::Result<()> {
        let (kind, item) = columns(item);
        let mut known = self.tx.prepare_cached("SELECT id FROM search_entry WHERE item = ?1 AND kind = ?2")?;
        let id: Option<i64> = known.query_row(params![item, kind], |row| row.get(0)).optional()?;
        let Some(id) = id else { return Ok(()) };
        self.tx.prepare_cached("DELETE FROM search_entry WHERE id = ?1")?.execute([id])?;
        if !self.puts.remove(&id) {
            self.removed.insert(id);
        }
        Ok(())
    }

    /// Writes what is held back.
    pub fn finish(mut self) -> rusqlite::Result<()> {
        self.write()
    }

    fn write(&mut self) -> rusqlite::Result<()> {
        // What was removed goes first: its id may have been given to something else since.
        let removed = std::mem::take(&mut self.removed);
        let ids = std::mem::take(&mut self.puts);
        let puts: BTreeMap<i64, _> = self.making.take().into_iter().filter(|(id, _)| ids.contains(id)).collect();
        self.held = 0;
        for (table, column) in [("search_text", "t"), ("search_key", "k")] {
            let mut delete = self.tx.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?;
            for id in &removed {
                delete.execute([id])?;
            }
            let mut insert =
                self.tx.prepare_cached(&format!("INSERT INTO {table} (rowid, {column}) VALUES (?1, ?2)"))?;
            for (id, [text, keys]) in &puts {
                insert.execute(params![id, if column == "t" { text } else { keys }])?;
            }
        }
        Ok(())
    }

    /// The number that stands for a facet's word.
    fn word(&mut self, word: &str) -> rusqlite::Result<i64> {
        if let Some(id) = self.known.get(word) {
            return Ok(*id);
        }
        let id = match word_id(self.tx, word)? {
            Some(id) => id,
            None => self.tx.prepare_cached("INSERT INTO search_word (word) VALUES (?1)")?.insert([word])?,
        };
        self.known.insert(word.to_owned(), id);
        Ok(id)
    }

    /// The first id after those of the same hour.
    fn free(&mut self, sorted_at: i64) -> rusqlite::Result<i64> {
        let hour = sorted_at.div_euclid(HOUR).clamp(-HOURS, HOURS) * SLOTS;
        let mut id = match self.free.get(&hour) {
            Some(id) => *id,
            None => self.after(hour)?,
        };
        if id < hour + SLOTS {
            self.free.insert(hour, id + 1);
        } else {
            // A full hour spills into those after it, whose next is then another.
            id = self.after(hour + SLOTS)?;
            self.free.remove(&(id - id.rem_euclid(SLOTS)));
        }
        Ok(id)
    }

    /// The first id of an hour, or of those after it, that none of it has had.
    fn after(&self, mut start: i64) -> rusqlite::Result<i64> {
        let mut last = self.tx.prepare_cached("SELECT max(id) FROM search_entry WHERE id >= ?1 AND id < ?2")?;
        loop {
            let last: Option<i64> = last.query_row([start, start + SLOTS], |row| row.get(0))?;
            match last {
                None => return Ok(start),
                Some(id) if id + 1 < start + SLOTS => return Ok(id + 1),
                Some(_) => start += SLOTS,
            }
        }
    }
}

/// The number that stands for a facet's word, where one does.
pub(super) fn word_id(conn: &Connection, word: &str) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM search_word WHERE word = ?1")?.query_row([word], |row| row.get(0)).optional()
}

/// What a search is narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Facet {
    Catalogue(i64),
    Unit(i64),
    Place(i64),
    Year(i16),
}

/// Its token, which no text has: tokens of text hold no two breaks.
pub(super) fn facet(facet: Facet) -> String {
    match facet {
        Facet::Catalogue(id) => format!("··c{id} "),
        Facet::Unit(id) => format!("··n{id} "),
        Facet::Place(id) => format!("··p{id} "),
        Facet::Year(year) => format!("··y{year} "),
    }
}

/// Days since the epoch.
pub(super) fn day_number(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

/// The day of a number; `None` outside the calendar.
pub(super) fn day_of(number: i64) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl Store {
    /// Puts entries into the index, in one transaction.
    ///
    /// # Errors
    /// None of them is in where this fails.
    pub fn index(&mut self, entries: &[IndexEntry]) -> Result<(), StoreError> {
        let put = |conn: &mut Connection| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut index = Index::new(&tx);
            entries.iter().try_for_each(|entry| index.put(entry))?;
            index.finish()?;
            tx.commit()
        };
        put(&mut self.conn).map_err(|e| self.fail(&e))
    }

    /// Whether the index has all that the store held before it had an index.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn is_indexed(&self) -> Result<bool, StoreError> {
        todo(&self.conn).map(|todo| todo.is_none()).map_err(|e| self.fail(&e))
    }

    /// Takes a few of the notices that the store held before it had an index into it, newest first. `false` once all
    /// are in. Takes some milliseconds.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn index_slice(&mut self) -> Result<bool, StoreError> {
        slice(&mut self.conn).map_err(|e| self.fail(&e))
    }
}

/// The zone in which the days of notices are counted.
pub(super) fn zone(conn: &Connection) -> rusqlite::Result<TimeZone> {
    let name: Option<String> =
        conn.prepare_cached("SELECT name FROM search_zone")?.query_row([], |row| row.get(0)).optional()?;
    Ok(time_zone(name.as_deref().unwrap_or_default()))
}

/// Has the days of notices counted in the site's zone. Where that is another than before, all of them are taken into the
/// index anew, slice by slice.
pub(super) fn count_days_in(tx: &Transaction<'_>, site: &Site) -> rusqlite::Result<()> {
    let name = &site.timezone;
    let same: bool =
        tx.query_row("SELECT EXISTS (SELECT 1 FROM search_zone WHERE name = ?1)", [name], |row| row.get(0))?;
    if same {
        return Ok(());
    }
    tx.execute("DELETE FROM search_zone", [])?;
    tx.execute("INSERT INTO search_zone (name) VALUES (?1)", [name])?;
    tx.execute("DELETE FROM search_todo", [])?;
    tx.execute("INSERT INTO search_todo (below) SELECT max(id) + 1 FROM public_notice HAVING count(*) > 0", [])?;
    Ok(())
}

/// Below which number notices are still to be taken in; `None` where none are.
fn todo(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT below FROM search_todo")?.query_row([], |row| row.get(0)).optional()
}

fn slice(conn: &mut Connection) -> rusqlite::Result<bool> {
    if todo(conn)?.is_none() {
        return Ok(false);
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the write lock.
    let Some(below) = todo(&tx)? else { return Ok(false) };
    let (read, zone) = (read_slice(&tx, below)?, zone(&tx)?);
    let mut index = Index::new(&tx);
    // The oldest first, as a harvest takes them in: of equal instants the later one counts as newer.
    for (id, sorted_at, notice) in read.iter().rev() {
        index.put(&IndexEntry::of_notice(NoticeId(*id), *sorted_at, notice, &zone))?;
    }
    index.finish()?;
    let more = match read.last() {
        Some((id, ..)) => tx.execute("UPDATE search_todo SET below = ?1", [id])? > 0,
        None => tx.execute("DELETE FROM search_todo", [])? == 0,
    };
    tx.commit()?;
    Ok(more)
}

fn read_slice(tx: &Transaction<'_>, below: i64) -> rusqlite::Result<Vec<(i64, i64, Notice)>> {
    tx.prepare_cached(
        "SELECT n.id, n.sorted_at, v.content FROM public_notice n
         JOIN version v ON v.notice = n.id AND v.number = n.version WHERE n.id < ?1 ORDER BY n.id DESC LIMIT ?2",
    )?
    .query_map([below, SLICE], |row| Ok((row.get(0)?, row.get(1)?, rows::notice(row.get_ref(2)?.as_blob()?)?)))?
    .collect()
}
