//! Which notices a zone shows.

use crate::{
    config::{Zone, ZoneKind},
    edition::Edition,
    model::{NoticeHead, NoticeId},
    time::civil::Date,
};
use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

/// The notices of a zone today, newest first: never one outside the days it is to be shown.
pub(super) fn notices<'a>(zone: &Zone, edition: &'a Edition, today: Date) -> impl Iterator<Item = &'a Arc<NoticeHead>> {
    fitting(zone, edition, today).take(zone.limit as usize)
}

fn fitting<'a>(zone: &Zone, edition: &'a Edition, today: Date) -> impl Iterator<Item = &'a Arc<NoticeHead>> + use<'a> {
    let showing_only = zone.showing_only;
    edition
        .under(&zone.catalogue)
        .filter(move |head| head.show.contains(today) && (!showing_only || head.show.until.is_some()))
}

/// The notices of a zone today, newest first, in an order that says nothing of which machine read them when: those of
/// one instant by their words, those without a date last.
pub(super) fn agreed<'a>(zone: &Zone, edition: &'a Edition, today: Date) -> Vec<&'a Arc<NoticeHead>> {
    fn key(head: &NoticeHead) -> impl Ord + '_ {
        (Reverse(head.published), &head.title, &head.summary, &head.feed)
    }
    let limit = zone.limit as usize;
    let mut heads: Vec<_> = fitting(zone, edition, today).collect();
    if limit < heads.len() {
        heads.select_nth_unstable_by(limit, |a, b| key(a).cmp(&key(b)));
        heads.truncate(limit);
    }
    heads.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    heads
}

/// The notices that zones bring, each once, in the store's order.
pub(super) fn programme<'a>(
    zones: impl Iterator<Item = &'a Zone>,
    edition: &Edition,
    today: Date,
    is_shared: bool,
) -> Arc<[NoticeId]> {
    let mut all = BTreeSet::new();
    let lists = |zone: &&Zone| match zone.kind {
        ZoneKind::Board | ZoneKind::Ticker => true,
        ZoneKind::Totals => edition.totals.is_empty(),
        ZoneKind::Text | ZoneKind::Clock | ZoneKind::Picture | ZoneKind::Register => false,
    };
    for zone in zones.filter(lists) {
        if is_shared && zone.kind == ZoneKind::Ticker {
            all.extend(agreed(zone, edition, today).into_iter().map(|head| head.id));
        } else {
            all.extend(notices(zone, edition, today).map(|head| head.id));
        }
    }
    all.into_iter().collect()
}

/// Whether another day may change the choice or what is said about it.
pub(super) fn depends_on_day(zone: &Zone, edition: &Edition) -> bool {
    edition.under(&zone.catalogue).any(|head| head.show.from.is_some() || head.show.until.is_some())
}
