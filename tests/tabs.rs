//! Several tabs of one browser: whatever comes between two writes, each event that was stored counts once,
//! and the profile is the one that a single tab would have made of them all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tailorbird::config::Config;
use tailorbird::engine::Engine;
use tailorbird::host::Native;
use tailorbird::page::Effect;
use tailorbird::profile::journal::{Entry, Journal, JournalEvent};
use tailorbird::random::Seed;
use tailorbird::signal::{Restored, Signal};
use tailorbird::state::{FoldContext, ImportError, State};
use tailorbird::storage::Stored;
use tailorbird::time::{HOUR, MINUTE, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_simulator::{Browser, Pace, Write, read_signal};

/// A shop with segments over rolling windows, a slot with a goal and a bandit, an experiment and a prompt.
const CONFIG: &str = include_str!("tabs/site.json");

const START: i64 = 1_772_445_600_000;
const TABS: usize = 8;

fn config() -> Value {
    serde_json::from_str(CONFIG).unwrap()
}

/// A signal with these fields.
fn signal(name: &str, fields: Object) -> Signal {
    let mut tree = Object::new().with("signal", name);
    tree.overlay(&fields);
    read_signal(&tree.into(), &Native).unwrap()
}

fn granted() -> Signal {
    signal("consent", Object::new().with("personalize", true).with("measure", true))
}

/// An engine for a visitor whose seed is always the same, so that tabs draw the same variations.
fn engine() -> Engine {
    let config = Config::read(&config()).unwrap();
    assert_eq!(config.problems.lines(), Vec::<String>::new());
    Engine::new(config, Seed(7), Box::new(Native))
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
            9 if self.once_in(10) => {
                signal("correct", Object::new().with("interest", "category:boots").with("share", 0.2))
            }
            8 if self.once_in(10) => signal("forget", Object::new().with("interest", "category:maps")),
            _ => track("view_item", params),
        }
    }
}

/// Every entry that was stored, by journal and number.
type Entries = BTreeMap<(String, u64), Entry>;

/// A browser, what was ever stored in it, and which signals were dispatched when.
struct Shop {
    browser: Browser,
    stored: Rc<RefCell<Entries>>,
    /// By tab, in the order of the browser's.
    signals: Vec<Vec<(Timestamp, Signal)>>,
    gone: Vec<Vec<(Timestamp, Signal)>>,
    opened: u64,
}

impl Shop {
    fn new() -> Shop {
        let browser = Browser::new(Pace::Stepped);
        let stored = Rc::new(RefCell::new(Entries::new()));
        let seen = Rc::clone(&stored);
        browser.local().observe(move |write| remember(&mut seen.borrow_mut(), write));
        Shop { browser, stored, signals: Vec::new(), gone: Vec::new(), opened: 0 }
    }

    /// Opens a page in a new tab, with consent granted. Ids of tabs are in no order.
    fn open(&mut self, now: Timestamp) -> usize {
        self.opened += 1;
        let tab = self.browser.open_tab(engine(), format!("{:016x}", Seed(self.opened).next().0));
        self.signals.push(Vec::new());
        let slots = Object::new().with("slots", vec![Value::from("hero"), Value::from("offer")]);
        for signal in [granted(), Signal::Ready, signal("slots", slots)] {
            self.browser.dispatch(tab, signal, now);
        }
        tab
    }

    fn dispatch(&mut self, tab: usize, signal: Signal, now: Timestamp) {
        self.signals[tab].push((now, signal.clone()));
        self.browser.dispatch(tab, signal, now);
    }

    fn kill(&mut self, tab: usize) {
        self.browser.kill(tab);
        self.gone.push(self.signals.remove(tab));
    }

    /// Does what a tab has to do next, if it has: the steps of a fold.
    fn step(&mut self, tab: usize, now: Timestamp) {
        if self.browser.is_folding(tab) {
            self.browser.fold(tab, now);
        } else if self.browser.is_fold_due(tab) {
            self.browser.request_fold(tab);
        }
    }

    fn profile(&self) -> State {
        let texts = self.browser.local().texts();
        State::decode(&texts["tailorbird.v1"][16..]).unwrap()
    }
}

/// Notes the entries of a journal that is replaced by a text without them, or removed. A text begins with its epoch.
fn remember(stored: &mut Entries, write: &Write) {
    let (Some(tab), Some(old)) = (write.key.strip_prefix("tailorbird.t."), &write.old) else { return };
    if write.new.as_ref().is_none_or(|new| !new.starts_with(&**old)) {
        remember_journal(stored, tab, old);
    }
}

fn remember_journal(stored: &mut Entries, tab: &str, text: &str) {
    let journal = Journal::decode(&text[16..]).unwrap();
    assert!(!journal.truncated, "what a tab writes can be read");
    for entry in journal.entries {
        let number = entry.number;
        let before = stored.insert((tab.to_owned(), number), entry.clone());
        assert!(before.is_none_or(|before| before == entry), "entry {number} of {tab} became another");
    }
}

/// Plays so many events in eight tabs, which are killed, come and go. Where tabs see each other's writes `late`
/// there are no more brands than are kept, because of more it depends on their order which give way.
fn play(seed: u64, events: u32, late: bool) -> (Shop, Vec<(Timestamp, Signal)>, Timestamp) {
    let mut chance = Chance { seed: Seed(seed), brands: if late { 60 } else { 90 } };
    let mut shop = Shop::new();
    let mut now = Timestamp::from_ms(START);
    let mut left = events;
    while left > 0 {
        now = now.plus(i64::from(20 + chance.below(if late { 300 } else { 3_000 })));
        shop.browser.pass_until(now);
        if shop.browser.tabs() < TABS {
            let tab = shop.open(now);
            shop.dispatch(tab, signal("view", Object::new().with("path", "/")), now);
            left -= 1;
            continue;
        }
        let tab = chance.below(TABS as u32) as usize;
        let is_cached = shop.browser.is_cached(tab);
        match chance.below(1_000) {
            0..5 => shop.kill(tab),
            5..12 if !shop.browser.is_folding(tab) && !is_cached => shop.browser.freeze(tab, now),
            20..40 if is_cached => {
                shop.browser.thaw(tab, now);
                now = now.plus(1);
                shop.dispatch(tab, signal("view", Object::new().with("path", "/back")), now);
                left -= 1;
            }
            40..43 => {
                // Nobody is there for a while, and nothing is left to do.
                now = shop.browser.rest(now);
                now = now.plus([20 * MINUTE, 40 * MINUTE, 12 * HOUR][chance.below(3) as usize]);
                shop.browser.wake_up(now);
            }
            _ if shop.browser.is_folding(tab) && chance.once_in(30) => shop.kill(tab),
            43..200 => {
                let folds = shop.browser.is_folding(tab);
                shop.step(tab, now);
                if folds && chance.once_in(10) {
                    shop.kill(tab);
                }
            }
            _ if is_cached || shop.browser.is_folding(tab) => shop.step(tab, now),
            _ if chance.once_in(120) => {
                // Killed in the middle of a task: what it recorded is not stored, and never will be.
                shop.browser.dispatch_without_end(tab, chance.event(), now);
                shop.kill(tab);
            }
            _ => {
                shop.dispatch(tab, chance.event(), now);
                left = left.saturating_sub(1);
            }
        }
        if !late {
            shop.browser.deliver_everything(now);
        } else if shop.browser.tabs() > tab && chance.once_in(2) {
            shop.browser.deliver(tab, now);
        }
    }
    for tab in 0..shop.browser.tabs() {
        if shop.browser.is_cached(tab) {
            shop.browser.thaw(tab, now);
        }
    }
    now = shop.browser.rest(now);
    while shop.browser.tabs() > 0 {
        shop.kill(0);
    }
    // Who comes last finds what the others left, and folds it.
    now = last_fold(&mut shop, now);
    let stored: BTreeSet<Timestamp> =
        shop.stored.borrow().values().filter(|entry| came_from_page(entry)).map(|entry| entry.at).collect();
    let signals = shop.gone.iter().flatten().filter(|(at, _)| stored.contains(at)).cloned();
    let mut signals: Vec<(Timestamp, Signal)> = signals.collect();
    signals.sort_by_key(|(at, _)| *at);
    assert_eq!(signals.len(), stored.len(), "each has a moment of its own");
    (shop, signals, now)
}

/// Somebody comes who folds what the others left, and what is recorded meanwhile.
fn last_fold(shop: &mut Shop, now: Timestamp) -> Timestamp {
    let tab = shop.open(now);
    let now = shop.browser.rest(now);
    shop.browser.request_fold(tab);
    let now = shop.browser.rest(now);
    for (key, text) in shop.browser.local().texts() {
        if let Some(tab) = key.strip_prefix("tailorbird.t.") {
            remember_journal(&mut shop.stored.borrow_mut(), tab, &text);
        }
    }
    now
}

/// Whether the page reported it, rather than that it followed from what is known.
fn came_from_page(entry: &Entry) -> bool {
    matches!(
        entry.event,
        JournalEvent::View
            | JournalEvent::Page(_)
            | JournalEvent::Event(_)
            | JournalEvent::Prompt(..)
            | JournalEvent::Forget(..)
            | JournalEvent::Correct(..)
            | JournalEvent::Pause(_)
    )
}

/// All that was stored, in the order of time, folded as the journal of one tab.
fn folded_in_order(shop: &Shop, config: &Config, now: Timestamp) -> State {
    let mut entries: Vec<(String, Entry)> = Vec::new();
    for ((tab, _), entry) in &*shop.stored.borrow() {
        entries.push((tab.clone(), entry.clone()));
    }
    entries
        .sort_by(|(one, first), (other, second)| (first.at, one, first.number).cmp(&(second.at, other, second.number)));
    let mut journal = Journal::new(Seed(7));
    for (place, (_, entry)) in entries.into_iter().enumerate() {
        journal.entries.push(Entry { number: place as u64 + 1, ..entry });
    }
    let mut state = State::default();
    let context = FoldContext { rules: &config.rules, goals: &config.goals };
    state.merge(&[("one".to_owned(), journal)], false, now, context);
    state
}

/// What a single tab stores that receives all of this.
fn single_tab(signals: &[(Timestamp, Signal)], now: Timestamp) -> State {
    let mut shop = Shop::new();
    let tab = shop.open(signals[0].0);
    let mut last = signals[0].0;
    for (at, signal) in signals {
        if at.since(last) < 10 * MINUTE {
            shop.browser.pass_until(*at);
        } else {
            shop.browser.rest(last);
            shop.browser.wake_up(*at);
        }
        last = *at;
        shop.dispatch(tab, signal.clone(), *at);
        while shop.browser.is_fold_due(tab) || shop.browser.is_folding(tab) {
            shop.step(tab, *at);
        }
    }
    shop.kill(tab);
    last_fold(&mut shop, now);
    shop.profile()
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
    let counts = |state: &State| {
        let mut counts = BTreeMap::new();
        let profile = &state.profile;
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
    let (counts, expected) = (counts(one), counts(other));
    let differ = counts.iter().filter(|(path, count)| expected.get(*path) != Some(count));
    let differ: Vec<_> = differ.map(|(path, count)| (path, count, expected.get(path))).collect();
    assert!(differ.is_empty() && counts.len() == expected.len(), "{why}: {differ:?}");
    assert_eq!(one.profile.created, other.profile.created, "{why}");
    let interests = |state: &State| {
        let (mut shares, mut trends) = (Object::new(), Object::new());
        state.profile.interests.shares(&config.rules, &[], now, &mut shares);
        state.profile.interests.trends(now, &mut trends);
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
fn play_all(seeds: &[u64], events: u32, late: bool, judge: fn(&str, &Shop, &State, &State, Timestamp)) {
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    let play = |seed: u64| {
        let (shop, signals, now) = play(seed, events, late);
        let why = format!("seed {seed}");
        judge(&why, &shop, &shop.profile(), &single_tab(&signals, now), now);
        assert!(signals.len() > events as usize * 9 / 10, "{} of {events} events were stored", signals.len());
        shop.browser.happened
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = seeds.iter().map(|seed| scope.spawn(|| play(*seed))).collect();
        for (what, times) in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            *happened.entry(what).or_default() += times;
        }
    });
    for what in [
        "frozen",
        "killed before a profile settled",
        "killed while it waited for its fold",
        "killed with something unsaved",
        "left the fold to another tab",
        "removed a journal",
    ] {
        assert!(happened.contains_key(what), "nothing {what}: {happened:?}");
    }
}

#[test]
fn eight_tabs_that_are_killed_make_the_profile_of_one() {
    play_all(&[1, 2, 3], 2_000, false, |why, shop, state, single, now| {
        let config = Config::read(&config()).unwrap();
        // All that was stored, as one journal: the same to the bit, sessions and variants included.
        let expected = folded_in_order(shop, &config, now);
        assert_eq!(state.profile, expected.profile, "{why}");
        let learned = ["buyers", "boots", "sale"].map(|variant| state.profile.bandits.observations("hero", variant));
        assert!(learned.iter().sum::<f64>() > 10.0, "{why}: the bandit has learned");
        assert_eq!(state.ledger, expected.ledger, "{why}");
        assert_eq!(state.exposures, expected.exposures, "{why}");
        // A tab that receives all of it is exposed to variants at other times, and stays longer.
        assert_same(state, single, &config, now, why);
        let (several, one) = (&state.profile, &single.profile);
        assert_eq!(several.interests, one.interests, "{why}");
        assert_eq!(several.event_timestamps, one.event_timestamps, "{why}");
        assert_eq!(several.purchases, one.purchases, "{why}");
        assert_eq!(several.basket, one.basket, "{why}");
        assert_eq!(several.prompt_history, one.prompt_history, "{why}");
    });
}

#[test]
fn events_that_are_seen_after_others_were_folded_count_as_much() {
    play_all(&[4, 5], 2_000, true, |why, shop, state, single, now| {
        let config = Config::read(&config()).unwrap();
        assert_same(state, &folded_in_order(shop, &config, now), &config, now, why);
        assert_same(state, single, &config, now, why);
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
    let mut state = State::default();
    let folding = FoldContext { rules: &config.rules, goals: &config.goals };
    state.merge(&[("tab".to_owned(), journal)], true, now, folding);
    state
}

#[test]
fn what_is_carried_between_devices_counts_once_however_often_and_in_whatever_order() {
    let config = Config::read(&config()).unwrap();
    let now = Timestamp::from_ms(START);
    for seed in 0..20 {
        let [phone, laptop, tablet] = [1, 2, 3].map(|device| self::device(seed * 3 + device, &config, now));
        let carry =
            |from: &State, to: &mut State| to.import_device(&from.clone().encode(), now, &config.rules).unwrap();
        let views = |state: &State| state.clone().merged(now, &config.rules).profile.history.views;
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
        let wholes = [first, second].map(|state| state.merged(now, &config.rules));
        let sessions = wholes.each_ref().map(|whole| whole.profile.session.number);
        assert_eq!(sessions[0], sessions[1], "seed {seed}");
        assert_same(&wholes[0], &wholes[1], &config, now, &format!("seed {seed}: whatever the way"));
    }
}

#[test]
fn a_page_knows_what_all_devices_know_and_folds_what_its_own_does() {
    let config = Config::read(&config()).unwrap();
    let now = Timestamp::from_ms(START);
    let mut differ = false;
    for seed in 0..10 {
        let [mut phone, laptop] = [1, 2].map(|device| self::device(seed * 2 + device, &config, now));
        let views = |state: &State| state.profile.history.views;
        let (own, all) = (views(&phone), views(&phone) + views(&laptop));
        phone.import_device(&laptop.clone().encode(), now, &config.rules).unwrap();
        let mut engine = engine();
        engine.dispatch(granted(), now);
        engine.dispatch(restored(&phone.encode()), now);
        assert_eq!(seen_views(&mut engine, now), f64::from(all), "seed {seed}: together");
        // By the older device.
        differ |= engine.export(now).get("seed") != Some(&(seed * 2 + 1).to_string().into());

        // What is stored next is the device's own, and what was imported lies beside it as it was.
        let effects = engine.dispatch(signal("view", Object::new().with("path", "/")), now);
        let journal = effects.into_iter().find_map(|effect| match effect {
            Effect::Save(text) | Effect::Append(text) => Some(text),
            _ => None,
        });
        let journals = vec![("page".to_owned(), journal.unwrap())];
        let folded = engine.fold(Some(&Stored { profile: Some(phone.encode()), journals, decisions: None }), now);
        let folded = State::decode(&folded.profile).unwrap();
        assert_eq!(folded.profile.seed, Some(Seed(seed * 2 + 1)), "seed {seed}: its own");
        assert_eq!(views(&folded), own + 1, "seed {seed}: stored");
        assert_eq!(views(&folded.merged(now, &config.rules)), all + 1, "seed {seed}: stored, and merged");
    }
    assert!(differ, "some laptop was there before its phone");
}

#[test]
fn a_profile_that_is_over_is_not_made_younger_by_one_that_was_imported() {
    let config = Config::read(&config()).unwrap();
    let start = Timestamp::from_ms(START);
    let [mut phone, laptop] = [1, 2].map(|seed| device(seed, &config, start));
    phone.import_device(&laptop.clone().encode(), start, &config.rules).unwrap();
    // Somebody who comes every week, so that the clock is believed.
    let folding = FoldContext { rules: &config.rules, goals: &config.goals };
    for week in 1..57 {
        let at = start.plus(week * 7 * 24 * HOUR);
        phone.fold(&Entry { number: 1, at, event: JournalEvent::View }, folding);
    }
    let over = start.plus(400 * 24 * HOUR);
    let mut engine = engine();
    engine.dispatch(granted(), over);
    engine.dispatch(restored(&phone.encode()), over);
    assert_eq!(seen_views(&mut engine, over), 0.0);
}

#[test]
fn an_import_ends_when_everything_is_erased_before_it_is_stored() {
    let config = Config::read(&config()).unwrap();
    let now = Timestamp::from_ms(START);
    let [phone, mut laptop] = [1, 2].map(|device| self::device(device, &config, now));
    let (brought, stored) = (laptop.encode(), Stored::default());
    let mut engine = engine();
    assert_eq!(engine.permit(), None, "nothing may be stored yet");
    engine.dispatch(granted(), now);
    let permit = engine.permit().unwrap();
    // The visitor is somebody else to experiments now, and the permit is the same.
    engine.dispatch(restored(&phone.clone().encode()), now);
    assert!(engine.import(&stored, &brought, permit, now).is_ok());

    // Whoever erases, or says no, has the last word, also where a yes follows at once.
    let denied = || signal("consent", Object::new().with("personalize", false));
    for ending in [vec![Signal::Erase(Seed(9))], vec![denied()], vec![denied(), granted()]] {
        let permit = engine.permit().unwrap();
        for signal in ending {
            engine.dispatch(signal, now);
        }
        let refused = engine.import(&stored, &brought, permit, now).map(|folded| folded.profile);
        assert_eq!(refused, Err(ImportError::Consent));
        engine.dispatch(granted(), now);
    }
    assert!(engine.import(&stored, &brought, engine.permit().unwrap(), now).is_ok());
}

fn restored(profile: &str) -> Signal {
    let (profile, tab_id) = (Some(profile.to_owned()), "page".to_owned());
    Signal::Restored(Restored { profile, journals: Vec::new(), decisions: None, tab_id })
}

fn seen_views(engine: &mut Engine, now: Timestamp) -> f64 {
    engine.profile(now).get("attributes").unwrap().at("visitor").at("views").number()
}
