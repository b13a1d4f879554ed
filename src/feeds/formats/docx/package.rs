//! The zip that an office document is, opened within limits.

use std::{
    io::{Cursor, Read},
    sync::Arc,
};
use zip::ZipArchive;

/// Parts a document may have.
const MAX_PARTS: usize = 4_000;
/// Bytes one part may have, unpacked.
const MAX_PART: u64 = 32 * 1024 * 1024;
/// Bytes all that is read may have, unpacked.
const MAX_ALL: u64 = 96 * 1024 * 1024;
/// A part that shrinks more than this when packed is a bomb, unless it is small.
const MAX_RATIO: u64 = 300;
const SMALL: u64 = 4 * 1024 * 1024;

/// An opened document.
pub struct Package {
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    read: u64,
}

impl Package {
    /// Opens it.
    ///
    /// # Errors
    /// One sentence, where it is no zip or has too many parts.
    pub fn open(bytes: &[u8]) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(Arc::from(bytes)))
            .map_err(|e| format!("the document is damaged ({e}); open it and save it anew"))?;
        if archive.len() > MAX_PARTS {
            return Err(format!("it has {} parts, {MAX_PARTS} at most; it is no ordinary document", archive.len()));
        }
        Ok(Self { archive, read: 0 })
    }

    /// Whether there is a part of a name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// A part's bytes; `None` where the document has none of that name.
    ///
    /// # Errors
    /// One sentence, where it is damaged, locked, or unpacks to more than it may.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let damaged = |e: &dyn std::fmt::Display| format!("its part {name} is damaged ({e}); open it and save it anew");
        let large = || format!("its part {name} unpacks to more than it may; it is no ordinary document");
        let Some(index) = self.archive.index_for_name(name.trim_start_matches('/')) else { return Ok(None) };
        let part = self.archive.by_index(index).map_err(|e| damaged(&e))?;
        let (packed, told) = (part.compressed_size(), part.size());
        if told > MAX_PART || (told > SMALL && told / packed.max(1) > MAX_RATIO) {
            return Err(large());
        }
        let most = MAX_PART.min(MAX_ALL.saturating_sub(self.read));
        let mut bytes = Vec::new();
        // What the zip says of the size may be a lie, so the reading itself is bounded too.
        part.take(most + 1).read_to_end(&mut bytes).map_err(|e| damaged(&e))?;
        if bytes.len() as u64 > most || (bytes.len() as u64 > SMALL && bytes.len() as u64 / packed.max(1) > MAX_RATIO) {
            return Err(large());
        }
        self.read += bytes.len() as u64;
        Ok(Some(bytes))
    }
}
