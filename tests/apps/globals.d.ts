import type { Tailorbird } from "../../www/loader/types.js";

declare global {
  interface Window {
    /** What the page has seen: see `visit.mjs`. */
    log: { readonly events: [name: string, detail: unknown][]; readonly frames: string[]; readonly late: string[] };
    /** The engine of the app, for the test. */
    engine?: Tailorbird;
  }
}
