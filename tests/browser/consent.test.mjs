// What is kept on the device, and when: the promise "nothing before consent" seen from outside.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { watchStorage } from "./rig/before.mjs";
import { body, BOOTS, config, keptKeys, layered, looks, queued, SENT, tracked } from "./outdoor.mjs";

/** @import { Site, Tab } from "./rig/types.js" */

const { scene } = await rig();

const OURS = /^tailorbird\.(v1|e|d|t\.[0-9a-f]{16})$/;
/** Runs in the page: touches of storage. A lock is none: it keeps nothing. */
const touches = () => window.touched.filter((touch) => !touch.startsWith("LockManager"));

/**
 * Puts something onto the device before the scene proper.
 *
 * @param {Tab} tab
 * @param {Site} shop
 * @param {[key: string, text: string][]} entries
 */
const seed = async (tab, shop, entries) => {
  await tab.goto(shop.url("/empty"));
  await tab.evaluate((all) => {
    for (const [key, value] of all) localStorage.setItem(key, value);
  }, entries);
};
const empty = { "/empty": { tag: false, before: [], body: "<p>Nothing here.</p>" } };

scene(
  "while nobody has spoken of consent the device is not touched at all, and the visit is personalized",
  async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [watchStorage, [queued, looks("boots")]] });
    const tab = await open(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.text("h1"), BOOTS);
    await tab.evaluate(tracked, looks("tents", 10));
    await tab.evaluate(() => {
      window.tailorbird.decide("hero");
      window.tailorbird.profile();
      window.tailorbird.export();
      window.tailorbird.explain("hero");
    });
    await tab.click("#rest");
    await pause(1_300);
    await tab.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide")));
    assert.deepEqual(await tab.evaluate(touches), []);
  },
);

scene(
  "a yes on the tag keeps a journal under the keys of the contract, and touches nothing else",
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      tag: { "data-consent": "granted" },
      pages: empty,
      before: [watchStorage, [queued, looks("boots")]],
    });
    const tab = await open();
    await seed(tab, shop, [
      ["theme", "dark"],
      ["tailorbirds", "7"],
      ["tailorbird-other.v1", "theirs"],
    ]);
    await tab.goto(shop.url());
    await tab.announced("decision");
    const keys = await tab.until((isOurs) => {
      const all = Object.keys(localStorage);
      return all.some((key) => new RegExp(isOurs).test(key)) && all.sort();
    }, OURS.source);
    assert.deepEqual(
      keys.filter((key) => !OURS.test(key)),
      ["tailorbird-other.v1", "tailorbirds", "theme"],
    );
    const touched = await tab.evaluate(touches);
    const named = touched
      .filter((touch) => /^(getItem|setItem|removeItem) /.test(touch))
      .map((touch) => touch.split(" ")[1]);
    assert.deepEqual(
      named.filter((key) => !OURS.test(key)),
      [],
      "only our own keys were named",
    );
    assert.deepEqual(
      touched.filter((touch) => /clear|cookie|IDB|Cache|sessionStorage/.test(touch)),
      [],
    );
    for (const key of keys.filter((each) => OURS.test(each))) {
      const text = await tab.evaluate((each) => localStorage.getItem(each), key);
      assert.doesNotMatch(String(text), /[\u0100-\uffff]/);
    }
  },
);

scene("a returning visitor who said yes is met by what they looked at", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body,
    tag: { "data-consent": "granted" },
    pages: { "/boots": { body: "<h1>All boots</h1>" } },
  });
  const tab = await open(shop.url("/boots"));
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.goto(shop.url());
  const decision = await tab.announced("decision");
  assert.equal(decision.variant, "boots");
  assert.equal(decision.level, "personalized");
  assert.equal(await tab.text("h1"), BOOTS);
});

scene(
  "a yes by Consent Mode in the data layer is heard, and what this page view already saw is kept",
  async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [[layered, []]] });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(tracked, looks("boots"));
    assert.deepEqual(await tab.evaluate(keptKeys), []);
    await tab.evaluate(() =>
      window.gtag("consent", "update", { personalization_storage: "granted", analytics_storage: "denied" }),
    );
    const consent = await tab.announced("consent");
    assert.equal(consent.personalize, true);
    const keys = await tab.until(() => localStorage.length > 0 && Object.keys(localStorage));
    assert.ok(
      keys.every((key) => OURS.test(key)),
      String(keys),
    );
    const again = await open();
    await tab.close();
    await again.goto(shop.url());
    await again.announced("ready");
    assert.equal(await again.text("h1"), SENT, "nobody has said yes on this page view");
    await again.evaluate(() => window.gtag("consent", "update", { personalization_storage: "granted" }));
    await again.until(() => window.tailorbird.peek("hero").variant === "boots");
  },
);

scene("a default of denied before the visitor's stored yes removes nothing", async ({ site, open }) => {
  const entries = [
    ["consent", "default", { personalization_storage: "denied", analytics_storage: "denied", wait_for_update: 500 }],
    ["consent", "update", { personalization_storage: "granted" }],
  ];
  const shop = site({ config: config(), body, before: [[layered, entries]] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.goto(shop.url());
  const decision = await tab.announced("decision");
  assert.equal(decision.variant, "boots");
});

scene("a no removes our keys unread and leaves every other key", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body,
    tag: { "data-consent": "granted" },
    pages: { ...empty, "/no": { tag: { "data-consent": "denied" }, before: [watchStorage, [queued, looks("boots")]] } },
  });
  const tab = await open();
  await seed(tab, shop, [
    ["theme", "dark"],
    ["tailorbird.v1", "?"],
    ["tailorbird.t.0123456789abcdef", "?"],
    ["tailorbird-other.v1", "theirs"],
  ]);
  await tab.goto(shop.url("/no"));
  await tab.started();
  await tab.until(() => !Object.keys(localStorage).includes("tailorbird.v1"));
  assert.deepEqual(await tab.evaluate(keptKeys), ["tailorbird-other.v1", "theme"]);
  const touched = await tab.evaluate(touches);
  assert.deepEqual(
    touched.filter((touch) => /^(getItem|setItem|clear)/.test(touch)),
    [],
  );
  assert.equal(await tab.text("h1"), SENT, "a visitor who said no is not personalized");
  assert.deepEqual(await tab.announcements("storage-reset"), []);
});

scene(
  "a no after a yes forgets at once, keeps nothing more, and the next page is as it was sent",
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      tag: { "data-consent": "granted" },
      before: [[queued, looks("boots")]],
      pages: { "/later": { before: [] } },
    });
    const tab = await open(shop.url());
    await tab.announced("decision");
    await tab.until(() => localStorage.length > 0);
    await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
    assert.deepEqual(await tab.evaluate(keptKeys), []);
    await tab.evaluate(tracked, looks("boots", 5));
    await pause(300);
    assert.deepEqual(await tab.evaluate(keptKeys), []);
    // Content that changes while it is read would be worse; but then nothing may say that it has.
    const last = (await tab.announcements("decision")).at(-1);
    assert.ok(last);
    assert.equal(
      await tab.text("h1"),
      last.variant === null ? SENT : BOOTS,
      "what was announced last is what the page shows",
    );
    await tab.goto(shop.url("/later"));
    await tab.announced("ready");
    assert.equal(await tab.text("h1"), SENT);
  },
);

scene("consent for this tab only keeps to sessionStorage", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "session" }, before: [watchStorage] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  const keys = await tab.until(() => sessionStorage.length > 0 && Object.keys(sessionStorage));
  assert.ok(
    keys.every((key) => OURS.test(key)),
    String(keys),
  );
  assert.deepEqual(
    (await tab.evaluate(touches)).filter((touch) => touch === "localStorage"),
    [],
  );
  assert.equal(await tab.evaluate(() => localStorage.length), 0);
  await tab.goto(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
});

scene("two namespaces on one origin do not see each other", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body,
    tag: { "data-consent": "granted", "data-namespace": "north" },
    pages: { "/south": { tag: { "data-consent": "granted", "data-namespace": "south" } } },
  });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  const keys = await tab.until(() => localStorage.length > 0 && Object.keys(localStorage));
  assert.ok(
    keys.every((key) => key.startsWith("tailorbird-north.")),
    String(keys),
  );
  await tab.goto(shop.url("/south"));
  await tab.announced("ready");
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), null);
});

scene(
  "erase in a tab that may keep nothing empties what another one keeps, also before it was folded",
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      tag: { "data-consent": "granted" },
      pages: { "/unasked": { tag: {} } },
    });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(tracked, looks("boots"));
    await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t.")));
    await tab.evaluate(() => localStorage.removeItem("tailorbird.v1"));
    const other = await open(shop.url("/unasked"));
    await other.announced("ready");
    await other.evaluate(() => window.tailorbird.erase());
    await tab.until(() => window.tailorbird.peek("hero").variant === null);
    assert.deepEqual(await other.evaluate(keptKeys), []);
  },
);

scene("erase empties the device and the memory, in the other tab as well", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  const second = await open(shop.url());
  assert.equal((await second.announced("decision")).variant, "boots");
  await tab.evaluate(() => window.tailorbird.erase());
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), null);
  await second.until(() => window.tailorbird.peek("hero").variant === null);
  // The second may just have been folding what it had read before.
  await pause(300);
  for (const each of [tab, second]) {
    assert.equal(await each.evaluate(() => window.tailorbird.peek("hero").variant), null);
  }
  await second.close();
  await tab.goto(shop.url());
  await tab.announced("ready");
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), null);
});
