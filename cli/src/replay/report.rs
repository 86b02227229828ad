//! What a replay came to, counted; as JSON, or as a table with bars.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tailorbird::config::Config;
use tailorbird::decision::{Decision, Level};
use tailorbird_cli::statistics::off_policy::Estimates;

use crate::style::{HEADING, Left, Right, paint, table};

use super::hits::Hits;
use super::sessions::{Categories, Sessions};
use super::what_if::WhatIf;
use crate::estimates;

/// How many characters a bar of 100 % is long.
const BAR: usize = 40;

/// A replay, counted.
pub struct Report {
    sessions: usize,
    bad_rows: usize,
    categories: Categories,
    /// By slot in the order of the config, how often each level decided; levels as in [`Level::ALL`].
    decisions: Vec<(String, [usize; 4])>,
    prompts: usize,
    /// How long each event took with all its decisions, in ns.
    took_ns: Vec<u32>,
    /// How often recommendations were right, if there is a model.
    pub hits: Option<Hits>,
    /// What the config would have got, if there is a log.
    pub what_if: Option<WhatIf>,
}

impl Report {
    /// A report on nothing yet.
    pub fn new(config: &Config, sessions: &Sessions) -> Report {
        Report {
            sessions: 0,
            bad_rows: sessions.bad_rows,
            categories: sessions.categories(),
            decisions: config.slots.iter().map(|slot| (slot.id.clone(), [0; 4])).collect(),
            prompts: 0,
            took_ns: Vec::with_capacity(sessions.events()),
            hits: None,
            what_if: None,
        }
    }

    /// Counts one event with its decisions.
    pub fn event(&mut self, took: Duration, decisions: &[Decision]) {
        self.took_ns.push(u32::try_from(took.as_nanos()).unwrap_or(u32::MAX));
        for decision in decisions {
            let levels = self.decisions.iter_mut().find(|(slot, _)| *slot == decision.slot);
            let count = levels.and_then(|(_, levels)| levels.get_mut(place(decision.level)));
            if let Some(count) = count {
                *count += 1;
            }
        }
    }

    /// Counts one prompt.
    pub fn prompt(&mut self) {
        self.prompts += 1;
    }

    /// Counts one session, after all its events.
    pub fn session(&mut self) {
        self.sessions += 1;
        if let Some(hits) = &mut self.hits {
            hits.session();
        }
    }

    /// The share of all decisions above the page's own content.
    fn coverage(&self) -> f64 {
        let all: usize = self.decisions.iter().flat_map(|(_, levels)| levels).sum();
        let standard: usize = self.decisions.iter().map(|(_, [standard, ..])| standard).sum();
        ratio(all - standard, all)
    }

    fn prompts_per_100(&self) -> f64 {
        100.0 * ratio(self.prompts, self.sessions)
    }

    /// The least time, in microseconds, that a share of all events did not exceed.
    fn within_us<const N: usize>(&self, percents: [usize; N]) -> [f64; N] {
        let mut sorted = self.took_ns.clone();
        sorted.sort_unstable();
        // The nearest rank: the smallest that at least this percentage does not exceed.
        percents.map(|percent| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            f64::from(sorted.get(rank - 1).copied().unwrap_or(0)) / 1_000.0
        })
    }

    /// The one object of `--json`.
    pub fn json(&self) -> Value {
        let levels = |levels: &[usize; 4]| -> Value {
            Level::ALL.into_iter().zip(levels).map(|(level, count)| (level.name().to_owned(), json!(count))).collect()
        };
        let decisions: Map<String, Value> =
            self.decisions.iter().map(|(slot, counts)| (slot.clone(), levels(counts))).collect();
        let [p50, p99] = self.within_us([50, 99]);
        let mut report = json!({
            "sessions": self.sessions,
            "events": self.took_ns.len(),
            "bad_rows": self.bad_rows,
            "categories": self.categories.name(),
            "decisions": decisions,
            "prompts_per_100": self.prompts_per_100(),
            "coverage": self.coverage(),
            "p50_us": p50,
            "p99_us": p99,
        });
        if let (Some(report), Some(hits)) = (report.as_object_mut(), &self.hits) {
            report.insert("recommendations".to_owned(), hits.json());
        }
        if let (Some(report), Some(what_if)) = (report.as_object_mut(), &self.what_if) {
            report.insert("log".to_owned(), what_if.json());
        }
        report
    }

    /// The same for a person.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} sessions, {} events, {} bad rows, categories {}\n",
            self.sessions,
            self.took_ns.len(),
            self.bad_rows,
            self.categories.name()
        );
        for (slot, levels) in &self.decisions {
            let all: usize = levels.iter().sum();
            let rows = Level::ALL.into_iter().zip(levels).map(|(level, count)| {
                let share = format!("{:.1} %", 100.0 * ratio(*count, all));
                [level.name().to_owned(), count.to_string(), share, bar(*count, all)]
            });
            let _ = write!(text, "\n{}\n{}", paint(HEADING, slot), table(None, [Left, Right, Right, Left], rows));
        }
        let [p50, p99] = self.within_us([50, 99]);
        let _ = write!(
            text,
            "\n{}\n{}",
            paint(HEADING, "all slots"),
            table(
                None,
                [Left, Left],
                [
                    ["coverage", &format!("{:.1} % of decisions above standard", 100.0 * self.coverage())],
                    ["prompts", &format!("{} shown, {:.1} in 100 sessions", self.prompts, self.prompts_per_100())],
                    [
                        "time an event",
                        &format!("{p50:.1} µs in the median, 99 % within {p99:.1} µs, with all decisions")
                    ],
                ]
                .map(|row| row.map(str::to_owned))
            ),
        );
        text.push_str(&self.hits.as_ref().map_or_else(String::new, Hits::text));
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

fn place(level: Level) -> usize {
    Level::ALL.iter().position(|known| *known == level).unwrap_or(0)
}

/// A part of a whole; 0 where there is no whole.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
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
    fn half_of_all_events_stay_within_the_median() {
        let report = Report {
            sessions: 0,
            bad_rows: 0,
            categories: Categories::Given,
            decisions: Vec::new(),
            prompts: 0,
            took_ns: (1..=200).rev().map(|us| us * 1_000).collect(),
            hits: None,
            what_if: None,
        };
        assert_eq!(report.within_us([50, 99, 100]), [100.0, 198.0, 200.0]);
        assert_eq!(report.coverage(), 0.0, "no slot, no coverage");
        assert_eq!(report.prompts_per_100(), 0.0);
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_nothing() {
        for (part, whole, expected) in [(0, 9, ""), (1, 1_000_000, "▏"), (1, 80, "▌"), (1, 40, "█"), (0, 0, "")] {
            assert_eq!(bar(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(bar(7, 7), "█".repeat(BAR));
    }
}
