//! What typed words ask for, and where they stand in what was found.

use super::{
    pinyin::{self, Pattern},
    tokens::{self, BREAK, FoldedChar},
};
use std::ops::Range;

/// Units of a query that are looked at; what is typed beyond them is passed over.
const MAX_UNITS: usize = 64;
/// Words of a query that are looked at.
const MAX_WORDS: usize = 8;
/// Digits from which on a word is a document's or a receipt's number; a year has four.
const MIN_NUMBER_DIGITS: usize = 6;
/// Digits of a year: fewer make no number of a document.
const YEAR_DIGITS: usize = 4;
/// Units before a match in a snippet, and in all.
const SNIPPET_LEAD_UNITS: usize = 12;
const SNIPPET_UNITS: usize = 60;

/// What an item must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTerm {
    /// These folded characters, one after the other.
    Text(Vec<char>),
    /// A title that sounds so.
    Sound(Pattern),
    /// Each of these, wherever it stands.
    All(Vec<SearchTerm>),
    /// At least one of these.
    Any(Vec<SearchTerm>),
}

/// What is wanted of each word that was typed; empty where nothing was typed that can be looked for. A word is
/// looked for as it stands, and its letters as pinyin of titles too; a number in brackets also without them, since
/// offices write a space after some and no space after others.
pub fn search_terms(text: &str) -> Vec<SearchTerm> {
    let mut room = MAX_UNITS;
    let mut wants = Vec::new();
    for word in text.split_whitespace() {
        if room == 0 || wants.len() == MAX_WORDS {
            break;
        }
        let end = word.char_indices().nth(MAX_UNITS).map_or(word.len(), |(at, _)| at);
        let word = word.get(..end).unwrap_or(word);
        let mut chars = tokens::folded(word);
        chars.truncate(room);
        if chars.last() == Some(&BREAK) {
            chars.pop();
        }
        if chars.is_empty() {
            continue;
        }
        room -= chars.len();
        let sounds = sounding(word, chars.len());
        let as_typed = match bare(word, &chars) {
            Some(bare) => SearchTerm::Any(vec![SearchTerm::Text(chars), SearchTerm::Text(bare)]),
            None => SearchTerm::Text(chars),
        };
        wants.push(match sounds {
            None => as_typed,
            Some(sounds) => SearchTerm::Any(vec![as_typed, sounds]),
        });
    }
    wants
}

/// A number that was typed with brackets, without them and all other breaks.
fn bare(word: &str, chars: &[char]) -> Option<Vec<char>> {
    let has_brackets = word.contains(['〔', '〕', '[', ']', '【', '】', '(', ')', '（', '）', '［', '］']);
    let bare: Vec<char> = chars.iter().copied().filter(|c| *c != BREAK).collect();
    (has_brackets && bare.len() < chars.len() && bare.iter().any(char::is_ascii_digit)).then_some(bare)
}

/// The word with its stretches of letters taken as pinyin; `None` where it has none that can be, or is a number: letters
/// at its head are its kind.
fn sounding(word: &str, room: usize) -> Option<SearchTerm> {
    if word.bytes().filter(u8::is_ascii_digit).count() >= MIN_NUMBER_DIGITS {
        return None;
    }
    let mut parts: Vec<SearchTerm> = Vec::new();
    let mut has_sound = false;
    let (mut letters, mut others) = (String::new(), String::new());
    let mut end_letters = |letters: &mut String, parts: &mut Vec<SearchTerm>| {
        let typed = std::mem::take(letters);
        let sounds: Vec<SearchTerm> = pinyin::patterns(&typed).into_iter().map(SearchTerm::Sound).collect();
        let chars = tokens::folded(&typed);
        if !sounds.is_empty() {
            has_sound = true;
            parts.push(SearchTerm::Any(sounds));
        } else if !chars.is_empty() {
            parts.push(SearchTerm::Text(chars));
        }
    };
    let end_others = |others: &mut String, parts: &mut Vec<SearchTerm>| {
        let chars = tokens::folded(&std::mem::take(others));
        if !chars.is_empty() {
            parts.push(SearchTerm::Text(chars));
        }
    };
    for c in word.chars().take(room.max(1) * 2) {
        match letter(c) {
            Some(letter) => {
                end_others(&mut others, &mut parts);
                letters.push_str(&letter);
            }
            None => {
                end_letters(&mut letters, &mut parts);
                others.push(c);
            }
        }
    }
    end_letters(&mut letters, &mut parts);
    end_others(&mut others, &mut parts);
    match parts.len() {
        _ if !has_sound => None,
        1 => parts.pop(),
        _ => Some(SearchTerm::All(parts)),
    }
}

/// What a character is in pinyin: letters without their tones, ü as v, the apostrophe.
fn letter(c: char) -> Option<String> {
    match c {
        '\'' | '’' | '‘' | '＇' => return Some("'".to_owned()),
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'Ü' => return Some("v".to_owned()),
        _ => {}
    }
    let mut folded = String::new();
    tokens::fold(c, |f| folded.push(f));
    (!folded.is_empty() && folded.bytes().all(|b| b.is_ascii_lowercase())).then_some(folded)
}

/// A text made ready for marking.
#[derive(Debug)]
pub struct MarkedText {
    units: Vec<FoldedChar>,
    sounds: Vec<Vec<pinyin::Sound>>,
}

impl MarkedText {
    /// A title, which is also looked for by its sound.
    pub fn title(text: &str) -> Self {
        let units = tokens::units(text);
        Self { sounds: pinyin::sounds(&units), units }
    }

    /// A body, which is not looked for by its sound.
    pub fn body(text: &str) -> Self {
        Self { units: tokens::units(text), sounds: Vec::new() }
    }

    /// Whether a title sounds so.
    pub fn matches_sound(&self, pattern: &Pattern) -> bool {
        !pattern.occurrences(&self.sounds).is_empty()
    }

    /// Where a want is met, as bytes; `None` where it is not.
    pub fn places(&self, want: &SearchTerm) -> Option<Vec<Range<usize>>> {
        let found = match want {
            SearchTerm::Text(chars) => self.written(chars),
            SearchTerm::Sound(pattern) => pattern.occurrences(&self.sounds),
            SearchTerm::All(wants) => wants.iter().map(|w| self.places(w)).collect::<Option<Vec<_>>>()?.concat(),
            SearchTerm::Any(wants) => wants.iter().filter_map(|w| self.places(w)).flatten().collect(),
        };
        (!found.is_empty()).then_some(found)
    }

    /// Where characters stand; a number also where it is written with other brackets, as the index finds it too.
    fn written(&self, chars: &[char]) -> Vec<Range<usize>> {
        let found = tokens::occurrences(&self.units, chars);
        if !found.is_empty() || chars.iter().filter(|c| c.is_ascii_digit()).count() < YEAR_DIGITS {
            return found;
        }
        let solid = |units: &[FoldedChar]| units.iter().filter(|u| u.c != BREAK).cloned().collect::<Vec<_>>();
        let wanted: Vec<char> = chars.iter().copied().filter(|c| *c != BREAK).collect();
        tokens::occurrences(&solid(&self.units), &wanted)
    }

    /// Where the wants are met, as far as they are; and whether all of them are.
    pub fn marks(&self, wants: &[SearchTerm]) -> (Vec<Range<usize>>, bool) {
        let places: Vec<_> = wants.iter().map(|w| self.places(w)).collect();
        let all = places.iter().all(Option::is_some);
        (joined(places.into_iter().flatten().flatten().collect()), all)
    }
}

/// Ranges in their order; those that overlap or touch become one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// The words of a body around the first place where a want is met that `title` does not meet, in one line, with the
/// places of all wants in it; empty where there is none.
pub fn snippet(body: &str, wants: &[SearchTerm], title: &MarkedText) -> (String, Vec<Range<usize>>) {
    let text = MarkedText::body(body);
    let missing = wants.iter().filter(|w| title.places(w).is_none());
    let first = missing.filter_map(|w| text.places(w)).flatten().map(|r| r.start).min();
    let Some(at) = first else { return (String::new(), Vec::new()) };
    let index = text.units.partition_point(|u| u.at.end <= at);
    let from = index.saturating_sub(SNIPPET_LEAD_UNITS);
    let Some(window) = text.units.get(from..).map(|w| w.get(..SNIPPET_UNITS).unwrap_or(w)) else {
        return (String::new(), Vec::new());
    };
    let start = window.first().map_or(0, |u| u.at.start);
    let end = window.last().map_or(start, |u| u.at.end);
    let lead = if from > 0 { "…" } else { "" };
    let tail = if end < body.trim_end().len() { "…" } else { "" };
    let words = body.get(start..end).unwrap_or_default();
    // Byte for byte, so that the marks stay where they are.
    let words = words.replace(|c: char| c.is_ascii() && c.is_whitespace(), " ");
    let (marks, _) = text.marks(wants);
    let shift =
        |range: Range<usize>| range.start.max(start) - start + lead.len()..range.end.min(end) - start + lead.len();
    let marks = marks.into_iter().filter(|m| m.start < end && m.end > start).map(shift).collect();
    (format!("{lead}{words}{tail}"), marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: &str) -> SearchTerm {
        SearchTerm::Text(words.chars().collect())
    }

    fn marked(title: &str, typed: &str) -> Vec<String> {
        let (marks, _) = MarkedText::title(title).marks(&search_terms(typed));
        marks.into_iter().map(|r| title[r].to_owned()).collect()
    }

    #[test]
    fn words_are_parted_by_spaces() {
        assert_eq!(search_terms("道路　维修"), [text("道路"), text("维修")]);
        assert_eq!(search_terms(" （公示）。"), [text("公示")]);
        assert_eq!(search_terms("〔2026〕12号"), [SearchTerm::Any(vec![text("2026·12号"), text("202612号")])]);
        assert_eq!(search_terms("2026-12"), [text("2026·12")]);
        assert_eq!(search_terms("，。 ?! ** \" ' ()"), []);
        assert_eq!(search_terms(""), []);
    }

    #[test]
    fn letters_are_also_pinyin() {
        let [SearchTerm::Any(ways)] = &*search_terms("CWgk") else { panic!() };
        assert_eq!(ways[0], text("cwgk"));
        let [SearchTerm::Any(ways)] = &*search_terms("财务gk") else { panic!() };
        assert!(matches!(&ways[1], SearchTerm::All(parts) if parts.len() == 2 && parts[0] == text("财务")));
        assert_eq!(search_terms("b"), [text("b")]);
        assert!(matches!(&*search_terms("cwgk2026"), [SearchTerm::Any(_)]));
        assert_eq!(search_terms("GC2021-10001"), [text("gc2021·10001")]);
        assert_eq!(search_terms("cáiwù"), search_terms("caiwu"));
    }

    #[test]
    fn long_queries_are_cut() {
        for typed in ["公".repeat(10_000), "公 示 ".repeat(5_000), "ab".repeat(5_000), "'a".repeat(5_000)] {
            let units: usize = search_terms(&typed).len();
            assert!((1..=MAX_WORDS).contains(&units));
        }
    }

    #[test]
    fn marks_in_titles() {
        assert_eq!(marked("村级财务公开（财务）", "财务 公开"), ["财务公开", "财务"]);
        assert_eq!(marked("村级财务公开", "caiwu gk"), ["财务公开"]);
        assert_eq!(marked("村级财务公开", "村级gk"), ["村级", "公开"]);
        assert_eq!(marked("示政发〔２０２６〕１２号", "发[2026]12号"), ["发〔２０２６〕１２号"]);
        for typed in ["示政发202612号", "示政发〔2026〕12", "2026〕12号"] {
            assert_eq!(marked("关于示政发〔2026〕\u{a0}12号的批复", typed).len(), 1, "{typed}");
        }
        assert_eq!(marked("关于示政发〔2026〕 12号的批复", "发202612号"), ["发〔2026〕 12号"]);
        assert_eq!(marked("第1、2号", "12"), [""; 0]);
        assert_eq!(marked("其他", "财务"), [""; 0]);
    }

    #[test]
    fn snippets() {
        let body = format!("{}\n道路维修项目\t结算公示。{}", "前文".repeat(40), "后文".repeat(80));
        let title = MarkedText::title("结算公示");
        let (words, marks) = snippet(&body, &search_terms("道路 结算"), &title);
        assert!(words.starts_with('…') && words.ends_with('…') && !words.contains('\n'), "{words}");
        assert_eq!(marks.iter().map(|r| &words[r.clone()]).collect::<Vec<_>>(), ["道路", "结算"]);
        assert_eq!(snippet(&body, &search_terms("结算"), &title), (String::new(), vec![]));
        assert_eq!(snippet("", &search_terms("道路"), &title), (String::new(), vec![]));
    }

    proptest! {
        #[test]
        fn marks_and_snippets_are_always_within(body in "[道路维修公示a1，\n ㎡é]{0,120}", typed in any::<String>(), more in "[道路维修公示a1，]{0,4}") {
            let typed = typed + &more;
            let wants = search_terms(&typed);
            let (marks, _) = MarkedText::title(&body).marks(&wants);
            prop_assert!(marks.iter().all(|r| body.get(r.clone()).is_some()));
            let (words, marks) = snippet(&body, &wants, &MarkedText::title(""));
            prop_assert!(marks.iter().all(|r| words.get(r.clone()).is_some()), "{:?} {:?}", words, marks);
        }
    }
}
