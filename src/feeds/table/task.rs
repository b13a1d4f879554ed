//! What a look at a feed of tables works with, and what came of its files before it is brought together.

use super::{day::Years, header::ColumnTitles, place::Places, wanted};
use crate::{
    config::{Config, Feed, Register, SheetMapping},
    feeds::{FeedError, Harvested, ItemFault, StopToken, raw::Recorder},
    model::{Attachment, Block, Row, Step, Value},
};
use jiff::{Timestamp, Zoned};
use std::collections::HashSet;

/// Faults of one look that are told one by one.
const MAX_FAULTS: usize = 200;

/// What a look at a feed of tables works with: all it needs, so that it can go to a thread of its own.
#[derive(Debug)]
pub(in crate::feeds) struct SheetTask {
    /// The feed's name.
    pub name: String,
    /// The feed.
    pub feed: Feed,
    /// The register its rows go into; `None` for a feed of notices.
    pub register: Option<Register>,
    /// The regions.
    pub places: Places,
    /// When the look is taken, in the site's zone.
    pub now: Zoned,
    /// Notes the files it reads; what is fetched is noted by the client.
    pub recorder: Option<Recorder>,
    /// How the feed's file says that sheets are read.
    pub sheet: SheetMapping,
    /// The titles of rows or notices that are looked for.
    pub wanted: Vec<ColumnTitles>,
    /// The titles of steps that are looked for.
    pub wanted_steps: Vec<ColumnTitles>,
}

impl SheetTask {
    /// Prepares a look.
    ///
    /// # Errors
    /// Where the config has no such register.
    pub fn new(name: &str, feed: &Feed, config: &Config, now: Timestamp) -> Result<Self, FeedError> {
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
        let titles = match &register {
            Some(register) => wanted::of_rows(register, &sheet),
            None => wanted::of_notices(&sheet.notice),
        };
        Ok(Self {
            name: name.to_owned(),
            feed: feed.clone(),
            places: Places::new(&config.regions),
            wanted_steps: wanted::of_steps(&sheet.step, register.as_ref()),
            register,
            now: now.to_zoned(config.site.zone()),
            recorder: None,
            sheet,
            wanted: titles,
        })
    }

    /// Bytes one file may have, by the feed's file.
    pub fn most(&self) -> u64 {
        u64::from(self.feed.max_megabytes) * 1024 * 1024
    }

    /// What dates of cells are read by, where the file or a title tells a year.
    pub fn years(&self, told: Option<i16>) -> Years {
        Years { told, today: self.now.date(), zone: self.now.time_zone().clone() }
    }

    /// Whether the work may go on: it is still waited for, and what came of it takes no more memory than it may. Cells of
    /// a spreadsheet share their words, rows do not: a few kilobytes of merged or repeated cells can ask for gigabytes.
    ///
    /// # Errors
    /// One sentence, where it may not.
    pub fn go_on(&self, out: &RawTables, stop: &StopToken) -> Result<(), String> {
        if stop.is_asked() {
            return Err("reading it takes too long; split it".into());
        }
        let most = self.most().saturating_mul(ROOM);
        if out.bytes > most {
            let most = most / 1024 / 1024;
            return Err(format!("its rows take more than {most} MB of memory; split it, or raise max_megabytes"));
        }
        Ok(())
    }

    /// The file of the steps beside a single source, where the feed names one.
    pub fn steps_file(&self) -> Option<&str> {
        Some(self.sheet.steps.as_str()).filter(|s| self.register.is_some() && s.contains('.') && !s.contains('*'))
    }
}

/// Memory that the rows of a look may take, in times what one file may have.
const ROOM: u64 = 8;

/// What came of the files of a feed, before it is brought together.
#[derive(Debug, Default)]
pub(in crate::feeds) struct RawTables {
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
    /// Bytes that rows, steps and notices take, about.
    pub bytes: u64,
    /// What was said of a sheet and need not be said of each.
    pub said: HashSet<String>,
}

impl RawTables {
    /// Takes a row with where it stands.
    pub fn row(&mut self, row: Row, origin: (usize, u32)) {
        let words = |value: &Value| match value {
            Value::Text(text) => text.len(),
            Value::Pictures(all) => all.iter().map(|a| a.len() + size_of::<String>()).sum(),
            _ => 0,
        };
        let words: usize = row.values.iter().map(words).sum();
        let steps: usize = row.steps.iter().map(step_bytes).sum();
        let bytes = size_of::<Row>() + row.values.len() * size_of::<Value>() + words + steps;
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.origins.push(origin);
        self.rows.push(row);
    }

    /// Takes a step with the receipt number of its case.
    pub fn step(&mut self, receipt: String, step: Step) {
        let bytes = step_bytes(&step) + size_of::<String>() + receipt.len();
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.steps.push((receipt, step));
    }

    /// Takes a notice.
    pub fn notice(&mut self, harvested: Harvested) {
        let notice = &harvested.notice;
        let body: usize = notice.body.iter().map(|b| b.plain_text().len() + size_of::<Block>() * 2).sum();
        let files: usize = notice.attachments.iter().map(|a| a.url.len() + size_of::<Attachment>()).sum();
        let bytes = size_of::<Harvested>() + body + files + notice.title.len() + notice.key.len();
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.notices.push(harvested);
    }

    /// Notes what could not be read.
    pub fn fault(&mut self, item: &str, reason: impl Into<String>) {
        match self.faults.len() {
            ..MAX_FAULTS => self.faults.push(ItemFault { item: item.to_owned(), reason: reason.into() }),
            _ => self.untold += 1,
        }
    }
}

fn step_bytes(step: &Step) -> usize {
    size_of::<Step>() + step.name.len() + step.note.len()
}
