//! The statistics of experiments and of logs: whether variations differ, also where noise hides what each visitor did,
//! what another policy would have got, and the distributions they are compared against.

pub mod distribution;
pub mod lift;
pub mod noisy_share;
pub mod off_policy;
