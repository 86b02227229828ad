//! The shell: listens to the page, stores, and performs the effects of the core.
//!
//! Compiled for WebAssembly only, and the only place that names `wasm-bindgen`, `serde-wasm-bindgen`,
//! `js-sys`, `web-sys` and `gloo-storage`. It converts and calls; decisions are the core's.
//!
//! [`api`] is the engine as TypeScript sees it, and [`sandbox`] a copy of it in memory; `shell` passes signals to the core and performs its effects;
//! `page` is everything that listens. Whatever JavaScript calls is a `callback`, which passes the guard in
//! `www/page`. No borrow is held across a call into JavaScript that may come back, and every import that may
//! throw is declared with `catch`: an exception that passed through Rust would leave the engine borrowed for
//! ever.

pub mod api;
pub mod sandbox;
mod engine_host;
mod error;
mod options;
pub mod convert;
pub mod host;

mod shell;
mod callback;
mod entry;
mod listeners;
mod timer;
mod promise;
mod random;
mod dom_event;
mod storage;

mod page;
mod page_view;
mod prompt_elements;
mod data_layer;
mod sensitive;
mod activity;
mod capture;
mod markup;
mod segment;
mod exit_intent;
mod location;
mod notifications;
mod visibility;
mod lifecycle;

#[cfg(feature = "dev")]
mod panic_hook;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
