/** Experiments that run by themselves: where they would send the visitor. */

import { weights } from "./buckets.mjs";
import { hashing, meta } from "./experiments.mjs";
import { condition, visitor } from "./targeting.mjs";
import { absolute, address, forcing, targets } from "./urls.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

/**
 * @param {Chance} chance
 * @param {string} url
 * @param {Json} attributes
 * @param {number} index
 */
const redirecting = (chance, url, attributes, index) => {
  const there = () =>
    chance.weighed([
      [8, absolute(chance)],
      [2, url],
      [1, `${url.split(/[?#]/)[0]}-new`],
      [1, `${url.startsWith("https") ? url.replace("https", "http") : url.replace("http", "https")}#new`],
      [1, `${url.split(/[?#]/)[0]}?x=9&z=1`],
      [0.5, "/relative"],
      [0.3, ""],
    ]);
  const list = [chance.is(0.8) ? {} : { urlRedirect: there() }, ...chance.list(1, 2, () => ({ urlRedirect: there() }))];
  return {
    key: `redirect-${index}`,
    variations: chance.is(0.1) ? list.map(() => ({ css: "a{}" })) : list,
    ...(chance.is(0.97)
      ? {
          urlPatterns: chance.is(0.5)
            ? [{ type: "simple", include: true, pattern: url.split(/[?#]/)[0] }]
            : targets(chance, url),
        }
      : {}),
    ...(chance.is(0.6)
      ? { weights: [0.1, 0.9, 0].slice(0, list.length) }
      : chance.is(0.5)
        ? { weights: weights(chance, list.length) }
        : {}),
    ...(chance.is(0.4) ? { persistQueryString: chance.is(0.9) } : {}),
    ...(chance.is(0.3) ? hashing(chance) : {}),
    ...(chance.is(0.2) ? { condition: condition(chance, attributes) } : {}),
    ...(chance.is(0.15) ? { meta: meta(chance, list.length) } : {}),
    ...(chance.is(0.15) ? { changeId: `change-${index}` } : {}),
    ...(chance.is(0.06) ? { manual: chance.is(0.7) } : {}),
    ...(chance.is(0.05) ? { status: chance.of(["stopped", "draft", "running"]) } : {}),
    ...(chance.is(0.05) ? { coverage: 0 } : {}),
  };
};

/**
 * @param {Chance} chance
 * @param {number} index
 */
const visual = (chance, index) => ({
  key: `visual-${index}`,
  variations: [
    {},
    chance.of([
      { domMutations: [] },
      { domMutations: [], css: "b{}" },
      { css: "b{}" },
      { js: "1" },
      { js: "" },
      { other: 1 },
      { js: "1", domMutations: [] },
      "text",
    ]),
  ],
  weights: [0, 1],
});

/**
 * One case of `urlRedirect`.
 *
 * Without the options that block kinds of experiments: only the SDK's constructor can say them.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const redirectCase = (chance, name) => {
  const attributes = { ...visitor(chance), ...(chance.is(0.9) ? { id: `u${chance.whole(1, 99)}` } : {}) };
  const url = chance.is(0.9) ? absolute(chance) : address(chance);
  const experiments = chance.list(1, 3, (index) =>
    chance.is(0.2) ? visual(chance, index) : redirecting(chance, url, attributes, index),
  );
  const context = {
    attributes,
    url: chance.is(0.08) ? forcing(chance, "redirect-0") : url,
    experiments,
    ...(chance.is(0.06) ? { forcedVariations: { "redirect-0": chance.whole(-1, 2) } } : {}),
    ...(chance.is(0.04) ? { qaMode: true } : {}),
  };
  return [name(`${experiments.length} experiments`), context, undefined];
};
