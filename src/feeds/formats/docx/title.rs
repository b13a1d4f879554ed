//! What an official document is called, its number, who issued it and when, told by how its first lines look.

use super::body::Piece;
use crate::{
    feeds::{document_number::number, listed},
    model::Block,
};
use jiff::{Timestamp, Zoned, tz::TimeZone};

/// Paragraphs at the top among which the title is looked for.
const TOP: usize = 24;
/// Paragraphs at the end among which the date is looked for.
const END: usize = 12;
/// Half points above which a centred line may be a title: 三号 is 32, 二号 is 44.
const LARGE: u32 = 28;
/// Characters of a title's line at most.
const LONGEST: usize = 120;

/// What the first and last lines say.
#[derive(Debug, Default, PartialEq)]
pub struct DocumentHead {
    /// The title.
    pub title: Option<String>,
    /// 发文字号, such as 示政发〔2026〕12号.
    pub number: Option<String>,
    /// The issuer, from the red head 示例县人民政府文件.
    pub issuer: Option<String>,
    /// 成文日期.
    pub dated: Option<Timestamp>,
}

/// Reads the head and takes its lines off the body; the date stays, where it is signed, and is a day of the zone.
pub fn take(pieces: &mut Vec<Piece>, zone: &TimeZone) -> DocumentHead {
    // Dates with their years alone are read, so what day it is does not matter.
    let now = Timestamp::MAX.to_zoned(zone.clone());
    let mut head = DocumentHead { dated: dated(pieces, &now), ..DocumentHead::default() };
    let line = |p: &Piece| match &p.block {
        Block::Paragraph { .. } | Block::Heading { .. } => p.block.plain_text(),
        _ => String::new(),
    };
    let numbered = pieces.iter().take(TOP).position(|p| {
        let text = line(p);
        text.chars().count() <= 60 && number(&text).is_some()
    });
    let mut gone = Vec::new();
    if let Some(at) = numbered {
        let text = pieces.get(at).map(line).unwrap_or_default();
        head.number = number(&text);
        if head.number.as_deref() == Some(text.trim()) {
            gone.push(at);
        }
        for (n, piece) in pieces.iter().enumerate().take(at) {
            let text = line(piece).split_whitespace().collect::<String>();
            if let Some(issuer) = text.strip_suffix("文件").filter(|i| (2..40).contains(&i.chars().count())) {
                head.issuer = Some(issuer.to_owned());
                gone.push(n);
            }
        }
    }
    let title = title(pieces, numbered.map_or(0, |n| n + 1));
    let words: String = title.iter().filter_map(|n| pieces.get(*n)).map(line).collect();
    head.title = Some(words.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|t| !t.is_empty());
    gone.extend(title);
    let mut n = 0;
    pieces.retain(|_| {
        n += 1;
        !gone.contains(&(n - 1))
    });
    head
}

/// The lines of the title: of the title's style, or the largest centred ones before the first heading, or the first heading.
fn title(pieces: &[Piece], from: usize) -> Vec<usize> {
    let top = || pieces.iter().enumerate().take(TOP.max(from + 4));
    let fits = |p: &Piece| {
        let is_line = matches!(p.block, Block::Paragraph { .. } | Block::Heading { .. });
        is_line && (1..=LONGEST).contains(&p.block.plain_text().chars().count())
    };
    let run = |first: usize, same: &dyn Fn(&Piece) -> bool| -> Vec<usize> {
        pieces.iter().enumerate().skip(first).take(4).take_while(|(_, p)| fits(p) && same(p)).map(|(n, _)| n).collect()
    };
    if let Some((n, _)) = top().find(|(_, p)| p.look.is_title && fits(p)) {
        return run(n, &|p| p.look.is_title);
    }
    let heading = top().skip(from).find(|(_, p)| matches!(p.block, Block::Heading { .. })).map(|(n, _)| n);
    let centred = |p: &Piece| p.look.centred == Some(true) && fits(p) && p.look.size.unwrap_or(0) >= LARGE;
    let before = |(n, p): &(usize, &Piece)| *n >= from && heading.is_none_or(|h| *n <= h) && centred(p);
    // Of equal ones the first.
    let largest = top().filter(before).fold(None::<(usize, u32)>, |best, (n, p)| {
        let size = p.look.size.unwrap_or(0);
        if best.is_none_or(|(_, most)| size > most) { Some((n, size)) } else { best }
    });
    match (largest, heading) {
        (Some((n, size)), _) => run(n, &|p| p.look.centred == Some(true) && p.look.size == Some(size)),
        (None, Some(n)) => vec![n],
        // A centred line at the very top, whatever its size.
        (None, None) => top()
            .skip(from)
            .take(3)
            .find(|(_, p)| p.look.centred == Some(true) && fits(p))
            .map(|(n, _)| vec![n])
            .unwrap_or_default(),
    }
}

/// The last line that is a date and nothing else.
fn dated(pieces: &[Piece], now: &Zoned) -> Option<Timestamp> {
    pieces.iter().rev().take(END).find_map(|p| {
        let text: String = p.block.plain_text().split_whitespace().collect();
        let text = western(&text);
        let rest = text.chars().filter(|c| !c.is_ascii_digit() && !"年月日".contains(*c)).count();
        let is_date = rest == 0 && text.contains('年') && text.ends_with('日') && text.chars().count() <= 12;
        is_date.then(|| listed::find(&text, now)).flatten()
    })
}

/// 二〇二六年十一月二十日 as 2026年11月20日.
fn western(text: &str) -> String {
    let digit =
        |c: char| "〇一二三四五六七八九".chars().position(|d| d == c).or_else(|| "○0零".contains(c).then_some(0));
    text.split_inclusive(['年', '月', '日'])
        .map(|part| {
            let (number, unit) = part.split_at(part.len() - part.chars().last().map_or(0, char::len_utf8));
            if number.is_empty() || number.chars().any(|c| c.is_ascii_digit()) {
                return part.to_owned();
            }
            let value = match number.split_once('十') {
                Some((tens, ones)) => {
                    let tens = if tens.is_empty() { Some(1) } else { tens.chars().next().and_then(digit) };
                    let ones = if ones.is_empty() { Some(0) } else { ones.chars().next().and_then(digit) };
                    tens.zip(ones).map(|(t, o)| (t * 10 + o).to_string())
                }
                None => number.chars().map(|c| digit(c).map(|d| d.to_string())).collect(),
            };
            value.map_or_else(|| part.to_owned(), |value| value + unit)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::western;

    #[test]
    fn written_out_dates_become_figures() {
        assert_eq!(western("二〇二六年十一月二十日"), "2026年11月20日");
        assert_eq!(western("二○二六年三月十五日"), "2026年3月15日");
        assert_eq!(western("2026年1月3日"), "2026年1月3日");
    }
}
