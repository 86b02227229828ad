//! Gradient boosting: a sum of small trees, each fitted to what the trees before it missed.
//!
//! Friedman (2001), "Greedy function approximation"; splits by the second order of the log loss as in Chen
//! and Guestrin (2016), "XGBoost", equations 5 to 7; over histograms, the best leaf first, as in Ke et al.
//! (2017), "LightGBM".
//!
//! It is ours because smartcore 0.7 boosts by squared errors without histograms: of `evaluate intent` its AUC is .9216
//! for .9302 (its forest's .9239), of the 70,278 clicks of `evaluate leave` .7579 for .7626 in 69 s for 4 s. linfa has
//! no gradient boosting.

use libm::log as ln;
use tailorbird::number::logistic;

/// How many ranges a feature is cut into at most.
const BINS: usize = 256;

/// How trees are grown.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many trees.
    pub trees: usize,
    /// How many leaves each has at most.
    pub leaves: usize,
    /// What share of its correction each tree makes.
    pub rate: f64,
    /// L2 penalty on leaves.
    pub penalty: f64,
    /// How many cases a leaf has at least.
    pub least: f64,
    /// The share of cases that each tree is grown on, drawn for each.
    pub sample: f64,
}

/// Cases by feature: each column has one number a case.
pub type Columns = Vec<Vec<f32>>;

/// Fitted trees.
pub struct Forest {
    base: f64,
    trees: Vec<Vec<Node>>,
}

/// A fork, or a leaf where `below` is 0: the root is nobody's child.
#[derive(Clone, Default)]
struct Node {
    feature: usize,
    /// Numbers up to this go to `below`.
    threshold: f32,
    below: usize,
    above: usize,
    value: f64,
}

/// Sums over the cases of one range or one leaf.
#[derive(Clone, Copy, Default)]
struct Sums {
    slope: f64,
    curvature: f64,
    cases: f64,
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        self.slope += other.slope;
        self.curvature += other.curvature;
        self.cases += other.cases;
    }

    fn without(&self, other: &Sums) -> Sums {
        Sums {
            slope: self.slope - other.slope,
            curvature: self.curvature - other.curvature,
            cases: self.cases - other.cases,
        }
    }
}

/// One feature cut into ranges of about equally many cases.
struct Binned {
    bins: Vec<u8>,
    /// The largest number of each range but the last.
    edges: Vec<f32>,
}

impl Binned {
    fn of(column: &[f32]) -> Binned {
        let mut sorted = column.to_vec();
        sorted.sort_by(f32::total_cmp);
        let mut edges: Vec<f32> = Vec::new();
        for bin in 1..BINS {
            if let Some(edge) = sorted.get((sorted.len() * bin / BINS).saturating_sub(1))
                && edges.last().is_none_or(|last| last < edge)
                && sorted.last().is_some_and(|largest| edge < largest)
            {
                edges.push(*edge);
            }
        }
        let bin = |number: &f32| u8::try_from(edges.partition_point(|edge| edge < number)).unwrap_or(u8::MAX);
        Binned { bins: column.iter().map(bin).collect(), edges }
    }
}

struct Leaf {
    node: usize,
    cases: Vec<u32>,
    histograms: Vec<Sums>,
    sums: Sums,
    best: Option<Split>,
}

#[derive(Clone)]
struct Split {
    gain: f64,
    feature: usize,
    /// The last range that goes below.
    bin: u8,
}

impl Forest {
    /// Grows trees on cases given by feature, and calls `grown` after each.
    pub fn fit(columns: &Columns, happened: &[bool], settings: &Settings, grown: &mut dyn FnMut()) -> Forest {
        let binned: Vec<Binned> = columns.iter().map(|column| Binned::of(column)).collect();
        let positives = happened.iter().filter(|happened| **happened).fold(0.5, |sum, _| sum + 1.0);
        let negatives = happened.iter().filter(|happened| !**happened).fold(0.5, |sum, _| sum + 1.0);
        let base = ln(positives / negatives);
        let mut log_odds = vec![base; happened.len()];
        let mut forest = Forest { base, trees: Vec::new() };
        for tree in 0..settings.trees {
            // Slope and curvature of each case's loss.
            let pulls: Vec<(f64, f64)> = log_odds
                .iter()
                .zip(happened)
                .map(|(log_odds, happened)| {
                    let chance = logistic(*log_odds);
                    (f64::from(u8::from(*happened)) - chance, chance * (1.0 - chance))
                })
                .collect();
            let nodes = grow(&binned, &pulls, sample(happened.len(), tree, settings.sample), settings);
            for (case, log_odds) in log_odds.iter_mut().enumerate() {
                *log_odds += answer(&nodes, |feature| columns.get(feature)?.get(case).copied());
            }
            forest.trees.push(nodes);
            grown();
        }
        forest
    }

    /// The log odds of each case, given by feature in the order in which it was grown on.
    pub fn all_log_odds(&self, columns: &Columns) -> Vec<f64> {
        let case = |case: usize| {
            let tree = |nodes: &Vec<Node>| answer(nodes, |feature| columns.get(feature)?.get(case).copied());
            self.base + self.trees.iter().map(tree).sum::<f64>()
        };
        (0..columns.first().map_or(0, Vec::len)).map(case).collect()
    }
}

/// What a tree says of a case.
fn answer(nodes: &[Node], feature: impl Fn(usize) -> Option<f32>) -> f64 {
    let mut place = 0;
    while let Some(node) = nodes.get(place) {
        if node.below == 0 {
            return node.value;
        }
        let small = feature(node.feature).is_none_or(|number| number <= node.threshold);
        place = if small { node.below } else { node.above };
    }
    0.0
}

/// The cases on which the tree with this number is grown: whoever mixes its number below the share.
fn sample(cases: usize, tree: usize, share: f64) -> Vec<u32> {
    let drawn =
        |case: &u32| share >= 1.0 || f64::from(mixed((tree as u64) << 32 | u64::from(*case))) < share * 4_294_967_296.0;
    (0..u32::try_from(cases).unwrap_or(u32::MAX)).filter(drawn).collect()
}

/// The upper half of `SplitMix64`'s mix (Steele, Lea and Flood 2014): every bit depends on all.
pub fn mixed(number: u64) -> u32 {
    let mut mix = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mix = (mix ^ (mix >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mix = (mix ^ (mix >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mix >> 32) as u32
}

fn grow(binned: &[Binned], pulls: &[(f64, f64)], cases: Vec<u32>, settings: &Settings) -> Vec<Node> {
    let mut nodes = vec![Node::default()];
    let histograms = histograms(binned, pulls, &cases);
    let mut leaves = vec![Leaf::new(0, cases, histograms, binned, settings)];
    while leaves.len() < settings.leaves {
        let gain = |leaf: &Leaf| leaf.best.as_ref().map_or(0.0, |split| split.gain);
        let Some(place) = (0..leaves.len())
            .max_by(|one, other| leaves.get(*one).map_or(0.0, gain).total_cmp(&leaves.get(*other).map_or(0.0, gain)))
        else {
            break;
        };
        let leaf = leaves.swap_remove(place);
        let Some(split) = leaf.best.clone() else {
            leaves.push(leaf);
            break;
        };
        let Some(feature) = binned.get(split.feature) else { break };
        let goes_below = |case: &u32| feature.bins.get(*case as usize).is_some_and(|bin| *bin <= split.bin);
        let (below, above): (Vec<u32>, Vec<u32>) = leaf.cases.iter().partition(|case| goes_below(case));
        // Only the smaller one is summed; the other is what is left.
        let smaller = if below.len() <= above.len() { &below } else { &above };
        let summed = self::histograms(binned, pulls, smaller);
        let rest: Vec<Sums> = leaf.histograms.iter().zip(&summed).map(|(all, some)| all.without(some)).collect();
        let (of_below, of_above) = if below.len() <= above.len() { (summed, rest) } else { (rest, summed) };
        let (first, second) = (nodes.len(), nodes.len() + 1);
        if let Some(node) = nodes.get_mut(leaf.node) {
            node.feature = split.feature;
            node.threshold = feature.edges.get(usize::from(split.bin)).copied().unwrap_or(f32::MAX);
            (node.below, node.above) = (first, second);
        }
        nodes.extend([Node::default(), Node::default()]);
        leaves.push(Leaf::new(first, below, of_below, binned, settings));
        leaves.push(Leaf::new(second, above, of_above, binned, settings));
    }
    for leaf in leaves {
        if let Some(node) = nodes.get_mut(leaf.node) {
            node.value = settings.rate * leaf.sums.slope / (leaf.sums.curvature + settings.penalty);
        }
    }
    nodes
}

/// Sums by feature and range.
fn histograms(binned: &[Binned], pulls: &[(f64, f64)], cases: &[u32]) -> Vec<Sums> {
    let mut all = vec![Sums::default(); binned.len() * BINS];
    let near: Vec<(f64, f64)> = cases.iter().filter_map(|case| pulls.get(*case as usize).copied()).collect();
    for (feature, sums) in binned.iter().zip(all.chunks_exact_mut(BINS)) {
        for (case, (slope, curvature)) in cases.iter().zip(&near) {
            let Some(bin) = feature.bins.get(*case as usize) else { continue };
            if let Some(sums) = sums.get_mut(usize::from(*bin)) {
                sums.add(&Sums { slope: *slope, curvature: *curvature, cases: 1.0 });
            }
        }
    }
    all
}

impl Leaf {
    fn new(node: usize, cases: Vec<u32>, histograms: Vec<Sums>, binned: &[Binned], settings: &Settings) -> Leaf {
        let mut sums = Sums::default();
        histograms.iter().take(BINS).for_each(|bin| sums.add(bin));
        let mut leaf = Leaf { node, cases, histograms, sums, best: None };
        leaf.best = leaf.best_split(binned, settings);
        leaf
    }

    fn best_split(&self, binned: &[Binned], settings: &Settings) -> Option<Split> {
        let worth = |sums: &Sums| sums.slope * sums.slope / (sums.curvature + settings.penalty);
        let whole = worth(&self.sums);
        let mut best: Option<Split> = None;
        for (feature, (cut, histogram)) in binned.iter().zip(self.histograms.chunks_exact(BINS)).enumerate() {
            let mut below = Sums::default();
            for (bin, sums) in histogram.iter().take(cut.edges.len()).enumerate() {
                below.add(sums);
                let above = self.sums.without(&below);
                if below.cases < settings.least || above.cases < settings.least {
                    continue;
                }
                let gain = worth(&below) + worth(&above) - whole;
                if gain > best.as_ref().map_or(1e-9, |best| best.gain) {
                    best = Some(Split { gain, feature, bin: u8::try_from(bin).unwrap_or(u8::MAX) });
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings { trees: 40, leaves: 4, rate: 0.3, penalty: 1.0, least: 5.0, sample: 1.0 };

    #[test]
    fn what_only_two_features_together_say_is_learned() {
        // Exclusive or: neither feature says anything by itself.
        let draw = |case: u32, salt: u64| f64::from(mixed(u64::from(case) * 3 + salt) % 1_000) as f32;
        let columns: Columns = (0..2).map(|salt| (0..2_000).map(|case| draw(case, salt)).collect()).collect();
        let happened: Vec<bool> =
            columns[0].iter().zip(&columns[1]).map(|(one, other)| (*one < 500.0) != (*other < 500.0)).collect();
        let mut grown = 0;
        let forest = Forest::fit(&columns, &happened, &SETTINGS, &mut || grown += 1);
        let right = forest
            .all_log_odds(&columns)
            .iter()
            .zip(&happened)
            .filter(|(odds, happened)| (**odds > 0.0) == **happened)
            .count();
        assert!(right > 1_950 && grown == SETTINGS.trees, "{right} of 2000");
    }

    #[test]
    fn where_features_say_nothing_the_share_is_told() {
        let columns: Columns = vec![vec![1.0; 100]];
        let happened: Vec<bool> = (0..100).map(|case| case < 25).collect();
        let odds = Forest::fit(&columns, &happened, &SETTINGS, &mut || ()).all_log_odds(&columns);
        assert!((logistic(odds[0]) - 0.25).abs() < 0.01, "{}", logistic(odds[0]));
        let empty = Forest::fit(&vec![vec![]], &[], &SETTINGS, &mut || ());
        assert!(empty.all_log_odds(&vec![vec![]]).is_empty());
    }
}
