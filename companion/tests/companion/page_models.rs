//! What the page beside a model shows, as models count it: numbers checked by hand.

use crate::support::{engines, rows};

macro_rules! model {
    ($name:literal) => {
        include_str!(concat!("../../models/", $name, ".sql"))
    };
}

const PARAMS: &str = "SELECT CAST(3 AS BIGINT) AS max_clicks, CAST(2 AS BIGINT) AS max_points, \
                      CAST(2 AS BIGINT) AS max_judged, CAST(3 AS BIGINT) AS max_items";

#[test]
fn visits_are_counted_by_length_and_the_longest_are_together() {
    // Visits of 1, 3 and 4 clicks on one day, of 1 on another.
    let visits = "SELECT CAST(day AS BIGINT) AS day, CAST(visit_clicks AS BIGINT) AS visit_clicks \
                  FROM (VALUES (7, 1), (7, 3), (7, 4), (8, 1)) AS v(day, visit_clicks)";
    for (name, mut engine) in engines() {
        engine.run_model("params", PARAMS).unwrap();
        engine.define("visit_totals", visits).unwrap();
        engine.run_model("daily_lengths", model!("daily_lengths")).unwrap();
        let header = "day INT64\tvisit_length INT64\tvisits INT64";
        assert_eq!(rows(&mut *engine, "daily_lengths"), [header, "7\t1\t1", "7\t3\t2", "8\t1\t1"], "{name}");
        engine.run_model("lengths", model!("lengths")).unwrap();
        assert_eq!(rows(&mut *engine, "lengths"), ["visit_length INT64\tall_visits INT64", "1\t2", "3\t2"], "{name}");
    }
}

#[test]
fn the_curve_of_popularity_has_few_points_and_ends_with_the_last_item() {
    // Over both days a has 5 visits, c 4, b and d 3, e 1.
    let items = "SELECT CAST(day AS BIGINT) AS day, item, CAST(visits AS BIGINT) AS visits FROM (VALUES \
                 (7, 'a', 5), (7, 'b', 2), (8, 'b', 1), (8, 'c', 4), (7, 'd', 3), (7, 'e', 1)) AS v(day, item, visits)";
    for (name, mut engine) in engines() {
        engine.run_model("params", PARAMS).unwrap();
        engine.define("daily_items", items).unwrap();
        engine.run_model("popularity", model!("popularity")).unwrap();
        // Halves of five items end with the third and the fifth.
        let expected = ["item_rank INT64\tvisits_up_to INT64", "3\t12", "5\t16"];
        assert_eq!(rows(&mut *engine, "popularity"), expected, "{name}");
    }
}

#[test]
fn a_model_is_judged_by_some_visits_of_the_last_day_that_have_a_next_item() {
    // Of day 8: visit 1 has one view, 2 has four, 3 and 4 have two.
    let views = "SELECT CAST(day AS BIGINT) AS day, CAST(visit_key AS BIGINT) AS visit_key, CAST(step AS BIGINT) AS step, \
                 item FROM (VALUES (7, 9, 1, 'a'), (7, 9, 2, 'b'), (8, 1, 1, 'a'), (8, 2, 1, 'a'), (8, 2, 2, 'b'), \
                 (8, 2, 3, 'c'), (8, 2, 4, 'a'), (8, 3, 1, 'b'), (8, 3, 2, 'b'), (8, 4, 1, 'c'), (8, 4, 2, 'a')) \
                 AS v(day, visit_key, step, item)";
    for (name, mut engine) in engines() {
        engine.run_model("params", PARAMS).unwrap();
        engine.define("views", views).unwrap();
        engine.run_model("daily_judged_views", model!("daily_judged_views")).unwrap();
        engine.run_model("site_visits", "SELECT CAST(8 AS BIGINT) AS last_day").unwrap();
        // Nobody could know of c before day 8.
        let items = "SELECT CAST(day AS BIGINT) AS day, item FROM (VALUES (6, 'a'), (7, 'a'), (7, 'b'), (8, 'c')) \
                     AS v(day, item)";
        engine.define("daily_items", items).unwrap();
        engine.run_model("judged_views", model!("judged_views")).unwrap();
        let expected = ["visit_key INT64\tstep INT64\titem BYTE_ARRAY", "2\t1\ta", "2\t2\tb", "3\t1\tb", "3\t2\tb"];
        assert_eq!(rows(&mut *engine, "judged_views"), expected, "{name}");
    }
}
