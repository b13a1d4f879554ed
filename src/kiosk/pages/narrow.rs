//! The choice of what narrows a search: headings, places or years among what was found.

use crate::{
    config::Heading,
    kiosk::{
        address::{Action, Filter, SearchFacet},
        kit::{ChoiceGroup, ChoiceTile, Choices, Measure, PageContext, PageLayout, Room, figure},
        page::{Filters, Handed, KioskPage},
    },
    search::SearchResults,
    ui::View,
};
use std::sync::Arc;

/// The choice.
pub struct FilterPage {
    facet: SearchFacet,
    found: Option<Arc<SearchResults>>,
    filters: Filters,
    choices: Choices,
}

impl FilterPage {
    /// The choice among what a search found.
    pub fn new(facet: SearchFacet, handed: Handed) -> Self {
        let (found, filters) = match handed {
            Handed::Found(found, filters) => (Some(found), filters),
            _ => (None, Filters::default()),
        };
        Self { facet, found, filters, choices: Choices::default() }
    }
}

impl KioskPage for FilterPage {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let mut trail = cx.home();
        trail.push((cx.say("search-title"), Action::Back));
        let facets = self.found.as_ref().map(|found| &found.facets);
        let tile = |words: String, count: usize, filter: Filter, chosen: bool| {
            let n = figure(count);
            ChoiceTile { words: format!("{words}（{n}）"), chosen, action: Action::Filter(filter) }
        };
        let (key, tiles): (&str, Vec<ChoiceTile>) = match (self.facet, facets) {
            (SearchFacet::Catalogue, Some(f)) => {
                let known = f.catalogues.iter().filter_map(|(id, n)| Some((cx.heading(id)?, *n)));
                let tile = |(h, n): (&Heading, usize)| {
                    let chosen = self.filters.catalogue == h.id;
                    tile(h.title.clone(), n, Filter::Catalogue(h.id.clone()), chosen)
                };
                ("narrow-catalogue", known.map(tile).collect())
            }
            (SearchFacet::Place, Some(f)) => {
                let tile = |(code, n): &(String, usize)| {
                    let chosen = self.filters.place == *code;
                    tile(cx.place(code), *n, Filter::Place(code.clone()), chosen)
                };
                ("narrow-place", f.places.iter().map(tile).collect())
            }
            (SearchFacet::Year, Some(f)) => {
                let tile = |(year, n): &(i16, usize)| {
                    let words = cx.words.say("year", &[("n", &year.to_string())]);
                    tile(words, *n, Filter::Year(Some(*year)), self.filters.year == Some(*year))
                };
                ("narrow-year", f.years.iter().map(tile).collect())
            }
            (_, None) => ("search-title", Vec::new()),
        };
        self.choices = Choices::new(cx.say(key), vec![ChoiceGroup { title: String::new(), tiles }]);
        self.choices.layout(cx, trail)
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        self.choices.section(cx, room.width, index)
    }

    fn is_choice(&self) -> bool {
        true
    }
}
