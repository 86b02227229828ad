// Experiments as visitors meet them: the same variation on every page, in every tab and in GrowthBook's own
// SDK; nothing told to anybody who was not asked to be told.
import assert from "node:assert/strict";
import { GrowthBook } from "@growthbook/growthbook";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, keptKeys, looks, queued, SENT } from "./outdoor.mjs";

/** @import { Attributes } from "../../www/loader/types.js" */

/** @typedef {{ experiment: string, variation: string }} Exposure */

const { scene } = await rig();

/** @type {import("@growthbook/growthbook").Experiment<string>} */
const TEST = { key: "hero-test", hashVersion: 2, variations: ["control", "boots"], meta: [{ key: "0" }, { key: "1" }] };

/**
 * The variation that GrowthBook's SDK gives an id.
 *
 * @param {string} id
 */
const theirs = (id) => new GrowthBook({ attributes: { id } }).run(TEST).value;
/**
 * Ids of visitors who are given a variation.
 *
 * @param {string} variation
 */
const ids = (variation) =>
  Array.from({ length: 40 }, (_, i) => `visitor-${i}`).filter((id) => theirs(id) === variation);

const tested = (more = {}) =>
  config({
    slots: [hero({ experiment: "hero-test", choose: [{ by: "experiment" }] })],
    experiments: {
      experiments: [TEST],
      features: {
        colour: { defaultValue: "green", rules: [{ condition: { plan: { $regexi: "^PR" } }, force: "red" }] },
      },
    },
    ...more,
  });

/**
 * Runs in the page before the tag: who the visitor is.
 *
 * @param {Attributes} attributes
 */
const known = (attributes) => {
  window.tailorbird = window.tailorbird || [];
  window.tailorbird.push(["attributes", attributes]);
};
const exposures = () =>
  window.tailorbird
    .export()
    .exposures.map((/** @type {Exposure} */ { experiment, variation }) => `${experiment} ${variation}`);
/** Runs in the page: what the engine told the data layer. */
const impressions = () => (window.dataLayer ?? []).filter(({ event }) => event === "experience_impression");

scene("a visitor meets the variation that GrowthBook's SDK gives the same id", async ({ site, open }) => {
  for (const id of [...ids("boots").slice(0, 2), ...ids("control").slice(0, 2), "日本-7", "😀", "u-é"]) {
    const shop = site({ config: tested(), body, before: [[known, { id }]] });
    const tab = await open(shop.url());
    const decision = await tab.announced("decision");
    const variation = theirs(id);
    assert.equal(decision.variant, variation === "boots" ? "boots" : null, id);
    assert.equal(decision.propensity, 0.5);
    assert.equal(await tab.text("h1"), variation === "boots" ? BOOTS : SENT, id);
    assert.deepEqual(
      await tab.evaluate(exposures),
      [`hero-test ${variation === "boots" ? 1 : 0}`],
      "the control is counted as well",
    );
  }
});

scene(
  "without a yes and without an id nobody is in an experiment; with a yes the variation stays, in every tab",
  async ({ site, open }) => {
    const shop = site({ config: tested(), body });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const before = await tab.evaluate(() => window.tailorbird.peek("hero"));
    assert.match(before.reasons.join(), /no stable id/);
    assert.deepEqual(await tab.evaluate(exposures), []);
    await tab.evaluate(() => window.tailorbird.consent({ personalize: true }));
    const variation = (await tab.until(exposuresOnce))[0];
    const reason = (await tab.evaluate(() => window.tailorbird.peek("hero"))).reasons;
    const decided = () => window.tailorbird.peek("hero").variant;
    const variant = await tab.evaluate(decided);
    for (let visit = 0; visit < 3; visit += 1) {
      await tab.goto(shop.url());
      await tab.announced("ready");
      await tab.evaluate(() => window.tailorbird.consent({ personalize: true }));
      await tab.until(exposuresOnce);
      assert.equal(await tab.evaluate(decided), variant);
      assert.deepEqual(await tab.evaluate(exposures), [variation], "once for each visitor and experiment");
    }
    assert.match(reason.join(), /hero-test: variation/);
    const seed = await tab.evaluate(() => window.tailorbird.export().seed);
    const shown = await tab.evaluate(() =>
      JSON.stringify([
        window.tailorbird.profile(),
        window.tailorbird.peek("hero"),
        window.tailorbird.feature("colour"),
      ]),
    );
    assert.ok(!shown.includes(seed), "the visitor's number is shown by export() alone");
  },
);

/** Runs in the page: exposures, once there is one. */
function exposuresOnce() {
  const all = window.tailorbird?.export?.().exposures ?? [];
  return all.length > 0 && all.map((/** @type {Exposure} */ { experiment, variation }) => `${experiment} ${variation}`);
}

scene("the data layer hears of an exposure only if the site and the visitor want it, once", async ({ site, open }) => {
  const [id] = ids("boots");
  const silent = site({ config: tested(), body, tag: { "data-consent": "granted" }, before: [[known, { id }]] });
  const quiet = await open(silent.url());
  await quiet.until(exposuresOnce);
  assert.deepEqual(await quiet.evaluate(impressions), []);

  const shop = site({ config: tested({ measure: { dataLayer: true } }), body, before: [[known, { id }]] });
  const tab = await open(shop.url());
  await tab.until(exposuresOnce);
  assert.deepEqual(await tab.evaluate(impressions), [], "nobody allowed measuring yet");
  await tab.evaluate(() => window.tailorbird.consent({ personalize: true, measure: true }));
  const told = [{ event: "experience_impression", exp_variant_string: "tailorbird-hero-test-1" }];
  assert.deepEqual(await tab.evaluate(impressions), told);
  await tab.evaluate(() => window.tailorbird.decide("hero"));
  assert.deepEqual(await tab.evaluate(impressions), told);
  const heard = await tab.evaluate(() => window.tailorbird.profile().attributes.visitor.events);
  assert.deepEqual(heard, {}, "what we said ourselves is no event");
});

scene(
  "a preview shows a variant, records nothing, and needs the config's permission",
  { said: [/\?tb=.*preview/] },
  async ({ site, open }) => {
    const [id] = ids("control");
    const shop = site({
      config: tested({ preview: true }),
      body,
      tag: { "data-consent": "granted" },
      before: [[known, { id }]],
    });
    const tab = await open(shop.url("/?tb=hero:boots"));
    await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
    assert.deepEqual(await tab.evaluate(exposures), []);
    assert.deepEqual(await tab.evaluate(() => window.tailorbird.export().counts), []);
    const closed = site({ config: tested(), body, before: [[known, { id }]] });
    const other = await open(closed.url("/?tb=hero:boots"));
    await other.announced("decision");
    assert.equal(await other.text("h1"), SENT);
  },
);

scene(
  "a redirect stays on the site, keeps the parameters, and is kept as met before the page is left",
  async ({ site, open }) => {
    const [id] = ids("boots");
    /** @type {(to: string, more?: object) => ReturnType<typeof tested>} */
    const redirect = (to, more = {}) =>
      tested({
        slots: [],
        experiments: {
          experiments: [
            {
              ...TEST,
              variations: [{}, { urlRedirect: to }],
              urlPatterns: [{ type: "simple", include: true, pattern: "/old" }],
              persistQueryString: true,
            },
          ],
        },
        ...more,
      });
    const pages = { "/old": { body }, "/new": { body: "<h1>The new page</h1>" } };
    // The name of the site is known only once it stands, so the address is written by the page's own host.
    const shop = site({
      config: redirect("http://shop.invalid/new"),
      body,
      pages,
      tag: { "data-consent": "granted" },
      before: [[known, { id }]],
    });
    const origin = new URL(shop.url()).origin;
    shop.spec.config = redirect(`${origin}/new`);
    const tab = await open(shop.url("/old?size=42"));
    await tab.until(() => location.pathname === "/new");
    assert.equal(await tab.evaluate(() => location.search), "?size=42");
    await tab.until(exposuresOnce);
    assert.deepEqual(await tab.evaluate(exposures), ["hero-test 1"]);
    assert.ok((await tab.evaluate(keptKeys)).length > 0);

    const strict = site({
      config: redirect("http://elsewhere.invalid/new"),
      body,
      pages,
      tag: { "data-consent": "granted" },
      before: [[known, { id }]],
    });
    const held = await open(strict.url("/old"));
    await held.announced("ready");
    assert.equal(await held.evaluate(() => location.pathname), "/old", "another origin needs the owner's word");
  },
);

scene(
  "code asks for a feature, with what it knows itself, and may only peek",
  { said: [/"nothing"/] },
  async ({ site, open }) => {
    const shop = site({
      config: tested({
        experiments: {
          experiments: [TEST],
          features: {
            colour: {
              defaultValue: "green",
              rules: [{ id: "pros", condition: { plan: { $regexi: "^PR" } }, force: "red" }],
            },
            layout: {
              defaultValue: "old",
              rules: [{ key: "layout-test", variations: ["new", "newer"], hashVersion: 2 }],
            },
          },
        },
      }),
      body,
      before: [[known, { id: "visitor-3" }]],
    });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const asked = await tab.evaluate(() => [
      window.tailorbird.feature("colour"),
      window.tailorbird.feature("colour", { attributes: { plan: "pro" } }),
      window.tailorbird.feature("colour"),
      window.tailorbird.feature("nothing"),
      window.tailorbird.feature("layout", { peek: true }).source,
      window.tailorbird.export().exposures.length,
      window.tailorbird.feature("layout").source,
      window.tailorbird.export().exposures.length,
    ]);
    const [plain, pro, after, none, peeked, before, used, later] = asked;
    assert.equal(plain.value, "green");
    assert.deepEqual([pro.value, pro.source, pro.rule, pro.targeted], ["red", "force", "pros", true]);
    assert.equal(after.value, "green", "what was said beside held for once");
    assert.equal(none, null);
    assert.deepEqual([peeked, used], ["experiment", "experiment"]);
    assert.equal(later, before + 1);
  },
);

scene(
  "experiments of the visual editor change the page by the same safe changes, beside slots and each other",
  { said: [/js is not run/] },
  async ({ site, open }) => {
    const visual = (/** @type {string} */ key, /** @type {object} */ variation) => ({
      key,
      hashVersion: 2,
      hashAttribute: "id",
      weights: [0, 1],
      urlPatterns: [{ type: "simple", include: true, pattern: "/" }],
      variations: [{}, variation],
    });
    const experiments = {
      experiments: [
        visual("headline", {
          js: "window.pwned = true",
          css: "#rest { color: rgb(0, 128, 0) }",
          domMutations: [
            { selector: "#rest", action: "set", attribute: "html", value: "The <em>best</em> of the page." },
            { selector: "#rest", action: "append", attribute: "class", value: "best" },
          ],
        }),
        visual("link", {
          domMutations: [
            { selector: "#home", action: "set", attribute: "href", value: "/boots" },
            { selector: "main", action: "append", attribute: "html", value: "<p>More</p>" },
          ],
        }),
      ],
    };
    const shop = site({
      config: config({ experiments }),
      body,
      tag: { "data-consent": "granted" },
      before: [
        () => {
          window.tailorbird = window.tailorbird || [];
          window.tailorbird.push(["attributes", { id: "visitor-1" }]);
        },
        [queued, looks("boots")],
      ],
    });
    const tab = await open(shop.url());
    const sent = () => document.body.querySelector("main")?.outerHTML;
    await tab.until(() => document.querySelector("h1")?.textContent === "Boots that know the way");
    await tab.until(() => document.querySelector("#rest em") && document.querySelectorAll("main p").length === 2);
    const shown = await tab.evaluate(() => {
      const rest = /** @type {HTMLElement} */ (document.querySelector("#rest"));
      return {
        text: rest.innerText,
        color: getComputedStyle(rest).color,
        className: rest.className,
        href: document.querySelector("#home")?.getAttribute("href"),
        pwned: "pwned" in window,
      };
    });
    assert.deepEqual(shown, {
      text: "The best of the page.",
      color: "rgb(0, 128, 0)",
      className: "best",
      href: "/boots",
      pwned: false,
    });
    const { exposures } = await tab.evaluate(() => window.tailorbird.export());
    assert.deepEqual(exposures.map((/** @type {Exposure} */ { experiment }) => experiment).sort(), [
      "headline",
      "link",
    ]);
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.evaluate(sent), '<main><p id="rest">The rest of the page.</p></main>');
    assert.equal(await tab.evaluate(() => document.querySelector("#home")?.getAttribute("href")), "/");
  },
);
