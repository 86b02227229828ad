//! Every attribute that the engine fills, described. `docs/attributes.md` is generated from this, and
//! `tests/attributes.rs` holds them against the tree that the engine makes.

/// One of the groups of attributes.
pub struct DescribedGroup {
    /// The first step of its paths.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

/// One attribute, or a family of them.
pub struct Attribute {
    /// Its path from the root. A step in capital letters is a placeholder for a name: of an event, a dimension, a
    /// key in it, a length of time, an area, a segment.
    pub path: &'static str,
    /// Its type: `number`, `text`, `true or false`, `texts`; with `or null` where it may be unknown.
    pub kind: &'static str,
    /// The range, unit or possible texts.
    pub range: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

impl Attribute {
    /// Whether its path has these steps.
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
pub const DESCRIBED: [DescribedGroup; 15] = [
    DescribedGroup {
        name: "visitor",
        about: "The whole history, over sessions and devices. Without consent it begins with the page view.",
        attributes: &[
            of("visitor.returning", TRUTH, "", "There was a session before this one."),
            of("visitor.sessions", NUMBER, "count", "Sessions, this one included; 0 before anything happened."),
            of("visitor.views", NUMBER, "count", "Pages viewed."),
            of(
                "visitor.events.EVENT",
                NUMBER,
                "count from 1",
                "How often an event happened; for up to 64 events, each until it has not happened for `eventDays`.",
            ),
            of("visitor.days_known", MAYBE, "days", "Since the first known event or page view."),
            of("visitor.recency_days", MAYBE, "days", "Since the last event; page views do not count."),
            of("visitor.orders", NUMBER, "count", "Orders, each once by its `transaction_id`."),
            of("visitor.revenue", NUMBER, "from 0, the site's currency", "Their sum."),
            of("visitor.days_since_order", MAYBE, "days", "Since the last order."),
            of(
                "visitor.reading_depth",
                MAYBE,
                "0 to 100, percent",
                "How far down pages are read, on average over those for which it is known.",
            ),
        ],
    },
    DescribedGroup {
        name: "session",
        about: "The current session, over all tabs. It ends after `sessionMinutes` of inactivity, and not at midnight.",
        attributes: &[
            of("session.views", NUMBER, "count", "Pages viewed in it."),
            of("session.seconds", NUMBER, "seconds", "How long ago it began."),
            of(
                "session.events.EVENT",
                NUMBER,
                "count from 1",
                "How often an event happened in it; for the first 32 events.",
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
                "`direct`, `internal`, `partner`, `search`, `social`, `email`, `assistant`, `other`",
                "The kind of site the visitor came from, by its host name, which is not stored.",
            ),
            of("page.language", TEXT, "as `de`", "The browser's language."),
            of("page.locale", TEXT, "as `de-CH`", "The same with its region, as the browser reports it."),
            of(
                "page.engaged_seconds",
                NUMBER,
                "seconds",
                "How long the visitor was engaged with it: the tab visible, and activity within the last 30 seconds.",
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
            "The kind of device, by the size of its screen and its pointer.",
        )],
    },
    DescribedGroup {
        name: "campaign",
        about: "The campaign in the page's address; empty on pages reached without one.",
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
                "`google`, `microsoft`, `meta`, `tiktok`, `x`, `linkedin`, `reddit`, `snapchat`, `pinterest`, `yandex`, `email`",
                "The network whose click identifier is in the address; the identifier itself is not read.",
            ),
        ],
    },
    DescribedGroup {
        name: "time",
        about: "Now, on the visitor's own clock.",
        attributes: &[
            of("time.date", TEXT, "such as `2026-11-28`", "The day, which compares as a text does."),
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
        about: "What is in the basket, by the site's commerce events.",
        attributes: &[
            of("cart.value", NUMBER, "from 0, the site's currency", "Prices times quantities, summed."),
            of("cart.quantity", NUMBER, "count", "The number of items in it."),
            of("cart.items", "texts", "at most 50", "The ids of its items."),
        ],
    },
    DescribedGroup {
        name: "interest",
        about: "What the visitor is interested in. An event adds its weight to each key of its items, and weights decay with three half-lives.",
        attributes: &[of(
            "interest.DIMENSION.KEY",
            NUMBER,
            "0 to 1, share",
            "The key's share of the visitor's total, averaged over the half-lives and shrunk towards `base` by `prior`; for up to 64 keys of a dimension.",
        )],
    },
    DescribedGroup {
        name: "trend",
        about: "How interests change.",
        attributes: &[of(
            "trend.DIMENSION.KEY",
            NUMBER,
            "-1 to 1",
            "The key's rate at the shortest half-life against that at the longest, (short - long) / (short + long): above 0 it rises, below 0 it falls.",
        )],
    },
    DescribedGroup {
        name: "count",
        about: "How often an event happened in a window of time, for every path of this form that a condition of the config reads. Windows are rolling, not calendar days, and reach back `eventDays` at most.",
        attributes: &[
            of("count.EVENT.LENGTH", NUMBER, "0 to 64", "Events within the last `90m`, `24h`, `7d`."),
            of(
                "count.EVENT.DIMENSION.KEY.LENGTH",
                NUMBER,
                "0 to 64",
                "Those with an item that has this key: `count.view_item.category.boots.7d`.",
            ),
        ],
    },
    DescribedGroup {
        name: "geo",
        about: "Where the visitor probably is; empty where that is unknown. The country is looked up only if a condition of the config reads it, and may be known only after the first decision of a page view. Where the site sets `geo.country` itself, none is inferred.",
        attributes: &[
            of("geo.country", TEXT, "as `CH`, ISO 3166-1", "The country, by the time zone."),
            of(
                "geo.confidence",
                NUMBER,
                "0 to 1",
                "How certain that is: an estimate from the countries that share the zone and the region of the language.",
            ),
            of(
                "geo.near.AREA",
                TRUTH,
                "",
                "The visitor is in this area of `site.areas`; missing until the browser has said where they are. The position itself is in no attribute.",
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
            of("value.purchases", MAYBE, "from 0, purchases", "The number of purchases expected over `horizonDays`."),
            of(
                "value.alive",
                MAYBE,
                "0 to 1, probability",
                "The probability that there will be another purchase at all.",
            ),
            of("value.recency", MAYBE, "1 to 5, score", "How recent the last purchase is, the better the higher."),
            of("value.frequency", MAYBE, "1 to 5, score", "How often something is bought."),
            of("value.monetary", MAYBE, "1 to 5, score", "How much is spent per purchase."),
            of("value.rfm", MAYBE, "3 to 15, score", "The sum of the three scores."),
            of(
                "value.lifecycle",
                TEXT,
                "`new`, `returning`, `customer`, `loyal`, `at risk`, `lapsed`",
                "The stage in the life cycle of a customer.",
            ),
        ],
    },
    DescribedGroup {
        name: "intent",
        about: "What this visit is for, estimated again after every event; see `intent` of the config.",
        attributes: &[
            of("intent.buying", NUMBER, "0 to 1, probability", "That the visit ends with an order."),
            of("intent.leaving", NUMBER, "0 to 1, probability", "That it ends with the page that is viewed."),
            of(
                "intent.stage",
                TEXT,
                "`buying`, `comparing`, `leaving`, `browsing`",
                "The first of these that is true: at the checkout or likely to buy; viewed several items of a category, or one of several again; likely to leave, or inactive for a minute; otherwise.",
            ),
        ],
    },
    DescribedGroup {
        name: "answer",
        about: "What the visitor has answered to prompts that ask a question.",
        attributes: &[of("answer.PROMPT", "text or number", "id of the choice, or the number", "The last answer.")],
    },
    DescribedGroup {
        name: "segment",
        about: "The segments of the config. A segment's condition sees the segments before it, a prompt's sees all.",
        attributes: &[of("segment.ID", TRUTH, "", "The visitor is in this segment.")],
    },
];

const TOP: &str = "\
# Attributes

What conditions can read. The engine fills these; attributes that your code sets by `attributes({...})` take
precedence, at the same paths or at any other. A missing attribute is `null` to a condition. A step in capital letters
is a name of yours.

`tailorbird attributes` prints this page, from the same table that a test compares with the engine.
";

/// All of it as a page of Markdown.
pub fn page() -> String {
    let mut page = TOP.to_owned();
    for group in &DESCRIBED {
        page.push_str(&format!("\n## `{}`\n\n{}\n\n| path | type | |\n|---|---|---|\n", group.name, group.about));
        for Attribute { path, kind, range, meaning } in group.attributes {
            let between = if range.is_empty() { "" } else { ": " };
            page.push_str(&format!("| `{path}` | {kind}{between}{range} | {meaning} |\n"));
        }
    }
    page
}
