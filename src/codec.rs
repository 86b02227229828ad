//! The compact encoding of stored state: variable-length integers, text, doubles.
//!
//! Writing cannot fail, and whatever was written can be read. Reading continues with defaults after the
//! first byte that makes no sense and reports that at the end; it never allocates more than the input
//! is long.
//!
//! # Versions
//!
//! Encoded text begins with the version of the encoding, and every checksum covers it. A build reads all
//! versions from the oldest it supports up to its own. To add a field, raise [`VERSION`] and code the field
//! only where [`Codec::since`] says so: in text of an earlier version it keeps its default.

use core::ops::RangeInclusive;

use crate::hash::crc32;
use crate::time::Timestamp;

/// The version of the encoding that this build writes, and the newest that it reads.
pub const VERSION: u64 = 1;
/// The versions that this build reads.
const SUPPORTED: RangeInclusive<u64> = 1..=VERSION;
/// Lists this short are not halved: they are lists of a few categories, each with a list of its own.
const NEVER_HALVED: usize = 8;

/// Why stored text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Truncated, altered, or never ours.
    #[error("the stored text is damaged")]
    Damaged,
    /// Written by a later version of the engine.
    #[error("the stored text was written by a later version")]
    Newer,
}

/// The payload of encoded text, with the version that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    version: u64,
    bytes: Vec<u8>,
}

impl Decoded {
    /// A codec that reads from the start of the payload.
    pub fn read(&self) -> Codec<'_> {
        Codec { version: self.version, ..Codec::reading(&self.bytes) }
    }
}

/// Decodes what [`Codec::encode`] wrote.
///
/// # Errors
///
/// If the text is damaged, or was written by a later version.
pub fn decode(text: &str) -> Result<Decoded, DecodeError> {
    decode_version(text, &SUPPORTED)
}

fn decode_version(text: &str, supported: &RangeInclusive<u64>) -> Result<Decoded, DecodeError> {
    let bytes = from_latin1(text).ok_or(DecodeError::Damaged)?;
    let mut codec = Codec::open_version(&bytes, supported)?;
    let sum = codec.take(4).try_into().ok().map(u32::from_le_bytes);
    let payload = codec.rest.unwrap_or_default();
    if sum == Some(checksum(codec.version, payload)) {
        Ok(Decoded { version: codec.version, bytes: payload.to_vec() })
    } else {
        Err(DecodeError::Damaged)
    }
}

/// One byte a character; `None` if the text has other characters than U+0000 to U+00FF.
pub fn from_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|letter| u8::try_from(letter).ok()).collect()
}

/// One character a byte, U+0000 to U+00FF, which both kinds of storage area keep as it is.
fn to_latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Writes bytes, or reads them.
///
/// A type describes its encoding once, as a walk over its fields that serves both directions, so
/// that they cannot drift apart. While reading, what makes no sense keeps its default, and
/// [`is_complete`](Codec::is_complete) reports it at the end.
pub struct Codec<'a> {
    written: Vec<u8>,
    /// What remains to be read; `None` while writing.
    rest: Option<&'a [u8]>,
    broken: bool,
    /// The version of what is being read or written.
    version: u64,
    /// How many times the length of a list is halved when it is written.
    halvings: u32,
}

impl Default for Codec<'_> {
    /// A codec that writes.
    fn default() -> Self {
        Codec { written: Vec::new(), rest: None, broken: false, version: VERSION, halvings: 0 }
    }
}

impl<'a> Codec<'a> {
    /// A codec that reads `bytes`, which this version wrote. To write there is [`Codec::default`].
    pub fn reading(bytes: &'a [u8]) -> Codec<'a> {
        Codec { rest: Some(bytes), ..Codec::default() }
    }

    /// A codec that reads `bytes` behind the version they begin with; see [`Codec::header`].
    ///
    /// # Errors
    ///
    /// If they do not begin with a version, or with one that this build does not read.
    pub fn open(bytes: &'a [u8]) -> Result<Codec<'a>, DecodeError> {
        Codec::open_version(bytes, &SUPPORTED)
    }

    fn open_version(bytes: &'a [u8], supported: &RangeInclusive<u64>) -> Result<Codec<'a>, DecodeError> {
        let mut codec = Codec::reading(bytes);
        let mut version = 0;
        codec.varint(&mut version);
        if codec.broken || version < *supported.start() {
            return Err(DecodeError::Damaged);
        }
        if version > *supported.end() {
            return Err(DecodeError::Newer);
        }
        codec.version = version;
        Ok(codec)
    }

    /// The version of this build, as the beginning of a text that goes on with [frames](Codec::frame).
    pub fn header() -> String {
        let mut codec = Codec::default();
        codec.varint(&mut { VERSION });
        to_latin1(&codec.written)
    }

    /// Whether this is of `version` or a later one. What that version introduced is coded only where this is
    /// true, and keeps its default where an earlier version is read.
    pub fn since(&self, version: u64) -> bool {
        self.version >= version
    }

    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.written.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.written
    }

    /// Whether everything that was read made sense, and nothing is left.
    pub fn is_complete(&self) -> bool {
        !self.broken && self.rest.is_none_or(<[u8]>::is_empty)
    }

    /// Records that what was read makes no sense.
    pub fn fail(&mut self) {
        self.broken = true;
        self.rest = self.rest.map(|_| &[][..]);
    }

    /// Whether this codec reads.
    pub fn is_reading(&self) -> bool {
        self.rest.is_some()
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        match self.rest.and_then(|rest| rest.split_at_checked(length)) {
            Some((taken, rest)) => {
                self.rest = Some(rest);
                taken
            }
            None => {
                self.fail();
                &[]
            }
        }
    }

    /// An unsigned integer, seven bits a byte, least significant first (LEB128).
    pub fn varint(&mut self, number: &mut u64) {
        if !self.is_reading() {
            let mut left = *number;
            while left >= 0x80 {
                self.written.push(low_byte(left) | 0x80);
                left >>= 7;
            }
            self.written.push(low_byte(left));
            return;
        }
        *number = 0;
        for shift in 0..10 {
            let Some([byte, rest @ ..]) = self.rest else { break };
            self.rest = Some(rest);
            *number |= u64::from(byte & 0x7f) << (shift * 7);
            if *byte < 0x80 {
                return;
            }
        }
        self.fail();
    }

    /// An unsigned integer of 32 bits.
    pub fn varint_u32(&mut self, number: &mut u32) {
        let mut wide = u64::from(*number);
        self.varint(&mut wide);
        match u32::try_from(wide) {
            Ok(read) => *number = read,
            Err(_) => {
                *number = 0;
                self.fail();
            }
        }
    }

    /// A truth value, as 0 or 1.
    pub fn bool(&mut self, truth: &mut bool) {
        let mut bit = u64::from(*truth);
        self.varint(&mut bit);
        if bit > 1 {
            self.fail();
        }
        *truth = bit == 1;
    }

    /// A length of at most `most`; 0 where a longer one is read, which makes no sense.
    fn length(&mut self, length: usize, most: usize) -> usize {
        let mut wide = length as u64;
        self.varint(&mut wide);
        match usize::try_from(wide) {
            Ok(length) if length <= most => length,
            _ => {
                self.fail();
                0
            }
        }
    }

    /// A signed integer, folded so that small ones of either sign are short.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_wrap, reason = "zigzag: the sign is the lowest bit")]
    pub fn zigzag(&mut self, number: &mut i64) {
        let mut folded = ((*number << 1) ^ (*number >> 63)) as u64;
        self.varint(&mut folded);
        *number = (folded >> 1) as i64 ^ -((folded & 1) as i64);
    }

    /// A moment.
    pub fn time(&mut self, moment: &mut Timestamp) {
        let mut ms = moment.ms();
        self.zigzag(&mut ms);
        *moment = Timestamp::from_ms(ms);
    }

    /// Any double, all its bits.
    pub fn f64_bits(&mut self, number: &mut f64) {
        if self.is_reading() {
            *number = self.take(8).try_into().map_or(0.0, f64::from_le_bytes);
        } else {
            self.written.extend_from_slice(&number.to_le_bytes());
        }
    }

    /// A finite double. One that is not finite, such as a sum that overflowed, is written as 0.
    pub fn double(&mut self, number: &mut f64) {
        if !self.is_reading() && !number.is_finite() {
            *number = 0.0;
        }
        self.f64_bits(number);
        if !number.is_finite() {
            *number = 0.0;
            self.fail();
        }
    }

    /// Writes text, its length first.
    pub fn text_of(&mut self, text: &str) {
        self.length(text.len(), usize::MAX);
        self.written.extend_from_slice(text.as_bytes());
    }

    /// Text, its length first.
    pub fn text(&mut self, text: &mut String) {
        if !self.is_reading() {
            return self.text_of(text);
        }
        let length = self.length(0, usize::MAX);
        match core::str::from_utf8(self.take(length)) {
            Ok(read) => *text = read.to_owned(),
            Err(_) => self.fail(),
        }
    }

    /// From here on only the later part of each list is written, its length halved this many `times`: for
    /// state that has grown too large and is in the order of time.
    pub fn halve_lists(&mut self, times: u32) {
        self.halvings = times;
    }

    /// A list of at most `most` items: its length, then each item.
    ///
    /// Of a longer list the last `most` items are written, so that no list can be written that could not be
    /// read again.
    pub fn list<T: Default>(&mut self, most: usize, items: &mut Vec<T>, item: fn(&mut Codec<'a>, &mut T)) {
        if self.is_reading() {
            let length = self.length(0, most);
            items.clear();
            while items.len() < length && !self.broken {
                let mut read = T::default();
                item(self, &mut read);
                items.push(read);
            }
            return;
        }
        let skipped = self.length_of(items.len(), most);
        for known in items.iter_mut().skip(skipped) {
            item(self, known);
        }
    }

    /// Writes how many of the items of a list are written; returns how many before them are not.
    fn length_of(&mut self, items: usize, most: usize) -> usize {
        let halved = if items > NEVER_HALVED { items >> self.halvings } else { items };
        items - self.length(halved.min(most), most)
    }

    /// Something that may be absent.
    pub fn optional<T: Default>(&mut self, value: &mut Option<T>, item: fn(&mut Codec<'a>, &mut T)) {
        let mut present = value.is_some();
        self.bool(&mut present);
        if self.is_reading() {
            *value = present.then(T::default);
        }
        if let Some(value) = value {
            item(self, value);
        }
    }

    /// What was written as one frame of several: its length, its checksum, then itself.
    pub fn frame(self) -> String {
        let mut out = Codec::default();
        out.length(self.written.len(), usize::MAX);
        out.append_with_checksum(self.version, &self.written);
        to_latin1(&out.written)
    }

    fn append_with_checksum(&mut self, version: u64, payload: &[u8]) {
        self.written.extend_from_slice(&checksum(version, payload).to_le_bytes());
        self.written.extend_from_slice(payload);
    }

    /// Takes the next frame, if it is complete and unaltered. Its checksum is that of the version that
    /// wrote it, which is the version of the text it is part of.
    pub fn next_frame(&mut self) -> Option<Codec<'a>> {
        let length = self.length(0, usize::MAX);
        let sum = self.take(4).try_into().ok().map(u32::from_le_bytes);
        let frame = self.take(length);
        if self.broken || sum != Some(checksum(self.version, frame)) {
            self.fail();
            return None;
        }
        Some(Codec { version: self.version, ..Codec::reading(frame) })
    }

    /// Encodes what was written as text for a storage area: version, checksum, payload, one character a
    /// byte.
    pub fn encode(self) -> String {
        let mut out = Codec::default();
        out.varint(&mut { self.version });
        out.append_with_checksum(self.version, &self.written);
        to_latin1(&out.written)
    }
}

/// A checksum of the payload and of the version, so that text whose version was altered is not taken for
/// text of that version.
fn checksum(version: u64, payload: &[u8]) -> u32 {
    crc32(payload) ^ low_word(version)
}

#[allow(clippy::cast_possible_truncation, reason = "the low byte is meant")]
fn low_byte(number: u64) -> u8 {
    number as u8
}

#[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
fn low_word(number: u64) -> u32 {
    number as u32
}

/// Encodes `written` and reads it back into a new value; panics if that fails. For tests of types that
/// are part of the stored state.
#[cfg(test)]
pub fn round_trip<T: Default>(written: &mut T, code: fn(&mut T, &mut Codec<'_>)) -> T {
    let mut out = Codec::default();
    code(written, &mut out);
    let decoded = decode(&out.encode()).unwrap();
    let mut codec = decoded.read();
    let mut read = T::default();
    code(&mut read, &mut codec);
    assert!(codec.is_complete(), "what was written cannot be read");
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_altered_character_is_detected() {
        let mut out = Codec::default();
        out.text_of("boots");
        let encoded = out.encode();
        assert_eq!(decode(&encoded).map(|decoded| decoded.bytes.len()), Ok(6));
        for (index, letter) in encoded.char_indices() {
            let mut altered = encoded.clone();
            let other = char::from_u32(u32::from(letter) ^ 1).unwrap();
            altered.replace_range(index..index + letter.len_utf8(), &other.to_string());
            assert!(decode(&altered).is_err(), "character at {index}");
        }
        assert_eq!(decode(""), Err(DecodeError::Damaged));
        assert_eq!(decode("ключ"), Err(DecodeError::Damaged));
        assert_eq!(decode(&format!("{}from the future", char::from(VERSION as u8 + 1))), Err(DecodeError::Newer));
    }

    /// A type that gained a field with version 2.
    #[derive(Debug, PartialEq, Default)]
    struct Visit {
        views: u64,
        page: String,
        depth: Option<u64>,
    }

    impl Visit {
        fn code(&mut self, codec: &mut Codec<'_>) {
            codec.varint(&mut self.views);
            codec.text(&mut self.page);
            if codec.since(2) {
                codec.optional(&mut self.depth, Codec::varint);
            }
        }

        fn written(&mut self, version: u64) -> Codec<'static> {
            let mut codec = Codec { version, ..Codec::default() };
            self.code(&mut codec);
            codec
        }
    }

    /// `Visit { views: 7, page: "/", depth: None }` as version 1 encodes it: version, checksum, payload.
    const ENCODED_BY_VERSION_1: [u8; 8] = [1, 0x8e, 0xc3, 0xc4, 0x48, 7, 1, b'/'];
    /// The same as one frame behind the version: length, checksum, payload.
    const FRAMED_BY_VERSION_1: [u8; 9] = [1, 3, 0x8e, 0xc3, 0xc4, 0x48, 7, 1, b'/'];

    #[test]
    fn a_build_reads_what_the_version_before_it_wrote() {
        let mut expected = Visit { views: 7, page: "/".into(), depth: None };
        assert_eq!(expected.written(1).encode(), to_latin1(&ENCODED_BY_VERSION_1));
        let decoded = decode_version(&to_latin1(&ENCODED_BY_VERSION_1), &(1..=2)).unwrap();
        let (mut codec, mut read) = (decoded.read(), Visit::default());
        read.code(&mut codec);
        assert!(codec.is_complete());
        assert_eq!(read, expected);

        let mut text = Codec::open_version(&FRAMED_BY_VERSION_1, &(1..=2)).unwrap();
        let (mut frame, mut read) = (text.next_frame().unwrap(), Visit::default());
        read.code(&mut frame);
        assert!(frame.is_complete() && text.is_complete());
        assert_eq!(read, expected);
    }

    #[test]
    fn a_build_refuses_what_a_later_version_wrote_and_keeps_its_own_field() {
        let mut visit = Visit { views: 7, page: "/".into(), depth: Some(40) };
        let text = visit.written(2).encode();
        assert_eq!(decode_version(&text, &(1..=1)), Err(DecodeError::Newer));
        assert_eq!(decode_version(&text, &(3..=4)), Err(DecodeError::Damaged), "no longer supported");
        let decoded = decode_version(&text, &(1..=2)).unwrap();
        let mut read = Visit::default();
        read.code(&mut decoded.read());
        assert_eq!(read, visit);
    }

    #[test]
    fn a_text_whose_version_was_altered_is_not_taken_for_that_version() {
        let mut altered = ENCODED_BY_VERSION_1;
        altered[0] = 2;
        assert_eq!(decode_version(&to_latin1(&altered), &(1..=2)), Err(DecodeError::Damaged));
        let mut altered = FRAMED_BY_VERSION_1;
        altered[0] = 2;
        assert!(Codec::open_version(&altered, &(1..=2)).unwrap().next_frame().is_none());
    }

    type Everything = (u64, i64, f64, String, Vec<u32>, Option<u64>, bool);

    fn walk(all: &mut Everything, codec: &mut Codec<'_>) {
        codec.varint(&mut all.0);
        codec.zigzag(&mut all.1);
        codec.double(&mut all.2);
        codec.text(&mut all.3);
        codec.list(100, &mut all.4, Codec::varint_u32);
        codec.optional(&mut all.5, Codec::varint);
        codec.bool(&mut all.6);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(all: (u64, i64, u32, String, Vec<u32>, Option<u64>, bool)) {
            let mut all = (all.0, all.1, f64::from(all.2) / 3.0, all.3, all.4, all.5, all.6);
            all.4.truncate(100);
            prop_assert_eq!(round_trip(&mut all, walk), all);
        }

        #[test]
        fn a_list_beyond_its_limit_is_written_without_its_beginning(length in 95..110_usize, after: u64) {
            let mut all = (0, 0, 0.0, String::new(), (0..length as u32).collect(), Some(after), true);
            let read = round_trip(&mut all, walk);
            prop_assert_eq!(&read.4[..], &all.4[length.saturating_sub(100)..]);
            prop_assert_eq!((read.5, read.6), (Some(after), true), "what follows is still read");
        }

        #[test]
        fn hostile_bytes_are_refused_without_harm(bytes: Vec<u8>) {
            let mut from = Codec::reading(&bytes);
            let mut read = Vec::new();
            from.list(64, &mut read, Codec::text);
            prop_assert!(read.iter().map(String::len).sum::<usize>() <= bytes.len());
        }
    }
}
