// Pages that lie, shout, fight or attack. The engine stays bounded and inert, the page alive.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, layered, looks, queued, SENT, tracked, view } from "./outdoor.mjs";

const { scene } = await rig();

scene(
  "events that are nonsense are taken without an exception, and good ones still count",
  { said: [/^tailorbird: /] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const thrown = await tab.evaluate(() => {
      const tb = window.tailorbird;
      const circle = {};
      circle.self = circle;
      const trap = {
        get items() {
          throw new Error("no");
        },
        get value() {
          throw new Error("no");
        },
      };
      const revoked = Proxy.revocable({}, {});
      revoked.revoke();
      let deep = {};
      for (let i = 0; i < 5_000; i += 1) deep = { deep };
      const wild = [
        undefined,
        null,
        7,
        "x",
        true,
        [],
        {},
        NaN,
        Infinity,
        Symbol("s"),
        10n,
        () => 1,
        document.body,
        window,
        circle,
        trap,
        revoked.proxy,
        deep,
        { items: null },
        { items: 7 },
        { items: "x" },
        { items: [null, 7, "x", [], { item_id: NaN }, { item_id: {} }, { item_category: [] }] },
        { items: Array.from({ length: 100_000 }, () => ({ item_id: "a", item_category: "boots" })) },
        { value: NaN, items: [{ item_id: "a", price: NaN, quantity: NaN }] },
        { value: -1e308, items: [{ item_id: "a", price: Infinity, quantity: -Infinity }] },
        {
          items: [
            { item_id: "x".repeat(1_000_000), item_category: "\ud800".repeat(10_000), price: 1e308, quantity: 1e308 },
          ],
        },
        Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
        JSON.parse(
          '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"items":[{"__proto__":{"polluted":1},"item_category":"__proto__"}]}',
        ),
      ];
      /** @type {string[]} */
      const errors = [];
      /**
       * @param {string} what
       * @param {() => unknown} fn
       */
      const tried = (what, fn) => {
        try {
          fn();
        } catch (error) {
          errors.push(`${what}: ${error}`);
        }
      };
      for (const [i, params] of wild.entries()) {
        for (const name of [
          "view_item",
          "add_to_cart",
          "purchase",
          "__proto__",
          "constructor",
          "",
          "x".repeat(100_000),
        ]) {
          tried(`track ${name.slice(0, 20)} ${i}`, () => tb.track(name, params));
        }
        tried(`track name ${i}`, () => tb.track(params, params));
        tried(`push ${i}`, () => tb.push(params));
        tried(`push track ${i}`, () =>
          // @ts-expect-error: commands that are none
          tb.push(["track", "view_item", params], ["attributes", params], ["consent"], [params], []),
        );
        tried(`decide ${i}`, () => tb.decide(params));
        tried(`peek ${i}`, () => tb.peek(params));
        tried(`explain ${i}`, () => tb.explain(params));
        tried(`forget ${i}`, () => tb.forget(params));
        tried(`on ${i}`, () => tb.on(params, params));
        tried(`layer ${i}`, () =>
          (window.dataLayer = window.dataLayer || []).push(
            params,
            { event: "view_item", ecommerce: params },
            { event: params },
          ),
        );
      }
      return errors;
    });
    assert.deepEqual(thrown, []);
    assert.deepEqual(await tab.announcements("unavailable"), []);
    // More than so many in one second are counted and dropped.
    await pause(1_100);
    await tab.evaluate(tracked, looks("tents", 60));
    await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    assert.equal(await tab.evaluate(() => Reflect.get({}, "polluted")), undefined);
    assert.deepEqual(await tab.announcements("unavailable"), []);
    const size = await tab.evaluate(() => Object.values(localStorage).reduce((sum, text) => sum + text.length, 0));
    assert.ok(size < 200_000, `${size} characters kept`);
  },
);

scene(
  "what the page does with an event afterwards changes nothing, and we change nothing of it",
  async ({ site, open }) => {
    const shop = site({ config: config(), body });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const [before, after, variant] = await tab.evaluate((params) => {
      const mine = JSON.parse(JSON.stringify(params));
      Object.freeze(mine);
      const text = JSON.stringify(mine);
      for (let i = 0; i < 3; i += 1) window.tailorbird.track("view_item", mine);
      const answer = [text, JSON.stringify(mine), window.tailorbird.peek("hero").variant];
      mine.items[0].item_category = "tents";
      return answer;
    }, view("boots"));
    assert.equal(after, before);
    assert.equal(variant, "boots");
    assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), "boots");
  },
);

scene(
  "ten thousand events in a second are taken, bounded in storage, with the page alive",
  async ({ site, open, browser }) => {
    const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const told = await tab.evaluate(
      (boots, tents) => {
        const kept = () => Object.values(localStorage).reduce((sum, text) => sum + text.length, 0);
        const halves = [];
        for (let half = 0; half < 2; half += 1) {
          let fastest = Infinity;
          for (let hundred = 0; hundred < 50; hundred += 1) {
            const began = performance.now();
            for (let i = 0; i < 100; i += 1) window.tailorbird.track("view_item", i % 4 === 0 ? tents : boots);
            fastest = Math.min(fastest, performance.now() - began);
          }
          halves.push({ fastest, size: kept() });
        }
        return halves;
      },
      view("boots"),
      view("tents"),
    );
    // A hundred events fit between two other programs' turns on a processor that is shared, so the fastest hundred
    // is the engine's own time.
    const [first, second] = told;
    const limit = browser === "chromium" ? 30 : 60;
    assert.ok(second.fastest < limit, `${second.fastest} ms for a hundred events`);
    assert.ok(second.fastest < first.fastest * 2 + 5, `slower with each event: ${first.fastest}, ${second.fastest} ms`);
    assert.ok(second.size < 200_000, `${second.size} characters kept`);
    assert.ok(second.size < first.size * 1.5 + 10_000, `no growth: ${first.size}, ${second.size} characters`);
    assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), "boots");
    await tab.goto(shop.url());
    assert.equal((await tab.announced("decision")).variant, "boots");
  },
);

scene("content that looks like markup or script is text", async ({ site, open }) => {
  const evil = `</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">{constructor}`;
  const shop = site({
    config: config({
      slots: [
        hero({
          variants: [
            {
              id: "boots",
              tags: { category: "boots" },
              content: { text: { h1: evil }, attributes: { a: { title: evil, "aria-label": evil } } },
            },
          ],
        }),
      ],
    }),
    inline: true,
    body,
    before: [[queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), evil);
  assert.equal(await tab.evaluate(() => document.querySelector("h1")?.children.length), 0);
  assert.equal(
    await tab.evaluate(() => /** @type {HTMLAnchorElement} */ (document.querySelector("[data-tb-slot] a")).title),
    evil,
  );
  await pause(100);
  assert.equal(await tab.evaluate(() => window.hacked), undefined);
});

scene("names out of Object.prototype are ordinary names", { said: [/^tailorbird: peek/] }, async ({ site, open }) => {
  const shop = site({
    config: config({
      segments: [
        { id: "constructor", when: { "interest.category.__proto__": { $exists: true } } },
        { id: "toString", when: { "valueOf.call": { $exists: true } } },
      ],
      slots: [
        hero({
          id: "constructor",
          variants: [{ id: "hasOwnProperty", tags: { category: "toString" }, content: { text: { h1: "Found" } } }],
        }),
      ],
    }),
    body: body.replace('data-tb-slot="hero"', 'data-tb-slot="constructor"'),
    before: [[queued, looks("toString")]],
  });
  const tab = await open(shop.url());
  await tab.announced("ready");
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("constructor")?.variant), "hasOwnProperty");
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("toString")), null);
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("__proto__")), null);
  assert.equal(await tab.text("h1"), "Found");
});

scene("addresses and referrers with script in them are data", async ({ site, open }) => {
  const shop = site({ config: config(), body });
  const tab = await open(
    shop.url(
      `/?utm_source=%3Cscript%3Ealert(1)%3C/script%3E&utm_campaign=__proto__&utm_medium=${"x".repeat(5_000)}&%E0%A4%A=%&=&&`,
    ),
  );
  await tab.announced("ready");
  assert.equal(await tab.text("h1"), SENT);
  assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
});

scene("a framework that renders a slot anew finds it personalized anew", async ({ site, open }) => {
  const shop = site({ config: config(), body: `<div id="app">${body}</div>`, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  for (let i = 0; i < 3; i += 1) {
    await tab.evaluate((html) => {
      /** @type {Element} */ (document.querySelector("#app")).innerHTML = html;
    }, body);
    await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
    await pause(300);
  }
  assert.deepEqual(await tab.announcements("conflict"), []);
});

scene(
  "a script that fights for a slot without end gets it, and the page stays alive",
  { said: [/^tailorbird: slot "hero"/] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [[queued, looks("boots")]] });
    const tab = await open(shop.url());
    await tab.announced("decision");
    await tab.evaluate((text) => {
      window.fights = 0;
      const heading = /** @type {HTMLElement} */ (document.querySelector("h1"));
      const fight = () => {
        if (heading.textContent !== text) {
          window.fights += 1;
          heading.textContent = text;
        }
      };
      new MutationObserver(fight).observe(heading, { childList: true, characterData: true, subtree: true });
      fight();
    }, SENT);
    const conflict = await tab.announced("conflict");
    assert.equal(conflict.slot, "hero");
    await pause(400);
    assert.equal((await tab.announcements("conflict")).length, 1);
    const fights = await tab.evaluate(() => window.fights);
    assert.ok(fights < 100, `${fights} rounds`);
    await pause(300);
    assert.equal(await tab.evaluate(() => window.fights), fights, "the fight is over");
    assert.equal(await tab.text("h1"), SENT);
  },
);

scene("a page that removes its slots, its body's content and our globals goes on", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" }, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.evaluate(() => {
    const kept = window.tailorbird;
    document.body.replaceChildren();
    Reflect.set(window, "tailorbird", undefined);
    kept.track("view_item", { items: [{ item_id: "a", item_category: "boots" }] });
    kept.stop();
    kept.track("view_item", { items: [{ item_id: "a", item_category: "boots" }] });
    kept.decide("hero");
    kept.stop();
  });
  await pause(100);
});

scene("a data layer whose push another tool wraps after us is still heard", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [[layered, []]] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate((params) => {
    const layer = window.dataLayer;
    // As another tag manager does: it wraps push, calls the one before, and freezes nothing.
    const before = layer.push;
    layer.push = function push(...entries) {
      return before.apply(layer, entries);
    };
    for (let i = 0; i < 3; i += 1) layer.push({ event: "view_item", ecommerce: params });
  }, view("tents"));
  await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
});
