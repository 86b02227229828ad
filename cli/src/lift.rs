//! `tailorbird lift`: whether the variations of an experiment differ, from the sums of each.

mod report;
mod results;

use std::path::PathBuf;

use tailorbird_cli::statistics::lift::chance::Chance;
use tailorbird_cli::statistics::lift::covariate::{Cuped, Paired};
use tailorbird_cli::statistics::lift::proportion::Proportion;
use tailorbird_cli::statistics::lift::sample_ratio::SampleRatio;
use tailorbird_cli::statistics::lift::sequence::Sequence;
use tailorbird_cli::statistics::lift::welch::Welch;
use tailorbird_cli::statistics::lift::{Difference, Interval, VariationSums};

use crate::arguments::{EXIT_CODES, share};
use crate::ending::{Ending, print};
use results::Variation;

/// In how many visitors sequences are narrowest: GrowthBook's default.
pub const TUNED_FOR: f64 = 5_000.0;

/// Tell whether the variations of an experiment differ from the control
///
/// The results are sums alone, in a CSV file with one row a variation and a header, in any order:
///   variation                            its name
///   n                                    how many visitors met it
///   sum, sum_squares                     of what each came to, 1 or 0 for converted or not, and its square
///   x_sum, x_sum_squares, xy_sum         optional: of what was known of each before the experiment began,
///                                        its square, and its product with the outcome; used by CUPED
///   weight                               optional: the share of visitors it should get, in any unit
///
/// Every problem is named with its line, and nothing is computed before all are gone.
///
/// What is printed of each variation against the control:
///   difference      of the means; relative lift is its share of the control's mean (delta method)
///   for one look    Welch's interval and p: right at one look, at a time fixed beforehand
///   at every look   a confidence sequence and its p: right however often they are looked at, whenever
///                   the experiment ends; asymptotic, narrowest about 5000 visitors
///   chance to win   that the variation is better, after Bayes with flat priors: exactly for conversions,
///                   by the normal distribution for other values
///   expected loss   what choosing it costs on average, counting only where it is worse
/// and, of all, whether visitors were split by the weights: a chi-squared test that warns below p = 0.001.
///
/// With --json one object is printed: {"alpha", "tuned_for", "control", "sample_ratio": {"chi_squared",
/// "degrees", "p", "alarm"}, "cuped": {"theta", "explained"}, "variations": [{"variation", "n", "mean",
/// "variance"}], "comparisons": [{"variation", "difference", "standard_error", "relative",
/// "relative_interval", "interval", "welch": {"t", "degrees", "p"}, "sequence", "sequence_p", "e_value",
/// "chance_to_win", "expected_loss", "posterior", "cuped": {the same}}]}. What cannot be said is null.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Lift {
    /// The results, one row a variation
    #[arg(long = "in", value_name = "FILE.csv")]
    results: PathBuf,
    /// What the others are compared with; the first row where it is not said
    #[arg(long, value_name = "VARIATION")]
    control: Option<String>,
    /// How often an interval may miss the truth
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.05")]
    alpha: f64,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// All statistics of an experiment.
struct Analysis {
    alpha: f64,
    /// The control's index among the variations.
    control: usize,
    variations: Vec<Variation>,
    sample_ratio: Option<SampleRatio>,
    cuped: Option<Cuped>,
    comparisons: Vec<Comparison>,
}

/// One variation against the control.
struct Comparison {
    /// Its index among the variations.
    variation: usize,
    plain: Statistics,
    /// The same after what was known before is taken out.
    adjusted: Option<Statistics>,
}

/// The statistics of two variations; `None` where one cannot be computed.
struct Statistics {
    difference: Option<f64>,
    standard_error: Option<f64>,
    relative: Option<f64>,
    relative_interval: Option<Interval>,
    /// For one look.
    interval: Option<Interval>,
    welch: Option<Welch>,
    /// For every look.
    sequence: Option<Interval>,
    sequence_p: Option<f64>,
    e_value: Option<f64>,
    chance: Option<Chance>,
    /// Whether the chance is that of two rates, and not of a normal difference.
    of_rates: bool,
}

impl Lift {
    /// Compares every variation with the control, and prints what came of it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or has problems, and when there is no such control.
    pub fn run(&self) -> Result<(), Ending> {
        let variations = results::read(&self.results)?;
        let control = match &self.control {
            None => 0,
            Some(name) => variations.iter().position(|known| known.name == *name).ok_or_else(|| {
                let names: Vec<&str> = variations.iter().map(|known| known.name.as_str()).collect();
                Ending::Misuse(format!("--control is {name:?}, expected one of {}", names.join(", ")))
            })?,
        };
        let analysis = Analysis::of(variations, control, self.alpha);
        print(&if self.json { format!("{}\n", analysis.json()) } else { analysis.text(&self.results) })
    }
}

impl Analysis {
    fn of(variations: Vec<Variation>, control: usize, alpha: f64) -> Analysis {
        let (counts, weights): (Vec<f64>, Vec<f64>) =
            variations.iter().map(|known| (known.sums.n(), known.weight)).unzip();
        let paired: Option<Vec<Paired>> = variations.iter().map(|known| known.paired).collect();
        let cuped = paired.and_then(|paired| Cuped::learn(&paired));
        let mut comparisons = Vec::new();
        if let Some(base) = variations.get(control) {
            let others = variations.iter().enumerate().filter(|(index, _)| *index != control);
            comparisons.extend(others.map(|(index, other)| Comparison {
                variation: index,
                plain: Statistics::of(
                    &base.sums,
                    &other.sums,
                    base.conversions.as_ref().zip(other.conversions.as_ref()),
                    alpha,
                ),
                adjusted: cuped.and_then(|cuped| {
                    let adjust = |variation: &Variation| variation.paired.and_then(|paired| cuped.adjust(&paired));
                    Some(Statistics::of(&adjust(base)?, &adjust(other)?, None, alpha))
                }),
            }));
        }
        let sample_ratio = SampleRatio::test(&counts, &weights);
        Analysis { alpha, control, variations, sample_ratio, cuped, comparisons }
    }
}

impl Statistics {
    fn of(
        control: &VariationSums,
        treatment: &VariationSums,
        rates: Option<(&Proportion, &Proportion)>,
        alpha: f64,
    ) -> Statistics {
        let difference = Difference::between(control, treatment);
        let means = control.mean().zip(treatment.mean());
        // Also where its interval cannot be computed: without any conversion it is -1.
        let relative = means.map(|(control, treatment)| (treatment - control) / control.abs());
        let welch = Welch::test(control, treatment);
        let sequence = Sequence::new(alpha, TUNED_FOR);
        let at_every_look = sequence.as_ref().zip(difference.as_ref());
        Statistics {
            difference: means.map(|(control, treatment)| treatment - control),
            standard_error: difference.map(|difference| difference.standard_error),
            relative: relative.filter(|relative| relative.is_finite()),
            relative_interval: Difference::relative(control, treatment).and_then(|relative| relative.interval(alpha)),
            interval: welch.and_then(|welch| welch.interval(alpha)),
            welch,
            sequence: at_every_look.and_then(|(sequence, difference)| sequence.interval(difference)),
            sequence_p: at_every_look.and_then(|(sequence, difference)| sequence.p(difference)),
            e_value: at_every_look.and_then(|(sequence, difference)| sequence.e_value(difference)),
            chance: match rates {
                Some((control, treatment)) => Some(Chance::of_rates(control, treatment)),
                None => difference.as_ref().and_then(Chance::of_difference),
            },
            of_rates: rates.is_some(),
        }
    }
}
