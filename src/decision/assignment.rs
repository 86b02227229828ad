//! Assignment by hash: a visitor's id is hashed to a number, and ranges of numbers belong to variations.
//!
//! Bit for bit what GrowthBook's SDKs compute, so that the same id is assigned the same variation in all of
//! them. Source: GrowthBook, "Build your own SDK", sections hash, getBucketRanges, chooseVariation,
//! inNamespace, getQueryStringOverride.

use crate::hash::fnv1a_32_utf16;

/// The hash of an id as a number in `[0, 1)`, in steps of 0.0001 (`version` 2) or 0.001 (1); `None` for any
/// other version.
///
/// `seed` keeps experiments independent of each other. Text is hashed by its UTF-16 code units, not
/// by its bytes, as JavaScript's `charCodeAt` gives them.
///
/// ```
/// # use tailorbird::decision::assignment::bucket;
/// assert_eq!(bucket("exp-a", "visitor-1", 2.0), Some(0.6151));
/// assert_eq!(bucket("exp-a", "visitor-1", 1.0), Some(0.576));
/// assert_eq!(bucket("s", "été", 2.0), Some(0.4379));
/// assert_eq!(bucket("s", "x", 3.0), None);
/// ```
pub fn bucket(seed: &str, id: &str, version: f64) -> Option<f64> {
    let part = |hash: u32, of: u32| f64::from(hash % of) / f64::from(of);
    if version == 2.0 {
        let first = fnv1a_32_utf16(&[seed, id]);
        Some(part(fnv1a_32_utf16(&[&first.to_string()]), 10_000))
    } else if version == 1.0 {
        Some(part(fnv1a_32_utf16(&[id, seed]), 1_000))
    } else {
        None
    }
}

/// The range `[from, to)` of each of this many variations.
///
/// `coverage`, clamped to `[0, 1]`, shortens each range at its end, so that changing it never moves anybody to
/// another variation. Unless there is a weight for each variation, with a sum from 0.99 to 1.01, all weights
/// are equal.
///
/// ```
/// # use tailorbird::decision::assignment::ranges;
/// assert_eq!(ranges(2, 0.5, &[]), [[0.0, 0.25], [0.5, 0.75]]);
/// ```
pub fn ranges(variations: usize, coverage: f64, weights: &[f64]) -> Vec<[f64; 2]> {
    let coverage = coverage.clamp(0.0, 1.0);
    let sum: f64 = weights.iter().fold(0.0, |sum, weight| weight + sum);
    let sound = weights.len() == variations && (0.99..=1.01).contains(&sum);
    #[allow(clippy::cast_precision_loss, reason = "variations are few")]
    let equal = 1.0 / variations as f64;
    let mut from = 0.0;
    (0..variations)
        .map(|index| {
            let weight = weights.get(index).copied().filter(|_| sound).unwrap_or(equal);
            let range = [from, from + coverage * weight];
            from += weight;
            range
        })
        .collect()
}

/// Whether a hash is in `[from, to)`.
pub fn within(hash: f64, range: [f64; 2]) -> bool {
    hash >= range[0] && hash < range[1]
}

/// The index of the first variation in whose range a hash is.
pub fn choose(hash: f64, ranges: &[[f64; 2]]) -> Option<usize> {
    ranges.iter().position(|range| within(hash, *range))
}

/// Whether an id is in this range of a namespace, by which experiments exclude each other.
pub fn in_namespace(id: &str, name: &str, range: [f64; 2]) -> bool {
    bucket(&format!("__{name}"), id, 1.0).is_some_and(|hash| within(hash, range))
}

/// The index of the variation that an address names, `?key=1`, where it is below `variations`. Only the first
/// such parameter counts.
pub fn query_override(key: &str, address: &str, variations: usize) -> Option<usize> {
    let query = address.split('?').nth(1)?;
    let query = query.split('#').next().unwrap_or("");
    let mut pairs = query.split('&').map(|pair| pair.split('='));
    let mut pair = pairs.find_map(|mut pair| (pair.next() == Some(key)).then_some(pair))?;
    leading_integer(pair.next()?).filter(|index| *index < variations)
}

/// JavaScript's `parseInt` of a text, where that is not negative.
fn leading_integer(text: &str) -> Option<usize> {
    // A browser would have encoded white space, but callers pass addresses as they are.
    let (negative, unsigned) = match text.as_bytes().trim_ascii_start() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let (digits, radix) = match unsigned {
        [b'0', b'x' | b'X', rest @ ..] => (rest, 16),
        all => (all, 10),
    };
    let mut integer = None;
    for digit in digits.iter().map_while(|digit| char::from(*digit).to_digit(radix)) {
        integer = Some(integer.unwrap_or(0_u32).saturating_mul(radix).saturating_add(digit));
    }
    // "-0" is not negative.
    integer.filter(|integer| *integer == 0 || !negative).map(|integer| integer as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_reference() {
        // Computed with the GrowthBook SDK 1.8.0: seed, id, version 1, version 2.
        let cases = [
            ("exp-a", "visitor-1", 0.576, 0.6151),
            ("exp-a", "visitor-2", 0.251, 0.1552),
            ("homepage-hero", "3f2b", 0.319, 0.7463),
            ("s", "日本", 0.885, 0.0984),
            ("s", "😀", 0.001, 0.2801),
            ("", "x", 0.695, 0.9986),
            ("seed", "", 0.564, 0.4286),
        ];
        for (seed, id, first, second) in cases {
            assert_eq!(bucket(seed, id, 1.0), Some(first), "{seed} {id}");
            assert_eq!(bucket(seed, id, 2.0), Some(second), "{seed} {id}");
        }
    }

    #[test]
    fn ranges_leave_gaps_and_fall_back_to_equal_weights() {
        let near = |left: &[[f64; 2]], right: &[[f64; 2]]| {
            left.len() == right.len()
                && left.iter().flatten().zip(right.iter().flatten()).all(|(left, right)| (left - right).abs() < 1e-12)
        };
        assert!(near(&ranges(3, 0.6, &[0.5, 0.3, 0.2]), &[[0.0, 0.3], [0.5, 0.68], [0.8, 0.92]]));
        assert!(near(&ranges(2, 1.0, &[0.5, 0.49]), &[[0.0, 0.5], [0.5, 0.99]]), "a sum of .99 is kept");
        assert!(near(&ranges(2, 1.0, &[0.5, 0.48]), &[[0.0, 0.5], [0.5, 1.0]]), "one of .98 is not");
        assert!(near(&ranges(2, 7.0, &[1.0]), &[[0.0, 0.5], [0.5, 1.0]]), "one weight for two variations");
        assert_eq!(choose(0.5, &ranges(2, 1.0, &[])), Some(1), "a range ends before its end");
        assert_eq!(choose(0.3, &ranges(2, 0.5, &[])), None, "in the gap");
    }

    #[test]
    fn an_address_can_name_a_variation() {
        let cases = [
            ("https://a.example/?hero=1", Some(1), "named"),
            ("https://a.example/?hero=1.9#x", Some(1), "as parseInt reads it"),
            ("https://a.example/?x=1&hero=0x1", Some(1), "hexadecimal"),
            ("https://a.example/?hero=5&hero=1", None, "the first counts"),
            ("https://a.example/?hero=-1", None, "negative"),
            ("https://a.example/?hero=-0", Some(0), "not negative"),
            ("https://a.example/?a?hero=1", None, "behind a second question mark"),
            ("https://a.example/?hero", None, "without a value"),
            ("https://a.example/", None, "no parameters"),
        ];
        for (address, expected, why) in cases {
            assert_eq!(query_override("hero", address, 3), expected, "{why}");
        }
    }
}
