/** `tailorbird.recommend()`: asks the site model first, where that is needed, and then the engine. */

import { plain, plainText, type Plain } from "../loader/plain.js";
import type { Recommendation, RecommendationKind, RecommendOptions, Tailorbird } from "../loader/types.js";
import { nearest, warnOnce } from "../loader/warn.js";
import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import type { Rank } from "./ranking.js";

const KINDS: readonly RecommendationKind[] = ["for-you", "similar", "bought-together", "recently-viewed", "popular"];

/** The most items of one answer. */
const MOST = 20;

const isObject = (value: Plain | undefined): value is { [key: string]: Plain } =>
  !!value && typeof value == "object" && !Array.isArray(value);

/** What `recommend()` understands of its argument, as a copy. What it does not is left out, with a warning. */
const understood = (given: unknown): RecommendOptions => {
  const copy = plain(given);
  if (!isObject(copy)) {
    if (given !== undefined) warnOnce('recommend(options): expected an object, such as { kind: "similar", count: 4 }');
    return {};
  }
  const options: { kind?: RecommendationKind; count?: number; where?: { [key: string]: Plain } } = {};
  for (const name of Object.keys(copy)) {
    const said = copy[name];
    if (name == "kind") {
      const known = KINDS.find((kind) => kind === said);
      const meant = known ?? nearest(plainText(said), KINDS);
      if (known) options.kind = known;
      else warnOnce(`recommend(): kind is ${JSON.stringify(said)}, expected ${meant ?? KINDS.join(", ")}`);
    } else if (name == "count") {
      if (Number.isInteger(said) && Number(said) >= 1 && Number(said) <= MOST) options.count = Number(said);
      else warnOnce(`recommend(): count is ${JSON.stringify(said)}, expected a whole number from 1 to ${MOST}`);
    } else if (name == "where") {
      if (isObject(said)) options.where = said;
      else warnOnce(`recommend(): where is ${JSON.stringify(said)}, expected a condition, such as { in_stock: true }`);
    } else {
      warnOnce(`recommend(): "${name}" is unknown and ignored, expected kind, count or where`);
    }
  }
  return options;
};

export const createRecommend = (
  engine: Pick<Engine, "rankRequest" | "recommend">,
  guard: Guard,
  rank: Rank,
): Tailorbird["recommend"] => {
  const requestFor = guard.wrap(
    (options: RecommendOptions) => engine.rankRequest(options),
    () => undefined,
  );
  const answerTo = guard.wrap(
    (options: RecommendOptions) => engine.recommend(options) as Recommendation[],
    () => [],
  );
  return async (given) => {
    const options = understood(given);
    const request = requestFor(options);
    if (request) await rank(request);
    return answerTo(options);
  };
};
