//! `tailorbird attributes` from outside.

use serde_json::Value;

use crate::tailorbird;

#[test]
fn what_is_printed_is_the_page_in_docs() {
    let ran = tailorbird(&["attributes"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, include_str!("../../../docs/attributes.md"));
}

#[test]
fn with_json_it_is_one_object_with_the_same_paths() {
    let ran = tailorbird(&["attributes", "--json"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1));
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let page = tailorbird(&["attributes"]).out;
    let all = found["attributes"].as_array().unwrap();
    for attribute in all {
        let path = attribute["path"].as_str().unwrap();
        assert!(page.contains(&format!("| `{path}` | {}", attribute["type"].as_str().unwrap())), "{path}");
    }
    assert_eq!(page.matches("\n| `").count(), all.len());
}
