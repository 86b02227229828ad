//! Which groups a visitor is in: named conditions over the attributes.

use super::attributes::{AttributeDependencies, AttributeGroups, GROUPED, SEGMENTS};
use crate::condition::{Condition, Scope};
use crate::reader::Reader;
use crate::value::{NULL, Object, Value};

/// A named group of visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its name in the config.
    pub id: String,
    /// Who is in it.
    pub when: Condition,
    /// What its condition reads.
    pub reads: AttributeGroups,
    /// Which segment wins where several apply: the highest, -1000 to 1000.
    pub priority: i32,
    /// What a visitor in it is worth; settles ties of priority.
    pub value: f64,
}

impl Segment {
    /// Reads `segments` of the config.
    pub fn read_all(at: &Reader<'_>) -> Vec<Segment> {
        at.list_with_ids(200, Segment::read)
    }

    fn read(at: &Reader<'_>) -> Segment {
        at.object("id when priority value");
        let mut asked = AttributeDependencies::default();
        asked.add(at.field("when").value().unwrap_or(&NULL));
        Segment {
            id: at.field("id").id(),
            when: Condition::read(&at.field("when")),
            reads: asked.parts,
            priority: at.integer_or("priority", 0, -1_000, 1_000),
            value: at.number_or("value", 0.0, 0.0, 1e9),
        }
    }
}

/// The place of the segment that is named here.
pub fn read_place(at: &Reader<'_>, root: &Value) -> Option<usize> {
    // Where segments are no list at all, that problem has been named already.
    let segments = root.get("segments").map_or(Some(&[][..]), Value::as_list);
    let place = |id: &str| segments?.iter().position(|segment| segment.get("id").and_then(Value::as_text) == Some(id));
    let id = at.text("the id of a segment", &|id| segments.is_none() || place(id).is_some());
    place(&id)
}

/// Which segments a visitor is in, as far as it has been looked at.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SegmentMatches {
    /// Of each segment, in the order of the config, whether the visitor is in it.
    pub matched: Vec<bool>,
    /// The places of those the visitor is in, the one that wins first: by priority, then value, then
    /// order in the config.
    pub ranked: Vec<usize>,
}

impl SegmentMatches {
    /// Looks again at the segments that read one of the `changed` parts of the attributes, and at all
    /// of them the first time; brings `segment.*` of the attributes up to date. Whether the visitor is
    /// in others than before.
    ///
    /// A segment's condition sees the segments that stand before it.
    pub fn update(
        &mut self,
        segments: &[Segment],
        attributes: &mut Value,
        changed: AttributeGroups,
        scope: Scope<'_>,
    ) -> bool {
        let first = self.matched.len() != segments.len();
        let mut changed = changed;
        if first {
            self.matched = segments.iter().map(|_| false).collect();
            if let Value::Object(tree) = attributes {
                tree.set("segment", Object::new());
            }
        }
        let mut moved = first;
        for (segment, known) in segments.iter().zip(&mut self.matched) {
            if segment.reads & (changed | GROUPED) == 0 && !first {
                continue;
            }
            let holds = segment.when.holds(attributes, scope);
            if holds == *known && !first {
                continue;
            }
            *known = holds;
            moved = true;
            changed |= SEGMENTS;
            if let Value::Object(tree) = attributes
                && let Some(Value::Object(below)) = tree.get_mut("segment")
            {
                below.set(&segment.id, holds);
            }
        }
        if moved {
            self.ranked = order(segments, &self.matched);
        }
        moved
    }
}

fn order(segments: &[Segment], holds: &[bool]) -> Vec<usize> {
    let mut inside: Vec<usize> = Vec::new();
    for (index, (segment, _)) in segments.iter().zip(holds).enumerate().filter(|(_, (_, holds))| **holds) {
        let beaten = |other: &usize| {
            segments.get(*other).is_some_and(|other| {
                (segment.priority, segment.value).partial_cmp(&(other.priority, other.value))
                    == Some(core::cmp::Ordering::Greater)
            })
        };
        let place = inside.iter().position(beaten).unwrap_or(inside.len());
        let after = inside.get(place..).unwrap_or_default().to_vec();
        inside.truncate(place);
        inside.push(index);
        inside.extend(after);
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;
    use crate::profile::attributes::parts;

    #[test]
    fn priority_then_value_then_order_decide_who_wins() {
        let written: Value = serde_json::from_str(
            r#"[{"id": "a", "when": {}}, {"id": "b", "when": {}, "value": 5}, {"id": "c", "when": {"x": 1}},
                {"id": "d", "when": {"segment.a": true}, "priority": 9}, {"id": "e", "when": {}}]"#,
        )
        .unwrap();
        let segments = crate::reader::read(&written, Segment::read_all).unwrap();
        let mut attributes = Value::Object(Object::new());
        let mut matches = SegmentMatches::default();
        assert!(matches.update(&segments, &mut attributes, 0, Scope::of(&Native, &[])));
        let ids: Vec<&str> = matches.ranked.iter().map(|index| segments[*index].id.as_str()).collect();
        assert_eq!(ids, ["d", "b", "a", "e"]);
        assert_eq!(attributes.get("segment").unwrap().get("c"), Some(&Value::Bool(false)));
    }

    #[test]
    fn only_what_reads_a_change_is_looked_at_again() {
        let written: Value = serde_json::from_str(
            r#"[{"id": "cart", "when": {"cart.value": {"$gt": 5}}}, {"id": "page", "when": {"page.path": "/"}},
                {"id": "both", "when": {"segment.cart": true, "segment.page": true}}]"#,
        )
        .unwrap();
        let segments = crate::reader::read(&written, Segment::read_all).unwrap();
        let tree = |cart: f64, path: &str| -> Value {
            let cart = Object::new().with("value", cart);
            Object::new().with("cart", cart).with("page", Object::new().with("path", path)).into()
        };
        let scope = Scope::of(&Native, &[]);
        let mut matches = SegmentMatches::default();
        let mut attributes = tree(9.0, "/");
        matches.update(&segments, &mut attributes, 0, scope);
        assert_eq!(matches.matched, [true, true, true]);
        // The tree says something else; only the part that is said to have changed is looked at.
        let segment = attributes.at("segment").clone();
        let mut later = tree(0.0, "/other");
        if let Value::Object(tree) = &mut later {
            tree.set("segment", segment);
        }
        assert!(matches.update(&segments, &mut later, parts(&["cart"]), scope));
        assert_eq!(matches.matched, [false, true, false], "and what reads the segment that changed");
        assert!(!matches.update(&segments, &mut later, parts(&["time"]), scope));
    }
}
