//! `leadtone.toml`: what it may say, where its errors are, which document is held to what.

use leadtone::config::{Config, ConfigError, ConfigFile, Profiles, template};
use leadtone::extract::Format;
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::report::Kind;
use std::path::Path;

fn read(text: &str) -> Result<Config, ConfigError> {
    ConfigFile { name: "leadtone.toml".to_owned(), text: text.to_owned() }.read()
}

/// A lexicon of one principle with one entry.
fn lexicon() -> Lexicon {
    let text = "[principle]\nname = \"house\"\nstance = \"directive\"\nabout = \"Ours.\"\n\n\
                [[entry]]\nid = \"house.pronto\"\npattern = \"pronto\"\n";
    Lexicon::from_files(&[LexiconFile { name: "house.toml".into(), text: text.into() }]).expect("a lexicon")
}

#[test]
fn errors_name_line_and_column() {
    for (name, text, expected) in [
        ("unknown key", "exclude = []\nexlude = []\n", "2:1: unknown field `exlude`, expected one of"),
        ("unknown key of a profile", "[[profile]]\nkind = \"memo\"\n  max_directve = 3\n", "3:3: unknown field"),
        ("unknown kind", "[[profile]]\nkind = \"memmo\"\n", "2:8: unknown variant `memmo`"),
        ("no kind", "[[profile]]\npaths = [\"a\"]\n", "1:1: missing field `kind`"),
        ("share", "[[profile]]\nkind = \"memo\"\nmin_empowering = 40.0\n", "3:18: not a number from 0 to 1"),
        ("no number", "[[profile]]\nkind = \"memo\"\nmax_per_100 = nan\n", "3:15: not a number from 0 to 100"),
        ("count", "[[profile]]\nkind = \"memo\"\nmax_directive = -1\n", "3:17: "),
        ("band", "[[profile]]\nkind = \"memo\"\nmin_empowering = 0.99\n", "3:18: min_empowering 0.99 is above max"),
        ("pattern", "exclude = [\"ok\",\n  \"a{\"]\n", "2:3: bad pattern \"a{\""),
        ("no paths", "[[profile]]\nkind = \"memo\"\npaths = []\n", "3:9: no paths"),
        ("twice", "[[profile]]\nkind = \"memo\"\n[[profile]]\nkind = \"memo\"\n", "4:8: there is another profile"),
        ("no reason", "[[suppress]]\npath = \"a\"\nentry = \"all\"\n", "1:1: missing field `reason`"),
        ("blank reason", "[[suppress]]\npath = \"a\"\nentry = \"all\"\nreason = \" \"\n", "4:10: no reason"),
        ("all of it", "[[suppress]]\npath = \"a\"\nreason = \"law\"\n", "2:8: neither entry nor text"),
        ("no text", "[[suppress]]\npath = \"a\"\ntext = \"\"\nreason = \"law\"\n", "3:8: no text"),
        ("path", "[[suppress]]\npath = \"a{\"\ntext = \"x\"\nreason = \"law\"\n", "2:8: bad pattern \"a{\""),
        ("no TOML", "exclude = [\n", "1:12: unclosed array"),
        ("column in characters", "disable = [\"äöü\", 3]\n", "1:19: "),
    ] {
        let error = read(text).expect_err(name).to_string();
        assert!(error.starts_with(&format!("leadtone.toml:{expected}")), "{name}: {error}");
        assert!(!error.contains('\n') && !error.ends_with('.'), "{name}: {error}");
    }
}

#[test]
fn names_are_held_against_the_lexicon() {
    let lexicon = lexicon();
    for (text, expected) in [
        ("disable = [\"house.pronto\"]\n[[profile]]\nkind = \"memo\"\n[profile.principles]\nhouse = 0\n", None),
        ("disable = [\"house.pronto\", \"house.later\"]", Some("1:28: no entry `house.later` in the lexicon")),
        ("[[suppress]]\npath = \"a\"\nentry = \"x\"\nreason = \"law\"\n", Some("3:9: no entry `x` in the lexicon")),
        ("[[profile]]\nkind = \"memo\"\ndisable = [\"x\"]", Some("3:12: no entry `x` in the lexicon")),
        (
            "[[profile]]\nkind = \"memo\"\n[profile.principles]\nhuose = 0",
            Some("4:1: no principle `huose` in the lexicon"),
        ),
    ] {
        let error = read(text).expect("sound by itself").check(&lexicon).err().map(|error| error.to_string());
        assert_eq!(error, expected.map(|expected| format!("leadtone.toml:{expected}")), "{text}");
    }
}

#[test]
fn the_last_profile_that_matches_holds() {
    let config = read(
        "[[profile]]\nname = \"all docs\"\nkind = \"policy\"\npaths = [\"docs/\"]\n\
         [[profile]]\nname = \"alerts\"\nkind = \"crisis\"\npaths = [\"alert-*.md\", \"!alert-0.md\"]\n",
    )
    .expect("a configuration");
    let profiles = Profiles::new(&config, Path::new("/srv/repository"), &lexicon(), None).expect("patterns");
    for (path, format, expected) in [
        (Some("/srv/repository/docs/a/b.md"), Format::Markdown, "all docs"),
        (Some("/srv/repository/docs/a/alert-1.md"), Format::Markdown, "alerts"),
        (Some("/srv/repository/docs/alert-0.md"), Format::Markdown, "all docs"),
        (Some("/srv/repository/x/../docs/a.md"), Format::Markdown, "all docs"),
        (Some("/srv/repository/other/docs.md"), Format::Markdown, "memo"),
        (Some("/elsewhere/docs/a.md"), Format::Markdown, "memo"),
        (Some("/srv/repository/a.eml"), Format::Mail, "email"),
        (None, Format::Mbox, "email"),
        (None, Format::Text, "memo"),
    ] {
        assert_eq!(profiles.of(path, format).name, expected, "{path:?}");
    }
    let forced = Profiles::new(&config, Path::new("/srv/repository"), &lexicon(), Some(Kind::Review));
    assert_eq!(forced.expect("patterns").of(Some("/srv/repository/docs/a.md"), Format::Mail).kind, Kind::Review);
}

#[test]
fn a_profile_stands_on_its_kind() {
    let config = read(
        "[[profile]]\nkind = \"policy\"\npaths = [\"strict\"]\nmax_directive = 3\n\
         [[profile]]\nkind = \"policy\"\nmin_empowering = 0.2\nmax_per_100 = 40\n[profile.principles]\nhouse = 1\n",
    )
    .expect("a configuration");
    let policy = &config.profiles[Kind::Policy as usize].limits;
    assert_eq!((policy.min_empowering, policy.max_empowering), (Some(0.2), Some(0.9)), "what is not named is kept");
    let strict = &config.profiles[Kind::ALL.len()].limits;
    assert_eq!((strict.min_empowering, strict.max_per_100, strict.max_directive), (Some(0.2), Some(40.0), Some(3)));
    assert_eq!(strict.principles.get("house"), Some(&1));
}

#[test]
fn every_kind_has_a_band_that_can_be_kept() {
    let config = Config::builtin();
    for (kind, profile) in Kind::ALL.into_iter().zip(&config.profiles) {
        assert_eq!((profile.kind, profile.name.as_str()), (kind, kind.name()));
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
        let (min, max) = (profile.limits.min_empowering.unwrap_or(0.0), profile.limits.max_empowering.unwrap_or(1.0));
        assert!((0.0..0.5).contains(&min) && (0.51..=1.0).contains(&max), "{kind:?}");
    }
    let crisis = &config.profiles[Kind::Crisis as usize].limits;
    assert_eq!((crisis.min_empowering, crisis.max_directive, crisis.max_per_100), (None, None, None));
}

#[test]
fn what_is_written_can_be_read_again() {
    let texts = [
        "",
        "exclude = [\"a \\\"b\\\"\", '!c\\ d', \"é/\"]\nlexicon = [\"ours\"]\ndisable = [\"house.pronto\"]\n\
         [[profile]]\nname = \"x\"\nkind = \"crisis\"\npaths = [\"x/**\"]\nmax_per_100 = 12.5\ndisable = [\"house.pronto\"]\n\
         [profile.principles]\nhouse = 0\n[[profile]]\nkind = \"review\"\nmin_empowering = 0\n\
         [[suppress]]\npath = \"a.docx\"\nentry = \"house.pronto\"\nreason = \"law\"\n\
         [[suppress]]\npath = \"b/**\"\ntext = \"a  \\\"b\\\"\"\nreason = \"so it\\n is\"\n",
    ];
    for text in texts {
        let config = read(text).expect("a configuration");
        let written = config.to_toml().expect("TOML");
        let again = read(&written).expect("what is written can be read");
        assert_eq!(again.profiles, config.profiles, "{written}");
        assert_eq!(
            (&again.exclude, &again.lexicon, &again.disable),
            (&config.exclude, &config.lexicon, &config.disable)
        );
        assert_eq!(again.to_toml().expect("TOML"), written);
    }
}

#[test]
fn the_template_changes_nothing_and_shows_what_holds() {
    let builtin = Config::builtin().to_toml().expect("TOML");
    assert_eq!(read(&template()).expect("a configuration").to_toml().expect("TOML"), builtin);
    // Its settings, taken out of their comments, are sound, and those of the kinds are the built-in ones.
    let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let settings: String = template()
        .lines()
        .map(|line| if is_setting(line) { &line[1..] } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    let config = read(&settings).unwrap_or_else(|error| panic!("{error}\n{settings}"));
    assert_eq!(config.profiles[..Kind::ALL.len()], Config::builtin().profiles);
    assert_eq!((config.profiles.len(), config.suppress.len()), (Kind::ALL.len() + 1, 1));
    config.check(&Lexicon::builtin()).expect("its names are known");
    // No key is left unexplained.
    let schema = schemars::schema_for!(leadtone::config::ConfigTable).to_value();
    let tables = [&schema, &schema["$defs"]["ProfileConfig"], &schema["$defs"]["SuppressConfig"]];
    for key in tables.iter().flat_map(|table| table["properties"].as_object().expect("properties").keys()) {
        assert!(template().contains(key.as_str()), "{key} is not in the template");
    }
}
