/**
 * The sandbox that Visitor and Time work on: a copy of the engine in memory, made when it is first needed. What is done in
 * it reaches neither the page nor what is stored.
 */

import type { Access, GuardedSandbox, Inspection } from "./access.js";

export interface Scenario {
  /** What was done in it, in order, in words. */
  readonly steps: readonly string[];
  /** `undefined` where there is no sandbox. */
  inspect(): Inspection | undefined;
  /** Begins anew: with a copy of the visitor, or with somebody of whom nothing is known. */
  begin(profile: "copy" | "empty"): void;
  /** Does something in it, and notes what; where there is none, with a copy. */
  run(step: string, work: (sandbox: GuardedSandbox) => void): void;
  /** Drops it. */
  end(): void;
}

export const createScenario = (access: Access): Scenario => {
  let sandbox: GuardedSandbox | undefined;
  let steps: string[] = [];
  const end = (): void => {
    sandbox?.free();
    sandbox = undefined;
    steps = [];
  };
  const begin = (profile: "copy" | "empty"): void => {
    end();
    sandbox = access.sandbox(profile);
  };
  return {
    get steps() {
      return steps;
    },
    inspect: () => {
      const found = sandbox?.inspect();
      // The engine that it was copied of has gone.
      if (sandbox && !found) end();
      return found;
    },
    begin,
    run: (step, work) => {
      if (!sandbox) begin("copy");
      if (!sandbox) return;
      work(sandbox);
      steps.push(step);
    },
    end,
  };
};
