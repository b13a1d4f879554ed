//! Notices of the sample county that belong to no project: monthly accounts and affairs of villages, notices of
//! departments, answers of the hotline.

use super::{
    county::Village,
    ledger, names,
    plan::{Plan, yuan},
    rng::Rng,
    sink::{Made, Notices},
};
use crate::{model::Month, time::civil::Date};
use jiff::ToSpan;
use serde_json::json;

/// What villages tell: a title, and a body. `{n}` is a number, `{p}` a person, `{m}` a month, `{y}` money.
const AFFAIRS: [(&str, &str); 14] = [
    (
        "低保对象评议结果公示",
        "<p>经民主评议，本次评议 {n} 户，同意 {n} 户。对结果有异议的，请在公示期内向村务监督委员会提出。</p>",
    ),
    ("村民代表会议决议", "<p>会议应到代表 {n} 人，表决通过{m}月村道维修方案，预算 {y} 元，由{p}负责。</p>"),
    (
        "四议两公开事项公告",
        "<p>经村党组织提议、两委会商议、党员大会审议、村民会议决议，实施水渠清淤工程，预算 {y} 元。</p>",
    ),
    ("党员大会会议情况", "<p>会议由{p}主持，学习政策文件，审议村集体收入分配方案，到会党员 {n} 人。</p>"),
    ("公益性岗位人员公示", "<p>拟聘用{p}等 {n} 人，岗位为保洁员、护林员，月补贴 {y} 元。</p>"),
    ("宅基地申请公示", "<p>村民{p}申请宅基地 {n} 平方米，位于村民小组内，符合规划，现予公示。</p>"),
    ("临时救助公示", "<p>村民{p}因病申请临时救助，拟救助 {y} 元。</p>"),
    ("土地流转公告", "<p>拟流转耕地 {n} 亩，每亩每年 {y} 元，期限五年，用于种植粮食作物。</p>"),
    ("村集体资产发包公告", "<p>集体资产公开发包，底价 {y} 元，报名人{p}处登记。</p>"),
    ("防汛值班安排", "<p>{m}月值班人员：{p}、{p}，巡查点 {n} 处，遇险情立即报告。</p>"),
    ("环境卫生评比结果", "<p>{m}月评比：清洁户 {n} 户，公布于村务公开栏，奖励共 {y} 元。</p>"),
    ("农村危房改造对象公示", "<p>经核查，{p}等 {n} 户符合条件，每户补助 {y} 元。</p>"),
    ("困难学生资助名单公示", "<p>本学期资助{p}等 {n} 名学生，合计 {y} 元。</p>"),
    ("村务监督委员会履职情况", "<p>{m}月监督事项 {n} 件，审核票据 {n} 张，提出意见已整改，记录人{p}。</p>"),
];

/// What departments tell: heading, kind, days shown, titles.
type Bulletin = (&'static str, &'static str, u32, [&'static str; 4]);
const COUNTY: [Bulletin; 6] = [
    (
        "gov.policy",
        "政策文件",
        0,
        [
            "关于规范办事流程的通知",
            "关于进一步优化营商环境的实施意见",
            "关于做好安全生产工作的通知",
            "关于印发年度工作要点的通知",
        ],
    ),
    ("gov.budget", "财政公开", 10, ["部门预算公开", "部门决算公开", "专项资金分配公示", "预算绩效评价结果"]),
    ("gov.planning", "规划公示", 30, ["专项规划草案公示", "规划调整论证公告", "规划批后公布", "建设项目规划公示"]),
    (
        "gov.projects",
        "重大项目",
        7,
        ["重点项目进展通报", "项目竣工验收公示", "重大行政决策公告", "项目社会稳定风险评估公示"],
    ),
    ("party.appointments", "任前公示", 7, ["拟任职人选公示", "公开遴选公告", "考察对象公示", "事业单位公开招聘公告"]),
    ("progress.supervision", "监察通报", 0, ["办件情况通报", "超时办件通报", "窗口服务评价通报", "效能监察整改通报"]),
];

/// All of them, each kind one feed a year.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    let mut made = Made::default();
    for year in 0..plan.years {
        made.add(accounts(plan, year)?);
        made.add(affairs(plan, year)?);
        made.add(answers(plan, year)?);
    }
    for bulletin in &COUNTY {
        made.add(county(plan, bulletin)?);
    }
    Ok(made)
}

fn accounts(plan: &Plan, year: u32) -> Result<Made, String> {
    let (name, title) = (format!("village-accounts-{}", year + 1), "农村集体三资管理平台");
    let mut notices = plan.notices(&name, title)?;
    for month in plan.months(year) {
        for (i, village) in (0..).zip(&plan.county.villages) {
            account(plan, &mut notices, (i, village), month)?;
        }
    }
    let lines = "catalogue = \"village.money\"\nkind = \"财务公开\"\nissuer = \"示例县农村经济管理站\"\nshow_days = 30";
    plan.feed(&name, title, lines, notices)
}

/// A month's account, its sums those of the ledger. The shipped villages' last year has its notices shipped.
fn account(plan: &Plan, notices: &mut Notices, (i, village): (u64, &Village), month: Month) -> Result<(), String> {
    if village.is_shipped && month >= Month::of(plan.today).plus(-12) {
        return Ok(());
    }
    let vouchers = ledger::vouchers(plan, i, village, month);
    let income: i64 = vouchers.iter().map(|v| v.amount.max(0)).sum();
    let expense: i64 = -vouchers.iter().map(|v| v.amount.min(0)).sum::<i64>();
    let mut rng =
        plan.rng("account", i, u64::try_from(month.year()).unwrap_or(0) * 12 + u64::from(month.month().unsigned_abs()));
    let first = month.plus(1).first_day();
    let day = first.checked_add(i64::from(rng.next_between(2, 9)).days()).unwrap_or(first).min(plan.today);
    let minute = rng.next_below(540);
    let body = format!(
        "<table><tr><th>项目</th><th>金额（元）</th></tr><tr><td>本月收入</td><td>{}</td></tr><tr><td>本月支出</td><td>{}</td></tr></table><p>共 {} 张凭证，已经村务监督委员会审核。逐笔账目见村级资金账；有疑问的，可以拨打 12345。</p>",
        yuan(income),
        yuan(expense),
        vouchers.len()
    );
    notices.item(&json!({
        "id": format!("SZ-{month}-{}", village.code),
        "title": format!("{}{} {} 年 {} 月财务收支公布", plan.county.town_of(village), village.name, month.year(), month.month()),
        "date_published": format!("{day}T{:02}:{:02}:00+08:00", 8 + minute / 60, minute % 60),
        "authors": [{ "name": format!("{}村务监督委员会", village.name) }],
        "content_html": body,
    }))
}

fn affairs(plan: &Plan, year: u32) -> Result<Made, String> {
    let (name, title) = (format!("village-affairs-{}", year + 1), "村务公开平台");
    let mut notices = plan.notices(&name, title)?;
    let span = plan.span(year);
    for (i, village) in (0..).zip(&plan.county.villages) {
        let mut rng = plan.rng("affairs", i, year.into());
        for n in 1..=rng.next_between(40, 50) {
            let (what, words) = rng.pick(&AFFAIRS);
            let day = plan.day_in(&mut rng, span);
            let body = fill(&mut rng, words, day);
            notices.item(&json!({
                "id": format!("CW{}{n:03}-{}", village.code, year + 1),
                "title": format!("{}{what}", village.name),
                "date_published": published(&mut rng, day),
                "authors": [{ "name": format!("{}村民委员会", village.name) }],
                "content_html": body,
            }))?;
        }
    }
    let lines = "catalogue = \"village.affairs\"\nkind = \"村务公告\"\nissuer = \"村民委员会\"\nshow_days = 15";
    plan.feed(&name, title, lines, notices)
}

fn answers(plan: &Plan, year: u32) -> Result<Made, String> {
    const ASKED: [(&str, &str); 8] = [
        ("医保异地就医怎样备案？", "在手机上打开医保服务平台，选择“异地备案”，当场生效。"),
        ("小区加装电梯需要多少户同意？", "应当由专有部分面积占比三分之二以上、人数占比三分之二以上的业主参与表决。"),
        ("残疾人两项补贴什么时候发放？", "每月 10 日前发放，遇节假日顺延。"),
        ("村里路灯坏了找谁修？", "可拨打 12345，由乡镇转施工队三日内修复。"),
        ("个体户怎样注销？", "带身份证件到政务服务中心登记窗口，当场办理。"),
        ("公积金怎样提取？", "网上申请，一个工作日内到账。"),
        ("宅基地申请要哪些材料？", "申请书、户口簿、村民小组意见，十五个工作日内办结。"),
        ("水费为什么比上月多？", "可到营业厅核对抄表记录，漏水的可申请减免。"),
    ];
    let (name, title) = (format!("hotline-answers-{}", year + 1), "阳光热线");
    let mut notices = plan.notices(&name, title)?;
    for n in 1..=plan.county.share(2_000) {
        let mut rng = plan.rng("answers", year.into(), n.into());
        let (asked, answer) = rng.pick(&ASKED);
        let towns = &plan.county.towns;
        let town =
            towns.get(rng.next_below(u32::try_from(towns.len()).unwrap_or(1)) as usize).map_or("", String::as_str);
        let day = plan.day_in(&mut rng, plan.span(year));
        let person = names::person(&mut rng);
        notices.item(&json!({
            "id": format!("RXD{}-{}{n:04}", day.year(), year + 1),
            "title": format!("问：{asked}"),
            "date_published": published(&mut rng, day),
            "content_html": format!("<p>{town}{person}问：{asked}</p><p>答：{answer}</p>"),
        }))?;
    }
    let lines = "catalogue = \"voice.hotline\"\nkind = \"热线问答\"\nissuer = \"县 12345 热线办\"";
    plan.feed(&name, title, lines, notices)
}

fn county(plan: &Plan, (heading, kind, days, titles): &Bulletin) -> Result<Made, String> {
    let name = format!("all-{}", heading.replace('.', "-"));
    let mut notices = plan.notices(&name, "示例县人民政府网站")?;
    for year in 0..plan.years {
        for n in 1..=plan.county.share(656) {
            let mut rng = plan.rng(heading, year.into(), n.into());
            let day = plan.day_in(&mut rng, plan.span(year));
            let unit = plan.units.get(rng.next_below(30) as usize).map_or("行政审批局", |u| u.name);
            let what = rng.pick(titles);
            let words = "<p>根据有关规定，现将有关情况公告如下。涉及 {n} 项，金额 {y} 元，联系人{p}。</p><h3>一、基本情况</h3><p>{m}月完成 {n} 项，其余按计划推进。</p><h3>二、意见反馈</h3><p>对本公告有意见的，请在公示期内以书面形式提出，联系人{p}。</p>";
            let body = fill(&mut rng, words, day);
            let mark = plan.units.iter().find(|u| u.name == unit).map_or("政", |u| u.mark);
            notices.item(&json!({
                "id": format!("示{mark}发〔{}〕{}{n:04} 号-{kind}", day.year(), year + 1),
                "title": format!("{unit}{what}（{} 年第 {n} 号）", day.year()),
                "date_published": published(&mut rng, day),
                "authors": [{ "name": unit }],
                "content_html": body,
            }))?;
        }
    }
    let lines =
        format!("catalogue = \"{heading}\"\nkind = \"{kind}\"\nissuer = \"示例县人民政府\"\nshow_days = {days}");
    plan.feed(&name, "示例县人民政府网站", &lines, notices)
}

fn published(rng: &mut Rng, day: Date) -> String {
    let minute = rng.next_between(510, 1_050);
    format!("{day}T{:02}:{:02}:00+08:00", minute / 60, minute % 60)
}

/// Puts numbers, names, months and sums into a text.
fn fill(rng: &mut Rng, words: &str, day: Date) -> String {
    let mut out = String::with_capacity(words.len() + 64);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (what, tail) = after.split_once('}').unwrap_or((after, ""));
        match what {
            "n" => out.push_str(&rng.next_between(2, 90).to_string()),
            "p" => out.push_str(&names::person(rng)),
            "y" => out.push_str(&yuan(i64::from(rng.next_between(10, 9_000)) * 10_000)),
            _ => out.push_str(&format!(" {} ", day.month())),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
