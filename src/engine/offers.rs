//! Scarce offers: of the slots on a page that would make the same offer, the one that gets most from it does.

use super::Engine;
use crate::decision::selection::Selection;
use crate::decision::slot::Slot;
use crate::decision::strategy::Elsewhere;
use crate::time::Timestamp;

/// How often slots choose anew because another one has the offer. Each time an offer goes to a slot that gets more from
/// it, so this ends; on a page with more slots that want each other's offers some keep the page's own content.
const ROUNDS: usize = 20;

/// A slot that makes an offer.
struct Claim<'a> {
    offer: &'a str,
    slot: &'a str,
    /// What the slot gets from it: the value of its goal times the probability that it is reached.
    worth: f64,
}

impl Engine {
    /// The offers that other slots on the page make, each with its slot. None where this selection, that of `slot` or of a
    /// prompt, makes no offer itself.
    pub(super) fn offers_beside(&self, selection: &Selection, slot: &str, now: Timestamp) -> Vec<(String, String)> {
        if !selection.makes_offers() {
            return Vec::new();
        }
        let mut offers = self.offers(now);
        offers.retain(|(_, other)| other != slot);
        offers
    }

    /// The offers on the page, each with the slot that makes it.
    fn offers(&self, now: Timestamp) -> Vec<(String, String)> {
        let slots = self.config.slots.iter().filter(|slot| slot.selection.makes_offers());
        let slots: Vec<&Slot> = slots.filter(|slot| self.rendered_slots.is_present(&slot.id)).collect();
        let mut made: Vec<(String, String)> = Vec::new();
        for _ in 0..ROUNDS {
            let claims = slots.iter().filter_map(|slot| self.claim(slot, &made, now));
            let mut best: Vec<Claim<'_>> = Vec::new();
            for claim in claims {
                match best.iter_mut().find(|known| known.offer == claim.offer) {
                    // Of equals the first in the config.
                    Some(known) if claim.worth > known.worth => *known = claim,
                    Some(_) => {}
                    None => best.push(claim),
                }
            }
            let next = best.iter().map(|claim| (claim.offer.to_owned(), claim.slot.to_owned())).collect();
            if made == next {
                break;
            }
            made = next;
        }
        made
    }

    /// The offer that a slot makes where others have made these.
    fn claim<'a>(&self, slot: &'a Slot, made: &[(String, String)], now: Timestamp) -> Option<Claim<'a>> {
        let beside: Vec<(String, String)> = made.iter().filter(|(_, other)| *other != slot.id).cloned().collect();
        let decision = slot.decide(self.evidence(Elsewhere { items: &[], offers: &beside }, now));
        let variant = slot.selection.variant(decision.variant.as_deref()?)?;
        let worth = variant.value * self.store.basis().ledger.success(&slot.id, &variant.id);
        Some(Claim { offer: variant.offer.as_deref()?, slot: &slot.id, worth })
    }
}
