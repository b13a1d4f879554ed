//! Keeps out of the config what nobody sees: its words go onto walls and into terminals as they are.
//!
//! Marks that turn the direction of what follows, and control characters, are refused: they can make a figure read as
//! another, and no name has them by chance. What merely takes no room (joiners, fillers, selectors out of place), as text
//! copied from elsewhere often has, is taken out without a word.

use std::{borrow::Cow, ops::Range};
use toml::{de::DeTable, de::DeValue};

/// The rule by which a text loses what cannot be seen in it.
pub type Visible = fn(&str) -> Cow<'_, str>;

/// What is said of such a character, and the mend.
fn said(c: char) -> (String, String) {
    let message = format!("the text has a character that is not seen and changes what is, U+{:04X}", u32::from(c));
    (message, "type the text anew, without copying it".to_owned())
}

/// The first character that is refused.
fn refused(text: &str) -> Option<char> {
    text.chars().find(|c| is_turning(*c) || c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Whether a character turns the direction in which others are read.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Cleans every text of a file; what is refused is reported by its span, with the mend.
pub(super) fn clean(table: &mut DeTable<'_>, visible: Visible, report: &mut dyn FnMut(Range<usize>, String, String)) {
    for (key, value) in table.iter_mut() {
        if let Some(c) = refused(key.get_ref()) {
            let (message, mend) = said(c);
            report(key.span(), message, mend);
        }
        let span = value.span();
        clean_value(value.get_mut(), span, visible, report);
    }
}

fn clean_value(
    value: &mut DeValue<'_>,
    span: Range<usize>,
    visible: Visible,
    report: &mut dyn FnMut(Range<usize>, String, String),
) {
    match value {
        DeValue::String(text) => {
            if let Some(c) = refused(text) {
                let (message, mend) = said(c);
                report(span, message, mend);
            } else if let Cow::Owned(clean) = visible(text) {
                *text = Cow::Owned(clean);
            }
        }
        DeValue::Table(table) => clean(table, visible, report),
        DeValue::Array(items) => {
            for item in items.iter_mut() {
                let span = item.span();
                clean_value(item.get_mut(), span, visible, report);
            }
        }
        _ => {}
    }
}

/// Cleans a table of cells; what is refused is reported by its line, from 1, with the mend.
pub(super) fn clean_lines(text: &str, visible: Visible, report: &mut dyn FnMut(usize, String, String)) -> String {
    for (n, line) in text.lines().enumerate() {
        if let Some(c) = refused(line) {
            let (message, mend) = said(c);
            report(n + 1, message, mend);
        }
    }
    visible(text).into_owned()
}
