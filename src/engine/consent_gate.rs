//! What the visitor consents to on this page, and what follows from it.

use crate::page::Area;
use crate::signal::consent::{Allowed, Consent, Source, Statement};

/// The consent in effect, and whether Consent Mode is listened to.
#[derive(Clone, Debug, Default)]
pub struct ConsentGate {
    consent: Consent,
    listens_to_consent_mode: bool,
}

/// What a statement changes about storing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Nothing.
    Stays,
    /// Storing is allowed from now on.
    Opens(Area),
    /// Storing is allowed in another area than before.
    Moves(Area),
    /// Nobody allows storing any more, and nobody forbids it.
    Closes,
    /// The visitor said no.
    Withdraws,
}

impl ConsentGate {
    /// The consent in effect.
    pub fn in_effect(&self) -> Consent {
        self.consent
    }

    /// Applies a statement; `None` where it changes nothing.
    pub fn apply(&mut self, statement: &Statement) -> Option<Transition> {
        self.listens_to_consent_mode |= statement.listen;
        match statement.source {
            Source::Site | Source::OtherTab => {}
            Source::ModeDefault | Source::ModeUpdate if self.listens_to_consent_mode => {}
            Source::ModeDefault | Source::ModeUpdate => return None,
        }
        let (before, area) = (self.consent, self.area());
        self.consent = before.after(statement);
        if self.consent == before {
            return None;
        }
        let withdraws = self.consent.personalize == Allowed::Denied && before.personalize != Allowed::Denied;
        Some(match (area, self.area()) {
            _ if withdraws => Transition::Withdraws,
            (before, now) if before == now => Transition::Stays,
            (Some(_), Some(area)) => Transition::Moves(area),
            (None, Some(area)) => Transition::Opens(area),
            (_, None) => Transition::Closes,
        })
    }

    /// Another tab withdrew consent: that holds here until somebody states a yes again. Of measuring nothing is
    /// known any more.
    pub fn revoke(&mut self) {
        self.consent = Consent { personalize: Allowed::Denied, measure: None, source: Source::OtherTab };
    }

    /// Where things may be stored.
    pub fn area(&self) -> Option<Area> {
        match self.consent.personalize {
            Allowed::Granted => Some(Area::Local),
            Allowed::Session => Some(Area::Session),
            Allowed::Unknown | Allowed::Denied => None,
        }
    }

    /// Whether anything may be learned, if only for this page view.
    pub fn may_learn(&self) -> bool {
        self.consent.personalize != Allowed::Denied
    }

    /// Whether outcomes may be measured.
    pub fn may_measure(&self) -> bool {
        self.consent.may_measure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(personalize: Allowed, source: Source) -> Statement {
        Statement { personalize: Some(personalize), source, ..Statement::default() }
    }

    #[test]
    fn a_statement_opens_moves_closes_or_withdraws() {
        use Allowed::{Denied, Granted, Session, Unknown};
        let cases = [
            (Granted, Some(Transition::Opens(Area::Local)), "a yes"),
            (Granted, None, "the same yes"),
            (Session, Some(Transition::Moves(Area::Session)), "for this tab only"),
            (Unknown, Some(Transition::Closes), "an answer taken back"),
            (Denied, Some(Transition::Withdraws), "a no, also to what was never stored"),
            (Granted, Some(Transition::Opens(Area::Local)), "a new yes"),
        ];
        let mut gate = ConsentGate::default();
        for (personalize, expected, why) in cases {
            assert_eq!(gate.apply(&statement(personalize, Source::Site)), expected, "{why}");
        }
    }

    #[test]
    fn consent_mode_counts_only_where_the_site_listens_to_it() {
        let mut gate = ConsentGate::default();
        let update = statement(Allowed::Granted, Source::ModeUpdate);
        assert_eq!(gate.apply(&update), None);
        assert_eq!(gate.apply(&Statement { listen: true, ..Statement::default() }), None);
        assert_eq!(gate.apply(&update), Some(Transition::Opens(Area::Local)));
    }
}
