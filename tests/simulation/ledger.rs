//! Two registers read from sheets: a plain one, and one of cases with clocks. Rows change, vanish and come.

use super::hidden;
use jiff::civil::Date;
use std::{collections::BTreeMap, time::Duration};

/// Rows of one sheet.
const MAX_ROWS: usize = 12;

/// The registers' files, the feeds', and what each sheet is called.
pub const REGISTERS: [(&str, &str); 2] = [
    (
        "assets",
        "title = \"示例资产\"\ncatalogue = \"assets\"\nkey = [\"code\"]\nlabel = \"item\"\n\
         [[column]]\nid = \"code\"\ntitle = \"编号\"\nkind = \"code\"\n[[column]]\nid = \"item\"\ntitle = \"名称\"\n\
         [[column]]\nid = \"note\"\ntitle = \"备注\"\n[[column]]\nid = \"day\"\ntitle = \"日期\"\nkind = \"date\"\n",
    ),
    (
        "cases",
        "title = \"示例办件\"\ncatalogue = \"cases\"\nkey = [\"code\"]\nlabel = \"item\"\nperiod = \"day\"\n\
         [case]\naccepted = \"day\"\nclosed = \"closed\"\npromised_days = \"promised\"\n\
         [[column]]\nid = \"code\"\ntitle = \"编号\"\nkind = \"code\"\n[[column]]\nid = \"item\"\ntitle = \"名称\"\n\
         [[column]]\nid = \"note\"\ntitle = \"备注\"\n[[column]]\nid = \"day\"\ntitle = \"日期\"\nkind = \"date\"\n\
         [[column]]\nid = \"promised\"\ntitle = \"承诺工作日\"\nkind = \"quantity\"\nunit = \"个工作日\"\n\
         [[column]]\nid = \"closed\"\ntitle = \"办结日期\"\nkind = \"date\"\n",
    ),
];

#[derive(Debug, Clone)]
struct Row {
    number: u64,
    revision: u32,
    day: Date,
    planted: String,
    told: Option<Duration>,
}

impl Row {
    fn name(&self) -> String {
        format!("示例第{}项{}次", self.number, self.revision)
    }
}

/// A sheet of rows.
#[derive(Debug)]
pub struct Sheet {
    pub name: &'static str,
    rows: Vec<Row>,
    /// What rows said that changed or are gone, and since when the player can know.
    gone: BTreeMap<String, Option<Duration>>,
}

impl Sheet {
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new(), gone: BTreeMap::new() }
    }

    /// A row comes, changes or vanishes; never so many that a person would have to look.
    pub fn change(&mut self, number: u64, day: Date, rng: &mut fastrand::Rng) {
        let at = rng.usize(..MAX_ROWS);
        let stays = self.rows.len() < 8 || !self.gone.values().all(Option::is_some);
        match self.rows.get_mut(at) {
            None => self.rows.push(Row { number, revision: 0, day, planted: hidden::planted(rng), told: None }),
            Some(row) if stays || rng.bool() => {
                self.gone.insert(row.name(), None);
                (row.revision, row.told) = (row.revision + 1, None);
            }
            Some(_) => {
                let row = self.rows.remove(at);
                self.gone.insert(row.name(), None);
            }
        }
    }

    /// As a sheet is saved.
    pub fn csv(&self) -> String {
        let line = |row: &Row| {
            let Row { number, day, planted, .. } = row;
            format!("{}-{number},{},电话 {planted},{day},5,\n", self.name, row.name())
        };
        let lines: String = self.rows.iter().map(line).collect();
        format!("编号,名称,备注,日期,承诺工作日,办结日期\n{lines}")
    }

    /// The player can know of all of it from now on.
    pub fn tell(&mut self, now: Duration) {
        self.rows.iter_mut().for_each(|row| row.told = row.told.or(Some(now)));
        self.gone.values_mut().for_each(|told| *told = told.or(Some(now)));
    }

    /// The names of rows that must be held on a day, and those that must not: known since longer than `is_owed` says.
    pub fn owed(&self, today: Date, is_owed: impl Fn(Option<Duration>) -> bool) -> (Vec<String>, Vec<&str>) {
        // A case that is accepted on a later day is none yet, where a clock was set back.
        let held = self.rows.iter().filter(|row| row.day <= today && is_owed(row.told)).map(Row::name).collect();
        let gone = self.gone.iter().filter(|(_, told)| is_owed(**told)).map(|(name, _)| name.as_str()).collect();
        (held, gone)
    }

    /// Forgets what has been gone for long: it was looked for often enough.
    pub fn forget(&mut self, before: Duration) {
        self.gone.retain(|_, told| told.is_none_or(|at| at > before));
    }
}
