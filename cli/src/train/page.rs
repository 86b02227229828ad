//! `report.html`: what was read, what came of it, and how good it is, as one page without scripts.

use super::figures::{Figures, LastDay, Shown, Size, Value, day_name};
use crate::document::plot::Plot;
use crate::document::{Block, Document, code, html, table};
use crate::ending::Ending;
use crate::figures::number;
use crate::fit::purchases::MOST;

/// The whole page. The same figures give the same bytes.
///
/// # Errors
///
/// When a plot cannot be drawn.
pub fn html(figures: &Figures) -> Result<String, Ending> {
    let mut blocks = read(figures);
    blocks.extend(left_out(figures));
    blocks.extend(days(figures)?);
    blocks.extend(lengths(figures)?);
    blocks.extend(popularity(figures)?);
    blocks.extend(figures.last_day.as_ref().map(last_day).unwrap_or_default());
    if let Some(value) = &figures.value {
        blocks.extend(worth(value)?);
    }
    blocks.extend(shown(figures));
    blocks.extend(sizes(figures));
    let title = format!("The model {}", code(&figures.model));
    let lead = "What it was learned from, how well it predicts, and how large it is. The page is for the site alone: \
                unlike the model it counts what few visitors did. Its numbers are in `report.csv` as well.";
    Ok(html::html(&Document { title, lead: lead.to_owned(), blocks }))
}

fn heading(title: &str) -> Block {
    Block::Heading(title.to_owned())
}

fn text(text: impl Into<String>) -> Block {
    Block::Text(text.into())
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

/// A share in percent, and nothing of nothing.
fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.1} %", 100.0 * part / whole) } else { "-".to_owned() }
}

fn read(figures: &Figures) -> Vec<Block> {
    let rows: u64 = figures.files.iter().map(|file| file.rows).sum();
    let bad: u64 = figures.files.iter().map(|file| file.bad_rows).sum();
    let files =
        figures.files.iter().map(|file| vec![code(&file.name), file.rows.to_string(), file.bad_rows.to_string()]);
    let mut blocks = vec![
        heading("What was read"),
        text(format!(
            "{rows} events, of {} rows; {bad} rows ({}) could not be read.",
            rows + bad,
            percent(as_f64(bad), as_f64(rows + bad))
        )),
        table("Files", &["file", "events", "bad rows"], files.collect()),
    ];
    if !figures.bad_rows.is_empty() {
        let reasons = figures
            .bad_rows
            .iter()
            .map(|bad| vec![code(&bad.file), code(&bad.why), bad.rows.to_string(), code(&bad.example)]);
        blocks.push(table("Rows that could not be read", &["file", "why", "rows", "one of them"], reasons.collect()));
    }
    blocks
}

fn left_out(figures: &Figures) -> Vec<Block> {
    if figures.left_out.is_empty() {
        return Vec::new();
    }
    let rows = figures.left_out.iter().map(|out| vec![code(&out.what), out.count.to_string(), code(&out.why)]);
    vec![
        heading("What is not in the model"),
        text("The model is public, so that nothing is in it that few visitors have in common."),
        table("Left out", &["what", "how many", "why"], rows.collect()),
    ]
}

fn days(figures: &Figures) -> Result<Vec<Block>, Ending> {
    let (Some(first), Some(last)) = (figures.days.first(), figures.days.last()) else { return Ok(Vec::new()) };
    // A day is far below 2^53, and where it is not the plot may be wrong by a day.
    #[allow(clippy::cast_precision_loss, reason = "see above")]
    let points: Vec<(f64, f64)> = figures.days.iter().map(|day| (day.day as f64, as_f64(day.visits))).collect();
    #[allow(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let plot = Plot::line("Visits a day", &points, &|day| day_name(day.floor() as i64))?;
    let rows = figures.days.iter().map(|day| {
        let counts = [day.visits, day.visitors, day.clicks, day.purchases];
        std::iter::once(day_name(day.day)).chain(counts.map(|count| count.to_string())).collect()
    });
    let covered = last.day.saturating_sub(first.day).saturating_add(1);
    Ok(vec![
        heading("Days"),
        text(format!(
            "From {} to {}, by UTC: {} of {covered} days have visits.",
            day_name(first.day),
            day_name(last.day),
            figures.days.len()
        )),
        Block::Plot(plot),
        table("Each day", &["day", "visits", "visitors", "clicks", "purchases"], rows.collect()),
    ])
}

fn lengths(figures: &Figures) -> Result<Vec<Block>, Ending> {
    if figures.lengths.is_empty() {
        return Ok(Vec::new());
    }
    let name = |clicks: u64| if clicks >= figures.most_clicks { format!("{clicks}+") } else { clicks.to_string() };
    let bars: Vec<(String, Vec<f64>)> =
        figures.lengths.iter().map(|length| (name(length.clicks), vec![as_f64(length.visits)])).collect();
    let all = as_f64(figures.lengths.iter().map(|length| length.visits).sum());
    let rows = figures
        .lengths
        .iter()
        .map(|length| vec![name(length.clicks), length.visits.to_string(), percent(as_f64(length.visits), all)]);
    Ok(vec![
        heading("How long visits are"),
        Block::Plot(Plot::bars("Visits by number of clicks", &bars)?),
        table("Visits by number of clicks", &["clicks", "visits", "share"], rows.collect()),
    ])
}

fn popularity(figures: &Figures) -> Result<Vec<Block>, Ending> {
    let Some(all) = figures.popularity.last() else { return Ok(Vec::new()) };
    let share = |part: u64, whole: u64| 100.0 * as_f64(part) / as_f64(whole.max(1));
    let of = figures.popularity.iter();
    let points: Vec<(f64, f64)> = std::iter::once((0.0, 0.0))
        .chain(of.map(|point| (share(point.items, all.items), share(point.visits, all.visits))))
        .collect();
    let title = "Visits to the most popular items, in percent, by percent of items";
    let rows = figures.popularity.iter().map(|point| {
        vec![point.items.to_string(), point.visits.to_string(), percent(as_f64(point.visits), as_f64(all.visits))]
    });
    Ok(vec![
        heading("Popularity"),
        text("How much of what is seen are a few items. A visit to two items counts twice."),
        Block::Plot(Plot::line(title, &points, &|place| format!("{place:.0}"))?),
        table("Visits to the most popular items", &["items", "visits", "share"], rows.collect()),
    ])
}

fn last_day(last: &LastDay) -> Vec<Block> {
    let row = |name: &str, of: fn(&super::figures::Hits) -> f64| {
        vec![name.to_owned(), format!("{:.4}", of(&last.model)), format!("{:.4}", of(&last.popular))]
    };
    vec![
        heading("How well the next item is predicted"),
        text(format!(
            "A model of the days before {} predicted each next item of {} visits of that day: {} items.",
            day_name(last.day),
            last.visits,
            last.predicted
        )),
        table(
            "The last day, predicted from the days before",
            &["figure", "model", "popular items"],
            vec![
                row("among the first 20 (hit rate)", |hits| hits.hr20),
                row("mean reciprocal rank, 0 beyond 20", |hits| hits.mrr20),
            ],
        ),
    ]
}

fn worth(value: &Value) -> Result<Vec<Block>, Ending> {
    let name = |times: u32| if times >= MOST { format!("{times}+") } else { times.to_string() };
    let bars: Vec<(String, Vec<f64>)> =
        value.purchases.iter().map(|entry| (name(entry.times), vec![as_f64(entry.observed), entry.expected])).collect();
    let counts = value
        .purchases
        .iter()
        .map(|entry| vec![name(entry.times), entry.observed.to_string(), format!("{:.1}", entry.expected)]);
    let parameters = value.parameters.iter().map(|(name, parameter)| vec![code(name), number(*parameter)]);
    let title = "Customers by days on which they bought again: counted, and expected beside it";
    let mut blocks = vec![
        heading("What customers are worth"),
        text(format!("{} customers, of whom {} bought again for money.", value.customers, value.repeated)),
        Block::Plot(Plot::bars(title, &bars)?),
        table("Customers by days on which they bought again", &["days", "counted", "expected"], counts.collect()),
        table("Parameters of BG/NBD and Gamma-Gamma", &["parameter", "value"], parameters.collect()),
    ];
    if let Some(correlation) = value.correlation {
        blocks.push(text(format!(
            "Frequency and spending correlate by {correlation:.3}; Gamma-Gamma takes them for independent."
        )));
    }
    blocks.extend([text("For the config:"), Block::Code(value.section.clone())]);
    Ok(blocks)
}

fn shown(figures: &Figures) -> Vec<Block> {
    if figures.shown.is_empty() {
        return Vec::new();
    }
    let rows = figures.shown.iter().map(|shown| {
        let Shown { variant, visits, goals, prior } = shown;
        let share = percent(as_f64(*goals), as_f64(*visits));
        let prior = prior.as_ref().map_or("-".to_owned(), |prior| code(&prior.to_string()));
        vec![code(variant), visits.to_string(), goals.to_string(), share, prior]
    });
    vec![
        heading("What was shown"),
        text(
            "Visits in which each variant was shown, and of them those in which something was bought once it was shown. \
             A bandit may start from the prior, if its goal is a purchase.",
        ),
        table("Variants that were shown", &["variant", "visits", "bought", "share", "prior"], rows.collect()),
    ]
}

fn sizes(figures: &Figures) -> Vec<Block> {
    let row = |size: &Size| vec![code(&size.name), size.bytes.to_string(), size.brotli.to_string()];
    let mut blocks = vec![heading("How large it is")];
    blocks.push(table(
        "Sections of the model",
        &["section", "bytes", "brotli"],
        figures.sections.iter().map(row).collect(),
    ));
    if !figures.shards.is_empty() {
        let shards = figures.shards.iter().map(row).collect();
        blocks.push(table("Files of categories", &["file", "bytes", "brotli"], shards));
    }
    blocks
}

#[cfg(test)]
mod tests;
