//! The statistics of experiments: whether variations differ, and the distributions they are compared against.

pub mod distribution;
pub mod lift;
