//! Short hashes: for seeds, for transaction ids, and to detect damage.

/// 64-bit FNV-1a over bytes.
///
/// Source: Fowler, Noll, Vo and Eastlake, "The FNV Non-Cryptographic Hash Algorithm", RFC 9923.
///
/// ```
/// # use tailorbird::hash::fnv1a_64;
/// assert_eq!(fnv1a_64(b"a"), 0xaf63_dc4c_8601_ec8c); // the RFC's test vector
/// ```
pub fn fnv1a_64(bytes: &[u8]) -> u64 {
    fnv1a_64_after(0xcbf2_9ce4_8422_2325, bytes)
}

/// The same for bytes that follow others: `hash` is theirs.
pub fn fnv1a_64_after(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The CRC-32 of every four-bit value.
const NIBBLES: [u32; 16] = {
    let mut table = [0; 16];
    let mut nibble = 0_u32;
    while nibble < 16 {
        let (mut crc, mut bit) = (nibble, 0);
        while bit < 4 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        #[allow(clippy::indexing_slicing, reason = "below 16, and evaluated at compile time")]
        {
            table[nibble as usize] = crc;
        }
        nibble += 1;
    }
    table
};

/// CRC-32 as in ISO 3309 and zip, four bits at a time.
///
/// ```
/// # use tailorbird::hash::crc32;
/// assert_eq!(crc32(b"123456789"), 0xcbf4_3926); // the standard's check value
/// ```
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| (crc >> 4) ^ NIBBLES.get((crc & 15) as usize).copied().unwrap_or(0);
    !bytes.iter().fold(u32::MAX, |crc, byte| step(step(crc ^ u32::from(*byte))))
}

/// 32-bit FNV-1a over the UTF-16 code units of the texts, one after the other. Each unit is hashed as one
/// number, not as two bytes.
///
/// ```
/// # use tailorbird::hash::fnv1a_32_utf16;
/// assert_eq!(fnv1a_32_utf16(&["a"]), 0xe40c_292c); // for ASCII the RFC's own test vector
/// ```
pub fn fnv1a_32_utf16(texts: &[&str]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for text in texts {
        for unit in text.encode_utf16() {
            hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}
