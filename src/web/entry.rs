//! The kinds of entry from JavaScript into WebAssembly.
//!
//! Tests must show that a failure at each of them costs personalization and never the page. The
//! feature `crash` lets them cause one; in other builds nothing of it remains.

/// A kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A method of `Engine`.
    Method,
    /// An event listener, or a method of the page's own that we observe.
    Listener,
    /// A timer, a microtask or an idle callback.
    Timer,
    /// An `IntersectionObserver`.
    Observer,
    /// A promise that was settled.
    Promise,
    /// Work of the storage.
    Storage,
}

#[cfg(not(feature = "crash"))]
impl Entry {
    /// Marks that JavaScript enters here.
    pub(super) fn mark(self) {}
}

#[cfg(feature = "crash")]
mod armed {
    use super::Entry;
    use std::cell::Cell;

    thread_local! {
        static ARMED: Cell<Option<Entry>> = const { Cell::new(None) };
    }

    impl Entry {
        const ALL: [(&str, Entry); 6] = [
            ("method", Entry::Method),
            ("listener", Entry::Listener),
            ("timer", Entry::Timer),
            ("observer", Entry::Observer),
            ("promise", Entry::Promise),
            ("storage", Entry::Storage),
        ];

        /// Makes the next entry of the kind called `name` panic; any other name disarms.
        pub(in super::super) fn arm(name: &str) {
            let found = Entry::ALL.into_iter().find(|(known, _)| *known == name);
            ARMED.set(found.map(|(_, entry)| entry));
        }

        /// Marks that JavaScript enters here.
        #[allow(clippy::panic, reason = "what this feature is for")]
        pub(in super::super) fn mark(self) {
            if ARMED.get() == Some(self) {
                ARMED.set(None);
                panic!("armed by Engine.crash: {self:?}");
            }
        }
    }
}
