//! The choice of a township, a village or a month for a register: large tiles.

use crate::{
    config::{Config, Region, RegionKind},
    edition::TableQuery,
    kiosk::{
        address::{Action, Page, Pick},
        kit::{ChoiceGroup, ChoiceTile, Choices, Measure, PageContext, PageLayout, Room, gone, register_trail},
        page::{Handed, KioskPage},
    },
    model::Month,
    ui::View,
};

/// The choice.
pub struct PickPage {
    query: TableQuery,
    pick: Pick,
    /// The months that have rows, newest first.
    months: Vec<Month>,
    choices: Choices,
}

impl PickPage {
    /// The choice for what a register shows now.
    pub fn new(query: &TableQuery, pick: Pick, handed: Handed) -> Self {
        let months = match handed {
            Handed::Table(table) if table.query.register == query.register => table.months.clone(),
            _ => Vec::new(),
        };
        Self { query: query.clone(), pick, months, choices: Choices::default() }
    }
}

impl KioskPage for PickPage {
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout {
        let query = &self.query;
        let Some(of) = cx.config.registers.get(&query.register) else {
            return gone(cx);
        };
        let (key, groups) = match self.pick {
            Pick::Township => ("choose-township", townships(cx, query)),
            Pick::Village => ("choose-village", villages(cx, query)),
            Pick::Month => ("choose-month", months(cx, query, &self.months)),
        };
        let mut trail = register_trail(cx, of);
        trail.push((of.title.clone(), Action::Choose(Page::Register(query.clone()))));
        self.choices = Choices::new(cx.say(key), groups);
        self.choices.layout(cx, trail)
    }

    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, _: Measure<'_>) -> View<Action> {
        self.choices.section(cx, room.width, index)
    }

    fn survives(&self, config: &Config) -> bool {
        config.registers.contains_key(&self.query.register)
    }

    fn is_choice(&self) -> bool {
        true
    }
}

fn tile(now: &TableQuery, words: String, query: TableQuery) -> ChoiceTile {
    ChoiceTile { words, chosen: query == *now, action: Action::Choose(Page::Register(query)) }
}

fn tile_of(query: &TableQuery, region: &Region) -> ChoiceTile {
    tile(query, region.name.clone(), TableQuery { place: region.code.clone(), ..query.clone() })
}

fn townships(cx: &PageContext<'_>, query: &TableQuery) -> Vec<ChoiceGroup> {
    let all = tile(query, cx.say("place-all"), TableQuery { place: String::new(), ..query.clone() });
    let towns = cx.config.regions.iter().filter(|r| r.kind == RegionKind::Township).map(|r| tile_of(query, r));
    vec![ChoiceGroup { title: String::new(), tiles: std::iter::once(all).chain(towns).collect() }]
}

/// The villages of the township chosen; of all of them, township by township, where none is.
fn villages(cx: &PageContext<'_>, query: &TableQuery) -> Vec<ChoiceGroup> {
    let town = cx.region(&query.place).and_then(|here| match here.kind {
        RegionKind::Township => Some(here),
        RegionKind::Village => cx.region(&here.parent),
        RegionKind::County => None,
    });
    let of = |town: &Region| ChoiceGroup {
        title: town.name.clone(),
        tiles: cx.config.regions.iter().filter(|r| r.parent == town.code).map(|r| tile_of(query, r)).collect(),
    };
    match town {
        Some(town) => {
            let mut group = of(town);
            let all = cx.words.say("place-all-of", &[("place", &town.name)]);
            group.tiles.insert(0, tile(query, all, TableQuery { place: town.code.clone(), ..query.clone() }));
            vec![group]
        }
        None => {
            let towns = cx.config.regions.iter().filter(|r| r.kind == RegionKind::Township);
            towns.map(of).filter(|g| !g.tiles.is_empty()).collect()
        }
    }
}

/// The months that have rows, year by year.
fn months(cx: &PageContext<'_>, query: &TableQuery, months: &[Month]) -> Vec<ChoiceGroup> {
    let mut groups: Vec<ChoiceGroup> = Vec::new();
    let mut year = None;
    for month in months {
        if year != Some(month.year()) {
            year = Some(month.year());
            let title = cx.words.say("year", &[("n", &month.year().to_string())]);
            groups.push(ChoiceGroup { title, tiles: Vec::new() });
        }
        let words = cx.words.say("month", &[("month", &month.month().to_string())]);
        if let Some(group) = groups.last_mut() {
            group.tiles.push(tile(query, words, TableQuery { period: Some(*month), ..query.clone() }));
        }
    }
    groups
}
