//! `tailorbird model`: what is in the model of a site, and whether all of it is as it was written.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tailorbird_recommend::areas::Areas;
use tailorbird_recommend::items::Items;
use tailorbird_recommend::model_file::shards::{Shard, Shards};
use tailorbird_recommend::model_file::{Kind, ModelFile, Section};
use tailorbird_recommend::next_items::NextItems;
use tailorbird_recommend::next_page::PageModel;
use tailorbird_recommend::rules::Rules;
use tailorbird_recommend::sessions::Sessions;

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};
use crate::files;
use crate::style::{Left, Right, table};
use crate::weight::brotli_of_model;

/// Describe the model of a site, and check it
///
/// Prints the sections of a model with their sizes, whether their checksums are right, and what they hold. Of a model
/// that is split by category, the further files beside it are checked as well.
///
/// It exits with 1 if anything is damaged or missing: pages then do without it.
///
/// With --json one object is printed: {"bytes", "brotli", "sections": [{"kind", "bytes", "brotli", "state", "holds"}],
/// "shards": [{"category", "file", "bytes", "state"}]}. A state is "good", "damaged" or "missing".
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Model {
    /// The model, as `tailorbird train --sessions` writes it
    #[arg(value_name = "FILE.tbm")]
    file: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// How something is that the model lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Damaged,
    Missing,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Damaged => "damaged",
            State::Missing => "missing",
        }
    }
}

/// A section, and what it holds in words; `None` where it cannot be read.
struct Described<'a> {
    section: Section<'a>,
    holds: Option<String>,
}

impl Described<'_> {
    fn state(&self) -> State {
        if self.holds.is_some() { State::Good } else { State::Damaged }
    }
}

impl Model {
    /// Prints what is in the model.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no model, and when something of it is damaged or missing.
    pub fn run(&self) -> Result<(), Ending> {
        let bytes = files::read(&self.file)?;
        let model =
            ModelFile::open(&bytes).map_err(|error| Ending::Problems(format!("{}: {error}", self.file.display())))?;
        let sections: Vec<Described<'_>> = model.sections().iter().map(|section| described(*section)).collect();
        let listed = model.section(Kind::Shards).and_then(Shards::read);
        let shards = listed.iter().flat_map(|shards| shards.iter());
        let shards: Vec<(Shard<'_>, State)> = shards.map(|shard| (shard, state(&self.file, shard))).collect();
        if self.json {
            print(&format!("{}\n", report(&bytes, &sections, &shards)))?;
        } else {
            print(&text(&self.file, &bytes, &sections, &shards))?;
        }
        if is_good(&sections, &shards) { Ok(()) } else { Err(Ending::Overrides) }
    }
}

fn is_good(sections: &[Described<'_>], shards: &[(Shard<'_>, State)]) -> bool {
    let states = sections.iter().map(Described::state).chain(shards.iter().map(|(_, state)| *state));
    states.into_iter().all(|state| state == State::Good)
}

fn described(section: Section<'_>) -> Described<'_> {
    let holds = section.bytes.and_then(|bytes| holds(section.kind, bytes));
    Described { section, holds }
}

/// What a section holds, in words; `None` where it is none of its kind.
fn holds(kind: Kind, bytes: &[u8]) -> Option<String> {
    match kind {
        Kind::NextPage => {
            let model = PageModel::read(bytes)?;
            Some(format!("{} pages, {} weights", model.names().count(), model.size()))
        }
        Kind::Areas => Areas::read(bytes).map(|areas| format!("{} areas", areas.count())),
        Kind::Shards => Shards::read(bytes).map(|shards| format!("{} further files", shards.iter().count())),
        Kind::Items => Items::read(bytes).map(|items| format!("{} items", items.count())),
        Kind::Rules => Rules::read(bytes).map(|rules| format!("of {} items", rules.items())),
        Kind::Sessions => Sessions::read(bytes).map(|sessions| format!("{} sessions", sessions.count())),
        Kind::NextItems => NextItems::read(bytes).map(|next| format!("of {} items", next.items())),
        Kind::Other(_) => Some("skipped: of a later version".to_owned()),
    }
}

/// Whether a further file lies beside the model, and is the one that was listed.
fn state(model: &Path, shard: Shard<'_>) -> State {
    let Ok(bytes) = files::read(&model.with_file_name(shard.file)) else { return State::Missing };
    let is_whole = ModelFile::open(&bytes).is_ok_and(|model| model.damaged().next().is_none());
    if shard.is(&bytes) && is_whole { State::Good } else { State::Damaged }
}

fn report(bytes: &[u8], sections: &[Described<'_>], shards: &[(Shard<'_>, State)]) -> Value {
    let section = |described: &Described<'_>| {
        json!({
            "kind": described.section.kind.to_string(),
            "bytes": described.section.bytes.map(<[u8]>::len),
            "brotli": described.section.bytes.map(brotli_of_model),
            "state": described.state().name(),
            "holds": described.holds,
        })
    };
    let shard = |(shard, state): &(Shard<'_>, State)| {
        let Shard { category, file, length, .. } = shard;
        json!({ "category": category, "file": file, "bytes": length, "state": state.name() })
    };
    json!({
        "bytes": bytes.len(),
        "brotli": brotli_of_model(bytes),
        "sections": sections.iter().map(section).collect::<Vec<_>>(),
        "shards": shards.iter().map(shard).collect::<Vec<_>>(),
    })
}

fn text(path: &Path, bytes: &[u8], sections: &[Described<'_>], shards: &[(Shard<'_>, State)]) -> String {
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    let section = |described: &Described<'_>| {
        let bytes = described.section.bytes;
        let sizes = [bytes.map(<[u8]>::len), bytes.map(brotli_of_model)].map(number);
        let [size, brotli] = sizes;
        let holds = described.holds.clone().unwrap_or_default();
        [described.section.kind.to_string(), size, brotli, described.state().name().to_owned(), holds]
    };
    let shard = |(shard, state): &(Shard<'_>, State)| {
        [
            shard.file.to_owned(),
            shard.length.to_string(),
            String::new(),
            state.name().to_owned(),
            shard.category.to_owned(),
        ]
    };
    let rows = sections.iter().map(section).chain(shards.iter().map(shard));
    let table = table(Some(["section", "bytes", "brotli", "state", "holds"]), [Left, Right, Right, Left, Left], rows);
    let good = if is_good(sections, shards) { "good" } else { "not all of it is good" };
    format!("{}: {good}, {} bytes, {} after brotli\n\n{table}", path.display(), bytes.len(), brotli_of_model(bytes))
}
