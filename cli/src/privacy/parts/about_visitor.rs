//! What visitors did, and what follows from it.

use super::{Part, always, with_profile};
use crate::document::codes;

pub(super) const PARTS: [Part; 10] = [
    Part {
        name: "When it began",
        here: |_| always("the time of the first visit with consent"),
        purpose: "ends the profile after its retention",
        retention: with_profile,
        read: "when the profile is read; conditions on `visitor`",
        shown: "created",
        fields: &["state.State.profile", "profile.Profile.created"],
    },
    Part {
        name: "Counts of pages and events",
        here: |_| {
            always(
                "the number of pages viewed, how far they were read on average, and of up to 64 kinds of event the \
                    count and the last time",
            )
        },
        purpose: "tells new visitors from returning ones, and visitors who read from those who leave",
        retention: |uses| format!("an event {} days after the last one; {}", uses.event_days, with_profile(uses)),
        read: "conditions on `visitor`; intent, lifecycle",
        shown: "attributes",
        fields: &[
            "profile.Profile.history",
            "history.History.views",
            "history.History.reading",
            "history.History.kinds",
            "history.Reading.pages",
            "history.Reading.percent",
            "history.Kind.name",
            "history.Kind.count",
            "history.Kind.last",
        ],
    },
    Part {
        name: "The current session",
        here: |uses| {
            let minutes = uses.session_minutes;
            Some(format!(
                "its number and times, how long and how far pages were read, counts of events, and of up to 64 \
                          products a 32-bit hash; a session ends after {minutes} minutes without activity"
            ))
        },
        purpose: "fits the page to this visit; intent",
        retention: |_| "until the next session begins".to_owned(),
        read: "conditions on `session` and `intent`; caps of prompts",
        shown: "attributes",
        fields: &[
            "profile.Profile.session",
            "session.Session.number",
            "session.Session.start",
            "session.Session.last",
            "session.Session.views",
            "session.Session.product_views",
            "session.Session.engaged_ms",
            "session.Session.product_ms",
            "session.Session.repeated_views",
            "session.Session.on_product_page",
            "session.Session.depth_percent",
            "session.Session.products",
            "session.Session.events",
            "session.EventCount.name",
            "session.EventCount.count",
        ],
    },
    Part {
        name: "Paths of the last pages",
        here: |uses| {
            uses.speculation.as_ref()?;
            always("the paths of the last five pages of the session, without their queries")
        },
        purpose: "loads the page ahead that is expected next",
        retention: |_| "until the next session begins".to_owned(),
        read: "`speculation`",
        shown: "pages",
        fields: &["session.Session.pages"],
    },
    Part {
        name: "Interests",
        here: |uses| {
            let dimensions = codes(uses.dimensions.iter().map(String::as_str), 12);
            let events = codes(uses.weighted.iter().copied(), 12);
            let kept = !uses.dimensions.is_empty() && !uses.weighted.is_empty();
            kept.then(|| {
                format!(
                    "for each of up to 64 keys of {dimensions} three weights, which decay; and the number of events \
                         ({events}) in each dimension"
                )
            })
        },
        purpose: "shows what the visitor cares about",
        retention: |uses| format!("decays with time; {}", with_profile(uses)),
        read: "strategies `interest` and `recommend`; conditions on `interest` and `trend`",
        shown: "attributes",
        fields: &[
            "profile.Profile.interests",
            "interest.Interests.half_lives_ms",
            "interest.Interests.landmarks",
            "interest.Interests.dimensions",
            "interest.Dimension.name",
            "interest.Dimension.events",
            "interest.Dimension.keys",
            "interest.Key.name",
            "interest.Key.weights",
            "interest.Key.overestimate",
            "interest.Key.stated",
        ],
    },
    Part {
        name: "Times of events that conditions count",
        here: |uses| {
            let windows = codes(uses.windows.iter().map(String::as_str), 12);
            (!uses.windows.is_empty()).then(|| format!("the last 64 times of what these count: {windows}"))
        },
        purpose: "counts events in a time window",
        retention: |uses| format!("{} days", uses.event_days),
        read: "conditions on `count`",
        shown: "eventCounts",
        fields: &[
            "profile.Profile.event_timestamps",
            "windowed_count.EventTimestamps.0",
            "windowed_count.KindTimestamps.kind",
            "windowed_count.KindTimestamps.timestamps",
        ],
    },
    Part {
        name: "Items looked at and bought",
        here: |uses| {
            let what = "the last 24 items that were looked at, with time and up to 8 tags, and the ids of up to 64 \
                        that were bought";
            uses.recommends.then(|| what.to_owned())
        },
        purpose: "recommends items, and leaves out what was bought",
        retention: |uses| format!("views {} days; {}", uses.event_days, with_profile(uses)),
        read: "strategy `recommend`, `recommend()`",
        shown: "items",
        fields: &[
            "profile.Profile.items",
            "item_history.ItemHistory.viewed",
            "item_history.ItemHistory.bought",
            "item_history.Viewed.id",
            "item_history.Viewed.at",
            "item_history.Viewed.tags",
        ],
    },
    Part {
        name: "The basket",
        here: |_| always("up to 50 lines: item, price, quantity"),
        purpose: "fits slots and prompts to what is in the basket",
        retention: |uses| format!("until it is emptied or bought; {}", with_profile(uses)),
        read: "conditions on `cart`; strategy `recommend`",
        shown: "attributes",
        fields: &[
            "profile.Profile.basket",
            "basket.Basket.lines",
            "basket.Line.id",
            "basket.Line.price",
            "basket.Line.quantity",
        ],
    },
    Part {
        name: "Orders",
        here: |_| {
            always(
                "their number and sum, the days with one, and of the last 32 the time, the value and a hash of the \
                    order number",
            )
        },
        purpose: "tells customers from visitors; computes recency, frequency, monetary and lifetime value",
        retention: with_profile,
        read: "conditions on `value` and `visitor`; `tier` of variants and prompts",
        shown: "attributes",
        fields: &[
            "profile.Profile.purchases",
            "purchase.Purchases.orders",
            "purchase.Purchases.revenue",
            "purchase.Purchases.last",
            "purchase.Purchases.recent",
            "purchase.Purchases.days",
            "purchase.Order.at",
            "purchase.Order.value",
            "purchase.Order.transaction",
        ],
    },
    Part {
        name: "Segments",
        here: |uses| {
            let segments = codes(uses.segments.iter().copied(), 24);
            (!uses.segments.is_empty())
                .then(|| format!("in which of these the visitor was last, and since when: {segments}"))
        },
        purpose: "chooses variants by segment; announces who enters and leaves",
        retention: |uses| format!("while the visitor is in it; {}", with_profile(uses)),
        read: "strategy `segment`; conditions on `segment`; prompts that wait for one",
        shown: "segmentMemberships",
        fields: &[
            "profile.Profile.memberships",
            "membership.SegmentMemberships.0",
            "membership.Membership.segment",
            "membership.Membership.since",
        ],
    },
];
