//! Segments: which groups a visitor is in, by named conditions over the attributes.

use super::attributes::{AttributeDependencies, AttributeGroup, AttributeGroups};
use crate::condition::{Condition, Scope};
use crate::reader::Reader;
use crate::value::{NULL, Object, Value};

/// A named group of visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its id in the config.
    pub id: String,
    /// Who is in it.
    pub when: Condition,
    /// The groups of attributes that its condition reads.
    pub reads: AttributeGroups,
    /// Which segment wins where several match: the one with the highest priority, -1000 to 1000.
    pub priority: i32,
    /// What a visitor in it is worth; decides between equal priorities.
    pub value: f64,
}

impl Segment {
    /// Reads `segments` of the config; those with a problem are left out.
    pub fn read_all(at: &Reader<'_>) -> Vec<Segment> {
        at.list_with_ids(200, Segment::read)
    }

    fn read(at: &Reader<'_>) -> Option<Segment> {
        let keys = at.keys(&["id", "when", "priority", "value"]);
        let when = at.field("when");
        let mut dependencies = AttributeDependencies::default();
        dependencies.add(when.value().unwrap_or(&NULL));
        let id = at.field("id").id();
        let condition = Condition::read(&when);
        let priority = at.integer_or("priority", 0, -1_000..=1_000);
        let value = at.number_or("value", 0.0, 0.0..=1e9);
        keys?;
        Some(Segment {
            id: id?.to_owned(),
            when: condition?,
            // The condition of a saved group may read anything.
            reads: if dependencies.saved_groups { AttributeGroups::ALL } else { dependencies.groups },
            priority: priority?,
            value: value?,
        })
    }
}

/// Reads a reference to a segment: the id of one that is written, whether or not that one has problems.
pub fn read_reference(at: &Reader<'_>, root: &Value) -> Option<String> {
    // Where segments are no list at all, that problem has been noted already.
    let segments = root.get("segments").map_or(Some(&[][..]), Value::as_list);
    let is_written =
        |id: &str| segments.is_none_or(|all| all.iter().any(|segment| segment.at("id").as_text() == Some(id)));
    at.text("the id of a segment", is_written).map(str::to_owned)
}

/// The segments that match a visitor.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SegmentMatches {
    /// For each segment, in the order of the config, whether the visitor is in it.
    pub matched: Vec<bool>,
    /// The indexes of those the visitor is in, the winning one first: by priority, then value, then order in the
    /// config.
    pub ranked: Vec<usize>,
}

impl SegmentMatches {
    /// Evaluates all segments the next time.
    pub fn invalidate(&mut self) {
        self.matched.clear();
    }

    /// Evaluates the segments that read one of the `changed` groups of attributes, and all of them the first time;
    /// updates `segment.*` of the attributes. Answers whether the visitor is in other segments than before.
    ///
    /// A segment's condition sees the segments before it. Whoever is `forced` into a segment or out of it is so, whatever its
    /// condition says.
    pub fn update(
        &mut self,
        segments: &[Segment],
        forced: &[(String, bool)],
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
            if !first && !segment.reads.intersects(changed) {
                continue;
            }
            let forced = forced.iter().find(|(id, _)| *id == segment.id).map(|(_, is_in)| *is_in);
            let holds = forced.unwrap_or_else(|| segment.when.holds(attributes, scope));
            if holds == *known && !first {
                continue;
            }
            *known = holds;
            moved = true;
            changed |= AttributeGroup::Segment.into();
            if let Value::Object(tree) = attributes
                && let Some(Value::Object(below)) = tree.get_mut("segment")
            {
                below.set(&segment.id, holds);
            }
        }
        if moved {
            self.ranked = rank(segments, &self.matched);
        }
        moved
    }
}

fn rank(segments: &[Segment], matched: &[bool]) -> Vec<usize> {
    let mut ranked: Vec<(usize, &Segment)> = Vec::new();
    let matching = segments.iter().enumerate().zip(matched).filter(|(_, matched)| **matched);
    for ((index, segment), _) in matching {
        let place = ranked.partition_point(|(_, known)| {
            let by_priority = known.priority.cmp(&segment.priority);
            by_priority.then(known.value.total_cmp(&segment.value)).is_ge()
        });
        ranked.insert(place, (index, segment));
    }
    ranked.into_iter().map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Native;

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
        assert!(matches.update(&segments, &[], &mut attributes, AttributeGroups::NONE, Scope::of(&Native, &[])));
        let ids: Vec<&str> = matches.ranked.iter().map(|index| segments[*index].id.as_str()).collect();
        assert_eq!(ids, ["d", "b", "a", "e"]);
        assert_eq!(attributes.get("segment").unwrap().get("c"), Some(&Value::Bool(false)));
    }

    #[test]
    fn who_is_forced_into_a_segment_is_in_it_for_the_segments_after_it_too() {
        let written: Value = serde_json::from_str(
            r#"[{"id": "a", "when": {"x": 1}}, {"id": "b", "when": {}}, {"id": "c", "when": {"segment.a": true}}]"#,
        )
        .unwrap();
        let segments = crate::reader::read(&written, Segment::read_all).unwrap();
        let forced = &[("a".to_owned(), true), ("b".to_owned(), false)];
        let mut matches = SegmentMatches::default();
        let mut attributes = Value::Object(Object::new());
        matches.update(&segments, forced, &mut attributes, AttributeGroups::NONE, Scope::of(&Native, &[]));
        assert_eq!(matches.matched, [true, false, true]);
    }

    #[test]
    fn only_segments_that_read_a_change_are_evaluated_again() {
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
        let (scope, forced) = (Scope::of(&Native, &[]), &[]);
        let mut matches = SegmentMatches::default();
        let mut attributes = tree(9.0, "/");
        matches.update(&segments, forced, &mut attributes, AttributeGroups::NONE, scope);
        assert_eq!(matches.matched, [true, true, true]);
        // Both groups have changed; only segments that read the one named as changed are evaluated.
        let segment = attributes.at("segment").clone();
        let mut later = tree(0.0, "/other");
        if let Value::Object(tree) = &mut later {
            tree.set("segment", segment);
        }
        assert!(matches.update(&segments, forced, &mut later, AttributeGroup::Cart.into(), scope));
        assert_eq!(matches.matched, [false, true, false], "and the segment that reads the one that changed");
        assert!(!matches.update(&segments, forced, &mut later, AttributeGroup::Time.into(), scope));
    }

    #[test]
    fn a_forced_segment_asks_no_condition_and_those_after_it_see_it() {
        let written: Value = serde_json::from_str(
            r#"[{"id": "vip", "when": {"plan": "pro"}}, {"id": "all", "when": {}},
                {"id": "both", "when": {"segment.vip": true, "segment.all": false}}]"#,
        )
        .unwrap();
        let segments = crate::reader::read(&written, Segment::read_all).unwrap();
        let forced = [("vip".to_owned(), true), ("all".to_owned(), false)];
        let mut attributes = Value::Object(Object::new());
        let mut matches = SegmentMatches::default();
        matches.update(&segments, &forced, &mut attributes, AttributeGroups::NONE, Scope::of(&Native, &[]));
        assert_eq!(matches.matched, [true, false, true]);
    }
}
