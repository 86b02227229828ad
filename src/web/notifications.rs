//! Whether the browser shows notifications of the site. The visitor is never asked for that here.

use js_sys::Reflect;

use super::callback::Handled;
use super::shell::Shell;
use crate::signal::Signal;

/// Tells the core, if a prompt of the config is a notification.
pub(super) fn report(shell: &Shell) -> Handled {
    let is_wanted = shell.compute(|engine, _| engine.config().has_notification());
    let Some(window) = web_sys::window().filter(|_| is_wanted.unwrap_or(false)) else { return Ok(()) };
    // Safari on iOS has no notifications outside of installed apps.
    let permission = Reflect::get(&window, &"Notification".into())
        .and_then(|notification| Reflect::get(&notification, &"permission".into()));
    let is_granted = permission.is_ok_and(|permission| permission.as_string().as_deref() == Some("granted"));
    shell.send(Signal::Notifications(is_granted))
}
