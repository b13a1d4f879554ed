//! Spreadsheets: rows of a register, or notices, one a row.
//!
//! A book is opened by its content (`book`), its sheets come row by row, the titles are found (`header`), cells become
//! values (`typed`), and what came of all files of a feed is brought together at the end (`finish`).

mod book;
mod cell;
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
mod steps;
mod totals;
mod typed;
mod xls;
mod xlsx;
mod zipped;

pub(super) use cell::Cell;
pub(super) use day::{Years, day, epoch, instant};
pub(super) use finish::Gathered;
pub(super) use notices::{body, entry_key};
pub(super) use place::Places;
pub(super) use steps::is_yes;
pub(super) use typed::{Reading, address, short};

use super::{FeedError, Harvested, ItemFault, raw::Recorder};
use crate::{
    config::{Config, Feed, Register, Sheet},
    model::{Row, Step},
};
use header::Wanted;
use jiff::civil::Date;
use std::collections::HashSet;

/// Faults of one look that are told one by one.
const MAX_FAULTS: usize = 200;

/// What a look at a feed of tables works with: all it needs, so that it can go to a thread of its own.
#[derive(Debug)]
pub(super) struct Task {
    /// The feed's name.
    pub name: String,
    /// The feed.
    pub feed: Feed,
    /// The register its rows go into; `None` for a feed of notices.
    pub register: Option<Register>,
    /// The regions.
    pub places: Places,
    /// The day of the look.
    pub today: Date,
    /// Notes the files it reads; what is fetched is noted by the client.
    pub recorder: Option<Recorder>,
    sheet: Sheet,
    wanted: Vec<Wanted>,
    wanted_steps: Vec<Wanted>,
}

impl Task {
    /// Prepares a look.
    ///
    /// # Errors
    /// Where the config has no such register.
    pub fn new(name: &str, feed: &Feed, config: &Config, today: Date) -> Result<Self, FeedError> {
        let register = match feed.register.as_str() {
            "" => None,
            wanted => Some(config.registers.get(wanted).cloned().ok_or_else(|| {
                FeedError::new(
                    &feed.source,
                    format!("there is no register {wanted}; mend register in feeds/{name}.toml"),
                )
            })?),
        };
        let sheet = feed.sheet.clone().unwrap_or_default();
        let wanted = match &register {
            Some(register) => rows::wanted(register, &sheet),
            None => notices::wanted(&sheet.notice),
        };
        Ok(Self {
            name: name.to_owned(),
            feed: feed.clone(),
            places: Places::new(&config.regions),
            wanted_steps: steps::wanted(&sheet.step, register.as_ref()),
            register,
            today,
            recorder: None,
            sheet,
            wanted,
        })
    }

    /// The file of the steps beside a single source, where the feed names one.
    pub fn steps_file(&self) -> Option<&str> {
        Some(self.sheet.steps.as_str()).filter(|s| self.register.is_some() && s.contains('.') && !s.contains('*'))
    }
}

/// What came of the files of a feed, before it is brought together.
#[derive(Debug, Default)]
pub(super) struct Yield {
    /// Rows, each without its key.
    pub rows: Vec<Row>,
    /// Where each row stands: the number of its file among `files`, and its line.
    pub origins: Vec<(usize, u32)>,
    /// The names of the files.
    pub files: Vec<String>,
    /// Steps with the receipt numbers of their cases.
    pub steps: Vec<(String, Step)>,
    /// Notices.
    pub notices: Vec<Harvested>,
    /// What could not be read.
    pub faults: Vec<ItemFault>,
    /// Faults beyond those told.
    pub untold: usize,
    /// Whether a whole file is missing from it, so that rows it lacks may still be there.
    pub is_partial: bool,
    /// What was said of a sheet and need not be said of each.
    said: HashSet<String>,
}

impl Yield {
    /// Notes what could not be read.
    pub fn fault(&mut self, item: &str, reason: impl Into<String>) {
        match self.faults.len() {
            ..MAX_FAULTS => self.faults.push(ItemFault { item: item.to_owned(), reason: reason.into() }),
            _ => self.untold += 1,
        }
    }
}
