//! `tailorbird inspect`: which slots of a page shift its layout, and the height to reserve for each. Of a log, what is in
//! it: see [`crate::log`].

mod staged_config;
mod measurement;
mod report;
mod devtools;
mod browser;
mod site_folder;
mod page_load;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tailorbird::config::Config;

use crate::config_file::Wrong;
use crate::ending::{Ending, complain, print};
use crate::files;
use crate::log;
use crate::progress;
use browser::Browser;
use measurement::Measurement;
use page_load::PageLoad;
use report::{Report, Width};
use site_folder::SiteFolder;
use staged_config::Slot;

const EXIT_CODES: &str = "Exit codes: 0 nothing shifts, 1 something shifts or a variant is not shown, 2 wrong usage, no \
                          browser, or no page with Tailorbird.\n\
                          Of a log: 0 its map is whole, 1 something of it is open or no row counts, 2 wrong usage, or no \
                          engine.";

/// Find out which slots of a page shift its layout, or what is in a log
///
/// A page: opens it in a Chromium or Chrome of this machine, without a window: as it is sent, and then with each variant
/// of each slot, whoever it is for. Measures the slots at several widths, and prints by how much their heights
/// change, and the CSS that reserves the height of the tallest variant.
///
/// The page may be on a server or in a file; a file gets what it asks for from its own folder. Nothing is requested but
/// what the page itself requests. Only the config is replaced, in the browser: the one that the script tag
/// names in data-config, or the one in the page. Each load is that of a new visitor who has stated no consent.
///
/// A variant with a placeholder whose value is not known is not shown. --attributes names a JSON file with what
/// the site would know about the visitor: {"cart": {"value": 79.5, "quantity": 2}}.
///
/// With --json one object is printed: {"page", "good", "slots": [{"slot", "selector", "shifts", "widths": [{"width",
/// "asSent", "tallest": {"variant", "height"}, "change", "layoutShift", "minHeight"}], "css"}], "notShown":
/// [{"slot", "variant", "reason", "widths"}], "beside": [{"width", "layoutShift", "shown"}], "redirects", "absent"}.
///
/// A log, of which a model can be trained: a file by the name of .csv, .ndjson, .jsonl, .json, .parquet or .log, also .gz;
/// a pattern with * in quotes; or a folder of such files. Prints its columns, how many rows lack each, the events and
/// times of at most a million rows, and a map for it: a ready one, or one to put into map.toml. What the log does not
/// say is not guessed, but left as a comment with the candidates. With --map NAME-or-FILE it prints what comes of the log
/// by that map. It is read by DuckDB: the program that --duckdb or the variable TAILORBIRD_DUCKDB names, or else duckdb.
///
/// With --json: {"files", "format", "rows", "columns": [{"column", "type", "empty", "distinct"}], "notes", "ready", "map",
/// "open": [{"key", "candidates"}], "events": [{"name", "kind", "rows"}], "from", "to", "badRows": [{"why", "rows"}],
/// "leftOut": [{"why", "rows"}], "problem", "good"}.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub struct Inspect {
    /// The page: an address, or an HTML file; or a log
    #[arg(value_name = "URL-or-FILE")]
    page: String,
    /// Widths of the window in CSS pixels, with commas between
    #[arg(long, value_delimiter = ',', default_value = "320,768,1280", value_name = "PX",
          value_parser = clap::value_parser!(u32).range(100..=8_000))]
    widths: Vec<u32>,
    /// What the site knows about the visitor, as JSON
    #[arg(long, value_name = "FILE.json")]
    attributes: Option<PathBuf>,
    /// The browser, if it is not the one of the variable CHROME, or one that is found
    #[arg(long, value_name = "PATH")]
    browser: Option<PathBuf>,
    /// Of a log: a ready map, or a file
    #[arg(long, value_name = "NAME-or-FILE")]
    map: Option<String>,
    /// Of a log: DuckDB's command, if it is not the one of the variable TAILORBIRD_DUCKDB, or duckdb
    #[arg(long, value_name = "PATH")]
    duckdb: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// A page with Tailorbird.
struct Page<'a> {
    address: &'a str,
    folder: Option<&'a SiteFolder>,
    attributes: Option<&'a Value>,
    /// Its script tag and config.
    found: Found,
}

/// What `discover` of `page.js` answers.
#[derive(Deserialize)]
struct Found {
    /// The status with which the page is answered; 0 where it is not known.
    status: u16,
    /// The address of the engine.
    script: Option<String>,
    /// Whether the page is painted before its script has loaded.
    waits: bool,
    /// The address of the config, unless it is in the page.
    config: Option<String>,
    /// The config.
    text: Option<String>,
    /// Why it cannot be read.
    problem: Option<String>,
}

impl Inspect {
    /// Measures the page, and prints what shifts; or looks into the log.
    ///
    /// # Errors
    ///
    /// When something shifts or cannot be shown, and when the page cannot be measured. Of a log, when its map is not
    /// whole, and when it cannot be read.
    pub fn run(&self) -> Result<(), Ending> {
        if self.map.is_some() || log::is_log(&self.page) {
            return log::inspect(Path::new(&self.page), self.map.as_deref(), self.duckdb.as_deref(), self.json);
        }
        let attributes = self.attributes.as_deref().map(read_attributes).transpose()?;
        let folder = self.folder()?;
        let address = folder.as_ref().map_or_else(|| self.page.clone(), SiteFolder::address);
        let mut widths = self.widths.clone();
        widths.sort_unstable();
        widths.dedup();
        let path = browser::find(self.browser.as_deref()).map_err(Ending::Misuse)?;
        let report = Browser::start(&path).and_then(|mut browser| {
            let attributes = attributes.as_ref();
            let page = Page::open(&mut browser, &address, folder.as_ref(), attributes)?;
            page.inspect(&mut browser, &widths)
        });
        // The page is called as it was given, and files by their paths.
        let named = |why: String| why.replace(&address, &self.page).replace(SiteFolder::ORIGIN, "");
        let report = report.map_err(|why| Ending::Misuse(named(why)))?;
        print(&if self.json { format!("{}\n", report.as_json(&self.page)) } else { report.text(&self.page) })?;
        if report.is_good() { Ok(()) } else { Err(Ending::Overrides) }
    }

    /// The folder of a page that is a file.
    fn folder(&self) -> Result<Option<SiteFolder>, Ending> {
        match self.page.split_once("://") {
            Some(("http" | "https", _)) => Ok(None),
            Some(_) => Err(Ending::Misuse(format!(
                "{}: is no page, expected an address that begins with http:// or https://, or a file",
                self.page
            ))),
            None => SiteFolder::of(Path::new(&self.page)).map(Some),
        }
    }
}

fn read_attributes(path: &Path) -> Result<Value, Ending> {
    let wrong = |what: &str| Ending::Misuse(format!("{}: {what}, expected a JSON object", path.display()));
    let attributes: Value = serde_json::from_slice(&files::read(path)?).map_err(|error| wrong(&error.to_string()))?;
    if attributes.is_object() { Ok(attributes) } else { Err(wrong("is something else")) }
}

impl<'a> Page<'a> {
    /// Opens the page, and finds its config.
    fn open(
        browser: &mut Browser,
        address: &'a str,
        folder: Option<&'a SiteFolder>,
        attributes: Option<&'a Value>,
    ) -> Result<Page<'a>, String> {
        let load = PageLoad {
            address,
            width_px: 1280,
            folder,
            config: None,
            inline: None,
            held: None,
            attributes: None,
            ask: "discover()",
        };
        let found: Found = serde_json::from_value(load.run(browser)?).map_err(|error| error.to_string())?;
        if found.status >= 400 {
            return Err(format!("{address}: the page is answered with {}", found.status));
        }
        Ok(Page { address, folder, attributes, found })
    }

    /// Loads the page again and again, and compares what it shows.
    fn inspect(&self, browser: &mut Browser, widths: &[u32]) -> Result<Report, String> {
        let (written, checked) = self.config()?;
        let slots = staged_config::slots(&written, &checked);
        let places = slots.iter().map(|slot| slot.variants.len()).max().unwrap_or(0);
        let loads = widths.len() * (places + 1);
        let bar = progress::bar("inspecting", u64::try_from(loads).unwrap_or(u64::MAX));
        let mut measured = Vec::new();
        for px in widths {
            let mut measure = |place: Option<usize>| {
                let staged = staged_config::staged(&written, &slots, place);
                let measurement = self.measure(browser, *px, &staged, &slots, place);
                bar.inc(1);
                measurement
            };
            let as_sent = measure(None)?;
            let staged: Result<Vec<Measurement>, String> = (0..places).map(|place| measure(Some(place))).collect();
            measured.push(Width { px: *px, as_sent, staged: staged? });
        }
        bar.finish_and_clear();
        Ok(Report::of(&slots, &measured))
    }

    /// The config of the page: as it is written, and as the engine reads it.
    fn config(&self) -> Result<(Value, Config), String> {
        let Found { script, config, text, problem, .. } = &self.found;
        let name = config.as_deref().unwrap_or("script#tailorbird-config");
        if let Some(problem) = problem {
            return Err(format!("{name}: the config does not load: {problem}"));
        }
        let Some(text) = text else {
            return Err(if script.is_some() {
                format!(
                    "{}: the script tag has no data-config, and the page no <script id=\"tailorbird-config\">",
                    self.address
                )
            } else {
                format!("{}: there is no script tag of Tailorbird on this page", self.address)
            });
        };
        let refused = |why: String| format!("{name}: {why}");
        let written: Value = serde_json::from_str(text).map_err(|error| refused(format!("is not JSON: {error}")))?;
        let tree = serde_json::from_str(text).map_err(|error| refused(format!("is not JSON: {error}")))?;
        let checked =
            Config::read(&tree).map_err(|problems| Wrong::from(&problems).lines(Path::new(name)).join("\n"))?;
        if !checked.problems.is_empty() {
            complain(&format!("{name}: the config has problems, which `tailorbird validate` lists"));
        }
        Ok((written, checked))
    }

    /// Measures the page with a config in place of its own.
    fn measure(
        &self,
        browser: &mut Browser,
        width_px: u32,
        config: &Value,
        slots: &[Slot],
        place: Option<usize>,
    ) -> Result<Measurement, String> {
        let wanted = slots.iter().map(|slot| {
            let variant = place.and_then(|place| slot.variants.get(place)).map(|variant| &variant.id);
            json!({"id": slot.id, "target": slot.target, "variant": variant})
        });
        let ask = format!("measure({})", Value::from_iter(wanted));
        let config = config.to_string();
        let Found { script, waits, config: config_address, .. } = &self.found;
        let config_address = config_address.as_deref();
        let load = PageLoad {
            address: self.address,
            width_px,
            folder: self.folder,
            config: config_address.map(|address| (address, config.as_str())),
            inline: config_address.is_none().then_some(config.as_str()),
            held: config_address.or(script.as_deref().filter(|_| *waits)),
            attributes: self.attributes,
            ask: &ask,
        };
        let measurement: Measurement = serde_json::from_value(load.run(browser)?).map_err(|error| error.to_string())?;
        match measurement.unavailable {
            Some(reason) => Err(format!("{}: the engine does not run: {reason}", self.address)),
            None => Ok(measurement),
        }
    }
}
