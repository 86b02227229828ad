//! The engine as TypeScript sees it.
//!
//! Every method takes `&self`: the effects of one may call another before it returns. TypeScript calls them
//! through the guard (`www/page/guard.ts`), with copies of the page's data as arguments.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

use super::callback::Handled;
use super::convert::{from_js, to_js};
use super::engine_host::EngineHost;
use super::entry::Entry;
use super::error::EngineError;
use super::host::JavaScript;
use super::options::Options;
use super::page::Page;
use super::random;
use super::sandbox::Sandbox;
use super::shell::Shell;
use super::{location, notifications};
use crate::config::Config;
use crate::decision::Decision;
use crate::engine::sandbox::Profile;
use crate::engine::{self, Handover};
use crate::page::decision_value;
use crate::signal::consent::Statement;
use crate::signal::event::Event;
use crate::signal::preview::Preview;
use crate::signal::ranking::{RankRequest, RankedItem};
use crate::signal::{PromptOutcome, Signal};
use crate::value::{Object, Value};

/// The engine on one page.
#[wasm_bindgen]
pub struct Engine {
    shell: Rc<Shell>,
}

#[wasm_bindgen]
impl Engine {
    /// Reads the config. Nothing is listened to before `start`.
    ///
    /// # Errors
    ///
    /// An `Error` with code `config` and `problems`, a list of texts, where the config is refused as a whole.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "unknown")] config: &JsValue,
        host: EngineHost,
        #[wasm_bindgen(unchecked_param_type = "EngineOptions")] options: &JsValue,
    ) -> Result<Engine, JsValue> {
        Entry::Method.mark();
        let config = Config::read(&from_js(config)).map_err(EngineError::Config)?;
        let core = engine::Engine::new(config, random::seed(), Box::new(JavaScript::default()));
        let core = match random::noise_key() {
            Some(key) => core.with_noise_key(key),
            None => core,
        };
        Ok(Engine { shell: Shell::new(core, host, Options::read(&from_js(options))) })
    }

    /// What is wrong with the config, where that costs only the parts it is in; and what is probably a
    /// mistake.
    pub fn problems(&self) -> Result<Vec<String>, JsValue> {
        let problems = self.enter().query(|engine, _| {
            let config = engine.config();
            config.problems.lines().into_iter().chain(config.warnings()).collect()
        })?;
        Ok(problems.unwrap_or_default())
    }

    /// Listens to the page, states what is known of consent, and reports the first page view. In Node there is no
    /// page: only the consent is stated.
    pub fn start(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly Statement[]")] statements: &JsValue,
    ) -> Handled {
        let statements = from_js(statements).items().iter().map(Statement::read).collect();
        self.begin(|shell| shell.send(Signal::Consent(statements)), |page, shell| page.data_layer.poll(shell))
    }

    /// The same in the place of an engine that was dropped because consent was withdrawn. What the data layer holds was
    /// read before, and is not read again.
    pub fn resume(&self, #[wasm_bindgen(unchecked_param_type = "object")] handover: &JsValue) -> Handled {
        let handover = Handover::read(&from_js(handover));
        let resumed = |shell: &Shell| {
            let erases = handover.erases;
            shell.query(|engine, _| engine.resume(handover))?;
            if erases { shell.storage.erase_again() } else { Ok(()) }
        };
        self.begin(resumed, |page, shell| page.data_layer.resume(shell))
    }

    /// The visitor did something, by its GA4 name and parameters.
    pub fn track(&self, name: &str, #[wasm_bindgen(unchecked_param_type = "unknown")] params: &JsValue) -> Handled {
        let shell = self.enter();
        match Event::read(name, &from_js(params), &JavaScript::default()) {
            Some(event) => shell.send(Signal::Event(event)),
            None => {
                shell.warn(&format!(
                    "track(\"{}\") is ignored: an event's name is a letter, then up to 39 letters, digits and \
                     underscores",
                    excerpt(name)
                ));
                Ok(())
            }
        }
    }

    /// The site's own attributes of the visitor.
    pub fn attributes(&self, #[wasm_bindgen(unchecked_param_type = "unknown")] attributes: &JsValue) -> Handled {
        let shell = self.enter();
        match from_js(attributes) {
            Value::Object(attributes) => shell.send(Signal::Attributes(attributes)),
            _ => Ok(()),
        }
    }

    /// The site states what the visitor consents to.
    pub fn consent(&self, #[wasm_bindgen(unchecked_param_type = "unknown")] consent: &JsValue) -> Handled {
        self.enter().send(Signal::Consent(vec![Statement::read(&from_js(consent))]))
    }

    /// Decides a slot, and records an exposure.
    ///
    /// # Errors
    ///
    /// An `Error` with code `unknown-slot` where the config has no such slot.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn decide(&self, slot: &str) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        shell.send(Signal::DecisionUsed(slot.to_owned()))?;
        decision(shell, slot)
    }

    /// What a slot would show; nothing is recorded.
    ///
    /// # Errors
    ///
    /// An `Error` with code `unknown-slot` where the config has no such slot.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn peek(&self, slot: &str) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        decision(shell, slot)
    }

    /// A slot's decision, with what the page shows and the visitor's segments.
    ///
    /// # Errors
    ///
    /// An `Error` with code `unknown-slot` where the config has no such slot.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn explain(&self, slot: &str) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        match shell.query(|engine, now| engine.explain(slot, now))? {
            Some(Some(explanation)) => to_js(&explanation),
            Some(None) => Err(EngineError::UnknownSlot(excerpt(slot)).into()),
            None => to_js(&decision_value(&Decision::of(slot))),
        }
    }

    /// A feature's value for the visitor; `attributes` count for this query only. Records an exposure unless `peek`
    /// is true.
    ///
    /// # Errors
    ///
    /// An `Error` with code `unknown-feature` where the config has no such feature.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn feature(
        &self,
        key: &str,
        #[wasm_bindgen(unchecked_param_type = "unknown")] attributes: &JsValue,
        peek: bool,
    ) -> Result<JsValue, JsValue> {
        let shell = self.enter();
        let attributes = match from_js(attributes) {
            Value::Object(attributes) => attributes,
            _ => Object::new(),
        };
        shell.catch_up()?;
        if !peek {
            shell.send(Signal::FeatureUsed(key.to_owned(), attributes.clone()))?;
        }
        match shell.query(|engine, now| engine.feature(key, &attributes, now))? {
            Some(Value::Null) => Err(EngineError::UnknownFeature(excerpt(key)).into()),
            Some(feature) => to_js(&feature),
            None => Ok(JsValue::NULL),
        }
    }

    /// What tells the config from others: 16 hexadecimal digits.
    pub fn fingerprint(&self) -> Result<String, JsValue> {
        let fingerprint = self.enter().compute(|engine, _| engine.config().fingerprint.clone());
        Ok(fingerprint.unwrap_or_default())
    }

    /// The address of the site model; `undefined` where the config has none.
    pub fn model(&self) -> Result<Option<String>, JsValue> {
        Ok(self.enter().query(|engine, _| engine.config().model.clone())?.flatten())
    }

    /// What the site model is to be asked before `recommend` can answer; `undefined` where nothing is.
    #[wasm_bindgen(js_name = rankRequest, unchecked_return_type = "RankRequest | undefined")]
    pub fn rank_request(
        &self,
        #[wasm_bindgen(unchecked_param_type = "unknown")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        let options = from_js(options);
        let request = shell.query(|engine, now| engine.rank_request(&options, now))?.flatten();
        request.map_or(Ok(JsValue::UNDEFINED), |request| to_js(&request.to_object()))
    }

    /// What the site model says; `undefined` where it could not be asked.
    pub fn ranked(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RankRequest")] request: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly RankedItem[] | undefined")] items: &JsValue,
    ) -> Handled {
        let shell = self.enter();
        let items = (!items.is_undefined()).then(|| RankedItem::read_all(&from_js(items)));
        RankRequest::of(&from_js(request)).map_or(Ok(()), |request| shell.send(Signal::Ranked(request, items)))
    }

    /// Items for this visitor, by the keys of the strategy `recommend`; none where the options have a problem, which is
    /// said in the console.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn recommend(
        &self,
        #[wasm_bindgen(unchecked_param_type = "unknown")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let shell = self.enter();
        let options = from_js(options);
        match shell.query(|engine, now| engine.recommend(&options, now))? {
            Some(Ok(items)) => to_js(&items),
            Some(Err(problems)) => {
                shell.warn(&format!("recommend(): {}", problems.lines().join("; ")));
                Ok(Array::new().into())
            }
            None => Ok(Array::new().into()),
        }
    }

    /// Fills the placeholders of texts, with the fields of an item before the visitor's attributes; `undefined` for each
    /// that needs a value which is missing.
    #[wasm_bindgen(unchecked_return_type = "(string | undefined)[]")]
    pub fn fill(
        &self,
        texts: Vec<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "unknown")] item: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let shell = self.enter();
        let item = from_js(item);
        let filled = shell.query(|engine, now| engine.fill(&texts, &item, now))?.unwrap_or_default();
        Ok(filled.into_iter().map(JsValue::from).collect::<Array>().into())
    }

    /// The addresses of the pages of items, by id, as the catalogue has them; `undefined` for each that has none.
    #[wasm_bindgen(js_name = itemAddresses, unchecked_return_type = "(string | undefined)[]")]
    pub fn item_addresses(&self, ids: Vec<String>) -> Result<JsValue, JsValue> {
        let addresses =
            |engine: &engine::Engine| engine.item_addresses(&ids).into_iter().map(JsValue::from).collect::<Array>();
        Ok(self.enter().query(|engine, _| addresses(engine))?.unwrap_or_default().into())
    }

    /// What is known of the visitor.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn profile(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        to_js(&shell.query(|engine, now| engine.profile(now))?.unwrap_or_default())
    }

    /// Everything the engine can say of itself now, for developers: an `Inspection` of `www/inspector/access.ts`. Nothing is
    /// recorded.
    #[wasm_bindgen(unchecked_return_type = "Inspection")]
    pub fn inspect(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        to_js(&shell.query(|engine, now| engine.inspect(now))?)
    }

    /// A copy of the engine in memory; of somebody new where `copy` is false. `undefined` while the core is computing.
    pub fn sandbox(&self, copy: bool) -> Result<Option<Sandbox>, JsValue> {
        let shell = self.enter_caught_up()?;
        let profile = if copy { Profile::Copy } else { Profile::Empty };
        let core = shell.compute(|engine, now| engine.sandbox(profile, Box::new(JavaScript::default()), now));
        Ok(core.map(|core| Sandbox::new(core, self.shell.clone())))
    }

    /// What came of what was shown on this device: a `DeviceReport` of `www/loader/types.ts`.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        to_js(&self.enter().query(|engine, _| engine.report())?)
    }

    /// Everything that is stored.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn export(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        to_js(&shell.query(|engine, now| engine.export(now))?.unwrap_or_default())
    }

    /// The reports that are due, each handed out once.
    #[wasm_bindgen(unchecked_return_type = "unknown")]
    pub fn reports(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        shell.send(Signal::ReportsAsked)?;
        let reports = shell.query(|engine, now| engine.reports(now))?.unwrap_or(Value::List(Vec::new()));
        // Whatever comes next stores that they were handed out.
        shell.send(Signal::Ignored)?;
        to_js(&reports)
    }

    /// The consent in effect, and whose answer decided: the detail of `tailorbird:consent`.
    #[wasm_bindgen(js_name = consentInEffect, unchecked_return_type = "unknown")]
    pub fn consent_in_effect(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        to_js(&shell.query(|engine, _| engine.consent_in_effect())?.unwrap_or_default())
    }

    /// Forgets one interest, such as `category:boots`.
    pub fn forget(&self, interest: &str) -> Handled {
        let shell = self.enter();
        // A key may hold a colon, a dimension may not.
        match interest.split_once(':') {
            Some((dimension, key)) => shell.send(Signal::Forget(dimension.to_owned(), key.to_owned())),
            None => {
                shell.warn("forget() is ignored: it takes a dimension and a key, such as \"category:boots\"");
                Ok(())
            }
        }
    }

    /// Gives an interest, such as `category:boots`, the share that the visitor states: a number from 0 to 1.
    pub fn correct(&self, interest: &str, share: f64) -> Handled {
        let shell = self.enter();
        match interest.split_once(':') {
            Some((dimension, key)) if (0.0..=1.0).contains(&share) => {
                shell.send(Signal::Correct(dimension.to_owned(), key.to_owned(), share))
            }
            _ => {
                shell.warn(
                    "correct() is ignored: it takes a dimension and a key, and a share from 0 to 1, such as \
                     \"category:boots\", 0.3",
                );
                Ok(())
            }
        }
    }

    /// Learning and deciding from the profile rest, or go on.
    pub fn pause(&self, paused: bool) -> Handled {
        self.enter().send(Signal::Pause(paused))
    }

    /// What the site changes in the words of the privacy panel: `PanelTexts` in `www/panel/panel_loader.ts`.
    #[wasm_bindgen(js_name = panelTexts, unchecked_return_type = "unknown")]
    pub fn panel_texts(&self) -> Result<JsValue, JsValue> {
        to_js(&self.enter().query(|engine, _| engine.config().panel_texts.to_value())?.unwrap_or_default())
    }

    /// Forgets everything.
    pub fn erase(&self) -> Handled {
        self.enter().send(Signal::Erase(random::seed()))
    }

    /// The page may be changed from now on.
    pub fn ready(&self) -> Handled {
        self.enter().send(Signal::Ready)
    }

    /// Stops listening and storing.
    pub fn stop(&self) {
        self.enter().stop();
    }

    /// The country where the visitor probably is, by ISO 3166-1, with a confidence from 0 to 1.
    pub fn geo(&self, country: &str, confidence: f64) -> Handled {
        self.enter().send(Signal::Geo(Object::new().with("country", country).with("confidence", confidence)))
    }

    /// Looks up where the visitor is, where the browser may ask them. Resolves to the ids of the areas they are in, to
    /// `undefined` where that is not known.
    #[wasm_bindgen(unchecked_return_type = "Promise<string[] | undefined>")]
    pub fn locate(&self) -> Result<Promise, JsValue> {
        location::locate(self.enter())
    }

    /// The slots of the config, each with the selector that finds it where it has one.
    #[wasm_bindgen(unchecked_return_type = "{ id: string; target: string | null }[]")]
    pub fn slots(&self) -> Result<JsValue, JsValue> {
        let slots = self.enter().query(|engine, _| {
            let slots = engine.config().slots.iter();
            slots.map(|slot| Object::new().with("id", slot.id.as_str()).with("target", slot.target.clone())).collect()
        })?;
        to_js(&slots.unwrap_or(Value::List(Vec::new())))
    }

    /// The slots in which prompts stand; the config fills none of them otherwise.
    #[wasm_bindgen(js_name = slotsOfPrompts)]
    pub fn slots_of_prompts(&self) -> Result<Vec<String>, JsValue> {
        let slots = self.enter().query(|engine, _| engine.config().slots_of_prompts().map(str::to_owned).collect())?;
        Ok(slots.unwrap_or_default())
    }

    /// The ids of the slots on the page now.
    #[wasm_bindgen(js_name = slotsPresent)]
    pub fn slots_present(&self, ids: Vec<String>) -> Handled {
        self.enter().send(Signal::SlotsPresent(ids))
    }

    /// A slot shows the variant.
    #[wasm_bindgen(js_name = slotApplied)]
    pub fn slot_applied(&self, slot: String, variant: String) -> Handled {
        self.enter().send(Signal::SlotApplied { slot, variant })
    }

    /// A slot cannot show the variant, and why.
    #[wasm_bindgen(js_name = slotNotApplied)]
    pub fn slot_not_applied(&self, slot: String, variant: String, reason: String) -> Handled {
        self.enter().send(Signal::SlotNotApplied { slot, variant, reason })
    }

    /// Watches whether an element of a slot is visible.
    pub fn watch(&self, element: &Element, slot: &str) -> Handled {
        let shell = self.enter();
        shell.page().map_or(Ok(()), |page| page.visibility.watch(shell, element, slot))
    }

    /// Stops watching an element.
    pub fn unwatch(&self, element: &Element) -> Handled {
        let shell = self.enter();
        shell.page().map_or(Ok(()), |page| page.visibility.unwatch(shell, element))
    }

    /// A slot shows something else, so its next impression is a new one; without a slot, every slot.
    #[wasm_bindgen(js_name = resetImpression)]
    pub fn reset_impression(&self, slot: Option<String>) -> Handled {
        let shell = self.enter();
        shell.page().map_or(Ok(()), |page| page.visibility.reset(shell, slot.as_deref()))
    }

    /// For each prompt whether it is due, and why it is not shown now: a list of `{prompt, due, reasons}`.
    #[wasm_bindgen(js_name = explainPrompts, unchecked_return_type = "unknown")]
    pub fn explain_prompts(&self) -> Result<JsValue, JsValue> {
        let shell = self.enter_caught_up()?;
        to_js(&shell.query(|engine, now| engine.explain_prompts(now))?.unwrap_or(Value::List(Vec::new())))
    }

    /// Whether a prompt may come on this page view.
    #[wasm_bindgen(js_name = mayPrompt)]
    pub fn may_prompt(&self) -> Result<bool, JsValue> {
        Ok(self.enter().query(|engine, now| engine.may_prompt(now))?.unwrap_or(false))
    }

    /// Makes a prompt due.
    pub fn prompt(&self, id: String) -> Handled {
        self.enter().send(Signal::PromptCalled(id))
    }

    /// What is previewed from now on, in place of what was: a list of `Preview` in `www/page/boundary.ts`.
    pub fn preview(&self, #[wasm_bindgen(unchecked_param_type = "readonly Preview[]")] previews: &JsValue) -> Handled {
        self.enter().send(Signal::Previews(Preview::read_all(&from_js(previews))))
    }

    /// Shows a prompt now, whatever speaks against it, in this variant or in the one that is for the visitor. Nothing of
    /// it is recorded.
    #[wasm_bindgen(js_name = showPrompt)]
    pub fn show_prompt(&self, prompt: String, variant: Option<String>) -> Handled {
        self.enter().send(Signal::PromptPreviewed(prompt, variant))
    }

    /// The outcome of a prompt: `shown`, `seen`, `accepted`, `declined`, `dismissed`, `submitted`, `failed`,
    /// `removed` where the page took it away, or `postponed` where the visitor was in the middle of something, or the page
    /// had no room for it.
    #[wasm_bindgen(js_name = promptOutcome)]
    pub fn prompt_outcome(&self, prompt: String, outcome: &str) -> Handled {
        let known = PromptOutcome::ALL.into_iter().find(|known| known.name() == outcome);
        let shell = self.enter();
        known.map_or(Ok(()), |outcome| shell.send(Signal::PromptOutcome(prompt, outcome)))
    }

    /// The visitor has answered the question of a prompt: the id of the choice, or the number.
    #[wasm_bindgen(js_name = promptAnswered)]
    pub fn prompt_answered(&self, prompt: String, answer: String) -> Handled {
        self.enter().send(Signal::PromptAnswered(prompt, answer))
    }

    /// The profile, for another device: the stored one, or the one in memory where nothing is stored. `undefined`
    /// while the core is computing.
    #[wasm_bindgen(js_name = exportProfile)]
    pub fn export_profile(&self) -> Result<Option<String>, JsValue> {
        let shell = self.enter();
        let stored = shell.storage.read();
        let folded = shell.query(|engine, now| engine.fold(stored.as_ref(), now))?;
        Ok(folded.map(|folded| folded.profile))
    }

    /// The permit to store something; it ends when everything is erased. `undefined` where nothing may be stored.
    pub fn permit(&self) -> Result<Option<u32>, JsValue> {
        Ok(self.enter().query(|engine, _| engine.permit())?.flatten())
    }

    /// Merges the profile of another device into the stored one. The import began with this permit. Resolves to
    /// `Imported` of `www/loader/types.ts`; to `undefined` where the engine ended meanwhile.
    #[wasm_bindgen(js_name = importProfile, unchecked_return_type = "Promise<Imported | undefined>")]
    pub fn import_profile(&self, profile: String, permit: u32) -> Result<Promise, JsValue> {
        let shell = self.enter();
        shell.storage.import(shell, profile, permit)
    }
}

#[cfg(feature = "crash")]
#[wasm_bindgen]
impl Engine {
    /// Makes the engine fail at its next entry of a kind: `method`, `listener`, `timer`, `observer`, `promise`
    /// or `storage`. Only in builds for tests.
    pub fn crash(kind: &str) {
        Entry::arm(kind);
    }
}

impl Engine {
    fn begin(&self, state: impl FnOnce(&Shell) -> Handled, read: impl FnOnce(&Page, &Shell) -> Handled) -> Handled {
        let shell = self.enter();
        let window = web_sys::window();
        if let Some(window) = &window
            && let Some(document) = window.document()
        {
            shell.set_page(Page::listen(shell, window, &document)?);
        }
        state(shell)?;
        if let Some(page) = shell.page() {
            notifications::report(shell)?;
            page.page_views.report(shell)?;
            read(&page, shell)?;
            page.capture.poll(shell)?;
        }
        Ok(())
    }

    /// JavaScript enters by a method.
    fn enter(&self) -> &Shell {
        Entry::Method.mark();
        &self.shell
    }

    /// The same for what asks about the visitor: first reads what the page has replaced unobserved.
    fn enter_caught_up(&self) -> Result<&Shell, JsValue> {
        let shell = self.enter();
        shell.catch_up()?;
        Ok(shell)
    }
}

fn decision(shell: &Shell, slot: &str) -> Result<JsValue, JsValue> {
    match shell.query(|engine, now| engine.peek(slot, now))? {
        Some(Some(decision)) => to_js(&decision_value(&decision)),
        Some(None) => Err(EngineError::UnknownSlot(excerpt(slot)).into()),
        // The core is computing, and what it asked of its host has led here.
        None => to_js(&decision_value(&Decision::of(slot))),
    }
}

/// The start of a text, for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
