//! The worker's side: bounds on itself first, then the document.

use super::{frame, job::WorkerJob};
use crate::{
    config::time_zone,
    feeds::{Hint, formats, pdf},
};
use jiff::Timestamp;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    io::{Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Bytes of memory the worker may ask for.
const MEMORY: u64 = 1 << 30;
/// The same beyond what is mapped at the start, where that is more: the allocator sets [`MEMORY`] aside before it is used.
const BEYOND: u64 = 128 << 20;
/// Bytes of a document.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Reads a document and writes one framed answer. What it may use, so many `seconds` of a processor among it, is bounded
/// before it reads the first byte.
///
/// # Errors
/// Where the streams or the bounds fail; what is wrong with the document is an answer.
pub fn work(job: &WorkerJob, seconds: u64, input: &mut impl Read, out: &mut impl Write) -> Result<(), String> {
    bound(seconds).map_err(|e| format!("the worker's bounds cannot be set ({e})"))?;
    let mut bytes = Vec::new();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| format!("the document cannot be read ({e})"))?;
    let done = if bytes.len() as u64 > MAX_BYTES {
        Err(format!("it is larger than {} MB", MAX_BYTES >> 20))
    } else {
        catch_unwind(AssertUnwindSafe(|| answer(job, bytes))).unwrap_or_else(|_| Err(job.broken().to_owned()))
    };
    out.write_all(&frame::wrap(&done)).and_then(|()| out.flush()).map_err(|e| format!("no one listens ({e})"))
}

fn answer(job: &WorkerJob, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    match job {
        WorkerJob::PdfText => pdf::answer(None, bytes),
        WorkerJob::PdfPage { page, edge } => pdf::answer(Some((*page, *edge)), bytes),
        WorkerJob::Html { name, base, zone } => {
            let text = String::from_utf8(bytes).map_err(|_| job.broken())?;
            let now = Timestamp::UNIX_EPOCH.to_zoned(time_zone(zone));
            let hint = Hint { name: name.clone(), base: base.clone(), now, ..Hint::default() };
            let parsed = formats::page_here(&text, &hint).map_err(|e| e.to_string())?;
            serde_json::to_vec(&parsed).map_err(|e| e.to_string())
        }
    }
}

/// No more memory, time, files or core dumps than this; a document that wants more ends the process.
fn bound(seconds: u64) -> rustix::io::Result<()> {
    let bounds = [
        (Resource::As, MEMORY.max(mapped().unwrap_or(0) + BEYOND)),
        (Resource::Cpu, seconds.max(1)),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
    ];
    for (resource, most) in bounds {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Bytes of address space that are mapped; `None` where the system does not tell.
fn mapped() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmSize:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
