//! Names of people and firms that are plainly made up: the surnames are the ten heavenly stems, the firms are 示例.

use super::rng::Rng;

const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const GIVEN: [&str; 36] = [
    "安", "宁", "和", "顺", "文", "志", "广", "长", "秀", "明", "清", "远", "平", "青", "兰", "康", "永", "嘉", "思",
    "敏", "春", "林", "松", "月", "雪", "云", "书", "田", "禾", "石", "川", "舟", "星", "岚", "乔", "棠",
];
const BUILDERS: [&str; 5] =
    ["建设工程有限公司", "路桥工程有限公司", "市政工程有限公司", "水利工程有限公司", "园林工程有限公司"];
const TRADES: [&str; 19] = [
    "信息技术有限公司",
    "商贸有限公司",
    "物流有限公司",
    "食品有限公司",
    "机电设备有限公司",
    "环卫设备有限公司",
    "种养专业合作社",
    "农产品加工厂",
    "餐饮店",
    "百货店",
    "五金店",
    "药房",
    "诊所",
    "宾馆",
    "汽车维修厂",
    "加油站",
    "砂石厂",
    "幼儿园",
    "图文设计室",
];

/// A person, such as 甲明安.
pub fn person(rng: &mut Rng) -> String {
    format!("{}{}{}", rng.pick(&STEMS), rng.pick(&GIVEN), rng.pick(&GIVEN))
}

/// A firm of any trade, such as 示例和顺商贸有限公司.
pub fn firm(rng: &mut Rng) -> String {
    format!("示例{}{}{}", rng.pick(&GIVEN), rng.pick(&GIVEN), rng.pick(&TRADES))
}

/// A firm that builds.
pub fn builder(rng: &mut Rng) -> String {
    format!("示例{}{}{}", rng.pick(&GIVEN), rng.pick(&GIVEN), rng.pick(&BUILDERS))
}

/// A mobile phone number nobody has; long enough to be masked.
pub fn phone(rng: &mut Rng) -> String {
    format!("1300000000{}", rng.next_below(10))
}

/// An ID number of no region (99), with a plausible birth date; long enough to be masked.
pub fn identity(rng: &mut Rng) -> String {
    let (year, month, day) = (rng.next_between(1940, 2004), rng.next_between(1, 12), rng.next_between(1, 28));
    format!("990001{year}{month:02}{day:02}00{}X", rng.next_below(10))
}
