//! Which notices a zone shows.

use crate::{config::Zone, edition::Edition, model::NoticeHead, time::civil::Date};
use std::sync::Arc;

/// The notices of a zone today, newest first: never one outside the days it is to be shown.
pub(super) fn notices<'a>(
    zone: &'a Zone,
    edition: &'a Edition,
    today: Date,
) -> impl Iterator<Item = &'a Arc<NoticeHead>> {
    edition
        .under(&zone.catalogue)
        .filter(move |head| head.show.contains(today) && (!zone.showing_only || head.show.until.is_some()))
        .take(zone.limit as usize)
}

/// Whether another day may change the choice or what is said about it.
pub(super) fn depends_on_day(zone: &Zone, edition: &Edition) -> bool {
    edition.under(&zone.catalogue).any(|head| head.show.from.is_some() || head.show.until.is_some())
}
