/** Asks the visitor something. The dialog is a chunk of its own, loaded when the page is idle and a prompt may come. */

import { dispatch } from "../loader/events.js";
import { warnOnce } from "../loader/warn.js";
import type { Engine, PromptContent, PromptOutcome } from "../page/boundary.js";
import { namedTemplate, nodesOf } from "../page/fragment.js";
import type { Guard } from "../page/guard.js";
import { findPlace, itemsContent } from "../page/items.js";
import type { Fill } from "../page/placeholders.js";
import { isRefusal, type Refusal } from "../page/refusal.js";
import { addListener } from "../loader/record.js";

/** The chunk `tailorbird-prompt.js`. */
export interface PromptModule {
  /**
   * Opens the prompt, or shows the notification. Calls `answered` once, with nothing where a notification goes because the
   * visitor is back on the page, or the page ends; and `seen` at most once before, never for a notification. The returned
   * function closes it without an answer. Or says why it is not shown. `markup` is what the page's template says, where
   * that is the content; otherwise `fill` gives the texts of items.
   */
  show(
    content: PromptContent,
    markup: readonly Node[] | undefined,
    fill: Fill,
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

/** Whether an element is on the screen. What has no size may have parts that are fixed to it. */
const isOnScreen = (element: Element): boolean => {
  if (!element.getClientRects().length || getComputedStyle(element).visibility != "visible") return false;
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
  return !width || !height || (bottom > 0 && right > 0 && top < innerHeight && left < innerWidth);
};

/** Whether another dialog is open, such as a banner that asks for consent. */
const isDialogOpen = (): boolean => {
  const dialogs = document.querySelectorAll('dialog[open],[aria-modal="true"],[role="dialog"],[role="alertdialog"]');
  for (let at = 0; at < dialogs.length; at++) if (isOnScreen(dialogs[at]!)) return true;
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

/** Whether the visitor is in the middle of something on the page. */
const isBusy = (): boolean => isDialogOpen() || isWriting() || isWatching();

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

export const createPrompts = (
  engine: Engine,
  guard: Guard,
  debug: boolean,
  load: () => Promise<PromptModule>,
): Prompts => {
  let open = false;
  /** Whether a button of the mouse or a finger is down, as it is while text is selected or something is dragged. */
  let isPressing = false;
  for (const type of ["pointerdown", "pointerup", "pointercancel"]) {
    const press = (): void => {
      isPressing = type == "pointerdown";
    };
    addListener(window, type, press, { capture: true, passive: true, signal: guard.signal });
  }
  /** Whether the visitor may be asked now: on the page where they are free, by a notification where they are not on it. */
  const isFree = (form: PromptContent["as"]): boolean =>
    form == "notification" ? document.hidden : !(document.hidden || isPressing || isBusy());
  const preload = guard.run(() => {
    if (!guard.signal.aborted && engine.mayPrompt()) load().catch(() => {});
  });
  const fill = guard.wrap<Parameters<Fill>, ReturnType<Fill>>(
    (texts, item) => engine.fill(texts, item),
    () => [],
  );
  /** What the page's template says, if that is what the prompt says. */
  const markupOf = ({ prompt, template, items = [] }: PromptContent): readonly Node[] | undefined | Refusal => {
    if (!template) return undefined;
    const fragment = namedTemplate(template, fill)();
    if (isRefusal(fragment)) return fragment;
    if (items.length) {
      const holder = document.createElement("div");
      holder.append(fragment);
      const place = findPlace(holder, null);
      if (isRefusal(place)) return place;
      const leftOut = (item: string, reason: string): void => {
        if (debug) warnOnce(`prompt "${prompt}": item "${item}" is left out: ${reason}`);
      };
      const shown = itemsContent(place, items, fill, leftOut)();
      if (isRefusal(shown)) return shown;
      place.template.replaceWith(shown);
      fragment.append(...holder.childNodes);
    }
    return nodesOf(fragment);
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
        const shown =
          markup && isRefusal(markup) ? markup : show(content, markup, fill, answered, () => report("seen"));
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
