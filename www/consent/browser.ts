/** What the browser says to every site: Global Privacy Control (https://w3c.github.io/gpc/) and Do Not Track. */

import type { Answer, SourceName } from "./statement.js";

declare global {
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}

const NO: Answer = { personalize: false, measure: false };

/** The wishes that this visitor's browser sends. In Node it sends none. */
export const browserWishes = (): readonly [source: SourceName, answer: Answer][] => {
  const wishes: [SourceName, Answer][] = [];
  if (typeof document == "undefined") return wishes;
  if (navigator.globalPrivacyControl === true) wishes.push(["global-privacy-control", NO]);
  if (navigator.doNotTrack === "1") wishes.push(["do-not-track", NO]);
  return wishes;
};
