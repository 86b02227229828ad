/** What is wrong, what is withheld and why, the consent in effect, what is stored and what was requested. */

import { make } from "../../panel/parts.js";
import { touched } from "../../loader/record.js";
import type { Audit } from "../../loader/types.js";
import type { Inspector, Pane } from "../inspector.js";
import { findingRow, orNone, part } from "../parts.js";
import { row, update } from "../rows.js";

const purpose = (allowed: boolean | "session" | null): string =>
  allowed === null ? "not stated" : allowed === "session" ? "for this session" : allowed ? "yes" : "no";

/** Whose answer decided, in words; a consent tool by its name. */
const SOURCES: { readonly [source: string]: string } = {
  site: "the site: its script tag, or consent()",
  "consent-mode": "Consent Mode in the data layer",
  "global-privacy-control": "the browser, by Global Privacy Control",
  "do-not-track": "the browser, by Do Not Track",
  "child-directed": "the config: the site is directed at children",
  "other-tab": "the visitor, in another tab",
};

/** By key, what was measured, and after how many times that it was written. */
const measured = new Map<string, { readonly written: number; readonly length: number }>();

/** How many characters stand under a key of ours that the engine has read or written. */
const lengthOf = ({ area, key, written }: Audit["storage"][number]): number => {
  const known = measured.get(`${area} ${key}`);
  if (known?.written == written) return known.length;
  let length = 0;
  try {
    const name = area == "localStorage" ? "localStorage" : "sessionStorage";
    length = window[name].getItem(key)?.length ?? 0;
    touched("read", name, key);
  } catch {
    // Storage is blocked.
  }
  measured.set(`${area} ${key}`, { written, length });
  return length;
};

const storageRow = (touches: Audit["storage"][number]): HTMLElement => {
  const { area, key, read, written, removed } = touches;
  const length = read || written ? lengthOf(touches) : 0;
  const how = (
    [
      ["read", read],
      ["written", written],
      ["removed", removed],
    ] as const
  )
    .filter(([, times]) => times)
    .map(([done, times]) => `${done} ${times} ×`);
  // Browsers keep two bytes for a character.
  const size = length ? `${(2 * length).toLocaleString("en")} bytes, ` : "nothing now, ";
  return row(
    "li",
    `${area} ${key}`,
    "fact",
    make("code", "", key),
    ` in ${area}: ${size}${how.join(", ") || "listed"}`,
  );
};

const requestRow = ({ address, count, bytes }: Audit["requests"][number]): HTMLElement => {
  const size = bytes === null ? "" : bytes ? `, ${bytes.toLocaleString("en")} bytes` : ", from the cache";
  return row("li", address, "fact", make("code", "", address), `${count > 1 ? ` ${count} ×` : ""}${size}`);
};

export const createHealth = (inspector: Inspector): Pane => {
  const { access } = inspector;
  const mistakes = make("ul", "findings");
  const withheld = make("ul", "findings");
  const consent = make("ul", "facts");
  const storage = make("ul", "facts");
  const requests = make("ul", "facts");
  return {
    element: make(
      "div",
      "pane",
      part("To correct", mistakes),
      part("Withheld, as it is meant to be", withheld),
      part("Consent in effect", consent),
      part("Storage used on this page", storage),
      part("Requests, of its own files only", requests),
    ),
    refresh: ({ live, findings }) => {
      const [wrong, meant] = [true, false].map((is) => findings.filter(({ isMistake }) => isMistake == is));
      update(
        mistakes,
        orNone(
          (wrong ?? []).map((one) => findingRow(one, true)),
          "Nothing is wrong.",
        ),
      );
      update(
        withheld,
        orNone(
          (meant ?? []).map((one) => findingRow(one, true)),
          "Nothing is withheld.",
        ),
      );
      const { personalize, measure, source } = live.consent;
      update(consent, [
        row("li", "personalize", "fact", `To personalize: ${purpose(personalize)}.`),
        row("li", "measure", "fact", `To measure: ${purpose(measure)}.`),
        row("li", "source", "fact", `Decided by ${SOURCES[source] ?? source}.`),
      ]);
      void access.audit().then((audit) => {
        update(storage, orNone((audit?.storage ?? []).filter(({ key }) => key != "*").map(storageRow), "Nothing."));
        update(requests, orNone((audit?.requests ?? []).map(requestRow), "None."));
      });
    },
  };
};
