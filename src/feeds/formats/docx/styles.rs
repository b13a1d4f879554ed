//! Styles and numbering: which paragraphs are headings or titles, and what stands before numbered ones.

use super::xml::XmlElement;
use std::collections::HashMap;

/// Styles that one style may be based on.
const MAX_CHAIN: usize = 12;

/// What a paragraph's style says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Style {
    /// Whether it is that of the document's title.
    pub is_title: bool,
    /// 1 to 6 for a heading.
    pub heading: Option<u8>,
    /// Whether it is centred.
    pub centred: Option<bool>,
    /// Half points.
    pub size: Option<u32>,
    /// Whether its text is bold.
    pub bold: Option<bool>,
    /// Its list and the depth in it.
    pub list: Option<(String, u8)>,
    /// The style it is based on.
    pub based_on: Option<String>,
}

/// The document's styles by id.
#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    plain: Style,
}

impl Styles {
    /// Reads `styles.xml`.
    pub fn new(root: &XmlElement) -> Self {
        let mut styles = Self::default();
        if let Some(run) = root.find("rPrDefault").and_then(|d| d.child("rPr")) {
            styles.plain.size = size(run);
        }
        for node in root.all("style") {
            let Some(id) = node.attr("styleId") else { continue };
            let name = node.value("name").unwrap_or_default().trim().to_ascii_lowercase();
            let mut style = node.child("pPr").map(paragraph).unwrap_or_default();
            let run = node.child("rPr");
            style.is_title = matches!(name.as_str(), "title" | "标题" | "公文标题" | "文件标题");
            style.heading = heading(&name).or(style.heading);
            style.size = run.and_then(size).or(style.size);
            style.bold = run.and_then(|r| r.switch("b")).or(style.bold);
            style.based_on = node.value("basedOn").map(str::to_owned);
            styles.styles.insert(id.to_owned(), style);
            if node.attr("default") == Some("1") && node.attr("type") == Some("paragraph") {
                let own = styles.styles.get(id).cloned().unwrap_or_default();
                styles.plain.size = own.size.or(styles.plain.size);
            }
        }
        styles
    }

    /// What a style says, with all it is based on.
    pub fn get(&self, id: Option<&str>) -> Style {
        let mut whole = Style::default();
        let mut next = id;
        for _ in 0..MAX_CHAIN {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else { break };
            whole.is_title |= style.is_title;
            whole.heading = whole.heading.or(style.heading);
            whole.centred = whole.centred.or(style.centred);
            whole.size = whole.size.or(style.size);
            whole.bold = whole.bold.or(style.bold);
            whole.list = whole.list.or_else(|| style.list.clone());
            next = style.based_on.as_deref();
        }
        whole.size = whole.size.or(self.plain.size);
        whole
    }
}

fn heading(name: &str) -> Option<u8> {
    let rest = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    rest.trim().parse::<u8>().ok().filter(|n| (1..=9).contains(n)).map(|n| n.min(6))
}

/// Half points of a run.
pub fn size(run: &XmlElement) -> Option<u32> {
    run.value("sz").or_else(|| run.value("szCs"))?.parse().ok()
}

/// What a paragraph's own properties say.
pub fn paragraph(properties: &XmlElement) -> Style {
    let outline = properties.value("outlineLvl").and_then(|v| v.parse::<u8>().ok()).filter(|n| *n < 9);
    let list = properties.child("numPr").map(|n| {
        let depth = n.value("ilvl").and_then(|v| v.parse().ok()).unwrap_or(0u8);
        (n.value("numId").unwrap_or("0").to_owned(), depth.min(8))
    });
    Style {
        heading: outline.map(|n| (n + 1).min(6)),
        centred: properties.value("jc").map(|v| v == "center"),
        list,
        ..Style::default()
    }
}

/// Characters of what stands before an item.
const LONGEST: usize = 64;
/// Lists one document may have; each keeps its levels.
const MAX_LISTS: usize = 20_000;

/// One level of a list.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

/// What stands before a paragraph of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A bullet.
    Bullet,
    /// A plain number, `3.`.
    Number(u32),
    /// Anything else, as it is written: 一、（二）, 第三条, 1.2.
    Text(String),
}

/// The document's lists and how far each has counted.
#[derive(Debug, Default)]
pub struct Numbering {
    lists: HashMap<String, (String, HashMap<u8, Level>)>,
    counts: HashMap<String, [u32; 9]>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn new(root: &XmlElement) -> Self {
        let level = |node: &XmlElement| {
            let depth = node.attr("ilvl")?.parse::<u8>().ok().filter(|n| *n < 9)?;
            let start = node.value("start").and_then(|v| v.parse().ok()).unwrap_or(1);
            let level = Level {
                format: node.value("numFmt").unwrap_or("decimal").to_owned(),
                text: node.value("lvlText").unwrap_or_default().chars().take(LONGEST).collect(),
                start,
            };
            Some((depth, level))
        };
        let kinds: HashMap<&str, HashMap<u8, Level>> = root
            .all("abstractNum")
            .filter_map(|n| Some((n.attr("abstractNumId")?, n.all("lvl").filter_map(level).collect())))
            .collect();
        let mut lists = HashMap::new();
        for list in root.all("num").take(MAX_LISTS) {
            let (Some(id), Some(kind)) = (list.attr("numId"), list.value("abstractNumId")) else { continue };
            let mut levels = kinds.get(kind).cloned().unwrap_or_default();
            let mut counter = kind.to_owned();
            for over in list.all("lvlOverride") {
                if let Some((depth, own)) = over.child("lvl").and_then(level) {
                    levels.insert(depth, own);
                }
                let depth = over.attr("ilvl").and_then(|v| v.parse::<u8>().ok());
                let start = over.value("startOverride").and_then(|v| v.parse().ok());
                if let (Some(own), Some(start)) = (depth.and_then(|d| levels.get_mut(&d)), start) {
                    own.start = start;
                    // A list that starts anew counts for itself.
                    counter = format!("{kind}/{id}");
                }
            }
            lists.insert(id.to_owned(), (counter, levels));
        }
        Self { lists, counts: HashMap::new() }
    }

    /// Counts a paragraph of a list on; `None` where it is of none.
    pub fn next(&mut self, list: &str, depth: u8) -> Option<Mark> {
        let (counter, levels) = self.lists.get(list)?;
        let level = levels.get(&depth)?;
        let start = |d: u8| levels.get(&d).map_or(1, |l| l.start);
        let counts = self.counts.entry(counter.clone()).or_default();
        for (d, count) in (0u8..).zip(counts.iter_mut()) {
            if d == depth {
                *count = if *count == 0 { start(d).max(1) } else { count.saturating_add(1) };
            } else if d > depth {
                *count = 0;
            } else if *count == 0 {
                *count = start(d).max(1);
            }
        }
        let own = counts.get(usize::from(depth)).copied().unwrap_or(1);
        if level.format == "bullet" {
            return Some(Mark::Bullet);
        }
        if level.format == "none" && level.text.is_empty() {
            return None;
        }
        let plain = format!("%{}", depth + 1);
        if level.format == "decimal" && [format!("{plain}."), plain.clone(), format!("{plain}．")].contains(&level.text)
        {
            return Some(Mark::Number(own));
        }
        let mut text = level.text.clone();
        for (d, count) in (0u8..).zip(counts.iter()) {
            let format = levels.get(&d).map_or("decimal", |l| l.format.as_str());
            text = text.replace(&format!("%{}", d + 1), &written(*count, format));
        }
        Some(Mark::Text(text))
    }
}

/// A number as a list writes it.
fn written(n: u32, format: &str) -> String {
    let letter = |first: u8| {
        let place = u8::try_from(n.saturating_sub(1) % 26).unwrap_or(0);
        char::from(first + place).to_string().repeat((n.saturating_sub(1) / 26 + 1).min(4) as usize)
    };
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographTraditional" => chinese(n),
        "ideographDigital" | "japaneseDigitalTenThousand" => n.to_string().chars().map(digit).collect(),
        "lowerLetter" => letter(b'a'),
        "upperLetter" => letter(b'A'),
        "lowerRoman" => roman(n).to_ascii_lowercase(),
        "upperRoman" => roman(n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&n) => {
            char::from_u32(0x2460 + n - 1).map(String::from).unwrap_or_default()
        }
        "decimalZero" => format!("{n:02}"),
        "none" => String::new(),
        _ => n.to_string(),
    }
}

fn digit(c: char) -> char {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    c.to_digit(10).and_then(|d| digits.get(d as usize)).copied().unwrap_or(c)
}

/// Up to 9999: 一百零五, 十二.
fn chinese(n: u32) -> String {
    if n == 0 || n > 9999 {
        return n.to_string();
    }
    let (mut text, mut gap) = (String::new(), false);
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        match n / unit % 10 {
            0 => gap = !text.is_empty(),
            d => {
                if gap {
                    text.push('零');
                }
                if !(unit == 10 && d == 1 && text.is_empty()) {
                    text.extend(char::from_digit(d, 10).map(digit));
                }
                text.push_str(name);
                gap = false;
            }
        }
    }
    text
}

fn roman(n: u32) -> String {
    let parts = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let (mut left, mut text) = (n.min(3999), String::new());
    for (value, letters) in parts {
        while left >= value {
            text.push_str(letters);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{chinese, roman, written};

    #[test]
    fn numbers_are_written_as_lists_write_them() {
        for (n, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (2026, "二千零二十六"),
        ] {
            assert_eq!(chinese(n), text);
        }
        assert_eq!((roman(4), roman(1999)), ("IV".into(), "MCMXCIX".into()));
        assert_eq!((written(3, "decimalEnclosedCircle"), written(28, "lowerLetter")), ("③".into(), "bb".into()));
    }
}
