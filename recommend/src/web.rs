//! A site model as JavaScript asks it: the chunk `tailorbird-recommend.js` carries it as a wasm of its own.
//!
//! It is given ids of items and gives ids back: it shares no state with the engine, and knows no visitor.

use js_sys::Array;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A model of a site's items.
#[wasm_bindgen]
pub struct SiteModel {}

#[wasm_bindgen]
impl SiteModel {
    /// Reads the bytes of a `.tbm` file.
    ///
    /// # Errors
    ///
    /// With what is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Result<SiteModel, JsError> {
        Err(JsError::new(&format!("its {} bytes are no model that is known", bytes.len())))
    }

    /// `RankedItem[]` of `www/page/boundary.ts`.
    pub fn rank(&self, kind: &str, history: Vec<String>, count: u32) -> Array {
        let _ = (kind, history, count);
        Array::new()
    }

    /// `NextPage[]` of `www/recommend/site_model.ts`.
    pub fn next_pages(&self, history: Vec<String>, count: u32) -> Array {
        let _ = (history, count);
        Array::new()
    }
}
