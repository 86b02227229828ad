//! `map.toml`: which columns of a log mean what.

mod reader;

use crate::engine::Format;
use crate::source::path::ColumnPath;
pub use reader::{MapError, Problem};
use reader::{Problems, Reader};

/// What the columns of a log mean, and which of its rows count. `docs/companion.md` describes each key.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// How the files are written; told by their names if the map does not say.
    pub format: Option<Format>,
    /// How a line becomes columns, for logs that are lines of text.
    pub lines: Option<Lines>,
    /// What the log lacks, for people.
    pub note: Option<String>,
    /// Values that mean nothing, as `(not set)` does; the empty text always does.
    pub empty: Vec<String>,
    /// Whether a visitor is called by a salted hash instead of what the log says, which may be an address.
    pub hash_visitor: bool,
    /// Whether rows that are the same in all columns of `events` are one.
    pub distinct: bool,
    /// Rows with the same value there lend each other what only the first of them says: orders of several lines.
    pub fill_by: Option<ColumnPath>,
    /// The columns.
    pub columns: Columns,
    /// The names of events.
    pub events: Events,
    /// Rows that do not meet all of these are left out.
    pub keep: Vec<Rule>,
    /// Rows that meet one of these are left out.
    pub drop: Vec<Rule>,
}

/// How a line of text becomes columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// A regular expression of the kind that RE2 and Java agree on.
    pub pattern: String,
    /// The names of its groups, in order.
    pub names: Vec<String>,
}

/// Which column means what.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// When it happened.
    pub time: Value,
    /// In which unit or notation the time is.
    pub time_unit: TimeUnit,
    /// Who did it; not wanted where `visitors` counts them.
    pub visitor: Option<Value>,
    /// The visit.
    pub session: Option<Value>,
    /// What happened; without it each row is a view of an item.
    pub event: Option<Value>,
    /// The item.
    pub item: Option<Value>,
    /// The category of the item.
    pub category: Option<Value>,
    /// The address of the page, or its path.
    pub page: Option<Value>,
    /// The id of the order.
    pub order: Option<Value>,
    /// How many of the item.
    pub quantity: Option<Value>,
    /// The price of one.
    pub price: Option<Value>,
    /// What all of them cost.
    pub value: Option<Value>,
    /// Which variant was shown.
    pub shown: Option<Value>,
    /// In a log of counts: for how many visitors a row stands, of whom nothing else is known.
    pub visitors: Option<Value>,
}

impl Columns {
    /// The columns that are there, with their names, in the order of the documentation.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let rest = [
            ("visitor", &self.visitor),
            ("session", &self.session),
            ("event", &self.event),
            ("item", &self.item),
            ("category", &self.category),
            ("page", &self.page),
            ("order", &self.order),
            ("quantity", &self.quantity),
            ("price", &self.price),
            ("value", &self.value),
            ("shown", &self.shown),
            ("visitors", &self.visitors),
        ];
        let rest = rest.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
        std::iter::once(("time", &self.time)).chain(rest)
    }
}

/// Where a value comes from: the first of these that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(pub Vec<Part>);

/// One place where a value may come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A column.
    Path(ColumnPath),
    /// Always this text.
    Text(String),
    /// All of these, with a space between; nothing where one is empty.
    Join(Vec<ColumnPath>),
    /// What the first group of a regular expression finds.
    Extract {
        /// Where it looks.
        from: ColumnPath,
        /// The expression.
        pattern: String,
    },
}

impl Value {
    /// All paths that it reads.
    pub fn paths(&self) -> impl Iterator<Item = &ColumnPath> {
        self.0.iter().flat_map(Part::paths)
    }

    /// Whether it says something without any column.
    pub fn is_constant(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Text(_)))
    }
}

impl Part {
    /// The paths that it reads.
    pub fn paths(&self) -> &[ColumnPath] {
        match self {
            Part::Path(path) | Part::Extract { from: path, .. } => std::slice::from_ref(path),
            Part::Join(paths) => paths,
            Part::Text(_) => &[],
        }
    }
}

/// In which unit or notation times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds since 1970, with decimals or without.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// `2026-11-29T08:15:00Z`, `2026-11-29 08:15:00.250 +0100`, `2026-11-29`: UTC where no zone is given.
    Iso,
    /// `29/Nov/2026:08:15:00 +0000`, as web servers write it.
    AccessLog,
}

/// The names of events, and which kind each is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// What the log calls an event, and what it is called from then on.
    pub rename: Vec<(String, String)>,
    /// Names, after the renaming, of events in which an item is looked at or put into the basket. `*` means all that
    /// are in no other list.
    pub view: Vec<String>,
    /// Names of purchases.
    pub purchase: Vec<String>,
    /// Names of page views.
    pub page: Vec<String>,
    /// Names of events in which a variant is shown, where the log says which.
    pub shown: Vec<String>,
}

/// Stands for every name that is in no other list.
pub const ANY: &str = "*";

impl Default for Events {
    /// GA4's names.
    fn default() -> Events {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Events {
            rename: Vec::new(),
            view: names(&["view_item", "add_to_cart", "add_to_wishlist"]),
            purchase: names(&["purchase"]),
            page: names(&["page_view"]),
            shown: names(&["experience_impression"]),
        }
    }
}

/// Which rows a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What is looked at.
    pub column: ColumnPath,
    /// What it has to be.
    pub test: Test,
    /// What those that are left out are called.
    pub because: Option<String>,
}

/// What a value is tested for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is one of these.
    Is(Vec<String>),
    /// A regular expression finds something in it.
    Matches(String),
}

const COLUMN_KEYS: &[&str] = &[
    "time",
    "time_unit",
    "visitor",
    "session",
    "event",
    "item",
    "category",
    "page",
    "order",
    "quantity",
    "price",
    "value",
    "shown",
    "visitors",
];

impl Map {
    /// Reads a map. `name` is what the file is called in problems.
    ///
    /// # Errors
    ///
    /// When it is not TOML, with the line; otherwise with all that is wrong in it.
    pub fn read(text: &str, name: &str) -> Result<Map, MapError> {
        let table: toml::Table = text.parse().map_err(|error| MapError::of_syntax(name, &error))?;
        let mut problems = Problems::default();
        let map = read_map(&Reader::root(&table), &mut problems);
        match map {
            Some(map) if problems.is_empty() => Ok(map),
            _ => Err(MapError::of(name, problems)),
        }
    }

    /// All paths that the map reads.
    pub fn paths(&self) -> impl Iterator<Item = &ColumnPath> {
        let columns = self.columns.all().flat_map(|(_, value)| value.paths());
        let rules = self.keep.iter().chain(&self.drop).map(|rule| &rule.column);
        columns.chain(rules).chain(&self.fill_by)
    }

    /// The path that leads through the most arrays whose elements become rows; `None` where rows stay as they are. The
    /// arrays of all other paths are among its own.
    pub fn repeated(&self) -> Option<&ColumnPath> {
        self.paths().filter(|path| path.repeated() > 0).max_by_key(|path| path.repeated())
    }
}

fn read_map(root: &Reader<'_>, problems: &mut Problems) -> Option<Map> {
    root.only(
        &[
            "format",
            "pattern",
            "names",
            "note",
            "empty",
            "hash_visitor",
            "distinct",
            "fill_by",
            "columns",
            "events",
            "keep",
            "drop",
        ],
        problems,
    );
    let formats =
        [("csv", Format::Csv), ("ndjson", Format::Ndjson), ("parquet", Format::Parquet), ("lines", Format::Lines)];
    let format = root.at("format").choice(&formats, problems);
    let lines = read_lines(root, problems);
    let columns = root.at("columns").required(problems).and_then(|columns| read_columns(&columns, problems));
    let note = root.at("note").text(problems);
    let empty = root.at("empty").texts(problems).unwrap_or_default();
    let (hash_visitor, distinct) = (root.at("hash_visitor").truth(problems), root.at("distinct").truth(problems));
    let fill_by = root.at("fill_by").path(problems);
    let events = read_events(&root.at("events"), problems);
    if !root.at("events").at("shown").is_absent() && root.at("columns").at("shown").is_absent() {
        root.at("columns")
            .at("shown")
            .wrong("is missing, expected the column that says which variant was shown", problems);
    }
    let (keep, drop) = (root.at("keep").tables(problems, read_rule), root.at("drop").tables(problems, read_rule));
    let format = format.or_else(|| lines.as_ref().map(|_| Format::Lines));
    // All of it is read before something that is missing ends it, so that all problems are told at once.
    let map =
        Map { format, lines, note, empty, hash_visitor, distinct, fill_by, columns: columns?, events, keep, drop };
    check(&map, problems);
    Some(map)
}

fn read_lines(root: &Reader<'_>, problems: &mut Problems) -> Option<Lines> {
    let (pattern, names) = (root.at("pattern"), root.at("names"));
    match (pattern.is_absent(), names.is_absent()) {
        (true, true) => None,
        (false, true) => {
            names.wrong("is missing, expected the names of the groups of pattern", problems);
            None
        }
        (true, false) => {
            pattern.wrong("is missing, expected a regular expression with a group for each of names", problems);
            None
        }
        (false, false) => Some(Lines { pattern: pattern.text(problems)?, names: names.texts(problems)? }),
    }
}

fn read_columns(columns: &Reader<'_>, problems: &mut Problems) -> Option<Columns> {
    columns.only(COLUMN_KEYS, problems);
    let units = [
        ("s", TimeUnit::Seconds),
        ("ms", TimeUnit::Milliseconds),
        ("us", TimeUnit::Microseconds),
        ("iso", TimeUnit::Iso),
        ("access-log", TimeUnit::AccessLog),
    ];
    let time = columns.at("time").required(problems).and_then(|time| time.value(problems));
    let unit = columns.at("time_unit").required(problems).and_then(|unit| unit.choice(&units, problems));
    let is_absent = |name: &str| columns.at(name).is_absent();
    if is_absent("item") && is_absent("page") {
        columns.wrong("has neither item nor page, expected one of them", problems);
    }
    match (is_absent("visitor"), is_absent("visitors")) {
        (true, true) => columns.at("visitor").wrong("is missing, expected a column", problems),
        (false, false) => {
            let what = "is beside visitor, expected in logs of counts alone, which have no visitor";
            columns.at("visitors").wrong(what, problems);
        }
        _ => {}
    }
    let mut value = |name: &'static str| columns.at(name).value(problems);
    Some(Columns {
        visitor: value("visitor"),
        session: value("session"),
        event: value("event"),
        item: value("item"),
        category: value("category"),
        page: value("page"),
        order: value("order"),
        quantity: value("quantity"),
        price: value("price"),
        value: value("value"),
        shown: value("shown"),
        visitors: value("visitors"),
        time: time?,
        time_unit: unit?,
    })
}

fn read_events(events: &Reader<'_>, problems: &mut Problems) -> Events {
    events.only(&["rename", "view", "purchase", "page", "shown"], problems);
    if events.is_absent() {
        return Events::default();
    }
    let mut names = |name: &'static str| events.at(name).texts(problems).unwrap_or_default();
    let (view, purchase, page, shown) = (names("view"), names("purchase"), names("page"), names("shown"));
    let rename = events.at("rename").text_pairs(problems);
    let default = Events::default();
    let shown = if shown.is_empty() { default.shown.clone() } else { shown };
    // A map that only renames means GA4's names by it.
    let given = !(view.is_empty() && purchase.is_empty() && page.is_empty());
    if given { Events { rename, view, purchase, page, shown } } else { Events { rename, shown, ..default } }
}

fn read_rule(rule: &Reader<'_>, problems: &mut Problems) -> Option<Rule> {
    rule.only(&["column", "is", "matches", "because"], problems);
    let column = rule.at("column").required(problems).and_then(|column| column.path(problems));
    let because = rule.at("because").text(problems);
    let (is, matches) = (rule.at("is"), rule.at("matches"));
    let test = match (is.is_absent(), matches.is_absent()) {
        (false, true) => is.texts(problems).map(Test::Is),
        (true, false) => matches.text(problems).map(Test::Matches),
        _ => {
            rule.wrong("expected either is, a list of values, or matches, a regular expression", problems);
            None
        }
    };
    Some(Rule { column: column?, test: test?, because })
}

/// What has to hold of several keys at once.
fn check(map: &Map, problems: &mut Problems) {
    if map.format == Some(Format::Lines) && map.lines.is_none() {
        problems.add("pattern", "is missing, expected how lines are written");
    }
    // Rows can repeat along one way only: an array within an array, but not one beside another.
    let Some(longest) = map.repeated() else { return };
    for path in map.paths() {
        let own = path.steps().get(..path.repeated()).unwrap_or_default();
        if !longest.steps().starts_with(own) {
            let what = format!("repeats rows beside {longest}, expected one array, or one within the other");
            problems.add(path.written(), &what);
        }
    }
}
