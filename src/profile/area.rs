//! Areas: circles on Earth that the visitor may be in.

use crate::reader::Reader;
use crate::signal::position::Position;
use crate::value::Value;

/// The mean radius of the Earth, in metres.
///
/// Source: H. Moritz (2000), "Geodetic Reference System 1980", Journal of Geodesy 74, pages 128-133, `R1`.
const EARTH_M: f64 = 6_371_008.8;
/// The most areas of a site.
const AREAS: usize = 50;

/// A circle on Earth.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its id in the config.
    pub id: String,
    /// Degrees north of its centre, -90 to 90.
    pub latitude: f64,
    /// Degrees east of its centre, -180 to 180.
    pub longitude: f64,
    /// In metres, 10 to 100,000.
    pub radius_m: f64,
}

impl Area {
    /// Reads `site.areas` of the config; those with a problem are left out.
    pub fn read_all(at: &Reader<'_>) -> Vec<Area> {
        at.list_with_ids(AREAS, Area::read)
    }

    fn read(at: &Reader<'_>) -> Option<Area> {
        let keys = at.keys(&["id", "latitude", "longitude", "radius"]);
        let id = at.field("id").id();
        let latitude = at.field("latitude").number(-90.0..=90.0);
        let longitude = at.field("longitude").number(-180.0..=180.0);
        let radius_m = at.field("radius").number(10.0..=100_000.0);
        keys?;
        Some(Area { id: id?.to_owned(), latitude: latitude?, longitude: longitude?, radius_m: radius_m? })
    }

    /// Whether the position is in it. One that is less accurate than the area is wide is in none.
    pub fn holds(&self, position: &Position) -> bool {
        let centre = (self.latitude, self.longitude);
        position.accuracy_m() <= self.radius_m
            && distance_m(centre, (position.latitude(), position.longitude())) <= self.radius_m
    }
}

/// Reads a reference to an area: the id of one that is written, whether or not that one has problems.
pub fn read_reference(at: &Reader<'_>, root: &Value) -> Option<String> {
    // Where areas are no list at all, that problem has been noted already.
    let areas = match root.get("site") {
        None => Some(&[][..]),
        Some(Value::Object(site)) => site.get("areas").map_or(Some(&[][..]), Value::as_list),
        Some(_) => None,
    };
    let is_written = |id: &str| areas.is_none_or(|all| all.iter().any(|area| area.at("id").as_text() == Some(id)));
    at.text("the id of an area", is_written).map(str::to_owned)
}

/// How far two places, each in degrees north and east, are from each other on a sphere, in metres: within 0.6 % of the
/// distance on the ellipsoid.
///
/// Source: R. W. Sinnott (1984), "Virtues of the Haversine", Sky and Telescope 68(2), page 159.
fn distance_m(one: (f64, f64), other: (f64, f64)) -> f64 {
    let radians = |degrees: f64| degrees * (core::f64::consts::PI / 180.0);
    let squared_half_sine = |angle: f64| {
        let sine = libm::sin(angle / 2.0);
        sine * sine
    };
    let (north, other_north) = (radians(one.0), radians(other.0));
    let haversine = squared_half_sine(other_north - north)
        + libm::cos(north) * libm::cos(other_north) * squared_half_sine(radians(other.1 - one.1));
    2.0 * EARTH_M * libm::asin(haversine.min(1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_right_to_one_percent() {
        // On the ellipsoid of WGS-84, by GeographicLib 2.0: C. F. F. Karney (2013), "Algorithms for geodesics",
        // Journal of Geodesy 87, pages 43-55. The first two are those of its documentation.
        let cases = [
            ((-41.32, 174.81), (40.96, -5.5), 19_959_679.267, "Wellington to Salamanca, almost around the Earth"),
            ((40.639_722, -73.778_889), (1.359_167, 103.989_444), 15_347_627.660, "New York to Singapore"),
            ((47.3769, 8.5417), (46.948, 7.4474), 95_698.992, "Zurich to Bern"),
            ((47.3769, 8.5417), (47.3779, 8.5403), 153.423, "across a square"),
            ((0.0, 0.0), (0.0, 0.001), 111.319, "along the equator"),
            ((0.0, 0.0), (0.001, 0.0), 110.574, "across the equator"),
            ((60.0, 0.0), (60.0, 1.0), 55_799.470, "far in the north"),
            ((69.6, 18.9), (69.65, 18.95), 5_906.784, "farther"),
            ((89.9, 0.0), (89.9, 180.0), 22_338.796, "over the pole"),
            ((0.0, 179.95), (0.0, -179.95), 11_131.949, "over the date line"),
            ((-16.5, 179.99), (-16.5, -179.99), 2_135.283, "over the date line in the south"),
        ];
        for (one, other, geodesic_m, why) in cases {
            for distance_m in [distance_m(one, other), distance_m(other, one)] {
                assert!((distance_m / geodesic_m - 1.0).abs() < 0.01, "{why}: {distance_m} m");
            }
        }
        assert_eq!(distance_m((47.0, 8.0), (47.0, 8.0)), 0.0);
        let half = core::f64::consts::PI * EARTH_M;
        assert!((distance_m((90.0, 0.0), (-90.0, 0.0)) - half).abs() < 1.0, "from pole to pole");
    }

    #[test]
    fn a_position_is_in_an_area_where_it_is_accurate_enough_to_say_so() {
        let shop = Area { id: "shop".to_owned(), latitude: 46.948, longitude: 7.447, radius_m: 500.0 };
        for (latitude, longitude, accuracy_m, expected, why) in [
            (46.948, 7.447, 0.0, true, "in the middle"),
            (46.952, 7.447, 20.0, true, "445 m north"),
            (46.953, 7.447, 20.0, false, "556 m north"),
            (46.948, 7.453, 20.0, true, "455 m east"),
            (46.948, 7.454, 20.0, false, "531 m east"),
            (46.948, 7.447, 500.0, true, "as accurate as the area is wide"),
            (46.948, 7.447, 501.0, false, "less accurate"),
        ] {
            let position = Position::new(latitude, longitude, accuracy_m).unwrap();
            assert_eq!(shop.holds(&position), expected, "{why}");
        }
    }
}
