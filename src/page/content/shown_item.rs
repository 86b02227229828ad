//! An item as a page shows it.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::value::{Object, Value};

/// A recommended item: what the catalogue says of it, and why it is there.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownItem {
    /// Its `item_id`.
    pub id: String,
    /// Its fields in the catalogue, shared with it; `None` where the catalogue does not have it.
    pub fields: Option<Arc<Value>>,
    /// The `item_id` of the item it is recommended for, where it is for one.
    pub because: Option<String>,
    /// What that item is called.
    pub because_name: Option<String>,
}

/// What is said of an item beside its fields, in place of a field of that name.
const ADDED: [&str; 3] = ["item_id", "because", "because_name"];

impl ShownItem {
    /// The item as one object.
    pub fn to_object(&self) -> Object {
        self.fields()
            .cloned()
            .unwrap_or_default()
            .with("item_id", self.id.as_str())
            .with("because", self.because.clone())
            .with("because_name", self.because_name.clone())
    }

    fn fields(&self) -> Option<&Object> {
        self.fields.as_ref().and_then(|fields| fields.as_object())
    }
}

/// As [`to_object`](ShownItem::to_object), without the copy.
impl Serialize for ShownItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.fields().into_iter().flat_map(Object::serialized) {
            if !ADDED.contains(&key) {
                map.serialize_entry(key, value)?;
            }
        }
        map.serialize_entry("item_id", &self.id)?;
        map.serialize_entry("because", &self.because)?;
        map.serialize_entry("because_name", &self.because_name)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_an_item_is_there_stands_in_place_of_fields_of_that_name() {
        let fields = serde_json::json!({"item_name": "Fell", "because": "x", "__proto__": {"a": 1}, "price": 129.0});
        let shown = ShownItem {
            id: "b-7".to_owned(),
            fields: Some(Arc::new(serde_json::from_value(fields).unwrap())),
            because: None,
            because_name: Some("Lyra".to_owned()),
        };
        let expected = serde_json::json!({
            "item_name": "Fell", "price": 129.0, "item_id": "b-7", "because": null, "because_name": "Lyra",
        });
        assert_eq!(serde_json::to_value(&shown).unwrap(), expected);
        assert_eq!(serde_json::to_value(shown.to_object()).unwrap(), expected);
        let unknown = ShownItem { fields: None, ..shown };
        assert_eq!(unknown.to_object().len(), 3);
    }
}
