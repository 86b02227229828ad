//! The part of SQL that models may use: every engine answers what stands here.

use crate::support::{engines, hash, rows};

/// Three rows of a table `t`: a number, an odd text, and a text that sorts by bytes.
const ROWS: &str = "SELECT CAST(n AS BIGINT) AS n, odd, word FROM (VALUES \
                    (-7, ' 12 ', 'Zebra'), (2, '1.5', 'apple'), (9, NULL, 'Äpfel')) AS v(n, odd, word)";

/// Each answers three values, of the rows in order of `n`, and a type as Parquet has it.
const EXPRESSIONS: [(&str, &str, [&str; 3]); 45] = [
    ("CAST(n AS DOUBLE) / 2E0", "DOUBLE", ["-3.5", "1", "4.5"]),
    ("CAST(FLOOR(CAST(n AS DOUBLE) / 4E0) AS BIGINT)", "INT64", ["-2", "0", "2"]),
    ("CAST(FLOOR(CAST(n AS DOUBLE) / 4E0 + 0.5E0) AS BIGINT)", "INT64", ["-2", "1", "2"]),
    ("CAST(FLOOR(CAST(n * 43200000 AS DOUBLE) / 86400000E0) AS BIGINT)", "INT64", ["-4", "1", "4"]),
    ("CAST(CEIL(CAST(n AS DOUBLE) / 4E0) AS BIGINT)", "INT64", ["-1", "1", "3"]),
    ("n % 4", "INT64", ["-3", "2", "1"]),
    ("CAST(ABS(n) AS BIGINT)", "INT64", ["7", "2", "9"]),
    ("GREATEST(n, 2)", "INT64", ["2", "2", "9"]),
    ("LEAST(n, 2)", "INT64", ["-7", "2", "2"]),
    ("SQRT(CAST(n * n AS DOUBLE))", "DOUBLE", ["7", "2", "9"]),
    ("CASE WHEN n > 0 THEN n END", "INT64", ["null", "2", "9"]),
    ("NULLIF(n, 2)", "INT64", ["-7", "null", "9"]),
    ("CAST(NULL AS BIGINT)", "INT64", ["null", "null", "null"]),
    ("n BETWEEN 2 AND 8", "BOOLEAN", ["false", "true", "false"]),
    ("n IN (2, 9)", "BOOLEAN", ["false", "true", "true"]),
    ("odd IS NOT NULL AND odd <> '1.5'", "BOOLEAN", ["true", "false", "false"]),
    ("TRY_CAST(odd AS DOUBLE)", "DOUBLE", ["12", "1.5", "null"]),
    ("TRY_CAST(word AS BIGINT)", "INT64", ["null", "null", "null"]),
    ("TRY_CAST(CONCAT(CAST(n AS STRING), '9999999999999999999') AS BIGINT)", "INT64", ["null", "null", "null"]),
    ("TRY_CAST('1e3' AS DOUBLE) + CAST(n AS DOUBLE)", "DOUBLE", ["993", "1002", "1009"]),
    ("CAST(n AS STRING)", "BYTE_ARRAY", ["-7", "2", "9"]),
    ("COALESCE(TRIM(odd), 'none')", "BYTE_ARRAY", ["12", "1.5", "none"]),
    ("odd || '|'", "BYTE_ARRAY", [" 12 |", "1.5|", "null"]),
    ("CONCAT(COALESCE(odd, ''), '|', word)", "BYTE_ARRAY", [" 12 |Zebra", "1.5|apple", "|Äpfel"]),
    ("LOWER(word)", "BYTE_ARRAY", ["zebra", "apple", "äpfel"]),
    ("UPPER(word)", "BYTE_ARRAY", ["ZEBRA", "APPLE", "ÄPFEL"]),
    ("CAST(LENGTH(word) AS BIGINT)", "INT64", ["5", "5", "5"]),
    ("SUBSTRING(word, 1, 2)", "BYTE_ARRAY", ["Ze", "ap", "Äp"]),
    ("REPLACE(word, 'p', '')", "BYTE_ARRAY", ["Zebra", "ale", "Äfel"]),
    ("word LIKE '%p%e%'", "BOOLEAN", ["false", "true", "true"]),
    // No backslash stands in a text: Spark takes it for an escape.
    ("CAST(LENGTH('it''s') AS BIGINT)", "INT64", ["4", "4", "4"]),
    (
        "MD5(word)",
        "BYTE_ARRAY",
        ["6d122ee3449a0ef3270d7fc17414301a", "1f3870be274f6c49b3e31a0c6728957f", "16114a0b3232bc9a8f978311387e74f2"],
    ),
    ("CAST(ROW_NUMBER() OVER (ORDER BY n) AS BIGINT)", "INT64", ["1", "2", "3"]),
    ("CAST(ROW_NUMBER() OVER (ORDER BY word) AS BIGINT)", "INT64", ["1", "2", "3"]),
    ("CAST(ROW_NUMBER() OVER (ORDER BY word DESC) AS BIGINT)", "INT64", ["3", "2", "1"]),
    ("CAST(ROW_NUMBER() OVER (ORDER BY odd NULLS FIRST) AS BIGINT)", "INT64", ["2", "3", "1"]),
    ("CAST(ROW_NUMBER() OVER (ORDER BY odd DESC NULLS LAST) AS BIGINT)", "INT64", ["2", "1", "3"]),
    ("LAG(n) OVER (ORDER BY n)", "INT64", ["null", "-7", "2"]),
    ("LAG(n, 2) OVER (ORDER BY n)", "INT64", ["null", "null", "-7"]),
    ("LEAD(word, 1) OVER (ORDER BY n)", "BYTE_ARRAY", ["apple", "Äpfel", "null"]),
    (
        "CAST(SUM(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT)",
        "INT64",
        ["-7", "-5", "4"],
    ),
    ("CAST(SUM(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS BIGINT)", "INT64", ["-5", "4", "11"]),
    ("MAX(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)", "INT64", ["null", "-7", "2"]),
    (
        "COUNT(odd) OVER (PARTITION BY n > 0 ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
        "INT64",
        ["1", "1", "1"],
    ),
    (
        "FIRST_VALUE(word) OVER (ORDER BY n DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        "BYTE_ARRAY",
        ["Äpfel", "Äpfel", "Äpfel"],
    ),
];

/// SELECTs as models have them, over a table `pairs`, with the rows they answer.
const PAIRS: &str = "SELECT a, b, CAST(w AS BIGINT) AS w FROM (VALUES \
                     ('x', 'p', 1), ('x', 'p', 2), ('x', 'q', 3), ('y', NULL, 4), ('É', 'p', 5), ('y', 'z', 6)) \
                     AS v(a, b, w)";
const SELECTS: [(&str, &[&str]); 9] = [
    (
        "SELECT a, COUNT(*) AS rows_of_a, COUNT(b) AS some, COUNT(DISTINCT b) AS kinds, \
         CAST(SUM(w) AS BIGINT) AS w_sum, MIN(b) AS least, MAX(b) AS most FROM pairs GROUP BY a",
        &[
            "a BYTE_ARRAY\trows_of_a INT64\tsome INT64\tkinds INT64\tw_sum INT64\tleast BYTE_ARRAY\tmost BYTE_ARRAY",
            "x\t3\t3\t2\t6\tp\tq",
            "y\t2\t1\t1\t10\tz\tz",
            "É\t1\t1\t1\t5\tp\tp",
        ],
    ),
    ("SELECT MIN(a) AS least, MAX(a) AS most FROM pairs", &["least BYTE_ARRAY\tmost BYTE_ARRAY", "x\tÉ"]),
    (
        // Instead of COUNT(DISTINCT a, b), of which engines have different opinions.
        "SELECT COUNT(*) AS pairs_of_two FROM (SELECT DISTINCT a, b FROM pairs) AS p",
        &["pairs_of_two INT64", "5"],
    ),
    ("SELECT a, COUNT(*) AS n FROM pairs GROUP BY a HAVING COUNT(*) > 1", &["a BYTE_ARRAY\tn INT64", "x\t3", "y\t2"]),
    (
        // Nulls are a group of their own, and equal to nothing in a join.
        "SELECT l.b, COUNT(r.b) AS met FROM (SELECT DISTINCT b FROM pairs) AS l LEFT JOIN pairs AS r ON l.b = r.b \
         GROUP BY l.b",
        &["b BYTE_ARRAY\tmet INT64", "null\t0", "p\t3", "q\t1", "z\t1"],
    ),
    (
        "WITH ranked AS (SELECT a, b, w, \
         CAST(ROW_NUMBER() OVER (PARTITION BY a ORDER BY w DESC, a) AS BIGINT) AS place FROM pairs) \
         SELECT a, b, w FROM ranked WHERE place = 1",
        &["a BYTE_ARRAY\tb BYTE_ARRAY\tw INT64", "x\tq\t3", "y\tz\t6", "É\tp\t5"],
    ),
    (
        "SELECT l.a, l.w, r.w AS later FROM pairs AS l JOIN pairs AS r ON l.a = r.a AND r.w > l.w AND r.w - l.w <= 1",
        &["a BYTE_ARRAY\tw INT64\tlater INT64", "x\t1\t2", "x\t2\t3"],
    ),
    (
        "SELECT p.a, k.factor * p.w AS weighted FROM pairs AS p CROSS JOIN (SELECT CAST(10 AS BIGINT) AS factor) AS k \
         WHERE NOT EXISTS (SELECT 1 FROM pairs AS o WHERE o.a = p.a AND o.w > p.w)",
        &["a BYTE_ARRAY\tweighted INT64", "x\t30", "y\t60", "É\t50"],
    ),
    ("SELECT a FROM pairs WHERE w < 3 UNION ALL SELECT b FROM pairs WHERE w = 3", &["a BYTE_ARRAY", "q", "x", "x"]),
];

#[test]
fn every_engine_answers_the_same() {
    let columns: Vec<String> =
        EXPRESSIONS.iter().enumerate().map(|(at, (sql, ..))| format!("{sql} AS x{at}")).collect();
    let select = format!("SELECT n, {} FROM t", columns.join(", "));
    let mut hashes = Vec::new();
    for (name, mut engine) in engines() {
        engine.define("t", ROWS).unwrap();
        engine.define("pairs", PAIRS).unwrap();
        engine.run_model("answers", &select).unwrap();
        let answers = rows(&mut *engine, "answers");
        let cells: Vec<Vec<&str>> = answers.iter().map(|row| row.split('\t').skip(1).collect()).collect();
        let [types, values @ ..] = cells.as_slice() else { panic!("{name}: no rows") };
        let mut wrong = Vec::new();
        for (at, (sql, kind, expected)) in EXPRESSIONS.iter().enumerate() {
            let kind_here = types[at].split(' ').next_back().unwrap();
            let here: Vec<&str> = values.iter().map(|row| row[at]).collect();
            if kind_here != *kind || here != expected {
                wrong.push(format!("{name}: {sql} is {kind_here} {here:?}, not {kind} {expected:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        let mut together = answers;
        for (at, (select, expected)) in SELECTS.iter().enumerate() {
            let table = format!("s{at}");
            engine.run_model(&table, select).unwrap();
            let here = rows(&mut *engine, &table);
            assert_eq!(here, *expected, "{name}: {select}");
            together.extend(here);
        }
        println!("{name}: {:016x}", hash(&together));
        hashes.push(hash(&together));
    }
    assert!(hashes.windows(2).all(|two| two[0] == two[1]), "{hashes:x?}");
}
