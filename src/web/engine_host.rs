//! What TypeScript implements for the engine: an object that writes to the page and guards each entry.

use js_sys::{Function, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{AbortSignal, EventTarget};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the engine needs of its surroundings: `www/page/page.ts` in a page, a small object in Node. */
export interface EngineHost {
  /** Receives the DOM events `tailorbird:*`: the document, or an `EventTarget` of its own in Node. */
  readonly target: EventTarget;
  /** Every listener that the engine adds is added with this signal. */
  readonly signal: AbortSignal;
  /** Wraps a function of the engine's before anything else may call it. */
  guard(entry: Function): Function;
  /** A bounded copy of data of the page's, without behaviour; `undefined` where there is none. Never throws. */
  plain(value: unknown): unknown;
  /**
   * Has `holder[method]` call the original, and then `after` with the list of arguments, until the engine ends;
   * `false` where the method cannot be replaced. This is script, because the page needs its method also after
   * the engine has failed.
   */
  patchMethod(holder: object, method: string, after: Function): boolean;
  /** Notes that a listener was added, for `audit()`. */
  listened(target: EventTarget, type: string): void;
  /** Notes that a key of a storage area was read, written or removed, or that its keys were listed, for `audit()`. */
  touched(how: Touch, area: StorageArea, key: string): void;
  /** Puts a variant into its slot, then calls `slotApplied` or `slotNotApplied`. */
  show(show: Show): void;
  /** Brings a slot back to what the page had. */
  revert(slot: string): void;
  /** Asks the site model, then calls `ranked`. */
  rank(request: RankRequest): void;
  /** Has the pages loaded ahead that the site model expects next; with nothing, ends that. */
  speculate(request?: SpeculationRequest): void;
  /** Shows a prompt, then calls `promptOutcome`. */
  prompt(prompt: { prompt: string; [part: string]: unknown }): void;
  /** Says what is previewed, and keeps it in the page's address. */
  preview(notice: object): void;
  /** Goes to another address in place of this one. */
  redirect(url: string): void;
  /** Drops this engine with its memory, because consent was withdrawn, and has a new one `resume` with this. */
  restart(handover: object): void;
}

export interface EngineOptions {
  readonly dataLayer: string;
  readonly namespace: string;
  readonly debug: boolean;
}

type Preview = import("../www/page/boundary.js").Preview;
type Imported = import("../www/loader/types.js").Imported;
type RankedItem = import("../www/page/boundary.js").RankedItem;
type RankRequest = import("../www/page/boundary.js").RankRequest;
type Inspection = import("../www/inspector/access.js").Inspection;
type SandboxPage = import("../www/inspector/access.js").SandboxPage;
type SpeculationRequest = import("../www/page/boundary.js").SpeculationRequest;
type Statement = import("../www/page/boundary.js").Statement;
type StorageArea = import("../www/loader/record.js").StorageArea;
type Touch = import("../www/loader/record.js").Touch;
type Show = import("../www/page/boundary.js").Show;
"#;

#[wasm_bindgen]
extern "C" {
    /// See `EngineHost` above.
    #[wasm_bindgen(typescript_type = "EngineHost")]
    #[derive(Clone)]
    pub type EngineHost;

    #[wasm_bindgen(method, getter)]
    pub(super) fn target(this: &EngineHost) -> EventTarget;

    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &EngineHost) -> AbortSignal;

    #[wasm_bindgen(method, catch)]
    pub(super) fn guard(this: &EngineHost, entry: &Function) -> Result<Function, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn plain(this: &EngineHost, value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = patchMethod)]
    pub(super) fn patch_method(
        this: &EngineHost,
        holder: &Object,
        method: &str,
        after: &Function,
    ) -> Result<bool, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn listened(this: &EngineHost, target: &EventTarget, kind: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn touched(this: &EngineHost, how: &str, area: &str, key: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn show(this: &EngineHost, show: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn revert(this: &EngineHost, slot: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn rank(this: &EngineHost, request: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn speculate(this: &EngineHost, request: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn prompt(this: &EngineHost, prompt: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn preview(this: &EngineHost, notice: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn redirect(this: &EngineHost, url: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn restart(this: &EngineHost, handover: &JsValue) -> Result<(), JsValue>;
}
