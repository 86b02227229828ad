//! `localStorage` as the tabs of a browser see it: each in a process of its own, to which the writes of
//! the others come late.
//!
//! All writes have one order, that of the browser's own process. A tab sees its own at once and those of
//! others when they are delivered; where both wrote one key, the later in that order remains. A `storage`
//! event comes with each delivery, in order. A tab that is busy is delivered nothing, and one in the
//! back/forward cache receives nothing at all.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use tailorbird::storage::{Area, Refused};

/// One write or removal, as its `storage` event reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Its place in the order of all writes.
    pub order: u64,
    /// The key.
    pub key: String,
    /// The text before; `None` where there was none.
    pub old: Option<Rc<str>>,
    /// The text now; `None` where it was removed.
    pub new: Option<Rc<str>>,
}

/// What an area does to a tab that writes to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    #[default]
    Granted,
    /// It can be read and texts be removed, but there is no room for another one.
    Full,
    /// Nothing.
    Refused,
}

#[derive(Default)]
struct View {
    /// By key, the order of the write that is seen, and what it wrote.
    texts: BTreeMap<String, (u64, Option<Rc<str>>)>,
    inbox: VecDeque<Write>,
    cached: bool,
    access: Access,
}

/// Is shown every write.
type Observer = Box<dyn FnMut(&Write)>;

#[derive(Default)]
struct Shared {
    texts: BTreeMap<String, Rc<str>>,
    order: u64,
    views: BTreeMap<usize, View>,
    observer: Option<Observer>,
}

/// The area of one origin in one browser.
#[derive(Clone, Default)]
pub struct SharedArea(Rc<RefCell<Shared>>);

/// The same, seen by one tab.
#[derive(Clone)]
pub struct TabArea {
    shared: Rc<RefCell<Shared>>,
    tab: usize,
}

impl SharedArea {
    /// A tab opens the area and sees what is there now.
    pub fn open(&self, tab: usize) -> TabArea {
        let mut shared = self.0.borrow_mut();
        let texts = shared.seen_now();
        shared.views.insert(tab, View { texts, ..View::default() });
        TabArea { shared: Rc::clone(&self.0), tab }
    }

    /// A tab is gone, with all events it had not received.
    pub fn kill(&self, tab: usize) {
        self.0.borrow_mut().views.remove(&tab);
    }

    /// A tab goes into the back/forward cache, where it receives nothing, or comes back and sees what is there.
    pub fn cache(&self, tab: usize, cached: bool) {
        let mut shared = self.0.borrow_mut();
        let texts = shared.seen_now();
        if let Some(view) = shared.views.get_mut(&tab) {
            *view = View { texts, cached, access: view.access, ..View::default() };
        }
    }

    /// What the area lets a tab do from now on.
    pub fn set_access(&self, tab: usize, access: Access) {
        if let Some(view) = self.0.borrow_mut().views.get_mut(&tab) {
            view.access = access;
        }
    }

    /// Shows every write of a tab to `observer`, in their order.
    pub fn observe(&self, observer: impl FnMut(&Write) + 'static) {
        self.0.borrow_mut().observer = Some(Box::new(observer));
    }

    /// Delivers the oldest write whose event a tab has not received.
    pub fn deliver(&self, tab: usize) -> Option<Write> {
        let mut shared = self.0.borrow_mut();
        let view = shared.views.get_mut(&tab)?;
        let write = view.inbox.pop_front()?;
        let seen = view.texts.entry(write.key.clone()).or_default();
        if write.order > seen.0 {
            *seen = (write.order, write.new.clone());
        }
        Some(write)
    }

    /// Whether a tab has yet to receive the event of a write to a key with this prefix.
    pub fn awaits(&self, tab: usize, start: &str) -> bool {
        let shared = self.0.borrow();
        shared.views.get(&tab).is_some_and(|view| view.inbox.iter().any(|write| write.key.starts_with(start)))
    }

    /// What is there, in the end.
    pub fn texts(&self) -> BTreeMap<String, Rc<str>> {
        self.0.borrow().texts.clone()
    }

    /// Somebody else writes, as another script of the site might; every tab sees it at once.
    pub fn put(&self, key: &str, text: &str) {
        let mut shared = self.0.borrow_mut();
        shared.order += 1;
        let (order, text) = (shared.order, Rc::<str>::from(text));
        shared.texts.insert(key.to_owned(), Rc::clone(&text));
        for view in shared.views.values_mut() {
            view.texts.insert(key.to_owned(), (order, Some(Rc::clone(&text))));
        }
    }
}

impl Shared {
    fn seen_now(&self) -> BTreeMap<String, (u64, Option<Rc<str>>)> {
        let seen = |(key, text): (&String, &Rc<str>)| (key.clone(), (self.order, Some(Rc::clone(text))));
        self.texts.iter().map(seen).collect()
    }
}

impl TabArea {
    fn write(&self, key: &str, new: Option<&str>) -> Result<(), Refused> {
        let mut shared = self.shared.borrow_mut();
        let shared = &mut *shared;
        let access = shared.views.get(&self.tab).map_or(Access::Refused, |view| view.access);
        match access {
            Access::Granted => {}
            Access::Full if new.is_none() => {}
            Access::Full | Access::Refused => return Err(Refused),
        }
        let new = new.map(Rc::<str>::from);
        let old = match &new {
            Some(text) => shared.texts.insert(key.to_owned(), Rc::clone(text)),
            None => shared.texts.remove(key),
        };
        shared.order += 1;
        let write = Write { order: shared.order, key: key.to_owned(), old, new };
        for (tab, view) in &mut shared.views {
            if *tab == self.tab {
                view.texts.insert(key.to_owned(), (write.order, write.new.clone()));
            } else if !view.cached && write.old != write.new {
                view.inbox.push_back(write.clone());
            }
        }
        if let Some(observer) = &mut shared.observer {
            observer(&write);
        }
        Ok(())
    }

    fn view<T>(&self, look: impl FnOnce(&View) -> T) -> Result<T, Refused> {
        let shared = self.shared.borrow();
        shared.views.get(&self.tab).filter(|view| view.access != Access::Refused).map(look).ok_or(Refused)
    }
}

impl Area for TabArea {
    fn keys(&self) -> Result<Vec<String>, Refused> {
        self.view(|view| {
            let there = view.texts.iter().filter(|(_, (_, text))| text.is_some());
            there.map(|(key, _)| key.clone()).collect()
        })
    }

    fn get(&self, key: &str) -> Result<Option<String>, Refused> {
        self.view(|view| view.texts.get(key).and_then(|(_, text)| text.as_deref().map(str::to_owned)))
    }

    fn set(&self, key: &str, text: &str) -> Result<(), Refused> {
        self.write(key, Some(text))
    }

    fn remove(&self, key: &str) -> Result<(), Refused> {
        if self.get(key)?.is_none() && !self.shared.borrow().texts.contains_key(key) {
            return Ok(());
        }
        self.write(key, None)
    }
}
