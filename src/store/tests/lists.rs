//! Lists of the store against a plain reckoning over all its notices: windows, months, counts, what is over, what is of a
//! feed that is switched off; and that none of it reads more than it gives.

use super::plans::{is_slow, plan, statements};
use crate::{
    config::{
        Config, Feed, Screen, ScreenKind,
        zones::{NoticeFilter, TickerZone, Zone},
    },
    edition::{Edition, ListQuery, Query, Response},
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Notice, NoticeHead, NoticeId, ShowPeriod, Warning, WarningStage},
    store::Store,
};
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use proptest::prelude::*;
use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

/// The day of `at(0)`.
const TODAY: Date = date(2025, 11, 13);
const HEADINGS: [&str; 6] = ["", "trade", "trade.works", "trade.works.roads", "tradex", "party"];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_000_000 + second).unwrap()
}

/// One notice as the source has it: its heading, when it was published, its show period about today, whether it is an
/// alert, and when that ends.
#[derive(Debug, Clone)]
struct Given {
    heading: usize,
    published: Option<i64>,
    show: (Option<i8>, Option<i8>),
    alert: Option<(bool, Option<i64>, Option<u8>)>,
}

fn given() -> impl Strategy<Value = Given> {
    let day = || proptest::option::of(-3i8..4);
    let alert = (any::<bool>(), proptest::option::of(-500i64..500), proptest::option::of(0u8..8));
    (0..HEADINGS.len(), proptest::option::of(-40i64..40), (day(), day()), proptest::option::weighted(0.2, alert))
        .prop_map(|(heading, published, show, alert)| Given { heading, published, show, alert })
}

fn day(by: i8) -> Date {
    TODAY.checked_add(jiff::Span::new().days(by)).unwrap()
}

fn notice(number: usize, given: &Given) -> Notice {
    Notice {
        key: format!("{number}"),
        title: format!("示例公告{number}"),
        kind: String::new(),
        catalogue: HEADINGS[given.heading].to_owned(),
        issuer: ["示例局", "示例镇"].get(number % 3).map(|&issuer| issuer.to_owned()),
        number: None,
        author: None,
        // A week apart, so that they lie in several months.
        published: given.published.map(|week| at(week * 7 * 86_400)),
        updated: None,
        show: ShowPeriod { from: given.show.0.map(day), until: given.show.1.map(day) },
        summary: String::new(),
        body: Vec::new(),
        attachments: Vec::new(),
        link: None,
        warning: given.alert.map(|(actual, ends, refers)| Warning {
            identifier: format!("W{}", number % 8),
            stage: if refers.is_some() { WarningStage::Update } else { WarningStage::Alert },
            actual,
            level: None,
            event: "暴雨".to_owned(),
            areas: Vec::new(),
            codes: Vec::new(),
            onset: None,
            expires: ends.map(at),
            instruction: String::new(),
            references: refers.map(|n| format!("W{n}")).into_iter().collect(),
        }),
    }
}

fn harvest(feed: &str, second: i64, given: &[(usize, Given)]) -> Harvest {
    let items = given.iter().map(|(n, g)| Harvested { source: String::new(), notice: notice(*n, g) }).collect();
    Harvest {
        feed: feed.to_owned(),
        title: format!("{feed}网"),
        at: at(second),
        outcome: HarvestOutcome::Notices { items, whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

fn config() -> Config {
    let mut config = Config::default();
    config.feeds.insert("甲".to_owned(), Feed::default());
    config.feeds.insert("乙".to_owned(), Feed { enabled: false, ..Feed::default() });
    config
}

/// The list reckoned from the heads of all current notices.
fn expected(all: &Edition, query: &ListQuery) -> Vec<Arc<NoticeHead>> {
    let over = |id: NoticeId| all.warnings.get(&id).and_then(|w| w.expires).is_some_and(|end| end <= query.as_of);
    let is_below = |own: &str| {
        query.catalogue.is_empty() || own == query.catalogue || own.starts_with(&format!("{}.", query.catalogue))
    };
    let is_showing =
        |head: &NoticeHead| query.showing.is_none_or(|d| head.show.until.is_some() && head.show.contains(d));
    let mut heads: Vec<_> = all
        .notices
        .iter()
        .filter(|head| query.issuer.is_empty() || head.issuer.as_deref() == Some(&*query.issuer))
        .filter(|head| &*head.feed == "甲" && is_below(&head.catalogue) && is_showing(head) && !over(head.id))
        .cloned()
        .collect();
    if query.showing.is_some() {
        heads.sort_by_key(|head| head.show.until);
    }
    heads
}

/// What a zone takes of an edition, as `led/pick.rs` does.
fn picked(edition: &Edition, filter: &NoticeFilter, is_agreed: bool) -> Vec<NoticeId> {
    let fits =
        |head: &&Arc<NoticeHead>| head.show.contains(TODAY) && (!filter.showing_only || head.show.until.is_some());
    let mut heads: Vec<_> = edition.under(&filter.catalogue).filter(fits).collect();
    if is_agreed {
        heads.sort_by_key(|head| (Reverse(head.published), &head.title, &head.summary, &head.feed));
    }
    heads.iter().take(filter.most() as usize).map(|head| head.id).collect()
}

fn window(store: &Store, config: &Config, query: &ListQuery, from: u64, most: u32) -> (u64, Vec<NoticeId>) {
    let told = store.answer(&Query::List(query.clone(), from, most), config, TODAY).unwrap();
    let Response::List(window) = told else { panic!("{told:?}") };
    (window.total, window.rows.iter().map(|head| head.id).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn lists_and_counts_are_what_the_notices_say(
        looks in proptest::collection::vec((any::<bool>(), proptest::collection::vec((0usize..24, given()), 0..16)), 1..5),
        now in -600i64..600,
        limit in 1u32..6,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let config = config();
        for (second, (first, items)) in looks.iter().enumerate() {
            let unique: BTreeMap<usize, Given> = items.iter().cloned().collect();
            let items: Vec<(usize, Given)> = unique.into_iter().collect();
            store.ingest(&harvest(if *first { "甲" } else { "乙" }, second as i64, &items)).unwrap();
        }
        let all = store.edition(1).unwrap();
        let edition = store.edition_on(1, &config, TODAY).unwrap().without_ended(at(now));
        let as_of = edition.as_of;
        for heading in HEADINGS {
            for showing in [None, Some(TODAY)] {
                let query = ListQuery { catalogue: heading.to_owned(), showing, as_of, ..ListQuery::default() };
                let of = ListQuery { issuer: "示例局".to_owned(), ..query.clone() };
                let own: Vec<NoticeId> = expected(&all, &of).iter().map(|head| head.id).collect();
                prop_assert_eq!(window(&store, &config, &of, 0, 200), (own.len() as u64, own), "{:?}", of);
                let heads = expected(&all, &query);
                let ids: Vec<NoticeId> = heads.iter().map(|head| head.id).collect();
                prop_assert_eq!(window(&store, &config, &query, 0, 200), (ids.len() as u64, ids.clone()), "{:?}", query);
                let middle: Vec<NoticeId> = ids.iter().skip(2).take(3).copied().collect();
                prop_assert_eq!(window(&store, &config, &query, 2, 3).1, middle);
                let counted = match showing {
                    None => edition.count(heading),
                    Some(day) => edition.count_showing(heading, day),
                };
                prop_assert_eq!(counted, ids.len() as u64, "{:?}", query);
            }
            // Walls get what they would pick of all there is.
            for (showing_only, is_agreed) in [(false, false), (false, true), (true, false), (true, true)] {
                let filter = NoticeFilter { catalogue: heading.to_owned(), showing_only, limit };
                let ticker = TickerZone { notices: filter.clone(), ..TickerZone::default() };
                let wall_width = if is_agreed { 100 } else { 0 };
                let screen = Screen { zone: vec![Zone::new(10, 10, ticker)], wall_width, ..Screen::default() };
                let mut config = config.clone();
                config.screens.insert("wall".to_owned(), screen);
                let bounded = store.edition_on(1, &config, TODAY).unwrap().without_ended(at(now));
                let mut of_feed: Vec<Arc<NoticeHead>> = all.notices.clone();
                of_feed.retain(|head| &*head.feed == "甲");
                let whole = Edition::new(1, of_feed, Vec::new()).with_warnings(all.warnings.clone()).without_ended(at(now));
                prop_assert_eq!(
                    picked(&bounded, &filter, is_agreed),
                    picked(&whole, &filter, is_agreed),
                    "{:?} {}", filter, is_agreed
                );
                prop_assert_eq!(bounded.count(heading), whole.count(heading));
            }
            // A kiosk gets the newest under each heading, and what ends soonest under its own.
            let screen = Screen { kind: ScreenKind::Kiosk, catalogue: heading.to_owned(), ..Screen::default() };
            let mut config = config.clone();
            config.screens.insert("lobby".to_owned(), screen);
            let bounded = store.edition_on(1, &config, TODAY).unwrap().without_ended(at(now));
            for heading in HEADINGS {
                let of = |showing| expected(&all, &ListQuery { catalogue: heading.to_owned(), showing, as_of, ..ListQuery::default() });
                let newest = |heads: Vec<NoticeId>| heads.into_iter().take(8).collect::<Vec<_>>();
                let heads = bounded.under(heading).map(|head| head.id).collect();
                prop_assert_eq!(newest(heads), newest(of(None).iter().map(|head| head.id).collect()), "{}", heading);
            }
            let query = ListQuery { catalogue: heading.to_owned(), showing: Some(TODAY), as_of, ..ListQuery::default() };
            let ends = |heads: Vec<Arc<NoticeHead>>| heads.iter().take(12).map(|head| head.id).collect::<Vec<_>>();
            let mut shown: Vec<_> = bounded.under(heading).filter(|h| h.show.until.is_some() && h.show.contains(TODAY)).cloned().collect();
            shown.sort_by_key(|head| head.show.until);
            prop_assert_eq!(ends(shown), ends(expected(&all, &query)), "{}", heading);
            let query = ListQuery { catalogue: heading.to_owned(), as_of, ..ListQuery::default() };
            let heads = expected(&all, &query);
            let asked = heads.get(heads.len() / 2).map(|head| head.id);
            let told = store.answer(&Query::Months(query.clone(), asked), &config, TODAY).unwrap();
            let Response::Months(months) = told else { panic!("{told:?}") };
            prop_assert!(months.months.is_sorted_by(|(a, x), (b, y)| a > b && x < y), "{:?}", months);
            prop_assert_eq!(months.months.is_empty(), heads.is_empty());
            prop_assert_eq!(months.total, heads.len() as u64);
            prop_assert_eq!(months.place, asked.map(|_| heads.len() as u64 / 2));
            for (month, place) in &months.months {
                let zone = config.site.zone();
                let own = |head: &NoticeHead| head.published.map(|at| crate::model::Month::of(at.to_zoned(zone.clone()).date()));
                let first = &heads[*place as usize];
                // Those without a date stand where they were first seen.
                prop_assert!(own(first).is_none_or(|own| own == *month));
                prop_assert!(heads[..*place as usize].iter().filter_map(|head| own(head)).all(|own| own > *month));
            }
        }
    }
}

#[test]
fn lists_and_counts_go_by_an_index() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let config = config();
    let plain = Given { heading: 2, published: Some(1), show: (None, Some(1)), alert: None };
    let many: Vec<_> = (0..40).map(|n| (n, Given { heading: if n == 0 { 5 } else { 2 }, ..plain.clone() })).collect();
    store.ingest(&harvest("甲", 0, &many)).unwrap();
    let asked = statements(&mut store, |store| {
        for heading in HEADINGS {
            for showing in [None, Some(TODAY)] {
                let query = ListQuery { catalogue: heading.to_owned(), showing, as_of: at(0), ..ListQuery::default() };
                store.answer(&Query::List(query.clone(), 30, 10), &config, TODAY).unwrap();
                let query = ListQuery { issuer: "示例局".to_owned(), ..query };
                store.answer(&Query::List(query, 0, 10), &config, TODAY).unwrap();
            }
        }
        let mut config = config.clone();
        for wall_width in [0, 100] {
            let of = |catalogue: &str, showing_only| {
                let notices = NoticeFilter { catalogue: catalogue.to_owned(), showing_only, limit: 20 };
                Zone::new(10, 10, TickerZone { notices, ..TickerZone::default() })
            };
            let zone = HEADINGS.iter().flat_map(|heading| [of(heading, false), of(heading, true)]).collect();
            config.screens.insert(format!("{wall_width}"), Screen { zone, wall_width, ..Screen::default() });
        }
        store.edition_on(1, &config, TODAY).unwrap();
    });
    assert!(asked.len() >= 6, "{asked:#?}");
    // Those without a date are asked for only by a shared wall that has too few with one.
    for statement in asked.iter().filter(|statement| !statement.contains("published IS NULL")) {
        let plan = plan(&store.conn, statement);
        // A list is walked by age in an index that holds all it asks for; nothing else is walked.
        let is_walked = |step: &String| {
            step == "SCAN notice USING COVERING INDEX notice_newest" || step == "SCAN notice USING INDEX notice_newest"
        };
        assert!(!plan.iter().any(|step| is_slow(step) && !is_walked(step)), "{statement}\n{plan:#?}");
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        let few = [
            "notice_heading (catalogue",
            "notice_until (show_until",
            "notice_newest (sorted_at=",
            "notice_issuer (issuer=",
        ];
        let is_few = plan.iter().any(|step| few.iter().any(|index| step.contains(index)));
        assert!(!sorts || is_few, "{statement}\n{plan:#?}");
    }
}
