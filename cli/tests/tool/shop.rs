//! The demo shop's model of its visits.

use std::fs;

use crate::{file, tailorbird};

const SESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/shop/sessions.csv");
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/shop/shop.tbm");

#[test]
fn the_shops_model_is_what_training_makes_of_its_sessions() {
    let out = file("shop.tbm", "");
    let ran = tailorbird(&["train", "--sessions", SESSIONS, "--out", &out]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let is_current = fs::read(&out).unwrap() == fs::read(MODEL).unwrap();
    assert!(is_current, "tailorbird train --sessions www/shop/sessions.csv --out www/shop/shop.tbm");
}
