//! The boundary to JavaScript: a few typed calls that convert and call, and hold no logic.
//!
//! Listeners, DOM, storage and entropy are TypeScript (`www/browser`): should WebAssembly trap, the
//! page's originals are out of its reach, and one line there weighs less than a shim here.

mod engine;
mod host;
mod tree;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();
