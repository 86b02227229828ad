// The page wins: whatever is wrong with the config, the engine or the network, the visitor sees the
// page the server sent, and nothing is thrown at it.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { DIST } from "./rig/site.mjs";
import { body, BOOTS, config, looks, queued, SENT } from "./outdoor.mjs";

/** @import { Attributes } from "../../www/loader/types.js" */

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const engineSize = existsSync(path.join(DIST, "tailorbird.js"))
  ? statSync(path.join(DIST, "tailorbird.js")).size
  : 100_000;

/** Runs in the page: it stands as it was sent, and all of it can be seen. */
const asSent = () => {
  /** @param {Element} element */
  const seen = (element) => {
    const style = getComputedStyle(element);
    return style.visibility === "visible" && style.display !== "none" && Number(style.opacity) === 1;
  };
  return {
    html: /** @type {Element} */ (document.querySelector("[data-tb-slot]")).outerHTML,
    rest: /** @type {Element} */ (document.querySelector("#rest")).outerHTML,
    visible: [document.documentElement, document.body, ...document.body.querySelectorAll("*")].every(seen),
  };
};
const SENT_STATE = {
  html: `<section data-tb-slot="hero"><h1>${SENT}</h1><a href="/all" title="Everything">See all</a></section>`,
  rest: `<p id="rest">The rest of the page.</p>`,
  visible: true,
};
/**
 * The queue is an array or an inert object: either way calls go well.
 *
 * @param {Tab} tab
 */
const callsGoWell = async (tab) => {
  await tab.evaluate(() => {
    window.tailorbird = window.tailorbird || [];
    window.tailorbird.push(["track", "view_item", { items: [{ item_id: "a" }] }]);
    if (!Array.isArray(window.tailorbird)) {
      window.tailorbird.track("view_item", {});
      void window.tailorbird.consent({ personalize: true });
      window.tailorbird.profile();
      window.tailorbird.export();
      window.tailorbird.forget("category:boots");
      window.tailorbird.erase();
      window.tailorbird.ready();
      window.tailorbird.on("decision", () => {})();
    }
  });
};

/**
 * What was thrown at the page. Firefox reports what a policy blocks as if it were thrown.
 *
 * @param {import("./rig/types.js").Said} said
 */
const thrown = ({ kind, text }) => !/^Content-Security-Policy/.test(text) && kind === "exception";

/** Configs of which nothing can be used, and what the one warning says of each. */
/** @type {{ [what: string]: [config: string, problem: RegExp] }} */
const WRONG = {
  "is of another version": ['{"version":2}', /version is 2/],
  "has no version": ["{}", /version is missing/],
  "is a list": ["[]", /the config is/],
  "is null": ["null", /the config is/],
  "is no JSON": ["{version:1}", /\/tailorbird\.json/],
  "is empty": ["", /\/tailorbird\.json/],
  "is HTML": ["<!doctype html><title>Not found</title>", /\/tailorbird\.json is an HTML page/],
  "is two megabytes": [`{"version":1,"x-padding":"${"a".repeat(2_000_000)}"}`, /1,000,000 bytes/],
};

for (const [what, [text, problem]] of Object.entries(WRONG)) {
  scene(
    `a config that ${what} is refused as a whole, once, and the page is as sent`,
    { said: [/./] },
    async ({ site, open }) => {
      const shop = site({ config: text, body, before: [[queued, looks("boots")]] });
      const tab = await open(shop.url());
      await tab.announced("unavailable");
      await pause(50);
      assert.equal((await tab.announcements("unavailable")).length, 1);
      assert.deepEqual(await tab.announcements("ready"), []);
      assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
      await callsGoWell(tab);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), false);
      assert.deepEqual(await tab.evaluate(() => window.tailorbird.decide("hero")), {
        slot: "hero",
        variant: null,
        level: "standard",
        score: 0,
        propensity: 1,
        reasons: ["the engine is not available"],
      });
      const heard = (await tab.heard()).filter(({ kind }) => kind !== "info" && kind !== "debug");
      assert.deepEqual(
        heard.map(({ kind }) => kind),
        ["warning"],
        `one warning: ${JSON.stringify(heard)}`,
      );
      assert.match(heard[0].text, problem);
      assert.ok(heard[0].text.length < 20_000);
    },
  );
}

/** @param {number} depth */
const deep = (depth) => `{"version":1,"x-deep":${"[".repeat(depth)}${"]".repeat(depth)}}`;
/** @param {Attributes} attributes */
const attributed = (attributes) =>
  JSON.stringify(
    config({
      slots: [
        {
          ...config().slots[0],
          variants: [{ id: "boots", tags: { category: "boots" }, content: { attributes: { a: attributes } } }],
        },
      ],
    }),
  );
/**
 * Configs with something wrong in them that leaves nothing to show, and what the one warning says of each.
 *
 * @type {{ [what: string]: [config: string, problem: RegExp] }}
 */
const FAULTY = {
  "has sections of wrong types": [
    '{"version":1,"slots":{},"segments":"x","site":7}',
    /slots is .*|segments is .*|site is/s,
  ],
  "has unknown keys": ['{"version":1,"slotz":[]}', /slotz is unknown/],
  "has a wrong value deep inside": [
    JSON.stringify(config({ slots: [{ ...config().slots[0], holdout: 7 }] })),
    /slots\[0\]\.holdout is 7/,
  ],
  "is a thousand deep": [deep(1_000), /64|deep/],
  "would hand out prototypes": [
    '{"version":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    /unknown/,
  ],
  "has a script as an address": [attributed({ href: "javascript:alert(1)" }), /href/],
  "sets a handler": [attributed({ onclick: "alert(1)" }), /onclick/],
};

for (const [what, [text, problem]] of Object.entries(FAULTY)) {
  scene(
    `a config that ${what} says so in one warning, and the page is as sent`,
    { said: [/./] },
    async ({ site, open }) => {
      const shop = site({ config: text, body, before: [[queued, looks("boots")]] });
      const tab = await open(shop.url());
      await tab.started();
      await pause(50);
      assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
      await callsGoWell(tab);
      assert.deepEqual(
        (await tab.heard()).filter(({ kind }) => kind === "exception" || kind === "error"),
        [],
      );
      const said = (await tab.heard()).filter(({ kind, text: words }) => kind === "warning" && problem.test(words));
      assert.equal(said.length, 1, JSON.stringify(await tab.heard()));
      assert.ok(said[0].text.length < 20_000);
      assert.equal(await tab.evaluate(() => Reflect.get({}, "polluted")), undefined);
      assert.equal(await tab.evaluate(() => window.hacked), undefined);
    },
  );
}

scene("an inline config that is wrong is refused like a file", { said: [/./] }, async ({ site, open }) => {
  const shop = site({ config: '{"version":2}', inline: true, body });
  const tab = await open(shop.url());
  await tab.announced("unavailable");
  assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
});

scene(
  "where the config is missing the page is as sent, and one announcement says so",
  { said: [/404|Failed to load|tailorbird/i], missing: ["/tailorbird.json"] },
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      files: { "/tailorbird.json": { status: 404, type: "text/html", body: "<h1>Not found</h1>" } },
    });
    const tab = await open(shop.url());
    const { reason } = await tab.announced("unavailable");
    assert.equal(typeof reason, "string");
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    await callsGoWell(tab);
    const heard = (await tab.heard()).filter(({ kind }) => kind === "exception");
    assert.deepEqual(heard, []);
  },
);

scene(
  "where the config breaks off the page is as sent",
  { said: [/ERR_|Failed to load|tailorbird|content.?length|partial|network/i] },
  async ({ site, open }) => {
    const text = JSON.stringify(config());
    const shop = site({
      config: config(),
      body,
      files: { "/tailorbird.json": { type: "application/json", body: text, cut: 40, hangUp: true } },
    });
    const tab = await open(shop.url());
    await tab.announced("unavailable");
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    assert.deepEqual(
      (await tab.heard()).filter(({ kind }) => kind === "exception"),
      [],
    );
  },
);

scene(
  "where the engine is missing the page is as sent",
  { said: [/404|Failed to load|error loading/i], missing: ["/tailorbird.js"] },
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      before: [[queued, looks("boots")]],
      files: { "/tailorbird.js": { status: 404, type: "text/html", body: "<h1>Not found</h1>" } },
    });
    const tab = await open(shop.url());
    await callsGoWell(tab);
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    assert.deepEqual(
      (await tab.heard()).filter(({ kind }) => kind === "exception"),
      [],
    );
  },
);

// Half a script is a syntax error, and every browser says that itself.
const SYNTAX =
  /SyntaxError|Unexpected|unexpected|Invalid|unterminated|Unterminated|string literal|missing|ERR_|Failed to load/;
for (const [what, share] of Object.entries({
  "in its first tenth": 0.1,
  "in the middle": 0.5,
  "just before its end": 0.99,
})) {
  scene(`where the engine is cut short ${what} the page is as sent`, { said: [SYNTAX] }, async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      before: [[queued, looks("boots")]],
      files: { "/tailorbird.js": { cut: Math.floor(engineSize * share) } },
    });
    const tab = await open(shop.url());
    await pause(300);
    await callsGoWell(tab);
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
  });
}

scene(
  "where the connection breaks within the engine the page is as sent",
  { said: [SYNTAX, /error loading|Loading failed/i] },
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      files: { "/tailorbird.js": { cut: Math.floor(engineSize / 2), hangUp: true } },
    });
    const tab = await open(shop.url());
    await pause(300);
    await callsGoWell(tab);
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
  },
);

scene(
  "a policy that forbids wasm makes the engine unavailable, and the page is as sent",
  { said: [/Content.Security.Policy|wasm|WebAssembly|unsafe-eval/i] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, csp: "script-src 'self'", before: [[queued, looks("boots")]] });
    const tab = await open(shop.url());
    await tab.announced("unavailable");
    assert.equal((await tab.announcements("unavailable")).length, 1);
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    await callsGoWell(tab);
    assert.deepEqual((await tab.heard()).filter(thrown), []);
  },
);

scene(
  "a policy that forbids the config's request makes the engine unavailable, and the page is as sent",
  { said: [/Content.Security.Policy|connect-src|tailorbird|Refused/i] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, csp: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'" });
    const tab = await open(shop.url());
    await tab.announced("unavailable");
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    assert.deepEqual((await tab.heard()).filter(thrown), []);
  },
);

scene("on a page in windows-1252 that does not name our charset the engine works", async ({ site, open }) => {
  const shop = site({
    config: config({
      slots: [
        {
          ...config().slots[0],
          variants: [{ id: "boots", tags: { category: "boots" }, content: { text: { h1: "Für jeden Weg – 100 €" } } }],
        },
      ],
    }),
    charset: "windows-1252",
    title: "Caf\u00e9",
    body: `${body}<p id="word">Caf\u00e9</p>`,
    before: [[queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.evaluate(() => document.characterSet), "windows-1252");
  assert.equal(await tab.text("#word"), "Caf\u00e9");
  assert.equal(await tab.text("h1"), "Für jeden Weg – 100 €");
});

scene(
  "a server that says the wrong charset for our file does not break it",
  { said: [SYNTAX] },
  async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      before: [[queued, looks("boots")]],
      files: { "/tailorbird.js": { cut: undefined, type: "text/javascript; charset=iso-8859-1" } },
    });
    const tab = await open(shop.url());
    // The byte order mark beats the header in every browser.
    await tab.announced("decision");
    assert.equal(await tab.text("h1"), BOOTS);
  },
);

if (browser === "chromium") {
  scene("trusted types are kept", async ({ site, open }) => {
    const shop = site({
      config: config(),
      body,
      csp: "require-trusted-types-for 'script'; trusted-types 'none'",
      before: [[queued, looks("boots")]],
    });
    const tab = await open(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.text("h1"), BOOTS);
    assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
  });
}

scene("while the engine is slow nothing waits for it and nothing is hidden", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body,
    before: [[queued, looks("boots")]],
    files: { "/tailorbird.js": { cut: undefined, delay: 1_500 } },
    pages: { "/frame": { tag: false } },
  });
  const tab = await open(shop.url("/frame"));
  await tab.evaluate(() => {
    const script = document.createElement("script");
    script.async = true;
    script.src = "/tailorbird.js";
    script.dataset.config = "/tailorbird.json";
    document.head.append(script);
  });
  for (let i = 0; i < 5; i += 1) {
    assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
    await pause(100);
  }
});

scene("a slow config leaves the page as sent until it is there", async ({ site, open }) => {
  const shop = site({
    config: config(),
    body,
    before: [[queued, looks("boots")]],
    files: { "/tailorbird.json": { type: "application/json", body: JSON.stringify(config()), delay: 900 } },
  });
  const tab = await open(shop.url());
  assert.deepEqual(await tab.evaluate(asSent), SENT_STATE);
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), BOOTS);
});
