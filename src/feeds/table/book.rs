//! Opens a spreadsheet by its content and hands its sheets over row by row.

use super::contract::{Options, Take};
use super::{csv, html, ods, xls, xlsx, zipped};
use crate::{
    config::FeedFormat,
    feeds::{
        decode::decode,
        detect::{Clues, DocumentFormat, detect},
    },
};

/// Walks the sheets of a book.
///
/// # Errors
/// One sentence: it is no spreadsheet, damaged, protected, or larger than it may be.
pub fn walk(bytes: Vec<u8>, options: &Options, take: &mut dyn Take) -> Result<(), String> {
    let (content_type, charset) = (options.content_type.as_deref(), options.charset.as_deref());
    let known = Clues { content_type, name: &options.name, charset, wanted: FeedFormat::Sheet };
    let format = detect(&bytes, &known)?.kind.format;
    match format {
        DocumentFormat::Workbook | DocumentFormat::OpenSheet => {
            zipped::measure(&bytes, options.most, &options.stop)?;
            match format {
                DocumentFormat::OpenSheet => ods::walk(bytes, &options.stop, take),
                _ => xlsx::walk(bytes, &options.stop, take),
            }
        }
        DocumentFormat::OldWorkbook => xls::walk(bytes, &options.stop, take),
        DocumentFormat::Pdf => {
            Err("it is a PDF, not a spreadsheet; ask the office for the table as XLSX or CSV".into())
        }
        DocumentFormat::Word => {
            Err("it is a text document, not a spreadsheet; take register out of the feed's file".into())
        }
        format => {
            let text = decode(&bytes, content_type, charset).0;
            drop(bytes);
            match format {
                DocumentFormat::Html => html::walk(&text, options, take),
                _ => csv::walk(&text, options, take),
            }
        }
    }
}
