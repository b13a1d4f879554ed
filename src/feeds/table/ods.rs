//! ODS (OpenDocument 1.3, part 3, chapter 9), read as a stream: repeated rows and columns never become memory.

use super::cell::{Merge, SheetCell};
use super::contract::{MAX_COLUMNS, MAX_ROWS, Take, too_long};
use super::{xlsx::put, zipped};
use crate::feeds::StopToken;
use jiff::civil::{Date, DateTime, Time};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::io::{BufReader, Read};

/// How often one row that is not empty may stand.
const MAX_REPEATS: u32 = 1_000;
/// Characters one cell may have.
const LONGEST: usize = 32_768;

/// Hands over the sheets of a document.
pub fn walk(bytes: Vec<u8>, stop: &StopToken, take: &mut dyn Take) -> Result<(), String> {
    let mut zip = zipped::open(&bytes, stop)?;
    let part = zip.by_name("content.xml").map_err(|e| format!("it is damaged ({e}); save it anew"))?;
    read(part, take)
}

/// Where the reader is.
#[derive(Default)]
struct Place {
    /// Whether the sheet at hand is wanted; `None` outside sheets.
    sheet: Option<bool>,
    /// The number of the row at hand.
    row: u32,
    /// How often the row stands.
    times: u32,
    line: Vec<SheetCell>,
    merges: Vec<Merge>,
    column: usize,
    cell: Option<Open>,
    /// Depth of elements whose text is not the cell's, such as notes.
    aside: u32,
    /// Whether text stands within a paragraph.
    is_words: bool,
}

/// A cell that is being read.
struct Open {
    times: usize,
    rows: u32,
    columns: usize,
    value: SheetCell,
    text: String,
}

fn read(part: impl Read, take: &mut dyn Take) -> Result<(), String> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let mut place = Place::default();
    loop {
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|e| format!("its content is damaged ({e}); save it anew"))? {
            Event::Eof => return Ok(()),
            Event::Start(element) => place.open(&element, take),
            Event::Empty(element) => {
                let name = element.local_name().as_ref().to_owned();
                place.open(&element, take);
                place.close(&name, take)?;
            }
            Event::End(element) => {
                let name = element.local_name().as_ref().to_owned();
                place.close(&name, take)?;
            }
            Event::Text(text) => place.words(&text),
            Event::CData(text) => place.words(&text),
            Event::GeneralRef(reference) => {
                let number = reference.resolve_char_ref().ok().flatten();
                // Entities of the document's own are never expanded.
                let named = || quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned);
                place.words(&number.map(String::from).or_else(named).unwrap_or_default());
            }
            _ => {}
        }
        buffer.clear();
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).map(|v| v.into_owned()).unwrap_or_default())
}

fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

impl Place {
    fn open(&mut self, element: &BytesStart<'_>, take: &mut dyn Take) {
        match element.local_name().as_ref() {
            "table" if self.sheet.is_none() => {
                let name = attribute(element, "name").unwrap_or_default();
                *self = Self { sheet: Some(take.begin(&name, true)), row: 1, times: 1, ..Self::default() };
            }
            "table-row" => {
                (self.times, self.column) = (count(element, "number-rows-repeated"), 0);
                self.line.clear();
                self.merges.clear();
            }
            "table-cell" | "covered-table-cell" if self.sheet == Some(true) && self.aside == 0 => {
                self.cell = Some(Open {
                    times: count(element, "number-columns-repeated") as usize,
                    rows: count(element, "number-rows-spanned"),
                    columns: count(element, "number-columns-spanned") as usize,
                    value: value(element),
                    text: String::new(),
                });
            }
            "annotation" | "shapes" => self.aside += 1,
            "p" | "h" if self.aside == 0 => {
                if let Some(cell) = self.cell.as_mut().filter(|c| !c.text.is_empty()) {
                    cell.text.push('\n');
                }
                self.is_words = true;
            }
            "s" => {
                let spaces = count(element, "c").min(100) as usize;
                self.words(&" ".repeat(spaces));
            }
            "tab" => self.words(" "),
            "line-break" => self.words("\n"),
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        if self.aside == 0
            && self.is_words
            && let Some(cell) = self.cell.as_mut().filter(|c| c.text.len() < LONGEST)
        {
            cell.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str, take: &mut dyn Take) -> Result<(), String> {
        match name {
            "annotation" | "shapes" => self.aside = self.aside.saturating_sub(1),
            "p" | "h" if self.aside == 0 => self.is_words = false,
            "table-cell" | "covered-table-cell" if self.aside == 0 => {
                if let Some(cell) = self.cell.take() {
                    self.cell(cell)?;
                }
            }
            "table-row" => self.end_row(take)?,
            // The sheet is over whether it was wanted or not.
            "table" if self.sheet.take() == Some(true) => take.end(),
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, cell: Open) -> Result<(), String> {
        let value = match cell.value {
            SheetCell::Empty => SheetCell::of(&cell.text),
            value => value,
        };
        if cell.rows > 1 || cell.columns > 1 {
            let last = self.row.saturating_add(cell.rows - 1);
            let columns = (self.column, self.column.saturating_add(cell.columns - 1).min(MAX_COLUMNS));
            self.merges.push(Merge { rows: (self.row, last), columns });
        }
        if !value.is_empty() {
            // One more than may be is enough to be refused.
            for at in 0..cell.times.min(MAX_COLUMNS + 1) {
                put(&mut self.line, self.column.saturating_add(at), value.clone(), self.row)?;
            }
        }
        self.column = self.column.saturating_add(cell.times);
        Ok(())
    }

    fn end_row(&mut self, take: &mut dyn Take) -> Result<(), String> {
        let after = self.row.saturating_add(self.times);
        if self.sheet == Some(true) && !self.line.is_empty() {
            if after > MAX_ROWS + 1 {
                return Err(too_long());
            }
            // Sheets repeat empty rows without end; what stands in a thousand rows alike is no table.
            if self.times > MAX_REPEATS {
                return Err(format!("row {} stands {} times; delete its copies below the table", self.row, self.times));
            }
            self.merges.drain(..).for_each(|merge| take.merge(merge));
            for number in self.row..after {
                take.row(number, self.line.clone())?;
            }
        }
        self.row = after;
        Ok(())
    }
}

/// What the attributes of a cell say; nothing where its text does.
fn value(element: &BytesStart<'_>) -> SheetCell {
    let kind = attribute(element, "value-type").unwrap_or_default();
    match kind.as_str() {
        "float" | "currency" | "percentage" => {
            attribute(element, "value").and_then(|v| v.parse().ok()).map_or(SheetCell::Empty, SheetCell::Number)
        }
        "date" => attribute(element, "date-value").map_or(SheetCell::Empty, |text| {
            let whole = text.parse::<DateTime>().ok();
            let day = || text.parse::<Date>().ok().map(|d| d.to_datetime(Time::midnight()));
            whole.or_else(day).map_or_else(|| SheetCell::of(&text), SheetCell::Time)
        }),
        "boolean" => SheetCell::Truth(attribute(element, "boolean-value").as_deref() == Some("true")),
        "string" => attribute(element, "string-value").map_or(SheetCell::Empty, |text| SheetCell::of(&text)),
        _ => SheetCell::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes what it is given.
    #[derive(Default)]
    struct Notes(Vec<String>);

    impl Take for Notes {
        fn begin(&mut self, sheet: &str, _: bool) -> bool {
            self.0.push(format!("[{sheet}]"));
            sheet != "略"
        }
        fn merge(&mut self, merge: Merge) {
            self.0.push(format!("{merge:?}"));
        }
        fn row(&mut self, number: u32, cells: Vec<SheetCell>) -> Result<(), String> {
            self.0.push(format!(
                "{number}:{}",
                cells.iter().map(|c| c.text().into_owned()).collect::<Vec<_>>().join("|")
            ));
            Ok(())
        }
        fn end(&mut self) {
            self.0.push("end".into());
        }
    }

    fn notes(xml: &str) -> Result<Vec<String>, String> {
        let mut notes = Notes::default();
        read(xml.as_bytes(), &mut notes).map(|()| notes.0)
    }

    #[test]
    fn rows_repeat_and_empty_ones_take_no_room() {
        let xml = "<office:spreadsheet><table:table table:name='略'><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>\
            <table:table table:name='账'><table:table-row table:number-rows-repeated='2'><table:table-cell office:value-type='string'><text:p>甲&amp;<text:s text:c='2'/>乙</text:p><office:annotation><text:p>注</text:p></office:annotation></table:table-cell>\
            <table:table-cell table:number-columns-repeated='2' office:value-type='float' office:value='1.5'><text:p>1.50</text:p></table:table-cell><table:table-cell table:number-columns-repeated='16381'/></table:table-row>\
            <table:table-row table:number-rows-repeated='1000000000'><table:table-cell table:number-columns-repeated='1000000000'/></table:table-row></table:table></office:spreadsheet>";
        assert_eq!(notes(xml).unwrap(), ["[略]", "[账]", "1:甲& 乙|1.5|1.5", "2:甲& 乙|1.5|1.5", "end"]);
    }

    #[test]
    fn a_sheet_that_repeats_without_end_is_refused() {
        let wide = "<table:table table:name='a'><table:table-row><table:table-cell table:number-columns-repeated='1000000000' office:value-type='float' office:value='1'/></table:table-row></table:table>";
        assert!(notes(wide).unwrap_err().contains("columns"));
        let long = "<table:table table:name='a'><table:table-row table:number-rows-repeated='1000000000'><table:table-cell office:value-type='float' office:value='1'/></table:table-row></table:table>";
        assert!(notes(long).unwrap_err().contains("rows"));
    }
}
