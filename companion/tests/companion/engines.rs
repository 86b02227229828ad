//! Every engine reads, counts and writes the same.

use std::path::{Path, PathBuf};

use crate::support::{engines, rows, rows_of};
use tailorbird_companion::engine::{EngineError, Format};

/// Files of a folder that is gone after the test.
fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn files_are_read_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let first = file(
        at,
        "a b/first.csv",
        "\u{feff}id,name,The price\r\n1,\"a \"\"q\"\", b\",\r\n2,\"two\nlines\",\"\"\r\n3, sp ,1\r\n\
         4,short\r\n5,é\\n,'\r\n",
    );
    let second = file(at, "second.csv", "name,id\nx,6\n\"\",7\n");
    let lines = file(at, "lines.log", "{\"a\": \"b, \\\"c\\\"\"}\n\n1 - \"GET /\" \\x01 'é'\r\nthe last");
    for (name, mut engine) in engines() {
        engine.read("tables", Format::Csv, &[first.clone(), second.clone()]).unwrap();
        let select = "SELECT id, name, \"The price\" AS price, tb_file FROM tables";
        assert_eq!(engine.run_model("csv", select).unwrap(), 7, "{name}");
        let (one, two) = (first.display(), second.display());
        let expected = [
            "id BYTE_ARRAY\tname BYTE_ARRAY\tprice BYTE_ARRAY\ttb_file BYTE_ARRAY".to_owned(),
            format!("1\ta \\\"q\\\", b\tnull\t{one}"),
            format!("2\ttwo\\nlines\tnull\t{one}"),
            format!("3\t sp \t1\t{one}"),
            format!("4\tshort\tnull\t{one}"),
            format!("5\té\\\\n\t\\'\t{one}"),
            format!("6\tx\tnull\t{two}"),
            format!("7\tnull\tnull\t{two}"),
        ];
        assert_eq!(rows(&mut *engine, "csv"), expected, "{name}");

        for format in [Format::Lines, Format::Ndjson] {
            engine.read("texts", format, std::slice::from_ref(&lines)).unwrap();
            let file = lines.display();
            let expected = [
                "line BYTE_ARRAY\ttb_file BYTE_ARRAY".to_owned(),
                format!("1 - \\\"GET /\\\" \\\\x01 \\'é\\'\t{file}"),
                format!("the last\t{file}"),
                format!("{{\\\"a\\\": \\\"b, \\\\\\\"c\\\\\\\"\\\"}}\t{file}"),
            ];
            assert_eq!(rows(&mut *engine, "texts"), expected, "{name}");
        }
    }
}

#[test]
fn a_long_file_may_have_newlines_in_quotes_and_short_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "id,name,x\n".to_owned();
    for id in 0..200_000 {
        text.push_str(&match id % 5 {
            0 => format!("{id},short\n"),
            _ => format!("{id},\"some \"\"quoted\"\"\nlines of text, and more\",x{id}\n"),
        });
    }
    let file = file(folder.path(), "long.csv", text);
    for (name, mut engine) in engines() {
        engine.read("long", Format::Csv, std::slice::from_ref(&file)).unwrap();
        let select =
            "SELECT COUNT(*) AS n, COUNT(x) AS whole, CAST(SUM(CAST(id AS BIGINT)) AS BIGINT) AS ids FROM long";
        engine.run_model("counts", select).unwrap();
        let expected = ["n INT64\twhole INT64\tids INT64", "200000\t160000\t19999900000"];
        assert_eq!(rows(&mut *engine, "counts"), expected, "{name}");
    }
}

#[test]
fn what_one_engine_writes_every_engine_reads_in_folders_by_day_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let select = "SELECT CAST(i AS BIGINT) AS i, t, CAST(d AS BIGINT) AS day, CAST(i AS DOUBLE) / 4E0 AS share \
                  FROM (VALUES (1, 'a', 20000), (2, 'é', 20001), (3, NULL, 20001)) AS v(i, t, d)";
    let mut written = Vec::new();
    for (name, mut engine) in engines() {
        assert_eq!(engine.run_model("days", select).unwrap(), 3, "{name}");
        let whole = folder.path().join(format!("{name} whole"));
        engine.export("days", &whole).unwrap();
        let expected = [
            "i INT64\tt BYTE_ARRAY\tday INT64\tshare DOUBLE",
            "1\ta\t20000\t0.25",
            "2\té\t20001\t0.5",
            "3\tnull\t20001\t0.75",
        ];
        assert_eq!(rows_of(&whole), expected, "{name}");

        let parts = folder.path().join(format!("{name} parts"));
        std::fs::create_dir(&parts).unwrap();
        let names = ["day=20000", "day=20001"];
        for (table, day) in ["first", "second"].into_iter().zip(names) {
            let select = format!("SELECT i, t, share FROM days WHERE {}", day.replace('=', " = "));
            engine.run_model(table, &select).unwrap();
            engine.export(table, &parts.join(day)).unwrap();
        }
        let again = engine.export("first", &parts.join("day=20000")).unwrap_err();
        assert!(matches!(again, EngineError::File { .. }), "{name}: {again}");

        assert_eq!(engine.run_model("none", "SELECT i, day FROM days WHERE i > 3").unwrap(), 0, "{name}");
        assert_eq!(rows(&mut *engine, "none"), ["i INT64\tday INT64"], "{name}: an empty table has columns");
        written.extend(names.iter().flat_map(|name| std::fs::read_dir(parts.join(name)).unwrap().collect::<Vec<_>>()));
    }
    let files: Vec<PathBuf> = written.into_iter().map(|entry| entry.unwrap().path()).collect();
    for (name, mut engine) in engines() {
        engine.read("back", Format::Parquet, &files).unwrap();
        let select = "SELECT i, t, share, day, COUNT(*) AS times FROM back GROUP BY i, t, share, day";
        engine.run_model("counted", select).unwrap();
        let times = files.len() / 2;
        let expected = [
            "i INT64\tt BYTE_ARRAY\tshare DOUBLE\tday INT64\ttimes INT64".to_owned(),
            format!("1\ta\t0.25\t20000\t{times}"),
            format!("2\té\t0.5\t20001\t{times}"),
            format!("3\tnull\t0.75\t20001\t{times}"),
        ];
        assert_eq!(rows(&mut *engine, "counted"), expected, "{name}");
        engine.define("paths", "SELECT DISTINCT tb_file FROM back").unwrap();
        let mut expected: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        expected.sort();
        assert_eq!(rows(&mut *engine, "paths").get(1..).unwrap(), expected, "{name}");
    }
}

#[test]
fn tables_are_forgotten_views_are_replaced_and_errors_name_what_was_to_be_made() {
    for (name, mut engine) in engines() {
        engine.define("numbers", "SELECT CAST(1 AS BIGINT) AS n;\n").unwrap();
        engine.define("numbers", "SELECT CAST(n AS BIGINT) AS n FROM (VALUES (7), (8)) AS v(n) -- two\n").unwrap();
        assert_eq!(engine.run_model("kept", "SELECT n FROM numbers").unwrap(), 2, "{name}");
        engine.drop_table("kept").unwrap();
        assert_eq!(engine.run_model("kept", "SELECT n FROM numbers WHERE n = 7").unwrap(), 1, "{name}: made anew");
        assert_eq!(rows(&mut *engine, "kept"), ["n INT64", "7"], "{name}");
    }
    let none = PathBuf::from("/nowhere/at/all.csv");
    type Wrong = fn(&mut dyn tailorbird_companion::engine::Engine, &Path) -> Result<u64, EngineError>;
    let cases: [(&str, Wrong, &str); 6] = [
        ("no_column", |engine, _| engine.run_model("no_column", "SELECT nothing FROM (SELECT 1 AS n) AS v"), "nothing"),
        ("no_syntax", |engine, _| engine.define("no_syntax", "SELEC 1").map(|()| 0), "SELEC"),
        ("no_file", |engine, none| engine.read("no_file", Format::Csv, &[none.to_owned()]).map(|()| 0), "all.csv"),
        ("no_table", |engine, _| engine.drop_table("no_table").map(|()| 0), "no_table"),
        (
            "no_number",
            |engine, _| engine.run_model("no_number", "SELECT CAST(t AS BIGINT) AS n FROM (VALUES ('x')) AS v(t)"),
            "BIGINT",
        ),
        (
            "twice",
            |engine, _| {
                let select = "SELECT CAST(1 AS BIGINT) AS n";
                engine.run_model("twice", select).and_then(|_| engine.run_model("twice", select))
            },
            "already",
        ),
    ];
    // An engine may end with an error, so DuckDB starts anew for each; Spark takes some seconds to start, and does not.
    let mut all = engines();
    for (table, wrong, said) in cases {
        for (name, engine) in &mut all {
            let error = wrong(&mut **engine, &none).unwrap_err();
            let EngineError::Refused { table: named, why } = &error else { panic!("{name}: {error}") };
            assert_eq!(named, table, "{name}");
            assert!(why.contains(said), "{name}: {why}");
            assert!(why.lines().count() <= 12, "{name}: {why}");
            if *name == "DuckDB" {
                let settings = tailorbird_companion::engine::duckdb::Settings {
                    program: crate::support::duckdb_program().unwrap(),
                    ..Default::default()
                };
                *engine = Box::new(tailorbird_companion::engine::duckdb::DuckDb::start(&settings).unwrap());
            }
        }
    }
}
