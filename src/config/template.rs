//! The `leadtone.toml` that a repository begins with: every key explained, and nothing said that does not hold anyway.

use super::Profile;
use crate::report::Kind;

/// What stands above the profiles. A line that begins with `#` and no blank is a setting; all other comments explain.
const HEAD: &str = "\
# Settings of leadtone. All of them are optional: what is commented out is what holds without it, or an example.
# `leadtone check --dump-config` writes what is in effect.

# Patterns, as in a .gitignore, of what to leave out. Paths are relative to the folder of this file.
#exclude = [\"CHANGELOG.md\", \"vendor/\"]

# Folders with lexicon files (*.toml) of your own.
#lexicon = []

# Entries that are switched off in every document; `leadtone lexicon list` names them all.
#disable = []

# The file of the sentences that a check lets be; `leadtone check --update-baseline` writes it.
#baseline = \"leadtone-baseline.json\"

# What documents of certain paths are held to. Of several profiles that match, the last one holds. A profile stands on its
# kind, whose limits hold where it names none:
#   min_empowering, max_empowering   the empowering share, 0 to 1, decided on the bound of its interval
#   max_per_100                      directive sentences in a hundred, decided on the bound of its interval
#   max_directive                    directive sentences in a document
#   new_directive                    directive sentences that are new, with --since or a baseline
#   max_fall                         how far the empowering share may fall, 0 to 1, with --since
#   principles                       how often a principle may be found in a document
#[[profile]]
#name = \"policies\"
#paths = [\"policies/**\"]
#kind = \"policy\"
#max_per_100 = 40
#disable = []
#[profile.principles]
#gatekeeping = 3

# Findings that do not count, for documents without comments. In Markdown and HTML:
# <!-- leadtone: next ENTRY -- REASON -->
#[[suppress]]
#path = \"handbook/leave.docx\"
#entry = \"all\"
#text = \"by the safety officer first\"
#reason = \"two signatures, as the insurer asks\"

# What holds for each kind where no profile of a path says otherwise. Mail is taken for email, all else for memo.
";

/// The text of a `leadtone.toml` to begin with.
#[must_use]
pub fn template() -> String {
    let mut text = HEAD.to_owned();
    for kind in Kind::ALL {
        let limits = Profile::of_kind(kind).limits;
        text += &format!("#[[profile]]\n#kind = \"{}\"\n", kind.name());
        for (key, limit) in [
            ("min_empowering", limits.min_empowering),
            ("max_empowering", limits.max_empowering),
            ("new_directive", limits.new_directive.map(|most| most as f64)),
            ("max_fall", limits.max_fall),
        ] {
            text += &limit.map(|limit| format!("#{key} = {limit}\n")).unwrap_or_default();
        }
    }
    text
}
