//! What happened, counted on the device: nothing here leaves it.

pub mod distribution;
pub mod exposure;
pub mod ledger;
pub mod lift;
