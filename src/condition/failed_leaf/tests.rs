use super::*;
use crate::condition::SavedGroup;
use crate::host::Native;
use proptest::prelude::*;

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// The groups of the tests.
fn groups() -> Vec<SavedGroup> {
    let written = parse(
        r#"{"staff": {"type": "list", "attributeKey": "id", "values": ["u-1"]},
            "phones": {"type": "condition", "condition": {"device.class": "phone"}},
            "snake": {"type": "condition", "condition": {"$savedGroup": {"id": "snake"}}}}"#,
    );
    SavedGroup::read_all(written.as_object().unwrap())
}

fn leaf_of(condition: &Value, attributes: &Value) -> Option<FailedLeaf> {
    failed_leaf(&Condition::of(condition), attributes, Scope::of(&Native, &groups()))
}

fn text(leaf: &FailedLeaf) -> String {
    let json = |value: &Value| serde_json::to_string(value).unwrap();
    let not = if leaf.negated { "not " } else { "" };
    let FailedLeaf { attribute, operator, expected, actual, .. } = leaf;
    format!("{not}{attribute} {} {}, is {}", operator.unwrap_or("equals"), json(expected), json(actual))
}

#[test]
fn the_first_comparison_that_made_it_false_is_named() {
    let attributes = r#"{"session": {"views": 1}, "device": {"class": "desktop"}, "plan": "pro",
        "items": [null, {"brand": "Fell", "price": 20}, {"brand": "Alp", "price": 90}], "tags": ["a", "b"]}"#;
    let cases = [
        (
            r#"{"plan": "pro", "session.views": {"$gte": 3}, "x": 1}"#,
            "session.views $gte 3.0, is 1.0",
            "the first of two",
        ),
        (r#"{"plan": "free"}"#, r#"plan equals "free", is "pro""#, "a plain value"),
        (r#"{"missing": {"$exists": true}}"#, "missing $exists true, is null", "a missing attribute"),
        (r#"{"session.views": {"$lte": 5, "$gt": 1}}"#, "session.views $gt 1.0, is 1.0", "of two operators the one"),
        (r#"{"$or": [{"plan": "free"}, {"x": 1}]}"#, r#"plan equals "free", is "pro""#, "the first branch"),
        (r#"{"$and": [{"plan": "pro"}, {"x": 1}]}"#, "x equals 1.0, is null", "through $and"),
        (r#"{"$not": {"x": 2, "plan": "pro"}, "plan": 1}"#, r#"plan equals 1.0, is "pro""#, "what is not, is no cause"),
        (r#"{"$not": {"plan": "pro"}}"#, r#"not plan equals "pro", is "pro""#, "below $not"),
        (r#"{"$nor": [{"x": 1}, {"plan": "pro"}]}"#, r#"not plan equals "pro", is "pro""#, "the second of $nor"),
        (r#"{"plan": {"$not": {"$in": ["pro"]}}}"#, r#"not plan $in ["pro"], is "pro""#, "a test below $not"),
        (r#"{"$not": {"plan": {"$not": "free"}}}"#, r#"plan equals "free", is "pro""#, "twice is not at all"),
        (
            r#"{"items": {"$elemMatch": {"brand": "Fell", "price": {"$gt": 50}}}}"#,
            "items.1.price $gt 50.0, is 20.0",
            "the first item",
        ),
        (
            r#"{"$not": {"items": {"$elemMatch": {"price": {"$gt": 50}}}}}"#,
            "not items.2.price $gt 50.0, is 90.0",
            "the item that matches",
        ),
        (r#"{"plan": {"$elemMatch": {"brand": "Fell"}}}"#, r#"plan $elemMatch {"brand":"Fell"}, is "pro""#, "no list"),
        (r#"{"tags": {"$elemMatch": {"$eq": "c"}}}"#, r#"tags.0 $eq "c", is "a""#, "an item of values"),
        (
            r#"{"$not": {"items": {"$elemMatch": {}}}}"#,
            r#"not items $elemMatch {}, is [null,{"brand":"Fell","price":20.0},{"brand":"Alp","price":90.0}]"#,
            "any item, where none is compared",
        ),
        (r#"{"tags": {"$size": {"$gt": 2}}}"#, "tags.length $gt 2.0, is 2.0", "a size"),
        (r#"{"tags": {"$all": ["a", "c"]}}"#, r#"tags $all ["a","c"], is ["a","b"]"#, "all of a list"),
        (r#"{"$savedGroup": {"id": "staff"}}"#, r#"id $inGroup "staff", is null"#, "a saved group's list"),
        (r#"{"$savedGroup": {"id": "phones"}}"#, r#"device.class equals "phone", is "desktop""#, "its condition"),
        (r#"{"$savedGroup": {"id": "snake"}}"#, r#" $savedGroup "snake", is null"#, "a group that nobody is in"),
        (r#"{"$not": {}}"#, "not  $and [], is null", "what holds of everybody, negated"),
    ];
    for (condition, expected, why) in cases {
        let leaf = leaf_of(&parse(condition), &parse(attributes)).unwrap_or_else(|| panic!("{why}: it holds"));
        assert_eq!(text(&leaf), expected, "{why}");
    }
}

fn number() -> impl Strategy<Value = Value> {
    (0..3_i32).prop_map(|number| f64::from(number).into())
}

fn leaf_value() -> impl Strategy<Value = Value> {
    prop_oneof![number(), "[ab]".prop_map(Value::from), any::<bool>().prop_map(Value::from), Just(Value::Null)]
}

fn list() -> impl Strategy<Value = Value> {
    prop::collection::vec(leaf_value(), 0..3).prop_map(Value::from)
}

fn object(entries: Vec<(String, Value)>) -> Value {
    entries.into_iter().fold(Object::new(), |object, (key, value)| object.with(&key, value)).into()
}

/// What stands below an attribute.
fn test() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![leaf_value(), list()];
    plain.clone().prop_recursive(3, 12, 2, |inner| {
        let operator = prop_oneof![
            ("\\$(eq|ne|lt|lte|gt|gte|veq|vgt|regex|like)", leaf_value()),
            ("\\$(in|nin|ini|nini)", list()),
            ("\\$exists", any::<bool>().prop_map(Value::from)),
            ("\\$(not|size|elemMatch)", inner.clone()),
            ("\\$(all|alli)", prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from)),
        ];
        prop_oneof![
            1 => inner.clone(),
            3 => prop::collection::vec(operator, 1..3).prop_map(object),
            1 => ("[ab]", inner).prop_map(|(key, value)| object(vec![("$elemMatch".to_owned(), object(vec![(key, value)]))])),
        ]
    })
}

fn condition() -> impl Strategy<Value = Value> {
    let attribute = ("[ab]|a\\.b|a\\.length", test());
    prop::collection::vec(attribute, 0..3).prop_map(object).prop_recursive(3, 16, 3, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from);
        let group = "staff|phones|snake|nobody".prop_map(|id| Value::from(Object::new().with("id", id)));
        let entry = prop_oneof![
            ("\\$(and|or|nor)", list()),
            ("\\$not", inner.clone()),
            ("\\$savedGroup", group),
            ("[ab]", test()),
        ];
        prop::collection::vec(entry, 0..3).prop_map(object)
    })
}

fn attributes() -> impl Strategy<Value = Value> {
    let below = || ("[ab]", leaf_value()).prop_map(|(key, value)| object(vec![(key, value)]));
    let items = prop::collection::vec(prop_oneof![below(), leaf_value()], 0..3).prop_map(Value::from);
    let value = prop_oneof![leaf_value(), below(), items];
    prop::collection::vec(("[ab]|id", value), 0..3).prop_map(object)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn there_is_a_leaf_just_where_the_condition_fails_and_it_fails_by_itself(
        condition in condition(),
        attributes in attributes(),
    ) {
        let groups = groups();
        let scope = Scope::of(&Native, &groups);
        let leaf = leaf_of(&condition, &attributes);
        prop_assert_eq!(leaf.is_none(), Condition::of(&condition).holds(&attributes, scope));
        let compares = leaf.filter(|leaf| !leaf.attribute.is_empty());
        if let Some(FailedLeaf { attribute, operator, expected, actual, negated }) = compares {
            let test = operator.map_or(expected.clone(), |name| Object::new().with(name, expected).into());
            let alone = Condition::of(&Object::new().with(&attribute, test).into());
            prop_assert_eq!(alone.holds(&attributes, scope), negated, "{:?}", alone);
            let path: Vec<String> = attribute.split('.').map(str::to_owned).collect();
            assert_eq!(*at_path(&attributes, &path), actual);
        }
    }

    #[test]
    fn a_condition_that_is_written_again_reads_the_same(condition in condition()) {
        let read = Condition::of(&condition);
        // What cannot be read is written by one name.
        prop_assume!(!format!("{read:?}").contains("Never"));
        prop_assert_eq!(Condition::of(&read.written()), read);
    }
}
