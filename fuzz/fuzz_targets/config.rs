#![no_main]
libfuzzer_sys::fuzz_target!(|toml: &str| leadtone_fuzz::config(toml));
