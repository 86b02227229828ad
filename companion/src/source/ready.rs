//! Maps of logs that many sites have.

use crate::source::map::{Map, MapError};

/// Their names, and what each is a map of.
pub const READY: &[(&str, &str, &str)] = &[
    ("ga4", "GA4's export to BigQuery", include_str!("../../maps/ga4.toml")),
    ("segment", "Segment or RudderStack, as files in a bucket", include_str!("../../maps/segment.toml")),
    ("snowplow", "Snowplow's enriched events, as JSON or Parquet", include_str!("../../maps/snowplow.toml")),
    ("matomo", "Matomo's visits, of Live.getLastVisitsDetails", include_str!("../../maps/matomo.toml")),
    ("posthog", "PostHog's batch exports", include_str!("../../maps/posthog.toml")),
    ("shopify", "Shopify's orders, as CSV", include_str!("../../maps/shopify.toml")),
    ("woocommerce", "WooCommerce's orders, of its REST API", include_str!("../../maps/woocommerce.toml")),
    ("access-log", "a web server's log in the combined format", include_str!("../../maps/access-log.toml")),
    ("plausible", "Plausible's export of pages, which has counts alone", include_str!("../../maps/plausible.toml")),
    ("sessions", "SessionId,ItemId,Time as `train --sessions` takes it", include_str!("../../maps/sessions.toml")),
];

impl Map {
    /// A ready map by its name; `None` if there is none of this name.
    ///
    /// # Errors
    ///
    /// Never, for the maps that are shipped: a test reads them all.
    pub fn ready(name: &str) -> Option<Result<Map, MapError>> {
        READY.iter().find(|(own, _, _)| *own == name).map(|(_, _, text)| Map::read(text, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ready_maps_have_no_problem_and_say_what_their_log_lacks() {
        for (name, _, _) in READY {
            let map = Map::ready(name).unwrap().unwrap();
            assert!(map.note.is_some(), "{name}");
        }
    }
}
