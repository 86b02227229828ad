//! DuckDB, as the command `duckdb`: in memory, and on disk where memory does not suffice. No server, and nothing to
//! compile.

#[cfg(feature = "embedded")]
pub mod embedded;
mod statements;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tempfile::TempDir;

use super::{Dialect, Engine, EngineError, Format};

const NAME: &str = "DuckDB";
const HINT: &str = "`pip install duckdb-cli`, or see duckdb.org; --duckdb names the program";
/// What the command prints after each statement, so that its answer is known to be whole.
const DONE: &str = "tailorbird: done";
/// How long it may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(2);

/// How DuckDB is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The command; `duckdb` is looked for in `PATH`.
    pub program: PathBuf,
    /// How much memory it takes at most, as DuckDB writes it: `2GB`. Its own choice, four fifths of what there is, if
    /// nobody says. Beyond it spills to disk.
    pub memory: Option<String>,
    /// How many threads it uses; as many as there are cores if nobody says.
    pub threads: Option<usize>,
    /// Where it spills; the system's folder for temporary files if nobody says. It makes a folder of its own there.
    pub temp: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { program: "duckdb".into(), memory: None, threads: None, temp: None }
    }
}

/// A `duckdb` that runs.
#[derive(Debug)]
pub struct DuckDb {
    process: Child,
    /// Statements go here; `None` when it is being ended.
    statements: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    errors: ChildStderr,
    /// Where it spills; gone with it.
    spilled: TempDir,
}

/// The answer to a count.
#[derive(Deserialize)]
struct Count {
    rows: u64,
}

impl DuckDb {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// When there is no such program, or it cannot be told its limits.
    pub fn start(settings: &Settings) -> Result<DuckDb, EngineError> {
        let program = settings.program.display().to_string();
        let parent = settings.temp.clone().unwrap_or_else(std::env::temp_dir);
        let spilled = tempfile::Builder::new().prefix("tailorbird-").tempdir_in(&parent);
        let spilled = spilled.map_err(|error| EngineError::File { path: parent, error })?;
        let started = Command::new(&settings.program)
            .args(["-no-init", "-batch", "-bail", "-json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = started.map_err(|_| EngineError::Missing { program: program.clone(), hint: HINT })?;
        let (statements, answers, errors) = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(statements), Some(answers), Some(errors)) = (statements, answers, errors) else {
            return Err(EngineError::Missing { program, hint: HINT });
        };
        let answers = BufReader::new(answers);
        let mut engine = DuckDb { process, statements: Some(statements), answers, errors, spilled };
        let limits = statements::limits(settings, engine.spilled.path());
        engine.ask("settings", &limits)?;
        Ok(engine)
    }

    /// Runs statements, and answers what is printed.
    fn ask(&mut self, table: &str, statements: &str) -> Result<String, EngineError> {
        let told = self.statements.as_mut().map(|input| {
            input.write_all(format!("{statements};\n.print {DONE}\n").as_bytes()).and_then(|()| input.flush())
        });
        let mut answer = String::new();
        if matches!(told, Some(Ok(()))) {
            let mut line = String::new();
            while self.answers.read_line(&mut line).is_ok_and(|length| length > 0) {
                if line.trim_end() == DONE {
                    return Ok(answer);
                }
                answer.push_str(&line);
                line.clear();
            }
        }
        // It ends at the first error, and says it before.
        let mut why = String::new();
        self.statements = None;
        let _ = self.errors.read_to_string(&mut why);
        let _ = self.process.wait();
        let why = why.trim().to_owned();
        Err(match why.is_empty() {
            true => EngineError::Ended { engine: NAME, why: "nothing was said; was it killed?".to_owned() },
            false => EngineError::Refused { table: table.to_owned(), why },
        })
    }
}

impl Engine for DuckDb {
    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    fn read(&mut self, table: &str, format: Format, files: &[PathBuf]) -> Result<(), EngineError> {
        self.ask(table, &statements::read(table, format, files)).map(|_| ())
    }

    fn define(&mut self, view: &str, select: &str) -> Result<(), EngineError> {
        self.ask(view, &statements::define(view, select)).map(|_| ())
    }

    fn run_model(&mut self, table: &str, select: &str) -> Result<u64, EngineError> {
        let both = format!("{}; {}", statements::run_model(table, select), statements::count(table));
        let answer = self.ask(table, &both)?;
        let counts: Vec<Count> = serde_json::from_str(&answer).unwrap_or_default();
        counts.first().map(|count| count.rows).ok_or_else(|| EngineError::Refused {
            table: table.to_owned(),
            why: format!("the number of rows is missing from its answer: {answer}"),
        })
    }

    fn export(&mut self, table: &str, folder: &Path) -> Result<(), EngineError> {
        std::fs::create_dir(folder).map_err(|error| EngineError::File { path: folder.to_owned(), error })?;
        self.ask(table, &statements::export(table, folder)).map(|_| ())
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.ask(table, &statements::drop_table(table)).map(|_| ())
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        // It ends when nothing more is to come. Python's package has a script that starts it: killing that one first
        // would leave the other.
        self.statements = None;
        super::end(&mut self.process, PATIENCE);
    }
}
