//! The one tree that conditions look at: profile, context and the site's own words.

use super::Profile;
use super::engagement::Engagement;
use crate::signal::context::PageContext;
use crate::time::{DAY, SECOND, Timestamp, hour, weekday};
use crate::value::{Object, Value};

/// Everything attributes are made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The visitor.
    pub profile: &'a Profile,
    /// The page.
    pub context: &'a PageContext,
    /// The page view.
    pub engagement: &'a Engagement,
    /// What the site says; it beats everything inferred.
    pub site: &'a Object,
}

/// The attributes at `now`: `visitor`, `session`, `page`, `device`, `campaign`, `time`, `cart`,
/// `interest`, and the site's own beside or over them. Segments are added by
/// [`segment`](super::segment).
pub fn attributes(from: Sources<'_>, now: Timestamp) -> Object {
    let Sources { profile, context, engagement, site } = from;
    let whole = |number: i64| u32::try_from(number.max(0)).unwrap_or(u32::MAX);
    let mut tree = Object::new();

    let days = |moment: Option<Timestamp>| moment.map(|moment| Value::from(whole(now.since(moment) / DAY)));
    let visitor = Object::new()
        .with("returning", profile.session.number > 1)
        .with("sessions", profile.session.number)
        .with("views", profile.history.views)
        .with("events", profile.history.counts())
        .with("days_known", days(profile.created))
        .with("recency_days", days(profile.history.last()))
        .with("orders", profile.purchases.orders)
        .with("revenue", profile.purchases.revenue)
        .with("days_since_order", days(profile.purchases.last));
    tree.set("visitor", visitor);
    tree.set("session", profile.session.attributes(now));
    tree.overlay(&context.attributes);
    let engaged = Object::new().with("engaged_seconds", whole(engagement.engaged_ms(now) / SECOND));
    tree.overlay(&Object::new().with("page", engaged));

    let (hour, weekday) = (hour(now, context.zone), weekday(now, context.zone));
    let part = match hour {
        5..=11 => "morning",
        12..=16 => "afternoon",
        17..=21 => "evening",
        _ => "night",
    };
    let time = Object::new()
        .with("hour", hour)
        .with("weekday", weekday)
        .with("weekend", weekday == 0 || weekday == 6)
        .with("part", part);
    tree.set("time", time);
    tree.set("cart", profile.basket.attributes());
    tree.set("interest", profile.interests.attributes());
    tree.overlay(site);
    tree
}
