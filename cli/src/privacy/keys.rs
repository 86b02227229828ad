//! What stands under which key of the browser's storage.

use tailorbird::storage::{Keys, StoredText};

use super::uses::Uses;
use crate::document::code;

/// A row for each key: the key, what it holds, what for, how long, who reads it, and the legal basis to check.
pub fn rows(uses: &Uses<'_>) -> Vec<Vec<String>> {
    StoredText::ALL.into_iter().map(|text| row(text, uses)).collect()
}

fn row(text: StoredText, uses: &Uses<'_>) -> Vec<String> {
    let key = Keys::new("").of(text);
    let days = uses.profile_days;
    let row = |key: &str, cells: [&str; 5]| {
        let cells = cells.into_iter().map(str::to_owned);
        [code(key)].into_iter().chain(cells).collect()
    };
    match text {
        StoredText::Epoch => row(
            &key,
            [
                "a random number, the same for all tabs, new after everything was erased",
                "by it a tab notices that another one erased everything or withdrew consent",
                "until erased",
                "every tab, before it writes",
                "consent, or strictly necessary to honour a withdrawal: to be checked",
            ],
        ),
        StoredText::Profile => row(
            &key,
            [
                "the profile; its parts are below",
                "personalization",
                &format!("until erased, at most {days} days from its creation, however often the visitor comes"),
                "the engine, on each page with consent",
                CONSENT,
            ],
        ),
        StoredText::Journal => row(
            &format!("{key}<16 hex digits>"),
            [
                "what one tab recorded and the profile does not contain yet; its entries are below",
                "loses nothing where several tabs are open",
                "until it is part of the profile and the tab is closed",
                "the tab that writes it, and the one that makes it part of the profile",
                CONSENT,
            ],
        ),
        StoredText::Decisions => row(
            &key,
            [
                "a number that names the config, and what slots showed last: variant and texts, at most 1,000 \
                 characters",
                "shows it again in the first frame",
                "until erased, or until another config replaces it",
                "the engine, and the boot snippet where the page has it",
                CONSENT,
            ],
        ),
        StoredText::Aside => row(
            &key,
            [
                "the last text that could not be read, if there ever was one",
                "lets somebody find out what happened",
                "until erased",
                "nobody",
                CONSENT,
            ],
        ),
    }
}

/// What is said of everything that is kept to personalize.
pub const CONSENT: &str = "consent to personalization: to be checked";
