//! `registers/*.toml`: one register a file: a table of typed columns, what its rows are known by, and how it is read
//! by place and period.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_from};
use super::places::Section;
use super::section::ConfigSection;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;

/// One `registers/NAME.toml`; the register's name is the file's. Feeds bring its rows: a feed with `register = "NAME"`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Register {
    /// The title shown, such as 村级资金账.
    pub title: String,
    /// The catalogue heading it belongs to.
    pub catalogue: String,
    /// The columns whose values tell one row from another, such as a receipt number.
    pub key: Vec<String>,
    /// The column that names a row in lists and in search.
    pub label: String,
    /// The column of kind `place` by which people look rows up; empty for a register of the whole county.
    pub place: String,
    /// The column of kind `date` or `month` by which people look rows up; empty for one without periods.
    pub period: String,
    /// The column that names the unit in charge; empty for none.
    pub unit: String,
    /// The column whose number ties a row to the notices with the same document or project number; empty for none.
    pub number: String,
    /// The columns, in the order shown.
    pub column: Vec<Column>,
    /// Income, expense and balance that must agree.
    pub balance: Option<Balance>,
    /// Sums within one row that must agree.
    pub agree: Vec<Agree>,
    /// What makes its rows cases: receipts with steps and deadlines.
    pub case: Option<CaseRules>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Its name in this file: lower-case letters, digits and hyphens.
    pub id: String,
    /// The title shown over it.
    pub title: String,
    /// Other titles it has in the offices' tables, or its path in a JSON source (a key, keys joined by dots, or a
    /// JSONPath such as `$.money.in`); the title itself is always known. Under a title that spans several columns,
    /// `收入/现金` names one of them.
    pub header: Vec<String>,
    /// What it holds.
    pub kind: ColumnKind,
    /// The unit of a quantity, such as 亩, or of money in the source's cells: 元 (the default) or 万元.
    pub unit: String,
    /// Set to true to add it up under lists.
    pub sum: bool,
    /// Set to true to keep it out of lists; it is shown with the single row.
    pub detail: bool,
    /// The words a status may have, each with its colour; others are shown as they are.
    pub status: Vec<StatusWord>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    /// Words.
    #[default]
    Text,
    /// A day.
    Date,
    /// A month.
    Month,
    /// Money.
    Money,
    /// A number with a unit.
    Quantity,
    /// A code or a number that is not counted with.
    Code,
    /// A region by its code or its name in regions.csv.
    Place,
    /// A department.
    Unit,
    /// A person; never shown with an ID or phone number.
    Person,
    /// A status, shown as a badge.
    Status,
    /// Addresses of pictures, such as vouchers.
    Picture,
}

/// A word a status may have.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatusWord {
    /// The word, such as 已办结.
    pub word: String,
    /// Its colour.
    pub colour: super::Accent,
}

/// Income − expense = change of balance, place by place from one period to the next. A mismatch is shown, not hidden.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Balance {
    /// The column of income.
    pub income: String,
    /// The column of expense.
    pub expense: String,
    /// The column of the balance after the row.
    pub balance: String,
}

/// A total and its parts, all columns of one row.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Agree {
    /// The column of the total.
    pub total: String,
    /// The columns that make it up.
    pub parts: Vec<String>,
}

/// What makes the rows of a register cases. The receipt number is the register's key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CaseRules {
    /// The column of the day it was accepted; deadlines count from the next working day.
    pub accepted: String,
    /// The column of the day it was closed.
    pub closed: String,
    /// The column of the working days promised.
    pub promised_days: String,
    /// The column of the working days by law.
    pub statutory_days: String,
    /// Names of steps whose time does not count, such as 听证, 检验, 检测, 专家评审; a step's name need only contain one.
    pub pauses: Vec<String>,
    /// The lamp turns yellow when this many working days or fewer are left.
    pub yellow_days: i32,
    /// The lamp turns red when this many working days or fewer are left; -1 is the day after the deadline.
    pub red_days: i32,
}

/// What of a case its page shows, as places of columns; its steps and its clocks are shown beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseColumns {
    /// What it is about.
    pub name: usize,
    /// Who is in charge.
    pub unit: Option<usize>,
    /// The working days promised.
    pub promised_days: Option<usize>,
    /// The working days by law.
    pub statutory_days: Option<usize>,
}

impl CaseColumns {
    /// All of them.
    pub fn all(&self) -> [Option<usize>; 4] {
        [Some(self.name), self.unit, self.promised_days, self.statutory_days]
    }
}

impl Default for CaseRules {
    fn default() -> Self {
        let none = String::new;
        Self {
            accepted: none(),
            closed: none(),
            promised_days: none(),
            statutory_days: none(),
            pauses: Vec::new(),
            yellow_days: 1,
            red_days: -1,
        }
    }
}

impl Register {
    /// The place of a column among the columns, and so of its value in a row.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.column.iter().position(|c| c.id == id)
    }

    /// The place of the column that names a row: as the register says, else its first words.
    pub fn label_index(&self) -> usize {
        let words = || self.column.iter().position(|c| c.kind == ColumnKind::Text);
        self.index(&self.label).or_else(words).unwrap_or(0)
    }

    /// The places of the columns that a case's page reads; `None` where rows are no cases.
    pub fn case_columns(&self) -> Option<CaseColumns> {
        let rules = self.case.as_ref()?;
        Some(CaseColumns {
            name: self.label_index(),
            unit: self.index(&self.unit),
            promised_days: self.index(&rules.promised_days),
            statutory_days: self.index(&rules.statutory_days),
        })
    }

    /// Whether the page of one row shows a column, given by its place. Of a case it shows those of
    /// [`Register::case_columns`]: who asked for what is told to nobody who finds it by other words or reads a number off
    /// someone's slip. Of all others it shows all. What a search finds and quotes goes by the same.
    pub fn shows(&self, column: usize) -> bool {
        self.case_columns().is_none_or(|case| case.all().contains(&Some(column)))
    }

    /// The column of this id.
    pub fn find(&self, id: &str) -> Option<&Column> {
        self.column.iter().find(|c| c.id == id)
    }
}

impl ConfigSection for Register {
    fn check(register: &Section<Self>, faults: &mut Vec<Fault>) {
        check(register, faults);
    }

    /// Its feeds are read anew, and what the store keeps of its rows is brought in line.
    fn changed(name: &str, _: Option<&Self>, _: Option<&Self>, changes: &mut Changes) {
        changes.registers.insert(name.to_owned());
        changes.derived = true;
        changes.edition = true;
    }
}

fn check(register: &Section<Register>, faults: &mut Vec<Fault>) {
    let r = &register.value;
    if r.title.is_empty() {
        let mend = "add title = \"…\": the public sees it over the table";
        faults.push(register.fault(Severity::Error, "title", "the register has no title", mend));
    }
    check_columns(register, faults);
    if r.key.is_empty() {
        let mend = "add key = [\"…\"] with the columns that tell one row from another";
        faults.push(register.fault(Severity::Error, "key", "the register has no key", mend));
    }
    let any: &[ColumnKind] = &[];
    let counted: &[ColumnKind] = &[ColumnKind::Money, ColumnKind::Quantity];
    let mut named: Vec<(String, &str, &[ColumnKind])> =
        r.key.iter().enumerate().map(|(i, id)| (format!("key.{i}"), id.as_str(), any)).collect();
    named.push(("label".into(), &r.label, any));
    named.push(("place".into(), &r.place, &[ColumnKind::Place]));
    named.push(("period".into(), &r.period, &[ColumnKind::Date, ColumnKind::Month]));
    named.push(("unit".into(), &r.unit, any));
    named.push(("number".into(), &r.number, any));
    if let Some(b) = &r.balance {
        for (key, id) in [("income", &b.income), ("expense", &b.expense), ("balance", &b.balance)] {
            named.push((format!("balance.{key}"), id, &[ColumnKind::Money]));
        }
    }
    for (i, agree) in r.agree.iter().enumerate() {
        named.push((format!("agree.{i}.total"), &agree.total, counted));
        named
            .extend(agree.parts.iter().enumerate().map(|(j, p)| (format!("agree.{i}.parts.{j}"), p.as_str(), counted)));
    }
    if let Some(case) = &r.case {
        named.push(("case.accepted".into(), &case.accepted, &[ColumnKind::Date]));
        named.push(("case.closed".into(), &case.closed, &[ColumnKind::Date]));
        named.push(("case.promised_days".into(), &case.promised_days, &[ColumnKind::Quantity]));
        named.push(("case.statutory_days".into(), &case.statutory_days, &[ColumnKind::Quantity]));
        check_case(register, case, faults);
    }
    for (path, id, kinds) in named.into_iter().filter(|(_, id, _)| !id.is_empty()) {
        check_column(register, &path, id, kinds, faults);
    }
}

fn check_case(register: &Section<Register>, case: &CaseRules, faults: &mut Vec<Fault>) {
    if case.accepted.is_empty() {
        let mend = "add accepted = \"…\": the column of the day each case was accepted";
        faults.push(register.fault(Severity::Error, "case", "no deadline can be counted", mend));
    }
    if case.yellow_days < case.red_days {
        let mend = "write yellow_days larger than red_days";
        faults.push(register.fault(Severity::Error, "case.yellow_days", "the lamp would never be yellow", mend));
    }
}

fn check_columns(register: &Section<Register>, faults: &mut Vec<Fault>) {
    if register.value.column.is_empty() {
        let mend = "add [[column]] sections, each with an id and a title";
        faults.push(register.fault(Severity::Error, "column", "the register has no columns", mend));
    }
    let mut seen = HashSet::new();
    for (i, column) in register.value.column.iter().enumerate() {
        let at = format!("column.{i}.id");
        let id = column.id.as_str();
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !is_id {
            let mend = "write lower-case letters, digits and hyphens, such as income";
            faults.push(register.fault(Severity::Error, &at, format!("`{id}` is not a column's id"), mend));
        } else if !seen.insert(id) {
            let mend = "give each column an id of its own";
            faults.push(register.fault(Severity::Error, &at, format!("the column `{id}` stands twice"), mend));
        }
        if column.title.is_empty() {
            let path = format!("column.{i}");
            let mend = "add title = \"…\": it is shown over the column and looked for in the offices' tables";
            faults.push(register.fault(Severity::Error, &path, format!("the column `{id}` has no title"), mend));
        }
    }
}

fn check_column(register: &Section<Register>, path: &str, id: &str, kinds: &[ColumnKind], faults: &mut Vec<Fault>) {
    let ids: Vec<&str> = register.value.column.iter().map(|c| c.id.as_str()).collect();
    match register.value.find(id) {
        None => {
            let message = format!("the register has no column `{id}`");
            faults.push(register.fault(Severity::Error, path, message, choose_from(id, &ids)));
        }
        Some(column) if !kinds.is_empty() && !kinds.contains(&column.kind) => {
            let words: Vec<String> = kinds.iter().map(|k| format!("{k:?}").to_lowercase()).collect();
            let message = format!("the column `{id}` cannot be used here");
            let mend = format!("give it kind = \"{}\", or name another column", words.join("\" or \""));
            faults.push(register.fault(Severity::Error, path, message, mend));
        }
        Some(_) => {}
    }
}
