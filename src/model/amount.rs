//! Amounts as people write them, in fixed fractions. No step of it goes through floating point.

/// Digits after the point that are kept while an amount is worked out.
const SCALE: u32 = 10;
/// Characters an amount may have; longer text is none.
const LONGEST: usize = 80;
const CURRENCY: [&str; 7] = ["人民币", "RMB", "rmb", "CNY", "¥", "元人民币", "$"];
const MINUS: [char; 7] = ['-', '−', '–', '负', '△', '▲', '－'];

/// Reads money in fen: `1,234.50`, `￥12`, `1.2万元`, `3亿`, `（123.00）` and `负5` as negative, 壹仟贰佰叁拾肆元伍角, 一千二百.
/// `unit` is what a number without a unit of its own counts: `元` (or empty), `千元`, `万元` or `亿元`. What is finer than a fen
/// is rounded, half of one away from zero. `None` where it is no amount, or more than the store can hold.
pub fn money(text: &str, unit: &str) -> Option<i64> {
    let (negative, body) = signed(text)?;
    let has_unit = body.contains(['元', '圆', '块', '角', '毛', '分', '万', '亿']);
    let scaled = yuan(&body)?;
    let factor = if has_unit { 1 } else { factor(unit)? };
    fraction(negative, scaled.checked_mul(factor)?, 2)
}

/// Reads a quantity in ten-thousandths, written with the column's `unit` or without: `12.5亩`, `1.2万`, `三十`. Where the
/// column has none, any unit is taken. `None` where it is no number, or has another unit.
pub fn quantity(text: &str, unit: &str) -> Option<i64> {
    let (negative, body) = signed(text)?;
    let end =
        body.rfind(|c: char| c.is_ascii_digit() || c == '.' || han(c).is_some() || "十百千万亿拾佰仟".contains(c))?;
    let split = end + body.get(end..)?.chars().next()?.len_utf8();
    let (number, found) = body.split_at_checked(split)?;
    let (found, wanted) = (same_unit(found), same_unit(&fold(unit)));
    if !found.is_empty() && !wanted.is_empty() && found != wanted {
        return None;
    }
    fraction(negative, whole(number)?, 4)
}

/// Whether a cell says that there is nothing: empty, a dash, a stroke, 无.
pub fn is_blank(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|c| "-－—–―/／\\".contains(c)) || matches!(text, "无" | "空" | "N/A" | "n/a")
}

/// A spreadsheet's number as decimal text of the 15 digits that spreadsheets show; `None` for what is no number.
pub fn decimal(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let text = format!("{number:.14e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some("0".into());
    }
    let point = exponent + 1;
    let length = i32::try_from(digits.len()).ok()?;
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    Some(if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else {
        let (whole, part) = digits.split_at_checked(usize::try_from(point).ok()?)?;
        format!("{sign}{whole}.{part}")
    })
}

/// Money as a plain decimal: `1234.50`.
pub fn money_text(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// A quantity as a plain decimal, without zeros at its end: `12.5`.
pub fn quantity_text(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:04}", n.unsigned_abs() / 10_000, n.unsigned_abs() % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How many yuan a unit of money counts.
fn factor(unit: &str) -> Option<i128> {
    match unit.trim() {
        "" | "元" => Some(1),
        "千元" => Some(1_000),
        "万元" | "万" => Some(10_000),
        "百万元" => Some(1_000_000),
        "亿元" | "亿" => Some(100_000_000),
        _ => None,
    }
}

/// Full width to half width, without spaces.
fn fold(text: &str) -> String {
    let narrow = |c| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '￥' => '¥',
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// The sign of an amount, and the rest without currency marks.
fn signed(text: &str) -> Option<(bool, String)> {
    if text.len() > LONGEST * 4 {
        return None;
    }
    let folded = fold(text);
    let mut body = folded.as_str();
    let mut negative = false;
    loop {
        let before = body;
        if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
            (body, negative) = (inner, !negative);
        }
        if let Some(rest) = body.strip_prefix(MINUS) {
            (body, negative) = (rest, !negative);
        }
        for mark in CURRENCY {
            body = body.strip_prefix(mark).or_else(|| body.strip_suffix(mark)).unwrap_or(body);
        }
        body = body.strip_prefix('+').or_else(|| body.strip_suffix(['整', '正'])).unwrap_or(body);
        if body == before {
            break;
        }
    }
    (!body.is_empty() && body.chars().count() <= LONGEST).then(|| (negative, body.to_owned()))
}

/// Scaled to a number of decimals, rounded half away from zero.
fn fraction(negative: bool, scaled: i128, decimals: u32) -> Option<i64> {
    let unit = 10_i128.pow(SCALE - decimals);
    let rounded = scaled.checked_add(unit / 2)? / unit;
    i64::try_from(if negative { -rounded } else { rounded }).ok()
}

/// Yuan, jiao and fen, scaled.
fn yuan(text: &str) -> Option<i128> {
    let one = 10_i128.pow(SCALE);
    let Some(at) = text.find(['元', '圆', '块']) else {
        return match text.contains(['角', '毛', '分']) {
            true => jiao(text),
            false => whole(text),
        };
    };
    let (left, right) = (text.get(..at)?, text.get(at..)?.trim_start_matches(['元', '圆', '块', '钱']));
    let right = match (right.chars().next(), right.chars().count()) {
        (None, _) => 0,
        // 三块五.
        (Some(c), 1) => digit(c)? * one / 10,
        _ => jiao(right)?,
    };
    whole(left)?.checked_add(right)
}

/// 伍角陆分, scaled.
fn jiao(text: &str) -> Option<i128> {
    let one = 10_i128.pow(SCALE);
    let text = text.trim_start_matches(['零', '〇']);
    let (left, right) = match text.split_once(['角', '毛']) {
        Some((tenths, rest)) => (whole(tenths)?.checked_div(10)?, rest.trim_start_matches(['零', '〇'])),
        None => (0, text),
    };
    let right = match right.strip_suffix('分') {
        Some(fen) => whole(fen)? / 100,
        None if right.is_empty() => 0,
        None => return None,
    };
    Some(left + right).filter(|n| *n < one)
}

/// A number with 亿, 万, 千, 百, 十 between its digits, Arabic or Chinese, scaled.
fn whole(text: &str) -> Option<i128> {
    for (word, unit) in [('亿', 100_000_000_i128), ('万', 10_000), ('萬', 10_000)] {
        let Some((left, right)) = text.split_once(word) else { continue };
        if right.contains(word) {
            return None;
        }
        let high = whole(left)?.checked_mul(unit)?;
        let one = 10_i128.pow(SCALE);
        let low = match (right.chars().next().and_then(han), right.chars().count()) {
            (None, 0) => 0,
            // 二万三.
            (Some(n @ 1..), 1) => n * one * unit / 10,
            _ => whole(right)?,
        };
        return (low < unit * one).then(|| high.checked_add(low))?;
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '.') { arabic(text) } else { chinese(text) }
}

/// `1,234.50`, `1.2E5`, `3千`, scaled.
fn arabic(text: &str) -> Option<i128> {
    let number = text.trim_end_matches(['十', '百', '千', '拾', '佰', '仟']);
    let tail = text.get(number.len()..)?;
    let unit = tail.chars().try_fold(1_i128, |u, c| u.checked_mul(ten(c)?))?;
    let (number, exponent) = match number.split_once(['e', 'E']) {
        Some((n, e)) => (n, e.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (left, right) = number.split_once('.').unwrap_or((number, ""));
    let left = grouped(left)?;
    if !right.bytes().all(|b| b.is_ascii_digit()) || (left.is_empty() && right.is_empty()) {
        return None;
    }
    let digits: i128 = format!("0{left}{right}").parse().ok()?;
    let shift = i32::try_from(SCALE).ok()? + exponent - i32::try_from(right.len()).ok()?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let scaled = match shift >= 0 {
        true => digits.checked_mul(power)?,
        // Finer than any fraction kept: half of the last digit rounds up.
        false => (digits.checked_add(power / 2)?) / power,
    };
    scaled.checked_mul(unit)
}

/// Digits without their commas, which part groups of three, or of four as the Chinese count.
fn grouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split([',', '\'']).collect();
    let is_group = |size: usize| {
        groups.iter().skip(1).all(|g| g.len() == size) && groups.first().is_some_and(|g| (1..=size).contains(&g.len()))
    };
    let is_plain = groups.len() == 1 || is_group(3) || is_group(4);
    (is_plain && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()))).then(|| groups.concat())
}

/// 一千二百三十四, 壹仟贰佰, 二〇二六, 两百五, scaled.
fn chinese(text: &str) -> Option<i128> {
    if text.is_empty() {
        return None;
    }
    let one = 10_i128.pow(SCALE);
    if text.chars().count() > 1 && text.chars().all(|c| han(c).is_some()) {
        return text.chars().try_fold(0_i128, |n, c| n.checked_mul(10)?.checked_add(han(c)?))?.checked_mul(one);
    }
    let (mut sum, mut open, mut last) = (0_i128, None, 10_000_i128);
    for c in text.chars() {
        if let Some(n) = digit(c) {
            if open.is_some_and(|o| o != 0) {
                return None;
            }
            open = Some(n);
        } else {
            let unit = ten(c)?;
            if unit >= last {
                return None;
            }
            // 十五 begins without its 一.
            sum += unit * open.take().or_else(|| (sum == 0 && unit == 10).then_some(1))?;
            last = unit;
        }
    }
    if let Some(n) = open {
        // 一百二 is 120, 一百零二 is 102.
        let is_short = (11..10_000).contains(&last) && text.chars().rev().nth(1).and_then(han) != Some(0);
        let unit = if is_short { last / 10 } else { 1 };
        sum += n * unit;
    }
    sum.checked_mul(one)
}

/// A Chinese digit, or an Arabic one.
fn digit(c: char) -> Option<i128> {
    han(c).or_else(|| c.to_digit(10).map(i128::from))
}

fn han(c: char) -> Option<i128> {
    let digits = ["零〇○", "一壹弌", "二贰两貳", "三叁叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"];
    digits.iter().position(|d| d.contains(c)).and_then(|n| i128::try_from(n).ok())
}

fn ten(c: char) -> Option<i128> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

/// One spelling for units that are written in several ways.
fn same_unit(unit: &str) -> String {
    let unit = unit.trim().trim_start_matches('个');
    match unit {
        "㎡" | "m2" | "m²" | "平方" | "平米" => "平方米".into(),
        "日" => "天".into(),
        "千米" | "km" => "公里".into(),
        "kg" | "千克" => "公斤".into(),
        unit => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("1,234.50", 123_450)]
    #[case("１，２３４．５０", 123_450)]
    #[case("1234", 123_400)]
    #[case(" ￥ 12.00 元", 1_200)]
    #[case("人民币12元整", 1_200)]
    #[case("1.2万元", 1_200_000)]
    #[case("1.2万", 1_200_000)]
    #[case("3亿", 30_000_000_000)]
    #[case("1亿2000万元", 12_000_000_000)]
    #[case("3千元", 300_000)]
    #[case("5百万", 500_000_000)]
    #[case("-12.3", -1_230)]
    #[case("−12.3", -1_230)]
    #[case("负12.3", -1_230)]
    #[case("（123.00）", -12_300)]
    #[case("(￥1,000)", -100_000)]
    #[case("△5", -500)]
    #[case("壹仟贰佰叁拾肆元伍角", 123_450)]
    #[case("人民币壹仟贰佰叁拾肆元伍角陆分", 123_456)]
    #[case("壹万零伍元整", 1_000_500)]
    #[case("伍角", 50)]
    #[case("壹元零伍分", 105)]
    #[case("一千二百", 120_000)]
    #[case("一百二", 12_000)]
    #[case("一百零二", 10_200)]
    #[case("一千零二十", 102_000)]
    #[case("十五", 1_500)]
    #[case("二十", 2_000)]
    #[case("两万三", 2_300_000)]
    #[case("二万三千五百元", 2_350_000)]
    #[case("三块五", 350)]
    #[case("零", 0)]
    #[case("0.005", 1)]
    #[case("-0.005", -1)]
    #[case("0.004", 0)]
    #[case("1.005", 101)]
    #[case("1.2E3", 120_000)]
    #[case("1,0000,0000", 10_000_000_000)]
    fn money_is_read(#[case] text: &str, #[case] fen: i64) {
        assert_eq!(money(text, ""), Some(fen), "{text}");
    }

    #[rstest]
    #[case("")]
    #[case("-")]
    #[case("12o0")]
    #[case("1,2")]
    #[case("1.2.3")]
    #[case("12亩")]
    #[case("一二百")]
    #[case("百千")]
    #[case("万")]
    #[case("1万2万")]
    #[case("99999999999999999999")]
    #[case("1e400")]
    #[case("张三")]
    fn what_is_no_money_is_none(#[case] text: &str) {
        assert_eq!(money(text, ""), None, "{text}");
    }

    #[test]
    fn a_column_in_ten_thousands_counts_only_numbers_without_a_unit() {
        assert_eq!(money("1.2", "万元"), Some(1_200_000));
        assert_eq!(money("500元", "万元"), Some(50_000));
        assert_eq!(money("1.2万", "万元"), Some(1_200_000));
        assert_eq!(money("1", "美元"), None);
    }

    #[rstest]
    #[case("12.5亩", "亩", Some(125_000))]
    #[case("12.5", "亩", Some(125_000))]
    #[case("1.2万亩", "亩", Some(120_000_000))]
    #[case("3公顷", "亩", None)]
    #[case("20个工作日", "工作日", Some(200_000))]
    #[case("20日", "天", Some(200_000))]
    #[case("三十户", "", Some(300_000))]
    #[case("12.5%", "%", Some(125_000))]
    #[case("0.00005", "", Some(1))]
    #[case("约三", "", None)]
    fn quantities_are_read(#[case] text: &str, #[case] unit: &str, #[case] wanted: Option<i64>) {
        assert_eq!(quantity(text, unit), wanted, "{text}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(n in -9_000_000_000_000_000_i64..9_000_000_000_000_000) {
            prop_assert_eq!(money(&money_text(n), ""), Some(n));
            prop_assert_eq!(quantity(&quantity_text(n), ""), Some(n));
        }

        #[test]
        fn spreadsheets_numbers_are_exact_to_the_fen(fen in -9_999_999_999_999_i64..9_999_999_999_999) {
            // As a spreadsheet keeps it.
            let float = fen as f64 / 100.0;
            prop_assert_eq!(money(&decimal(float).unwrap(), ""), Some(fen));
        }

        #[test]
        fn any_text_ends(text in "[0-9一二三十百千万亿元角分.,()（）￥eE\\-]{0,30}") {
            let _ = (money(&text, "万元"), quantity(&text, "亩"), is_blank(&text));
        }
    }
}
