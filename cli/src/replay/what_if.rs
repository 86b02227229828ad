//! What a config would have got, from a log of another's decisions: each logged decision is asked for again, and weighed by
//! the probability with which this config makes it.

mod outcomes;
mod reward_means;

use std::collections::BTreeMap;

use tailorbird::config::Config;
use tailorbird::random::Seed;
use tailorbird::time::Timestamp;
use tailorbird_cli::statistics::off_policy::{Estimates, Logged, Settings};

use super::decision_log::{Choice, DecisionLog};
use super::recorded::seed_of;
use super::sessions::{Session, Sessions};
use super::visit::Visit;
use outcomes::Outcomes;
use reward_means::RewardMeans;

/// With how many seeds a session is played at most. Only holdouts, experiments and bandits depend on the seed: what comes
/// with a probability of 0.05 is missed by 200 seeds in 4 of 100,000 sessions.
const SEEDS: u32 = 200;
/// With how many a session is played at least where an experiment may decide: the propensity of a feature's default says
/// nothing of the visitors who are in an experiment of the feature, so one seed may look like all there is.
const LEAST_SEEDS: u32 = 50;
/// Into how many parts sessions are divided: what is expected of each is learned from the others.
const FOLDS: u32 = 3;

/// The probability of each variant, `None` being the page's own content.
pub type Shares = BTreeMap<Option<String>, f64>;

/// A logged decision, and how this config would have made it.
struct Weighed<'a> {
    visitor: u32,
    choice: &'a Choice,
    /// The probability of the variant in the log, in whatever way it came about.
    propensity: f64,
    shares: Shares,
    favourite: Option<String>,
}

/// What is estimated of a config, by slot.
pub struct WhatIf {
    /// How many decisions the log has.
    pub decisions: usize,
    /// Of how many sessions.
    pub sessions: usize,
    /// How many of these have no event before any of their decisions, in the recorded sessions.
    pub without_events: usize,
    /// How many decisions the config that made the log does not make so, if it is known.
    pub unlike: Option<usize>,
    /// The slots that the log has, in the order of the config.
    pub slots: Vec<(String, Estimates)>,
    /// How it was estimated.
    pub settings: Settings,
}

impl WhatIf {
    /// Plays the sessions of the log, telling `advance` of each; `None` where sums are not finite. `logged_by` is the config
    /// that made the log.
    pub fn of(
        config: &Config,
        logged_by: Option<&Config>,
        sessions: &Sessions,
        log: &DecisionLog,
        settings: Settings,
        advance: &dyn Fn(),
    ) -> Option<WhatIf> {
        let recorded: BTreeMap<&str, Session<'_>> = sessions.iter().map(|session| (session.id, session)).collect();
        let mut weighed = Vec::new();
        let (mut without_events, mut unlike) = (0, logged_by.map(|_| 0));
        for (visitor, (id, choices)) in (0..).zip(&log.sessions) {
            let session = recorded.get(id.as_str()).copied();
            let last = choices.last().map(|choice| choice.at);
            let first_event = session.and_then(|session| session.events().next()).map(|event| event.at);
            without_events += usize::from(first_event.is_none_or(|first| Some(first) > last));
            let seed = seed_of(id);
            let before = logged_by.map(|config| outcomes(config, session, seed, choices));
            for (place, (choice, now)) in choices.iter().zip(outcomes(config, session, seed, choices)).enumerate() {
                let before = before.as_ref().and_then(|before| before.get(place));
                let known = before.and_then(|before| before.propensity(&choice.variant, choice.propensity));
                unlike = unlike.map(|count| count + usize::from(known.is_none()));
                let propensity = known.unwrap_or(choice.propensity);
                let shares = now.shares();
                weighed.push(Weighed { visitor, choice, propensity, favourite: favourite(&shares), shares });
            }
            advance();
        }
        let mut slots = Vec::new();
        for slot in &config.slots {
            let of_slot: Vec<&Weighed<'_>> = weighed.iter().filter(|one| one.choice.slot == slot.id).collect();
            if !of_slot.is_empty() {
                slots.push((slot.id.clone(), Estimates::of(&logged(&of_slot)?, settings)?));
            }
        }
        let (decisions, sessions) = (weighed.len(), log.sessions.len());
        Some(WhatIf { decisions, sessions, without_events, unlike, slots, settings })
    }
}

/// What the config does at each of these decisions, over the draws of seeds.
///
/// Nothing that it chooses is shown: the visitor of the log saw what the log says, so exposures of other variants, and goals
/// credited to them, would be made up.
fn outcomes(config: &Config, session: Option<Session<'_>>, first: Seed, choices: &[Choice]) -> Vec<Outcomes> {
    let mut outcomes: Vec<Outcomes> = choices.iter().map(|_| Outcomes::default()).collect();
    let least = if config.slots.iter().any(|slot| slot.selection.is_experiment()) { LEAST_SEEDS } else { 1 };
    let mut seed = first;
    for number in 1..=SEEDS {
        play(config, session, seed, choices, &mut outcomes);
        if number >= least && outcomes.iter().all(Outcomes::are_complete) {
            break;
        }
        seed = seed.next();
    }
    outcomes
}

/// Plays a session once, and notes what is decided. What happens in the same millisecond as a decision comes before it.
fn play(config: &Config, session: Option<Session<'_>>, seed: Seed, choices: &[Choice], outcomes: &mut [Outcomes]) {
    let mut events = session.into_iter().flat_map(Session::events).peekable();
    let first_choice = choices.first().map_or(Timestamp::from_ms(0), |choice| choice.at);
    let start = events.peek().map_or(first_choice, |event| event.at.min(first_choice));
    let mut visit = Visit::new(config, None, seed, Vec::new(), None, start);
    for (choice, outcomes) in choices.iter().zip(outcomes) {
        while let Some(event) = events.next_if(|event| event.at <= choice.at) {
            visit.happen(&event);
        }
        if let Some(decision) = visit.peek(&choice.slot, choice.at) {
            outcomes.add(decision);
        }
    }
}

/// The variant that is chosen most often; of equals the first by name.
fn favourite(shares: &Shares) -> Option<String> {
    let most = shares.iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    most.and_then(|(variant, _)| variant.clone())
}

/// The decisions of one slot with what is expected of them, learned from other sessions.
fn logged(of_slot: &[&Weighed<'_>]) -> Option<Vec<Logged>> {
    let models: Vec<RewardMeans> = (0..FOLDS)
        .map(|fold| {
            let others = of_slot.iter().filter(|one| one.visitor % FOLDS != fold);
            RewardMeans::learn(
                others.map(|one| (&one.choice.variant, one.choice.variant == one.favourite, one.choice.reward)),
            )
        })
        .collect();
    let one = |one: &&Weighed<'_>| {
        let Weighed { choice, propensity, shares, favourite, .. } = one;
        let model = models.get(usize::try_from(one.visitor % FOLDS).ok()?)?;
        let expects = |variant: &Option<String>| model.expects(variant, variant == favourite);
        let expected = shares.iter().map(|(variant, share)| share * expects(variant)).sum();
        // Shares add to 1 but for rounding, so that one alone may be above it by that.
        let share = shares.get(&choice.variant).copied().unwrap_or(0.0).min(1.0);
        Logged::new(one.visitor, choice.reward, *propensity, share)?.with_model(expects(&choice.variant), expected)
    };
    of_slot.iter().map(one).collect()
}
