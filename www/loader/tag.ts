/** The script tag: one file, its options in `data-` attributes, `window.tailorbird` before and after. */

import { isParsed } from "../page/parsed.js";
import { findPanelWithout, type PanelModule } from "../panel/panel_loader.js";
import { parseConfig, readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { unpack } from "./packed.js";
import { ownProperty } from "./plain.js";
import { begin, registry } from "./start.js";
import type { Command, Tailorbird } from "./types.js";
import { unavailable } from "./unavailable.js";
import { nearest, warnOnce } from "./warn.js";
import { compile, compiled, renew } from "./wasm.js";
import { addListener, requested } from "./record.js";

/** Attributes of the tag, and the option of `start()` that each stands for. */
const OPTIONS = new Map([
  ["data-config", "config"],
  ["data-consent", "consent"],
  ["data-layer", "dataLayer"],
  ["data-wait", "wait"],
  ["data-namespace", "namespace"],
  ["data-debug", "debug"],
  ["data-inspect", "inspect"],
]);

/** Those of them that say something by being there. */
const FLAGS = ["debug", "inspect"];

/**
 * The tag itself. Asked of the prototype, because an element of the page that is named `currentScript`
 * hides the document's own property.
 */
const ownScript = (): HTMLScriptElement | undefined => {
  const getter = Object.getOwnPropertyDescriptor(Document.prototype, "currentScript")?.get;
  const script: unknown = getter?.call(document);
  if (script instanceof HTMLScriptElement) return script;
  warnOnce(
    'tailorbird.js cannot find its own <script> and its options: load it by a tag without type="module", not by import()',
  );
  return;
};

/** Where the lazy chunks are. Resolved while the tag runs: later a `<base>` may have changed what addresses mean. */
const folderOf = (script: HTMLScriptElement | undefined): string | undefined => {
  try {
    return script && new URL(".", script.src || location.href).href;
  } catch {
    return; // the script has no folder, as with a blob
  }
};

const optionsOf = (script: HTMLScriptElement | undefined): { [name: string]: unknown } => {
  const options: { [name: string]: unknown } = {};
  const names = script?.getAttributeNames() ?? [];
  for (const name of names) {
    const option = OPTIONS.get(name);
    if (option) options[option] = FLAGS.includes(option) || script?.getAttribute(name);
    // Other scripts, such as consent managers, have attributes of their own here.
    const meant = !option && name.startsWith("data-") && nearest(name, [...OPTIONS.keys()]);
    if (meant) warnOnce(`the script tag has an unknown attribute ${name}: did you mean ${meant}?`);
  }
  return options;
};

/** The config in the page itself, which may still be on its way when we run. */
const inlineConfig = (): unknown => {
  const element = document.querySelector("script#tailorbird-config");
  if (element && isParsed(element)) return parseConfig(element.textContent, "script#tailorbird-config");
  if (document.readyState != "loading") return readConfig(undefined);
  return new Promise((resolve) => addListener(document, "DOMContentLoaded", resolve, { once: true })).then(
    inlineConfig,
  );
};

/** How many commands wait where there is no engine. */
const WAITING = 1000;

/** Takes what the page has queued of consent out of the queue, in order: it counts before all else. */
const takeConsent = (): unknown[] => {
  const stated: unknown[] = [];
  try {
    const queue: unknown = window.tailorbird;
    if (!Array.isArray(queue)) return stated;
    for (let at = 0; at < queue.length; at++) {
      if (ownProperty(queue[at], "0") !== "consent") continue;
      stated.push(ownProperty(queue[at], "1"));
      queue.splice(at--, 1);
    }
  } catch {
    // A proxy of the page.
  }
  return stated;
};

/** Puts the object in the place of the queue and runs what was queued. */
const replaceQueue = (tailorbird: Tailorbird): void => {
  const before: unknown = window.tailorbird;
  if (before === tailorbird) return;
  // Some pages define it so that it cannot be written.
  if (!Reflect.set(window, "tailorbird", tailorbird)) {
    warnOnce("window.tailorbird cannot be set: another script has defined it");
  }
  const queue = Array.isArray(before) ? (before as Command[]) : (registry.queue ?? []);
  if (!tailorbird.available) {
    // A second tag may have a better config: what is queued waits for it.
    registry.queue = queue;
    tailorbird.push = (...commands) => {
      for (let at = 0; at < commands.length && queue.length < WAITING; at++) queue.push(commands[at]!);
    };
    return;
  }
  registry.queue = undefined;
  // One by one: as arguments a very long queue would not fit on the stack.
  for (let at = 0; at < queue.length; at++) tailorbird.push(queue[at]!);
  // For whoever still has the queue.
  Reflect.set(queue, "push", (...commands: Command[]) => {
    tailorbird.push(...commands);
    return 0;
  });
};

const handOut = (tailorbird: Tailorbird): void => {
  try {
    replaceQueue(tailorbird);
  } catch {
    // A setter or a proxy of the page.
  }
};

try {
  const script = ownScript();
  if (script?.src) requested(script.src);
  const folder = folderOf(script);
  const chunk = async <Module>(name: string): Promise<Module> => {
    if (!folder) throw new Error("the folder of tailorbird.js is unknown");
    requested(`${folder}tailorbird-${name}.js`);
    return import(`${folder}tailorbird-${name}.js`) as Promise<Module>;
  };
  const privacy = (): Promise<PanelModule> => chunk("privacy");
  const settings = readOptions(optionsOf(script), (name) => `data-${name}`);
  const tailorbird = begin(settings, {
    config: () => (settings.config ? readConfig(settings.config) : inlineConfig()),
    engine: () => compile(unpack),
    renew,
    compiled,
    prompt: () => chunk("prompt"),
    country: () => chunk("country"),
    transfer: () => chunk("transfer"),
    recommend: () => chunk("recommend"),
    preview: () => chunk("preview"),
    privacy,
    audit: () => chunk("audit"),
    inspector: () => chunk("inspector"),
    queued: takeConsent,
    onCreated: handOut,
  });
  // A start that was joined has been handed out to others, if at all.
  void tailorbird.then(handOut);
  findPanelWithout(tailorbird, privacy);
} catch (reason) {
  // A page whose built-in objects are broken must not hear of us either.
  unavailable(reason);
}
