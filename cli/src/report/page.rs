//! A page with plots beside the tables: SVG, and no script.

use std::fmt::Write as _;

use plotters::prelude::*;

use super::analysis::Analysis;
use super::text::{outcome_name, percent, range};
use crate::ending::Ending;
use crate::figures::{number, signed};

const WIDTH: u32 = 640;
/// The height of a row, and of what stands above and below all of them.
const ROW: u32 = 34;
const AROUND: u32 = 60;
const FONT: &str = "system-ui, sans-serif";

const STYLE: &str = "\
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { padding: .3rem .8rem; text-align: left; border-bottom: 1px solid #8884 }
td.number { text-align: right; font-variant-numeric: tabular-nums }
svg { max-width: 100%; height: auto; background: #fff; color: #1b1f24 }
svg text { fill: currentColor }
svg line, svg polyline { stroke: currentColor; stroke-opacity: .25 }
svg polyline[stroke-width=\"3\"] { stroke: #0a66c2; stroke-opacity: 1 }
svg circle { fill: #0a66c2; stroke: #0a66c2 }
@media (prefers-color-scheme: dark) {
  svg { background: #12161b; color: #e6e9ec }
  svg polyline[stroke-width=\"3\"] { stroke: #6cb6ff }
  svg circle { fill: #6cb6ff; stroke: #6cb6ff }
}";

/// One row of a plot: its name, and in percent the estimate and the bounds of its interval.
type Row = (String, f64, [f64; 2]);

/// The whole page.
///
/// # Errors
///
/// When a plot cannot be drawn.
pub fn html(analyses: &[Analysis]) -> Result<String, Ending> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Reports on experiments</title>\n\
         <style>\n{STYLE}\n</style>\n<h1>Reports on experiments</h1>\n"
    );
    for analysis in analyses {
        let drawn = analysis.write_html(&mut page);
        drawn.map_err(|error| Ending::Problems(format!("the plot cannot be drawn: {error}")))?;
    }
    Ok(page)
}

impl Analysis {
    fn write_html(&self, page: &mut String) -> Result<(), Box<dyn std::error::Error>> {
        let _ = writeln!(page, "<h2>{}</h2>", escaped(&self.title()));
        let share = |share: &tailorbird_cli::statistics::noisy_share::Share| {
            let bounds = [share.interval.lower, share.interval.upper].map(|bound| 100.0 * bound);
            (100.0 * share.estimate, bounds)
        };
        let rows: Vec<Row> = self
            .variations
            .iter()
            .map(|variation| {
                let (estimate, bounds) = share(&variation.reached);
                (variation.key.clone(), estimate, bounds)
            })
            .collect();
        page.push_str(&plot("Visitors who reached the goal, in percent", &rows)?);
        let cells = self.variations.iter().map(|variation| {
            let reached = &variation.reached;
            [variation.key.clone(), variation.reports.to_string(), percent(reached.estimate), range(reached.interval)]
        });
        write_table(page, ["variation", "reports", "reached", "interval"], cells);
        if self.group.outcomes > 2 {
            for variation in &self.variations {
                let rows: Vec<Row> = variation
                    .outcomes
                    .iter()
                    .enumerate()
                    .map(|(outcome, estimate)| {
                        let (estimate, bounds) = share(estimate);
                        (outcome_name(outcome, self.group.outcomes), estimate, bounds)
                    })
                    .collect();
                page.push_str(&plot(&format!("{}: visitors with each outcome, in percent", variation.key), &rows)?);
                let cells = variation.outcomes.iter().enumerate().map(|(outcome, share)| {
                    let name = outcome_name(outcome, self.group.outcomes);
                    [variation.key.clone(), name, percent(share.estimate), range(share.interval)]
                });
                write_table(page, ["variation", "outcome", "share", "interval"], cells);
            }
        }
        if let Some(split) = self.sample_ratio {
            let words = if split.is_alarming() { "not split as intended" } else { "split as intended" };
            let (chi_squared, p) = (number(split.chi_squared), number(split.p));
            let _ = writeln!(page, "<p>The reports are {words} (chi\u{b2} {chi_squared}, p {p}).</p>");
        }
        let rows: Vec<Row> = self
            .comparisons
            .iter()
            .filter_map(|comparison| {
                let bounds = comparison.interval?;
                let bounds = [bounds.lower, bounds.upper].map(|bound| 100.0 * bound);
                Some((self.key(comparison.variation).to_owned(), 100.0 * comparison.difference.estimate, bounds))
            })
            .collect();
        if !rows.is_empty() {
            let control = self.key(self.control);
            page.push_str(&plot(&format!("Difference from {control}, in percentage points"), &rows)?);
            let cells = self.comparisons.iter().map(|comparison| {
                [
                    self.key(comparison.variation).to_owned(),
                    signed(100.0 * comparison.difference.estimate),
                    comparison.detectable.map_or("-".to_owned(), |least| number(100.0 * least)),
                    anstream::adapter::strip_str(&self.verdict(comparison)).to_string(),
                ]
            });
            write_table(page, ["variation", "points", "detectable", "verdict"], cells);
        }
        Ok(())
    }
}

/// An interval for each row, with its estimate; 0 is always part of the axis.
fn plot(title: &str, rows: &[Row]) -> Result<String, Box<dyn std::error::Error>> {
    let bounds = || rows.iter().flat_map(|(_, estimate, [lower, upper])| [*estimate, *lower, *upper]);
    let (least, most) = (bounds().fold(0.0, f64::min), bounds().fold(0.0, f64::max));
    let room = 0.05 * (most - least).max(0.1);
    let count = u32::try_from(rows.len())?;
    let names: Vec<String> = rows.iter().map(|(name, ..)| name.clone()).collect();
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, AROUND + ROW * count)).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .caption(title, (FONT, 16))
            .margin(6)
            .margin_right(24)
            .x_label_area_size(24)
            .y_label_area_size(120)
            // Segments include the end of their range, which stays empty: a range of one is none.
            .build_cartesian_2d((least - room)..(most + room), (0..count).into_segmented())?;
        // The first row stands on top.
        let place = |index: usize| u32::try_from(index).map(|index| count - 1 - index);
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .x_labels(7)
            .y_labels(rows.len() + 1)
            .y_label_formatter(&|segment| match segment {
                SegmentValue::CenterOf(row) => {
                    let index = (count - 1).checked_sub(*row).and_then(|index| usize::try_from(index).ok());
                    index.and_then(|index| names.get(index)).cloned().unwrap_or_default()
                }
                SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
            })
            .label_style((FONT, 14))
            .draw()?;
        for (index, (_, estimate, [lower, upper])) in rows.iter().enumerate() {
            let row = || place(index).map(SegmentValue::CenterOf);
            chart.draw_series(LineSeries::new([(*lower, row()?), (*upper, row()?)], BLUE.stroke_width(3)))?;
            chart.draw_series([Circle::new((*estimate, row()?), 5, BLUE.filled())])?;
        }
        root.present()?;
    }
    let described = format!(" role=\"img\">\n<title>{}</title>\n", escaped(title));
    Ok(svg.replacen(">\n", &described, 1))
}

fn write_table<const N: usize>(page: &mut String, head: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    page.push_str("<table>\n<tr>");
    head.iter().for_each(|name| page.push_str(&format!("<th scope=\"col\">{name}</th>")));
    page.push_str("</tr>\n");
    for row in rows {
        page.push_str("<tr>");
        row.iter().for_each(|cell| page.push_str(&format!("<td>{}</td>", escaped(cell))));
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
}

/// Text within HTML: keys of variations come from whoever can send a report.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
