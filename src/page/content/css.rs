//! Style sheets and values of properties that content may set: nothing that loads from anywhere but the web.

use super::address::is_safe_url;

/// What is right, for messages.
pub(in crate::page) const EXPECTED: &str =
    "CSS without @import, backslashes and image-set(), whose url(...) are web addresses or paths";

/// Functions other than `url()` that load what their text names.
const LOADING: [&str; 4] = ["@import", "image-set(", "image(", "src("];

/// Whether a style sheet, or the value of a property, loads nothing but from safe addresses.
///
/// A backslash would spell every one of these words in another way.
///
/// ```
/// # use tailorbird::page::content::css::is_safe;
/// assert!(is_safe(".hero { background: url('/boots.webp') }"));
/// assert!(!is_safe("@import 'https://elsewhere.example/a.css';"));
/// ```
pub fn is_safe(css: &str) -> bool {
    let lower = css.to_ascii_lowercase();
    !lower.contains('\\') && !LOADING.iter().any(|word| lower.contains(word)) && addresses(&lower).all(is_safe_url)
}

/// The addresses in `url(...)`, with quotes or without.
fn addresses(css: &str) -> impl Iterator<Item = &str> {
    css.split("url(").skip(1).map(|rest| {
        let rest = rest.trim_ascii_start();
        match rest.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split(['"', '\'']).next().unwrap_or(""),
            None => rest.split(')').next().unwrap_or("").trim_ascii_end(),
        }
    })
}

/// Whether content may set the property: one of CSS, or a custom one.
pub(in crate::page) fn is_property(name: &str) -> bool {
    if let Some(own) = name.strip_prefix("--") {
        return !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    }
    let name = name.strip_prefix("-webkit-").unwrap_or(name);
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    name.split('-').all(is_word) && name != "behavior"
}

/// Whether content may give a property this value.
pub(in crate::page) fn is_property_value(value: &str) -> bool {
    !value.trim_ascii().is_empty()
        && value.chars().count() <= 1_000
        && !value.contains([';', '{', '}'])
        && is_safe(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loads_from_elsewhere_than_the_web_is_not_safe() {
        for css in [
            "",
            "a { color: red }",
            "a { background: url(/a.png) }",
            "a { background: URL( \"https://cdn.example/a.png\" ) 0 0, url('b.png') }",
            "@font-face { font-family: x; src: url(x.woff2) format(\"woff2\") }",
            "a::before { content: \"url is a word\" }",
            "@media (min-width: 40em) { a { color: red } }",
        ] {
            assert!(is_safe(css), "{css}");
        }
        for css in [
            "@import url(/a.css);",
            "@IMPORT '/a.css';",
            "a { background: url(javascript:alert(1)) }",
            "a { background: url( 'data:image/svg+xml,x' ) }",
            "a { background: url() }",
            "a { background: url(",
            "a { background: image-set('/a.png' 1x) }",
            "a { background: -webkit-image-set('/a.png' 1x) }",
            "a { background: src('/a.png') }",
            "a { background: \\75 rl(javascript:x) }",
            "a { content: \"\\201c\" }",
        ] {
            assert!(!is_safe(css), "{css}");
        }
    }

    #[test]
    fn a_property_is_one_of_css_or_a_custom_one() {
        for name in ["color", "background-color", "--accent", "--Accent_2", "-webkit-line-clamp"] {
            assert!(is_property(name), "{name}");
        }
        for name in ["", "--", "-moz-binding", "behavior", "Color", "a b", "color-", "--a b", "backgroundColor"] {
            assert!(!is_property(name), "{name}");
        }
        for value in ["red", "12px !important", "url(/a.png)", "var(--x, 1px)"] {
            assert!(is_property_value(value), "{value}");
        }
        for value in ["", "  ", "red; color: blue", "red}", "url(data:x)", &"1".repeat(1_001)] {
            assert!(!is_property_value(value), "{value}");
        }
    }
}
