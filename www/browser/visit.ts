/**
 * The conversation with the core during one page view, and the one guard around it.
 *
 * Whatever is thrown inside, by wasm or by the page's own objects, retires the visit: the page is
 * put back, everything is disconnected, `tailorbird:unavailable` is announced once, and from then
 * on nothing happens any more. Nothing is ever thrown at the page.
 */

import { announce } from "./announce.js";
import type { Effect, Engine, Signal } from "./boundary.js";

export interface Visit {
  /** Tells the core. What it wants done is done before this returns, unless it is being done already. */
  send(signal: Signal, now?: number): void;
  /** `work` behind the guard; where it cannot be done, `otherwise`. */
  safely<Given extends unknown[], Answer>(
    work: (...given: Given) => Answer,
    otherwise: (...given: Given) => Answer,
  ): (...given: Given) => Answer;
  /** `work` behind the guard, for what has no answer: listeners, timers, promises. */
  guarded<Given extends unknown[]>(work: (...given: Given) => void): (...given: Given) => void;
  /** Listens until the end, passively and before the page can stop the event. */
  listen<E extends Event>(target: EventTarget, types: string, heard: (event: E) => void): void;
  /** Done when the visit ends. */
  atEnd(undo: () => void): void;
  /** Ends the visit; whether it was still going on. */
  end(): boolean;
  /** Aborted at the end. */
  ended: AbortSignal;
}

const nothing = (): void => {};

export const visit = (
  engine: Engine,
  apply: (effect: Effect) => void,
  stage: EventTarget,
  debug: boolean | undefined,
): Visit => {
  const ending = new AbortController();
  const ended = ending.signal;
  const undos: (() => void)[] = [];
  const heard: [Signal, number][] = [];
  let busy = false;

  const end = (): boolean => {
    if (ended.aborted) return false;
    ending.abort();
    for (const undo of undos) {
      try {
        undo();
      } catch {
        // One thing that cannot be undone must not keep the others.
      }
    }
    return true;
  };

  const safely: Visit["safely"] = (work, otherwise) => (...given) => {
    if (!ended.aborted) {
      try {
        return work(...given);
      } catch (reason) {
        if (debug) console.error("tailorbird", reason);
        if (end()) announce("unavailable", { reason: String(reason) }, stage);
      }
    }
    return otherwise(...given);
  };
  const guarded: Visit["guarded"] = work => safely(work, nothing);

  return {
    // A listener of the page may answer an announcement by telling the engine more. That waits
    // until what the core wants now is done, so that effects keep their order.
    send: guarded((signal, now = Date.now()) => {
      heard.push([signal, now]);
      if (busy) return;
      busy = true;
      try {
        for (let next; !ended.aborted && (next = heard.shift()); ) {
          const effects = engine.receive(...next);
          if (debug) console.debug("tailorbird", next[0], effects);
          effects.forEach(apply);
        }
      } finally {
        busy = false;
      }
    }),
    safely,
    guarded,
    listen: <E extends Event>(target: EventTarget, types: string, heard: (event: E) => void) => {
      const listener = guarded(heard) as (event: Event) => void;
      for (const type of types.split(" ")) {
        target.addEventListener(type, listener, { capture: true, passive: true, signal: ended });
      }
    },
    atEnd: undo => {
      undos.push(undo);
    },
    end,
    ended,
  };
};
