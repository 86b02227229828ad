/**
 * An engine for as long as somebody needs it. One that was given, or promised, keeps running
 * afterwards; one that was started for the purpose is stopped, unless another start has joined it.
 */

import { createEventTarget, listen } from "../loader/events.js";
import { start } from "../loader/index.js";
import type { StartOptions, Tailorbird, TailorbirdEvents } from "../loader/types.js";

export interface EngineLease {
  /** The engine; rejects with the reason where there will be none. */
  readonly engine: Promise<Tailorbird>;
  /** Ends the lease, also of an engine that is still to come. */
  end(): void;
}

/** `onUnavailable` is called, with the reason, whenever an engine of this page becomes unavailable. */
export const leaseEngine = (
  given: Tailorbird | PromiseLike<Tailorbird> | StartOptions,
  onUnavailable: (reason: string) => void,
): EngineLease => {
  const isOwn = !("available" in given || "then" in given);
  const target = createEventTarget();
  let isShared = !isOwn;
  let problem = "the engine is not available";
  const becameUnavailable = ({ reason }: TailorbirdEvents["unavailable"]): void => {
    problem = reason;
    onUnavailable(reason);
  };
  const subscriptions = [
    listen(target, "unavailable", becameUnavailable),
    // Dispatched when another start joins ours, and when ours joins another.
    listen(target, "duplicate", () => {
      isShared = true;
    }),
  ];
  const engine = Promise.resolve(isOwn ? start(given) : given).then((engine) => {
    if (!engine.available) throw new Error(problem);
    // In Node each engine has an event target of its own.
    if (typeof document == "undefined") subscriptions.push(engine.on("unavailable", becameUnavailable));
    return engine;
  });
  return {
    engine,
    end: () => {
      const release = (engine?: Tailorbird): void => {
        for (const off of subscriptions) off();
        if (!isShared) engine?.stop();
      };
      engine.then(release, () => release());
    },
  };
};

/** The engine that was started from options, with how many hold it. */
let shared: { readonly lease: EngineLease; holders: number } | undefined;

/**
 * One engine for everybody on the page who starts from options: those of the first count, as with `start()`. It is
 * stopped when the last holder ends its lease.
 */
export const shareEngine = (options: StartOptions): EngineLease => {
  const mine = (shared ??= { lease: leaseEngine(options, () => {}), holders: 0 });
  const leave = (): void => {
    if (shared == mine) shared = undefined;
  };
  mine.holders++;
  // The next one may have a better config.
  mine.lease.engine.catch(leave);
  let ended = false;
  return {
    engine: mine.lease.engine,
    end: () => {
      if (ended) return;
      ended = true;
      if (--mine.holders) return;
      leave();
      mine.lease.end();
    },
  };
};
