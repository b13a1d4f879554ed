//! Answering searches from the index.

use super::{
    Store, StoreError,
    index::{self, Facet},
    registers, rows,
    walk::{Tree, Walk},
};
use crate::{
    config::{Config, Region},
    model::{NoticeId, RowId},
    search::{
        Facets, MarkedText, SearchHit, SearchItem, SearchQuery, SearchResults, SearchTerm, search_terms, snippet,
    },
    time::{Clock, SystemClock},
};
use rusqlite::{Connection, OptionalExtension, types::ValueRef};
use std::collections::{HashMap, HashSet};

/// Hits passed over at most.
const OFFSET: usize = 10_000;
/// Hits shown at once at most.
const LIMIT: usize = 1_000;
/// Regions that are looked for by their tokens; where there are more, each hit is asked for its place instead.
const PLACES: usize = 32;
/// Ids between two looks at whether to go on.
const STRIDE: usize = 64;

impl Store {
    /// What matches a query, newest first. The config says what lies below a place and what
    /// rows are made of.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn find(&self, query: &SearchQuery, config: &Config) -> Result<SearchResults, StoreError> {
        self.find_unless(query, config, &|| false)
    }

    /// As [`Store::find`], given up as soon as `stop` says so.
    ///
    /// # Errors
    /// Where the store cannot be read; [`StoreError::Interrupted`] where it was given up.
    pub fn find_unless(
        &self,
        query: &SearchQuery,
        config: &Config,
        stop: &dyn Fn() -> bool,
    ) -> Result<SearchResults, StoreError> {
        let clock = SystemClock::default();
        let start = clock.monotonic();
        // Asked first: an index that is completed meanwhile was not complete for this search.
        let partial = !self.is_indexed()?;
        let found = self.search(query, config, stop).map_err(|e| self.fail(&e))?;
        let mut found = found.ok_or(StoreError::Interrupted)?;
        found.partial = partial;
        found.took = clock.monotonic().saturating_sub(start);
        Ok(found)
    }

    /// `None` where it was given up.
    fn search(
        &self,
        query: &SearchQuery,
        config: &Config,
        stop: &dyn Fn() -> bool,
    ) -> rusqlite::Result<Option<SearchResults>> {
        let mut found = SearchResults { query: query.clone(), ..SearchResults::default() };
        // One transaction, so that all that is read is of one instant.
        let tx = self.conn.unchecked_transaction()?;
        let wants = search_terms(&query.text);
        let Some(narrow) = IndexFilter::of(&tx, query, &config.regions, !wants.is_empty())? else {
            return Ok(Some(found));
        };
        if wants.is_empty() && narrow.tokens.is_empty() {
            return Ok(Some(found));
        }
        let tree = match wants.as_slice() {
            [] => Tree::facets(&narrow.tokens),
            _ => Tree::all(wants.iter().map(Tree::of).collect()).narrowed(&narrow.tokens),
        };
        let (offset, limit) = (query.offset.min(OFFSET), query.limit.min(LIMIT));
        let Some(ids) = narrow.walk(&tx, tree, SearchResults::MAX_COUNTED.max(offset + limit), stop)? else {
            return Ok(None);
        };
        found.total = ids.len().min(SearchResults::MAX_COUNTED);
        found.facets = Tally::of(&tx, ids.iter().take(SearchResults::MAX_COUNTED))?.facets(&tx, &config.regions)?;
        for id in ids.iter().skip(offset).take(limit) {
            found.hits.extend(hit(&tx, *id, &wants, config)?);
        }
        Ok(Some(found))
    }
}

/// What a search is narrowed to.
struct IndexFilter {
    /// Lists of tokens, one of each of which an item must have.
    tokens: Vec<Vec<String>>,
    /// Numbers of the places it must be at, where they are too many for tokens.
    places: HashSet<i64>,
}

impl IndexFilter {
    /// `None` where nothing can match.
    fn of(
        conn: &Connection,
        query: &SearchQuery,
        regions: &[Region],
        has_words: bool,
    ) -> rusqlite::Result<Option<Self>> {
        let mut narrow = Self { tokens: Vec::new(), places: HashSet::new() };
        for (word, facet) in
            [(&query.catalogue, Facet::Catalogue as fn(i64) -> Facet), (&query.unit, Facet::Unit as fn(i64) -> Facet)]
        {
            if word.is_empty() {
                continue;
            }
            let Some(id) = index::word_id(conn, word)? else { return Ok(None) };
            narrow.tokens.push(vec![index::facet(facet(id))]);
        }
        if let Some(year) = query.year {
            narrow.tokens.push(vec![index::facet(Facet::Year(year))]);
        }
        if !query.place.is_empty() {
            let mut places = HashSet::new();
            for code in below(&query.place, regions) {
                places.extend(index::word_id(conn, code)?);
            }
            match places.len() {
                0 => return Ok(None),
                PLACES.. if has_words => narrow.places = places,
                _ => narrow.tokens.push(places.into_iter().map(|id| index::facet(Facet::Place(id))).collect()),
            }
        }
        Ok(Some(narrow))
    }

    /// The newest ids of a tree; `None` where it was given up.
    fn walk(
        &self,
        conn: &Connection,
        tree: Tree,
        most: usize,
        stop: &dyn Fn() -> bool,
    ) -> rusqlite::Result<Option<Vec<i64>>> {
        let mut walk = Walk::new(conn, tree)?;
        let mut place = conn.prepare_cached("SELECT place FROM search_entry WHERE id = ?1")?;
        let mut ids = Vec::new();
        let mut bound = i64::MAX;
        let mut steps = 0;
        while ids.len() < most {
            if steps % STRIDE == 0 && stop() {
                return Ok(None);
            }
            steps += 1;
            let Some(id) = walk.at_most(bound)? else { break };
            if self.places.is_empty() || self.places.contains(&place.query_row([id], |row| row.get(0))?) {
                ids.push(id);
            }
            bound = id - 1;
        }
        Ok(Some(ids))
    }
}

/// A region's code and those of all that lies below it.
fn below<'a>(place: &'a str, regions: &'a [Region]) -> HashSet<&'a str> {
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    for region in regions {
        children.entry(&region.parent).or_default().push(&region.code);
    }
    let mut all = HashSet::from([place]);
    let mut open = vec![place];
    while let Some(code) = open.pop() {
        let fresh = children.get(code).into_iter().flatten().filter(|c| all.insert(**c));
        open.extend(fresh.copied().collect::<Vec<_>>());
    }
    all
}

/// Hits counted by the numbers of their facets.
#[derive(Default)]
struct Tally {
    catalogues: HashMap<i64, usize>,
    units: HashMap<i64, usize>,
    places: HashMap<i64, usize>,
    years: HashMap<i16, usize>,
}

impl Tally {
    fn of<'a>(conn: &Connection, ids: impl Iterator<Item = &'a i64>) -> rusqlite::Result<Self> {
        let mut entry = conn.prepare_cached("SELECT catalogue, unit, place, day FROM search_entry WHERE id = ?1")?;
        let mut tally = Self::default();
        for id in ids {
            let mut found = entry.query([id])?;
            let Some(row) = found.next()? else { continue };
            *tally.catalogues.entry(row.get(0)?).or_default() += 1;
            *tally.units.entry(row.get(1)?).or_default() += 1;
            *tally.places.entry(row.get(2)?).or_default() += 1;
            if let Some(day) = row.get::<_, Option<i64>>(3)?.and_then(index::day_of) {
                *tally.years.entry(day.year()).or_default() += 1;
            }
        }
        Ok(tally)
    }

    /// The facets by their words. A hit counts for the headings and regions above its own, too.
    fn facets(self, conn: &Connection, regions: &[Region]) -> rusqlite::Result<Facets> {
        let parents: HashMap<&str, &str> = regions.iter().map(|r| (r.code.as_str(), r.parent.as_str())).collect();
        let mut catalogues: HashMap<String, usize> = HashMap::new();
        for (id, count) in named(conn, self.catalogues)? {
            let ends = id.match_indices('.').map(|(at, _)| at).chain([id.len()]);
            for above in ends.filter_map(|end| id.get(..end)) {
                *catalogues.entry(above.to_owned()).or_default() += count;
            }
        }
        let mut places: HashMap<String, usize> = HashMap::new();
        for (code, count) in named(conn, self.places)? {
            let mut seen = HashSet::new();
            let mut at = Some(code.as_str()).filter(|c| !c.is_empty());
            // A circle of regions, which the config may hold, is gone round once.
            while let Some(region) = at.filter(|region| seen.insert(*region)) {
                *places.entry(region.to_owned()).or_default() += count;
                at = parents.get(region).copied().filter(|c| !c.is_empty());
            }
        }
        let mut years: Vec<(i16, usize)> = self.years.into_iter().collect();
        years.sort_unstable_by_key(|(year, count)| (std::cmp::Reverse(*count), std::cmp::Reverse(*year)));
        Ok(Facets {
            catalogues: sorted(catalogues),
            units: sorted(named(conn, self.units)?.into_iter().collect()),
            places: sorted(places),
            years,
        })
    }
}

fn named(conn: &Connection, counts: HashMap<i64, usize>) -> rusqlite::Result<Vec<(String, usize)>> {
    let mut word = conn.prepare_cached("SELECT word FROM search_word WHERE id = ?1")?;
    let named = counts.into_iter().map(|(id, count)| Ok((word.query_row([id], |row| row.get(0))?, count)));
    named.filter(|n: &rusqlite::Result<(String, usize)>| !matches!(n, Ok((word, _)) if word.is_empty())).collect()
}

/// Most frequent first, then by name.
fn sorted(counts: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut all: Vec<(String, usize)> = counts.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    all.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
    all
}

/// A hit as it is shown; `None` where its item has gone.
fn hit(conn: &Connection, id: i64, wants: &[SearchTerm], config: &Config) -> rusqlite::Result<Option<SearchHit>> {
    let entry = conn
        .prepare_cached(
            "SELECT e.kind, e.item, e.title, c.word, u.word, p.word, e.day FROM search_entry e
             JOIN search_word c ON c.id = e.catalogue JOIN search_word u ON u.id = e.unit
             JOIN search_word p ON p.id = e.place WHERE e.id = ?1",
        )?
        .query_row([id], |row| {
            let item = match (row.get(0)?, row.get_ref(1)?) {
                (1, ValueRef::Integer(id)) => SearchItem::Row(RowId(id)),
                (_, ValueRef::Integer(id)) => SearchItem::Notice(NoticeId(id)),
                (_, text) => SearchItem::Case(text.as_str()?.to_owned()),
            };
            Ok(SearchHit {
                item,
                title: row.get(2)?,
                marks: Vec::new(),
                snippet: String::new(),
                snippet_marks: Vec::new(),
                catalogue: row.get(3)?,
                unit: row.get(4)?,
                place: row.get(5)?,
                day: row.get::<_, Option<i64>>(6)?.and_then(index::day_of),
            })
        })
        .optional()?;
    let Some(mut hit) = entry else { return Ok(None) };
    let title = MarkedText::title(&hit.title);
    let (marks, is_all) = title.marks(wants);
    hit.marks = marks;
    if !is_all && let Some(words) = words(conn, &hit.item, config)? {
        (hit.snippet, hit.snippet_marks) = snippet(&words, wants, &title);
    }
    if let SearchItem::Row(id) = hit.item
        && let Some(receipt) = registers::receipt(conn, id)?
    {
        hit.item = SearchItem::Case(receipt);
    }
    Ok(Some(hit))
}

/// What an item says besides its title.
fn words(conn: &Connection, item: &SearchItem, config: &Config) -> rusqlite::Result<Option<String>> {
    match item {
        SearchItem::Notice(id) => conn
            .prepare_cached(
                "SELECT v.content FROM public_notice n JOIN version v ON v.notice = n.id AND v.number = n.version
                 WHERE n.id = ?1",
            )?
            .query_row([id.0], |row| {
                let notice = rows::notice(row.get_ref(0)?.as_blob()?)?;
                let number = notice.number.as_deref().unwrap_or_default();
                Ok(format!("{}{number}", index::words(&notice)))
            })
            .optional(),
        SearchItem::Row(id) => registers::words(conn, *id, config),
        SearchItem::Case(_) => Ok(None),
    }
}
