/**
 * Asks the site model. What reads it is a chunk of its own; chunk and model are loaded together, once, when they are
 * asked for the first time.
 */

import { fetchModel } from "../loader/model.js";
import { messageOf } from "../loader/unavailable.js";
import { warnOnce } from "../loader/warn.js";
import type { Engine, RankedItem, RankRequest } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** The chunk `tailorbird-recommend.js`. */
export interface RecommendModule {
  /** Reads a model. Rejects where the bytes are none, or where the browser refuses to compile. */
  open(bytes: Uint8Array): Promise<SiteModel>;
}

/** A model that answers. */
export interface SiteModel {
  /** The names of its sections that are damaged, and so have no part in answers. */
  readonly damaged: readonly string[];
  /** At most as many items as asked for, the best first. It knows nothing of the visitor but what the request says. */
  rank(request: RankRequest): RankedItem[];
}

/** Has a question answered by `engine.ranked`. Resolves when that is done; never rejects. */
export type Rank = (request: RankRequest) => Promise<void>;

/** `load` loads the chunk. */
export const createRanking = (
  engine: Pick<Engine, "model" | "ranked">,
  guard: Guard,
  load: () => Promise<RecommendModule>,
): Rank => {
  const addressOfModel = guard.wrap(
    () => engine.model(),
    () => undefined,
  );
  const answer = guard.run((request: RankRequest, items: readonly RankedItem[] | undefined) =>
    engine.ranked(request, items),
  );
  let opened: Promise<SiteModel | undefined> | undefined;

  const open = async (): Promise<SiteModel | undefined> => {
    const address = addressOfModel();
    if (address === undefined) return undefined;
    try {
      const [{ open }, bytes] = await Promise.all([load(), fetchModel(address)]);
      const model = await open(bytes).catch((reason: unknown) => {
        throw new Error(`${address} ${messageOf(reason)}`);
      });
      if (model.damaged.length) {
        warnOnce(`the site model is used in part, as these sections are damaged: ${model.damaged.join(", ")}`);
      }
      return model;
    } catch (reason) {
      warnOnce(`the site model is not used: ${messageOf(reason)}`);
      return undefined;
    }
  };

  return async (request) => {
    const model = await (opened ??= open());
    let items: readonly RankedItem[] | undefined;
    try {
      items = model?.rank(request);
    } catch (reason) {
      // Its own wasm has trapped: nothing of it is asked again, and the engine goes on.
      opened = Promise.resolve(undefined);
      warnOnce(`the site model is not used: ${messageOf(reason)}`);
    }
    answer(request, items);
  };
};
