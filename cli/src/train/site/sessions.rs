//! A model from recorded sessions, counted in memory.

use std::path::{Path, PathBuf};

use tailorbird_companion::publication::{AREAS, BLEND, Learned, PAGES, SUPPORT};
use tailorbird_recommend::areas::learn::LearnedAreas;
use tailorbird_recommend::learn::learn;
use tailorbird_recommend::model_file::Kind;
use tailorbird_recommend::next_page::{NextPage, Page};

use super::sizes::Sizes;
use super::{Amount, SiteModel, report, tell, text};
use crate::ending::Ending;
use crate::train::recorded::Recorded;

impl SiteModel {
    pub(super) fn of_sessions(&self, path: &Path) -> Result<(), Ending> {
        let recorded = Recorded::read(path)?;
        let mut learned = Learned::default();
        add_items(&mut learned, &recorded);
        add_next_page(&mut learned, &recorded);
        add_areas(&mut learned, &recorded);
        if learned.sections.is_empty() {
            return Err(Ending::Problems(format!(
                "{}: no item was looked at by {SUPPORT} visitors, and there is no column Category or Page: nothing can be \
                 learned",
                path.display()
            )));
        }
        let amount = Amount { visitors: Some(recorded.visitors() as u64), visits: recorded.sessions() as u64 };
        let left_out = learned.left_out.clone();
        let files = self.write(learned, &[PathBuf::from(path)])?;
        let sizes = Sizes::of(&files);
        let report = report(&amount, &files, &sizes, &left_out);
        tell(self.json, report, &text(self.out(), &amount, &sizes, &left_out))
    }
}

/// Items, their rules and sessions.
fn add_items(learned: &mut Learned, recorded: &Recorded) {
    let (catalog, sessions) = recorded.products();
    let Some(parts) = learn(&catalog, &sessions, SUPPORT as usize).filter(|parts| parts.items.count() > 0) else {
        return;
    };
    learned.add_items(&parts);
    learned.left_out.push(("items", (catalog.len() as u64).saturating_sub(u64::from(parts.items.count()))));
}

fn add_next_page(learned: &mut Learned, recorded: &Recorded) {
    let Some((names, visitors)) = recorded.ways() else { return };
    let visits = visitors.iter().map(|visits| visits.iter().map(|visit: &Vec<Page>| visit.as_slice()));
    let model = NextPage::learn(visits, BLEND);
    learned.sections.push((Kind::NextPage, model.encode(&names, PAGES)));
    learned.left_out.push(("ways from page to page", model.below(SUPPORT) as u64));
}

fn add_areas(learned: &mut Learned, recorded: &Recorded) {
    let Some((names, visitors)) = recorded.areas() else { return };
    let model = LearnedAreas::learn(&names, &visitors, AREAS);
    learned.sections.push((Kind::Areas, model.encode()));
    learned.left_out.push(("areas", model.left_out.areas as u64));
    learned.left_out.push(("pairs of areas", model.left_out.pairs as u64));
}
