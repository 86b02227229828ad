//! Attributes that content may set: what says something to people, links, pictures and videos.

/// Attributes that content may set beside `aria-*` and `data-*`. What makes an element load or run something else
/// (`style`, `rel`, `type`, `srcdoc`, `action`, `on*`) is none of them; classes are added and removed.
pub(super) const ATTRIBUTES: [&str; 20] = [
    "alt",
    "title",
    "href",
    "src",
    "srcset",
    "sizes",
    "width",
    "height",
    "loading",
    "lang",
    "dir",
    "hidden",
    "role",
    "value",
    "placeholder",
    "label",
    "media",
    "poster",
    "target",
    "datetime",
];

/// First words of `data-*` names that scripts of others take for instructions: expressions they run, selectors and
/// addresses they follow, markup they insert. `tb` is ours.
///
/// Alpine, Angular, Bootstrap, Datastar, Dojo, EasyUI, htmx, jQuery Mobile, Knockout, lazy loaders, Livewire,
/// rails-ujs, React, Rivets, Stimulus, TinyMCE, Turbo, Unpoly, Vue, WordPress. `www/page/attributes.ts` and the schema
/// have the same list.
#[rustfmt::skip]
const EXECUTED_DATA: [&str; 65] = [
    "action", "ajax", "alpine", "attr", "background", "bg", "bind", "bs", "callback", "class", "computed", "content",
    "controller", "dismiss", "dojo", "effect", "ember", "event", "fetch", "href", "html", "htmx", "hx", "indicator",
    "init", "json", "lazy", "livewire", "mce", "method", "model", "ng", "on", "options", "original", "params",
    "persist", "poll", "react", "reactid", "reactroot", "ref", "remote", "role", "rv", "show", "signals", "src",
    "srcset", "style", "target", "tb", "template", "text", "toggle", "turbo", "turbolinks", "up", "url", "v", "vue",
    "win", "wire", "wp", "x",
];

/// Whether content may set the attribute.
pub(in crate::page) fn is_allowed(name: &str) -> bool {
    if let Some(rest) = name.strip_prefix("aria-") {
        return !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase());
    }
    if let Some(rest) = name.strip_prefix("data-") {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let first = rest.split('-').next().unwrap_or("");
        // Whatever is called a callback is the name of a function.
        let is_executed = EXECUTED_DATA.contains(&first) || rest.starts_with("on") || rest.contains("callback");
        return rest.split('-').all(is_word) && !is_executed;
    }
    ATTRIBUTES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_load_or_run_something_are_not_allowed() {
        let allowed = ["alt", "href", "aria-label", "data-size", "data-xl", "data-analytics-id", "data-actions"];
        for name in allowed {
            assert!(is_allowed(name), "{name}");
        }
        let forbidden = [
            "class",
            "style",
            "rel",
            "type",
            "srcdoc",
            "action",
            "formaction",
            "http-equiv",
            "onclick",
            "id",
            "name",
            "data-",
            "data--",
            "data-my-callback",
            "data-src",
            "data-bs-toggle",
            "data-tb-slot",
            "data-bind",
            "data-bind-text",
            "data-v-on",
            "data-hx-get",
            "data-x-init",
            "data-turbo",
            "data-turbo-method",
            "data-action",
            "data-controller",
            "data-reactroot",
            "data-react-class",
            "data-ng-click",
            "data-onclick",
            "data-on-click",
            "aria-",
            "ARIA-label",
            "Href",
        ];
        for name in forbidden {
            assert!(!is_allowed(name), "{name}");
        }
    }
}
