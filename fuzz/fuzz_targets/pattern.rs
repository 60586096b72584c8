#![no_main]
libfuzzer_sys::fuzz_target!(|pattern: &str| leadtone_fuzz::pattern(pattern));
