//! Exposures that the site's data layer is to receive, once consent allows it.

/// Exposures by their `exp_variant_string`, each with whether it was pushed on this page view.
#[derive(Clone, Debug, Default)]
pub struct DataLayerQueue(Vec<(String, bool)>);

impl DataLayerQueue {
    /// Adds an exposure that is not waiting already.
    pub fn add(&mut self, exp_variant: String) {
        if !self.0.iter().any(|(known, _)| *known == exp_variant) {
            self.0.push((exp_variant, false));
        }
    }

    /// What is to be pushed now; each exposure once on a page, even where nothing may be stored.
    pub fn take(&mut self) -> Vec<String> {
        let waiting = self.0.iter_mut().filter(|(_, pushed)| !pushed);
        waiting
            .map(|(exp_variant, pushed)| {
                *pushed = true;
                exp_variant.clone()
            })
            .collect()
    }

    /// Drops what need not be pushed.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|(exp_variant, _)| keep(exp_variant));
    }

    /// A new page view: what was pushed is done.
    pub fn on_page_view(&mut self) {
        self.0.retain(|(_, pushed)| !pushed);
    }
}
