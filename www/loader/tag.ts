/** The script tag: one file, its options in `data-` attributes, `window.tailorbird` before and after. */

import type { PromptFile } from "../browser/ask.js";
import type { CheckFile } from "../browser/check.js";
import type { TransferFile } from "../browser/move.js";
import type { CountryFile } from "../browser/place.js";
import { complete } from "../browser/slots.js";
import { parse, read } from "./config.js";
import { unpack } from "./packed.js";
import { begin } from "./start.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { compile } from "./wasm.js";

const script = document.currentScript as HTMLScriptElement | null;
const { config, consent, layer, wait, namespace, debug } = script?.dataset ?? {};

/** The config that stands in the page itself, which may still be on its way when we run. */
const inline = (): unknown => {
  const element = document.querySelector("script#tailorbird-config");
  if (element && complete(element)) return parse(element.textContent ?? "");
  if (document.readyState != "loading") return read(undefined);
  return new Promise(resolve => document.addEventListener("DOMContentLoaded", resolve, { once: true })).then(inline);
};

const handOut = (tailorbird: Tailorbird): void => {
  const queue = window.tailorbird;
  if (queue === tailorbird) return;
  window.tailorbird = tailorbird;
  if (!Array.isArray(queue)) return;
  // One by one: as arguments a very long queue would not fit on the stack.
  for (const command of queue) tailorbird.push(command);
  // For whoever still holds the queue.
  queue.push = (...commands: typeof queue) => {
    tailorbird.push(...commands);
    return 0;
  };
};

/** The second files lie beside this one. */
const beside = async <File>(name: string): Promise<File> =>
  import(new URL(`tailorbird-${name}.js`, script?.src || location.href).href);

// What is misspelt counts as not said.
const options = { consent, wait, dataLayer: layer, namespace, debug: debug !== undefined } as StartOptions;
const tailorbird = begin(options, {
  config: () => (config ? read(config) : inline()),
  core: () => compile(unpack),
  check: () => beside<CheckFile>("check"),
  prompt: () => beside<PromptFile>("prompt"),
  country: () => beside<CountryFile>("country"),
  transfer: () => beside<TransferFile>("transfer"),
  handOut,
});
// One that was joined has been handed out to others, if at all.
if (tailorbird instanceof Promise) void tailorbird.then(handOut);
else handOut(tailorbird);
