//! `tailorbird train --sessions`: the model of a site, which its pages load, from recorded sessions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tailorbird_recommend::areas::learn::{LearnedAreas, Settings};
use tailorbird_recommend::learn::learn;
use tailorbird_recommend::model_file::shards::{self, Shard};
use tailorbird_recommend::model_file::{Kind, checksum, write};
use tailorbird_recommend::next_page::publish::Publication;
use tailorbird_recommend::next_page::{Blend, NextPage, Page};

use super::recorded::Recorded;
use crate::ending::{Ending, print};
use crate::files;
use crate::style::{Left, Right, table};
use crate::weight::brotli;

/// As few visitors as may stand behind what is published: with each of them nobody is told apart.
pub const SUPPORT: u32 = 5;

/// Found on the last tenth of the developers' training data, which the rest predicted: penalties from 1 to 60 and 12 to
/// 32 weights a row were compared. More weights rank better by less than 0.3 points and weigh a kilobyte more.
pub const AREAS: Settings = Settings { penalty: 20.0, support: SUPPORT, most_a_row: 24 };

/// Found on the last tenth of the developers' training data, which the rest predicted, with what is left out for lack
/// of support: orders from 4 to 6, discounts from 0 to 1 and strengths from 2 to 40 were compared. With more strength
/// each page tells fewer bits, and with less the likeliest one is right more often.
pub const BLEND: Blend = Blend { order: 5, discount: 0.5, strength: 20.0 };

/// Found the same way, of 0.25 to 4 bits a byte: the most that cost less than 0.3 points and 0.04 bits, support
/// included, against a model of which nothing is left out.
pub const PAGES: Publication = Publication { support: SUPPORT, bits_a_byte: 1.0 };

/// As large as a model may be in one file, in bytes. Beyond it, loading the sessions of one category alone saves more time
/// than another request takes: 30 KB after brotli, on a connection of 1.6 Mbit/s with a round trip of 150 ms. So much is
/// saved of a model of 186 KB, of made-up sessions over 3,000 items of 20 categories: `npm run bench -- shards`.
const SHARD_ABOVE: usize = 180_000;

/// What a model is learned from, and where it goes.
#[derive(clap::Args)]
pub struct SiteModel {
    /// The recorded sessions, to learn the model of a site
    #[arg(long, value_name = "FILE.csv")]
    sessions: PathBuf,
    /// Write the model of the site here; site.tbm if it is not said
    #[arg(long, value_name = "FILE.tbm")]
    out: Option<PathBuf>,
    /// Write the sessions of each category into a file of its own where the model is larger than this
    #[arg(long, value_name = "BYTES", default_value_t = SHARD_ABOVE)]
    shard_above: usize,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// The sections of one file.
type Sections = Vec<(Kind, Vec<u8>)>;

/// What was learned.
#[derive(Default)]
struct Learned {
    sections: Sections,
    /// The sessions of each category, which stand in files of their own where the model is large.
    shards: Vec<(String, Sections)>,
    /// How much too few visitors stood behind, by what it is.
    left_out: Vec<(&'static str, usize)>,
}

impl Learned {
    fn add(&mut self, other: Learned) {
        self.sections.extend(other.sections);
        self.shards.extend(other.shards);
        self.left_out.extend(other.left_out);
    }

    /// Leaves the sessions to the files of the categories, if the model is larger than this and has more than one
    /// category; else there are no such files.
    fn split_above(&mut self, most: usize) {
        if self.shards.len() > 1 && write(&self.sections).len() > most {
            self.sections.retain(|(kind, _)| *kind != Kind::Sessions);
        } else {
            self.shards.clear();
        }
    }
}

impl SiteModel {
    /// Learns a model, writes it, and prints what is in it.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be read or have problems, when nothing can be learned from them, and when a file cannot
    /// be written.
    pub fn run(&self) -> Result<(), Ending> {
        let recorded = Recorded::read(&self.sessions)?;
        let mut learned = items(&recorded);
        learned.add(next_page(&recorded));
        learned.add(areas(&recorded));
        if learned.sections.is_empty() {
            return Err(Ending::Problems(format!(
                "{}: no item was looked at by {SUPPORT} visitors, and there is no column Category or Page: nothing can be \
                 learned",
                self.sessions.display()
            )));
        }
        learned.split_above(self.shard_above);
        let out = self.out.as_deref().unwrap_or(Path::new("site.tbm"));
        let further = files_of_shards(out, &learned.shards);
        if !further.is_empty() {
            let listed: Vec<Shard<'_>> = further.iter().map(FurtherFile::shard).collect();
            learned.sections.push((Kind::Shards, shards::encode(&listed)));
        }
        let file = write(&learned.sections);
        let paths = further.iter().map(|further| out.with_file_name(&further.name));
        for path in paths.clone().chain([out.to_owned()]) {
            if files::is_same(&path, &self.sessions) {
                return Err(Ending::Misuse(format!("--out would overwrite {}, which is read here", path.display())));
            }
        }
        for (path, further) in paths.zip(&further) {
            files::write(&path, &further.bytes)?;
        }
        files::write(out, &file)?;
        if self.json {
            return print(&format!("{}\n", report(&recorded, &learned, &file, &further)));
        }
        print(&text(out, &recorded, &learned, &file, &further))
    }
}

/// Items, their rules and sessions.
fn items(recorded: &Recorded) -> Learned {
    let (catalog, sessions) = recorded.products();
    let Some(parts) = learn(&catalog, &sessions, SUPPORT as usize) else { return Learned::default() };
    let known = parts.items.count() as usize;
    if known == 0 {
        return Learned::default();
    }
    let sections = vec![
        (Kind::Items, parts.items.encode()),
        (Kind::Rules, parts.rules.encode()),
        (Kind::Sessions, parts.sessions.encode()),
        (Kind::NextItems, parts.next_items),
    ];
    let shards = parts.items.categories().map(|(category, items)| {
        let sessions = parts.sessions.with_any_of(&items);
        (category.name.to_owned(), vec![(Kind::Sessions, sessions.encode())])
    });
    let left_out = vec![("items", catalog.len().saturating_sub(known))];
    Learned { sections, left_out, shards: shards.collect() }
}

fn next_page(recorded: &Recorded) -> Learned {
    let Some((names, visitors)) = recorded.ways() else { return Learned::default() };
    let visits = visitors.iter().map(|visits| visits.iter().map(|visit: &Vec<Page>| visit.as_slice()));
    let model = NextPage::learn(visits, BLEND);
    Learned {
        sections: vec![(Kind::NextPage, model.encode(&names, PAGES))],
        left_out: vec![("ways from page to page", model.below(SUPPORT))],
        shards: Vec::new(),
    }
}

fn areas(recorded: &Recorded) -> Learned {
    let Some((names, visitors)) = recorded.areas() else { return Learned::default() };
    let model = LearnedAreas::learn(&names, &visitors, AREAS);
    Learned {
        sections: vec![(Kind::Areas, model.encode())],
        left_out: vec![("areas", model.left_out.areas), ("pairs of areas", model.left_out.pairs)],
        shards: Vec::new(),
    }
}

/// A file beside the model, for one category.
struct FurtherFile<'a> {
    category: &'a str,
    name: String,
    bytes: Vec<u8>,
}

impl FurtherFile<'_> {
    fn shard(&self) -> Shard<'_> {
        Shard {
            category: self.category,
            file: &self.name,
            length: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            checksum: checksum(&[&self.bytes]),
        }
    }
}

/// `site.boots.tbm` beside `site.tbm`. Where two categories would have one name, the later one is numbered.
fn files_of_shards<'a>(out: &Path, shards: &'a [(String, Sections)]) -> Vec<FurtherFile<'a>> {
    let stem = plain(&out.file_stem().unwrap_or_default().to_string_lossy());
    let mut taken = BTreeSet::new();
    let mut files = Vec::new();
    for (category, sections) in shards {
        let name = format!("{stem}.{}", plain(category));
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let Some(name) = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.clone())) else {
            continue;
        };
        files.push(FurtherFile { category, name: format!("{name}.tbm"), bytes: write(sections) });
    }
    files
}

/// A text as a part of the name of a file: small letters of ASCII, digits, and a hyphen for whatever is between them.
fn plain(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if plain.is_empty() { "other".to_owned() } else { plain }
}

fn report(recorded: &Recorded, learned: &Learned, file: &[u8], further: &[FurtherFile<'_>]) -> Value {
    let size = |bytes: &[u8]| json!({ "bytes": bytes.len(), "brotli": brotli(bytes) });
    let sections: Map<String, Value> =
        learned.sections.iter().map(|(kind, bytes)| (kind.to_string(), size(bytes))).collect();
    let left_out: Map<String, Value> =
        learned.left_out.iter().map(|(what, count)| ((*what).to_owned(), json!(count))).collect();
    let shard = |shard: &FurtherFile<'_>| {
        let FurtherFile { category, name, bytes } = shard;
        json!({ "category": category, "file": name, "bytes": bytes.len(), "brotli": brotli(bytes) })
    };
    json!({
        "visitors": recorded.visitors(),
        "sessions": recorded.sessions(),
        "bytes": file.len(),
        "brotli": brotli(file),
        "sections": sections,
        "shards": further.iter().map(shard).collect::<Vec<_>>(),
        "left_out": left_out,
    })
}

fn text(out: &Path, recorded: &Recorded, learned: &Learned, file: &[u8], further: &[FurtherFile<'_>]) -> String {
    let row = |name: &str, bytes: &[u8]| [name.to_owned(), bytes.len().to_string(), brotli(bytes).to_string()];
    let sections = learned.sections.iter().map(|(kind, bytes)| row(&kind.to_string(), bytes));
    let shards = further.iter().map(|shard| row(&shard.name, &shard.bytes));
    let rows = sections.chain([row("all", file)]).chain(shards);
    let table = table(Some(["section", "bytes", "brotli"]), [Left, Right, Right], rows);
    let (visitors, sessions) = (recorded.visitors(), recorded.sessions());
    let left_out: Vec<String> = learned.left_out.iter().map(|(what, count)| format!("{count} {what}")).collect();
    format!(
        "{}: learned from {sessions} sessions of {visitors} visitors\n\n{table}\nleft out, with fewer than {SUPPORT} \
         visitors: {}\n",
        out.display(),
        left_out.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sections of ten bytes, and the sessions of so many categories.
    fn learned(categories: usize) -> Learned {
        let sections = [Kind::Items, Kind::Sessions].map(|kind| (kind, vec![0; 10])).to_vec();
        let shards = (0..categories).map(|category| (category.to_string(), Vec::new())).collect();
        Learned { sections, shards, left_out: Vec::new() }
    }

    #[test]
    fn a_model_is_split_where_it_is_large_and_has_categories() {
        let whole = write(&learned(0).sections).len();
        for (categories, above, is_split, why) in [
            (3, whole - 1, true, "one byte too large"),
            (3, whole, false, "as large as one file may be"),
            (1, 0, false, "the file of one category would be all of it"),
            (0, 0, false, "a model of pages alone"),
        ] {
            let mut learned = learned(categories);
            learned.split_above(above);
            let has_sessions = learned.sections.iter().any(|(kind, _)| *kind == Kind::Sessions);
            let files = if is_split { categories } else { 0 };
            assert_eq!((has_sessions, learned.shards.len()), (!is_split, files), "{why}");
        }
    }

    #[test]
    fn files_of_categories_have_plain_names_of_their_own() {
        let shards = ["Boots", "boots!", "Zelte & Öfen", "靴", ""].map(|category| (category.to_owned(), Vec::new()));
        let files = files_of_shards(Path::new("build/My site.tbm"), &shards);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let expected = ["boots", "boots-2", "zelte-fen", "other", "other-2"].map(|name| format!("my-site.{name}.tbm"));
        assert_eq!(names, expected);
        let listed = shards::encode(&files.iter().map(FurtherFile::shard).collect::<Vec<_>>());
        let listed = shards::Shards::read(&listed).unwrap();
        assert!(listed.of("靴").unwrap().is(&files[3].bytes));
    }
}
