/**
 * Where consent comes from besides the site's own word: consent tools of the page, where the site listens to them, and
 * what the browser says to every site. Consent Mode is read by the engine, in the data layer.
 *
 * What is known at the start is stated together, before anything is read of the device: of a yes and a no the no counts.
 */

import type { Statement } from "../page/boundary.js";
import { ownProperty } from "../loader/plain.js";
import { browserWishes } from "./browser.js";
import { cookiebot } from "./cookiebot.js";
import { cookieConsent } from "./cookieconsent.js";
import { gpp } from "./gpp.js";
import { oneTrust } from "./onetrust.js";
import type { Answer, Categories, Source, SourceName } from "./statement.js";
import { tcf } from "./tcf.js";
import { addListener } from "../loader/record.js";

const SOURCES: readonly (readonly [SourceName, Source])[] = [
  ["cookieconsent", cookieConsent],
  ["onetrust", oneTrust],
  ["cookiebot", cookiebot],
  ["tcf", tcf],
  ["gpp", gpp],
];

const categoriesOf = (config: unknown): Categories => {
  const categories = ownProperty(ownProperty(config, "privacy"), "categories");
  const named = (purpose: string): string | undefined => {
    const name = ownProperty(categories, purpose);
    return typeof name == "string" ? name : undefined;
  };
  return { personalize: named("personalize"), measure: named("measure") };
};

/** What is known now; what is stated later goes to `later`, as long as `signal` is not aborted. */
export const listenToSources = (
  config: unknown,
  listensToTools: boolean,
  signal: AbortSignal,
  later: (statement: Statement) => void,
): Statement[] => {
  const known: Statement[] = [];
  let isStarted = false;
  const state = (source: SourceName, answer: Answer): void => {
    if (signal.aborted) return;
    if (isStarted) later({ ...answer, source });
    else known.push({ ...answer, source });
  };
  for (const [source, answer] of browserWishes()) state(source, answer);
  if (listensToTools && typeof document != "undefined") {
    const categories = categoriesOf(config);
    let missing = SOURCES;
    const attempt = (work: () => boolean): boolean => {
      try {
        return work();
      } catch {
        return true; // a tool that is not what it claims to be
      }
    };
    const look = (): void => {
      missing = missing.filter(([name, source]) => {
        const on = (type: string, listener: (event: Event) => void): void =>
          addListener(window, type, (event) => void attempt(() => (listener(event), true)), { signal });
        const context = { state: (answer: Answer) => state(name, answer), categories, on };
        return !attempt(() => source(context));
      });
    };
    look();
    addListener(document, "DOMContentLoaded", look, { signal });
    addListener(window, "load", look, { signal });
  }
  isStarted = true;
  return known;
};
