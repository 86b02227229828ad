// The visitor's country, guessed from the time zone: when the table is loaded, what comes of it, who knows better.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, looks, queued, SENT } from "./outdoor.mjs";

/** @import { Site, Tab } from "./rig/types.js" */

const { scene } = await rig();

const COUNTRY = "/tailorbird-country.js";
const HERE = "Delivered from Hamburg tomorrow";

/**
 * A hero for visitors from Germany; `when` is how the config asks.
 *
 * @param {object} [when]
 */
const asking = (when = { "geo.country": "DE" }) =>
  config({
    segments: [{ id: "german", when }],
    slots: [
      hero({
        choose: [{ by: "segment" }, { by: "interest", dimension: "category", min: 0.2, events: 3 }],
        variants: [
          { id: "here", segment: "german", content: { text: { h1: HERE } } },
          { id: "boots", tags: { category: "boots" }, content: { text: { h1: BOOTS } } },
        ],
      }),
    ],
  });
/**
 * Runs before the tag: the browser is set to this zone, and to this language.
 *
 * @param {string} timeZone
 * @param {string} language
 */
const living = (timeZone, language) => {
  const { resolvedOptions } = Intl.DateTimeFormat.prototype;
  Intl.DateTimeFormat.prototype.resolvedOptions = function () {
    return { ...resolvedOptions.call(this), timeZone };
  };
  Object.defineProperty(Navigator.prototype, "language", { get: () => language });
};
const inBerlin = [living, "Europe/Berlin", "de-DE"];
const page = (more = {}) => ({
  config: asking(),
  tag: { "data-consent": "granted" },
  body,
  before: [inBerlin],
  ...more,
});

/**
 * @param {Tab} tab
 * @param {string} text
 */
const headline = (tab, text) => tab.until((wanted) => document.querySelector("h1")?.textContent === wanted, text);
/** @param {Tab} tab */
const geo = (tab) => tab.evaluate(() => window.tailorbird.profile().attributes.geo ?? null);
/** @param {Tab} tab */
const country = async (tab) => (await geo(tab))?.country ?? null;
/**
 * How often the table was asked for.
 *
 * @param {Site} shop
 */
const loads = (shop) => shop.engineRequests().filter((path) => path === COUNTRY).length;
/**
 * The engine runs, the table was asked for once, and what follows from it has happened.
 *
 * @param {Site} shop
 * @param {Tab} tab
 */
const come = async (shop, tab) => {
  await tab.started();
  for (let i = 0; i < 100 && loads(shop) === 0; i += 1) await pause(25);
  await pause(250);
  assert.equal(loads(shop), 1);
};

scene("where no condition asks for the country, the table is not loaded", async ({ site, open }) => {
  const shop = site(page({ config: config(), before: [inBerlin, [queued, looks("boots")]] }));
  const tab = await open(shop.url());
  await headline(tab, BOOTS);
  assert.deepEqual(shop.engineRequests().sort(), ["/tailorbird.js", "/tailorbird.json"]);
  assert.equal(await country(tab), null);
});

scene("a visitor who lives by Berlin's clock and reads German is met as from Germany", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await headline(tab, HERE);
  assert.deepEqual(await geo(tab), { country: "DE", confidence: 0.79 });
  assert.equal(loads(shop), 1);
});

scene("how sure it must be is the config's to say", async ({ site, open }) => {
  const shop = site(page({ config: asking({ "geo.country": "DE", "geo.confidence": { $gte: 0.7 } }) }));
  const sure = await open(shop.url());
  await headline(sure, HERE);
  const abroad = site(page({ ...shop.spec, before: [[living, "Europe/Berlin", "en-US"]] }));
  const tab = await open(abroad.url());
  await tab.until(() => window.tailorbird?.profile?.().attributes.geo?.country);
  assert.deepEqual(await geo(tab), { country: "DE", confidence: 0.46 });
  assert.equal(await tab.text("h1"), SENT);
});

scene("a browser that says UTC, as those do that hide where they are, is in no country", async ({ site, open }) => {
  const shop = site(page({ before: [[living, "UTC", "de-DE"]] }));
  const tab = await open(shop.url());
  await come(shop, tab);
  assert.equal(await country(tab), null);
  assert.equal(await tab.text("h1"), SENT);
});

scene("what the site says of the country counts, and no guess beside it", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await headline(tab, HERE);
  await tab.evaluate(() => window.tailorbird.attributes({ geo: { country: "CH" } }));
  const known = await geo(tab);
  assert.equal(known.country, "CH");
  assert.notEqual(known.confidence, 0.79, "which was said of Germany");
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.profile().segments), []);
});

scene("what the site said before the guess came counts as well", async ({ site, open }) => {
  const before = () => {
    // @ts-expect-error: before the tag has run it is the queue
    window.tailorbird = [["attributes", { geo: { country: "DE" } }]];
  };
  const shop = site(page({ before: [[living, "Europe/Zurich", "de-CH"], before] }));
  const tab = await open(shop.url());
  await headline(tab, HERE);
  await come(shop, tab);
  assert.equal(await country(tab), "DE");
});

scene(
  "where the table cannot be had there is no country, and everything else goes on",
  { said: [/404|Failed to load|error loading|Loading module/i], missing: [COUNTRY] },
  async ({ site, open }) => {
    const shop = site(
      page({
        before: [inBerlin, [queued, looks("boots")]],
        files: { [COUNTRY]: { status: 404, type: "text/html", body: "<h1>Not found</h1>" } },
      }),
    );
    const tab = await open(shop.url());
    await headline(tab, BOOTS);
    await come(shop, tab);
    assert.equal(await country(tab), null);
    assert.equal(await tab.text("h1"), BOOTS);
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    assert.deepEqual(await tab.announcements("unavailable"), []);
  },
);

scene("where the browser knows no time zone there is no country, and no word of it", async ({ site, open }) => {
  const shop = site(page({ before: [() => Reflect.deleteProperty(window, "Intl")] }));
  const tab = await open(shop.url());
  await come(shop, tab);
  assert.equal(await country(tab), null);
  assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
});
