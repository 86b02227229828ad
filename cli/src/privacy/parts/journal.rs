//! What one tab records until it is part of the profile: entries with a number and a time.

use super::{Part, always};
use crate::privacy::uses::Uses;

const READ: &str = "when journals become part of the profile";

fn until_folded(_: &Uses<'_>) -> String {
    "until it is part of the profile".to_owned()
}

pub(super) const PARTS: [Part; 9] = [
    Part {
        name: "The beginning of a journal",
        here: |_| {
            always(
                "a random number of 64 bits, which becomes the seed of a profile that has none; and of each entry its \
                          number and its time",
            )
        },
        purpose: "puts entries of several tabs in order",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &[
            "journal.Journal.seed",
            "journal.Journal.entries",
            "journal.Entry.number",
            "journal.Entry.at",
            "journal.Entry.event",
        ],
    },
    Part {
        name: "Pages",
        here: |uses| {
            always(if uses.speculation.is_some() {
                "that a page was viewed, its path without query, how long and how far it was read"
            } else {
                "that a page was viewed, how long and how far it was read; not which one"
            })
        },
        purpose: "counts pages, engagement and sessions",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &["journal.JournalEvent.View", "journal.JournalEvent.Page", "journal.JournalEvent.Dwell"],
    },
    Part {
        name: "Events",
        here: |_| {
            always(
                "name, value, a hash of the order number, and of its items the ids, the tags of the dimensions above, \
                          prices and quantities",
            )
        },
        purpose: "is what interests, basket, orders and counts are made of",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &[
            "journal.JournalEvent.Event",
            "event.Event.name",
            "event.Event.items",
            "event.Event.value",
            "event.Event.transaction",
            "event.Item.id",
            "event.Item.tags",
            "event.Item.price",
            "event.Item.quantity",
            "event.Tag.dimension",
            "event.Tag.key",
        ],
    },
    Part {
        name: "What slots showed",
        here: |uses| if uses.slots.is_empty() { None } else { always("slot and variant of exposures and impressions") },
        purpose: "counts them",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &["journal.JournalEvent.Exposed", "journal.JournalEvent.Impression"],
    },
    Part {
        name: "What became of prompts",
        here: |uses| {
            if uses.prompts.is_empty() { None } else { always("prompt, variant and outcome; the answer to a question") }
        },
        purpose: "counts them, and keeps their caps",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &["journal.JournalEvent.Prompt", "journal.JournalEvent.Answer"],
    },
    Part {
        name: "Experiments",
        here: |uses| {
            if uses.experiments.is_empty() { None } else { always("experiment, variation and its probability") }
        },
        purpose: "compares variations, and shows the same one again",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &["journal.JournalEvent.Exposure", "journal.JournalEvent.StickyBucket"],
    },
    Part {
        name: "Trials of bandits",
        here: |uses| {
            if uses.learners.is_empty() {
                None
            } else {
                always("slot, variant, its probability, and the context as numbers")
            }
        },
        purpose: "is what bandits learn from",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &[
            "journal.JournalEvent.Trial",
            "trial.Trial.owner",
            "trial.Trial.variant",
            "trial.Trial.features",
            "trial.Trial.propensity",
            "trial.Trial.drawn",
        ],
    },
    Part {
        name: "Reports on experiments",
        here: |uses| {
            if uses.reports.is_empty() {
                None
            } else {
                always(
                    "experiment, variation, the key of its noise, the value of the goal; that it was handed out or dropped",
                )
            }
        },
        purpose: "reports once, and hides what this visitor did by noise",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &[
            "journal.JournalEvent.Report",
            "report_step.ReportStep.Begun",
            "report_step.ReportStep.Reached",
            "report_step.ReportStep.HandedOut",
            "report_step.ReportStep.Dropped",
        ],
    },
    Part {
        name: "Segments, what the visitor said of the profile, and events dropped",
        here: |_| {
            always(
                "segments entered and left; interests that the visitor had forgotten or corrected; pauses; the number \
                          of events that found no room",
            )
        },
        purpose: "keeps the profile as the visitor and the limits want it",
        retention: until_folded,
        read: READ,
        shown: "",
        fields: &[
            "journal.JournalEvent.Segment",
            "journal.JournalEvent.Forget",
            "journal.JournalEvent.Correct",
            "journal.JournalEvent.Pause",
            "journal.JournalEvent.Dropped",
        ],
    },
];
