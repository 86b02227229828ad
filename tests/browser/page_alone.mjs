// The part of the engine that writes to the page, without the part that decides: a test says itself what is to be
// shown, also what no config may say.
import { build } from "esbuild";
import { ROOT } from "./rig/site.mjs";

/**
 * @typedef {{ slot: string, variant: string, changes: readonly unknown[] | null }} Wanted
 * @typedef {{ show(wanted: Wanted): void, revert(slot: string): void, reports: { [slot: string]: string }, failed: string | null }} PageAlone
 */

/** Placeholders as simple as they can be: `{{ name }}`. */
const SCRIPT = `
  import {createGuard} from "./www/page/guard.ts";
  import {createSlots} from "./www/page/slots.ts";
  window.pageAlone = (ids, values, debug = false) => {
    const page = {reports: {}, failed: null};
    const guard = createGuard((reason) => (page.failed = String(reason?.stack ?? reason)));
    const nothing = () => {};
    const fill = (texts, item) => texts.map((text) => {
      const known = {...values, ...item};
      const names = [...text.matchAll(/\\{\\{\\s*(\\w+)\\s*\\}\\}/g)].map(([, name]) => name);
      if (names.some((name) => !Object.hasOwn(known, name))) return undefined;
      return text.replace(/\\{\\{\\s*(\\w+)\\s*\\}\\}/g, (_, name) => known[name]);
    });
    const engine = {
      fingerprint: () => "",
      fill,
      fingerprint: () => "",
      slotApplied: (slot) => (page.reports[slot] = "applied"),
      slotNotApplied: (slot, variant, reason) => (page.reports[slot] = reason),
      slotsPresent: nothing, watch: nothing, unwatch: nothing, resetImpression: nothing,
    };
    const slots = createSlots(engine, ids.map((id) => ({id})), guard, debug);
    slots.begin();
    return Object.assign(page, {
      show: (wanted) => guard.run(() => slots.show(wanted))(),
      revert: (slot) => guard.run(() => slots.revert(slot))(),
    });
  };`;

/** @type {Promise<string> | undefined} */
let bundle;

/** The script, for a site's files: it makes `window.pageAlone(ids, values, debug)`. */
export const pageAloneScript = () =>
  (bundle ??= build({
    stdin: { contents: SCRIPT, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    format: "iife",
    write: false,
    target: "es2022",
    logLevel: "silent",
  }).then(({ outputFiles: [file] }) => file?.text ?? ""));
