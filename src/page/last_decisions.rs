//! What slots showed last, kept for the boot snippet: a few hundred bytes of script that show it again before the
//! engine has loaded.
//!
//! The text is made for a snippet that must be short. Its first line names the config, each other line a slot, its
//! variant, and selectors with the texts shown there, with tabs between them:
//!
//! ```text
//! 5f2c1d0e9b8a7766
//! hero⇥boots⇥h1⇥Boots that know the way
//! strip⇥basket
//! ```

use super::content::{Change, ChangeKind};

/// The most characters of the text; what was shown longest ago is left out.
pub const MOST: usize = 1_000;

/// What slots showed last, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LastDecisions(Vec<LastDecision>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct LastDecision {
    slot: String,
    /// The variant and its texts, as in the text.
    shown: String,
}

impl LastDecisions {
    /// Reads a text; nothing where another config wrote it.
    pub fn decode(text: &str, config: &str) -> LastDecisions {
        let Some(rest) = text.strip_prefix(config).and_then(|rest| rest.strip_prefix('\n')) else {
            return LastDecisions::default();
        };
        let read = |line: &str| {
            let (slot, shown) = line.split_once('\t')?;
            Some(LastDecision { slot: slot.to_owned(), shown: shown.to_owned() })
        };
        LastDecisions(rest.lines().filter_map(read).collect())
    }

    /// The text, under the fingerprint of this config.
    pub fn encode(&self, config: &str) -> String {
        let mut text = config.to_owned();
        for LastDecision { slot, shown } in &self.0 {
            let line = ["\n", slot, "\t", shown];
            if line.iter().fold(text.len(), |length, part| length.saturating_add(part.len())) <= MOST {
                text.extend(line);
            }
        }
        text
    }

    /// Notes what a slot shows; `None` is the page's own content, of which nothing is kept.
    pub fn note(&mut self, slot: &str, variant: Option<&str>, changes: &[Change]) {
        self.0.retain(|last| last.slot != slot);
        // The slots of visual changes are no elements with a name.
        let Some(variant) = variant.filter(|_| !slot.contains(':')) else { return };
        let mut shown = variant.to_owned();
        for change in changes {
            if let ChangeKind::Text { selector, text } = &change.kind {
                // Neither has a use for these, and white space is white space.
                let plain = |character: char| if matches!(character, '\t' | '\n' | '\r') { ' ' } else { character };
                for text in [selector, text] {
                    shown.push('\t');
                    shown.extend(text.chars().map(plain));
                }
            }
        }
        self.0.insert(0, LastDecision { slot: slot.to_owned(), shown });
    }

    /// What is noted of a slot is what it shows still.
    pub fn keep(&mut self, slot: &str) {
        let place = self.0.iter().position(|last| last.slot == slot);
        if let Some(older) = place.and_then(|place| self.0.get_mut(..=place)) {
            older.rotate_right(1);
        }
    }

    /// Adds what was shown before and is not known here.
    pub fn add_earlier(&mut self, earlier: LastDecisions) {
        for last in earlier.0 {
            if self.0.iter().all(|known| known.slot != last.slot) {
                self.0.push(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(selector: &str, text: &str) -> Change {
        let (selector, text) = (selector.to_owned(), text.to_owned());
        Change { path: String::new(), kind: ChangeKind::Text { selector, text } }
    }

    #[test]
    fn what_was_shown_last_is_read_back_by_the_same_config() {
        let mut last = LastDecisions::default();
        last.note("strip", Some("basket"), &[]);
        last.note("hero", Some("boots"), &[text("h1", "Boots\tthat\nknow"), text("", "itself")]);
        last.note("gone", Some("x"), &[]);
        last.note("gone", None, &[]);
        last.note("experiment:a", Some("1"), &[]);
        let written = last.encode("5f2c");
        assert_eq!(written, "5f2c\nhero\tboots\th1\tBoots that know\t\titself\nstrip\tbasket");
        assert_eq!(LastDecisions::decode(&written, "5f2c"), last);
        for (written, config) in [(written.as_str(), "5f2"), (&written, "0000"), ("", ""), ("5f2c", "5f2c")] {
            assert_eq!(LastDecisions::decode(written, config), LastDecisions::default(), "{config}");
        }
    }

    #[test]
    fn the_latest_comes_first_and_the_earliest_is_left_out_where_there_is_no_room() {
        let mut last = LastDecisions::default();
        for slot in ["a", "b", "c"] {
            last.note(slot, Some("v"), &[text("h1", &"x".repeat(400))]);
        }
        let written = last.encode("5f2c");
        assert!(written.len() <= MOST && written.contains("\nc\t") && written.contains("\nb\t"));
        assert!(!written.contains("\na\t"));
    }

    #[test]
    fn what_is_shown_still_comes_before_what_was_shown_earlier() {
        let mut last = LastDecisions::default();
        for slot in ["a", "b", "c"] {
            last.note(slot, Some("v"), &[]);
        }
        last.keep("a");
        last.keep("unknown");
        assert_eq!(last.encode("5f2c"), "5f2c\na\tv\nc\tv\nb\tv");
    }

    #[test]
    fn what_is_known_now_stands_before_what_was_known_earlier() {
        let mut last = LastDecisions::default();
        last.note("hero", Some("boots"), &[]);
        last.add_earlier(LastDecisions::decode("5f2c\nhero\ttents\nstrip\tsale", "5f2c"));
        assert_eq!(last.encode("5f2c"), "5f2c\nhero\tboots\nstrip\tsale");
    }
}
