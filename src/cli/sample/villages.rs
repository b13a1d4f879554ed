//! The villages of the sample county and their monthly accounts, made up by a seed.

use crate::time::civil::Date;
use jiff::ToSpan;
use serde_json::json;
use std::fmt::Write;

const TOWNS: &str = "春夏秋冬梅兰竹菊松柏桃李杏榆柳枫桂莲荷芦苇芳华清明和顺安宁康乐丰盛裕隆祥瑞福禄喜庆云霞虹雪雨风";
const FORE: &str = "东西南北上下前后新老大小";
const AFT: &str = "山河岭桥坪沟湾庄塘林田坝坡峪泉井堡寨屯店集渡口关岩石溪潭洼岗台楼院圩垸冲垅坳谷原川洲浦港";

/// A village and the township it lies in.
#[derive(Debug, Clone)]
pub struct Village {
    code: String,
    name: String,
    town: usize,
}

/// The sample county.
#[derive(Debug)]
pub struct County {
    towns: Vec<String>,
    villages: Vec<Village>,
}

impl County {
    /// A county of so many villages, about eleven to a township.
    pub fn new(villages: u32) -> Self {
        let count = villages as usize;
        let towns = (count * 48).div_ceil(522).max(1);
        let chars: Vec<char> = TOWNS.chars().collect();
        let town_name = |i: usize| match i {
            0 => "示例镇".to_owned(),
            _ => {
                let c = chars.get(i % chars.len()).copied().unwrap_or('新');
                let round = if i < chars.len() { String::new() } else { (i / chars.len() + 1).to_string() };
                format!("示例{c}{round}{}", if i.is_multiple_of(3) { "乡" } else { "镇" })
            }
        };
        let (fore, aft): (Vec<char>, Vec<char>) = (FORE.chars().collect(), AFT.chars().collect());
        let village_name = |i: usize| match i {
            0 => "示例村".to_owned(),
            _ => {
                let f = fore.get(i % fore.len()).copied().unwrap_or('新');
                let a = aft.get(i / fore.len() % aft.len()).copied().unwrap_or('村');
                let round = i / (fore.len() * aft.len());
                format!("{f}{a}{}村", if round == 0 { String::new() } else { (round + 1).to_string() })
            }
        };
        let village = |i: usize| {
            let town = i * towns / count.max(1);
            Village { code: format!("99{:04}{:04}", town + 1, i + 1), name: village_name(i), town }
        };
        Self { towns: (0..towns).map(town_name).collect(), villages: (0..count).map(village).collect() }
    }

    /// `regions.csv` of this county.
    pub fn regions_csv(&self) -> String {
        let mut out = String::from("code,name,parent,kind\n990000,示例县,,county\n");
        for (i, town) in self.towns.iter().enumerate() {
            out.push_str(&format!("99{:04},{town},990000,township\n", i + 1));
        }
        for v in &self.villages {
            out.push_str(&format!("{},{},99{:04},village\n", v.code, v.name, v.town + 1));
        }
        out
    }
}

/// A year of monthly accounts.
pub struct Accounts {
    /// The JSON Feed.
    pub json: String,
    /// Notices in it.
    pub notices: usize,
}

impl Accounts {
    /// The feed's config file.
    pub fn toml(&self, name: &str) -> String {
        let megabytes = self.json.len() / 1_000_000 + 8;
        format!(
            "#:schema ../schema/feed.json\n# 各村逐月账目（由 gongshi sample 生成）。 / Monthly accounts of every village, made by gongshi sample.\n\n\
             title = \"农村集体三资管理平台\"\nsource = \"../sources/{name}.json\"\ncatalogue = \"village.money\"\n\
             kind = \"财务公开\"\nissuer = \"示例县农村经济管理站\"\nshow_days = 30\nevery_minutes = 60\n\
             max_megabytes = {megabytes}\nmax_notices = {}\n",
            self.notices.max(1)
        )
    }
}

/// The accounts of the twelve months that end `year` years before the month before `today`, newest first.
pub fn accounts(county: &County, today: Date, year: u32, seed: u64) -> Accounts {
    let mut items = Vec::new();
    for back in 0..12_u32 {
        let months = i64::from(year * 12 + back + 1);
        let Ok(month) = today.first_of_month().checked_sub(months.months()) else { break };
        let Ok(next) = month.checked_add(1.month()) else { break };
        for (i, village) in county.villages.iter().enumerate() {
            let stamp = u64::try_from(i64::from(month.year()) * 12 + i64::from(month.month())).unwrap_or(0);
            let mut dice = Dice::new(seed ^ stamp.rotate_left(40) ^ (i as u64).rotate_left(20));
            // Accounts are published by the 10th; those of the last month never lie in the future.
            let day = next.checked_add(i64::from(dice.below(8)).days()).unwrap_or(next).min(today);
            let town = county.towns.get(village.town).map_or("", String::as_str);
            items.push(item(town, village, month, day, &mut dice));
        }
    }
    let notices = items.len();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "农村集体三资管理平台",
        "home_page_url": "https://sanzi.example.cn/",
        "language": "zh-CN",
        "items": items,
    });
    Accounts { json: format!("{feed}\n"), notices }
}

fn item(town: &str, village: &Village, month: Date, day: Date, dice: &mut Dice) -> serde_json::Value {
    const INCOME: [&str; 6] =
        ["集体林地承包费", "上级转移支付", "门面房租金", "机动地流转收入", "光伏发电收入", "存款利息"];
    const SPENT: [&str; 7] =
        ["村道维修材料款", "公益性岗位补贴", "办公用电", "垃圾清运费", "水渠清淤", "路灯维护", "慰问困难户"];
    let (mut rows, mut income, mut spent) = (Vec::new(), 0_u64, 0_u64);
    for _ in 0..3 + dice.below(5) {
        let on = 1 + dice.below(28);
        let cents = u64::from(dice.below(4_000_000)) + 5_000;
        if dice.below(2) == 0 {
            income += cents;
            rows.push((on, dice.pick(&INCOME), cents, true));
        } else {
            spent += cents;
            rows.push((on, dice.pick(&SPENT), cents, false));
        }
    }
    rows.sort_unstable();
    let mut body = String::from("<table><tr><th>日期</th><th>摘要</th><th>收入（元）</th><th>支出（元）</th></tr>");
    for (on, what, cents, incoming) in rows {
        let (a, b) = if incoming { (yuan(cents), String::new()) } else { (String::new(), yuan(cents)) };
        // Writing to a String cannot fail.
        let _ = write!(body, "<tr><td>{:02}-{on:02}</td><td>{what}</td><td>{a}</td><td>{b}</td></tr>", month.month());
    }
    let _ = write!(body, "<tr><td>合计</td><td></td><td>{}</td><td>{}</td></tr></table>", yuan(income), yuan(spent));
    body.push_str("<p>账目已经村务监督委员会审核。对账目有疑问的，可以拨打 12345。</p>");
    let key = format!("SZ-{}{:02}-{}", month.year(), month.month(), village.code);
    let minute = dice.below(540);
    json!({
        "id": key,
        "url": format!("https://sanzi.example.cn/{key}.html"),
        "title": format!("{}{} {} 年 {} 月财务收支公布", town, village.name, month.year(), month.month()),
        "date_published": format!("{day}T{:02}:{:02}:00+08:00", 8 + minute / 60, minute % 60),
        "authors": [{ "name": format!("{}村务监督委员会", village.name) }],
        "content_html": body,
    })
}

/// Cents as `12,345.67`.
fn yuan(cents: u64) -> String {
    let digits = (cents / 100).to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    format!("{out}.{:02}", cents % 100)
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end` - 1.
    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let i = self.below(u32::try_from(words.len()).unwrap_or(1)) as usize;
        words.get(i).copied().unwrap_or("其他")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_full_county_has_48_townships_and_every_name_once() {
        let county = County::new(522);
        assert_eq!(county.towns.len(), 48);
        let names: HashSet<_> = county.villages.iter().map(|v| (v.town, &v.name)).collect();
        assert_eq!(names.len(), 522);
        assert_eq!(county.towns.iter().collect::<HashSet<_>>().len(), 48);
    }

    #[test]
    fn accounts_cover_the_year_and_lie_in_the_past() {
        let today = jiff::civil::date(2026, 11, 3);
        let feed = accounts(&County::new(5), today, 0, 1);
        assert_eq!(feed.notices, 60);
        let value: serde_json::Value = serde_json::from_str(&feed.json).unwrap();
        let ids: HashSet<&str> = value["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 60);
        for item in value["items"].as_array().unwrap() {
            assert!(item["date_published"].as_str().unwrap() < "2026-11-04");
        }
        assert_ne!(feed.json, accounts(&County::new(5), today, 0, 2).json);
        assert_eq!(yuan(123_456_789), "1,234,567.89");
    }
}
