//! How much memory reading a model takes. A test of its own, because its allocator counts.

#![allow(clippy::unwrap_used, missing_docs)]

use peak_alloc::PeakAlloc;
use tailorbird_recommend::areas::Areas;
use tailorbird_recommend::areas::learn::{LearnedAreas, Settings};
use tailorbird_recommend::bytes::ByteWriter;
use tailorbird_recommend::learn::{Product, Session, View, learn};
use tailorbird_recommend::model_file::shards::{Shard, encode};
use tailorbird_recommend::model_file::{Kind, MAGIC, ModelFile, checksum, write};
use tailorbird_recommend::next_page::publish::Publication;
use tailorbird_recommend::next_page::{Blend, NextPage, PageModel};
use tailorbird_recommend::repeats::SITUATIONS;
use tailorbird_recommend::site_model::SiteModel;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What opening a file may take besides four times its size: 2.5 KB for the table of 64 sections, 3 KB for the weights of
/// a year's days, 1 KB for those of the last 64 steps, and what names damaged sections.
const TABLES: usize = 8 << 10;

/// The most bytes that the work had at a time, what it returns included.
fn peak<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let made = work();
    (ALLOCATOR.peak_usage() - before, made)
}

/// Opens a file of these sections, each of which must be sound; the file and the memory that it took.
fn opened(what: &str, sections: &[(Kind, Vec<u8>)]) -> (usize, usize) {
    let file = write(sections);
    let (took, damaged) = peak(|| SiteModel::open(&file).unwrap().damaged().to_vec());
    assert_eq!(damaged, [], "{what}");
    assert!(took <= 4 * file.len() + TABLES, "{what}: {took} bytes for a file of {}", file.len());
    (file.len(), took)
}

/// The allocator counts for all threads, so that there is one test.
#[test]
fn reading_takes_four_times_the_file_at_most() {
    pages_and_areas_are_read_where_they_stand();
    trained_models_take_three_times_their_size();
    the_shortest_items_rules_and_sessions_take_no_more_than_the_bound();
    a_further_file_takes_no_more_than_its_own_bound();
    no_number_is_believed();
}

fn pages_and_areas_are_read_where_they_stand() {
    let names: Vec<String> = (0..200).map(|number| format!("area {number}")).collect();
    let visits: Vec<Vec<u32>> =
        (0..3000_u32).map(|visit| (0..visit % 7).map(|step| (visit * 5 + step * step) % 200).collect()).collect();
    let settings = Settings { penalty: 1.0, support: 2, most_a_row: 20 };
    let areas = LearnedAreas::learn(&names, &visits, settings).encode();
    let blend = Blend { order: 3, discount: 0.5, strength: 5.0 };
    let pages = NextPage::learn(visits.iter().map(|visit| [visit.as_slice()]), blend);
    let pages = pages.encode(&names, Publication { support: 2, bits_a_byte: 0.0 });
    let file = write(&[(Kind::NextPage, pages), (Kind::Areas, areas)]);
    assert!(file.len() > 5_000, "{} bytes", file.len());
    let took = of_sections(&file);
    assert!(took < 500, "{took} bytes for the table of {}", file.len());
}

/// What opening a file and reading its pages and areas takes.
fn of_sections(file: &[u8]) -> usize {
    let read = || {
        let Ok(model) = ModelFile::open(file) else { return };
        let _ = model.section(Kind::NextPage).and_then(PageModel::read);
        let _ = model.section(Kind::Areas).and_then(Areas::read);
    };
    peak(read).0
}

/// Sessions of a shop of 800 items, where what is near is looked at next.
fn trained() -> Vec<(Kind, Vec<u8>)> {
    let product = |item: u32| Product { id: format!("sku-{item}"), category: format!("category {}", item / 40) };
    let catalog: Vec<Product> = (0..800).map(product).collect();
    let session = |visitor: u32| {
        let first = visitor.wrapping_mul(2_654_435_761) % 797;
        let view = |step: u32| View {
            product: first + step % (1 + visitor % 3),
            seconds: f64::from(visitor) * 90.0 + f64::from(step),
        };
        Session { visitor, views: (0..2 + visitor % 5).map(view).collect(), bought: vec![first, first + 1] }
    };
    let sessions: Vec<Session> = (0..12_000).map(session).collect();
    let parts = learn(&catalog, &sessions, 5).unwrap();
    vec![
        (Kind::Items, parts.items.encode()),
        (Kind::Rules, parts.rules.encode()),
        (Kind::Sessions, parts.sessions.encode()),
        (Kind::NextItems, parts.next_items),
    ]
}

fn trained_models_take_three_times_their_size() {
    let (file, took) = opened("trained", &trained());
    println!("trained: {:.2} times a file of {file} bytes", took as f64 / file as f64);
    assert!(took < 3 * file, "{took} bytes for a file of {file}");
}

/// So many items of three bytes, in categories of so many: without ids, and of popularities from this one on, which are
/// two bytes from 128 on.
fn items(count: u32, of_a_category: u32, popularity: u32) -> Vec<u8> {
    let mut writer = ByteWriter::default();
    [9, count, count / of_a_category].into_iter().for_each(|number| writer.varint(number));
    (0..count / of_a_category).for_each(|_| [0, of_a_category].into_iter().for_each(|number| writer.varint(number)));
    (0..count).for_each(|_| writer.varint(0));
    (0..count).for_each(|item| writer.varint(popularity + (count - item) * 100 / count));
    writer.byte(128);
    writer.bytes(&[0; SITUATIONS]);
    (0..count).for_each(|_| writer.byte(0));
    writer.0
}

/// Lists of so many items, the first of which have so many rules of two bytes.
fn rules(items: u32, with_rules: u32, length: u8) -> Vec<u8> {
    let mut lists = ByteWriter::default();
    (0..items).for_each(|item| lists.byte(if item < with_rules { length } else { 0 }));
    let count = with_rules * u32::from(length);
    (0..2 * count).for_each(|_| lists.byte(0));
    let mut writer = ByteWriter::default();
    writer.varint(items);
    writer.bytes(&lists.0);
    writer.byte(1);
    writer.bytes(&lists.0);
    writer.0
}

/// Sessions of so many items each, which lie beside each other: three bytes for two, and one for each more.
fn sessions(items: u32, days: u32, of_a_day: u32, length: u32) -> Vec<u8> {
    let mut writer = ByteWriter::default();
    writer.varint(items);
    writer.varint(days);
    (0..days).for_each(|_| [1, of_a_day].into_iter().for_each(|number| writer.varint(number)));
    let count = days * of_a_day;
    (0..count).for_each(|_| writer.varint(length));
    // Of a day each begins an item after the one before, if they all find room.
    let step = u32::from(items - length >= of_a_day);
    (0..count).for_each(|session| writer.varint(if session % of_a_day == 0 { 0 } else { step }));
    (0..count * (length - 1)).for_each(|_| writer.varint(0));
    writer.0
}

fn the_shortest_items_rules_and_sessions_take_no_more_than_the_bound() {
    let of = |count: u32| (Kind::Items, items(count, count, 1));
    for (what, sections) in [
        ("items of three bytes", vec![of(20_000)]),
        ("items of four bytes", vec![(Kind::Items, items(20_000, 20_000, 1_000))]),
        ("categories of two bytes", vec![(Kind::Items, items(20_000, 1, 1))]),
        ("no rules", vec![of(20_000), (Kind::Rules, rules(20_000, 0, 0))]),
        ("rules of two bytes", vec![of(2_000), (Kind::Rules, rules(2_000, 2_000, 127))]),
        ("sessions of three bytes", vec![of(50), (Kind::Sessions, sessions(50, 1, 20_000, 2))]),
        ("of as many items", vec![of(20_000), (Kind::Sessions, sessions(20_000, 1, 19_000, 2))]),
        ("a day for each session", vec![of(50), (Kind::Sessions, sessions(50, 20_000, 1, 2))]),
        ("days without sessions", vec![of(50), (Kind::Sessions, sessions(50, 20_000, 0, 2))]),
        ("one long session", vec![of(20_000), (Kind::Sessions, sessions(20_000, 1, 1, 20_000))]),
        ("a hundred long sessions", vec![of(600), (Kind::Sessions, sessions(600, 1, 100, 600))]),
        ("as many sessions as are kept of each item", vec![of(600), (Kind::Sessions, sessions(600, 50, 598, 2))]),
        ("an item of no session", vec![of(20_000), (Kind::Sessions, sessions(20_000, 0, 0, 2))]),
        (
            "all at once",
            vec![of(10_000), (Kind::Rules, rules(10_000, 0, 0)), (Kind::Sessions, sessions(10_000, 10_000, 1, 2))],
        ),
    ] {
        let (file, took) = opened(what, &sections);
        println!("{what}: {:.2} times a file of {file} bytes", took as f64 / file as f64);
    }
}

fn a_further_file_takes_no_more_than_its_own_bound() {
    let shard = write(&[(Kind::Sessions, sessions(2_000, 1, 10_000, 2))]);
    let length = u32::try_from(shard.len()).unwrap();
    let listed = Shard { category: "", file: "a.tbm", length, checksum: checksum(&[&shard]) };
    let main = write(&[(Kind::Items, items(2_000, 2_000, 1)), (Kind::Shards, encode(&[listed]))]);
    let mut model = SiteModel::open(&main).unwrap();
    let (took, added) = peak(|| model.add_shard(&shard));
    assert_eq!(added, Ok(()));
    // It knows for each item of the model how many sessions it has.
    let bound = 4 * shard.len() + 3 * 2_000 + TABLES;
    assert!(took <= bound, "{took} bytes for a file of {}", shard.len());
}

fn no_number_is_believed() {
    // Four billion pages, areas of four billion weights, and as many items, rules and sessions.
    let most = vec![0xff, 0xff, 0xff, 0xff, 0x0f];
    let announced = [vec![1], most.clone(), most.clone(), most].concat();
    let kinds = [Kind::NextPage, Kind::Areas, Kind::Items, Kind::Rules, Kind::Sessions, Kind::NextItems];
    for count in [&[1][..], &[]] {
        let announced = [count, &announced].concat();
        let file = write(&kinds.map(|kind| (kind, announced.clone())));
        assert!(of_sections(&file) < 500, "{} bytes", of_sections(&file));
        let (took, damaged) = peak(|| SiteModel::open(&file).unwrap().damaged().len());
        assert!(damaged > 2 && took < 1_000, "{took} bytes");
    }
    // Items that are there, and sessions of them that are not.
    let announced = [&[0x81, 0x80, 0x40][..], &[1, 0], &[0xff, 0xff, 0xff, 0xff, 0x0f]].concat();
    let file = write(&[(Kind::Items, items(20, 20, 1)), (Kind::Sessions, announced)]);
    let (took, _) = peak(|| SiteModel::open(&file).unwrap().damaged().len());
    assert!(took < TABLES, "{took} bytes");

    // As many sections as a file can announce, and no more than its header.
    let header = [&MAGIC[..], &[1, 0, 0xff, 0xff]].concat();
    let header = [&header[..], &checksum(&[&header]).to_le_bytes()].concat();
    assert_eq!(of_sections(&header), 0);
}
