//! Exit intent: whether the visitor is about to leave, as a score with gates.
//!
//! The signal is the pointer crossing the top edge towards the tabs and the address bar. Anybody
//! adopting it should know of US patents 8,645,212 and 9,141,976 and check for themselves; nothing
//! here runs unless a prompt names `exit`.

use crate::profile::Profile;
use crate::profile::engagement::Engagement;
use crate::reader::Reader;
use crate::signal::pointer_exit::PointerExit;
use crate::time::{SECOND, Timestamp};
use crate::value::Object;

/// How readily a prompt is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Only at strong signs of leaving.
    Low,
    /// The usual.
    Medium,
    /// At the first sign.
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

/// The signs that the visitor is about to leave.
#[derive(Clone, Debug, PartialEq)]
pub struct ExitIntent {
    /// The sum of the parts, in `[0, 1]`.
    pub score: f64,
    /// Each sign with its weight; one is negative.
    pub parts: Vec<(&'static str, f64)>,
}

/// Parts of the paths of pages on which no prompt is shown.
const QUIET_PATHS: [&str; 6] = ["/checkout", "/payment", "/login", "/signin", "/account", "/password"];

/// The page view must be this old, and the visitor engaged with it for as long.
const PAGE_MS: i64 = 3 * SECOND;
/// The session must be this old.
const SESSION_MS: i64 = 5 * SECOND;

/// Whether nobody is asked anything on the page with this path: checkout, login and account pages.
pub fn is_quiet(path: &str) -> bool {
    QUIET_PATHS.iter().any(|part| path.contains(part))
}

/// The score of a pointer that left the page. `None` where a gate is closed: through another edge, too
/// soon, in the middle of something, or on a page without prompts.
///
/// Weights are starting values of this project, to be tuned on its own measurements; no published
/// benchmark gives any.
pub fn score(
    exit: &PointerExit,
    profile: &Profile,
    engagement: &Engagement,
    path: &str,
    now: Timestamp,
) -> Option<ExitIntent> {
    let soon = engagement.age_ms(now) < PAGE_MS
        || engagement.engaged_ms(now) < PAGE_MS
        || profile.session.age_ms(now) < SESSION_MS;
    if !exit.exited_top() || exit.busy.is_some() || is_quiet(path) || soon {
        return None;
    }
    let first_page = profile.session.views <= 1;
    let signs = [
        (true, ("left through the top", 0.65)),
        (profile.basket.value() > 0.0, ("basket", 0.15)),
        (profile.session.counted("view_item") > 0, ("looked at an item", 0.1)),
        (profile.session.number > 1, ("returning", 0.05)),
        (first_page && engagement.age_ms(now) < 10 * SECOND, ("first page, just arrived", -0.2)),
    ];
    let parts: Vec<(&'static str, f64)> = signs.into_iter().filter_map(|(holds, part)| holds.then_some(part)).collect();
    let score = parts.iter().map(|(_, weight)| weight).sum::<f64>();
    Some(ExitIntent { score: score.clamp(0.0, 1.0), parts })
}

impl ExitIntent {
    /// Whether the score reaches a sensitivity's threshold. Sums of tenths differ from tenths in
    /// the last bit, so a billionth is forgiven.
    pub fn reaches(&self, sensitivity: Sensitivity) -> bool {
        self.score + 1e-9 >= sensitivity.threshold()
    }

    /// The detail of the event `tailorbird:exit-intent`.
    pub fn detail(&self) -> Object {
        let mut parts = Object::new();
        for (name, weight) in &self.parts {
            parts.set(name, *weight);
        }
        Object::new().with("score", self.score).with("parts", parts)
    }
}
