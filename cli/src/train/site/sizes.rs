//! How large a model is for who downloads it: told in several places, and compressed once, which takes seconds.

use tailorbird_companion::publication::Files;

use crate::train::figures::Size;
use crate::weight::brotli_of_model;

/// How large the files of a model are, and what the first of them consists of.
pub struct Sizes {
    /// Of each section.
    pub sections: Vec<Size>,
    /// Of the file that pages load.
    pub model: Size,
    /// Of each file beside it.
    pub further: Vec<Size>,
}

impl Sizes {
    pub fn of(files: &Files) -> Sizes {
        let size = |name: &str, bytes: &[u8]| Size {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            brotli: brotli_of_model(bytes) as u64,
        };
        Sizes {
            sections: files.sections.iter().map(|(kind, bytes)| size(&kind.to_string(), bytes)).collect(),
            model: size("all", &files.model),
            further: files.further.iter().map(|further| size(&further.name, &further.bytes)).collect(),
        }
    }
}
