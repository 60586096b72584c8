//! `leadtone explain`: what an entry means, or how a sentence got its label.

use super::args::ExplainArgs;
use super::exit::Exit;
use super::{config, lexicon, settings};
use anyhow::bail;
use leadtone::config::Profiles;
use leadtone::explain::{EntryView, explain};
use leadtone::extract::Format;
use leadtone::render;
use std::io::{self, BufWriter, Write};

/// Explains.
///
/// # Errors
/// If there is no such entry, the sentence cannot be read or the output cannot be written.
pub fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let loaded = config::load(&args.config, &[])?;
    let lexicon = lexicon::configured(&loaded, &args.lexicon)?;
    let layout = settings::layout(true);
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(id) = &args.entry {
        let Some(entry) = lexicon.entry(id) else {
            bail!("no entry `{id}`; `leadtone lexicon list` names them all");
        };
        let view = EntryView::of(&lexicon, entry);
        if args.json {
            render::json(&view, &mut out)?;
        } else {
            render::entry(&view, layout, &mut out)?;
        }
    }
    if let Some(text) = &args.sentence {
        let profiles = Profiles::new(&loaded.config, &loaded.root, &lexicon, None)?;
        let explanations = explain(&lexicon, profiles.switched_off(None, Format::Text), text)?;
        if args.json {
            render::json(&explanations, &mut out)?;
        } else {
            render::explanations(&explanations, layout, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}
