//! What becomes of rows that are wrong, hostile or of another kind.

use std::path::{Path, PathBuf};

use crate::source::reading::{Reading, read};
use crate::support::engines;
use tailorbird_companion::engine::{Dialect, Engine};
use tailorbird_companion::source::{self, Map, SourceError};

const FLAT: &str = r#"
[columns]
time = "t"
time_unit = "iso"
visitor = "v"
event = "e"
item = "i"
page = "p"
quantity = "q"
price = "a"
"#;

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

fn map(text: &str) -> Map {
    Map::read(text, "map.toml").unwrap()
}

/// Reads one file on every engine that is here; all of them have to say the same.
fn on_all(map: &Map, name: &str, text: impl AsRef<[u8]>) -> Option<Result<Reading, String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), name, text);
    let one = |(_, mut engine): (&str, Box<dyn Engine>)| {
        read(engine.as_mut(), map, &path).map_err(|error: SourceError| error.to_string())
    };
    let mut readings: Vec<Result<Reading, String>> = engines().into_iter().map(one).collect();
    let first = readings.pop()?;
    assert!(readings.iter().all(|other| *other == first), "{first:?}\n{readings:?}");
    Some(first)
}

/// The time of each event in a file with these times, of which none is bad unless it is `None`.
fn times(unit: &str, cases: &[(&str, Option<i64>)]) {
    let unit = map(&FLAT.replace("\"iso\"", &format!("\"{unit}\"")));
    let rows: String =
        cases.iter().enumerate().map(|(row, (time, _))| format!("v{row:02},page_view,,/,\"{time}\"\n")).collect();
    let text = format!(
        "v,e,i,p,t\n{rows}zz,page_view,,/,{}\n",
        if unit.columns.time_unit == source::TimeUnit::Iso { "2000-01-01" } else { "946684800" }
    );
    let Some(reading) = on_all(&unit, "a.csv", text) else { return };
    let events = reading.unwrap().events;
    for (row, (time, expected)) in cases.iter().enumerate() {
        let event = events.iter().find(|event| event.contains(&format!("|v{row:02}|")));
        let found = event.map(|event| event.split('|').next().unwrap().parse::<i64>().unwrap());
        assert_eq!(found, *expected, "{time:?}");
    }
}

#[test]
fn times_are_read_with_and_without_a_zone_and_refused_beyond_sense() {
    let noon = 1_795_780_800_000;
    times(
        "iso",
        &[
            ("2026-11-27T12:00:00Z", Some(noon)),
            ("2026-11-27T12:00:00.125Z", Some(noon + 125)),
            ("2026-11-27 12:00:00", Some(noon)),
            ("2026-11-27T12:00:00", Some(noon)),
            ("2026-11-27 13:00:00 +0100", Some(noon)),
            ("2026-11-27T13:00:00+01:00", Some(noon)),
            ("2026-11-27 07:00:00-0500", Some(noon)),
            ("2026-11-27 12:00:00 UTC", Some(noon)),
            ("2026-11-27", Some(noon - 12 * 3_600_000)),
            ("2026-02-30", None),
            ("27.11.2026", None),
            ("soon", None),
            ("9999-12-31T23:59:59Z", None),
            ("1969-12-31T23:59:59Z", None),
        ],
    );
    times(
        "s",
        &[
            ("1795780800", Some(noon)),
            ("1795780800.125", Some(noon + 125)),
            ("1.7957808e9", Some(noon)),
            ("0", Some(0)),
            ("-1", None),
            ("NaN", None),
            ("Infinity", None),
            ("253402300799", None),
            ("1e300", None),
            ("2026-11-27", None),
        ],
    );
    times(
        "ms",
        &[("1795780800125", Some(noon + 125)), ("1795780800125.9", Some(noon + 125)), ("1795780800125000", None)],
    );
    times("us", &[("1795780800125999", Some(noon + 125)), ("1795780800125", Some(1_795_780_800))]);
}

#[test]
fn each_kind_of_bad_row_is_counted_and_named() {
    let long = "x".repeat(513);
    let text = format!(
        "t,v,e,i,p
2026-11-27,ada,view_item,b-7,
,ada,view_item,b-7,
soon,ada,view_item,b-7,
2100-01-01,ada,view_item,b-7,
2026-11-27,,view_item,b-7,
2026-11-27,ada,,b-7,
2026-11-27,ada,view_item,{long},
2026-11-27,ada,view_item,,/x/{long}
2026-11-27
"
    );
    let Some(reading) = on_all(&map(FLAT), "a.csv", text) else { return };
    let reading = reading.unwrap();
    assert_eq!(reading.events, ["1795737600000|20784|ada||view_item|view|b-7|||||||a.csv"]);
    let expected = [
        "item has more than 512 characters: 1",
        "page has more than 512 characters: 1",
        "the event is missing: 1",
        "the time cannot be read: 1",
        "the time is before 1970 or after 2099: 1",
        "the time is missing: 1",
        "the visitor is missing: 2",
    ];
    assert_eq!(reading.bad, expected);
}

#[test]
fn a_log_without_one_good_row_is_refused_with_its_reasons() {
    let Some(reading) =
        on_all(&map(FLAT), "a.csv", "t,v,e,i,p\nsoon,ada,view_item,b,\nlater,ada,view_item,b,\n,ada,view_item,b,\n")
    else {
        return;
    };
    let expected = "no row of the log can be read: the time cannot be read (such as \"later\"): 2; \
                    the time is missing (such as \"\"): 1";
    assert_eq!(reading.unwrap_err(), expected);
    let Some(empty) = on_all(&map(FLAT), "a.csv", "t,v,e,i,p\n") else { return };
    assert_eq!(empty.unwrap_err(), "no row of the log can be read: it has no rows");
    let Some(other) = on_all(&map(FLAT), "a.csv", "t,v,e,i,p\n2026-11-27,ada,scroll,b,\n") else { return };
    assert_eq!(other.unwrap_err(), "no row of the log counts: event scroll is of no kind: 1");
}

#[test]
fn hostile_texts_stay_texts() {
    let quoted = "O'Brien \\ \"\"; DROP TABLE raw; --";
    let text = format!(
        "t,v,e,i,p\n2026-11-27,\"{quoted}\",view_item,\"two\nlines, and a comma\",\"/a'b\"\n\
         2026-11-27,{{}},view_item,\u{1F97E} ,https://shop.example:8080//?q#f\n2026-11-27,bob,view_item,{},/\n",
        "y".repeat(1_000_000)
    );
    let Some(reading) = on_all(&map(FLAT), "a.csv", text) else { return };
    let reading = reading.unwrap();
    let expected = [
        "1795737600000|20784|O'Brien \\ \"; DROP TABLE raw; --||view_item|view|two\nlines, and a comma||/a'b|||||a.csv",
        "1795737600000|20784|{}||view_item|view|\u{1F97E} ||/|||||a.csv",
    ];
    assert_eq!(reading.events, expected);
    assert_eq!(reading.bad, ["item has more than 512 characters: 1"]);
}

#[test]
fn amounts_are_rounded_half_up_and_left_out_where_they_are_none() {
    let cases = [
        ("9.995", "2", "2|1000|2000"),
        ("0.005", "", "|1|1"),
        ("-1.005", "1", "1|-100|-100"),
        ("1e3", "1.9", "1|100000|100000"),
        ("19.99", "3", "3|1999|5997"),
        ("NaN", "NaN", "||"),
        ("1e12", "1", "1||"),
        ("12 EUR", "-1", "||"),
        ("5", "100001", "|500|500"),
    ];
    let rows: String = cases
        .iter()
        .enumerate()
        .map(|(row, (price, many, _))| format!("2026-11-27,v{row},view_item,i,,{many},{price}\n"))
        .collect();
    let Some(reading) = on_all(&map(FLAT), "a.csv", format!("t,v,e,i,p,q,a\n{rows}")) else { return };
    for (event, (price, many, expected)) in reading.unwrap().events.iter().zip(cases) {
        assert!(event.ends_with(&format!("|{expected}|a.csv")), "{price} times {many}: {event}");
    }
}

#[test]
fn what_was_shown_is_a_row_of_its_own_kind_with_the_variant_for_an_item() {
    let flat = format!("{FLAT}shown = \"s\"\ncategory = \"c\"\n[events]\nview = [\"*\"]\nshown = [\"hero\"]\n");
    let long = "x".repeat(513);
    let text = format!(
        "t,v,e,i,c,p,s\n2026-11-27,ada,hero,b-7,boots,/,tents\n2026-11-27,ada,hero,b-7,boots,/,\n\
         2026-11-27,ada,hero,,,,{long}\n2026-11-27,ada,look,b-7,boots,/,tents\n"
    );
    let Some(reading) = on_all(&map(&flat), "a.csv", &text) else { return };
    let reading = reading.unwrap();
    let look = "1795737600000|20784|ada||look|view|b-7|boots|/|||||a.csv";
    assert_eq!(reading.events, ["1795737600000|20784|ada||hero|shown|tents||/|||||a.csv", look]);
    assert_eq!(reading.bad, ["shown has more than 512 characters: 1"]);
    assert_eq!(reading.left_out, ["event hero does not say which variant was shown: 1"]);
    // Nothing is shown where no column says it, and GA4's event is meant where no event is named.
    let Some(without) = on_all(&map(FLAT), "a.csv", &text) else { return };
    assert!(without.unwrap_err().contains("event hero is of no kind: 3"));
    let ga4 = map(&format!("{FLAT}shown = \"s\"\n"));
    let Some(named) = on_all(&ga4, "a.csv", text.replace("hero", "experience_impression")) else { return };
    assert_eq!(named.unwrap().events.len(), 1);
}

#[test]
fn json_that_is_none_is_a_bad_row_and_what_is_missing_in_it_is_null() {
    let nested = map(r#"
[columns]
time = "t"
time_unit = "ms"
visitor = "u.id"
event = "e"
item = "items[].id"
page = "p[key=url].v"
"#);
    let text = r#"{"t":1795780800000,"u":{"id":7},"e":"view_item","items":[{"id":"a\"b"},{"id":null},{}]}

{"t":"1795780800001","u":{"id":"x"},"e":"page_view","items":null,"p":[{"key":"no","v":"/no"},{"key":"url","v":"/yes"}]}
{"t":1795780800002,"u":{"id":"y"},"e":"page_view","items":{"id":"no array"},"p":"none"}
{"t":1795780800003,
not json
"#;
    let Some(reading) = on_all(&nested, "a.ndjson", text) else { return };
    let reading = reading.unwrap();
    let expected = [
        "1795780800000|20784|7||view_item|view|a\"b|||||||a.ndjson",
        "1795780800001|20784|x||page_view|page|||/yes|||||a.ndjson",
    ];
    assert_eq!(reading.events, expected);
    assert_eq!(reading.bad, ["the line is not JSON: 2"]);
    let left_out = ["event page_view is about no item or page: 1", "event view_item is about no item or page: 2"];
    assert_eq!(reading.left_out, left_out);
}

#[test]
fn nested_parquet_is_read_as_the_same_json_is() {
    let ga4 = Map::ready("ga4").unwrap().unwrap();
    let json = crate::source::reading::fixtures("ga4").join("events_20261127.json");
    for (name, mut engine) in engines() {
        let expected = read(engine.as_mut(), &ga4, &json).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("events_20261127");
        // Both engines can make nested columns, each by a function of its own.
        let json_file = match engine.dialect() {
            Dialect::DuckDb => format!("read_json('{}', format = 'newline_delimited')", json.display()),
            Dialect::Spark => format!("json.`{}`", json.display()),
        };
        let select = format!(
            "SELECT CAST(event_timestamp AS BIGINT) AS event_timestamp, event_name, user_pseudo_id, event_params, \
             items, ecommerce FROM {json_file}"
        );
        engine.run_model("nested", &select).unwrap();
        engine.export("nested", &out).unwrap();
        for table in ["read_rows", "bad_rows", "left_out"] {
            engine.drop_table(table).unwrap();
        }
        let own = read(engine.as_mut(), &ga4, &out).unwrap();
        let without_file = |event: &String| event.rsplit_once('|').unwrap().0.to_owned();
        let events = |reading: &Reading| reading.events.iter().map(without_file).collect::<Vec<String>>();
        assert_eq!(events(&own), events(&expected), "{name}");
        assert_eq!((own.bad, own.left_out), (expected.bad, expected.left_out), "{name}");
    }
}

#[test]
fn a_map_says_all_that_is_wrong_with_it_and_what_was_meant() {
    let text = r#"formt = "csv"
format = "tsv"
[columns]
time = "t"
time_unit = "sec"
visitr = "v"
item = "a["
price = 3
page = { frm = "x" }
[events]
view = "view_item"
shown = ["hero"]
[[keep]]
column = "x"
[[drop]]
is = ["a"]
"#;
    let expected = "map.toml: formt is unknown, the nearest key is format
map.toml: format is \"tsv\", expected \"csv\" or \"ndjson\" or \"parquet\" or \"lines\"
map.toml: columns.visitr is unknown, the nearest key is visitor
map.toml: columns.time_unit is \"sec\", expected \"s\" or \"ms\" or \"us\" or \"iso\" or \"access-log\"
map.toml: columns.visitor is missing, expected a column
map.toml: columns.item is \"a[\", expected a path with a ] for each [
map.toml: columns.page is { frm = \"x\" }, expected a column, \
                    { text = ... }, { join = [...] } or { from = ..., extract = ... }
map.toml: columns.price is 3, expected a column, { text = ... }, { join = [...] } or { from = ..., extract = ... }
map.toml: events.view is \"view_item\", expected a list of texts
map.toml: columns.shown is missing, expected the column that says which variant was shown
map.toml: keep[0] expected either is, a list of values, or matches, a regular expression
map.toml: drop[0].column is missing";
    assert_eq!(Map::read(text, "map.toml").unwrap_err().to_string(), expected);
    let error = Map::read("[columns\n", "map.toml").unwrap_err().to_string();
    assert!(error.starts_with("map.toml: is not TOML: TOML parse error at line 1"), "{error}");
}

#[test]
fn two_arrays_beside_each_other_are_no_map() {
    let text = "[columns]\ntime = \"t\"\ntime_unit = \"s\"\nvisitor = \"v\"\nitem = \"a[].id\"\ncategory = \"b[].c\"\n";
    let error = Map::read(text, "map.toml").unwrap_err().to_string();
    assert!(error.contains("repeats rows beside"), "{error}");
}

#[test]
fn a_column_that_no_file_has_is_named_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "a.csv", "T,visitor_id,i\n");
    let text = FLAT.replace("\"v\"", "\"visitorid\"").replace("\"t\"", "\"T\"");
    let map = map(&text);
    let files = source::files(&path, &map).unwrap();
    let error = source::select(&map, &files, Dialect::Spark, "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no file has the column visitorid that the map has for visitor, the nearest is visitor_id"
    );
    assert_eq!(source::absent(&map, &files), ["a", "e", "p", "q", "visitorid"]);
}

#[test]
fn a_folder_a_pattern_and_a_file_are_logs_and_other_formats_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["day=1/a.csv", "day=2/b.csv", "day=2/_SUCCESS", ".hidden.csv", "README.md"] {
        write(at, name, "t,v,i\n");
    }
    let flat = map(FLAT);
    let found = |path: &Path| source::files(path, &flat);
    let names = |path: &Path| {
        found(path).unwrap().paths.iter().map(|path| path.strip_prefix(at).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let both = [PathBuf::from("day=1/a.csv"), PathBuf::from("day=2/b.csv")];
    assert_eq!(names(at), both);
    assert_eq!(names(&at.join("**/*.csv"))[1..], both);
    assert_eq!(names(&at.join("day=?/*.csv")), both);
    assert_eq!(names(&at.join("day=2/b.csv")), both[1..]);
    let notes = found(at).unwrap().notes;
    assert_eq!(notes, [format!("{}: left out, by its name it is no log", at.join("README.md").display())]);
    write(at, "day=3/c.parquet", "");
    let error = found(at).unwrap_err().to_string();
    assert!(error.ends_with("c.parquet: is not csv, as its name says, expected files of one format"), "{error}");
    assert!(found(&at.join("none.csv")).unwrap_err().to_string().ends_with("none.csv: is not there"));
    assert!(found(&at.join("*.ndjson")).unwrap_err().to_string().ends_with("no file of a log is there"));
}

#[test]
fn spark_gets_its_own_sql() {
    let ga4 = Map::ready("ga4").unwrap().unwrap();
    let files = source::files(&crate::source::reading::fixtures("ga4"), &ga4).unwrap();
    let sql = source::select(&ga4, &files, Dialect::Spark, "it's").unwrap();
    for part in
        ["LATERAL VIEW OUTER POSEXPLODE(from_json(", "get_json_object(line, '$[\\'event_name\\']')", "TRY_CAST("]
    {
        assert!(sql.rows.contains(part), "{part}: {}", sql.rows);
    }
    for part in ["json_extract", "UNNEST", "VARCHAR"] {
        assert!(!sql.rows.contains(part), "{part}: {}", sql.rows);
    }
}
