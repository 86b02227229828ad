/** Where the OpenFeature provider is tried: a payload as GrowthBook writes it, providers in domains of their own. */

import { join } from "node:path";
import { afterEach } from "node:test";
import { pathToFileURL } from "node:url";
import { OpenFeature } from "@openfeature/web-sdk";
import { root } from "./bundle.mjs";

/** @import { Client, EventDetails, ProviderEvents } from "@openfeature/web-sdk" */

/** @param {string} name */
const built = (name) => import(pathToFileURL(join(root, "dist", name)).href);
/** @type {{ start: (options?: object) => Promise<any> }} what is tested is what it does, not its types */
export const { start } = await built("index.js");
/** @type {{ TailorbirdProvider: new (given?: unknown, options?: object) => any }} */
export const { TailorbirdProvider } = await built("openfeature.js");

/** An experiment of which whoever is drawn at all is given the second variation. */
export const ALL_IN_SECOND = {
  id: "try-express",
  key: "checkout-test",
  variations: ["classic", "express"],
  weights: [0, 1],
  meta: [{ key: "as-ever" }, { key: "bold" }],
};

export const FEATURES = {
  banner: { defaultValue: false },
  title: { defaultValue: "Gear for every trail", rules: [{ id: "everybody", force: "Gear" }] },
  results: { defaultValue: 20, rules: [{ id: "pros", condition: { plan: "pro" }, force: 50 }] },
  theme: { defaultValue: { colour: "green", cards: { columns: 3, tags: ["new"] } } },
  order: { defaultValue: ["price", "name", 3, null] },
  nothing: { defaultValue: null },
  checkout: { defaultValue: "classic", rules: [ALL_IN_SECOND] },
  halves: { defaultValue: 0, rules: [{ key: "halves-test", variations: [1, 2] }] },
  "for-members": { defaultValue: "no", rules: [{ condition: { member: true }, force: "yes" }] },
  "after-members": {
    defaultValue: "new",
    rules: [{ parentConditions: [{ id: "for-members", condition: { value: "yes" }, gate: true }] }],
  },
  hen: { defaultValue: true, rules: [{ parentConditions: [{ id: "egg", condition: { value: true } }], force: true }] },
  egg: { defaultValue: true, rules: [{ parentConditions: [{ id: "hen", condition: { value: true } }], force: true }] },
  "who-buys": {
    defaultValue: "nobody",
    rules: [{ id: "buyers", condition: { "visitor.events.purchase": { $gte: 1 } }, force: "a buyer" }],
  },
  "from-here": {
    defaultValue: "elsewhere",
    rules: [{ id: "city", condition: { "address.city": "Oslo", langs: { $in: ["nb"] } }, force: "here" }],
  },
  since: {
    defaultValue: "young",
    rules: [{ id: "old", condition: { joined: { $lt: "2025-06-01T00:00:00.000Z" } }, force: "old" }],
  },
};

export const CONFIG = { version: 1, experiments: { features: FEATURES } };

/** The SDK is one for the whole process, so each test leaves it as it found it. */
afterEach(async () => {
  await OpenFeature.clearProviders();
  await OpenFeature.clearContext();
  OpenFeature.clearHooks();
  OpenFeature.clearHandlers();
});

/** How many domains there were: `shop-1`, `shop-2` and so on. */
export let domains = 0;

/**
 * A provider in a domain of its own, on an engine of its own unless it is given one.
 *
 * @param {{ given?: unknown, context?: any, options?: object }} [options]
 */
export const shop = async ({ given = { config: CONFIG }, context, options } = {}) => {
  domains += 1;
  const domain = `shop-${domains}`;
  const provider = new TailorbirdProvider(given, options);
  await OpenFeature.setProviderAndWait(domain, provider, context);
  return { domain, provider, client: OpenFeature.getClient(domain) };
};

/**
 * What one kind of event brought to a client from now on, in order.
 *
 * @param {Client} client
 * @param {ProviderEvents} event
 */
export const heard = (client, event) => {
  /** @type {EventDetails[]} */
  const all = [];
  client.addHandler(event, (details) => all.push(/** @type {EventDetails} */ (details)));
  // A handler for the state that a provider is in is called at once.
  all.length = 0;
  return all;
};

export const turn = () => new Promise((resolve) => setTimeout(resolve));
/** @param {{ export(): { exposures: { experiment: string, variation: string }[] } }} tailorbird */
export const met = (tailorbird) =>
  tailorbird.export().exposures.map(({ experiment, variation }) => `${experiment}: ${variation}`);
