//! The snapshot: what walls and home pages can show now. Built off the render thread, handed over as `Arc`, never changed.
//!
//! It does not grow with the store: of notices it holds those that the config's zones and the home pages of kiosks show, the
//! newest under each heading, and how many there are. Lists are read a window at a time (`list.rs`).

mod document;
mod list;
mod question;
mod wall;

pub use document::Document;
pub use list::{HeadingCount, ListMonths, ListQuery, ListWindow, with_those_above};
pub use question::{
    Answer, BalanceState, CaseFile, Flow, Query, Question, RegisterHead, Response, RowFile, Sum, Table, TableQuery,
};
pub use wall::{WallRow, WallRows};

use crate::{
    config::WallQuery,
    model::{NoticeHead, NoticeId, UnitTotals, Warning},
};
use jiff::{Timestamp, civil::Date};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

/// An immutable snapshot of what screens show of the store without asking.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// Counts up with each snapshot; 0 is the empty one.
    pub number: u64,
    /// Current notices, newest first: those that zones of walls show, and where there is a kiosk the newest under each heading
    /// and what its home page says is on display.
    pub notices: Vec<Arc<NoticeHead>>,
    /// Indices into `notices` for each catalogue id, newest first; a heading also holds its descendants'.
    pub by_catalogue: HashMap<String, Vec<u32>>,
    /// How each feed last fared.
    pub feeds: Vec<FeedHealth>,
    /// The registers that have rows, by name.
    pub registers: BTreeMap<String, RegisterHead>,
    /// How each unit's cases stand today, the busiest first.
    pub totals: Vec<UnitTotals>,
    /// The registers' rows that zones of walls show.
    pub walls: BTreeMap<WallQuery, Arc<WallRows>>,
    /// What some of the notices say as warnings. Those that are not meant for the public, and those that others have
    /// ended, are among neither.
    pub warnings: HashMap<NoticeId, Arc<Warning>>,
    /// When the next of the warnings is over, as of the instant of [`Edition::without_ended`].
    pub next_end: Option<Timestamp>,
    /// The instant as of which alerts that are over are left out.
    pub as_of: Timestamp,
    /// How many notices the store has under each heading on a day, `""` for all; `None` where `notices` are all there are.
    counts: Option<(Date, HashMap<String, HeadingCount>)>,
    /// Index into `notices` of each id, by id.
    places: Vec<(NoticeId, u32)>,
}

/// How a feed last fared.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedHealth {
    /// The feed's name.
    pub name: String,
    /// The title shown to people.
    pub title: String,
    /// When it last succeeded.
    pub last_ok: Option<Timestamp>,
    /// Why it last failed; `None` after a success.
    pub fault: Option<String>,
    /// Whether a person is to say if what its last look said is so; see `max_loss_percent` of site.toml.
    pub held: bool,
}

impl FeedHealth {
    /// Whether it fails and has not succeeded within `patience` before `now`, or waits for a person. One that never has
    /// succeeded is not counted: since when is not known here.
    pub fn failing(&self, patience: Duration, now: Timestamp) -> bool {
        let since = |last: Timestamp| Duration::try_from(now.duration_since(last)).unwrap_or_default();
        self.held || (self.fault.is_some() && self.last_ok.is_some_and(|last| since(last) > patience))
    }
}

/// What staff should mend; the public sees no more of it than a small badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// Errors of the config on disk, because of which the last good one is in use.
    pub config: usize,
    /// Feeds that have been failing for long.
    pub feeds: usize,
    /// The store's file is gone or does not answer: what comes in is lost with the next restart.
    pub data: bool,
    /// A part of the program broke down and was started anew.
    pub program: bool,
}

impl Faults {
    /// Whether there is anything to mend.
    pub fn any(self) -> bool {
        self != Self::default()
    }

    /// Whether something on this machine is to be mended.
    pub fn is_here(self) -> bool {
        self.config > 0 || self.data || self.program
    }

    /// Whether sources are to be mended.
    pub fn is_at_sources(self) -> bool {
        self.feeds > 0
    }
}

impl Edition {
    /// So many of the newest notices under each heading are in an edition for a kiosk.
    pub const NEWEST_OF_HEADING: u32 = 8;
    /// So many of those on display under a kiosk's own heading are in its edition, those that end soonest.
    pub const ON_DISPLAY: u32 = 12;

    /// Builds the snapshot from heads already ordered newest first.
    pub fn new(number: u64, notices: Vec<Arc<NoticeHead>>, feeds: Vec<FeedHealth>) -> Self {
        let mut by_catalogue: HashMap<String, Vec<u32>> = HashMap::new();
        let mut places = Vec::with_capacity(notices.len());
        for (index, head) in notices.iter().enumerate() {
            let Ok(index) = u32::try_from(index) else { break };
            places.push((head.id, index));
            let mut path: &str = &head.catalogue;
            while !path.is_empty() {
                if let Some(rows) = by_catalogue.get_mut(path) {
                    rows.push(index);
                } else {
                    by_catalogue.insert(path.to_owned(), vec![index]);
                }
                path = path.rsplit_once('.').map_or("", |(parent, _)| parent);
            }
        }
        places.sort_unstable();
        Self { number, notices, by_catalogue, feeds, places, ..Self::default() }
    }

    /// The same with warnings, by their notices; those of notices that are not in it are dropped.
    #[must_use]
    pub fn with_warnings(mut self, warnings: HashMap<NoticeId, Arc<Warning>>) -> Self {
        self.warnings = warnings;
        let held: Vec<NoticeId> = self.warnings.keys().copied().filter(|id| self.head(*id).is_none()).collect();
        for id in held {
            self.warnings.remove(&id);
        }
        self
    }

    /// The same with how many notices the store has under each heading, `""` for all, and on display on a day.
    #[must_use]
    pub fn with_counts(mut self, day: Date, counts: HashMap<String, HeadingCount>) -> Self {
        self.counts = Some((day, counts));
        self
    }

    /// The same without the warnings that are over at an instant, to the minute; `next_end` says when this is to be
    /// done anew. Show periods end with a day, but an alert that has run out must not run on until midnight.
    #[must_use]
    pub fn without_ended(mut self, now: Timestamp) -> Self {
        let over = |w: &Arc<Warning>| w.expires.is_some_and(|end| end <= now);
        self.next_end = self.warnings.values().filter_map(|w| w.expires).filter(|end| *end > now).min();
        self.as_of = now;
        if !self.warnings.values().any(over) {
            return self;
        }
        let gone = std::mem::take(&mut self.notices);
        let (gone, notices): (Vec<_>, Vec<_>) =
            gone.into_iter().partition(|head| self.warnings.get(&head.id).is_some_and(over));
        for head in gone {
            self.uncount(&head);
        }
        self.warnings.retain(|_, warning| !over(warning));
        let made = Self::new(self.number, notices, std::mem::take(&mut self.feeds));
        Self { notices: made.notices, by_catalogue: made.by_catalogue, places: made.places, feeds: made.feeds, ..self }
    }

    fn uncount(&mut self, head: &NoticeHead) {
        let Some((day, counts)) = &mut self.counts else { return };
        let showing = u64::from(head.show.until.is_some() && head.show.contains(*day));
        for heading in with_those_above(&head.catalogue) {
            if let Some(count) = counts.get_mut(heading) {
                count.all = count.all.saturating_sub(1);
                count.showing = count.showing.saturating_sub(showing);
            }
        }
    }

    /// How many notices there are under a catalogue heading and its descendants; of all for `""`.
    pub fn count(&self, catalogue: &str) -> u64 {
        match &self.counts {
            Some((_, counts)) => counts.get(catalogue).map_or(0, |count| count.all),
            None => self.under(catalogue).count() as u64,
        }
    }

    /// How many of them are in a closed show period today. Until the day's own edition comes it is that of the day before.
    pub fn count_showing(&self, catalogue: &str, today: Date) -> u64 {
        let is_showing = |head: &&Arc<NoticeHead>| head.show.until.is_some() && head.show.contains(today);
        match &self.counts {
            Some((_, counts)) => counts.get(catalogue).map_or(0, |count| count.showing),
            None => self.under(catalogue).filter(is_showing).count() as u64,
        }
    }

    /// The same with newer instants at which the sources of walls' rows were read, as `last_ok` tells them by register and
    /// source title; `None` where none is newer. The number stays: nothing else is other than before.
    #[must_use]
    pub fn confirmed(&self, last_ok: impl Fn(&str, &str) -> Option<Timestamp>) -> Option<Self> {
        let mut newer = None;
        for (query, rows) in &self.walls {
            let at = last_ok(&query.register, &rows.source_title);
            if at > rows.last_ok {
                let rows = WallRows { last_ok: at, ..WallRows::clone(rows) };
                newer.get_or_insert_with(|| self.walls.clone()).insert(query.clone(), Arc::new(rows));
            }
        }
        newer.map(|walls| Self { walls, ..self.clone() })
    }

    /// The warnings that hold at an instant, the highest level first, then the newest.
    pub fn warnings_at(&self, now: Timestamp) -> Vec<(&Arc<NoticeHead>, &Arc<Warning>)> {
        let held = self.warnings.iter().filter(|(_, warning)| warning.holds(now));
        let mut all: Vec<_> = held.filter_map(|(id, warning)| Some((self.head(*id)?, warning))).collect();
        all.sort_by_key(|(head, warning)| std::cmp::Reverse((warning.level, head.published, head.id)));
        all
    }

    /// The edition's notices under a catalogue heading and its descendants, newest first; all of them for `""`. What comes
    /// first of a question that the config asks comes first here; the store may have more.
    pub fn under<'a>(&'a self, catalogue: &str) -> Box<dyn Iterator<Item = &'a Arc<NoticeHead>> + 'a> {
        if catalogue.is_empty() {
            return Box::new(self.notices.iter());
        }
        let rows = self.by_catalogue.get(catalogue).map_or(&[][..], Vec::as_slice);
        Box::new(rows.iter().filter_map(|&i| self.at(i)))
    }

    /// The head of one notice.
    pub fn head(&self, id: NoticeId) -> Option<&Arc<NoticeHead>> {
        let place = self.places.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        self.at(self.places.get(place)?.1)
    }

    fn at(&self, index: u32) -> Option<&Arc<NoticeHead>> {
        self.notices.get(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ShowPeriod;

    fn head(id: i64, catalogue: &str) -> Arc<NoticeHead> {
        Arc::new(NoticeHead {
            id: NoticeId(id),
            version: 1,
            feed: "示例".into(),
            title: format!("公告{id}"),
            kind: "".into(),
            catalogue: catalogue.into(),
            issuer: None,
            number: None,
            published: None,
            show: ShowPeriod::default(),
            summary: "".into(),
            last_seen: Timestamp::UNIX_EPOCH,
        })
    }

    fn ids<'a>(heads: impl Iterator<Item = &'a Arc<NoticeHead>>) -> Vec<i64> {
        heads.map(|h| h.id.0).collect()
    }

    #[test]
    fn a_feed_fails_for_long_only_after_its_patience() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let health = |last: Option<&str>, fault: Option<&str>| FeedHealth {
            name: "a".into(),
            title: "示例".into(),
            last_ok: last.map(at),
            fault: fault.map(str::to_owned),
            held: false,
        };
        let failing = |h: FeedHealth| h.failing(Duration::from_secs(3600), at("2026-11-23T02:00:00Z"));
        assert!(failing(health(Some("2026-11-23T00:59:59Z"), Some("404"))));
        assert!(!failing(health(Some("2026-11-23T01:00:01Z"), Some("404"))));
        assert!(!failing(health(Some("2026-11-23T00:00:00Z"), None)));
        assert!(!failing(health(None, Some("404"))));
        assert!(failing(FeedHealth { held: true, ..health(Some("2026-11-23T01:59:59Z"), Some("held")) }));
    }

    #[test]
    fn a_source_that_was_read_again_changes_only_when_its_rows_were_confirmed() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, after) = (at("2026-11-23T02:00:00Z"), at("2026-11-23T02:05:00Z"));
        let rows = WallRows { source_title: "甲平台".into(), last_ok: Some(before), ..WallRows::default() };
        let query = WallQuery { register: "money".into(), ..WallQuery::default() };
        let mut edition = Edition::new(7, vec![head(1, "")], Vec::new());
        edition.walls.insert(query.clone(), Arc::new(rows));
        assert!(edition.confirmed(|_, _| Some(before)).is_none());
        assert!(edition.confirmed(|register, _| (register != "money").then_some(after)).is_none());
        let newer = edition.confirmed(|_, title| (title == "甲平台").then_some(after)).unwrap();
        assert_eq!((newer.number, newer.notices.len(), newer.walls[&query].last_ok), (7, 1, Some(after)));
    }

    #[test]
    fn finds_heads_by_id_and_by_heading() {
        let edition = Edition::new(1, vec![head(9, "trade.works"), head(2, "trade"), head(5, "tradex")], Vec::new());
        assert_eq!(edition.head(NoticeId(2)).map(|h| h.title.as_str()), Some("公告2"));
        assert!(edition.head(NoticeId(3)).is_none());
        assert_eq!(ids(edition.under("trade")), [9, 2]);
        assert_eq!(ids(edition.under("trade.works")), [9]);
        assert_eq!(ids(edition.under("")), [9, 2, 5]);
    }
}
