//! A page in a file, and the files beside it, as a server would send them.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::ending::Ending;
use crate::files;

/// The folder of a page.
pub struct SiteFolder {
    folder: PathBuf,
    /// The name of the page in it.
    page: String,
}

impl SiteFolder {
    /// Where the page seems to be: no request for it leaves the browser.
    pub const ORIGIN: &str = "http://tailorbird.localhost";

    /// The folder of a page.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn of(page: &Path) -> Result<SiteFolder, Ending> {
        files::open(page)?;
        let folder = page.parent().unwrap_or(Path::new("")).to_owned();
        let page = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(SiteFolder { folder, page })
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("{}/{}", SiteFolder::ORIGIN, utf8_percent_encode(&self.page, NON_ALPHANUMERIC))
    }

    /// The type and content of the file at an address of this origin; `None` if there is none. A folder is its
    /// `index.html`, and a page may be asked for without `.html`.
    pub fn file(&self, address: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = address.strip_prefix(SiteFolder::ORIGIN)?.split(['?', '#']).next()?;
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
        // Nothing outside of the folder.
        if !Path::new(&*path).components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = self.folder.join(&*path);
        let found = [path.clone(), path.join("index.html"), path.with_extension("html")];
        let found = found.into_iter().find(|path| path.is_file())?;
        Some((media_type(&found), std::fs::read(&found).ok()?))
    }
}

/// The type of what browsers use only with its type. They know fonts and pictures by their content.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "htm") => "text/html",
        Some("css") => "text/css",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_folder_are_found_and_no_others() {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(site.path().join("site/boots")).unwrap();
        for name in ["secret.txt", "site/a page.html", "site/shop.css", "site/boots/index.html"] {
            std::fs::write(site.path().join(name), name).unwrap();
        }
        let folder = SiteFolder::of(&site.path().join("site/a page.html")).unwrap();
        assert_eq!(folder.address(), "http://tailorbird.localhost/a%20page%2Ehtml");
        let cases = [
            (folder.address(), Some("site/a page.html"), "the page"),
            ("http://tailorbird.localhost/a%20page".into(), Some("site/a page.html"), "without its ending"),
            ("http://tailorbird.localhost/shop.css?v=1".into(), Some("site/shop.css"), "with a query"),
            ("http://tailorbird.localhost/boots/".into(), Some("site/boots/index.html"), "a folder"),
            ("http://tailorbird.localhost/none.js".into(), None, "no file"),
            ("http://tailorbird.localhost/%2e%2e/secret.txt".into(), None, "above the folder"),
            ("http://other.example/shop.css".into(), None, "another origin"),
        ];
        for (address, expected, why) in cases {
            let found = folder.file(&address).map(|(_, body)| String::from_utf8(body).unwrap());
            assert_eq!(found.as_deref(), expected, "{why}");
        }
        assert_eq!(folder.file("http://tailorbird.localhost/shop.css").unwrap().0, "text/css");
    }

    #[test]
    fn a_page_that_is_not_there_is_refused() {
        assert!(SiteFolder::of(Path::new("no-such-page.html")).is_err());
    }
}
