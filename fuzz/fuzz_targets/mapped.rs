//! `cargo +nightly fuzz run mapped ../tests/corpus/mapped`
#![no_main]

#[allow(dead_code, reason = "each target runs one of them")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::mapped(bytes));
