//! HTML that content may insert, judged before any browser parses it.
//!
//! A text passes where it is made of text, references and tags of a few elements with a few attributes, each tag
//! complete, in small letters, and every address safe. That is less than a browser can read, on purpose: what is on the list is plain
//! in it. The browser's own tree is judged once more, by `www/page/fragment.ts`, which has the same lists.

use super::address::{are_safe_urls, is_safe_url};
use super::attribute;

/// The elements that HTML in content may have.
#[rustfmt::skip]
const ELEMENTS: [&str; 39] = [
    "a", "abbr", "b", "blockquote", "br", "button", "cite", "code", "dd", "div", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "mark", "ol", "p", "picture", "q", "s", "small",
    "source", "span", "strong", "sub", "sup", "time", "u", "ul",
];

/// The attributes that its elements may have, beside `aria-*` and `data-*`.
#[rustfmt::skip]
const ATTRIBUTES: [&str; 17] = [
    "alt", "cite", "class", "datetime", "dir", "height", "href", "lang", "loading", "media", "role", "sizes", "src",
    "srcset", "target", "title", "width",
];

/// Why HTML is refused: what was found, and what would be right.
pub type Refused = (String, String);

/// Judges a text of HTML.
///
/// # Errors
///
/// With the first thing in it that is not allowed.
///
/// ```
/// # use tailorbird::page::content::html::check;
/// assert!(check("<p>Boots <a href='/boots'>that know the way</a></p>").is_ok());
/// let (found, _) = check("<p onclick=\"alert(1)\">Boots</p>").unwrap_err();
/// assert_eq!(found, "<p> with the attribute onclick");
/// ```
pub fn check(html: &str) -> Result<(), Refused> {
    let mut rest = html;
    while let Some((_, behind)) = rest.split_once('<') {
        let (closing, behind) = match behind.strip_prefix('/') {
            Some(behind) => (true, behind),
            None => (false, behind),
        };
        let (name, after) = split_where(behind, |letter| !letter.is_ascii_alphanumeric());
        if name.is_empty() {
            return Err((format!("\"<{}\"", beginning(behind)), "a tag after <, or &lt; for the sign itself".into()));
        }
        if !ELEMENTS.contains(&name) {
            return Err((format!("<{}>", beginning(name)), format!("one of {}", ELEMENTS.join(", "))));
        }
        rest = if closing { end_of_tag(after, name)? } else { attributes(after, name)? };
    }
    Ok(())
}

/// The beginning of a text, for a message.
fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}

/// What stands before the first letter for which `is_end` holds, and the rest from there.
fn split_where(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(is_end).unwrap_or(text.len())).unwrap_or((text, ""))
}

fn end_of_tag<'a>(rest: &'a str, element: &str) -> Result<&'a str, Refused> {
    let rest = rest.trim_ascii_start();
    let end = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>'));
    end.ok_or_else(|| (format!("<{element}> with \"{}\"", beginning(rest)), "> at the end of the tag".to_owned()))
}

/// Judges the attributes of a tag; what stands behind it.
fn attributes<'a>(mut rest: &'a str, element: &str) -> Result<&'a str, Refused> {
    loop {
        let next = rest.trim_ascii_start();
        let (name, after) = split_where(next, |letter| !letter.is_ascii_alphanumeric() && letter != '-');
        if name.is_empty() {
            return end_of_tag(next, element);
        }
        // Browsers read `<a"b"c>` in their own way.
        if next.len() == rest.len() {
            return Err((
                format!("<{element}> with \"{}\"", beginning(rest)),
                "white space before an attribute".into(),
            ));
        }
        let (value, behind) = attribute_value(after, element)?;
        judge(element, name, value)?;
        rest = behind;
    }
}

/// The value of an attribute, empty without one, and what stands behind it.
fn attribute_value<'a>(after: &'a str, element: &str) -> Result<(&'a str, &'a str), Refused> {
    let Some(written) = after.trim_ascii_start().strip_prefix('=') else { return Ok(("", after)) };
    let written = written.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = written.strip_prefix(quote) {
            let open = || (format!("<{element}> with an open quote"), format!("{quote} after the value"));
            return quoted.split_once(quote).ok_or_else(open);
        }
    }
    Err((format!("<{element}> with ={}", beginning(written)), "a value in quotes".to_owned()))
}

fn judge(element: &str, name: &str, value: &str) -> Result<(), Refused> {
    let is_prefixed = name.starts_with("aria-") || name.starts_with("data-");
    if !(ATTRIBUTES.contains(&name) || is_prefixed && attribute::is_allowed(name)) {
        let expected = format!("one of {}, aria-*, data-* that no framework executes", ATTRIBUTES.join(", "));
        return Err((format!("<{element}> with the attribute {name}"), expected));
    }
    // A placeholder is filled later, and judged then.
    let is_safe = value.contains("{{")
        || match name {
            "href" | "src" | "cite" => is_safe_url(value),
            "srcset" => are_safe_urls(value),
            "target" => ["_self", "_blank"].contains(&value),
            _ => true,
        };
    if is_safe {
        return Ok(());
    }
    Err((format!("<{element}> with {name}=\"{}\"", beginning(value)), super::address::EXPECTED.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_tags_on_the_list_pass() {
        for html in [
            "",
            "Boots & tents",
            "<h2>Boots</h2><p class=\"lead\">For <em>every</em> trail.<br>Really.<br/></p>",
            "<p title='1 > 0'>a</p >",
            "<a href=\"/boots?a=1&amp;b=2\" target=\"_blank\">x</a>",
            "<img src='boots.webp' alt=''\n srcset=\"boots.webp 1x, /boots@2.webp 2x\">",
            "<span data-size=\"44\" aria-label=\"x\">{{ cart.value | currency }}</span>",
            "<a href=\"/{{ top }}\" hidden-not></a>".replace(" hidden-not", "").as_str(),
        ] {
            assert_eq!(check(html), Ok(()), "{html}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_was_found() {
        for (html, found) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<p></script>", "<script>"),
            ("<iframe src=\"/\"></iframe>", "<iframe>"),
            ("<h1>x</h1>", "<h1>"),
            ("<svg onload=alert(1)>", "<svg>"),
            ("<my-card>", "<my>"),
            ("1 < 2", "\"< 2\""),
            ("<!-- x -->", "\"<!-- x -->\""),
            ("<?php", "\"<?php\""),
            ("<p onclick=\"x\">", "<p> with the attribute onclick"),
            ("<p ONCLICK='x'>", "<p> with the attribute ONCLICK"),
            ("<P>", "<P>"),
            ("<p style=\"x\">", "<p> with the attribute style"),
            ("<p id=\"x\">", "<p> with the attribute id"),
            ("<p data-tb-slot=\"x\">", "<p> with the attribute data-tb-slot"),
            ("<a href=\"javascript:alert(1)\">", "<a> with href=\"javascript:alert(1)\""),
            ("<a href=\"&#106;avascript:x\">", "<a> with href=\"&#106;avascript:x\""),
            ("<a href=\"\">", "<a> with href=\"\""),
            ("<img src=\"data:image/png,x\">", "<img> with src=\"data:image/png,x\""),
            ("<img srcset=\"a.png, javascript:x 2x\">", "<img> with srcset=\"a.png, javascript:x 2x\""),
            ("<a target=\"top\">", "<a> with target=\"top\""),
            ("<p class=x>", "<p> with =x>"),
            ("<p class=\"x>", "<p> with an open quote"),
            ("<p class=\"x\"title=\"y\">", "<p> with \"title=\"y\">\""),
            ("<p/onclick=x>", "<p> with \"/onclick=x>\""),
            ("<p", "<p> with \"\""),
            ("<p / >", "<p> with \"/ >\""),
            ("</p class>", "<p> with \"class>\""),
        ] {
            assert_eq!(check(html).err().map(|(found, _)| found).as_deref(), Some(found), "{html}");
        }
    }
}
