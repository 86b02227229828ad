//! How large something is for who downloads it.

use std::io::Write;

use brotli::CompressorWriter;

/// The bytes of `data` after brotli, with quality 11 and a window of 2^22, as servers send files that rarely change.
pub fn brotli(data: &[u8]) -> usize {
    let mut compressor = CompressorWriter::new(Vec::new(), 4096, 11, 22);
    // Writing into memory does not fail.
    let _ = compressor.write_all(data);
    compressor.into_inner().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_weighs_little_and_noise_its_bytes() {
        assert!(brotli(&[b'a'; 10_000]) < 50);
        // Marsaglia's xorshift.
        let mut state = 1_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(1000)
        .collect();
        assert!((900..1100).contains(&brotli(&noise)), "{}", brotli(&noise));
    }
}
