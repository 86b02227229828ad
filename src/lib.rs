//! Tailorbird: personalization that learns and decides inside the visitor's own browser.
//!
//! The core is pure: signals go in, effects come out. The current time, random bits and what is stored are
//! arguments, so a session can be replayed natively, in a test and in every browser with the same
//! result to the bit.
//!
//! ```text
//! signal ──▶ profile ──▶ decision ──▶ page ──▶ measurement
//! ```
//!
//! Data moves to the right. What came of it returns as a new signal at the left.
//!
//! # Shared ground
//!
//! [`value`] is the tree that configs, events and attributes arrive in; [`reader`] turns it into checked
//! types and collects every problem with its path; [`condition`] is the language of segments and saved
//! groups, and [`template`] that of texts with placeholders; both ask [`host`] for JavaScript's own conversions,
//! patterns and addresses. [`time`], [`random`], [`hash`], [`number`] and [`codec`] are the primitives that give the
//! same bits everywhere.
//!
//! # The stages
//!
//! [`signal`]: everything the engine receives, checked and bounded. [`profile`]: what is known about a
//! visitor, folded from a journal of events. [`decision`]: profile, context and config to one decision a
//! slot; experiments and features are assigned here, as GrowthBook's SDKs do. [`page`]: what the page
//! should do, as data. [`measurement`]: exposures, impressions and conversions, counted on the device, and reports in
//! which noise hides a visitor's outcome.
//!
//! # Where stages meet
//!
//! [`config`] is the whole of what the site owner wrote, [`state`] the whole of what is stored, [`storage`]
//! the protocol by which the tabs of a browser share one storage area, and [`engine`] dispatches signals
//! and returns effects. No stage imports them.
//!
//! # The shell
//!
//! `web` listens to the page, stores what the engine wants stored and performs its effects, on web-sys,
//! js-sys and gloo-storage; it is compiled for WebAssembly only. TypeScript writes to the page, in
//! `www/page`.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable)
)]

pub mod value;
pub mod reader;
pub mod condition;
pub mod template;
pub mod host;
pub mod time;
pub mod random;
pub mod hash;
pub mod number;
pub mod codec;

pub mod signal;
pub mod profile;
pub mod decision;
pub mod page;
pub mod measurement;

pub mod config;
pub mod state;
pub mod engine;
pub mod storage;

#[cfg(target_arch = "wasm32")]
pub mod web;
