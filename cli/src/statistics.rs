//! The statistics of experiments and of logs: whether variations differ, what another policy would have got, and the
//! distributions they are compared against.

pub mod distribution;
pub mod lift;
pub mod off_policy;
