//! CSV, with whatever parts its cells.

use super::cell::SheetCell;
use super::contract::{MAX_COLUMNS, MAX_ROWS, Options, Take, too_long, too_wide};

/// Cells one line may have, empty ones counted: as many as spreadsheets allow.
const MAX_CELLS: usize = 16_384;
/// Lines looked at to find what parts the cells.
const SAMPLE: usize = 30;

/// Hands over the rows of a text.
pub fn walk(text: &str, options: &Options, take: &mut dyn Take) -> Result<(), String> {
    let text = text.trim_start_matches('\u{FEFF}');
    // Spreadsheets may say it in a first line of their own.
    let (said, text) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().to_lowercase().starts_with("sep=") => {
            (first.trim_end().as_bytes().get(4).copied(), rest)
        }
        _ => (None, text),
    };
    let stem = options.name.rsplit_once('.').map_or(options.name.as_str(), |(stem, _)| stem);
    if !take.begin(stem, true) {
        return Ok(());
    }
    let delimiter = options.delimiter.or(said).unwrap_or_else(|| parted_by(text));
    measure(text, delimiter)?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| format!("it cannot be read as CSV ({e}); save it anew"))? {
        let number = record.position().map_or(0, csv::Position::line);
        let number = u32::try_from(number).ok().filter(|n| *n <= MAX_ROWS * 2).ok_or_else(too_long)?;
        if record.iter().skip(MAX_COLUMNS).any(|c| !c.trim().is_empty()) {
            return Err(too_wide(number));
        }
        take.row(number, record.iter().take(MAX_COLUMNS).map(SheetCell::of).collect())?;
    }
    take.end();
    Ok(())
}

/// Refuses a record of millions of cells, even of empty ones, before a reader makes room for each.
fn measure(text: &str, delimiter: u8) -> Result<(), String> {
    let (mut cells, mut number) = (0, 1);
    // As the reader goes: a quote counts where a cell begins, and two within quotes are one.
    let (mut is_begin, mut is_quoted, mut is_maybe_over) = (true, false, false);
    for byte in text.bytes() {
        number += u32::from(byte == b'\n');
        if is_quoted {
            is_quoted = byte != b'"';
            is_maybe_over = !is_quoted;
        } else if byte == b'"' && (is_begin || is_maybe_over) {
            (is_quoted, is_maybe_over, is_begin) = (true, false, false);
        } else {
            is_begin = byte == delimiter || matches!(byte, b'\r' | b'\n');
            is_maybe_over = false;
            cells = match byte {
                b'\r' | b'\n' => 0,
                byte => cells + usize::from(byte == delimiter),
            };
            if cells > MAX_CELLS {
                return Err(too_wide(number));
            }
        }
    }
    Ok(())
}

/// The mark that parts most cells of the first lines, quoted cells aside.
fn parted_by(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0), (b'|', 0)];
    for line in text.lines().filter(|l| !l.trim().is_empty()).take(SAMPLE) {
        let mut is_quoted = false;
        for byte in line.bytes() {
            is_quoted ^= byte == b'"';
            if let Some((_, n)) = counts.iter_mut().find(|(mark, _)| *mark == byte && !is_quoted) {
                *n += 1;
            }
        }
    }
    // The first of equals.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use super::{measure, parted_by};

    #[test]
    fn the_mark_is_found() {
        assert_eq!(parted_by("甲,乙,丙\n1,2,3"), b',');
        assert_eq!(parted_by("甲;乙;丙\n\"1;1\";2,5;3"), b';');
        assert_eq!(parted_by("甲\t乙\n1,000\t2"), b'\t');
        assert_eq!(parted_by("甲"), b',');
    }

    #[test]
    fn quoted_marks_and_lines_are_no_cells() {
        let marks = ",".repeat(20_000);
        assert!(measure(&format!("a\n{marks}\n"), b',').unwrap_err().contains("row 2"));
        assert_eq!(measure(&format!("\"{marks}\",\"a\"\"{marks}\"\n"), b','), Ok(()));
        assert!(measure(&"\"\n\",".repeat(20_000), b',').is_err(), "one record of many lines");
        assert_eq!(measure(&"5\" 管,1\n".repeat(20_000), b','), Ok(()), "a quote within a cell is a letter");
    }
}
