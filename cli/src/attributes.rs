//! `tailorbird attributes`: everything that conditions can ask for.

use serde_json::{Value, json};
use tailorbird::profile::attributes::described::{Attribute, DESCRIBED, DescribedGroup, page};

use crate::arguments::EXIT_CODES;
use crate::ending::{Ending, print};

/// List what conditions can ask for
///
/// Every attribute that the engine fills is listed with its path, its type and range, and what it means, as a page
/// of Markdown.
///
/// A step in capital letters is a placeholder for a name: interest.DIMENSION.KEY is interest.category.boots and its like.
///
/// With --json one object is printed: {"attributes": [{"path", "group", "type", "range", "meaning"}]}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Attributes {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Attributes {
    /// Prints them.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written to.
    pub fn run(&self) -> Result<(), Ending> {
        if !self.json {
            return print(&page());
        }
        let one = |group: &DescribedGroup, Attribute { path, kind, range, meaning }: &Attribute| json!({"path": path, "group": group.name, "type": kind, "range": range, "meaning": meaning});
        let all = |group: &'static DescribedGroup| group.attributes.iter().map(move |attribute| one(group, attribute));
        let attributes: Vec<Value> = DESCRIBED.iter().flat_map(all).collect();
        print(&format!("{}\n", json!({ "attributes": attributes })))
    }
}
