/** Sticky buckets: what was stored for a visitor, for others and under other versions; and features that look there. */

import { bucketOf, hashing, meta, split } from "./experiments.mjs";
import { filters } from "./buckets.mjs";
import { condition, identity, visitor, worth } from "./targeting.mjs";
import { forcing } from "./urls.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

const ATTRIBUTES = ["id", "deviceId", "company"];

/**
 * How the SDK writes the value of an attribute into a document.
 *
 * @param {Json} value
 */
const written = (value) => (typeof value == "string" ? value : JSON.stringify(value ?? ""));

/**
 * One case of `stickyBucket`.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const stickyCase = (chance, name) => {
  const attributes = visitor(chance);
  // The SDK keys a list or an object by its JSON, our engine by its text; neither is anybody's id.
  for (const name of [...ATTRIBUTES, "user.id"])
    if (typeof (attributes[name] ?? 0) == "object") attributes[name] = `u${chance.whole(1, 9999)}`;
  if (chance.is(0.2)) delete attributes.id;
  const count = chance.whole(2, 4);
  const key = chance.of(["feature-exp", "été", "exp", undefined]);
  const fields = { ...hashing(chance), ...(chance.is(0.05) ? { hashAttribute: "" } : {}) };
  const n = bucketOf(attributes, fields, key ?? "feature");
  const version = chance.weighed([
    [3, undefined],
    [4, chance.whole(0, 3)],
    [0.3, null],
  ]);
  const least = chance.weighed([
    [6, undefined],
    [2, chance.whole(0, version ?? 1)],
    [1, chance.whole(0, 3)],
    [0.3, null],
  ]);
  const metas = meta(chance, count, { keys: 0.95, passthrough: 0.03 });
  const rule = {
    ...(key == undefined ? {} : { key }),
    ...fields,
    variations: chance.is(0.8)
      ? ["control", "red", "blue", "green"].slice(0, count)
      : chance.list(count, count, () => worth(chance)),
    ...(chance.is(0.95) ? { meta: metas } : {}),
    ...(chance.is(0.6) ? { fallbackAttribute: chance.of(["deviceId", "deviceId", "company", "id", "nothing"]) } : {}),
    ...(version === undefined ? {} : { bucketVersion: version }),
    ...(least === undefined ? {} : { minBucketVersion: least }),
    ...(chance.is(0.15) ? { disableStickyBucketing: chance.is(0.8) } : {}),
    ...(chance.is(0.4) ? { condition: condition(chance, attributes) } : {}),
    ...(chance.is(0.1) ? { filters: filters(chance, attributes) } : {}),
    ...(chance.is(0.4) ? split(chance, count, n) : {}),
    ...(chance.is(0.1)
      ? { parentConditions: [{ id: "other", condition: { value: { $exists: chance.is(0.7) } }, gate: chance.is(0.3) }] }
      : {}),
  };
  const rollout = {
    force: "rolled",
    coverage: chance.of([0.5, 0.9, 1]),
    hashAttribute: "id",
    fallbackAttribute: "deviceId",
    hashVersion: 2,
    ...(chance.is(0.2) ? { disableStickyBucketing: true } : {}),
  };
  const rules = chance.weighed([
    [12, [rule]],
    [1, [rollout, rule]],
    [1, [rule, rollout]],
  ]);
  const others = chance.weighed([
    [3, []],
    [2, [{ variations: [0, 1] }]],
    [2, [{ variations: [0, 1], hashAttribute: "deviceId", fallbackAttribute: "company" }]],
    [1, [{ contextualVariations: [0, 1], hashAttribute: "company" }]],
  ]);

  const assignments = () =>
    Object.fromEntries(
      chance.list(chance.is(0.9) ? 1 : 0, 2, () => [
        `${chance.is(0.9) ? (key ?? "feature") : "other-exp"}__${chance.weighed([
          [8, version || 0],
          [3, chance.whole(0, 3)],
        ])}`,
        chance.weighed([
          [8, metas[chance.whole(0, count - 1)].key ?? "0"],
          [1, "gone"],
          [0.5, ""],
        ]),
      ]),
    );
  const doc = () => {
    const used = fields.hashAttribute || "id";
    const attributeName = chance.weighed([
      [4, attributes[used] ? used : (rule.fallbackAttribute ?? "id")],
      [2, used],
      [2, rule.fallbackAttribute ?? "id"],
      [2, chance.of(ATTRIBUTES)],
    ]);
    const own = attributes[attributeName];
    const attributeValue = chance.weighed([
      [12, written(own)],
      [1, written(identity(chance))],
      [0.3, typeof own == "number" ? own : "x"],
    ]);
    return { attributeName, attributeValue, assignments: assignments() };
  };
  const docs = chance.list(chance.is(0.85) ? 1 : 0, 3, doc);
  /** @type {Json} */
  const context = {
    attributes,
    features: {
      feature: { defaultValue: "default", rules },
      other: { defaultValue: 1, ...(others.length ? { rules: others } : {}) },
    },
  };
  // Documents may come with the context as well; they lie over what was stored.
  if (chance.is(0.1))
    context.stickyBucketAssignmentDocs = Object.fromEntries(
      chance.list(0, 1, doc).map((it) => [`${it.attributeName}||${it.attributeValue}`, it]),
    );
  if (chance.is(0.08))
    context.experiments = [
      { key: "auto", hashAttribute: chance.of(["company", "deviceId", ""]), variations: [{}, {}] },
    ];
  const experiment = { key: key ?? "feature", variations: rule.variations };
  if (chance.is(0.1)) context.forcedVariations = { [experiment.key]: chance.whole(-1, count) };
  if (chance.is(0.05)) context.url = forcing(chance, experiment.key);
  if (chance.is(0.06)) context.qaMode = true;
  return [
    name(`${docs.length} documents, version ${version ?? "none"} of at least ${least ?? "none"}`),
    context,
    docs,
    "feature",
    undefined,
    undefined,
  ];
};
