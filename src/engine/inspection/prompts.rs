//! Every prompt with its gates: what has to hold before it is shown, and what of that does not.

use crate::decision::eligibility::Ineligible;
use crate::decision::prompt::Prompt;
use crate::decision::prompt::blocked::Blocked;
use crate::decision::prompt::gate::Gate;
use crate::engine::Engine;
use crate::time::Timestamp;
use crate::value::{Object, Value};

impl Engine {
    /// For each prompt what it would say and every gate before it: a list of `InspectedPrompt`s of
    /// `www/inspector/access.ts`. The decision context is to be up to date.
    pub(super) fn inspected_prompts(&self, now: Timestamp) -> Value {
        let (zone, of_all) = (self.view.context.zone, self.gates_of_all(now));
        let inspected = |prompt: &Prompt| {
            let due = self.due_since(prompt);
            let is_open = self.view.prompts.open() == Some(&prompt.id);
            let object = |gate: &Gate| {
                let mut object = gate.to_object(now, zone);
                if is_open && matches!(gate.closed, Some(Blocked::Open)) {
                    object.set("text", "it is open");
                }
                if matches!(gate.closed, Some(Blocked::Ineligible(Ineligible::ConditionFails))) {
                    let leaf = prompt.eligibility.when.as_ref().and_then(|when| self.failed_leaf(when));
                    object.set("failed", leaf.map(|leaf| leaf.to_object()));
                }
                object
            };
            let variants = prompt.selection.variants.iter().map(|variant| variant.id.as_str());
            Object::new()
                .with("prompt", prompt.id.as_str())
                .with("variant", self.decide_prompt(prompt, now).variant)
                .with("variants", variants.collect::<Value>())
                .with("due", due.is_some())
                .with("open", is_open)
                .with("gates", of_all.iter().chain(&self.gates_of(prompt, due, now)).map(object).collect::<Value>())
        };
        self.config.prompts.iter().map(inspected).collect()
    }
}
