/** The log beside the page: what the visitor did and what the engine made of it, with the visitor's clock. */

import type { Sentence } from "./event_sentences.js";

/** Who an entry is about; its look says so too. */
export type Kind = "visitor" | "engine" | "warning";

export interface Log {
  add(kind: Kind, sentence: Sentence, atMs: number): void;
  clear(): void;
}

/** The oldest entries are removed beyond this. */
const MOST = 200;

const clock = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** `box` holds an `<ol>` and scrolls; the last entry is kept in view. */
export const createLog = (box: HTMLElement, list: HTMLOListElement): Log => ({
  add: (kind, { text, reasons = [] }, atMs) => {
    const entry = document.createElement("li");
    entry.className = kind;
    const time = document.createElement("time");
    time.dateTime = new Date(atMs).toISOString();
    time.textContent = clock.format(atMs);
    const said = document.createElement("span");
    said.textContent = text;
    entry.append(time, said);
    if (reasons.length) {
      const because = document.createElement("ul");
      for (const reason of reasons) {
        const line = document.createElement("li");
        line.textContent = reason;
        because.append(line);
      }
      entry.append(because);
    }
    list.append(entry);
    while (list.children.length > MOST) list.firstElementChild?.remove();
    box.scrollTop = box.scrollHeight;
  },
  clear: () => list.replaceChildren(),
});
