//! The compact encoding of what is kept: variable-length integers, text, doubles.
//!
//! Writing cannot fail. Reading goes on with defaults after the first byte that makes no sense, and
//! says so at the end; it never allocates more than the input is long.

use crate::hash::crc32;
use crate::time::Timestamp;

/// The version of the encoding that this build writes, and the newest that it reads.
pub const VERSION: u64 = 3;
/// The oldest that it reads.
const OLDEST: u64 = 1;

/// Why kept text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Cut short, altered, or never ours.
    Damaged,
    /// Written by a later version of the engine.
    Newer,
}

/// What encoded text held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    version: u64,
    bytes: Vec<u8>,
}

impl Decoded {
    /// Reading from its start.
    pub fn read(&self) -> Codec<'_> {
        Codec { older: VERSION - self.version, ..Codec::reading(&self.bytes) }
    }
}

/// The payload of encoded text.
///
/// # Errors
///
/// When the text was damaged, or encoded by a later version.
pub fn decode(text: &str) -> Result<Decoded, DecodeError> {
    let bytes = from_latin1(text).ok_or(DecodeError::Damaged)?;
    let mut from = Codec::reading(&bytes);
    let mut version = 0;
    from.varint(&mut version);
    if version > VERSION && !from.broken {
        return Err(DecodeError::Newer);
    }
    let sum = from.take(4).try_into().ok().map(u32::from_le_bytes);
    let payload = from.rest.unwrap_or_default();
    let sound = (OLDEST..=VERSION).contains(&version) && sum == Some(checksum(version, payload));
    if sound { Ok(Decoded { version, bytes: payload.to_vec() }) } else { Err(DecodeError::Damaged) }
}

/// One byte a character; `None` for text that is not made so.
pub fn from_latin1(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for letter in text.chars() {
        bytes.push(u8::try_from(u32::from(letter)).ok()?);
    }
    Some(bytes)
}

/// Bytes being written, or read.
///
/// A type describes its encoding once, as a walk over its fields that serves both directions, so
/// that they cannot drift apart. While reading, what makes no sense is left at its default, and
/// [`is_complete`](Codec::is_complete) tells at the end.
#[derive(Default)]
pub struct Codec<'a> {
    written: Vec<u8>,
    /// What is left to read; `None` while writing.
    rest: Option<&'a [u8]>,
    broken: bool,
    /// How many versions ago what is being read was written.
    older: u64,
    /// Of lists only the later part is written: so many times halved.
    halvings: u32,
}

impl<'a> Codec<'a> {
    /// Reading from the start of `bytes`. For writing there is [`Codec::default`].
    pub fn reading(bytes: &'a [u8]) -> Codec<'a> {
        Codec { rest: Some(bytes), ..Codec::default() }
    }

    /// Whether this is of `version` or a later one: what came with that version is coded only where
    /// this is true, and keeps its default where an earlier one is read.
    pub fn since(&self, version: u64) -> bool {
        VERSION - self.older >= version
    }

    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.written.len()
    }

    /// Whether none was.
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

    /// Notes that what was read makes no sense.
    pub fn fail(&mut self) {
        self.broken = true;
        self.rest = self.rest.map(|_| &[][..]);
    }

    /// Whether this is reading.
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

    /// A count, seven bits a byte, least first (LEB128).
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

    /// A count that fits 32 bits.
    pub fn varint_u32(&mut self, number: &mut u32) {
        let mut wide = u64::from(*number);
        self.varint(&mut wide);
        *number = u32::try_from(wide).unwrap_or(0);
        if wide != u64::from(*number) {
            self.fail();
        }
    }

    /// A length, brought to `most` where it is larger.
    fn length(&mut self, length: usize, most: usize) -> usize {
        let mut small = u32::try_from(length).unwrap_or(0);
        self.varint_u32(&mut small);
        if small as usize > most {
            self.fail();
            return 0;
        }
        small as usize
    }

    /// A signed number, folded so that small ones of either sign stay short.
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

    /// A finite double.
    pub fn double(&mut self, number: &mut f64) {
        // A sum may have grown beyond all bounds; written as it is, nothing could be read again.
        if !self.is_reading() && !number.is_finite() {
            *number = 0.0;
        }
        self.f64_bits(number);
        if !number.is_finite() {
            *number = 0.0;
            self.fail();
        }
    }

    /// Text being written, its length first.
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

    /// From here on only the later part of each list is written, its length so many `times` halved: for
    /// what has grown too large, and stands in the order of time.
    pub fn halve_lists(&mut self, times: u32) {
        self.halvings = times;
    }

    /// A list of at most `most` items: its length, then each item.
    pub fn list<T: Default>(&mut self, most: usize, items: &mut Vec<T>, item: fn(&mut Codec<'a>, &mut T)) {
        // Few are kept all: dimensions of interests, say, each a list of its own.
        let some = if items.len() > 8 { items.len() >> self.halvings } else { items.len() };
        let length = self.length(some, most);
        if self.is_reading() {
            items.clear();
            while items.len() < length && !self.broken {
                let mut read = T::default();
                item(self, &mut read);
                items.push(read);
            }
        } else {
            let skipped = items.len() - length;
            for known in items.iter_mut().skip(skipped) {
                item(self, known);
            }
        }
    }

    /// Something that may be absent.
    pub fn optional<T: Default>(&mut self, value: &mut Option<T>, item: fn(&mut Codec<'a>, &mut T)) {
        let mut present = u64::from(value.is_some());
        self.varint(&mut present);
        if self.is_reading() && present > 0 {
            *value = Some(T::default());
        }
        if let Some(value) = value {
            item(self, value);
        }
    }

    /// What was written as one frame of several: its length, its checksum, then itself.
    pub fn frame(self) -> String {
        let mut out = Codec::default();
        out.length(self.written.len(), usize::MAX);
        out.to_latin1(&self.written)
    }

    /// What was written, the checksum of `payload` and itself, one character a byte.
    fn to_latin1(mut self, payload: &[u8]) -> String {
        self.written.extend_from_slice(&checksum(VERSION, payload).to_le_bytes());
        self.written.extend_from_slice(payload);
        let mut letters = Vec::with_capacity(2 * self.written.len());
        for byte in self.written {
            if byte < 0x80 {
                letters.push(byte);
            } else {
                letters.push(0xc0 | byte >> 6);
                letters.push(0x80 | byte & 0x3f);
            }
        }
        String::from_utf8(letters).unwrap_or_default()
    }

    /// Takes one frame out, if it is whole and unaltered.
    pub fn next_frame(&mut self) -> Option<Codec<'a>> {
        let length = self.length(0, usize::MAX);
        let sum = self.take(4).try_into().ok().map(u32::from_le_bytes);
        let frame = self.take(length);
        if self.broken || sum != Some(checksum(VERSION, frame)) {
            self.fail();
            return None;
        }
        Some(Codec::reading(frame))
    }

    /// Packs what was written into text for a storage area: version, checksum, payload, one
    /// character a byte (U+0000 to U+00FF), which both kinds of area keep as it is.
    pub fn encode(self) -> String {
        let mut out = Codec::default();
        out.varint(&mut { VERSION });
        out.to_latin1(&self.written)
    }
}

/// Of the payload, and of the version: one that was altered is not taken for an earlier one. Before
/// the third version it was of the payload alone.
fn checksum(version: u64, payload: &[u8]) -> u32 {
    let version = u32::try_from(version).unwrap_or(0);
    crc32(payload) ^ if version < 3 { 0 } else { version }
}

#[allow(clippy::cast_possible_truncation, reason = "the low byte is meant")]
fn low_byte(number: u64) -> u8 {
    number as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_seal_notices_every_change_of_a_character() {
        let mut out = Codec::default();
        out.text(&mut "boots".to_owned());
        let encoded = out.encode();
        assert_eq!(decode(&encoded).map(|opened| opened.bytes.len()), Ok(6));
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

    type Everything = (u64, i64, f64, String, Vec<u32>, Option<u64>);

    fn walk(codec: &mut Codec<'_>, all: &mut Everything) {
        codec.varint(&mut all.0);
        codec.zigzag(&mut all.1);
        codec.double(&mut all.2);
        codec.text(&mut all.3);
        codec.list(100, &mut all.4, Codec::varint_u32);
        codec.optional(&mut all.5, Codec::varint);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(mut all: (u64, i64, u32, String, Vec<u32>, Option<u64>)) {
            all.4.truncate(100);
            let mut all = (all.0, all.1, f64::from(all.2) / 3.0, all.3, all.4, all.5);
            let mut out = Codec::default();
            walk(&mut out, &mut all);
            let mut from = Codec::reading(&out.written);
            let mut read = Everything::default();
            walk(&mut from, &mut read);
            prop_assert!(from.is_complete());
            prop_assert_eq!(read, all);
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
