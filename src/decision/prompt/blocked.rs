//! Why a prompt is not shown now.

use super::caps::Capped;
use crate::decision::eligibility::Ineligible;
use crate::decision::explain::Reason;
use crate::decision::recommend::NoItems;
use crate::time::{MINUTE, SECOND, Timestamp, Zone, date, time_of_day};

/// One reason why a prompt is not shown now. Those that end by themselves say when.
#[derive(Clone, Debug, PartialEq)]
pub enum Blocked {
    /// The page may not be changed yet.
    NotReady,
    /// The visitor has not allowed to remember the answer.
    NoConsent,
    /// The visitor wants nothing to be learned for now, so that the answer could not be remembered.
    Paused,
    /// The page is rendered ahead of a visit.
    Prerendered,
    /// A crawler gets the page as it was sent.
    Crawler,
    /// For this visitor nothing is personalized.
    HeldOut,
    /// The page view has only just begun.
    NewPage(Timestamp),
    /// The visitor has just come from a search engine, on a touch screen.
    FromSearch(Timestamp),
    /// On pages of this kind nobody is asked.
    QuietPage,
    /// It is late, or early.
    QuietHours(Timestamp),
    /// A prompt is open.
    Open,
    /// There were as many prompts on this page view as there may be.
    PageView,
    /// There were as many prompts as there may be.
    AllCapped(Capped),
    /// It could not be shown, there was no room for it, or the visitor was in the middle of something.
    Postponed(Timestamp),
    /// The visitor is in another tab or program, and it would be shown on the page.
    Hidden,
    /// It is a notification, and the visitor has the page in view.
    InFront,
    /// It is a notification, and the browser shows none of the site.
    NoNotifications,
    /// Nothing has made it due.
    NotDue,
    /// It is due, and waits for its delay.
    Delayed(Timestamp),
    /// It was shown as often as it may be.
    Capped(Capped),
    /// It is not for now, not for here, or not for this visitor.
    Ineligible(Ineligible),
    /// The visitor is not worth enough for what it offers.
    Tier,
    /// Prompts with a budget were shown as often as they may be, until then.
    Budget(Timestamp),
    /// None of its variants is for this visitor.
    NoVariant(Vec<Reason>),
    /// There are no items for it to show.
    NoItems(NoItems),
    /// The site model is being asked for the items that it shows.
    ItemsAwaited,
    /// It is not shown to this visitor, so that those who are asked can be compared with them. Found out when it would be
    /// shown: only then it counts.
    Withheld(Vec<Reason>),
}

impl Blocked {
    /// When it ends by itself; `None` where something has to happen.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Blocked::NewPage(until)
            | Blocked::FromSearch(until)
            | Blocked::QuietHours(until)
            | Blocked::Postponed(until)
            | Blocked::Delayed(until)
            | Blocked::Budget(until)
            | Blocked::Ineligible(Ineligible::NotBefore(until)) => Some(*until),
            Blocked::AllCapped(capped) | Blocked::Capped(capped) => capped.until(),
            Blocked::NotReady
            | Blocked::NoConsent
            | Blocked::Paused
            | Blocked::Prerendered
            | Blocked::Crawler
            | Blocked::HeldOut
            | Blocked::QuietPage
            | Blocked::Open
            | Blocked::PageView
            | Blocked::Hidden
            | Blocked::InFront
            | Blocked::NoNotifications
            | Blocked::NotDue
            | Blocked::Tier
            | Blocked::NoVariant(_)
            | Blocked::NoItems(_)
            | Blocked::ItemsAwaited
            | Blocked::Withheld(_)
            | Blocked::Ineligible(_) => None,
        }
    }

    /// Whether its condition, or a text without a value, speaks against it.
    pub fn is_of_condition(&self) -> bool {
        matches!(self, Blocked::Ineligible(Ineligible::ConditionFails | Ineligible::MissingValue(_)))
    }

    /// Whether it may end while the visitor is on the page.
    pub fn may_end_soon(&self) -> bool {
        match self {
            Blocked::NotReady
            | Blocked::NewPage(_)
            | Blocked::FromSearch(_)
            | Blocked::Postponed(_)
            | Blocked::Hidden
            | Blocked::InFront
            | Blocked::NotDue
            | Blocked::Delayed(_)
            | Blocked::Tier
            | Blocked::NoVariant(_)
            | Blocked::NoItems(_)
            | Blocked::ItemsAwaited
            | Blocked::Ineligible(Ineligible::ConditionFails | Ineligible::MissingValue(_)) => true,
            Blocked::NoConsent
            | Blocked::Paused
            | Blocked::Prerendered
            | Blocked::Crawler
            | Blocked::HeldOut
            | Blocked::QuietPage
            | Blocked::QuietHours(_)
            | Blocked::Open
            | Blocked::PageView
            | Blocked::AllCapped(_)
            | Blocked::NoNotifications
            | Blocked::Capped(_)
            | Blocked::Budget(_)
            | Blocked::Withheld(_)
            | Blocked::Ineligible(_) => false,
        }
    }

    /// The reason as a lower-case fragment without a full stop, times by the visitor's clock.
    pub fn text(&self, now: Timestamp, zone: Zone) -> String {
        let reason = match self {
            Blocked::NotReady => "the page is not ready",
            Blocked::NoConsent => "there is no consent to remember the answer",
            Blocked::Paused => "the visitor has paused personalization",
            Blocked::Prerendered => "the page is prerendered",
            Blocked::Crawler => "a crawler gets the page as it was sent",
            Blocked::HeldOut => "the visitor is in the holdout of the site",
            Blocked::NewPage(_) => "the page view has only just begun",
            Blocked::FromSearch(_) => "the visitor has just come from a search engine, with a touch screen",
            Blocked::QuietPage => "no prompt is shown on checkout, login and account pages",
            Blocked::QuietHours(_) => "quiet hours",
            Blocked::Open => "another prompt is open",
            Blocked::PageView => "site.prompts allows no more on this page view",
            Blocked::AllCapped(Capped::Session) => "site.prompts allows no more in this session",
            Blocked::AllCapped(Capped::Until(_)) => "site.prompts allows no more",
            Blocked::AllCapped(Capped::Rests(_)) => "site.prompts allows no more after the last answer",
            Blocked::Postponed(_) => "the visitor was in the middle of something, or there was no room",
            Blocked::Hidden => "the tab is in the background",
            Blocked::InFront => "the tab is in front",
            Blocked::NoNotifications => "notifications are not allowed",
            Blocked::NotDue => "none of its triggers has happened",
            Blocked::Delayed(_) => "it waits for its delay",
            Blocked::Capped(Capped::Session) => "it was shown as often as it may be in this session",
            Blocked::Capped(Capped::Until(_)) => "it was shown as often as it may be",
            Blocked::Capped(Capped::Rests(_)) => "it was answered",
            Blocked::Tier => "the visitor is not in the tier that its limit asks for",
            Blocked::Budget(_) => "the budget of such offers is used up",
            Blocked::Ineligible(ineligible) => return ineligible.explained().text,
            Blocked::NoItems(reason) => return format!("it has no items to show: {}", reason.text()),
            Blocked::ItemsAwaited => "the site model is being asked for its items",
            Blocked::NoVariant(reasons) => return format!("no variant: {}", told(reasons)),
            Blocked::Withheld(reasons) => return format!("withheld for comparison: {}", told(reasons)),
        };
        self.until().map_or_else(|| reason.to_owned(), |until| format!("{reason}, {}", until_text(until, now, zone)))
    }
}

fn told(reasons: &[Reason]) -> String {
    let reasons = reasons.iter().filter(|reason| reason.is_particular()).map(Reason::text);
    reasons.collect::<Vec<_>>().join(", ")
}

/// Until when, by the visitor's clock: with the date where that is not today's, and in seconds where it is soon.
fn until_text(at: Timestamp, now: Timestamp, zone: Zone) -> String {
    let left_ms = at.since(now);
    if left_ms < MINUTE {
        return format!("for another {} s", (left_ms + SECOND - 1) / SECOND);
    }
    let (day, time) = (date(at, zone), time_of_day(at, zone));
    if day == date(now, zone) { format!("until {time}") } else { format!("until {day} {time}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, HOUR};

    #[test]
    fn times_are_told_by_the_visitors_clock() {
        let text = |at_ms: i64, zone: i32| {
            Blocked::QuietHours(Timestamp::from_ms(at_ms)).text(Timestamp::from_ms(12 * HOUR), Zone(zone))
        };
        for (at_ms, zone, expected) in [
            (12 * HOUR + 1, 0, "quiet hours, for another 1 s"),
            (12 * HOUR + MINUTE - 1, 0, "quiet hours, for another 60 s"),
            (12 * HOUR + MINUTE, 0, "quiet hours, until 12:01"),
            (DAY - MINUTE, 0, "quiet hours, until 23:59"),
            (DAY, 0, "quiet hours, until 1970-01-02 00:00"),
            (DAY - MINUTE, 60, "quiet hours, until 1970-01-02 00:59"),
        ] {
            assert_eq!(text(at_ms, zone), expected);
        }
    }
}
