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
    pub(super) prompt_elements: Option<PromptElements>,
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
        self.look_for_elements(shell);
        self.capture.catch_up(shell)
    }

    /// Looks for elements that prompts wait for, and that were not there before.
    pub(super) fn look_for_elements(&self, shell: &Shell) {
        if let Some(elements) = &self.prompt_elements {
            elements.look(shell);
        }
    }

    /// A page view is about to begin that is not the first.
    pub(super) fn before_page_view(&self, shell: &Shell) -> Handled {
        self.catch_up(shell)?;
        if let Some(elements) = &self.prompt_elements {
            elements.reset();
        }
        self.visibility.reset(shell, None)
    }
}
