/** What the engine announces, in sentences for the log. */

import type { Decision, Explanation, PromptExplanation } from "../loader/types.js";
import type { Announced } from "./frame_access.js";

/** An entry of the log: a sentence, and what explains it. */
export interface Sentence {
  readonly text: string;
  readonly reasons?: readonly string[];
}

const PROMPT_OUTCOMES = {
  shown: "is shown",
  seen: "was on screen for a second",
  accepted: "was accepted",
  declined: "was declined",
  dismissed: "was closed",
  submitted: "was answered",
  removed: "was removed by the page",
  failed: "could not be shown",
  withheld: "was withheld, for comparison",
} as const;

const shownIn = ({ slot, variant, level }: Decision): string =>
  variant === null
    ? `Slot ${slot} keeps the page's own content (${level}).`
    : `Slot ${slot} shows "${variant}" (${level}).`;

/** What a slot shows and why, where no event says so. */
export const explained = (explanation: Explanation): Sentence =>
  explanation.onPage
    ? { text: shownIn(explanation), reasons: explanation.reasons }
    : { text: `Slot ${explanation.slot} is not on the page.` };

/** Why a prompt is not open; nothing where it is. */
export const promptExplained = ({ prompt, reasons }: PromptExplanation): Sentence | undefined =>
  reasons.length ? { text: `Prompt ${prompt} is not shown.`, reasons } : undefined;

/** Nothing for what the log need not have. */
export const eventSentence = (event: Announced): Sentence | undefined => {
  switch (event.name) {
    case "decision": {
      const { detail } = event;
      if (detail.applied) return { text: shownIn(detail), reasons: detail.reasons };
      const text = `Slot ${detail.slot}: "${detail.variant ?? ""}" cannot be shown: ${detail.problem}.`;
      return { text, reasons: detail.reasons };
    }
    case "impression": {
      const { slot, variant } = event.detail;
      const what = variant === null ? "The page's own content" : `"${variant}"`;
      return { text: `Impression: ${what} was on screen in slot ${slot} for a second.` };
    }
    case "exit-intent": {
      const { score, parts } = event.detail;
      const reasons = Object.entries(parts).map(([part, weight]) => `${part}: ${weight}`);
      return { text: `Exit intent: score ${Math.round(score * 100) / 100}.`, reasons };
    }
    case "prompt": {
      const { prompt, variant, outcome, answer } = event.detail;
      const which = variant && variant != prompt ? ` ("${variant}")` : "";
      return { text: `Prompt ${prompt}${which} ${PROMPT_OUTCOMES[outcome]}${answer ? `: ${answer}` : ""}.` };
    }
    case "submit":
      return { text: `Prompt ${event.detail.prompt}: the visitor left an address for mail.` };
    case "segment":
      return { text: `The visitor ${event.detail.entered ? "enters" : "leaves"} segment ${event.detail.segment}.` };
    case "unavailable":
      return { text: `The engine does nothing on this page: ${event.detail.reason}.` };
    case "conflict":
      return { text: `The page keeps restoring slot ${event.detail.slot}; it is left alone.` };
    case "storage-reset":
      return { text: `Storage was reset: ${event.detail.reason}.` };
    case "ready":
    case "consent":
    case "stop":
    case "duplicate":
      return undefined;
  }
};
