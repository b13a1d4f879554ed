//! A share that hangs: a library for `LD_PRELOAD`.

use std::{path::PathBuf, process::Command};

/// The library that hangs, compiled; `None`, and said so, where there is no C compiler and none is required.
pub fn library(dir: &std::path::Path) -> Option<PathBuf> {
    let library = dir.join("hang.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/hang.c");
    let done = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]).status();
    if done.is_ok_and(|status| status.success()) {
        return Some(library);
    }
    assert!(std::env::var_os("GONGSHI_REQUIRE_GPU").is_none(), "a C compiler is required: make setup");
    eprintln!("SKIPPED: cc is not installed");
    None
}
