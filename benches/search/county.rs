//! A made-up county's words: notices, rows and cases with a vocabulary whose words are as unevenly used as real ones.

use super::dice::Dice;
use gongshi::{
    feeds::{Harvest, HarvestOutcome, Harvested, Validators},
    model::{Block, Notice, RowId, ShowPeriod, Span},
    search::SearchItem,
    store::IndexEntry,
    time::Timestamp,
};
use jiff::civil::Date;

const COMMON: &str = "示例 村级 财务 公开 公示 项目 道路 维修 资金 人民 政府 办公室 采购 招标 中标 候选 工程 建设 土地 承包 租赁 \
    合同 补贴 低保 农业 农村 经济 合作社 收入 支出 余额 管理 费用 报销 培训 会议 用品 水利 灌溉 卫生 环境 整治 垃圾 清运 路灯 安装 \
    维护 扶贫 振兴 产业 养殖 种植 柑橘 茶园 林地 鱼塘 集体 资产 处置 拍卖 许可 处罚 行政 审批 办结 受理 材料 身份 证明 登记 变更 \
    食品 经营 药品 医疗 器械 特种 设备 消防 安全 隐患 排查 整改 地质 灾害 监测 防汛 应急 演练 干部 任免 招聘 考试 成绩 拟录用 名单 \
    教育 学校 幼儿园 医院 养老 残疾 救助 住房 危房 改造 搬迁 安置 征收 补偿 规划 许可证 施工 竣工 验收 决算 审计 监督 举报 电话 \
    热线 答复 咨询 投诉 建议 通知 公告 意见 方案 办法 条例 实施 细则 印发 关于 进一步 加强 工作 的 年度 季度 情况 报告 统计 调查";

/// Characters of everyday writing, from which the rarer words are made.
const CHARACTERS: &str = "一丁七万三上下不与东丝两严中丰临为主丽举久义乐乔九习乡书买云互五井亚交产享京亭亮亲人仁今介仍从仓他付仙代令以仪们价任份企伍休众优会伟传伯估伴伸似住佐体何余作佳使例供依侧保信修倍候值健储像儒允元兄充先光克免党入全八公六兰共关兴兵其具典养内册再写军农冠冬冰决况冷准减凤几凡出击刀分切刊列刘则初利别到制刻前剂剑副力办功加务动助努励劳势勇勤包化北区医千升午半华协单南博卡卫印危即却历厂厅压原厚去县参又及友双反发取受变口古句可台史右叶号司合吉同名后吏向吕君否含听启吴呈告员周味命和品响唐商善喜器四回因团园围固国图土圆在地场坚坛坡坤型城域培基堂塔境墙增士壮声处备复夏外多夜大天太夫失头奇契套女好如始姓委子孔字存孙学宁宅守安完宋宏宗官定宜宝实审客室宫害家容宽宾密富寒察寨对寺导寿封射将小少尔尚尤局层居届屋展属山岁岗岛岩岭岸峡峰崇川州工左巧己已市布师希带帮常幕干平年并广庄床序应底店府度座康建开异式引张强当录形彩影往待律得御循微心必志忠快念思急性总恒息悦情惠意感慧成我战户房所手才打托执扩扬承技把投折护报抱担拉招拥择持指按挥损换据捷授排接控推措描提插握援摄操支收改放政故效教敬数整文料斗新方施旅族日旧早时昌明易星春显晓普景晨智暖曲更最月有服朝期木未本术朱机权李材村杜束条来杨杰松板极构林果枝某查标树校样根格案桃桥梁梅械检森植楼模正步武民水永求汇江池河治沿泉法泰泽洋洗活派流测济浪海消深清渠温港湖源溪满演灵火炎点热然照熟爱片版牌牛物特状环现玉王珍班理琴瑞生用田由电界畅留略番登白百的皇益监盖盘目直相省看真着知石码研础确示社祖神福禁禾秀私秋种科秘租积称移程税稳究空立站竞章童端竹笔第等策算管箱米类精系素索红约级纪纯纳线组细终经结给统继绩维综绿网罗美群翔老考者而耕职联聚肉肥育能脑脚自至致航船良色艺节芳花苏英茂范茶草荣药莲获菜营落蓝虎虚行街衣表被装西要见观规视览角解计认讨让训议记讲许论设访证评识诉词译试诗话该详语误说请诸课谁调谈谢象贝负财责贤败货质购贯贵贸费资赛走起超越足路跃身车转轮软轻载辅辆辉边达过运近还进远连迎述迪退送适选透通速造逢道遵部都配酒里重野量金鉴针钟钢钱铁铜银锋锦镇镜长门闭问闲间阁队阳阴防阶阿附际陆陈降限院除险随隆难集雄雅零雷需青静非面革音页项顺预领频题额风飞食饮馆首香马驻验高鱼鲁鸟鸣鹏麦黄黑齐龙";

pub struct County {
    words: Vec<String>,
    pub villages: Vec<String>,
    pub units: Vec<String>,
    headings: Vec<String>,
}

impl County {
    pub fn new(dice: &mut Dice) -> Self {
        let characters: Vec<char> = CHARACTERS.chars().collect();
        let mut words: Vec<String> = COMMON.split_whitespace().map(str::to_owned).collect();
        words.extend((0..6_000).map(|_| (0..2 + dice.below(2)).map(|_| dice.of(&characters)).collect::<String>()));
        let name = |dice: &mut Dice| format!("{}{}", dice.of(&characters), dice.of(&characters));
        let villages = (0..522).map(|_| format!("{}村", name(dice))).collect();
        let units = (0..41).map(|_| format!("示例县{}局", name(dice))).collect();
        let headings = (0..60).map(|n| format!("top{}.mid{}.leaf{n}", n % 7, n % 20)).collect();
        Self { words, villages, units, headings }
    }

    /// A word; the earlier ones come far more often.
    pub fn word(&self, dice: &mut Dice) -> &str {
        let part = (dice.next() >> 11) as f64 / (1u64 << 53) as f64;
        let rank = (self.words.len() as f64).powf(part) - 1.0;
        &self.words[(rank as usize).min(self.words.len() - 1)]
    }

    fn phrase(&self, dice: &mut Dice, words: usize) -> String {
        (0..words).map(|_| self.word(dice)).collect()
    }

    /// Microseconds of some day of five years, and the day.
    fn when(dice: &mut Dice) -> (i64, Date) {
        let day = dice.below(5 * 365) as i64;
        let date = jiff::civil::date(2022, 1, 1).saturating_add(jiff::Span::new().days(day));
        ((18_993 + day) * 86_400_000_000, date)
    }

    pub fn notice(&self, dice: &mut Dice, n: usize) -> Harvested {
        let (at, _) = Self::when(dice);
        let at = at + dice.below(36_000) as i64 * 1_000_000;
        let paragraph = |dice: &mut Dice| {
            let sentences: Vec<String> = (0..6)
                .map(|_| {
                    let words = 5 + dice.below(6);
                    self.phrase(dice, words)
                })
                .collect();
            Block::Paragraph { spans: vec![Span::plain(format!("{}。", sentences.join("，")))] }
        };
        let title_words = 5 + dice.below(5);
        Harvested {
            source: format!("https://example.invalid/{n}"),
            notice: Notice {
                key: format!("https://example.invalid/{n}"),
                title: format!("{}公示", self.phrase(dice, title_words)),
                kind: self.word(dice).to_owned(),
                catalogue: dice.of(&self.headings).clone(),
                issuer: Some(dice.of(&self.units).clone()),
                number: Some(format!("示政发〔{}〕{}号", 2022 + dice.below(5), 1 + dice.below(400))),
                author: None,
                published: Timestamp::from_microsecond(at).ok(),
                updated: None,
                show: ShowPeriod::default(),
                summary: String::new(),
                body: (0..4 + dice.below(3)).map(|_| paragraph(dice)).collect(),
                attachments: Vec::new(),
                link: None,
                warning: None,
            },
        }
    }

    pub fn row(&self, dice: &mut Dice, n: usize) -> IndexEntry {
        // By the month, as ledgers are.
        let month = jiff::civil::date(2022 + dice.below(5) as i16, 1 + dice.below(12) as i8, 1);
        let village = dice.below(self.villages.len());
        IndexEntry {
            item: SearchItem::Row(RowId(n as i64)),
            sorted_at: i64::from((month - jiff::civil::date(1970, 1, 1)).get_days()) * 86_400_000_000,
            title: self.phrase(dice, 3),
            words: [&self.villages[village], "\n", &self.phrase(dice, 8), "\n", &self.phrase(dice, 2)].concat(),
            number: format!("{}-{:06}", 511_000 + village, n),
            catalogue: dice.of(&self.headings).clone(),
            unit: String::new(),
            place: format!("511528{village:06}"),
            day: Some(month),
        }
    }

    pub fn case(&self, dice: &mut Dice, n: usize) -> IndexEntry {
        let (at, day) = Self::when(dice);
        let receipt = format!("{}{:06}", day.strftime("511528%Y%m%d"), n);
        IndexEntry {
            item: SearchItem::Row(RowId(n as i64)),
            sorted_at: at,
            title: format!("{}许可", self.phrase(dice, 3)),
            words: self.phrase(dice, 4),
            number: receipt,
            catalogue: dice.of(&self.headings).clone(),
            unit: dice.of(&self.units).clone(),
            place: String::new(),
            day: Some(day),
        }
    }
}

/// A look that brings these notices.
pub fn harvest(items: Vec<Harvested>) -> Harvest {
    Harvest {
        feed: "bench".to_owned(),
        title: "示例".to_owned(),
        at: Timestamp::from_second(1_790_000_000).unwrap_or_default(),
        outcome: HarvestOutcome::Notices { items, whole: false, faults: Vec::new() },
        validators: Validators::default(),
        raw: Vec::new(),
    }
}
