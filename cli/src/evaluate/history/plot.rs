//! The plot of a history: three lines over the years, as an SVG that reads well on light and on dark.

use std::fmt::Write;

use super::Month;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 64.0;
const PANEL: f64 = 110.0;
const GAP: f64 = 44.0;

const STYLE: &str = "\
svg { background: #fff; color: #1b1f24 }
text { font: 13px system-ui, sans-serif; fill: currentColor }
.title { font-size: 17px; font-weight: 600 }
.quiet { opacity: .7 }
.grid { stroke: currentColor; stroke-opacity: .18 }
.line { fill: none; stroke: #0a66c2; stroke-width: 2; stroke-linejoin: round }
@media (prefers-color-scheme: dark) { svg { background: #12161b; color: #e6e9ec } .line { stroke: #6cb6ff } }";

/// One panel: what it shows, in which unit, and how it is read off a month.
type Panel = (&'static str, fn(&Month) -> f64);

const PANELS: [Panel; 3] = [
    ("Stored profile, KB", |month| month.bytes / 1e3),
    ("Memory the engine holds, KB", |month| month.memory / 1e3),
    ("One event, median, µs", |month| month.micros),
];

/// The whole plot.
pub fn plot(months: &[Month], years: u32, a_day: u32) -> String {
    let height = TOP + 3.0 * (PANEL + GAP);
    let title = format!("{years} year{} of {a_day} events a day", if years == 1 { "" } else { "s" });
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"title\">\n\
         <title id=\"title\">{title}: what is stored, what memory it takes, and what an event costs</title>\n\
         <style>\n{STYLE}\n</style>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"28\">{title}</text>\n"
    );
    for (place, (name, value)) in PANELS.into_iter().enumerate() {
        let top = TOP + f64::from(u32::try_from(place).unwrap_or(0)) * (PANEL + GAP);
        panel(&mut out, months, years, top, name, value);
    }
    out.push_str("</svg>\n");
    out
}

fn panel(out: &mut String, months: &[Month], years: u32, top: f64, name: &str, value: fn(&Month) -> f64) {
    let highest = months.iter().map(value).fold(0.0, f64::max);
    let step = nice(highest / 2.0);
    let most = (highest / step).ceil().max(1.0) * step;
    let bottom = top + PANEL;
    let y = |value: f64| bottom - value / most * PANEL;
    let x = |year: f64| LEFT + year / f64::from(years.max(1)) * (WIDTH - LEFT - RIGHT);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{:.1}\">{name}</text>", top - 8.0);
    let mut mark = 0.0;
    while mark <= most {
        let (end, at, label) = (WIDTH - RIGHT, y(mark), number(mark));
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{end}\"/><text class=\"quiet\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{label}</text>",
            LEFT - 8.0,
            at + 4.5
        );
        mark += step;
    }
    for year in 0..=years {
        let _ = writeln!(
            out,
            "<text class=\"quiet\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(f64::from(year)),
            bottom + 18.0,
            if year == years { format!("{year} y.") } else { year.to_string() }
        );
    }
    let points: Vec<String> =
        months.iter().map(|month| format!("{:.1} {:.1}", x(month.years), y(value(month)))).collect();
    let _ = writeln!(out, "<path class=\"line\" d=\"M{}\"/>", points.join("L"));
}

/// The next of 1, 2, 5, 10, 20, 50, ... that is not below it.
fn nice(least: f64) -> f64 {
    let mut unit = 0.01;
    loop {
        for times in [1.0, 2.0, 5.0] {
            if unit * times >= least || unit > 1e9 {
                return unit * times;
            }
        }
        unit *= 10.0;
    }
}

fn number(value: f64) -> String {
    format!("{:.2}", value).trim_end_matches('0').trim_end_matches('.').to_owned()
}
