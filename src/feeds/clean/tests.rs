//! That no word of a notice keeps a number or a hidden character.

use super::*;
use crate::model::{Attachment, Cell, ListItem, Warning, WarningStage};

/// A notice all of whose words are one text.
fn of(words: &str) -> Notice {
    let spans = || vec![Span::plain(words)];
    let cell = Cell { text: words.into(), header: false, colspan: 1, rowspan: 1 };
    Notice {
        key: words.into(),
        title: words.into(),
        kind: words.into(),
        catalogue: words.into(),
        summary: words.into(),
        issuer: Some(words.into()),
        author: Some(words.into()),
        number: Some(words.into()),
        body: vec![
            Block::Heading { level: 1, spans: spans() },
            Block::Paragraph { spans: spans() },
            Block::List { ordered: false, items: vec![ListItem { depth: 0, spans: spans() }] },
            Block::Table { rows: vec![vec![cell]] },
            Block::Picture { src: "http://a.example/1.png".into(), alt: words.into() },
            Block::Preformatted { text: words.into() },
        ],
        attachments: vec![Attachment {
            url: "http://a.example/1".into(),
            media_type: Some(words.into()),
            title: Some(words.into()),
        }],
        warning: Some(Warning {
            identifier: words.into(),
            stage: WarningStage::Alert,
            actual: true,
            level: None,
            event: words.into(),
            areas: vec![words.into()],
            codes: vec![words.into()],
            onset: None,
            expires: None,
            instruction: words.into(),
            references: vec![words.into()],
        }),
        ..Notice::default()
    }
}

/// All words of a notice, as they are stored.
fn stored(notice: &Notice) -> String {
    serde_json::to_string(notice).unwrap()
}

#[test]
fn no_word_of_a_notice_keeps_a_number() {
    let mut told = of("电话13812345678");
    for code in [&mut told.kind, &mut told.catalogue, told.number.as_mut().unwrap()] {
        code.clear();
    }
    let warning = told.warning.take().unwrap();
    told.attachments[0].media_type = None;
    told.warning = Some(Warning { instruction: warning.instruction, ..of("").warning.unwrap() });
    notice(&mut told);
    assert!(!stored(&told).contains("13812345678"), "{told:?}");
    assert_eq!((told.key.as_str(), told.title.as_str()), ("电话138****5678", "电话138****5678"));
    let mut numbered = Notice { number: Some("示政发〔2026〕1号".into()), ..of("公示") };
    notice(&mut numbered);
    assert_eq!(numbered.number.as_deref(), Some("示政发〔2026〕1号"));
}

#[test]
fn no_word_of_a_notice_keeps_what_is_hidden() {
    let mut told = of("中标\u{1b}金\u{FE0F}额\u{202e}00.001\u{202c}元\u{E0041}\u{3164}\u{AD}");
    notice(&mut told);
    let mut clean = of("中标金额00.001元");
    notice(&mut clean);
    assert_eq!(told, clean);
    assert!(stored(&told).contains("中标金额00.001元"));
}

#[test]
fn numbers_turned_round_are_masked_before_the_marks_go() {
    let mut told = of("电话\u{202e}87654321831\u{202c}。");
    notice(&mut told);
    assert!(!told.title.contains("87654321831") && told.title.contains("****"), "{}", told.title);
    assert!(!told.title.contains('\u{202e}'));
}

#[test]
fn a_notice_without_a_title_to_be_seen_has_that_of_its_words() {
    let mut told =
        Notice { title: "\u{200B}\u{3164}".into(), summary: "关于示例镇的公告".into(), ..Notice::default() };
    notice(&mut told);
    assert_eq!(told.title, "关于示例镇的公告");
    let mut nothing = Notice { title: "\u{2800}".into(), ..of("\u{200D}") };
    notice(&mut nothing);
    assert_eq!(nothing.title, UNTITLED);
    assert!(
        nothing.body.iter().all(|b| matches!(b, Block::Table { .. } | Block::Picture { .. })),
        "{:?}",
        nothing.body
    );
}
