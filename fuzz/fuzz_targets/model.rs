//! A site model as somebody else might serve it: opened or refused, and what is readable answers.
//!
//! A checksum would stop nearly everything at the door. So the first byte says how the rest is to be read: as a file, as
//! sections that are each well written into a file, or as one section of a kind.

#![no_main]

mod memory;

use libfuzzer_sys::fuzz_target;
use tailorbird_recommend::areas::Areas;
use tailorbird_recommend::items::Items;
use tailorbird_recommend::model_file::shards::Shards;
use tailorbird_recommend::model_file::{Kind, ModelFile, write};
use tailorbird_recommend::next_items::NextItems;
use tailorbird_recommend::next_page::PageModel;
use tailorbird_recommend::rules::Rules;
use tailorbird_recommend::site_model::{KINDS as RANKED, SiteModel};

const KINDS: [Kind; 7] =
    [Kind::Items, Kind::Rules, Kind::Sessions, Kind::NextPage, Kind::Areas, Kind::Shards, Kind::NextItems];

/// What reading may take besides four times the file: a table of up to 64 sections, and weights by days and steps.
const TABLES: usize = 8 << 10;
/// What an answer may take besides: it has a row for each page or area.
const ANSWER: usize = 256 << 10;
/// What a list may take besides for each byte of the file. Every item may be a candidate, of 56 bytes in a list that
/// doubles; and an item has three bytes at least.
const CANDIDATES: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    let Some((how, rest)) = bytes.split_first() else { return };
    let file = file(*how, rest);
    let bound = 4 * file.len() + TABLES;
    memory::measured(bound, || {
        let Ok(model) = ModelFile::open(&file) else { return };
        assert!(model.damaged().count() <= model.sections().len());
        for kind in KINDS {
            read(kind, model.section(kind).unwrap_or_default());
        }
    });
    memory::measured(bound, || drop(SiteModel::open(&file)));
    memory::measured(bound + CANDIDATES * file.len() + ANSWER, || rank(&file));
    memory::measured(bound + ANSWER, || {
        let Ok(model) = ModelFile::open(&file) else { return };
        for kind in KINDS {
            answer(kind, model.section(kind).unwrap_or_default());
        }
    });
});

fn file(how: u8, rest: &[u8]) -> Vec<u8> {
    let kind = |number: u8| KINDS[usize::from(number) % KINDS.len()];
    match how {
        0 => rest.to_vec(),
        1 => {
            let (mut sections, mut rest) = (Vec::new(), rest);
            while let [number, length, after @ ..] = rest {
                let (section, after) = after.split_at(after.len().min(usize::from(*length)));
                sections.push((kind(*number), section.to_vec()));
                rest = after;
            }
            write(&sections)
        }
        _ => write(&[(kind(how), rest.to_vec())]),
    }
}

/// Reads without answering.
fn read(kind: Kind, section: &[u8]) {
    match kind {
        Kind::NextPage => drop(PageModel::read(section)),
        Kind::Areas => drop(Areas::read(section)),
        Kind::Shards => drop(Shards::read(section)),
        Kind::NextItems => drop(NextItems::read(section)),
        Kind::Items => drop(Items::read(section)),
        Kind::Rules => drop(Rules::read(section)),
        // Sessions are only read of as many items as there are: as a whole model, below.
        Kind::Sessions | Kind::Other(_) => {}
    }
}

fn answer(kind: Kind, section: &[u8]) {
    match kind {
        Kind::NextPage => {
            let Some(model) = PageModel::read(section) else { return };
            assert!(model.size() <= section.len());
            for history in [&[][..], &[0], &[1, 0], &[2, 0, 1, 1, 0, 0], &[u32::MAX, 3]] {
                let after = model.after(history);
                let sum: f64 = after.iter().map(|(_, probability)| probability).sum();
                assert!(after.is_empty() || (sum - 1.0).abs() < 1e-9, "{sum}");
            }
            assert_eq!(model.names().count(), model.after(&[]).len());
        }
        Kind::Areas => {
            let Some(areas) = Areas::read(section) else { return };
            for seen in [&[][..], &[0], &[3, 1, 1, u32::MAX]] {
                let unseen = areas.unseen(seen, 20);
                assert!(unseen.len() <= 20 && unseen.iter().all(|unseen| unseen.score.is_finite()));
            }
            assert_eq!(areas.names().zip(0..areas.count()).count(), areas.names().count());
        }
        Kind::Shards => {
            let Some(shards) = Shards::read(section) else { return };
            for shard in shards.iter() {
                assert!(!shard.file.contains(['/', '\\', ':']) && shards.of(shard.category).is_some());
            }
        }
        Kind::NextItems => {
            let Some(next) = NextItems::read(section) else { return };
            for item in [0, 1, next.items(), u32::MAX] {
                let after = next.after(item);
                assert!(after.iter().all(|next| next.probability > 0.0 && next.probability < 1.0), "{after:?}");
            }
        }
        // Asked together, below.
        Kind::Items | Kind::Rules | Kind::Sessions | Kind::Other(_) => {}
    }
}

/// Ranks by whatever of items, rules and sessions can be read.
fn rank(file: &[u8]) {
    let Ok(mut model) = SiteModel::open(file) else { return };
    // No file can list itself: it is refused.
    let _ = model.add_shard(file);
    let id = |id: &str| id.to_owned();
    for history in [vec![], vec![id("a")], vec![id("a"), id(""), id("b"), id("a")]] {
        for (kind, _) in RANKED {
            let ranked = model.rank(kind, &history, 20);
            assert!(ranked.len() <= 20);
            assert!(ranked.iter().all(|one| one.score.is_finite() && one.score >= 0.0), "{ranked:?}");
        }
    }
}
