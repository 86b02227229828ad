//! Every attribute that the engine fills, in words. `docs/attributes.md` is made of these, and
//! `tests/attributes.rs` holds them against the tree that the engine makes.

/// One of the groups of attributes.
pub struct DescribedGroup {
    /// The first step of its paths.
    pub name: &'static str,
    /// What it is about, and when it is made anew.
    pub about: &'static str,
    /// What stands in it.
    pub attributes: &'static [Attribute],
}

/// One attribute, or a family of them.
pub struct Attribute {
    /// Its path from the root. A step in capital letters stands for a name: of an event, a dimension, a
    /// key in it, a length of time, a segment.
    pub path: &'static str,
    /// What stands there: `number`, `text`, `true or false`, `texts`; with `or null` where nothing may be known.
    pub kind: &'static str,
    /// The range, unit or words.
    pub range: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

impl Attribute {
    /// Whether this is what stands at these steps.
    pub fn is_at(&self, steps: &[&str]) -> bool {
        let is_name = |step: &str| step.bytes().all(|byte| byte.is_ascii_uppercase());
        let own: Vec<&str> = self.path.split('.').collect();
        own.len() == steps.len() && own.iter().zip(steps).all(|(own, step)| own == step || is_name(own))
    }
}

const fn of(path: &'static str, kind: &'static str, range: &'static str, meaning: &'static str) -> Attribute {
    Attribute { path, kind, range, meaning }
}

const TRUTH: &str = "true or false";
const NUMBER: &str = "number";
const MAYBE: &str = "number or null";
const TEXT: &str = "text";

/// All of them, by group.
pub const DESCRIBED: [DescribedGroup; 14] = [
    DescribedGroup {
        name: "visitor",
        about: "The whole history, over visits and devices. Without consent it begins with the page view.",
        attributes: &[
            of("visitor.returning", TRUTH, "", "There was a session before this one."),
            of("visitor.sessions", NUMBER, "count", "Sessions, this one included; 0 before anything happened."),
            of("visitor.views", NUMBER, "count", "Pages viewed."),
            of(
                "visitor.events.EVENT",
                NUMBER,
                "count from 1",
                "How often an event happened; of up to 64 kinds, each until it has not happened for `eventDays`.",
            ),
            of("visitor.days_known", MAYBE, "days", "Since the first thing that is known happened."),
            of("visitor.recency_days", MAYBE, "days", "Since the last event; viewing a page is none."),
            of("visitor.orders", NUMBER, "count", "Orders, each once by its `transaction_id`."),
            of("visitor.revenue", NUMBER, "from 0, the site's currency", "Their sum."),
            of("visitor.days_since_order", MAYBE, "days", "Since the last order."),
            of(
                "visitor.reading_depth",
                MAYBE,
                "0 to 100, percent",
                "How far down pages are read, in the mean of those of which it is known.",
            ),
        ],
    },
    DescribedGroup {
        name: "session",
        about: "The current session. It ends after `sessionMinutes` without anything, over all tabs; midnight ends none.",
        attributes: &[
            of("session.views", NUMBER, "count", "Pages viewed in it."),
            of("session.seconds", NUMBER, "seconds", "How long ago it began."),
            of(
                "session.events.EVENT",
                NUMBER,
                "count from 1",
                "How often an event happened in it; of the first 32 kinds.",
            ),
        ],
    },
    DescribedGroup {
        name: "page",
        about: "The page that is viewed.",
        attributes: &[
            of("page.path", TEXT, "at most 300 bytes", "The path of its address, without parameters."),
            of(
                "page.referrer",
                TEXT,
                "`direct`, `internal`, `search`, `social`, `email`, `assistant`, `other`",
                "The kind of place the visitor came from, by the host alone, which is not kept.",
            ),
            of("page.language", TEXT, "as `de`", "The browser's language."),
            of("page.locale", TEXT, "as `de-CH`", "The same with its region, as the browser says it."),
            of(
                "page.engaged_seconds",
                NUMBER,
                "seconds",
                "How long somebody was occupied with it: the tab in front, and a sign of life in the last 30 seconds.",
            ),
        ],
    },
    DescribedGroup {
        name: "device",
        about: "What the page is viewed on.",
        attributes: &[of(
            "device.class",
            TEXT,
            "`phone`, `tablet`, `desktop`",
            "The kind of device, by the size of its screen and how it is pointed at.",
        )],
    },
    DescribedGroup {
        name: "campaign",
        about: "What the page's address says of a campaign; empty on pages reached without one.",
        attributes: &[
            of("campaign.source", TEXT, "at most 100 bytes", "`utm_source`."),
            of("campaign.medium", TEXT, "at most 100 bytes", "`utm_medium`."),
            of("campaign.name", TEXT, "at most 100 bytes", "`utm_campaign`."),
            of("campaign.term", TEXT, "at most 100 bytes", "`utm_term`."),
            of("campaign.content", TEXT, "at most 100 bytes", "`utm_content`."),
            of("campaign.id", TEXT, "at most 100 bytes", "`utm_id`."),
            of(
                "campaign.network",
                TEXT,
                "`google`, `microsoft`, `meta`, `tiktok`, `x`, `linkedin`, `reddit`, `pinterest`, `yandex`, `email`",
                "Whose click identifier stands in the address; the identifier itself is not read.",
            ),
        ],
    },
    DescribedGroup {
        name: "time",
        about: "Now, on the visitor's own clock.",
        attributes: &[
            of("time.hour", NUMBER, "0 to 23, hours", "The hour of the day."),
            of("time.weekday", NUMBER, "0 to 6, days", "The day of the week, from Sunday."),
            of("time.weekend", TRUTH, "", "It is Saturday or Sunday."),
            of(
                "time.part",
                TEXT,
                "`morning`, `afternoon`, `evening`, `night`",
                "The part of the day; they begin at 5, 12, 17 and 22 o'clock.",
            ),
        ],
    },
    DescribedGroup {
        name: "cart",
        about: "What lies in the basket, by the site's own commerce events.",
        attributes: &[
            of("cart.value", NUMBER, "from 0, the site's currency", "Prices times quantities, summed."),
            of("cart.quantity", NUMBER, "count", "How many things lie in it."),
            of("cart.items", "texts", "at most 50", "The ids of its items."),
        ],
    },
    DescribedGroup {
        name: "interest",
        about: "What the visitor turns to. An event adds its weight to each key that its items carry, and weights fade at three half-lives.",
        attributes: &[of(
            "interest.DIMENSION.KEY",
            NUMBER,
            "0 to 1, share",
            "The key's share of the visitor's own total, the mean over the half-lives, held back by `prior` and `base`; of up to 64 keys a dimension.",
        )],
    },
    DescribedGroup {
        name: "trend",
        about: "Where interests go.",
        attributes: &[of(
            "trend.DIMENSION.KEY",
            NUMBER,
            "-1 to 1",
            "The key's rate at the shortest half-life against that at the longest, (short - long) / (short + long): above 0 it comes, below it goes.",
        )],
    },
    DescribedGroup {
        name: "count",
        about: "How often something happened lately, of whatever a condition of the config asks for: the path is the question. Windows roll, no calendar cuts them, and they reach back `eventDays` at most.",
        attributes: &[
            of("count.EVENT.LENGTH", NUMBER, "0 to 64", "Events within the last `90m`, `24h`, `7d`."),
            of(
                "count.EVENT.DIMENSION.KEY.LENGTH",
                NUMBER,
                "0 to 64",
                "Those with an item that carries this key: `count.view_item.category.boots.7d`.",
            ),
        ],
    },
    DescribedGroup {
        name: "geo",
        about: "Where the visitor probably is; empty where that is not known. Only a config that names `geo` asks for it, and it may come after the first decision of a page view. Where the site says `geo.country` itself, nothing is guessed beside it.",
        attributes: &[
            of("geo.country", TEXT, "as `CH`, ISO 3166-1", "The country that the time zone tells of."),
            of(
                "geo.confidence",
                NUMBER,
                "0 to 1",
                "How sure that is: a judgement, by who shares the zone and what region the language is of.",
            ),
        ],
    },
    DescribedGroup {
        name: "value",
        about: "What the visitor is worth; see `value` of the config.",
        attributes: &[
            of(
                "value.tier",
                TEXT,
                "`champion`, `high`, `middle`, `low`",
                "By expected value where the config has parameters and `tiers`, else by the sum of the RFM scores; `low` without purchases.",
            ),
            of(
                "value.expected",
                MAYBE,
                "from 0, the site's currency",
                "What will be spent over `horizonDays`; only with parameters, and after a purchase.",
            ),
            of("value.purchases", MAYBE, "from 0, purchases", "How many of them are expected over `horizonDays`."),
            of("value.alive", MAYBE, "0 to 1, probability", "The chance that there will be another purchase at all."),
            of("value.recency", MAYBE, "1 to 5, score", "How recent the last purchase is, the better the higher."),
            of("value.frequency", MAYBE, "1 to 5, score", "How often something is bought."),
            of("value.monetary", MAYBE, "1 to 5, score", "How much is spent a purchase."),
            of("value.rfm", MAYBE, "3 to 15, score", "The sum of the three scores."),
            of(
                "value.lifecycle",
                TEXT,
                "`new`, `returning`, `customer`, `loyal`, `at risk`, `lapsed`",
                "Where the visitor stands in the life of a customer.",
            ),
        ],
    },
    DescribedGroup {
        name: "intent",
        about: "What this visit is for, told anew after every event; see `intent` of the config.",
        attributes: &[
            of("intent.buying", NUMBER, "0 to 1, probability", "That the visit ends with an order."),
            of("intent.leaving", NUMBER, "0 to 1, probability", "That it ends with the page that is viewed."),
            of(
                "intent.stage",
                TEXT,
                "`buying`, `comparing`, `leaving`, `browsing`",
                "The first of these that is so: at the checkout or likely to buy; several of a kind looked at, or one of several again; likely to leave, or a minute without anything; else.",
            ),
        ],
    },
    DescribedGroup {
        name: "segment",
        about: "The segments of the config. A segment's condition sees those that stand before it, a prompt's sees all.",
        attributes: &[of("segment.ID", TRUTH, "", "The visitor is in this segment.")],
    },
];

const TOP: &str = "\
# Attributes

What conditions can ask for. The engine fills these; what your code says by `attributes({...})` lies over them, by
the same paths or by any other. What is missing is `null` to a condition. A step in capital letters stands for a
name of yours.

`tailorbird attributes` prints this page, from the same table that a test holds against the engine.
";

/// All of it as a page of Markdown.
pub fn page() -> String {
    let mut page = TOP.to_owned();
    for group in &DESCRIBED {
        page.push_str(&format!(
            "\n## `{}`\n\n{}\n\n| path | what stands there | |\n|---|---|---|\n",
            group.name, group.about
        ));
        for Attribute { path, kind, range, meaning } in group.attributes {
            let between = if range.is_empty() { "" } else { ": " };
            page.push_str(&format!("| `{path}` | {kind}{between}{range} | {meaning} |\n"));
        }
    }
    page
}
