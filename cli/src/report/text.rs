//! What reports say, as JSON or for a person.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tailorbird_cli::statistics::lift::Interval;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
use tailorbird_cli::statistics::noisy_share::Share;

use super::POWER;
use super::analysis::{Analysis, Comparison, Variation, Verdict};
use crate::figures::{number, signed};
use crate::prior::{self, priors};
use crate::style::{GOOD, HEADING, Left, Right, WARNING, paint, table};

/// The one object of `--json`.
pub fn json(analyses: &[Analysis], reports: u64, left_out: u64, alpha: f64) -> Value {
    let experiments: Vec<Value> = analyses.iter().map(Analysis::json).collect();
    json!({"alpha": alpha, "power": POWER, "reports": reports, "left_out": left_out, "experiments": experiments})
}

/// The same for a person.
pub fn text(analyses: &[Analysis], path: &Path, reports: u64) -> String {
    let mut text = format!("{}: {reports} reports\n", path.display());
    analyses.iter().for_each(|analysis| analysis.write(&mut text));
    text
}

fn bounds(interval: Interval) -> [f64; 2] {
    [interval.lower, interval.upper]
}

fn share_json(share: &Share) -> Value {
    let Share { estimate, standard_error, interval } = share;
    json!({"estimate": estimate, "standard_error": standard_error, "interval": bounds(*interval)})
}

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share))
}

/// An interval in percent.
pub fn range(interval: Interval) -> String {
    format!("{} to {}", percent(interval.lower), percent(interval.upper))
}

/// What one outcome is.
pub fn outcome_name(outcome: usize, outcomes: usize) -> String {
    match outcome {
        0 => "not reached".to_owned(),
        _ if outcomes == 2 => "reached".to_owned(),
        band => format!("band {band}"),
    }
}

impl Analysis {
    fn json(&self) -> Value {
        let variation = |variation: &Variation| {
            json!({
                "variation": variation.key,
                "reports": variation.reports,
                "reached": share_json(&variation.reached),
                "outcomes": variation.outcomes.iter().map(share_json).collect::<Vec<_>>(),
                "prior": variation.prior(),
            })
        };
        let comparison = |comparison: &Comparison| {
            let relative = comparison.relative;
            json!({
                "variation": self.key(comparison.variation),
                "difference": comparison.difference.estimate,
                "standard_error": comparison.difference.standard_error,
                "interval": comparison.interval.map(bounds),
                "relative": relative.map(|relative| relative.estimate),
                "relative_interval": relative.and_then(|relative| relative.interval(self.alpha)).map(bounds),
                "detectable": comparison.detectable,
                "needed": comparison.needed,
                "verdict": comparison.verdict.name(),
            })
        };
        json!({
            "experiment": self.group.experiment,
            "epsilon": self.group.epsilon,
            "outcomes": self.group.outcomes,
            "reports": self.reports(),
            "from": self.days.0,
            "until": self.days.1,
            "control": self.key(self.control),
            "sample_ratio": self.sample_ratio.map(|split| {
                json!({"chi_squared": split.chi_squared, "degrees": split.degrees, "p": split.p,
                    "alarm": split.is_alarming()})
            }),
            "variations": self.variations.iter().map(variation).collect::<Vec<_>>(),
            "comparisons": self.comparisons.iter().map(comparison).collect::<Vec<_>>(),
        })
    }

    /// In one line: what it is about.
    pub fn title(&self) -> String {
        let hidden =
            if self.group.outcomes == 2 { String::new() } else { format!("{} outcomes, ", self.group.outcomes) };
        let (from, until) = &self.days;
        format!(
            "{}: {} reports, {hidden}epsilon {}, {from} to {until}",
            self.group.experiment,
            self.reports(),
            self.group.epsilon
        )
    }

    fn write(&self, text: &mut String) {
        let _ = writeln!(text, "\n{}\n", paint(HEADING, self.title()));
        let sure = format!("{} %", number(100.0 * (1.0 - self.alpha)));
        let rows = self.variations.iter().enumerate().map(|(place, variation)| {
            let role = if place == self.control { "control" } else { "" };
            let Share { estimate, interval, .. } = &variation.reached;
            [
                variation.key.clone(),
                variation.reports.to_string(),
                percent(*estimate),
                format!("{sure}: {}", range(*interval)),
                role.to_owned(),
            ]
        });
        let heads = Some(["variation", "reports", "reached", "", ""]);
        text.push_str(&table(heads, [Left, Right, Right, Left, Left], rows));
        if self.group.outcomes > 2 {
            self.write_outcomes(text);
        }
        let _ = writeln!(text, "\n{}", split(self.sample_ratio));
        for comparison in &self.comparisons {
            self.compare(text, comparison, &sure);
        }
        let priors = priors(self.variations.iter().map(|variation| (variation.key.as_str(), variation.prior())));
        text.push_str(&prior::text(&priors));
    }

    fn write_outcomes(&self, text: &mut String) {
        let rows = self.variations.iter().flat_map(|variation| {
            variation.outcomes.iter().enumerate().map(|(outcome, share)| {
                let name = outcome_name(outcome, self.group.outcomes);
                [variation.key.clone(), name, percent(share.estimate), range(share.interval)]
            })
        });
        text.push('\n');
        text.push_str(&table(Some(["variation", "outcome", "share", "interval"]), [Left, Left, Right, Left], rows));
    }

    fn compare(&self, text: &mut String, comparison: &Comparison, sure: &str) {
        let (variation, control) = (self.key(comparison.variation), self.key(self.control));
        let _ = writeln!(text, "\n{}", paint(HEADING, format!("{variation} against {control}")));
        let within = |interval: Option<Interval>| {
            interval.map_or(String::new(), |interval| {
                let [lower, upper] = bounds(interval).map(|bound| signed(100.0 * bound));
                format!(" ({sure}: {lower} to {upper})")
            })
        };
        let points = |share: f64| format!("{} points", signed(100.0 * share));
        let relative = comparison.relative.map_or("not enough data yet".to_owned(), |relative| {
            format!("{} %{}", signed(100.0 * relative.estimate), within(relative.interval(self.alpha)))
        });
        let detectable = comparison.detectable.map_or("not enough data yet".to_owned(), |least| {
            format!("{} points, with probability {POWER}", number(100.0 * least))
        });
        let rows = [
            ("difference", format!("{}{}", points(comparison.difference.estimate), within(comparison.interval))),
            ("relative lift", relative),
            ("detectable", detectable),
            ("verdict", self.verdict(comparison)),
        ];
        text.push_str(&table(None, [Left, Left], rows.map(|(what, words)| [what.to_owned(), words])));
    }

    /// The verdict in words.
    pub fn verdict(&self, comparison: &Comparison) -> String {
        let (variation, control) = (self.key(comparison.variation), self.key(self.control));
        match comparison.verdict {
            Verdict::Better => paint(GOOD, format!("{variation} is better than {control}")),
            Verdict::Worse => paint(WARNING, format!("{variation} is worse than {control}")),
            Verdict::WrongSplit => "none: visitors are not split as intended".to_owned(),
            Verdict::TooFew => "none: fewer than 1000 reports".to_owned(),
            Verdict::Undetectable => {
                let needed = comparison.needed.map_or(String::new(), |needed| {
                    format!("; if it is as large as it looks, that takes {needed:.0} reports of each")
                });
                format!("none: so many reports do not show a difference of this size{needed}")
            }
        }
    }
}

fn split(ratio: Option<SampleRatio>) -> String {
    let Some(ratio) = ratio else { return "one variation alone: nothing to compare it with".to_owned() };
    let figures = format!("chi\u{b2} {}, p {}", number(ratio.chi_squared), number(ratio.p));
    if ratio.is_alarming() {
        return format!(
            "{}: the reports are not split as intended ({figures}). A variation may change who comes back\n\
             or who allows measuring; trust no difference before that is found.",
            paint(WARNING, "WARNING"),
        );
    }
    format!("split as intended, as far as can be seen ({figures})")
}
