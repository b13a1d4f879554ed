//! What is written to the log, and what never is.

use super::log::SeenWriter;
use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// What is written where `GONGSHI_LOG` says nothing.
const USUAL: &str = "gongshi=info,wgpu=error,wgpu_core=error,wgpu_hal=off,naga=error";

/// Whether something may be written, whatever `GONGSHI_LOG` asks for. A library says only what is wrong: at its lower
/// levels shaping prints each word it is given, and a visitor may have typed it.
pub fn is_allowed(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let is_own = target == "gongshi" || target.starts_with("gongshi::");
    is_own || *metadata.level() <= Level::WARN
}

/// Starts to write what `GONGSHI_LOG` asks for to standard error.
pub fn start() {
    let filter = EnvFilter::try_from_env("GONGSHI_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    // Colours are for eyes: in a log file they are noise.
    let is_coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| SeenWriter(std::io::stderr()))
        .with_ansi(is_coloured)
        .with_target(false);
    tracing_subscriber::registry().with(filter).with(lines.with_filter(filter_fn(is_allowed))).init();
}
