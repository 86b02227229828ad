//! The engines that tests run on, and what is in their tables.
#![allow(dead_code, reason = "not every test needs all of it")]

mod shared_spark;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use shared_spark::SharedSpark;
use tailorbird_companion::engine::Engine;
use tailorbird_companion::engine::duckdb::{self, DuckDb};
use tailorbird_companion::engine::spark::{self, Spark};

/// Every engine that is here, each with its name. DuckDB is the program that `TAILORBIRD_DUCKDB` names, or that of
/// `target/tools` (`scripts/setup.mjs` brings it), or the one in `PATH`. Spark takes its time, and so runs only with
/// `TAILORBIRD_SPARK=1`: that of `TAILORBIRD_SPARK_SUBMIT`, `target/tools`, `SPARK_HOME` or `PATH`. One that should run
/// and is not here is told on standard error.
pub fn engines() -> Vec<(&'static str, Box<dyn Engine>)> {
    let mut engines: Vec<(&'static str, Box<dyn Engine>)> = Vec::new();
    if let Some(program) = duckdb_program() {
        engines.push(("DuckDB", Box::new(start_duckdb(program, &std::env::temp_dir()))));
    }
    #[cfg(feature = "embedded")]
    engines.push(("DuckDB embedded", Box::new(start_embedded(&std::env::temp_dir()))));
    if let Some(program) = spark_program() {
        engines.push(("Spark", Box::new(SharedSpark::take(|temp| start_spark(program, temp)))));
    }
    engines
}

/// The same, no test's but this one's, with a folder for what they keep while they run.
pub fn engines_in(temp: &Path) -> Vec<(&'static str, Box<dyn Engine>)> {
    let mut engines: Vec<(&'static str, Box<dyn Engine>)> = Vec::new();
    if let Some(program) = duckdb_program() {
        engines.push(("DuckDB", Box::new(start_duckdb(program, temp))));
    }
    #[cfg(feature = "embedded")]
    engines.push(("DuckDB embedded", Box::new(start_embedded(temp))));
    if let Some(program) = spark_program() {
        engines.push(("Spark", Box::new(start_spark(program, temp))));
    }
    engines
}

fn start_duckdb(program: PathBuf, temp: &Path) -> DuckDb {
    let settings = duckdb::Settings { program, threads: Some(2), temp: Some(temp.to_owned()), ..Default::default() };
    DuckDb::start(&settings).unwrap()
}

#[cfg(feature = "embedded")]
fn start_embedded(temp: &Path) -> duckdb::embedded::Embedded {
    let settings = duckdb::Settings { threads: Some(2), temp: Some(temp.to_owned()), ..Default::default() };
    duckdb::embedded::Embedded::start(&settings).unwrap()
}

fn start_spark(program: PathBuf, temp: &Path) -> Spark {
    // There is too little to do for the better of Java's compilers to be of use.
    let conf = vec![("spark.driver.extraJavaOptions".to_owned(), "-XX:TieredStopAtLevel=1".to_owned())];
    let temp = Some(temp.to_owned());
    let settings = spark::Settings { program, threads: Some(2), temp, conf, ..Default::default() };
    Spark::start(&settings).unwrap()
}

/// DuckDB's command.
pub fn duckdb_program() -> Option<PathBuf> {
    found(Some("TAILORBIRD_DUCKDB"), &[tools().join("duckdb")], "duckdb").or_else(|| skipped("duckdb"))
}

/// Spark's command, where it is wanted.
pub fn spark_program() -> Option<PathBuf> {
    if std::env::var_os("TAILORBIRD_SPARK").is_none_or(|wanted| wanted != "1") {
        return None;
    }
    if found(None, &[home("JAVA_HOME").join("bin/java")], "java").is_none() {
        return skipped("spark's java");
    }
    let places = [tools().join("spark/bin/spark-submit"), home("SPARK_HOME").join("bin/spark-submit")];
    found(Some("TAILORBIRD_SPARK_SUBMIT"), &places, "spark-submit").or_else(|| skipped("spark"))
}

fn skipped(program: &str) -> Option<PathBuf> {
    // `eprintln!` is not seen of a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {program} is not here");
    None
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools")
}

fn home(variable: &str) -> PathBuf {
    std::env::var_os(variable).map(PathBuf::from).unwrap_or_default()
}

/// What a variable names; or else the first of the places, or what is in `PATH`.
fn found(variable: Option<&str>, places: &[PathBuf], name: &str) -> Option<PathBuf> {
    if let Some(named) = variable.and_then(std::env::var_os) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).map(|folder| folder.join(name));
    places.iter().cloned().chain(in_path).find(|place| place.is_file())
}

/// What is in a table, whichever engine made it: the names and types of its columns, then its rows in order, each
/// between tabs.
pub fn rows(engine: &mut dyn Engine, table: &str) -> Vec<String> {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join(table);
    engine.export(table, &folder).unwrap();
    rows_of(&folder)
}

/// What is in the Parquet files of a folder, those of folders in it not included.
pub fn rows_of(folder: &Path) -> Vec<String> {
    let mut header = String::new();
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap_or_default(), "parquet", "{}", path.display());
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
        let columns = columns.iter().map(|column| format!("{} {}", column.name(), column.physical_type()));
        header = columns.collect::<Vec<_>>().join("\t");
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            rows.push(row.get_column_iter().map(|(_, field)| written(field)).collect::<Vec<_>>().join("\t"));
        }
    }
    rows.sort();
    rows.insert(0, header);
    rows
}

fn written(field: &Field) -> String {
    match field {
        Field::Null => "null".to_owned(),
        // A newline in a text must not look like another row.
        Field::Str(text) => text.escape_debug().to_string(),
        Field::Double(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// One number for all rows.
pub fn hash(rows: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    rows.hash(&mut hasher);
    hasher.finish()
}
