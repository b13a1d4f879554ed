//! Tables of registers' rows on a wall.

use super::{AT, county, moment, screen, shaper, sized, zone};
use gongshi::{
    config::{
        Accent, Agree, CaseRules, Column, ColumnKind, Config, Region, RegionKind, Register, StatusWord, Zone,
        zones::{ListStyle, RegisterZone, TextZone},
    },
    edition::{Edition, Sum, WallRow, WallRows},
    model::{Clocks, KeptRow, Lamp, Row, RowId, Value},
    scene::{Primitive, Scene},
    stage::{LedStage, Stage},
    time::civil::date,
};
use std::sync::Arc;

fn column(id: &str, title: &str, kind: ColumnKind) -> Column {
    Column { id: id.into(), title: title.into(), kind, ..Column::default() }
}

fn ledger() -> Register {
    let status = vec![StatusWord { word: "欠租".into(), colour: Accent::Red }];
    Register {
        title: "出租发包合同".into(),
        column: vec![
            column("item", "标的", ColumnKind::Text),
            column("place", "村", ColumnKind::Place),
            column("due", "应收", ColumnKind::Money),
            Column { status, ..column("state", "状态", ColumnKind::Status) },
        ],
        agree: vec![Agree { total: "due".into(), parts: vec![] }],
        ..Register::default()
    }
}

fn config(zone: &Zone, register: Register) -> Arc<Config> {
    let mut config = Arc::unwrap_or_clone(screen(vec![zone.clone()], zone.frame.width, zone.frame.height));
    config.registers.insert("r".into(), register);
    config.regions = vec![Region {
        code: "990001001".into(),
        name: "示例村".into(),
        parent: String::new(),
        kind: RegionKind::Village,
    }];
    Arc::new(config)
}

fn table() -> RegisterZone {
    let title = "{place} {month}合同（{n} 份）".into();
    let place = "990001001".into();
    RegisterZone { register: "r".into(), place, title, style: sized(40.0), ..RegisterZone::default() }
}

fn row(n: i64, values: Vec<Value>) -> WallRow {
    let row = Row { key: n.to_string(), values, steps: Vec::new() };
    let kept = KeptRow { id: RowId(n), row, last_seen: AT.parse().unwrap(), versions: 1 };
    WallRow { kept, off: None, clocks: None }
}

fn text(words: &str) -> Value {
    Value::Text(words.into())
}

fn lease(n: i64, item: &str, fen: i64, state: &str) -> WallRow {
    row(n, vec![text(item), text("990001001"), Value::Money(fen), text(state)])
}

fn edition(number: u64, zone: &Zone, rows: WallRows) -> Arc<Edition> {
    let mut edition = Edition::new(number, county().notices.clone(), Vec::new());
    edition.walls = [(zone.wall_query().unwrap(), Arc::new(rows))].into();
    Arc::new(edition)
}

fn leases(rows: Vec<WallRow>) -> WallRows {
    WallRows {
        month: "2026-10".parse().ok(),
        count: rows.len() as u64,
        rows,
        sums: vec![Sum { column: 2, now: 123_456_700, before: None }],
        source_title: "示例平台".into(),
        last_ok: AT.parse().ok(),
    }
}

/// The right edges, on the canvas, of words that contain these.
fn ends(scene: &Scene, part: &str) -> Vec<f32> {
    let words = scene.placed.iter().flat_map(|p| p.layer.primitives.iter().map(move |q| (p.x, q)));
    let found = words.filter_map(|(left, q)| match q {
        Primitive::Words { text, x, .. } => {
            let said: String = text.buffer.lines.iter().map(|l| l.text()).collect();
            said.contains(part).then(|| left as f32 + x + text.width)
        }
        _ => None,
    });
    found.collect()
}

#[test]
fn a_table_says_what_its_rows_hold_and_where_they_come_from() {
    let zone = zone(table(), 1200, 800);
    let mut wrong = lease(2, "门面房", 1_200_000, "欠租");
    wrong.off = Some(-500);
    let rows = leases(vec![lease(1, "集体林地承包", 2_400_000, "履行中"), wrong]);
    let mut stage = LedStage::new(0, "led", config(&zone, ledger()));
    let (mut shaper, edition) = (shaper(), edition(1, &zone, rows));
    let scene = stage.scene(&edition, &mut shaper, &moment(0));
    let dump = scene.to_string();
    for said in [
        "“示例村 10 月合同（2 份）”",
        "“标的”",
        "“集体林地承包”",
        "“示例村”",
        "“24,000.00”",
        "“合计”",
        "“1,234,567.00”",
        "“≠ 合计与分项不符 ・ 来源：示例平台 ・ 最后核对 2026-11-23 09:42”",
    ] {
        assert!(dump.contains(said), "{said} is not on\n{dump}");
    }
    // Neither the status nor the mark is told by colour alone.
    assert!(dump.contains("#ff6b5e “欠租”") && dump.contains("#ffffff “履行中”"), "{dump}");
    assert!(dump.contains("#ff6b5e “≠ 12,000.00”"), "{dump}");
    let money = [ends(&scene, "24,000.00"), ends(&scene, "12,000.00"), ends(&scene, "1,234,567.00")].concat();
    assert!(money.len() == 3 && money.iter().all(|x| (x - money[0]).abs() <= 1.0), "{money:?}");
    assert!(ends(&scene, "应收").iter().all(|x| (x - money[0]).abs() <= 1.0), "titles stand over their figures");
    assert!(scene.placed.iter().all(|p| p.layer.notices.is_empty()), "rows are no notices");
    insta::assert_snapshot!("rows", dump);
}

#[test]
fn cases_end_with_their_deadline_what_is_left_of_it_and_their_lamp() {
    let cases = RegisterZone { open_only: true, columns: vec!["item".into()], widths: vec![1.0], ..table() };
    let zone = zone(cases, 1200, 800);
    let register = Register { case: Some(CaseRules::default()), ..ledger() };
    let case = |n, left, lamp| WallRow {
        clocks: Some(Clocks {
            accepted: date(2026, 11, 2),
            promised: Some(date(2026, 11, 26)),
            statutory: None,
            closed: None,
            days_left: Some(left),
            used: 3,
            lamp,
        }),
        ..lease(n, "食品经营许可（新办）", 0, "")
    };
    let rows = vec![case(1, -2, Lamp::Red), case(2, 0, Lamp::Yellow), case(3, 3, Lamp::Green)];
    let rows = WallRows { count: 807, rows, ..WallRows::default() };
    let mut stage = LedStage::new(0, "led", config(&zone, register));
    let dump = stage.scene(&edition(1, &zone, rows), &mut shaper(), &moment(0)).to_string();
    for said in ["“11-26”", "“超 2 天”", "“今日”", "“剩 3 天”", "“▲”", "“共 807 条，显示 3 条”", "“剩余”"]
    {
        assert!(dump.contains(said), "{said} is not on\n{dump}");
    }
}

#[test]
fn pages_turn_and_a_new_edition_changes_only_what_differs() {
    let list = ListStyle { rows: 2, dwell_seconds: 5.0, ..ListStyle::default() };
    let zone = zone(RegisterZone { list, ..table() }, 900, 600);
    let some = |salt: i64| leases((0..5).map(|n| lease(n, &format!("标的{}", n + salt), 100 * n, "履行中")).collect());
    let mut stage = LedStage::new(0, "led", config(&zone, ledger()));
    let mut shaper = shaper();
    let (first, same, other) = (edition(1, &zone, some(0)), edition(2, &zone, some(0)), edition(3, &zone, some(5)));
    let scene = stage.scene(&first, &mut shaper, &moment(0));
    assert!(scene.to_string().contains("“1/3”") && scene.to_string().contains("标的1"), "{scene}");
    let next = stage.due(&moment(0)).expect("the page turns");
    assert_eq!(next.at.as_secs(), 5);
    stage.refresh(&same);
    let again = stage.scene(&same, &mut shaper, &moment(10));
    assert!(scene.placed.iter().zip(&again.placed).all(|(a, b)| Arc::ptr_eq(&a.layer, &b.layer)), "nothing is rebuilt");
    let turned = stage.scene(&same, &mut shaper, &moment(300)).to_string();
    assert!(turned.contains("“2/3”") && turned.contains("标的2") && !turned.contains("标的1"), "{turned}");
    stage.refresh(&other);
    let changed = stage.scene(&other, &mut shaper, &moment(310)).to_string();
    assert!(changed.contains("标的7") && changed.contains("“2/3”"), "{changed}");
}

#[test]
fn a_figure_is_never_cut_and_a_small_wall_shows_rows_alone() {
    let narrow = zone(table(), 420, 500);
    let rows = || leases(vec![lease(1, "一个名称很长很长的出租发包合同标的", 123_456_789_012, "履行中")]);
    let mut shaper = shaper();
    let mut stage = LedStage::new(0, "led", config(&narrow, ledger()));
    let scene = stage.scene(&edition(1, &narrow, rows()), &mut shaper, &moment(0)).to_string();
    assert!(scene.contains("“1,234,567,890.12”"), "{scene}");
    let small = zone(RegisterZone { style: sized(24.0), ..table() }, 288, 144);
    let mut stage = LedStage::new(0, "led", config(&small, ledger()));
    let scene = stage.scene(&edition(1, &small, rows()), &mut shaper, &moment(0)).to_string();
    assert!(!scene.contains("来源") && !scene.contains("“标的”"), "{scene}");
    let empty = edition(1, &small, WallRows::default());
    stage.refresh(&empty);
    let card = stage.scene(&empty, &mut shaper, &moment(1)).to_string();
    assert!(!card.contains("履行中"), "{card}");
}

#[test]
fn words_fill_in_the_sums_of_the_newest_month_and_follow_the_edition() {
    let text = TextZone {
        register: "r".into(),
        place: "990001001".into(),
        text: "{place} {m} 月应收 {due} 元，{n} 份".into(),
        style: sized(30.0),
        ..TextZone::default()
    };
    let zone = zone(text, 1200, 100);
    let mut stage = LedStage::new(0, "led", config(&zone, ledger()));
    let mut shaper = shaper();
    let rows = leases(vec![lease(1, "门面房", 1_200_000, "履行中")]);
    let first = stage.scene(&edition(1, &zone, rows.clone()), &mut shaper, &moment(0)).to_string();
    assert!(first.contains("“示例村 10 月应收 1,234,567.00 元，1 份”"), "{first}");
    let grown = WallRows { sums: vec![Sum { column: 2, now: 100, before: None }], ..rows };
    let grown = edition(2, &zone, grown);
    stage.refresh(&grown);
    let next = stage.scene(&grown, &mut shaper, &moment(1)).to_string();
    assert!(next.contains("应收 1.00 元"), "{next}");
    let none = edition(3, &zone, WallRows::default());
    stage.refresh(&none);
    assert!(!stage.scene(&none, &mut shaper, &moment(2)).to_string().contains("应收"), "nothing is said of no rows");
}
