//! Judges one case of the GrowthBook suite's format: does the engine say what is expected?
//!
//! Compiled into the native test (`tests/growthbook.rs`) and into a wasm module for Node
//! (`conformance`), so that both run the same cases the same way.

use tailorbird::condition::coercion::{js_number, js_text, truthy};
use tailorbird::condition::{Condition, SavedGroup, Scope};
use tailorbird::decision::assignment::{bucket, choose, in_namespace, query_override, ranges};
use tailorbird::decision::evaluation_context::{EvaluationContext, Overrides};
use tailorbird::decision::experiment::{Assignment, Evaluation, Experiment};
use tailorbird::decision::feature::FeatureValue;
use tailorbird::decision::payload::{Payload, Rule};
use tailorbird::decision::targeting::destination;
use tailorbird::host::Host;
use tailorbird::profile::sticky_bucket::{StickyBucket, StickyBuckets};
use tailorbird::reader::Reader;
use tailorbird::value::{NULL, Object, Value};

/// What came out, where that is not what the case expects. A section that is not known is `Err`.
pub fn judge(section: &str, case: &Value, host: &dyn Host) -> Result<Option<String>, ()> {
    let at = |index: usize| case.as_list().and_then(|case| case.get(index)).unwrap_or(&NULL);
    let text = |index: usize| at(index).as_text().unwrap_or("");
    let number = |index: usize| at(index).as_number().unwrap_or(f64::NAN);
    let count = |index: usize| number(index) as usize;
    let (found, expected) = match section {
        "evalCondition" => {
            let groups = at(4).as_object().map(SavedGroup::read_all).unwrap_or_default();
            let holds = Condition::of(at(1)).holds(at(2), Scope::of(host, &groups));
            (Value::Bool(holds), at(3).clone())
        }
        "hash" => (bucket(text(0), &js_text(at(1), host), number(2)).into(), at(3).clone()),
        "getBucketRange" => {
            let given = at(1).as_list().unwrap_or_default();
            let weights = given.get(2).unwrap_or(&NULL).items();
            let weights: Vec<f64> = weights.iter().map(|weight| js_number(weight, host)).collect();
            let coverage = given.get(1).map_or(1.0, |coverage| js_number(coverage, host));
            let variations = given.first().and_then(Value::as_number).unwrap_or(0.0) as usize;
            let found = ranges(variations, coverage, &weights);
            (floored(&pairs(&found)), floored(at(2)))
        }
        "chooseVariation" => {
            let ranges: Vec<[f64; 2]> = at(2).as_list().unwrap_or_default().iter().map(range).collect();
            (index(choose(number(1), &ranges), -1.0), at(3).clone())
        }
        "getQueryStringOverride" => {
            (query_override(text(1), text(2), count(3)).map(|variation| variation as f64).into(), at(4).clone())
        }
        "inNamespace" => {
            let part = at(2).as_list().unwrap_or_default();
            let bound = |place: usize| part.get(place).and_then(Value::as_number).unwrap_or(f64::NAN);
            let name = part.first().map_or(String::new(), |name| js_text(name, host).into_owned());
            (Value::Bool(in_namespace(&js_text(at(1), host), &name, [bound(1), bound(2)])), at(3).clone())
        }
        "getEqualWeights" => {
            let weights: Vec<f64> = ranges(count(0), 1.0, &[]).iter().map(|range| range[1] - range[0]).collect();
            (floored(&weights.into()), floored(at(1)))
        }
        "feature" | "contextualBandit" => {
            let context = Context::of(at(1), host);
            let mut evaluation =
                Evaluation::with_overrides(context.evaluation(None, host), SdkOverrides(&context, host));
            let answer = evaluation.feature(text(2), None);
            (feature_result(&answer, text(2), &context, host), at(3).clone())
        }
        "run" => {
            let context = Context::of(at(1), host);
            let rule = Rule::of(&context.overridden(at(2), host));
            let mut evaluation =
                Evaluation::with_overrides(context.evaluation(None, host), SdkOverrides(&context, host));
            let assignment = evaluation.run(Experiment::alone(&rule), None);
            let found = [assignment.value().clone(), assignment.included.into(), assignment.drawn.into()];
            (Value::List(found.into()), Value::List(vec![at(3).clone(), at(4).clone(), at(5).clone()]))
        }
        "stickyBucket" => sticky(at(1), at(2), text(3), host, (at(4), at(5))),
        "urlRedirect" => (redirects(at(1), host), at(2).clone()),
        _ => return Err(()),
    };
    Ok((!same(&found, &expected)).then(|| format!("found {}, expected {}", json(&found), json(&expected))))
}

fn index(place: Option<usize>, none: f64) -> Value {
    Value::Number(place.map_or(none, |place| place as f64))
}

fn range(written: &Value) -> [f64; 2] {
    let bound = |place: usize| written.as_list().and_then(|range| range.get(place)?.as_number()).unwrap_or(f64::NAN);
    [bound(0), bound(1)]
}

fn pairs(ranges: &[[f64; 2]]) -> Value {
    ranges.iter().map(|[from, to]| vec![*from, *to]).collect()
}

/// The suite compares shares after cutting them off behind the eighth place.
fn floored(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number((number * 1e8 + 1e-4).floor() / 1e8),
        Value::List(items) => Value::List(items.iter().map(floored).collect()),
        other => other.clone(),
    }
}

/// Deep equality without regard to the order of keys.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        _ => left == right,
    }
}

fn json(value: &Value) -> String {
    let text = format!("{value:?}");
    text.chars().take(1_500).collect()
}

/// A case's context, read.
struct Context {
    written: Value,
    attributes: Value,
    payload: Payload,
}

/// What only the constructor of the SDK can be passed.
#[derive(Clone, Copy)]
struct SdkOverrides<'a>(&'a Context, &'a dyn Host);

impl Overrides for SdkOverrides<'_> {
    fn forced(&self, experiment: &str) -> Option<&Value> {
        self.0.field("forcedVariations").get(experiment)
    }

    fn disabled(&self) -> bool {
        *self.0.field("enabled") == Value::Bool(false)
    }

    fn qa(&self) -> bool {
        truthy(self.0.field("qaMode"))
    }

    fn is_in_group(&self, groups: &[Value]) -> bool {
        groups.iter().any(|group| truthy(self.0.field("groups").at(&js_text(group, self.1))))
    }

    fn is_other_url(&self, pattern: &Value) -> bool {
        let (address, host) = (self.0.field("url").text(), self.1);
        let bare = address.strip_prefix("https://").or(address.strip_prefix("http://")).unwrap_or(address);
        let path = bare.find('/').map_or(bare, |slash| &bare[slash..]);
        let found = |pattern: &str| host.matches(pattern, "", address) || host.matches(pattern, "", path);
        pattern.as_text().is_some_and(|pattern| address.is_empty() || !found(pattern))
    }
}

impl Context {
    fn of(written: &Value, _: &dyn Host) -> Context {
        let object = |key: &str| written.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let mut attributes = object("attributes");
        for (key, value) in object("attributeOverrides").iter() {
            attributes.set(key, value.clone());
        }
        let problems = Default::default();
        let payload = Payload::read(&Reader::root(written, &problems));
        Context { written: written.clone(), attributes: attributes.into(), payload }
    }

    fn field(&self, key: &str) -> &Value {
        self.written.get(key).unwrap_or(&NULL)
    }

    fn evaluation<'a>(&'a self, sticky: Option<&'a [StickyBucket]>, host: &'a dyn Host) -> EvaluationContext<'a> {
        EvaluationContext {
            payload: &self.payload,
            attributes: &self.attributes,
            id: &NULL,
            address: self.field("url").as_text().unwrap_or(""),
            sticky,
            host,
        }
    }

    /// An experiment with the context's deprecated overrides laid over it.
    ///
    /// Their `url` is a pattern even where it is empty, and none where it cannot be read.
    fn overridden(&self, experiment: &Value, host: &dyn Host) -> Value {
        let mut written = experiment.as_object().cloned().unwrap_or_default();
        let over = self.field("overrides").at(experiment.at("key").text());
        for (key, value) in over.as_object().into_iter().flat_map(Object::iter) {
            let value = match (key, value) {
                ("url", Value::Text(url)) if !host.matches(&["|", url].concat(), "", "") => Value::Null,
                ("url", Value::Text(url)) => Value::Text(["(?:", url, ")"].concat()),
                _ => value.clone(),
            };
            written.set(key, value);
        }
        written.into()
    }
}

/// The experiment as the SDK builds it of a rule: only some fields, and only where they say something.
fn built(assignment: &Assignment<'_>, host: &dyn Host) -> Object {
    let rule = assignment.experiment.rule;
    let mut built = Object::new()
        .with("variations", Value::List(assignment.experiment.variations.to_vec()))
        .with("key", assignment.experiment.key);
    let always = ["coverage", "bucketVersion", "minBucketVersion"];
    let fields = [
        "coverage",
        "weights",
        "hashAttribute",
        "fallbackAttribute",
        "disableStickyBucketing",
        "bucketVersion",
        "minBucketVersion",
        "namespace",
        "meta",
        "ranges",
        "name",
        "phase",
        "seed",
        "hashVersion",
        "filters",
        "condition",
    ];
    for field in fields {
        if let Some(value) = rule.written.get(field)
            && (always.contains(&field) || truthy(value))
        {
            built.set(field, value.clone());
        }
    }
    if let Some(leaf) = assignment.experiment.leaf {
        if let Some(leaf) = leaf.written {
            match leaf.get("weights") {
                Some(weights) => built.set("weights", weights.clone()),
                None => {
                    built = built
                        .iter()
                        .filter(|(key, _)| *key != "weights")
                        .fold(Object::new(), |rest, (key, value)| rest.with(key, value.clone()))
                }
            }
        }
        if assignment.drawn && assignment.included {
            built.set("contextualBandit", leaf_fields(assignment, host));
        }
    }
    built
}

fn leaf_fields(assignment: &Assignment<'_>, _: &dyn Host) -> Object {
    let Some(leaf) = assignment.experiment.leaf else { return Object::new() };
    let count = assignment.experiment.variations.len();
    let equal = (0..count).map(|_| 1.0 / count as f64).collect();
    let own = || match assignment.experiment.rule.field("weights") {
        Value::Null => equal,
        weights => weights.clone(),
    };
    let (id, weights) = match leaf.written {
        Some(leaf) => (leaf.get("leafId").cloned(), leaf.get("weights").cloned()),
        None => (Some(Value::Number(-1.0)), Some(own())),
    };
    let mut fields = Object::new();
    let known =
        [("leafId", id), ("variationWeights", weights), ("banditVersion", leaf.bandit.get("banditVersion").cloned())];
    for (key, value) in known {
        if let Some(value) = value {
            fields.set(key, value);
        }
    }
    fields
}

fn result(assignment: &Assignment<'_>, feature: Value, host: &dyn Host) -> Object {
    let unit = if *assignment.unit.1 == Value::Null { "".into() } else { assignment.unit.1.clone() };
    let mut result = Object::new()
        .with("key", assignment.key())
        .with("featureId", feature)
        .with("inExperiment", assignment.included)
        .with("hashUsed", assignment.drawn)
        .with("variationId", assignment.variation as f64)
        .with("value", assignment.value().clone())
        .with("hashAttribute", assignment.unit.0)
        .with("hashValue", unit)
        .with("stickyBucketUsed", assignment.sticky);
    if !assignment.name().is_empty() {
        result.set("name", assignment.name());
    }
    if let Some(hash) = assignment.hash {
        result.set("bucket", hash);
    }
    if assignment.passes_through() {
        result.set("passthrough", true);
    }
    if assignment.drawn && assignment.included {
        for (key, value) in leaf_fields(assignment, host).iter() {
            result.set(key, value.clone());
        }
    }
    result
}

fn feature_result(answer: &FeatureValue<'_>, key: &str, _: &Context, host: &dyn Host) -> Value {
    let on = truthy(answer.value);
    let mut found = Object::new()
        .with("value", answer.value.clone())
        .with("on", on)
        .with("off", !on)
        .with("source", answer.source.name())
        .with("ruleId", answer.rule);
    if let Some(assignment) = &answer.assignment {
        found.set("experiment", built(assignment, host));
        found.set("experimentResult", result(assignment, key.into(), host));
    }
    found.into()
}

/// The visitor's own attributes that are hashed, with their values.
fn units(context: &Context, host: &dyn Host) -> Vec<(String, String)> {
    let rules = context
        .payload
        .features
        .iter()
        .flat_map(|feature| &feature.rules)
        .filter(|rule| *rule.variations() != Value::Null);
    let of = context.evaluation(None, host);
    let mut units = Vec::new();
    for rule in rules.chain(&context.payload.experiments) {
        let fallback = Some(rule.field("fallbackAttribute")).filter(|name| truthy(name));
        for name in [Some(rule.field("hashAttribute")), fallback].into_iter().flatten() {
            let (name, value) = of.unit(name, None);
            let value = if *value == Value::Null { String::new() } else { js_text(value, host).into_owned() };
            units.push((name.to_owned(), value));
        }
    }
    units
}

/// Plays the suite's procedure: documents are stored, those of the visitor's own attributes are
/// loaded, the feature is evaluated, and what is stored then is compared as well.
///
/// The suite keeps documents, of which the last one of a name counts whole; our engine keeps assignments.
fn sticky(
    context: &Value,
    documents: &Value,
    key: &str,
    host: &dyn Host,
    expected: (&Value, &Value),
) -> (Value, Value) {
    let context = Context::of(context, host);
    let mut stored = Object::new();
    let given = context.field("stickyBucketAssignmentDocs").as_object().cloned().unwrap_or_default();
    for document in documents.items().iter().chain(given.iter().map(|(_, document)| document)) {
        let name = [document.at("attributeName").text(), "||", &js_text(document.at("attributeValue"), host)].concat();
        stored.set(&name, document.clone());
    }
    let (mut after, mut buckets) = (Object::new(), StickyBuckets::default());
    for (attribute, value) in units(&context, host).iter().filter(|(_, value)| !value.is_empty()) {
        let name = [attribute, "||", value].concat();
        let Some(document) = stored.get(&name) else { continue };
        for (experiment, variation) in document.at("assignments").as_object().into_iter().flat_map(Object::iter) {
            let (attribute, value, experiment) = (attribute.clone(), value.clone(), experiment.to_owned());
            buckets.note(&StickyBucket {
                attribute,
                value,
                experiment,
                variation: variation.text().to_owned(),
                propensity: 1.0,
            });
        }
        after.set(&name, document.clone());
    }
    let mut evaluation =
        Evaluation::with_overrides(context.evaluation(Some(buckets.all()), host), SdkOverrides(&context, host));
    let answer = evaluation.feature(key, None);
    let found = answer.assignment.map(|assignment| result(&assignment, key.into(), host));
    for bucket in &evaluation.sticky {
        let name = [&bucket.attribute, "||", &bucket.value].concat();
        let mut assignments =
            after.get(&name).and_then(|known| known.at("assignments").as_object().cloned()).unwrap_or_default();
        assignments.set(&bucket.experiment, bucket.variation.as_str());
        let document = Object::new()
            .with("attributeName", bucket.attribute.as_str())
            .with("attributeValue", bucket.value.as_str())
            .with("assignments", assignments);
        after.set(&name, document);
    }
    (Value::List(vec![found.into(), after.into()]), Value::List(vec![expected.0.clone(), expected.1.clone()]))
}

/// What an experiment that runs by itself does to the page, as far as it can be told.
#[derive(PartialEq)]
enum Kind {
    Redirect,
    Visual,
    Unknown,
}

impl Kind {
    fn of(rule: &Rule) -> Kind {
        let variations = rule.field("variations").items();
        let changes = |variation: &Value| {
            truthy(variation.at("domMutations")) || variation.get("js").is_some() || variation.get("css").is_some()
        };
        if truthy(rule.field("urlPatterns"))
            && variations.iter().any(|variation| variation.get("urlRedirect").is_some())
        {
            Kind::Redirect
        } else if variations.iter().any(changes) {
            Kind::Visual
        } else {
            Kind::Unknown
        }
    }
}

/// Runs the context's experiments in order, up to the first redirect that the visitor is in, and
/// lists those whose variation was drawn; with each of them where the visitor is sent in the end.
fn redirects(context: &Value, host: &dyn Host) -> Value {
    let context = Context::of(context, host);
    let from = context.field("url").text();
    let (mut drawn, mut sent) = (Vec::new(), String::new());
    for rule in &context.payload.experiments {
        let kind = Kind::of(rule);
        let leads = |variation: &Value| truthy(variation.at("urlRedirect"));
        let is_complete = |address: &str| host.address(address, "") != NULL;
        let variations = rule.field("variations").items();
        // An address that cannot be read blocks the experiment, whoever would be sent there.
        let is_readable =
            || is_complete(from) && variations.iter().all(|to| !leads(to) || is_complete(to.at("urlRedirect").text()));
        if truthy(rule.field("manual")) || kind == Kind::Unknown || (kind == Kind::Redirect && !is_readable()) {
            continue;
        }
        let mut evaluation = Evaluation::with_overrides(context.evaluation(None, host), SdkOverrides(&context, host));
        let assignment = evaluation.run(Experiment::alone(rule), None);
        let value = assignment.value();
        if assignment.drawn {
            drawn.push((assignment.included, value.get("urlRedirect").cloned()));
        }
        if assignment.included && kind == Kind::Redirect {
            if leads(value) {
                let keep = truthy(rule.field("persistQueryString"));
                let patterns = rule.field("urlPatterns").items();
                sent = destination(from, value.at("urlRedirect").text(), keep, patterns, host).unwrap_or_default();
            }
            break;
        }
    }
    let overrides = |(included, to): (bool, Option<Value>)| {
        let overrides = Object::new().with("inExperiment", included).with("urlWithParams", sent.as_str());
        if let Some(to) = to { overrides.with("urlRedirect", to) } else { overrides }
    };
    drawn.into_iter().map(overrides).collect()
}
