//! How titles sound: the keys under which the index keeps them, and what typed letters may stand for.
//!
//! Readings come from the `pinyin` crate, whose table (pinyin-data) joins those of Unihan and of the common
//! dictionaries. Tones are left out, ü is written v.

use super::tokens::{self, FoldedChar};
use pinyin::ToPinyinMulti;
use std::ops::Range;

/// Readings of one character that are used at most, the most common first.
const MAX_READINGS: usize = 6;
/// Keys of one stretch of characters, which is a combination of readings each, at most.
const MAX_COMBINATIONS: usize = 8;
/// Characters whose initials make one key at most.
const MAX_KEY_INITIALS: usize = 4;
/// Between the syllables of a pair, so that `fan gan` is not `fang an`.
const PAIR_SEPARATOR: &str = "·";
/// What typed letters may stand for, at most.
const MAX_PATTERNS: usize = 8;
/// Letters of one word that are read as pinyin at most.
const MAX_WORD_LETTERS: usize = 48;

/// Names that are read in a way of their own, after the Ministry of Civil Affairs' gazetteer of place names and the
/// dictionary 现代汉语词典; their reading goes before all others.
const NAMES: &[(&str, &[&str])] = &[
    ("筠连", &["jun", "lian"]),
    ("荥经", &["ying", "jing"]),
    ("犍为", &["qian", "wei"]),
    ("长赤", &["chang", "chi"]),
    ("长宁", &["chang", "ning"]),
    ("长春", &["chang", "chun"]),
    ("重庆", &["chong", "qing"]),
    ("什邡", &["shi", "fang"]),
    ("郫都", &["pi", "du"]),
    ("珙县", &["gong", "xian"]),
    ("乐山", &["le", "shan"]),
    ("大邑", &["da", "yi"]),
    ("会理", &["hui", "li"]),
    ("乐亭", &["lao", "ting"]),
    ("六安", &["lu", "an"]),
    ("六合", &["lu", "he"]),
    ("铅山", &["yan", "shan"]),
    ("蔚县", &["yu", "xian"]),
    ("浚县", &["xun", "xian"]),
    ("单县", &["shan", "xian"]),
    ("莘县", &["shen", "xian"]),
    ("东阿", &["dong", "e"]),
    ("番禺", &["pan", "yu"]),
    ("歙县", &["she", "xian"]),
    ("黟县", &["yi", "xian"]),
    ("台州", &["tai", "zhou"]),
    ("丽水", &["li", "shui"]),
    ("洪洞", &["hong", "tong"]),
    ("尉犁", &["yu", "li"]),
];

/// All syllables without their tones, parted by spaces.
const SYLLABLES: &str = " a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen \
    ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong \
    cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui \
    dun duo e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu \
    gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun \
    huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou \
    ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu \
    lo long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu \
    na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou \
    pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong \
    qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen \
    seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song \
    sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa \
    wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao \
    ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe \
    zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo ";

/// Whether these letters are a syllable.
fn is_syllable(letters: &str) -> bool {
    !letters.is_empty() && SYLLABLES.split(' ').any(|s| s == letters)
}

/// Whether a syllable starts with these letters.
fn starts_syllable(letters: &str) -> bool {
    SYLLABLES.split(' ').any(|s| s.starts_with(letters))
}

/// One character of a title as it may sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Its readings, the most common first.
    pub readings: Vec<&'static str>,
    /// The bytes of the title it stands in.
    pub at: Range<usize>,
}

fn readings(c: char) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = match reading.plain() {
            "lü" => "lv",
            "nü" => "nv",
            "lüe" => "lve",
            "nüe" => "nve",
            "ê" => "e",
            plain => plain,
        };
        if all.len() < MAX_READINGS && !all.contains(&plain) {
            all.push(plain);
        }
    }
    all
}

/// The sounds of a title, a list for each stretch of Han characters.
pub fn sounds(units: &[FoldedChar]) -> Vec<Vec<Sound>> {
    let mut runs: Vec<Vec<Sound>> = vec![Vec::new()];
    for (i, unit) in units.iter().enumerate() {
        let mut readings = readings(unit.c);
        if let Some(own) = named(units, i) {
            readings.retain(|r| *r != own);
            readings.insert(0, own);
        }
        match runs.last_mut() {
            Some(run) if !readings.is_empty() => run.push(Sound { readings, at: unit.at.clone() }),
            Some(run) if run.is_empty() => {}
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The reading of unit `i` in the place name it is part of.
fn named(units: &[FoldedChar], i: usize) -> Option<&'static str> {
    let is_here = |name: &str, start: usize| {
        let window = units.get(start..).unwrap_or_default().iter().map(|u| u.c);
        window.take(name.chars().count()).eq(name.chars())
    };
    NAMES.iter().find_map(|(name, sounds)| {
        let offset = name.chars().position(|c| units.get(i).is_some_and(|u| u.c == c))?;
        let start = i.checked_sub(offset)?;
        if is_here(name, start) { sounds.get(offset).copied() } else { None }
    })
}

/// The keys of a title, parted by spaces: `s` and a syllable, `p` and a pair of them, `i` and two to four initials.
pub fn write_keys(title: &str, out: &mut String) {
    let mut keys = Keys::default();
    for run in sounds(&tokens::units(title)) {
        let syllables: Vec<&[&str]> = run.iter().map(|s| s.readings.as_slice()).collect();
        let firsts: Vec<Vec<&str>> = run.iter().map(initials).collect();
        let firsts: Vec<&[&str]> = firsts.iter().map(Vec::as_slice).collect();
        for start in 0..run.len() {
            for (kind, length, between) in [("s", 1, ""), ("p", 2, PAIR_SEPARATOR)] {
                if let Some(window) = syllables.get(start..start + length) {
                    keys.combine(kind, window, between);
                }
            }
            for length in 2..=MAX_KEY_INITIALS {
                if let Some(window) = firsts.get(start..start + length) {
                    keys.combine("i", window, "");
                }
            }
        }
    }
    keys.write(out);
}

/// The letters its readings begin with, each once.
fn initials(sound: &Sound) -> Vec<&'static str> {
    let mut firsts: Vec<&str> = Vec::new();
    for first in sound.readings.iter().filter_map(|r| r.get(..1)) {
        if !firsts.contains(&first) {
            firsts.push(first);
        }
    }
    firsts
}

/// Keys in one text, so that none needs room of its own.
#[derive(Default)]
struct Keys {
    text: String,
    at: Vec<Range<usize>>,
    head: String,
}

impl Keys {
    /// The first [`MAX_COMBINATIONS`] ways to take one of each list; those that take the more common readings go first.
    fn combine(&mut self, kind: &str, lists: &[&[&str]], between: &str) {
        self.head.clear();
        self.head.push_str(kind);
        let most: usize = lists.iter().map(|l| l.len().saturating_sub(1)).sum();
        let mut room = MAX_COMBINATIONS;
        for rarity in 0..=most {
            if room > 0 {
                self.pick(lists, between, rarity, &mut room);
            }
        }
    }

    /// The combinations whose places in their lists add up to `rarity`.
    fn pick(&mut self, lists: &[&[&str]], between: &str, rarity: usize, room: &mut usize) {
        let Some((list, rest)) = lists.split_first() else {
            if rarity == 0 && *room > 0 {
                *room -= 1;
                let start = self.text.len();
                self.text.push_str(&self.head);
                self.at.push(start..self.text.len());
            }
            return;
        };
        let head = self.head.len();
        for (place, part) in list.iter().enumerate().take(rarity + 1) {
            self.head.push_str(part);
            if !rest.is_empty() {
                self.head.push_str(between);
            }
            self.pick(rest, between, rarity - place, room);
            self.head.truncate(head);
        }
    }

    /// Writes each key once.
    fn write(mut self, out: &mut String) {
        let text = &self.text;
        let key = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default();
        self.at.sort_unstable_by(|a, b| key(a).cmp(key(b)));
        self.at.dedup_by(|a, b| key(a) == key(b));
        for at in &self.at {
            out.push_str(key(at));
            out.push(' ');
        }
    }
}

/// One character's part of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedSyllable {
    /// A whole syllable.
    Whole(String),
    /// The beginning of one.
    Start(String),
}

impl TypedSyllable {
    fn letters(&self) -> &str {
        match self {
            Self::Whole(letters) | Self::Start(letters) => letters,
        }
    }

    fn fits(&self, sound: &Sound) -> bool {
        match self {
            Self::Whole(letters) => sound.readings.contains(&letters.as_str()),
            Self::Start(letters) => sound.readings.iter().any(|r| r.starts_with(letters.as_str())),
        }
    }
}

/// One way to read what was typed, a piece a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub Vec<TypedSyllable>);

impl Pattern {
    /// The keys a title must have, all of them; empty where the index cannot help.
    pub fn keys(&self) -> Vec<String> {
        let firsts: String = self.0.iter().filter_map(|p| p.letters().get(..1)).collect();
        let mut keys: Vec<String> = Vec::new();
        if firsts.len() >= 2 {
            let window = firsts.len().min(MAX_KEY_INITIALS);
            keys.extend((0..=firsts.len() - window).filter_map(|i| firsts.get(i..i + window)).map(|w| format!("i{w}")));
        }
        for whole in self.0.split(|p| matches!(p, TypedSyllable::Start(_))) {
            match whole {
                [] => {}
                [one] => keys.push(format!("s{}", one.letters())),
                more => keys.extend(
                    more.iter()
                        .zip(more.iter().skip(1))
                        .map(|(a, b)| format!("p{}{PAIR_SEPARATOR}{}", a.letters(), b.letters())),
                ),
            }
        }
        // Two whole syllables are one key, which says more than their initials.
        if self.0.len() == 2 && self.0.iter().all(|p| matches!(p, TypedSyllable::Whole(_))) {
            keys.retain(|k| k.starts_with('p'));
        }
        keys
    }

    /// Whether a title that has the keys is sure to fit.
    pub fn is_exact(&self) -> bool {
        let initials = self.0.iter().all(|p| matches!(p, TypedSyllable::Start(l) if l.len() == 1));
        let whole = self.0.iter().all(|p| matches!(p, TypedSyllable::Whole(_)));
        (initials && self.0.len() <= MAX_KEY_INITIALS) || (whole && self.0.len() <= 2)
    }

    /// Where it fits in a title's sounds, as bytes of the title.
    pub fn occurrences(&self, sounds: &[Vec<Sound>]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for run in sounds {
            for window in run.windows(self.0.len().max(1)) {
                if self.0.iter().zip(window).all(|(piece, sound)| piece.fits(sound))
                    && let ([first, ..], [.., last]) = (window, window)
                {
                    found.push(first.at.start..last.at.end);
                }
            }
        }
        found
    }
}

/// What a word may stand for: letters a to z, apostrophes where syllables are parted. Whole syllables go before
/// beginnings, and each letter is also tried as an initial.
pub fn patterns(word: &str) -> Vec<Pattern> {
    let parts: Vec<&str> = word.split('\'').filter(|p| !p.is_empty()).collect();
    let length: usize = parts.iter().map(|p| p.len()).sum();
    if !(2..=MAX_WORD_LETTERS).contains(&length) || !parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_lowercase())) {
        return Vec::new();
    }
    let mut found: Vec<Vec<TypedSyllable>> = vec![Vec::new()];
    for (i, part) in parts.iter().enumerate() {
        let reading = Reading { letters: part, is_last: i + 1 == parts.len() };
        let ways = reading.ways();
        let pairs = found.iter().flat_map(|head| ways.iter().map(move |way| [head.as_slice(), way].concat()));
        found = pairs.take(MAX_PATTERNS).collect();
    }
    let is_initial = |b: u8| !matches!(b, b'i' | b'u' | b'v');
    if let [one] = *parts
        && one.bytes().all(is_initial)
    {
        found.push(one.chars().map(|c| TypedSyllable::Start(c.to_string())).collect());
    }
    let mut patterns: Vec<Pattern> = Vec::new();
    for pieces in found {
        let pattern = Pattern(pieces);
        if !patterns.contains(&pattern) && !pattern.keys().is_empty() {
            patterns.push(pattern);
        }
    }
    patterns
}

/// One stretch of typed letters.
struct Reading<'a> {
    letters: &'a str,
    /// Whether its end may be the beginning of a syllable that is still being typed.
    is_last: bool,
}

impl Reading<'_> {
    /// The ways to part it that need the fewest beginnings; none where there is no way at all.
    fn ways(&self) -> Vec<Vec<TypedSyllable>> {
        let end = self.letters.len();
        // From each place to the end, the fewest beginnings needed.
        let mut fewest: Vec<Option<usize>> = vec![None; end + 1];
        if let Some(last) = fewest.last_mut() {
            *last = Some(0);
        }
        for at in (0..end).rev() {
            let costs = self.pieces(at).into_iter().filter_map(|(piece, next)| {
                let rest = fewest.get(next).copied().flatten()?;
                Some(rest + usize::from(matches!(piece, TypedSyllable::Start(_))))
            });
            let best = costs.min();
            if let Some(slot) = fewest.get_mut(at) {
                *slot = best;
            }
        }
        let mut ways = Vec::new();
        self.follow(0, &fewest, &mut Vec::new(), &mut ways);
        ways
    }

    fn follow(
        &self,
        at: usize,
        fewest: &[Option<usize>],
        head: &mut Vec<TypedSyllable>,
        ways: &mut Vec<Vec<TypedSyllable>>,
    ) {
        if at == self.letters.len() {
            ways.push(head.clone());
            return;
        }
        let Some(budget) = fewest.get(at).copied().flatten() else { return };
        for (piece, next) in self.pieces(at) {
            let cost = usize::from(matches!(piece, TypedSyllable::Start(_)));
            let fits = fewest.get(next).copied().flatten().is_some_and(|rest| rest + cost == budget);
            if fits && ways.len() < MAX_PATTERNS {
                head.push(piece);
                self.follow(next, fewest, head, ways);
                head.pop();
            }
        }
    }

    /// What may stand at a place, the longest first, each with where it ends.
    fn pieces(&self, at: usize) -> Vec<(TypedSyllable, usize)> {
        let mut pieces = Vec::new();
        for length in (1..=6).rev() {
            let Some(letters) = self.letters.get(at..at + length) else { continue };
            let is_end = self.is_last && at + length == self.letters.len();
            let is_initial = matches!(letters, "zh" | "ch" | "sh")
                || (length == 1 && !matches!(letters, "a" | "e" | "i" | "o" | "u" | "v"));
            if is_syllable(letters) {
                pieces.push((TypedSyllable::Whole(letters.to_owned()), at + length));
            } else if is_initial || (is_end && starts_syllable(letters)) {
                pieces.push((TypedSyllable::Start(letters.to_owned()), at + length));
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn keys(title: &str) -> Vec<String> {
        let mut out = String::new();
        write_keys(title, &mut out);
        out.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether the index would give `title` for `typed`, and the title bear it out.
    fn finds(title: &str, typed: &str) -> bool {
        let (keys, sounds) = (keys(title), sounds(&tokens::units(title)));
        patterns(typed).iter().any(|p| {
            let candidate = p.keys().iter().all(|k| keys.contains(k));
            let fits = !p.occurrences(&sounds).is_empty();
            assert!(!(candidate && p.is_exact()) || fits, "{p:?} is not exact for {title}");
            candidate && fits
        })
    }

    #[rstest]
    #[case("重庆", "chongqing")]
    #[case("重庆", "zhongqing")]
    #[case("重庆", "cq")]
    #[case("重庆", "zq")]
    #[case("长春", "changchun")]
    #[case("长春", "cc")]
    #[case("行政许可", "xingzhengxuke")]
    #[case("行政许可", "xzxk")]
    #[case("银行存款", "yinhangcunkuan")]
    #[case("村级财务公开", "cwgk")]
    #[case("村级财务公开", "caiwugongkai")]
    #[case("村级财务公开", "wugongkai")]
    #[case("村级财务公开", "caiwugk")]
    #[case("村级财务公开", "cunjicwgongkai")]
    #[case("村级财务公开", "caiwugo")]
    #[case("村级财务公开", "cjcwgk")]
    #[case("乐山", "leshan")]
    #[case("乐山", "ls")]
    #[case("音乐", "yinyue")]
    #[case("筠连县", "junlian")]
    #[case("荥经县", "yingjing")]
    #[case("犍为县", "qianwei")]
    #[case("长赤镇", "changchi")]
    #[case("西安", "xian")]
    #[case("西安", "xi'an")]
    #[case("先进", "xian'j")]
    #[case("县政府", "xian")]
    #[case("方案", "fangan")]
    #[case("绿化", "lvhua")]
    #[case("妇女", "funv")]
    #[case("安宁", "an")]
    #[case("重大风险", "zhdfx")]
    fn found(#[case] title: &str, #[case] typed: &str) {
        assert!(finds(title, typed), "{typed} in {title}: {:?}", patterns(typed));
    }

    #[rstest]
    #[case("先进", "xi'an")]
    #[case("方案", "fan'gan")]
    #[case("村级财务，公开", "cwgk")]
    #[case("财务公开", "gkcw")]
    #[case("财务公开", "caigong")]
    #[case("财务2公开", "wugong")]
    #[case("成立西安办", "chengxi")]
    fn not_found(#[case] title: &str, #[case] typed: &str) {
        assert!(!finds(title, typed), "{typed} in {title}");
    }

    #[test]
    fn the_gazetteer_speaks_first() {
        for (name, sounds_of) in NAMES {
            let sounds = sounds(&tokens::units(&format!("示例{name}")));
            let firsts: Vec<&str> = sounds[0].iter().skip(2).map(|s| s.readings[0]).collect();
            assert_eq!(firsts, *sounds_of, "{name}");
            assert!(sounds_of.iter().all(|s| is_syllable(s)), "{name}");
            assert!(finds(name, &sounds_of.concat()), "{name}");
        }
    }

    #[test]
    fn combinations_are_bounded_and_the_common_ones_go_first() {
        let lists: [&[&str]; 4] = [&["a", "b", "c"]; 4];
        let mut keys = Keys::default();
        keys.combine("x", &lists, "");
        let all: Vec<&str> = keys.at.iter().map(|at| &keys.text[at.clone()]).collect();
        assert_eq!(all.len(), MAX_COMBINATIONS);
        assert_eq!(all[..5], ["xaaaa", "xaaab", "xaaba", "xabaa", "xbaaa"]);
    }

    #[test]
    fn odd_words_are_no_pinyin() {
        for typed in ["", "a", "'", "财", "u2", "i", "uvi", &"shi".repeat(40)] {
            assert_eq!(patterns(typed), [], "{typed}");
        }
        assert!(patterns(&"a".repeat(48)).len() <= MAX_PATTERNS + 1);
    }

    #[test]
    fn marks() {
        let title = "2026年村级财务公开";
        let sounds = sounds(&tokens::units(title));
        let fits = patterns("cwgk").iter().flat_map(|p| p.occurrences(&sounds)).collect::<Vec<_>>();
        assert_eq!(fits.iter().map(|r| &title[r.clone()]).collect::<Vec<_>>(), ["财务公开"]);
    }
}
