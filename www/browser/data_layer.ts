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

/** Hears the layer of that name. Call the answer again wherever the site may have replaced the array. */
export const dataLayer = ({ send, guarded, atEnd }: Visit, name: string): (() => void) => {
  const known = new WeakSet<object>();
  let layer: unknown;
  const hear = guarded((entry: unknown) => {
    if (typeof entry != "object" || !entry) return;
    known.add(entry);
    const copy = plain(entry);
    if (copy) send({ signal: "dataLayer", entry: copy });
  });

  return guarded(() => {
    const found = (window as unknown as { [name: string]: unknown })[name];
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
};
