//! Events in the order in which visitors had them.

use std::fs;

use crate::support::engines;
use tailorbird_companion::engine::{Dialect, Engine};
use tailorbird_companion::visits::{self, Visited, Visits, VisitsError};
use tempfile::TempDir;

/// `events` of rows of visitor, session, ts, kind, name, item, order and price.
fn events(rows: &str) -> String {
    format!(
        "SELECT CAST(ts AS BIGINT) AS ts, CAST(0 AS BIGINT) AS day, visitor, CAST(session AS STRING) AS session, name, \
         kind, item, CAST(NULL AS STRING) AS category, CAST(NULL AS STRING) AS page, \
         CAST(order_id AS STRING) AS order_id, CAST(NULL AS BIGINT) AS quantity, CAST(price AS BIGINT) AS price, \
         CAST(NULL AS BIGINT) AS value, 'a.csv' AS file FROM \
         (VALUES {rows}) AS log(visitor, session, ts, kind, name, item, order_id, price)"
    )
}

/// What an engine writes of a table `events`, and its folder.
fn written(engine: &mut dyn Engine, select: &str) -> (TempDir, Visits) {
    engine.run_model("events", select).unwrap();
    let folder = tempfile::tempdir().unwrap();
    visits::write(engine, &folder.path().join("visits")).unwrap();
    let rows = Visits::open(&folder.path().join("visits")).unwrap();
    (folder, rows)
}

/// DuckDB, if it is here.
fn duckdb() -> Option<Box<dyn Engine>> {
    engines().into_iter().map(|(_, engine)| engine).find(|engine| engine.dialect() == Dialect::DuckDb)
}

#[test]
fn sessions_follow_each_other_and_events_of_one_moment_have_an_order() {
    let rows = "('b', NULL, 5, 'view', 'view_item', 'i1', NULL, NULL), \
                ('a', 's2', 90, 'view', 'view_item', 'i9', NULL, NULL), \
                ('a', 's1', 100, 'view', 'view_item', 'i2', NULL, NULL), \
                ('a', 's1', 10, 'view', 'view_item', 'i1', NULL, 950), \
                ('a', 's2', 90, 'page', 'page_view', NULL, NULL, NULL), \
                ('a', 's2', 95, 'purchase', 'purchase', 'i4', 'o2', NULL), \
                ('a', 's2', 95, 'purchase', 'purchase', 'i3', 'o1', NULL), \
                ('a', 's2', 95, 'purchase', 'purchase', 'i1', 'o2', NULL), \
                ('a', 's2', 1, 'shown', 'experience_impression', 'hero-1', NULL, NULL)";
    for (engine_name, mut engine) in engines() {
        let (_folder, visits) = written(engine.as_mut(), &events(rows));
        assert_eq!(visits.rows(), 8, "{engine_name}");
        let told: Vec<String> = visits
            .map(|row| {
                let row = row.unwrap();
                let or = |text: Option<String>| text.unwrap_or("-".to_owned());
                format!("{} {} {} {} {}", row.visitor, or(row.session), row.ts, or(row.order_id), or(row.item))
            })
            .collect();
        let expected = [
            "a s1 10 - i1",
            "a s1 100 - i2",
            "a s2 90 - -",
            "a s2 90 - i9",
            "a s2 95 o1 i3",
            "a s2 95 o2 i1",
            "a s2 95 o2 i4",
            "b - 5 - i1",
        ];
        assert_eq!(told, expected, "{engine_name}");
    }
}

#[test]
fn a_row_comes_back_as_it_was() {
    let select = "SELECT CAST(1772445600000 AS BIGINT) AS ts, CAST(20514 AS BIGINT) AS day, 'Zoë ''1''' AS visitor, \
                  's 1' AS session, 'purchase' AS name, 'purchase' AS kind, 'b-7' AS item, 'boots' AS category, \
                  '/thanks' AS page, 'o-1' AS order_id, CAST(2 AS BIGINT) AS quantity, CAST(12950 AS BIGINT) AS price, \
                  CAST(25900 AS BIGINT) AS value, 'a.csv' AS file";
    let text = |text: &str| Some(text.to_owned());
    let expected = Visited {
        visitor: "Zoë '1'".to_owned(),
        session: text("s 1"),
        ts: 1_772_445_600_000,
        kind: "purchase".to_owned(),
        name: "purchase".to_owned(),
        item: text("b-7"),
        category: text("boots"),
        page: text("/thanks"),
        order_id: text("o-1"),
        quantity: Some(2),
        price: Some(12_950),
        value: Some(25_900),
    };
    for (name, mut engine) in engines() {
        let (_folder, mut visits) = written(engine.as_mut(), select);
        assert_eq!(visits.next().unwrap().unwrap(), expected, "{name}");
        assert!(visits.next().is_none(), "{name}");
    }
}

#[test]
fn several_row_groups_come_back_in_order_and_whole() {
    // A row group of DuckDB has 122,880 rows.
    let select = "SELECT CAST(i // 7 AS BIGINT) AS ts, CAST(0 AS BIGINT) AS day, \
                  'v' || CAST(i % 1000 AS STRING) AS visitor, CAST(NULL AS STRING) AS session, 'view_item' AS name, \
                  'view' AS kind, 'i' || CAST(i % 13 AS STRING) AS item, CAST(NULL AS STRING) AS category, \
                  CAST(NULL AS STRING) AS page, CAST(NULL AS STRING) AS order_id, CAST(NULL AS BIGINT) AS quantity, \
                  CAST(NULL AS BIGINT) AS price, CAST(NULL AS BIGINT) AS value, 'a' AS file \
                  FROM range(300000) AS numbers(i)";
    let Some(mut engine) = duckdb() else { return };
    let (_folder, visits) = written(engine.as_mut(), select);
    let mut last = (String::new(), 0);
    let mut count = 0;
    for row in visits {
        let row = row.unwrap();
        let next = (row.visitor, row.ts);
        assert!(last <= next, "{last:?} {next:?}");
        (last, count) = (next, count + 1);
    }
    assert_eq!(count, 300_000);
}

#[test]
fn what_is_damaged_is_told_and_ends_the_rows() {
    let row = "('a', 's1', 10, 'view', 'view_item', 'i1', NULL, 950)";
    let Some(mut engine) = duckdb() else { return };
    let (folder, _) = written(engine.as_mut(), &events(row));
    let folder = folder.path().join("visits");
    let path = folder.join("part-0.parquet");
    let whole = fs::read(&path).unwrap();
    let told = || match Visits::open(&folder) {
        Ok(visits) => visits.filter_map(Result::err).map(|error| error.to_string()).collect::<Vec<_>>(),
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(told(), Vec::<String>::new());

    for (bytes, why) in [(&b"no parquet"[..], "no Parquet file"), (&whole[..whole.len() - 9], "cut off")] {
        fs::write(&path, bytes).unwrap();
        let told = told();
        assert!(told.len() == 1 && told[0].contains("part-0.parquet is damaged: "), "{why}: {told:?}");
    }
    // Whatever is flipped, rows come or an error does, and no more after it.
    for place in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[place] ^= 0xff;
        fs::write(&path, flipped).unwrap();
        assert!(told().len() <= 1, "byte {place}");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(Visits::open(&folder).unwrap().rows(), 0, "a folder without files has no rows");
    assert!(matches!(Visits::open(&folder.join("nowhere")), Err(VisitsError::File { .. })));
}

#[test]
fn files_of_other_columns_and_rows_out_of_order_are_refused() {
    let row = |visitor: &str| format!("('{visitor}', 's1', 10, 'view', 'view_item', 'i1', NULL, 950)");
    let (Some(mut engine), Some(mut another)) = (duckdb(), duckdb()) else { return };
    let (one, _) = written(engine.as_mut(), &events(&row("b")));
    let (other, _) = written(another.as_mut(), &events(&row("a")));
    let folder = one.path().join("visits");
    fs::copy(other.path().join("visits/part-0.parquet"), folder.join("part-1.parquet")).unwrap();
    let told: Vec<_> = Visits::open(&folder).unwrap().collect();
    assert!(matches!(&told[..], [Ok(_), Err(VisitsError::Unordered { visitor, .. })] if visitor == "a"), "{told:?}");

    engine.run_model("others", "SELECT 1 AS one").unwrap();
    engine.export("others", &one.path().join("others")).unwrap();
    let told = Visits::open(&one.path().join("others")).err().unwrap();
    assert!(told.to_string().ends_with("has other columns than events in order: one"), "{told}");
}
