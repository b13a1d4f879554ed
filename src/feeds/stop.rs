//! Work that ends when nobody waits for it any more, and says what it left out.

use crate::jobs::CancellationToken;
use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What is said where words were left out.
const CUT_WORDS: &str = "it has more than 8 MB of words, and the rest is left out; split it";
/// What is said where attributes were left out.
const CUT_TAG: &str =
    "a tag of it has more attributes than a page needs, and the others are left out; ask the office to mend it";

/// Whether work is to stop; clones share it. A parser looks at it every few kilobytes and every few hundred elements, and
/// notes in it what its bounds made it leave out of a document that it read all the same.
#[derive(Debug, Clone, Default)]
pub struct StopToken {
    token: CancellationToken,
    has_cut_tags: Arc<AtomicBool>,
    has_cut_words: Arc<AtomicBool>,
}

impl From<CancellationToken> for StopToken {
    fn from(token: CancellationToken) -> Self {
        Self { token, ..Self::default() }
    }
}

impl StopToken {
    /// Asks the work to stop.
    pub fn ask(&self) {
        self.token.cancel();
    }

    /// Whether the work is to stop.
    pub fn is_asked(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Notes that attributes of a tag were left out for their number.
    pub(super) fn note_cut_tag(&self) {
        self.has_cut_tags.store(true, Ordering::Relaxed);
    }

    /// Notes that a page was read only as far as its words are few enough.
    pub(super) fn note_cut_words(&self) {
        self.has_cut_words.store(true, Ordering::Relaxed);
    }

    /// What was left out since this was asked last, in one sentence: of several things the gravest.
    pub(super) fn take_omission(&self) -> Option<&'static str> {
        let tags = self.has_cut_tags.swap(false, Ordering::Relaxed).then_some(CUT_TAG);
        self.has_cut_words.swap(false, Ordering::Relaxed).then_some(CUT_WORDS).or(tags)
    }

    /// The bytes, until the work is to stop: for parsers that read.
    pub fn over<R: Read>(&self, inner: R) -> Stopping<R> {
        Stopping { inner, stop: self.clone() }
    }
}

/// Bytes that end with a fault when the work is to stop; see [`StopToken::over`].
#[derive(Debug)]
pub struct Stopping<R> {
    inner: R,
    stop: StopToken,
}

impl<R: Read> Read for Stopping<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_asked() {
            return Err(io::Error::other("it takes too long"));
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Stopping<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::StopToken;
    use std::io::Read;

    #[test]
    fn reading_ends_when_asked() {
        let stop = StopToken::default();
        let mut reader = stop.over([1_u8; 8].as_slice());
        let mut one = [0];
        reader.read_exact(&mut one).unwrap();
        stop.clone().ask();
        assert!(reader.read_exact(&mut one).is_err());
    }
}
