//! The compact encoding of what is kept: variable-length integers, text, doubles.
//!
//! Writing cannot fail. Reading answers `None` at the first byte that makes no sense, and never
//! allocates more than the input is long.

use crate::hash::crc32;
use crate::time::Timestamp;

/// The version of the encoding that this build writes, and the newest that it reads.
pub const VERSION: u64 = 1;

/// Why kept text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Cut short, altered, or never ours.
    Damaged,
    /// Written by a later version of the engine.
    Newer,
}

/// Packs bytes into text for a storage area: version, checksum, payload, one character a byte
/// (U+0000 to U+00FF), which both kinds of area keep as it is.
pub fn seal(payload: Writer) -> String {
    let mut out = Writer::default();
    out.count(VERSION);
    out.0.extend_from_slice(&crc32(&payload.0).to_le_bytes());
    out.0.extend_from_slice(&payload.0);
    out.0.into_iter().map(char::from).collect()
}

/// The payload of sealed text.
///
/// # Errors
///
/// When the text was damaged, or sealed by a later version.
pub fn open(text: &str) -> Result<Vec<u8>, Unusable> {
    let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    let bytes = bytes.ok_or(Unusable::Damaged)?;
    let mut from = Bytes::new(&bytes);
    let version = from.count().ok_or(Unusable::Damaged)?;
    if version > VERSION {
        return Err(Unusable::Newer);
    }
    let sum = from.take(4).and_then(|sum| sum.try_into().ok()).map(u32::from_le_bytes);
    if version == VERSION && sum == Some(crc32(from.0)) { Ok(from.0.to_vec()) } else { Err(Unusable::Damaged) }
}

/// Bytes being written.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A count, seven bits a byte, least first (LEB128).
    pub fn count(&mut self, mut number: u64) {
        while number >= 0x80 {
            #[allow(clippy::cast_possible_truncation, reason = "the low seven bits are meant")]
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        #[allow(clippy::cast_possible_truncation, reason = "below 128")]
        self.0.push(number as u8);
    }

    /// A length.
    pub fn length(&mut self, length: usize) {
        self.count(length as u64);
    }

    /// A signed number, folded so that small ones of either sign stay short.
    pub fn signed(&mut self, number: i64) {
        #[allow(clippy::cast_sign_loss, reason = "zigzag: the sign moves to the lowest bit")]
        self.count(((number << 1) ^ (number >> 63)) as u64);
    }

    /// A moment.
    pub fn time(&mut self, moment: Timestamp) {
        self.signed(moment.ms());
    }

    /// A double, all its bits.
    pub fn double(&mut self, number: f64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Text, its length first.
    pub fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A list: its length, then each item.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.length(items.len());
        for item in items {
            write(self, item);
        }
    }

    /// Something that may be absent.
    pub fn optional<T>(&mut self, item: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.count(u64::from(item.is_some()));
        if let Some(item) = item {
            write(self, item);
        }
    }
}

/// Bytes being read.
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// From the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Bytes<'a> {
        Bytes(bytes)
    }

    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A count.
    pub fn count(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A count that fits 32 bits.
    pub fn small(&mut self) -> Option<u32> {
        u32::try_from(self.count()?).ok()
    }

    /// A signed number.
    pub fn signed(&mut self) -> Option<i64> {
        let folded = self.count()?;
        #[allow(clippy::cast_possible_wrap, reason = "zigzag, undone")]
        Some((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// A moment.
    pub fn time(&mut self) -> Option<Timestamp> {
        Some(Timestamp::from_ms(self.signed()?))
    }

    /// A finite double.
    pub fn double(&mut self) -> Option<f64> {
        let number = f64::from_le_bytes(self.take(8)?.try_into().ok()?);
        number.is_finite().then_some(number)
    }

    /// Text.
    pub fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.count()?).ok()?;
        core::str::from_utf8(self.take(length)?).ok()
    }

    /// A list of at most `most` items.
    pub fn list<T>(&mut self, most: usize, mut read: impl FnMut(&mut Bytes<'a>) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::try_from(self.count()?).ok()?;
        if length > most || length > self.0.len() {
            return None;
        }
        (0..length).map(|_| read(self)).collect()
    }

    /// Something that may be absent.
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Bytes<'a>) -> Option<T>) -> Option<Option<T>> {
        match self.count()? {
            0 => Some(None),
            1 => Some(Some(read(self)?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_seal_notices_every_change_of_a_character() {
        let mut out = Writer::default();
        out.text("boots");
        let sealed = seal(out);
        assert_eq!(open(&sealed).map(|bytes| bytes.len()), Ok(6));
        for (index, letter) in sealed.char_indices() {
            let mut altered = sealed.clone();
            let other = char::from_u32(u32::from(letter) ^ 1).unwrap();
            altered.replace_range(index..index + letter.len_utf8(), &other.to_string());
            assert!(open(&altered).is_err(), "character at {index}");
        }
        assert_eq!(open(""), Err(Unusable::Damaged));
        assert_eq!(open("ключ"), Err(Unusable::Damaged));
        assert_eq!(open("\u{2}from the future"), Err(Unusable::Newer));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(count: u64, signed: i64, double in -1e300..1e300, text in ".*", items: Vec<u32>) {
            let mut out = Writer::default();
            out.count(count);
            out.signed(signed);
            out.double(double);
            out.text(&text);
            out.list(&items, |out, item| out.count(u64::from(*item)));
            out.optional(None::<u64>, Writer::count);
            let bytes = out.into_bytes();
            let mut from = Bytes::new(&bytes);
            prop_assert_eq!(from.count(), Some(count));
            prop_assert_eq!(from.signed(), Some(signed));
            prop_assert_eq!(from.double(), Some(double));
            prop_assert_eq!(from.text(), Some(text.as_str()));
            prop_assert_eq!(from.list(usize::MAX, Bytes::small), Some(items));
            prop_assert_eq!(from.optional(Bytes::count), Some(None));
            prop_assert!(from.is_empty());
        }

        #[test]
        fn hostile_bytes_are_refused_without_harm(bytes: Vec<u8>) {
            let mut from = Bytes::new(&bytes);
            while from.list(64, |from| from.text().map(str::len)).is_some() && !from.is_empty() {}
        }
    }
}
