/**
 * The site's data layer: what it pushes for others is heard here too.
 *
 * Only the array's own `push` is replaced, as tag managers do, in whichever order they come. The
 * one that was there is called first and its answer goes back; entries are copied, never changed.
 */

import { override } from "./override.js";
import { plain } from "./plain.js";
import type { Visit } from "./visit.js";

/** Of what was pushed before we came, so many of the first entries and of the last. */
const ENTRIES = 500;

export interface DataLayer {
  /** Hears what was pushed. Call it again wherever the site may have replaced the array. */
  hear(): void;
  /** Tells the others who listen. */
  push(entry: object): void;
}

/** The layer of that name. */
export const dataLayer = ({ send, guarded, atEnd }: Visit, name: string): DataLayer => {
  const known = new WeakSet<object>();
  let layer: unknown;
  let own: unknown;
  const page = window as unknown as { [name: string]: unknown };
  const hear = guarded((entry: unknown) => {
    if (typeof entry != "object" || !entry || entry == own) return;
    known.add(entry);
    const copy = plain(entry);
    if (copy) send({ signal: "dataLayer", entry: copy });
  });

  const hearAll = guarded(() => {
    const found = page[name];
    if (found === layer || !Array.isArray(found)) return;
    layer = found;
    const entries = found as unknown[];
    // A site that replaces the array may carry its entries over.
    const before = entries.filter(entry => !known.has(entry as object));
    atEnd(
      override(entries, "push", push => (...more) => {
        const length = push.apply(entries, more);
        if (layer === found) more.forEach(entry => hear(entry));
        return length;
      }),
    );
    before.forEach((entry, at) => (at < ENTRIES || at >= before.length - ENTRIES) && hear(entry));
  });

  return {
    hear: hearAll,
    push: entry => {
      own = entry;
      const layer = (page[name] ??= []);
      if (Array.isArray(layer)) layer.push(entry);
    },
  };
};
