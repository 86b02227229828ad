//! Sessions that share items with the one that goes on, and what was seen in them.

use super::candidates::Candidates;
use super::{NEIGHBOUR_DAYS, OLDEST_DAYS, RECENT, Recent};
use crate::sessions::Sessions;

/// The sessions that neighbours are looked for in.
#[derive(Clone, Debug)]
pub struct Neighbours {
    sessions: Sessions,
    /// By age in days: what a session weighs.
    weights: Vec<f64>,
}

impl Neighbours {
    /// Among these sessions.
    pub fn new(sessions: Sessions) -> Neighbours {
        let weights = (0..=OLDEST_DAYS).map(|age| libm::exp(-f64::from(age) / NEIGHBOUR_DAYS)).collect();
        Neighbours { sessions, weights }
    }

    /// The part of a session's similarity that does not depend on who asks.
    fn weight(&self, session: u32, length: usize) -> f64 {
        let age = self.sessions.ages().get(session as usize).copied().unwrap_or(OLDEST_DAYS).min(OLDEST_DAYS);
        let weight = self.weights.get(age as usize).copied().unwrap_or(0.0);
        weight / f64::from(u32::try_from(length).unwrap_or(u32::MAX)).sqrt()
    }

    /// Adds what was seen in the latest sessions of each of these items. `rarity` is by item what its score is
    /// multiplied by.
    pub fn score(&self, recent: &[Recent], rarity: &[f64], found: &mut Candidates) {
        // The last session of each item that was looked at. As lists go from new to old, a session up to it was.
        let mut lasts: Vec<Option<u32>> = Vec::with_capacity(RECENT);
        for (slot, from) in recent.iter().enumerate() {
            let latest = self.sessions.of_item(from.item);
            'sessions: for session in latest {
                let seen = self.sessions.seen(*session);
                let mut similarity = 0.0;
                for item in seen {
                    // Items of the history are the first candidates, in order.
                    let shared = found.place(*item).filter(|shared| *shared < recent.len());
                    let Some((shared, other)) = shared.and_then(|shared| Some((shared, recent.get(shared)?))) else {
                        continue;
                    };
                    if shared < slot && lasts.get(shared).is_some_and(|last| *last >= Some(*session)) {
                        continue 'sessions;
                    }
                    similarity += other.decay.history;
                }
                let weight = self.weight(*session, seen.len()) * similarity * from.decay.neighbour;
                for item in seen {
                    let rarity = rarity.get(*item as usize).copied().unwrap_or(1.0);
                    found.add(*item, weight * rarity, slot);
                }
            }
            lasts.push(latest.last().copied());
        }
    }
}
