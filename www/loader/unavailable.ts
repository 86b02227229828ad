/** A start that failed: announced once, quietly, and nothing else happens. */

import { dispatch } from "./events.js";
import { createInert } from "./inert.js";
import type { Tailorbird } from "./types.js";

export const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** `onCreated` hands out the object before it is announced. */
export const unavailable = (reason: unknown, onCreated?: (tailorbird: Tailorbird) => void): Tailorbird => {
  const tailorbird = createInert();
  onCreated?.(tailorbird);
  dispatch("unavailable", { reason: messageOf(reason) });
  return tailorbird;
};
