//! The choice of a township, a village or a month: large tiles.

use super::{Action, Context, Outline, register};
use crate::{
    config::{Region, RegionKind},
    edition::TableQuery,
    kiosk::{
        Page, Pick, Reading,
        pages::{
            article,
            choices::{self, Group, Tile},
        },
    },
};

/// The outline of a choice.
pub(in crate::kiosk::pages) fn outline(cx: &Context<'_>, query: &TableQuery, pick: Pick) -> Outline {
    let Some(of) = register(cx, &query.register) else { return article::gone(cx) };
    let (key, groups) = match pick {
        Pick::Township => ("choose-township", townships(cx, query)),
        Pick::Village => ("choose-village", villages(cx, query)),
        Pick::Month => ("choose-month", months(cx, query)),
    };
    let title = cx.say(key);
    let mut trail = super::trail(cx, of);
    trail.push((of.title.clone(), Action::Choose(query.clone())));
    choices::outline(cx, trail, &title, groups)
}

fn tile(now: &TableQuery, words: String, query: TableQuery) -> Tile {
    Tile { words, chosen: query == *now, action: Action::Choose(query) }
}

fn tile_of(query: &TableQuery, region: &Region) -> Tile {
    tile(query, region.name.clone(), TableQuery { place: region.code.clone(), ..query.clone() })
}

fn townships(cx: &Context<'_>, query: &TableQuery) -> Vec<Group> {
    let all = tile(query, cx.say("place-all"), TableQuery { place: String::new(), ..query.clone() });
    let towns = cx.config.regions.iter().filter(|r| r.kind == RegionKind::Township).map(|r| tile_of(query, r));
    vec![Group { title: String::new(), tiles: std::iter::once(all).chain(towns).collect() }]
}

/// The villages of the township chosen; of all of them, township by township, where none is.
fn villages(cx: &Context<'_>, query: &TableQuery) -> Vec<Group> {
    let town = cx.region(&query.place).and_then(|here| match here.kind {
        RegionKind::Township => Some(here),
        RegionKind::Village => cx.region(&here.parent),
        RegionKind::County => None,
    });
    let of = |town: &Region| Group {
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
fn months(cx: &Context<'_>, query: &TableQuery) -> Vec<Group> {
    let stops = std::iter::once(&cx.visit.stop).chain(cx.visit.before.iter().rev());
    let table = stops.into_iter().find_map(|s| match (&s.page, &s.reading) {
        (Some(Page::Register(q)), Reading::Table(table)) if q.register == query.register => Some(table),
        _ => None,
    });
    let mut groups: Vec<Group> = Vec::new();
    let mut year = None;
    for month in table.iter().flat_map(|t| &t.months) {
        if year != Some(month.year()) {
            year = Some(month.year());
            let title = cx.words.say("year", &[("n", &month.year().to_string())]);
            groups.push(Group { title, tiles: Vec::new() });
        }
        let words = cx.words.say("month", &[("month", &month.month().to_string())]);
        if let Some(group) = groups.last_mut() {
            group.tiles.push(tile(query, words, TableQuery { period: Some(*month), ..query.clone() }));
        }
    }
    groups
}
