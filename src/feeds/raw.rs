//! The documents a look was made of, as they were sent, packed for keeping.

use crate::net::redacted;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    io::{self, Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes from which on a document is packed fast rather than small.
const LARGE: usize = 4 * 1024 * 1024;

/// SHA-256 of some bytes.
pub type RawDigest = [u8; 32];

/// One document of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawDocument {
    /// Where it was found in the end: an address, or a file's place in its folder.
    pub address: String,
    /// What was asked for, where redirects led elsewhere.
    pub asked: Option<String>,
    /// When.
    pub fetched_at: Timestamp,
    /// Its content type, as the server said it.
    pub media_type: Option<String>,
    /// Of its bytes.
    pub digest: RawDigest,
    /// How many bytes it has.
    pub size: u64,
    /// The bytes, packed; `None` where whoever asked holds them already.
    pub packed: Option<Vec<u8>>,
}

/// Unpacks what [`RawDocument::packed`] holds.
///
/// # Errors
/// Where it was damaged.
pub fn unpack(packed: &[u8], size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed).take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // As small as zstd at its common levels makes pages and feeds, by what is in the program already.
    let level = if bytes.len() > LARGE { Compression::fast() } else { Compression::default() };
    let mut encoder = DeflateEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Notes the documents of one look. Clones note into the same.
#[derive(Debug, Clone)]
pub struct Recorder {
    at: Timestamp,
    held: Arc<HashSet<RawDigest>>,
    noted: Arc<Mutex<Vec<RawDocument>>>,
}

impl Recorder {
    /// For a look at `at`; what is `held` already is noted without its bytes.
    pub fn new(at: Timestamp, held: Arc<HashSet<RawDigest>>) -> Self {
        Self { at, held, noted: Arc::default() }
    }

    /// Notes a document. Blocks while it is packed: about 50 MB/s.
    pub fn note(&self, address: &str, asked: Option<&str>, media_type: Option<&str>, bytes: &[u8]) {
        let digest: RawDigest = Sha256::digest(bytes).into();
        let packed = match self.held.contains(&digest) {
            true => None,
            // Writing into memory cannot fail.
            false => pack(bytes).ok(),
        };
        let document = RawDocument {
            address: redacted(address).into_owned(),
            asked: asked.filter(|asked| *asked != address).map(|asked| redacted(asked).into_owned()),
            fetched_at: self.at,
            media_type: media_type.map(str::to_owned),
            digest,
            size: bytes.len() as u64,
            packed,
        };
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).push(document);
    }

    /// What was noted.
    pub fn take(&self) -> Vec<RawDocument> {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
            let recorder = Recorder::new(Timestamp::UNIX_EPOCH, Arc::default());
            recorder.note("a", Some("b"), None, &bytes);
            let [raw] = <[_; 1]>::try_from(recorder.take()).unwrap();
            let packed = raw.packed.unwrap();
            prop_assert_eq!(unpack(&packed, raw.size).unwrap(), bytes);
            prop_assert!(unpack(&packed, raw.size + 1).is_err());
            let again = Recorder::new(Timestamp::UNIX_EPOCH, Arc::new(HashSet::from([raw.digest])));
            again.note("a", None, None, &unpack(&packed, raw.size).unwrap());
            prop_assert_eq!(&again.take()[0].packed, &None);
        }
    }
}
