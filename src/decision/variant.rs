//! Variants: what a slot can show, or a prompt can say. Their contents belong to the page stage.

use super::eligibility::{self, Eligibility, Ineligible};
use super::strategy::Evidence;
use crate::profile::bandit::prior::Prior;
use crate::profile::rules::is_dimension;
use crate::profile::segment::read_reference;
use crate::profile::value::Tier;
use crate::reader::Reader;
use crate::signal::event::Tag;
use crate::template::LocalizedText;
use crate::value::Value;

/// One content of a slot or prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its id, unique in its slot or prompt.
    pub id: String,
    /// The id of the segment it is for.
    pub segment: Option<String>,
    /// What it is about.
    pub tags: Vec<Tag>,
    /// How well it works for everybody, 0 to 1; with 0 it is never the default.
    pub weight: f64,
    /// The offer that it makes: of variants with the same one a page shows one.
    pub offer: Option<String>,
    /// What its goal is worth to the site, in its currency: by this slots share a scarce offer. 0 is unknown.
    pub value: f64,
    /// The least value tier of those it is for.
    pub least_tier: Option<Tier>,
    /// What the site has learned of it, for bandits.
    pub prior: Prior,
    /// When, where and for whom it may be chosen.
    pub eligibility: Eligibility,
}

impl Variant {
    /// One that anybody may be shown.
    pub fn of(id: &str) -> Variant {
        Variant {
            id: id.to_owned(),
            segment: None,
            tags: Vec::new(),
            weight: 0.0,
            offer: None,
            value: 0.0,
            least_tier: None,
            prior: Prior::default(),
            eligibility: Eligibility::default(),
        }
    }

    /// The same with these texts, whose placeholders need a value.
    #[must_use]
    pub fn with_texts(self, texts: Vec<LocalizedText>) -> Variant {
        Variant { eligibility: Eligibility { texts, ..self.eligibility }, ..self }
    }

    /// Whether it may be chosen for this visitor, on this page.
    ///
    /// # Errors
    ///
    /// With the first reason why not.
    pub fn check(&self, evidence: Evidence<'_>) -> Result<(), Ineligible> {
        self.eligibility.check(evidence.situation)?;
        if let Some(least) = self.least_tier.filter(|least| Tier::of(evidence.situation.attributes) < *least) {
            return Err(Ineligible::BelowTier(least));
        }
        let offered = |(offer, _): &&(String, String)| Some(offer) == self.offer.as_ref();
        let elsewhere = evidence.elsewhere.offers.iter().find(offered);
        elsewhere.map_or(Ok(()), |(_, slot)| Err(Ineligible::OfferedElsewhere(slot.clone())))
    }

    /// Reads it, in the config at `root`.
    pub fn read(at: &Reader<'_>, root: &Value) -> Option<Variant> {
        let own = ["id", "segment", "tags", "weight", "offer", "value", "limit", "prior", "content"];
        let keys = at.keys(&[&own[..], &eligibility::KEYS].concat());
        let eligibility = Eligibility::read(at);
        let id = at.field("id").id();
        let segment = at.field("segment").optional(|at| read_reference(at, root));
        let tags = at.field("tags").or(Vec::new(), |at| read_tags(at, root));
        let weight = at.number_or("weight", 0.0, 0.0..=1.0);
        let offer = at.field("offer").optional(Reader::id);
        let value = at.number_or("value", 0.0, 0.0..=1_000_000.0);
        let least_tier = read_least_tier(at);
        let prior = at.field("prior").or(Prior::default(), Prior::read);
        keys?;
        Some(Variant {
            id: id?.to_owned(),
            segment: segment?,
            tags: tags?,
            weight: weight?,
            offer: offer?.map(str::to_owned),
            value: value?,
            least_tier: least_tier?,
            prior: prior?,
            eligibility: eligibility?,
        })
    }
}

/// Reads the tier in `limit: {tier}` of the object at `at`.
pub fn read_least_tier(at: &Reader<'_>) -> Option<Option<Tier>> {
    at.field("limit").optional(|at| {
        let keys = at.keys(&["tier"]);
        let tier = Tier::read(&at.field("tier"));
        keys.and(tier)
    })
}

/// Reads tags, `{"category": "boots"}`, of the dimensions in the config at `root`.
pub fn read_tags(at: &Reader<'_>, root: &Value) -> Option<Vec<Tag>> {
    let (mut tags, mut sound) = (Vec::new(), true);
    for (dimension, value) in at.object()?.iter() {
        let below = at.field(dimension);
        if !is_dimension(root, dimension) {
            below.unknown_key(&["interests.dimensions"]);
            sound = false;
            continue;
        }
        let keys = match value {
            Value::List(_) => below.list(0..=20, |at| at.text_within(1..=120).map(str::to_owned)),
            _ => below.text_within(1..=120).map(|key| vec![key.to_owned()]),
        };
        sound &= keys.is_some();
        tags.extend(keys.into_iter().flatten().map(|key| Tag { dimension: dimension.to_owned(), key }));
    }
    sound.then_some(tags)
}
