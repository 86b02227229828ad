//! What was shown and what came of it, counted on the device. Nothing of it leaves, but reports that the site asks for:
//! see [`reports`].

pub mod exposure;
pub mod ledger;
pub mod prompt_counts;
pub mod randomizer;
pub mod report_rule;
pub mod reports;
pub mod variant_counts;
