use proptest::prelude::*;

use super::super::{Blend, NextPage, PageModel};
use super::*;

const BLEND: Blend = Blend { order: 3, discount: 0.4, strength: 2.0 };
const ALL: Publication = Publication { support: 1, bits_a_byte: 0.0 };

fn names(count: u32) -> Vec<String> {
    (0..count).map(|page| format!("page {page}")).collect()
}

fn learned(visits: &[Vec<Page>], blend: Blend) -> NextPage {
    NextPage::learn(visits.iter().map(|visit| [visit.as_slice()]), blend)
}

/// What a published model expects after a history, in the numbers that were learned.
fn expected(model: PageModel<'_>, history: &[Page]) -> BTreeMap<Page, f64> {
    let names: Vec<&str> = model.names().collect();
    let learned = |name: &str| name.strip_prefix("page ").unwrap().parse().unwrap();
    let history: Vec<Page> = history.iter().map(|page| model.number(&format!("page {page}")).unwrap_or(9999)).collect();
    model.after(&history).iter().map(|(page, probability)| (learned(names[*page as usize]), *probability)).collect()
}

#[test]
fn what_is_published_expects_nearly_what_was_learned() {
    let visits: Vec<Vec<Page>> =
        (0..300_u32).map(|visit| (0..visit % 9).map(|step| (visit * 7 + step * step) % 11).collect()).collect();
    let learned = learned(&visits, BLEND);
    let bytes = learned.encode(&names(11), ALL);
    let model = PageModel::read(&bytes).unwrap();
    for visit in &visits {
        for end in 0..visit.len() {
            let published = expected(model, &visit[..end]);
            for (page, probability) in learned.after(&visit[..end]) {
                let ratio = published[&page] / probability;
                // Each of four contexts rounds its weights by at most a factor of 2^(1/8).
                assert!((0.7..1.42).contains(&ratio), "{page} after {:?}: {ratio}", &visit[..end]);
            }
        }
    }
}

#[test]
fn the_likeliest_page_after_longer_contexts_is_found_whatever_the_numbers() {
    let visits: Vec<Vec<Page>> = [vec![vec![7, 2, 9]; 9], vec![vec![4, 2, 1]; 6], vec![vec![2, 2, 2]; 2]].concat();
    let bytes = learned(&visits, BLEND).encode(&names(12), ALL);
    let model = PageModel::read(&bytes).unwrap();
    let likeliest = |history: &[Page]| {
        let expected = expected(model, history).into_iter();
        expected.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(page, _)| page)
    };
    assert_eq!(likeliest(&[7, 2]), Some(9));
    assert_eq!(likeliest(&[4, 2]), Some(1));
    assert_eq!(likeliest(&[2, 2]), Some(2));
    assert_eq!(likeliest(&[11, 2]), Some(9), "of an unknown way its end is known");
    assert_eq!(likeliest(&[11]), Some(2), "and of an unknown page what is frequent");
}

#[test]
fn ways_of_too_few_visitors_are_not_in_the_file() {
    let way = |first, times| vec![vec![first, 1, 2]; times];
    let visits: Vec<Vec<Page>> = [way(3, 5), way(4, 4)].concat();
    let publication = Publication { support: 5, ..ALL };
    let learned = learned(&visits, BLEND);
    let bytes = learned.encode(&names(5), publication);
    let model = PageModel::read(&bytes).unwrap();
    assert_eq!(model.names().collect::<Vec<_>>(), ["page 1", "page 2", "page 3"], "page 4 is not even named");
    // Of page 4: itself, what follows it, and what follows it and 1.
    assert_eq!(learned.below(5), 3);
    assert_eq!(PageModel::read(&learned.encode(&names(5), ALL)).unwrap().size(), model.size() + 3);

    // One visitor who comes nine times is one visitor.
    let again = NextPage::learn([vec![&[1, 2][..]; 9]], BLEND).encode(&names(3), publication);
    assert_eq!(PageModel::read(&again).unwrap().after(&[]), []);
}

#[test]
fn what_saves_too_little_is_left_out() {
    let visits: Vec<Vec<Page>> = (0..400).map(|visit| vec![visit % 2, (visit / 2) % 2, visit % 2]).collect();
    let sizes = [0.0, 1.0, 1000.0].map(|bits_a_byte| {
        let bytes = learned(&visits, BLEND).encode(&names(2), Publication { bits_a_byte, ..ALL });
        PageModel::read(&bytes).unwrap().size()
    });
    assert!(sizes[0] > sizes[1] && sizes[1] > sizes[2], "{sizes:?}");
    assert_eq!(sizes[2], 2, "what is frequent stays");
}

/// A model of two pages, spelled out. Where this test fails the format has changed: give the section a new number.
#[test]
fn the_format_is_what_it_was() {
    #[rustfmt::skip]
    let golden = [
        1, 2, 1, b'a', 1, b'b', // contexts of at most one page; two pages
        3, 0, 44,               // anything: one weight, contexts below; 1 of what is even, and 2^-1 of page 1
        1, 0,                   // one context below, of page 0
        2, 4, 0,                // one weight, nothing below; 2^-1 of anything, and 1 of page 0
    ];
    let model = PageModel::read(&golden).unwrap();
    let close = |found: Vec<(Page, f64)>, expected: [(Page, f64); 2]| {
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-15, "{found:?}, not {expected:?}");
        }
    };
    close(model.after(&[]), [(1, 2.0 / 3.0), (0, 1.0 / 3.0)]);
    close(model.after(&[0]), [(0, 2.0 / 3.0 + 1.0 / 9.0), (1, 2.0 / 9.0)]);
    assert_eq!(model.after(&[1]), model.after(&[]), "nothing is known of page 1");
    assert_eq!((model.size(), model.number("b"), model.number("c")), (2, Some(1), None));
    let nothing = NextPage::learn([[]; 0], BLEND).encode(&[], ALL);
    assert_eq!(nothing, [3, 0, 0]);
    assert_eq!(PageModel::read(&nothing).unwrap().after(&[1]), []);
}

#[test]
fn what_is_no_model_is_none() {
    let cases: [(&[u8], &str); 7] = [
        (&[], "nothing"),
        (&[9, 0, 0], "contexts of nine pages"),
        (&[1, 2, 1, b'a'], "a name is missing"),
        (&[1, 1, 1, b'a', 2, 0, 40], "a weight of a page that is not there"),
        (&[1, 1, 1, b'a', 2, 40, 0], "a level that is not there"),
        (&[0, 1, 1, b'a', 1, 1, 0, 0], "contexts that are too long"),
        (&[1, 1, 1, b'a', 0, 0], "more than a model"),
    ];
    for (bytes, why) in cases {
        assert_eq!(PageModel::read(bytes), None, "{why}");
    }
}

fn visits() -> impl Strategy<Value = Vec<Vec<Page>>> {
    prop::collection::vec(prop::collection::vec(0_u32..9, 0..8), 0..40)
}

proptest! {
    #[test]
    fn probabilities_sum_to_one_after_anything(
        visits in visits(),
        support in 1_u32..4,
        bits_a_byte in 0.0..2.0,
        history in prop::collection::vec(0_u32..12, 0..6),
    ) {
        let bytes = learned(&visits, BLEND).encode(&names(9), Publication { support, bits_a_byte });
        let after = PageModel::read(&bytes).unwrap().after(&history);
        let sum: f64 = after.iter().map(|(_, probability)| probability).sum();
        prop_assert!(after.is_empty() || (sum - 1.0).abs() < 1e-12, "{}", sum);
        prop_assert!(after.iter().all(|(_, probability)| *probability > 0.0));
        prop_assert!(after.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(
        bytes: Vec<u8>, visits in visits(), place: prop::sample::Index, change: u8,
    ) {
        let read = |bytes: &[u8]| PageModel::read(bytes).map(|model| (model.size(), model.after(&[0, 1, 2])));
        read(&bytes);
        let mut bytes = learned(&visits, BLEND).encode(&names(9), ALL);
        let place = place.index(bytes.len());
        prop_assert!(read(&bytes[..place]).is_none(), "it is cut off");
        bytes[place] = change;
        read(&bytes);
    }
}
