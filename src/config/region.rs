//! `regions.csv`: the county, its townships and its villages.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_among, choose_from};
use super::section::ConfigTable;
use std::{collections::HashSet, path::Path};

/// One row of `regions.csv`: `code,name,parent,kind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code, unique within the file.
    pub code: String,
    /// Its name, such as 示例镇.
    pub name: String,
    /// The code of the region it lies in; empty for the topmost.
    pub parent: String,
    /// What it is.
    pub kind: RegionKind,
}

/// The three levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegionKind {
    /// 县.
    County,
    /// 乡镇, 街道.
    Township,
    /// 村, 社区.
    Village,
}

const COLUMNS: [&str; 4] = ["code", "name", "parent", "kind"];
const KINDS: [(&str, RegionKind); 3] =
    [("county", RegionKind::County), ("township", RegionKind::Township), ("village", RegionKind::Village)];

impl ConfigTable for Region {
    fn rows(file: &Path, text: &str, faults: &mut Vec<Fault>) -> Vec<Self> {
        parse(file, text, faults)
    }

    /// Places in tables are read by the regions.
    fn changed(changes: &mut Changes) {
        changes.every_register = true;
        changes.derived = true;
        changes.edition = true;
    }
}

fn parse(file: &Path, text: &str, faults: &mut Vec<Fault>) -> Vec<Region> {
    let mut fault = |line: u64, message: String, mend: String| {
        let line = usize::try_from(line).unwrap_or(1);
        faults.push(Fault { file: file.into(), line, column: 1, severity: Severity::Error, message, mend });
    };
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    if header != COLUMNS {
        fault(1, format!("the first row should name the columns but is `{}`", header.join(",")), {
            format!("write `{}`", COLUMNS.join(","))
        });
        return Vec::new();
    }
    let mut regions: Vec<(u64, Region)> = Vec::new();
    let mut codes = HashSet::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(e) => {
                let line = e.position().map_or(1, csv::Position::line);
                fault(line, "the row cannot be read".into(), "check its quotes and commas".into());
                continue;
            }
        };
        let line = row.position().map_or(1, csv::Position::line);
        let cell = |i: usize| row.get(i).unwrap_or("").to_owned();
        let (code, name, parent, kind) = (cell(0), cell(1), cell(2), cell(3));
        if code.is_empty() || name.is_empty() {
            fault(line, "the row has no code or no name".into(), "fill in both".into());
            continue;
        }
        if !codes.insert(code.clone()) {
            fault(line, format!("the code `{code}` stands twice"), "give each region a code of its own".into());
        }
        let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == kind) else {
            let words = KINDS.map(|(w, _)| w);
            fault(line, format!("`{kind}` is not a kind of region"), choose_from(&kind, &words));
            continue;
        };
        regions.push((line, Region { code, name, parent, kind: *kind }));
    }
    let known: Vec<&str> = codes.iter().map(String::as_str).collect();
    for (line, region) in &regions {
        if !region.parent.is_empty() && !codes.contains(&region.parent) {
            let message = format!("the parent `{}` of {} is not in the file", region.parent, region.name);
            let mend = choose_among(faults, &region.parent, &known);
            let line = usize::try_from(*line).unwrap_or(1);
            faults.push(Fault { file: file.into(), line, column: 1, severity: Severity::Error, message, mend });
        }
    }
    regions.into_iter().map(|(_, r)| r).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_faults() {
        let mut faults = Vec::new();
        let text = "code,name,parent,kind\n# 县\n01,示例县,,county\n0101,示例镇,01,township\n";
        let good = parse(Path::new("r.csv"), text, &mut faults);
        assert_eq!((good.len(), faults.len()), (2, 0), "{faults:?}");
        let text =
            "code,name,parent,kind\n01,示例县,,county\n02,示例镇,09,town\n03,示例村,77,village\n01,示例村,01,village\n";
        parse(Path::new("r.csv"), text, &mut faults);
        let lines: Vec<usize> = faults.iter().map(|f| f.line).collect();
        assert_eq!(lines, [3, 5, 4], "{faults:?}");
    }
}
