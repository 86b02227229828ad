//! What one config makes the engine keep, read and request.

use std::collections::BTreeSet;

use tailorbird::config::{Config, Redirects};
use tailorbird::decision::payload::{Payload, Rule};
use tailorbird::decision::prompt::{Prompt, PromptRules};
use tailorbird::decision::selection::Selection;
use tailorbird::measurement::report_rule::ReportRule;
use tailorbird::page::prompt_content::PromptContent;
use tailorbird::page::prompt_content::ask::Ask;
use tailorbird::page::speculation::SpeculationRules;
use tailorbird::profile::area::Area;
use tailorbird::profile::attributes::{AttributeGroup, AttributeGroups};
use tailorbird::profile::bandit::learner::Learner;
use tailorbird::profile::rules::Rules;
use tailorbird::profile::sensitive::Sensitive;
use tailorbird::signal::capture::CaptureRules;
use tailorbird::time::MINUTE;
use tailorbird::value::Value;

/// What one config uses of what the engine can do, as far as it matters to a visitor's privacy.
pub struct Uses<'a> {
    /// How long a visitor may be inactive before a new session begins, in minutes.
    pub session_minutes: i64,
    /// Retention of counts of events, in days.
    pub event_days: i32,
    /// Retention of the profile, in days.
    pub profile_days: i32,
    /// The dimensions of interests.
    pub dimensions: &'a [String],
    /// The events that say something about an interest.
    pub weighted: Vec<&'a str>,
    /// The windowed counts of conditions, by their paths.
    pub windows: BTreeSet<String>,
    pub learners: &'a [Learner],
    pub recommends: bool,
    pub sensitive: &'a Sensitive,
    pub is_child_directed: bool,
    pub ignores_do_not_track: bool,
    /// The site's own names of a consent tool's categories, by purpose.
    pub categories: Vec<(&'static str, &'a str)>,
    pub segments: Vec<&'a str>,
    pub areas: &'a [Area],
    pub slots: Vec<&'a str>,
    /// Whether something is withheld from some visitors for comparison.
    pub has_holdout: bool,
    pub prompts: &'a [Prompt],
    pub prompt_rules: &'a PromptRules,
    pub has_exit_prompt: bool,
    pub has_notification: bool,
    /// The prompts that ask for an address for mail, each with where its form is sent, if anywhere.
    pub mail_prompts: Vec<(&'a str, Option<&'a str>)>,
    /// The prompts that ask a question.
    pub questions: Vec<&'a str>,
    /// The experiments, by their keys.
    pub experiments: BTreeSet<&'a str>,
    pub redirects: Redirects,
    /// The experiments on which there are reports.
    pub reports: &'a [ReportRule],
    pub model: Option<&'a str>,
    pub speculation: Option<SpeculationRules>,
    pub capture: CaptureRules,
    pub has_partners: bool,
    /// The groups of attributes that something reads.
    pub reads: AttributeGroups,
    /// Whether exposures of experiments are pushed to the site's data layer.
    pub data_layer: bool,
    pub preview: bool,
    pub fingerprint: &'a str,
    /// The hosts of addresses that the config names in its content.
    pub hosts: BTreeSet<String>,
}

impl<'a> Uses<'a> {
    /// Of a config, and the tree that it was read from.
    ///
    /// Every field of a config is named here: one that is added does not compile until somebody has judged whether it
    /// changes what is kept, read or requested.
    pub fn of(config: &'a Config, written: &'a Value) -> Uses<'a> {
        let Config {
            rules,
            segments,
            areas,
            slots,
            prompts,
            prompt_rules,
            prompt_contents,
            payload,
            holdout,
            reports,
            model,
            speculation,
            redirects,
            capture,
            partners,
            fingerprint,
            data_layer,
            preview,
            reads,
            // Said by the parts of the profile that they are computed from: nothing is stored for them.
            value: _,
            intent: _,
            exit_rules: _,
            tracked_keys: _,
            timed: _,
            times: _,
            // Said by the learners, by the slots that have goals, and by the addresses in the file.
            goals: _,
            contents: _,
            catalog: _,
            // What the panel says in other words.
            panel_texts: _,
            // Crawlers are no visitors.
            spares_crawlers: _,
            problems: _,
            left_out: _,
        } = config;
        let Rules {
            session_ms,
            weights,
            dimensions,
            rolling,
            learners,
            event_days,
            profile_days,
            recommends,
            sensitive,
            is_child_directed,
            ignores_do_not_track,
            // Said by `speculation`.
            remembers_pages: _,
            // How weights are computed, and in which currency: not what is kept.
            currency: _,
            half_lives_ms: _,
            prior: _,
            base: _,
            price_bands: _,
        } = rules;
        let contents = prompts.iter().flat_map(|prompt| {
            let contents = prompt.selection.variants.iter();
            let contents = contents.filter_map(|variant| prompt_contents.of(&prompt.id, &variant.id));
            contents.map(|content| (prompt.id.as_str(), content))
        });
        let asks: Vec<(&str, &Ask<_>)> = contents.map(|(id, PromptContent { ask, .. })| (id, ask)).collect();
        let holds_back = |selection: &Selection| selection.holdout > 0.0;
        Uses {
            session_minutes: session_ms / MINUTE,
            event_days: *event_days,
            profile_days: *profile_days,
            dimensions,
            weighted: weights.iter().map(|weight| weight.event.as_str()).collect(),
            windows: rolling.iter().map(|count| count.path()).collect(),
            learners,
            recommends: *recommends,
            sensitive,
            is_child_directed: *is_child_directed,
            ignores_do_not_track: *ignores_do_not_track,
            categories: categories(written),
            segments: segments.iter().map(|segment| segment.id.as_str()).collect(),
            areas,
            slots: slots.iter().map(|slot| slot.id.as_str()).collect(),
            has_holdout: *holdout > 0.0
                || slots.iter().any(|slot| holds_back(&slot.selection))
                || prompts.iter().any(|prompt| holds_back(&prompt.selection)),
            prompts,
            prompt_rules,
            has_exit_prompt: config.has_exit_prompt(),
            has_notification: config.has_notification(),
            mail_prompts: asks
                .iter()
                .filter_map(|(id, ask)| match ask {
                    Ask::Email { action, .. } => Some((*id, action.as_deref())),
                    Ask::Consent | Ask::Choices(_) | Ask::Scale { .. } => None,
                })
                .collect(),
            questions: asks
                .iter()
                .filter(|(_, ask)| matches!(ask, Ask::Choices(_) | Ask::Scale { .. }))
                .map(|(id, _)| *id)
                .collect(),
            experiments: experiments(payload).collect(),
            redirects: *redirects,
            reports,
            model: model.as_deref(),
            speculation: *speculation,
            capture: *capture,
            has_partners: !partners.is_empty(),
            reads: *reads,
            data_layer: *data_layer,
            preview: *preview,
            fingerprint,
            hosts: hosts(written),
        }
    }

    /// Whether something reads an attribute of this group.
    pub fn reads(&self, group: AttributeGroup) -> bool {
        self.reads.contains(group)
    }
}

/// The keys of experiments, and of the rules of features that assign variations.
fn experiments(payload: &Payload) -> impl Iterator<Item = &str> {
    let Payload { features, experiments, groups: _, bandits: _ } = payload;
    let assigns = |rule: &&Rule| !rule.variations().items().is_empty();
    let of_features = features.iter().flat_map(move |feature| {
        let key =
            |rule| if Rule::text(rule, "key").is_empty() { feature.key.as_str() } else { Rule::text(rule, "key") };
        feature.rules.iter().filter(assigns).map(key)
    });
    experiments.iter().map(|experiment| experiment.text("key")).chain(of_features)
}

/// `privacy.categories`, which what listens to consent tools reads in the page.
fn categories(written: &Value) -> Vec<(&'static str, &str)> {
    let categories = written.at("privacy").at("categories");
    let named = ["personalize", "measure"].into_iter().map(|purpose| (purpose, categories.at(purpose).text()));
    named.filter(|(_, name)| !name.is_empty()).collect()
}

/// The hosts of all addresses in the tree, but that of the schema, which nobody asks for.
fn hosts(written: &Value) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    let mut waiting = vec![written];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Text(text) => hosts.extend(hosts_of(text)),
            Value::List(items) => waiting.extend(items),
            Value::Object(object) => {
                waiting.extend(object.iter().filter(|(key, _)| *key != "$schema").map(|(_, value)| value));
            }
            _ => {}
        }
    }
    hosts
}

/// The hosts of the addresses in a text, which may be an address, or HTML that has some.
fn hosts_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split("//").skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !".-:[]".contains(letter));
        let host = rest.get(..end.unwrap_or(rest.len()))?.to_ascii_lowercase();
        host.contains('.').then_some(host)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_addresses_are_found_in_addresses_and_in_html() {
        let cases = [
            ("https://img.example/a.jpg", vec!["img.example"], "an address"),
            ("//cdn.example:8443/x", vec!["cdn.example:8443"], "one without a protocol"),
            ("<img src=\"https://a.example\"> <a href='http://B.example/'>", vec!["a.example", "b.example"], "HTML"),
            ("/boots/ // no address", vec![], "a path, and a text"),
        ];
        for (text, expected, why) in cases {
            assert_eq!(hosts_of(text).collect::<Vec<_>>(), expected, "{why}");
        }
    }
}
