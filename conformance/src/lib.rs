//! The engine's semantics, open to tests and benchmarks in Node: `cargo xtask conformance` makes
//! `pkg-conformance/` of it. The code that decides is the engine's own, compiled the same way; only these
//! exports are added.

pub mod conditions;

#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
#[path = "../../tests/growthbook/judge.rs"]
mod judge;
