//! A map for a log, as far as its columns say it themselves: what is open is left to who knows the log.

use crate::engine::Format;
use crate::source::files::name_of;
use crate::source::look::profile::{Column, Kind, Profile};
use crate::source::map::{Map, Value};
use crate::source::path::ColumnPath;

/// A map as text, and what it leaves open.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// `map.toml`; what is open stands in it as a comment with the candidates.
    pub text: String,
    /// What is open; the map is whole if nothing is.
    pub open: Vec<Open>,
}

/// A key of the map that the log does not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The key.
    pub key: &'static str,
    /// Columns that it could be; none where no column looks like it.
    pub candidates: Vec<String>,
}

/// Names that columns have for what they mean, in small letters and digits alone. GA4's, those of analytics and shops,
/// and those of public data sets.
const NAMES: &[(&str, &[&str])] = &[
    (
        "visitor",
        &[
            "visitor",
            "visitorid",
            "user",
            "userid",
            "userpseudoid",
            "anonymousid",
            "clientid",
            "customerid",
            "customer",
            "distinctid",
            "deviceid",
            "cookieid",
        ],
    ),
    ("session", &["session", "sessionid", "visitid", "usersession", "gasessionid"]),
    ("event", &["event", "eventname", "eventtype", "action", "behavior"]),
    ("item", &["item", "itemid", "product", "productid", "sku", "articleid", "stockcode", "itemsku"]),
    ("category", &["category", "categoryid", "itemcategory", "categorycode", "productcategory"]),
    ("page", &["page", "url", "pageurl", "pagelocation", "currenturl", "path", "pagepath"]),
    ("order", &["order", "orderid", "transactionid", "invoice", "invoiceno", "ordernumber"]),
    ("quantity", &["quantity", "qty"]),
    ("price", &["price", "unitprice", "itemprice"]),
];

/// Names of events that mean one thing wherever they are used.
const EVENTS: &[(&str, &[&str])] = &[
    (
        "view",
        &[
            "view_item",
            "add_to_cart",
            "add_to_wishlist",
            "view",
            "cart",
            "addtocart",
            "Product Viewed",
            "Product Added",
        ],
    ),
    ("purchase", &["purchase", "transaction", "Order Completed", "buy"]),
    ("page", &["page_view", "pageview", "$pageview"]),
];

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// How many columns of a map there are, if there are all that it cannot do without.
pub(super) fn fit(map: &Map, profile: &Profile, format: Format) -> Option<usize> {
    if map.format.is_some_and(|wanted| wanted != format) {
        return None;
    }
    if let Some(lines) = &map.lines {
        // Whether a line is of the form the engine decides later; here, whether it looks like it.
        let looks = |line: &&String| line.matches('"').count() >= 6 && line.contains('[') && line.contains("] \"");
        let alike = profile.lines.iter().filter(looks).count();
        return (alike * 2 > profile.lines.len()).then_some(lines.names.len());
    }
    let has = |path: &ColumnPath| profile.columns.get(path.written()).is_some_and(|column| column.filled > 0);
    let gives = |value: &Value| {
        value.paths().next().is_none()
            || value.0.iter().any(|part| !part.paths().is_empty() && part.paths().iter().all(has))
    };
    let columns = &map.columns;
    let needed = [Some(&columns.time), columns.visitor.as_ref(), columns.visitors.as_ref()];
    let is_whole = needed.into_iter().flatten().all(gives)
        && columns.event.as_ref().is_none_or(|event| event.is_constant() || gives(event))
        && [&columns.item, &columns.page].into_iter().flatten().any(gives)
        && columns.order.as_ref().is_none_or(|order| {
            columns.event.as_ref().is_some_and(|event| event.paths().next().is_some()) || gives(order)
        });
    is_whole.then(|| map.paths().filter(|path| has(path)).count())
}

/// Whether one column is what is meant, none, or several are.
enum Found<'a> {
    One(&'a str, &'a Column),
    Several(Vec<String>),
    None,
}

fn found<'a>(all: impl Iterator<Item = (&'a String, &'a Column)>) -> Found<'a> {
    let all: Vec<(&String, &Column)> = all.collect();
    match all.as_slice() {
        [] => Found::None,
        [(name, column)] => Found::One(name, column),
        several => Found::Several(several.iter().map(|(name, _)| (*name).clone()).collect()),
    }
}

/// Proposes a map.
pub(super) fn propose(profile: &Profile, format: Format) -> Proposal {
    let mut proposal = Proposal { text: format!("format = \"{}\"\n", name_of(format)), open: Vec::new() };
    if format == Format::Lines {
        proposal.ask("pattern", Vec::new());
        proposal.ask("names", Vec::new());
    }
    proposal.text.push_str("\n[columns]\n");
    let filled = || profile.columns.iter().filter(|(_, column)| column.filled > 0);
    match found(filled().filter(|(_, column)| column.kind().time_unit().is_some())) {
        Found::One(name, column) => {
            proposal.say("time", name);
            proposal.say("time_unit", column.kind().time_unit().unwrap_or_default());
        }
        Found::Several(names) => {
            proposal.ask("time", names);
            proposal.ask("time_unit", ["s", "ms", "us", "iso"].map(str::to_owned).to_vec());
        }
        Found::None => {
            let texts = filled().filter(|(_, column)| column.kind() == Kind::Text).map(|(name, _)| name.clone());
            proposal.ask("time", texts.collect());
        }
    }
    let mut event = None;
    let mut is_seen = false;
    for (key, names) in NAMES {
        let named = |path: &str| names.contains(&plain(path.rsplit('.').next().unwrap_or(path)).as_str());
        match found(filled().filter(|(path, _)| named(path))) {
            Found::One(name, column) => {
                proposal.say(key, name);
                is_seen |= matches!(*key, "item" | "page");
                if *key == "event" {
                    event = Some(column);
                }
            }
            Found::Several(names) => {
                is_seen |= matches!(*key, "item" | "page");
                proposal.ask(key, names);
            }
            Found::None if *key == "visitor" => {
                let columns = filled().filter(|(_, column)| column.values.len() > 1).map(|(name, _)| name.clone());
                proposal.ask(key, columns.collect());
            }
            Found::None if *key == "event" => {
                proposal.text.push_str("# event: no column looks like it; without one each row is a view of an item\n");
            }
            Found::None => {}
        }
    }
    if !is_seen {
        let columns = filled().filter(|(_, column)| column.values.len() > 1).map(|(name, _)| name.clone());
        proposal.ask("item", columns.collect());
    }
    if let Some(column) = event {
        proposal.kinds(column);
    }
    proposal
}

impl Proposal {
    fn say(&mut self, key: &str, value: &str) {
        self.text.push_str(&format!("{key} = {}\n", toml::Value::String(value.to_owned())));
    }

    fn ask(&mut self, key: &'static str, candidates: Vec<String>) {
        let named: Vec<String> =
            candidates.iter().take(12).map(|name| toml::Value::String(name.clone()).to_string()).collect();
        let named = if named.is_empty() { "nothing looks like it".to_owned() } else { named.join(" or ") };
        self.text.push_str(&format!("# {key} = ? {named}\n"));
        self.open.push(Open { key, candidates });
    }

    /// Which events are of which kind, as far as their names say it.
    fn kinds(&mut self, column: &Column) {
        self.text.push_str("\n[events]\n");
        let quoted = |names: Vec<&str>| {
            names
                .into_iter()
                .map(|name| toml::Value::String(name.to_owned()).to_string())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut known: Vec<&str> = Vec::new();
        for (kind, names) in EVENTS {
            let own: Vec<&str> = names.iter().copied().filter(|name| column.values.contains(*name)).collect();
            known.extend(&own);
            if !own.is_empty() {
                self.text.push_str(&format!("{kind} = [{}]\n", quoted(own)));
            }
        }
        let others: Vec<&str> =
            column.values.iter().map(String::as_str).filter(|name| !known.contains(name)).take(30).collect();
        if !others.is_empty() {
            self.text.push_str(&format!("# left out as of no kind: {}\n", quoted(others.clone())));
        }
        if known.is_empty() {
            self.text.push_str("# view = ?\n");
            self.open.push(Open { key: "view", candidates: others.into_iter().map(str::to_owned).collect() });
        }
    }
}
