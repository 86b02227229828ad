//! Where the visitor is. The browser says it, and the core compares it with areas and forgets it.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Navigator, PositionOptions};

use super::callback::{Answered, Handled};
use super::convert::to_js;
use super::entry::Entry;
use super::promise::then;
use super::shell::Shell;
use crate::signal::Signal;
use crate::signal::position::Position;
use crate::value::Value;

/// How old a position may be that the browser knows already, in ms.
const KNOWN_MS: u32 = 5 * 60 * 1_000;
/// How long the browser may look it up, in ms.
const TIMEOUT_MS: u32 = 10 * 1_000;

/// Looks up the position where the visitor has allowed the site to know it, so that the browser asks nobody. Where that
/// cannot be told, nothing is looked up: Safari has no Permissions API before version 16.
pub(super) fn look_up(shell: &Shell) -> Handled {
    let Some(permission) = navigator().and_then(|navigator| permission(&navigator)) else { return Ok(()) };
    let answered = shell.answering_once(Entry::Promise, |shell, status| {
        // Consent may have been withdrawn meanwhile.
        let may_locate = shell.compute(|engine, _| engine.may_locate()).unwrap_or(false);
        let state = Reflect::get(&status, &"state".into()).ok().and_then(|state| state.as_string());
        if may_locate && state.as_deref() == Some("granted") {
            return position(shell).map(JsValue::from);
        }
        Ok(JsValue::UNDEFINED)
    })?;
    // A page may have put anything in its place.
    let _ = then(&permission, &answered);
    Ok(())
}

/// Looks up the position, where the browser may ask the visitor. Resolves to the ids of the areas they are in, to
/// `undefined` where that is not known.
pub(super) fn locate(shell: &Shell) -> Result<Promise, JsValue> {
    let unknown = || Ok(Promise::resolve(&JsValue::UNDEFINED));
    let may_locate = shell.compute(|engine, _| (engine.has_areas(), engine.may_locate()));
    match may_locate {
        Some((true, true)) => {}
        Some((false, _)) => {
            shell.warn("locate() is ignored: the config has no site.areas");
            return unknown();
        }
        Some((true, false)) | None => return unknown(),
    }
    match navigator() {
        Some(navigator) if has_gesture(&navigator) => position(shell),
        Some(_) => {
            shell.warn(
                "locate() is ignored: call it when the visitor presses something, because the browser may ask them",
            );
            unknown()
        }
        None => unknown(),
    }
}

fn navigator() -> Option<Navigator> {
    web_sys::window().map(|window| window.navigator())
}

/// Resolves to the status of the permission; `None` where the browser does not tell it.
fn permission(navigator: &Navigator) -> Option<Promise> {
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &"geolocation".into()).ok()?;
    navigator.permissions().ok()?.query(&descriptor).ok()
}

/// Whether the visitor has just pressed something. Where that is not told, the browser decides by itself: Firefox tells
/// it from version 120 on, Safari from 16.4.
fn has_gesture(navigator: &Navigator) -> bool {
    let activation = Reflect::get(navigator, &"userActivation".into());
    let is_active = activation.and_then(|activation| Reflect::get(&activation, &"isActive".into()));
    !is_active.is_ok_and(|is_active| is_active == JsValue::FALSE)
}

/// Hands the position to the core. Resolves as `locate`.
fn position(shell: &Shell) -> Result<Promise, JsValue> {
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(false);
    options.set_maximum_age(KNOWN_MS);
    options.set_timeout(TIMEOUT_MS);
    let looked_up = Promise::new(&mut |resolve, reject| {
        let geolocation = navigator().and_then(|navigator| navigator.geolocation().ok());
        let asked = geolocation.is_some_and(|geolocation| {
            // Throws where a page has removed it.
            geolocation.get_current_position_with_error_callback_and_options(&resolve, Some(&reject), &options).is_ok()
        });
        if !asked {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    let answered = shell.answering_once(Entry::Promise, |shell, answer| match read(&answer) {
        Some(position) => {
            shell.send(Signal::Position(position))?;
            areas(shell)
        }
        // The visitor, the system or the site's policy forbids it, or it took too long.
        None => Ok(JsValue::UNDEFINED),
    })?;
    then(&looked_up, &answered)
}

/// A position of the browser's; `None` for anything else.
fn read(answer: &JsValue) -> Option<Position> {
    let coordinates = Reflect::get(answer, &"coords".into()).ok()?;
    let number = |name: &str| Reflect::get(&coordinates, &name.into()).ok()?.as_f64();
    Position::new(number("latitude")?, number("longitude")?, number("accuracy")?)
}

/// The ids of the areas that the visitor is in; `undefined` where that is not known.
fn areas(shell: &Shell) -> Answered {
    let areas = shell.compute(|engine, _| engine.areas()).flatten();
    areas.map_or(Ok(JsValue::UNDEFINED), |areas| to_js(&areas.into_iter().collect::<Value>()))
}
