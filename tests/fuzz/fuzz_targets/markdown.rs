//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz markdown tests/corpus/markdown`
#![no_main]

#[allow(dead_code, reason = "each target runs one of them")]
#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::markdown(bytes));
