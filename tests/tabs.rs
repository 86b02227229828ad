//! What several tabs keep together: whatever comes between two writes, each event that was flushed
//! counts once, and the profile is the one that a single tab would have made of them all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "tabs/shell.rs"]
mod shell;

use std::collections::{BTreeMap, BTreeSet};

use shell::{Browser, signal};
use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::page::Effect;
use tailorbird::profile::journal::{Entry, Journal, JournalEvent};
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::state::{FoldContext, State};
use tailorbird::time::{HOUR, MINUTE, Timestamp};
use tailorbird::value::{Object, Value};

/// A shop with segments over rolling windows, a slot with a goal, an experiment and a prompt.
const CONFIG: &str = include_str!("tabs/site.json");

const START: i64 = 1_772_445_600_000;
const TABS: usize = 8;

fn config() -> Value {
    serde_json::from_str(CONFIG).unwrap()
}

/// Chance that comes again with its seed.
struct Chance {
    seed: Seed,
    /// How many brands there are; of more than 64 the weakest give way.
    brands: u32,
}

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        self.seed = self.seed.next();
        (self.seed.0 >> 32) as u32 % limit
    }

    /// Whether something happens that does so once in `times`.
    fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// Something that a visitor does, or that a page says of them.
    fn event(&mut self) -> Signal {
        const CATEGORIES: [&str; 6] = ["boots", "tents", "stoves", "packs", "maps", "ropes"];
        let category = CATEGORIES[(self.below(6) * self.below(6) / 6) as usize];
        let brand = format!("brand {}", self.below(self.brands));
        let item = Object::new().with("item_id", format!("{category}-{}", self.below(20)));
        let item =
            item.with("item_category", category).with("item_brand", brand).with("price", self.below(9_000) / 100);
        let params = Object::new().with("items", vec![Value::from(item)]);
        let track =
            |name: &str, params: Object| signal("track", Object::new().with("event", name).with("params", params));
        match self.below(20) {
            0..3 => signal("view", Object::new().with("path", format!("/{category}"))),
            3 => track("add_to_cart", params),
            4 => track("remove_from_cart", params),
            // Some thank-you pages are loaded again.
            5 => track("purchase", params.with("transaction_id", format!("order {}", self.below(400)))),
            6 => track(&format!("event_{}", self.below(40)), Object::new()),
            7 => signal("prompt", Object::new().with("prompt", "letter").with("outcome", "dismissed")),
            8 if self.once_in(10) => signal("forget", Object::new().with("interest", "category:maps")),
            _ => track("view_item", params),
        }
    }
}

/// Plays so many events in eight tabs, which crash, come and go. Where events are flushed `late` other
/// tabs go on meanwhile, and may fold without them; then there are no more brands than are kept, because
/// of more it depends on their order which give way.
fn play(seed: u64, events: u32, late: bool) -> (Browser, Vec<(Timestamp, Signal)>, Timestamp) {
    let mut chance = Chance { seed: Seed(seed), brands: if late { 60 } else { 90 } };
    let mut browser = Browser::new(config());
    let mut gone = Vec::new();
    let mut now = Timestamp::from_ms(START);
    let mut left = events;
    while left > 0 {
        now = now.plus(i64::from(20 + chance.below(if late { 300 } else { 3_000 })));
        if browser.tabs.len() < TABS {
            browser.open(now);
            let place = browser.tabs.len() - 1;
            tell(&mut browser, place, signal("view", Object::new().with("path", "/")), now);
            browser.flush(place);
            left -= 1;
            continue;
        }
        let place = chance.below(TABS as u32) as usize;
        match chance.below(1_000) {
            0..5 => {
                gone.push(browser.crash(place));
                continue;
            }
            5..12 if !browser.busy(place) && !browser.tabs[place].frozen => {
                browser.flush(place);
                browser.freeze(place);
            }
            20..40 if browser.tabs[place].frozen => {
                browser.thaw(place, now);
                tell(&mut browser, place, signal("view", Object::new().with("path", "/back")), now);
                left -= 1;
            }
            40..43 => {
                // Nobody is there for a while, and nothing is left to do.
                browser.rest(now);
                now = now.plus([20 * MINUTE, 40 * MINUTE, 12 * HOUR][chance.below(3) as usize]);
            }
            _ if browser.busy(place) && chance.once_in(30) => {
                gone.push(browser.crash(place));
                continue;
            }
            43..200 => browser.step(place, now),
            _ if browser.busy(place) || browser.tabs[place].frozen => browser.step(place, now),
            _ => {
                browser.flush(place);
                tell(&mut browser, place, chance.event(), now);
                left = left.saturating_sub(1);
                if chance.once_in(120) {
                    // Not flushed, and never will be.
                    gone.push(browser.crash(place));
                    continue;
                }
            }
        }
        if !(late && chance.once_in(5)) {
            browser.flush(place);
        }
    }
    for place in 0..browser.tabs.len() {
        if browser.tabs[place].frozen {
            browser.thaw(place, now);
        }
    }
    browser.rest(now);
    gone.append(&mut browser.tabs);
    // Who comes last finds what the others left, and folds it.
    last_fold(&mut browser, now);
    let flushed: BTreeSet<Timestamp> =
        browser.area.flushed.values().filter(|entry| told_by_page(entry)).map(|entry| entry.at).collect();
    let told = gone.into_iter().flat_map(|tab| tab.told).filter(|(at, _)| flushed.contains(at));
    let mut told: Vec<(Timestamp, Signal)> = told.collect();
    told.sort_by_key(|(at, _)| *at);
    assert_eq!(told.len(), flushed.len(), "each has a moment of its own");
    (browser, told, now)
}

/// Somebody comes who folds what the others left, and what is noted meanwhile.
fn last_fold(browser: &mut Browser, now: Timestamp) {
    browser.open(now);
    browser.rest(now);
    browser.later(0);
    browser.rest(now);
    for (id, _) in browser.area.journals() {
        browser.area.remember(&id);
    }
}

fn tell(browser: &mut Browser, place: usize, signal: Signal, now: Timestamp) {
    browser.tabs[place].told.push((now, signal.clone()));
    browser.tell(place, signal, now);
}

/// Whether the page told it, rather than that it tracked_keys from what is known.
fn told_by_page(entry: &Entry) -> bool {
    matches!(
        entry.event,
        JournalEvent::View | JournalEvent::Event(_) | JournalEvent::Prompt(..) | JournalEvent::Forget(..)
    )
}

fn stored(browser: &Browser) -> State {
    State::decode(&browser.area.kept["v1"]).unwrap()
}

/// All that was flushed, in the order of time, folded as the journal of one tab.
fn folded_in_order(browser: &Browser, config: &Config, now: Timestamp) -> State {
    let mut entries: Vec<(&String, Entry)> = Vec::new();
    for ((own, _), entry) in &browser.area.flushed {
        entries.push((own, entry.clone()));
    }
    entries
        .sort_by(|(one, first), (other, second)| (first.at, one, first.number).cmp(&(second.at, other, second.number)));
    let mut journal = Journal::new(Seed(7));
    for (place, (_, entry)) in entries.into_iter().enumerate() {
        journal.entries.push(Entry { number: place as u64 + 1, ..entry });
    }
    let mut snapshot = State::default();
    let folding = FoldContext { rules: &config.rules, goals: &config.goals };
    snapshot.merge(&[("one".to_owned(), journal)], false, now, folding);
    snapshot
}

/// What a single tab keeps that was told all of this.
fn single_tab(told: &[(Timestamp, Signal)], now: Timestamp) -> State {
    let mut browser = Browser::new(config());
    browser.open(told[0].0);
    for (at, signal) in told {
        browser.tell(0, signal.clone(), *at);
        browser.flush(0);
        browser.step(0, *at);
        while browser.busy(0) {
            browser.step(0, *at);
        }
    }
    browser.crash(0);
    last_fold(&mut browser, now);
    stored(&browser)
}

/// Numbers by their path, for trees that say the same in another order.
fn numbers(tree: &Value, path: &str, found: &mut BTreeMap<String, f64>) {
    if let Value::Object(object) = tree {
        for (key, below) in object.iter() {
            numbers(below, &format!("{path}.{key}"), found);
        }
    } else if let Value::Number(number) = tree {
        found.insert(path.to_owned(), *number);
    }
}

/// What an entry that comes late must not change: counts exactly, and interests but for rounding.
fn assert_same(one: &State, other: &State, config: &Config, now: Timestamp, why: &str) {
    let counts = |snapshot: &State| {
        let mut counts = BTreeMap::new();
        let profile = &snapshot.profile;
        let (mut events, mut moments) = (Object::new(), Object::new());
        events.renew(|events| profile.history.counts(events));
        profile.event_timestamps.attributes(&config.rules.rolling, now, &mut moments);
        numbers(&events.into(), "events", &mut counts);
        numbers(&moments.into(), "count", &mut counts);
        let (orders, revenue) = (profile.purchases.orders, profile.purchases.revenue);
        counts.extend([
            ("views".to_owned(), f64::from(profile.history.views)),
            ("session".to_owned(), f64::from(profile.session.number)),
            ("orders".to_owned(), f64::from(orders)),
            ("revenue".to_owned(), revenue),
        ]);
        counts
    };
    assert_eq!(counts(one), counts(other), "{why}");
    assert_eq!(one.profile.created, other.profile.created, "{why}");
    let interests = |snapshot: &State| {
        let (mut shares, mut trends) = (Object::new(), Object::new());
        snapshot.profile.interests.shares(&config.rules, &[], now, &mut shares);
        snapshot.profile.interests.trends(now, &mut trends);
        let mut found = BTreeMap::new();
        numbers(&shares.into(), "interest", &mut found);
        numbers(&trends.into(), "trend", &mut found);
        found
    };
    let (ours, theirs) = (interests(one), interests(other));
    assert!(ours.keys().eq(theirs.keys()), "{why}");
    for (path, share) in ours {
        assert!((share - theirs[&path]).abs() < 1e-9, "{path} {why}");
    }
}

/// Plays with each of these seeds, on several threads.
fn play_all(seeds: &[u64], events: u32, late: bool, judge: fn(&str, &Browser, &State, &State, Timestamp)) {
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    let play = |seed: u64| {
        let (browser, told, now) = play(seed, events, late);
        let why = format!("seed {seed}");
        judge(&why, &browser, &stored(&browser), &single_tab(&told, now), now);
        assert!(told.len() > events as usize * 9 / 10, "{} of {events} events were flushed", told.len());
        browser.happened
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = seeds.iter().map(|seed| scope.spawn(|| play(*seed))).collect();
        for (what, times) in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            *happened.entry(what).or_default() += times;
        }
    });
    for what in [
        "crashed before it knew what was folded",
        "crashed before removing a journal",
        "crashed before storing the profile",
        "crashed with an event not flushed",
        "frozen",
        "left the fold to another tab",
        "removed a journal",
    ] {
        assert!(happened.contains_key(what), "nothing {what}: {happened:?}");
    }
}

#[test]
fn eight_tabs_that_crash_make_the_profile_of_one() {
    play_all(&[1, 2, 3], 2_000, false, |why, browser, snapshot, single, now| {
        let config = Config::read(&config()).unwrap();
        // All that was flushed, as one journal: the same to the bit, sessions and variants included.
        let expected = folded_in_order(browser, &config, now);
        assert_eq!(snapshot.profile, expected.profile, "{why}");
        assert_eq!(snapshot.ledger, expected.ledger, "{why}");
        assert_eq!(snapshot.exposures, expected.exposures, "{why}");
        // A tab that was told all of it meets variants at other times, and stays longer.
        assert_same(snapshot, single, &config, now, why);
        let (several, one) = (&snapshot.profile, &single.profile);
        assert_eq!(several.interests, one.interests, "{why}");
        assert_eq!(several.event_timestamps, one.event_timestamps, "{why}");
        assert_eq!(several.purchases, one.purchases, "{why}");
        assert_eq!(several.basket, one.basket, "{why}");
        assert_eq!(several.prompt_history, one.prompt_history, "{why}");
    });
}

#[test]
fn events_that_are_flushed_after_others_were_folded_count_as_much() {
    play_all(&[4, 5], 2_000, true, |why, browser, snapshot, single, now| {
        let config = Config::read(&config()).unwrap();
        assert_same(snapshot, &folded_in_order(browser, &config, now), &config, now, why);
        assert_same(snapshot, single, &config, now, why);
    });
}

/// A device on which a visitor did something, as its tabs keep it.
fn device(seed: u64, config: &Config, now: Timestamp) -> State {
    let mut chance = Chance { seed: Seed(seed), brands: 15 };
    let mut at = now.plus(-i64::from(chance.below(20) + 1) * HOUR);
    let mut journal = Journal::new(Seed(seed));
    for number in 1..200 {
        at = at.plus(i64::from(chance.below(100_000)));
        let event = match chance.event() {
            Signal::Event(event) => JournalEvent::Event(event),
            _ => JournalEvent::View,
        };
        journal.entries.push(Entry { number, at, event });
    }
    let mut snapshot = State::default();
    let folding = FoldContext { rules: &config.rules, goals: &config.goals };
    snapshot.merge(&[("tab".to_owned(), journal)], true, now, folding);
    snapshot
}

#[test]
fn what_is_carried_between_devices_counts_once_however_often_and_in_whatever_order() {
    let config = Config::read(&config()).unwrap();
    let now = Timestamp::from_ms(START);
    for seed in 0..20 {
        let [phone, laptop, tablet] = [1, 2, 3].map(|device| self::device(seed * 3 + device, &config, now));
        let carry =
            |from: &State, to: &mut State| to.import_device(&from.clone().encode(), now, &config.rules).unwrap();
        let views = |snapshot: &State| snapshot.clone().merged(now, &config.rules).profile.history.views;
        let sum = views(&phone) + views(&laptop) + views(&tablet);

        let mut once = laptop.clone();
        carry(&phone, &mut once);
        let mut twice = once.clone();
        carry(&phone, &mut twice);
        assert_eq!(twice, once, "seed {seed}: brought twice");

        let mut home = phone.clone();
        carry(&once, &mut home);
        carry(&home, &mut twice);
        assert_eq!(twice, once, "seed {seed}: back and forth");
        assert_eq!(views(&home), views(&once), "seed {seed}: both know the same");

        // Of three devices, along other ways.
        let (mut first, mut second) = (home.clone(), tablet.clone());
        carry(&tablet, &mut first);
        carry(&laptop, &mut second);
        carry(&phone, &mut second);
        carry(&first, &mut second);
        assert_eq!([views(&first), views(&second)], [sum, sum], "seed {seed}");
        let wholes = [first, second].map(|snapshot| snapshot.merged(now, &config.rules));
        let sessions = wholes.each_ref().map(|whole| whole.profile.session.number);
        assert_eq!(sessions[0], sessions[1], "seed {seed}");
        assert_same(&wholes[0], &wholes[1], &config, now, &format!("seed {seed}: whatever the way"));
    }
}

#[test]
fn a_page_that_was_told_what_all_devices_know_folds_what_its_own_does() {
    let config = Config::read(&config()).unwrap();
    let now = Timestamp::from_ms(START);
    let restored =
        |profile: &str| Restored { profile: Some(profile.to_owned()), own: "page".to_owned(), ..Restored::default() };
    let mut differ = false;
    for seed in 0..10 {
        let [mut phone, laptop] = [1, 2].map(|device| self::device(seed * 2 + device, &config, now));
        let views = |snapshot: &State| snapshot.profile.history.views;
        let (own, all) = (views(&phone), views(&phone) + views(&laptop));
        phone.import_device(&laptop.clone().encode(), now, &config.rules).unwrap();
        let stored = phone.encode();
        let mut visit = Browser::new(self::config()).visit();
        let seen =
            |visit: &mut Engine| visit.profile(now).get("attributes").unwrap().at("visitor").at("views").number();
        visit.dispatch(signal("consent", Object::new().with("personalize", true)), now);

        let effects = visit.dispatch(Signal::Restored(restored(&stored)), now);
        assert!(effects.contains(&Effect::Whole), "seed {seed}: {effects:?}");
        assert_eq!(seen(&mut visit), f64::from(own), "seed {seed}: alone");
        // Who the visitor is to experiments does not wait for it.
        let known_as = |visit: &mut Engine| visit.exported(now).get("seed").cloned();
        let name = known_as(&mut visit);
        differ |= name != Some((seed * 2 + 1).to_string().into());
        let whole = visit.merged(&stored, now).unwrap();
        let effects = visit.dispatch(Signal::Restored(restored(&whole)), now);
        assert!(!effects.contains(&Effect::Whole), "seed {seed}: {effects:?}");
        assert_eq!(seen(&mut visit), f64::from(all), "seed {seed}: together");
        assert_eq!(known_as(&mut visit), name, "seed {seed}: by the older device");
        assert_eq!(State::decode(&whole).unwrap().profile, phone.clone().merged(now, &config.rules).profile);

        // What is stored next is the device's own, and what was brought lies beside it as it was.
        let effects = visit.dispatch(signal("view", Object::new().with("path", "/")), now);
        let journal = effects.into_iter().find_map(|effect| match effect {
            Effect::Append(text) | Effect::Save(text) => Some(text),
            _ => None,
        });
        let folded = visit.fold(Some(&stored), &[("page".to_owned(), journal.unwrap())], true, now);
        let mut folded = State::decode(&folded.profile).unwrap();
        assert_eq!(views(&folded), own + 1, "seed {seed}: stored");
        assert_eq!(views(&folded.clone().merged(now, &config.rules)), all + 1, "seed {seed}: stored, and merged");
        // A page that cannot merge goes on alone, and still keeps it.
        let alone = folded.encode();
        visit.dispatch(Signal::Restored(restored(&alone)), now);
        visit.dispatch(Signal::Alone, now);
        assert_eq!(seen(&mut visit), f64::from(own + 1), "seed {seed}: alone again");
        let kept = State::decode(&visit.fold(Some(&alone), &[], true, now).profile).unwrap();
        assert_eq!(kept.profile.seed, Some(Seed(seed * 2 + 1)), "seed {seed}: its own");
        assert_eq!(views(&kept.merged(now, &config.rules)), all + 1, "seed {seed}: kept");
    }
    assert!(differ, "some laptop was there before its phone");
}

#[test]
fn a_profile_that_is_over_is_not_made_younger_by_one_that_was_brought() {
    let config = Config::read(&config()).unwrap();
    let start = Timestamp::from_ms(START);
    let [mut phone, laptop] = [1, 2].map(|seed| device(seed, &config, start));
    phone.import_device(&laptop.clone().encode(), start, &config.rules).unwrap();
    let over = start.plus(400 * 24 * HOUR);
    // A clock that has jumped is believed on a later day.
    let view = Entry { number: 1, at: over.plus(-48 * HOUR), event: JournalEvent::View };
    phone.fold(&view, FoldContext { rules: &config.rules, goals: &[] });
    let stored = phone.encode();
    let mut visit = Browser::new(self::config()).visit();
    visit.dispatch(signal("consent", Object::new().with("personalize", true)), over);
    for profile in [stored.clone(), visit.merged(&stored, over).unwrap()] {
        let restored = Restored { profile: Some(profile), own: "tab".to_owned(), ..Restored::default() };
        let effects = visit.dispatch(Signal::Restored(restored), over);
        assert!(!effects.contains(&Effect::Whole), "{effects:?}");
        let views = visit.profile(over).get("attributes").unwrap().at("visitor").at("views").number();
        assert_eq!(views, 0.0);
    }
    assert_eq!(visit.merged("nonsense", over), None);
}
