//! The sample county's townships and villages: those of the shipped `regions.csv`, then more by tables of syllables.

const TOWNS: &str =
    "春夏秋冬梅兰竹菊松柏桃李杏榆柳枫桂莲荷芦苇芳华清明和顺安宁康乐丰盛裕隆祥瑞福禄喜庆云霞虹雪雨风岚泽润泰嘉秀永昌";
const FORE: &str = "东西南北上下前后新老大小";
const AFT: &str = "山河岭桥坪沟湾庄塘林田坝坡峪泉井堡寨屯店集渡口关岩石溪潭洼岗台楼院圩垸冲垅坳谷原川洲浦港";

/// The villages of the shipped folder, by township; their ledgers of the last year are shipped as well.
const SHIPPED: [[&str; 3]; 2] = [["示例村", "东山村", "西岭村"], ["河西村", "河东村", "石桥村"]];

/// A village and the township it lies in.
#[derive(Debug, Clone)]
pub struct Village {
    /// Its code in `regions.csv`.
    pub code: String,
    /// Its name, unique within the county.
    pub name: String,
    /// The index of its township.
    pub town: usize,
    /// Whether the shipped folder knows it.
    pub is_shipped: bool,
}

/// The sample county.
#[derive(Debug)]
pub struct County {
    /// Names of the townships; the code of the first is 990001.
    pub towns: Vec<String>,
    /// The villages, township by township.
    pub villages: Vec<Village>,
}

impl County {
    /// A county of so many villages, about eleven to a township; at least those of the shipped folder.
    pub fn new(villages: u32) -> Self {
        let count = (villages as usize).max(6);
        let towns = (count * 48).div_ceil(522).max(2);
        let mut names = village_names();
        let mut within = 0;
        let mut last = 0;
        let village = |i: usize| {
            let town = i * towns / count;
            within = if town == last { within + 1 } else { 1 };
            last = town;
            let shipped = SHIPPED.get(town).and_then(|names| names.get(within - 1));
            let name = shipped.map(|s| (*s).to_owned()).or_else(|| names.next()).unwrap_or_default();
            Village { code: format!("{}{within:03}", town_code(town)), name, town, is_shipped: shipped.is_some() }
        };
        Self { towns: (0..towns).map(town_name).collect(), villages: (0..count).map(village).collect() }
    }

    /// `regions.csv` of this county.
    pub fn regions_csv(&self) -> String {
        let mut out = String::from("code,name,parent,kind\n990000,示例县,,county\n");
        for (i, town) in self.towns.iter().enumerate() {
            out.push_str(&format!("{},{town},990000,township\n", town_code(i)));
        }
        for v in &self.villages {
            out.push_str(&format!("{},{},{},village\n", v.code, v.name, town_code(v.town)));
        }
        out
    }

    /// So many of a full county of 522 villages, in proportion; at least one.
    pub fn share(&self, of_full: u32) -> u32 {
        let villages = u64::try_from(self.villages.len()).unwrap_or(0);
        u32::try_from((u64::from(of_full) * villages).div_ceil(522)).unwrap_or(of_full).max(1)
    }

    /// The name of a village's township.
    pub fn town_of(&self, village: &Village) -> &str {
        self.towns.get(village.town).map_or("", String::as_str)
    }
}

/// The code of a township.
pub fn town_code(town: usize) -> String {
    format!("99{:04}", town + 1)
}

fn town_name(i: usize) -> String {
    match i {
        0 => return "示例镇".to_owned(),
        1 => return "示例乡".to_owned(),
        _ => {}
    }
    let count = TOWNS.chars().count();
    let c = TOWNS.chars().nth(i % count).unwrap_or('新');
    let round = if i < count { String::new() } else { (i / count + 1).to_string() };
    format!("示例{c}{round}{}", if i.is_multiple_of(3) { "乡" } else { "镇" })
}

/// Names no other village has.
fn village_names() -> impl Iterator<Item = String> {
    let (fore, aft): (Vec<char>, Vec<char>) = (FORE.chars().collect(), AFT.chars().collect());
    let name = move |i: usize| {
        let f = fore.get(i % fore.len()).copied()?;
        let a = aft.get(i / fore.len() % aft.len()).copied()?;
        let round = i / (fore.len() * aft.len());
        Some(format!("{f}{a}{}村", if round == 0 { String::new() } else { (round + 1).to_string() }))
    };
    (0..).map_while(name).filter(|n| !SHIPPED.as_flattened().contains(&n.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_full_county_has_48_townships_and_every_name_once() {
        let county = County::new(522);
        assert_eq!((county.towns.len(), county.villages.len()), (48, 522));
        assert_eq!(county.villages.iter().map(|v| &v.name).collect::<HashSet<_>>().len(), 522);
        assert_eq!(county.villages.iter().map(|v| &v.code).collect::<HashSet<_>>().len(), 522);
        assert_eq!(county.towns.iter().collect::<HashSet<_>>().len(), 48);
        let numbered = |name: &String| name.chars().any(|c| c.is_ascii_digit());
        assert!(!county.towns.iter().chain(county.villages.iter().map(|v| &v.name)).any(numbered));
        assert_eq!(county.share(600), 600);
    }

    #[test]
    fn every_county_holds_the_shipped_one() {
        let shipped = include_str!("../../../kiosk-config/regions.csv");
        for villages in [1, 6, 24, 522, 833] {
            let regions = County::new(villages).regions_csv();
            for line in shipped.lines().filter(|l| !l.starts_with('#')) {
                assert!(regions.lines().any(|l| l == line), "{villages}: {line}");
            }
            assert_eq!(County::new(villages).villages.iter().filter(|v| v.is_shipped).count(), 6);
        }
    }
}
