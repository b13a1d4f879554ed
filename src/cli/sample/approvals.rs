//! The cases of the sample county's departments, the licences that come of them, and the totals by month.

use super::{
    case_schedule::{self, CaseSchedule},
    departments::{Department, Matter},
    names,
    plan::Plan,
    rng::Rng,
    sink::{CsvFile, Made},
};
use crate::{model::Month, time::civil::Date};
use std::collections::BTreeMap;

/// How busy a month is, in thousandths of the usual; January first.
const SEASON: [u32; 12] = [820, 700, 1180, 1080, 1000, 1060, 1040, 980, 1090, 860, 1080, 1110];
/// Cases on a usual working day of a full county.
const CASES_A_DAY: u32 = 176;

/// One department's month: accepted, closed on time, closed late, in hand at its end.
type Totals = BTreeMap<(Month, usize), [i64; 4]>;

/// What is written at once.
struct Files {
    cases: CsvFile,
    steps: CsvFile,
    licences: CsvFile,
    totals: Totals,
}

/// Cases one feed a year, licences one feed a year, and the totals.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    const CASES: [&str; 10] = [
        "受理编号",
        "事项",
        "承办部门",
        "承办股室",
        "申请人",
        "受理日期",
        "承诺工作日",
        "法定工作日",
        "办结日期",
        "状态",
    ];
    const LICENCES: [&str; 8] =
        ["决定书文号", "决定日期", "行政相对人", "许可事项", "许可机关", "许可内容", "有效期至", "统一社会信用代码"];
    let mut made = Made::default();
    let mut totals = Totals::new();
    for year in 0..plan.years {
        let (name, granted) = (format!("approvals-{}", year + 1), format!("licences-{}", year + 1));
        let mut files = Files {
            cases: plan.table(&name, &CASES)?,
            steps: plan.table(&format!("{name}-steps"), &STEP_TITLES)?,
            licences: plan.table(&granted, &LICENCES)?,
            totals: std::mem::take(&mut totals),
        };
        let (from, until) = plan.span(year);
        for day in plan.days.within(from, until) {
            a_day(plan, &mut files, day)?;
        }
        totals = files.totals;
        made.add(plan.cases(&name, "政务服务一体化平台", "approvals", (files.cases, files.steps))?);
        made.add(plan.rows(&granted, "信用信息公示平台", "licences", files.licences)?);
    }
    made.add(write_totals(plan, &totals)?);
    Ok(made)
}

/// The titles of a table of steps.
pub const STEP_TITLES: [&str; 6] = ["受理编号", "步骤", "开始时间", "结束时间", "不计时", "说明"];

fn a_day(plan: &Plan, files: &mut Files, day: Date) -> Result<(), String> {
    let stamp = u64::try_from(day.year()).unwrap_or(0) * 400 + u64::try_from(day.day_of_year()).unwrap_or(0);
    let mut rng = plan.rng("approvals", stamp, 0);
    let season = usize::try_from(day.month() - 1).ok().and_then(|m| SEASON.get(m)).copied().unwrap_or(1000);
    let usual = plan.county.share(CASES_A_DAY * season / 1000);
    let whole: u32 = plan.units.iter().map(|u| u.weight).sum();
    let count = rng.next_between(usual * 8 / 10, usual * 12 / 10);
    for n in 1..=count {
        let mut at = rng.next_below(whole);
        let chosen = plan.units.iter().enumerate().find(|(_, u)| {
            let is_it = at < u.weight;
            at = at.saturating_sub(u.weight);
            is_it
        });
        let Some((index, unit)) = chosen else { continue };
        let item = pick_item(&mut rng, unit);
        // The shipped receipts of a day begin at 0001; these above them.
        let receipt = format!("SL{}{:04}", day.strftime("%Y%m%d"), 1000 + n);
        // Numbers come in the order of the day.
        let minute = 8 * 60 + 30 + (n - 1) * 510 / count.max(1);
        a_case(plan, files, &mut rng, (&receipt, day, minute), (index, unit, item))?;
    }
    Ok(())
}

fn pick_item(rng: &mut Rng, unit: &Department) -> Matter {
    let i = rng.next_below(u32::try_from(unit.items.len()).unwrap_or(1)) as usize;
    unit.items.get(i).copied().unwrap_or(Matter { name: "其他事项", promised: 10, statutory: 20, pause: "" })
}

fn a_case(
    plan: &Plan,
    files: &mut Files,
    rng: &mut Rng,
    (receipt, day, minute): (&str, Date, u32),
    (index, unit, item): (usize, &Department, Matter),
) -> Result<(), String> {
    let applicant = if rng.next_permille(550) { names::person(rng) } else { names::firm(rng) };
    let course = CaseSchedule::draw(rng, &plan.days, day, item.promised, !item.pause.is_empty());
    let is_closed = course.is_closed(plan.today);
    let (state, note) = match rng.next_below(1000) {
        0..955 => ("已办结", "准予，可邮寄或到窗口领取"),
        955..985 => ("不予许可", "不符合法定条件，已书面说明理由和救济途径"),
        _ => ("已撤回", "申请人撤回"),
    };
    let closed = if is_closed { course.closed.to_string() } else { String::new() };
    files.cases.row([
        receipt,
        item.name,
        unit.name,
        unit.office,
        &applicant,
        &day.to_string(),
        &item.promised.to_string(),
        &item.statutory.to_string(),
        &closed,
        if is_closed { state } else { "在办" },
    ])?;
    let names = ["受理", "审查", item.pause, "决定与送达"];
    let steps = &mut files.steps;
    let put = |[name, from, until, pause, note]: [&str; 5]| steps.row([receipt, name, from, until, pause, note]);
    case_schedule::steps(&course, plan.today, (minute, names), note, put)?;
    if is_closed && state == "已办结" && rng.next_permille(190) {
        let until = course.closed.checked_add(jiff::Span::new().years(5)).unwrap_or(course.closed).to_string();
        let number = format!("示{}许〔{}〕{} 号", unit.mark, course.closed.year(), receipt.get(2..).unwrap_or(""));
        let code = format!("92990000MA{:08}", rng.next_below(100_000_000));
        let granted = ["准予许可", &until, &code];
        let [content, until, code] = granted;
        files.licences.row([&number, &closed, &applicant, item.name, unit.name, content, until, code])?;
    }
    count(plan, &mut files.totals, index, &course, item.promised);
    Ok(())
}

/// Adds a case to the totals of the months that are over.
fn count(plan: &Plan, totals: &mut Totals, index: usize, course: &CaseSchedule, promised: u32) {
    let (current, begun) = (Month::of(plan.today), Month::of(course.accepted));
    let ended = Month::of(course.closed);
    let mut add = |month: Month, column: usize| {
        let of_month = totals.entry((month, index)).or_default();
        if let Some(n) = of_month.get_mut(column).filter(|_| month < current) {
            *n += 1;
        }
    };
    add(begun, 0);
    add(ended, if course.used > promised { 2 } else { 1 });
    let mut month = begun;
    while month < ended && month < current {
        add(month, 3);
        month = month.plus(1);
    }
}

fn write_totals(plan: &Plan, totals: &Totals) -> Result<Made, String> {
    // The shipped source is written over: a month has one total, and here it has the rows it is made of.
    let titles = ["月份", "部门", "受理", "办结", "按时办结", "超时办结", "月末在办"];
    let mut table = plan.table("register-department-totals", &titles)?;
    for ((month, index), [accepted, on_time, late, in_hand]) in totals.iter().filter(|t| t.0.0 < Month::of(plan.today))
    {
        let Some(unit) = plan.units.get(*index) else { continue };
        let words = [*accepted, on_time + late, *on_time, *late, *in_hand].map(|n| n.to_string());
        let [accepted, closed, on_time, late, in_hand] = &words;
        table.row([&month.to_string(), unit.name, accepted, closed, on_time, late, in_hand])?;
    }
    plan.rows("register-department-totals", "行政审批电子监察中心", "department-totals", table)
}
