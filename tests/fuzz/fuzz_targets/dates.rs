//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz dates tests/corpus/dates`
#![no_main]

#[allow(dead_code, reason = "each target runs one of them")]
#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::dates(bytes));
