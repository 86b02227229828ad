//! A site model with all its further files, as a page has it that has loaded them.

use std::path::Path;

use tailorbird_recommend::site_model::SiteModel;

use crate::ending::{Ending, complain};
use crate::files;

/// Opens the model at this path, and adds the further files that lie beside it. What is damaged or missing is named on
/// stderr.
///
/// # Errors
///
/// When the file cannot be read, and when it is no site model.
pub fn open(path: &Path) -> Result<SiteModel<'static>, Ending> {
    // The tool opens one model, and what it reads of a file stays the bytes of the file until it ends.
    let bytes = files::read(path)?.leak();
    let mut model = SiteModel::open(bytes).map_err(|error| Ending::Problems(format!("{} {error}", path.display())))?;
    for section in model.damaged() {
        complain(&format!("{}: the section {section} is damaged, and not used", path.display()));
    }
    for shard in model.shards() {
        let file = path.with_file_name(shard.file);
        match files::read(&file) {
            Ok(bytes) => {
                if let Err(error) = model.add_shard(bytes.leak()) {
                    complain(&format!("{}: {error}", file.display()));
                }
            }
            Err(_) => complain(&format!("{} is missing, which the model lists", file.display())),
        }
    }
    Ok(model)
}
