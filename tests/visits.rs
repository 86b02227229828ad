//! Plays every visit of `tests/visits/*.txt` and compares what came out with what is written there.
//! `UPDATE_VISITS=1 cargo test --test visits` writes down what comes out now.
//!
//! # How to read a visit
//!
//! On top, `#` lines say what the site owner or the visitor may rely on. Then what happens, one
//! line a signal; below `---` what the engine does, each line at the time of its signal. Times
//! (`0s`, `5m`, `3h`, `2d`) count from Monday, 2 March 2026, 10:00 in universal time. A `#` line
//! between signals is a remark.
//!
//! `config: shop` names a file of `tests/visits/configs`; `config:` alone is followed by the config
//! itself, indented; without either the config is empty. Between signals, `config:` gives the site
//! another one from the next page on.
//!
//! | signal | meaning |
//! |---|---|
//! | `view /boots referrer=www.bing.com device=phone language=de-CH languages=de-CH,en booted=hero:boots agent=Googlebot zone=60 hidden=true utm_source=news` | a page view, here in a tab in the background; all but the path may be left out, other words are parameters of the address, here `https://shop.example/boots?utm_source=news`; `url=` gives the whole of it |
//! | `slots hero strip` | these slots are on the page now |
//! | `track view_item boots/Fell/b-7 129 x2 value=258 transaction=A-1` | an event; an item is `id`, `category/id` or `category/brand/id`, then its price and quantity |
//! | `push {...}`, `push [...]` | an entry of the data layer as it is; the text `"a*500"` stands for 500 times `a` |
//! | `segment ["Product Viewed", {...}]` | a call of Segment's `analytics.track` |
//! | `markup {...}` | what the page's JSON-LD says, two seconds after the page view |
//! | `scroll 60%` | the visitor scrolls so far down |
//! | `click x=10 y=20`, `click control`, `click fell.example/guide.pdf` | a click on nothing, on a control, on a link |
//! | `video start`, `video 50%`, `video complete` | a video is played |
//! | `form signup`, `form signup submit` | a form is begun, and sent |
//! | `attributes {...}` | what the site states of the visitor |
//! | `consent granted`, `denied`, `session`, `unknown`, `auto` | a statement of both purposes, `measure=false` where that differs; `consent personalize=true` states one of them |
//! | `visible hero`, `hidden hero`, `impression hero` | the slot is visible, is not, was visible for a second |
//! | `activity`, `activity 60%`, `tab hidden`, `tab visible` | the visitor does something, so far down the page; turns to another tab and back |
//! | `geo CH 0.9` | the time zone tells of a country, and how surely |
//! | `position 46.948 7.447 within 20` | where the browser says the visitor is, in degrees north and east, and how accurate that is, in metres |
//! | `notifications shown`, `notifications refused` | whether the browser shows notifications of the site |
//! | `exit y=-3 x=400 typing` | the pointer left the page, 1280 wide; also `modal`, `pressed`, `private`, `unfocused` |
//! | `prompt save-cart shown` | what became of a prompt |
//! | `decide hero` | the site's code asked for the slot's decision |
//! | `preview hero:boots`, `preview nothing` | a developer previews this from now on, written as the parameter `tb` of an address; or nothing any more |
//! | `preview-prompt save-cart`, `preview-prompt save-cart short` | a developer asks to see a prompt now, in this variant |
//! | `ranked for-you a b: x because=b, y`, `ranked popular: nothing` | what the site model answers, or that it could not be asked |
//! | `use button`, `use button {"plan": "pro"}` | the site's code asked for a feature's value, with attributes for this question alone |
//! | `reports` | the site's code asked for reports; those that are due are handed out |
//! | `forget category:boots`, `erase` | the visitor wants something forgotten, or everything |
//! | `correct category:boots 0.3` | the visitor states an interest's share |
//! | `pause`, `resume` | the visitor wants nothing learned or decided from the profile, or takes that back |
//! | `150 times track ...` | the same signal so many times, in the same millisecond |
//!
//! The simulator plays the browser too: `next page` ends the page and starts the engine anew, with what
//! is stored; a page may be changed from its first `view` on. `second tab` and `first tab` open and change
//! tabs; `corrupt profile`, `newer profile` and `corrupt journals` damage what is stored; `storage refused`
//! makes it unavailable; `slot hero refuses "no h1"` makes the page answer that it cannot show any variant
//! there, and why. `on laptop` goes on at another device of the visitor's, whose lines begin with its name;
//! `export as june` writes what is known into a file to carry there, and `import june` imports it. (Sealing the
//! file is TypeScript's.) `wait` does nothing: time has passed. A device that nobody has touched for half an
//! hour sleeps, and its timers with it.
//!
//! These ask and change nothing: `why hero` (the decision of this moment with its reasons),
//! `feature button` (a feature's value, where it comes from and why; also `feature button {"plan":
//! "pro"}`), `segments`, `attribute cart.value` (as conditions see it), `profile basket` and `export counts`
//! (parts of what `profile()` and `export()` return), `report slots` and `inspect segments` (the same of the counts of the
//! device, and of what developers inspect), `gates save-cart` (everything that has to hold before a prompt is shown), `stored` (the keys in storage), `size` (how much all of
//! it takes, in KB of 1,000 characters, rounded up).
//!
//! # What comes out
//!
//! `show hero boots "h1" = "..."`, `revert hero`, `prompt`, `preview: hero:boots` (what the page says of previews, whether it keeps them in its address, and what cannot be previewed), `locate`, `rank for-you a b` (the site model is asked), `restore local`, `save journal`, `fold`,
//! `close storage`, `quarantine`, `erase`, `push {...}` (an entry for the site's data layer), `redirect
//! https://...`, `warn ...` (for the site's developer), and the DOM events: `announce ...`, of which the
//! decision is written `decide hero boots personalized 0.412`, with its propensity where that is not 1, and
//! with the problem where it could not be applied. Numbers have three decimals. With two tabs each line says
//! whose it is.
//!
//! Of the journal only the first saving after a page starts, is restored or is erased is written
//! down, and never its bytes. When the timer rings is not written down, only what comes of it. `hide: storage`
//! leaves out `restore`, `save`, `fold` and `close storage`, `hide: consent` the events about consent, `hide:
//! decisions` the decisions; nothing else is ever left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "visits/runner.rs"]
mod runner;
#[path = "visits/script.rs"]
mod script;
#[path = "visits/wording.rs"]
mod wording;

use std::fs;
use std::path::{Path, PathBuf};

use runner::Runner;
use script::Script;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/visits")
}

fn visits() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn config(name: &str) -> String {
    let path = folder().join("configs").join(format!("{name}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What happens in a visit, line by line.
fn play(script: &Script) -> Vec<String> {
    let mut runner = Runner::new(script);
    for line in &script.lines {
        runner.play(line);
    }
    runner.log
}

#[test]
fn every_visit_goes_as_it_is_written() {
    let mut wrong = Vec::new();
    for (name, text) in visits() {
        let script = Script::read(&text, config).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let found = play(&script);
        if found == script.expected {
            continue;
        }
        if std::env::var_os("UPDATE_VISITS").is_some() {
            let effects: String = found.iter().map(|line| format!("{line}\n")).collect();
            // In one step: other tests read the same files meanwhile.
            let half_written = folder().join(format!("{name}.new"));
            fs::write(&half_written, format!("{}---\n{effects}", script.head)).unwrap();
            fs::rename(half_written, folder().join(&name)).unwrap();
        } else {
            wrong.push(format!("tests/visits/{name}\n{}", difference(&script.expected, &found)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} visits go differently (- as written, + as it is now):\n\n{}\n\
         If that is wanted, `UPDATE_VISITS=1 cargo test --test visits` writes it down.",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_visits_are_a_specification() {
    let visits = visits();
    assert!(visits.len() >= 30, "only {} visits", visits.len());
    for (name, text) in visits {
        let script = Script::read(&text, config).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(script.about.trim().ends_with('.'), "{name} does not say what may be relied on");
        assert!(!play(&script).is_empty(), "{name} shows nothing");
    }
}

#[test]
fn a_visit_played_twice_goes_the_same_way() {
    for (name, text) in visits() {
        let script = Script::read(&text, config).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(play(&script), play(&script), "{name}");
    }
}

#[test]
fn a_line_that_makes_no_sense_is_named() {
    let problem = |text: &str| Script::read(text, config).err().unwrap_or_default();
    for (text, expected) in [
        ("0s jump\n---\n", "line 1: `jump` is no signal"),
        ("# A remark.\nsoon view /\n---\n", "line 2: `soon` is no time"),
        ("5s view /\n1s view /\n---\n", "line 2: time runs backwards"),
        ("0s view /\n", "there is no line `---`"),
        ("config:\n  {\"version\": 2}\n0s view /\n---\n", "version is 2, expected 1"),
    ] {
        assert!(problem(text).contains(expected), "{text:?}: {}", problem(text));
    }
}

/// The lines of both, those only in one marked.
fn difference(before: &[String], after: &[String]) -> String {
    // Lengths of the longest common subsequences of the rests.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for (row, old) in before.iter().enumerate().rev() {
        for (column, new) in after.iter().enumerate().rev() {
            common[row][column] = if old == new {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut text) = (0, 0, String::new());
    while row < before.len() || column < after.len() {
        let both = row < before.len() && column < after.len();
        let (mark, line) = if both && before[row] == after[column] {
            (row, column) = (row + 1, column + 1);
            (' ', &before[row - 1])
        } else if column == after.len() || (both && common[row + 1][column] >= common[row][column + 1]) {
            row += 1;
            ('-', &before[row - 1])
        } else {
            column += 1;
            ('+', &after[column - 1])
        };
        text += &format!("  {mark} {line}\n");
    }
    text
}
