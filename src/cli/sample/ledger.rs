//! The ledgers of the sample county's villages: every voucher of every month, each with the balance after it.

use super::{
    county::Village,
    files::{FILES, LEDGER},
    names,
    plan::{Plan, cents},
    rng::Rng,
    sink::Made,
};
use crate::model::Month;
use jiff::ToSpan;
use std::collections::HashMap;

/// What comes in: words, the months in which it does (from 1, both included; the span may pass the year's end), and
/// how much of the whole it is.
const INCOME: [(&str, (i8, i8), u32); 12] = [
    ("上级转移支付", (1, 12), 40),
    ("集体林地承包费", (10, 3), 16),
    ("机动地流转收入", (9, 12), 14),
    ("门面房租金", (1, 12), 12),
    ("光伏发电收入", (3, 10), 10),
    ("水面承包费", (11, 2), 9),
    ("存款利息", (3, 12), 1),
    ("集体建设用地租金", (1, 12), 8),
    ("农机作业收入", (4, 10), 5),
    ("合作社分红", (12, 2), 12),
    ("项目管理费", (3, 11), 6),
    ("社会捐赠", (1, 12), 3),
];

/// What goes out, likewise.
const EXPENSE: [(&str, (i8, i8), u32); 20] = [
    ("村道维修材料款", (3, 11), 14),
    ("公益性岗位补贴", (1, 12), 12),
    ("办公用电", (1, 12), 2),
    ("垃圾清运费", (1, 12), 6),
    ("水渠清淤", (2, 5), 7),
    ("路灯维护", (1, 12), 3),
    ("慰问困难户", (12, 2), 5),
    ("防汛物资", (5, 8), 6),
    ("森林防火巡护", (10, 4), 5),
    ("办公用品", (1, 12), 1),
    ("村干部误工补助", (1, 12), 8),
    ("文化活动支出", (1, 12), 3),
    ("环境整治人工费", (1, 12), 7),
    ("饮水管网维修", (1, 12), 5),
    ("考上大学奖励", (7, 9), 4),
    ("土地流转费兑付", (9, 12), 12),
    ("党报党刊订阅", (10, 12), 2),
    ("会议及培训费", (1, 12), 2),
    ("绿化苗木款", (2, 4), 4),
    ("设备折旧更新", (1, 12), 6),
];

/// How much goes through a village's books in a month, in thousandths of the usual; January first.
const SEASON: [u32; 12] = [1150, 700, 880, 950, 960, 1000, 940, 930, 1020, 1080, 1120, 1400];

/// One line of a village's ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voucher {
    day: u32,
    words: &'static str,
    /// In fen; income where positive, else expense.
    pub amount: i64,
}

/// The ledgers of all villages and years, one feed a year.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    const TITLES: [&str; 10] = ["村", "日期", "摘要", "收入", "支出", "结余", "凭证号", "凭证", "经办人", "审核日期"];
    let mut made = Made::default();
    let mut balances: Vec<i64> = (0..).zip(&plan.county.villages).map(|(i, v)| opening(plan, i, v)).collect();
    for year in 0..plan.years {
        let name = format!("village-ledger-{}", year + 1);
        let mut table = plan.table(&name, &TITLES)?;
        for (i, (village, balance)) in (0..).zip(plan.county.villages.iter().zip(&mut balances)) {
            let handler = names::person(&mut plan.rng("handler", i, 0));
            for month in plan.months(year).filter(|m| is_made(plan, village, *m)) {
                write_month(plan, &mut table, (i, village), month, balance, &handler)?;
            }
        }
        made.add(plan.rows(&name, "农村集体三资管理平台", "village-money", table)?);
    }
    Ok(made)
}

fn write_month(
    plan: &Plan,
    table: &mut super::sink::CsvFile,
    (i, village): (u64, &Village),
    month: Month,
    balance: &mut i64,
    handler: &str,
) -> Result<(), String> {
    let mut rng = plan.rng("voucher", i, stamp(month));
    let first = month.plus(1).first_day();
    let audited =
        first.checked_add(i64::from(rng.next_between(2, 9)).days()).unwrap_or(first).min(plan.today).to_string();
    for (n, voucher) in (1..).zip(vouchers(plan, i, village, month)) {
        *balance += voucher.amount;
        let date = format!("{month}-{:02}", voucher.day);
        let amount = cents(voucher.amount.abs());
        let (income, expense) = if voucher.amount > 0 { (amount.as_str(), "") } else { ("", amount.as_str()) };
        let number = format!("{:04}{:02}-{n:02}", month.year(), month.month());
        let pictures = match rng.next_below(18) {
            0 => "vouchers/receipt.png;vouchers/invoice.png",
            1 | 2 => "vouchers/receipt.png",
            _ => "",
        };
        let balance = cents(*balance);
        table.row([
            &village.code,
            &date,
            voucher.words,
            income,
            expense,
            &balance,
            &number,
            pictures,
            handler,
            &audited,
        ])?;
    }
    Ok(())
}

/// The last year of the shipped villages is shipped.
fn is_made(plan: &Plan, village: &Village, month: Month) -> bool {
    !village.is_shipped || month < Month::of(plan.today).plus(-12)
}

fn stamp(month: Month) -> u64 {
    u64::try_from(i32::from(month.year()) * 12 + i32::from(month.month())).unwrap_or(0)
}

/// The balance before a village's first voucher, so that it never falls below nothing; that of a shipped village leads
/// to its shipped ledger.
fn opening(plan: &Plan, i: u64, village: &Village) -> i64 {
    let (mut balance, mut lowest) = (0, 0);
    for month in (0..plan.years).flat_map(|y| plan.months(y)).filter(|m| is_made(plan, village, *m)) {
        for voucher in vouchers(plan, i, village, month) {
            balance += voucher.amount;
            lowest = lowest.min(balance);
        }
    }
    match shipped_openings().get(village.name.as_str()).filter(|_| village.is_shipped) {
        Some(shipped) => shipped - balance,
        None => i64::from(plan.rng("opening", i, 0).next_between(2_000_000, 30_000_000)) - lowest,
    }
}

/// The vouchers of one month, in order.
pub fn vouchers(plan: &Plan, i: u64, village: &Village, month: Month) -> Vec<Voucher> {
    let mut rng = plan.rng("ledger", i, stamp(month));
    let mut size = plan.rng("size", i, 0);
    let usual = i64::from(size.next_between(3_000_000, 16_000_000));
    let season = usize::try_from(month.month() - 1).ok().and_then(|m| SEASON.get(m)).copied().unwrap_or(1000);
    let income = usual * i64::from(season) / 1000 * i64::from(rng.next_between(850, 1150)) / 1000;
    // Shipped villages spend what came in, and after it came, so that their balances stay about what their shipped
    // ledgers begin with.
    let ratio = if village.is_shipped { (995, 1005) } else { (820, 1100) };
    let expense = income * i64::from(rng.next_between(ratio.0, ratio.1)) / 1000;
    let days = u32::try_from(month.last_day().day()).unwrap_or(28);
    let mut out = Vec::with_capacity(48);
    let (ins, outs) = (rng.next_between(8, 13), rng.next_between(24, 34));
    let (early, late) = if village.is_shipped { ((1, 9), (10, days)) } else { ((1, days), (1, days)) };
    split(&mut rng, &INCOME, month, (income, ins), early, |v| out.push(v));
    split(&mut rng, &EXPENSE, month, (expense, outs), late, |v| out.push(Voucher { amount: -v.amount, ..v }));
    // What comes in on a day is booked before what goes out.
    out.sort_by_key(|v: &Voucher| (v.day, v.amount < 0));
    out
}

/// Parts an amount among what is usual in a month; the last takes what is left, so that nothing is lost.
fn split(
    rng: &mut Rng,
    kinds: &[(&'static str, (i8, i8), u32)],
    month: Month,
    (total, count): (i64, u32),
    days: (u32, u32),
    mut put: impl FnMut(Voucher),
) {
    let usual = |(from, until): (i8, i8)| {
        if from <= until {
            (from..=until).contains(&month.month())
        } else {
            month.month() >= from || month.month() <= until
        }
    };
    let fitting: Vec<(&'static str, u32)> = kinds.iter().filter(|k| usual(k.1)).map(|k| (k.0, k.2)).collect();
    let mut choose = || {
        let (words, weight) = rng.pick(&fitting);
        (words, weight * rng.next_between(40, 160))
    };
    let chosen: Vec<(&'static str, u32)> = (0..count).map(|_| choose()).collect();
    let whole = i64::from(chosen.iter().map(|c| c.1).sum::<u32>().max(1));
    let mut left = total;
    for (n, (words, weight)) in (1..).zip(chosen) {
        let share = total * i64::from(weight) / whole;
        // Most sums are round; a tenth of them has cents.
        let round = if rng.next_permille(900) { share - share % 1000 } else { share };
        let amount = if n == count { left } else { round.max(100).min(left) };
        left -= amount;
        if amount > 0 {
            put(Voucher { day: rng.next_between(days.0, days.1), words, amount });
        }
    }
}

/// What the shipped villages had before their first shipped voucher, in fen, by name.
pub fn shipped_openings() -> HashMap<String, i64> {
    let text = FILES.iter().find(|(name, _)| *name == LEDGER).map_or("", |(_, text)| text);
    let mut openings = HashMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records().map_while(Result::ok) {
        let fen = |i: usize| row.get(i).unwrap_or("").replace([',', '.'], "").parse::<i64>().unwrap_or(0);
        openings.entry(row.get(0).unwrap_or("").to_owned()).or_insert(fen(5) - fen(3) + fen(4));
    }
    openings
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn balances_never_fall_below_nothing_and_lead_to_the_shipped_ledgers() {
        let plan = Plan::new(24, 5, 1, jiff::civil::date(2026, 11, 23), Path::new("x"));
        for (i, village) in (0..).zip(&plan.county.villages) {
            let mut balance = opening(&plan, i, village);
            for month in (0..5).flat_map(|y| plan.months(y)).filter(|m| is_made(&plan, village, *m)) {
                let vouchers = vouchers(&plan, i, village, month);
                assert!((30..=48).contains(&vouchers.len()), "{}", vouchers.len());
                for v in vouchers {
                    balance += v.amount;
                    assert!(balance >= 0, "{} {month}", village.name);
                }
            }
            if village.is_shipped {
                assert_eq!(balance, shipped_openings()[&village.name], "{}", village.name);
            }
        }
    }

    #[test]
    fn the_shipped_ledger_agrees_row_by_row_and_ends_as_the_design_has_it() {
        let text = include_str!("../../../kiosk-config/sources/registers/village-money.csv");
        let mut balances = shipped_openings();
        let (mut income, mut expense) = (0, 0);
        for row in csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap) {
            let fen = |i: usize| row[i].replace([',', '.'], "").parse::<i64>().unwrap_or(0);
            let balance = balances.get_mut(&row[0]).unwrap();
            *balance += fen(3) - fen(4);
            assert_eq!(*balance, fen(5), "{row:?}");
            if &row[0] == "示例村" && row[1].starts_with("2026-10") {
                income += fen(3);
                expense += fen(4);
            }
        }
        assert_eq!((income, expense, balances["示例村"]), (8_642_000, 5_130_650, 31_211_875));
    }
}
