//! What is wrong with what the site owner wrote, by place.

use crate::number;

/// How many problems are told; the rest is counted.
const TOLD: usize = 100;
/// How many are kept apart; a config with more than that is counted roughly.
const KEPT: usize = 2_000;
/// Everything wrong with what the site owner wrote.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    more: usize,
}

/// One thing wrong: `slots[1].holdout is 7, expected a number from 0 to 1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where, as a path from the root: `slots[1].holdout`; the root itself is empty.
    pub path: String,
    /// What stands there and what would be right: `is 7, expected a number from 0 to 1`.
    pub message: String,
}

impl Problem {
    /// The whole sentence, for a console.
    pub fn text(&self) -> String {
        let place = if self.path.is_empty() { "the config" } else { &self.path };
        [place, " ", &self.message].concat()
    }
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.more == 0
    }

    /// The first hundred, in the order they were met.
    pub fn list(&self) -> &[Problem] {
        self.list.get(..TOLD).unwrap_or(&self.list)
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.list.len().saturating_add(self.more)
    }

    /// One line a problem, and one that counts the rest.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.list().iter().map(Problem::text).collect();
        let more = self.count() - lines.len();
        if more > 0 {
            lines.push(["... and ", &number::whole(more as u64), " more"].concat());
        }
        lines
    }

    /// Counts a problem without saying which.
    pub fn add_one(&mut self) {
        self.more = self.more.saturating_add(1);
    }

    /// Adds a problem at `path`; where this place or one above it is wrong already, that says enough.
    pub fn add(&mut self, path: String, message: String) {
        let covers = |problem: &Problem| {
            let rest = path.strip_prefix(problem.path.as_str());
            problem.path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        if self.list.iter().any(covers) {
            return;
        }
        if self.list.len() < KEPT {
            self.list.push(Problem { path, message });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}
