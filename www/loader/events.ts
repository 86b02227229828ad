/** DOM events named `tailorbird:...`: the names, dispatching and listening. The engine dispatches most of them. */

import type { TailorbirdEvents } from "./types.js";

export type EventNames = keyof TailorbirdEvents;

const NAMES: { readonly [Name in EventNames]: true } = {
  ready: true,
  decision: true,
  impression: true,
  "exit-intent": true,
  segment: true,
  prompt: true,
  consent: true,
  unavailable: true,
  conflict: true,
  duplicate: true,
  "storage-reset": true,
};

export const EVENT_NAMES = Object.keys(NAMES) as EventNames[];

const typeOf = (name: EventNames): string => `tailorbird:${name}`;

/** Where events of the page go. In Node each engine has a target of its own, so that engines do not hear each other. */
export const createEventTarget = (): EventTarget => (typeof document == "undefined" ? new EventTarget() : document);

/** `target` is missing where there is no document and no engine either: then nobody can listen. */
export const dispatch = <Name extends EventNames>(
  name: Name,
  detail: TailorbirdEvents[Name],
  target = globalThis.document as EventTarget | undefined,
): void => {
  target?.dispatchEvent(new CustomEvent(typeOf(name), { detail }));
};

/** Listens to one kind of event until the returned function is called. */
export const listen = <Name extends EventNames>(
  target: EventTarget,
  name: Name,
  listener: (detail: TailorbirdEvents[Name]) => void,
): (() => void) => {
  const heard = (event: Event): void => listener((event as CustomEvent<TailorbirdEvents[Name]>).detail);
  target.addEventListener(typeOf(name), heard);
  return () => target.removeEventListener(typeOf(name), heard);
};
