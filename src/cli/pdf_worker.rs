//! `gongshi pdf-worker`: what opens PDFs, started by this program itself and by no one else.

use crate::feeds::{self, PdfJob};
use clap::Args;
use std::io::Write;

/// Arguments of `pdf-worker`.
#[derive(Debug, Args)]
pub struct PdfWorkerArgs {
    /// The page to draw, from 1 [default: the text of all].
    #[arg(long, value_name = "N")]
    page: Option<u32>,
    /// The longest edge of the drawn page, pixels.
    #[arg(long, value_name = "N", default_value_t = 1200)]
    edge: u32,
    /// Seconds of processor time it may use.
    #[arg(long, value_name = "N", default_value_t = 20)]
    seconds: u64,
}

/// Reads a PDF from standard input and writes one framed answer to standard output.
///
/// # Errors
/// Where the streams or its bounds fail.
pub fn run(args: &PdfWorkerArgs, out: &mut impl Write) -> Result<(), String> {
    feeds::pdf_work(
        PdfJob { page: args.page, edge: args.edge, seconds: args.seconds },
        &mut std::io::stdin().lock(),
        out,
    )
}
