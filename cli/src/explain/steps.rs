//! What a visitor does, and what each step of it changes.

use tailorbird::config::Config;
use tailorbird::decision::Decision;
use tailorbird::signal::Signal;
use tailorbird::time::{SECOND, Timestamp};
use tailorbird::value::{Object, Value};
use tailorbird_recommend::site_model::SiteModel;

use crate::replay::recorded::{Kind, Recorded, seed_of};
use crate::replay::sessions::Session;
use crate::replay::visit::{ShownPrompt, Visit};

/// A visitor, from the first step to the last.
pub struct Visitor {
    /// Their id in the file.
    pub id: String,
    /// The currency of prices; empty where the config has none.
    pub currency: String,
    /// What happened, in the order of time.
    pub steps: Vec<Step>,
    /// What is so in the end.
    pub summary: Summary,
}

/// Something that happened, and what it changed.
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// In which session, by its id in the file.
    pub session: String,
    /// What.
    pub what: What,
    /// The slots that show something else than before.
    pub slots: Vec<SlotChange>,
    /// The segments that the visitor has entered.
    pub entered: Vec<String>,
    /// The segments that they have left.
    pub left: Vec<String>,
    /// The prompts that were shown, here or since the step before.
    pub prompts: Vec<ShownPrompt>,
    /// What the engine takes the visit for, where that has changed: see [`VISIT`].
    pub visit: Vec<VisitChange>,
}

/// What happened.
pub enum What {
    /// The visitor comes for the first time.
    Arrives {
        /// The path of the page, where the file names it.
        page: Option<String>,
    },
    /// The visitor comes back.
    Returns {
        /// After how many milliseconds.
        after_ms: i64,
        /// The path of the page, where the file names it.
        page: Option<String>,
    },
    /// The next page.
    PageView {
        /// Its path, where the file names it.
        page: Option<String>,
    },
    /// An event.
    Event(Recorded),
    /// The pointer leaves the page through the top.
    Leaves,
}

/// A slot that shows something else than before.
pub struct SlotChange {
    /// What it shows.
    pub decision: Decision,
    /// What it showed before; `None` at first, `Some(None)` the page's own content.
    pub before: Option<Option<String>>,
}

/// Something that the engine infers of the visit, and now infers otherwise.
pub struct VisitChange {
    /// What, by its name in [`VISIT`].
    pub name: &'static str,
    /// What it was; `None` at first.
    pub before: Option<String>,
    /// What it is.
    pub now: String,
}

/// What the engine infers of a visit: a name, and the path of the attribute.
const VISIT: [(&str, [&str; 2]); 3] =
    [("intent", ["intent", "stage"]), ("lifecycle", ["value", "lifecycle"]), ("tier", ["value", "tier"])];

/// What is so in the end.
pub struct Summary {
    /// By slot, what it has shown, in order, and its last decision.
    pub slots: Vec<(String, Vec<Option<String>>, Decision)>,
    /// The segments that the visitor is in, the winning one first.
    pub segments: Vec<String>,
    /// Interests by dimension and key, the strongest first.
    pub interests: Vec<(String, String, f64)>,
    /// By prompt, how often it was shown, and what speaks against it now.
    pub prompts: Vec<(String, usize, Vec<String>)>,
}

impl Visitor {
    /// Plays all sessions of a visitor, of which there is at least one; only these slots are told of, or all if there
    /// are none.
    pub fn play(
        config: &Config,
        model: Option<&SiteModel<'_>>,
        id: &str,
        sessions: &[Session<'_>],
        slots: &[String],
    ) -> Visitor {
        let is_told = |id: &str| slots.is_empty() || slots.iter().any(|slot| slot == id);
        let told = config.slots.iter().map(|slot| slot.id.as_str()).filter(|id| is_told(id)).collect();
        let mut playing =
            Playing { config, told, visit: None, page: None, last: None, known: Known::default(), steps: Vec::new() };
        for session in sessions {
            for (place, recorded) in session.events().enumerate() {
                playing.next(model, id, session.id, place == 0, &recorded);
            }
        }
        playing.leave();
        let summary = playing.summary();
        let currency = config.rules.currency.clone();
        Visitor { id: id.to_owned(), currency, steps: playing.steps, summary }
    }
}

/// A visitor, up to some step.
struct Playing<'a, 'm> {
    config: &'a Config,
    /// The slots that are told of.
    told: Vec<&'a str>,
    visit: Option<Visit<'m>>,
    /// The path of the page that is open, where the file names it.
    page: Option<String>,
    /// The last event: when, and in which session.
    last: Option<(Timestamp, String)>,
    known: Known,
    steps: Vec<Step>,
}

/// What was so after the step before.
#[derive(Default)]
struct Known {
    decisions: Vec<Decision>,
    segments: Vec<String>,
    visit: [Option<String>; VISIT.len()],
    /// By slot that is told of, what it has shown.
    shown: Vec<Vec<Option<String>>>,
    /// Every prompt that was shown.
    prompts: Vec<String>,
}

impl<'a: 'm, 'm> Playing<'a, 'm> {
    /// The next row of the file.
    fn next(
        &mut self,
        model: Option<&'m SiteModel<'m>>,
        visitor: &str,
        session: &str,
        opens: bool,
        recorded: &Recorded,
    ) {
        let (now, page) = (recorded.at, recorded.page.clone());
        let silent_ms = self.last.as_ref().map(|(last, _)| now.since(*last));
        let returns = silent_ms.is_some_and(|silent| opens || silent > self.config.rules.session_ms);
        if returns {
            self.leave();
        }
        self.last = Some((now, session.to_owned()));
        let mut has_opened = true;
        match (&mut self.visit, silent_ms) {
            (Some(visit), Some(after_ms)) if returns => {
                visit.come_back(page.as_deref(), now);
                self.page = page.clone();
                self.step(now, What::Returns { after_ms, page });
            }
            (Some(visit), _) => {
                has_opened = recorded.kind == Kind::PageView || (page.is_some() && page != self.page);
                if has_opened {
                    visit.turn_page(page.as_deref(), now);
                    self.page = page.clone();
                    self.step(now, What::PageView { page });
                }
            }
            (none, _) => {
                let slots = self.config.slots.iter().map(|slot| slot.id.clone()).collect();
                none.replace(Visit::new(self.config, model, seed_of(visitor), slots, page.as_deref(), now));
                self.page = page.clone();
                self.step(now, What::Arrives { page });
            }
        }
        if recorded.kind != Kind::PageView {
            if let Some(visit) = &mut self.visit {
                visit.happen(recorded);
            }
            self.use_decisions(now);
            self.step(now, What::Event(recorded.clone()));
        } else if has_opened {
            self.use_decisions(now);
        }
    }

    /// What `tb.decide` does in a page.
    fn use_decisions(&mut self, now: Timestamp) {
        let Some(visit) = &mut self.visit else { return };
        for slot in &self.config.slots {
            visit.dispatch(Signal::DecisionUsed(slot.id.clone()), now);
        }
    }

    /// The pointer leaves the page, one second after the last event. That is a step where it changes something.
    fn leave(&mut self) {
        let (Some(visit), Some((last, _))) = (&mut self.visit, &self.last) else { return };
        let now = last.plus(SECOND);
        visit.exit(now);
        self.step(now, What::Leaves);
    }

    /// Notes what a step has changed.
    fn step(&mut self, at: Timestamp, what: What) {
        let (Some(visit), Some((_, session))) = (&mut self.visit, &self.last) else { return };
        let profile = visit.profile(at);
        let decisions: Vec<Decision> = self.told.iter().filter_map(|slot| visit.peek(slot, at)).collect();
        let segments = texts(profile.get("segments"));
        let attributes = profile.get("attributes");
        let inferred = VISIT.map(|(_, [group, name])| {
            attributes.map(|attributes| attributes.at(group).at(name).text().to_owned()).filter(|text| !text.is_empty())
        });

        let Known { decisions: earlier, segments: was_in, visit: was, shown, prompts: all } = &mut self.known;
        shown.resize(decisions.len(), Vec::new());
        let mut slots = Vec::new();
        for (place, decision) in decisions.iter().enumerate() {
            let before = earlier.get(place);
            let is_same =
                before.is_some_and(|before| before.variant == decision.variant && before.level == decision.level);
            if is_same {
                continue;
            }
            if let Some(shown) = shown.get_mut(place).filter(|shown| shown.last() != Some(&decision.variant)) {
                shown.push(decision.variant.clone());
            }
            slots.push(SlotChange { decision: decision.clone(), before: before.map(|before| before.variant.clone()) });
        }
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            of.iter().filter(|segment| !from.contains(segment)).cloned().collect()
        };
        let visit_changes = VISIT.iter().zip(was.iter().zip(&inferred)).filter_map(|((name, _), (before, now))| {
            let now = now.clone().filter(|now| before.as_ref() != Some(now))?;
            Some(VisitChange { name, before: before.clone(), now })
        });
        let step = Step {
            at,
            session: session.clone(),
            what,
            slots,
            entered: missing(was_in, &segments),
            left: missing(&segments, was_in),
            prompts: core::mem::take(&mut visit.prompts),
            visit: visit_changes.collect(),
        };
        all.extend(step.prompts.iter().map(|prompt| prompt.id.clone()));
        (*earlier, *was_in, *was) = (decisions, segments, inferred);
        // Most visitors leave without a consequence.
        if !(matches!(step.what, What::Leaves) && step.is_quiet()) {
            self.steps.push(step);
        }
    }

    fn summary(&mut self) -> Summary {
        let now = self.last.as_ref().map_or(Timestamp::from_ms(0), |(last, _)| last.plus(SECOND));
        let (profile, explained) = match &mut self.visit {
            Some(visit) => (visit.profile(now), visit.explain_prompts(now)),
            None => (Object::new(), Value::Null),
        };
        let Known { decisions, segments, shown, prompts, .. } = &self.known;
        let slots = decisions.iter().zip(shown);
        let count = |id: &str| prompts.iter().filter(|shown| *shown == id).count();
        Summary {
            slots: slots.map(|(last, shown)| (last.slot.clone(), shown.clone(), last.clone())).collect(),
            segments: segments.clone(),
            interests: interests(profile.get("attributes").map(|attributes| attributes.at("interest"))),
            prompts: explained
                .items()
                .iter()
                .map(|prompt| {
                    let id = prompt.at("prompt").text();
                    (id.to_owned(), count(id), texts(prompt.get("reasons")))
                })
                .collect(),
        }
    }
}

impl Step {
    /// Whether it has changed nothing that is told of.
    pub fn is_quiet(&self) -> bool {
        let Step { slots, entered, left, prompts, visit, .. } = self;
        slots.is_empty() && entered.is_empty() && left.is_empty() && prompts.is_empty() && visit.is_empty()
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    list.map(Value::items).unwrap_or_default().iter().map(|item| item.text().to_owned()).collect()
}

/// Every interest that there is, the strongest first in each dimension.
fn interests(tree: Option<&Value>) -> Vec<(String, String, f64)> {
    let dimensions = tree.and_then(Value::as_object).into_iter().flat_map(Object::iter);
    dimensions
        .flat_map(|(dimension, keys)| {
            let keys = keys.as_object().into_iter().flat_map(Object::iter);
            let mut keys: Vec<_> = keys
                .map(|(key, share)| (dimension.to_owned(), key.to_owned(), share.number()))
                .filter(|(_, _, share)| *share > 0.0)
                .collect();
            keys.sort_by(|(_, _, one), (_, _, other)| other.total_cmp(one));
            keys
        })
        .collect()
}
