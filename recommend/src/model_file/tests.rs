use proptest::prelude::*;

use super::*;

/// A file of two sections, spelled out; the checksums are those of zlib. Where this test fails the format has changed:
/// raise `VERSION`.
#[test]
fn the_format_is_what_it_was() {
    #[rustfmt::skip]
    let golden = [
        0x89, b'T', b'B', b'M',
        1, 0, 2, 0,
        0x44, 0xbe, 0xb5, 0x96,
        4, 0, 0, 0,  44, 0, 0, 0,  3, 0, 0, 0,  0xd9, 0xf9, 0xa4, 0x2a,
        5, 0, 0, 0,  47, 0, 0, 0,  2, 0, 0, 0,  0x88, 0xd5, 0xcf, 0x9a,
        b'a', b'b', b'c',
        b'd', b'e',
    ];
    let written = write(&[(Kind::NextPage, b"abc".to_vec()), (Kind::Areas, b"de".to_vec())]);
    assert_eq!(written, golden);
    let model = ModelFile::open(&golden).unwrap();
    assert_eq!((model.section(Kind::NextPage), model.section(Kind::Areas)), (Some(&b"abc"[..]), Some(&b"de"[..])));
}

#[test]
fn the_checksum_is_that_of_zip() {
    // The check value of CRC-32/ISO-HDLC.
    assert_eq!(checksum(&[b"1234", b"56789"]), 0xcbf4_3926);
}

#[test]
fn what_is_no_model_is_refused_with_its_reason() {
    let with_header = |version: u16, count: u16| {
        let mut file = ByteWriter(MAGIC.to_vec());
        file.u16(version);
        file.u16(count);
        file.u32(checksum(&[&file.0]));
        file.0
    };
    let cases = [
        (b"".to_vec(), "is no site model"),
        (b"{\"version\": 1}".to_vec(), "is no site model"),
        (MAGIC.to_vec(), "is cut off before its sections begin"),
        (with_header(1, 1), "is cut off before its sections begin"),
        ([&MAGIC[..], &[1, 0, 0, 0, 0, 0, 0, 0]].concat(), "is damaged at its beginning"),
        (with_header(2, 0), "is a site model of version 2, expected 1"),
        (with_header(1, 65), "lists 65 sections, expected at most 64"),
    ];
    for (bytes, reason) in cases {
        assert_eq!(ModelFile::open(&bytes).unwrap_err().to_string(), reason, "{bytes:?}");
    }
    assert_eq!(ModelFile::open(&with_header(1, 0)).unwrap().sections(), []);
}

#[test]
fn of_two_sections_of_a_kind_the_first_good_one_counts() {
    let mut bytes = write(&[(Kind::Areas, vec![1]), (Kind::Areas, vec![2])]);
    assert_eq!(ModelFile::open(&bytes).unwrap().section(Kind::Areas), Some(&[1][..]));
    let first = bytes.len() - 2;
    bytes[first] = 9;
    let model = ModelFile::open(&bytes).unwrap();
    assert_eq!(model.section(Kind::Areas), Some(&[2][..]));
    assert_eq!(model.damaged().collect::<Vec<_>>(), [Kind::Areas]);
}

#[test]
fn every_kind_has_a_number_and_a_name_of_its_own() {
    for number in 0..20 {
        assert_eq!(Kind::of(number).number(), number);
    }
    let names: std::collections::BTreeSet<String> = (0..20).map(|number| Kind::of(number).to_string()).collect();
    assert_eq!(names.len(), 20);
}

fn sections() -> impl Strategy<Value = Vec<(Kind, Vec<u8>)>> {
    // Kinds that differ, so that each is found by its own.
    prop::collection::btree_map(0_u32..12, prop::collection::vec(any::<u8>(), 0..40), 0..8)
        .prop_map(|made| made.into_iter().map(|(number, bytes)| (Kind::of(number), bytes)).collect())
}

proptest! {
    #[test]
    fn what_was_written_is_read(sections in sections()) {
        let bytes = write(&sections);
        let model = ModelFile::open(&bytes).unwrap();
        let read: Vec<(Kind, Vec<u8>)> =
            model.sections().iter().map(|section| (section.kind, section.bytes.unwrap().to_vec())).collect();
        prop_assert_eq!(&read, &sections);
        for (kind, bytes) in &sections {
            prop_assert_eq!(model.section(*kind), Some(&bytes[..]));
        }
    }

    #[test]
    fn a_changed_byte_is_noticed_and_costs_only_its_section(
        sections in sections(), place: prop::sample::Index, change in 1_u8..,
    ) {
        let mut bytes = write(&sections);
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        let Ok(model) = ModelFile::open(&bytes) else {
            prop_assert!(place < HEADER, "only the header costs the whole file");
            return Ok(());
        };
        prop_assert_eq!(model.damaged().count(), 1);
        let read = model.sections().iter().zip(&sections);
        let lost = read.filter(|(section, written)| section.bytes != Some(&written.1[..])).count();
        prop_assert_eq!(lost, 1);
    }

    #[test]
    fn a_file_that_is_cut_off_keeps_what_is_whole(sections in sections(), length: prop::sample::Index) {
        let bytes = write(&sections);
        let length = length.index(bytes.len());
        let Ok(model) = ModelFile::open(&bytes[..length]) else {
            prop_assert!(length < HEADER + sections.len() * ENTRY);
            return Ok(());
        };
        let mut end = HEADER + sections.len() * ENTRY;
        for (kind, bytes) in &sections {
            end += bytes.len();
            prop_assert_eq!(model.section(*kind), (end <= length).then_some(&bytes[..]), "{}", kind);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_opened_or_refused(bytes: Vec<u8>, count in 0_u16..80) {
        let mut file = ByteWriter(MAGIC.to_vec());
        file.u16(VERSION);
        file.u16(count);
        file.u32(checksum(&[&file.0]));
        for bytes in [bytes.clone(), [file.0, bytes].concat()] {
            if let Ok(model) = ModelFile::open(&bytes) {
                prop_assert!(model.sections().len() <= MOST_SECTIONS);
            }
        }
    }
}
