// The boot snippet: what slots showed on the last visit stands before the engine has loaded, where the visitor
// allows it and nowhere else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { rig } from "./rig/rig.mjs";
import { BOOTS, config, hero, SENT } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

const boot = await readFile(new URL("../../dist/boot.js", import.meta.url), "utf8");

/** How late the engine comes, in milliseconds. */
const LATE = 1_500;

const everybody = hero({
  choose: [{ by: "popular" }],
  variants: [{ id: "boots", weight: 1, content: { text: { h1: BOOTS } } }],
});
/** @param {string} attributes */
const snippet = (attributes) => `<script ${attributes}>${boot}</script>`;
const style = "<style>[data-tb-slot]{min-height:90px} html[data-tb-hero=boots] #badge{color:rgb(0, 128, 0)}</style>";
const body = `<header>The shop</header><section data-tb-slot="hero" data-tb-hide><h1>${SENT}</h1>
<p id="badge">New</p></section><p id="rest">The rest of the page.</p>`;

/** @param {{ attributes?: string, consent?: string, slots?: object[], head?: string }} [more] */
const page = ({ attributes = 'data-consent="granted" data-text', consent = "granted", slots, head = "" } = {}) => ({
  config: config({ slots: slots ?? [everybody] }),
  inline: true,
  head: `${style}${head}${snippet(attributes)}`,
  body,
  tag: { "data-consent": consent },
});

/** Runs in the page: what a visitor sees, and whether the engine is there. */
const seen = () => {
  const root = document.documentElement;
  const badge = /** @type {HTMLElement} */ (document.querySelector("#badge"));
  return {
    engine: !!window.tailorbird && "available" in window.tailorbird,
    title: document.querySelector("h1")?.textContent,
    hero: root.getAttribute("data-tb-hero"),
    config: root.getAttribute("data-tb"),
    color: getComputedStyle(badge).color,
  };
};

/** @param {Tab} tab */
const applied = (tab) => tab.until(() => window.seen.events.some(({ name }) => name === "decision"));

/** Writes down what each frame shows, as soon as the slot is there. */
const frames = `<script>
  window.shown = [];
  (function frame() {
    const badge = document.querySelector("#badge");
    if (badge) window.shown.push({
      title: document.querySelector("h1").textContent,
      visibility: getComputedStyle(badge).visibility,
      rest: getComputedStyle(document.querySelector("header")).visibility,
      height: document.querySelector("section").offsetHeight,
      engine: !!window.tailorbird && "available" in window.tailorbird,
    });
    if (window.shown.length < 600) requestAnimationFrame(frame);
  })();
</script>`;
/** @typedef {{ title: string, visibility: string, rest: string, height: number, engine: boolean }} Frame */

/**
 * @param {Tab} tab
 * @returns {Promise<Frame[]>}
 */
const framesOf = (tab) => tab.evaluate(() => Reflect.get(window, "shown"));

/**
 * The last decisions, once they say what is shown: at first they may be those before the first event.
 *
 * @param {Tab} tab
 */
const keptDecisions = (tab) =>
  tab.until((text) => {
    const kept = localStorage.getItem("tailorbird.d");
    return kept?.includes(text) ? kept : null;
  }, BOOTS);

scene("what was shown last stands in the first frame, and goes when the engine ends", async ({ site, open }) => {
  const shop = site(page({ head: frames }));
  const tab = await open(shop.url());
  await applied(tab);
  const first = await tab.evaluate(seen);
  assert.deepEqual([first.title, first.hero, first.color], [BOOTS, "boots", "rgb(0, 128, 0)"]);
  const kept = await keptDecisions(tab);
  assert.match(String(kept), new RegExp(`^[0-9a-f]{16}\nhero\tboots\th1\t${BOOTS}$`));

  shop.spec.files = { "/tailorbird.js": { delay: LATE } };
  await tab.goto(shop.url("/?again"));
  await applied(tab);
  const shown = await framesOf(tab);
  assert.equal(shown[0].engine, false);
  assert.deepEqual(
    [...new Set(shown.map(({ title, visibility }) => `${title}, ${visibility}`))],
    [`${BOOTS}, visible`],
  );
  await tab.picture("boot");
  const after = await tab.evaluate(seen);
  assert.deepEqual([after.title, after.hero, after.engine], [BOOTS, "boots", true]);
  const decision = await tab.announced("decision");
  assert.deepEqual([decision.variant, decision.applied], ["boots", true]);

  await tab.evaluate(() => window.tailorbird.stop());
  const stopped = await tab.evaluate(seen);
  assert.deepEqual([stopped.title, stopped.hero, stopped.config, stopped.color], [SENT, null, null, "rgb(0, 0, 0)"]);
});

scene("without a word of consent the device is not asked", async ({ site, open }) => {
  const watch = `<script>window.asked = 0;
    const own = Object.getOwnPropertyDescriptor(Window.prototype, "localStorage") ?? Object.getOwnPropertyDescriptor(window, "localStorage");
    Object.defineProperty(window, "localStorage", { configurable: true, get() { window.asked++; return own.get.call(window); } });
  </script>`;
  const shop = site({});
  for (const attributes of ["", "data-text", 'data-consent="denied"', 'data-consent-cookie="cc=personalize"']) {
    shop.spec = { ...shop.spec, ...page({ attributes, consent: "auto", head: watch }) };
    const tab = await open(shop.url());
    await tab.started();
    assert.equal(await tab.evaluate(() => Reflect.get(window, "asked")), 0, attributes);
    await tab.close();
  }
});

scene("a cookie says yes by the text that the tag names", async ({ site, open }) => {
  const shop = site(page({ attributes: 'data-consent-cookie="cc=personalize" data-text' }));
  const tab = await open(shop.url());
  await keptDecisions(tab);
  shop.spec = { ...shop.spec, tag: false };
  for (const [cookie, shown] of [
    ["cc=necessary", SENT],
    ["xcc=personalize", SENT],
    ["cc=%5B%22necessary%22,%22personalize%22%5D", BOOTS],
  ]) {
    await tab.evaluate((cookie) => {
      document.cookie = `${cookie}; path=/`;
    }, cookie);
    await tab.goto(shop.url(`/?${encodeURIComponent(cookie)}`));
    assert.equal(await tab.text("h1"), shown, cookie);
    await tab.evaluate((cookie) => {
      document.cookie = `${cookie.split("=")[0]}=; path=/; max-age=0`;
    }, cookie);
  }
});

scene(
  "texts stand also where the page is one line, ends with its slot, and runs no other script",
  async ({ site, open }) => {
    const line = `<section data-tb-slot="hero"><h1>${SENT}</h1></section>`;
    const shop = site({ ...page(), body: line });
    const tab = await open(shop.url());
    await keptDecisions(tab);
    shop.spec = { ...shop.spec, tag: false, config: undefined };
    for (let visit = 0; visit < 10; visit += 1) {
      await tab.goto(shop.url(`/?${visit}`));
      assert.equal(await tab.text("h1"), BOOTS, `visit ${visit}`);
    }
  },
);

scene("decisions of another config are discarded when the engine comes", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await keptDecisions(tab);
  // The slot shows something else to everybody from now on.
  const tents = hero({
    choose: [{ by: "popular" }],
    variants: [{ id: "tents", weight: 1, content: { text: { h1: "Tents" } } }],
  });
  shop.spec = { ...shop.spec, ...page({ slots: [tents] }) };
  await tab.goto(shop.url("/?other"));
  await applied(tab);
  const { title, hero: variant } = await tab.evaluate(seen);
  assert.deepEqual([title, variant], ["Tents", "tents"]);
  const none = { ...shop.spec, ...page({ slots: [hero({ choose: [{ by: "segment" }], variants: [] })] }) };
  shop.spec = none;
  await tab.goto(shop.url("/?none"));
  await tab.started();
  await tab.until((sent) => document.querySelector("h1")?.textContent === sent, SENT);
  const nothing = await tab.evaluate(seen);
  assert.deepEqual([nothing.hero, nothing.config], [null, null]);
});

scene("a first visit hides marked slots only, keeps their height, and shows them soon", async ({ site, open }) => {
  const shop = site({ ...page({ head: frames }), files: { "/tailorbird.js": { delay: LATE } } });
  const tab = await open(shop.url());
  await applied(tab);
  const shown = await framesOf(tab);
  const hidden = shown.filter(({ visibility }) => visibility === "hidden");
  assert.ok(hidden.length > 0);
  assert.ok(hidden.every(({ rest, height }) => rest === "visible" && height === shown[shown.length - 1].height));
  const revealed = shown.find(({ visibility }) => visibility === "visible");
  assert.ok(revealed && !revealed.engine && revealed.title === SENT, "shown long before the engine is there");
  assert.equal((await tab.evaluate(seen)).title, BOOTS);
});
