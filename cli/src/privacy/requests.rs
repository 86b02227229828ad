//! What the engine requests. A test compares the files with those of the package.

use tailorbird::config::Redirects;
use tailorbird::page::speculation::SpeculationRules;
use tailorbird::profile::attributes::AttributeGroup;

use super::uses::Uses;
use crate::document::{code, codes};

/// One file of the engine's own.
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// When this config makes a page request it; `None` where it does not.
    pub here: fn(&Uses<'_>) -> Option<&'static str>,
}

/// The files of the package that a page may request.
pub const FILES: [File; 13] = [
    File { name: "tailorbird.js", what: "the engine, for a script tag", here: |_| Some("on each page with the tag") },
    File {
        name: "index.js",
        what: "the npm entry",
        here: |_| Some("where the site is built with the npm package, in its own bundle"),
    },
    File { name: "engine.js", what: "the engine, behind the npm entry", here: |_| Some("by the npm entry") },
    File {
        name: "slim.js",
        what: "the npm entry without wasm",
        here: |_| Some("where the site uses it in place of the above"),
    },
    File { name: "tailorbird_bg.wasm", what: "the engine's wasm", here: |_| Some("by `slim.js`; the others carry it") },
    File {
        name: "tailorbird-prompt.js",
        what: "shows prompts",
        here: |uses| (!uses.prompts.is_empty()).then_some("when the page is idle and a prompt may come"),
    },
    File {
        name: "tailorbird-country.js",
        what: "countries by time zone",
        here: |uses| uses.reads(AttributeGroup::Geo).then_some("on each page: a condition reads `geo`"),
    },
    File {
        name: "tailorbird-recommend.js",
        what: "answers from the site model, in the browser",
        here: |uses| uses.model.map(|_| "when something is recommended, or a page is loaded ahead"),
    },
    File {
        name: "tailorbird-transfer.js",
        what: "encrypts and reads the file by which visitors take their profile along",
        here: |_| Some("when the site calls `export()` with a passphrase, or `import()`"),
    },
    File {
        name: "tailorbird-privacy.js",
        what: "the privacy panel",
        here: |_| Some("on pages with the element `<tb-privacy>`"),
    },
    File {
        name: "tailorbird-preview.js",
        what: "the badge of a preview",
        here: |uses| uses.preview.then_some("while an address asks for a preview"),
    },
    File {
        name: "tailorbird-audit.js",
        what: "lists what the engine did on a page view",
        here: |_| Some("when somebody calls `audit()`"),
    },
    File {
        name: "tailorbird-inspector.js",
        what: "the inspector, for developers",
        here: |_| Some("when somebody calls `inspect()`, or the tag or the address asks for it"),
    },
];

/// A row for each request of the engine: the file, what it is, and when.
pub fn own(uses: &Uses<'_>) -> Vec<Vec<String>> {
    let row = |name: String, what: &str, when: &str| vec![name, what.to_owned(), when.to_owned()];
    let mut rows: Vec<Vec<String>> =
        FILES.iter().filter_map(|file| Some(row(code(file.name), file.what, (file.here)(uses)?))).collect();
    rows.push(row("the config".to_owned(), "this file", "on each page, unless it stands in the page"));
    if let Some(model) = uses.model {
        rows.push(row(code(model), "the site model, the same for every visitor", "with `tailorbird-recommend.js`"));
        rows.push(row(
            "further files beside it".to_owned(),
            "of a model in several files, that of one category",
            "on pages about an item of the category",
        ));
    }
    rows
}

/// The files of the package that this config never makes a page request.
pub fn never(uses: &Uses<'_>) -> Vec<&'static str> {
    FILES.iter().filter(|file| (file.here)(uses).is_none()).map(|file| file.name).collect()
}

/// What the browser requests because of what this config says, and not for the engine.
pub fn because_of_content(uses: &Uses<'_>) -> Vec<String> {
    let mut points = vec![
        "Pictures of variants, prompts and recommended items, from the addresses in the config: whoever serves them \
         can tell what was shown."
            .to_owned(),
    ];
    points.push(if uses.hosts.is_empty() {
        "The config names no other host: all of its addresses are on the site's own origin.".to_owned()
    } else {
        format!("The config names these hosts: {}.", codes(uses.hosts.iter().map(String::as_str), 50))
    });
    if let Some(SpeculationRules { prefetch, prerender, .. }) = uses.speculation {
        points.push(format!(
            "Up to {prefetch} pages fetched and {prerender} rendered ahead, of the site's own: its server learns \
             which pages were expected."
        ));
    }
    match uses.redirects {
        _ if uses.experiments.is_empty() => {}
        Redirects::None => {}
        Redirects::SameOrigin => points.push("Redirect experiments lead to other pages of the site.".to_owned()),
        Redirects::Any => points.push("Redirect experiments lead to any address that they name.".to_owned()),
    }
    for (prompt, action) in &uses.mail_prompts {
        points.push(match action {
            Some(action) => format!(
                "The prompt {} asks for an address for mail. The browser sends its form to {}; the engine never gets \
                 it.",
                code(prompt),
                code(action)
            ),
            None => format!(
                "The prompt {} asks for an address for mail. The page's own script gets it; the engine never does.",
                code(prompt)
            ),
        });
    }
    if !uses.areas.is_empty() {
        points.push(format!(
            "Areas ({}): after a press of a button the browser may ask its own location service for the position, if \
             the visitor allows it. The position is compared on the device, and not stored.",
            codes(uses.areas.iter().map(|area| area.id.as_str()), 24)
        ));
    }
    if uses.data_layer {
        points.push(
            "Exposures of experiments are pushed to the page's data layer, where `measure` is allowed: the site's own \
             analytics may send them."
                .to_owned(),
        );
    }
    points
}
