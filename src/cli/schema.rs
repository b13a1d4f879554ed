//! `gongshi schema` (hidden): writes the JSON Schemas that the config's `#:schema` lines name.

use crate::config;
use std::{fs, path::PathBuf};

/// Arguments of `gongshi schema`.
#[derive(Debug, Clone, clap::Args)]
pub struct SchemaArgs {
    /// The folder to write them to.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Writes one file a schema.
pub fn run(args: &SchemaArgs) -> Result<(), String> {
    let fail = |path: &PathBuf, e: std::io::Error| format!("{}: cannot be written ({e})", path.display());
    fs::create_dir_all(&args.out).map_err(|e| fail(&args.out, e))?;
    for (name, text) in files() {
        let path = args.out.join(name);
        fs::write(&path, text).map_err(|e| fail(&path, e))?;
    }
    Ok(())
}

/// The schema files as (name, text), formatted as they are committed.
pub fn files() -> Vec<(String, String)> {
    config::schemas().into_iter().map(|(name, schema)| (name, format!("{schema:#}\n"))).collect()
}
