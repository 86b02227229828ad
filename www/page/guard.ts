/**
 * The guard around the engine. Every entry into wasm passes it: calls of the site, listeners,
 * timers, observers and promises.
 *
 * An exception inside, a trap of wasm or something thrown by the page's own objects, ends the engine:
 * the page is restored from records that live in script, every listener is removed by one
 * `AbortSignal`, and `fail` reports it once. After that every entry does nothing. Nothing is ever
 * thrown at the page.
 */

import { isEngineError } from "./boundary.js";

export interface Guard {
  /** `entry` behind the guard. Where it cannot run, or fails, the caller gets the result of `otherwise`. */
  wrap<Args extends unknown[], Result>(
    entry: (...args: Args) => Result,
    otherwise: (...args: Args) => Result,
  ): (...args: Args) => Result;
  /** `entry` behind the guard, for what returns nothing: listeners, timers, observers. */
  run<Args extends unknown[]>(entry: (...args: Args) => void): (...args: Args) => void;
  /** Calls `undo` when the engine ends, in the order of registration. */
  onEnd(undo: () => void): void;
  /** Calls `work`, which must not throw, once no entry is on the stack any more. */
  whenIdle(work: () => void): void;
  /** Ends the engine because of an exception that was caught elsewhere. */
  fail(reason: unknown): void;
  /** Ends the engine without a failure. Returns whether it was still running. */
  end(): boolean;
  /** Aborted at the end. */
  readonly signal: AbortSignal;
}

const noop = (): void => {};

/** `failed` is called once, when everything is undone, and only where the engine ends by an exception. */
export const createGuard = (failed: (reason: unknown) => void): Guard => {
  const controller = new AbortController();
  const { signal } = controller;
  const undos: (() => void)[] = [];
  const idle: (() => void)[] = [];
  let ended = false;
  /** Entries on the stack: a listener of the page may call the engine while the engine dispatches to it. */
  let depth = 0;

  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    for (const undo of undos.splice(0)) {
      try {
        undo();
      } catch {
        // One thing that cannot be undone must not keep the others from being undone.
      }
    }
    controller.abort();
    return true;
  };

  const fail = (reason: unknown): void => {
    if (end()) failed(reason);
  };

  const leave = (): void => {
    depth--;
    while (!depth && idle.length) {
      idle.shift()?.();
    }
  };

  const wrap: Guard["wrap"] =
    (entry, otherwise) =>
    (...args) => {
      if (!ended) {
        depth++;
        try {
          return entry(...args);
        } catch (reason) {
          // An error the engine throws on purpose says something about the call, not about the engine.
          if (!isEngineError(reason)) fail(reason);
        } finally {
          leave();
        }
      }
      return otherwise(...args);
    };

  return {
    wrap,
    run: (entry) => wrap(entry, noop),
    onEnd: (undo) => {
      undos.push(undo);
    },
    whenIdle: (work) => {
      idle.push(work);
      if (!depth) {
        depth++;
        leave();
      }
    },
    fail,
    end,
    signal,
  };
};
