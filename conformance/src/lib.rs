//! The engine's semantics, open to tests and benchmarks in Node: `cargo xtask conformance` makes
//! `pkg-conformance/conformance_bg.wasm` of it. The code that decides is the engine's own, compiled
//! the same way; only these doors are added.

pub mod audience;

#[cfg(target_arch = "wasm32")]
mod doors;
#[cfg(target_arch = "wasm32")]
#[path = "../../tests/growthbook/judge.rs"]
mod judge;
