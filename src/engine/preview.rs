//! Variants that the address asks to see, where the config lets it.

use super::Engine;
use crate::page::Effect;
use crate::signal::context::PageContext;

impl Engine {
    /// The variant that the address asks to see in a slot, where the config lets it.
    pub(super) fn previewed(&self, slot: &str) -> Option<&str> {
        let preview = self.view.context.previews.iter().find(|preview| self.config.preview && preview.slot == slot);
        preview.map(|preview| preview.variant.as_str())
    }

    /// Tells the developer about a preview that cannot be shown.
    pub(super) fn warn_of_previews(&self, context: &PageContext, effects: &mut Vec<Effect>) {
        let mut warn = |text: String| effects.push(Effect::Warn(text));
        if !context.previews.is_empty() && !self.config.preview {
            warn(
                "the address asks for a preview (`?tb=`), but the config does not allow it: set `preview` to true"
                    .into(),
            );
            return;
        }
        for preview in &context.previews {
            let slot = self.config.slots.iter().find(|slot| slot.id == preview.slot);
            let Some(slot) = slot else {
                warn(format!(
                    "the address asks for a preview of slot \"{}\", which is not in the config",
                    preview.slot
                ));
                continue;
            };
            let is_known =
                preview.variant.is_empty() || slot.selection.variants.iter().any(|known| known.id == preview.variant);
            if !is_known {
                let known: Vec<&str> = slot.selection.variants.iter().map(|variant| variant.id.as_str()).collect();
                warn(format!(
                    "the address asks for a preview of variant \"{}\" of slot \"{}\", which has {}",
                    preview.variant,
                    preview.slot,
                    known.join(", ")
                ));
            }
        }
    }
}
