//! Work on documents in a process of its own, this program started anew: it has bounds on memory and time before it looks
//! at the first byte, can be ended at any moment, and what goes wrong in it costs one document.

mod child;
mod frame;
mod job;
mod parent;

pub use child::work;
pub(super) use job::PDF_BROKEN;
pub use job::{PAGE_EDGE, WorkerJob};
pub(super) use parent::ask;
