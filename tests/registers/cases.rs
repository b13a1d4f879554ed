//! Cases by their receipt numbers, and what each unit has in hand.

use super::county::*;
use gongshi::{
    config::{Column, ColumnKind, Config, Holiday},
    model::{Lamp, Row, Step, UnitTotals, Value},
    search::{SearchHit, SearchItem, SearchQuery},
    store::Store,
    time::civil::{Date, date},
};

fn approval(receipt: &str, unit: &str, accepted: Date, closed: Option<Date>, promised: i64) -> Row {
    let values = vec![
        text(receipt),
        text("食品经营许可（新办）"),
        text(unit),
        Value::Date(accepted),
        closed.map_or(Value::Empty, Value::Date),
        Value::Quantity(promised * 10_000),
        Value::Quantity(200_000),
    ];
    Row { key: receipt.into(), values, steps: Vec::new() }
}

fn take(store: &mut Store, config: &Config, second: i64, rows: Vec<Row>) {
    store.ingest_with(&rows_of("办件", "approvals", second, true, rows), config).unwrap();
}

fn day(d: i8) -> Date {
    date(2026, 11, d)
}

#[test]
fn a_case_is_found_however_its_receipt_is_typed_and_has_its_clocks() {
    let (_dir, mut store) = open();
    let config = config();
    let mut row = approval("SL202611090037", "市场监督管理局", day(9), None, 10);
    let step = |name: &str, from: i8, until: Option<i8>| Step {
        name: name.into(),
        from: Some(day(from).at(9, 0, 0, 0)),
        until: until.map(|d| day(d).at(17, 0, 0, 0)),
        ..Step::default()
    };
    row.steps = vec![step("受理", 9, Some(9)), step("组织专家评审会", 16, Some(18)), step("决定", 19, None)];
    take(&mut store, &config, 0, vec![row.clone()]);
    for typed in ["SL2026 1109 0037", "sl2026-1109-0037", "ＳＬ２０２６１１０９００３７"] {
        let case = case(&store, &config, typed, TODAY).unwrap();
        assert_eq!(case.file.kept.row, row);
        // As on the design's page: three working days left, due on Thursday the 26th.
        let c = case.clocks;
        assert_eq!((c.promised, c.days_left, c.lamp), (Some(day(26)), Some(3), Lamp::Green));
        assert_eq!((c.accepted, c.closed, c.used), (day(9), None, 7));
        assert_eq!(c.statutory, Some(date(2026, 12, 10)));
    }
    let lamp = |d| case(&store, &config, "sl202611090037", day(d)).unwrap().clocks.lamp;
    assert_eq!([lamp(24), lamp(25), lamp(26), lamp(27)], [Lamp::Green, Lamp::Yellow, Lamp::Yellow, Lamp::Red]);
    for typed in ["", " - ", "SL2026110900370", "SL20261109003"] {
        assert!(case(&store, &config, typed, TODAY).is_none(), "{typed}");
    }
    take(&mut store, &config, 1, Vec::new());
    assert!(case(&store, &config, "SL202611090037", TODAY).is_none(), "a withdrawn case is not told");
}

#[test]
fn a_case_nobody_can_tell_the_day_of_is_told_as_a_row() {
    let (_dir, mut store) = open();
    let config = config();
    let mut row = approval("R1", "民政局", day(9), None, 10);
    row.values[3] = text("九日");
    take(&mut store, &config, 0, vec![row]);
    let told = store.answer(&gongshi::edition::Query::Case("r1".into()), &config, TODAY).unwrap();
    assert!(matches!(told, gongshi::edition::Response::Row(_)), "{told:?}");
    assert!(store.edition_on(1, &config, TODAY).unwrap().totals.is_empty());
}

fn some() -> Vec<Row> {
    let unit = "市场监督管理局";
    vec![
        // In hand: within its time, near its deadline, past it.
        approval("1", unit, day(20), None, 10),
        approval("2", unit, day(9), None, 10),
        approval("3", unit, day(2), None, 10),
        // Closed in time today, late today, in time last month.
        approval("4", unit, day(12), Some(TODAY), 10),
        approval("5", unit, day(2), Some(TODAY), 10),
        approval("6", unit, date(2026, 10, 9), Some(date(2026, 10, 12)), 10),
        approval("7", "民政局", TODAY, None, 5),
        approval("8", "", TODAY, None, 5),
    ]
}

#[test]
fn units_are_counted_over_a_day_and_over_a_month() {
    let (_dir, mut store) = open();
    let config = config();
    take(&mut store, &config, 0, some());
    let edition = store.edition_on(1, &config, TODAY).unwrap();
    let market = UnitTotals {
        unit: "市场监督管理局".into(),
        accepted: 0,
        in_hand: 3,
        closed: 2,
        on_time: 1,
        warned: 1,
        late: 2,
    };
    let civil = UnitTotals { unit: "民政局".into(), accepted: 1, in_hand: 1, ..UnitTotals::default() };
    assert_eq!(edition.totals, [market.clone(), civil]);
    assert_eq!([edition.totals[0].lamp(), edition.totals[1].lamp()], [Lamp::Red, Lamp::Green]);
    assert_eq!((edition.registers["approvals"].rows, edition.registers["approvals"].newest), (8, month("2026-11")));
    let october = store.unit_totals("approvals", date(2026, 10, 1), date(2026, 10, 31)).unwrap();
    assert_eq!(
        october,
        [UnitTotals { unit: market.unit.clone(), accepted: 1, closed: 1, on_time: 1, ..UnitTotals::default() }]
    );
    let november = store.unit_totals("approvals", day(1), TODAY).unwrap();
    assert_eq!((november[0].accepted, november[0].in_hand, november[0].closed), (5, 3, 2));
    // On the 13th the two of the 2nd had one day left.
    let then = store.unit_totals("approvals", day(13), day(13)).unwrap();
    assert_eq!((then[0].in_hand, then[0].warned, then[0].late), (4, 2, 0));
    assert!(store.unit_totals("nowhere", day(1), TODAY).unwrap().is_empty());
}

#[test]
fn a_changed_calendar_or_rule_counts_anew() {
    let (_dir, mut store) = open();
    let mut config = config();
    take(&mut store, &config, 0, some());
    let late = |store: &Store, config: &Config| store.edition_on(1, config, TODAY).unwrap().totals[0].late;
    assert_eq!(late(&store, &config), 2);
    // Ten days off in November: what was late is no longer.
    config.calendar.holiday.push(Holiday { name: "示例节".into(), from: day(9), until: day(20) });
    assert_eq!(store.rebuild_derived(&config).unwrap(), 8);
    assert_eq!(late(&store, &config), 0);
    config.calendar.holiday.pop();
    config.registers.get_mut("approvals").unwrap().case.as_mut().unwrap().yellow_days = 9;
    assert_eq!(store.rebuild_derived(&config).unwrap(), 8);
    let totals = store.edition_on(1, &config, TODAY).unwrap().totals;
    assert_eq!((totals[0].warned, totals[0].late), (2, 2));
    // A harvest under a new config settles its register by itself.
    config.registers.get_mut("approvals").unwrap().case.as_mut().unwrap().yellow_days = 0;
    take(&mut store, &config, 1, some());
    assert_eq!(store.edition_on(1, &config, TODAY).unwrap().totals[0].warned, 1);
}

#[test]
fn a_search_finds_and_quotes_of_a_case_what_its_page_shows_and_nothing_else() {
    let (_dir, mut store) = open();
    let mut config = config();
    let person =
        Column { id: "applicant".into(), title: "申请人".into(), kind: ColumnKind::Person, ..Column::default() };
    config.registers.get_mut("approvals").unwrap().column.push(person);
    let mut row = approval("SL202611090037", "民政局", day(9), None, 10);
    row.values[1] = text("特困人员认定");
    row.values.push(text("示例甲某"));
    take(&mut store, &config, 0, vec![row]);
    let find = |config: &Config, words: &str| -> Vec<SearchHit> {
        store.find(&SearchQuery { text: words.into(), limit: 9, ..SearchQuery::default() }, config).unwrap().hits
    };
    for words in ["SL202611090037", "特困人员", "民政局", "tkry", "特困 民政局"] {
        let hits = find(&config, words);
        let [hit] = hits.as_slice() else { panic!("{words}: {hits:?}") };
        assert_eq!((&hit.item, hit.title.as_str()), (&SearchItem::Case("SL202611090037".into()), "特困人员认定"));
        assert!(!format!("{}{}", hit.title, hit.snippet).contains("示例甲某"), "{words}: {hit:?}");
        assert!(hit.snippet.matches("SL202611090037").count() <= 1, "{words}: {hit:?}");
    }
    assert_eq!(find(&config, "SL202611090037")[0].snippet.matches("SL202611090037").count(), 1);
    assert_eq!(find(&config, "示例甲某"), [], "nobody learns from a name what was applied for");
    // The same rows in a register of no cases: their page shows every column.
    config.registers.get_mut("approvals").unwrap().case = None;
    store.rebuild_derived(&config).unwrap();
    let quoted = |words: &str| {
        store.find(&SearchQuery { text: words.into(), limit: 9, ..SearchQuery::default() }, &config).unwrap()
    };
    assert!(quoted("示例甲某").hits[0].snippet.contains("示例甲某"));
    assert_eq!(quoted("SL202611090037").hits[0].snippet.matches("SL202611090037").count(), 1);
}
