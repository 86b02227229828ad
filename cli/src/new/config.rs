//! The config that the answers make.

use serde_json::{Map, Value, json};

use super::answers::{Answers, Campaign, Kind, Place};
use super::campaigns::Parts;

/// What the experiment is called.
const EXPERIMENT: &str = "button-test";

/// The whole of the config, with notes in keys that begin with `x-`.
pub fn written(answers: &Answers) -> Value {
    let Parts { segments, variants, prompts } = Parts::of(answers);
    let about = format!(
        "A first config for {}, by `tailorbird new`. Keys that begin with x- are notes: remove them as you like.",
        answers.kind.name()
    );
    let mut config = Map::new();
    let mut put = |key: &str, value: Value| config.insert(key.to_owned(), value);
    put("$schema", json!("./tailorbird.schema.json"));
    put("version", json!(1));
    put("x-about", json!(about));
    put("site", json!({"currency": answers.currency}));
    if answers.has(Campaign::CategoryAffinity) {
        put("interests", json!({"dimensions": ["category"]}));
    }
    if !segments.is_empty() {
        put("segments", json!(segments));
    }
    let slots: Vec<Value> = answers.places().map(|place| slot(answers, place, &variants)).collect();
    if !slots.is_empty() {
        put("slots", json!(slots));
    }
    if answers.has(Campaign::Experiment) {
        let experiment = json!({"key": EXPERIMENT, "variations": ["control", "new-text"], "hashVersion": 2});
        put("experiments", json!({"experiments": [experiment]}));
        // Otherwise nobody hears of exposures, and the experiment has no result.
        put("measure", json!({"dataLayer": true}));
    }
    if !prompts.is_empty() {
        put("prompts", json!(prompts));
    }
    Value::Object(config)
}

fn slot(answers: &Answers, place: Place, variants: &[(Place, Value)]) -> Value {
    let mut slot = Map::new();
    let mut put = |key: &str, value: Value| slot.insert(key.to_owned(), value);
    put("id", json!(answers.id(place)));
    put("x-about", json!(about(place)));
    if let Some(target) = answers.target(place) {
        put("target", json!(target));
    }
    put("goal", json!(goal(answers.kind)));
    let mut choose = Vec::new();
    match place {
        Place::Hero => {
            if answers.has(Campaign::CategoryAffinity) {
                choose.push(json!({"by": "interest", "dimension": "category", "min": 0.2, "events": 3}));
            }
            if answers.has(Campaign::WelcomeBack) || answers.has(Campaign::Advert) {
                choose.push(json!({"by": "segment"}));
            }
        }
        Place::Banner => choose.push(json!({"by": "segment"})),
        Place::Button => {
            put("experiment", json!(EXPERIMENT));
            choose.push(json!({"by": "experiment"}));
        }
    }
    put("choose", json!(choose));
    let own: Vec<&Value> = variants.iter().filter(|(of, _)| *of == place).map(|(_, variant)| variant).collect();
    put("variants", json!(own));
    Value::Object(slot)
}

/// What counts as success.
fn goal(kind: Kind) -> &'static str {
    match kind {
        Kind::Shop => "purchase",
        Kind::Magazine | Kind::Software => "sign_up",
        Kind::Leads => "generate_lead",
    }
}

fn about(place: Place) -> &'static str {
    match place {
        Place::Hero => "With what a page opens. Its heading is changed, the h1 in it.",
        Place::Banner => "A line of text. It says what the server sends, until a segment applies.",
        Place::Button => "Half of the visitors see the new text, the others the page's own.",
    }
}
