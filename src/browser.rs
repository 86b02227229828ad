//! The boundary to JavaScript: four exports and one import, through which trees cross as bytes.
//!
//! It converts and calls, and holds no logic. Listeners, DOM, storage and entropy are TypeScript
//! (`www/browser`): should WebAssembly trap, the page's originals are out of its reach, and one line
//! there weighs less than a shim here.

mod allocator;
mod engine;
mod host;
mod letterbox;

pub use host::JavaScript;
pub use letterbox::{message, post};

#[global_allocator]
static ALLOCATOR: allocator::Blocks = allocator::Blocks::new();
