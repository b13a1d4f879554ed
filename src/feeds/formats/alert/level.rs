//! The level of an alert, and the words for it.

use crate::model::{Warning, WarningLevel, WarningStage};

/// Where an alert may say its level.
pub struct Said<'a> {
    /// `<severity>`.
    pub severity: &'a str,
    /// `<parameter>`s by name.
    pub parameters: &'a [(String, String)],
    /// Its headline and event.
    pub words: &'a [&'a str],
}

const COLOURS: [(WarningLevel, &str, [&str; 2], &str); 4] = [
    (WarningLevel::Red, "红色", ["red", "extreme"], "红"),
    (WarningLevel::Orange, "橙色", ["orange", "severe"], "橙"),
    (WarningLevel::Yellow, "黄色", ["yellow", "moderate"], "黄"),
    (WarningLevel::Blue, "蓝色", ["blue", "minor"], "蓝"),
];
/// The four degrees of emergencies (突发事件应对法, art. 42: one is the highest and red).
const DEGREES: [(WarningLevel, [&str; 4]); 4] = [
    (WarningLevel::Red, ["I级", "Ⅰ级", "一级", "特别重大"]),
    (WarningLevel::Orange, ["II级", "Ⅱ级", "二级", "重大"]),
    (WarningLevel::Yellow, ["III级", "Ⅲ级", "三级", "较大"]),
    (WarningLevel::Blue, ["IV级", "Ⅳ级", "四级", "一般"]),
];

/// The level: a colour wherever it is said, in the order of how surely it is meant, then CAP's severity.
pub fn of(said: &Said<'_>) -> Option<WarningLevel> {
    let severity = said.severity.to_ascii_lowercase();
    let by_severity = |place: usize| {
        COLOURS.iter().find(|(_, _, names, _)| names.get(place).is_some_and(|n| *n == severity)).map(|(l, ..)| *l)
    };
    by_severity(0)
        .or_else(|| colour(said.severity))
        .or_else(|| said.parameters.iter().find_map(|(_, value)| exact(value)))
        .or_else(|| said.words.iter().find_map(|w| colour(w)))
        .or_else(|| said.parameters.iter().filter(|(name, _)| names_level(name)).find_map(|(_, v)| degree(v)))
        .or_else(|| said.words.iter().find_map(|w| degree(w)))
        .or_else(|| by_severity(1))
        .or_else(|| said.words.iter().find_map(|w| english(w)))
}

/// 暴雨橙色预警: the colour that is named first.
fn colour(words: &str) -> Option<WarningLevel> {
    let found = COLOURS.iter().filter_map(|(level, name, ..)| words.find(name).map(|at| (at, *level)));
    found.min_by_key(|(at, _)| *at).map(|(_, level)| level)
}

/// A value that is a colour and nothing else.
fn exact(value: &str) -> Option<WarningLevel> {
    let value = value.trim();
    let is = |(_, name, names, short): &&(WarningLevel, &str, [&str; 2], &str)| {
        value == *name || value == *short || names.first().is_some_and(|n| value.eq_ignore_ascii_case(n))
    };
    COLOURS.iter().find(is).map(|(level, ..)| *level).or_else(|| colour(value))
}

fn names_level(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["level", "color", "colour", "级", "颜色"].iter().any(|word| name.contains(word))
}

/// Ⅱ级, 二级, 重大; the longest name first, since `II级` holds `I级`.
fn degree(words: &str) -> Option<WarningLevel> {
    let found = DEGREES.iter().flat_map(|(level, names)| names.iter().map(move |name| (*name, *level)));
    let mut found: Vec<_> = found.filter(|(name, _)| words.contains(name)).collect();
    found.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    found.first().map(|(_, level)| *level)
}

/// `Code ORANGE`: a whole word in capitals. Red Flag Warning and the like are names.
fn english(words: &str) -> Option<WarningLevel> {
    let is_word = |word: &str, names: &[&str; 2]| {
        word.bytes().all(|b| b.is_ascii_uppercase()) && names.first().is_some_and(|n| word.eq_ignore_ascii_case(n))
    };
    words
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|w| !w.is_empty())
        .find_map(|word| COLOURS.iter().find(|(_, _, names, _)| is_word(word, names)).map(|(level, ..)| *level))
}

/// Whether an event is given by its code, such as `11B03`.
pub fn is_code(event: &str) -> bool {
    event.bytes().any(|b| b.is_ascii_digit()) && event.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What happens, by a headline such as 示例县气象台发布暴雨橙色预警信号: what stands before the colour.
pub fn event(headline: &str) -> Option<String> {
    let at = COLOURS.iter().filter_map(|(_, name, ..)| headline.find(name)).min()?;
    let before = headline.get(..at)?;
    let verbs = ["发布", "更新", "解除", "变更", "升级", "降级", "取消", "继续"];
    let from = verbs.iter().filter_map(|verb| before.rfind(verb).map(|at| at + verb.len())).max()?;
    let name = before.get(from..)?.trim_matches(|c: char| !c.is_alphanumeric());
    (!name.is_empty() && name.chars().count() <= 12).then(|| name.to_owned())
}

fn name(level: WarningLevel) -> &'static str {
    COLOURS.iter().find(|(l, ..)| *l == level).map_or("", |(_, name, ..)| name)
}

/// A title for an alert without a headline: 暴雨橙色预警.
pub fn title(warning: &Warning) -> String {
    if warning.event.is_empty() {
        return String::new();
    }
    if warning.event.is_ascii() {
        return warning.event.clone();
    }
    let before = if warning.stage == WarningStage::Cancel { "解除" } else { "" };
    let event = warning.event.trim_end_matches("预警");
    let level = warning.level.map(name).filter(|level| !event.contains(level)).unwrap_or_default();
    format!("{before}{event}{level}预警")
}

/// The badge of an alert.
pub fn badge(warning: &Warning) -> String {
    match (warning.stage, warning.level) {
        (WarningStage::Cancel, _) => "预警解除".into(),
        (_, Some(level)) => format!("{}预警", name(level)),
        (_, None) => "预警".into(),
    }
}

/// What is put before the title of an alert that is not meant: whoever reads it must not take it for one.
pub fn status_words(status: &str) -> &'static str {
    match status.to_ascii_lowercase().as_str() {
        "exercise" => "【演练】",
        "test" => "【测试】",
        "draft" => "【草稿】",
        "system" => "【系统】",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Red", &[], "", Some(WarningLevel::Red))]
    #[case("Severe", &[("颜色", "Yellow")], "暴雨橙色预警", Some(WarningLevel::Yellow))]
    #[case("Severe", &[], "示例县气象台发布暴雨蓝色预警，此前的红色预警解除", Some(WarningLevel::Blue))]
    #[case("Moderate", &[("预警级别", "II级/重大")], "", Some(WarningLevel::Orange))]
    #[case("Unknown", &[], "关于启动防汛Ⅲ级应急响应的公告", Some(WarningLevel::Yellow))]
    #[case("Extreme", &[], "Red Flag Warning", Some(WarningLevel::Red))]
    #[case("Unknown", &[], "Red Flag Warning", None)]
    #[case("Unknown", &[], "Homeland Security Sets Code ORANGE", Some(WarningLevel::Orange))]
    #[case("黄色", &[], "", Some(WarningLevel::Yellow))]
    #[case("", &[], "", None)]
    fn levels(
        #[case] severity: &str,
        #[case] parameters: &[(&str, &str)],
        #[case] headline: &str,
        #[case] level: Option<WarningLevel>,
    ) {
        let parameters: Vec<_> = parameters.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(of(&Said { severity, parameters: &parameters, words: &[headline] }), level);
    }

    #[test]
    fn events_are_found_in_headlines() {
        assert_eq!(event("示例县气象台发布暴雨橙色预警信号").as_deref(), Some("暴雨"));
        assert_eq!(event("示例县气象局2026年11月23日09时30分继续发布道路结冰黄色预警").as_deref(), Some("道路结冰"));
        assert_eq!(event("通知"), None);
    }
}
