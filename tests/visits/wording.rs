//! What happened, in the words of a visit.

use tailorbird::number;
use tailorbird::page::content::shown_item::ShownItem;
use tailorbird::page::content::{Change, ChangeKind, Fragment, Place};
use tailorbird::page::prompt_content::ask::Ask;
use tailorbird::page::prompt_content::{Form, PromptContent};
use tailorbird::page::speculation::{SpeculationRequest, SpeculationRules};
use tailorbird::page::{Area, DomEvent, Effect, PreviewNotice, Show};
use tailorbird::signal::preview::Preview;
use tailorbird::value::{Object, Value};

/// What stands at a dotted path.
pub fn below<'a>(value: Option<&'a Value>, path: &str) -> Option<&'a Value> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(value?, |here, step| here.get(step))
}

pub fn effect_text(effect: &Effect) -> String {
    match effect {
        Effect::Show(Show { slot, variant, changes: None }) => format!("show {slot} {variant} from its template"),
        Effect::Show(Show { slot, variant, changes: Some(changes) }) => {
            format!("show {slot} {variant}{}", changes.iter().map(change_text).collect::<Vec<_>>().join(","))
        }
        Effect::Revert { slot } => format!("revert {slot}"),
        Effect::Preview(notice) => preview_text(notice),
        Effect::Prompt { id, content, items } => {
            let items: String = items.iter().map(|item| format!(" [{}]", item.id)).collect();
            format!("prompt {id} {}{items}", prompt_text(content))
        }
        Effect::Locate => "locate".to_owned(),
        Effect::Rank(request) => {
            format!("rank {} {}", request.kind.name(), request.history.join(" ")).trim_end().to_owned()
        }
        Effect::Speculate(SpeculationRequest { history, item, rules }) => {
            let SpeculationRules { prefetch, prerender, min } = rules;
            let least = number::format(*min);
            let item = item.as_ref().map(|item| format!(", about {item}")).unwrap_or_default();
            let pages = history.join(" ");
            format!("speculate prefetch {prefetch}, prerender {prerender}, from {least}: {pages}{item}")
        }
        Effect::EndSpeculation => "end speculation".to_owned(),
        Effect::Restore(Area::Local) => "restore local".to_owned(),
        Effect::Restore(Area::Session) => "restore session".to_owned(),
        Effect::Save(_) | Effect::Append(_) => "save journal".to_owned(),
        Effect::SaveDecisions(text) => {
            format!("save decisions {:?}", text.split_once('\n').map_or("", |(_, shown)| shown))
        }
        Effect::Erase => "erase".to_owned(),
        Effect::Renew(Area::Local) => "erase, restore local".to_owned(),
        Effect::Renew(Area::Session) => "erase, restore session".to_owned(),
        Effect::Quarantine(keys) => format!("quarantine {}", keys.join(", ")),
        Effect::CloseStorage => "close storage".to_owned(),
        Effect::Restart { .. } => "drop the engine and start another".to_owned(),
        Effect::Fold => "fold".to_owned(),
        Effect::DataLayerPush(entry) => format!("push {}", text(&entry.clone().into())),
        Effect::Redirect(to) => format!("redirect {to}"),
        Effect::Warn(warning) => format!("warn {warning}"),
        Effect::WakeAt(at) => format!("wake at {} ms", at.ms()),
        Effect::DomEvent(DomEvent::Decision, decision) => {
            let problem = decision.get("problem").map_or_else(String::new, |problem| format!(" {}", text(problem)));
            let unapplied = decision.get("applied") == Some(&Value::Bool(false));
            let outcome = if unapplied { format!(", not applied:{problem}") } else { String::new() };
            format!("decide {}{outcome}", decision_text(decision))
        }
        Effect::DomEvent(DomEvent::Consent, consent) => format!("announce consent {}", consent_text(consent)),
        Effect::DomEvent(DomEvent::Prompt, detail) => {
            let part =
                |key: &str| detail.get(key).map_or_else(String::new, |value| format!(" {}", detail_text(key, value)));
            format!(
                "announce prompt{}{}{}{}{}",
                part("prompt"),
                prompt_variant(detail),
                part("outcome"),
                part("answer"),
                if detail.get("preview").is_some() { " (preview)" } else { "" }
            )
        }
        Effect::DomEvent(event, detail) => {
            let parts: Vec<String> = detail.iter().map(|(key, value)| detail_text(key, value)).collect();
            format!("announce {} {}", event.name(), parts.join(" "))
        }
    }
}

fn selected(selector: &str) -> String {
    if selector.is_empty() { "itself".to_owned() } else { format!("{selector:?}") }
}

fn placed(place: &Place) -> String {
    format!("{} {}", place.position.name(), selected(&place.selector))
}

fn change_text(change: &Change) -> String {
    match &change.kind {
        ChangeKind::Text { selector, text } => format!(" {} = {text:?}", selected(selector)),
        ChangeKind::Attributes { selector, attributes } => {
            let each = |(name, value): &(String, String)| format!(" {} {name} = {value:?}", selected(selector));
            attributes.iter().map(each).collect::<Vec<_>>().join(",")
        }
        ChangeKind::Class { selector, add, remove } => {
            let signed = |sign: char, names: &[String]| -> Vec<String> {
                names.iter().map(|name| format!("{sign}{name}")).collect()
            };
            format!(" {} class {}", selected(selector), [signed('+', add), signed('-', remove)].concat().join(" "))
        }
        ChangeKind::Style { selector, properties } => {
            let each = |(name, value): &(String, String)| format!(" {} {name}: {value}", selected(selector));
            properties.iter().map(each).collect::<Vec<_>>().join(",")
        }
        ChangeKind::Css(css) => format!(" css {css:?}"),
        ChangeKind::Html { selector, html } => format!(" {} html {html:?}", selected(selector)),
        ChangeKind::Insert { place, fragment: Fragment::Html(html) } => format!(" insert {html:?} {}", placed(place)),
        ChangeKind::Insert { place, fragment: Fragment::Template(template) } => {
            format!(" insert template {template:?} {}", placed(place))
        }
        ChangeKind::Move { elements, place } => format!(" move {elements:?} {}", placed(place)),
        ChangeKind::Hide { selector } => format!(" hide {}", selected(selector)),
        ChangeKind::Items { items, .. } => {
            let item = |ShownItem { id, because, .. }: &ShownItem| {
                let because = because.as_ref().map_or_else(String::new, |because| format!(" because of {because}"));
                format!(" {id}{because}")
            };
            items.iter().map(item).collect::<Vec<_>>().join(",")
        }
        ChangeKind::Image { selector, attributes } => {
            let each = |(name, value): &(&str, Option<String>)| {
                value.as_ref().map(|value| format!(" {} {name} = {value:?}", selected(selector)))
            };
            attributes.iter().filter_map(each).collect::<Vec<_>>().join(",")
        }
    }
}

fn prompt_text(content: &PromptContent) -> String {
    let PromptContent { form, slot, theme: _, template, title, body, image, coupon, ask, accept, decline, href } =
        content;
    let form_name = if *form == Form::Modal { String::new() } else { format!("as {} ", form.name()) };
    let slot = slot.as_ref().map_or_else(String::new, |slot| format!("in {slot} "));
    let template = template.as_ref().map_or_else(String::new, |template| format!(" from {template}"));
    let image = image.as_ref().map_or_else(String::new, |image| format!(" with {} {:?}", image.src, image.alt));
    let body = body.as_ref().map_or_else(String::new, |body| format!(" {body:?}"));
    let href = href.as_ref().map_or_else(String::new, |href| format!(" to {href}"));
    let coupon = coupon.as_ref().map_or_else(String::new, |coupon| format!(" code {}", coupon.code));
    let answers: Vec<String> = match ask {
        Ask::Consent => Vec::new(),
        Ask::Email { label, .. } => vec![format!(" {label}: ____")],
        Ask::Choices(choices) => choices.iter().map(|choice| format!(" [{}]", choice.label)).collect(),
        Ask::Scale { from, to, low, high } => vec![format!(" [{from} {low} to {to} {high}]")],
    };
    let decline = decline.as_ref().map_or_else(String::new, |decline| format!(" [{decline}]"));
    let accept = match accept {
        Some(accept) => format!(" [{accept}{href}]"),
        // A notification leads there itself.
        None if *form == Form::Notification => href,
        None => String::new(),
    };
    format!("{form_name}{slot}{title:?}{template}{body}{image}{coupon}{}{accept}{decline}", answers.concat())
}

/// The variant of a prompt, where it has several.
pub fn prompt_variant(detail: &Object) -> String {
    let several = detail.get("variant").filter(|variant| Some(*variant) != detail.get("prompt"));
    several.and_then(Value::as_text).map_or_else(String::new, |variant| format!(" as {variant}"))
}

pub fn decision_text(decision: &Object) -> String {
    let part = |key| decision.get(key).map_or_else(String::new, |value| detail_text("", value));
    let propensity = decision.get("propensity").and_then(Value::as_number).unwrap_or(1.0);
    let drawn = if propensity < 1.0 { format!(" propensity {}", number::format(propensity)) } else { String::new() };
    let chosen = variant(&decision.get("variant").cloned());
    format!("{} {chosen} {} {}{drawn}", part("slot"), part("level"), part("score"))
}

/// Whether a gate is open, its name, and what it says.
pub fn gate_text(gate: &Value) -> String {
    let failed = gate.get("failed").map_or_else(String::new, |leaf| format!(", {}", text(leaf)));
    let mark = if gate.at("open").is_true() { "open" } else { "closed" };
    format!("{mark} {}: {}{failed}", gate.at("gate").text(), gate.at("text").text())
}

/// A feature's value, then where it comes from.
pub fn feature_text(answer: &Object) -> String {
    let part = |key, word: &str| match answer.get(key) {
        None | Some(Value::Null | Value::Bool(false)) => String::new(),
        Some(Value::Number(number)) if *number == 1.0 => String::new(),
        Some(value) => format!(" {word}{}", detail_text("", value)),
    };
    let parts = [
        part("source", "by "),
        part("rule", "rule "),
        part("experiment", ""),
        part("variation", "variation "),
        part("propensity", "propensity "),
    ];
    let value = answer.get("value").map_or_else(String::new, text);
    format!("= {value}{}", parts.concat())
}

/// What was said of consent, in the words of `data-consent`.
fn consent_text(said: &Object) -> String {
    let personalize = match said.get("personalize") {
        Some(Value::Bool(true)) => "granted",
        Some(Value::Bool(false)) => "denied",
        other => other.and_then(Value::as_text).unwrap_or("unknown"),
    };
    let rest = ["measure", "source"].map(|key| said.get(key).map_or_else(String::new, |value| detail_text(key, value)));
    format!("{personalize} {}", rest.join(" "))
}

/// A variant's id; the page's own content has none.
pub fn variant(value: &Option<Value>) -> String {
    value.as_ref().and_then(Value::as_text).unwrap_or("own content").to_owned()
}

/// One detail of what is announced: words speak for themselves, everything else is named.
fn detail_text(key: &str, value: &Value) -> String {
    match value {
        Value::Text(word) => word.clone(),
        Value::Null if key == "variant" => "own content".to_owned(),
        Value::Number(number) => number::format(*number),
        other => format!("{key}={}", text(other)),
    }
}

/// A tree as a person would write it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Cut => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number::format(*number),
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let entries: Vec<String> = object.iter().map(|(key, value)| format!("{key}: {}", text(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// What the page says of previews.
fn preview_text(notice: &PreviewNotice) -> String {
    let PreviewNotice { address, previews, problems } = notice;
    if previews.is_empty() && problems.is_empty() {
        return "preview: nothing any more".to_owned();
    }
    let shows = if previews.is_empty() { "nothing that is there".to_owned() } else { Preview::address(previews) };
    let kept = address.as_ref().map_or(", not kept in the address", |_| "");
    let problems: String = problems.iter().map(|problem| format!("; {problem}")).collect();
    format!("preview: {shows}{kept}{problems}")
}
