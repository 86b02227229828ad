//! What keeps the rest in order.

use super::{Part, always, with_profile};

pub(super) const PARTS: [Part; 6] = [
    Part {
        name: "The seed",
        here: |_| always("a random number of 64 bits, drawn on this device"),
        purpose: "draws the same variant, variation and holdout again; it is no identifier that anybody else gets",
        retention: |uses| format!("{}; a new one is drawn when the visitor erases", with_profile(uses)),
        read: "experiments, bandits, holdouts",
        shown: "seed",
        fields: &["profile.Profile.seed"],
    },
    Part {
        name: "Whether the visitor has paused",
        here: |_| always("since when"),
        purpose: "learns nothing new, and decides nothing from the profile, until the visitor goes on",
        retention: |_| "until the visitor goes on".to_owned(),
        read: "everywhere",
        shown: "paused",
        fields: &["profile.Profile.paused"],
    },
    Part {
        name: "The device's clock",
        here: |_| always("the latest time that is believed, and one that is not confirmed yet"),
        purpose: "keeps a wrong clock from deleting the profile",
        retention: with_profile,
        read: "retention",
        shown: "",
        fields: &["profile.Profile.clock", "clock.Clock.latest", "clock.Clock.jump"],
    },
    Part {
        name: "Events that were not recorded",
        here: |_| always("their number"),
        purpose: "tells that the rest is incomplete",
        retention: with_profile,
        read: "`profile()`",
        shown: "droppedEvents",
        fields: &["state.State.dropped"],
    },
    Part {
        name: "Which journals are in the profile",
        here: |_| {
            always(
                "of up to 64 journals the random id of the tab, and the number of the last entry; how many entries \
                          there were in all",
            )
        },
        purpose: "counts nothing twice",
        retention: |_| "while the journal exists".to_owned(),
        read: "when journals become part of the profile",
        shown: "",
        fields: &["state.State.folded", "state.State.count"],
    },
    Part {
        name: "Profiles of the visitor's other devices",
        here: |_| {
            always(
                "up to two, only where the visitor has imported one from a file; and a number that tells devices \
                          apart, a hash of the seed",
            )
        },
        purpose: "makes one profile of several devices",
        retention: with_profile,
        read: "together with the own profile; `import()`",
        shown: "in the file of `export({ passphrase })`",
        fields: &[
            "state.State.device",
            "state.State.other_devices",
            "state.OtherDevice.device",
            "state.OtherDevice.count",
            "state.OtherDevice.encoded",
        ],
    },
];
