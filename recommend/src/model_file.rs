//! The file of a site model, `site.tbm`: sections by kind, each with a checksum of its own. `docs/site-model.md`
//! describes it byte by byte.
//!
//! Sections of unknown kinds are skipped, so that a page with an older script reads the newer file. A section whose
//! checksum is wrong is switched off and named, and the others work. Reading copies nothing.

pub mod shards;

use std::fmt::{self, Display, Formatter};

use crc::{CRC_32_ISO_HDLC, Crc, NoTable};
use thiserror::Error;

use crate::bytes::{ByteReader, ByteWriter};

/// What a file begins with. The first byte is none of a text, so that what treats the file as text is noticed.
pub const MAGIC: [u8; 4] = *b"\x89TBM";
/// The version of the format that is written, and the only one that is read.
pub const VERSION: u16 = 1;
/// The most sections of a file. It bounds the work of opening a file in which all sections overlap.
pub const MOST_SECTIONS: usize = 64;

/// Magic, version, number of sections and their checksum.
const HEADER: usize = 12;
/// One entry of the table: kind, offset, length and checksum, four bytes each.
const ENTRY: usize = 16;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The items that are recommended.
    Items,
    /// Which items follow each other.
    Rules,
    /// Sessions in which items were seen together.
    Sessions,
    /// Which page comes next: [`PageModel`](crate::next_page::PageModel).
    NextPage,
    /// Which areas of the site visitors see: [`Areas`](crate::areas::Areas).
    Areas,
    /// Further files, by category: [`Shards`](shards::Shards).
    Shards,
    /// How likely which item is the next one: [`NextItems`](crate::next_items::NextItems).
    NextItems,
    /// Something of a later version, by its number.
    Other(u32),
}

impl Kind {
    /// The kind of this number.
    pub fn of(number: u32) -> Kind {
        match number {
            1 => Kind::Items,
            2 => Kind::Rules,
            3 => Kind::Sessions,
            4 => Kind::NextPage,
            5 => Kind::Areas,
            6 => Kind::Shards,
            7 => Kind::NextItems,
            other => Kind::Other(other),
        }
    }

    /// Its number in a file. Numbers are never given twice.
    pub fn number(self) -> u32 {
        match self {
            Kind::Items => 1,
            Kind::Rules => 2,
            Kind::Sessions => 3,
            Kind::NextPage => 4,
            Kind::Areas => 5,
            Kind::Shards => 6,
            Kind::NextItems => 7,
            Kind::Other(number) => number,
        }
    }
}

impl Display for Kind {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Items => out.write_str("items"),
            Kind::Rules => out.write_str("rules"),
            Kind::Sessions => out.write_str("sessions"),
            Kind::NextPage => out.write_str("next page"),
            Kind::Areas => out.write_str("areas"),
            Kind::Shards => out.write_str("shards"),
            Kind::NextItems => out.write_str("next items"),
            Kind::Other(number) => write!(out, "unknown {number}"),
        }
    }
}

/// Why a file is refused as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// It does not begin with [`MAGIC`].
    #[error("is no site model")]
    NotAModel,
    /// It ends before its table does.
    #[error("is cut off before its sections begin")]
    Truncated,
    /// Its first bytes are not those that were written.
    #[error("is damaged at its beginning")]
    Damaged,
    /// Its format is another one.
    #[error("is a site model of version {0}, expected {VERSION}")]
    Version(u16),
    /// It lists more than [`MOST_SECTIONS`].
    #[error("lists {0} sections, expected at most {MOST_SECTIONS}")]
    TooManySections(u16),
}

/// One entry of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// What it says to hold. Where it is damaged this may be wrong as well.
    pub kind: Kind,
    /// What it holds; `None` where it is damaged.
    pub bytes: Option<&'a [u8]>,
}

/// An open file.
///
/// ```
/// use tailorbird_recommend::model_file::{Kind, ModelFile, write};
/// let bytes = write(&[(Kind::Areas, vec![1, 2, 3])]);
/// let model = ModelFile::open(&bytes).unwrap();
/// assert_eq!(model.section(Kind::Areas), Some(&[1, 2, 3][..]));
/// assert_eq!(model.damaged().count(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile<'a> {
    sections: Vec<Section<'a>>,
}

impl<'a> ModelFile<'a> {
    /// Reads the table, and checks every section.
    ///
    /// # Errors
    ///
    /// When the bytes are no site model of this version, or the first ones are damaged.
    pub fn open(bytes: &'a [u8]) -> Result<ModelFile<'a>, ModelError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(ModelError::NotAModel);
        }
        let (header, rest) = bytes.split_at_checked(HEADER).ok_or(ModelError::Truncated)?;
        let count = count(header)?;
        let table = rest.get(..usize::from(count) * ENTRY).ok_or(ModelError::Truncated)?;
        let sections = table.chunks_exact(ENTRY).filter_map(|entry| section(bytes, entry)).collect();
        Ok(ModelFile { sections })
    }

    /// What the first good section of this kind holds.
    pub fn section(&self, kind: Kind) -> Option<&'a [u8]> {
        self.sections.iter().filter(|section| section.kind == kind).find_map(|section| section.bytes)
    }

    /// The sections whose checksum is wrong, or that end beyond the file.
    pub fn damaged(&self) -> impl Iterator<Item = Kind> + '_ {
        self.sections.iter().filter(|section| section.bytes.is_none()).map(|section| section.kind)
    }

    /// All sections, in the order of the file.
    pub fn sections(&self) -> &[Section<'a>] {
        &self.sections
    }
}

/// How many sections a header announces.
fn count(header: &[u8]) -> Result<u16, ModelError> {
    let mut reader = ByteReader(header);
    let said = reader.take(8).unwrap_or_default();
    let checksum = reader.u32().ok_or(ModelError::Truncated)?;
    let mut fields = ByteReader(said.get(MAGIC.len()..).unwrap_or_default());
    let (version, count) = fields.u16().zip(fields.u16()).ok_or(ModelError::Truncated)?;
    if self::checksum(&[said]) != checksum {
        return Err(ModelError::Damaged);
    }
    match version {
        VERSION if usize::from(count) > MOST_SECTIONS => Err(ModelError::TooManySections(count)),
        VERSION => Ok(count),
        other => Err(ModelError::Version(other)),
    }
}

/// What an entry of the table stands for; `None` only for bytes that are none.
fn section<'a>(file: &'a [u8], entry: &[u8]) -> Option<Section<'a>> {
    let mut reader = ByteReader(entry);
    let said = reader.take(ENTRY - 4)?;
    let checksum = reader.u32()?;
    let mut fields = ByteReader(said);
    let kind = Kind::of(fields.u32()?);
    let offset = usize::try_from(fields.u32()?).ok()?;
    let length = usize::try_from(fields.u32()?).ok()?;
    let bytes = file.get(offset..).and_then(|rest| rest.get(..length));
    let bytes = bytes.filter(|bytes| self::checksum(&[said, bytes]) == checksum);
    Some(Section { kind, bytes })
}

/// A file of these sections, in this order. Of more than [`MOST_SECTIONS`] the rest is left out.
pub fn write(sections: &[(Kind, Vec<u8>)]) -> Vec<u8> {
    let sections = sections.get(..MOST_SECTIONS).unwrap_or(sections);
    let mut file = ByteWriter(MAGIC.to_vec());
    file.u16(VERSION);
    file.u16(u16::try_from(sections.len()).unwrap_or(u16::MAX));
    file.u32(checksum(&[&file.0]));
    let mut offset = HEADER + sections.len() * ENTRY;
    for (kind, bytes) in sections {
        let mut said = ByteWriter::default();
        for field in [kind.number(), size(offset), size(bytes.len())] {
            said.u32(field);
        }
        file.bytes(&said.0);
        file.u32(checksum(&[&said.0, bytes]));
        offset += bytes.len();
    }
    for (_, bytes) in sections {
        file.bytes(bytes);
    }
    file.0
}

/// Of a file beyond 4 GB the sections that do not fit are damaged.
fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// The CRC-32 of ISO 3309 and zip, over the parts one after the other.
///
/// Without a table: it reads a hundred megabytes a second, and a table of `crc` would add 1 KB to the download, those
/// of `crc32fast` 18 KB.
pub fn checksum(parts: &[&[u8]]) -> u32 {
    let crc = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize()
}

#[cfg(test)]
mod tests;
