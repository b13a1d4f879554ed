//! What the people of the sample county ask for: information on request, and hotline tickets.

use super::{
    approvals::STEP_TITLES,
    case_schedule::{self, CaseSchedule},
    county::town_code,
    names,
    plan::Plan,
    rng::Rng,
    sink::{CsvFile, Made},
};
use crate::time::civil::Date;

const ASKED: [&str; 12] = [
    "高标准农田建设项目验收资料",
    "征地补偿安置方案",
    "农村危房改造补助名单",
    "环境影响评价报告",
    "学校食堂采购合同",
    "控制性详细规划文本",
    "公务用车租赁合同",
    "道路改建工程施工合同",
    "低保对象审核材料",
    "污水处理厂运行数据",
    "幼儿园布局规划",
    "农机购置补贴发放明细",
];

/// A complaint: its subject, class, department, and words; `{}` is a place.
type Complaint = (&'static str, &'static str, &'static str, &'static str, &'static str);
const COMPLAINTS: [Complaint; 16] = [
    ("路灯不亮", "城乡建设", "住房城乡建设局", "{}主路有路灯不亮，夜间出行不便。", "施工队已修复，并检查了沿线线路。"),
    ("噪声扰民", "生态环境", "生态环境局", "{}附近工地夜间施工，影响休息。", "已责令整改，夜间不再施工。"),
    ("补贴未到账", "农业农村", "农业农村局", "{}的耕地地力保护补贴未到账。", "因账号有误退回，核对后已重新发放。"),
    ("道路破损", "交通运输", "交通运输局", "{}通村公路有坑洼，下雨积水。", "已列入养护计划并完成填补。"),
    ("自来水浑浊", "公用事业", "自来水公司", "{}自来水发黄，已有两天。", "管网冲洗完成，水质检测合格。"),
    ("垃圾清运不及时", "城市管理", "综合行政执法局", "{}垃圾桶满溢，没有清运。", "已增加清运班次。"),
    ("停电频繁", "公用事业", "供电公司", "{}最近经常停电。", "变压器增容已完成。"),
    ("低保申请进度", "社会保障", "民政局", "{}村民询问低保申请办到哪一步。", "正在入户核查，结果将公示。"),
    ("拖欠工资", "劳动保障", "人力资源社会保障局", "{}一处工地拖欠农民工工资。", "用工单位已支付，当事人确认收到。"),
    (
        "医保报销",
        "医疗保障",
        "医疗保障局",
        "异地就医怎样报销，{}可以办吗？",
        "已说明备案和报销办法，可在乡镇便民中心办理。",
    ),
    ("校车超载", "教育", "教育局", "{}一辆校车疑似超载。", "已与交管部门检查，督促增加班次。"),
    ("食品过期", "市场监管", "市场监督管理局", "{}一家小店销售过期食品。", "已现场检查，依法立案。"),
    ("河道垃圾", "水务", "水务局", "{}河道漂浮垃圾多。", "河长办已组织清理。"),
    (
        "宅基地审批",
        "农业农村",
        "农业农村局",
        "{}宅基地申请多久能批？",
        "符合条件的十五个工作日内办结，已告知所需材料。",
    ),
    ("公交班次少", "交通运输", "交通运输局", "去{}的公交班次太少。", "周末增加两个班次，试行三个月。"),
    ("林木盗伐", "林业", "林业和草原局", "{}后山疑似有人盗伐林木。", "已到现场核查并移交处理。"),
];

/// Requests in one feed, tickets one feed a year.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    let mut made = requests(plan)?;
    for year in 0..plan.years {
        made.add(tickets(plan, year)?);
    }
    Ok(made)
}

fn requests(plan: &Plan) -> Result<Made, String> {
    let titles =
        ["申请编号", "申请内容", "答复机关", "提交方式", "收到日期", "承诺工作日", "法定工作日", "答复日期", "状态"];
    let (mut table, mut steps) =
        (plan.table("all-requests", &titles)?, plan.table("all-requests-steps", &STEP_TITLES)?);
    for year in 0..plan.years {
        for n in 1..=plan.county.share(2_000) {
            let mut rng = plan.rng("requests", year.into(), n.into());
            let received = plan.day_in(&mut rng, plan.span(year));
            let can_pause = rng.next_permille(350);
            let course = CaseSchedule::draw(&mut rng, &plan.days, received, 15, can_pause);
            let closed = course.is_closed(plan.today);
            let state = match rng.next_below(100) {
                0..62 => "予以公开",
                62..78 => "部分公开",
                78..88 => "不予公开",
                _ => "无法提供",
            };
            let receipt = format!("YSQ{}-{}{n:04}", received.year(), year + 1);
            let towns = &plan.county.towns;
            let town = towns.get(rng.next_below(u32::try_from(towns.len()).unwrap_or(1)) as usize);
            let subject =
                format!("{} {} 年{}", town.map_or("示例镇", String::as_str), received.year() - 1, rng.pick(&ASKED));
            let unit = plan.units.get(rng.next_below(30) as usize).map_or("行政审批局", |u| u.name);
            table.row([
                &receipt,
                &subject,
                unit,
                rng.pick(&["网上", "网上", "当面", "信函"]),
                &received.to_string(),
                "15",
                "20",
                &if closed { course.closed.to_string() } else { String::new() },
                if closed { state } else { "在办" },
            ])?;
            let put =
                |[name, from, until, pause, note]: [&str; 5]| steps.row([&receipt, name, from, until, pause, note]);
            let names = ["登记", "检索与审查", "征求第三方意见", "答复"];
            case_schedule::steps(&course, plan.today, (rng.next_between(520, 1000), names), state, put)?;
        }
    }
    plan.cases("all-requests", "政府信息公开申请平台", "requests", (table, steps))
}

fn tickets(plan: &Plan, year: u32) -> Result<Made, String> {
    let name = format!("tickets-{}", year + 1);
    let titles = [
        "工单编号",
        "诉求",
        "类别",
        "承办单位",
        "受理日期",
        "所在地",
        "诉求内容",
        "承诺工作日",
        "办结日期",
        "状态",
        "办理结果",
        "群众评价",
    ];
    let (mut table, mut steps) = (plan.table(&name, &titles)?, plan.table(&format!("{name}-steps"), &STEP_TITLES)?);
    for n in 1..=plan.county.share(14_000) {
        let mut rng = plan.rng("tickets", year.into(), n.into());
        let received = plan.day_in(&mut rng, plan.span(year));
        a_ticket(plan, &mut rng, (&mut table, &mut steps), received, n)?;
    }
    plan.cases(&name, "12345 政务服务便民热线", "tickets", (table, steps))
}

fn a_ticket(
    plan: &Plan,
    rng: &mut Rng,
    (table, steps): (&mut CsvFile, &mut CsvFile),
    received: Date,
    n: u32,
) -> Result<(), String> {
    let (subject, class, unit, words, reply) = rng.pick(&COMPLAINTS);
    let promised = rng.pick(&[3_u32, 5, 5, 7]);
    let can_pause = rng.next_permille(100);
    let course = CaseSchedule::draw(rng, &plan.days, received, promised, can_pause);
    let closed = course.is_closed(plan.today);
    let receipt = format!("RX{}{}", received.strftime("%Y%m%d"), 10_000 + n);
    let (place, code) = place(plan, rng);
    let mut text = words.replace("{}", &place);
    // People leave their numbers, and so they stand in the hotline's tables.
    match rng.next_below(30) {
        0 | 1 => text.push_str(&format!("联系电话 {}。", names::phone(rng))),
        2 => text.push_str(&format!("本人身份证 {}。", names::identity(rng))),
        _ => {}
    }
    let rating = match rng.next_below(100) {
        _ if !closed => "",
        0..72 => "满意",
        72..90 => "基本满意",
        90..96 => "不满意",
        _ => "未评价",
    };
    table.row([
        &receipt,
        subject,
        class,
        unit,
        &received.to_string(),
        &code,
        &text,
        &promised.to_string(),
        &if closed { course.closed.to_string() } else { String::new() },
        if closed { "已办结" } else { "在办" },
        if closed { reply } else { "" },
        rating,
    ])?;
    let put = |[name, from, until, pause, note]: [&str; 5]| steps.row([&receipt, name, from, until, pause, note]);
    case_schedule::steps(
        &course,
        plan.today,
        (rng.next_between(480, 1080), ["受理", "转办", "多部门会商", "办理与回访"]),
        rating,
        put,
    )
}

/// A village or a township: its name and its code.
fn place(plan: &Plan, rng: &mut Rng) -> (String, String) {
    let villages = &plan.county.villages;
    let village = villages.get(rng.next_below(u32::try_from(villages.len()).unwrap_or(1)) as usize);
    match village {
        Some(v) if rng.next_permille(700) => (format!("{}{}", plan.county.town_of(v), v.name), v.code.clone()),
        Some(v) => (plan.county.town_of(v).to_owned(), town_code(v.town)),
        None => ("示例县".to_owned(), "990000".to_owned()),
    }
}
