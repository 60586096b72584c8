//! `leadtone generate`: the man page, completions, the JSON Schema of the reports.

use super::args::{Args, Generated};
use super::exit::Exit;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use leadtone::config::ConfigTable;
use leadtone::report::{DocumentReport, ErrorReport, ScanReport};
use std::io::{self, Write};

/// Writes what was asked for to standard output.
///
/// # Errors
/// If it cannot be written.
pub fn run(what: Generated) -> anyhow::Result<Exit> {
    let bytes = match what {
        Generated::Man => man()?,
        Generated::CompleteBash => completions(Shell::Bash),
        Generated::CompleteZsh => completions(Shell::Zsh),
        Generated::CompleteFish => completions(Shell::Fish),
        Generated::CompletePowershell => completions(Shell::PowerShell),
        Generated::CompleteElvish => completions(Shell::Elvish),
        Generated::Schema => schema()?,
    };
    io::stdout().lock().write_all(&bytes)?;
    Ok(Exit::Success)
}

/// One page: the program, then each subcommand with its options.
fn man() -> io::Result<Vec<u8>> {
    let mut command = Args::command();
    command.build();
    let mut page = Vec::new();
    let whole = Man::new(command.clone());
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    for subcommand in command.get_subcommands() {
        writeln!(page, ".SH \"{}\"", subcommand.get_name().to_uppercase())?;
        let mut sections = Vec::new();
        let part = Man::new(subcommand.clone());
        part.render_synopsis_section(&mut sections)?;
        part.render_description_section(&mut sections)?;
        part.render_options_section(&mut sections)?;
        // Sections of a subcommand stand below its name.
        page.extend(String::from_utf8_lossy(&sections).replace(".SH ", ".SS ").into_bytes());
    }
    whole.render_extra_section(&mut page)?;
    whole.render_version_section(&mut page)?;
    Ok(page)
}

/// Completions are made in memory: the generator panics where its writer fails, as on a closed pipe.
fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "leadtone", &mut script);
    script
}

/// The schema of a whole scan or check; the lines of JSON lines and the configuration are among its definitions.
fn schema() -> serde_json::Result<Vec<u8>> {
    let mut generator = schemars::SchemaGenerator::default();
    generator.subschema_for::<DocumentReport>();
    generator.subschema_for::<ErrorReport>();
    generator.subschema_for::<ConfigTable>();
    let mut text = serde_json::to_vec_pretty(&generator.into_root_schema_for::<ScanReport>())?;
    text.push(b'\n');
    Ok(text)
}
