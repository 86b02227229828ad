//! The groups of attributes, and sets of them.

use core::ops::{BitAnd, BitOr, BitOrAssign};

/// A group of attributes: the first step of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeGroup {
    /// The visitor's whole history.
    Visitor,
    /// The current session.
    Session,
    /// The page that is viewed.
    Page,
    /// What the page is viewed on.
    Device,
    /// The campaign that led to the page.
    Campaign,
    /// The current time, on the visitor's clock.
    Time,
    /// The basket.
    Cart,
    /// What the visitor is interested in.
    Interest,
    /// How interests change.
    Trend,
    /// Counts of events in time windows.
    Count,
    /// Where the visitor probably is.
    Geo,
    /// What the visitor is worth.
    Value,
    /// What this visit is for.
    Intent,
    /// What the visitor has answered.
    Answer,
    /// The segments the visitor is in; see [`segment`](crate::profile::segment).
    Segment,
    /// Everything else: the site's own attributes.
    Site,
}

impl AttributeGroup {
    /// The groups that the engine fills from the profile and the page.
    pub const FILLED: [AttributeGroup; 14] = [
        AttributeGroup::Visitor,
        AttributeGroup::Session,
        AttributeGroup::Page,
        AttributeGroup::Device,
        AttributeGroup::Campaign,
        AttributeGroup::Time,
        AttributeGroup::Cart,
        AttributeGroup::Interest,
        AttributeGroup::Trend,
        AttributeGroup::Count,
        AttributeGroup::Geo,
        AttributeGroup::Value,
        AttributeGroup::Intent,
        AttributeGroup::Answer,
    ];

    /// The first step of the group's paths; empty for the site's own attributes, which have any.
    pub const fn name(self) -> &'static str {
        match self {
            AttributeGroup::Visitor => "visitor",
            AttributeGroup::Session => "session",
            AttributeGroup::Page => "page",
            AttributeGroup::Device => "device",
            AttributeGroup::Campaign => "campaign",
            AttributeGroup::Time => "time",
            AttributeGroup::Cart => "cart",
            AttributeGroup::Interest => "interest",
            AttributeGroup::Trend => "trend",
            AttributeGroup::Count => "count",
            AttributeGroup::Geo => "geo",
            AttributeGroup::Value => "value",
            AttributeGroup::Intent => "intent",
            AttributeGroup::Answer => "answer",
            AttributeGroup::Segment => "segment",
            AttributeGroup::Site => "",
        }
    }

    /// The group that a path leads into.
    pub fn of_path(path: &str) -> AttributeGroup {
        let first = path.split('.').next().unwrap_or("");
        let mut groups = AttributeGroup::FILLED.into_iter().chain([AttributeGroup::Segment]);
        groups.find(|group| group.name() == first).unwrap_or(AttributeGroup::Site)
    }
}

/// A set of groups of attributes.
///
/// ```
/// # use tailorbird::profile::attributes::{AttributeGroup, AttributeGroups};
/// let groups = AttributeGroups::of(&[AttributeGroup::Cart, AttributeGroup::Time]);
/// assert!(groups.contains(AttributeGroup::Cart));
/// assert!((groups & AttributeGroup::Page.into()).is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct AttributeGroups(u16);

impl AttributeGroups {
    /// No group.
    pub const NONE: AttributeGroups = AttributeGroups(0);
    /// The groups that the engine fills from the profile and the page.
    pub const FILLED: AttributeGroups = AttributeGroups::of(&AttributeGroup::FILLED);
    /// Every group.
    pub const ALL: AttributeGroups =
        AttributeGroups::FILLED.union(AttributeGroups::of(&[AttributeGroup::Segment, AttributeGroup::Site]));

    /// The set of these groups.
    pub const fn of(groups: &[AttributeGroup]) -> AttributeGroups {
        let (mut set, mut rest) = (0, groups);
        while let [group, after @ ..] = rest {
            set |= 1 << *group as u16;
            rest = after;
        }
        AttributeGroups(set)
    }

    /// The groups of both sets.
    pub const fn union(self, other: AttributeGroups) -> AttributeGroups {
        AttributeGroups(self.0 | other.0)
    }

    /// Whether a group is in the set.
    pub const fn contains(self, group: AttributeGroup) -> bool {
        self.intersects(AttributeGroups::of(&[group]))
    }

    /// Whether both sets have a group in common.
    pub const fn intersects(self, other: AttributeGroups) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no group is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<AttributeGroup> for AttributeGroups {
    fn from(group: AttributeGroup) -> AttributeGroups {
        AttributeGroups::of(&[group])
    }
}

impl BitOr for AttributeGroups {
    type Output = AttributeGroups;

    fn bitor(self, other: AttributeGroups) -> AttributeGroups {
        self.union(other)
    }
}

impl BitOrAssign for AttributeGroups {
    fn bitor_assign(&mut self, other: AttributeGroups) {
        *self = self.union(other);
    }
}

impl BitAnd for AttributeGroups {
    type Output = AttributeGroups;

    fn bitand(self, other: AttributeGroups) -> AttributeGroups {
        AttributeGroups(self.0 & other.0)
    }
}
