//! Works, procurement and land of the sample county: each project a row, and the notices of its course, all with its
//! number.

use super::{
    county::town_code,
    names,
    plan::{Plan, cents, yuan},
    rng::Rng,
    sink::{CsvFile, Made, Notices},
};
use crate::time::civil::Date;
use serde_json::{Value, json};

/// What is built, its department, and its range in ten thousand yuan.
const WORKS: [(&str, &str, (u32, u32)); 12] = [
    ("乡村道路改建工程", "交通运输局", (80, 900)),
    ("中心小学运动场改造工程", "教育局", (60, 300)),
    ("卫生院改扩建工程", "卫生健康局", (200, 1200)),
    ("高标准农田建设项目", "农业农村局", (400, 2000)),
    ("农村饮水安全工程", "水务局", (150, 1000)),
    ("污水管网工程", "住房城乡建设局", (300, 3000)),
    ("河道治理工程", "水务局", (200, 1800)),
    ("老旧小区改造工程", "住房城乡建设局", (200, 2500)),
    ("文化活动中心装修工程", "文化和旅游局", (40, 260)),
    ("养老服务中心建设工程", "民政局", (120, 800)),
    ("便民桥建设工程", "交通运输局", (50, 420)),
    ("地质灾害治理工程", "自然资源局", (100, 700)),
];
const GOODS: [(&str, &str, (u32, u32)); 10] = [
    ("学生营养餐配送", "教育局", (100, 1200)),
    ("垃圾分类收集容器", "综合行政执法局", (30, 260)),
    ("自助服务终端", "行政审批局", (40, 300)),
    ("公务用车定点维修", "交通运输局", (20, 80)),
    ("水质检测设备", "水务局", (30, 180)),
    ("医疗设备", "卫生健康局", (60, 900)),
    ("消防车辆", "消防救援大队", (80, 400)),
    ("办公家具", "财政局", (10, 90)),
    ("动物防疫疫苗", "农业农村局", (20, 160)),
    ("物业管理服务", "公共资源交易中心", (30, 220)),
];

/// All of them.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    let mut made = works(plan)?;
    made.add(procurement(plan)?);
    made.add(land(plan)?);
    Ok(made)
}

/// Feeds of a project's notices.
struct Course {
    tenders: Notices,
    candidates: Notices,
    results: Notices,
}

fn works(plan: &Plan) -> Result<Made, String> {
    let titles = [
        "项目编号",
        "项目名称",
        "招标人",
        "招标方式",
        "最高限价",
        "中标人",
        "中标价",
        "工期",
        "招标日期",
        "候选人公示日期",
        "中标结果日期",
        "进展",
        "建设地点",
    ];
    let mut table = plan.table("all-works", &titles)?;
    let mut course = Course {
        tenders: plan.notices("all-tenders", "招标公告")?,
        candidates: plan.notices("all-candidates", "中标候选人公示")?,
        results: plan.notices("all-results", "中标结果公告")?,
    };
    for year in 0..plan.years {
        for n in 1..=plan.county.share(600) {
            a_work(plan, &mut table, &mut course, (year, n))?;
        }
    }
    let title = "公共资源交易网";
    let mut made = plan.rows("all-works", title, "works", table)?;
    for (name, notices, heading, kind, days) in [
        ("all-tenders", course.tenders, "tenders", "招标公告", 20),
        ("all-candidates", course.candidates, "candidates", "中标候选", 5),
        ("all-results", course.results, "results", "中标结果", 0),
    ] {
        let lines = format!(
            "catalogue = \"trade.works.{heading}\"\nkind = \"{kind}\"\nissuer = \"公共资源交易中心\"\nshow_days = {days}\nids_are_numbers = true"
        );
        made.add(plan.feed(name, title, &lines, notices)?);
    }
    Ok(made)
}

fn a_work(plan: &Plan, table: &mut CsvFile, course: &mut Course, (year, n): (u32, u32)) -> Result<(), String> {
    let mut rng = plan.rng("works", year.into(), n.into());
    let (what, unit, (low, high)) = rng.pick(&WORKS);
    let towns = u32::try_from(plan.county.towns.len()).unwrap_or(1);
    let town = rng.next_below(towns) as usize;
    let town_name = plan.county.towns.get(town).map_or("示例镇", String::as_str);
    let tendered = plan.day_in(&mut rng, plan.span(year));
    let limit = i64::from(rng.next_between(low, high)) * 1_000_000;
    let number = format!("GC{}-{}{n:04}", tendered.year(), year + 1);
    let name = format!("{town_name}{what}（{} 标段）", rng.next_between(1, 3));
    // Twenty days and more for bids, then the candidates; three days of showing, then the result.
    let published = plan.days.after(tendered, rng.next_between(15, 22));
    let decided = plan.days.after(published, rng.next_between(4, 8));
    let is_stopped = rng.next_permille(30);
    let bids = bids(&mut rng, limit);
    let (winner, price) = bids.first().cloned().unwrap_or_default();
    let days = rng.next_between(6, 48) * 5;
    let is_won = decided < plan.today && !is_stopped;
    let state = match () {
        () if is_stopped && published < plan.today => "终止",
        () if published >= plan.today => "招标中",
        () if !is_won => "候选人公示",
        () if (plan.today - decided).get_days() < 30 => "已定标",
        () if (plan.today - decided).get_days() < i32::try_from(days).unwrap_or(100) + 30 => "施工中",
        () => "已验收",
    };
    let is_published = published < plan.today && !is_stopped;
    table.row([
        &number,
        &name,
        unit,
        "公开招标",
        &cents(limit),
        if is_won { &winner } else { "" },
        &if is_won { cents(price) } else { String::new() },
        &days.to_string(),
        &tendered.to_string(),
        &if is_published { published.to_string() } else { String::new() },
        &if is_won { decided.to_string() } else { String::new() },
        state,
        &town_code(town),
    ])?;
    let body = format!(
        "<p>本招标项目已经批准建设，资金来自财政预算，现对{name}的施工进行公开招标。</p><ul><li>招标人：{unit}</li><li>最高限价 {} 元</li><li>计划工期 {days} 天</li></ul><p>投标文件递交截止时间为 {published} 9 时，公共资源交易中心开标。</p>",
        yuan(limit)
    );
    course.tenders.item(&notice(&number, &format!("{name}施工招标公告"), tendered, &body))?;
    if is_published {
        let rows: String = (1..)
            .zip(&bids)
            .map(|(i, (firm, bid))| format!("<tr><td>{i}</td><td>{firm}</td><td>{}</td></tr>", yuan(*bid)))
            .collect();
        let body = format!(
            "<p>评标工作已经结束，现将中标候选人公示三日，接受社会监督。</p><table><tr><th>排序</th><th>候选人</th><th>投标报价（元）</th></tr>{rows}</table>"
        );
        course.candidates.item(&notice(&number, &format!("{name}中标候选人公示"), published, &body))?;
    }
    if is_won {
        let body =
            format!("<p>公示期内没有收到异议，中标人为{winner}，中标价 {} 元，工期 {days} 天。</p>", yuan(price));
        course.results.item(&notice(&number, &format!("{name}中标结果公告"), decided, &body))?;
    }
    Ok(())
}

/// Three bids, the best first.
fn bids(rng: &mut Rng, limit: i64) -> Vec<(String, i64)> {
    let mut price = limit * i64::from(rng.next_between(880, 960)) / 1000 + i64::from(rng.next_below(100_000));
    (0..3)
        .map(|_| {
            price += limit * i64::from(rng.next_between(2, 9)) / 1000;
            (names::builder(rng), price.min(limit))
        })
        .collect()
}

fn procurement(plan: &Plan) -> Result<Made, String> {
    let titles = ["项目编号", "项目名称", "采购人", "采购方式", "公告日期", "预算", "成交价", "供应商", "状态"];
    let mut table = plan.table("all-procurement", &titles)?;
    let mut offers = plan.notices("all-offers", "采购公告")?;
    let mut deals = plan.notices("all-deals", "成交公告")?;
    for year in 0..plan.years {
        for n in 1..=plan.county.share(1_500) {
            let mut rng = plan.rng("procurement", year.into(), n.into());
            let (what, unit, (low, high)) = rng.pick(&GOODS);
            let announced = plan.day_in(&mut rng, plan.span(year));
            let closed = plan.days.after(announced, rng.next_between(10, 25));
            let budget = i64::from(rng.next_between(low, high)) * 1_000_000;
            let (firm, price) = (names::firm(&mut rng), budget * i64::from(rng.next_between(880, 998)) / 1000);
            let (failed, done) = (rng.next_permille(50), closed < plan.today);
            let number = format!("CG{}-{}{n:04}", announced.year(), year + 1);
            let name = format!("{unit} {} 年{what}", announced.year());
            let method = rng.pick(&["公开招标", "竞争性磋商", "竞争性谈判", "询价", "框架协议"]);
            let won = done && !failed;
            table.row([
                &number,
                &name,
                unit,
                method,
                &announced.to_string(),
                &cents(budget),
                &if won { cents(price) } else { String::new() },
                if won { &firm } else { "" },
                if !done {
                    "采购中"
                } else if failed {
                    "废标"
                } else if (plan.today - closed).get_days() > 60 {
                    "已验收"
                } else {
                    "已成交"
                },
            ])?;
            let body = format!(
                "<p>预算金额 {} 元，采购方式为{method}，{closed} 上午 9 时 30 分前递交响应文件。</p>",
                yuan(budget)
            );
            offers.item(&notice(&number, &format!("{name}采购公告"), announced, &body))?;
            if won {
                let body = format!("<p>成交供应商：{firm}，成交价 {} 元。</p>", yuan(price));
                deals.item(&notice(&number, &format!("{name}成交公告"), closed, &body))?;
            }
        }
    }
    let title = "政府采购网";
    let mut made = plan.rows("all-procurement", title, "procurement", table)?;
    let lines = |kind: &str, days: u32| {
        format!(
            "catalogue = \"trade.procurement\"\nkind = \"{kind}\"\nissuer = \"财政局政府采购办公室\"\nshow_days = {days}\nids_are_numbers = true"
        )
    };
    made.add(plan.feed("all-offers", title, &lines("采购公告", 7), offers)?);
    made.add(plan.feed("all-deals", title, &lines("成交公告", 0), deals)?);
    Ok(made)
}

fn land(plan: &Plan) -> Result<Made, String> {
    let titles = [
        "地块编号",
        "公告编号",
        "公告日期",
        "所在乡镇",
        "位置",
        "面积",
        "用途",
        "容积率",
        "出让年限",
        "起始价（万元）",
        "成交价（万元）",
        "竞得人",
        "状态",
    ];
    let mut table = plan.table("all-parcels", &titles)?;
    for year in 0..plan.years {
        for n in 1..=plan.county.share(120) {
            let mut rng = plan.rng("land", year.into(), n.into());
            let announced = plan.day_in(&mut rng, plan.span(year));
            let town = rng.next_below(u32::try_from(plan.county.towns.len()).unwrap_or(1)) as usize;
            let area = rng.next_between(20, 500) * 100;
            let (used, years) = rng.pick(&[("工业", "50"), ("商住", "70"), ("商业", "40"), ("公共服务", "50")]);
            let start = area / 100 * rng.next_between(2, 24);
            let done = plan.days.after(announced, 20) < plan.today;
            let failed = rng.next_permille(120);
            let price = start + start * rng.next_below(40) / 100;
            table.row([
                &format!("{}-{}{n:03}", announced.year(), year + 1),
                &format!("TD{}-{}{:03}", announced.year(), year + 1, n.div_ceil(2)),
                &announced.to_string(),
                &town_code(town),
                &format!(
                    "{} {} 号地块",
                    plan.county.towns.get(town).map_or("", String::as_str),
                    rng.next_between(1, 99)
                ),
                &area.to_string(),
                used,
                rng.pick(&["1.0", "1.2", "1.5", "1.8", "2.0"]),
                years,
                &start.to_string(),
                &if done && !failed { price.to_string() } else { String::new() },
                &if done && !failed { names::firm(&mut rng) } else { String::new() },
                match (done, failed) {
                    (false, _) => "公告中",
                    (true, true) => "流拍",
                    (true, false) => "已成交",
                },
            ])?;
        }
    }
    plan.rows("all-parcels", "自然资源局网站", "land-parcels", table)
}

/// A notice as a feed has it; its id is the project's number.
fn notice(number: &str, title: &str, day: Date, body: &str) -> Value {
    json!({
        "id": number,
        "title": title,
        "date_published": format!("{day}T09:30:00+08:00"),
        "content_html": body,
    })
}
