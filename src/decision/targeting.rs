//! On which addresses an experiment runs, and where a redirect leads.
//!
//! Source: GrowthBook, "URL Targeting": patterns are parsed as addresses and compared part by part.

use crate::host::Host;
use crate::text::{concat, join, split};
use crate::value::Value;

/// Whether `address` is targeted by `patterns`, a list of `{type, include, pattern}`.
///
/// Any match of a pattern with `include: false` says no; otherwise one match of the others says
/// yes, or there are no others. No patterns target nothing.
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

/// Stands for `*` while a pattern is parsed.
const WILD: &str = "_____";

fn matches(address: &Value, target: &Value, host: &dyn Host) -> bool {
    let part = |key| address.at(key).text();
    let pattern = target.at("pattern").text();
    match target.at("type").text() {
        _ if *address == Value::Null => false,
        "regex" => {
            let (whole, origin) = (part("href"), part("origin"));
            host.matches(pattern, "", whole) || host.matches(pattern, "", whole.get(origin.len()..).unwrap_or(""))
        }
        "simple" => is_like(address, pattern, host),
        _ => false,
    }
}

/// Whether each part that the pattern names is as it says; `*` stands for any run of characters.
fn is_like(address: &Value, pattern: &str, host: &dyn Host) -> bool {
    // What begins with a host and has no scheme gets one: everything up to the last point before
    // the first of `:`, `/` and `?` is a host. `_____` can stand in a host, `*` cannot everywhere.
    let first = pattern.bytes().find(|byte| b".:/?".contains(byte));
    let whole =
        concat(&[if first == Some(b'.') { "https://" } else { "" }, &join(split(pattern, b'*').into_iter(), WILD)]);
    let expected = host.address(&whole, "https://_____");
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

/// Compares without regard to case, as JavaScript's flag `i` does; a path's slashes at both ends
/// may be missing.
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
        // Of a run, each five are one `*`, and what is left over is itself.
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
    host.matches(&concat(&["^", end, &regex, end, "$"]), "i", actual)
}

/// The address that a redirect experiment leads to from `from`; `None` where that is targeted
/// itself, which would lead in a circle.
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
