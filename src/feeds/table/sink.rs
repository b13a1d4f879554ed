//! Where the lines of one file's sheets go, whatever they are read as.

use super::{
    day::Years,
    header::Header,
    task::{RawTables, SheetTask},
    totals::Totals,
    typed::Reading,
};
use crate::feeds::StopToken;
use url::Url;

/// What one sheet is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetUse {
    /// Rows of the register.
    Rows,
    /// Notices.
    Notices,
    /// Steps of cases.
    Steps,
}

/// The file that is read.
#[derive(Debug, Clone, Default)]
pub struct SheetFile {
    /// Its name as people know it: within its folder, or as its address ends.
    pub name: String,
    /// Its name without folder and ending.
    pub stem: String,
    /// The name of the folder it lies in.
    pub folder: String,
    /// Where it is, for relative addresses.
    pub base: Option<Url>,
}

/// What is known of the sheet at hand.
pub struct OpenSheet {
    /// Its name.
    pub sheet: String,
    /// What it is read as.
    pub want: SheetUse,
    /// Where the columns stand.
    pub header: Header,
    /// The year it tells.
    pub years: Years,
    /// The unit of money that the lines above the titles say.
    pub unit: Option<String>,
    /// Sums of its rows.
    pub totals: Totals,
    /// Lines taken since the titles.
    pub lines: u32,
}

/// Takes the lines of one file.
pub struct SheetSink<'a> {
    /// What the look works with.
    pub task: &'a SheetTask,
    /// The file that is read.
    pub file: &'a SheetFile,
    /// What came so far.
    pub out: &'a mut RawTables,
    /// Looked at row by row.
    pub stop: &'a StopToken,
    /// The number of the file among those of the look.
    pub number: usize,
}

impl<'a> SheetSink<'a> {
    /// What values of a sheet are read by.
    pub fn reading(&self, years: &Years) -> Reading<'a> {
        Reading { places: &self.task.places, base: self.file.base.as_ref(), years: years.clone() }
    }

    /// Notes what is wrong with a line.
    pub fn fault(&mut self, open: &OpenSheet, line: u32, reason: &str) {
        let reason = format!("sheet {}, row {line}{reason}", open.sheet);
        self.out.fault(&self.file.name, reason);
    }
}
