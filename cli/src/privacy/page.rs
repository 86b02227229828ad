//! The data map, section by section.

use tailorbird::decision::prompt::Prompt;
use tailorbird::decision::prompt::caps::Caps;
use tailorbird::profile::attributes::AttributeGroup;
use tailorbird::profile::attributes::described::DESCRIBED;
use tailorbird::profile::sensitive::{TERMS, TYPES};

use super::parts::{self, Part};
use super::uses::Uses;
use super::{consent, keys, notice, requests};
use crate::document::{Block, Document, code, codes, table};

/// The page about a config in a file of this name.
pub fn document(file: &str, uses: &Uses<'_>) -> Document {
    let sections =
        [stored, profile, journals, prompts, read_only, network, consents, sensitive, verify, rights, notices, checks];
    Document {
        title: format!("Data map of {}", code(file)),
        lead: format!(
            "What Tailorbird {} stores in a visitor's browser with this config, what for, how long, and what it \
             requests. Written by `tailorbird privacy` from the engine's code and the config ({}); not to be edited, \
             but written anew when either changes. It states what the software does. What the law asks of the site is \
             for the site to check.",
            env!("CARGO_PKG_VERSION"),
            code(uses.fingerprint)
        ),
        blocks: sections.into_iter().flat_map(|section| section(uses)).collect(),
    }
}

fn heading(title: &str) -> Block {
    Block::Heading(title.to_owned())
}

fn text(text: &str) -> Block {
    Block::Text(text.to_owned())
}

fn list(points: &[&str]) -> Block {
    Block::List(points.iter().map(|point| (*point).to_owned()).collect())
}

fn stored(uses: &Uses<'_>) -> Vec<Block> {
    let mut blocks = vec![
        heading("What is stored, and when"),
        table("States of consent", &["state", "meaning", "on the device"], consent::states()),
    ];
    if uses.is_child_directed {
        blocks
            .push(text("`privacy.childDirected` is set: every visitor is in the state denied, and nothing is stored."));
        return blocks;
    }
    blocks.extend([
        text(
            "With consent, text under these keys of the browser's storage, on the site's own origin. With \
             `data-namespace` the namespace stands behind `tailorbird-`. No cookies, no IndexedDB, no cache storage. \
             It is a compact encoding and not encrypted: other scripts of the site can read it.",
        ),
        table(
            "Keys of storage",
            &["key", "holds", "purpose", "kept", "read by", "legal basis, to be checked"],
            keys::rows(uses),
        ),
        text(
            "While a page with consent is open it holds a Web Lock named like its journal. Locks store nothing. \
             Retention is applied when a page with consent next reads the profile: browsers have no timer for storage.",
        ),
    ]);
    blocks
}

/// What is kept of these parts as a table, and the names of those of which nothing is.
fn parts_table(
    caption: &'static str,
    parts: impl Iterator<Item = &'static Part>,
    uses: &Uses<'_>,
) -> (Block, Vec<String>) {
    let (mut rows, mut not_kept) = (Vec::new(), Vec::new());
    for part in parts {
        let Some(here) = (part.here)(uses) else {
            not_kept.push(format!("{}: {}", part.name, part.purpose));
            continue;
        };
        let shown = if part.shown.is_empty() { "no".to_owned() } else { part.shown.to_owned() };
        let kept = (part.retention)(uses);
        rows.push(vec![part.name.to_owned(), here, part.purpose.to_owned(), kept, part.read.to_owned(), shown]);
    }
    let head = &["part", "on this site", "purpose", "kept", "read by", "in `export()`"];
    (table(caption, head, rows), not_kept)
}

fn profile(uses: &Uses<'_>) -> Vec<Block> {
    if uses.is_child_directed {
        return Vec::new();
    }
    let (table, not_kept) = parts_table("Parts of the profile", parts::of_profile(), uses);
    let mut blocks = vec![heading("The profile, part by part"), table];
    blocks.push(text(
        "Legal basis, to be checked: that of the profile. Where the law exempts measuring of the site's own audience, \
         counts of variants and exposures may fall under it. At most 24 KB are stored; where that is full the oldest \
         and weakest give way.",
    ));
    if !not_kept.is_empty() {
        blocks.extend([text("This config does not use these, and nothing is kept for them:"), Block::List(not_kept)]);
    }
    blocks.push(text(
        "Never stored: addresses of pages beyond the paths above, referrers, campaigns and click identifiers, device, \
         language, attributes of the site, consent, addresses of links, what is in a field, and whatever else an \
         event carries.",
    ));
    blocks
}

fn journals(uses: &Uses<'_>) -> Vec<Block> {
    if uses.is_child_directed {
        return Vec::new();
    }
    let (table, _) = parts_table("Entries of a journal", parts::of_journal(), uses);
    vec![
        heading("Journals, entry by entry"),
        text("What one tab recorded and the profile does not contain yet: at most 2,048 entries or 64 KB."),
        table,
    ]
}

/// How often visitors are asked, by prompt and together.
fn prompts(uses: &Uses<'_>) -> Vec<Block> {
    let mut blocks = vec![heading("Prompts and holdouts")];
    if uses.prompts.is_empty() {
        blocks.push(text("This config has no prompts."));
    } else {
        let of_one = |prompt: &Prompt| [code(&prompt.id)].into_iter().chain(caps(&prompt.caps)).collect();
        let of_all = ["all together".to_owned()].into_iter().chain(caps(&uses.prompt_rules.caps)).collect();
        let head = &["prompt", "a session", "a day", "a week", "days after a no", "days after a yes"];
        let rows = uses.prompts.iter().map(of_one).chain([of_all]).collect();
        blocks.push(table("How often prompts may be shown", head, rows));
        let quiet = if uses.prompt_rules.quiet_hours.is_some() { "; none in the site's quiet hours" } else { "" };
        blocks.push(Block::Text(format!("On one page view at most {}{quiet}.", uses.prompt_rules.per_view)));
    }
    if uses.has_notification {
        blocks.push(text(
            "A prompt of this config is a notification of the system. It is shown only where the visitor has allowed \
             the site notifications, by the page itself; no push service is involved.",
        ));
    }
    blocks.push(text(if uses.has_holdout {
        "Some visitors, drawn by their seed, get the page as it was sent, for comparison."
    } else {
        "Nothing is withheld from anybody for comparison."
    }));
    blocks
}

fn caps(caps: &Caps) -> [String; 5] {
    let Caps { per_session, per_day, per_week, after_dismiss_days, after_accept_days } = caps;
    let times = |times: &i32| if *times == i32::MAX { "any".to_owned() } else { times.to_string() };
    [times(per_session), times(per_day), times(per_week), after_dismiss_days.to_string(), after_accept_days.to_string()]
}

/// What is read of the page and the browser, by the groups of attributes.
fn read_only(uses: &Uses<'_>) -> Vec<Block> {
    let of_page = ["page", "device", "campaign", "time", "geo"];
    let mut points: Vec<String> = DESCRIBED
        .iter()
        .filter(|group| of_page.contains(&group.name) && uses.reads(AttributeGroup::of_path(group.name)))
        .map(|group| codes(group.attributes.iter().map(|attribute| attribute.path), 100))
        .collect();
    if uses.reads(AttributeGroup::Site) {
        points.push("attributes that the site states by `attributes()`".to_owned());
    }
    let captures = uses.capture;
    let captured = [
        (captures.catalog, "product or article of the page, from its markup"),
        (captures.segment, "events sent to Segment's `analytics`"),
        (captures.scroll, "how far the page is scrolled"),
        (captures.video, "videos"),
        (captures.forms, "that a form is begun, sent or left, never what is in it"),
        (captures.search, "that the site was searched"),
        (captures.clicks, "links to other sites and to files, and clicks on what does not answer"),
    ];
    let captured: Vec<&str> = captured.into_iter().filter(|(is_on, _)| *is_on).map(|(_, what)| what).collect();
    if !captured.is_empty() {
        points.push(format!("captured as events: {}", captured.join("; ")));
    }
    if uses.has_partners {
        points.push("whether the referrer is one of the site's partners".to_owned());
    }
    if uses.has_exit_prompt {
        points.push("signs of leaving, such as the pointer's way to the top edge, for prompts".to_owned());
    }
    if uses.preview {
        points.push(
            "the parameters `tb` and `tb-inspect` of the address, which ask for a preview and for the inspector, and of \
             the address of the page before; while there is one it is kept in the addresses of the pages of the tab, \
             and nothing of a preview is recorded"
                .to_owned(),
        );
    }
    points.push("the data layer of the page, and calls of the site's own scripts".to_owned());
    vec![
        heading("What is read and not stored"),
        text(
            "In the memory of the page, to decide what it shows. Events become counts, as listed above, and only with \
             consent.",
        ),
        Block::List(points),
    ]
}

fn network(uses: &Uses<'_>) -> Vec<Block> {
    let mut blocks = vec![
        heading("Network requests"),
        text(
            "The engine requests its own files, from where the site puts them, and nothing else. No request carries \
             data of a visitor. The WebAssembly module imports no function of the network.",
        ),
        table("Requests of the engine", &["file", "what it is", "when"], requests::own(uses)),
    ];
    let never = requests::never(uses);
    if !never.is_empty() {
        blocks.push(Block::Text(format!("Never requested with this config: {}.", codes(never, 50))));
    }
    blocks.extend([
        text("What the browser requests because of the content of the config, as it would for any page:"),
        Block::List(requests::because_of_content(uses)),
    ]);
    blocks
}

fn consents(uses: &Uses<'_>) -> Vec<Block> {
    let head = &["source", "who", "`personalize`", "`measure`"];
    vec![
        heading("Who states consent"),
        text(
            "Consent is not stored by Tailorbird: on each page somebody states it. Of all answers the most \
             restrictive counts; a yes on the site's own control outranks the browser's signals. `tailorbird:consent` \
             names the source.",
        ),
        table("Sources of consent", head, consent::sources(uses)),
    ]
}

fn sensitive(uses: &Uses<'_>) -> Vec<Block> {
    let own = uses.sensitive.terms();
    let mut points = Vec::new();
    points.push(if uses.sensitive.has_defaults() {
        format!("On every site, as a category or a part of an address: {}.", codes(TERMS, TERMS.len()))
    } else {
        "The list that counts on every site is switched off by `privacy.sensitiveDefaults`: to be checked.".to_owned()
    });
    if uses.sensitive.has_defaults() {
        points.push(format!(
            "Pages that say of themselves that they are one of these, by schema.org: types that begin with `Medical`, \
             {}; and those that are not for families.",
            codes(TYPES, TYPES.len())
        ));
    }
    points.push(if own.is_empty() {
        "This site adds none, in `privacy.sensitive`.".to_owned()
    } else {
        format!("This site adds: {}.", codes(own.iter().map(String::as_str), 200))
    });
    points.push(
        "Parts of pages marked with `data-tb-sensitive`, and pages with a field for a password or a payment card."
            .to_owned(),
    );
    vec![
        heading("What is sensitive"),
        text(
            "An item or a page that matches is neither stored nor counted, and no prompt waits for it. Values match \
             as a whole.",
        ),
        Block::List(points),
    ]
}

fn verify(_: &Uses<'_>) -> Vec<Block> {
    let steps = [
        "Send the header below with a page that has the config in it, and load it. `connect-src 'none'` makes the \
         browser refuse `fetch`, beacons and sockets to every script of the page, and name each attempt in the \
         console. The slots work, and no attempt is Tailorbird's.",
        "Open the browser's developer tools, tab Network, and reload. Compare with the table of requests.",
        "In a new private window open tab Application (Firefox and Safari: Storage), Local storage and Session \
         storage, before any consent: there is no key that begins with `tailorbird`.",
        "Give consent, look at a few pages, and compare the keys with the table of keys.",
        "In the console, `tailorbird.export()` prints what is stored of you, in plain names.",
        "In the console, `tailorbird.audit()` prints what the engine did on this page view: imports of the wasm, \
         keys, listeners, requests, and the consent in effect with its source.",
        "Withdraw consent: the keys are gone, in every open tab.",
    ];
    vec![
        heading("How to verify it"),
        Block::Steps(steps.map(str::to_owned).to_vec()),
        Block::Code("Content-Security-Policy: script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'".to_owned()),
        text(
            "With the config in a file of its own write `connect-src 'self'`. `img-src 'self'` keeps pictures on the \
             site's own server.",
        ),
    ]
}

fn rights(_: &Uses<'_>) -> Vec<Block> {
    let rows = [
        ["see it", "`tailorbird.profile()`, `tailorbird.export()`", "access"],
        ["correct it", "`tailorbird.forget(\"category:boots\")`", "rectification"],
        ["erase it", "`tailorbird.erase()`, or the browser's own settings", "erasure"],
        ["take it along", "`tailorbird.export({ passphrase })`", "portability"],
        [
            "object, withdraw",
            "`tailorbird.consent({ personalize: false })`, or the site's consent tool",
            "objection, withdrawal",
        ],
    ];
    vec![
        heading("What a visitor can do"),
        table(
            "Ways to see, correct, erase and take along",
            &["what", "how the site offers it", "which right it may serve, to be checked"],
            rows.map(|cells| cells.map(str::to_owned).to_vec()).to_vec(),
        ),
        text("Nobody but the visitor's own browser holds the data, so nobody else can answer for it."),
    ]
}

fn notices(uses: &Uses<'_>) -> Vec<Block> {
    vec![
        heading("Text for the notice"),
        text("To be edited: what stands in square brackets is the site's to say."),
        Block::Quote(notice::paragraphs(uses)),
    ]
}

fn checks(_: &Uses<'_>) -> Vec<Block> {
    vec![
        heading("To be checked by the site"),
        list(&[
            "Which legal basis holds for what is stored and read, under the law of the visitors' countries.",
            "Whether comparing variations needs consent, or is exempt as audience measurement.",
            "Whether the purposes above stand in the notice, and how long it is kept.",
            "Whether categories and addresses of the site are covered by the list of what is sensitive.",
            "Which other scripts of the site read the profile, listen to its events, or send exposures on.",
        ]),
    ]
}
