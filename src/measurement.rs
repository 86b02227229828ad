//! What happened, counted on the device: nothing here leaves it.

pub mod ledger;
