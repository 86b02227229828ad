//! What a replay came to, counted; as JSON, or as a table with bars.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tailorbird::decision::Level;
use tailorbird_cli::statistics::off_policy::Estimates;

use crate::style::{HEADING, Left, Right, paint, table};

use super::counts::{Counts, ratio};
use super::hits::Hits;
use super::recorded::Categories;
use super::what_if::WhatIf;
use crate::estimates;

/// How many characters a bar of 100 % is long.
const BAR: usize = 40;

/// A replay, counted.
pub struct Report {
    /// What reading came to.
    pub read: Read,
    /// What playing came to.
    pub counts: Counts,
    /// What the config would have got, if there is a log.
    pub what_if: Option<WhatIf>,
}

/// What reading a log came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// How many rows could not be used.
    pub bad_rows: u64,
    /// Where the categories of items come from.
    pub categories: Categories,
}

impl Report {
    /// The one object of `--json`.
    pub fn json(&self) -> Value {
        let counts = &self.counts;
        let levels = |levels: &[usize; 4]| -> Value {
            Level::ALL.into_iter().zip(levels).map(|(level, count)| (level.name().to_owned(), json!(count))).collect()
        };
        let decisions: Map<String, Value> =
            counts.decisions.iter().map(|(slot, counts)| (slot.clone(), levels(counts))).collect();
        let [p50, p99] = counts.times.within_us([50, 99]);
        let mut report = json!({
            "sessions": counts.sessions,
            "events": counts.events,
            "bad_rows": self.read.bad_rows,
            "categories": self.read.categories.name(),
            "decisions": decisions,
            "prompts_per_100": counts.prompts_per_100(),
            "coverage": counts.coverage(),
            "p50_us": p50,
            "p99_us": p99,
        });
        if let (Some(report), Some(hits)) = (report.as_object_mut(), &counts.hits) {
            report.insert("recommendations".to_owned(), hits.json());
        }
        if let (Some(report), Some(what_if)) = (report.as_object_mut(), &self.what_if) {
            report.insert("log".to_owned(), what_if.json());
        }
        report
    }

    /// The same for a person.
    pub fn text(&self) -> String {
        let (counts, read) = (&self.counts, &self.read);
        let mut text = format!(
            "{} sessions, {} events, {} bad rows, categories {}\n",
            counts.sessions,
            counts.events,
            read.bad_rows,
            read.categories.name()
        );
        for (slot, levels) in &counts.decisions {
            let all: usize = levels.iter().sum();
            let rows = Level::ALL.into_iter().zip(levels).map(|(level, count)| {
                let share = format!("{:.1} %", 100.0 * ratio(*count, all));
                [level.name().to_owned(), count.to_string(), share, bar(*count, all)]
            });
            let _ = write!(text, "\n{}\n{}", paint(HEADING, slot), table(None, [Left, Right, Right, Left], rows));
        }
        let [p50, p99] = counts.times.within_us([50, 99]);
        let _ = write!(
            text,
            "\n{}\n{}",
            paint(HEADING, "all slots"),
            table(
                None,
                [Left, Left],
                [
                    ["coverage", &format!("{:.1} % of decisions above standard", 100.0 * counts.coverage())],
                    ["prompts", &format!("{} shown, {:.1} in 100 sessions", counts.prompts, counts.prompts_per_100())],
                    [
                        "time an event",
                        &format!("{p50:.1} µs in the median, 99 % within {p99:.1} µs, with all decisions")
                    ],
                ]
                .map(|row| row.map(str::to_owned))
            ),
        );
        text.push_str(&counts.hits.as_ref().map_or_else(String::new, Hits::text));
        text.push_str(&self.what_if.as_ref().map_or_else(String::new, WhatIf::text));
        text
    }
}

impl WhatIf {
    fn json(&self) -> Value {
        let slot = |(slot, found): &(String, Estimates)| {
            let mut one = json!({"decisions": found.decisions, "logged": estimates::one_json(found.logged)});
            if let (Some(one), Value::Object(estimates)) = (one.as_object_mut(), estimates::json(found)) {
                one.extend(estimates);
            }
            (slot.clone(), one)
        };
        json!({
            "decisions": self.decisions,
            "sessions": self.sessions,
            "without_events": self.without_events,
            "unlike": self.unlike,
            "max_weight": self.settings.max_weight,
            "draws": self.settings.draws,
            "slots": self.slots.iter().map(slot).collect::<Map<String, Value>>(),
        })
    }

    fn text(&self) -> String {
        let title = format!("from the log, {} decisions of {} sessions", self.decisions, self.sessions);
        let rows = self.slots.iter().map(|(slot, found)| {
            let [slot, rest @ ..] = estimates::cells(slot, found, 1.0);
            let [ips, snips, dm, dr, effective, doubts] = rest;
            [slot, estimates::text(found.logged, 1.0), ips, snips, dm, dr, effective, doubts]
        });
        let alignments = [Left, Right, Right, Right, Right, Right, Right, Left];
        let table = table(Some(["", "logged", "IPS", "SNIPS", "DM", "DR", "ESS", ""]), alignments, rows);
        let mut text = format!("\n{}\n{table}", paint(HEADING, title));
        if self.without_events > 0 {
            let _ = writeln!(text, "\n{} sessions have no event before their decisions", self.without_events);
        }
        if let Some(unlike) = self.unlike.filter(|count| *count > 0) {
            let _ = writeln!(text, "\n{unlike} decisions are not those of the config that made the log");
        }
        if self.slots.iter().any(|(_, found)| found.says_little()) {
            let _ = writeln!(text, "\n{}", estimates::SAYS_LITTLE);
        }
        text
    }
}

/// A bar in eighths of a character; what is there at all is never drawn as nothing.
fn bar(part: usize, whole: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part * BAR * 8).div_ceil(whole.max(1));
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    format!("{}{rest}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_nothing() {
        for (part, whole, expected) in [(0, 9, ""), (1, 1_000_000, "▏"), (1, 80, "▌"), (1, 40, "█"), (0, 0, "")] {
            assert_eq!(bar(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(bar(7, 7), "█".repeat(BAR));
    }
}
