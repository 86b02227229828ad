//! The SQL that makes events of a log as it is: one SELECT, a step from the inside to the outside for each thing done.
//!
//! Everything is read once, into a table of rows that says of each row what it is or why it does not count. Of ten
//! million rows of CSV with four columns that took 3.1 CPU-seconds, and reading twice, once for the events and once for
//! the rest, 4.3.

mod fields;
mod keys;
mod place;

use crate::engine::{Dialect, Format};
use crate::source::SourceError;
use crate::source::files::Files;
use crate::source::map::{ANY, Map, Rule, Test, TimeUnit};
use fields::{Field, Fields};
pub use keys::with_keys;
use place::Places;
pub use place::absent;

/// The names of the table that is read and of what is made of it.
pub const RAW: &str = "raw";
/// A row for each item of each event, and for each row that does not count.
pub const ROWS: &str = "read_rows";
/// Rows that count.
pub const EVENTS: &str = "events";
/// Rows that cannot be read, by file and reason.
pub const BAD_ROWS: &str = "bad_rows";
/// Rows that can be read and do not count, by reason.
pub const LEFT_OUT: &str = "left_out";

/// A text of more characters is no id and no path.
const LONGEST_TEXT: u32 = 512;
/// Times from this one on, in milliseconds, are none: the year 2100. So microseconds are not read as milliseconds.
const END_OF_TIME: &str = "4102444800000E0";
/// A row of counts stands for as many visitors at most.
const MOST_VISITORS: &str = "1000000E0";

/// What an engine is to do with the table [`RAW`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// Makes [`ROWS`] of [`RAW`]: to be run once, as a table.
    pub rows: String,
    /// Makes [`EVENTS`] of [`ROWS`]: cheap, as a view.
    pub events: String,
    /// Makes [`BAD_ROWS`] of [`ROWS`]: `file`, `why`, `rows`, `example`.
    pub bad_rows: String,
    /// Makes [`LEFT_OUT`] of [`ROWS`]: `why`, `rows`.
    pub left_out: String,
}

/// The columns of [`EVENTS`], in order.
pub const COLUMNS: [&str; 14] = [
    "ts", "day", "visitor", "session", "name", "kind", "item", "category", "page", "order_id", "quantity", "price",
    "value", "file",
];

/// The SQL for a log. `salt` goes into the hash by which visitors are called, where the map wants one: with another
/// salt the same visitor is another.
///
/// # Errors
///
/// When the files have no column for the time, the visitor, the event, or for both item and page.
pub fn select(map: &Map, files: &Files, dialect: Dialect, salt: &str) -> Result<Sql, SourceError> {
    let places = Places::of(map, files, dialect)?;
    let fields = Fields { map, places: &places, dialect };
    let named = fields.named();
    let filled = fill(map, named);
    let typed = typed(map, dialect, salt, &filled);
    let counted = count_visitors(map, dialect, typed);
    let judged = judged(map, files.format, dialect, &counted);
    Ok(Sql {
        rows: last(map, &judged),
        events: format!("SELECT {} FROM {ROWS} WHERE why IS NULL", COLUMNS.join(", ")),
        bad_rows: bad_rows(map),
        left_out: left_out(map),
    })
}

impl Sql {
    /// The same for who counts: numbers in place of visitors and sessions, and no column that is not counted. What is not
    /// kept takes no memory.
    #[must_use]
    pub fn with_keys(self, map: &Map, dialect: Dialect) -> Sql {
        let mut further = vec!["file", "why", "is_bad"];
        if map.distinct {
            further.push("copies");
        }
        Sql {
            rows: keys::with_keys(dialect, &self.rows, &further),
            events: format!(
                "SELECT ts, day, visitor_key, session_key, kind, item, category, page, value, file FROM {ROWS} \
                 WHERE why IS NULL"
            ),
            ..self
        }
    }
}

/// How many rows of the log a row of [`ROWS`] stands for.
fn copies(map: &Map) -> &'static str {
    if map.distinct { "copies" } else { "1" }
}

fn bad_rows(map: &Map) -> String {
    let copies = copies(map);
    format!(
        "SELECT file, reason AS why, CAST(SUM(number) AS BIGINT) AS rows, MIN(shown) AS example FROM (\
         SELECT file, SPLIT_PART(why, ': ', 1) AS reason, SUBSTRING(why, POSITION(': ' IN why) + 2) AS shown, \
         {copies} AS number FROM {ROWS} WHERE is_bad) AS reasons GROUP BY file, reason"
    )
}

fn left_out(map: &Map) -> String {
    let copies = copies(map);
    let twice = match map.distinct {
        true => format!(
            " UNION ALL SELECT 'the same event is there before' AS reason, copies - 1 AS number FROM {ROWS} \
             WHERE why IS NULL AND copies > 1"
        ),
        false => String::new(),
    };
    format!(
        "SELECT reason AS why, CAST(SUM(number) AS BIGINT) AS rows FROM (\
         SELECT why AS reason, {copies} AS number FROM {ROWS} WHERE NOT is_bad AND why IS NOT NULL{twice}) AS reasons \
         GROUP BY reason"
    )
}

/// A step of the SELECT: the columns that it answers, and its text.
struct Step {
    columns: Vec<String>,
    sql: String,
}

impl Step {
    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own == column)
    }

    /// The column, or a null where there is none.
    fn or_null(&self, column: &str, dialect: Dialect) -> String {
        if self.has(column) { column.to_owned() } else { format!("CAST(NULL AS {})", dialect.text_type()) }
    }
}

/// The field of a rule, in the order of the map: those that keep, then those that drop.
fn rules(map: &Map) -> impl Iterator<Item = (String, bool, &Rule)> {
    let all = map.keep.iter().map(|rule| (true, rule)).chain(map.drop.iter().map(|rule| (false, rule)));
    all.enumerate().map(|(place, (keeps, rule))| (format!("rule_{place}"), keeps, rule))
}

/// What only one row of several says, all of them say.
fn fill(map: &Map, named: Step) -> Step {
    if map.fill_by.is_none() {
        return named;
    }
    let lent = |column: &str| {
        let of_event = ["time", "visitor", "session", "event", "order"].map(|name| format!("f_{name}"));
        column.starts_with("rule_") || of_event.iter().any(|name| name == column)
    };
    let list = named.columns.iter().map(|column| match lent(column) {
        true => format!(
            "COALESCE({column}, CASE WHEN fill_by IS NOT NULL THEN MAX({column}) OVER (PARTITION BY fill_by) END) \
             AS filled_{column}"
        ),
        false => column.clone(),
    });
    let list: Vec<String> = list.collect();
    let renamed = named.columns.iter().map(|column| match lent(column) {
        true => format!("filled_{column} AS {column}"),
        false => column.clone(),
    });
    let renamed: Vec<String> = renamed.collect();
    let sql = format!(
        "SELECT {} FROM (SELECT {} FROM ({}) AS named) AS lent",
        renamed.join(", "),
        list.join(", "),
        named.sql
    );
    Step { columns: named.columns, sql }
}

/// The whole number below a number of any size, as a double: Spark's FLOOR answers a BIGINT, and fails where there is
/// none.
fn floor(number: &str) -> String {
    format!("CASE WHEN {number} BETWEEN -1E15 AND 1E15 THEN FLOOR({number}) ELSE {number} END")
}

/// Texts become times, amounts and paths.
fn typed(map: &Map, dialect: Dialect, salt: &str, from: &Step) -> Step {
    let number = |field: &str| format!("TRY_CAST({} AS DOUBLE)", from.or_null(&format!("f_{field}"), dialect));
    let text = |field: &str| from.or_null(&format!("f_{field}"), dialect);
    let time = match map.columns.time_unit {
        // Half a millisecond, because a second with decimals is seldom exact.
        TimeUnit::Seconds => floor(&format!("({} * 1000E0 + 0.5E0)", number("time"))),
        TimeUnit::Milliseconds => floor(&number("time")),
        TimeUnit::Microseconds => floor(&format!("({} / 1000E0)", number("time"))),
        TimeUnit::Iso => dialect.iso_ms("f_time"),
        TimeUnit::AccessLog => dialect.access_log_ms("f_time"),
    };
    let visitor = match map.hash_visitor {
        true => format!("MD5({} || ' ' || f_visitor)", dialect.text(salt)),
        false => text("visitor"),
    };
    let event = match from.has("f_event") {
        true => renamed(map, dialect),
        false => format!("CASE WHEN {} IS NOT NULL THEN 'view_item' ELSE 'page_view' END", text("item")),
    };
    let hundredths = |field: &str| {
        let amount = number(field);
        // In millionths first: 9.995 as a double is a little less, but half a cent is to be rounded up. More than a
        // billion would not be exact, nor its product with a quantity a BIGINT.
        format!(
            "CASE WHEN {amount} BETWEEN -1E9 AND 1E9 \
             THEN CAST(FLOOR((FLOOR({amount} * 1E6 + 0.5E0) + 5E3) / 1E4) AS BIGINT) END"
        )
    };
    let quantity = number("quantity");
    let mut list = vec![
        ("file", "tb_file".to_owned()),
        ("form", if from.has("form") { "form".to_owned() } else { "TRUE".to_owned() }),
        ("line_read", if from.has("line_read") { "line_read".to_owned() } else { text("time") }),
        ("time_read", text("time")),
        ("t", time),
        ("visitor", visitor),
        ("session", text("session")),
        ("name", event),
        ("item", text("item")),
        ("category", text("category")),
        ("page", page_path(dialect, &text("page"))),
        ("order_id", text("order")),
        ("quantity", format!("CASE WHEN {quantity} BETWEEN 0E0 AND 1E5 THEN CAST(FLOOR({quantity}) AS BIGINT) END")),
        ("price", hundredths("price")),
        ("value_read", hundredths("value")),
        ("visitors", floor(&number("visitors"))),
        ("counted_as", format!("f_time || ' ' || COALESCE({}, {})", text("item"), text("page"))),
    ];
    if map.columns.shown.is_some() {
        list.push(("shown", text("shown")));
    }
    let kept: Vec<&String> =
        from.columns.iter().filter(|name| name.starts_with("rule_") || name.starts_with("place_")).collect();
    list.extend(kept.into_iter().map(|name| (name.as_str(), name.clone())));
    let columns = list.iter().map(|(name, _)| (*name).to_owned()).collect();
    let list: Vec<String> = list.into_iter().map(|(name, sql)| format!("{sql} AS {name}")).collect();
    Step { columns, sql: format!("SELECT {} FROM ({}) AS filled", list.join(", "), from.sql) }
}

fn renamed(map: &Map, dialect: Dialect) -> String {
    if map.events.rename.is_empty() {
        return "f_event".to_owned();
    }
    let pairs =
        map.events.rename.iter().map(|(from, to)| format!("WHEN {} THEN {} ", dialect.text(from), dialect.text(to)));
    format!("CASE f_event {}ELSE f_event END", pairs.collect::<String>())
}

/// An address without its host, query, fragment and trailing slashes; `/` where nothing is left. One that is a path
/// already is seen at a tenth of the cost.
fn page_path(dialect: Dialect, page: &str) -> String {
    const HOST: &str = "^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*";
    let path = format!("SPLIT_PART(SPLIT_PART({page}, '?', 1), '#', 1)");
    let path = format!("TRIM(TRAILING '/' FROM REGEXP_REPLACE({path}, {}, ''))", dialect.text(HOST));
    let others = ["//%", "%?%", "%#%", "%/"].map(|other| format!(" AND {page} NOT LIKE '{other}'")).concat();
    format!(
        "CASE WHEN {page} LIKE '/%'{others} THEN {page} \
         WHEN {page} IS NOT NULL THEN COALESCE(NULLIF({path}, ''), '/') END"
    )
}

/// A row of counts becomes a row for each visitor.
fn count_visitors(map: &Map, dialect: Dialect, from: Step) -> Step {
    if map.columns.visitors.is_none() {
        return from;
    }
    let count = format!("CASE WHEN visitors BETWEEN 1E0 AND {MOST_VISITORS} THEN CAST(visitors AS BIGINT) END");
    let source = format!("({}) AS typed", from.sql);
    let sql = dialect.rows_of(&source, &from.columns, &dialect.numbers(&count), "number", "place_counted");
    let own = format!("counted_as || ' ' || CAST(number AS {})", dialect.text_type());
    let list: Vec<String> = from
        .columns
        .iter()
        .map(|column| if column == "visitor" { format!("{own} AS visitor") } else { column.clone() })
        .collect();
    Step { columns: from.columns, sql: format!("SELECT {} FROM ({sql}) AS counted", list.join(", ")) }
}

/// What each row is, or why it does not count.
fn judged(map: &Map, format: Format, dialect: Dialect, from: &Step) -> String {
    let one_of = |names: &[String], any: &str| {
        if names.iter().any(|name| name == ANY) {
            return any.to_owned();
        }
        let list: Vec<String> = names.iter().map(|name| dialect.text(name)).collect();
        if list.is_empty() { "FALSE".to_owned() } else { format!("name IN ({})", list.join(", ")) }
    };
    let events = &map.events;
    let (purchase, page) = (one_of(&events.purchase, "TRUE"), one_of(&events.page, "TRUE"));
    let view = one_of(&events.view, "TRUE");
    let shown = match map.columns.shown {
        Some(_) => one_of(&events.shown, "TRUE"),
        None => "FALSE".to_owned(),
    };
    let kind_of_shown = match map.columns.shown {
        Some(_) => format!("WHEN {shown} THEN CASE WHEN shown IS NOT NULL THEN 'shown' END "),
        None => String::new(),
    };
    let kind = format!(
        "CASE WHEN {purchase} THEN 'purchase' {kind_of_shown}WHEN item IS NOT NULL AND ({view} OR {page}) THEN 'view' \
         WHEN page IS NOT NULL AND {page} THEN 'page' END"
    );
    let known = format!("({purchase} OR {view} OR {page} OR {shown})");
    let ruled: String = rules(map)
        .map(|(field, keeps, rule)| {
            let test = match &rule.test {
                Test::Is(values) => {
                    let list: Vec<String> = values.iter().map(|value| dialect.text(value)).collect();
                    format!("{field} IN ({})", list.join(", "))
                }
                Test::Matches(pattern) => dialect.matches(&field, pattern),
            };
            let because = rule.because.clone().unwrap_or_else(|| {
                format!("{} is {}", rule.column, if keeps { "another than those that are kept" } else { "left out" })
            });
            let is_out =
                if keeps { format!("NOT COALESCE({test}, FALSE)") } else { format!("COALESCE({test}, FALSE)") };
            format!("WHEN {is_out} THEN {} ", dialect.text(&because))
        })
        .collect();
    let ruled = if ruled.is_empty() {
        format!("CAST(NULL AS {})", dialect.text_type())
    } else {
        format!("CASE WHEN NOT form THEN NULL {ruled}END")
    };
    let another_form = match format {
        Format::Lines => "the line has another form",
        _ => "the line is not JSON",
    };
    let texts = ["visitor", "session", "name", "item", "category", "page", "order_id"];
    let long: String = texts
        .into_iter()
        .chain(map.columns.shown.as_ref().map(|_| "shown"))
        .map(|column| {
            format!("WHEN LENGTH({column}) > {LONGEST_TEXT} THEN '{column} has more than {LONGEST_TEXT} characters' ")
        })
        .collect();
    let counts = match map.columns.visitors {
        Some(_) => format!(
            "WHEN visitors IS NULL OR NOT (visitors BETWEEN 0E0 AND {MOST_VISITORS}) \
             THEN 'visitors is no number up to a million' "
        ),
        None => String::new(),
    };
    let nobody = if map.columns.visitors.is_some() { "WHEN visitors = 0E0 THEN NULL " } else { "" };
    let why = format!(
        "CASE WHEN NOT form THEN '{another_form}' WHEN time_read IS NULL THEN 'the time is missing' \
         WHEN t IS NULL THEN 'the time cannot be read' \
         WHEN NOT (t >= 0E0 AND t < {END_OF_TIME}) THEN 'the time is before 1970 or after 2099' \
         {counts}{nobody}WHEN visitor IS NULL THEN 'the visitor is missing' \
         WHEN name IS NULL THEN 'the event is missing' \
         {long}END"
    );
    let list: Vec<String> = from.columns.iter().filter(|name| !name.starts_with("rule_")).cloned().collect();
    format!(
        "SELECT {}, {kind} AS kind_read, {known} AS is_known, {shown} AS is_shown, {ruled} AS ruled_out, {why} AS why_read \
         FROM ({}) AS counted",
        list.join(", "),
        from.sql
    )
}

/// The table as it is kept.
fn last(map: &Map, judged: &str) -> String {
    // What was shown has the variant for an item, and no category: it is none of the shop's products.
    let (item, category) = match map.columns.shown {
        Some(_) => (
            "CASE WHEN kind_read = 'shown' THEN shown ELSE item END",
            "CASE WHEN kind_read = 'shown' THEN NULL ELSE category END",
        ),
        None => ("item", "category"),
    };
    let list = [
        ("ts", "CASE WHEN t >= 0E0 AND t < 4102444800000E0 THEN CAST(t AS BIGINT) END"),
        ("day", "CASE WHEN t >= 0E0 AND t < 4102444800000E0 THEN CAST(FLOOR(t / 86400000E0) AS BIGINT) END"),
        ("visitor", "visitor"),
        ("session", "session"),
        ("name", "name"),
        ("kind", "kind_read"),
        ("item", item),
        ("category", category),
        ("page", "page"),
        ("order_id", "order_id"),
        ("quantity", "quantity"),
        ("price", "price"),
        ("value", "COALESCE(value_read, price * COALESCE(quantity, 1))"),
        ("file", if map.distinct { "MIN(file)" } else { "file" }),
        // Few rows say why they do not count, so reason and example share a column.
        (
            "why",
            "CASE WHEN ruled_out IS NOT NULL THEN ruled_out \
             WHEN why_read IS NOT NULL THEN why_read || ': ' || COALESCE(SUBSTRING(line_read, 1, 80), '') \
             WHEN visitors = 0E0 THEN 'there are no visitors' WHEN kind_read IS NOT NULL THEN NULL \
             WHEN NOT is_known THEN 'event ' || name || ' is of no kind' \
             WHEN is_shown THEN 'event ' || name || ' does not say which variant was shown' \
             ELSE 'event ' || name || ' is about no item or page' END",
        ),
        ("is_bad", "(ruled_out IS NULL AND why_read IS NOT NULL)"),
    ];
    let (copies, group) = match map.distinct {
        true => (", CAST(COUNT(*) AS BIGINT) AS copies", group_of(&list, judged)),
        false => ("", String::new()),
    };
    let list: Vec<String> = list.iter().map(|(name, sql)| format!("{sql} AS {name}")).collect();
    format!("SELECT {}{copies} FROM ({judged}) AS judged{group}", list.join(", "))
}

/// Rows that are the same but for their file are one. Two lines of an order that are the same are not: they stand at
/// different places of the event.
fn group_of(list: &[(&str, &str)], judged: &str) -> String {
    let places = ["place_0", "place_1"].into_iter().filter(|place| judged.contains(&format!("{place} AS {place}")));
    let own = list.iter().filter(|(name, _)| *name != "file").map(|(_, sql)| *sql);
    format!(" GROUP BY {}", own.chain(places).collect::<Vec<&str>>().join(", "))
}

/// A field of [`Fields`], as SQL.
impl Field {
    fn sql(&self) -> String {
        format!("{} AS {}", self.sql, self.name)
    }
}
