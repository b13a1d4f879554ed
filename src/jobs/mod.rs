//! Blocking work, bounded and cancellable: whatever a loop must not wait for, such as file systems, decoding and parsing.
//!
//! A thread cannot be ended from outside. So each job has an owner, a limit of time and a token that asks it to end; one
//! that goes on regardless (a share that is gone holds whoever reads it, in the kernel) is *stuck*: nobody waits for it,
//! and its owner gets no other thread until it ends. A source that hangs at every fetch thus holds one thread for ever,
//! not one more each quarter of an hour, and nothing else waits for it.

mod pool;
mod shared;

pub use pool::{BlockingPool, JobError, StuckJob};
pub use shared::{KeyedLimit, SharedWork, Turn};
/// What asks a job to end; clones share it. Parsers look at it every few kilobytes and every few hundred elements.
pub use tokio_util::sync::CancellationToken;
