//! Times conditions natively: `cargo run --release -p conformance --example conditions -- WORKLOAD.json`.
//!
//! The workload is `{conditions, profiles}`. Prints one line of JSON: CPU nanoseconds for one
//! condition (least, middle and most of nine rounds), how many hold, and all bits in hexadecimal
//! digits, profile after profile.

use std::time::{Duration, Instant};

use conformance::conditions::ConditionSet;
use tailorbird::host::Native;
use tailorbird::value::Value;

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(300);

fn main() {
    let path = std::env::args().nth(1).expect("the path of a workload");
    let text = std::fs::read_to_string(&path).expect("a workload that can be read");
    let workload: Value = serde_json::from_str(&text).expect("JSON");
    let (conditions, profiles) = (workload.at("conditions").items(), workload.at("profiles").items());
    let count = (conditions.len() * profiles.len()) as f64;

    let mut set = ConditionSet::new(conditions);
    let mut once = |seen: &mut dyn FnMut(&[u8])| {
        for profile in profiles {
            set.update(profile);
            seen(&set.evaluate(&Native));
        }
    };
    let (mut holds, mut bits) = (0, String::new());
    once(&mut |held| {
        for byte in held {
            holds += byte.count_ones();
            bits.push_str(&format!("{byte:02x}"));
        }
    });
    let mut found: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (started, mut times) = (Instant::now(), 0.0);
            while started.elapsed() < ROUND {
                once(&mut |held| {
                    std::hint::black_box(held);
                });
                times += 1.0;
            }
            started.elapsed().as_nanos() as f64 / (times * count)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let figure = |index: usize| found.get(index).copied().unwrap_or(f64::NAN);
    println!(
        r#"{{"ns_per_condition": {{"min": {:.1}, "median": {:.1}, "max": {:.1}}}, "holds": {holds}, "bits": "{bits}"}}"#,
        figure(0),
        figure(ROUNDS / 2),
        figure(ROUNDS - 1)
    );
}
