//! The two poles and the four labels: the closed sets that every stage speaks in.

use serde::{Deserialize, Serialize};

/// What an entry leans to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Keeps the choice with the writer or an authority.
    Directive,
    /// Hands choice or ability to others.
    Empowering,
    /// Neither: counted and shown, or a look-alike that takes evidence away.
    Neutral,
}

impl Stance {
    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directive => "directive",
            Self::Empowering => "empowering",
            Self::Neutral => "neutral",
        }
    }
}

/// What a sentence was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Keeps the choice.
    Directive,
    /// Hands it over.
    Empowering,
    /// Does both, each in its own clause.
    Mixed,
    /// Does neither.
    Neutral,
}

impl Label {
    /// Every label, in the order of the declaration.
    pub const ALL: [Self; 4] = [Self::Directive, Self::Empowering, Self::Mixed, Self::Neutral];

    /// The label of a sentence that is (or is not) on either side.
    #[must_use]
    pub const fn of_poles(is_directive: bool, is_empowering: bool) -> Self {
        match (is_directive, is_empowering) {
            (true, true) => Self::Mixed,
            (true, false) => Self::Directive,
            (false, true) => Self::Empowering,
            (false, false) => Self::Neutral,
        }
    }

    /// Whether it counts on the directive side.
    #[must_use]
    pub const fn is_directive(self) -> bool {
        matches!(self, Self::Directive | Self::Mixed)
    }

    /// Whether it counts on the empowering side.
    #[must_use]
    pub const fn is_empowering(self) -> bool {
        matches!(self, Self::Empowering | Self::Mixed)
    }

    /// The name used in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directive => "directive",
            Self::Empowering => "empowering",
            Self::Mixed => "mixed",
            Self::Neutral => "neutral",
        }
    }

    /// The label of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.name() == name)
    }
}
