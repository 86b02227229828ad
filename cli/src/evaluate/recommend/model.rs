//! The model that is measured: its sections as bytes, and what each tier reads of them.

use tailorbird_recommend::items::Items;
use tailorbird_recommend::learn::{Product, Session, View, learn};
use tailorbird_recommend::model_file::{Kind as Section, ModelFile};
use tailorbird_recommend::recommender::{Kind, Recommender};
use tailorbird_recommend::rules::Rules;
use tailorbird_recommend::sessions::Sessions;

use crate::train::walk::{Name, Walk};
use crate::weight::brotli;

/// As much of a model as a page loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    Popular,
    Rules,
    Neighbours,
    Blended,
}

impl Tier {
    pub const ALL: [Tier; 4] = [Tier::Popular, Tier::Rules, Tier::Neighbours, Tier::Blended];

    pub fn name(self) -> &'static str {
        match self {
            Tier::Popular => "popular",
            Tier::Rules => "rules",
            Tier::Neighbours => "neighbours",
            Tier::Blended => "blended",
        }
    }

    /// The list that predicts the next item, whatever it is.
    pub fn kind(self) -> Kind {
        if self == Tier::Popular { Kind::Popular } else { Kind::ForYou }
    }

    fn has_rules(self) -> bool {
        matches!(self, Tier::Rules | Tier::Blended)
    }

    fn has_sessions(self) -> bool {
        matches!(self, Tier::Neighbours | Tier::Blended)
    }
}

/// The sections of a model.
pub struct Encoded {
    items: Vec<u8>,
    rules: Vec<u8>,
    sessions: Vec<u8>,
}

impl Encoded {
    /// Learns a model from visits.
    pub fn learn(walks: &[Walk], names: &[Name], support: usize) -> Option<Encoded> {
        let catalog = catalog(names);
        let parts = learn(&catalog, &sessions(walks), support)?;
        Some(Encoded { items: parts.items.encode(), rules: parts.rules.encode(), sessions: parts.sessions.encode() })
    }

    /// The sections of a file that `train` has written, with all sessions in it.
    ///
    /// # Errors
    ///
    /// When it is none, or lacks a section.
    pub fn of_file(bytes: &[u8]) -> Result<Encoded, String> {
        let file = ModelFile::open(bytes).map_err(|error| error.to_string())?;
        let section = |kind: Section| file.section(kind).map(<[u8]>::to_vec).ok_or(format!("has no section {kind}"));
        Ok(Encoded {
            items: section(Section::Items)?,
            rules: section(Section::Rules)?,
            sessions: section(Section::Sessions)?,
        })
    }

    /// What a tier reads of it.
    pub fn read(&self, tier: Tier) -> Option<Recommender<'_>> {
        let rules = if tier.has_rules() { Some(Rules::read(&self.rules)?) } else { None };
        let sessions = if tier.has_sessions() { Some(Sessions::read(&self.sessions)?) } else { None };
        Some(Recommender::new(Items::read(&self.items)?, rules, sessions))
    }

    /// How many bytes a tier loads, as they are and compressed.
    pub fn size(&self, tier: Tier) -> (usize, usize) {
        let mut bytes = self.items.clone();
        if tier.has_rules() {
            bytes.extend(&self.rules);
        }
        if tier.has_sessions() {
            bytes.extend(&self.sessions);
        }
        (bytes.len(), brotli(&bytes))
    }
}

/// The items of these names.
pub fn catalog(names: &[Name]) -> Vec<Product> {
    names.iter().map(|name| Product { id: name.id.clone(), category: name.category.clone() }).collect()
}

/// Visits as sessions to learn from.
pub fn sessions(walks: &[Walk]) -> Vec<Session> {
    let mut visitors: Vec<&str> = walks.iter().filter_map(|walk| walk.visitor.as_deref()).collect();
    visitors.sort_unstable();
    visitors.dedup();
    let session = |(place, walk): (usize, &Walk)| {
        let known = walk.visitor.as_deref().and_then(|visitor| visitors.binary_search(&visitor).ok());
        // A session whose visitor nobody knows is one of its own.
        let visitor = u32::try_from(known.unwrap_or(visitors.len() + place)).unwrap_or(u32::MAX);
        let views = walk.seen.iter().zip(&walk.times);
        let views = views.map(|(product, seconds)| View { product: *product, seconds: *seconds }).collect();
        Session { visitor, views, bought: Vec::new() }
    };
    walks.iter().enumerate().map(session).collect()
}
