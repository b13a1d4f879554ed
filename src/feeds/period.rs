//! Show periods by law, for notices whose source and feed file say nothing of one.

use super::{Harvest, HarvestOutcome, dates};
use crate::{
    calendar::{last_day, rule},
    config::Config,
    model::ShowPeriod,
};

impl Harvest {
    /// Gives each notice without an end, whose day of publication in the site's zone is known, the period of its kind in
    /// `catalogue.toml`, from the day of publication on.
    pub fn set_periods(&mut self, config: &Config) {
        let zone = config.site.zone();
        let HarvestOutcome::Notices { items, .. } = &mut self.outcome else { return };
        for harvested in items {
            let notice = &mut harvested.notice;
            if notice.show.until.is_some() {
                continue;
            }
            let found = rule(&config.catalogue, &notice.kind, &notice.catalogue).zip(notice.published);
            if let Some((period, published)) = found {
                let from = dates::day(published, &zone);
                let until = last_day(&config.calendar, period, from);
                notice.show = ShowPeriod { from: notice.show.from.or(Some(from)), until };
            }
        }
    }
}
