// Areas: when the position is looked up, what becomes of it, and that nobody is asked but by `locate()`.
import assert from "node:assert/strict";
import { clock, entropy } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const BERN = { latitude: 46.94813, longitude: 7.44741, accuracy: 20 };
const ELSEWHERE = { latitude: 47.37688, longitude: 8.54169, accuracy: 20 };

const config = {
  version: 1,
  site: { areas: [{ id: "bern", latitude: 46.948, longitude: 7.447, radius: 500 }] },
  segments: [{ id: "bernese", when: { "geo.near.bern": true } }],
  slots: [
    {
      id: "strip",
      choose: [{ by: "segment" }],
      variants: [{ id: "pickup", segment: "bernese", content: { text: { p: "Pick it up around the corner" } } }],
    },
  ],
  prompts: [
    {
      id: "pickup",
      on: { near: "bern" },
      content: { title: "Pick it up today?", accept: "Show me the way", decline: "No thanks" },
    },
  ],
};

/**
 * Runs in the page: counts how often the position was asked for. Where no test can set them, the permission and the
 * position are these, as the browser would give them.
 *
 * @param {{ state: string, position: { latitude: number, longitude: number, accuracy: number } } | null} pretended
 */
const watchPosition = (pretended) => {
  window.asked = 0;
  const original = Geolocation.prototype.getCurrentPosition;
  /** @type {(this: Geolocation, ...given: Parameters<typeof original>) => void} */
  const watched = function (success, failure, options) {
    window.asked += 1;
    if (!pretended) return original.call(this, success, failure, options);
    const { state, position } = pretended;
    const answer = () => {
      if (state === "granted") success(/** @type {GeolocationPosition} */ ({ coords: position, timestamp: 0 }));
      else failure?.(/** @type {GeolocationPositionError} */ ({ code: 1, message: "denied" }));
    };
    setTimeout(answer, 20);
  };
  Geolocation.prototype.getCurrentPosition = watched;
  if (!pretended) return;
  Object.defineProperty(navigator, "permissions", {
    configurable: true,
    value: { query: () => Promise.resolve({ state: pretended.state }) },
  });
};

/** @typedef {"granted" | "denied" | "prompt"} State */

/**
 * A page, and how the browser answers on it.
 *
 * @param {State} state
 * @param {typeof BERN} position
 * @param {object} [more]
 */
const page = (state, position, more) => ({
  config,
  tag: { "data-consent": "granted" },
  body: `<section data-tb-slot="strip"><p>Free delivery</p></section><button id="find">Find a shop</button>
    <script>
      document.getElementById("find").addEventListener("click", () => {
        window.areas = "pending";
        tailorbird.locate().then((areas) => { window.areas = areas ?? "unknown"; });
      });
    </script>`,
  before: [
    [clock, START, true],
    [entropy, [1, 2, 3, 4, 5, 6, 7, 8]],
    // Nobody has asked a visitor of a test, in whichever browser.
    [watchPosition, browser === "chromium" || state === "prompt" ? null : { state, position }],
  ],
  ...more,
});

/**
 * Opens a page of the visitor who has answered so, and is there.
 *
 * @param {Tab} tab
 * @param {string} url
 * @param {State} state
 * @param {typeof BERN} position
 */
const visit = async (tab, url, state, position) => {
  if (tab.page && browser === "chromium") {
    const { origin } = new URL(url);
    const permission = { permission: { name: /** @type {const} */ ("geolocation") }, state };
    await tab.page.browserContext().setPermission(origin, permission);
    await tab.page.setGeolocation(position);
  }
  await tab.goto(url);
  await tab.announced("ready");
};

/** Runs in the page: what is known of areas. */
const near = () => window.tailorbird.profile().attributes.geo.near;

/** Runs in the page: everything that is stored, and everything that may be read of the visitor. */
const everything = () =>
  JSON.stringify([
    Object.entries(localStorage).sort(),
    Object.entries(sessionStorage).sort(),
    document.cookie,
    window.tailorbird.profile(),
    window.tailorbird.export(),
  ]);

/** A moment in which something would have happened. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 600));

scene(
  "where the visitor has allowed it the position is looked up, compared, and forgotten",
  async ({ site, visitor }) => {
    /** @type {string[]} */
    const known = [];
    for (const position of [BERN, { latitude: 46.9461, longitude: 7.4452, accuracy: 33 }]) {
      // Each is another visitor on another site, and what is stored of them is the same.
      const tab = await (await visitor()).open();
      await visit(tab, site(page("granted", position)).url(), "granted", position);
      assert.deepEqual(await tab.until(near), { bern: true });
      assert.equal(await tab.text("section p"), "Pick it up around the corner");
      assert.equal(await tab.evaluate(() => window.asked), 1);
      await tab.evaluate(() => {
        window.clock.advance(5_000);
        window.tailorbird.track("look_around");
      });
      assert.deepEqual(await tab.announced("prompt"), { prompt: "pickup", variant: "pickup", outcome: "shown" });
      // By then all has happened that a visit writes down.
      await tab.announced("impression");
      await tab.until(() => window.seen.events.some(({ detail }) => detail.outcome === "seen"));
      known.push(await tab.evaluate(everything));
    }
    for (const all of known) assert.doesNotMatch(all, /46\.94|7\.44|latitude/);
    assert.equal(known[0], known[1]);
  },
);

scene("who is elsewhere is not near, and the page stays as it is", async ({ site, open }) => {
  const tab = await open();
  await visit(tab, site(page("granted", ELSEWHERE)).url(), "granted", ELSEWHERE);
  assert.deepEqual(await tab.until(near), { bern: false });
  assert.equal(await tab.text("section p"), "Free delivery");
});

scene("where the visitor has refused or was never asked, the browser is asked nothing", async ({ site, open }) => {
  const tab = await open();
  for (const state of /** @type {const} */ (["denied", "prompt"])) {
    await visit(tab, site(page(state, BERN)).url(), state, BERN);
    await moment();
    assert.equal(await tab.evaluate(() => window.asked), 0, state);
    assert.equal(await tab.evaluate(near), undefined, state);
  }
});

scene("without consent the browser is asked nothing, and with it at once", async ({ site, open }) => {
  const tab = await open();
  await visit(tab, site(page("granted", BERN, { tag: {} })).url(), "granted", BERN);
  await tab.click("#find");
  await tab.until(() => Reflect.get(window, "areas") === "unknown");
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  await tab.click("#find");
  await moment();
  assert.equal(await tab.evaluate(() => window.asked), 0);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: "session" }));
  assert.deepEqual(await tab.until(near), { bern: true });
  assert.equal(await tab.evaluate(() => window.asked), 1);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  assert.equal(await tab.evaluate(near), undefined, "what is withdrawn is forgotten");
});

scene("a button finds the areas that the visitor is in", async ({ site, open }) => {
  const tab = await open();
  for (const [position, expected] of /** @type {const} */ ([
    [BERN, ["bern"]],
    [ELSEWHERE, []],
  ])) {
    await visit(tab, site(page("granted", position)).url(), "granted", position);
    await tab.until(near);
    await tab.click("#find");
    await tab.until(() => Array.isArray(Reflect.get(window, "areas")));
    assert.deepEqual(await tab.evaluate(() => Reflect.get(window, "areas")), expected);
    assert.equal(await tab.evaluate(() => window.asked), 2);
  }
});

scene("a button learns that the visitor refuses", async ({ site, open }) => {
  const tab = await open();
  // Without a window Chromium refuses in the place of a visitor whom it would have to ask; Firefox waits for one.
  /** @type {readonly State[]} */
  const states = browser === "chromium" ? ["denied", "prompt"] : ["denied"];
  for (const state of states) {
    await visit(tab, site(page(state, BERN)).url(), state, BERN);
    await tab.click("#find");
    await tab.until(() => Reflect.get(window, "areas") === "unknown");
    assert.equal(await tab.evaluate(() => window.asked), 1, state);
    assert.equal(await tab.evaluate(near), undefined, state);
  }
});

scene(
  "where nobody has pressed anything, locate() asks nothing and says so",
  { said: [/^tailorbird: locate\(\)/] },
  async ({ site, open }) => {
    const early = () => {
      /** @param {readonly string[] | undefined} areas */
      const answered = (areas) => {
        Reflect.set(window, "areas", areas ?? "unknown");
      };
      document.addEventListener("tailorbird:ready", () => void window.tailorbird.locate().then(answered));
    };
    // In Chromium and Firefox a question of the driver's to the page may count as a press.
    const unpressed = () => {
      Object.defineProperty(UserActivation.prototype, "isActive", { get: () => false });
    };
    const tab = await open();
    const given = page("prompt", BERN);
    const before = [...given.before, [early], ...(browser === "webkit" ? [] : [[unpressed]])];
    await visit(tab, site({ ...given, before }).url(), "prompt", BERN);
    await tab.until(() => Reflect.get(window, "areas") === "unknown");
    assert.equal(await tab.evaluate(() => window.asked), 0);
    assert.ok((await tab.heard()).some(({ text }) => /call it when the visitor presses something/.test(text)));
  },
);

scene(
  "where the config has no areas, nothing is looked up, and locate() says so",
  { said: [/^tailorbird: locate\(\)/] },
  async ({ site, open }) => {
    const tab = await open();
    await visit(tab, site(page("granted", BERN, { config: { version: 1 } })).url(), "granted", BERN);
    await tab.click("#find");
    await tab.until(() => Reflect.get(window, "areas") === "unknown");
    assert.equal(await tab.evaluate(() => window.asked), 0);
    assert.ok((await tab.heard()).some(({ text }) => /the config has no site\.areas/.test(text)));
  },
);

scene("where the browser has neither a position nor permissions, nothing breaks", async ({ site, open }) => {
  const without = () => {
    for (const name of ["geolocation", "permissions", "userActivation"])
      Object.defineProperty(navigator, name, { configurable: true, value: undefined });
  };
  const broken = () => {
    Object.defineProperty(navigator, "permissions", { configurable: true, value: { query: () => "granted" } });
    Object.defineProperty(navigator, "geolocation", {
      configurable: true,
      value: { getCurrentPosition: (/** @type {(answer: unknown) => void} */ success) => success({ coords: "Bern" }) },
    });
  };
  const tab = await open();
  for (const step of [without, broken]) {
    const given = page("granted", BERN);
    await visit(tab, site({ ...given, before: [...given.before, [step]] }).url(), "granted", BERN);
    await tab.click("#find");
    await tab.until(() => Reflect.get(window, "areas") === "unknown");
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    assert.equal(await tab.evaluate(near), undefined);
  }
});

scene("who stops the engine while the position is looked up gets an answer", async ({ site, open }) => {
  const slow = () => {
    Geolocation.prototype.getCurrentPosition = (/** @type {PositionCallback} */ success) => {
      const coords = { latitude: 46.948, longitude: 7.447, accuracy: 20 };
      setTimeout(() => success(/** @type {GeolocationPosition} */ ({ coords })), 300);
    };
  };
  const tab = await open();
  const given = page("granted", BERN);
  await visit(tab, site({ ...given, before: [...given.before, [slow]] }).url(), "granted", BERN);
  await tab.click("#find");
  await tab.evaluate(() => window.tailorbird.stop());
  await tab.until(() => Reflect.get(window, "areas") === "unknown");
  assert.equal(await tab.evaluate(async () => (await window.tailorbird.locate()) ?? "unknown"), "unknown");
});
