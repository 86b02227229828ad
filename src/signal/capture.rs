//! What is captured without code of the site: from its markup, from what visitors do on every page, and from
//! Segment's calls. Events have GA4's names for it.
//!
//! Source: Google Analytics 4, "Enhanced measurement events". `form_abandon` and `rage_click` are names of our own.

use super::catalog::Markup;
use super::event::{Event, Item, Tag};
use super::referrer;
use crate::reader::Reader;

/// The names of events that are captured.
pub mod name {
    /// The visitor scrolled down to 25, 50, 75 or 90 percent of the page.
    pub const SCROLL: &str = "scroll";
    /// A video began to play.
    pub const VIDEO_START: &str = "video_start";
    /// 10, 25, 50 or 75 percent of a video were watched.
    pub const VIDEO_PROGRESS: &str = "video_progress";
    /// A video was played to its end.
    pub const VIDEO_COMPLETE: &str = "video_complete";
    /// The visitor began to fill in a form.
    pub const FORM_START: &str = "form_start";
    /// The visitor sent a form.
    pub const FORM_SUBMIT: &str = "form_submit";
    /// The visitor left a form that they had begun to fill in.
    pub const FORM_ABANDON: &str = "form_abandon";
    /// The visitor saw what a search of the site has found.
    pub const VIEW_SEARCH_RESULTS: &str = "view_search_results";
    /// The visitor followed a link to another site.
    pub const CLICK: &str = "click";
    /// The visitor followed a link to a file.
    pub const FILE_DOWNLOAD: &str = "file_download";
    /// The visitor clicked again and again on something that does not answer.
    pub const RAGE_CLICK: &str = "rage_click";
}

/// How far down the page scrolling is an event, in percent of its length.
pub const SCROLL_STEPS: [u32; 4] = [25, 50, 75, 90];
/// How much of a video is an event, in percent of its length.
pub const VIDEO_STEPS: [u32; 4] = [10, 25, 50, 75];

/// What the site wants captured: `capture` of the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureRules {
    /// The page's main product or article, from its markup.
    pub catalog: bool,
    /// Events sent to Segment.
    pub segment: bool,
    /// How far down pages visitors scroll.
    pub scroll: bool,
    /// Videos.
    pub video: bool,
    /// Forms, never what is in them.
    pub forms: bool,
    /// Searches of the site, by the address.
    pub search: bool,
    /// Links to other sites and to files, and clicks on what does not answer.
    pub clicks: bool,
}

impl CaptureRules {
    /// Reads `capture` from the root of the config.
    pub fn read(root: &Reader<'_>) -> CaptureRules {
        let at = root.section("capture", &["catalog", "segment", "scroll", "video", "forms", "search", "clicks"]);
        let is_wanted = |key: &str| at.field(key).or_default(true, Reader::bool);
        CaptureRules {
            catalog: is_wanted("catalog"),
            segment: is_wanted("segment"),
            scroll: is_wanted("scroll"),
            video: is_wanted("video"),
            forms: is_wanted("forms"),
            search: is_wanted("search"),
            clicks: is_wanted("clicks"),
        }
    }
}

/// Something that was captured. Nothing of it comes from a page, or a part of one, that is marked as sensitive.
#[derive(Clone, Debug, PartialEq)]
pub enum Captured {
    /// The site sent an event to Segment.
    Segment(Event),
    /// What the page says it is about, once it had time to say it.
    Markup(Markup),
    /// The visitor scrolled; how far down they are, in percent of the page's length.
    Scroll(u32),
    /// The visitor clicked.
    Click(Click),
    /// A video was played.
    Video(VideoStep),
    /// A form was used: its number on this page, its `id` or `name`, and how it was used.
    Form(u32, String, FormStep),
}

/// How far a video was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoStep {
    /// It began.
    Start,
    /// So much of it was watched, in percent: one of [`VIDEO_STEPS`].
    Progress(u32),
    /// It ended.
    Complete,
}

/// How a form was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormStep {
    /// One of its fields was changed.
    Start,
    /// It was sent.
    Submit,
}

/// A click with a pointer.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Click {
    /// Where, in CSS pixels from the left edge of the viewport.
    pub x_px: f64,
    /// Where, in CSS pixels from its top.
    pub y_px: f64,
    /// Whether it was on something that answers to clicks: a link, a button, a field, a player.
    pub is_control: bool,
    /// Whether text is selected afterwards, as it is by a double or triple click on it.
    pub selects_text: bool,
    /// Where it leads.
    pub link: Option<Link>,
}

/// The target of a link with an address that begins with `http`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Link {
    /// The host name, in small letters.
    pub host: String,
    /// The path.
    pub path: String,
    /// Whether it is marked as a download.
    pub is_download: bool,
}

/// Endings of files, as in GA4.
const FILES: [&str; 29] = [
    "pdf", "xls", "xlsx", "doc", "docx", "txt", "rtf", "csv", "exe", "key", "pps", "ppt", "pptx", "7z", "pkg", "rar",
    "gz", "zip", "avi", "mov", "mp4", "mpg", "mpeg", "wmv", "mid", "midi", "mp3", "wav", "wma",
];

impl Link {
    /// The event of following this link from a page on `own_host`; `None` where it leads to another page of the
    /// site. Of the address nothing is kept but a file's ending, and the kind of the other site.
    pub fn event(&self, own_host: &str, partners: &[String]) -> Option<Event> {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if self.is_download || FILES.contains(&ending.as_str()) {
            let known = if FILES.contains(&ending.as_str()) { ending.as_str() } else { "other" };
            return Some(event(name::FILE_DOWNLOAD, &[("file_extension", known)]));
        }
        match referrer::kind(&self.host, own_host, partners) {
            "internal" | "direct" => None,
            kind => Some(event(name::CLICK, &[("outbound", "true"), ("link_kind", kind)])),
        }
    }
}

impl VideoStep {
    /// The event of a video being played so far.
    pub fn event(self) -> Event {
        match self {
            VideoStep::Start => event(name::VIDEO_START, &[]),
            VideoStep::Progress(percent) => event(name::VIDEO_PROGRESS, &[("video_percent", &percent.to_string())]),
            VideoStep::Complete => event(name::VIDEO_COMPLETE, &[]),
        }
    }
}

/// The event of scrolling so far down, in percent.
pub fn scroll(percent: u32) -> Event {
    event(name::SCROLL, &[("percent_scrolled", &percent.to_string())])
}

/// An event about a form, by its `id` or `name`.
pub fn form(name: &str, form: &str) -> Event {
    event(name, &[("form_id", form)])
}

/// The event of seeing what a search for `term` has found.
pub fn search(term: &str) -> Event {
    event(name::VIEW_SEARCH_RESULTS, &[("search_term", term)])
}

/// The event of clicking again and again in vain.
pub fn rage_click() -> Event {
    event(name::RAGE_CLICK, &[])
}

/// Those of the ascending `steps` that are reached now and were not before.
pub fn reached(steps: &[u32], before: u32, now: u32) -> impl Iterator<Item = u32> {
    steps.iter().copied().filter(move |step| (before.saturating_add(1)..=now).contains(step))
}

/// An event with these parameters, as tags of something without an id: they count wherever the config names them,
/// as in `count.file_download.file_extension.pdf.30d`, and nowhere else.
fn event(name: &str, params: &[(&str, &str)]) -> Event {
    let tags: Vec<Tag> =
        params.iter().filter(|(_, key)| !key.is_empty()).map(|(dimension, key)| Tag::new(dimension, key)).collect();
    let items = if tags.is_empty() { Vec::new() } else { vec![Item { tags, quantity: 1.0, ..Item::default() }] };
    Event { name: name.to_owned(), items, ..Event::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event as `name parameter=value`.
    fn text(event: &Event) -> String {
        let tags = event.items.iter().flat_map(|item| &item.tags);
        tags.fold(event.name.clone(), |text, tag| format!("{text} {}={}", tag.dimension, tag.key))
    }

    #[test]
    fn a_link_counts_where_it_leads_out_or_to_a_file() {
        let partners = ["alps.example".to_owned()];
        for (host, path, is_download, expected, why) in [
            ("shop.example", "/boots", false, None, "a page of this site"),
            ("www.shop.example", "/boots.html", false, None, "also with its www"),
            ("fell.example", "/", false, Some("click outbound=true link_kind=other"), "another site"),
            ("www.facebook.com", "/shop", false, Some("click outbound=true link_kind=social"), "of a kind"),
            ("alps.example", "/", false, Some("click outbound=true link_kind=partner"), "that the site names"),
            ("shop.example", "/guide.PDF", false, Some("file_download file_extension=pdf"), "a file"),
            ("fell.example", "/a.b/maps.zip", false, Some("file_download file_extension=zip"), "a file elsewhere"),
            ("shop.example", "/a.pdf/read", false, None, "a page below what looks like a file"),
            ("shop.example", "/export", true, Some("file_download file_extension=other"), "marked as a download"),
            ("shop.example", "/list.jo-smith", true, Some("file_download file_extension=other"), "of no known kind"),
        ] {
            let link = Link { host: host.to_owned(), path: path.to_owned(), is_download };
            assert_eq!(link.event("shop.example", &partners).map(|event| text(&event)).as_deref(), expected, "{why}");
        }
    }

    #[test]
    fn a_step_is_reached_once() {
        for (before, now, expected) in [
            (0, 24, vec![]),
            (0, 25, vec![25]),
            (0, 80, vec![25, 50, 75]),
            (25, 50, vec![50]),
            (80, 30, vec![]),
            (90, 100, vec![]),
        ] {
            assert_eq!(reached(&SCROLL_STEPS, before, now).collect::<Vec<_>>(), expected, "{before} to {now}");
        }
    }

    #[test]
    fn parameters_are_tags_and_what_has_none_has_no_items() {
        assert_eq!(text(&scroll(90)), "scroll percent_scrolled=90");
        assert_eq!(text(&VideoStep::Progress(50).event()), "video_progress video_percent=50");
        assert_eq!(text(&form(name::FORM_START, "newsletter")), "form_start form_id=newsletter");
        assert_eq!(form(name::FORM_START, "").items, [], "a form without a name");
        assert_eq!(rage_click().items, []);
    }
}
