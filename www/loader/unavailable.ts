/** A start that failed: announced once, quietly, and nothing else happens. */

import { dispatch } from "./events.js";
import { createInert } from "./inert.js";
import type { Tailorbird } from "./types.js";

export const messageOf = (reason: unknown): string => {
  try {
    return String(reason instanceof Error ? reason.message : reason);
  } catch {
    return "unknown"; // an object of the page's without a text
  }
};

/** `onCreated` hands out the object before it is announced. */
export const unavailable = (reason: unknown, onCreated?: (tailorbird: Tailorbird) => void): Tailorbird => {
  const tailorbird = createInert();
  onCreated?.(tailorbird);
  dispatch("unavailable", { reason: messageOf(reason) });
  return tailorbird;
};
