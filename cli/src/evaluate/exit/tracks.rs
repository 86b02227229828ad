//! Movements of a mouse, recorded in a browser.

use std::path::Path;

use serde::Deserialize;
use tailorbird::signal::pointer::Pointer;
use tailorbird::signal::pointer_exit::PointerExit;
use tailorbird::value::Value;

use super::{Aim, Outcome};
use crate::ending::Ending;
use crate::files;

/// One movement, as the events that the page heard.
#[derive(Debug, Deserialize)]
pub(super) struct Track {
    /// What was done.
    pub(super) name: String,
    pub(super) aim: Aim,
    events: Vec<TrackEvent>,
}

/// One event of a pointer, and when it was, in ms.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum TrackEvent {
    /// `pointermove`, or one of those that it stands for.
    Move { at: f64, y: f64 },
    /// `pointerover` or `pointerdown`.
    Over { at: f64, mouse: bool },
    /// `mouseout` into nothing, with the fields of [`PointerExit::read`].
    Out {
        at: f64,
        #[serde(flatten)]
        exit: serde_json::Map<String, serde_json::Value>,
    },
}

impl Track {
    /// What came of it.
    pub(super) fn replay(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let mut pointer = Pointer::default();
        // It is over the page when a recording begins.
        pointer.returned(true);
        let mut left_ms: Option<f64> = None;
        let mut early_ms = None;
        for event in &self.events {
            let (TrackEvent::Move { at, .. } | TrackEvent::Over { at, .. } | TrackEvent::Out { at, .. }) = event;
            let is_away = left_ms.is_some_and(|left_ms| at - left_ms >= Pointer::AWAY_MS);
            if let Some(exit) = is_away.then(|| pointer.take_exit()).flatten() {
                outcome.count(&exit);
            }
            match event {
                TrackEvent::Move { at, y } => {
                    pointer.moved(*y, *at);
                    if early_ms.is_none() && pointer.is_on_its_way_out(*at) {
                        early_ms = Some(*at);
                    }
                }
                TrackEvent::Over { mouse, .. } => {
                    pointer.returned(*mouse);
                    left_ms = None;
                }
                TrackEvent::Out { at, exit } => {
                    let report = serde_json::Value::Object(exit.clone());
                    let exit = PointerExit::read(&serde_json::from_value::<Value>(report).unwrap_or_default());
                    outcome.crossed |= exit.y_px <= 0.0;
                    pointer.left(exit, *at);
                    outcome.lead_ms = early_ms.map(|early_ms| at - early_ms);
                    left_ms = Some(*at);
                }
            }
        }
        // Nothing more was heard of it.
        if let Some(exit) = pointer.take_exit() {
            outcome.count(&exit);
        }
        outcome
    }
}

/// Reads recorded movements, one a line.
pub(super) fn read(path: &Path) -> Result<Vec<Track>, Ending> {
    let bytes = files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|problem| Ending::Problems(format!("{}:{number}: {problem}", path.display())))
        })
        .collect()
}
