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
        let noise: Vec<u8> = (0_u32..1000).map(|step| (step.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!((900..1100).contains(&brotli(&noise)), "{}", brotli(&noise));
    }
}
