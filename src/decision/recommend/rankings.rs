//! What the site model was asked on this page view, and what it has answered.

use crate::signal::ranking::{RankRequest, RankedItem};

/// The most rankings of one page view.
const RANKINGS: usize = 20;

/// What the model was asked on this page view, and what it has answered.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rankings(Vec<Ranking>);

#[derive(Clone, Debug, PartialEq)]
struct Ranking {
    request: RankRequest,
    /// `None` while the answer is awaited; empty where there is none.
    items: Option<Vec<RankedItem>>,
}

impl Rankings {
    /// The latest answer for a request; while it is awaited the answer before of the same kind. `None` where there is
    /// neither.
    pub fn answer(&self, request: &RankRequest) -> Option<&[RankedItem]> {
        let exact = self.0.iter().find(|ranking| ranking.request == *request);
        let same_kind = self.0.iter().rev().filter(|ranking| ranking.request.kind == request.kind);
        exact.into_iter().chain(same_kind).find_map(|ranking| ranking.items.as_deref())
    }

    /// Notes that the model is asked; `false` where it was, or was so often that it is not asked any more.
    pub fn ask(&mut self, request: &RankRequest) -> bool {
        let is_new = !self.0.iter().any(|known| known.request == *request);
        if is_new && self.has_room() {
            self.0.push(Ranking { request: request.clone(), items: None });
            return true;
        }
        false
    }

    /// Whether the model may be asked anything more on this page view. One that waits longer than anybody looks at a page is
    /// not answered any more.
    pub fn has_room(&self) -> bool {
        self.0.len() < RANKINGS
    }

    /// The model's answer; nothing where it could not be asked.
    pub fn set_answer(&mut self, request: RankRequest, items: Option<Vec<RankedItem>>) {
        self.ask(&request);
        if let Some(known) = self.0.iter_mut().find(|known| known.request == request) {
            known.items = Some(items.unwrap_or_default());
        }
    }

    /// Whether an answer can still come: the request was made, or can be.
    pub fn may_come(&self, request: &RankRequest) -> bool {
        match self.0.iter().find(|known| known.request == *request) {
            Some(known) => known.items.is_none(),
            None => self.has_room(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::ranking::Kind;

    fn request(kind: Kind, history: &[&str]) -> RankRequest {
        RankRequest { kind, history: history.iter().map(|id| (*id).to_owned()).collect(), of_page: false }
    }

    fn item(id: &str) -> RankedItem {
        RankedItem { id: id.to_owned(), score: 1.0, because: None }
    }

    #[test]
    fn an_answer_stands_until_the_next_of_its_kind_has_come() {
        let (before, after) = (request(Kind::ForYou, &["a"]), request(Kind::ForYou, &["a", "b"]));
        let mut rankings = Rankings::default();
        assert!(rankings.ask(&before) && !rankings.ask(&before), "once");
        assert_eq!((rankings.answer(&before), rankings.may_come(&before)), (None, true));
        rankings.set_answer(before.clone(), Some(vec![item("x")]));
        assert!(rankings.ask(&after));
        assert_eq!(rankings.answer(&after), Some(&[item("x")][..]), "of before, while the next is awaited");
        rankings.set_answer(after.clone(), None);
        assert_eq!((rankings.answer(&after), rankings.may_come(&after)), (Some(&[][..]), false), "it failed");
        assert_eq!(rankings.answer(&request(Kind::Similar, &["a"])), None, "another kind");
    }

    #[test]
    fn a_page_view_has_room_for_twenty_rankings() {
        let mut rankings = Rankings::default();
        let requests: Vec<RankRequest> = (0..21).map(|at| request(Kind::Similar, &[&format!("i{at}")])).collect();
        assert_eq!(requests.iter().filter(|request| rankings.ask(request)).count(), RANKINGS);
        let last = requests.last().unwrap();
        rankings.set_answer(last.clone(), Some(vec![item("x")]));
        assert_eq!((rankings.answer(last), rankings.may_come(last)), (None, false));
    }
}
