//! The only entropy: bytes of the platform's own generator.

use js_sys::{Math, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::random::{NoiseKey, Seed};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(array: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// A random seed for a visitor.
pub(super) fn seed() -> Seed {
    Seed(u64::from_le_bytes(bytes()))
}

/// A random name of 16 hexadecimal digits.
pub(super) fn name() -> String {
    format!("{:016x}", u64::from_be_bytes(bytes()))
}

/// A key for the noise of reports; `None` where the page has broken its `crypto`: noise that can be guessed hides
/// nothing.
pub(super) fn noise_key() -> Option<NoiseKey> {
    Some(NoiseKey(u64::from_le_bytes(secure_bytes()?), u64::from_le_bytes(secure_bytes()?)))
}

fn bytes() -> [u8; 8] {
    // A page may have broken its `crypto`. Neither a seed nor a journal's name is a secret: they must only differ
    // between visitors and tabs.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    secure_bytes().unwrap_or_else(|| core::array::from_fn(|_| (Math::random() * 256.0) as u8))
}

fn secure_bytes() -> Option<[u8; 8]> {
    let array = Uint8Array::new_with_length(8);
    get_random_values(&array).ok()?;
    let mut bytes = [0; 8];
    array.copy_to(&mut bytes);
    Some(bytes)
}
