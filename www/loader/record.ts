/**
 * What the engine does on this page view, noted as it does it: listeners, keys of storage, requests. `audit()` reads
 * it. Counts of short texts, so that it costs next to nothing and holds no part of the page.
 */

/**
 * What was done to a key of a storage area; with `listed` the names of all keys were asked for, with `erased` another tab
 * has removed everything.
 */
export type Touch = "read" | "written" | "removed" | "listed" | "erased";

export type StorageArea = "localStorage" | "sessionStorage";

/** The lazy chunks have copies of this module: they share one record. */
const KEY = Symbol.for("tailorbird.record");

/** More different notes than this are not kept; a page view has some dozens. */
const MOST = 1_000;

type Counts = Map<string, number>;

const find = (): Counts => {
  try {
    return ((globalThis as { [KEY]?: Counts | undefined })[KEY] ??= new Map<string, number>());
  } catch {
    return new Map(); // a global object that was frozen
  }
};

/** How often each note was made: its words with spaces between them. */
export const record = find();

const note = (...words: readonly string[]): void => {
  const what = words.join(" ");
  const count = record.get(what) ?? 0;
  if (count || record.size < MOST) record.set(what, count + 1);
};

/** Notes that a listener was added. */
export const listened = (target: EventTarget, type: string): void =>
  note("listener", Object.prototype.toString.call(target).slice(8, -1), type);

/** Notes what was done to a key of storage. */
export const touched = (how: Touch, area: StorageArea, key: string): void => note(how, area, key);

/** Notes that a file of ours is requested, by its address or its name. */
export const requested = (address: string | URL): void => note("request", String(address));

/** Notes that a slot was left to the page, which kept restoring its own content. */
export const conceded = (slot: string): void => note("conflict", slot);

/** Notes why a variant is not shown in a slot. */
export const refused = (slot: string, variant: string, reason: string): void => note("refused", slot, variant, reason);

/** `target.addEventListener`, noted. What kind of event the listener gets is the caller's to know. */
export const addListener = (
  target: EventTarget,
  type: string,
  listener: (event: never) => void,
  options?: AddEventListenerOptions,
): void => {
  target.addEventListener(type, listener as EventListener, options);
  listened(target, type);
};
