//! The zip inside XLSX and ODS: measured before anything in it is trusted.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Entries one book may have.
const MAX_ENTRIES: usize = 4_000;
/// All parts together may have this many times what one part may.
const ALL: u64 = 8;
/// A part that unpacks to more than this many times its size, and is larger than [`SMALL`], is a bomb.
const RATIO: u64 = 200;
const SMALL: u64 = 8 * 1024 * 1024;

/// What a zip holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An Excel workbook.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
}

/// Opens a zip.
pub fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, String> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("it is damaged ({e}); save it anew"))
}

/// Unpacks every part into nothing and counts: what a zip says of its sizes may be a lie. Worksheets are read cell by
/// cell, so that only their number counts; every other part may have `most` bytes.
///
/// # Errors
/// One sentence: damaged, too large, or not a spreadsheet.
pub fn measure(bytes: &[u8], most: u64) -> Result<Kind, String> {
    let mut zip = open(bytes)?;
    if zip.len() > MAX_ENTRIES {
        return Err(format!("it has {} parts, more than a spreadsheet's; save it anew", zip.len()));
    }
    let has = |name: &str| zip.index_for_name(name).is_some();
    let kind = match (has("xl/workbook.xml"), has("xl/workbook.bin"), has("content.xml"), has("word/document.xml")) {
        (true, ..) => Kind::Xlsx,
        (_, true, ..) => return Err("it is a binary workbook (xlsb); save it as XLSX".into()),
        (_, _, true, _) => Kind::Ods,
        (_, _, _, true) => {
            return Err("it is a text document, not a spreadsheet; take register out of the feed's file".into());
        }
        _ => return Err("it is a zip, but no spreadsheet; unpack it, and save the table as XLSX or CSV".into()),
    };
    let mut all = 0;
    for at in 0..zip.len() {
        let part =
            zip.by_index(at).map_err(|e| format!("it is damaged or protected by a password ({e}); save it anew"))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let packed = part.compressed_size().max(1);
        let most_here = if name.starts_with("xl/worksheets/") { most.saturating_mul(ALL) } else { most };
        let size = count(part, most_here, packed).map_err(|e| format!("its part {name} {e}"))?;
        all += size;
        if all > most.saturating_mul(ALL) {
            let most = most * ALL / 1024 / 1024;
            return Err(format!("it unpacks to more than {most} MB; split it, or raise max_megabytes"));
        }
    }
    Ok(kind)
}

fn count(mut part: impl Read, most: u64, packed: u64) -> Result<u64, String> {
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let read = part.read(&mut buffer).map_err(|e| format!("is damaged ({e}); save it anew"))?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if size > most {
            return Err(format!("unpacks to more than {} MB; split it, or raise max_megabytes", most / 1024 / 1024));
        }
        if size > SMALL && size / packed > RATIO {
            return Err(format!("unpacks to more than {RATIO} times its size, as no table does; save it anew"));
        }
    }
}
