//! The shell: it listens to the page, keeps what the core wants kept, and performs its effects.
//!
//! Compiled for WebAssembly only, and the only place that names `wasm-bindgen`, `serde-wasm-bindgen`,
//! `js-sys`, `web-sys` and `gloo-storage`. It converts and calls; decisions are the core's.

pub mod convert;
pub mod host;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
