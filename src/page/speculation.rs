//! Pages that the browser may load ahead: how many the site allows, and what the site model is asked for them.

use crate::reader::Reader;
use crate::value::Object;

/// The most characters of a page's path; a longer one is no page that a model knows.
pub const PATH: usize = 200;

/// The section `speculation` of the config, where it allows anything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeculationRules {
    /// The most pages that are fetched ahead, 0 to 2.
    pub prefetch: u32,
    /// The most pages that are rendered ahead, 0 to 1.
    pub prerender: u32,
    /// The least probability with which a page comes next, 0 to 1.
    pub min: f64,
}

/// What the page is to load ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeculationRequest {
    /// The paths of the pages that were viewed in this session, from 1 to 5, the current one last.
    pub history: Vec<String>,
    /// The item that the page is about, if it has said so.
    pub item: Option<String>,
    /// Within which limits.
    pub rules: SpeculationRules,
}

impl SpeculationRules {
    /// Reads the section from the root of the config; `None` where it allows nothing, has a problem that leaves nothing,
    /// or where there is no model.
    pub fn read(root: &Reader<'_>) -> Option<SpeculationRules> {
        let at = root.section("speculation", &["prefetch", "prerender", "min"]);
        let count = |key: &str, most: i32| {
            let count = at.field(key).or_default(0, |at| at.integer(0..=most));
            u32::try_from(count).unwrap_or(0)
        };
        let (prefetch, prerender) = (count("prefetch", 2), count("prerender", 1));
        let min = at.number_or("min", 0.15, 0.0..=1.0);
        let model = root.field("model");
        if !at.is_missing() && model.is_missing() {
            model.expected("the address of a site model, which tells speculation what comes next");
        }
        let allows_something = prefetch + prerender > 0 && model.value().is_some();
        Some(SpeculationRules { prefetch, prerender, min: min? }).filter(|_| allows_something)
    }
}

impl SpeculationRequest {
    /// The request as `www/recommend` takes it.
    pub fn to_object(&self) -> Object {
        Object::new()
            .with("history", self.history.clone())
            .with("item", self.item.clone())
            .with("prefetch", self.rules.prefetch)
            .with("prerender", self.rules.prerender)
            .with("min", self.rules.min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(written: &str) -> (Option<SpeculationRules>, Vec<String>) {
        let problems = core::cell::RefCell::default();
        let written = serde_json::from_str(written).unwrap();
        let rules = SpeculationRules::read(&Reader::root(&written, &problems));
        (rules, problems.into_inner().lines())
    }

    #[test]
    fn nothing_is_loaded_ahead_unless_the_site_says_how_many_pages() {
        for (section, why) in [
            ("", "nothing is written"),
            (r#", "speculation": {}"#, "an empty section"),
            (r#", "speculation": {"min": 0.1}"#, "no number of pages"),
            (r#", "speculation": {"prefetch": 0, "prerender": 0}"#, "none"),
        ] {
            let (rules, problems) = rules(&format!(r#"{{"model": "/m.tbm"{section}}}"#));
            assert_eq!((rules, problems), (None, vec![]), "{why}");
        }
        let (rules, _) = rules(r#"{"model": "/m.tbm", "speculation": {"prefetch": 2}}"#);
        assert_eq!(rules, Some(SpeculationRules { prefetch: 2, prerender: 0, min: 0.15 }));
    }

    #[test]
    fn a_number_with_a_problem_takes_its_default_and_a_probability_with_one_loads_nothing() {
        let (found, problems) = rules(r#"{"model": "/m.tbm", "speculation": {"prefetch": 3, "prerender": 1}}"#);
        assert_eq!(found, Some(SpeculationRules { prefetch: 0, prerender: 1, min: 0.15 }));
        assert_eq!(problems.len(), 1);
        let (found, problems) = rules(r#"{"model": "/m.tbm", "speculation": {"prefetch": 1, "min": "high"}}"#);
        assert_eq!((found, problems.len()), (None, 1), "a lower one than was meant would load more");
    }

    #[test]
    fn without_a_model_nothing_is_loaded_ahead_and_the_site_is_told() {
        let (found, problems) = rules(r#"{"speculation": {"prefetch": 1}}"#);
        let expected =
            "model is missing, expected the address of a site model, which tells speculation what comes next";
        assert_eq!((found, problems), (None, vec![expected.to_owned()]));
        assert_eq!(rules("{}"), (None, vec![]), "and nothing is said where nothing is asked for");
    }
}
