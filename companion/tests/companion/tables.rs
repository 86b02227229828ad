//! Tables that an engine has written are read row by row.

use std::fmt::Write as _;

use crate::support::engines;
use tailorbird_companion::engine::Format;
use tailorbird_companion::tables;

#[test]
fn the_rows_of_a_large_table_are_all_read_and_a_value_that_is_missing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("numbers.csv");
    let mut text = "number,text\n".to_owned();
    for number in 0..20_000 {
        let _ = writeln!(text, "{number},{}", if number % 5 == 0 { String::new() } else { format!("n-{number}") });
    }
    std::fs::write(&file, text).unwrap();
    for (name, mut engine) in engines() {
        engine.read("raw", Format::Csv, std::slice::from_ref(&file)).unwrap();
        let select = "SELECT CAST(number AS BIGINT) AS large, CAST(number AS INT) AS number, text FROM raw";
        engine.run_model("numbers", select).unwrap();
        let written = folder.path().join(name);
        engine.export("numbers", &written).unwrap();
        let (mut numbers, mut wrong) = (Vec::new(), Vec::new());
        tables::rows(&written, |row| {
            let number = row.number(0)?;
            assert_eq!(row.number(1)?, number, "{name}");
            match row.text(2) {
                Ok(text) => assert_eq!(text, format!("n-{number}"), "{name}"),
                Err(error) => wrong.push((number % 5, error.to_string())),
            }
            numbers.push(number);
            Ok(())
        })
        .unwrap();
        numbers.sort_unstable();
        assert!(numbers == (0..20_000).collect::<Vec<i64>>(), "{name}: {} rows", numbers.len());
        assert_eq!(wrong.len(), 4_000, "{name}");
        for (rest, error) in wrong {
            assert_eq!(rest, 0, "{name}: {error}");
            assert!(error.ends_with("column 2 of a row is not a text"), "{name}: {error}");
        }
        let all = tables::rows(&written, |row| row.number(2).map(|_| ()));
        assert!(all.unwrap_err().to_string().ends_with("column 2 of a row is not a whole number"), "{name}");
    }
}
