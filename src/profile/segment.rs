//! Which groups a visitor is in: named conditions over the attributes.

use crate::condition::{Condition, Scope};
use crate::reader::Reader;
use crate::value::{Object, Value};

/// A named group of visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its name in the config.
    pub id: String,
    /// Who is in it.
    pub when: Condition,
    /// Which segment wins where several apply: the highest, -1000 to 1000.
    pub priority: i32,
    /// What a visitor in it is worth; settles ties of priority.
    pub value: f64,
}

impl Segment {
    /// Reads `segments` of the config.
    pub fn read_all(at: &Reader<'_>) -> Vec<Segment> {
        let segments = at.list_or_none(200, Segment::read);
        at.distinct("id", "an id that is not taken");
        segments
    }

    fn read(at: &Reader<'_>) -> Segment {
        at.object(&["id", "when", "priority", "value"]);
        let priority = at.field("priority");
        Segment {
            id: at.field("id").id(),
            when: Condition::read(&at.field("when")),
            priority: priority.or(0, |at| at.whole(-1_000, 1_000)),
            value: at.field("value").or(0.0, |at| at.number(0.0, 1e9)),
        }
    }
}

/// Adds `segment` to the attributes, `{"hikers": true}`, and returns the places of the segments
/// the visitor is in, the one that wins first: by priority, then value, then order in the config.
///
/// A segment's condition sees the segments that stand before it.
pub fn classify(segments: &[Segment], attributes: &mut Value, scope: Scope<'_>) -> Vec<usize> {
    let mut inside: Vec<usize> = Vec::new();
    if let Value::Object(tree) = attributes {
        tree.set("segment", Object::new());
    }
    for (index, segment) in segments.iter().enumerate() {
        let holds = segment.when.holds(attributes, scope);
        if let Value::Object(tree) = attributes
            && let Some(Value::Object(known)) = tree.get_mut("segment")
        {
            known.set(&segment.id, holds);
        }
        if holds {
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
    }
    inside
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
        let inside = classify(&segments, &mut attributes, Scope::of(&Native, &[]));
        let ids: Vec<&str> = inside.iter().map(|index| segments[*index].id.as_str()).collect();
        assert_eq!(ids, ["d", "b", "a", "e"]);
        assert_eq!(attributes.get("segment").unwrap().get("c"), Some(&Value::Bool(false)));
    }
}
