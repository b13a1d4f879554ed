//! The choice of a month in a long list: large tiles, a group a year.

use crate::{
    config::Config,
    edition::ListMonths,
    kiosk::{
        address::Action,
        kit::{ChoiceGroup, ChoiceTile, Choices, Measure, PageContext, PageLayout, Room, figure},
        page::{Handed, KioskPage},
    },
    model::Month,
    ui::View,
};
use std::sync::Arc;

/// The choice.
pub struct PickMonth {
    /// The heading of the list.
    heading: String,
    list: Option<Arc<ListMonths>>,
    /// The month the list stands at.
    now: Option<Month>,
    choices: Choices,
}

impl PickMonth {
    /// The choice among the months of the list it is opened from.
    pub fn new(heading: &str, handed: Handed) -> Self {
        let (list, now) = match handed {
            Handed::Months(list, now) => (Some(list), now),
            _ => (None, None),
        };
        Self { heading: heading.to_owned(), list, now, choices: Choices::default() }
    }

    fn groups(&self, cx: &PageContext<'_>) -> Vec<ChoiceGroup> {
        let Some(list) = &self.list else { return Vec::new() };
        let mut groups: Vec<ChoiceGroup> = Vec::new();
        let mut year = None;
        let ends = list.months.iter().skip(1).map(|(_, first)| *first).chain([list.total]);
        for ((month, first), end) in list.months.iter().zip(ends) {
            if year != Some(month.year()) {
                year = Some(month.year());
                let title = cx.words.say("year", &[("n", &month.year().to_string())]);
                groups.push(ChoiceGroup { title, tiles: Vec::new() });
            }
            let (number, count) = (month.month().to_string(), figure(end.saturating_sub(*first)));
            let name = cx.say(&format!("month-name-{number}"));
            let words = cx.words.say("tile-month", &[("month", &number), ("name", &name), ("n", &count)]);
            let tile = ChoiceTile { words, chosen: self.now == Some(*month), action: Action::Month(*month) };
            if let Some(group) = groups.last_mut() {
                group.tiles.push(tile);
            }
        }
        groups
    }
}

impl KioskPage for PickMonth {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let mut trail = cx.trail(&self.heading);
        let above =
            if self.heading.is_empty() { Some(cx.say("all-notices")) } else { trail.pop().map(|(title, _)| title) };
        trail.extend(above.map(|title| (title, Action::Back)));
        self.choices = Choices::new(cx.say("choose-month"), self.groups(cx));
        self.choices.layout(cx, trail)
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        self.choices.section(cx, room.width, index)
    }

    fn survives(&self, config: &Config) -> bool {
        self.heading.is_empty() || config.catalogue.find(&self.heading).is_some()
    }

    fn is_choice(&self) -> bool {
        true
    }
}
