//! From the one who reads a log to those who play it, in several threads, and back in the order of the log.
//!
//! Steps are handed over in batches. A batch goes to one player, the next to the next player and so on in a circle,
//! and what comes back is waited for in the same circle: so everything is in the order of the log, whoever is faster.
//! Only a visitor who does not fit into a batch goes on with the same player, who knows what is stored. All queues are
//! short, so that memory is bounded however long the log is and however long one visitor's history.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::counts::Counts;
use super::player::{Player, Setting};
use super::recorded::Step;
use crate::ending::Ending;

/// How many steps a batch has, give or take the visitor with whom it ends: some hundredths of a second.
const STEPS: usize = 500;
/// How many batches wait before and after each player.
const WAITING: usize = 4;

/// Nobody plays any more; why is known where that happened.
#[derive(Debug)]
pub struct Closed;

/// Takes the steps of a log.
pub struct Batches {
    players: Vec<SyncSender<Batch>>,
    /// Whose turn it is.
    turn: usize,
    steps: Vec<Step>,
}

struct Batch {
    steps: Vec<Step>,
    /// Whether the next batch begins with another visitor.
    is_whole: bool,
}

/// What came of a batch.
struct Played {
    events: usize,
    lines: Vec<u8>,
    is_whole: bool,
}

/// Plays what `read` hands over with this many players. Calls `advance` with what came of each batch, in the order of
/// the log: how many events it had, and its lines of the trace. Answers what `read` does, and all counts.
///
/// # Errors
///
/// Those of `read` and of `advance`. Either ends it all.
pub fn play<R: Send>(
    setting: Setting<'_>,
    players: usize,
    read: impl FnOnce(&mut Batches) -> Result<R, Ending> + Send,
    mut advance: impl FnMut(usize, &[u8]) -> Result<(), Ending>,
) -> Result<(R, Counts), Ending> {
    thread::scope(|scope| {
        let (mut senders, mut receivers, mut working) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..players.max(1) {
            let (sender, batches) = sync_channel(WAITING);
            let (played, receiver) = sync_channel(WAITING);
            senders.push(sender);
            receivers.push(receiver);
            working.push(scope.spawn(move || work(setting, &batches, &played)));
        }
        let reading = scope.spawn(move || {
            let mut batches = Batches { players: senders, turn: 0, steps: Vec::new() };
            let answer = read(&mut batches)?;
            // Where that is closed `advance` has failed.
            let _ = batches.send(true);
            Ok(answer)
        });
        let advanced = collect(&receivers, &mut advance);
        // Whoever still has something to hand over is told that it is over.
        drop(receivers);
        let answer = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
        let mut counts = Counts::new(setting.config, setting.model);
        for worker in working {
            counts.merge(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        advanced?;
        Ok((answer?, counts))
    })
}

/// Waits for what comes of each batch, in order.
fn collect(
    receivers: &[Receiver<Played>],
    advance: &mut impl FnMut(usize, &[u8]) -> Result<(), Ending>,
) -> Result<(), Ending> {
    for receiver in receivers.iter().cycle() {
        loop {
            // Whose turn it is has nothing more: then nobody has.
            let Ok(played) = receiver.recv() else { return Ok(()) };
            advance(played.events, &played.lines)?;
            if played.is_whole {
                break;
            }
        }
    }
    Ok(())
}

fn work(setting: Setting<'_>, batches: &Receiver<Batch>, played: &SyncSender<Played>) -> Counts {
    let mut player = Player::new(setting);
    for Batch { steps, is_whole } in batches {
        let before = player.events();
        steps.into_iter().for_each(|step| player.play(step));
        if is_whole {
            player.end_visitor();
        }
        let events = player.events() - before;
        if played.send(Played { events, lines: player.take_lines(), is_whole }).is_err() {
            break;
        }
    }
    player.into_counts()
}

impl Batches {
    /// The next step.
    ///
    /// # Errors
    ///
    /// When nobody plays any more.
    pub fn push(&mut self, step: Step) -> Result<(), Closed> {
        match step {
            Step::Visitor(_) if self.steps.len() >= STEPS => self.send(true)?,
            // A visitor is not split for little.
            _ if self.steps.len() >= 2 * STEPS => self.send(false)?,
            _ => {}
        }
        self.steps.push(step);
        Ok(())
    }

    fn send(&mut self, is_whole: bool) -> Result<(), Closed> {
        let batch = Batch { steps: core::mem::take(&mut self.steps), is_whole };
        let player = self.players.get(self.turn).ok_or(Closed)?;
        player.send(batch).map_err(|_| Closed)?;
        if is_whole {
            self.turn = (self.turn + 1) % self.players.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
