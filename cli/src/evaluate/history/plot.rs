//! The plot of a history: a line for each figure over the years, as an SVG that reads well on light and on dark.

use plotters::prelude::*;

use super::Month;

const WIDTH: u32 = 720;
const TITLE: u32 = 40;
const PANEL: u32 = 150;
const FONT: &str = "system-ui, sans-serif";
/// Above the largest value there is some room.
const ROOM: f64 = 1.15;

/// What plotters draws is black and grey on white. These rules stand above its attributes, in light and in dark.
const STYLE: &str = "\
svg { background: #fff; color: #1b1f24 }
text { fill: currentColor }
line, polyline { stroke: currentColor; stroke-opacity: .25 }
polyline[stroke-width=\"2\"] { stroke: #0a66c2; stroke-opacity: 1 }
@media (prefers-color-scheme: dark) {
  svg { background: #12161b; color: #e6e9ec }
  polyline[stroke-width=\"2\"] { stroke: #6cb6ff }
}";

/// One panel: what it shows, in which unit, and how it is read off a month.
type Panel = (&'static str, fn(&Month) -> Option<f64>);

const PANELS: [Panel; 3] = [
    ("Stored profile, KB", |month| Some(month.bytes / 1e3)),
    ("Memory the engine holds, KB", |month| Some(month.memory? / 1e3)),
    ("One event, median, µs", |month| Some(month.micros)),
];

/// The whole plot. What was not measured has no panel.
///
/// # Errors
///
/// When it cannot be drawn.
pub fn plot(months: &[Month], years: u32, a_day: u32) -> Result<String, Box<dyn std::error::Error>> {
    let title = format!("{years} year{} of {a_day} events a day", if years == 1 { "" } else { "s" });
    let points = |value: fn(&Month) -> Option<f64>| {
        months.iter().filter_map(|month| Some((month.years, value(month)?))).collect::<Vec<_>>()
    };
    let panels: Vec<(&str, Vec<(f64, f64)>)> = PANELS
        .into_iter()
        .map(|(name, value)| (name, points(value)))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let mut out = String::new();
    {
        let height = TITLE + PANEL * u32::try_from(panels.len())?;
        let root = SVGBackend::with_string(&mut out, (WIDTH, height)).into_drawing_area();
        let below = root.titled(&title, (FONT, 21))?;
        for (area, (name, points)) in below.split_evenly((panels.len(), 1)).iter().zip(panels) {
            let highest = points.iter().map(|point| point.1).fold(0.0, f64::max);
            let mut chart = ChartBuilder::on(area)
                .caption(name, (FONT, 17))
                .margin(6)
                .margin_right(24)
                .x_label_area_size(22)
                .y_label_area_size(52)
                .build_cartesian_2d(0.0..f64::from(years), 0.0..highest.max(1e-3) * ROOM)?;
            chart
                .configure_mesh()
                .disable_x_mesh()
                .light_line_style(TRANSPARENT)
                .x_labels(usize::try_from(years)? + 1)
                .y_labels(4)
                .x_label_formatter(&|year| {
                    if *year < f64::from(years) { format!("{year}") } else { format!("{year} y.") }
                })
                .label_style((FONT, 16))
                .draw()?;
            chart.draw_series(LineSeries::new(points, BLUE.stroke_width(2)))?;
        }
        root.present()?;
    }
    let described = format!("{title}: what is stored, what memory it takes, and what an event costs");
    Ok(out.replacen(">\n", &format!(" role=\"img\">\n<title>{described}</title>\n<style>\n{STYLE}\n</style>\n"), 1))
}
