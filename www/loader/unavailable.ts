/** What becomes of a start that failed: said once, quietly, and nothing else happens. */

import { announce } from "../browser/announce.js";
import { inert } from "./inert.js";
import type { Tailorbird } from "./types.js";

export const unavailable = (reason: unknown, handOut?: (tailorbird: Tailorbird) => void): Tailorbird => {
  const tailorbird = inert();
  handOut?.(tailorbird);
  announce("unavailable", { reason: reason instanceof Error ? reason.message : String(reason) });
  return tailorbird;
};
