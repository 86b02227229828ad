//! Exit intent: whether the visitor is about to leave, as a score with gates.
//!
//! Signs add up, each with its weight, and the circumstances weigh in. Whoever adopts the signs of the pointer should
//! know of US patents 8,645,212 and 9,141,976 and check for themselves: `site.exitIntent.cursor` switches them off, and
//! nothing here runs unless a prompt names `exit`.
//!
//! The weights are starting values of this project, to be tuned on measurements of its own; no published benchmark
//! gives any. `tailorbird evaluate exit` measures them.

use crate::profile::Profile;
use crate::profile::engagement::Engagement;
use crate::profile::session::Session;
use crate::reader::Reader;
use crate::signal::pointer_exit::{Edge, PointerExit};
use crate::time::{MINUTE, SECOND, Timestamp};
use crate::value::Object;

/// How readily a prompt is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// From a score of 0.8 on.
    Low,
    /// From 0.65 on.
    Medium,
    /// From 0.5 on.
    High,
}

impl Sensitivity {
    /// Reads `"low"`, `"medium"` or `"high"`.
    pub fn read(at: &Reader<'_>) -> Option<Sensitivity> {
        at.choice(&[("low", Sensitivity::Low), ("medium", Sensitivity::Medium), ("high", Sensitivity::High)])
    }

    /// The least score that triggers the prompt, in `[0, 1]`.
    pub fn threshold(self) -> f64 {
        match self {
            Sensitivity::Low => 0.8,
            Sensitivity::Medium => 0.65,
            Sensitivity::High => 0.5,
        }
    }
}

/// A sign that the visitor is about to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The mouse pointer has left through the top.
    Cursor,
    /// It was on its way there, fast and straight.
    Trajectory,
    /// The visitor is back from another tab, after a while.
    Tab,
    /// A finger has scrolled the page up fast.
    Scroll,
    /// The visitor moves again after a while without any input.
    Idle,
    /// Words that describe a product were copied, as for a comparison elsewhere.
    Copy,
}

impl Sign {
    /// The signs of a pointer that left the page: none through another edge than the top.
    pub fn of_pointer(exit: &PointerExit) -> &'static [Sign] {
        match exit.edge() {
            Some(Edge::Top) if exit.is_on_its_way => &[Sign::Cursor, Sign::Trajectory],
            Some(Edge::Top) => &[Sign::Cursor],
            Some(Edge::Right | Edge::Bottom | Edge::Left) | None => &[],
        }
    }

    /// Its name among the parts of a score, and its weight.
    fn part(self) -> (&'static str, f64) {
        match self {
            Sign::Cursor => ("cursor", 0.55),
            Sign::Trajectory => ("trajectory", 0.25),
            Sign::Tab => ("tab", 0.4),
            Sign::Scroll => ("scroll", 0.35),
            Sign::Idle => ("idle", 0.3),
            Sign::Copy => ("copy", 0.35),
        }
    }
}

/// Which signs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitRules {
    cursor: bool,
    tab: bool,
    scroll: bool,
    idle: bool,
    copy: bool,
}

impl Default for ExitRules {
    fn default() -> ExitRules {
        ExitRules { cursor: true, tab: true, scroll: true, idle: true, copy: true }
    }
}

impl ExitRules {
    /// Reads `site.exitIntent`.
    pub fn read(at: &Reader<'_>) -> Option<ExitRules> {
        let keys = at.keys(&["cursor", "tab", "scroll", "idle", "copy"]);
        let is_on = |key| at.bool_or(key, true);
        let (cursor, tab, scroll, idle, copy) =
            (is_on("cursor"), is_on("tab"), is_on("scroll"), is_on("idle"), is_on("copy"));
        keys?;
        Some(ExitRules { cursor: cursor?, tab: tab?, scroll: scroll?, idle: idle?, copy: copy? })
    }

    /// Whether this sign counts.
    pub fn counts(self, sign: Sign) -> bool {
        match sign {
            Sign::Cursor | Sign::Trajectory => self.cursor,
            Sign::Tab => self.tab,
            Sign::Scroll => self.scroll,
            Sign::Idle => self.idle,
            Sign::Copy => self.copy,
        }
    }
}

/// For how long a sign counts, in ms.
const SIGN_MS: i64 = 10 * SECOND;

/// The signs of one page view.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Signs(Vec<(Sign, Timestamp)>);

impl Signs {
    /// One is seen. Each counts once.
    pub fn add(&mut self, sign: Sign, now: Timestamp) {
        self.0.retain(|(known, at)| *known != sign && now.since(*at).abs() < SIGN_MS);
        self.0.push((sign, now));
    }

    /// Those of the last ten seconds.
    pub fn recent(&self, now: Timestamp) -> impl Iterator<Item = Sign> {
        self.0.iter().filter(move |(_, at)| now.since(*at).abs() < SIGN_MS).map(|(sign, _)| *sign)
    }
}

/// How long the visitor must have been in another tab, and may have been, in ms.
const AWAY_MS: core::ops::RangeInclusive<i64> = 5 * SECOND..=30 * MINUTE;
/// How long there must have been no input, in ms.
const IDLE_MS: i64 = 45 * SECOND;
/// The same on a touch screen.
const IDLE_TOUCH_MS: i64 = 30 * SECOND;
/// How much of the page must have been seen before scrolling up is a sign.
const SCROLLED_DEPTH: f64 = 0.35;

/// Whether a visitor who is back after this long has been elsewhere: for a shorter time it is a glance, for a longer
/// one another visit.
pub fn was_away(ms: i64) -> bool {
    AWAY_MS.contains(&ms)
}

/// Whether a visitor who moves again after this long had paused.
pub fn was_idle(ms: i64, is_touch: bool) -> bool {
    ms >= if is_touch { IDLE_TOUCH_MS } else { IDLE_MS }
}

/// Whether a way up at this depth of the page is more than a correction.
pub fn has_scrolled_back(depth: f64) -> bool {
    depth >= SCROLLED_DEPTH
}

/// Parts of the paths of pages on which no prompt is shown.
const QUIET_PATHS: [&str; 6] = ["/checkout", "/payment", "/login", "/signin", "/account", "/password"];

/// The page view must be this old, and the visitor engaged with it for as long.
const PAGE_MS: i64 = 3 * SECOND;
/// The session must be this old.
const SESSION_MS: i64 = 5 * SECOND;
/// The first page of a session is left for many reasons within this time.
const ARRIVED_MS: i64 = 10 * SECOND;
/// The part of a visitor who is certain to leave: see `intent.leaving`.
const LEAVING: f64 = 0.2;

/// Whether nobody is asked anything on the page with this path: checkout, login and account pages.
pub fn is_quiet(path: &str) -> bool {
    QUIET_PATHS.iter().any(|part| path.contains(part))
}

/// Whether it is too soon for any sign to mean something.
pub fn is_soon(session: &Session, engagement: &Engagement, now: Timestamp) -> bool {
    engagement.age_ms(now) < PAGE_MS || engagement.engaged_ms(now) < PAGE_MS || session.age_ms(now) < SESSION_MS
}

/// How likely it is that the visitor is about to leave.
#[derive(Clone, Debug, PartialEq)]
pub struct ExitIntent {
    /// The sum of the parts, in `[0, 1]`.
    pub score: f64,
    /// Each sign and circumstance with its weight; one is negative.
    pub parts: Vec<(&'static str, f64)>,
}

impl ExitIntent {
    /// The score of these signs. `leaving` is the probability that the visit ends with this page, in `[0, 1]`.
    pub fn of(
        signs: impl Iterator<Item = Sign>,
        profile: &Profile,
        engagement: &Engagement,
        leaving: f64,
        now: Timestamp,
    ) -> ExitIntent {
        let session = &profile.session;
        // In hundredths: more would claim a precision that there is not.
        let hazard = libm::round(leaving.clamp(0.0, 1.0) * LEAVING * 100.0) / 100.0;
        let circumstances = [
            (hazard > 0.0, ("leaving", hazard)),
            (profile.basket.value() > 0.0, ("basket", 0.15)),
            (session.is_on_product_page(), ("product", 0.1)),
            (session.number > 1, ("returning", 0.05)),
            (session.views <= 1 && engagement.age_ms(now) < ARRIVED_MS, ("arrived", -0.3)),
        ];
        let circumstances = circumstances.into_iter().filter_map(|(holds, part)| holds.then_some(part));
        let parts: Vec<(&'static str, f64)> = signs.map(Sign::part).chain(circumstances).collect();
        let score = parts.iter().map(|(_, weight)| weight).sum::<f64>();
        ExitIntent { score: score.clamp(0.0, 1.0), parts }
    }

    /// Whether the score reaches a sensitivity's threshold. Sums of tenths differ from tenths in
    /// the last bit, so a billionth is forgiven.
    pub fn reaches(&self, sensitivity: Sensitivity) -> bool {
        self.score + 1e-9 >= sensitivity.threshold()
    }

    /// The detail of the event `tailorbird:exit-intent`. `edge` is the one through which the pointer left.
    pub fn detail(&self, edge: Option<Edge>) -> Object {
        let mut parts = Object::new();
        for (name, weight) in &self.parts {
            parts.set(name, *weight);
        }
        let detail = Object::new().with("score", self.score).with("parts", parts);
        match edge {
            Some(edge) => detail.with("edge", edge.name()),
            None => detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_counts_once_and_for_ten_seconds() {
        let at = |ms: i64| Timestamp::from_ms(ms);
        let mut signs = Signs::default();
        signs.add(Sign::Copy, at(0));
        signs.add(Sign::Tab, at(4_000));
        signs.add(Sign::Copy, at(5_000));
        let recent = |ms: i64| signs.recent(at(ms)).collect::<Vec<Sign>>();
        assert_eq!(recent(5_000), [Sign::Tab, Sign::Copy]);
        assert_eq!(recent(13_999), [Sign::Tab, Sign::Copy]);
        assert_eq!(recent(14_000), [Sign::Copy]);
        assert_eq!(recent(15_000), []);
        assert_eq!(recent(-5_000), [Sign::Tab], "the clock was set back");
    }

    #[test]
    fn bounds_of_time_and_depth_belong_to_the_sign() {
        let away = [4_999, 5_000, 1_800_000, 1_800_001].map(was_away);
        assert_eq!(away, [false, true, true, false]);
        assert_eq!([44_999, 45_000].map(|ms| was_idle(ms, false)), [false, true]);
        assert_eq!([29_999, 30_000].map(|ms| was_idle(ms, true)), [false, true]);
        assert_eq!([0.34, 0.35].map(has_scrolled_back), [false, true]);
    }

    #[test]
    fn circumstances_alone_never_make_an_exit() {
        let most: f64 = LEAVING + 0.15 + 0.1 + 0.05;
        assert!(most < Sensitivity::High.threshold(), "{most}");
    }
}
