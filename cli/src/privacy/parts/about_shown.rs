//! What was shown, and what came of it.

use super::{Part, with_profile};
use crate::document::codes;
use crate::privacy::uses::Uses;

pub(super) const PARTS: [Part; 7] = [
    Part {
        name: "Counts of what slots showed",
        here: |uses| {
            let slots = codes(uses.slots.iter().copied(), 24);
            (!uses.slots.is_empty()).then(|| {
                format!(
                    "exposures, impressions and conversions of each variant of {slots}, and the time of the last \
                         exposure"
                )
            })
        },
        purpose: "credits goals to what was shown",
        retention: with_profile,
        read: "the expected value of a variant",
        shown: "counts",
        fields: &[
            "state.State.ledger",
            "ledger.Ledger.0",
            "variant_counts.VariantCounts.0",
            "variant_counts.Row.owner",
            "variant_counts.Row.variant",
            "variant_counts.Row.counts",
            "variant_counts.Row.conversions",
            "variant_counts.Row.last_exposed",
        ],
    },
    Part {
        name: "Counts of prompts",
        here: |uses| {
            prompts(uses).map(|ids| {
                format!(
                    "of each variant of {ids} how often it was shown, seen, accepted, declined, dismissed, sent or \
                         withheld, and its conversions"
                )
            })
        },
        purpose: "prefers prompts that visitors accept, and shows others less",
        retention: with_profile,
        read: "the choice among prompts",
        shown: "prompts",
        fields: &["state.State.prompt_counts", "prompt_counts.PromptCounts.0"],
    },
    Part {
        name: "When prompts were shown and answered",
        here: |uses| {
            let questions = if uses.questions.is_empty() {
                String::new()
            } else {
                format!("; the last answer to {}", codes(uses.questions.iter().copied(), 12))
            };
            prompts(uses)
                .map(|ids| format!("of {ids} the times it was shown, declined, dismissed and accepted{questions}"))
        },
        purpose: "keeps prompts from coming too often",
        retention: with_profile,
        read: "caps of prompts; conditions on `answer`",
        shown: "answers",
        fields: &[
            "profile.Profile.prompt_history",
            "prompt_history.PromptHistory.0",
            "prompt_history.PromptRecord.id",
            "prompt_history.PromptRecord.shown",
            "prompt_history.PromptRecord.dismissed_at",
            "prompt_history.PromptRecord.accepted_at",
            "prompt_history.PromptRecord.answer",
            "prompt_history.Answer.text",
            "prompt_history.Answer.at",
        ],
    },
    Part {
        name: "Exposures of experiments",
        here: |uses| {
            experiments(uses).map(|keys| {
                format!("which variation of {keys} the visitor was exposed to, with what probability, and when")
            })
        },
        purpose: "compares variations; an exposure is counted once",
        retention: with_profile,
        read: "events of exposure, in the page only",
        shown: "exposures",
        fields: &[
            "state.State.exposures",
            "exposure.Exposures.0",
            "exposure.Exposure.experiment",
            "exposure.Exposure.variation",
            "exposure.Exposure.propensity",
            "exposure.Exposure.at",
        ],
    },
    Part {
        name: "Variations that are kept",
        here: |uses| {
            experiments(uses).map(|keys| {
                format!(
                    "of {keys}, where sticky bucketing is on: the attribute by which the variation was assigned \
                         with its value (the site's own `id` among them), the variation and its probability"
                )
            })
        },
        purpose: "shows the same variation again",
        retention: with_profile,
        read: "assignment",
        shown: "stickyBuckets",
        fields: &[
            "profile.Profile.sticky_buckets",
            "sticky_bucket.StickyBuckets.0",
            "sticky_bucket.StickyBucket.attribute",
            "sticky_bucket.StickyBucket.value",
            "sticky_bucket.StickyBucket.experiment",
            "sticky_bucket.StickyBucket.variation",
            "sticky_bucket.StickyBucket.propensity",
        ],
    },
    Part {
        name: "What bandits have learned",
        here: |uses| {
            let learner = |learner: &tailorbird::profile::bandit::learner::Learner| {
                let context = codes(learner.features.iter().map(|feature| feature.name.as_str()), 7);
                let owner = codes([learner.owner.as_str()], 1);
                if context.is_empty() { owner } else { format!("{owner} (context: {context})") }
            };
            let learners: Vec<String> = uses.learners.iter().map(learner).collect();
            (!learners.is_empty()).then(|| {
                format!(
                    "of each variant of {}: how often it was shown and rewarded, and the weights of its context; \
                         with what is shown now, the context as numbers from -1 to 1 until the goal is known; and \
                         variants that are kept",
                    learners.join(", ")
                )
            })
        },
        purpose: "shows what works for this visitor",
        retention: with_profile,
        read: "strategy `bandit`",
        shown: "bandits",
        fields: &[
            "profile.Profile.bandits",
            "learned.Bandits.models",
            "learned.Bandits.awaited",
            "learned.Bandits.kept",
            "learned.Kept.owner",
            "learned.Kept.variant",
            "learned.Kept.propensity",
            "learned.Kept.since",
            "model.Model.owner",
            "model.Model.variant",
            "model.Model.observations",
            "model.Model.rewards",
            "model.Model.weights",
            "model.Weight.feature",
            "model.Weight.mean",
            "model.Weight.precision",
            "awaited.Awaited.0",
            "awaited.Awaiting.at",
            "awaited.Awaiting.trial",
        ],
    },
    Part {
        name: "Reports on experiments",
        here: |uses| {
            let experiments = uses.reports.iter().map(|report| report.experiment.as_str());
            (!uses.reports.is_empty()).then(|| {
                format!(
                    "of {}: the variation, the value of the goal, and a key for the noise, until the report is handed \
                     out; then that it was, when, and how much it may tell (epsilon)",
                    codes(experiments, 24)
                )
            })
        },
        purpose: "tells the site how variations do, with noise that hides what this visitor did; each once",
        retention: with_profile,
        read: "`reports()`, by the site's own code, which may send what it gets",
        shown: "",
        fields: &[
            "state.State.reports",
            "reports.Reports.0",
            "reports.Record.experiment",
            "reports.Record.at",
            "reports.Record.stage",
            "reports.Stage.Awaited",
            "reports.Stage.HandedOut",
            "reports.Stage.Dropped",
            "reports.AwaitedReport.variation",
            "reports.AwaitedReport.key",
            "reports.AwaitedReport.reached",
        ],
    },
];

fn prompts(uses: &Uses<'_>) -> Option<String> {
    (!uses.prompts.is_empty()).then(|| codes(uses.prompts.iter().map(|prompt| prompt.id.as_str()), 24))
}

fn experiments(uses: &Uses<'_>) -> Option<String> {
    (!uses.experiments.is_empty()).then(|| codes(uses.experiments.iter().copied(), 24))
}
