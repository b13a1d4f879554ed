//! Registers, cases and hits of the plainly fictional county.

use gongshi::{
    config::{Accent, Agree, Balance, CaseRules, Column, ColumnKind, Config, Region, RegionKind, Register, StatusWord},
    edition::{BalanceState, CaseFile, Edition, Flow, Query, RegisterHead, Response, RowFile, Sum, Table, TableQuery},
    model::{Clocks, KeptRow, Lamp, Month, NoticeId, Row, RowId, Step, UnitTotals, Value},
    search::{Facets, SearchHit, SearchItem, SearchQuery, SearchResults},
    time::Timestamp,
};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// The receipt number that is found.
pub const RECEIPT: &str = "SL202611090037";

fn column(id: &str, title: &str, kind: ColumnKind) -> Column {
    Column { id: id.into(), title: title.into(), kind, ..Column::default() }
}

fn money_register() -> Register {
    let detail = |c: Column| Column { detail: true, ..c };
    let sum = |c: Column| Column { sum: true, ..c };
    Register {
        title: "村级资金账".into(),
        catalogue: "village.money".into(),
        key: vec!["voucher".into()],
        label: "item".into(),
        place: "village".into(),
        period: "day".into(),
        column: vec![
            column("village", "村", ColumnKind::Place),
            column("day", "日期", ColumnKind::Date),
            column("item", "摘要", ColumnKind::Text),
            sum(column("income", "收入", ColumnKind::Money)),
            sum(column("expense", "支出", ColumnKind::Money)),
            detail(column("balance", "结余", ColumnKind::Money)),
            column("pictures", "凭证", ColumnKind::Picture),
            detail(column("voucher", "凭证号", ColumnKind::Code)),
            detail(column("person", "经手人", ColumnKind::Person)),
        ],
        balance: Some(Balance { income: "income".into(), expense: "expense".into(), balance: "balance".into() }),
        ..Register::default()
    }
}

fn grants_register() -> Register {
    let word = |word: &str, colour| StatusWord { word: word.into(), colour };
    let mut status = column("state", "状态", ColumnKind::Status);
    status.status = vec![word("已发放", Accent::Green), word("公示中", Accent::Amber)];
    let mut area = column("area", "面积", ColumnKind::Quantity);
    area.unit = "亩".into();
    Register {
        title: "惠农补贴发放".into(),
        catalogue: "village".into(),
        key: vec!["number".into()],
        label: "household".into(),
        place: "village".into(),
        period: "month".into(),
        unit: "unit".into(),
        column: vec![
            column("household", "户主", ColumnKind::Person),
            column("village", "村", ColumnKind::Place),
            column("month", "月份", ColumnKind::Month),
            column("kind", "补贴项目", ColumnKind::Text),
            Column { sum: true, ..area },
            column("central", "中央资金", ColumnKind::Money),
            column("local", "县级资金", ColumnKind::Money),
            Column { sum: true, ..column("total", "合计", ColumnKind::Money) },
            column("unit", "发放单位", ColumnKind::Unit),
            status,
            column("number", "发放编号", ColumnKind::Code),
        ],
        agree: vec![Agree { total: "total".into(), parts: vec!["central".into(), "local".into()] }],
        ..Register::default()
    }
}

fn case_register() -> Register {
    Register {
        title: "行政审批办件".into(),
        catalogue: "case".into(),
        key: vec!["receipt".into()],
        label: "item".into(),
        unit: "unit".into(),
        column: vec![
            column("receipt", "受理编号", ColumnKind::Code),
            column("item", "事项", ColumnKind::Text),
            column("unit", "承办单位", ColumnKind::Unit),
            column("accepted", "受理日期", ColumnKind::Date),
            column("closed", "办结日期", ColumnKind::Date),
            column("promised", "承诺工作日", ColumnKind::Quantity),
            column("statutory", "法定工作日", ColumnKind::Quantity),
        ],
        case: Some(CaseRules {
            accepted: "accepted".into(),
            closed: "closed".into(),
            promised_days: "promised".into(),
            statutory_days: "statutory".into(),
            pauses: vec!["核查".into()],
            ..CaseRules::default()
        }),
        ..Register::default()
    }
}

/// Adds regions and registers to a config.
pub fn add(config: &mut Config) {
    let region = |code: String, name: String, parent: &str, kind| Region { code, name, parent: parent.into(), kind };
    config.site.place = "示例县".into();
    config.regions = vec![region("99".into(), "示例县".into(), "", RegionKind::County)];
    for town in 1..=48 {
        let code = format!("99{town:02}");
        let name = if town == 1 { "示例镇".to_owned() } else { format!("示例{town}镇") };
        config.regions.push(region(code.clone(), name, "99", RegionKind::Township));
        for village in 1..=11 {
            let name = if village == 1 { "示例村".to_owned() } else { format!("示例{village}村（社区）") };
            config.regions.push(region(format!("{code}{village:02}"), name, &code, RegionKind::Village));
        }
    }
    config.registers.insert("village-money".into(), money_register());
    config.registers.insert("grants".into(), grants_register());
    config.registers.insert("approvals".into(), case_register());
}

/// Adds what an edition says of them.
pub fn add_heads(edition: &mut Edition) {
    let newest = Month::new(2026, 10);
    edition.registers.insert("village-money".into(), RegisterHead { rows: 1_204_318, newest });
    edition.registers.insert("grants".into(), RegisterHead { rows: 88_204, newest });
    edition.registers.insert("approvals".into(), RegisterHead { rows: 300_112, newest: None });
    edition.totals = totals();
}

/// How units stand today.
pub fn totals() -> Vec<UnitTotals> {
    let units = [
        ("市场监督管理局", 126, 0, 0),
        ("自然资源局", 84, 0, 0),
        ("人力资源社会保障局", 79, 0, 0),
        ("住房城乡建设局", 61, 2, 0),
        ("民政局", 58, 0, 0),
        ("农业农村局", 47, 0, 0),
        ("交通运输局", 33, 0, 1),
    ];
    let more = (0..34).map(|n| (format!("示例{n}局"), 30 - n.min(29), 0, 0));
    let units = units.map(|(u, n, w, l)| (u.to_owned(), n, w, l)).into_iter().chain(more);
    units
        .map(|(unit, in_hand, warned, late)| UnitTotals {
            unit,
            in_hand,
            accepted: in_hand / 9,
            warned,
            late,
            ..UnitTotals::default()
        })
        .collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn kept(id: i64, values: Vec<Value>, steps: Vec<Step>) -> KeptRow {
    let row = Row { key: format!("K{id}"), values, steps };
    KeptRow { id: RowId(id), row, last_seen: at("2026-11-23T09:30:00+08:00"), versions: 1 }
}

fn text(words: &str) -> Value {
    Value::Text(words.into())
}

fn money_row(id: i64, village: &str) -> KeptRow {
    let rows = [
        ("2026-10-03", "集体林地承包费", 2_400_000, 0, 1),
        ("2026-10-08", "村道维修材料款", 0, 1_826_000, 3),
        ("2026-10-12", "上级转移支付", 6_000_000, 0, 1),
        ("2026-10-15", "公益性岗位补贴", 0, 2_160_000, 2),
        ("2026-10-27", "办公用电", 0, 184_650, 1),
    ];
    let (day, item, income, expense, pictures) = rows[usize::try_from((id - 1).rem_euclid(5)).unwrap()];
    let money = |n: i64| if n == 0 { Value::Empty } else { Value::Money(n) };
    let pictures = (1..=pictures).map(|n| format!("https://example.invalid/v/{id}-{n}.jpg")).collect();
    let values = vec![
        text(village),
        Value::Date(day.parse().unwrap()),
        text(item),
        money(income),
        money(expense),
        Value::Money(31_211_875),
        Value::Pictures(pictures),
        text(&format!("记-2026-10-{id:03}")),
        text("示例某"),
    ];
    kept(id, values, Vec::new())
}

fn grant_row(id: i64, village: &str) -> KeptRow {
    let off = if id == 3 { 12_000 } else { 0 };
    let values = vec![
        text("示例某某"),
        text(village),
        Value::Month(Month::new(2026, 10).unwrap()),
        text("耕地地力保护补贴"),
        Value::Quantity(45_000 + id * 1_000),
        Value::Money(38_250),
        Value::Money(4_500),
        Value::Money(42_750 + off),
        text("示例县农业农村局"),
        text(if id % 3 == 0 { "公示中" } else { "已发放" }),
        text(&format!("BT2026-{id:06}")),
    ];
    kept(id, values, Vec::new())
}

/// A table as the store might answer; `count` rows of it.
pub fn table(query: &TableQuery, count: i64) -> Table {
    let is_money = query.register == "village-money";
    let digits = query.place.trim_start_matches("99").len();
    let below = match digits {
        0 => (1..=48).map(|t| (format!("99{t:02}"), 2_000 + t)).collect(),
        2 => (1..=11).map(|v| (format!("{}{v:02}", query.place), 20 + v)).collect(),
        _ => Vec::new(),
    };
    let period = query.period.or(Month::new(2026, 10));
    let flow = if is_money {
        let pairs = [50, 60, 40, 70, 45, 80, 55, 62, 44, 72, 58, 84];
        let month = |i: i32| period.unwrap().plus(i - 11);
        let flow = |(i, n): (i32, &i64)| Flow { month: month(i), income: n * 100_000, expense: n * 61_000 };
        let mut all: Vec<Flow> = (0..).zip(&pairs).map(flow).collect();
        *all.last_mut().unwrap() = Flow { month: period.unwrap(), income: 8_400_000, expense: 4_170_650 };
        all
    } else {
        Vec::new()
    };
    let is_ledger = is_money && below.is_empty();
    let off = if query.place == "990102" { 12_000 } else { 0 };
    let village = if digits >= 4 { query.place.as_str() } else { "990101" };
    let rows = (1..=count).map(|id| if is_money { money_row(id, village) } else { grant_row(id, village) }).collect();
    let sums = if is_money {
        vec![Sum { column: 3, now: 8_400_000, before: Some(7_200_000) }]
    } else {
        vec![
            Sum { column: 4, now: 12_045_000, before: None },
            Sum { column: 7, now: 4_275_000 * count, before: Some(4_000_000 * count) },
        ]
    };
    Table {
        query: TableQuery { period, ..query.clone() },
        rows,
        count: u64::try_from(count).unwrap(),
        months: (0..40).filter_map(|n| Some(Month::new(2026, 10)?.plus(-n))).collect(),
        below,
        sums,
        flow,
        balance: is_ledger.then_some(BalanceState { opening: Some(26_982_525), closing: 31_211_875, off }),
        disagree: if is_money { Vec::new() } else { vec![(RowId(3), 12_000)] },
        source_title: "农村集体三资管理平台".into(),
        last_ok: Some(at("2026-11-08T16:20:00+08:00")),
    }
}

fn row_file(register: &str, kept: KeptRow) -> RowFile {
    let mut older = kept.row.clone();
    if let Some(value) = older.values.get_mut(4) {
        *value = Value::Money(2_000_000);
    }
    RowFile {
        register: register.into(),
        kept,
        before: vec![(at("2026-10-20T10:00:00+08:00"), older)],
        notices: [1, 2].map(|id| Arc::new(super::fixture::head(id))).into(),
        source: "https://example.invalid/money".into(),
        source_title: "农村集体三资管理平台".into(),
        digest: format!("4f1c{}a92e", "0".repeat(56)),
        feed: "village-money".into(),
        pictures: HashMap::new(),
        is_settled: false,
    }
}

/// A case like the design's, its lamp as wanted.
pub fn case(lamp: Lamp, closed: bool) -> CaseFile {
    let step = |name: &str, from: Option<&str>, until: Option<&str>, note: &str| Step {
        name: name.into(),
        from: from.map(|t| t.parse().unwrap()),
        until: until.map(|t| t.parse().unwrap()),
        pause: false,
        note: note.into(),
    };
    let steps = vec![
        step("受理", Some("2026-11-09T09:50:00"), Some("2026-11-09T10:12:00"), "材料齐全，当场受理 ・ 综合窗口 3 号"),
        step("审查", Some("2026-11-09T10:12:00"), Some("2026-11-12T15:40:00"), "资料审查通过"),
        step("现场核查", Some("2026-11-16T00:00:00"), Some("2026-11-18T00:00:00"), "用时 2 个工作日"),
        step("决定", Some("2026-11-19T08:30:00"), None, "办理中，承办人：审批股"),
        step("制证与送达", None, None, "可邮寄或到窗口领取"),
    ];
    let date = |d: &str| Some(d.parse().unwrap());
    let values = vec![
        text(RECEIPT),
        text("食品经营许可（新办）"),
        text("市场监督管理局 ・ 审批股"),
        Value::Date("2026-11-09".parse().unwrap()),
        Value::Empty,
        Value::Quantity(100_000),
        Value::Quantity(200_000),
    ];
    let days_left = match lamp {
        Lamp::Green => 3,
        Lamp::Yellow => 1,
        Lamp::Red => -4,
    };
    let clocks = Clocks {
        accepted: "2026-11-09".parse().unwrap(),
        promised: date("2026-11-26"),
        statutory: date("2026-12-09"),
        closed: if closed { date("2026-11-20") } else { None },
        days_left: Some(days_left),
        used: 7,
        lamp,
    };
    CaseFile { file: row_file("approvals", kept(900, values, steps)), clocks }
}

/// What a search finds: 214 hits, a batch at a time.
pub fn found(query: &SearchQuery) -> SearchResults {
    let all = [
        ("示例镇 2026 年第三季度财务公开", "示例镇人民政府", "village", "2026-10-12", "财务公开"),
        ("县财政局部门决算与财务公开目录", "县财政局", "gov.policy", "2026-09-30", "财务公开"),
        ("示例村 10 月财务公开表", "示例村村务监督委员会", "village.money", "2026-11-08", "财务公开"),
        ("关于规范村务公开栏目的通知", "县民政局", "gov.policy", "2026-08-17", "村务公开"),
    ];
    let total = if query.text.as_str() == "zzz" { 0 } else { 214 };
    let hits = (query.offset..total).take(query.limit).map(|i| {
        let (title, unit, catalogue, day, mark) = all[i % 4];
        let start = title.find(mark).unwrap();
        let id = i64::try_from(i).unwrap();
        let item = match i % 4 {
            0 | 1 => SearchItem::Notice(NoticeId(id % 5 + 1)),
            2 => SearchItem::Row(RowId(id)),
            _ => SearchItem::Case(RECEIPT.into()),
        };
        let snippet = if i % 4 == 3 {
            "各乡镇应当在每月十日前把上月财务公开表张贴在村务公开栏，并接受村民查询"
        } else {
            ""
        };
        SearchHit {
            item,
            title: title.into(),
            marks: std::iter::once(start..start + mark.len()).collect(),
            snippet: snippet.into(),
            snippet_marks: snippet.find("财务公开").map(|s| s..s + 12).into_iter().collect(),
            catalogue: catalogue.into(),
            unit: unit.into(),
            place: "9901".into(),
            day: Some(day.parse().unwrap()),
        }
    });
    let count = |n: usize| if total == 0 { 0 } else { n };
    let facets = Facets {
        catalogues: [("village", 120), ("village.money", 99), ("gov", 94), ("gov.policy", 94)]
            .map(|(id, n)| (id.to_owned(), count(n)))
            .into(),
        units: vec![("县财政局".into(), count(60))],
        places: (1..=20).map(|t| (format!("99{t:02}"), count(30 - t))).collect(),
        years: vec![(2026, count(150)), (2025, count(64))],
    };
    let facets = if total == 0 { Facets::default() } else { facets };
    SearchResults {
        query: query.clone(),
        hits: hits.collect(),
        total,
        facets,
        took: Duration::from_micros(6_200),
        partial: false,
    }
}

/// The answer to a question about any of these; `rows`: how many rows a table has.
pub fn response(query: &Query, rows: i64) -> Response {
    match query {
        Query::Table(query) => Response::Table(Arc::new(table(query, rows))),
        Query::Row(id) => Response::Row(Arc::new(row_file("village-money", money_row(id.0.max(1), "990101")))),
        Query::Case(receipt) if receipt.as_str() == RECEIPT => Response::Case(Arc::new(case(Lamp::Green, false))),
        Query::Case(_) | Query::Notice(_) | Query::List(..) | Query::Months(..) => Response::Nothing,
        Query::Search(query) => Response::Found(Arc::new(found(query))),
    }
}
