/**
 * Has pages loaded ahead, once the page itself has loaded. Which ones, and how, is in the chunk of the site model:
 * `speculation.ts`.
 */

import type { Engine, EngineHost, SpeculationRequest } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import type { AskModel } from "./site_model.js";
import { addListener } from "../loader/record.js";

/** Whether the visitor has told the browser to save data. Firefox and Safari know neither of the two. */
const savesData = (): boolean => {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
};

export const createSpeculation = (
  engine: Pick<Engine, "itemAddresses">,
  guard: Guard,
  ask: AskModel,
): EngineHost["speculate"] => {
  const addressesOf = guard.wrap(
    (ids: string[]) => engine.itemAddresses(ids),
    () => [],
  );
  /** The request that counts: what was asked for before it is taken back, or does not begin. */
  let current: SpeculationRequest | undefined;
  let takeBack: (() => void) | undefined;

  const end = (): void => {
    current = undefined;
    takeBack?.();
    takeBack = undefined;
  };
  guard.onEnd(end);

  const begin = (request: SpeculationRequest): void => {
    if (request != current) return;
    void ask((model) => {
      if (request == current) takeBack = model.speculate(request, addressesOf);
    });
  };

  return (request) => {
    end();
    if (!request || savesData()) return;
    current = request;
    if (document.readyState == "complete") begin(request);
    else addListener(window, "load", () => begin(request), { once: true, signal: guard.signal });
  };
};
