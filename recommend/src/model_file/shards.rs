//! Further files of a site model, one a category, so that a page loads only that of its own.

use super::checksum;
use crate::bytes::{ByteReader, ByteWriter};

/// One further file, which is a site model itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard<'a> {
    /// The category: the file holds the sessions in which an item of it was seen.
    pub category: &'a str,
    /// Its name, in the folder of the file that lists it: `site.boots.tbm`. Never an address or a path.
    pub file: &'a str,
    /// How many bytes it has.
    pub length: u32,
    /// The [`checksum`] of all of them.
    pub checksum: u32,
}

impl Shard<'_> {
    /// Whether these are the bytes of the file that was listed. A copy of another day has items of other numbers.
    pub fn is(&self, bytes: &[u8]) -> bool {
        u32::try_from(bytes.len()) == Ok(self.length) && checksum(&[bytes]) == self.checksum
    }
}

/// The section of kind [`Shards`](super::Kind::Shards).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shards<'a>(&'a [u8]);

impl<'a> Shards<'a> {
    /// Reads a section; `None` where it is none, or a name is that of a file elsewhere.
    pub fn read(bytes: &'a [u8]) -> Option<Shards<'a>> {
        let mut reader = ByteReader(bytes);
        while !reader.0.is_empty() {
            shard(&mut reader)?;
        }
        Some(Shards(bytes))
    }

    /// All of them, in the order of the section.
    pub fn iter(&self) -> impl Iterator<Item = Shard<'a>> + use<'a> {
        let mut reader = ByteReader(self.0);
        std::iter::from_fn(move || shard(&mut reader))
    }

    /// That of a category.
    pub fn of(&self, category: &str) -> Option<Shard<'a>> {
        self.iter().find(|shard| shard.category == category)
    }
}

fn shard<'a>(reader: &mut ByteReader<'a>) -> Option<Shard<'a>> {
    let (category, file) = (reader.text()?, reader.text()?);
    let shard = Shard { category, file, length: reader.u32()?, checksum: reader.u32()? };
    is_name(file).then_some(shard)
}

/// Whether it names a file of the same folder, and nothing that an address could take for more.
fn is_name(file: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !file.is_empty() && !file.starts_with('.') && file.bytes().all(plain)
}

/// The section of these files.
pub fn encode(shards: &[Shard<'_>]) -> Vec<u8> {
    let mut written = ByteWriter::default();
    for shard in shards {
        written.text(shard.category);
        written.text(shard.file);
        written.u32(shard.length);
        written.u32(shard.checksum);
    }
    written.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_finds_the_file_of_its_category_and_knows_its_bytes() {
        let boots = Shard { category: "boots", file: "site.boots.tbm", length: 3, checksum: checksum(&[b"abc"]) };
        let hats = Shard { category: "hats & caps", file: "site.hats-caps.tbm", ..boots };
        let bytes = encode(&[boots, hats]);
        let shards = Shards::read(&bytes).unwrap();
        assert_eq!(shards.iter().collect::<Vec<_>>(), [boots, hats]);
        assert_eq!(shards.of("boots"), Some(boots));
        assert_eq!(shards.of("tents"), None);
        assert!(boots.is(b"abc") && !boots.is(b"abd") && !boots.is(b"ab"));
        assert_eq!(Shards::read(bytes.get(..bytes.len() - 1).unwrap()), None, "it is cut off");
    }

    #[test]
    fn a_file_elsewhere_is_no_shard() {
        for file in ["", "../site.tbm", "//evil.example/x", "https:x", "a/b.tbm", "a\\b", ".tbm", "a?b", "a%2fb", "a b"]
        {
            let bytes = encode(&[Shard { category: "boots", file, length: 0, checksum: 0 }]);
            assert_eq!(Shards::read(&bytes), None, "{file}");
        }
    }
}
