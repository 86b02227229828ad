//! `tailorbird preview`: the address of a page at which slots, prompts and segments are previewed.

use std::path::PathBuf;

use serde_json::json;
use tailorbird::engine::preview_problems;
use tailorbird::host::{Host, Native};
use tailorbird::signal::preview::Preview;

use crate::arguments::EXIT_CODES;
use crate::config_file;
use crate::ending::{Ending, complain, print};

/// Print the address at which somebody sees what you choose for them
///
/// The address is that of the page with one more parameter, tb. Whoever opens it sees the variants and prompts that
/// it names, as somebody inside or outside of the segments, until they leave the preview or close the tab.
/// Nothing of it is recorded. The config has to allow it with "preview": true.
///
///   tailorbird preview --config site.json --slot hero=boots --segment vip --url https://shop.example/
///
/// prints https://shop.example/?tb=hero:boots,segment.vip:in
///
/// What is not in the config is named on stderr with what is, the nearest first; then no address is printed.
///
/// With --json one object is printed: {"url", "allowed", "problems": [TEXT]}; "allowed" says whether the config allows
/// previews, and "url" is null where something is not in the config.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
#[group(skip)]
pub struct PreviewCommand {
    /// The config, as JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The page, an address that begins with http:// or https://
    #[arg(long, value_name = "ADDRESS", value_parser = page)]
    url: String,
    #[command(flatten)]
    what: What,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What is previewed: at least one thing.
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
struct What {
    /// A slot and the variant that it shows, such as hero=boots; hero= is the page's own content
    #[arg(long, value_name = "SLOT=VARIANT", value_parser = slot)]
    slot: Vec<Preview>,
    /// A prompt that is shown at once, such as save-cart; save-cart=short in that variant
    #[arg(long, value_name = "PROMPT[=VARIANT]", value_parser = prompt)]
    prompt: Vec<Preview>,
    /// A segment that the visitor counts as in, such as vip; vip=out for outside of it
    #[arg(long, value_name = "SEGMENT[=out]", value_parser = segment)]
    segment: Vec<Preview>,
}

impl PreviewCommand {
    /// Prints the address.
    ///
    /// # Errors
    ///
    /// When the config cannot be read or is refused, and when something that is to be previewed is not in it.
    pub fn run(&self) -> Result<(), Ending> {
        let config = config_file::read_and_report(&self.config)?;
        let What { slot, prompt, segment } = &self.what;
        let previews: Vec<Preview> = [slot.as_slice(), prompt, segment].concat();
        let problems = preview_problems(&config, &previews);
        let url = problems.is_empty().then(|| address(&self.url, &Preview::address(&previews)));
        let file = self.config.display();
        if !config.preview {
            complain(&format!("{file}: previews are not allowed, expected \"preview\": true"));
        }
        if self.json {
            print(&format!("{}\n", json!({"url": url, "allowed": config.preview, "problems": problems})))?;
            return if problems.is_empty() { Ok(()) } else { Err(Ending::Overrides) };
        }
        match url {
            Some(url) => print(&format!("{url}\n")),
            None => Err(Ending::Problems(
                problems.iter().map(|problem| format!("{file}: {problem}")).collect::<Vec<_>>().join("\n"),
            )),
        }
    }
}

/// The address of the page with this as its parameter `tb`, in place of one that it has.
fn address(page: &str, preview: &str) -> String {
    let (page, fragment) =
        page.split_once('#').map_or((page, String::new()), |(page, rest)| (page, format!("#{rest}")));
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("tb"));
    let parameter = format!("tb={preview}");
    let query: Vec<&str> = others.chain([parameter.as_str()]).collect();
    format!("{path}?{}{fragment}", query.join("&"))
}

fn page(text: &str) -> Result<String, &'static str> {
    let address = Native.address(text, "");
    let is_page = ["http://", "https://"].iter().any(|scheme| address.at("origin").text().starts_with(scheme));
    if is_page {
        Ok(address.at("href").text().to_owned())
    } else {
        Err("expected an address that begins with http:// or https://")
    }
}

fn slot(text: &str) -> Result<Preview, &'static str> {
    match text.split_once('=') {
        Some((slot, variant)) if !slot.is_empty() => {
            Ok(Preview::Slot { slot: slot.to_owned(), variant: named(variant) })
        }
        _ => Err("expected a slot and a variant, such as hero=boots"),
    }
}

fn prompt(text: &str) -> Result<Preview, &'static str> {
    let (prompt, variant) = text.split_once('=').unwrap_or((text, ""));
    Ok(Preview::Prompt { prompt: prompt.to_owned(), variant: named(variant) })
}

fn segment(text: &str) -> Result<Preview, &'static str> {
    let (segment, place) = text.split_once('=').unwrap_or((text, "in"));
    let is_in = match place {
        "in" => true,
        "out" => false,
        _ => return Err("expected in or out behind =, such as vip=out"),
    };
    Ok(Preview::Segment { segment: segment.to_owned(), is_in })
}

fn named(variant: &str) -> Option<String> {
    Some(variant).filter(|variant| !variant.is_empty()).map(str::to_owned)
}
