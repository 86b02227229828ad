/**
 * The judge: the GrowthBook SDK itself, as npm has pinned it.
 *
 * Each section of the conformance format knows where in a case its answer stands and how the SDK
 * is asked for it, in the way of the SDK's own test of that format. What the package does not export is
 * taken from the package's own files.
 */

import { isDeepStrictEqual } from "node:util";
import { GrowthBook, LocalStorageStickyBucketService, evalCondition } from "@growthbook/growthbook";
import { compact } from "./write.mjs";

/**
 * @typedef {any[]} Case a case of the format: a name or an input, then what its section says
 * @typedef {object} Section
 * @property {number} at where its answer begins
 * @property {(kase: Case) => unknown[] | Promise<unknown[]>} ask
 * @property {boolean} [floored] whether doubles are compared to 1e-8
 */

/** The release that everything here was written against. */
const VERSION = "1.8.0";
if (new GrowthBook().version != VERSION)
  throw new Error(`the judge is GrowthBook ${new GrowthBook().version}, expected ${VERSION}`);

// Beside the module that the package exports, and the very same instance that it imports.
const beside = new URL("util.mjs", import.meta.resolve("@growthbook/growthbook"));
const { chooseVariation, getBucketRanges, getEqualWeights, getQueryStringOverride, hash, inNamespace } = await import(
  beside.href
);

/** The version of the format. */
export const SPEC_VERSION = "0.8.0";

/**
 * Where a generator wants to know which bucket a visitor falls into, to put an edge there.
 *
 * @param {string} seed
 * @param {string} value
 * @param {number} version
 * @returns {number}
 */
export const bucket = (seed, value, version) => hash(seed, value, version) ?? 0;

/**
 * @template Result
 * @param {import("@growthbook/growthbook").Options} context
 * @param {(growthbook: GrowthBook) => Result} ask
 * @returns {Promise<Awaited<Result>>}
 */
const using = async (context, ask) => {
  const growthbook = new GrowthBook(context);
  try {
    return await ask(growthbook);
  } finally {
    growthbook.destroy();
  }
};

/** A store of our own for the SDK's own sticky buckets. */
const storage = () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    /** @param {string} key */
    getItem: (key) => kept.get(key) ?? null,
    /**
     * @param {string} key
     * @param {string} text
     */
    setItem: (key, text) => {
      kept.set(key, text);
    },
  };
};

/** @param {Case} kase */
const sticky = async ([, context, docs, feature]) => {
  const stickyBucketService = new LocalStorageStickyBucketService({ localStorage: storage() });
  for (const doc of docs) await stickyBucketService.saveAssignments(doc);
  return using({ ...context, stickyBucketService }, async (growthbook) => {
    // The constructor reads the store without being waited for.
    await new Promise(setImmediate);
    const { experimentResult = null } = growthbook.evalFeature(feature);
    return [experimentResult, growthbook.getStickyBucketAssignmentDocs()];
  });
};

/** @param {Case} kase */
const redirect = ([, context]) =>
  using(context, (growthbook) =>
    growthbook.getDeferredTrackingCalls().map(({ result }) => ({
      inExperiment: result.inExperiment,
      urlRedirect: result.value.urlRedirect,
      urlWithParams: growthbook.getRedirectUrl(),
    })),
  );

/** @param {Case} kase */
const feature = async ([, context, key]) => [await using(context, (growthbook) => growthbook.evalFeature(key))];

/**
 * Of each section where its answer begins, how the SDK is asked, and whether doubles are compared to 1e-8.
 *
 * @type {{ [section: string]: Section }}
 */
export const SECTIONS = {
  evalCondition: {
    at: 3,
    ask: ([, condition, attributes, , groups]) => [evalCondition(attributes, condition, groups)],
  },
  hash: { at: 3, ask: ([seed, value, version]) => [hash(seed, value, version)] },
  getBucketRange: {
    at: 2,
    ask: ([, [n, coverage, weights]]) => [getBucketRanges(n, coverage, weights ?? undefined)],
    floored: true,
  },
  chooseVariation: { at: 3, ask: ([, n, ranges]) => [chooseVariation(n, ranges)] },
  getQueryStringOverride: { at: 4, ask: ([, key, url, n]) => [getQueryStringOverride(key, url, n)] },
  inNamespace: { at: 3, ask: ([, value, namespace]) => [inNamespace(value, namespace)] },
  getEqualWeights: { at: 1, ask: ([n]) => [getEqualWeights(n)], floored: true },
  feature: { at: 3, ask: feature },
  contextualBandit: { at: 3, ask: feature },
  run: {
    at: 3,
    ask: ([, context, experiment]) =>
      using(context, (growthbook) => {
        const { value, inExperiment, hashUsed } = growthbook.run(experiment);
        return [value, inExperiment, hashUsed];
      }),
  },
  stickyBucket: { at: 4, ask: sticky },
  urlRedirect: { at: 2, ask: async (kase) => [await redirect(kase)] },
};

/**
 * The answers of the SDK to one case, as JSON has them: keys that are undefined are not there.
 *
 * The SDK is given the case as its text says it. In a case that was just made, two values may be one
 * object, which JavaScript calls equal.
 *
 * @param {string} section
 * @param {Case} kase
 * @returns {Promise<any[]>}
 */
export const answers = async (section, kase) => {
  // The SDK complains to the console about what these cases are made of.
  const { error } = console;
  console.error = () => {};
  try {
    return JSON.parse(JSON.stringify(await SECTIONS[section].ask(JSON.parse(compact(kase)))));
  } finally {
    console.error = error;
  }
};

/**
 * The case with the SDK's answers in place of its own.
 *
 * @param {string} section
 * @param {Case} kase
 */
export const answered = async (section, kase) => {
  const whole = [...kase];
  (await answers(section, kase)).forEach((answer, index) => (whole[SECTIONS[section].at + index] = answer));
  return whole;
};

/**
 * @param {any} value
 * @returns {any}
 */
const floored = (value) => (Array.isArray(value) ? value.map(floored) : Math.floor(value * 1e8) / 1e8);

/**
 * What the SDK answers otherwise than a case says; `undefined` where they agree.
 *
 * @param {string} section
 * @param {Case} kase
 */
export const disagreement = async (section, kase) => {
  const { at, floored: near } = SECTIONS[section];
  const got = await answers(section, kase).catch((error) => [`threw ${error}`]);
  const expected = JSON.parse(JSON.stringify(kase.slice(at, at + got.length)));
  const same =
    near && Array.isArray(got[0])
      ? isDeepStrictEqual(floored(got), floored(expected))
      : isDeepStrictEqual(got, expected);
  return same ? undefined : { expected, got };
};
