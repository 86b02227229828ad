//! What a slot or prompt learns by, as the config says.

use super::prior::{INTERCEPT, Prior};
use crate::signal::event::Tag;

/// A slot or prompt that learns which of its variants works.
#[derive(Clone, Debug, PartialEq)]
pub struct Learner {
    /// The slot's id, or [`owner_of_prompt`].
    pub owner: String,
    /// What counts as success.
    pub reward: Reward,
    /// How long after an exposure success is credited to it, in ms.
    pub attribution_ms: i64,
    /// The features of a context, in the config's order. Without any the context does not count.
    pub features: Vec<LearnedFeature>,
    /// The variants that are learned about. Sensitive ones are not among them.
    pub variants: Vec<LearnedVariant>,
    /// How long a visitor keeps the variant that was drawn, in ms; `None` where each page view draws.
    pub keep_ms: Option<i64>,
}

/// What counts as success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reward {
    /// The event of this name.
    Event(String),
    /// The prompt is accepted.
    Acceptance,
}

/// A feature of a context.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedFeature {
    /// Its name.
    pub name: String,
    /// The paths of the attributes that it reads.
    pub reads: Vec<String>,
}

/// A variant that is learned about.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedVariant {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub tags: Vec<Tag>,
    /// What the site ships of it.
    pub prior: Prior,
}

/// Whose bandit that of a prompt is: no slot's. No id of the site's own has a colon.
pub fn owner_of_prompt(id: &str) -> String {
    format!("prompt:{id}")
}

impl Learner {
    /// The names of what it weighs: the intercept, then the features.
    pub fn names(&self) -> Vec<&str> {
        let mut names = vec![INTERCEPT];
        names.extend(self.features.iter().map(|feature| feature.name.as_str()));
        names
    }

    /// A variant that is learned about.
    pub fn variant(&self, id: &str) -> Option<&LearnedVariant> {
        self.variants.iter().find(|variant| variant.id == id)
    }
}

/// The learner of a slot or prompt.
pub fn find<'a>(learners: &'a [Learner], owner: &str) -> Option<&'a Learner> {
    learners.iter().find(|learner| learner.owner == owner)
}
