//! One load of a page: as a new visitor at one width, with requests answered by us where we have to.

use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::browser::Browser;
use super::site_folder::SiteFolder;

/// What is injected into the page.
const SCRIPT: &str = include_str!("page.js");
/// Where its settings are, and afterwards its functions.
const KEY: &str = "window[Symbol.for('tailorbird.inspect')]";
/// A page that says nothing for so long will not.
const PATIENCE: Duration = Duration::from_secs(90);
/// The engine is held back until the page is painted as it was sent, but not longer than this.
const HELD: Duration = Duration::from_millis(1_500);
const HEIGHT_PX: u32 = 800;
/// Narrower screens are those of phones, which do as the page's `viewport` says.
const PHONE_PX: u32 = 600;

/// What a page is opened with.
pub struct PageLoad<'a> {
    pub address: &'a str,
    pub width_px: u32,
    /// Where the page is a file: the files beside it.
    pub folder: Option<&'a SiteFolder>,
    /// The config, in place of the one at this address.
    pub config: Option<(&'a str, &'a str)>,
    /// The config, in place of the one in the page.
    pub inline: Option<&'a str>,
    /// A request that waits until the page is painted: the config, or the engine where the config is in the page.
    pub held: Option<&'a str>,
    /// What the site knows about the visitor.
    pub attributes: Option<&'a Value>,
    /// A call of what `page.js` offers, such as `discover()`.
    pub ask: &'a str,
}

impl PageLoad<'_> {
    /// Opens the page, and answers what it was asked.
    ///
    /// # Errors
    ///
    /// When the page cannot be reached or does not answer, or the browser is gone.
    pub fn run(&self, browser: &mut Browser) -> Result<Value, String> {
        // Nothing stored, nothing in the cache, no service worker.
        let context = browser.devtools.call(None, "Target.createBrowserContext", json!({}))?;
        let context = json!({"browserContextId": context.get("browserContextId")});
        let answer = self.run_in(browser, &context);
        browser.devtools.call(None, "Target.disposeBrowserContext", context)?;
        answer
    }

    fn run_in(&self, browser: &mut Browser, context: &Value) -> Result<Value, String> {
        let new = json!({"url": "about:blank", "browserContextId": context.get("browserContextId")});
        let target = browser.devtools.call(None, "Target.createTarget", new)?;
        let attached = json!({"targetId": target.get("targetId"), "flatten": true});
        let attached = browser.devtools.call(None, "Target.attachToTarget", attached)?;
        let session = attached.get("sessionId").and_then(Value::as_str).ok_or("the browser opens no page")?;
        Loading { load: self, browser, session, held: Vec::new(), painted: false }.run()
    }

    /// What runs in the page before its own scripts.
    fn script(&self) -> String {
        let settings = json!({"attributes": self.attributes, "inline": self.inline});
        format!("{KEY} = {settings};\n{SCRIPT}")
    }

    /// Which requests are ours to answer.
    fn patterns(&self) -> Vec<Value> {
        let files = self.folder.map(|_| format!("{}/*", SiteFolder::ORIGIN));
        let exact = [self.config.map(|(address, _)| address), self.held].into_iter().flatten().map(literal_pattern);
        exact.chain(files).map(|pattern| json!({"urlPattern": pattern})).collect()
    }
}

/// The pattern that matches one address.
fn literal_pattern(address: &str) -> String {
    address.chars().flat_map(|c| matches!(c, '*' | '?' | '\\').then_some('\\').into_iter().chain([c])).collect()
}

/// A page that is being loaded.
struct Loading<'a> {
    load: &'a PageLoad<'a>,
    browser: &'a mut Browser,
    session: &'a str,
    /// Requests that wait for the page to be painted, and since when.
    held: Vec<(Value, Instant)>,
    painted: bool,
}

impl Loading<'_> {
    fn run(mut self) -> Result<Value, String> {
        let PageLoad { address, width_px, ask, .. } = *self.load;
        let size = json!({"width": width_px, "height": HEIGHT_PX, "deviceScaleFactor": 1,
                          "mobile": width_px < PHONE_PX});
        let prepared = [
            ("Page.enable", json!({})),
            ("Page.setLifecycleEventsEnabled", json!({"enabled": true})),
            ("Emulation.setDeviceMetricsOverride", size),
            ("Emulation.setUserAgentOverride", json!({"userAgent": self.browser.user_agent})),
            ("Page.addScriptToEvaluateOnNewDocument", json!({"source": self.load.script()})),
        ];
        for (method, params) in prepared {
            self.browser.devtools.call(Some(self.session), method, params)?;
        }
        let patterns = self.load.patterns();
        if !patterns.is_empty() {
            self.browser.devtools.call(Some(self.session), "Fetch.enable", json!({"patterns": patterns}))?;
        }
        // Its answer comes with that of the server, which may be up to us.
        let navigation = self.send("Page.navigate", json!({"url": address}))?;
        let mut asked = None;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if self.painted || self.held.iter().any(|(_, since)| since.elapsed() > HELD) {
                self.release()?;
            }
            let Some(message) = self.browser.devtools.receive(Duration::from_millis(100))? else { continue };
            if message.get("sessionId").and_then(Value::as_str) != Some(self.session) {
                continue;
            }
            let id = message.get("id").and_then(Value::as_u64);
            if id == Some(navigation) {
                if let Some(error) = message.pointer("/result/errorText").and_then(Value::as_str) {
                    return Err(format!("{address}: is not reachable: {error}"));
                }
            } else if id.is_some() && id == asked {
                if let Some(exception) = message.pointer("/result/exceptionDetails") {
                    return Err(format!("{address}: the page does not answer: {exception}"));
                }
                // A page that leads to another one is gone before it answers.
                if let Some(value) = message.pointer("/result/result/value") {
                    return Ok(value.clone());
                }
            }
            let params = message.get("params").unwrap_or(&Value::Null);
            match message.get("method").and_then(Value::as_str) {
                Some("Fetch.requestPaused") => self.answer(params)?,
                Some("Page.lifecycleEvent") if params.get("name") == Some(&json!("firstContentfulPaint")) => {
                    self.painted = true;
                }
                Some("Page.domContentEventFired") => {
                    let expression = format!("{KEY}.{ask}");
                    let question = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
                    asked = Some(self.send("Runtime.evaluate", question)?);
                }
                Some("Page.javascriptDialogOpening") => {
                    self.send("Page.handleJavaScriptDialog", json!({"accept": false}))?;
                }
                Some("Inspector.targetCrashed") => return Err(format!("{address}: the page has crashed")),
                _ => {}
            }
        }
        Err(format!("{address}: the page does not answer within {} seconds", PATIENCE.as_secs()))
    }

    fn send(&mut self, method: &str, params: Value) -> Result<u64, String> {
        self.browser.devtools.send(Some(self.session), method, params)
    }

    /// Answers a request, or keeps it until the page is painted.
    fn answer(&mut self, params: &Value) -> Result<(), String> {
        let address = params.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        if self.load.held == Some(address) && !self.painted {
            self.held.push((params.clone(), Instant::now()));
            return Ok(());
        }
        self.respond(params)
    }

    fn release(&mut self) -> Result<(), String> {
        for (params, _) in std::mem::take(&mut self.held) {
            self.respond(&params)?;
        }
        Ok(())
    }

    fn respond(&mut self, params: &Value) -> Result<(), String> {
        let id = params.get("requestId");
        let address = params.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        let config = self.load.config.filter(|(config, _)| *config == address);
        let (status, kind, body) = match (config, self.load.folder) {
            (Some((_, text)), _) => (200, "application/json", text.as_bytes().to_vec()),
            (None, Some(folder)) if address.starts_with(SiteFolder::ORIGIN) => match folder.file(address) {
                Some((kind, body)) => (200, kind, body),
                None => (404, "text/plain", b"there is no such file".to_vec()),
            },
            _ => {
                self.send("Fetch.continueRequest", json!({"requestId": id}))?;
                return Ok(());
            }
        };
        let headers = [("content-type", kind), ("access-control-allow-origin", "*"), ("cache-control", "no-store")];
        let headers = headers.map(|(name, value)| json!({"name": name, "value": value}));
        let headers: Vec<Value> =
            headers.into_iter().filter(|header| header.get("value") != Some(&json!(""))).collect();
        let response =
            json!({"requestId": id, "responseCode": status, "responseHeaders": headers, "body": BASE64.encode(&body)});
        self.send("Fetch.fulfillRequest", response)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_of_an_address_matches_nothing_else() {
        assert_eq!(literal_pattern("https://a.example/c.json?v=1*"), r"https://a.example/c.json\?v=1\*");
    }
}
