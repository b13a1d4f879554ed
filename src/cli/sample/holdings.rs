//! What the sample county's villages own and let: assets, resources, leases; and the subsidies their people get.

use super::{
    names,
    plan::{Plan, cents},
    rng::Rng,
    sink::{CsvFile, Made},
};
use crate::time::civil::Date;
use jiff::ToSpan;

const ASSETS: [(&str, &str, u32); 12] = [
    ("村委会办公楼", "房屋", 68_000_000),
    ("门面房", "房屋", 24_600_000),
    ("文化广场", "设施", 15_800_000),
    ("光伏发电设备", "设备", 32_000_000),
    ("旧校舍", "房屋", 12_500_000),
    ("农用旋耕机", "设备", 4_800_000),
    ("村卫生室", "房屋", 18_600_000),
    ("提灌站", "设施", 9_400_000),
    ("粮食烘干机", "设备", 11_200_000),
    ("路灯", "设施", 260_000),
    ("冷藏库", "房屋", 22_800_000),
    ("办公电脑", "设备", 420_000),
];
const RESOURCES: [(&str, &str, u32); 8] = [
    ("后山集体林地", "林地", 3_200),
    ("沿河机动地", "耕地", 865),
    ("上塘水库水面", "水面", 420),
    ("村部旁建设用地", "建设用地", 68),
    ("南坡荒地", "荒地", 580),
    ("界沟坡地", "耕地", 124),
    ("河滩地", "荒地", 330),
    ("果园", "园地", 460),
];
const BOUNDS: [&str; 4] = [
    "东至村道，南至水渠，西至山脚，北至林缘",
    "东至河堤，南至公路，西至田埂，北至村界",
    "东至山梁，南至沟心，西至机耕道，北至水塘",
    "东至田埂，南至村道，西至河岸，北至石坎",
];
const LEASES: [&str; 8] =
    ["集体林地承包", "门面房租赁", "水面承包", "农机租赁", "机动地承包", "厂房租赁", "果园承包", "屋顶光伏租赁"];

/// A subsidy: its name, its department, its range in yuan, what it follows from.
type Subsidy = (&'static str, &'static str, (u32, u32), &'static str);
const SUBSIDIES: [Subsidy; 10] = [
    ("耕地地力保护补贴", "农业农村局", (180, 1600), "按确权面积"),
    ("农村低保金", "民政局", (360, 880), "按保障标准"),
    ("残疾人两项补贴", "残疾人联合会", (80, 260), "按残疾等级"),
    ("高龄津贴", "民政局", (50, 300), "按年龄"),
    ("公益林补偿", "林业和草原局", (60, 900), "按面积，每亩 16.00 元"),
    ("特困人员供养金", "民政局", (780, 1_460), "按供养标准"),
    ("农机购置补贴", "农业农村局", (800, 12_000), "按机具分类分档"),
    ("优抚对象抚恤金", "退役军人事务局", (600, 2_600), "按优抚类别"),
    ("公益性岗位补贴", "人力资源社会保障局", (600, 1_800), "按考勤"),
    ("雨露计划补助", "乡村振兴局", (1_500, 1_500), "每学期 1500.00 元"),
];

/// All of them, subsidies one feed a year.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    let mut made = assets(plan)?;
    made.add(resources(plan)?);
    made.add(leases(plan)?);
    for year in 0..plan.years {
        made.add(subsidies(plan, year)?);
    }
    Ok(made)
}

fn assets(plan: &Plan) -> Result<Made, String> {
    let mut table = plan.table(
        "all-assets",
        &["村", "资产编号", "资产名称", "类别", "数量", "原值", "净值", "累计折旧", "使用情况", "登记日期"],
    )?;
    for (i, village) in (0..).zip(&plan.county.villages) {
        let mut rng = plan.rng("assets", i, 0);
        for n in 1..=rng.next_between(24, 36) {
            let (name, class, cost) = rng.pick(&ASSETS);
            let quantity = if class == "房屋" { 1 } else { rng.next_between(1, 6) };
            let cost = i64::from(cost) * i64::from(quantity) * i64::from(rng.next_between(60, 140)) / 100;
            let net = cost * i64::from(rng.next_between(15, 95)) / 100;
            let used = rng.pick(&["自用", "自用", "自用", "出租", "出租", "闲置"]);
            let since = format!(
                "{}-{:02}-{:02}",
                rng.next_between(2008, 2021),
                rng.next_between(1, 12),
                rng.next_between(1, 28)
            );
            table.row([
                &village.code,
                &format!("ZC{}{n:03}", village.code),
                name,
                class,
                &quantity.to_string(),
                &cents(cost),
                &cents(net),
                &cents(cost - net),
                used,
                &since,
            ])?;
        }
    }
    plan.rows("all-assets", "农村集体三资管理平台", "village-assets", table)
}

fn resources(plan: &Plan) -> Result<Made, String> {
    let titles = ["村", "资源编号", "资源名称", "类别", "面积", "利用情况", "四至"];
    let mut table = plan.table("all-resources", &titles)?;
    for (i, village) in (0..).zip(&plan.county.villages) {
        let mut rng = plan.rng("resources", i, 0);
        for n in 1..=rng.next_between(14, 26) {
            let (name, class, tenths) = rng.pick(&RESOURCES);
            let tenths = tenths * rng.next_between(50, 160) / 100;
            let used = match rng.next_below(100) {
                0..55 => "发包",
                55..85 => "集体经营",
                85..98 => "未利用",
                _ => "有争议",
            };
            table.row([
                &village.code,
                &format!("ZY{}{n:03}", village.code),
                &format!("{name}（{n} 号）"),
                class,
                &format!("{}.{}", tenths / 10, tenths % 10),
                used,
                rng.pick(&BOUNDS),
            ])?;
        }
    }
    plan.rows("all-resources", "农村集体三资管理平台", "village-resources", table)
}

fn leases(plan: &Plan) -> Result<Made, String> {
    let mut table = plan.table(
        "all-leases",
        &["村", "合同编号", "标的", "承租方", "起始日期", "终止日期", "本年应收", "已收", "欠收", "状态"],
    )?;
    for (i, village) in (0..).zip(&plan.county.villages) {
        let mut rng = plan.rng("leases", i, 0);
        for n in 1..=rng.next_between(12, 28) {
            lease(plan, &mut table, &mut rng, &village.code, n)?;
        }
    }
    plan.rows("all-leases", "农村集体三资管理平台", "village-leases", table)
}

fn lease(plan: &Plan, table: &mut CsvFile, rng: &mut Rng, code: &str, n: u32) -> Result<(), String> {
    let lessee = if rng.next_permille(500) { names::firm(rng) } else { names::person(rng) };
    let days = i64::from(rng.next_between(30, 365 * 6));
    let from = plan.today.checked_sub(days.days()).unwrap_or(plan.today);
    let years = rng.pick(&[1_i16, 3, 3, 5, 5, 10]);
    let until = from.checked_add(years.years()).and_then(|d| d.yesterday()).unwrap_or(from);
    let left = (until - plan.today).get_days();
    let due = i64::from(rng.next_between(12, 600)) * 10_000;
    let is_owed = left >= 0 && rng.next_permille(40);
    let owed = if is_owed { due * i64::from(rng.next_between(1, 10)) / 10 } else { 0 };
    let state = match (is_owed, left) {
        (true, _) => "欠租",
        (_, ..0) => "已到期",
        (_, 0..90) => "即将到期",
        _ => "履行中",
    };
    table.row([
        code,
        &format!("HT{code}{n:03}"),
        rng.pick(&LEASES),
        &lessee,
        &from.to_string(),
        &until.to_string(),
        &cents(due),
        &cents(due - owed),
        &cents(owed),
        state,
    ])
}

fn subsidies(plan: &Plan, year: u32) -> Result<Made, String> {
    let name = format!("subsidies-{}", year + 1);
    let titles = ["村", "发放日期", "姓名", "补贴项目", "金额", "依据", "备注", "主管部门", "发放编号"];
    let mut table = plan.table(&name, &titles)?;
    let span = plan.span(year);
    for (i, village) in (0..).zip(&plan.county.villages) {
        let mut rng = plan.rng("subsidies", i, year.into());
        for n in 1..=rng.next_between(50, 70) {
            let (item, unit, (low, high), basis) = rng.pick(&SUBSIDIES);
            let paid: Date = plan.day_in(&mut rng, span);
            let whole = i64::from(rng.next_between(low, high)) * 100;
            let amount = if low == high { whole } else { whole + i64::from(rng.pick(&[0_u32, 0, 50, 25])) };
            // Offices do leave such numbers in: nobody but the clerk is to see them.
            let note = match rng.next_below(60) {
                0 => format!("代领人电话 {}", names::phone(&mut rng)),
                1 => format!("身份证 {}，已核对", names::identity(&mut rng)),
                2 => "发放至银行卡 6217 0000 0000 0000 0009".to_owned(),
                _ => String::new(),
            };
            table.row([
                &village.code,
                &paid.to_string(),
                &names::person(&mut rng),
                item,
                &cents(amount),
                basis,
                &note,
                unit,
                &format!("BT{}{}{n:03}", year + 1, village.code),
            ])?;
        }
    }
    plan.rows(&name, "惠民惠农补贴一卡通平台", "village-subsidies", table)
}
