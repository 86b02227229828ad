//! Tailorbird: personalization that learns and decides inside the visitor's own browser.
//!
//! The core is pure: signals go in, effects come out. It never asks for the time, for chance or
//! for storage; they are told to it, so a visit can be replayed natively, in a test and in every
//! browser with the same result to the bit.
//!
//! ```text
//! signal ──▶ profile ──▶ decision ──▶ page ──▶ measurement
//! ```
//!
//! Data moves to the right. What came of it returns as a new signal at the left.
//!
//! # Shared ground
//!
//! [`value`] is the one tree that crosses every border; [`reader`] turns it into checked types and
//! collects every problem with its path; [`condition`] is the language of audiences and saved
//! groups, which asks [`host`] for JavaScript's own conversions, patterns and addresses. [`time`],
//! [`random`], [`hash`], [`number`], [`codec`], [`text`] and [`list`] are the few primitives that
//! must give the same bits everywhere.
//!
//! # The stages
//!
//! [`signal`]: everything the engine can be told, checked and bounded. [`profile`]: what is known
//! about a visitor, folded from what happened; the variations of experiments that the visitor keeps are
//! part of it. [`decision`]: profile, context and config to one decision a slot; experiments and
//! features draw here, as GrowthBook's SDKs do. [`page`]: what the page should do, as data.
//! [`measurement`]: exposures, impressions and conversions, counted on the device. The statistics of
//! experiments belong to the native tool.
//!
//! # Where stages meet
//!
//! [`config`] is the whole of what the site owner wrote, [`state`] the whole of what is kept,
//! [`storage`] how the tabs of a browser share one storage area, [`engine`] one page view. No stage
//! imports them.
//!
//! # The shell
//!
//! `web` listens to the page and keeps what is to be kept, on web-sys and js-sys; it is compiled for
//! WebAssembly only. What is written to the page is written by TypeScript, in `www/page`.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unreachable)
)]

pub mod value;
pub mod reader;
pub mod condition;
pub mod host;
pub mod time;
pub mod random;
pub mod hash;
pub mod number;
pub mod codec;
pub mod text;
pub mod list;

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
