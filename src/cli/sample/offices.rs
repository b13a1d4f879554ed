//! What the sample county's departments may do, where their risks lie, and what they fined.

use super::{
    names,
    plan::{Plan, cents},
    sink::Made,
};

const FIELDS: [&str; 18] = [
    "经营场所",
    "安全生产",
    "产品质量",
    "环境保护",
    "资金使用",
    "档案资料",
    "施工现场",
    "车辆设备",
    "从业资格",
    "价格公示",
    "卫生条件",
    "消防设施",
    "特种作业",
    "合同履行",
    "补助发放",
    "招标活动",
    "统计资料",
    "公共设施",
];
const POWERS: [(&str, &str, &str); 5] = [
    ("行政处罚", "对违反{}规定的处罚", "立案 → 调查取证 → 告知与听证 → 决定 → 执行"),
    ("行政检查", "{}监督检查", "制定计划 → 随机抽取 → 现场检查 → 结果公示"),
    ("行政强制", "对{}违法行为的查封、扣押", "批准 → 出示证件 → 告知 → 制作笔录 → 送达"),
    ("行政确认", "{}情况的认定", "受理 → 审查 → 公示 → 决定"),
    ("行政给付", "{}专项补助", "申请 → 审核 → 公示 → 拨付"),
];
/// Post, risk, level, measures.
const RISKS: [(&str, &str, &str, &str); 8] = [
    ("审批岗", "超时限办理、变相增加材料", "中", "一次性告知；电子监察亮灯；超时说明理由"),
    ("现场核查岗", "核查走过场、收受礼金", "高", "两人以上核查；影像留存；随机抽取核查人员"),
    ("采购经办岗", "化整为零规避招标", "高", "采购计划集中审核；合同公开；派驻监督"),
    ("资金拨付岗", "截留、滞留补助资金", "高", "一卡通直达；按月对账；发放公示"),
    ("档案管理岗", "材料遗失、私自提供", "低", "借阅登记；电子归档"),
    ("执法岗", "自由裁量随意、选择性执法", "高", "裁量基准公开；执法记录仪；集体讨论"),
    ("人事岗", "选人用人程序不规范", "中", "民主推荐；任前公示；全程纪实"),
    ("窗口岗", "态度生硬、推诿扯皮", "低", "首问负责；服务评价；轮岗"),
];
/// Department, its mark, what was done, the law, and the range of fines in yuan.
type Offence = (&'static str, &'static str, &'static str, &'static str, (u32, u32));
const OFFENCES: [Offence; 10] = [
    ("市场监督管理局", "市监", "销售超过保质期的食品", "《中华人民共和国食品安全法》", (500, 20_000)),
    ("市场监督管理局", "市监", "使用未经检定的计量器具", "《中华人民共和国计量法》", (200, 2_000)),
    ("市场监督管理局", "市监", "未按规定明码标价", "《中华人民共和国价格法》", (200, 5_000)),
    ("交通运输局", "交", "车辆超限运输", "《公路安全保护条例》", (500, 30_000)),
    ("生态环境局", "环", "未采取有效措施防治扬尘", "《中华人民共和国大气污染防治法》", (10_000, 100_000)),
    ("应急管理局", "应急", "未按规定储存危险物品", "《中华人民共和国安全生产法》", (5_000, 50_000)),
    ("综合行政执法局", "综执", "擅自占用城市道路", "《城市道路管理条例》", (200, 2_000)),
    ("卫生健康局", "卫", "公共场所未取得卫生许可", "《公共场所卫生管理条例》", (500, 30_000)),
    ("农业农村局", "农", "经营假劣农药", "《农药管理条例》", (2_000, 50_000)),
    ("住房城乡建设局", "建", "未取得施工许可擅自施工", "《建设工程质量管理条例》", (10_000, 200_000)),
];

/// All of them.
///
/// # Errors
/// One sentence that names the file.
pub fn make(plan: &Plan) -> Result<Made, String> {
    let mut made = powers(plan)?;
    made.add(risks(plan)?);
    made.add(penalties(plan)?);
    Ok(made)
}

fn powers(plan: &Plan) -> Result<Made, String> {
    let mut table = plan.table(
        "all-powers",
        &[
            "权力编码",
            "事项名称",
            "权力类型",
            "实施部门",
            "承诺时限",
            "法定时限",
            "运行流程",
            "设定依据",
            "责任股室",
            "风险等级",
        ],
    )?;
    // The shipped list has what is applied for; here is what the departments do of their own accord.
    for (i, unit) in (0_u32..).zip(&plan.units) {
        let mut rng = plan.rng("powers", i.into(), 0);
        let pairs = FIELDS.iter().flat_map(|f| POWERS.iter().map(move |p| (f, p)));
        for (n, (field, (class, words, flow))) in (1..).zip(pairs.step_by(1 + (i as usize) % 2)) {
            let promised = rng.next_between(5, 45);
            table.row([
                &format!("QZ-{:02}-{n:03}", i + 1),
                &words.replace("{}", field),
                class,
                unit.name,
                &promised.to_string(),
                &(promised + rng.next_between(5, 45)).to_string(),
                flow,
                &format!("本部门权责清单第 {n} 项及相关法律法规"),
                unit.office,
                rng.pick(&["低", "低", "中", "高"]),
            ])?;
        }
    }
    plan.rows("all-powers", "机构编制委员会办公室", "powers", table)
}

fn risks(plan: &Plan) -> Result<Made, String> {
    let titles = ["编号", "部门", "岗位", "风险点", "等级", "防控措施", "责任人", "评估日期"];
    let mut table = plan.table("all-risks", &titles)?;
    let departments = plan.units.iter().map(|u| u.name.to_owned());
    let towns = plan.county.towns.iter().map(|t| format!("{t}人民政府"));
    for (i, office) in (1_u64..).zip(departments.chain(towns)) {
        let mut rng = plan.rng("risks", i, 0);
        for n in 1..=rng.next_between(10, 20) {
            let (post, risk, level, measures) = rng.pick(&RISKS);
            let reviewed = plan.day_in(&mut rng, plan.span(plan.years - 1)).to_string();
            let person = names::person(&mut rng);
            table.row([
                &format!("FXD-{i:03}-{n:02}"),
                &office,
                &format!("{post}（{n} 号）"),
                risk,
                level,
                measures,
                &person,
                &reviewed,
            ])?;
        }
    }
    plan.rows("all-risks", "派驻纪检监察组", "risks", table)
}

fn penalties(plan: &Plan) -> Result<Made, String> {
    let titles =
        ["决定书文号", "决定日期", "当事人", "违法事实", "处罚种类", "处罚依据", "罚款", "处罚机关", "履行情况"];
    let mut table = plan.table("all-penalties", &titles)?;
    for year in 0..plan.years {
        let mut rng = plan.rng("penalties", year.into(), 0);
        // The shipped numbers are small: these begin above them.
        for n in 1..=plan.county.share(2_000) {
            let (unit, mark, facts, law, (low, high)) = rng.pick(&OFFENCES);
            let decided = plan.day_in(&mut rng, plan.span(year));
            let fine = i64::from(rng.next_between(low / 100, high / 100)) * 10_000;
            let firm = names::firm(&mut rng);
            let state = match rng.next_below(100) {
                0..90 => "已履行",
                90..97 => "履行中",
                _ => "申请强制执行",
            };
            table.row([
                &format!("示{mark}罚决〔{}〕{}{n:04} 号", decided.year(), year + 1),
                &decided.to_string(),
                &firm,
                facts,
                "罚款",
                law,
                &cents(fine),
                unit,
                state,
            ])?;
        }
    }
    plan.rows("all-penalties", "信用信息公示平台", "penalties", table)
}
