//! What names a picture, what is to be fetched, and what is held.

use crate::{
    feeds::Validators,
    model::{NoticeId, RowId},
};

/// What names a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureOf {
    /// A notice.
    Notice(NoticeId),
    /// A row of a register.
    Row(RowId),
}

impl From<NoticeId> for PictureOf {
    fn from(id: NoticeId) -> Self {
        Self::Notice(id)
    }
}

impl From<RowId> for PictureOf {
    fn from(id: RowId) -> Self {
        Self::Row(id)
    }
}

/// A picture that is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePicture {
    /// The newest notice or row that names it.
    pub of: PictureOf,
    /// Its address.
    pub address: String,
    /// Of what is kept already from that address; empty where nothing is.
    pub validators: Validators,
}

/// A picture the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPicture {
    /// The file, as it was sent.
    pub bytes: Vec<u8>,
    /// To be sent back when asking whether it is still the same.
    pub validators: Validators,
}

/// A picture to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPicture {
    /// The file, as it was sent.
    pub bytes: Vec<u8>,
    /// What the server calls this state of it.
    pub validators: Validators,
    /// Pixels it is shown with.
    pub pixels: u64,
}

/// What the pictures take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PictureRoom {
    /// Different pictures.
    pub pictures: u64,
    /// Their bytes.
    pub bytes: u64,
}
