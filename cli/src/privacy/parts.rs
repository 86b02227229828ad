//! What is in the profile and in journals, part by part.
//!
//! Each part names the fields of the engine's types that hold it. A test reads those types from their source, from
//! [`State`](tailorbird::state::State) and [`Journal`](tailorbird::profile::journal::Journal) down to the last field,
//! and
//! fails where one is in no part, or a part names one that is gone.

mod about_visitor;
mod about_shown;
mod journal;
mod upkeep;
#[cfg(test)]
mod tests;

use super::uses::Uses;

/// One thing that is stored about a visitor.
pub struct Part {
    /// What it is called.
    pub name: &'static str,
    /// What of it this config makes the engine keep; `None` where nothing is kept.
    pub here: fn(&Uses<'_>) -> Option<String>,
    /// What it is kept for.
    pub purpose: &'static str,
    /// How long, beyond what ends the profile as a whole.
    pub retention: fn(&Uses<'_>) -> String,
    /// Where it is read.
    pub read: &'static str,
    /// Under which key of `export()` or `profile()` the visitor finds it; empty where it is in neither.
    pub shown: &'static str,
    /// The fields that hold it: `history.History.views`, which is the module, the type and the field.
    #[cfg_attr(not(test), expect(dead_code, reason = "compared with the engine's types, in tests"))]
    pub fields: &'static [&'static str],
}

/// The parts of the profile, in the order of a reader's questions.
pub fn of_profile() -> impl Iterator<Item = &'static Part> {
    about_visitor::PARTS.iter().chain(&about_shown::PARTS).chain(&upkeep::PARTS)
}

/// The kinds of entries of a journal.
pub fn of_journal() -> impl Iterator<Item = &'static Part> {
    journal::PARTS.iter()
}

/// As long as the profile itself.
fn with_profile(uses: &Uses<'_>) -> String {
    format!("with the profile, {} days", uses.profile_days)
}

/// Whatever the config says.
fn always(what: &str) -> Option<String> {
    Some(what.to_owned())
}
