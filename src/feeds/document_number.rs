//! 发文字号: the numbers that official documents bear.

/// The first document number in a text: 示政发〔2026〕12号, 示财〔2026〕第3号.
pub fn number(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    for open in (0..chars.len()).filter(|i| matches!(at(*i), '〔' | '[' | '［' | '（' | '(' | '【')) {
        let year: String = (open + 1..open + 5).map(at).collect();
        let is_year = year.len() == 4 && year.chars().all(|c| c.is_ascii_digit()) && year.starts_with(['1', '2']);
        if !is_year || !matches!(at(open + 5), '〕' | ']' | '］' | '）' | ')' | '】') {
            continue;
        }
        let mut end = open + 6;
        while matches!(at(end), '第' | ' ') {
            end += 1;
        }
        let digits = (end..chars.len()).take_while(|i| at(*i).is_ascii_digit()).count();
        end += digits;
        while at(end) == ' ' {
            end += 1;
        }
        let start = (0..open).rev().take_while(|i| at(*i).is_alphabetic()).last().unwrap_or(open);
        if (1..=6).contains(&digits) && at(end) == '号' && (1..=16).contains(&(open - start)) {
            return Some((start..=end).map(at).filter(|c| *c != ' ').collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn document_numbers_are_told_from_other_words() {
        for (text, told) in [
            ("示政发〔2026〕12号", Some("示政发〔2026〕12号")),
            ("示财函[2026]第3号 签发人：张示例", Some("示财函[2026]第3号")),
            ("根据《示政办发（2025） 7 号》", Some("示政办发（2025）7号")),
            ("〔2026〕12号", None),
            ("第（2026）号", None),
            ("公告〔20266〕1号", None),
        ] {
            assert_eq!(number(text).as_deref(), told, "{text}");
        }
    }
}
