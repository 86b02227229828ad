/**
 * An engine for as long as somebody needs it. One that was given, or promised, is left running
 * afterwards; one that was started for the purpose is stopped, unless somebody has joined it.
 */

import { hear, newStage } from "../browser/announce.js";
import { start } from "./index.js";
import type { StartOptions, Tailorbird, TailorbirdEvents } from "./types.js";

export interface Lease {
  /** The engine; or it rejects with the reason why there will be none. */
  readonly engine: Promise<Tailorbird>;
  /** Ends it, also of an engine that is still to come. */
  end(): void;
}

/** `unavailable` is called, with the reason, whenever an engine of this page is announced to be. */
export const lease = (
  given: Tailorbird | PromiseLike<Tailorbird> | StartOptions,
  unavailable: (reason: string) => void,
): Lease => {
  const own = !("available" in given || "then" in given);
  const stage = newStage();
  let joined = !own;
  let why = "the engine is not available";
  const heard = ({ reason }: TailorbirdEvents["unavailable"]): void => unavailable((why = reason));
  const offs = [
    hear(stage, "unavailable", heard),
    // Said when another start joins ours, and when ours joins another.
    hear(stage, "duplicate", () => {
      joined = true;
    }),
  ];
  const engine = Promise.resolve(own ? start(given) : given).then(engine => {
    if (!engine.available) throw new Error(why);
    offs.push(engine.on("unavailable", heard));
    return engine;
  });
  return {
    engine,
    end: () => {
      const leave = (engine?: Tailorbird | void): void => {
        for (const off of offs) off();
        if (!joined) engine?.stop();
      };
      engine.catch(() => {}).then(leave);
    },
  };
};
