#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| leadtone_fuzz::read_packed(
    bytes,
    leadtone::extract::Format::Docx,
    &["word/document.xml", "word/styles.xml", "word/footnotes.xml"],
));
