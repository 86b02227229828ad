// One event, one slot, one decision, and the ways in which a page tells us of events.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { watchNetwork } from "./rig/before.mjs";
import { body, BOOTS, config, hero, layered, looks, MAIL, queued, SENT, TENTS, tracked, view } from "./outdoor.mjs";

const { scene } = await rig();

/** Runs in the page before the tag. */
const namedLayer = () => {
  window.shopLayer = [];
};

scene("one event decides one slot", async ({ site, open }) => {
  const one = hero({ choose: [{ by: "interest", events: 1 }] });
  const shop = site({ config: config({ slots: [one] }), body, before: [[queued, looks("boots", 1)]] });
  const tab = await open(shop.url());
  const decision = await tab.announced("decision");
  assert.equal(decision.slot, "hero");
  assert.equal(decision.variant, "boots");
  assert.equal(decision.level, "personalized");
  assert.equal(decision.propensity, 1);
  assert.ok(decision.score > 0.2 && decision.score <= 1, `${decision.score}`);
  assert.ok(decision.reasons.length > 0 && decision.reasons.every((reason) => typeof reason === "string"));
  assert.equal(await tab.text("h1"), BOOTS);
  assert.deepEqual(
    await tab.evaluate(() => {
      const { href, title, textContent } = /** @type {HTMLAnchorElement} */ (
        document.querySelector("[data-tb-slot] a")
      );
      return { href: new URL(href).pathname, title, textContent };
    }),
    { href: "/boots", title: "To the boots", textContent: "See all" },
  );
  assert.deepEqual(await tab.announced("ready"), { available: true });
  const { sessions, slots, prompts, experiments } = await tab.evaluate(() => window.tailorbird.report());
  assert.deepEqual([sessions, prompts, experiments], [1, [], []]);
  const counts = { exposures: 1, impressions: 0, conversions: 0, rate: 0 };
  assert.deepEqual(slots, [{ slot: "hero", variant: "boots", ...counts }]);
  assert.deepEqual(shop.engineRequests().sort(), ["/tailorbird.js", "/tailorbird.json"]);
});

scene(
  "a visitor of whom nothing is known sees the page as it was sent",
  { said: [/"nowhere"/] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body });
    const tab = await open(shop.url());
    await tab.announced("ready");
    assert.equal(await tab.text("h1"), SENT);
    const decision = await tab.evaluate(() => window.tailorbird.peek("hero"));
    assert.equal(decision.variant, null);
    assert.equal(decision.level, "standard");
    assert.equal(await tab.evaluate(() => window.tailorbird.peek("nowhere")), null);
  },
);

scene("a page without a config starts, and changes nothing", async ({ site, open }) => {
  const shop = site({ body });
  const tab = await open(shop.url());
  await tab.announced("ready");
  assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
  assert.equal(await tab.text("h1"), SENT);
  assert.deepEqual(shop.engineRequests(), ["/tailorbird.js"]);
});

scene("a slot is found by the owner's selector on a page nobody may edit", async ({ site, open }) => {
  const shop = site({
    config: config({ slots: [hero({ target: "main > .teaser" })] }),
    body: `<main><div class="teaser"><h1>${SENT}</h1><a href="/all">See all</a></div></main>`,
    before: [[queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
  assert.equal(await tab.text("main > .teaser h1"), BOOTS);
});

scene("a slot that arrives later is personalized when it arrives", async ({ site, open }) => {
  const shop = site({ config: config(), body: `<main id="app"></main>`, before: [[queued, looks("tents")]] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate((html) => {
    /** @type {Element} */ (document.querySelector("#app")).innerHTML = html;
  }, body);
  await tab.until((text) => document.querySelector("h1")?.textContent === text, TENTS);
});

scene("a visitor from the newsletter meets the segment's variant", async ({ site, open }) => {
  const shop = site({ config: config(), body });
  const tab = await open(shop.url("/?utm_source=newsletter&utm_medium=email"));
  const decision = await tab.announced("decision");
  assert.equal(decision.variant, "mail");
  assert.equal(decision.level, "customized");
  assert.equal(await tab.text("h1"), MAIL);
});

scene("with no evidence and no segment the most popular variant answers", async ({ site, open }) => {
  const variants = hero().variants.map((variant, i) => ({ ...variant, weight: [0.2, 0.7, 0][i] }));
  const shop = site({
    config: config({ slots: [hero({ variants, choose: [...hero().choose, { by: "popular" }] })] }),
    body,
  });
  const tab = await open(shop.url());
  const decision = await tab.announced("decision");
  assert.equal(decision.variant, "tents");
  assert.equal(decision.level, "generic");
  assert.equal(decision.score, 0.7);
});

scene("a holdout of one leaves every visitor who can be told apart the page as it was sent", async ({ site, open }) => {
  const shop = site({
    config: config({ slots: [hero({ holdout: 1 })] }),
    body,
    tag: { "data-consent": "granted" },
    before: [[queued, looks("boots")]],
    pages: { "/unasked": { tag: {} } },
  });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const decision = await tab.evaluate(() => window.tailorbird.decide("hero"));
  assert.equal(decision.level, "standard");
  assert.equal(decision.variant, null);
  assert.equal(await tab.text("h1"), SENT);
  // Without consent there is nothing lasting to draw from, and nobody is drawn anew on each page.
  await tab.goto(shop.url("/unasked"));
  const unasked = await tab.announced("decision");
  assert.equal(unasked.variant, "boots");
  assert.match(unasked.reasons.join(), /no stable id/);
});

scene("events pushed to the data layer before we loaded are heard, in both dialects", async ({ site, open }) => {
  const entries = [
    ["js", "2026-01-01"],
    ["event", "view_item", view("boots", 1)],
    { ecommerce: null },
    { event: "view_item", ecommerce: view("boots", 2) },
    { event: "gtm.js" },
    ["event", "view_item", view("boots", 3)],
  ];
  const shop = site({ config: config(), body, before: [[layered, entries]] });
  const tab = await open(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
});

scene(
  "events pushed to the data layer after we loaded are heard, and the page's own push still answers",
  async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [[layered, [["js", "2026-01-01"]]]] });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const lengths = await tab.evaluate(
      (first, second, third) => {
        window.gtag("event", "view_item", first);
        return [
          window.dataLayer.push({ event: "view_item", ecommerce: second }),
          window.dataLayer.push({ event: "view_item", ecommerce: third }),
          window.dataLayer.length,
        ];
      },
      view("boots", 1),
      view("boots", 2),
      view("boots", 3),
    );
    assert.deepEqual(lengths, [3, 4, 4]);
    await tab.until(() => window.tailorbird.peek("hero").variant === "boots");
  },
);

scene("a data layer of another name is heard under that name", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-layer": "shopLayer" }, before: [namedLayer] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate((events) => {
    for (const [event, ecommerce] of events) window.shopLayer.push({ event, ecommerce });
  }, looks("boots"));
  await tab.until(() => window.tailorbird.peek("hero").variant === "boots");
});

scene("what is told after loading counts as well, by track and by push", async ({ site, open }) => {
  const shop = site({ config: config(), body });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(([[name, params], ...others]) => {
    window.tailorbird.track(name, params);
    window.tailorbird.push(...others.map(([each, more]) => /** @type {const} */ (["track", each, more])));
  }, looks("boots"));
  const [peeked, decided, explained] = await tab.evaluate(() => [
    window.tailorbird.peek("hero"),
    window.tailorbird.decide("hero"),
    window.tailorbird.explain("hero"),
  ]);
  assert.equal(decided.variant, "boots");
  assert.equal(peeked.score, decided.score);
  assert.ok(explained && typeof explained === "object");
});

scene("what the site says of a visitor is used in its segments", async ({ site, open }) => {
  const shop = site({
    config: config({
      segments: [{ id: "pro", when: { plan: "pro" } }],
      slots: [
        hero({
          choose: [{ by: "segment" }],
          variants: [{ id: "pros", segment: "pro", content: { text: { h1: "For professionals" } } }],
        }),
      ],
    }),
    body,
  });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(() => window.tailorbird.push(["attributes", { plan: "pro" }]));
  await tab.until(() => window.tailorbird.peek("hero").variant === "pros");
});

scene("an impression is a second at least half on screen", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  const impression = await tab.announced("impression");
  assert.deepEqual(impression, { slot: "hero", variant: "boots" });
});

scene("stop puts the page back as it was sent", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.text("h1"), SENT);
  assert.deepEqual(
    await tab.evaluate(() => {
      const link = document.querySelector("[data-tb-slot] a");
      return [link?.getAttribute("href"), link?.getAttribute("title")];
    }),
    ["/all", "Everything"],
  );
});

scene("a page that hydrates is left alone until it says it is ready", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-wait": "hydration" }, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.until(() => typeof window.tailorbird.ready === "function");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await tab.text("h1"), SENT);
  await tab.evaluate(() => window.tailorbird.ready());
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
});

scene("a second tag joins the first and says so", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body: `${body}<script async src="/tailorbird.js" data-config="/tailorbird.json"></script>`,
    before: [[queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("duplicate");
  await tab.announced("ready");
  assert.equal((await tab.announcements("ready")).length, 1);
  assert.equal((await tab.announcements("decision")).length, 1);
  assert.equal(await tab.text("h1"), BOOTS);
});

scene("an inline config needs no request, and no function that could make one is called", async ({ site, open }) => {
  const shop = site({
    config: config(),
    inline: true,
    body,
    tag: { "data-consent": "granted" },
    csp: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'",
    before: [watchNetwork, [queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), BOOTS);
  await tab.evaluate(tracked, looks("tents", 5));
  assert.deepEqual(await tab.evaluate(() => [window.sent, window.seen.violations]), [[], []]);
  assert.deepEqual(shop.engineRequests(), ["/tailorbird.js"]);
});
