//! A window on a document: decoded as it is read, no longer than what is being looked at.

use super::{Notes, XmlFault};
use crate::feeds::decode::mend_private;
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030};
use std::io::Read;

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of text looked at together at most; what is longer is cut there.
pub const MAX_WINDOW_BYTES: usize = 16 * 1024 * 1024;

/// A window on a document's text.
pub struct Window<'a> {
    source: &'a mut dyn Read,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    /// Bytes of `text` that are done with.
    done: usize,
    /// The line of the first byte of `text`, from 1.
    line: usize,
    ended: bool,
    failed: Option<std::io::Error>,
}

impl<'a> Window<'a> {
    /// A window on what `source` gives, in an encoding; a byte order mark must be gone already.
    pub fn new(source: &'a mut dyn Read, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; CHUNK_BYTES],
            text: String::new(),
            done: 0,
            line: 1,
            ended: false,
            failed: None,
        }
    }

    /// The text looked at; what is [`Window::drop_before`] is not part of it once [`Window::more`] was called.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing more will come, be it that the document ends or that the window is full.
    pub fn is_whole(&self) -> bool {
        self.ended || self.text.len() - self.done > MAX_WINDOW_BYTES
    }

    /// Whether the document ends with the window.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Why reading stopped early, if it did.
    pub fn failure(self) -> Option<std::io::Error> {
        self.failed
    }

    /// The line of a byte of the text, from 1.
    pub fn line_at(&self, at: usize) -> usize {
        self.line + newlines(self.text.get(..at).unwrap_or(&self.text))
    }

    /// Says that what lies before a byte is done with.
    pub fn drop_before(&mut self, at: usize) {
        self.done = self.done.max(at);
    }

    /// Reads on. Gives how many bytes were dropped at the text's start, by which all places move.
    pub fn more(&mut self, notes: &mut Notes) -> usize {
        let dropped = std::mem::take(&mut self.done);
        if dropped > 0 {
            self.line += newlines(self.text.get(..dropped).unwrap_or_default());
            self.text.drain(..dropped);
        }
        let from = self.text.len();
        // As much again as there is: what is looked at anew for each bit of it must not grow with its square.
        while !self.ended && self.text.len() - from < from.max(1) {
            let count = self.read();
            self.ended = count == 0;
            self.decode(count);
        }
        self.clean(from, notes);
        dropped
    }

    fn read(&mut self) -> usize {
        loop {
            match self.source.read(&mut self.raw) {
                Ok(count) => return count,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failed = Some(e);
                    return 0;
                }
            }
        }
    }

    fn decode(&mut self, count: usize) {
        let mut rest = self.raw.get(..count).unwrap_or_default();
        loop {
            let room = self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16);
            self.text.reserve(room);
            let (result, read, _) = self.decoder.decode_to_string(rest, &mut self.text, self.ended);
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }

    /// Mends what was read on: characters of private use, and controls, which XML does not allow.
    fn clean(&mut self, from: usize, notes: &mut Notes) {
        let fresh = self.text.get(from..).unwrap_or_default();
        if self.decoder.encoding() == GB18030
            && let Some(mended) = mend_private(fresh)
        {
            self.text.replace_range(from.., &mended);
        }
        let fresh = self.text.get(from..).unwrap_or_default();
        let odd = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r') || b == 0x7F;
        let first = fresh.bytes().position(odd);
        if let Some(at) = first {
            notes.add(XmlFault::Control, || self.line + newlines(self.text.get(..from + at).unwrap_or_default()));
            let kept: String = fresh.chars().filter(|c| !u8::try_from(u32::from(*c)).is_ok_and(odd)).collect();
            self.text.replace_range(from.., &kept);
        }
    }
}

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}
