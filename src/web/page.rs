//! Everything that listens to the page. In Node there is none.

use wasm_bindgen::JsValue;
use web_sys::{Document, Window};

use super::activity::Activity;
use super::callback::Handled;
use super::capture::Capture;
use super::data_layer::DataLayer;
use super::exit_intent::ExitIntent;
use super::lifecycle::Lifecycle;
use super::page_view::PageViews;
use super::prompt_elements::PromptElements;
use super::shell::Shell;
use super::visibility::Visibility;

/// The parts that listen to the page.
pub(super) struct Page {
    pub(super) page_views: PageViews,
    pub(super) data_layer: DataLayer,
    pub(super) visibility: Visibility,
    pub(super) capture: Capture,
    pub(super) prompt_elements: PromptElements,
    _activity: Activity,
    _exit_intent: ExitIntent,
    _lifecycle: Lifecycle,
}

impl Page {
    /// Listens from now on.
    pub(super) fn listen(shell: &Shell, window: &Window, document: &Document) -> Result<Page, JsValue> {
        Ok(Page {
            page_views: PageViews::listen(shell, window, document)?,
            data_layer: DataLayer::listen(shell, window, document)?,
            visibility: Visibility::listen(shell, document)?,
            capture: Capture::listen(shell, window, document)?,
            prompt_elements: PromptElements::listen(shell, document)?,
            _activity: Activity::listen(shell, window, document)?,
            _exit_intent: ExitIntent::listen(shell, window, document)?,
            _lifecycle: Lifecycle::listen(shell, window, document)?,
        })
    }

    /// Reads what the page has replaced, where that could not be observed.
    pub(super) fn catch_up(&self, shell: &Shell) -> Handled {
        self.data_layer.catch_up(shell)?;
        self.prompt_elements.look(shell);
        self.capture.catch_up(shell)
    }

    /// A page view is about to begin that is not the first.
    pub(super) fn before_page_view(&self, shell: &Shell) -> Handled {
        self.catch_up(shell)?;
        self.prompt_elements.reset();
        self.visibility.reset(shell, None)
    }
}
