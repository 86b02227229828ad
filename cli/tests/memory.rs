//! What memory the engine of a page holds of a visitor's history. A test of its own, because its allocator counts.

#![allow(clippy::unwrap_used, missing_docs)]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tailorbird::config::Config;
use tailorbird_cli::visitor::Visitor;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn allocated() -> Option<usize> {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.checked_sub(stats.bytes_deallocated)
}

#[test]
fn what_the_engine_holds_no_longer_grows_after_some_months() {
    let shop = serde_json::from_str(include_str!("../../www/shop/tailorbird.json")).unwrap();
    let config = Config::read(&shop).unwrap();
    let mut visitor = Visitor::new(&config, allocated);
    let held: Vec<usize> = (0..240)
        .map(|_| {
            visitor.live_a_day(9);
            visitor.memory.unwrap()
        })
        .collect();
    let largest = |days: &[usize]| days.iter().copied().max().unwrap();
    let [first, second, last] = [&held[..1], &held[80..160], &held[160..]].map(largest);
    assert!(second > first, "the first day is remembered: {first}, then {second}");
    assert!(last * 10 <= second * 11, "{second} bytes in the second third of eight months, {last} in the last");
}
