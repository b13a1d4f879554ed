//! Takes the sheets of one file: finds the titles of each, then hands its rows on.

use super::{
    cell::{Merge, SheetCell, SheetRow},
    contract::Take,
    day, header,
    merges::Merges,
    notices, rows,
    sink::{OpenSheet, SheetFile, SheetSink, SheetUse},
    steps,
    task::{RawTables, SheetTask},
    totals::Totals,
};
use crate::{config::is_named, feeds::StopToken};

/// Characters of a sheet's name that are told; spreadsheets allow 31.
const LONGEST: usize = 100;

/// Takes one file.
pub struct Reader<'a> {
    sink: SheetSink<'a>,
    merges: Merges,
    sheet: String,
    want: SheetUse,
    is_asked_for: bool,
    head: Vec<(SheetRow, Vec<(usize, SheetCell)>)>,
    open: Option<OpenSheet>,
    is_passed: bool,
    /// Sheets in which the titles were found.
    pub found: usize,
    /// The first sheet without, and why.
    pub passed: Option<String>,
}

impl<'a> Reader<'a> {
    /// Begins a file.
    pub fn new(task: &'a SheetTask, file: &'a SheetFile, out: &'a mut RawTables, stop: &'a StopToken) -> Self {
        let number = out.files.len();
        out.files.push(file.name.clone());
        Self {
            sink: SheetSink { task, file, out, stop, number },
            merges: Merges::default(),
            sheet: String::new(),
            want: SheetUse::Rows,
            is_asked_for: false,
            head: Vec::new(),
            open: None,
            is_passed: false,
            found: 0,
            passed: None,
        }
    }

    fn is_steps(&self, sheet: &str) -> bool {
        let steps = self.sink.task.sheet.steps.as_str();
        let file = self.sink.file.name.rsplit('/').next().unwrap_or_default();
        self.sink.task.register.is_some() && !steps.is_empty() && (is_named(steps, sheet) || is_named(steps, file))
    }

    fn find_header(&mut self) {
        let head = std::mem::take(&mut self.head);
        let with_across = |(line, across): &(SheetRow, Vec<(usize, SheetCell)>)| {
            let mut line = line.clone();
            for (at, cell) in across {
                if line.cells.len() <= *at {
                    line.cells.resize(at + 1, SheetCell::Empty);
                }
                if let Some(slot) = line.cells.get_mut(*at).filter(|c| c.is_empty()) {
                    slot.clone_from(cell);
                }
            }
            line
        };
        let lines: Vec<SheetRow> = head.iter().map(with_across).collect();
        let wanted = if self.want == SheetUse::Steps { &self.sink.task.wanted_steps } else { &self.sink.task.wanted };
        let row = if self.want == SheetUse::Steps { 0 } else { self.sink.task.sheet.header_row };
        let header = match header::find(&lines, wanted, row) {
            Ok(header) => header,
            Err(reason) => {
                self.is_passed = true;
                let sheet = &self.sheet;
                if self.is_asked_for {
                    self.sink.out.fault(&self.sink.file.name, format!("sheet {sheet}: {reason}"));
                }
                self.passed.get_or_insert(format!("sheet {sheet}: {reason}"));
                return;
            }
        };
        self.found += 1;
        let told = [&self.sheet, &header.above, &self.sink.file.stem, &self.sink.file.folder];
        let years = self.sink.task.years(told.into_iter().find_map(|t| day::year(t)));
        let last = header.last;
        let columns = self.sink.task.register.as_ref().map_or(0, |r| r.column.len());
        let open = OpenSheet {
            sheet: self.sheet.clone(),
            want: self.want,
            years,
            unit: header::unit(&header.above),
            totals: Totals::new(columns),
            lines: 0,
            header,
        };
        if self.want == SheetUse::Rows {
            self.say_missing(&open);
        }
        self.open = Some(open);
        for (line, _) in head.into_iter().skip(last + 1) {
            self.line(&line);
        }
    }

    /// Says once which columns the tables lack.
    fn say_missing(&mut self, open: &OpenSheet) {
        let Some(register) = &self.sink.task.register else { return };
        let is_missing = |(column, at): &(&crate::config::Column, &Option<usize>)| {
            at.is_none() && !self.sink.task.sheet.fill.contains_key(&column.id)
        };
        let missing: Vec<&str> = register
            .column
            .iter()
            .zip(&open.header.columns)
            .filter(is_missing)
            .map(|(c, _)| c.title.as_str())
            .collect();
        if missing.is_empty() || !self.sink.out.said.insert(missing.join(",")) {
            return;
        }
        let (feed, name) = (&self.sink.task.name, &self.sink.task.feed.register);
        let reason = format!(
            "sheet {} has no column {}; add the title it has there to header in registers/{name}.toml, or say that it has none by fill in feeds/{feed}.toml",
            open.sheet,
            missing.join(", ")
        );
        self.sink.out.fault(&self.sink.file.name, reason);
    }

    fn line(&mut self, line: &SheetRow) {
        let Some(mut open) = self.open.take() else { return };
        match open.want {
            SheetUse::Rows => rows::take(&mut self.sink, &mut open, line),
            SheetUse::Notices => notices::take(&mut self.sink, &open, line),
            SheetUse::Steps => steps::take(&mut self.sink, &open, line),
        }
        open.lines += 1;
        self.open = Some(open);
    }
}

impl Take for Reader<'_> {
    fn begin(&mut self, sheet: &str, is_visible: bool) -> bool {
        let named = &self.sink.task.sheet.sheets;
        let is_steps = self.is_steps(sheet);
        self.want = match (&self.sink.task.register, is_steps) {
            (_, true) => SheetUse::Steps,
            (Some(_), false) => SheetUse::Rows,
            (None, false) => SheetUse::Notices,
        };
        self.is_asked_for = is_steps || named.iter().any(|name| is_named(name, sheet));
        // It stands in every fault of the sheet.
        self.sheet = sheet.chars().take(LONGEST).collect();
        (self.merges, self.open, self.is_passed) = (Merges::default(), None, false);
        self.head.clear();
        self.is_asked_for || (named.is_empty() && is_visible)
    }

    fn merge(&mut self, merge: Merge) {
        self.merges.add(merge);
    }

    fn row(&mut self, number: u32, cells: Vec<SheetCell>) -> Result<(), String> {
        if self.is_passed {
            return Ok(());
        }
        self.sink.task.go_on(self.sink.out, self.sink.stop)?;
        let mut line = SheetRow { number, cells, repeated: Vec::new() };
        self.merges.fill(&mut line);
        if line.is_empty() {
            return Ok(());
        }
        if self.open.is_some() {
            self.line(&line);
        } else {
            let across = self.merges.across();
            self.head.push((line, across));
            if self.head.len() >= header::WITHIN + 2 {
                self.find_header();
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        if self.open.is_none() && !self.is_passed && !self.head.is_empty() {
            self.find_header();
        }
        if let Some(open) = self.open.take()
            && open.want == SheetUse::Rows
        {
            rows::end(&mut self.sink, &open);
        }
    }
}
