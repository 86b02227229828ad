//! Spark, as the user's own `spark-submit`: on this machine, or on the cluster that it is set up for.
//!
//! A short driver in Python is all that runs in it (`spark_driver.py`), in client mode, hence on this machine. It asks
//! for nothing but to be told what to do, by a socket of the loopback interface: `spark-submit` does not pass its
//! standard input on to Python, and mixes Python's output with its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::{Dialect, Engine, EngineError, Format};

const NAME: &str = "Spark";
const HINT: &str = "set SPARK_HOME, or see spark.apache.org; it needs Java 17 and Python 3.9";
const DRIVER: &str = include_str!("spark_driver.py");
/// How long Spark may take to stop before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(10);

/// What makes SQL mean the same as in DuckDB, whatever the cluster's own settings.
const SAME_SQL: [(&str, &str); 6] = [
    ("spark.sql.session.timeZone", "UTC"),
    // A cast that fails and a sum that overflows are errors, as there, and not null or another number.
    ("spark.sql.ansi.enabled", "true"),
    ("spark.sql.ansi.doubleQuotedIdentifiers", "true"),
    // Backslashes escape in Spark's texts. It can be told not to, but then two quotes are no longer one.
    ("spark.sql.parser.escapedStringLiterals", "false"),
    ("spark.sql.caseSensitive", "false"),
    ("spark.sql.parquet.compression.codec", "snappy"),
];

/// How Spark is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The command `spark-submit`: by default that of `SPARK_HOME`, or the one in `PATH`.
    pub program: PathBuf,
    /// What runs the jobs, as `--master` has it: `yarn`, `k8s://…`, `spark://…`. This machine if nobody says.
    pub master: Option<String>,
    /// How much memory its heap takes, as DuckDB writes it: `2GB`. On a cluster, that of each executor. Spark's own
    /// choice if nobody says.
    pub memory: Option<String>,
    /// How many threads it uses on this machine; as many as there are cores if nobody says.
    pub threads: Option<usize>,
    /// Where tables are until the end, in a folder of their own: a local one or an address that Hadoop knows
    /// (`s3a://…`, `hdfs://…`), which all of the cluster reaches. Below [`temp`](Settings::temp) if nobody says.
    pub work: Option<String>,
    /// Where it spills on this machine; the system's folder for temporary files if nobody says. It makes a folder of
    /// its own there.
    pub temp: Option<PathBuf>,
    /// Further settings, such as `spark.executor.instances`.
    pub conf: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Settings {
        let program = std::env::var_os("SPARK_HOME").map(|home| Path::new(&home).join("bin/spark-submit"));
        let program = program.unwrap_or_else(|| "spark-submit".into());
        Settings { program, master: None, memory: None, threads: None, work: None, temp: None, conf: Vec::new() }
    }
}

impl Settings {
    /// The words for `spark-submit`. Of two of the same name the last holds.
    fn words(&self, folder: &Path) -> Vec<String> {
        let threads = self.threads.map_or_else(|| "*".to_owned(), |threads| threads.to_string());
        let master = self.master.clone().unwrap_or_else(|| format!("local[{threads}]"));
        let local = master.starts_with("local");
        let mut conf: Vec<(&str, String)> = vec![
            ("spark.app.name", "tailorbird".to_owned()),
            ("spark.ui.enabled", "false".to_owned()),
            ("spark.ui.showConsoleProgress", "false".to_owned()),
        ];
        if local {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            conf.extend([
                // Nothing listens where others could reach it.
                ("spark.driver.host", "127.0.0.1".to_owned()),
                ("spark.driver.bindAddress", "127.0.0.1".to_owned()),
                ("spark.local.dir", folder.join("spilled").display().to_string()),
                // The usual 200 are for clusters: on one machine most of them would be empty.
                ("spark.sql.shuffle.partitions", (4 * self.threads.unwrap_or(cores)).to_string()),
            ]);
        }
        if let Some(memory) = &self.memory {
            let whose = if local { "spark.driver.memory" } else { "spark.executor.memory" };
            conf.push((whose, heap(memory)));
        }
        conf.extend(self.conf.iter().map(|(name, value)| (name.as_str(), value.clone())));
        conf.extend(SAME_SQL.map(|(name, value)| (name, value.to_owned())));
        // Folders have tables in them and nothing else.
        conf.push(("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false".to_owned()));
        let mut words = vec!["--master".to_owned(), master, "--deploy-mode".to_owned(), "client".to_owned()];
        for (name, value) in conf {
            words.extend(["--conf".to_owned(), format!("{name}={value}")]);
        }
        words
    }
}

/// A size as the Java machine writes it, in whole mebibytes: `2GB` is `1907m`, `2GiB` is `2048m`. What is no size is
/// left to Spark to complain about.
fn heap(memory: &str) -> String {
    let at = memory.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(memory.len());
    let (number, unit) = memory.split_at(at);
    let bytes = match unit.trim().to_ascii_lowercase().as_str() {
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return memory.to_owned(),
    };
    match number.parse::<f64>() {
        Ok(number) => format!("{}m", (number * bytes / 1_048_576.0).floor()),
        Err(_) => memory.to_owned(),
    }
}

/// A Spark that runs.
#[derive(Debug)]
pub struct Spark {
    process: Child,
    /// `None` when it is being ended.
    connection: Option<BufReader<TcpStream>>,
    /// The driver, what Spark says, and what it spills; gone with it.
    folder: TempDir,
}

/// What the driver is asked. The names are those of its functions.
#[derive(Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Request<'a> {
    Read { table: &'a str, format: &'static str, files: Vec<String> },
    Define { view: &'a str, select: &'a str },
    RunModel { table: &'a str, select: &'a str },
    Export { table: &'a str, folder: String },
    Drop { table: &'a str },
}

/// What it answers: first the key that it was given and that it is ready, then to each request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    key: Option<String>,
    error: Option<String>,
    rows: Option<u64>,
}

impl Spark {
    /// Starts it, and waits until it can be asked: some seconds here, longer where a cluster is busy.
    ///
    /// # Errors
    ///
    /// When there is no such program, or it ends.
    pub fn start(settings: &Settings) -> Result<Spark, EngineError> {
        let parent = settings.temp.clone().unwrap_or_else(std::env::temp_dir);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| EngineError::File { path, error }
        };
        let folder = tempfile::Builder::new().prefix("tailorbird-").tempdir_in(&parent).map_err(failed(&parent))?;
        let driver = folder.path().join("spark_driver.py");
        std::fs::write(&driver, DRIVER).map_err(failed(&driver))?;
        let said = folder.path().join("said.log");
        let log = File::create(&said).map_err(failed(&said))?;
        let log_too = log.try_clone().map_err(failed(&said))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(talking)?;
        let port = listener.local_addr().map_err(talking)?.port();
        let key = key()?;
        let work = settings.work.clone().unwrap_or_else(|| folder.path().display().to_string());

        let mut submit = Command::new(&settings.program);
        // Ctrl-C is for the tool alone: when it ends, the driver cleans up, for which it needs Java.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut submit, 0);
        let started = submit
            .args(settings.words(folder.path()))
            .arg(&driver)
            .env("TAILORBIRD_PORT", port.to_string())
            .env("TAILORBIRD_KEY", &key)
            .env("TAILORBIRD_WORK", work)
            .env("TAILORBIRD_FOLDER", folder.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(log_too)
            .spawn();
        let missing = |_| EngineError::Missing { program: settings.program.display().to_string(), hint: HINT };
        let process = started.map_err(missing)?;
        let mut spark = Spark { process, connection: None, folder };
        spark.meet(&listener, &key)?;
        // Its second line: there is a session.
        spark.hear("settings").map(|_| spark)
    }

    /// Waits until the driver connects. Who does not know the key is not the driver.
    fn meet(&mut self, listener: &TcpListener, key: &str) -> Result<(), EngineError> {
        listener.set_nonblocking(true).map_err(talking)?;
        loop {
            if let Ok((stream, _)) = listener.accept() {
                stream.set_nonblocking(false).map_err(talking)?;
                stream.set_read_timeout(Some(PATIENCE)).map_err(talking)?;
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                let first: Answer = match stream.read_line(&mut line) {
                    Ok(_) => serde_json::from_str(&line).unwrap_or_default(),
                    Err(_) => Answer::default(),
                };
                if first.key.as_deref() == Some(key) {
                    stream.get_ref().set_read_timeout(None).map_err(talking)?;
                    self.connection = Some(stream);
                    return Ok(());
                }
            }
            if !matches!(self.process.try_wait(), Ok(None)) {
                return Err(self.ended());
            }
            std::thread::sleep(TICK);
        }
    }

    fn ask(&mut self, table: &str, request: &Request<'_>) -> Result<Answer, EngineError> {
        let told = serde_json::to_string(request).map_err(std::io::Error::from).and_then(|request| {
            let stream = self.connection.as_mut().ok_or(std::io::ErrorKind::NotConnected)?;
            stream.get_mut().write_all(format!("{request}\n").as_bytes())
        });
        match told {
            Ok(()) => self.hear(table),
            Err(_) => Err(self.ended()),
        }
    }

    fn hear(&mut self, table: &str) -> Result<Answer, EngineError> {
        let mut line = String::new();
        let read = self.connection.as_mut().map(|stream| stream.read_line(&mut line));
        let answer: Answer = match (read, serde_json::from_str(&line)) {
            (Some(Ok(_)), Ok(answer)) => answer,
            _ => return Err(self.ended()),
        };
        match answer.error {
            Some(why) => Err(EngineError::Refused { table: table.to_owned(), why }),
            None => Ok(answer),
        }
    }

    /// Why it ended: the last that it said, without the stack of Java's calls.
    fn ended(&mut self) -> EngineError {
        self.stop();
        let said = std::fs::read(self.folder.path().join("said.log")).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("\tat ")).collect();
        let last = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n");
        let why = if last.is_empty() { "nothing was said; was it killed?".to_owned() } else { last };
        EngineError::Ended { engine: NAME, why }
    }

    /// Closes the connection, upon which the driver ends, and Spark with it.
    fn stop(&mut self) {
        self.connection = None;
        super::end(&mut self.process, PATIENCE);
    }
}

impl Engine for Spark {
    fn dialect(&self) -> Dialect {
        Dialect::Spark
    }

    fn read(&mut self, table: &str, format: Format, files: &[PathBuf]) -> Result<(), EngineError> {
        let format = match format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Lines => "lines",
            Format::Json => "json",
            Format::Parquet => "parquet",
        };
        let files = files.iter().map(|file| file.display().to_string()).collect();
        self.ask(table, &Request::Read { table, format, files }).map(|_| ())
    }

    fn define(&mut self, view: &str, select: &str) -> Result<(), EngineError> {
        let select = select.trim().trim_end_matches(';');
        self.ask(view, &Request::Define { view, select }).map(|_| ())
    }

    /// Tables are written as Parquet and read back, not kept by Spark's `persist`: a plan of many models would grow
    /// with each of them, what an executor keeps is lost with it, and the number of rows stands in the files.
    fn run_model(&mut self, table: &str, select: &str) -> Result<u64, EngineError> {
        let select = select.trim().trim_end_matches(';');
        let answer = self.ask(table, &Request::RunModel { table, select })?;
        answer.rows.ok_or_else(|| EngineError::Refused {
            table: table.to_owned(),
            why: "the number of rows is missing from its answer".to_owned(),
        })
    }

    fn export(&mut self, table: &str, folder: &Path) -> Result<(), EngineError> {
        std::fs::create_dir(folder).map_err(|error| EngineError::File { path: folder.to_owned(), error })?;
        let folder = folder.display().to_string();
        self.ask(table, &Request::Export { table, folder }).map(|_| ())
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.ask(table, &Request::Drop { table }).map(|_| ())
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What only we and what we start know: other users of the machine can connect to the port as well.
fn key() -> Result<String, EngineError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| talking(error.into()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn talking(error: std::io::Error) -> EngineError {
    EngineError::Ended { engine: NAME, why: format!("it cannot be talked to: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heap_is_written_in_mebibytes() {
        let cases = [
            ("2GB", "1907m", "as DuckDB counts"),
            ("2GiB", "2048m", "powers of two"),
            ("1.5 gib", "1536m", "a space, and a part"),
            ("2g", "2g", "what Spark understands itself"),
            ("much", "much", "for Spark to complain about"),
        ];
        for (memory, expected, why) in cases {
            assert_eq!(heap(memory), expected, "{why}");
        }
    }

    #[test]
    fn the_settings_that_sql_depends_on_are_not_the_users_to_change() {
        let conf = vec![("spark.sql.ansi.enabled".to_owned(), "false".to_owned())];
        let words = Settings { conf, ..Settings::default() }.words(Path::new("/tmp"));
        let last = words.iter().rfind(|word| word.starts_with("spark.sql.ansi.enabled="));
        assert_eq!(last.map(String::as_str), Some("spark.sql.ansi.enabled=true"));
    }

    #[test]
    fn only_on_this_machine_is_the_driver_bound_to_the_loopback_interface() {
        let bound = |master: Option<&str>| {
            let settings = Settings { master: master.map(str::to_owned), ..Settings::default() };
            settings.words(Path::new("/tmp")).iter().any(|word| word == "spark.driver.bindAddress=127.0.0.1")
        };
        assert!(bound(None));
        assert!(bound(Some("local[4]")));
        assert!(!bound(Some("yarn")));
    }
}
