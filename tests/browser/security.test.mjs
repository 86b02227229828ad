// Content that visitors wrote, scripts that pollute prototypes, events that are forged and configs that
// try too much: none of them makes the engine load, run or keep anything.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { clock } from "./rig/before.mjs";
import { body, BOOTS, config, hero, keptKeys, looks, queued, SENT, tracked } from "./outdoor.mjs";

/** @import { Site, SiteSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

const START = Date.UTC(2026, 4, 20, 10);
const HACKED = "Hacked";

/**
 * Another host with everything an attacker would want to be asked for.
 *
 * @param {(spec: SiteSpec) => Site} site
 */
const attacker = (site) => {
  const json = { type: "application/json", headers: { "access-control-allow-origin": "*" } };
  const script = {
    type: "text/javascript",
    headers: { "access-control-allow-origin": "*" },
    body: "window.hacked = true; export {};",
  };
  const evil = config({
    slots: [
      hero({ choose: [{ by: "popular" }], variants: [{ id: "evil", weight: 1, content: { text: { h1: HACKED } } }] }),
    ],
  });
  return site({
    tag: false,
    body: "<p>Elsewhere.</p>",
    files: {
      "/tailorbird.json": { ...json, body: JSON.stringify(evil) },
      "/evil.json": { ...json, body: JSON.stringify(evil) },
      ...Object.fromEntries(
        ["", "-prompt", "-country", "-transfer", "-recommend", "-check"].map((name) => [
          `/tailorbird${name}.js`,
          script,
        ]),
      ),
      "/evil.js": script,
      "/evil.css": { type: "text/css", body: "body { background: red }" },
      "/evil.svg": {
        type: "image/svg+xml",
        body: `<svg xmlns="http://www.w3.org/2000/svg"><symbol id="a"></symbol></svg>`,
      },
      "/evil.html": { type: "text/html", body: "<p>Evil</p>" },
    },
  });
};
/** @param {Site} evil */
const askedOf = (evil) => evil.requests.map(({ path }) => path).filter((path) => path !== "/favicon.ico");
/**
 * @param {Tab} tab
 * @param {string} [why]
 */
const unharmed = async (tab, why) => {
  assert.equal(await tab.evaluate(() => window.hacked), undefined, why);
  assert.notEqual(await tab.text("[data-tb-slot] h1"), HACKED, why);
};
const prompts = [
  {
    id: "stay",
    on: { exit: "high" },
    content: { title: "Not quite it?", body: "There is more.", accept: "Show me", decline: "No thanks" },
  },
];

scene("a picture or form that a visitor named currentScript gives no orders", async ({ site, visitor }) => {
  const evil = attacker(site);
  const url = evil.url("/tailorbird.js");
  const named = {
    picture: `<img name="currentScript" alt="" data-config="${evil.url("/evil.json")}" data-consent="denied">`,
    form: `<form name="currentScript" data-config="${evil.url("/evil.json")}"><input name="src" value="${url}"><input name="dataset" value="${url}"></form>`,
    "two of one name": `<img name="currentScript" alt=""><img name="currentScript" alt="" id="src">`,
    link: `<object name="currentScript" data-config="${evil.url("/evil.json")}"></object>`,
  };
  const shop = site({
    config: config({ prompts }),
    tag: false,
    before: [
      [clock, START, false],
      [queued, looks("boots")],
    ],
  });
  for (const [what, html] of Object.entries(named)) {
    // Each time another visitor, or the prompt's caps would hold.
    const tab = await (await visitor()).open();
    shop.spec.body = `${html}${body}<script src="/tailorbird.js" data-config="/tailorbird.json" data-consent="granted"></script>`;
    await tab.goto(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.text("[data-tb-slot] h1"), BOOTS, what);
    assert.equal(
      await tab.evaluate(() => window.tailorbird.profile().consent),
      "granted",
      `${what}: consent is the tag's to state`,
    );
    await tab.engage();
    await tab.exitTop();
    await tab.until(() =>
      window.seen.events.some(({ name, detail }) => name === "prompt" && detail.outcome === "shown"),
    );
    await unharmed(tab, what);
    assert.deepEqual(askedOf(evil), [], what);
  }
});

scene(
  "elements that are named like parts of the document neither break the page nor are taken for them",
  async ({ site, open }) => {
    const evil = attacker(site);
    const names = [
      "querySelector",
      "querySelectorAll",
      "addEventListener",
      "dispatchEvent",
      "documentElement",
      "body",
      "head",
      "readyState",
      "referrer",
      "title",
      "visibilityState",
      "hidden",
      "hasFocus",
      "activeElement",
      "cookie",
      "createElement",
      "implementation",
      "prerendering",
      "defaultView",
      "elementFromPoint",
    ];
    const shop = site({
      config: config({ prompts }),
      tag: { "data-consent": "granted" },
      before: [[queued, looks("boots")]],
    });
    const tab = await open();
    for (const name of names) {
      shop.spec.body = `<form name="${name}"><input name="href" value="${evil.url("/")}"></form>${body}`;
      await tab.goto(shop.url());
      await pause(150);
      const heading = await tab.evaluate(() => {
        window.tailorbird.push(["track", "view_item", { items: [{ item_id: "b-1" }] }]);
        return String(Document.prototype.querySelector.call(document, "[data-tb-slot] h1")?.textContent);
      });
      assert.ok([SENT, BOOTS].includes(heading), `${name}: ${heading}`);
      assert.equal(await tab.evaluate(() => window.hacked), undefined, name);
      // Of a page that is really rendered ahead nothing would be announced.
      if (name === "prerendering") await tab.announced("decision");
    }
    shop.spec.before = [];
    for (const name of ["tailorbird", "dataLayer", "tailorbird-config"]) {
      shop.spec.body = `<a id="${name}" href="${evil.url("/evil.json")}"></a><a id="${name}" name="config" href="${evil.url("/evil.json")}"></a>${body}`;
      await tab.goto(shop.url());
      await tab.started();
      await unharmed(tab, name);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true, name);
    }
    assert.deepEqual(askedOf(evil), []);
  },
);

scene(
  "what a script has put on Object.prototype is no option, no config and no part of a message",
  { said: [/data-tb-slot="hero" is not a slot of the config/] },
  async ({ site, open }) => {
    const evil = attacker(site);
    /** @param {string} address */
    const polluted = (address) => {
      const properties = {
        config: address,
        href: "javascript:void(window.hacked = true)",
        src: address,
        wasm: address,
        consent: "granted",
        personalize: true,
        measure: true,
        wait: "hydration",
        namespace: "evil",
        dataLayer: "evilLayer",
        layer: "evilLayer",
        debug: "",
        target: "h1",
        experiment: "evil",
        when: {},
        text: { h1: "Hacked" },
        attributes: { h1: { title: "Hacked" } },
        class: { h1: { add: ["hacked"] } },
        passive: "x",
        capture: "x",
        once: true,
        peek: true,
        plan: "pro",
        weight: 1,
        holdout: 0,
        prompt: "evil",
      };
      for (const [name, value] of Object.entries(properties)) {
        Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
      }
    };
    const spec = {
      body,
      before: [
        [clock, START, false],
        [polluted, evil.url("/evil.json")],
        [queued, looks("boots")],
      ],
    };

    const bare = site(spec);
    const without = await open(bare.url());
    await without.started();
    assert.equal(await without.text("h1"), SENT, "a tag without a config has none");
    assert.deepEqual(await without.evaluate(keptKeys), [], "nobody has given consent");

    const shop = site({ ...spec, config: config({ prompts }) });
    const tab = await open(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.text("h1"), BOOTS);
    assert.equal(await tab.evaluate(() => document.querySelector("h1")?.title), "");
    assert.deepEqual(await tab.evaluate(keptKeys), []);
    await tab.evaluate(() => window.tailorbird.consent({}));
    assert.deepEqual(await tab.evaluate(keptKeys), [], "an empty word is no yes");
    await tab.evaluate(() => window.tailorbird.consent({ personalize: true }));
    await tab.engage();
    await tab.exitTop();
    await tab.until(() => window.openDialog() !== null);
    await tab.evaluate(() => {
      const dialog = /** @type {HTMLDialogElement} */ (window.openDialog());
      [.../** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("button, a"))]
        .filter((button) => button.textContent.trim() === "Show me")[0]
        .click();
    });
    await pause(300);
    await unharmed(tab);
    assert.deepEqual(askedOf(evil), []);
  },
);

scene("options that npm's start was not given are not taken from Object.prototype", async ({ site, open }) => {
  const evil = attacker(site);
  const shop = site({
    body: `${body}<script type="module" src="/main.js"></script>`,
    tag: false,
    files: {
      "/main.js": {
        type: "text/javascript",
        body: `import {start} from "/index.js";
          for (const [name, value] of Object.entries({config: ${JSON.stringify(evil.url("/evil.json"))}, consent: "granted", attributes: {plan: "pro"}, namespace: "evil"})) {
            Object.defineProperty(Object.prototype, name, {value, configurable: true, writable: true, enumerable: false});
          }
          const one = await start({});
          window.answer = {available: one.available, plan: one.profile().attributes.plan ?? null, consent: one.profile().consent};`,
      },
    },
  });
  const tab = await open(shop.url());
  const answer = await tab.until(() => window.answer);
  assert.deepEqual(answer, { available: true, plan: null, consent: "unknown" });
  assert.deepEqual(await tab.evaluate(keptKeys), []);
  await unharmed(tab);
  assert.deepEqual(askedOf(evil), []);
});

scene("an event that another script forged changes no consent", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "denied" }, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(() => {
    for (const target of [document, window, document.documentElement]) {
      target.dispatchEvent(
        new CustomEvent("tailorbird:consent", {
          bubbles: true,
          detail: { personalize: true, measure: true, source: "site" },
        }),
      );
    }
    void window.tailorbird.consent({ measure: true });
  });
  await tab.evaluate(tracked, looks("boots", 5));
  await pause(300);
  assert.equal(await tab.evaluate(() => window.tailorbird.profile().consent), "denied");
  assert.deepEqual(await tab.evaluate(keptKeys), []);
  assert.equal(await tab.text("h1"), SENT);
});

scene("events that another script forged are no decision, no impression and no end", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" }, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.evaluate(() => {
    for (const name of [
      "ready",
      "decision",
      "impression",
      "exit-intent",
      "segment",
      "prompt",
      "unavailable",
      "stop",
      "conflict",
      "duplicate",
      "storage-reset",
    ]) {
      document.dispatchEvent(
        new CustomEvent(`tailorbird:${name}`, {
          detail: {
            slot: "hero",
            variant: "tents",
            prompt: "stay",
            outcome: "accepted",
            segment: "from-mail",
            entered: true,
          },
        }),
      );
    }
  });
  await pause(200);
  const state = await tab.evaluate(() => ({
    available: window.tailorbird.available,
    variant: window.tailorbird.peek("hero").variant,
    counts: JSON.stringify(window.tailorbird.export()).includes("tents"),
  }));
  assert.deepEqual(state, { available: true, variant: "boots", counts: false });
});

/**
 * What content may not do: the page's element, and the attribute that the config wants to set on it.
 * `URL` stands for the other host.
 */
/** @type {[html: string, attributes: { [name: string]: string }, selector?: string][]} */
const FORBIDDEN = [
  [`<link class="it" rel="alternate" href="/rel">`, { rel: "stylesheet" }],
  [`<link class="it" rel="stylesheet" href="/own.css">`, { href: "URL/evil.css" }],
  [`<iframe class="it" title="A frame" src="/frame"></iframe>`, { src: "URL/evil.html" }],
  [`<iframe class="it" title="A frame"></iframe>`, { srcdoc: "<script>parent.hacked = true</script>" }],
  [`<embed class="it" type="text/html" src="/frame">`, { src: "URL/evil.html" }],
  [`<object class="it" type="text/html" data="/frame"></object>`, { data: "URL/evil.html" }],
  [`<meta class="it" name="description" content="x">`, { content: "0; url=URL/evil.html" }],
  [`<meta class="it" name="refresh" content="600; url=/frame">`, { "http-equiv": "refresh" }],
  [`<input class="it" type="image" alt="Go" src="/own.svg">`, { src: "URL/evil.svg" }],
  [`<input class="it" type="hidden" name="price" value="100">`, { value: "1" }],
  [`<input class="it" type="text" aria-label="Name">`, { type: "password" }],
  [`<input class="it" type="submit" value="Send">`, { formaction: "URL/evil.html" }],
  [`<form class="it" action="/send"><button>Send</button></form>`, { action: "URL/evil.html" }],
  [`<svg class="it"><use href="#own"></use></svg>`, { href: "URL/evil.svg#a" }, ".it use"],
  [`<svg class="it"><use href="#own"></use></svg>`, { "xlink:href": "URL/evil.svg#a" }, ".it use"],
  [`<svg class="it"><image href="/own.svg"></image></svg>`, { href: "URL/evil.svg" }, ".it image"],
  [
    `<svg class="it"><a href="/own"><text>Own</text></a></svg>`,
    { href: "javascript:void(window.hacked = true)" },
    ".it a",
  ],
  [`<svg class="it"><script type="text/plain" href="/own"></script></svg>`, { href: "URL/evil.js" }, ".it script"],
  [`<script class="it" type="text/plain" src="/own.js"></script>`, { src: "URL/evil.js" }],
  [`<template class="it"><b>Boots</b></template>`, { id: "card" }],
  [`<a class="it" href="/own">Own</a>`, { href: "javascript:void(window.hacked = true)" }],
  [`<a class="it" href="/own">Own</a>`, { href: "com.app:open" }],
  [`<a class="it" href="/own">Own</a>`, { href: "x.y:z" }],
  [`<a class="it" href="/own" rel="noopener" target="_blank">Own</a>`, { rel: "opener" }],
  [`<a class="it" href="/own">Own</a>`, { ping: "URL/evil.html" }],
  [`<a class="it" href="/own">Own</a>`, { onclick: "window.hacked = true" }],
  [`<b class="it">Own</b>`, { style: "background: url(URL/evil.svg)" }],
  [`<b class="it">Own</b>`, { id: "tailorbird-config" }],
  [`<b class="it">Own</b>`, { name: "currentScript" }],
  [`<b class="it">Own</b>`, { class: "theirs" }],
  [`<b class="it">Own</b>`, { is: "shop-card" }],
  [`<b class="it">Own</b>`, { "data-tb-slot": "hero" }],
  [`<b class="it">Own</b>`, { "data-hx-get": "URL/evil.html" }],
  [`<b class="it">Own</b>`, { "data-hx-on-click": "window.hacked = true" }],
  [`<b class="it">Own</b>`, { "data-bind": "text: alert(1)" }],
  [`<b class="it">Own</b>`, { "data-controller": "evil" }],
  [`<b class="it">Own</b>`, { "data-ng-init": "constructor.constructor('window.hacked = true')()" }],
  [`<b class="it">Own</b>`, { "x-data": "window.hacked = true" }],
  [`<b class="it">Own</b>`, { "v-html": "window.hacked = true" }],
];

scene(
  "content sets no attribute by which a page loads, runs, sends or becomes something else",
  { said: [/tailorbird/] },
  async ({ site, open }) => {
    const evil = attacker(site);
    const origin = evil.url("");
    const places = FORBIDDEN.map(([html], at) => `<div data-tb-slot="s${at}">${html}</div>`);
    const shop = site({
      config: config({
        slots: [
          hero(),
          ...FORBIDDEN.map(([, named, selector = ".it"], at) => ({
            id: `s${at}`,
            choose: [{ by: "popular" }],
            variants: [
              {
                id: "bad",
                weight: 1,
                content: {
                  attributes: {
                    [selector]: Object.fromEntries(
                      Object.entries(named).map(([name, value]) => [name, value.replace("URL", origin)]),
                    ),
                  },
                },
              },
            ],
          })),
        ],
      }),
      body: `${body}${places.join("\n")}`,
      pages: { "/frame": { tag: false, before: [], body: "<p>Framed.</p>" } },
      files: {
        "/own.svg": { type: "image/svg+xml", body: `<svg xmlns="http://www.w3.org/2000/svg"></svg>` },
        "/own.css": { type: "text/css", body: "" },
        "/own.js": { type: "text/plain", body: "" },
        "/own": { type: "text/plain", body: "" },
        "/rel": { type: "text/plain", body: "" },
      },
      before: [
        [queued, looks("boots")],
        () => {
          // As the parser has them, before anybody comes.
          document.addEventListener("DOMContentLoaded", () => {
            window.originals = [...document.querySelectorAll("[data-tb-slot]")]
              .slice(1)
              .map((element) => element.innerHTML);
          });
        },
      ],
    });
    // The engine comes when the page's own elements have been written down.
    shop.spec.files = { ...shop.spec.files, "/tailorbird.js": { delay: 300 } };
    const tab = await open(shop.url());
    await tab.announced("decision");
    await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
    await pause(400);
    const [originals, now] = await tab.evaluate(() => [
      window.originals,
      [...document.querySelectorAll("[data-tb-slot]")].slice(1).map((element) => element.innerHTML),
    ]);
    assert.equal(originals.length, FORBIDDEN.length);
    for (const [at, [, named]] of FORBIDDEN.entries()) assert.equal(now[at], originals[at], JSON.stringify(named));
    await tab.evaluate(() => {
      for (const element of document.querySelectorAll("a.it, b.it, .it a"))
        element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    });
    await unharmed(tab);
    assert.deepEqual(askedOf(evil), []);
  },
);

scene(
  "the head of the page is nobody's slot: a base that content changes leads the engine nowhere",
  { said: [/tailorbird/] },
  async ({ site, open }) => {
    const evil = attacker(site);
    /** @param {object} content */
    const head = (content) => ({
      id: "head",
      target: "head",
      choose: [{ by: "popular" }],
      variants: [{ id: "evil", weight: 1, content }],
    });
    const shop = site({
      head: `<base href="/"><meta name="description" content="A shop">`,
      body,
      config: config({ prompts, slots: [hero(), head({ attributes: { base: { href: evil.url("/") } } })] }),
      tag: { "data-consent": "granted" },
      before: [
        [clock, START, false],
        [queued, looks("boots")],
      ],
    });
    const tab = await open(shop.url());
    await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
    assert.equal(await tab.evaluate(() => document.querySelector("base")?.getAttribute("href")), "/");
    await tab.engage();
    await tab.exitTop();
    await tab.until(() => window.openDialog() !== null);
    assert.ok(shop.engineRequests().includes("/tailorbird-prompt.js"));
    await unharmed(tab);
    assert.deepEqual(askedOf(evil), []);
  },
);

scene(
  "files that come later come from beside the tag's own, whatever the page's base is by then",
  async ({ site, open }) => {
    const evil = attacker(site);
    const shop = site({
      config: config({ prompts }),
      body,
      tag: { "data-consent": "granted" },
      before: [[clock, START, false]],
    });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate((href) => {
      const base = document.createElement("base");
      base.href = href;
      document.head.prepend(base);
      for (const script of document.querySelectorAll("script")) script.src = `${href}tailorbird.js`;
    }, evil.url("/"));
    await tab.engage();
    await tab.exitTop();
    await tab.until(() => window.openDialog() !== null);
    assert.ok(shop.engineRequests().includes("/tailorbird-prompt.js"));
    await unharmed(tab);
    assert.deepEqual(askedOf(evil), []);
  },
);
