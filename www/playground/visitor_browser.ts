/** Makes the frame's document that of a made-up visitor's browser: its clock, languages, random bytes and referrer. */

import type { FrameScene } from "./frame_access.js";

/** The random bytes over and over. */
const fixRandom = (seed: readonly number[]): void => {
  crypto.getRandomValues = <Given extends ArrayBufferView>(given: Given): Given => {
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    for (let at = 0; at < bytes.length; at++) bytes[at] = seed[at % seed.length]!;
    return given;
  };
};

const set = ({ language, timeZone }: FrameScene["browser"]): void => {
  if (language) {
    Object.defineProperty(navigator, "language", { value: language });
    Object.defineProperty(navigator, "languages", { value: [language] });
  }
  if (timeZone) {
    const resolved = Intl.DateTimeFormat.prototype.resolvedOptions;
    Intl.DateTimeFormat.prototype.resolvedOptions = function () {
      return { ...resolved.call(this), timeZone };
    };
  }
};

/** Returns what moves the clock on, by milliseconds. */
export const becomeVisitor = ({ aheadMs, address, referrer, browser, seed }: FrameScene): ((ms: number) => void) => {
  const real = Date.now.bind(Date);
  let ahead = aheadMs;
  Date.now = () => real() + ahead;
  history.replaceState(null, "", address);
  Object.defineProperty(document, "referrer", { value: referrer });
  // The visitor's window is in front, while the user's focus is on a button beside it.
  document.hasFocus = () => true;
  set(browser);
  if (seed?.length) fixRandom(seed);
  return (ms) => {
    ahead += ms;
  };
};
