//! Compiles the lexicon that comes with the program, so that no run has to.
//!
//! Every file of `lexicons` belongs to it but those that other stages read. The source of the library does the work; the
//! compiled lexicon and the list of its files are left where `src/builtin.rs` takes them up.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/fnv.rs"]
mod fnv;
#[path = "src/label.rs"]
#[expect(dead_code, reason = "for runs")]
mod label;
#[path = "src/lexicon/mod.rs"]
#[expect(dead_code, reason = "for runs")]
mod lexicon;
#[path = "src/span.rs"]
mod span;

use lexicon::{Lexicon, LexiconFile, OTHER_FILES};

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["build.rs", "lexicons", "src/fnv.rs", "src/label.rs", "src/lexicon", "src/span.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let folder = |name| env::var_os(name).map(PathBuf::from).ok_or(format!("cargo sets {name}"));
    let (lexicons, out) = (folder("CARGO_MANIFEST_DIR")?.join("lexicons"), folder("OUT_DIR")?);
    let files = files(&lexicons)?;
    match Lexicon::from_files(&files) {
        Ok(lexicon) => fs::write(out.join("lexicon.bin"), lexicon.pack()?)?,
        Err(errors) => errors.iter().for_each(|error| println!("cargo::error=lexicons/{error}")),
    }
    let row = |file: &LexiconFile| format!("({:?}, include_str!({:?}))", file.name, lexicons.join(&file.name));
    let rows: Vec<String> = files.iter().map(row).collect();
    fs::write(out.join("files.rs"), format!("[{}]", rows.join(", ")))?;
    Ok(())
}

/// The files of the lexicon, by name.
fn files(folder: &Path) -> Result<Vec<LexiconFile>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "toml") && !OTHER_FILES.contains(&&*name) {
            files.push(LexiconFile { name, text: fs::read_to_string(&path)? });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
