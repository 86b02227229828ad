//! URL targeting: the addresses on which an experiment runs, and where a redirect leads.
//!
//! Source: GrowthBook, "URL Targeting": patterns are parsed as addresses and compared part by part.

use crate::host::Host;
use crate::value::Value;

/// Whether `address` is targeted by `patterns`, a list of `{type, include, pattern}`.
///
/// It is not where a pattern with `include: false` matches. Otherwise it is where one of the others matches, or
/// there are no others. An empty list targets nothing.
pub fn is_targeted(address: &str, patterns: &[Value], host: &dyn Host) -> bool {
    let address = host.address(address, "https://_");
    let (mut included, mut any_include) = (false, false);
    for target in patterns {
        let matches = matches(&address, target, host);
        if target.get("include") == Some(&Value::Bool(false)) {
            if matches {
                return false;
            }
        } else {
            any_include = true;
            included |= matches;
        }
    }
    included || !(any_include || patterns.is_empty())
}

/// Which lists of patterns target the address of a page. To find out takes longer than everything else that decides
/// a slot, and an address stays the same for a page view.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PageTargeting(Vec<(Vec<Value>, bool)>);

impl PageTargeting {
    /// What of these lists targets this address.
    pub fn of(address: &str, lists: &[&[Value]], host: &dyn Host) -> PageTargeting {
        let mut known = PageTargeting::default();
        for patterns in lists.iter().copied().filter(|patterns| !patterns.is_empty()) {
            if known.get(patterns).is_none() {
                known.0.push((patterns.to_vec(), is_targeted(address, patterns, host)));
            }
        }
        known
    }

    /// Whether one of the lists targets the address. An empty one targets every address.
    pub fn includes(&self, patterns: &[Value]) -> bool {
        patterns.is_empty() || self.get(patterns).unwrap_or(false)
    }

    fn get(&self, patterns: &[Value]) -> Option<bool> {
        self.0.iter().find(|(known, _)| known == patterns).map(|(_, targeted)| *targeted)
    }
}

/// Replaces `*` while a pattern is parsed as an address.
const WILD: &str = "_____";

fn matches(address: &Value, target: &Value, host: &dyn Host) -> bool {
    let part = |key| address.at(key).text();
    let pattern = target.at("pattern").text();
    match target.at("type").text() {
        _ if *address == Value::Null => false,
        "regex" => {
            let (href, origin) = (part("href"), part("origin"));
            host.matches(pattern, "", href) || host.matches(pattern, "", href.get(origin.len()..).unwrap_or(""))
        }
        "simple" => is_like(address, pattern, host),
        _ => false,
    }
}

/// Whether each part that the pattern has matches; `*` matches any characters.
fn is_like(address: &Value, pattern: &str, host: &dyn Host) -> bool {
    // A pattern that begins with a host and has no scheme gets one: it has a point before the first of `:`, `/`
    // and `?`. `_____` is allowed in a host, `*` is not everywhere.
    let scheme = if pattern.find(['.', ':', '/', '?']).is_some_and(|at| pattern.as_bytes().get(at) == Some(&b'.')) {
        "https://"
    } else {
        ""
    };
    let expected = host.address(&format!("{scheme}{}", pattern.replace('*', WILD)), "https://_____");
    if expected == Value::Null {
        return false;
    }
    let part = |key: &str, is_path: bool| part_is_like(address.at(key).text(), expected.at(key).text(), is_path, host);
    part("host", false)
        && part("pathname", true)
        && (expected.at("hash").text().is_empty() || part("hash", false))
        && params(&expected).all(|(key, value)| {
            let own = params(address).find(|(own, _)| *own == key).map_or("", |(_, value)| value);
            part_is_like(own, value, false, host)
        })
}

/// Compares without regard to case, as JavaScript's flag `i` does. Slashes at both ends of a path are optional.
fn part_is_like(actual: &str, pattern: &str, is_path: bool, host: &dyn Host) -> bool {
    let mut inner = pattern;
    if is_path {
        inner = inner.strip_prefix('/').unwrap_or(inner);
        inner = inner.strip_suffix('/').unwrap_or(inner);
    }
    let (mut regex, mut underscores) = (String::new(), 0);
    for letter in inner.chars().map(Some).chain([None]) {
        if letter == Some('_') {
            underscores += 1;
            continue;
        }
        // Every five underscores in a row are one `*`, the rest of them are themselves.
        while underscores >= WILD.len() {
            underscores -= WILD.len();
            regex.push_str(".*");
        }
        (0..underscores).for_each(|_| regex.push('_'));
        underscores = 0;
        if letter.is_some_and(|letter| letter.is_ascii_punctuation() && letter != '-' && letter != '/') {
            regex.push('\\');
        }
        regex.extend(letter);
    }
    let end = if is_path { "/?" } else { "" };
    host.matches(&format!("^{end}{regex}{end}$"), "i", actual)
}

/// The address to which an experiment redirects from `from`; `None` where that is targeted itself, which would
/// redirect in a circle.
pub fn destination(from: &str, to: &str, keep_params: bool, patterns: &[Value], host: &dyn Host) -> Option<String> {
    let to = if keep_params { host.with_params(from, to) } else { to.to_owned() };
    (!is_targeted(&to, patterns, host)).then_some(to)
}

fn params(address: &Value) -> impl Iterator<Item = (&str, &str)> {
    address.at("params").items().iter().filter_map(|pair| match pair.items() {
        [Value::Text(key), Value::Text(value)] => Some((key.as_str(), value.as_str())),
        _ => None,
    })
}
