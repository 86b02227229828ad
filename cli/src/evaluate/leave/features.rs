//! What is known after each step of a visit, as numbers: how far it has come, what was seen, and in what
//! share of visits that had come the same way the step was the last.

use std::collections::BTreeMap;

use libm::log as ln;

use crate::boosting::{Columns, mixed};
use crate::train::walk::Walk;

/// In how many parts the visits are counted, so that no visit is predicted from its own end.
const FOLDS: u64 = 5;
/// How many cases a share counts in addition, at the share of the way that says less.
const PRIOR: f64 = 8.0;

/// The ways to a step that are counted, each with the place of one that says less.
const WAYS: [(Way, Option<usize>); 11] = [
    (Way::Last(1), None),
    (Way::Last(2), Some(0)),
    (Way::Last(3), Some(1)),
    (Way::Last(5), Some(2)),
    (Way::Step, None),
    (Way::StepLast(1), Some(4)),
    (Way::StepLast(2), Some(5)),
    (Way::StepLast(3), Some(6)),
    (Way::Turns(2), Some(5)),
    (Way::Turns(4), Some(8)),
    (Way::Kinds, Some(5)),
];

/// What is the same about two steps.
#[derive(Clone, Copy)]
enum Way {
    /// How many steps there were.
    Step,
    /// The last things seen; before the first there is the start.
    Last(usize),
    /// Both.
    StepLast(usize),
    /// The last things seen, each once while it repeats, with the length of the last repetition, and the step.
    Turns(usize),
    /// The last thing, how often it was seen, how many others, and the step.
    Kinds,
}

/// How often a step was the last, by fold of the visits.
#[derive(Clone, Copy, Default)]
struct Ends {
    over: [f32; FOLDS as usize],
    all: [f32; FOLDS as usize],
}

/// Shares and counts learned from visits.
pub struct Ways {
    ends: BTreeMap<u64, Ends>,
    share: f64,
    seen: Vec<f64>,
}

impl Ways {
    /// Counts all steps of these visits.
    pub fn learn(walks: &[Walk]) -> Ways {
        let (mut ends, mut seen) = (BTreeMap::<u64, Ends>::new(), Vec::new());
        let (mut over, mut all) = (0.0, 0.0);
        for (walk, fold) in walks.iter().zip(folds()) {
            for number in &walk.seen {
                let place = *number as usize;
                if seen.len() <= place {
                    seen.resize(place + 1, 0.0);
                }
                if let Some(count) = seen.get_mut(place) {
                    *count += 1.0;
                }
            }
            for (step, last) in walk.steps() {
                let last = if last { 1.0 } else { 0.0 };
                over += f64::from(last);
                all += 1.0;
                for (way, _) in WAYS {
                    let key = key(way, walk, step);
                    let ends = ends.entry(key).or_default();
                    if let (Some(over), Some(all)) = (ends.over.get_mut(fold), ends.all.get_mut(fold)) {
                        *over += last;
                        *all += 1.0;
                    }
                }
            }
        }
        Ways { ends, share: (over + 0.5) / (all + 1.0), seen }
    }

    /// The features of every step, by column, and whether it was the last. Visits that were `learned` from
    /// are predicted from the others.
    pub fn table(&self, walks: &[Walk], learned: bool) -> (Columns, Vec<bool>) {
        let (mut columns, mut happened) = (Columns::new(), Vec::new());
        for (walk, fold) in walks.iter().zip(folds()) {
            for (step, last) in walk.steps() {
                let features = self.features(walk, step, learned.then_some(fold));
                columns.resize(features.len(), Vec::new());
                columns.iter_mut().zip(features).for_each(|(column, feature)| column.push(feature));
                happened.push(last);
            }
        }
        (columns, happened)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "features need few digits")]
    fn features(&self, walk: &Walk, step: usize, without: Option<usize>) -> Vec<f32> {
        let path = walk.seen.get(..=step).unwrap_or_default();
        let last = path.last().copied().unwrap_or(0);
        let before = step.checked_sub(1).and_then(|step| path.get(step)).copied();
        let mut kinds = path.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        let same = path.iter().filter(|number| **number == last).count();
        let pace = |number: u32| ln(1.0 + self.seen.get(number as usize).copied().unwrap_or(0.0)) as f32;
        let turns = path.windows(2).filter(|pair| pair.first() != pair.last()).count();
        let mut features = vec![
            step as f32,
            kinds.len() as f32,
            run(path) as f32,
            same as f32,
            turns as f32,
            last as f32,
            before.map_or(-1.0, |number| number as f32),
            pace(last),
            before.map_or(-1.0, pace),
        ];
        let mut shares: Vec<f64> = Vec::with_capacity(WAYS.len());
        for (way, less) in WAYS {
            let ends = self.ends.get(&key(way, walk, step)).copied().unwrap_or_default();
            let known = |counts: [f32; FOLDS as usize]| {
                let own = without.and_then(|fold| counts.get(fold)).copied().unwrap_or(0.0);
                f64::from(counts.iter().sum::<f32>() - own)
            };
            let prior = less.and_then(|less| shares.get(less)).copied().unwrap_or(self.share);
            shares.push((known(ends.over) + PRIOR * prior) / (known(ends.all) + PRIOR));
        }
        features.extend(shares.iter().map(|share| *share as f32));
        if !walk.times.is_empty() {
            features.extend(times(&walk.times, step));
        }
        features
    }
}

/// How long ago the step before was, how long steps took on average and at most, and what hour and weekday
/// it was.
#[allow(clippy::cast_possible_truncation, reason = "features need few digits")]
fn times(times: &[f64], step: usize) -> [f32; 6] {
    let at = |step: usize| times.get(step).copied().unwrap_or(0.0);
    let (now, start) = (at(step), at(0));
    let took = |step: usize| if step == 0 { 0.0 } else { at(step) - at(step - 1) };
    let mean = if step == 0 { 0.0 } else { (now - start) / f64::from(u32::try_from(step).unwrap_or(1)) };
    let longest = (1..=step).map(took).fold(0.0, f64::max);
    let long = |seconds: f64| ln(1.0 + seconds.max(0.0)) as f32;
    let hour = (now.rem_euclid(86_400.0) / 3_600.0) as f32;
    let day = (now / 86_400.0).floor().rem_euclid(7.0) as f32;
    [long(took(step)), long(mean), long(longest), long(took(step.saturating_sub(1))), hour, day]
}

/// How many times the last thing was seen in a row.
fn run(path: &[u32]) -> usize {
    path.iter().rev().take_while(|number| Some(*number) == path.last()).count()
}

/// The fold of each visit in its order.
fn folds() -> impl Iterator<Item = usize> {
    (0_u64..).map(|visit| (u64::from(mixed(visit)) % FOLDS) as usize)
}

fn key(way: Way, walk: &Walk, step: usize) -> u64 {
    let path = walk.seen.get(..=step).unwrap_or_default();
    let mut hash = Hash(0);
    let step = step as u64;
    let put_last = |hash: &mut Hash, count: usize| {
        let mut back = path.iter().rev();
        (0..count).for_each(|_| hash.put(back.next().map_or(u64::MAX, |number| u64::from(*number))));
    };
    match way {
        Way::Step => {
            hash.put(1);
            hash.put(step);
        }
        Way::Last(count) => {
            hash.put(2 + 16 * count as u64);
            put_last(&mut hash, count);
        }
        Way::StepLast(count) => {
            hash.put(3 + 16 * count as u64);
            hash.put(step);
            put_last(&mut hash, count);
        }
        Way::Turns(count) => {
            hash.put(4 + 16 * count as u64);
            hash.put(step.min(20));
            hash.put(run(path).min(10) as u64);
            let mut turns = path.to_vec();
            turns.dedup();
            let mut back = turns.iter().rev();
            (0..count).for_each(|_| hash.put(back.next().map_or(u64::MAX, |number| u64::from(*number))));
        }
        Way::Kinds => {
            hash.put(5);
            hash.put(step.min(20));
            let last = path.last();
            hash.put(last.map_or(0, |number| u64::from(*number)));
            hash.put(path.iter().filter(|number| Some(*number) == last).count() as u64);
            let mut kinds = path.to_vec();
            kinds.sort_unstable();
            kinds.dedup();
            hash.put(kinds.len() as u64);
        }
    }
    hash.0
}

struct Hash(u64);

impl Hash {
    fn put(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walks(all: &[&[u32]]) -> Vec<Walk> {
        all.iter().map(|seen| Walk { seen: seen.to_vec(), ..Walk::default() }).collect()
    }

    #[test]
    fn no_visit_is_told_by_its_own_end() {
        // Each way is a visit's own, so that nothing can be known of where it ends but what holds for all.
        let own: Vec<Walk> =
            (0..40).map(|visit| Walk { seen: vec![2 * visit, 2 * visit + 1], ..Walk::default() }).collect();
        let ways = Ways::learn(&own);
        let (columns, happened) = ways.table(&own, true);
        assert_eq!((columns.len(), happened.len()), (9 + WAYS.len(), 80));
        for (column, (way, _)) in columns.iter().skip(9).zip(WAYS) {
            let of = |last: bool| column.iter().zip(&happened).filter(move |one| *one.1 == last).map(|one| *one.0);
            let by_step = matches!(way, Way::Step | Way::StepLast(_) | Way::Turns(_) | Way::Kinds);
            let (least, most) = (of(true).fold(1.0, f32::min), of(false).fold(0.0, f32::max));
            assert!(if by_step { least > most } else { (least - most).abs() < 1e-6 }, "{least} and {most}");
        }
        let (other, _) = ways.table(&own, false);
        assert!(
            other.iter().zip(&columns).skip(9).any(|(one, two)| one != two),
            "others are predicted from all visits"
        );
    }

    #[test]
    fn a_share_that_was_hardly_seen_is_near_that_of_the_way_that_says_less() {
        // After 1 everybody goes on, after 2 everybody leaves.
        let ways = Ways::learn(&walks(&[&[1, 2][..]; 200]));
        let last = |seen: &[u32]| {
            let (columns, _) = ways.table(&walks(&[seen]), false);
            columns[9].last().copied().unwrap()
        };
        assert!(last(&[1, 2]) > 0.95 && last(&[2, 1]) < 0.05);
        assert!((last(&[1, 7]) - 0.5).abs() < 0.01, "7 was never seen");
    }
}
