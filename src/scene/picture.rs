//! A decoded picture.

/// A decoded picture; straight alpha, `width * height * 4` bytes, top row first.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// RGBA bytes, row after row, not premultiplied.
    pub rgba: Vec<u8>,
}
