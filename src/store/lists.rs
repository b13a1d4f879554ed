//! Lists of notices: windows of them, their months, how many stand under each heading, and those few that screens show
//! without asking.
//!
//! Three indexes that hold all that lists ask for (`schema.rs`) bear this: by age, by heading and age, and by the end of
//! the show period. A window costs the steps to where it begins, some milliseconds for a hundred thousand; only its own
//! rows are read from the table. Counts stand in `notice_count`, which triggers keep.

use super::rows;
use crate::{
    config::{Config, ScreenKind, zones::NoticeFilter},
    edition::{Edition, HeadingCount, ListMonths, ListQuery, ListWindow, with_those_above},
    model::{Month, NoticeHead, NoticeId},
    time::civil::Date,
};
use jiff::Timestamp;
use rusqlite::{Connection, Params, params};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Sorting a heading's notices costs so many times what it costs to walk past one by age.
const SORT_COST: u64 = 6;

/// What all lists leave out: `?1` are microseconds since the epoch, `?2` the numbers of the feeds in use as JSON, or NULL
/// where no others have notices.
const LISTED: &str = "(ends_at IS NULL OR ends_at > ?1) AND (?2 IS NULL OR feed IN (SELECT value FROM json_each(?2)))";

/// On show on the day `?5`, with an end or without one.
const SHOWN: &str = "(show_until IS NULL OR show_until >= ?5) AND (show_from IS NULL OR show_from <= ?5)";

/// In a closed show period on the day `?5`.
const ON_DISPLAY: &str = "show_until >= ?5 AND (show_from IS NULL OR show_from <= ?5)";

/// Newest first. With a sign before each term SQLite sorts, whatever index it might walk.
const NEWEST: &str = "sorted_at DESC, id DESC";
const SORTED_NEWEST: &str = "+sorted_at DESC, +id DESC";
/// As lists of what is on display go.
const ENDING_SOONEST: &str = "show_until, sorted_at DESC, id DESC";

/// A heading with all below it, or all notices.
struct Heading<'a> {
    id: &'a str,
    /// Those of its notices' own headings that have any, as JSON.
    own: String,
    /// How many there are.
    total: u64,
    /// How many there are of all headings.
    all: u64,
}

impl Heading<'_> {
    /// What picks its notices, of which so many are wanted from the newest on: `?3` is its id, `?4` the headings in it as
    /// JSON. All its notices are sorted where that costs less than to walk past those of other headings.
    fn condition(&self, wanted: u64) -> &'static str {
        let passed = wanted.saturating_mul(self.all) / self.total.max(1);
        match self.id {
            "" => "true",
            _ if self.total.saturating_mul(SORT_COST) < passed.min(self.all) => {
                "catalogue IN (SELECT value FROM json_each(?4))"
            }
            _ => BELOW,
        }
    }

    /// The same for an index that knows nothing of headings.
    fn below(&self) -> &'static str {
        if self.id.is_empty() { "true" } else { BELOW }
    }
}

/// Notices of a heading and below it, by no index.
const BELOW: &str = "(+catalogue = ?3 OR (+catalogue > ?3 || '.' AND +catalogue < ?3 || '/'))";

/// By which the newest comes first: microseconds since the epoch, and the store's number.
type Newness = (Reverse<i64>, Reverse<i64>);
/// A head with its place among others.
type Keyed = (Newness, Arc<NoticeHead>);
/// Heads in the order of lists.
type Ordered = BTreeMap<Newness, Arc<NoticeHead>>;

/// Lists read within one transaction.
pub(super) struct Lists<'a> {
    conn: &'a Connection,
    heads: rows::Heads,
    feeds: Option<String>,
    as_of: i64,
    /// How many notices have a heading as their own.
    counts: BTreeMap<String, u64>,
}

impl<'a> Lists<'a> {
    /// Lists of what a config's feeds in use hold, without the alerts that are over at an instant.
    pub fn new(conn: &'a Connection, config: &Config, as_of: Timestamp) -> rusqlite::Result<Self> {
        let heads = rows::Heads::in_use(conn, config)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut has_others = false;
        let mut query = conn.prepare_cached("SELECT catalogue, feed, total FROM notice_count")?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            if heads.feeds.contains_key(&row.get(1)?) {
                *counts.entry(row.get(0)?).or_default() += count(row.get(2)?);
            } else {
                has_others = true;
            }
        }
        let feeds = has_others.then(|| format!("{:?}", heads.feeds.keys().collect::<Vec<_>>()));
        // Nothing ended before the epoch; those that another alert has ended stand there.
        let as_of = rows::micros(as_of).max(0);
        let mut over = conn.prepare_cached(
            "SELECT catalogue, count(*) FROM public_notice
             WHERE ends_at <= ?1 AND (?2 IS NULL OR feed IN (SELECT value FROM json_each(?2))) GROUP BY +catalogue",
        )?;
        let mut found = over.query(params![as_of, feeds])?;
        while let Some(row) = found.next()? {
            if let Some(total) = counts.get_mut(row.get_ref(0)?.as_str()?) {
                *total = total.saturating_sub(count(row.get(1)?));
            }
        }
        counts.retain(|_, total| *total > 0);
        Ok(Self { conn, heads, feeds, as_of, counts })
    }

    /// The feeds in use.
    pub fn into_feeds(self) -> rows::Heads {
        self.heads
    }

    fn heading<'b>(&self, id: &'b str) -> Heading<'b> {
        let mut all = 0;
        let mut own: Vec<&str> = Vec::new();
        let mut total = 0;
        for (name, count) in &self.counts {
            all += count;
            if is_below(name, id) {
                own.push(name);
                total += count;
            }
        }
        let own = serde_json::to_string(&own).unwrap_or_else(|_| "[]".to_owned());
        Heading { id, own, total, all }
    }

    /// A window of a list.
    pub fn window(&mut self, query: &ListQuery, from: u64, most: u32) -> rusqlite::Result<ListWindow> {
        let heading = self.heading(&query.catalogue);
        let day = query.showing.map(|day| day.to_string());
        let issuer = Some(query.issuer.as_str()).filter(|issuer| !issuer.is_empty());
        let of_issuer = if issuer.is_some() { " AND issuer = ?6" } else { "" };
        let (condition, order) = match (&day, issuer) {
            (Some(_), _) => (format!("{ON_DISPLAY} AND {}{of_issuer}", heading.below()), ENDING_SOONEST),
            (None, Some(_)) => (format!("{}{of_issuer}", heading.below()), NEWEST),
            (None, None) => (heading.condition(from.saturating_add(most.into())).to_owned(), NEWEST),
        };
        let total = if day.is_none() && issuer.is_none() {
            heading.total
        } else {
            let statement = format!("SELECT count(*) FROM public_notice WHERE {condition} AND {LISTED} LIMIT ?7");
            let values = params![self.as_of, self.feeds, heading.id, heading.own, day, issuer, 1];
            count(self.conn.prepare_cached(&statement)?.query_row(values, |row| row.get(0))?)
        };
        let most = most.min(ListWindow::MAX_ROWS);
        let statement = numbered(&condition, order, "?7 OFFSET ?8");
        let from = from.min(total);
        let values = params![self.as_of, self.feeds, heading.id, heading.own, day, issuer, most, signed(from)];
        let rows = read(self.conn, &mut self.heads, &statement, values)?.into_iter().map(|(_, head)| head).collect();
        Ok(ListWindow { query: query.clone(), total, from, rows })
    }

    /// Where each month begins in the list of a heading that is newest first, and the place in it of a notice.
    pub fn months(&self, query: &ListQuery, notice: Option<NoticeId>, config: &Config) -> rusqlite::Result<ListMonths> {
        let heading = self.heading(&query.catalogue);
        let zone = config.site.zone();
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT sorted_at, id FROM public_notice WHERE {} AND {LISTED} ORDER BY {NEWEST} LIMIT ?5",
            heading.condition(heading.total)
        ))?;
        let most = signed(heading.total);
        let mut found = statement.query(params![self.as_of, self.feeds, heading.id, heading.own, most])?;
        let mut months: Vec<(Month, u64)> = Vec::new();
        let mut begins = i64::MAX;
        let mut total = 0;
        let mut place = None;
        while let Some(row) = found.next()? {
            let at: i64 = row.get(0)?;
            if notice.is_some_and(|notice| row.get(1) == Ok(notice.0)) {
                place = Some(total);
            }
            if at < begins {
                let day = rows::instant(at).to_zoned(zone.clone()).date();
                months.push((Month::of(day), total));
                let first = day.first_of_month().to_zoned(zone.clone());
                begins = first.map_or(i64::MIN, |first| rows::micros(first.timestamp()));
            }
            total += 1;
        }
        Ok(ListMonths { query: query.clone(), months, total: heading.total, place })
    }

    /// What the screens of a config show of notices without asking, newest first: of walls what their zones ask for and the
    /// alerts that are not over; of kiosks the newest under each heading, and what their home pages say is on display.
    pub fn on_screens(&mut self, config: &Config, today: Date) -> rusqlite::Result<Vec<Arc<NoticeHead>>> {
        let day = today.to_string();
        let mut all = Ordered::new();
        let alerts = format!("SELECT {}, sorted_at FROM public_notice WHERE ends_at > ?1", rows::HEAD);
        all.extend(read(self.conn, &mut self.heads, &alerts, [self.as_of])?);
        // Alerts may end before the next edition comes: as many more stand ready as could go.
        let spare = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let mut asked = HashSet::new();
        let kiosks = config.screens.values().filter(|screen| screen.kind == ScreenKind::Kiosk);
        let kiosks: BTreeSet<&str> = kiosks.map(|screen| screen.catalogue.as_str()).collect();
        if !kiosks.is_empty() {
            self.newest_of_each(Edition::NEWEST_OF_HEADING.saturating_add(spare), &mut all)?;
        }
        for heading in kiosks {
            self.on_display(heading, &day, Edition::ON_DISPLAY.saturating_add(spare), &mut all)?;
        }
        for screen in config.screens.values() {
            for filter in screen.zone.iter().filter_map(|zone| zone.content.settings().notices()) {
                // Machines that share a wall agree on an order.
                let is_agreed = screen.wall_width > 0;
                if asked.insert((&filter.catalogue, filter.showing_only, filter.most(), is_agreed)) {
                    self.zone((filter, filter.most().saturating_add(spare), is_agreed), &day, &mut all)?;
                }
            }
        }
        Ok(all.into_values().collect())
    }

    /// The newest notices of each heading: those of a notice's own are found by one step of an index, and the newest under a
    /// heading are among the newest of all that stand below it.
    fn newest_of_each(&mut self, most: u32, all: &mut Ordered) -> rusqlite::Result<()> {
        let statement = numbered("catalogue = ?3", NEWEST, "?4");
        for heading in self.counts.keys() {
            let values = params![self.as_of, self.feeds, heading, most];
            all.extend(read(self.conn, &mut self.heads, &statement, values)?);
        }
        Ok(())
    }

    /// Those on display under a heading on a day that end soonest.
    fn on_display(&mut self, heading: &str, day: &str, most: u32, all: &mut Ordered) -> rusqlite::Result<()> {
        let heading = self.heading(heading);
        let statement = numbered(&format!("{ON_DISPLAY} AND {}", heading.below()), ENDING_SOONEST, "?6");
        let values = params![self.as_of, self.feeds, heading.id, heading.own, day, most];
        all.extend(read(self.conn, &mut self.heads, &statement, values)?);
        Ok(())
    }

    /// What a zone shows on a day, and perhaps more: all else stands after it in the order that the zone goes by.
    fn zone(
        &mut self,
        (filter, most, is_agreed): (&NoticeFilter, u32, bool),
        day: &str,
        all: &mut Ordered,
    ) -> rusqlite::Result<()> {
        let heading = self.heading(&filter.catalogue);
        let (feeds, as_of) = (self.feeds.clone(), self.as_of);
        let values = params![as_of, feeds, heading.id, heading.own, day, most];
        let (condition, order) = match filter.showing_only {
            true => (format!("{ON_DISPLAY} AND {}", heading.below()), SORTED_NEWEST),
            false => (format!("{SHOWN} AND {}", heading.condition(most.into())), NEWEST),
        };
        if !is_agreed {
            all.extend(read(self.conn, &mut self.heads, &numbered(&condition, order, "?6"), values)?);
            return Ok(());
        }
        let dated = read(
            self.conn,
            &mut self.heads,
            &numbered(&format!("{condition} AND published IS NOT NULL"), order, "?6"),
            values,
        )?;
        let by_words = "title, summary, (SELECT name FROM feed WHERE feed.id = public_notice.feed)";
        let last = dated.last().map(|((Reverse(at), _), _)| *at).filter(|_| dated.len() >= most as usize);
        let rest = match last {
            // Of those of one instant the words say which comes first, not the store.
            Some(_) => format!("{condition} AND sorted_at = ?7 AND published IS NOT NULL"),
            None => format!("{condition} AND ?7 IS NULL AND published IS NULL"),
        };
        let values = params![as_of, feeds, heading.id, heading.own, day, most, last];
        all.extend(dated);
        all.extend(read(self.conn, &mut self.heads, &numbered(&rest, by_words, "?6"), values)?);
        Ok(())
    }

    /// How many notices stand at and below each heading, and of these on display on a day.
    pub fn counts(&self, today: Date) -> rusqlite::Result<HashMap<String, HeadingCount>> {
        let mut counts: HashMap<String, HeadingCount> = HashMap::new();
        let mut add = |own: &str, by: HeadingCount| {
            for heading in with_those_above(own) {
                let held = counts.entry(heading.to_owned()).or_default();
                held.all += by.all;
                held.showing += by.showing;
            }
        };
        for (own, all) in &self.counts {
            add(own, HeadingCount { all: *all, showing: 0 });
        }
        let mut query = self.conn.prepare_cached(
            "SELECT catalogue, count(*) FROM public_notice
             WHERE show_until >= ?3 AND (show_from IS NULL OR show_from <= ?3) AND (ends_at IS NULL OR ends_at > ?1)
               AND (?2 IS NULL OR feed IN (SELECT value FROM json_each(?2))) GROUP BY +catalogue",
        )?;
        let mut found = query.query(params![self.as_of, self.feeds, today.to_string()])?;
        while let Some(row) = found.next()? {
            add(row.get_ref(0)?.as_str()?, HeadingCount { all: 0, showing: count(row.get(1)?) });
        }
        Ok(counts)
    }
}

/// The heads that a statement with the columns [`rows::HEAD`] and `sorted_at` gives, in its order.
fn read(
    conn: &Connection,
    heads: &mut rows::Heads,
    statement: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Keyed>> {
    let mut query = conn.prepare_cached(statement)?;
    let mut found = query.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        if let Some(head) = heads.read(row)? {
            all.push(((Reverse(row.get(rows::HEAD_COLUMNS)?), Reverse(head.id.0)), Arc::new(head)));
        }
    }
    Ok(all)
}

/// A statement for so many notices that meet a condition, in an order: their numbers first, from an index alone, so that
/// only those given are read.
fn numbered(condition: &str, order: &str, limit: &str) -> String {
    format!(
        "WITH listed AS MATERIALIZED
             (SELECT id AS listed_id FROM public_notice WHERE {condition} AND {LISTED} ORDER BY {order} LIMIT {limit})
         SELECT {}, sorted_at FROM listed CROSS JOIN public_notice ON id = listed_id",
        rows::HEAD
    )
}

/// Whether a notice's own heading is one, or stands below it.
fn is_below(own: &str, heading: &str) -> bool {
    heading.is_empty() || own.strip_prefix(heading).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
