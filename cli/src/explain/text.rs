//! The steps of a visitor for a person, in 80 columns.

use tailorbird::decision::Decision;
use tailorbird::decision::explain::Reason;
use tailorbird::time::{DAY, HOUR, MINUTE, SECOND, Timestamp, Zone, date, ms_of_day};
use textwrap::{Options, wrap};

use super::steps::{SlotChange, Step, Summary, VisitChange, Visitor, What};
use crate::figures::number;
use crate::replay::recorded::{Item, Kind, Recorded};
use crate::style::{GOOD, HEADING, WARNING, paint};

const COLUMNS: usize = 80;
/// What the page itself says.
const OWN: &str = "the page's own content";
/// How many interests are named of each visitor.
const INTERESTS: usize = 5;

/// All of a visitor, each line ended.
pub fn visitor(visitor: &Visitor) -> String {
    let Visitor { id, currency, steps, summary } = visitor;
    let mut lines = vec![paint(HEADING, format!("visitor {id}"))];
    let mut day = String::new();
    for step in steps {
        let today = date(step.at, Zone(0));
        if today != day {
            lines.extend([String::new(), paint(HEADING, format!("{today} (UTC)"))]);
            day = today;
        }
        lines.push(format!("{}  {}", clock(step.at), happened(&step.what, currency)));
        changes(step, &mut lines);
    }
    lines.extend([String::new(), paint(HEADING, "in the end")]);
    ending(summary, &mut lines);
    lines.push(String::new());
    lines.join("\n")
}

fn happened(what: &What, currency: &str) -> String {
    let at = |page: &Option<String>| page.as_ref().map_or_else(|| "the page".to_owned(), Clone::clone);
    match what {
        What::Arrives { page } => format!("comes to {}", at(page)),
        What::Returns { after_ms, page } => format!("comes back to {}, after {}", at(page), length(*after_ms)),
        What::PageView { page } => format!("opens {}", at(page)),
        What::Event(recorded) => event(recorded, currency),
        What::Leaves => "the pointer leaves the page through the top".to_owned(),
    }
}

fn event(recorded: &Recorded, currency: &str) -> String {
    let Kind::Event { name, items, .. } = &recorded.kind else { return String::new() };
    let item = |Item { id, category, price, .. }: &Item| {
        let price = price.map(|price| format!(", {} {currency}", number(price)).trim_end().to_owned());
        format!(" {id} ({category}{})", price.unwrap_or_default())
    };
    format!("{name}{}", items.iter().map(item).collect::<String>())
}

fn changes(step: &Step, lines: &mut Vec<String>) {
    let marked = |mark: &'static str, style, segments: &[String]| {
        segments.iter().map(|id| format!("{mark} {}", paint(style, id))).collect::<Vec<_>>()
    };
    let segments = [marked("+", GOOD, &step.entered), marked("-", WARNING, &step.left)].concat();
    if !segments.is_empty() {
        lines.extend(broken(&format!("    segment {}", segments.join("  ")), "      "));
    }
    for SlotChange { decision, before } in &step.slots {
        let before = match before {
            Some(before) if *before != decision.variant => format!(", before: {}", shown(before.as_deref())),
            _ => String::new(),
        };
        let variant = paint(HEADING, shown(decision.variant.as_deref()));
        let line = format!("    {} shows {variant} ({}{before})", decision.slot, standing(decision));
        lines.extend(broken(&line, "      "));
        lines.extend(broken(&format!("      {}", sentences(decision)), "      "));
    }
    if !step.visit.is_empty() {
        let change = |VisitChange { name, before, now }: &VisitChange| {
            format!("{name} {now}{}", before.as_ref().map_or_else(String::new, |before| format!(" (before: {before})")))
        };
        lines.push(format!("    {}", step.visit.iter().map(change).collect::<Vec<_>>().join(", ")));
    }
    for prompt in &step.prompts {
        let when = if prompt.at == step.at { String::new() } else { format!(" at {}", clock(prompt.at)) };
        lines.push(format!("    prompt {} is shown{when}", paint(GOOD, &prompt.id)));
    }
}

/// The reasons, without that nothing applies where something says why.
fn sentences(decision: &Decision) -> String {
    let has_others = decision.reasons.len() > 1;
    let told = decision.reasons.iter().filter(|reason| !(has_others && **reason == Reason::OwnContent));
    let sentence = |reason: &Reason| {
        let text = reason.text();
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    };
    told.map(sentence).collect::<Vec<_>>().join(" ")
}

/// Level, score, and how probable the choice was where chance had a part in it.
fn standing(decision: &Decision) -> String {
    let score = if decision.variant.is_some() { format!(", score {}", number(decision.score)) } else { String::new() };
    let chance = if decision.propensity < 1.0 {
        format!(", probability {}", number(decision.propensity))
    } else {
        String::new()
    };
    format!("{}{score}{chance}", decision.level.name())
}

fn ending(summary: &Summary, lines: &mut Vec<String>) {
    for (slot, all, last) in &summary.slots {
        let all: Vec<&str> = all.iter().map(|variant| shown(variant.as_deref())).collect();
        lines
            .extend(broken(&format!("    {slot} has shown {} ({})", all.join(", then "), last.level.name()), "      "));
    }
    let or_none = |list: String| if list.is_empty() { "none".to_owned() } else { list };
    lines.extend(broken(&format!("    segments: {}", or_none(summary.segments.join(", "))), "      "));
    let interests = summary.interests.iter().take(INTERESTS);
    let interests = interests.map(|(_, key, share)| format!("{key} {} %", (share * 100.0).round()));
    lines.extend(broken(&format!("    interests: {}", or_none(interests.collect::<Vec<_>>().join(", "))), "      "));
    for (prompt, count, reasons) in &summary.prompts {
        let told = match count {
            0 => format!("not shown: {}", reasons.join("; ")),
            1 => "shown once".to_owned(),
            count => format!("shown {count} times"),
        };
        lines.extend(broken(&format!("    prompt {prompt}: {told}"), "      "));
    }
}

fn shown(variant: Option<&str>) -> &str {
    variant.unwrap_or(OWN)
}

/// A line, broken where the terminal ends; what is below its start is indented. Codes of colours have no width.
fn broken(line: &str, indent: &str) -> Vec<String> {
    let start = line.len() - line.trim_start().len();
    let (first, words) = line.split_at(start);
    let options = Options::new(COLUMNS).initial_indent(first).subsequent_indent(indent).break_words(false);
    wrap(words, options).into_iter().map(|line| line.into_owned()).collect()
}

fn clock(at: Timestamp) -> String {
    let seconds = ms_of_day(at, Zone(0)) / SECOND;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A length of time in its largest unit, rounded down.
fn length(ms: i64) -> String {
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
    let (count, unit) =
        units.into_iter().map(|(unit, name)| (ms / unit, name)).find(|(count, _)| *count > 0).unwrap_or((0, "second"));
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
