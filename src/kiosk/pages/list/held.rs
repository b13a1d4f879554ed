//! The rows of a long list that are held: a few hundred around what is seen, read a window at a time.

use crate::{edition::ListWindow, model::NoticeHead, model::NoticeId};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

/// Rows asked for at once; windows begin at multiples of it.
pub const WINDOW: u64 = 48;
/// Rows kept on either side of what is seen, and of what is about to be.
const KEPT: u64 = 3 * WINDOW;

/// Rows by their places.
#[derive(Default)]
pub struct HeldRows {
    rows: BTreeMap<u64, Arc<NoticeHead>>,
    /// The windows read since the list was last another, each by its first place.
    fresh: BTreeSet<u64>,
}

/// The rows that someone looks at, by their places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sight {
    /// Those on screen.
    pub seen: Range<u64>,
    /// Those on screen where the motion under way ends.
    pub coming: Range<u64>,
}

impl Sight {
    /// The places asked for, in the order of their need: what is seen, what a fling ends at, and a window on either side, first
    /// the one that is scrolled to.
    fn needs(&self) -> [Range<u64>; 4] {
        let after = self.seen.end..self.seen.end.saturating_add(WINDOW);
        let before = self.seen.start.saturating_sub(WINDOW)..self.seen.start;
        let (first, second) = if self.coming.start < self.seen.start { (before, after) } else { (after, before) };
        [self.seen.clone(), self.coming.clone(), first, second]
    }

    fn keeps(&self, place: u64) -> bool {
        let near = |range: &Range<u64>| {
            let from = range.start.saturating_sub(KEPT) / WINDOW * WINDOW;
            (from..range.end.saturating_add(KEPT).div_ceil(WINDOW) * WINDOW).contains(&place)
        };
        near(&self.seen) || near(&self.coming)
    }
}

impl HeldRows {
    /// The row at a place, where it is held.
    pub fn get(&self, place: u64) -> Option<&Arc<NoticeHead>> {
        self.rows.get(&place)
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The first held row among some places.
    pub fn first_of(&self, places: Range<u64>) -> Option<(u64, NoticeId)> {
        self.rows.range(places).next().map(|(place, head)| (*place, head.id))
    }

    /// The first place of the window to be read next; `None` where all that is near was read.
    pub fn next_window(&self, total: u64, sight: &Sight) -> Option<u64> {
        let windows = |range: Range<u64>| range.start / WINDOW..range.end.min(total).div_ceil(WINDOW);
        let firsts = sight.needs().into_iter().flat_map(windows).map(|window| window * WINDOW);
        firsts.into_iter().find(|first| !self.fresh.contains(first))
    }

    /// Holds rows that were known beforehand, from the first place on; they are read all the same.
    pub fn expect(&mut self, rows: impl Iterator<Item = Arc<NoticeHead>>) {
        self.rows.extend((0..).zip(rows));
    }

    /// Takes a window, and lets go of what is far from what is looked at.
    pub fn take(&mut self, window: &ListWindow, sight: &Sight) {
        let end = window.from.saturating_add(WINDOW);
        self.rows.retain(|place, _| !(window.from..end).contains(place));
        self.rows.extend((window.from..end).zip(window.rows.iter().cloned()));
        self.fresh.insert(window.from);
        self.rows.retain(|place, _| *place < window.total && sight.keeps(*place));
        self.fresh.retain(|first| sight.keeps(*first));
    }

    /// All rows stand so many places further on now.
    pub fn move_by(&mut self, by: i64) {
        let rows = std::mem::take(&mut self.rows).into_iter();
        self.rows = rows.filter_map(|(place, head)| Some((place.checked_add_signed(by)?, head))).collect();
    }

    /// The list is another now: what is held stands until it is read again.
    pub fn outdate(&mut self) {
        self.fresh.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{edition::ListQuery, model::ShowPeriod, time::Timestamp};
    use proptest::prelude::*;

    fn head(place: u64) -> Arc<NoticeHead> {
        Arc::new(NoticeHead {
            id: NoticeId(i64::try_from(place).unwrap()),
            version: 1,
            feed: "示例".into(),
            title: format!("公告{place}"),
            kind: "".into(),
            catalogue: "".into(),
            issuer: None,
            number: None,
            published: None,
            show: ShowPeriod::default(),
            summary: "".into(),
            last_seen: Timestamp::UNIX_EPOCH,
        })
    }

    fn window(from: u64, total: u64) -> ListWindow {
        let rows = (from..(from + WINDOW).min(total)).map(head).collect();
        ListWindow { query: ListQuery::default(), total, from, rows }
    }

    fn at(place: u64) -> Sight {
        Sight { seen: place..place + 10, coming: place..place + 10 }
    }

    /// Reads until nothing is asked for any more; says what was read.
    fn settle(held: &mut HeldRows, total: u64, sight: &Sight) -> Vec<u64> {
        let mut read = Vec::new();
        while let Some(from) = held.next_window(total, sight) {
            assert!(read.len() < 20, "it goes on asking: {read:?}");
            held.take(&window(from, total), sight);
            read.push(from);
        }
        read
    }

    proptest! {
        #[test]
        fn wherever_one_goes_the_rows_there_are_read_and_few_are_held(
            total in 0u64..3_000, steps in proptest::collection::vec((0u64..3_000, -400i64..400), 1..12),
        ) {
            let mut held = HeldRows::default();
            for (place, run) in steps {
                let place = place.min(total.saturating_sub(10));
                let rest = place.saturating_add_signed(run).min(total.saturating_sub(10));
                let end = |from: u64| from..(from + 10).min(total);
                let sight = Sight { seen: end(place), coming: end(rest) };
                settle(&mut held, total, &sight);
                for place in end(place).chain(end(rest)) {
                    prop_assert_eq!(held.get(place).map(|head| head.id.0 as u64), Some(place));
                }
                prop_assert!(held.rows.len() <= 900, "{}", held.rows.len());
            }
        }
    }

    #[test]
    fn what_is_seen_comes_first_then_where_one_scrolls_to() {
        let mut held = HeldRows::default();
        assert_eq!(settle(&mut held, 200_000, &at(100_000)), [99_984, 100_032, 99_936]);
        let up = Sight { coming: 99_700..99_710, ..at(100_000) };
        assert_eq!(settle(&mut held, 200_000, &up), [99_696]);
        let up = Sight { coming: 99_800..99_810, ..at(99_900) };
        assert_eq!(settle(&mut held, 200_000, &up), [99_888, 99_792, 99_840]);
        assert!(held.rows.len() < 500, "{}", held.rows.len());
        // All rows that stay on screen are still there after new ones came above, and all are read again.
        let before = held.get(99_900).cloned();
        held.move_by(5);
        held.outdate();
        assert_eq!(held.get(99_905).cloned(), before);
        assert_eq!(settle(&mut held, 200_005, &at(99_905))[0], 99_888);
    }
}
