/** `tailorbird.recommend()`: asks the site model first, where that is needed, and then the engine. */

import type { Recommendation, Tailorbird } from "../loader/types.js";
import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import type { Rank } from "./ranking.js";

/** `copy` makes a copy of the options, which the engine checks. */
export const createRecommend = (
  engine: () => Pick<Engine, "rankRequest" | "recommend">,
  guard: Pick<Guard, "wrap">,
  rank: Rank,
  copy: (options: unknown) => unknown,
): Tailorbird["recommend"] => {
  const requestFor = guard.wrap(
    (options: unknown) => engine().rankRequest(options),
    () => undefined,
  );
  const answerTo = guard.wrap(
    (options: unknown) => engine().recommend(options) as Recommendation[],
    () => [],
  );
  return async (given) => {
    const options = copy(given);
    const request = requestFor(options);
    if (request) await rank(request);
    return answerTo(options);
  };
};
