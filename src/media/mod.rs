//! Files of pictures that screens show, read and decoded within limits. It blocks: for jobs and for programs without windows.

mod picture;

pub use picture::{FileStamp, PictureError, PictureRequest};
