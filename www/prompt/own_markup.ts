/** The site's own markup in a prompt: it stands in the document, where the page's styles reach it. */

import { attributeNames } from "../page/walk.js";
import type { PromptAnswer } from "./prompt_loader.js";
import { addListener } from "../loader/record.js";

/** What an element answers, by its `data-tb-answer`. */
const OUTCOMES = new Map([
  ["accept", "accepted"],
  ["decline", "declined"],
  ["dismiss", "dismissed"],
] as const);

type Answer = typeof OUTCOMES extends Map<infer Key, unknown> ? Key : never;

/** The first answer that must be there and is not. Saying no is as easy as saying yes. */
export const missingAnswer = (host: Element): Answer | undefined =>
  (["accept", "decline"] as const).find((answer) => !host.querySelector(`[data-tb-answer="${answer}"]`));

/** The form that an element submits. */
const formOf = (element: Element): HTMLFormElement | null =>
  (element instanceof HTMLButtonElement || element instanceof HTMLInputElement) && /^(submit|image)$/.test(element.type)
    ? element.form
    : null;

/** Answers by what the visitor presses or sends in it. */
export const listenIn = (host: Element, answer: (given: PromptAnswer) => void): void => {
  addListener(host, "click", (event: Event) => {
    const pressed = (event.target as Element).closest("[data-tb-answer]");
    const outcome = OUTCOMES.get((pressed?.getAttribute("data-tb-answer") ?? "") as Answer);
    // What stands around the prompt in the page answers nothing.
    if (!pressed || !outcome || pressed == host || !host.contains(pressed)) return;
    if (formOf(pressed)) {
      // The form says yes when it is sent: by then the browser has judged it.
      if (outcome == "accepted") return;
      event.preventDefault();
    }
    answer({ outcome });
  });
  addListener(host, "submit", (event: Event) => {
    const form = event.target as HTMLFormElement;
    const fields = [...host.querySelectorAll<HTMLInputElement>("input[type=email i]")];
    const email = fields.find((field) => field.form == form)?.value;
    const given: PromptAnswer = email ? { email } : { outcome: "accepted" };
    // A form answers with its fields where it is asked for one of their names.
    if (attributeNames(form).includes("action") && !event.defaultPrevented) {
      // A form that is removed is not sent.
      setTimeout(() => answer(given));
    } else {
      event.preventDefault();
      answer(given);
    }
  });
};
