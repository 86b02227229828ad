//! A page about experiments, with plots beside the tables.

use super::analysis::Analysis;
use super::text::{outcome_name, percent, range};
use crate::document::plot::{Plot, Row};
use crate::document::{Block, Document, code, html, table};
use crate::ending::Ending;
use crate::figures::{number, signed};

/// The whole page.
///
/// # Errors
///
/// When a plot cannot be drawn.
pub fn html(analyses: &[Analysis]) -> Result<String, Ending> {
    let mut blocks = Vec::new();
    for analysis in analyses {
        blocks.extend(analysis.blocks()?);
    }
    let lead = "What reports with noise say: estimates without bias, with their intervals.";
    Ok(html::html(&Document { title: "Reports on experiments".to_owned(), lead: lead.to_owned(), blocks }))
}

impl Analysis {
    fn blocks(&self) -> Result<Vec<Block>, Ending> {
        // Keys come from whoever can send a report.
        let (title, experiment) = (self.title(), &self.group.experiment);
        let rest = title.strip_prefix(experiment.as_str()).unwrap_or_default();
        let mut blocks = vec![Block::Heading(format!("{}{rest}", code(experiment)))];
        let share = |share: &tailorbird_cli::statistics::noisy_share::Share| {
            let bounds = [share.interval.lower, share.interval.upper].map(|bound| 100.0 * bound);
            (100.0 * share.estimate, bounds)
        };
        let row = |name: String, (estimate, bounds): (f64, [f64; 2])| -> Row { (name, estimate, bounds) };
        let rows: Vec<Row> =
            self.variations.iter().map(|variation| row(variation.key.clone(), share(&variation.reached))).collect();
        blocks.push(Block::Plot(Plot::intervals("Visitors who reached the goal, in percent", &rows)?));
        let cells = self.variations.iter().map(|variation| {
            let reached = &variation.reached;
            vec![
                code(&variation.key),
                variation.reports.to_string(),
                percent(reached.estimate),
                range(reached.interval),
            ]
        });
        let head = &["variation", "reports", "reached", "interval"];
        blocks.push(table(format!("Visitors who reached the goal: {}", self.title()), head, cells.collect()));
        if self.group.outcomes > 2 {
            for variation in &self.variations {
                let outcomes = || (0..).zip(&variation.outcomes);
                let name = |outcome| outcome_name(outcome, self.group.outcomes);
                let rows: Vec<Row> =
                    outcomes().map(|(outcome, estimate)| row(name(outcome), share(estimate))).collect();
                let title = format!("{}: visitors with each outcome, in percent", variation.key);
                blocks.push(Block::Plot(Plot::intervals(&title, &rows)?));
                let cells = outcomes()
                    .map(|(outcome, share)| vec![name(outcome), percent(share.estimate), range(share.interval)]);
                let caption = format!("Visitors with each outcome: {}, {}", self.title(), variation.key);
                blocks.push(table(caption, &["outcome", "share", "interval"], cells.collect()));
            }
        }
        if let Some(split) = self.sample_ratio {
            let words = if split.is_alarming() { "not split as intended" } else { "split as intended" };
            let (chi_squared, p) = (number(split.chi_squared), number(split.p));
            blocks.push(Block::Text(format!("The reports are {words} (chi\u{b2} {chi_squared}, p {p}).")));
        }
        let rows: Vec<Row> = self
            .comparisons
            .iter()
            .filter_map(|comparison| {
                let bounds = comparison.interval?;
                let bounds = [bounds.lower, bounds.upper].map(|bound| 100.0 * bound);
                Some(row(self.key(comparison.variation).to_owned(), (100.0 * comparison.difference.estimate, bounds)))
            })
            .collect();
        if !rows.is_empty() {
            let title = format!("Difference from {}, in percentage points", self.key(self.control));
            blocks.push(Block::Plot(Plot::intervals(&title, &rows)?));
            let cells = self.comparisons.iter().map(|comparison| {
                vec![
                    code(self.key(comparison.variation)),
                    signed(100.0 * comparison.difference.estimate),
                    comparison.detectable.map_or("-".to_owned(), |least| number(100.0 * least)),
                    words(&anstream::adapter::strip_str(&self.verdict(comparison)).to_string()),
                ]
            });
            let head = &["variation", "points", "detectable", "verdict"];
            blocks.push(table(format!("{title}: {}", self.title()), head, cells.collect()));
        }
        Ok(blocks)
    }
}

/// Text with no code in it.
fn words(text: &str) -> String {
    text.replace('`', "'")
}
