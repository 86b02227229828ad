//! What the visitor consents to on this page, and what follows from it.

use crate::page::Area;
use crate::signal::consent::{Allowed, Consent, Source, Statement};

/// The consent in effect, and who stated what.
#[derive(Clone, Debug, Default)]
pub struct ConsentGate {
    /// The last statement of each source.
    statements: Vec<Statement>,
    in_effect: Consent,
    listens_to_consent_mode: bool,
    ignores_do_not_track: bool,
    /// Whether the visitor has withdrawn a consent on this page.
    is_withdrawn: bool,
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
    /// Nobody has stated anything, unless the site is directed to children: that is a no for good. Where Do Not Track
    /// is ignored, what the browser says of it is no statement.
    pub fn new(is_child_directed: bool, ignores_do_not_track: bool) -> ConsentGate {
        let statements = is_child_directed.then_some(Statement::no(Source::ChildDirected));
        ConsentGate { statements: statements.into_iter().collect(), ignores_do_not_track, ..ConsentGate::default() }
    }

    /// The consent in effect.
    pub fn in_effect(&self) -> Consent {
        self.in_effect
    }

    /// The state by its name: that of the consent in effect, or `withdrawn`, which is denied after it was allowed.
    pub fn state(&self) -> &'static str {
        if self.is_withdrawn { "withdrawn" } else { self.in_effect.personalize.name() }
    }

    /// The last statement of each source.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Applies what is stated at one moment; `None` where it changes nothing.
    pub fn apply(&mut self, statements: &[Statement]) -> Option<Transition> {
        for statement in statements {
            self.listens_to_consent_mode |= statement.listen;
            let is_heard = match statement.source {
                Source::ModeDefault | Source::ModeUpdate => self.listens_to_consent_mode,
                Source::DoNotTrack => !self.ignores_do_not_track,
                Source::Site
                | Source::CookieConsent
                | Source::OneTrust
                | Source::Cookiebot
                | Source::Tcf
                | Source::Gpp
                | Source::GlobalPrivacyControl
                | Source::ChildDirected
                | Source::OtherTab => true,
            };
            if is_heard {
                self.state_of(statement);
            }
        }
        self.take_effect()
    }

    fn state_of(&mut self, statement: &Statement) {
        // What another tab has withdrawn holds until somebody says yes again.
        if statement.personalize.is_some_and(Allowed::is_yes) {
            self.statements.retain(|earlier| earlier.source != Source::OtherTab);
        }
        match self.statements.iter_mut().find(|earlier| earlier.source == statement.source) {
            Some(earlier) => *earlier = earlier.then(statement),
            None => self.statements.push(*statement),
        }
    }

    fn take_effect(&mut self) -> Option<Transition> {
        let (before, area) = (self.in_effect, self.area());
        self.in_effect = Consent::of(&self.statements);
        if self.in_effect == before {
            return None;
        }
        let is_denied = self.in_effect.personalize == Allowed::Denied;
        self.is_withdrawn = is_denied && (self.is_withdrawn || area.is_some());
        Some(match (area, self.area()) {
            _ if is_denied && before.personalize != Allowed::Denied => Transition::Withdraws,
            (before, now) if before == now => Transition::Stays,
            (Some(_), Some(area)) => Transition::Moves(area),
            (None, Some(area)) => Transition::Opens(area),
            (_, None) => Transition::Closes,
        })
    }

    /// Another tab withdrew consent: that holds here until somebody states a yes again. Of measuring nothing is
    /// known any more.
    pub fn revoke(&mut self) {
        self.statements.retain(|statement| statement.source.is_standing());
        self.statements.push(Statement {
            personalize: Some(Allowed::Denied),
            source: Source::OtherTab,
            ..Statement::default()
        });
        self.take_effect();
    }

    /// Goes on after a withdrawal on the same page, with a new engine that knows what was stated and nothing else.
    pub fn resume(&mut self, statements: &[Statement]) -> Option<Transition> {
        let transition = self.apply(statements);
        self.is_withdrawn = self.in_effect.personalize == Allowed::Denied;
        transition
    }

    /// Where things may be stored.
    pub fn area(&self) -> Option<Area> {
        match self.in_effect.personalize {
            Allowed::Granted => Some(Area::Local),
            Allowed::Session => Some(Area::Session),
            Allowed::Unknown | Allowed::Denied => None,
        }
    }

    /// Whether anything may be learned, if only for this page view.
    pub fn may_learn(&self) -> bool {
        self.in_effect.personalize != Allowed::Denied
    }

    /// Whether outcomes may be measured.
    pub fn may_measure(&self) -> bool {
        self.in_effect.may_measure()
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
            assert_eq!(gate.apply(&[statement(personalize, Source::Site)]), expected, "{why}");
        }
    }

    #[test]
    fn consent_mode_counts_only_where_the_site_listens_to_it() {
        let mut gate = ConsentGate::default();
        let update = statement(Allowed::Granted, Source::ModeUpdate);
        assert_eq!(gate.apply(&[update]), None);
        assert_eq!(gate.apply(&[Statement { listen: true, ..Statement::default() }]), None);
        assert_eq!(gate.apply(&[update]), Some(Transition::Opens(Area::Local)));
    }
}
