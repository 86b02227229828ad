/** Has the site model rank items, and the engine hear of it. */

import type { Engine, RankedItem, RankRequest } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import type { AskModel } from "./site_model.js";

/** Has a question answered by `engine.ranked`. Resolves when that is done; never rejects. */
export type Rank = (request: RankRequest) => Promise<void>;

export const createRanking = (engine: Pick<Engine, "ranked">, guard: Guard, ask: AskModel): Rank => {
  const answer = guard.run((request: RankRequest, items: readonly RankedItem[] | undefined) =>
    engine.ranked(request, items),
  );
  return async (request) => {
    const items = await ask(async (model) => {
      await model.prepare(request);
      return model.rank(request);
    });
    answer(request, items);
  };
};
