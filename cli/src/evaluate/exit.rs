//! `tailorbird evaluate exit`: how many movements of a mouse towards the tabs are found, and how many others are taken
//! for one.

mod strokes;
mod tracks;

use std::path::PathBuf;

use clap::value_parser;
use serde_json::{Value, json};
use tailorbird::decision::exit_intent::{ExitIntent, Sensitivity, Sign};
use tailorbird::profile::Profile;
use tailorbird::profile::engagement::Engagement;
use tailorbird::signal::pointer_exit::PointerExit;
use tailorbird::time::{MINUTE, Timestamp};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::progress::bar;
use crate::style::{HEADING, Left, Right, paint, table};
use tracks::Track;

/// Measure how well exit intent is found in the movements of a mouse
///
/// Simulates strokes of a mouse towards the tabs of the browser, the menu at the top of the page and the rest of the
/// page, and counts how many reach each score of exit intent, for a visitor of whom nothing else is known. A stroke has
/// minimum jerk, takes as long as Fitts's law says for a throughput of 3.7 to 4.9 bits a second, lands beside its aim
/// as often as the law implies, and is corrected then.
///
/// The same seed gives the same strokes, whatever the machine.
///
/// With --tracks movements that were recorded in a browser are counted as well: a file with one JSON object a line,
/// {"name", "aim", "events"}.
///
/// With --json one object is printed: {"seed", "strokes", "simulated", "recorded"}, the last two lists of {"aim", "hz",
/// "count", "crossed", "high", "medium", "low", "early", "lead_ms"}: how many there were, how many crossed the upper
/// edge, how many reached each score, how many were on their way out before they crossed it, and how long before on
/// average. What was recorded has no hz.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Exit {
    /// How many strokes are simulated for each aim and rate
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "4000")]
    strokes: u32,
    /// What makes the same strokes come again
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Movements that were recorded
    #[arg(long, value_name = "FILE")]
    tracks: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// How often a mouse reports its position, in Hz.
const RATES: [u32; 2] = [60, 125];

/// What a movement was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Aim {
    /// The tabs, or the address bar: the visitor leaves.
    Tabs,
    /// The menu at the top of the page.
    Menu,
    /// Anything else.
    Page,
}

impl Aim {
    const ALL: [Aim; 3] = [Aim::Tabs, Aim::Menu, Aim::Page];

    fn name(self) -> &'static str {
        match self {
            Aim::Tabs => "tabs",
            Aim::Menu => "menu",
            Aim::Page => "page",
        }
    }
}

/// What came of one movement.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct Outcome {
    /// Whether the pointer crossed the upper edge.
    crossed: bool,
    /// The highest score, in `[0, 1]`.
    score: f64,
    /// How long before it crossed the edge it was on its way out, in ms.
    lead_ms: Option<f64>,
}

impl Outcome {
    /// Counts an exit by the score of a visitor of whom nothing else is known, on a page that is a minute old.
    fn count(&mut self, exit: &PointerExit) {
        if exit.busy.is_some() {
            return;
        }
        let (begin, now) = (Timestamp::from_ms(0), Timestamp::from_ms(MINUTE));
        let signs = Sign::of_pointer(exit).iter().copied();
        let intent = ExitIntent::of(signs, &Profile::default(), &Engagement::begin(begin), 0.0, now);
        self.score = self.score.max(intent.score);
    }

    fn reaches(&self, sensitivity: Sensitivity) -> bool {
        ExitIntent { score: self.score, parts: Vec::new() }.reaches(sensitivity)
    }
}

/// The outcomes of movements with one aim.
struct Row {
    aim: Aim,
    hz: Option<u32>,
    outcomes: Vec<Outcome>,
}

impl Row {
    fn count(&self, holds: impl Fn(&Outcome) -> bool) -> usize {
        self.outcomes.iter().filter(|outcome| holds(outcome)).count()
    }

    /// How many reached each score.
    fn reached(&self) -> [usize; 3] {
        [Sensitivity::High, Sensitivity::Medium, Sensitivity::Low]
            .map(|sensitivity| self.count(|outcome| outcome.reaches(sensitivity)))
    }

    fn lead_ms(&self) -> Option<f64> {
        let leads: Vec<f64> = self.outcomes.iter().filter_map(|outcome| outcome.lead_ms).collect();
        let count = f64::from(u32::try_from(leads.len()).ok()?);
        (count > 0.0).then(|| leads.iter().sum::<f64>() / count)
    }

    fn json(&self) -> Value {
        let [high, medium, low] = self.reached();
        json!({
            "aim": self.aim.name(),
            "hz": self.hz,
            "count": self.outcomes.len(),
            "crossed": self.count(|outcome| outcome.crossed),
            "high": high,
            "medium": medium,
            "low": low,
            "early": self.count(|outcome| outcome.lead_ms.is_some()),
            "lead_ms": self.lead_ms(),
        })
    }

    fn cells(&self) -> [String; 8] {
        let [high, medium, low] = self.reached();
        let early = self.count(|outcome| outcome.lead_ms.is_some());
        let shares = [self.count(|outcome| outcome.crossed), high, medium, low, early].map(|count| self.share(count));
        let aim = self.hz.map_or_else(|| self.aim.name().to_owned(), |hz| format!("{}, {hz} Hz", self.aim.name()));
        let [crossed, high, medium, low, early] = shares;
        let lead = self.lead_ms().map_or_else(String::new, |ms| format!("{ms:.0} ms"));
        [aim, self.outcomes.len().to_string(), crossed, high, medium, low, early, lead]
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of movements are far below 2^53")]
    fn share(&self, count: usize) -> String {
        format!("{:.1} %", 100.0 * count as f64 / self.outcomes.len().max(1) as f64)
    }
}

impl Exit {
    /// Simulates and replays movements, and prints what came of them.
    ///
    /// # Errors
    ///
    /// When recorded movements cannot be read.
    pub fn run(&self) -> Result<(), Ending> {
        let recorded = self.tracks.as_deref().map_or_else(|| Ok(Vec::new()), tracks::read)?;
        let simulated = self.simulate();
        let of_aim = |aim: Aim| {
            let outcomes: Vec<Outcome> = recorded.iter().filter(|track| track.aim == aim).map(Track::replay).collect();
            Row { aim, hz: None, outcomes }
        };
        let replayed: Vec<Row> = Aim::ALL.into_iter().map(of_aim).filter(|row| !row.outcomes.is_empty()).collect();
        if self.json {
            let rows = |rows: &[Row]| rows.iter().map(Row::json).collect::<Vec<Value>>();
            let report = json!({
                "seed": self.seed,
                "strokes": self.strokes,
                "simulated": rows(&simulated),
                "recorded": rows(&replayed),
            });
            return print(&format!("{report}\n"));
        }
        let mut text = format!("{}\n{}", paint(HEADING, "simulated"), rows_text(&simulated));
        if !replayed.is_empty() {
            text += &format!("\n{}\n{}", paint(HEADING, "recorded"), rows_text(&replayed));
        }
        for track in &recorded {
            let is_found = track.replay().reaches(Sensitivity::Medium);
            if is_found != (track.aim == Aim::Tabs) {
                let what = if is_found { "false alarm" } else { "missed" };
                text += &format!("{what}: {}\n", track.name);
            }
        }
        print(&text)
    }

    fn simulate(&self) -> Vec<Row> {
        let progress = bar("simulating", u64::from(self.strokes) * 6);
        let mut rows = Vec::new();
        for aim in Aim::ALL {
            for hz in RATES {
                let outcomes = (0..self.strokes).map(|stroke| {
                    progress.inc(1);
                    strokes::simulate(aim, hz, self.seed, stroke)
                });
                rows.push(Row { aim, hz: Some(hz), outcomes: outcomes.collect() });
            }
        }
        progress.finish_and_clear();
        rows
    }
}

fn rows_text(rows: &[Row]) -> String {
    let heads = ["aim", "count", "crossed", "high", "medium", "low", "early", "by"];
    table(Some(heads), [Left, Right, Right, Right, Right, Right, Right, Right], rows.iter().map(Row::cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_movements_are_judged_as_they_were_in_the_browser() {
        let tracks = tracks::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/exit/tracks.jsonl").as_ref()).unwrap();
        assert!(tracks.len() >= 40, "{}", tracks.len());
        let is_found = |track: &&Track| track.replay().reaches(Sensitivity::Medium);
        let (found, others): (Vec<&Track>, Vec<&Track>) = tracks.iter().partition(is_found);
        assert!(found.iter().all(|track| track.aim == Aim::Tabs));
        let missed: Vec<&str> =
            others.iter().filter(|track| track.aim == Aim::Tabs).map(|track| track.name.as_str()).collect();
        let expected = [
            "slowly, all the way",
            "from the menu, where the pointer rested",
            "out of a frame, whose events the page does not get",
        ];
        assert_eq!(missed, expected);
    }

    #[test]
    fn most_exits_are_found_and_hardly_anything_else() {
        let study = Exit { strokes: 400, seed: 7, tracks: None, json: false };
        for row in study.simulate() {
            let [_, medium, _] = row.reached();
            let (least, most) = match row.aim {
                Aim::Tabs => (0.7, 1.0),
                Aim::Menu => (0.0, 0.05),
                Aim::Page => (0.0, 0.0),
            };
            let share = f64::from(u32::try_from(medium).unwrap()) / 400.0;
            assert!((least..=most).contains(&share), "{}: {share}", row.aim.name());
        }
    }
}
