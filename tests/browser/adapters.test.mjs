// The adapters of React, Vue and Svelte in the browser. That their first render is the server's is tested with whole
// apps, in tests/apps.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { svelte } from "./frameworks/svelte_plugin.mjs";
import { watchListeners } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";
import { DIST, ROOT } from "./rig/site.mjs";

/** @import { Tab } from "./rig/types.js" */

/** @typedef {{ slot: string, variant: string, exposures: number, impressions: number }} Count */

const { scene } = await rig();

const FRAMEWORKS = { "React 19": "adapter_react.mjs", "Vue 3": "adapter_vue.mjs", "Svelte 5": "adapter_svelte.mjs" };

/**
 * The app renders the variants, so the config has no content for them.
 *
 * @param {string} id
 */
const slot = (id, variants = ["boots", "tents"]) => ({
  id,
  choose: [{ by: "segment" }],
  variants: variants.map((variant) => ({ id: variant, segment: variant, content: {} })),
});

const CONFIG = {
  version: 1,
  segments: ["boots", "tents"].map((id) => ({ id, when: { likes: id } })),
  slots: [slot("hero", ["boots"]), slot("held"), slot("live"), slot("peeked")],
  experiments: {
    features: { checkout: { defaultValue: "classic", rules: [{ condition: { likes: "boots" }, force: "express" }] } },
  },
};

const bundles = new Map();
/**
 * The app with the npm entry, as one module; the engine's chunk stays beside it.
 *
 * @param {string} file
 */
const bundled = async (file) => {
  if (!bundles.has(file)) {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { start } from "tailorbird";
          import { mount } from "./${file}";
          window.app = { mount, start };`,
        resolveDir: path.join(ROOT, "tests/browser/frameworks"),
      },
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      minify: true,
      external: ["./engine.js"],
      conditions: ["browser"],
      define: {
        "process.env.NODE_ENV": '"production"',
        __VUE_OPTIONS_API__: "false",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      },
      plugins: [svelte],
      logLevel: "error",
    });
    bundles.set(file, outputFiles[0].text);
  }
  return bundles.get(file);
};

/** @param {string} file */
const page = async (file) => {
  /** @param {string} body */
  const script = (body) => ({ type: "text/javascript; charset=utf-8", body });
  return {
    tag: false,
    before: [watchListeners],
    body: `<main id="app"></main><main id="second"></main><script type="module" src="/app.js"></script>`,
    files: {
      "/app.js": script(await bundled(file)),
      "/engine.js": script(await readFile(path.join(DIST, "engine.js"), "utf8")),
    },
  };
};

/**
 * Runs in the page: mounts the app with an engine of its own, or with one that was started before.
 *
 * @param {object} config
 * @param {{ likes?: string, given?: boolean, target?: string }} how
 */
const mountApp = (config, { likes = "nothing", given = false, target = "#app" }) => {
  const options = { config, consent: "granted", attributes: { likes } };
  const engine = given ? app.start(options) : options;
  if (given) void engine.then((/** @type {typeof window.tailorbird} */ running) => (window.tailorbird = running));
  app.shop = app.mount(document.querySelector(target), engine, { clicks: 0, open: true });
};

/**
 * @param {Tab} tab
 * @param {{ [selector: string]: string }} expected
 */
const shows = (tab, expected) =>
  tab.until(
    (expected) =>
      Object.entries(expected).every(
        ([selector, text]) => document.querySelector(`#app ${selector}`)?.textContent.trim() === text,
      ),
    expected,
  );

/**
 * What of ours still listens to the engine.
 *
 * @param {Tab} tab
 */
const listeners = (tab) => tab.evaluate(() => window.attached().filter((type) => type.startsWith("tailorbird:")));

/** @param {Tab} tab */
const counts = (tab) =>
  tab.evaluate(() =>
    Object.fromEntries(
      window.tailorbird
        .export()
        .counts.map((/** @type {Count} */ { slot, variant, exposures, impressions }) => [
          `${slot} ${variant}`,
          [exposures, impressions],
        ]),
    ),
  );

/**
 * Runs in the page: what the site states, and an event by which components look again.
 *
 * @param {string} likes
 */
const likes = (likes) => {
  window.tailorbird.attributes({ likes });
  app.track("looked_again");
};

for (const [framework, file] of Object.entries(FRAMEWORKS)) {
  scene(`${framework} shows a variant, renders it again, reverts it and stops`, async ({ site, open }) => {
    const tab = await open(site(await page(file)).url());
    await tab.until(() => Boolean(window.app));
    await tab.evaluate(mountApp, CONFIG, { likes: "boots", given: true });
    await shows(tab, { h1: "Boots 0", "#held": "boots", "#live": "boots", "#peeked": "boots", "#checkout": "express" });
    assert.deepEqual(await tab.announced("impression"), { slot: "hero", variant: "boots" });
    const first = await counts(tab);
    assert.deepEqual(first, { "held boots": [1, 0], "hero boots": [1, 1], "live boots": [1, 0] });

    await tab.evaluate(() => app.shop.update({ clicks: 7, open: true }));
    await shows(tab, { h1: "Boots 7", "#held": "boots" });
    await tab.evaluate(() => app.shop.update({ clicks: 7, open: false }));
    await tab.until(() => !document.querySelector("#app h1"));
    await tab.evaluate(() => app.shop.update({ clicks: 8, open: true }));
    await shows(tab, { h1: "Boots 8" });
    assert.deepEqual(await counts(tab), first, "on one page view a variant is counted once");

    // What the visitor looks at stays; what the app wants live follows.
    await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300))); // The slot is visible again.
    await tab.evaluate(likes, "tents");
    await shows(tab, { h1: "Boots 8", "#held": "boots", "#live": "tents", "#peeked": "boots", "#checkout": "classic" });
    assert.deepEqual((await counts(tab))["live tents"], [1, 0]);
    assert.equal((await counts(tab))["held tents"], undefined);

    await tab.evaluate(likes, "nothing");
    await shows(tab, { "#held": "boots", "#live": "null" });
    await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
    await shows(tab, { h1: "Gear 8", "#held": "null", "#live": "null", "#peeked": "null" });
    await tab.evaluate(likes, "boots");
    await shows(tab, { "#held": "boots", "#live": "boots" });

    await tab.evaluate(() => window.tailorbird.stop());
    await shows(tab, { h1: "Gear 8", "#held": "null", "#live": "null", "#peeked": "null", "#checkout": "null" });
    await tab.evaluate(() => app.shop.update({ clicks: 9, open: true }));
    await shows(tab, { h1: "Gear 9" });
    await tab.evaluate(() => app.shop.unmount());
    assert.equal(await tab.evaluate(() => document.querySelector("#app")?.textContent), "");
    assert.deepEqual(await tab.announcements("unavailable"), []);
  });

  scene(`${framework} starts the engine with the app, once, and stops it with the last`, async ({ site, open }) => {
    const tab = await open(site(await page(file)).url());
    await tab.until(() => Boolean(window.app));
    await tab.evaluate(mountApp, CONFIG, { likes: "boots" });
    await tab.evaluate(() => (app.first = app.shop));
    await tab.evaluate(mountApp, CONFIG, { likes: "tents", target: "#second" });
    await shows(tab, { h1: "Boots 0" });
    await tab.until(() => document.querySelector("#second #held")?.textContent === "boots");
    assert.deepEqual(await tab.announcements("duplicate"), []);
    await tab.evaluate(() => app.first.unmount());
    await tab.evaluate(() => app.shop.update({ clicks: 1, open: true }));
    await tab.until(() => document.querySelector("#second h1")?.textContent === "Boots 1");
    assert.deepEqual(await tab.announcements("stop"), []);
    await tab.evaluate(() => app.shop.unmount());
    await tab.announced("stop");

    // And again, with other options.
    await tab.evaluate(mountApp, CONFIG, { likes: "tents" });
    await shows(tab, { "#held": "tents", "#live": "tents", "#checkout": "classic" });
    await tab.evaluate(() => app.shop.unmount());
    await tab.until(() => window.seen.events.filter(({ name }) => name === "stop").length === 2);
    assert.deepEqual(await listeners(tab), []);
  });
}

for (const [framework, file] of Object.entries(FRAMEWORKS)) {
  const said = framework === "Svelte 5" ? [] : [/has no variant "tents"/];
  scene(
    `${framework} goes on with an engine that it was given, when the app is gone`,
    { said },
    async ({ site, open }) => {
      const tab = await open(site(await page(file)).url());
      await tab.until(() => Boolean(window.app));
      const config = { ...CONFIG, slots: [slot("hero"), slot("held"), slot("live"), slot("peeked")] };
      await tab.evaluate(mountApp, config, { likes: "tents", given: true });
      // The app has nothing to show for tents in this slot.
      await shows(tab, { h1: "Gear 0", "#held": "tents" });
      if (framework !== "Svelte 5") {
        assert.equal(await tab.evaluate(() => document.querySelector("[data-tb-slot]")), null);
        assert.equal((await counts(tab))["hero tents"], undefined);
      }
      await tab.evaluate(() => app.shop.unmount());
      await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
      assert.deepEqual(await listeners(tab), []);
      assert.deepEqual(await tab.announcements("stop"), []);
    },
  );
}
