//! `tailorbird train --sessions` and `train --in`: the model of a site, which its pages load, from recorded sessions or
//! from a log.

mod log;
mod sessions;
mod sizes;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tailorbird_companion::publication::{Files, Learned, SHARD_ABOVE, SUPPORT};

use crate::ending::{Ending, print};
use crate::engine::EngineOptions;
use crate::files;
use crate::style::{Left, Right, table};
use crate::train::figures::Size;
use sizes::Sizes;

/// What a model is learned from, and where it goes.
#[derive(clap::Args)]
pub struct SiteModel {
    /// The recorded sessions, to learn the model of a site
    #[arg(long, value_name = "FILE.csv", required_unless_present = "log")]
    sessions: Option<PathBuf>,
    /// A log of the site: a file, a folder, or a pattern with `*`, `?` and `**`
    #[arg(long = "in", id = "log", value_name = "PATH", requires = "map", conflicts_with = "sessions")]
    log: Option<PathBuf>,
    /// What the columns of the log mean: a ready map by its name, or a file
    #[arg(long, value_name = "MAP", requires = "log")]
    map: Option<String>,
    /// Keep what was counted here, so that the next run reads only what is new
    #[arg(long, value_name = "DIR", requires = "log")]
    state: Option<PathBuf>,
    /// What goes into the hash by which visitors are told apart
    #[arg(long, value_name = "TEXT", requires = "log", default_value = "tailorbird")]
    salt: String,
    /// Print the SQL that would be run, and do nothing
    #[arg(long, requires = "log")]
    dry_run: bool,
    /// Write the model of the site here; site.tbm if it is not said
    #[arg(long, value_name = "FILE.tbm")]
    out: Option<PathBuf>,
    /// Write the sessions of each category into a file of its own where the model is larger than this
    #[arg(long, value_name = "BYTES", default_value_t = SHARD_ABOVE)]
    shard_above: usize,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineOptions,
}

/// How much was learned from.
struct Amount {
    visitors: Option<u64>,
    visits: u64,
}

impl SiteModel {
    /// Learns a model, writes it, and prints what is in it.
    ///
    /// # Errors
    ///
    /// When what it learns from cannot be read or has problems, when nothing can be learned from it, and when a file cannot
    /// be written.
    pub fn run(&self) -> Result<(), Ending> {
        match (&self.sessions, &self.log, &self.map) {
            (Some(sessions), _, _) => self.of_sessions(sessions),
            (None, Some(path), Some(map)) => self.of_log(path, map),
            // The arguments see to it.
            (None, _, _) => Ok(()),
        }
    }

    fn out(&self) -> &Path {
        self.out.as_deref().unwrap_or(Path::new("site.tbm"))
    }

    /// Writes the model, unless it would overwrite what it was learned from.
    fn write(&self, learned: Learned, read: &[PathBuf]) -> Result<Files, Ending> {
        let written = learned.files(self.out(), self.shard_above);
        let further = written.further.iter().map(|further| (self.out().with_file_name(&further.name), &further.bytes));
        let all: Vec<(PathBuf, &Vec<u8>)> = further.chain([(self.out().to_owned(), &written.model)]).collect();
        for (path, _) in &all {
            if read.iter().any(|read| files::is_same(path, read)) {
                return Err(Ending::Misuse(format!("--out would overwrite {}, which is read here", path.display())));
            }
        }
        // The file that lists the others comes last.
        all.iter().try_for_each(|(path, bytes)| files::write(path, bytes))?;
        Ok(written)
    }
}

/// The result as JSON.
fn report(amount: &Amount, files: &Files, sizes: &Sizes, left_out: &[(&'static str, u64)]) -> Map<String, Value> {
    let sections: Map<String, Value> = sizes
        .sections
        .iter()
        .map(|size| (size.name.clone(), json!({ "bytes": size.bytes, "brotli": size.brotli })))
        .collect();
    let left_out: Map<String, Value> =
        left_out.iter().map(|(what, count)| ((*what).to_owned(), json!(count))).collect();
    let shards = files.further.iter().zip(&sizes.further).map(|(further, size)| {
        let Size { name, bytes, brotli } = size;
        json!({ "category": further.category, "file": name, "bytes": bytes, "brotli": brotli })
    });
    let report = json!({
        "visitors": amount.visitors,
        "sessions": amount.visits,
        "bytes": sizes.model.bytes,
        "brotli": sizes.model.brotli,
        "sections": sections,
        "shards": shards.collect::<Vec<_>>(),
        "left_out": left_out,
    });
    match report {
        Value::Object(mut report) => {
            if amount.visitors.is_none() {
                report.remove("visitors");
            }
            report
        }
        _ => Map::new(),
    }
}

/// The result as text.
fn text(out: &Path, amount: &Amount, sizes: &Sizes, left_out: &[(&'static str, u64)]) -> String {
    let sizes = sizes.sections.iter().chain([&sizes.model]).chain(&sizes.further);
    let rows = sizes.map(|size| [size.name.clone(), size.bytes.to_string(), size.brotli.to_string()]);
    let table = table(Some(["section", "bytes", "brotli"]), [Left, Right, Right], rows);
    let visitors = amount.visitors.map(|visitors| format!(" of {visitors} visitors")).unwrap_or_default();
    let left_out: Vec<String> = left_out.iter().map(|(what, count)| format!("{count} {what}")).collect();
    format!(
        "{}: learned from {} sessions{visitors}\n\n{table}\nleft out, with fewer than {SUPPORT} visitors: {}\n",
        out.display(),
        amount.visits,
        left_out.join(", ")
    )
}

/// Prints the result.
fn tell(json: bool, report: Map<String, Value>, text: &str) -> Result<(), Ending> {
    if json { print(&format!("{}\n", Value::Object(report))) } else { print(text) }
}
