//! Takes the sheets of one file: finds the titles of each, then hands its rows on.

use super::{
    Task, Yield,
    book::Take,
    cell::{Cell, Line, Merge},
    day::{self, Years},
    header::{self, Header},
    merges::Merges,
    notices, rows, steps,
    totals::Totals,
    typed::Reading,
};
use crate::{config::is_named, feeds::Stop};
use url::Url;

/// Characters of a sheet's name that are told; spreadsheets allow 31.
const LONGEST: usize = 100;

/// What one sheet is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Rows of the register.
    Rows,
    /// Notices.
    Notices,
    /// Steps of cases.
    Steps,
}

/// The file that is read.
#[derive(Debug, Clone, Default)]
pub struct File {
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
pub struct Open {
    /// Its name.
    pub sheet: String,
    /// What it is read as.
    pub want: Want,
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

/// Takes one file.
pub struct Reader<'a> {
    pub task: &'a Task,
    pub file: &'a File,
    pub out: &'a mut Yield,
    /// Looked at row by row.
    pub stop: &'a Stop,
    /// The number of the file among those of the look.
    pub number: usize,
    merges: Merges,
    sheet: String,
    want: Want,
    is_asked_for: bool,
    head: Vec<(Line, Vec<(usize, Cell)>)>,
    open: Option<Open>,
    is_passed: bool,
    /// Sheets in which the titles were found.
    pub found: usize,
    /// The first sheet without, and why.
    pub passed: Option<String>,
}

impl<'a> Reader<'a> {
    /// Begins a file.
    pub fn new(task: &'a Task, file: &'a File, out: &'a mut Yield, stop: &'a Stop) -> Self {
        let number = out.files.len();
        out.files.push(file.name.clone());
        Self {
            task,
            file,
            out,
            stop,
            number,
            merges: Merges::default(),
            sheet: String::new(),
            want: Want::Rows,
            is_asked_for: false,
            head: Vec::new(),
            open: None,
            is_passed: false,
            found: 0,
            passed: None,
        }
    }

    /// What values of a sheet are read by.
    pub fn reading(&self, years: Years) -> Reading<'a> {
        Reading { places: &self.task.places, base: self.file.base.as_ref(), years }
    }

    /// Notes what is wrong with a line.
    pub fn fault(&mut self, open: &Open, line: u32, reason: &str) {
        let reason = format!("sheet {}, row {line}{reason}", open.sheet);
        self.out.fault(&self.file.name, reason);
    }

    fn is_steps(&self, sheet: &str) -> bool {
        let steps = self.task.sheet.steps.as_str();
        let file = self.file.name.rsplit('/').next().unwrap_or_default();
        self.task.register.is_some() && !steps.is_empty() && (is_named(steps, sheet) || is_named(steps, file))
    }

    fn find_header(&mut self) {
        let head = std::mem::take(&mut self.head);
        let with_across = |(line, across): &(Line, Vec<(usize, Cell)>)| {
            let mut line = line.clone();
            for (at, cell) in across {
                if line.cells.len() <= *at {
                    line.cells.resize(at + 1, Cell::Empty);
                }
                if let Some(slot) = line.cells.get_mut(*at).filter(|c| c.is_empty()) {
                    slot.clone_from(cell);
                }
            }
            line
        };
        let lines: Vec<Line> = head.iter().map(with_across).collect();
        let wanted = if self.want == Want::Steps { &self.task.wanted_steps } else { &self.task.wanted };
        let row = if self.want == Want::Steps { 0 } else { self.task.sheet.header_row };
        let header = match header::find(&lines, wanted, row) {
            Ok(header) => header,
            Err(reason) => {
                self.is_passed = true;
                let sheet = &self.sheet;
                if self.is_asked_for {
                    self.out.fault(&self.file.name, format!("sheet {sheet}: {reason}"));
                }
                self.passed.get_or_insert(format!("sheet {sheet}: {reason}"));
                return;
            }
        };
        self.found += 1;
        let told = [&self.sheet, &header.above, &self.file.stem, &self.file.folder];
        let years = Years { told: told.into_iter().find_map(|t| day::year(t)), today: self.task.today };
        let last = header.last;
        let columns = self.task.register.as_ref().map_or(0, |r| r.column.len());
        let open = Open {
            sheet: self.sheet.clone(),
            want: self.want,
            years,
            unit: header::unit(&header.above),
            totals: Totals::new(columns),
            lines: 0,
            header,
        };
        if self.want == Want::Rows {
            self.say_missing(&open);
        }
        self.open = Some(open);
        for (line, _) in head.into_iter().skip(last + 1) {
            self.line(&line);
        }
    }

    /// Says once which columns the tables lack.
    fn say_missing(&mut self, open: &Open) {
        let Some(register) = &self.task.register else { return };
        let is_missing = |(column, at): &(&crate::config::Column, &Option<usize>)| {
            at.is_none() && !self.task.sheet.fill.contains_key(&column.id)
        };
        let missing: Vec<&str> = register
            .column
            .iter()
            .zip(&open.header.columns)
            .filter(is_missing)
            .map(|(c, _)| c.title.as_str())
            .collect();
        if missing.is_empty() || !self.out.said.insert(missing.join(",")) {
            return;
        }
        let (feed, name) = (&self.task.name, &self.task.feed.register);
        let reason = format!(
            "sheet {} has no column {}; add the title it has there to header in registers/{name}.toml, or say that it has none by fill in feeds/{feed}.toml",
            open.sheet,
            missing.join(", ")
        );
        self.out.fault(&self.file.name, reason);
    }

    fn line(&mut self, line: &Line) {
        let Some(mut open) = self.open.take() else { return };
        match open.want {
            Want::Rows => rows::take(self, &mut open, line),
            Want::Notices => notices::take(self, &open, line),
            Want::Steps => steps::take(self, &open, line),
        }
        open.lines += 1;
        self.open = Some(open);
    }
}

impl Take for Reader<'_> {
    fn begin(&mut self, sheet: &str, is_visible: bool) -> bool {
        let named = &self.task.sheet.sheets;
        let is_steps = self.is_steps(sheet);
        self.want = match (&self.task.register, is_steps) {
            (_, true) => Want::Steps,
            (Some(_), false) => Want::Rows,
            (None, false) => Want::Notices,
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

    fn row(&mut self, number: u32, cells: Vec<Cell>) -> Result<(), String> {
        if self.is_passed {
            return Ok(());
        }
        self.task.go_on(self.out, self.stop)?;
        let mut line = Line { number, cells, repeated: Vec::new() };
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
            && open.want == Want::Rows
        {
            rows::end(self, &open);
        }
    }
}
