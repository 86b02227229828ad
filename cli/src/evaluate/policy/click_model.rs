//! How likely an item is to be clicked in a context: logistic regression on context, item, affinity, and each level of the
//! context with each component of the item.

use super::log::{Logs, Round};
use crate::logistic::{Logistic, Row};

/// Half of this times the square of a weight is added to the loss: that of the reference, `C` = 0.05.
pub const PENALTY: f64 = 20.0;
/// Into how many parts rounds are divided: each is told by a model learned from the others.
const FOLDS: usize = 3;

/// The features of a choice.
pub struct Features {
    levels: usize,
    components: Vec<Vec<f64>>,
}

impl Features {
    /// Those of these logs, whose items have these components.
    pub fn new(logs: &Logs, components: Vec<Vec<f64>>) -> Features {
        let of_each = |item: usize| components.get(item).cloned().unwrap_or_default();
        Features { levels: logs.levels, components: (0..logs.count).map(of_each).collect() }
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.components.len()
    }

    /// How many features there are.
    pub fn width(&self) -> usize {
        let components = self.components.first().map_or(0, Vec::len);
        self.levels + self.items() + 1 + self.levels * components
    }

    /// Those of an item in the context of a round, places ascending.
    pub fn of(&self, round: &Round, item: usize) -> Row {
        let mut row: Row = round.context.iter().map(|level| (*level, 1.0)).collect();
        row.push((self.levels + item, 1.0));
        let first = self.levels + self.items();
        row.push((first, round.affinity(item)));
        let components = self.components.get(item).map_or(&[][..], Vec::as_slice);
        for level in &round.context {
            let place = first + 1 + level * components.len();
            row.extend(components.iter().enumerate().map(|(component, value)| (place + component, *value)));
        }
        row
    }

    /// Learns from what was shown in rounds.
    pub fn learn<'r>(&self, rounds: impl Iterator<Item = &'r Round>) -> Logistic {
        let (rows, clicks): (Vec<Row>, Vec<bool>) =
            rounds.map(|round| (self.of(round, round.item), round.click)).unzip();
        Logistic::fit(&rows, &clicks, &vec![PENALTY; self.width()])
    }

    /// The chance of a click of each item.
    pub fn chances(&self, model: &Logistic, round: &Round) -> Vec<f64> {
        (0..self.items()).map(|item| model.chance(&self.of(round, item))).collect()
    }

    /// The chance of a click of each item in each round, by models that have not seen the round.
    pub fn cross_fitted(&self, rounds: &[&Round], advance: &dyn Fn()) -> Vec<Vec<f64>> {
        let models: Vec<Logistic> = (0..FOLDS)
            .map(|fold| {
                let others = rounds.iter().enumerate().filter(|(place, _)| place % FOLDS != fold);
                let model = self.learn(others.map(|(_, round)| *round));
                advance();
                model
            })
            .collect();
        let of = |(place, round): (usize, &&Round)| {
            models.get(place % FOLDS).map_or_else(Vec::new, |model| self.chances(model, round))
        };
        rounds.iter().enumerate().map(of).collect()
    }
}
