//! Sessions that share items with the one that goes on, and what was seen in them.

use super::candidates::Candidates;
use super::{NEIGHBOUR_DAYS, OLDEST_DAYS, RECENT, Recent};
use crate::sessions::Sessions;

/// The sessions that neighbours are looked for in.
#[derive(Clone, Debug)]
pub struct Neighbours<'a> {
    sessions: Sessions<'a>,
    /// By age in days: what a session weighs.
    weights: Vec<f64>,
}

impl<'a> Neighbours<'a> {
    /// Among these sessions.
    pub fn new(sessions: Sessions<'a>) -> Neighbours<'a> {
        let weights = (0..=OLDEST_DAYS).map(|age| libm::exp(-f64::from(age) / NEIGHBOUR_DAYS)).collect();
        Neighbours { sessions, weights }
    }

    /// The part of a session's similarity that does not depend on who asks.
    fn weight(&self, session: u32, length: u32) -> f64 {
        let age = self.sessions.age(session).unwrap_or(OLDEST_DAYS).min(OLDEST_DAYS);
        let weight = self.weights.get(age as usize).copied().unwrap_or(0.0);
        weight / f64::from(length).sqrt()
    }

    /// Adds what was seen in the latest sessions of each of these items. `rarity` is by item what its score is
    /// multiplied by.
    pub fn score(&self, recent: &[Recent], rarity: &dyn Fn(u32) -> f64, found: &mut Candidates) {
        // The last session of each item that was looked at. As lists go from new to old, a session up to it was.
        let mut lasts: Vec<Option<u32>> = Vec::with_capacity(RECENT);
        for (slot, from) in recent.iter().enumerate() {
            let mut latest = self.sessions.of_item(from.item);
            'sessions: for session in latest.clone() {
                let seen = self.sessions.seen(session);
                let (mut similarity, mut length) = (0.0, 0_u32);
                for item in seen.clone() {
                    length = length.saturating_add(1);
                    // Items of the history are the first candidates, in order.
                    let shared = found.place(item).filter(|shared| *shared < recent.len());
                    let Some((shared, other)) = shared.and_then(|shared| Some((shared, recent.get(shared)?))) else {
                        continue;
                    };
                    if shared < slot && lasts.get(shared).is_some_and(|last| *last >= Some(session)) {
                        continue 'sessions;
                    }
                    similarity += other.decay.history;
                }
                let weight = self.weight(session, length) * similarity * from.decay.neighbour;
                for item in seen {
                    found.add(item, weight * rarity(item), slot);
                }
            }
            lasts.push(latest.next_back());
        }
    }
}
