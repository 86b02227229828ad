use super::super::keys::DIGITS;
use super::folding::Folded;
use super::withdrawal::Change;
use super::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// An area without delays; `full` refuses every write.
#[derive(Default)]
struct Memory {
    texts: RefCell<BTreeMap<String, String>>,
    full: bool,
}

impl Area for Memory {
    fn keys(&self) -> Result<Vec<String>, Refused> {
        Ok(self.texts.borrow().keys().cloned().collect())
    }
    fn get(&self, key: &str) -> Result<Option<String>, Refused> {
        Ok(self.texts.borrow().get(key).cloned())
    }
    fn set(&self, key: &str, text: &str) -> Result<(), Refused> {
        if self.full {
            return Err(Refused);
        }
        self.texts.borrow_mut().insert(key.to_owned(), text.to_owned());
        Ok(())
    }
    fn remove(&self, key: &str) -> Result<(), Refused> {
        self.texts.borrow_mut().remove(key);
        Ok(())
    }
}

fn id(digit: char) -> String {
    core::iter::repeat_n(digit, DIGITS).collect()
}

fn tab(digit: char) -> TabStorage {
    TabStorage::new(Keys::new(""), id(digit))
}

fn keys(area: &Memory) -> Vec<String> {
    area.keys().unwrap()
}

#[test]
fn erasing_leaves_nothing_of_ours_and_everything_of_others() {
    let area = Memory::default();
    area.set("tailorbird.theme-cache", "theirs").unwrap();
    let mut own = tab('1');
    own.open(&area, &id('e')).unwrap();
    own.save("journal");
    assert_eq!(own.flush(&area), Ok(Flush::Done));
    own.erase(&area).unwrap();
    assert_eq!(keys(&area), ["tailorbird.theme-cache"]);
}

#[test]
fn a_tab_does_not_write_after_another_withdrew() {
    let area = Memory::default();
    let (mut one, mut other) = (tab('1'), tab('2'));
    one.open(&area, &id('e')).unwrap();
    other.open(&area, "").unwrap();
    other.save("before");
    other.flush(&area).unwrap();
    one.erase(&area).unwrap();
    other.append(" and after");
    assert_eq!(other.flush(&area), Ok(Flush::Withdrawn));
    assert_eq!(keys(&area), Vec::<String>::new());
    assert!(!other.is_unsaved(), "nothing is written later either");
}

#[test]
fn a_write_that_crosses_a_withdrawal_is_undone_by_both_tabs() {
    let area = Memory::default();
    let (mut one, mut other) = (tab('1'), tab('2'));
    one.open(&area, &id('e')).unwrap();
    other.open(&area, "").unwrap();
    one.erase(&area).unwrap();
    // The other process did not see the removal yet.
    let late = format!("{}late", id('e'));
    let key = other.keys().journal(other.tab_id());
    area.set(&key, &late).unwrap();
    one.on_change(&area, Change { key: Some(&key), old: None, new: Some(&late) }).unwrap();
    assert_eq!(keys(&area), Vec::<String>::new(), "the tab that erased");
    area.set(&key, &late).unwrap();
    let (epoch, ended) = (other.keys().epoch(), id('e'));
    let update = other.on_change(&area, Change { key: Some(&epoch), old: Some(&ended), new: None });
    assert_eq!((update, keys(&area)), (Ok(Update::Withdrawn), Vec::new()), "the tab that wrote");
}

#[test]
fn what_a_killed_tab_left_behind_never_counts_after_a_new_yes() {
    let area = Memory::default();
    let left = tab('2').keys().journal(&id('2'));
    area.set(&left, &format!("{}late", id('e'))).unwrap();
    let mut own = tab('1');
    let opened = own.open(&area, &id('f'));
    assert_eq!(opened, Ok(Update::Changed(Stored::default())));
    assert_eq!(keys(&area), ["tailorbird.e"], "and it is removed unread");
    // Should it come back once more, it is passed by, and removed with the next fold.
    area.set(&left, &format!("{}late", id('e'))).unwrap();
    assert_eq!(own.read(&area), Ok(Stored::default()));
    let fold = |_: &Stored| Ok::<_, ()>(Folded { profile: "p".to_owned(), ..Folded::default() });
    own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
    assert_eq!(keys(&area), ["tailorbird.e", "tailorbird.v1"]);
}

#[test]
fn a_yes_in_another_tab_is_not_erased_by_the_tab_that_said_no() {
    let area = Memory::default();
    let (mut one, mut other) = (tab('1'), tab('2'));
    one.open(&area, &id('e')).unwrap();
    one.erase(&area).unwrap();
    other.open(&area, &id('f')).unwrap();
    let (epoch, new) = (other.keys().epoch(), id('f'));
    one.on_change(&area, Change { key: Some(&epoch), old: None, new: Some(&new) }).unwrap();
    other.save("journal");
    other.flush(&area).unwrap();
    let key = other.keys().journal(other.tab_id());
    let text = area.get(&key).unwrap().unwrap();
    one.on_change(&area, Change { key: Some(&key), old: None, new: Some(&text) }).unwrap();
    assert_eq!(area.get(&key), Ok(Some(text)));
}

#[test]
fn an_erasure_with_consent_goes_on_in_every_tab() {
    let area = Memory::default();
    let (mut one, mut other) = (tab('1'), tab('2'));
    one.open(&area, &id('e')).unwrap();
    other.open(&area, "").unwrap();
    other.save("before");
    other.flush(&area).unwrap();
    one.renew(&area, &id('f')).unwrap();
    assert_eq!(keys(&area), ["tailorbird.e"]);
    other.append(" and after");
    assert_eq!(other.flush(&area), Ok(Flush::Waiting));
    let (epoch, old, new) = (one.keys().epoch(), id('e'), area.get("tailorbird.e").unwrap().unwrap());
    let update = other.on_change(&area, Change { key: Some(&epoch), old: Some(&old), new: Some(&new) });
    assert_eq!((update, other.is_unsaved()), (Ok(Update::Erased), false));
    other.save("anew");
    other.flush(&area).unwrap();
    let journals = vec![(id('2'), "anew".to_owned())];
    assert_eq!(one.read(&area), Ok(Stored { profile: None, journals, decisions: None }));
}

#[test]
fn tabs_that_begin_at_the_same_time_agree_on_one_epoch() {
    let area = Memory::default();
    let (mut one, mut other) = (tab('1'), tab('2'));
    one.open(&area, &id('e')).unwrap();
    one.save("journal");
    one.flush(&area).unwrap();
    // The other tab had not seen the first epoch.
    area.set("tailorbird.e", &id('f')).unwrap();
    other.open(&area, "").unwrap();
    one.append(" goes on");
    assert_eq!(one.flush(&area), Ok(Flush::Waiting));
    let (epoch, old, new) = (one.keys().epoch(), id('e'), id('f'));
    one.on_change(&area, Change { key: Some(&epoch), old: Some(&old), new: Some(&new) }).unwrap();
    assert_eq!(one.flush(&area), Ok(Flush::Done));
    let journals = vec![(id('1'), "journal goes on".to_owned())];
    assert_eq!(other.read(&area), Ok(Stored { profile: None, journals, decisions: None }));
}

#[test]
fn a_journal_that_grew_after_a_fold_stays() {
    let area = Memory::default();
    let (mut own, mut gone) = (tab('1'), tab('2'));
    own.open(&area, &id('e')).unwrap();
    gone.open(&area, "").unwrap();
    gone.save("entries");
    gone.flush(&area).unwrap();
    let fold = |stored: &Stored| {
        let watermarks: Vec<(String, u64)> = stored.journals.iter().map(|(id, _)| (id.clone(), 3)).collect();
        let written = watermarks.iter().map(|_| None).collect();
        Ok::<_, ()>(Folded { profile: "p".to_owned(), watermarks, written, damaged: Vec::new() })
    };
    let settling = own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
    gone.append(" and more");
    gone.flush(&area).unwrap();
    assert!(own.settle(&area, settling).unwrap().is_some());
    assert!(keys(&area).contains(&gone.keys().journal(gone.tab_id())), "it grew meanwhile");
    let settling = own.fold(&area, &|_, _| false, false, fold).unwrap().unwrap();
    own.settle(&area, settling).unwrap();
    assert_eq!(keys(&area), ["tailorbird.e", "tailorbird.v1"]);
}

#[test]
fn keys_of_others_do_not_count_against_our_room() {
    let area = Memory::default();
    area.set("tailorbird.theme-cache", &"x".repeat(ROOM)).unwrap();
    let mut own = tab('1');
    own.open(&area, &id('e')).unwrap();
    own.save("journal");
    assert_eq!(own.flush(&area), Ok(Flush::Done));
    area.set(&own.keys().journal(&id('2')), &"x".repeat(ROOM)).unwrap();
    own.save(&"another ".repeat(1_000));
    assert_eq!(own.flush(&area), Ok(Flush::Full));
}

#[test]
fn a_refusal_loses_nothing_that_is_not_stored() {
    let mut area = Memory::default();
    let mut own = tab('1');
    own.open(&area, &id('e')).unwrap();
    own.save("journal");
    area.full = true;
    assert_eq!(own.flush(&area), Err(Refused));
    assert!(own.is_unsaved());
}
