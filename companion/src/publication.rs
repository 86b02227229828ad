//! What of a site is published, and how: a model is a file that anybody can read.

use std::collections::BTreeSet;
use std::path::Path;

use tailorbird_recommend::areas::learn::Settings;
use tailorbird_recommend::learn::Parts;
use tailorbird_recommend::model_file::shards::{self, Shard};
use tailorbird_recommend::model_file::{Kind, checksum, write};
use tailorbird_recommend::next_page::Blend;
use tailorbird_recommend::next_page::publish::Publication;

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
pub const SHARD_ABOVE: usize = 180_000;

/// The sections of one file.
pub type Sections = Vec<(Kind, Vec<u8>)>;

/// What was learned of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    /// From how many visits.
    pub visits: u64,
    /// The sections of the model.
    pub sections: Sections,
    /// The sessions of each category, which stand in files of their own where the model is large.
    pub shards: Vec<(String, Sections)>,
    /// How much too few visitors stood behind, by what it is.
    pub left_out: Vec<(&'static str, u64)>,
}

/// A model as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// The file that pages load.
    pub model: Vec<u8>,
    /// Its sections.
    pub sections: Sections,
    /// The files beside it, of one category each.
    pub further: Vec<FurtherFile>,
}

/// A file beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct FurtherFile {
    /// The category whose sessions it holds.
    pub category: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Learned {
    /// Adds the parts of a model of items.
    pub fn add_items(&mut self, parts: &Parts<'_>) {
        self.sections.extend([
            (Kind::Items, parts.items.encode()),
            (Kind::Rules, parts.rules.encode()),
            (Kind::Sessions, parts.sessions.encode()),
            (Kind::NextItems, parts.next_items.clone()),
        ]);
        self.shards.extend(parts.items.categories().map(|(category, items)| {
            let sessions = parts.sessions.with_any_of(&items);
            (category.name.to_owned(), vec![(Kind::Sessions, sessions.encode())])
        }));
    }

    /// The files of the model, for a file of this name. Where it would be larger than `shard_above`, and has more than one
    /// category, the sessions go into files of their own.
    pub fn files(mut self, out: &Path, shard_above: usize) -> Files {
        let is_split = self.shards.len() > 1 && write(&self.sections).len() > shard_above;
        let mut further = Vec::new();
        if is_split {
            self.sections.retain(|(kind, _)| *kind != Kind::Sessions);
            further = files_of_shards(out, &self.shards);
            let listed: Vec<Shard<'_>> = further.iter().map(FurtherFile::shard).collect();
            self.sections.push((Kind::Shards, shards::encode(&listed)));
        }
        Files { model: write(&self.sections), sections: self.sections, further }
    }
}

impl FurtherFile {
    fn shard(&self) -> Shard<'_> {
        Shard {
            category: &self.category,
            file: &self.name,
            length: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            checksum: checksum(&[&self.bytes]),
        }
    }
}

/// `site.boots.tbm` beside `site.tbm`. Where two categories would have one name, the later one is numbered.
fn files_of_shards(out: &Path, shards: &[(String, Sections)]) -> Vec<FurtherFile> {
    let stem = plain(&out.file_stem().unwrap_or_default().to_string_lossy());
    let mut taken = BTreeSet::new();
    let mut files = Vec::new();
    for (category, sections) in shards {
        let name = format!("{stem}.{}", plain(category));
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let Some(name) = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.clone())) else {
            continue;
        };
        files.push(FurtherFile { category: category.clone(), name: format!("{name}.tbm"), bytes: write(sections) });
    }
    files
}

/// A text as a part of the name of a file: small letters of ASCII, digits, and a hyphen for whatever is between them.
fn plain(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if plain.is_empty() { "other".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sections of ten bytes, and the sessions of so many categories.
    fn learned(categories: usize) -> Learned {
        let sections = [Kind::Items, Kind::Sessions].map(|kind| (kind, vec![0; 10])).to_vec();
        let shards = (0..categories).map(|category| (category.to_string(), Vec::new())).collect();
        Learned { sections, shards, ..Learned::default() }
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
            let files = learned(categories).files(Path::new("site.tbm"), above);
            let has_sessions = files.sections.iter().any(|(kind, _)| *kind == Kind::Sessions);
            let further = if is_split { categories } else { 0 };
            assert_eq!((has_sessions, files.further.len()), (!is_split, further), "{why}");
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
