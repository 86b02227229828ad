//! `tailorbird privacy`: the page that says what is stored, what for, how long, and what is requested.

mod consent;
mod keys;
mod markdown;
mod notice;
mod page;
mod parts;
mod requests;
mod uses;

use std::path::{Path, PathBuf};

use crate::arguments::EXIT_CODES;
use crate::config_file::{self, Wrong};
use crate::document::html;
use crate::ending::{Ending, print};
use crate::files;
use uses::Uses;

/// Write the data map: what this config makes a browser store and request
///
/// For whoever answers for privacy on the site. Every key of the browser's storage and every part of the profile,
/// with its purpose, how long it is kept, where it is read, and the legal basis that is to be checked; what this config
/// does not use, as not kept; every request; who may state consent; what is sensitive; how to check all of that in a
/// browser; and text for the notice to visitors.
///
/// The page is made from the engine's code and the config. The same config gives the same page, so it can be kept
/// with the documents of the site and compared in a check. A config with problems is refused with all of them, because
/// what is left out would be missing in the page.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Privacy {
    /// The config, as JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Write HTML in place of Markdown: one file without scripts
    #[arg(long)]
    html: bool,
    /// Write the page here instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Privacy {
    /// Writes the page into a file, or prints it.
    ///
    /// # Errors
    ///
    /// When the config cannot be read or has problems, and when `out` cannot be written or is the config itself.
    pub fn run(&self) -> Result<(), Ending> {
        let path = &self.config;
        let wrong = |wrong: Wrong| Ending::Problems(wrong.lines(path).join("\n"));
        let (written, config) = config_file::read_written(path)?.map_err(wrong)?;
        if !config.problems.is_empty() {
            return Err(wrong(Wrong::from(&config.problems)));
        }
        let document = page::document(&name_of(path), &Uses::of(&config, &written));
        let text = if self.html { html::html(&document) } else { markdown::markdown(&document) };
        let Some(out) = &self.out else { return print(&text) };
        if files::is_same(out, path) {
            return Err(Ending::Misuse(format!("--out would overwrite {}, which is read here", out.display())));
        }
        files::write(out, &text)
    }
}

/// Only the name: the page is kept with documents, and folders differ between machines.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
