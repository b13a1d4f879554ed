//! What registers and cases cost at a county's size.
//!
//! `cargo bench --bench registers` loads a small county; `-- --rows 1500000 --cases 300000` the whole one, and `--keep DIR`
//! leaves the store there. Prints rows a second, bytes a row, and how long each kind of question takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

#[path = "common/dice.rs"]
mod dice;

use dice::Dice;
use gongshi::{
    config::{Agree, Balance, CaseRules, Column, ColumnKind, Config, Feed, Holiday, Region, RegionKind, Register},
    edition::{Query, Response, TableQuery},
    feeds::{Harvest, HarvestOutcome, Validators},
    model::{Month, Row, Step, Value},
    store::Store,
    time::{
        Clock, SystemClock, Timestamp,
        civil::{Date, date},
        processor_time,
    },
};
use std::{hint::black_box, path::Path, time::Duration};

const TOWNSHIPS: usize = 48;
const VILLAGES: usize = 522;
const UNITS: usize = 41;
const MONTHS: i32 = 60;
const TODAY: Date = date(2026, 11, 23);

fn column(id: &str, kind: ColumnKind, sum: bool) -> Column {
    Column { id: id.into(), title: id.into(), kind, sum, ..Column::default() }
}

fn money() -> Register {
    use ColumnKind as K;
    let text = |words: &str| words.to_owned();
    Register {
        title: "村级资金账".into(),
        key: vec![text("voucher")],
        label: "summary".into(),
        place: "village".into(),
        period: "day".into(),
        column: vec![
            column("voucher", K::Code, false),
            column("village", K::Place, false),
            column("day", K::Date, false),
            column("summary", K::Text, false),
            column("income", K::Money, true),
            column("expense", K::Money, true),
            column("balance", K::Money, false),
            column("cash", K::Money, false),
            column("bank", K::Money, false),
            column("handler", K::Person, false),
            column("pictures", K::Picture, false),
        ],
        balance: Some(Balance { income: text("income"), expense: text("expense"), balance: text("balance") }),
        agree: vec![Agree { total: text("balance"), parts: vec![text("cash"), text("bank")] }],
        ..Register::default()
    }
}

fn approvals() -> Register {
    use ColumnKind as K;
    Register {
        title: "办件".into(),
        key: vec!["receipt".into()],
        label: "item".into(),
        period: "accepted".into(),
        unit: "unit".into(),
        column: vec![
            column("receipt", K::Code, false),
            column("item", K::Text, false),
            column("applicant", K::Person, false),
            column("unit", K::Unit, false),
            column("accepted", K::Date, false),
            column("closed", K::Date, false),
            column("promised", K::Quantity, false),
            column("law", K::Quantity, false),
            column("result", K::Status, false),
        ],
        case: Some(CaseRules {
            accepted: "accepted".into(),
            closed: "closed".into(),
            promised_days: "promised".into(),
            statutory_days: "law".into(),
            pauses: vec!["核查".into()],
            ..CaseRules::default()
        }),
        ..Register::default()
    }
}

fn township(n: usize) -> String {
    format!("9900{:02}", n % TOWNSHIPS)
}

fn village(n: usize) -> String {
    format!("{}{:03}", township(n), n / TOWNSHIPS + 1)
}

fn config() -> Config {
    let mut config = Config::default();
    let region = |code: String, parent: String, kind| Region { name: format!("示例{code}"), code, parent, kind };
    config.regions.push(region("990000".into(), String::new(), RegionKind::County));
    config.regions.extend((0..TOWNSHIPS).map(|n| region(township(n), "990000".into(), RegionKind::Township)));
    config.regions.extend((0..VILLAGES).map(|n| region(village(n), township(n), RegionKind::Village)));
    // The first township's code is the county's, which has none of its own.
    config.regions.retain(|r| r.code != r.parent);
    config.registers.insert("village-money".into(), money());
    config.registers.insert("approvals".into(), approvals());
    for year in 2021..=2026i16 {
        for (month, days) in [(1, 3), (5, 5), (10, 7)] {
            let from = date(year, month, 1);
            config.calendar.holiday.push(Holiday { name: "假".into(), from, until: date(year, month, days) });
        }
    }
    config
}

fn harvest(feed: &str, register: &str, second: i64, rows: Vec<Row>) -> Harvest {
    Harvest {
        feed: feed.into(),
        title: "农村集体三资管理平台".into(),
        at: Timestamp::from_second(1_795_000_000 + second).unwrap(),
        outcome: HarvestOutcome::Rows { register: register.into(), rows, whole: true, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}

/// One township's vouchers of one year: one file.
fn vouchers(town: usize, year: i32, each: u64, dice: &mut Dice) -> Vec<Row> {
    let words = ["集体林地承包费", "村道维修材料款", "上级转移支付", "公益性岗位补贴", "办公用电", "水渠清淤人工费"];
    let mut rows = Vec::new();
    for n in (0..VILLAGES).filter(|n| n % TOWNSHIPS == town) {
        let mut balance = 30_000_000i64;
        for month in 0..12 {
            let month = Month::new(2021, 12).unwrap().plus(year * 12 + month);
            for voucher in 0..each {
                let amount = 1_000 + dice.below(3_000_000) as i64;
                let income = dice.below(2) == 0;
                balance += if income { amount } else { -amount };
                let day = 1 + (voucher * 27 / each.max(1)) as i8;
                let key = format!("{}-{month}-{voucher:03}", village(n));
                let text = |t: &str| Value::Text(t.into());
                let picture = format!("vouchers/{}/{month}/{voucher:03}.jpg", village(n));
                let values = vec![
                    text(&key),
                    text(&village(n)),
                    Value::Date(date(month.year(), month.month(), day)),
                    text(dice.of::<&str>(&words)),
                    if income { Value::Money(amount) } else { Value::Empty },
                    if income { Value::Empty } else { Value::Money(amount) },
                    Value::Money(balance),
                    Value::Money(balance / 3),
                    Value::Money(balance - balance / 3),
                    text("示例某"),
                    if dice.below(3) == 0 { Value::Pictures(vec![picture]) } else { Value::Empty },
                ];
                rows.push(Row { key, values, steps: Vec::new() });
            }
        }
    }
    rows
}

fn receipt(n: u64) -> String {
    format!("SL2026{n:08}")
}

/// Cases from `from` on: one file.
fn cases(from: u64, count: u64, all: u64, dice: &mut Dice) -> Vec<Row> {
    let days = jiff::Span::new();
    (from..from + count)
        .map(|n| {
            let ago = ((all - n) * 1_800 / all) as i64;
            let accepted = TODAY.checked_sub(days.days(ago)).unwrap();
            let took = 3 + dice.below(20) as i64;
            let end = accepted.checked_add(days.days(took)).unwrap();
            let closed = (end <= TODAY).then_some(end);
            let step = |name: &str, from: Date, until: Option<Date>, note: &str| Step {
                name: name.into(),
                from: Some(from.at(9, 30, 0, 0)),
                until: until.map(|d| d.at(16, 0, 0, 0)),
                pause: false,
                note: note.into(),
            };
            let middle = accepted.checked_add(days.days(took / 2)).unwrap();
            let steps = vec![
                step("受理", accepted, Some(accepted), "材料齐全，当场受理"),
                step("审查", accepted, Some(middle), "资料审查通过"),
                step("现场核查", middle, Some(middle), ""),
                step("决定", middle, closed, "办理中"),
            ];
            let text = |t: &str| Value::Text(t.into());
            let values = vec![
                text(&receipt(n)),
                text("食品经营许可（新办）"),
                text("示例公司"),
                text(&format!("示例{}局", n % UNITS as u64)),
                Value::Date(accepted),
                closed.map_or(Value::Empty, Value::Date),
                Value::Quantity(100_000),
                Value::Quantity(200_000),
                text(if closed.is_some() { "已办结" } else { "办理中" }),
            ];
            Row { key: receipt(n), values, steps }
        })
        .collect()
}

/// How long something took, and how much of that this thread was at work: on a busy machine the rest is waiting.
#[derive(Clone, Copy, Default)]
struct Spent {
    wall: Duration,
    own: Duration,
}

impl std::fmt::Debug for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2?} (processor {:.2?})", self.wall, self.own)
    }
}

impl std::ops::AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.own += other.own;
    }
}

fn spent<T>(clock: &SystemClock, work: impl FnOnce() -> T) -> (T, Spent) {
    let start = (clock.monotonic(), processor_time());
    let done = work();
    let own = processor_time().saturating_sub(start.1);
    (done, Spent { wall: clock.monotonic().saturating_sub(start.0), own })
}

fn spread(clock: &SystemClock, name: &str, times: usize, mut work: impl FnMut(usize)) {
    let all: Vec<Spent> = (0..times).map(|n| spent(clock, || work(n)).1).collect();
    for (what, mut all) in
        [("", all.iter().map(|s| s.wall).collect::<Vec<_>>()), ("processor", all.iter().map(|s| s.own).collect())]
    {
        all.sort_unstable();
        let at = |share: usize| all[(times - 1) * share / 100];
        let name = if what.is_empty() { name } else { "" };
        println!("{name:32}{what:>10} p50 {:>10.3?} p99 {:>10.3?} max {:>10.3?}", at(50), at(99), at(100));
    }
}

fn size(dir: &Path) -> u64 {
    std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum()
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("VmHWM unknown").to_owned()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let told = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let number = |name: &str, by_default: u64| told(name).map_or(by_default, |n| n.parse().unwrap());
    let (rows, all_cases) = (number("--rows", 60_000), number("--cases", 20_000).max(1));
    let clock = SystemClock::default();
    let temporary = tempfile::tempdir().unwrap();
    let dir = told("--keep").map_or(temporary.path(), |d| Path::new(d.as_str()));
    let mut config = config();
    let each = (rows / (VILLAGES as u64 * MONTHS as u64)).max(1);
    for town in 0..TOWNSHIPS {
        for year in 0..MONTHS / 12 {
            let feed = Feed { register: "village-money".into(), ..Feed::default() };
            config.feeds.insert(format!("money-{town}-{year}"), feed);
        }
    }
    config.feeds.insert("cases".into(), Feed { register: "approvals".into(), ..Feed::default() });
    load(&clock, dir, &config, each, all_cases);
    ask(&clock, dir, &config, all_cases);
    println!("{}", peak());
}

fn load(clock: &SystemClock, dir: &Path, config: &Config, each: u64, all_cases: u64) {
    let mut store = Store::open(dir).unwrap();
    let mut dice = Dice::new(1);
    let (mut taken, mut time) = (0usize, Spent::default());
    for year in 0..MONTHS / 12 {
        for town in 0..TOWNSHIPS {
            let rows = vouchers(town, year, each, &mut dice);
            let one = harvest(&format!("money-{town}-{year}"), "village-money", 0, rows);
            let (done, spent) = spent(clock, || store.ingest_with(&one, config).unwrap());
            taken += done.new;
            time += spent;
        }
    }
    let rate = |count: usize, time: Spent| {
        let per = |t: Duration| count as f64 / t.as_secs_f64();
        format!("{:.0} rows/s (processor {:.0})", per(time.wall), per(time.own))
    };
    println!("{taken} ledger rows in {time:?}: {}", rate(taken, time));
    drop(store);
    let ledger = size(dir);
    println!("{ledger} bytes, {} a ledger row", ledger / taken.max(1) as u64);
    let mut store = Store::open(dir).unwrap();
    let (mut cases_taken, mut time) = (0, Spent::default());
    let file = 60_000.min(all_cases);
    for from in (0..all_cases).step_by(file as usize) {
        let rows = cases(from, file.min(all_cases - from), all_cases, &mut dice);
        let mut one = harvest("cases", "approvals", from as i64, rows);
        if let HarvestOutcome::Rows { whole, .. } = &mut one.outcome {
            *whole = false;
        }
        let (done, spent) = spent(clock, || store.ingest_with(&one, config).unwrap());
        cases_taken += done.new;
        time += spent;
    }
    println!("{cases_taken} cases in {time:?}: {}", rate(cases_taken, time));
    let again = vouchers(3, 1, each, &mut Dice::new(77));
    let changed = harvest("money-3-1", "village-money", 1, again.clone());
    let (done, spent_on) = spent(clock, || store.ingest_with(&changed, config).unwrap());
    println!("one file changed: {done:?}, {}", rate(done.changed, spent_on));
    let same = harvest("money-3-1", "village-money", 2, again);
    let (done, spent_on) = spent(clock, || store.ingest_with(&same, config).unwrap());
    println!("the same again: {done:?}, {}", rate(done.same, spent_on));
    drop(store);
    println!("{} bytes, {} a case", size(dir), (size(dir) - ledger) / cases_taken.max(1) as u64);
}

fn ask(clock: &SystemClock, dir: &Path, config: &Config, all_cases: u64) {
    let (store, opened) = spent(clock, || Store::open(dir).unwrap());
    println!("open {opened:?}");
    let mut dice = Dice::new(5);
    let table = |place: String, period| {
        let query = TableQuery { register: "village-money".into(), place, period };
        match store.answer(&Query::Table(query), config, TODAY).unwrap() {
            Response::Table(table) => {
                assert!(table.count > 0)
            }
            other => panic!("{other:?}"),
        }
    };
    let month = |dice: &mut Dice| Some(Month::new(2021, 12).unwrap().plus(dice.below(MONTHS as usize) as i32));
    let last = VILLAGES - 1;
    spread(clock, "first edition with heads, totals", 1, |_| drop(black_box(store.edition_on(1, config, TODAY))));
    spread(clock, "edition with heads, totals", 20, |_| drop(black_box(store.edition_on(1, config, TODAY))));
    spread(clock, "village, a month", 2_000, |_| {
        let place = village(1 + dice.below(last));
        table(place, month(&mut dice));
    });
    spread(clock, "village, newest month", 1_000, |_| table(village(1 + dice.below(last)), None));
    spread(clock, "township, a month", 200, |_| {
        let place = township(1 + dice.below(TOWNSHIPS - 1));
        table(place, month(&mut dice));
    });
    spread(clock, "county, a month", 60, |_| table("990000".into(), month(&mut dice)));
    spread(clock, "case by receipt", 2_000, |_| {
        let typed = receipt(dice.below(all_cases as usize) as u64).to_lowercase();
        let told = store.answer(&Query::Case(typed.into()), config, TODAY).unwrap();
        assert!(matches!(told, Response::Case(_)), "{told:?}");
    });
    spread(clock, "unit totals, today", 50, |_| drop(black_box(store.unit_totals("approvals", TODAY, TODAY).unwrap())));
    spread(clock, "unit totals, a month", 60, |_| {
        let month = month(&mut dice).unwrap();
        drop(black_box(store.unit_totals("approvals", month.first_day(), month.last_day()).unwrap()));
    });
    drop(store);
    let mut store = Store::open(dir).unwrap();
    let mut changed = config.clone();
    changed.calendar.holiday.push(Holiday { name: "改".into(), from: TODAY, until: TODAY });
    let (made, spent_on) = spent(clock, || store.rebuild_derived(&changed).unwrap());
    println!("a changed calendar: {made} cases counted anew in {spent_on:?}");
    let (made, spent_on) = spent(clock, || store.rebuild_derived(&changed).unwrap());
    println!("nothing changed: {made} in {spent_on:?}");
}
