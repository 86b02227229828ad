//! What the fuzzer writes, as what lies in a storage area or in a file.
//!
//! A checksum would stop nearly all of it at the door. So the first byte says how the rest is to be read: as it
//! is, or as the payload of well encoded text, or as frames of a journal that are each well encoded, or as a
//! profile that contains one of another device.

use tailorbird::codec::VERSION;
use tailorbird::hash::crc32;

/// The text that the bytes stand for.
pub fn text(bytes: &[u8]) -> String {
    let Some((kind, rest)) = bytes.split_first() else { return String::new() };
    let version = u8::try_from(VERSION).unwrap_or(0);
    let made = match kind % 8 {
        0 => rest.to_vec(),
        1 => framed(version, rest),
        2 => encoded(version.saturating_add(1), rest),
        3 | 4 => carrying(version, rest),
        _ => encoded(version, rest),
    };
    made.into_iter().map(char::from).collect()
}

fn checksum(version: u8, payload: &[u8]) -> [u8; 4] {
    (crc32(payload) ^ u32::from(version)).to_le_bytes()
}

fn encoded(version: u8, payload: &[u8]) -> Vec<u8> {
    [&[version], checksum(version, payload).as_slice(), payload].concat()
}

/// A length as the codec writes it.
fn length(mut left: usize) -> Vec<u8> {
    let mut written = Vec::new();
    while left >= 0x80 {
        written.push((left % 0x80) as u8 | 0x80);
        left /= 0x80;
    }
    written.push(left as u8);
    written
}

fn framed(version: u8, bytes: &[u8]) -> Vec<u8> {
    let mut journal = vec![version];
    let mut rest = bytes;
    while let Some((size, after)) = rest.split_first() {
        let (frame, after) = after.split_at(after.len().min(usize::from(*size)));
        journal.extend(length(frame.len()));
        journal.extend(checksum(version, frame));
        journal.extend(frame);
        rest = after;
    }
    journal
}

/// The first half contains the second as the profile of another device: the list of those comes last.
fn carrying(version: u8, bytes: &[u8]) -> Vec<u8> {
    let (own, other) = bytes.split_at(bytes.len() / 2);
    let other: String = encoded(version, other).into_iter().map(char::from).collect();
    let mut payload = own.strip_suffix(&[0]).unwrap_or(own).to_vec();
    payload.extend([1, 77, 5]);
    payload.extend(length(other.len()));
    payload.extend(other.as_bytes());
    encoded(version, &payload)
}
