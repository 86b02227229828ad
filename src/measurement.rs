//! What was shown and what came of it, counted on the device: nothing here leaves it.

pub mod exposure;
pub mod ledger;
pub mod prompt_counts;
pub mod variant_counts;
