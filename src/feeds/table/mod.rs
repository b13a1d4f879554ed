//! Spreadsheets: rows of a register, or notices, one a row.
//!
//! A book is opened by its content (`book`), its sheets come row by row, the titles are found (`header`), cells become
//! values (`typed`), and what came of all files of a feed is brought together at the end (`finish`).

mod biff;
mod book;
mod cell;
mod contract;
mod csv;
mod day;
mod files;
mod finish;
mod header;
mod html;
mod merges;
mod notices;
mod ods;
mod place;
mod reader;
mod rows;
mod sink;
mod steps;
mod task;
mod totals;
mod typed;
mod wanted;
mod xls;
mod xlsx;
mod zipped;

pub(super) use cell::SheetCell;
pub(super) use day::{Years, day, epoch, instant, month};
pub(super) use finish::TableOutcome;
pub(super) use notices::{body, entry_key};
pub(super) use steps::is_yes;
pub(super) use task::{RawTables, SheetTask};
pub(super) use typed::{Reading, address, short};

#[cfg(test)]
mod tests {
    use super::{SheetTask, TableOutcome};
    use crate::{
        config::{Config, Feed, SheetMapping},
        feeds::StopToken,
    };
    use std::io::{Cursor, Write};

    fn read(bytes: &[u8], stop: &StopToken) -> Result<TableOutcome, String> {
        let mut sheet = SheetMapping::default();
        sheet.notice.title = vec!["名称".into()];
        let feed = Feed { sheet: Some(sheet), ..Feed::default() };
        let task = SheetTask::new("a", &feed, &Config::default(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        let url = "http://portal.example/table".parse().unwrap();
        task.fetched(&url, bytes.to_vec(), None, None, stop).map_err(|e| e.reason)
    }

    #[test]
    fn reading_ends_when_nobody_waits() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let cell = |word: &str| format!("<row><table-row><table-cell><p>{word}</p></table-cell></table-row></row>");
        write!(zip, "<table name='a'>{}{}</table>", cell("名称"), cell("甲")).unwrap();
        let ods = zip.finish().unwrap().into_inner();
        let csv = "名称\n甲\n".as_bytes();
        for bytes in [csv, "<table><tr><td>名称<tr><td>甲</table>".as_bytes(), &ods] {
            let stop = StopToken::default();
            assert_eq!(read(bytes, &stop).unwrap().notices.len(), 1);
            stop.ask();
            assert!(read(bytes, &stop).is_err());
        }
        let stop = StopToken::default();
        stop.ask();
        assert!(read(csv, &stop).unwrap_err().contains("takes too long"));
    }
}
