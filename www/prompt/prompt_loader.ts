/** Asks the visitor something. The dialog is a chunk of its own, loaded when the page is idle and a prompt may come. */

import { dispatch } from "../loader/events.js";
import type { Engine, PromptContent, PromptOutcome } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** The chunk `tailorbird-prompt.js`. */
export interface PromptModule {
  /**
   * Opens the dialog, or shows the notification, and calls `answered` once: with nothing where a notification goes
   * because the visitor is back on the page, or the page ends. The returned function closes it without an answer.
   */
  show(content: PromptContent, answered: (answer: PromptAnswer | undefined) => void): () => void;
}

/** What the visitor did: pressed a button, chose an answer, or wrote an address for mail; or that nothing is shown. */
export type PromptAnswer =
  | { readonly outcome: "accepted" | "declined" | "dismissed" | "failed" }
  | { readonly answer: string }
  | { readonly email: string };

/** How long a prompt must be on the screen to be seen, in ms. */
const SEEN = 1_000;

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

/** Whether the visitor may be asked now. On the page not in the middle of something, by a notification not on the page. */
const isFree = (form: PromptContent["as"]): boolean =>
  form == "notification" ? document.hidden : !(document.hidden || isModalOpen() || isWriting() || isWatching());

/** When the browser has nothing else to do. Safari cannot tell: there it is two seconds later. */
const whenIdle = (work: () => void): void => {
  if ("requestIdleCallback" in window) requestIdleCallback(work);
  else setTimeout(work, 2_000);
};

export interface Prompts {
  show(content: PromptContent): void;
  /** Loads the chunk ahead of the first prompt, where one may come. */
  preload(): void;
}

export const createPrompts = (engine: Engine, guard: Guard, load: () => Promise<PromptModule>): Prompts => {
  let open = false;
  const preload = guard.run(() => {
    if (!guard.signal.aborted && engine.mayPrompt()) load().catch(() => {});
  });
  const show = (content: PromptContent): void => {
    const report = guard.run((outcome: PromptOutcome) => engine.promptOutcome(content.prompt, outcome));
    if (open) {
      report("postponed");
      return;
    }
    open = true;
    let seen = 0;
    const finish = (outcome: PromptOutcome): void => {
      open = false;
      clearTimeout(seen);
      report(outcome);
    };
    const choose = guard.run((answer: string) => engine.promptAnswered(content.prompt, answer));
    const answered = (given: PromptAnswer | undefined): void => {
      if (!given) {
        // No answer: the engine knows by itself that the visitor is back.
        open = false;
      } else if ("answer" in given) {
        open = false;
        clearTimeout(seen);
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
        if (!isFree(content.as)) {
          finish("postponed");
          return;
        }
        guard.onEnd(show(content, answered));
        report("shown");
        // Whether anybody looks at a notification is not known.
        if (content.as == "notification") return;
        seen = window.setTimeout(() => {
          if (open && !document.hidden) report("seen");
        }, SEEN);
      })
      // The chunk failed to load, or the browser shows no dialog or no notification.
      .catch(() => finish("failed"));
  };
  return { show, preload: () => whenIdle(preload) };
};
