//! A site model as JavaScript asks it: the chunk `tailorbird-recommend.js` carries it as a wasm of its own.
//!
//! It is given ids of items and names of pages and gives such back: it shares no state with the engine, and knows no visitor.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::recommender::Recommended;
use crate::site_model::{self, ExpectedPage};

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A model of a site's items and pages.
#[wasm_bindgen]
pub struct SiteModel(site_model::SiteModel<'static>);

#[wasm_bindgen]
impl SiteModel {
    /// Reads the bytes of a `.tbm` file.
    ///
    /// # Errors
    ///
    /// With what is wrong with them.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Result<SiteModel, JsError> {
        // A page opens one model and keeps it until it is closed; what is read from it borrows the bytes.
        let model = site_model::SiteModel::open(bytes.leak())?;
        Ok(SiteModel(model))
    }

    /// The sections that cannot be used, for a message.
    pub fn damaged(&self) -> Vec<String> {
        self.0.damaged().iter().map(ToString::to_string).collect()
    }

    /// The ids of all items, by number.
    pub fn ids(&self) -> Vec<String> {
        self.0.ids().map(str::to_owned).collect()
    }

    /// Three numbers for each item, the best first: its own, its score, and that of the item of the history that it
    /// follows from, -1 where there is none. By numbers, because a text costs more to hand over than an item to rank.
    pub fn rank(&self, kind: &str, history: &[u32], count: u32) -> Vec<f64> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let numbers = |one: Recommended| [f64::from(one.item), one.score, one.because.map_or(-1.0, f64::from)];
        self.0.rank_numbers(kind, history, count).into_iter().flat_map(numbers).collect()
    }

    /// The name of the further file with which [`rank`](SiteModel::rank) would answer better; `undefined` where there is
    /// none.
    #[wasm_bindgen(js_name = missingFile)]
    pub fn missing_file(&self, kind: &str, history: &[u32]) -> Option<String> {
        self.0.missing_shard(kind, history).map(|shard| shard.file.to_owned())
    }

    /// Adds such a file.
    ///
    /// # Errors
    ///
    /// With what is wrong with it; the model goes on without.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&mut self, bytes: Vec<u8>) -> Result<(), JsError> {
        // It is kept as long as the model.
        Ok(self.0.add_shard(bytes.leak())?)
    }

    /// Two numbers for each item that may be looked at right after this one: its own, and its probability.
    #[wasm_bindgen(js_name = nextItems)]
    pub fn next_items(&self, item: u32) -> Vec<f64> {
        self.0.next_items(item).into_iter().flat_map(|next| [f64::from(next.item), next.probability]).collect()
    }

    /// `NextPage[]` of `www/recommend/site_model.ts`.
    ///
    /// # Errors
    ///
    /// Where the page has broken its own objects.
    pub fn next_pages(&self, history: Vec<String>, count: u32) -> Result<Array, JsValue> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.0.next_pages(&history, count).iter().map(expected_to_js).collect()
    }
}

fn expected_to_js(expected: &ExpectedPage<'_>) -> Result<JsValue, JsValue> {
    let page = Object::new();
    Reflect::set(&page, &"page".into(), &expected.page.into())?;
    Reflect::set(&page, &"probability".into(), &expected.probability.into())?;
    Ok(page.into())
}
