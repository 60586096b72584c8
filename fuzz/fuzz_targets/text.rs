#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leadtone_fuzz::text(bytes));
