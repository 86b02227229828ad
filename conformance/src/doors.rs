//! What Node calls. Trees come and go through the engine's letterbox.

#![allow(unsafe_code, reason = "exported functions, and the list of audiences that they share")]

use core::cell::UnsafeCell;

use tailorbird::browser::{JavaScript, message, post};
use tailorbird::value::NULL;

use crate::audience::Audience;
use crate::judge::judge as judged;

/// Judges `[section, case]`: `null` where it holds, else what came out.
#[unsafe(no_mangle)]
extern "C" fn judge() -> *const u8 {
    // SAFETY: nothing was done yet.
    let message = unsafe { message() };
    let [section, case] = message.items() else { return post("a section and a case are wanted".into()) };
    post(match judged(section.text(), case, &JavaScript) {
        Ok(found) => found.into(),
        Err(()) => "no section that is known".into(),
    })
}

struct Audiences(UnsafeCell<Vec<Audience>>);

// SAFETY: this wasm has one thread.
unsafe impl Sync for Audiences {}

static AUDIENCES: Audiences = Audiences(UnsafeCell::new(Vec::new()));

fn audiences() -> &'static mut Vec<Audience> {
    // SAFETY: no door calls another.
    unsafe { &mut *AUDIENCES.0.get() }
}

/// Makes an audience of a list of conditions; says its number.
#[unsafe(no_mangle)]
extern "C" fn audience() -> usize {
    // SAFETY: nothing was done yet.
    let conditions = unsafe { message() };
    audiences().push(Audience::of(conditions.items()));
    audiences().len() - 1
}

/// Lays attributes over those that an audience knows.
#[unsafe(no_mangle)]
extern "C" fn tell(number: usize) {
    // SAFETY: nothing was done yet.
    let delta = unsafe { message() };
    if let Some(audience) = audiences().get_mut(number) {
        audience.tell(&delta);
    }
}

/// Where the bits lie of those conditions that hold now.
#[unsafe(no_mangle)]
extern "C" fn evaluate(number: usize) -> *const u8 {
    match audiences().get_mut(number) {
        Some(audience) => {
            audience.evaluate(&JavaScript);
            audience.bits.as_ptr()
        }
        None => post(NULL.clone()),
    }
}
