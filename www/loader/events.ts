/**
 * DOM events named `tailorbird:...`: the names, dispatching and listening. The engine dispatches most of them.
 *
 * Nothing here throws: a page may have removed or broken `CustomEvent` or the methods of `EventTarget`.
 */

import type { TailorbirdEvents } from "./types.js";
import { addListener } from "./record.js";

export type EventNames = keyof TailorbirdEvents;

export const EVENT_NAMES = [
  "ready",
  "decision",
  "impression",
  "exit-intent",
  "segment",
  "prompt",
  "submit",
  "consent",
  "unavailable",
  "stop",
  "conflict",
  "duplicate",
  "storage-reset",
] as const satisfies readonly EventNames[];

const typeOf = (name: EventNames): string => `tailorbird:${name}`;

/** Where events of the page go. In Node each engine has a target of its own, so that engines do not hear each other. */
export const createEventTarget = (): EventTarget => (typeof document == "undefined" ? new EventTarget() : document);

const attempt = (work: () => void): void => {
  try {
    work();
  } catch {
    // Nobody can be told.
  }
};

/** `target` is missing where there is no document and no engine either: then nobody can listen. */
export const dispatch = <Name extends EventNames>(
  name: Name,
  detail: TailorbirdEvents[Name],
  target = globalThis.document as EventTarget | undefined,
): void => attempt(() => target?.dispatchEvent(new CustomEvent(typeOf(name), { detail })));

/** Listens to one kind of event until the returned function is called. */
export const listen = <Name extends EventNames>(
  target: EventTarget,
  name: Name,
  listener: (detail: TailorbirdEvents[Name]) => void,
): (() => void) => {
  const heard = (event: Event): void => listener((event as CustomEvent<TailorbirdEvents[Name]>).detail);
  attempt(() => addListener(target, typeOf(name), heard));
  return () => attempt(() => target.removeEventListener(typeOf(name), heard));
};
