//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz table tests/corpus/table`
#![no_main]

#[allow(dead_code, reason = "each target runs one of them")]
#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::table_page(bytes));
