//! The prompts of one page view: those that are due, and the one that is open.

use crate::time::{SECOND, Timestamp};

/// The prompts of one page view.
#[derive(Clone, Debug, Default)]
pub struct PromptQueue {
    /// Those that a trigger has made due, and when.
    due: Vec<(String, Timestamp)>,
    /// Those that were shown or withheld, or are about to be shown.
    asked: Vec<String>,
    /// The one that is open, or about to be.
    open: Option<String>,
    /// Those that could not be shown, each as often as that happened.
    failed: Vec<String>,
    /// When the next one may be tried.
    retry_at: Option<Timestamp>,
    /// When it was last read what other tabs have shown.
    read_at: Option<Timestamp>,
    /// How each prompt was asked last, also on earlier page views: it may still be open.
    last_asked: Vec<Asked>,
    /// Those that are to be previewed, in the variant that was asked for; each is asked as soon as there is room.
    previews: Vec<(String, Option<String>)>,
}

/// How a prompt was asked.
#[derive(Clone, Debug)]
struct Asked {
    id: String,
    variant: String,
    is_preview: bool,
}

/// How often it is tried to show a prompt that cannot be shown.
const FAILURES: usize = 3;
/// For how long it is known what other tabs have shown.
const KNOWN_MS: i64 = SECOND;

impl PromptQueue {
    /// That of the next page view.
    pub fn on_page_view(&mut self) -> PromptQueue {
        PromptQueue { last_asked: core::mem::take(&mut self.last_asked), ..PromptQueue::default() }
    }

    /// A prompt is due, unless it was asked on this page view or is due already.
    pub fn add(&mut self, id: &str, now: Timestamp) {
        if self.due_since(id).is_none() && !self.asked.iter().any(|asked| asked == id) {
            self.due.push((id.to_owned(), now));
        }
    }

    /// Since when a prompt is due.
    pub fn due_since(&self, id: &str) -> Option<Timestamp> {
        self.due.iter().find(|(due, _)| due == id).map(|(_, at)| *at)
    }

    /// A prompt is about to be shown, in this variant.
    pub fn ask(&mut self, id: &str, variant: &str) {
        self.asked.push(id.to_owned());
        self.note(id, variant, false);
    }

    /// Notes how the prompt that is open was asked.
    fn note(&mut self, id: &str, variant: &str, is_preview: bool) {
        self.open = Some(id.to_owned());
        self.last_asked.retain(|asked| asked.id != id);
        self.last_asked.push(Asked { id: id.to_owned(), variant: variant.to_owned(), is_preview });
    }

    /// A prompt is to be previewed: it is due, however often it was asked.
    pub fn preview(&mut self, id: &str, variant: Option<&str>) {
        self.previews.retain(|(waiting, _)| waiting != id);
        self.previews.push((id.to_owned(), variant.map(str::to_owned)));
    }

    /// The prompts that are to be previewed and were not yet, and the variant of each that was asked for.
    pub fn previews(&self) -> &[(String, Option<String>)] {
        &self.previews
    }

    /// A prompt that was to be previewed is about to be shown, in this variant. It counts for nothing.
    pub fn ask_preview(&mut self, id: &str, variant: &str) {
        self.drop_preview(id);
        self.note(id, variant, true);
    }

    /// A prompt is not to be previewed any more.
    pub fn drop_preview(&mut self, id: &str) {
        self.previews.retain(|(waiting, _)| waiting != id);
    }

    /// No prompt is to be previewed any more.
    pub fn drop_previews(&mut self) {
        self.previews.clear();
    }

    /// Whether the prompt was asked last as a preview.
    pub fn is_preview(&self, id: &str) -> bool {
        self.last_asked.iter().any(|asked| asked.id == id && asked.is_preview)
    }

    /// A prompt is not shown, but counts as if it were.
    pub fn withhold(&mut self, id: &str) {
        self.asked.push(id.to_owned());
        self.close(id);
    }

    /// The variant in which a prompt was asked last; where it was not, the id of the prompt, as that of its only variant.
    pub fn variant(&self, id: &str) -> String {
        let asked = self.last_asked.iter().find(|asked| asked.id == id);
        asked.map_or(id, |asked| asked.variant.as_str()).to_owned()
    }

    /// The prompt that was open is not any more, and is not due.
    pub fn close(&mut self, id: &str) {
        self.due.retain(|(due, _)| due != id);
        self.open.take_if(|open| open == id);
    }

    /// The prompt was not shown, because the visitor was in the middle of something: it stays due.
    pub fn postpone(&mut self, id: &str, retry_at: Timestamp) {
        if self.is_preview(id) && self.open() == Some(id) {
            let variant = self.variant(id);
            self.preview(id, Some(&variant));
        }
        self.asked.retain(|asked| asked != id);
        self.open.take_if(|open| open == id);
        self.retry_at = Some(retry_at);
    }

    /// The prompt could not be shown.
    pub fn fail(&mut self, id: &str, retry_at: Timestamp) {
        self.failed.push(id.to_owned());
        self.due.retain(|(due, _)| due != id);
        self.postpone(id, retry_at);
        self.drop_preview(id);
    }

    /// Whether the prompt could not be shown: what made it due once does not so again, as for want of an element it
    /// would fail again.
    pub fn has_failed(&self, id: &str) -> bool {
        self.failed.iter().any(|failed| failed == id)
    }

    /// The prompt that is open, or about to be.
    pub fn open(&self) -> Option<&str> {
        self.open.as_deref()
    }

    /// It was read what other tabs have shown.
    pub fn read(&mut self, now: Timestamp) {
        self.read_at = Some(now);
    }

    /// Whether it is known what other tabs have shown.
    pub fn knows_other_tabs(&self, now: Timestamp) -> bool {
        self.read_at.is_some_and(|read_at| now.since(read_at).abs() < KNOWN_MS)
    }

    /// How many were shown on this page view; without end where they could not be.
    pub fn count(&self) -> usize {
        if self.failed.len() > FAILURES { usize::MAX } else { self.asked.len() }
    }

    /// When the next one may be tried, where that is not now.
    pub fn retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.retry_at.filter(|at| now < *at)
    }
}
