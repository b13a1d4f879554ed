//! Which notices a zone shows.

use crate::{config::zones::NoticeFilter, edition::Edition, model::NoticeHead, time::civil::Date};
use std::{cmp::Reverse, sync::Arc};

/// The notices of a zone today, newest first: never one outside the days it is to be shown.
pub(super) fn notices<'a>(
    filter: &NoticeFilter,
    edition: &'a Edition,
    today: Date,
) -> impl Iterator<Item = &'a Arc<NoticeHead>> {
    fitting(filter, edition, today).take(filter.most() as usize)
}

fn fitting<'a>(
    filter: &NoticeFilter,
    edition: &'a Edition,
    today: Date,
) -> impl Iterator<Item = &'a Arc<NoticeHead>> + use<'a> {
    let showing_only = filter.showing_only;
    edition.under(&filter.catalogue).filter(move |head| is_on(head, showing_only, today))
}

fn is_on(head: &NoticeHead, showing_only: bool, today: Date) -> bool {
    head.show.contains(today) && (!showing_only || head.show.until.is_some())
}

/// Whether a zone may show a notice today, where there is room for it.
pub(super) fn fits(filter: &NoticeFilter, head: &NoticeHead, today: Date) -> bool {
    let below = head.catalogue.strip_prefix(filter.catalogue.as_str());
    let is_under = filter.catalogue.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_under && is_on(head, filter.showing_only, today)
}

/// The notices of a zone today, newest first, in an order that says nothing of which machine read them when: those of
/// one instant by their words, those without a date last.
pub(super) fn agreed<'a>(filter: &NoticeFilter, edition: &'a Edition, today: Date) -> Vec<&'a Arc<NoticeHead>> {
    fn key(head: &NoticeHead) -> impl Ord + '_ {
        (Reverse(head.published), &head.title, &head.summary, &head.feed)
    }
    let limit = filter.most() as usize;
    let mut heads: Vec<_> = fitting(filter, edition, today).collect();
    if limit < heads.len() {
        heads.select_nth_unstable_by(limit, |a, b| key(a).cmp(&key(b)));
        heads.truncate(limit);
    }
    heads.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    heads
}

/// Whether another day may change the choice or what is said about it.
pub(super) fn depends_on_day(filter: &NoticeFilter, edition: &Edition) -> bool {
    edition.under(&filter.catalogue).any(|head| head.show.from.is_some() || head.show.until.is_some())
}
