//! `leadtone generate`: the man page, completions, the schema of the reports.

use super::args::{Args, GenerateArgs, Generated, SchemaFormat};
use super::exit::Exit;
use super::spark_ddl;
use anyhow::bail;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use leadtone::config::ConfigTable;
use leadtone::report::{DocumentReport, ErrorReport, ScanReport};
use schemars::JsonSchema;
use std::io::{self, Write};

/// Writes what was asked for to standard output.
///
/// # Errors
/// If it cannot be written, or if a format of schemas was asked for and something else.
pub fn run(args: &GenerateArgs) -> anyhow::Result<Exit> {
    if args.format.is_some() && args.what != Generated::Schema {
        bail!("--format is for `generate schema`");
    }
    let bytes = match args.what {
        Generated::Man => man()?,
        Generated::CompleteBash => completions(Shell::Bash),
        Generated::CompleteZsh => completions(Shell::Zsh),
        Generated::CompleteFish => completions(Shell::Fish),
        Generated::CompletePowershell => completions(Shell::PowerShell),
        Generated::CompleteElvish => completions(Shell::Elvish),
        Generated::Schema => schema(args.format.unwrap_or(SchemaFormat::Json))?,
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

/// The schema of a whole scan or check; the lines of JSON lines and the configuration are among its definitions. As a
/// DDL: of those lines.
fn schema(format: SchemaFormat) -> serde_json::Result<Vec<u8>> {
    let mut generator = schemars::SchemaGenerator::default();
    generator.subschema_for::<DocumentReport>();
    generator.subschema_for::<ErrorReport>();
    generator.subschema_for::<ConfigTable>();
    let schema = generator.into_root_schema_for::<ScanReport>();
    let lines = [DocumentReport::schema_name(), ErrorReport::schema_name()];
    match format {
        SchemaFormat::Json => {
            let mut text = serde_json::to_vec_pretty(&schema)?;
            text.push(b'\n');
            Ok(text)
        }
        SchemaFormat::SparkDdl => Ok(spark_ddl::columns(schema.as_value(), &lines).into_bytes()),
    }
}
