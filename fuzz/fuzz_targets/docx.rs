//! `cargo +nightly fuzz run docx ../tests/corpus/docx`
#![no_main]

#[allow(dead_code, reason = "each target runs one of them")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::docx(bytes));
