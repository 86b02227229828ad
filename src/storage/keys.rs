//! Which keys of a storage area are ours, and the epoch that our texts begin with.

/// How many hexadecimal digits an epoch and the id of a tab have.
pub(super) const DIGITS: usize = 16;

/// What is stored. Each has a key of its own, and journals have one a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredText {
    /// By which tabs notice that another one has erased everything, or withdrawn consent.
    Epoch,
    /// The profile.
    Profile,
    /// What one tab recorded.
    Journal,
    /// The last decisions, which the boot snippet reads.
    Decisions,
    /// The last text that could not be read.
    Aside,
}

impl StoredText {
    /// All there is. What is not among them is not removed when everything is erased.
    pub const ALL: [StoredText; 5] =
        [StoredText::Epoch, StoredText::Profile, StoredText::Journal, StoredText::Decisions, StoredText::Aside];

    /// Its key without the prefix; behind that of a journal stands the id of the tab.
    const fn name(self) -> &'static str {
        match self {
            StoredText::Epoch => "e",
            StoredText::Profile => "v1",
            StoredText::Journal => "t.",
            StoredText::Decisions => "d",
            StoredText::Aside => "aside",
        }
    }
}

/// Our keys in one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// The keys of a site, or of one of several on the same origin.
    ///
    /// Every character of a namespace but ASCII letters, digits, `_` and `-` is percent-encoded, the dot
    /// too, so that no namespace's keys begin with another's prefix.
    ///
    /// ```
    /// # use tailorbird::storage::Keys;
    /// assert_eq!(Keys::new("").profile(), "tailorbird.v1");
    /// assert_eq!(Keys::new("a.b").profile(), "tailorbird-a%2Eb.v1");
    /// ```
    pub fn new(namespace: &str) -> Keys {
        let mut prefix = "tailorbird".to_owned();
        if !namespace.is_empty() {
            prefix.push('-');
        }
        for byte in namespace.bytes() {
            if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
                prefix.push(char::from(byte));
            } else {
                prefix.push_str(&format!("%{byte:02X}"));
            }
        }
        prefix.push('.');
        Keys { prefix }
    }

    /// The key of the epoch.
    pub fn epoch(&self) -> String {
        self.of(StoredText::Epoch)
    }

    /// The key of the profile.
    pub fn profile(&self) -> String {
        self.of(StoredText::Profile)
    }

    /// The key of the last decisions, which the boot snippet reads.
    pub fn decisions(&self) -> String {
        self.of(StoredText::Decisions)
    }

    /// The key of a tab's journal, and the name of the lock that the tab holds as long as it lives.
    pub fn journal(&self, tab_id: &str) -> String {
        format!("{}{tab_id}", self.of(StoredText::Journal))
    }

    /// The key of a text; of journals what their keys begin with.
    ///
    /// ```
    /// # use tailorbird::storage::{Keys, StoredText};
    /// assert_eq!(Keys::new("").of(StoredText::Journal), "tailorbird.t.");
    /// ```
    pub fn of(&self, text: StoredText) -> String {
        self.key(text.name())
    }

    /// The name of the lock under which journals are folded.
    pub fn fold_lock(&self) -> String {
        self.key("fold")
    }

    /// The id of the tab whose journal this key holds.
    pub fn tab_of<'a>(&self, key: &'a str) -> Option<&'a str> {
        key.strip_prefix(&self.prefix)?.strip_prefix(StoredText::Journal.name()).filter(|id| is_id(id))
    }

    /// Whether a key is ours.
    pub fn owns(&self, key: &str) -> bool {
        let Some(name) = key.strip_prefix(&self.prefix) else { return false };
        StoredText::ALL.iter().any(|text| match text {
            StoredText::Journal => self.tab_of(key).is_some(),
            text => text.name() == name,
        })
    }

    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// Whether `text` is an epoch, or the id of a tab.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The text under the key of the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch<'a> {
    /// The epoch under which tabs write.
    pub current: &'a str,
    /// Whether it began because everything was erased, and not because nothing was there.
    pub after_erasure: bool,
}

const AFTER_ERASURE: &str = " erased";

impl<'a> Epoch<'a> {
    /// Reads it; `None` where it is none.
    pub fn read(text: &'a str) -> Option<Epoch<'a>> {
        let (current, rest) = split_epoch(text)?;
        let after_erasure = rest == AFTER_ERASURE;
        (rest.is_empty() || after_erasure).then_some(Epoch { current, after_erasure })
    }

    /// What to write for an epoch that begins with an erasure.
    pub fn after_erasure(current: &str) -> String {
        format!("{current}{AFTER_ERASURE}")
    }
}

/// The epoch of a stored text, and the text itself.
pub(super) fn split_epoch(stored: &str) -> Option<(&str, &str)> {
    stored.split_at_checked(DIGITS).filter(|(epoch, _)| is_id(epoch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> String {
        core::iter::repeat_n(digit, DIGITS).collect()
    }

    #[test]
    fn only_keys_of_our_exact_shapes_are_ours() {
        let keys = Keys::new("");
        for name in ["tailorbird.e", "tailorbird.v1", "tailorbird.d", "tailorbird.aside"] {
            assert!(keys.owns(name), "{name}");
        }
        assert!(keys.owns(&format!("tailorbird.t.{}", id('0'))));
        let foreign =
            ["tailorbird.theme-cache", "tailorbird.t.x", "tailorbird.t.", "tailorbird.v10", "tailorbird-a.v1"];
        for name in foreign {
            assert!(!keys.owns(name), "{name}");
        }
    }

    #[test]
    fn no_namespace_owns_keys_of_another() {
        let names = ["", "a", "a.b", "a.t", "a-b", "a%2Eb", "ä"];
        for one in names {
            for other in names.into_iter().filter(|other| *other != one) {
                let (one, other) = (Keys::new(one), Keys::new(other));
                let theirs = [other.epoch(), other.profile(), other.journal(&id('1'))];
                assert!(theirs.iter().all(|key| !one.owns(key)), "{one:?} {other:?}");
            }
        }
    }
}
