//! Where the visitor is, as the browser says.

/// A position on Earth, on the ellipsoid of WGS-84. It is compared with the areas of the config and kept nowhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
    accuracy_m: f64,
}

impl Position {
    /// A position: degrees north, -90 to 90, degrees east, -180 to 180, and its accuracy in metres, from 0: the visitor
    /// is that near to it with a probability of 95 %. `None` for anything else.
    ///
    /// Source: W3C, "Geolocation", `GeolocationCoordinates.accuracy`.
    ///
    /// ```
    /// # use tailorbird::signal::position::Position;
    /// assert!(Position::new(46.948, 7.447, 20.0).is_some());
    /// assert!(Position::new(91.0, 7.447, 20.0).is_none());
    /// assert!(Position::new(46.948, 7.447, f64::NAN).is_none());
    /// ```
    pub fn new(latitude: f64, longitude: f64, accuracy_m: f64) -> Option<Position> {
        let is_on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        (is_on_earth && (0.0..=f64::MAX).contains(&accuracy_m)).then_some(Position { latitude, longitude, accuracy_m })
    }

    /// Degrees north, -90 to 90.
    pub fn latitude(&self) -> f64 {
        self.latitude
    }

    /// Degrees east, -180 to 180.
    pub fn longitude(&self) -> f64 {
        self.longitude
    }

    /// How far the visitor may be from it, in metres, from 0.
    pub fn accuracy_m(&self) -> f64 {
        self.accuracy_m
    }
}
