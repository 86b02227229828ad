//! Finds a Chromium on this machine, and runs it without a window and with a profile of its own.

use std::collections::VecDeque;
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::devtools::DevTools;

/// A cold start from a slow disk may take long.
const START: Duration = Duration::from_secs(30);
const END: Duration = Duration::from_secs(5);

const NAMES: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

/// Where installers put it that do not add it to `PATH`.
const PLACES: [&str; 6] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// What keeps the browser itself from asking for anything in the network, and from asking the user anything.
const QUIET: [&str; 10] = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
];

/// A running browser. It is ended when this is dropped.
pub struct Browser {
    pub devtools: DevTools,
    /// What pages see as `navigator.userAgent`: that of the same browser with a window.
    pub user_agent: String,
    // Before the profile, which can be removed only when the browser has ended.
    process: Process,
    _profile: TempDir,
}

/// The browser's process, which ends with this.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let deadline = Instant::now() + END;
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        // Nothing is to be done about one that does not even end so.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The browser to use: the given one, that of the variable `CHROME`, or one that is installed.
///
/// # Errors
///
/// When there is none.
pub fn find(given: Option<&Path>) -> Result<PathBuf, String> {
    let variable = env::var_os("CHROME").filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(wanted) = given.map(Path::to_owned).or(variable) {
        let found = if wanted.is_file() { Some(wanted.clone()) } else { in_path(wanted.as_os_str()) };
        return found.ok_or_else(|| format!("{}: there is no such browser", wanted.display()));
    }
    let installed = PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    NAMES.iter().find_map(|name| in_path(OsStr::new(name))).or(installed).ok_or_else(|| {
        "no Chromium or Chrome was found on this machine: name one by --browser, or by the variable CHROME".to_owned()
    })
}

fn in_path(name: &OsStr) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let mut found = env::split_paths(&folders).map(|folder| {
        let path = folder.join(name);
        if cfg!(windows) && path.extension().is_none() { path.with_extension("exe") } else { path }
    });
    found.find(|path| path.is_file())
}

impl Browser {
    /// Starts the browser at `path`.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(path: &Path) -> Result<Browser, String> {
        let failed = |why: &str| format!("{} does not start: {why}", path.display());
        let profile = TempDir::with_prefix("tailorbird-inspect-").map_err(|error| failed(&error.to_string()))?;
        let mut command = Command::new(path);
        command.args(["--headless=new", "--remote-debugging-port=0", "--hide-scrollbars", "--mute-audio"]);
        command.args(QUIET).arg(format!("--user-data-dir={}", profile.path().display()));
        if is_root(&profile) {
            // Chromium's sandbox does not work for root.
            command.arg("--no-sandbox");
        }
        command.arg("about:blank").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = Process(command.spawn().map_err(|error| failed(&error.to_string()))?);
        let connected = process.0.stderr.take().ok_or_else(String::new).and_then(address).and_then(|address| {
            let mut devtools = DevTools::connect(&address)?;
            let version = devtools.call(None, "Browser.getVersion", json!({}))?;
            Ok((devtools, version))
        });
        match connected {
            Ok((devtools, version)) => {
                let user_agent = version.get("userAgent").and_then(Value::as_str).unwrap_or_default();
                let user_agent = user_agent.replace("HeadlessChrome", "Chrome");
                Ok(Browser { devtools, user_agent, process, _profile: profile })
            }
            Err(why) => {
                let _ = process.0.kill();
                Err(failed(&why))
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its own processes and leaves the profile alone; one that does not is ended by `Process`.
        if self.devtools.call(None, "Browser.close", json!({})).is_err() {
            let _ = self.process.0.kill();
        }
    }
}

/// The address of the browser's debugger, which it prints.
fn address(stderr: ChildStderr) -> Result<String, String> {
    let (sender, lines) = mpsc::channel();
    // Reads for as long as the browser runs: a pipe that is full would stop it.
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let deadline = Instant::now() + START;
    let mut last = VecDeque::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                if let Some(address) = line.strip_prefix("DevTools listening on ") {
                    return Ok(address.trim().to_owned());
                }
                last.push_back(line);
                if last.len() > 5 {
                    last.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) => return Err("it did not answer within 30 seconds".to_owned()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(format!("it ended at once\n{}", Vec::from(last).join("\n")));
            }
        }
    }
}

/// Whether root runs this: then new files are root's.
#[cfg(unix)]
fn is_root(profile: &TempDir) -> bool {
    use std::os::unix::fs::MetadataExt;
    profile.path().metadata().is_ok_and(|about| about.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_: &TempDir) -> bool {
    false
}
