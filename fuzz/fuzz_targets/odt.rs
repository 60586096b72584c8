#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leadtone_fuzz::read_packed(
    bytes,
    leadtone::extract::Format::Odt,
    &["content.xml", "styles.xml", "META-INF/manifest.xml"],
));
