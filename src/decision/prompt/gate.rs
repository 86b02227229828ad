//! Gates: everything that has to hold before a prompt is shown, each by its name.
//!
//! A prompt is shown where no gate is closed. Why it is not shown, and when that ends, is read off the same gates.

use super::blocked::Blocked;
use super::caps::{Capped, Limit};
use crate::time::{Timestamp, Zone};
use crate::value::Object;

/// One thing that has to hold before a prompt is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Its name, such as `consent`.
    pub name: &'static str,
    /// Whether it is about all prompts of the site together: then `all-` stands before its name.
    of_all: bool,
    /// Why the prompt is not shown; `None` where the gate is open.
    pub closed: Option<Blocked>,
    /// Of a cap: how often the prompt may still be shown within it.
    pub left: Option<i32>,
}

impl Gate {
    /// A gate that is closed for this reason, if there is one.
    pub fn of(name: &'static str, closed: Option<Blocked>) -> Gate {
        Gate { name, of_all: false, closed, left: None }
    }

    /// The same of a cap, with how often the prompt may still be shown within it.
    #[must_use]
    pub fn with_left(self, left: Option<i32>) -> Gate {
        Gate { left, ..self }
    }

    /// The gates of the caps of one prompt.
    pub fn of_caps(limits: [Limit; 5]) -> [Gate; 5] {
        limits.map(|limit| Gate::of(limit.name, limit.capped.map(Blocked::Capped)).with_left(limit.left))
    }

    /// Those of the caps that all prompts have together.
    pub fn of_all_caps(limits: [Limit; 5]) -> [Gate; 5] {
        limits.map(|limit| Gate {
            of_all: true,
            left: limit.left,
            ..Gate::of(limit.name, limit.capped.map(Blocked::AllCapped))
        })
    }

    /// `Gate` of `www/inspector/access.ts`, times by the visitor's clock.
    pub fn to_object(&self, now: Timestamp, zone: Zone) -> Object {
        let name = if self.of_all { format!("all-{}", self.name) } else { self.name.to_owned() };
        let text = self.closed.as_ref().map_or_else(|| self.allowed(), |closed| closed.text(now, zone));
        let mut object = Object::new().with("gate", name).with("open", self.closed.is_none()).with("text", text);
        if let Some(left) = self.left {
            object.set("left", f64::from(left));
        }
        object
    }

    /// What an open gate says, as a lower-case fragment without a full stop.
    fn allowed(&self) -> String {
        let text = match self.name {
            "ready" => "the page is ready",
            "consent" => "the answer may be remembered",
            "pause" => "the visitor has not paused personalization",
            "prerendering" => "the page is visited",
            "crawler" => "the visitor is no crawler",
            "site-holdout" | "holdout" => "the visitor is in no holdout",
            "page-age" => "the page view is old enough",
            "from-search" => "the visitor has not just come from a search engine, with a touch screen",
            "quiet-page" => "the page is none for checkout, login or an account",
            "quiet-hours" => "no quiet hours",
            "open-prompt" => "no prompt is open",
            "retry" => "nothing stood in the way",
            "trigger" => "one of its triggers has happened",
            "delay" => "it waits for no delay",
            "after-dismiss" => "no rest after it was declined or dismissed",
            "after-accept" => "no rest after it was accepted",
            "dates" => "its time has come and is not over",
            "address" => "it is for this address",
            "condition" => "its condition matches this visitor",
            "values" => "there is a value for each placeholder",
            "tier" => "the visitor is worth enough",
            "variant" => "there is a variant for this visitor",
            "items" => "there are items for it to show",
            "visible" => "the tab is in front",
            "in-background" => "the tab is in the background",
            "notifications" => "notifications are allowed",
            _ => return format!("{} left", self.left.unwrap_or(0)),
        };
        text.to_owned()
    }
}

/// Why a prompt is not shown, by its gates: of several caps the one that holds longest, and of what makes it ineligible
/// the first. Whether it is withheld is found out when it would be shown.
pub fn blocks(gates: impl IntoIterator<Item = Gate>) -> Vec<Blocked> {
    let mut blocks: Vec<Blocked> = Vec::new();
    for block in gates.into_iter().filter_map(|gate| gate.closed) {
        let longer = |one: Capped, other: Capped| one.longer(other);
        let merged = blocks.iter_mut().any(|known| match (known, &block) {
            (Blocked::Capped(known), Blocked::Capped(other))
            | (Blocked::AllCapped(known), Blocked::AllCapped(other)) => {
                *known = longer(*known, *other);
                true
            }
            (Blocked::Ineligible(_), Blocked::Ineligible(_)) => true,
            _ => false,
        });
        if !merged && !matches!(block, Blocked::Withheld(_)) {
            blocks.push(block);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::eligibility::Ineligible;
    use crate::decision::explain::Reason;

    #[test]
    fn of_several_caps_the_longest_is_told_and_of_ineligibility_the_first_reason() {
        let until = |ms| Capped::Until(Timestamp::from_ms(ms));
        let limit = |name, capped| Limit { name, left: None, capped };
        let caps = [
            limit("per-session", Some(Capped::Session)),
            limit("per-day", Some(until(5))),
            limit("per-week", Some(until(9))),
            limit("after-dismiss", Some(Capped::Rests(Timestamp::from_ms(9)))),
            limit("after-accept", None),
        ];
        let gates = [Gate::of("trigger", Some(Blocked::NotDue)), Gate::of("ready", None)].into_iter();
        let gates = gates.chain(Gate::of_caps(caps)).chain(Gate::of_all_caps(caps)).chain([
            Gate::of("address", Some(Blocked::Ineligible(Ineligible::OtherAddress))),
            Gate::of("condition", Some(Blocked::Ineligible(Ineligible::ConditionFails))),
            Gate::of("holdout", Some(Blocked::Withheld(vec![Reason::HeldOut(0.5)]))),
        ]);
        assert_eq!(
            blocks(gates),
            [
                Blocked::NotDue,
                Blocked::Capped(until(9)),
                Blocked::AllCapped(until(9)),
                Blocked::Ineligible(Ineligible::OtherAddress)
            ]
        );
    }

    #[test]
    fn an_open_gate_says_what_it_allows_and_a_closed_one_why() {
        let json = |gate: Gate| serde_json::to_string(&gate.to_object(Timestamp::from_ms(0), Zone(0))).unwrap();
        let limit = |capped: Option<Capped>| Limit {
            name: "per-day",
            left: Some(if capped.is_none() { 2 } else { 0 }),
            capped,
        };
        let caps = |capped| [limit(capped); 5];
        for (gate, expected) in [
            (Gate::of("ready", None), r#"{"gate":"ready","open":true,"text":"the page is ready"}"#),
            (
                Gate::of("ready", Some(Blocked::NotReady)),
                r#"{"gate":"ready","open":false,"text":"the page is not ready"}"#,
            ),
            (Gate::of_caps(caps(None))[0].clone(), r#"{"gate":"per-day","open":true,"text":"2 left","left":2.0}"#),
            (
                Gate::of_all_caps(caps(Some(Capped::Session)))[0].clone(),
                r#"{"gate":"all-per-day","open":false,"text":"site.prompts allows no more in this session","left":0.0}"#,
            ),
        ] {
            assert_eq!(json(gate), expected);
        }
    }
}
