/** Asks the visitor something. The dialog is a chunk of its own, loaded when there is something to ask. */

import { dispatch } from "../loader/events.js";
import type { Engine, PromptContent, PromptOutcome } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** The chunk `tailorbird-prompt.js`. */
export interface PromptModule {
  /** Opens the dialog and calls `answered` once. The returned function closes it without an answer. */
  show(content: PromptContent, answered: (answer: PromptAnswer) => void): () => void;
}

/** What the visitor did: pressed a button, chose an answer, or wrote an address for mail. */
export type PromptAnswer =
  | { readonly outcome: "accepted" | "declined" | "dismissed" }
  | { readonly answer: string }
  | { readonly email: string };

/** Whether another dialog is open. */
const isModalOpen = (): boolean => {
  const dialogs = document.querySelectorAll('dialog[open],[aria-modal="true"]');
  for (let at = 0; at < dialogs.length; at++) if (dialogs[at]!.getClientRects().length) return true;
  return false;
};

/** Whether the focus is where text is written or chosen. */
const isWriting = (): boolean =>
  !!document.activeElement?.matches('input,textarea,select,[contenteditable]:not([contenteditable="false"])');

/** Whether a video with sound is playing; silent ones are decoration. */
const isWatching = (): boolean => {
  const videos = document.querySelectorAll("video");
  for (let at = 0; at < videos.length; at++) {
    const { paused, ended, muted } = videos[at]!;
    if (!paused && !ended && !muted) return true;
  }
  return false;
};

export const createPrompts = (
  engine: Engine,
  guard: Guard,
  load: () => Promise<PromptModule>,
): ((content: PromptContent) => void) => {
  let open = false;
  return (content) => {
    const report = guard.run((outcome: PromptOutcome) => engine.promptOutcome(content.prompt, outcome));
    if (open) {
      report("postponed");
      return;
    }
    open = true;
    const finish = (outcome: PromptOutcome): void => {
      open = false;
      report(outcome);
    };
    const choose = guard.run((answer: string) => engine.promptAnswered(content.prompt, answer));
    const answered = (given: PromptAnswer): void => {
      if ("answer" in given) {
        open = false;
        choose(given.answer);
      } else if ("email" in given) {
        // To the site, and to nobody else: the engine is never told.
        dispatch("submit", { prompt: content.prompt, email: given.email });
        finish("submitted");
      } else {
        finish(given.outcome);
      }
    };
    load()
      .then(({ show }) => {
        if (guard.signal.aborted) return;
        // Loading took its time; by now the visitor may be doing something else.
        if (isModalOpen() || isWriting() || isWatching()) {
          finish("postponed");
          return;
        }
        guard.onEnd(show(content, answered));
        report("shown");
      })
      // The chunk failed to load, or the browser shows no dialog.
      .catch(() => finish("failed"));
  };
};
