//! `tailorbird evaluate peeking`: how often repeated looks at a test without any difference report
//! one, by a confidence sequence and by the interval for one look.

use clap::value_parser;
use serde_json::{Value, json};
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::sequence::Sequence;
use tailorbird_cli::statistics::lift::welch::Welch;
use tailorbird_cli::statistics::lift::{Difference, VariationSums};

use super::chance::{Chance, share_of};
use crate::arguments::{EXIT_CODES, share};
use crate::ending::{Ending, print};
use crate::lift::TUNED_FOR;
use crate::progress::bar;
use crate::style::{HEADING, Left, Right, paint, table};

/// How often an interval may exclude a difference of 0 that is the truth.
const ALPHA: f64 = 0.05;

/// Count false alarms of tests that are looked at again and again
///
/// Simulates tests of two variations that do not differ, looks at each again and again, and counts how many
/// are reported to differ: by the confidence sequence, which may be wrong in 5 % of all tests however often it
/// is looked at, and by the interval for one look, which is right at the last look alone.
///
/// The same seed gives the same visitors, whatever the machine.
///
/// With --json one object is printed: {"tests", "visitors", "every", "looks", "rate", "alpha", "tuned_for",
/// "seed", "sequence", "fixed", "fixed_at_the_last_look"}, the last three each {"false_alarms", "share",
/// "interval"}, the interval being that of the share, at 95 %.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Peeking {
    /// How many tests are simulated
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "2000")]
    tests: u32,
    /// How many visitors each test has, in both variations
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "20000")]
    visitors: u32,
    /// After how many visitors there is another look
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "100")]
    every: u32,
    /// The share of visitors who convert
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.1")]
    rate: f64,
    /// What makes the same visitors come again
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// In how many tests there was a false alarm.
#[derive(Debug, Default, PartialEq)]
struct Alarms {
    /// The confidence sequence excluded 0 at any look.
    sequence: u32,
    /// The interval for one look excluded 0 at any look.
    fixed: u32,
    /// The interval for one look excluded 0 at the last look, the only one it is made for.
    at_the_end: u32,
}

impl Peeking {
    /// Simulates the tests, and prints how many raised a false alarm.
    ///
    /// # Errors
    ///
    /// When there would be no look.
    pub fn run(&self) -> Result<(), Ending> {
        if self.every > self.visitors {
            let (every, most) = (self.every, self.visitors);
            return Err(Ending::Misuse(format!("--every is {every}, expected at most --visitors {most}")));
        }
        let mut alarms = Alarms::default();
        let progress = bar("simulating", u64::from(self.tests));
        for test in 0..self.tests {
            alarms.count(self, test);
            progress.inc(1);
        }
        progress.finish_and_clear();
        print(&if self.json { format!("{}\n", alarms.json(self)) } else { alarms.text(self) })
    }
}

impl Alarms {
    /// Runs one test to its end, whatever was seen on the way.
    fn count(&mut self, task: &Peeking, test: u32) {
        let Some(sequence) = Sequence::new(ALPHA, TUNED_FOR) else { return };
        let mut chance = Chance::of(task.seed, test);
        let (mut visitors, mut conversions) = ([0_u32; 2], [0_u32; 2]);
        let (mut by_sequence, mut by_interval, mut at_the_end) = (false, false, false);
        for visitor in 1..=task.visitors {
            let draw = chance.next();
            let variation = usize::from(draw & 1 == 1);
            let converted = share_of(draw) < task.rate;
            for (counts, more) in [(&mut visitors, true), (&mut conversions, converted)] {
                if let Some(count) = counts.get_mut(variation) {
                    *count += u32::from(more);
                }
            }
            if visitor % task.every != 0 {
                continue;
            }
            let [control, treatment] = [0, 1]
                .map(|variation| VariationSums::of_conversions(at(&conversions, variation), at(&visitors, variation)));
            let Some((control, treatment)) = control.zip(treatment) else { continue };
            let difference = Difference::between(&control, &treatment);
            let interval = difference.and_then(|difference| sequence.interval(&difference));
            by_sequence |= interval.is_some_and(|interval| !interval.contains(0.0));
            // The interval excludes 0 exactly where p is below alpha, and p is found sooner.
            at_the_end = Welch::test(&control, &treatment).is_some_and(|welch| welch.p < ALPHA);
            by_interval |= at_the_end;
        }
        self.sequence += u32::from(by_sequence);
        self.fixed += u32::from(by_interval);
        self.at_the_end += u32::from(at_the_end);
    }

    fn named(&self) -> [(&'static str, &'static str, u32); 3] {
        [
            ("sequence", "confidence sequence, at any look", self.sequence),
            ("fixed", "interval for one look, at any look", self.fixed),
            ("fixed_at_the_last_look", "interval for one look, at the last one", self.at_the_end),
        ]
    }

    fn json(&self, task: &Peeking) -> Value {
        let mut report = json!({
            "tests": task.tests,
            "visitors": task.visitors,
            "every": task.every,
            "looks": task.visitors / task.every,
            "rate": task.rate,
            "alpha": ALPHA,
            "tuned_for": TUNED_FOR,
            "seed": task.seed,
        });
        if let Some(report) = report.as_object_mut() {
            for (key, _, count) in self.named() {
                let share = Share::of(count, task.tests);
                let interval = [share.lower, share.upper];
                report
                    .insert(key.to_owned(), json!({"false_alarms": count, "share": share.share, "interval": interval}));
            }
        }
        report
    }

    fn text(&self, task: &Peeking) -> String {
        let (looks, percent) = (task.visitors / task.every, 100.0 * task.rate);
        let rows = self.named().map(|(_, words, count)| {
            let Share { share, lower, upper } = Share::of(count, task.tests);
            let [share, lower, upper] = [share, lower, upper].map(|share| 100.0 * share);
            let interval = format!("(95 % from {lower:.1} % to {upper:.1} %)");
            [words.to_owned(), count.to_string(), format!("{share:.1} %"), interval]
        });
        format!(
            "{} tests of two variations that do not differ, {} visitors each, of whom {percent} % convert\n\
             {looks} looks, after every {} visitors; alpha {ALPHA}, seed {}\n\n{}\n{}",
            task.tests,
            task.visitors,
            task.every,
            task.seed,
            paint(HEADING, "false alarms"),
            table(None, [Left, Right, Right, Left], rows),
        )
    }
}

/// A share of all tests, with its Wilson interval at 95 %.
struct Share {
    share: f64,
    lower: f64,
    upper: f64,
}

impl Share {
    fn of(count: u32, tests: u32) -> Share {
        let share = f64::from(count) / f64::from(tests.max(1));
        let interval = Proportion::new(f64::from(count), f64::from(tests)).and_then(|share| share.wilson(0.05));
        let (lower, upper) = interval.map_or((share, share), |interval| (interval.lower, interval.upper));
        Share { share, lower, upper }
    }
}

fn at(counts: &[u32; 2], variation: usize) -> f64 {
    counts.get(variation).copied().map_or(0.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_can_raise_an_alarm() {
        // Whoever looks more often is misled more often, and less by a sequence.
        let task = Peeking { tests: 60, visitors: 2_000, every: 20, rate: 0.3, seed: 3, json: false };
        let mut alarms = Alarms::default();
        (0..task.tests).for_each(|test| alarms.count(&task, test));
        assert!(alarms.sequence < alarms.fixed && alarms.at_the_end < alarms.fixed, "{alarms:?}");
        let one = Peeking { visitors: 20, ..task };
        let mut few = Alarms::default();
        (0..one.tests).for_each(|test| few.count(&one, test));
        assert_eq!((few.fixed, few.sequence), (few.at_the_end, 0), "at one look there is but the last: {few:?}");
    }
}
