//! The text of a visit, read.

use serde_json::from_str;
use tailorbird::config::Config;
use tailorbird::hash::crc32;
use tailorbird::time::{DAY, HOUR, MINUTE, SECOND, Timestamp, duration};
use tailorbird::value::{Object, Value};

/// Monday, 2 March 2026, 10:00 in universal time.
const START_MS: i64 = 1_772_445_600_000;

/// A visit: what happens, and what is expected to come of it.
pub struct Script {
    /// What it shows, in a sentence or two.
    pub about: String,
    /// Everything above `---`, as it is written.
    pub head: String,
    /// The site's config, without problems, and what it changes to later.
    pub configs: Vec<Value>,
    /// Kinds of effect that are left out.
    pub hidden: Vec<String>,
    /// What happens.
    pub lines: Vec<Line>,
    /// What comes of it.
    pub expected: Vec<String>,
}

/// One thing that happens.
pub struct Line {
    /// When, as it is written.
    pub time: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub command: Command,
}

/// What can happen.
pub enum Command {
    /// The engine receives a signal, so many times.
    Dispatch(Value, usize),
    /// The page ends, and the engine starts anew.
    NextPage,
    /// From the next page on the site has another of its configs.
    Config(usize),
    /// This tab comes to the front; it opens if it was not there.
    Tab(usize),
    /// The visitor goes on at another device, by its name.
    Device(String),
    /// What is known is written into a file of this name, to be carried.
    Export(String),
    /// Such a file is brought here.
    Import(String),
    /// What is stored is damaged: the key's beginning, and how it reads afterwards.
    Damage(&'static str, Damage),
    /// Storage is not available any more.
    RefuseStorage,
    /// A slot cannot show any variant, for this reason.
    RefuseSlot(String, String),
    /// Nothing but time passes.
    Pass,
    /// A question about the engine or its storage: its kind and what it is about.
    Ask(String, String),
}

/// How stored text is damaged.
#[derive(Clone, Copy)]
pub enum Damage {
    /// One character was altered.
    Altered,
    /// A later version wrote it.
    Newer,
}

impl Script {
    /// Reads a visit; `config_of` finds the shared configs. An error names the line.
    pub fn read(text: &str, config_of: impl Fn(&str) -> String) -> Result<Script, String> {
        let (head, below) = text.split_once("---\n").ok_or("there is no line `---`")?;
        let mut script = Script {
            about: String::new(),
            head: head.to_owned(),
            configs: Vec::new(),
            hidden: Vec::new(),
            lines: Vec::new(),
            expected: below.lines().map(str::to_owned).collect(),
        };
        let mut configs = vec![r#"{"version": 1}"#.to_owned()];
        let mut is_config = false;
        for (index, line) in head.lines().enumerate() {
            if let (true, Some(own)) = (line.starts_with(' ') && is_config, configs.last_mut()) {
                *own += line;
                continue;
            }
            is_config = false;
            if let Some(remark) = line.strip_prefix('#') {
                if script.lines.is_empty() {
                    script.about += remark;
                }
            } else if let Some(name) = line.strip_prefix("config:") {
                is_config = name.is_empty();
                let own = if is_config { String::new() } else { config_of(name.trim()) };
                if let Some(Line { time, at, .. }) = script.lines.last() {
                    let (time, command) = (time.clone(), Command::Config(configs.len()));
                    script.lines.push(Line { time, at: *at, command });
                    configs.push(own);
                } else {
                    configs = vec![own];
                }
            } else if let Some(kinds) = line.strip_prefix("hide:") {
                script.hidden = kinds.split_whitespace().map(str::to_owned).collect();
            } else if !line.is_empty() {
                let read = Line::read(line).and_then(|read| match script.lines.last() {
                    Some(before) if before.at > read.at => Err("time runs backwards".to_owned()),
                    _ => Ok(read),
                });
                script.lines.push(read.map_err(|problem| format!("line {}: {problem}", index + 1))?);
            }
        }
        for own in configs {
            let config = from_str(&own).map_err(|problem| format!("the config: {problem}"))?;
            let problems = Config::read(&config).map_or_else(|problems| problems, |config| config.problems).lines();
            if !problems.is_empty() {
                return Err(problems.join("\n"));
            }
            script.configs.push(config);
        }
        Ok(script)
    }
}

impl Line {
    fn read(line: &str) -> Result<Line, String> {
        let (time, rest) = line.split_once(' ').unwrap_or((line, ""));
        // `duration` knows no nought.
        let ms = if time == "0s" { Some(0) } else { duration(time) };
        let at = Timestamp::from_ms(START_MS + ms.ok_or(format!("`{time}` is no time"))?);
        Ok(Line { time: time.to_owned(), at, command: Command::read(rest)? })
    }
}

/// A time as visits write it.
pub fn time_text(at: Timestamp) -> String {
    let ms = at.ms() - START_MS;
    let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "m")];
    match units.into_iter().find(|(unit, _)| ms != 0 && ms % unit == 0) {
        Some((unit, name)) => format!("{}{name}", ms / unit),
        None if ms % SECOND == 0 => format!("{}s", ms / SECOND),
        None => format!("{}.{:03}s", ms / SECOND, ms % SECOND),
    }
}

impl Command {
    fn read(line: &str) -> Result<Command, String> {
        if let Some((count, rest)) = line.split_once(" times ") {
            let Command::Dispatch(signal, _) = Command::read(rest)? else {
                return Err(format!("`{rest}` is no signal"));
            };
            return Ok(Command::Dispatch(signal, count.parse().map_err(|_| format!("`{count}` is no number"))?));
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<&str> = rest.split_whitespace().collect();
        let first = words.first().copied().unwrap_or("");
        let signal = |name: &str| Object::new().with("signal", name);
        let json = || from_str::<Value>(rest).map(repeated).map_err(|problem| format!("{problem}"));
        Ok(Command::Dispatch(
            match (verb, rest) {
                ("next", "page") => return Ok(Command::NextPage),
                ("first", "tab") => return Ok(Command::Tab(0)),
                ("second", "tab") => return Ok(Command::Tab(1)),
                ("corrupt", "profile") => return Ok(Command::Damage("v1", Damage::Altered)),
                ("newer", "profile") => return Ok(Command::Damage("v1", Damage::Newer)),
                ("corrupt", "journals") => return Ok(Command::Damage("t.", Damage::Altered)),
                ("storage", "refused") => return Ok(Command::RefuseStorage),
                ("slot", _) if words.get(1) == Some(&"refuses") => {
                    let reason = from_str(rest.split_once(" refuses ").map_or("", |(_, reason)| reason))
                        .map_err(|problem| format!("the reason: {problem}"))?;
                    return Ok(Command::RefuseSlot(first.to_owned(), reason));
                }
                ("wait", "") => return Ok(Command::Pass),
                ("on", name) if !name.is_empty() => return Ok(Command::Device(name.to_owned())),
                ("import", name) if !name.is_empty() => return Ok(Command::Import(name.to_owned())),
                ("export", name) if name.starts_with("as ") => return Ok(Command::Export(name[3..].to_owned())),
                ("size" | "reports", "") => return Ok(Command::Ask(verb.to_owned(), String::new())),
                (
                    "why" | "prompts" | "gates" | "feature" | "segments" | "attribute" | "profile" | "export"
                    | "inspect" | "report" | "stored",
                    about,
                ) => {
                    if verb == "feature" {
                        given_attributes(about)?;
                    }
                    return Ok(Command::Ask(verb.to_owned(), about.to_owned()));
                }
                ("view", _) => view(&words)?,
                ("prerender", _) => view(&words)?.with("prerendering", true),
                ("slots", _) => signal("slots").with("slots", words),
                ("track", _) => signal("track").with("event", first).with("params", params(&words[1..])?),
                ("push", _) => signal("data-layer").with("entry", json()?),
                ("segment", _) => signal("segment").with("arguments", json()?),
                ("markup", _) => signal("markup").with("jsonLd", vec![json()?]),
                ("scroll", _) => signal("scroll").with("depth", percent(rest)?),
                ("click", _) => click(&words)?,
                ("video", _) => {
                    let step = percent(rest).map_or(Value::from(first), Value::from);
                    signal("video").with("step", step)
                }
                // A form is known by its name.
                ("form", _) => signal("form")
                    .with("number", f64::from(crc32(first.as_bytes())))
                    .with("id", first)
                    .with("submit", words.get(1) == Some(&"submit")),
                ("attributes", _) => signal("attributes").with("attributes", json()?),
                ("consent", _) => consent(&words)?,
                ("visible" | "hidden", _) => signal("visible").with("slot", first).with("visible", verb == "visible"),
                ("impression" | "decide", _) => signal(verb).with("slot", first),
                ("activity", _) => signal("activity").with("depth", percent(rest)?),
                ("geo", _) => geo(&words)?,
                ("tab", "hidden" | "visible") => signal("tab").with("visible", rest == "visible"),
                ("position", _) => position(&words)?,
                ("notifications", "shown" | "refused") => signal("notifications").with("shown", rest == "shown"),
                ("exit", _) => exit(&words)?,
                ("scrolled-up", "") | ("product-copied", "") => signal(verb),
                ("element-visible", _) => signal(verb).with("prompt", first),
                ("call", _) => signal("call").with("prompt", first),
                ("prompt", _) => {
                    signal("prompt").with("prompt", first).with("outcome", words.get(1).copied().unwrap_or(""))
                }
                ("answer", _) => {
                    signal("answer").with("prompt", first).with("answer", words.get(1).copied().unwrap_or(""))
                }
                ("preview", "nothing") => signal("preview").with("previews", ""),
                ("preview", _) => signal("preview").with("previews", rest),
                ("preview-prompt", _) => {
                    let variant = words.get(1).map(|variant| (*variant).to_owned());
                    signal("preview-prompt").with("prompt", first).with("variant", variant)
                }
                ("ranked", _) => ranked(&words)?,
                ("use", _) => signal("use").with("feature", first).with("attributes", given_attributes(rest)?),
                ("forget", _) => signal("forget").with("interest", rest),
                ("correct", _) => {
                    let share: f64 = words.get(1).and_then(|word| word.parse().ok()).ok_or("a share is missing")?;
                    signal("correct").with("interest", first).with("share", share)
                }
                ("pause" | "resume", "") => signal("pause").with("paused", verb == "pause"),
                // The browser draws fresh bits.
                ("erase", "") => signal("erase"),
                _ => return Err(format!("`{line}` is no signal")),
            }
            .into(),
            1,
        ))
    }
}

/// `for-you a b: x because=a, y`: the model's answer, or `for-you a b: nothing` where it could not be asked.
fn ranked(words: &[&str]) -> Result<Object, String> {
    let line = words.join(" ");
    let (asked, items) = line.split_once(':').ok_or("`ranked` needs a colon")?;
    let (kind, history) = asked.split_once(' ').unwrap_or((asked, ""));
    let history: Value = history.split_whitespace().collect();
    let request = Object::new().with("kind", kind).with("history", history);
    let signal = Object::new().with("signal", "ranked").with("request", request);
    let items: Vec<&str> = items.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    if items == ["nothing"] {
        return Ok(signal);
    }
    let item = |(place, item): (usize, &&str)| {
        let (id, because) = item.split_once(" because=").unwrap_or((item, ""));
        let because = Some(because).filter(|because| !because.is_empty()).map(str::to_owned);
        let score = 1.0 / f64::from(u32::try_from(place).unwrap_or(0) + 1);
        Object::new().with("id", id).with("score", score).with("because", because)
    };
    Ok(signal.with("items", items.iter().enumerate().map(item).collect::<Value>()))
}

/// `key=value` words.
fn named<'a>(words: &[&'a str]) -> Result<Vec<(&'a str, &'a str)>, String> {
    words.iter().map(|word| word.split_once('=').ok_or(format!("`{word}` says nothing"))).collect()
}

/// A page view: `/boots device=phone tb=hero:boots`, where what has no other meaning is a parameter
/// of the address, or `/boots url=https://shop.example/boots?tb=hero:boots` with the whole of it.
fn view(words: &[&str]) -> Result<Object, String> {
    let path = words.first().copied().unwrap_or("");
    let mut view = Object::new().with("signal", "view").with("path", path).with("host", "shop.example");
    let (mut params, mut url) = (Vec::new(), None);
    for (key, value) in named(words.get(1..).unwrap_or_default())? {
        match (key, value.parse::<f64>()) {
            ("zone", Ok(zone)) => view.set("zone", zone),
            ("referrer" | "device" | "language" | "agent", _) => view.set(key, value),
            ("hidden" | "sensitive", _) => view.set(key, value == "true"),
            ("booted", _) => {
                let (slot, variant) = value.split_once(':').unwrap_or((value, ""));
                view.set("booted", Object::new().with(slot, variant));
            }
            ("languages", _) => view.set("languages", value.split(',').map(str::to_owned).collect::<Vec<_>>()),
            ("url", _) => url = Some(value.to_owned()),
            _ => params.push(format!("{key}={value}")),
        }
    }
    let query = if params.is_empty() { String::new() } else { format!("?{}", params.join("&")) };
    let url = url.unwrap_or_else(|| format!("https://shop.example{path}{query}"));
    let query = url.split('#').next().and_then(|address| address.split_once('?')).map_or("", |(_, query)| query);
    let mut params = Object::new();
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        params.set(key, value);
    }
    Ok(view.with("params", params).with("url", url))
}

/// How far down the page: `60%`; its top where nothing is said.
fn percent(rest: &str) -> Result<f64, String> {
    let number = if rest.is_empty() { Some("0") } else { rest.strip_suffix('%') };
    number.and_then(|number| number.parse().ok()).ok_or(format!("`{rest}` is no depth such as 60%"))
}

/// A click: `x=10 y=20`, `control`, `selects`, or on a link: `fell.example/guide.pdf`.
fn click(words: &[&str]) -> Result<Object, String> {
    let click = Object::new().with("signal", "click").with("x", 0.0).with("y", 0.0);
    words.iter().try_fold(click, |click, word| match (*word, word.split_once('=')) {
        ("control" | "selects" | "download", _) => Ok(click.with(word, true)),
        (_, Some((key @ ("x" | "y"), px))) => Ok(click.with(key, px.parse().unwrap_or(f64::NAN))),
        _ => match word.split_once('/') {
            Some((host, path)) => Ok(click.with("host", host).with("path", format!("/{path}")).with("control", true)),
            None => Err(format!("`{word}` says nothing of a click")),
        },
    })
}

/// Where the time zone says the visitor is: `CH 0.9`.
fn geo(words: &[&str]) -> Result<Object, String> {
    match (words, words.get(1).and_then(|word| word.parse::<f64>().ok())) {
        ([country, _], Some(confidence)) => {
            Ok(Object::new().with("signal", "geo").with("country", *country).with("confidence", confidence))
        }
        _ => Err("geo is a country and how sure that is: CH 0.9".to_owned()),
    }
}

/// Where the browser says the visitor is, and how accurately in metres: `46.948 7.447 within 20`.
fn position(words: &[&str]) -> Result<Object, String> {
    let numbers: Vec<f64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    match (words, numbers.as_slice()) {
        ([_, _, "within", _], &[latitude, longitude, accuracy]) => Ok(Object::new()
            .with("signal", "position")
            .with("latitude", latitude)
            .with("longitude", longitude)
            .with("accuracy", accuracy)),
        _ => Err("a position is degrees north and east, and its accuracy in metres: 46.948 7.447 within 20".to_owned()),
    }
}

/// The attributes that code gives beside a feature's key: `button {"plan": "pro"}`.
pub fn given_attributes(rest: &str) -> Result<Value, String> {
    let (_, json) = rest.split_once(' ').unwrap_or(("", "{}"));
    from_str(json).map_err(|problem| format!("{problem}"))
}

/// The parameters of an event: `boots/Fell/b-7 129 x2 tents/t-1 240 value=498 transaction=A-1`.
fn params(words: &[&str]) -> Result<Value, String> {
    let mut params = Object::new();
    let mut items: Vec<Object> = Vec::new();
    for word in words {
        let quantity = word.strip_prefix('x').and_then(|digits| digits.parse::<f64>().ok());
        match (word.split_once('='), word.parse::<f64>(), quantity, items.last_mut()) {
            (Some(("value", value)), ..) => params.set("value", value.parse().unwrap_or(f64::NAN)),
            (Some(("transaction", id)), ..) => params.set("transaction_id", id),
            (Some((key, _)), ..) => return Err(format!("`{key}` says nothing of an event")),
            (_, Ok(price), _, Some(item)) => item.set("price", price),
            (_, _, Some(quantity), Some(item)) => item.set("quantity", quantity),
            _ => {
                let mut parts = word.rsplit('/');
                let mut item = Object::new().with("item_id", parts.next().unwrap_or(""));
                let tags: Vec<&str> = parts.collect();
                match tags[..] {
                    [] => {}
                    [category] => item.set("item_category", category),
                    [brand, category] => {
                        item.set("item_category", category);
                        item.set("item_brand", brand);
                    }
                    _ => return Err(format!("`{word}` is no item")),
                }
                items.push(item);
            }
        }
    }
    if !items.is_empty() {
        params.set("items", items);
    }
    Ok(params.into())
}

/// A word of `data-consent`, which states both purposes, or `personalize=true` and `measure=true` alone.
fn consent(words: &[&str]) -> Result<Object, String> {
    let statement = Object::new().with("signal", "consent");
    let both = |personalize: Value, measure: bool| {
        Ok::<_, String>(statement.clone().with("personalize", personalize).with("measure", measure))
    };
    let (mut statement, rest) = match words {
        ["granted", rest @ ..] => (both(true.into(), true)?, rest),
        ["denied", rest @ ..] => (both(false.into(), false)?, rest),
        ["session", rest @ ..] => (both("session".into(), false)?, rest),
        ["unknown", rest @ ..] => (both(Value::Null, false)?, rest),
        ["auto", rest @ ..] => (statement.clone().with("auto", true), rest),
        [word, ..] if word.contains('=') => (statement.clone(), words),
        _ => return Err("consent is one of granted, denied, session, unknown, auto".to_owned()),
    };
    for (key, value) in named(rest)? {
        match key {
            "source" => statement.set(key, value),
            _ => statement.set(key, value == "true"),
        }
    }
    Ok(statement)
}

fn exit(words: &[&str]) -> Result<Object, String> {
    let signal = Object::new().with("signal", "exit").with("x", 400.0).with("y", -3.0).with("width", 1280.0);
    let signal = signal.with("height", 720.0).with("straight", true).with("focused", true);
    words.iter().try_fold(signal, |signal, word| match (*word, word.split_once('=')) {
        ("slowly", _) => Ok(signal.with("straight", false)),
        ("unfocused", _) => Ok(signal.with("focused", false)),
        ("typing" | "modal" | "pressed" | "private", _) => Ok(signal.with(word, true)),
        (_, Some((key @ ("x" | "y" | "width"), px))) => Ok(signal.with(key, px.parse().unwrap_or(f64::NAN))),
        _ => Err(format!("`{word}` says nothing of a pointer")),
    })
}

/// The same tree with `"a*500"` written out.
fn repeated(value: Value) -> Value {
    match value {
        Value::Text(text) => match text.split_once('*').map(|(what, times)| (what, times.parse::<usize>())) {
            Some((what, Ok(times))) => what.repeat(times).into(),
            _ => text.into(),
        },
        Value::List(items) => items.into_iter().map(repeated).collect(),
        Value::Object(object) => {
            let mut whole = Object::new();
            for (key, value) in object.iter() {
                whole.set(key, repeated(value.clone()));
            }
            whole.into()
        }
        other => other,
    }
}
