//! Makes the first corpora out of the project's samples: `seeds SAMPLES CORPUS`.

use leadtone::extract::{FORMATS, Format, format_of_name};
use leadtone::builtin;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::{env, io};

const CONFIG: &str = r#"lexicon = ["ours"]
exclude = ["old/", "*.bak"]
disable = ["gatekeeping.run-by-me"]

[[profile]]
kind = "policy"
max_per_100 = 30.0

[[profile]]
name = "rota"
kind = "memo"
paths = ["rota/**"]
min_empowering = 0.4
max_empowering = 0.9
max_directive = 4
principles = { oversight = 1 }
disable = []
"#;

fn main() -> io::Result<()> {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (Some(samples), Some(corpus)) = (args.next(), args.next()) else {
        return Err(io::Error::other("usage: seeds SAMPLES CORPUS"));
    };
    for row in FORMATS {
        fs::create_dir_all(corpus.join(row.name))?;
    }
    for target in ["charset", "config", "pattern", "lexicon", "pipeline"] {
        fs::create_dir_all(corpus.join(target))?;
    }
    let mut folders = vec![samples];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(format) = format_of_name(&path) {
                sample(&path, format, &corpus)?;
            }
        }
    }
    write(&corpus, "config", "full", CONFIG.as_bytes())?;
    for file in builtin::files() {
        if file.text.len() < 64 * 1024 {
            write(&corpus, "lexicon", &file.name, file.text.as_bytes())?;
        }
        let patterns = file.text.lines().filter_map(|line| line.strip_prefix("pattern = \"")?.strip_suffix('"'));
        for (number, pattern) in patterns.step_by(7).enumerate() {
            write(&corpus, "pattern", &format!("{}.{number}", file.name), pattern.as_bytes())?;
        }
    }
    Ok(())
}

fn sample(path: &Path, format: Format, corpus: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = fs::read(path)?;
    if bytes.len() > 32 * 1024 && !matches!(format, Format::Docx | Format::Odt | Format::Pdf) {
        return Ok(());
    }
    write(corpus, format.name(), &name, &bytes)?;
    let shorter = &bytes[..bytes.len().min(8 * 1024)];
    match format {
        Format::Docx => {
            let members = ["word/document.xml", "word/styles.xml", "word/footnotes.xml"];
            write(corpus, "docx", &format!("{name}.xml"), &members_of(path, &members)?)?;
        }
        Format::Odt => {
            let members = ["content.xml", "styles.xml", "META-INF/manifest.xml"];
            write(corpus, "odt", &format!("{name}.xml"), &members_of(path, &members)?)?;
        }
        Format::Pdf => {
            // Changed bytes of a packed stream say nothing, those of an unpacked one do.
            let mut file = lopdf::Document::load(path).map_err(io::Error::other)?;
            file.decompress();
            file.save(corpus.join("pdf").join(format!("{name}.unpacked"))).map_err(io::Error::other)?;
        }
        Format::Text => {
            let text = String::from_utf8_lossy(shorter);
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            write(corpus, "charset", &name, &[b"utf-16le\n".as_slice(), &wide].concat())?;
            write(corpus, "charset", &format!("{name}.7"), &[b"utf-7\n".as_slice(), shorter].concat())?;
            write(corpus, "charset", &format!("{name}.jp"), &[b"iso-2022-jp\n\x1b$B".as_slice(), shorter].concat())?;
        }
        Format::Csv => {
            write(
                corpus,
                "tsv",
                &name,
                &bytes.iter().map(|b| if *b == b',' { b'\t' } else { *b }).collect::<Vec<_>>(),
            )?;
        }
        Format::Markdown
        | Format::Html
        | Format::Mail
        | Format::Mbox
        | Format::Tsv
        | Format::Jsonl
        | Format::Rst
        | Format::Asciidoc => {}
    }
    let kind = match format {
        Format::Text => 1,
        Format::Markdown => 2,
        Format::Html => 3,
        Format::Mail => 4,
        Format::Csv | Format::Tsv => 5,
        Format::Docx | Format::Odt => 6,
        Format::Pdf => 7,
        Format::Mbox | Format::Jsonl | Format::Rst | Format::Asciidoc => 0,
    };
    let whole = if matches!(format, Format::Docx | Format::Odt | Format::Pdf) { &bytes } else { shorter };
    write(corpus, "pipeline", &name, &[&[kind], whole].concat())
}

fn members_of(path: &Path, members: &[&str]) -> io::Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
    let mut joined = Vec::new();
    for member in members {
        if let Ok(mut file) = archive.by_name(member) {
            file.read_to_end(&mut joined)?;
        }
        joined.push(0);
    }
    Ok(joined)
}

fn write(corpus: &Path, target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    File::create(corpus.join(target).join(name))?.write_all(bytes)
}
