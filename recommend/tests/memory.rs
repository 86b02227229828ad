//! What reading a model allocates. A test of its own, because its allocator counts.

#![allow(clippy::unwrap_used, missing_docs)]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tailorbird_recommend::areas::Areas;
use tailorbird_recommend::areas::learn::{LearnedAreas, Settings};
use tailorbird_recommend::model_file::{Kind, MAGIC, ModelFile, checksum, write};
use tailorbird_recommend::next_page::publish::Publication;
use tailorbird_recommend::next_page::{Blend, NextPage, PageModel};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The bytes that opening a file and reading its sections allocates, freed or not.
fn allocated(file: &[u8]) -> usize {
    let region = Region::new(ALLOCATOR);
    if let Ok(model) = ModelFile::open(file) {
        let _ = model.section(Kind::NextPage).and_then(PageModel::read);
        let _ = model.section(Kind::Areas).and_then(Areas::read);
    }
    region.change().bytes_allocated
}

#[test]
fn reading_copies_nothing_and_believes_no_number() {
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
    assert!(allocated(&file) < 500, "{} bytes for the table of {}", allocated(&file), file.len());

    // Four billion pages and areas of four billion weights.
    let most = vec![0xff, 0xff, 0xff, 0xff, 0x0f];
    let announced = [vec![1], most.clone(), most].concat();
    let file = write(&[(Kind::NextPage, announced.clone()), (Kind::Areas, announced)]);
    assert!(allocated(&file) < 500, "{} bytes", allocated(&file));

    // As many sections as a file can announce, and no more than its header.
    let header = [&MAGIC[..], &[1, 0, 0xff, 0xff]].concat();
    let header = [&header[..], &checksum(&[&header]).to_le_bytes()].concat();
    assert_eq!(allocated(&header), 0);
}
