//! What the site changes in the words of the visitor's privacy panel, read from `privacy.panel`.

use crate::reader::Reader;
use crate::template::is_language_tag;
use crate::value::{Object, Value};

/// The longest text of the panel, in characters.
const TEXT: usize = 500;
/// The longest name of an interest, a slot or a segment.
const NAME: usize = 80;

/// The texts of the panel. `www/panel/texts/en.ts` holds them in English, and a test compares the two lists.
pub const KEYS: [&str; 90] = [
    "title",
    "granted",
    "session",
    "unknown",
    "denied",
    "paused",
    "unavailable",
    "choice",
    "personalize",
    "personalizeWhy",
    "measure",
    "measureWhy",
    "object",
    "objectWhy",
    "interests",
    "interestsWhy",
    "none",
    "forget",
    "forgetOne",
    "category",
    "brand",
    "stated",
    "decisions",
    "decisionsWhy",
    "elsewhere",
    "ownContent",
    "standard",
    "generic",
    "customized",
    "personalized",
    "stored",
    "place",
    "device",
    "tab",
    "memory",
    "until",
    "untilWhy",
    "visits",
    "visitsWhy",
    "pages",
    "events",
    "eventsWhy",
    "items",
    "itemsWhy",
    "basket",
    "basketWhy",
    "orders",
    "ordersWhy",
    "prompts",
    "promptsWhy",
    "versions",
    "versionsWhy",
    "groups",
    "groupsWhy",
    "learned",
    "learnedWhy",
    "number",
    "numberWhy",
    "control",
    "pause",
    "pauseWhy",
    "download",
    "downloadWhy",
    "move",
    "moveWhy",
    "passphrase",
    "save",
    "file",
    "open",
    "erase",
    "eraseSure",
    "eraseYes",
    "eraseNo",
    "adapts",
    "removed",
    "done",
    "unchanged",
    "corrected",
    "forgotten",
    "rests",
    "resumed",
    "erased",
    "downloaded",
    "opened",
    "noFile",
    "wrong",
    "expired",
    "foreign",
    "newer",
    "refused",
];

/// Texts and names by language: `{texts: {it: {title: "..."}}, names: {de: {"category:boots": "Stiefel"}}}`.
///
/// Texts take the place of the panel's own, or make up another language; names stand for what the config calls an
/// interest, a dimension of interests, a slot, a variant or a segment.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PanelTexts(Object);

impl PanelTexts {
    /// Reads `privacy.panel`. A text with a problem is left out; the panel then has its own.
    pub fn read(privacy: &Reader<'_>) -> PanelTexts {
        let panel = privacy.section("panel", &["texts", "names"]);
        let texts = read_languages(&panel.field("texts"), |at| {
            let mut texts = Object::new();
            for (key, _) in at.entries().iter().filter(|(key, _)| !key.starts_with("x-")) {
                let at = at.field(key);
                if !KEYS.contains(&key) {
                    at.problem("unknown", Some("one of the panel's texts, such as title"));
                } else if let Some(text) = at.text_within(1..=TEXT) {
                    texts.set(key, text);
                }
            }
            texts
        });
        let names = read_languages(&panel.field("names"), |at| {
            let mut names = Object::new();
            for (id, _) in at.entries().iter() {
                if let Some(name) = at.field(id).text_within(1..=NAME) {
                    names.set(id, name);
                }
            }
            names
        });
        PanelTexts(Object::new().with("texts", texts).with("names", names))
    }

    /// `PanelTexts` of `www/panel/panel_loader.ts`.
    pub fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}

/// An object of language tags and what `read` makes of each.
fn read_languages(at: &Reader<'_>, read: impl Fn(&Reader<'_>) -> Object) -> Object {
    let mut languages = Object::new();
    for (language, _) in at.entries().iter() {
        let at = at.field(language);
        if is_language_tag(language) {
            languages.set(language, read(&at));
        } else {
            at.problem("no language tag", Some("one such as en, de-AT or zh-Hant"));
        }
    }
    languages
}
