//! Addresses that content may lead to or load from.

/// What is right, for messages.
pub(in crate::page) const EXPECTED: &str = "a web address, mailto:, tel: or a path";

/// Whether an address leads somewhere without running anything: `https:`, `http:`, `mailto:`, `tel:`, or relative.
///
/// A relative one has no colon before its first `/`, `?` or `#`. Browsers skip control characters and white space
/// within and before a scheme, so an address has none.
///
/// ```
/// # use tailorbird::page::content::address::is_safe_url;
/// assert!(is_safe_url("/boots?size=42#top"));
/// assert!(!is_safe_url("java\tscript:alert(1)"));
/// assert!(!is_safe_url("com.app:open"));
/// ```
pub fn is_safe_url(url: &str) -> bool {
    let has_scheme = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if ["https://", "http://", "mailto:", "tel:"].into_iter().any(has_scheme) {
        return true;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_%-.".contains(&byte);
    let first_segment = url.bytes().take_while(|byte| is_plain(*byte)).count();
    match url.as_bytes().get(first_segment) {
        None => first_segment > 0,
        // No scheme begins with a point.
        Some(byte) => b"/?#".contains(byte) || url.starts_with('.'),
    }
}

/// Whether each address of a list for `srcset` is safe.
pub(super) fn are_safe_urls(list: &str) -> bool {
    let is_safe = |candidate: &str| candidate.split_ascii_whitespace().next().is_some_and(is_safe_url);
    list.split(',').all(is_safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_could_run_something_are_refused() {
        let safe = [
            "https://a.example/",
            "HTTP://a.example",
            "mailto:a@b.example",
            "tel:+49",
            "/a",
            "?a",
            "#a",
            "./a",
            "../a",
            "boots",
            "boots/a:b",
            "boots.html",
            "boots.html?x=a:b",
            ".x:y",
            "//cdn.example/a.js",
        ];
        for url in safe {
            assert!(is_safe_url(url), "{url}");
        }
        let unsafe_ones = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:1",
            "data:text/html,x",
            "vbscript:x",
            "blob:x",
            "",
            "boots:x",
            "x.y:z",
            "com.app:open",
            "com.app%3a:open",
            "-x:y",
            "java&#x73;cript:x",
            "javascript&colon;x",
        ];
        for url in unsafe_ones {
            assert!(!is_safe_url(url), "{url:?}");
        }
    }
}
