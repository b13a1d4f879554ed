//! `gongshi worker`: what opens documents that may take all there is, started by this program itself and by no one else.

use crate::feeds::{self, WorkerJob};
use clap::Args;
use std::io::Write;

/// Arguments of `worker`.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// The work, as JSON.
    #[arg(value_name = "JOB")]
    job: String,
    /// Seconds of processor time it may use.
    #[arg(long, value_name = "N", default_value_t = 20)]
    seconds: u64,
}

/// Reads a document from standard input and writes one framed answer to standard output.
///
/// # Errors
/// Where the work is none that is known, or the streams or its bounds fail.
pub fn run(args: &WorkerArgs, out: &mut impl Write) -> Result<(), String> {
    let job: WorkerJob = serde_json::from_str(&args.job).map_err(|e| format!("it is no work that is known ({e})"))?;
    feeds::work(&job, args.seconds, &mut std::io::stdin().lock(), out)
}
