/**
 * What the engine did on this page view, as a list to check and as tables in the console. A chunk of its own, loaded
 * when somebody asks.
 */

import { names } from "tailorbird:imports";
import { record } from "../loader/record.js";
import type { AuditModule } from "../loader/tailorbird.js";
import type { Audit } from "../loader/types.js";

/**
 * By what a name tells that a function sends or loads something. Names are those of the platform's methods, as
 * wasm-bindgen writes them.
 */
const NETWORK = new RegExp(
  [
    "fetch|xmlhttp|socket|beacon|eventsource|transport|worker|rtc|broadcast|image|importscripts",
    "cookie|indexeddb|caches",
    "request(?!idle|animation)",
  ].join("|"),
  "i",
);

/** The one request that sends nothing: of a Web Lock. */
const LOCKS = /^request(_with)?$/;

const importsOf = (module: WebAssembly.Module | undefined): Audit["imports"] =>
  (module ? WebAssembly.Module.imports(module) : []).map(({ name }) => {
    const does = names[Number(name.slice(1))] ?? name;
    return { name: does, network: NETWORK.test(does) && !LOCKS.test(does) };
  });

/** The notes that begin with this word, each as its other words and how often it was made. */
const notes = (kind: string): (readonly [words: string[], count: number])[] =>
  [...record].map(([note, count]) => [note.split(" "), count] as const).filter(([[first]]) => first == kind);

const storage = (): Audit["storage"] => {
  const keys = new Map<string, Audit["storage"][number]>();
  for (const how of ["listed", "read", "written", "removed"] as const) {
    for (const [[, area = "", key = ""], count] of notes(how)) {
      const known = keys.get(`${area} ${key}`) ?? { area, key, listed: 0, read: 0, written: 0, removed: 0 };
      keys.set(`${area} ${key}`, { ...known, [how]: count });
    }
  }
  return [...keys.values()];
};

/** How many bytes came over the network for an address, where the browser tells: 0 is from the cache. */
const bytesOf = (address: string): number | null => {
  const timings = typeof performance.getEntriesByType == "function" ? performance.getEntriesByType("resource") : [];
  const own = (timings as PerformanceResourceTiming[]).filter(({ name }) => name == address);
  return own.length ? own.reduce((sum, { transferSize }) => sum + transferSize, 0) : null;
};

const requests = (): Audit["requests"] =>
  notes("request").map(([[, address = ""], count]) => {
    const whole = typeof document == "undefined" ? address : new URL(address, document.baseURI).href;
    return { address: whole, count, bytes: bytesOf(whole) };
  });

export const audit: AuditModule["audit"] = (module, consent) => ({
  consent,
  imports: importsOf(module),
  storage: storage(),
  listeners: notes("listener").map(([[, target = "", type = ""], count]) => ({ target, type, count })),
  requests: requests(),
});

/** The same, as tables in the console. */
export const printAudit: AuditModule["printAudit"] = (module, consent) => {
  const found = audit(module, consent);
  const network = found.imports.filter((imported) => imported.network);
  const titles: readonly [string, readonly object[]][] = [
    [`consent in effect, by ${consent.source}`, [consent]],
    [`wasm: ${found.imports.length} imports, ${network.length} of the network`, network],
    ["keys of storage touched on this page view", found.storage],
    ["listeners added", found.listeners],
    ["requests of its own files", found.requests],
  ];
  for (const [title, rows] of titles) {
    console.log(`tailorbird: ${title}`);
    if (rows.length) console.table(rows);
  }
  return found;
};
