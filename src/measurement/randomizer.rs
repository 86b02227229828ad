//! Randomized response: an answer to which chance has added noise, so that nobody can tell from it what is true of one
//! visitor, and still can estimate what is true of many.
//!
//! Whatever the outcome, each response is at most e^epsilon times as likely as after any other outcome: epsilon-local
//! differential privacy (Kasiviswanathan, Lee, Nissim, Raskhodnikova and Smith 2011, "What can we learn privately?",
//! SIAM J. Comput. 40, on local randomizers).

/// The most outcomes among which one is hidden.
pub const MOST_OUTCOMES: u32 = 64;
/// The most outcomes of which a response names one.
const MOST_NAMED: u32 = 16;

/// How an outcome is hidden.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Randomizer {
    /// From 2 to [`MOST_OUTCOMES`].
    outcomes: u32,
    /// Above 0, and finite.
    epsilon: f64,
}

/// What a response looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// It names one outcome: the true one more often than any other.
    ///
    /// Sources: of two outcomes Warner (1965), "Randomized response", J. Am. Stat. Assoc. 60; of more Kairouz, Bonawitz
    /// and Ramage (2016), "Discrete distribution estimation under local privacy", ICML, k-ary randomized response.
    Named,
    /// It has a bit for each outcome: that of the true one is on half of the time, the others less often.
    ///
    /// Source: Wang, Blocki, Li and Jha (2017), "Locally differentially private protocols for frequency estimation",
    /// USENIX Security, optimized unary encoding.
    Bits,
}

/// An outcome with noise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The outcome of this number, from 0.
    Named(u32),
    /// Whether each outcome is on.
    Bits(Vec<bool>),
}

impl Randomizer {
    /// Hides one of `outcomes` with this `epsilon`; `None` unless there are 2 to 64 of them, and epsilon is above 0 and
    /// finite.
    pub fn new(outcomes: u32, epsilon: f64) -> Option<Randomizer> {
        let makes_sense = (2..=MOST_OUTCOMES).contains(&outcomes) && epsilon > 0.0 && epsilon.is_finite();
        makes_sense.then_some(Randomizer { outcomes, epsilon })
    }

    /// The mechanism with the smaller variance: naming, of fewer than 3 e^epsilon + 2 outcomes. It names one of 16 at
    /// most.
    ///
    /// Source: Wang and others (2017), on which protocol to use.
    pub fn mechanism(&self) -> Mechanism {
        let is_few = f64::from(self.outcomes) < 3.0 * libm::exp(self.epsilon) + 2.0;
        if self.outcomes <= MOST_NAMED && is_few { Mechanism::Named } else { Mechanism::Bits }
    }

    /// The probability that a response names the outcome that is true, or has its bit on. Above [`other`](Self::other).
    pub fn kept(&self) -> f64 {
        let odds = libm::exp(self.epsilon);
        match self.mechanism() {
            Mechanism::Named => odds / (odds + f64::from(self.outcomes) - 1.0),
            Mechanism::Bits => 0.5,
        }
    }

    /// The same of any one outcome that is not true.
    pub fn other(&self) -> f64 {
        let odds = libm::exp(self.epsilon);
        match self.mechanism() {
            Mechanism::Named => 1.0 / (odds + f64::from(self.outcomes) - 1.0),
            Mechanism::Bits => 1.0 / (odds + 1.0),
        }
    }

    /// The response to an outcome; an outcome that there is not counts as the last one. `draw` answers for each number
    /// from 0 a draw that is uniform in `[0, 1)` and independent of the others.
    pub fn respond(&self, outcome: u32, mut draw: impl FnMut(u32) -> f64) -> Response {
        let last = self.outcomes.saturating_sub(1);
        let outcome = outcome.min(last);
        let (kept, other) = (self.kept(), self.other());
        match self.mechanism() {
            Mechanism::Named => {
                let drawn = draw(0);
                if drawn < kept {
                    return Response::Named(outcome);
                }
                // Where the draw lies in the rest says which of the others: they share the rest evenly.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0; a cast saturates")]
                let place = (((drawn - kept) / other) as u32).min(last.saturating_sub(1));
                Response::Named(if place < outcome { place } else { place.saturating_add(1) })
            }
            Mechanism::Bits => {
                let is_on = |number: u32| draw(number) < if number == outcome { kept } else { other };
                Response::Bits((0..self.outcomes).map(is_on).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::NoiseKey;
    use proptest::prelude::*;

    fn randomizer(outcomes: u32, epsilon: f64) -> Randomizer {
        Randomizer::new(outcomes, epsilon).unwrap()
    }

    #[test]
    fn one_bit_is_flipped_as_often_as_warner_says() {
        for (epsilon, flipped) in [(0.5, 0.378), (1.0, 0.269), (2.0, 0.119), (3.0, 0.047), (4.0, 0.018)] {
            let bit = randomizer(2, epsilon);
            assert!((bit.other() - flipped).abs() < 5e-4, "{epsilon}");
            assert!((bit.kept() + bit.other() - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn bits_are_sent_where_naming_one_outcome_says_less() {
        let cases = [
            (2, 1.0, Mechanism::Named, "of two"),
            (10, 1.0, Mechanism::Named, "10 are below 3 e + 2 = 10.15"),
            (11, 1.0, Mechanism::Bits, "11 are above"),
            (16, 2.0, Mechanism::Named, "16 are below 24"),
            (17, 4.0, Mechanism::Bits, "more than 16 are never named"),
        ];
        for (outcomes, epsilon, expected, why) in cases {
            assert_eq!(randomizer(outcomes, epsilon).mechanism(), expected, "{why}");
        }
    }

    #[test]
    fn nothing_is_hidden_among_too_few_too_many_or_with_no_epsilon() {
        for (outcomes, epsilon) in [(1, 2.0), (65, 2.0), (2, 0.0), (2, -1.0), (2, f64::NAN), (2, f64::INFINITY)] {
            assert_eq!(Randomizer::new(outcomes, epsilon), None, "{outcomes} {epsilon}");
        }
    }

    /// How often each outcome is named, or has its bit on, among many responses to one outcome.
    fn shares(randomizer: Randomizer, outcome: u32) -> Vec<f64> {
        let mut counts = vec![0_u32; randomizer.outcomes as usize];
        for visitor in 0..40_000 {
            let key = NoiseKey(visitor, 11);
            match randomizer.respond(outcome, |number| key.draw("hero-test", number)) {
                Response::Named(named) => counts[named as usize] += 1,
                Response::Bits(bits) => {
                    counts.iter_mut().zip(bits).for_each(|(count, bit)| *count += u32::from(bit));
                }
            }
        }
        counts.into_iter().map(|count| f64::from(count) / 40_000.0).collect()
    }

    #[test]
    fn responses_come_as_often_as_the_mechanism_says() {
        for (outcomes, epsilon) in [(2, 1.0), (2, 4.0), (4, 2.0), (16, 2.0), (16, 1.0), (64, 2.0)] {
            let randomizer = randomizer(outcomes, epsilon);
            for outcome in [0, 1, outcomes - 1] {
                for (named, share) in shares(randomizer, outcome).into_iter().enumerate() {
                    let expected = if named as u32 == outcome { randomizer.kept() } else { randomizer.other() };
                    // Five standard errors.
                    let error = 5.0 * (expected * (1.0 - expected) / 40_000.0).sqrt();
                    assert!((share - expected).abs() < error, "{outcomes} {epsilon} {outcome} {named}: {share}");
                }
            }
        }
    }

    proptest! {
        /// The promise: no response is more than e^epsilon times as likely after one outcome as after another.
        #[test]
        fn no_response_tells_more_than_epsilon(outcomes in 2..=64_u32, epsilon in 0.1..8.0_f64) {
            let randomizer = randomizer(outcomes, epsilon);
            let (kept, other) = (randomizer.kept(), randomizer.other());
            let worst = match randomizer.mechanism() {
                Mechanism::Named => kept / other,
                // Two outcomes differ in two bits: the one is on that speaks for the first, the other off.
                Mechanism::Bits => kept / other * ((1.0 - other) / (1.0 - kept)),
            };
            prop_assert!(worst <= libm::exp(epsilon) * (1.0 + 1e-12), "{worst}");
        }

        /// The shape depends on nothing but the rule.
        #[test]
        fn a_response_has_the_same_shape_whatever_the_outcome(
            outcomes in 2..=64_u32, epsilon in 0.5..4.0_f64, outcome in 0..100_u32, high: u64, low: u64
        ) {
            let randomizer = randomizer(outcomes, epsilon);
            let key = NoiseKey(high, low);
            match (randomizer.mechanism(), randomizer.respond(outcome, |number| key.draw("x", number))) {
                (Mechanism::Named, Response::Named(named)) => prop_assert!(named < outcomes),
                (Mechanism::Bits, Response::Bits(bits)) => prop_assert_eq!(bits.len(), outcomes as usize),
                (mechanism, response) => prop_assert!(false, "{mechanism:?} {response:?}"),
            }
        }
    }
}
