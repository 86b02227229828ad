//! `tailorbird train --sessions`: the model of a site, which pages load, from recorded sessions.

use tailorbird_recommend::areas::learn::Settings;

/// As few visitors as may stand behind what is published: with each of them nobody is told apart.
pub const SUPPORT: u32 = 5;

/// Found on the last tenth of the developers' training data, which the rest predicted: penalties from 1 to 60 and 12 to
/// 32 weights a row were compared. More weights rank better by less than 0.3 points and weigh a kilobyte more.
pub const AREAS: Settings = Settings { penalty: 20.0, support: SUPPORT, most_a_row: 24 };
