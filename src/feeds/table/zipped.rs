//! The zip inside XLSX and ODS: measured before anything in it is trusted.

use super::typed::short;
use crate::feeds::{StopToken, stop::Stopping};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Entries one book may have.
const MAX_ENTRIES: usize = 4_000;
/// All parts together may have this many times what one part may.
const ALL: u64 = 8;
/// A part that unpacks to more than this many times its size, and is larger than [`SMALL`], is a bomb.
const RATIO: u64 = 200;
const SMALL: u64 = 8 * 1024 * 1024;

/// Tags that the words shared by all sheets may have: four a word, and a word takes memory even where it is empty.
const MAX_TAGS: u64 = 12_000_000;

/// Opens a zip.
pub fn open<'a>(bytes: &'a [u8], stop: &StopToken) -> Result<ZipArchive<Stopping<Cursor<&'a [u8]>>>, String> {
    ZipArchive::new(stop.over(Cursor::new(bytes))).map_err(|e| format!("it is damaged ({e}); save it anew"))
}

/// Unpacks every part into nothing and counts: what a zip says of its sizes may be a lie. Worksheets are read cell by
/// cell, so that only their number counts; every other part may have `most` bytes.
///
/// # Errors
/// One sentence: damaged, or too large.
pub fn measure(bytes: &[u8], most: u64, stop: &StopToken) -> Result<(), String> {
    let mut zip = open(bytes, stop)?;
    if zip.len() > MAX_ENTRIES {
        return Err(format!("it has {} parts, more than a spreadsheet's; save it anew", zip.len()));
    }
    let mut all = 0;
    for at in 0..zip.len() {
        let part =
            zip.by_index(at).map_err(|e| format!("it is damaged or protected by a password ({e}); save it anew"))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let packed = part.compressed_size().max(1);
        let most_here = if name.starts_with("xl/worksheets/") { most.saturating_mul(ALL) } else { most };
        let strings = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let name = short(&name);
        let size = count(part, most_here, packed, strings).map_err(|e| format!("its part {name} {e}"))?;
        all += size;
        if all > most.saturating_mul(ALL) {
            let most = most * ALL / 1024 / 1024;
            return Err(format!("it unpacks to more than {most} MB; split it, or raise max_megabytes"));
        }
    }
    Ok(())
}

fn count(mut part: impl Read, most: u64, packed: u64, strings: bool) -> Result<u64, String> {
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    let mut shared = Shared::default();
    loop {
        let read = part.read(&mut buffer).map_err(|e| format!("is damaged ({e}); save it anew"))?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if strings {
            shared.take(buffer.get(..read).unwrap_or_default())?;
        }
        if size > most {
            return Err(format!("unpacks to more than {} MB; split it, or raise max_megabytes", most / 1024 / 1024));
        }
        if size > SMALL && size / packed > RATIO {
            return Err(format!("unpacks to more than {RATIO} times its size, as no table does; save it anew"));
        }
    }
}

/// Looks through the words that all sheets share, piece by piece. How many there are is told in advance, and the parser
/// makes memory ready for as many: a book that lies there would end the whole program.
#[derive(Default)]
struct Shared {
    tags: u64,
    /// Bytes of the name at hand that are as [`NAME`].
    met: usize,
    /// After the name: what its digits say so far.
    told: Option<Option<u64>>,
}

/// The attribute that tells how many words there are.
const NAME: &[u8] = b"uniqueCount";

impl Shared {
    fn take(&mut self, piece: &[u8]) -> Result<(), String> {
        // UTF-16 is the same with zeros between.
        for byte in piece.iter().copied().filter(|b| *b != 0) {
            self.tags += u64::from(byte == b'<');
            match (self.told, byte) {
                (Some(n), b'0'..=b'9') => {
                    let n = n.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    self.told = Some(Some(n));
                    if n > MAX_TAGS {
                        return Err("claims more words than a book has; save it anew".into());
                    }
                }
                (Some(None), b'=' | b'"' | b'\'' | b'+' | b'\t'..=b'\r' | b' ') => {}
                (Some(_), _) => self.told = None,
                (None, _) => {
                    let is_next = NAME.get(self.met) == Some(&byte);
                    self.met = if is_next { self.met + 1 } else { usize::from(NAME.first() == Some(&byte)) };
                    if self.met == NAME.len() {
                        (self.met, self.told) = (0, Some(None));
                    }
                }
            }
        }
        match self.tags {
            0..=MAX_TAGS => Ok(()),
            _ => Err("holds more words than can be read; split the book".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_words_that_is_a_lie_is_found_wherever_the_pieces_part() {
        let xml = b"<?xml?><!-- x --><sst count='1' uniqueCount='99999999999'><si/></sst>";
        for at in 0..xml.len() {
            let mut shared = Shared::default();
            let first = shared.take(&xml[..at]);
            assert!(first.and_then(|()| shared.take(&xml[at..])).is_err(), "{at}");
        }
        let wide: Vec<u8> = xml.iter().flat_map(|b| [*b, 0]).collect();
        assert!(Shared::default().take(&wide).is_err());
        assert_eq!(Shared::default().take(b"<sst count='9999999999999' uniqueCount=\"3\"><si/></sst>"), Ok(()));
        assert!(Shared::default().take(&b"<si/>".repeat(12_000_001)).is_err());
    }
}
