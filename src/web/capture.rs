//! What visitors do on every page: scrolling, clicks, forms and videos. The core decides what of it is an event.
//!
//! No value of a field is ever read, and nothing of what is sensitive.

use core::cell::{Cell, RefCell};

use js_sys::{Array, Function, Reflect, WeakMap};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlVideoElement, MouseEvent, Node, Url, Window};

use super::activity::depth;
use super::callback::Handled;
use super::listeners::Listeners;
use super::markup::MarkupReader;
use super::segment::Segment;
use super::sensitive::{self, matches};
use super::shell::Shell;
use super::timer::Timer;
use crate::signal::Signal;
use crate::signal::capture::{CaptureRules, Captured, Click, FormStep, Link, VIDEO_STEPS, VideoStep, reached};

/// How often scrolling is looked at.
const SCROLL_MS: f64 = 500.0;
/// The buttons of a mouse that follow links: the main one and the middle one.
const FOLLOWING_BUTTONS: i16 = 1;
/// What answers to clicks, as far as its markup tells.
const CONTROLS: &str = concat!(
    "a,area,button,input,label,select,textarea,summary,option,video,audio,canvas,iframe,object,embed,dialog,",
    "[onclick],[tabindex],[contenteditable],[draggable=true],[role=button],[role=link],[role=tab],[role=menuitem],",
    "[role=option],[role=checkbox],[role=radio],[role=switch],[role=slider],[role=spinbutton],[role=treeitem]"
);
/// Forms that are searches, and no forms to fill in; or what tells in the form that it is one.
const SEARCH_FORMS: &str = "[role=search],[role=search] form,search form";
const SEARCH_FIELD: &str = "input[type=search]";
/// Videos that are decoration: they play by themselves, without sound or again and again.
const DECORATION: &str = "[loop],[autoplay][muted]";
/// How far a video was played that has ended.
const ENDED: u32 = 100;

/// Listens to what visitors do.
pub(super) struct Capture {
    document: Document,
    markup: Option<MarkupReader>,
    segment: Option<Segment>,
    /// From each form that was begun on this page view to its number.
    forms: RefCell<WeakMap>,
    form_count: Cell<u32>,
    /// From each video that was played on this page view to how much of it, in percent.
    videos: RefCell<WeakMap>,
    /// How far down the visitor has scrolled on this page view, in percent.
    scrolled: Cell<u32>,
    scroll: Timer,
    is_scrolling: Cell<bool>,
    _listeners: Listeners,
}

impl Capture {
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<Capture, JsValue> {
        let Some(rules) = shell.compute(|engine, _| engine.config().capture) else {
            return Err("the core is computing before the start".into());
        };
        let listeners = Listeners::new(shell);
        listen_to_visitor(shell, &listeners, window, document, rules)?;
        let view = window.clone();
        let scroll = shell.timer(move |shell| match shell.page() {
            Some(page) => page.capture.scrolled(shell, &view),
            None => Ok(()),
        })?;
        let reads_markup = rules.catalog || rules.search;
        Ok(Capture {
            document: document.clone(),
            markup: if reads_markup { Some(MarkupReader::new(shell, document, rules.catalog)?) } else { None },
            segment: if rules.segment { Some(Segment::listen(shell, window)?) } else { None },
            forms: RefCell::new(WeakMap::new()),
            form_count: Cell::new(0),
            videos: RefCell::new(WeakMap::new()),
            scrolled: Cell::new(0),
            scroll,
            is_scrolling: Cell::new(false),
            _listeners: listeners,
        })
    }

    /// A page view has begun.
    pub(super) fn on_page_view(&self) -> Handled {
        self.forms.replace(WeakMap::new());
        self.videos.replace(WeakMap::new());
        self.scrolled.set(0);
        self.markup.as_ref().map_or(Ok(()), MarkupReader::on_page_view)
    }

    /// The tab became visible.
    pub(super) fn on_visible(&self) -> Handled {
        self.markup.as_ref().map_or(Ok(()), MarkupReader::on_visible)
    }

    /// Looks for Segment from now on.
    pub(super) fn poll(&self, shell: &Shell) -> Handled {
        self.segment.as_ref().map_or(Ok(()), |segment| segment.poll(shell))
    }

    /// Looks whether the page has replaced Segment since.
    pub(super) fn catch_up(&self, shell: &Shell) -> Handled {
        self.segment.as_ref().map_or(Ok(()), |segment| segment.catch_up(shell))
    }

    /// Reads the page's markup, once.
    pub(super) fn read_markup(&self, shell: &Shell, document: &Document, reads_catalog: bool) -> Handled {
        self.markup.as_ref().map_or(Ok(()), |markup| markup.read(shell, document, reads_catalog))
    }

    /// Segment's `track` was called with these arguments.
    pub(super) fn track_called(&self, shell: &Shell, arguments: &Array) -> Handled {
        self.segment.as_ref().map_or(Ok(()), |segment| segment.called(shell, arguments))
    }

    fn scrolled(&self, shell: &Shell, window: &Window) -> Handled {
        self.is_scrolling.set(false);
        // What scrolls may be something within the page.
        if window.scroll_y().unwrap_or_default() <= 0.0 || sensitive::is_page(&self.document) {
            return Ok(());
        }
        let depth = depth(window, &self.document);
        if depth <= self.scrolled.get() {
            return Ok(());
        }
        self.scrolled.set(depth);
        send(shell, Captured::Scroll(depth))
    }

    fn form(&self, shell: &Shell, path: &[Element], step: FormStep) -> Handled {
        let Some(form) = path.iter().find(|element| matches(element, "form")) else { return Ok(()) };
        let is_search =
            || matches(form, SEARCH_FORMS) || form.query_selector(SEARCH_FIELD).is_ok_and(|field| field.is_some());
        if step == FormStep::Start && self.forms.borrow().has(form) || is_search() {
            return Ok(());
        }
        let id = ["id", "name"].into_iter().filter_map(|name| attribute(form, name)).find(|id| !id.is_empty());
        let number = self.form_number(form);
        send(shell, Captured::Form(number, id.unwrap_or_default(), step))
    }

    fn form_number(&self, form: &Element) -> u32 {
        let forms = self.forms.borrow();
        let known = number(&forms.get(form));
        known.unwrap_or_else(|| {
            let new = self.form_count.get().saturating_add(1);
            self.form_count.set(new);
            forms.set(form, &new.into());
            new
        })
    }

    fn video(&self, shell: &Shell, event: &str, video: &HtmlVideoElement) -> Handled {
        let videos = self.videos.borrow().clone();
        if event == "emptied" {
            videos.delete(video);
            return Ok(());
        }
        let before = number(&videos.get(video));
        if before == Some(ENDED) || matches(video, DECORATION) {
            return Ok(());
        }
        let (mut now, mut steps) = (before.unwrap_or(0), Vec::new());
        // Seeking moves the time as well. A busy page hears that a short video plays when it has ended already.
        if before.is_none() && event == "timeupdate" && video.paused() {
            return Ok(());
        }
        if before.is_none() {
            steps.push(VideoStep::Start);
        }
        for step in reached(&VIDEO_STEPS, now, watched(video)) {
            now = step;
            steps.push(VideoStep::Progress(step));
        }
        if event == "ended" {
            now = ENDED;
            steps.push(VideoStep::Complete);
        }
        if steps.is_empty() || sensitive::is_page(&self.document) || sensitive::is_part(video) {
            return Ok(());
        }
        videos.set(video, &now.into());
        steps.into_iter().try_for_each(|step| send(shell, Captured::Video(step)))
    }
}

fn send(shell: &Shell, captured: Captured) -> Handled {
    shell.send(Signal::Captured(captured))
}

/// One listener for each kind of source that the site wants.
fn listen_to_visitor(
    shell: &Shell,
    listeners: &Listeners,
    window: &Window,
    document: &Document,
    rules: CaptureRules,
) -> Handled {
    if rules.clicks {
        let (view, page) = (window.clone(), document.clone());
        listeners.add(shell, document, &["click", "auxclick"], move |shell, event| {
            // A page may dispatch an event of this name that is no `MouseEvent`.
            let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return Ok(()) };
            if !event.is_trusted() || mouse.button() > FOLLOWING_BUTTONS {
                return Ok(());
            }
            let path = sensitive::path(&page, event);
            if path.is_empty() { Ok(()) } else { send(shell, Captured::Click(click(mouse, &path, &view))) }
        })?;
    }
    if rules.scroll {
        listeners.add(shell, document, &["scroll"], |shell, _| match shell.page() {
            Some(page) if !page.capture.is_scrolling.replace(true) => page.capture.scroll.start(SCROLL_MS),
            _ => Ok(()),
        })?;
    }
    if rules.forms {
        let page = document.clone();
        listeners.add(shell, document, &["input", "change", "submit"], move |shell, event| {
            if !event.is_trusted() {
                return Ok(());
            }
            let step = if event.type_() == "submit" { FormStep::Submit } else { FormStep::Start };
            let path = sensitive::path(&page, event);
            shell.page().map_or(Ok(()), |page| page.capture.form(shell, &path, step))
        })?;
    }
    if rules.video {
        listeners.add(shell, document, &["playing", "timeupdate", "ended", "emptied"], |shell, event| {
            let video = event.target().and_then(|target| target.dyn_into::<HtmlVideoElement>().ok());
            match (shell.page(), video) {
                (Some(page), Some(video)) => page.capture.video(shell, &event.type_(), &video),
                _ => Ok(()),
            }
        })?;
    }
    Ok(())
}

fn click(mouse: &MouseEvent, path: &[Element], window: &Window) -> Click {
    // What is in a component that is closed may be a button.
    let name = path.first().and_then(|element| Reflect::get(element, &"localName".into()).ok()?.as_string());
    let is_component = name.is_some_and(|name| name.contains('-'));
    let selection = window.get_selection().ok().flatten();
    Click {
        x_px: f64::from(mouse.client_x()),
        y_px: f64::from(mouse.client_y()),
        is_control: is_component || path.iter().any(|element| matches(element, CONTROLS)),
        selects_text: selection.is_some_and(|selection| !selection.is_collapsed()),
        link: path.iter().find(|element| matches(element, "a[href],area[href]")).and_then(link),
    }
}

/// Where a link leads; `None` for what is no page or file, such as an address for mail.
fn link(element: &Element) -> Option<Link> {
    let base = element.unchecked_ref::<Node>().base_uri().ok().flatten()?;
    let url = Url::new_with_base(&element.get_attribute("href")?, &base).ok()?;
    url.protocol().starts_with("http").then(|| Link {
        host: url.hostname(),
        path: url.pathname(),
        is_download: element.has_attribute("download"),
    })
}

/// An attribute of a form, whose own `getAttribute` a field of that name may hide.
fn attribute(form: &Element, name: &str) -> Option<String> {
    let get: Function = Reflect::get(form, &"getAttribute".into()).ok()?.dyn_into().ok()?;
    Reflect::apply(&get, form, &Array::of1(&name.into())).ok()?.as_string()
}

/// How much of a video was watched, in percent: what was skipped does not count.
fn watched(video: &HtmlVideoElement) -> u32 {
    let (played, duration) = (video.played(), video.duration());
    let range = |index| Some(played.end(index).ok()? - played.start(index).ok()?);
    let seconds: f64 = (0..played.length()).filter_map(range).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 100")]
    let percent = if duration > 0.0 { (100.0 * seconds / duration).clamp(0.0, 100.0) as u32 } else { 0 };
    percent
}

/// A number that was put into a map.
fn number(value: &JsValue) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number we have set")]
    value.as_f64().map(|number| number as u32)
}
