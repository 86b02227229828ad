/** Asks the visitor something. The dialog is a chunk of its own, loaded when the page is idle and a prompt may come. */

import { dispatch } from "../loader/events.js";
import { warnOnce } from "../loader/warn.js";
import type { Engine, PromptContent, PromptOutcome } from "../page/boundary.js";
import { namedTemplate, nodesOf } from "../page/fragment.js";
import type { Guard } from "../page/guard.js";
import { isRefusal, type Refusal } from "../page/refusal.js";

/** The chunk `tailorbird-prompt.js`. */
export interface PromptModule {
  /**
   * Opens the prompt, or shows the notification. Calls `answered` once, with nothing where a notification goes because the
   * visitor is back on the page, or the page ends; and `seen` at most once before, never for a notification. The returned
   * function closes it without an answer. Or says why it is not shown. `markup` is what the page's template says, where
   * that is the content.
   */
  show(
    content: PromptContent,
    markup: readonly Node[] | undefined,
    answered: (answer: PromptAnswer | undefined) => void,
    seen: () => void,
  ): (() => void) | Refusal;
}

/**
 * What the visitor did: pressed a button, chose an answer, or wrote an address for mail. Or the page took it away, or
 * the system shows nothing.
 */
export type PromptAnswer =
  | { readonly outcome: "accepted" | "declined" | "dismissed" | "removed" | "failed" }
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
  const fill = guard.wrap<[string[]], (string | undefined)[]>(
    (texts) => engine.fill(texts),
    () => [],
  );
  /** What the page's template says, if that is what the prompt says. */
  const markupOf = ({ template }: PromptContent): readonly Node[] | undefined | Refusal => {
    if (!template) return undefined;
    const fragment = namedTemplate(template, fill)();
    return isRefusal(fragment) ? fragment : nodesOf(fragment);
  };
  const show = (content: PromptContent): void => {
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
    const answered = (given: PromptAnswer | undefined): void => {
      if (!given) {
        // No answer: the engine knows by itself that the visitor is back.
        open = false;
      } else if ("answer" in given) {
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
        if (!isFree(content.as)) {
          finish("postponed");
          return;
        }
        const markup = markupOf(content);
        const shown = markup && isRefusal(markup) ? markup : show(content, markup, answered, () => report("seen"));
        if (!isRefusal(shown)) {
          guard.onEnd(shown);
          report("shown");
        } else if (shown.kind == "busy") {
          finish("postponed");
        } else {
          warnOnce(`prompt "${content.prompt}" is not shown: ${shown.reason}`);
          finish("failed");
        }
      })
      // The chunk failed to load, or the browser shows no dialog or no notification.
      .catch(() => finish("failed"));
  };
  return { show, preload: () => whenIdle(preload) };
};
