//! What identifies a person is masked before a harvest leaves this room, so that neither store nor screen ever holds it.

use super::{Catch, Harvest, ItemFault};
use crate::model::{Notice, mask, mask_blocks};
use std::borrow::Cow;

impl Harvest {
    /// Masks ID numbers, mobile phone numbers and bank cards in all words of what came. Rows were masked when they got
    /// their keys; addresses and document numbers stay as they are.
    pub(super) fn masked(mut self) -> Self {
        match &mut self.catch {
            Catch::Unchanged => {}
            Catch::Notices { items, faults, .. } => {
                items.iter_mut().for_each(|h| notice(&mut h.notice));
                faults.iter_mut().for_each(fault);
            }
            Catch::Rows { faults, .. } => faults.iter_mut().for_each(fault),
        }
        self
    }
}

fn line(text: &mut String) {
    if let Cow::Owned(masked) = mask(text) {
        *text = masked;
    }
}

fn notice(notice: &mut Notice) {
    // A title that is all there is to tell a notice by is kept as its key.
    let is_title = notice.key == notice.title;
    line(&mut notice.title);
    if is_title {
        notice.key.clone_from(&notice.title);
    }
    line(&mut notice.summary);
    mask_blocks(&mut notice.body);
    for text in [&mut notice.issuer, &mut notice.author].into_iter().flatten() {
        line(text);
    }
    notice.attachments.iter_mut().filter_map(|a| a.title.as_mut()).for_each(line);
    if let Some(warning) = &mut notice.warning {
        line(&mut warning.instruction);
    }
}

/// A fault quotes what could not be read.
fn fault(fault: &mut ItemFault) {
    line(&mut fault.item);
    line(&mut fault.reason);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::formats::blank;
    use crate::model::{Attachment, Block, Span};

    #[test]
    fn no_word_of_a_notice_keeps_a_number() {
        let phone = "13812345678";
        let mut told = Notice {
            key: format!("电话{phone}"),
            title: format!("电话{phone}"),
            summary: phone.into(),
            issuer: Some(phone.into()),
            author: Some(phone.into()),
            number: Some("示政发〔2026〕1号".into()),
            body: vec![Block::Paragraph { spans: vec![Span::plain(phone)] }],
            attachments: vec![Attachment {
                url: "http://a.example/1".into(),
                media_type: None,
                title: Some(phone.into()),
            }],
            ..blank()
        };
        notice(&mut told);
        assert!(!format!("{told:?}").contains(phone), "{told:?}");
        assert_eq!((told.key, told.number.as_deref()), ("电话138****5678".into(), Some("示政发〔2026〕1号")));
    }
}
