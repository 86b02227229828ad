// An application that reads its flags through OpenFeature's own SDK, with the engine behind it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { build } from "esbuild";
import { rig } from "./rig/rig.mjs";
import { DIST, ROOT } from "./rig/site.mjs";
import { layered, SENT } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

/** What the application's bundle hands to the scenes: the three packages, and what was heard. */
const MAIN = `
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { start } from "tailorbird";
import { TailorbirdProvider } from "tailorbird/openfeature";

const heard = [];
for (const event of Object.values(ProviderEvents)) {
  OpenFeature.addHandler(event, details => heard.push([event, details?.flagsChanged ?? details?.message ?? ""]));
}
window.app = { OpenFeature, TailorbirdProvider, start, heard, client: OpenFeature.getClient() };
`;

const folder = mkdtempSync(path.join(tmpdir(), "tailorbird-openfeature-"));
after(() => rmSync(folder, { recursive: true, force: true }));
await build({
  stdin: { contents: MAIN, resolveDir: ROOT, sourcefile: "main.js" },
  alias: { tailorbird: path.join(DIST, "index.js"), "tailorbird/openfeature": path.join(DIST, "openfeature.js") },
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  outdir: folder,
  entryNames: "main",
  logLevel: "error",
});

const features = {
  banner: { defaultValue: true },
  title: { defaultValue: "Gear", rules: [{ condition: { plan: "pro" }, force: "Tools" }] },
  results: { defaultValue: 20, rules: [{ force: 50 }] },
  theme: { defaultValue: { colour: "green", tags: ["new", null] } },
  layout: {
    defaultValue: "none",
    rules: [{ key: "layout-test", variations: Array.from({ length: 50 }, (_, i) => `layout ${i}`) }],
  },
  greeting: {
    defaultValue: "Welcome",
    rules: [{ id: "buyers", condition: { "visitor.orders": { $gte: 1 } }, force: "Welcome back" }],
  },
};
const config = {
  version: 1,
  experiments: { features },
  slots: [
    {
      id: "hero",
      choose: [{ by: "popular" }],
      variants: [{ id: "gear", weight: 1, content: { text: { h1: "Gear, now" } } }],
    },
  ],
};
const body = `<section data-tb-slot="hero"><h1>${SENT}</h1></section><script type="module" src="/app/main.js"></script>`;
const page = { body, config, tag: false, roots: { "/app/": folder } };

/**
 * Runs in the page: sets a provider and waits for it; answers with the reason if that fails.
 *
 * @param {object} given
 * @returns {Promise<string | null>}
 */
const provide = async (given) => {
  while (!window.app) await new Promise((resolve) => setTimeout(resolve, 10));
  const { OpenFeature, TailorbirdProvider } = window.app;
  window.app.provider = new TailorbirdProvider(given);
  return OpenFeature.setProviderAndWait(window.app.provider).then(
    () => null,
    (/** @type {Error} */ error) => error.message,
  );
};
/**
 * Runs in the page: the details of one flag, without what is the same for all.
 *
 * @param {"Boolean" | "Number" | "Object" | "String"} type
 * @param {string} key
 * @param {unknown} otherwise
 */
const flag = (type, key, otherwise) => {
  const { value, reason, variant, errorCode } = window.app.client[`get${type}Details`](key, otherwise);
  return [value, reason, variant ?? errorCode ?? null];
};
const heard = () =>
  window.app.heard.map((/** @type {[event: string, about: unknown]} */ [event, about]) => [
    event.replace("PROVIDER_", ""),
    about,
  ]);
/**
 * @param {Tab} tab
 * @param {object} given
 */
const enter = async (tab, given) => assert.equal(await tab.evaluate(provide, given), null);

scene(
  "an application has its flags of every type, with the context it sets",
  { said: [/feature\("unknown"\)/] },
  async ({ site, open }) => {
    const tab = await open(site(page).url());
    await enter(tab, { config: "/tailorbird.json" });
    assert.deepEqual(await tab.evaluate(flag, "Boolean", "banner", false), [true, "DEFAULT", null]);
    assert.deepEqual(await tab.evaluate(flag, "String", "title", ""), ["Gear", "DEFAULT", null]);
    assert.deepEqual(await tab.evaluate(flag, "Number", "results", 0), [50, "STATIC", null]);
    assert.deepEqual(await tab.evaluate(flag, "Object", "theme", {}), [features.theme.defaultValue, "DEFAULT", null]);
    assert.deepEqual(await tab.evaluate(flag, "Number", "title", 7), [7, "ERROR", "TYPE_MISMATCH"]);
    assert.deepEqual(await tab.evaluate(flag, "String", "unknown", "mine"), ["mine", "ERROR", "FLAG_NOT_FOUND"]);
    await tab.evaluate(() => window.app.OpenFeature.setContext({ targetingKey: "u-1", plan: "pro" }));
    assert.deepEqual(await tab.evaluate(flag, "String", "title", ""), ["Tools", "TARGETING_MATCH", null]);
    const [value, reason, variant] = await tab.evaluate(flag, "String", "layout", "");
    assert.deepEqual([value, reason], [`layout ${variant}`, "SPLIT"]);
    assert.deepEqual(await tab.evaluate(heard), [
      ["READY", ""],
      ["CONTEXT_CHANGED", ""],
    ]);
  },
);

scene(
  "with the visitor's consent flags follow what they do, and the next visit has the same variation",
  async ({ site, open }) => {
    const shop = site({ ...page, before: [[layered, []]] });
    const first = await open(shop.url());
    await enter(first, { config });
    assert.deepEqual(await first.evaluate(flag, "String", "layout", ""), ["none", "DEFAULT", null]);
    assert.deepEqual(await first.evaluate(flag, "String", "greeting", ""), ["Welcome", "DEFAULT", null]);
    // The consent banner of the site speaks Consent Mode, and knows nothing of flags.
    await first.evaluate(() => window.gtag("consent", "update", { personalization_storage: "granted" }));
    await first.until(() =>
      window.app.heard.some((/** @type {[event: string]} */ [event]) => event === "PROVIDER_CONFIGURATION_CHANGED"),
    );
    const layout = await first.evaluate(flag, "String", "layout", "");
    assert.equal(layout[1], "SPLIT");
    await first.evaluate(() =>
      window.app.client.track("purchase", { value: 129, transaction_id: "A-1", items: [{ item_id: "b-7" }] }),
    );
    assert.deepEqual(await first.evaluate(flag, "String", "greeting", ""), ["Welcome back", "TARGETING_MATCH", null]);
    assert.deepEqual(await first.evaluate(heard), [
      ["READY", ""],
      ["CONFIGURATION_CHANGED", ["layout"]],
      ["CONFIGURATION_CHANGED", ["greeting"]],
    ]);

    const second = await open(shop.url());
    await enter(second, { config, consent: "granted" });
    assert.deepEqual(await second.evaluate(flag, "String", "layout", ""), layout);
    assert.deepEqual(await second.evaluate(flag, "String", "greeting", ""), ["Welcome back", "TARGETING_MATCH", null]);
    const [details, seed] = await second.evaluate(async () => {
      const engine = await window.app.start();
      const { client } = window.app;
      const all = [
        client.getStringDetails("layout", ""),
        client.getStringDetails("greeting", ""),
        client.getObjectDetails("theme", {}),
      ];
      return [JSON.stringify([all, window.app.heard]), engine.export().seed];
    });
    assert.match(seed, /^\d+$/);
    assert.ok(!details.includes(seed), details);
  },
);

scene("closing stops the engine that the provider started, and the page is as it was sent", async ({ site, open }) => {
  const tab = await open(site(page).url());
  await enter(tab, { config });
  assert.equal(await tab.text("h1"), "Gear, now");
  await tab.evaluate(() => window.app.OpenFeature.clearProviders());
  await tab.until((sent) => document.querySelector("h1")?.textContent === sent, SENT);
  await enter(tab, { config });
  assert.equal(await tab.text("h1"), "Gear, now");
  assert.deepEqual(await tab.announcements("duplicate"), []);
});

scene("beside the script tag both have one engine, and closing leaves it running", async ({ site, open }) => {
  const tab = await open(site({ ...page, tag: { "data-consent": "granted" } }).url());
  await tab.announced("ready");
  await enter(tab, {});
  await tab.announced("duplicate");
  assert.deepEqual(await tab.evaluate(flag, "Number", "results", 0), [50, "STATIC", null]);
  await tab.evaluate(() => window.tailorbird.track("purchase", { value: 1 }));
  assert.deepEqual(await tab.evaluate(flag, "String", "greeting", ""), ["Welcome back", "TARGETING_MATCH", null]);
  await tab.evaluate(() => window.app.OpenFeature.clearProviders());
  assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
  assert.equal(await tab.text("h1"), "Gear, now");
});

const missing = { said: [/404|Failed to load|could not load/i], missing: ["/elsewhere.json"] };
scene(
  "where the config is missing the application learns why, and has its own defaults",
  missing,
  async ({ site, open }) => {
    const tab = await open(site(page).url());
    const reason = await tab.evaluate(provide, { config: "/elsewhere.json" });
    assert.equal(reason, (await tab.announced("unavailable")).reason);
    assert.match(reason, /could not load \/elsewhere\.json \(404\)/);
    assert.deepEqual(await tab.evaluate(flag, "Number", "results", 7), [7, "ERROR", "PROVIDER_NOT_READY"]);
    assert.equal(await tab.evaluate(() => window.app.client.providerStatus), "ERROR");
    assert.deepEqual(await tab.evaluate(heard), [["ERROR", reason]]);
    assert.equal(await tab.text("h1"), SENT);
  },
);

scene(
  "an engine that breaks on the way is an error to the application, and the page is as it was sent",
  async ({ site, open }) => {
    const tab = await open(site(page).url());
    await enter(tab, { config });
    assert.deepEqual(await tab.evaluate(flag, "Number", "results", 7), [50, "STATIC", null]);
    await tab.evaluate(() => {
      const { now } = Date;
      Date.now = () => {
        throw new Error("no clock");
      };
      document.dispatchEvent(new Event("scroll"));
      window.app.client.track("view_item");
      Date.now = now;
    });
    assert.deepEqual(await tab.evaluate(flag, "Number", "results", 7), [7, "ERROR", "PROVIDER_NOT_READY"]);
    assert.deepEqual(await tab.evaluate(heard), [
      ["READY", ""],
      ["ERROR", "no clock"],
    ]);
    assert.equal(await tab.text("h1"), SENT);
  },
);
