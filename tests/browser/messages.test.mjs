// What a developer got wrong is said once in the console, with what to do about it; and what is wrong
// with one part of a config costs that part.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, looks, queued, SENT, TENTS } from "./outdoor.mjs";

/** @import { SiteSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

const boots = [queued, looks("boots")];
const OURS = /tailorbird/i;
/** Everything of ours that the console may say while a scene looks at what it says. */
const loud = { said: [OURS] };

/**
 * Our warnings; errors and exceptions of ours are none.
 *
 * @param {Tab} tab
 */
const warnings = async (tab) => {
  const all = (await tab.heard()).filter(
    ({ text }) => OURS.test(text) && !/Failed to load resource|Refused to/.test(text),
  );
  assert.deepEqual(
    all.filter(({ kind }) => kind === "exception" || kind === "error"),
    [],
  );
  return all.filter(({ kind }) => kind === "warning").map(({ text }) => text);
};

/** Runs in the page: something of ours was said. */
const spoken = () => window.seen.said.some(({ kind, text }) => kind === "warning" && /tailorbird/i.test(text));
/** What is missing on a page is said when it has settled: so long after it was loaded nothing more is to come. */
const SETTLED = 3_600;

/**
 * One mistake each: the page with it, what happens on it, and what the one warning must name.
 * `runs` says whether the rest of the engine goes on.
 */
const MISTAKES = [
  {
    what: "a policy without 'wasm-unsafe-eval'",
    spec: { csp: "script-src 'self'" },
    says: [/'wasm-unsafe-eval'/, /script-src|Content.Security.Policy/i],
    runs: false,
    said: [/Content.Security.Policy|WebAssembly|unsafe-eval/i],
  },
  {
    what: "a tag that is a module",
    spec: { tag: { type: "module" } },
    says: [/type="?module/],
    runs: undefined,
  },
  {
    what: "a misspelt attribute of the tag",
    spec: { tag: { "data-conifg": "/tailorbird.json", "data-consent": "granted" } },
    says: [/data-conifg/, /data-config/],
  },
  {
    what: "a word that data-consent does not know",
    spec: { tag: { "data-consent": "yes" } },
    says: [/data-consent/, /yes/, /granted/, /denied/, /session/, /auto/],
  },
  {
    what: "a word of consent() that is none",
    act: () => {
      // @ts-expect-error: wrong on purpose
      void window.tailorbird.consent({ personalise: true });
      // @ts-expect-error: wrong on purpose
      void window.tailorbird.consent({ personalise: true });
    },
    says: [/consent/, /personalise/, /personalize/],
  },
  {
    what: "a value of consent() that is none",
    // @ts-expect-error: wrong on purpose
    act: () => window.tailorbird.consent({ personalize: "yes" }),
    says: [/consent/, /personalize/, /yes/],
  },
  {
    what: "a selector that is none",
    spec: {
      config: config({
        slots: [
          hero(),
          {
            id: "second",
            target: "main >",
            choose: [{ by: "popular" }],
            variants: [{ id: "a", weight: 1, content: { text: { "": "A" } } }],
          },
        ],
      }),
    },
    says: [/main >/, /selector/],
  },
  {
    what: "a selector of a variant that is none",
    spec: {
      config: config({
        slots: [
          hero({ variants: [{ id: "boots", tags: { category: "boots" }, content: { text: { "h1:::x": BOOTS } } }] }),
        ],
      }),
    },
    says: [/h1:::x/, /selector/, /hero/, /boots/],
  },
  {
    what: "a selector of a variant that finds nothing once the page has settled",
    spec: {
      config: config({
        slots: [hero({ variants: [{ id: "boots", tags: { category: "boots" }, content: { text: { h4: BOOTS } } }] })],
      }),
    },
    says: [/h4/, /hero/, /boots/],
  },
  {
    what: "a slot in the page that the config does not have",
    spec: { body: `${body}<div data-tb-slot="heroo">Theirs</div>` },
    says: [/heroo/],
  },
  {
    what: "a condition on a path that no attribute has",
    spec: {
      config: config({
        segments: [
          { id: "from-mail", when: { "campaign.source": "newsletter" } },
          { id: "busy", when: { "session.veiws": { $gte: 2 } } },
        ],
      }),
    },
    says: [/session\.veiws/],
  },
  {
    what: "an event without a name",
    act: () => {
      window.tailorbird.track("");
      window.tailorbird.track("");
    },
    says: [/track/],
  },
  {
    what: "an event whose name is a number",
    act: () => {
      // @ts-expect-error: wrong on purpose
      window.tailorbird.track(7, { items: [] });
      // @ts-expect-error: wrong on purpose
      window.tailorbird.push(["track", 7]);
    },
    says: [/track/],
  },
  {
    what: "an event whose parameters are a text",
    act: () => {
      // @ts-expect-error: wrong on purpose
      window.tailorbird.track("view_item", "b-7");
      // @ts-expect-error: wrong on purpose
      window.tailorbird.track("view_item", "b-8");
    },
    says: [/track/, /view_item/],
  },
  {
    what: "a command that does not exist",
    // @ts-expect-error: wrong on purpose
    act: () => window.tailorbird.push(["trakc", "view_item"]),
    says: [/trakc/],
  },
  {
    what: "a preview of a variant that does not exist",
    spec: { config: config({ preview: true }) },
    where: "/?tb=hero:slippers",
    says: [/hero/, /slippers/],
  },
  {
    what: "a preview of a slot that does not exist",
    spec: { config: config({ preview: true }) },
    where: "/?tb=heroo:boots",
    says: [/heroo/],
  },
  {
    what: "a preview where the config has none",
    where: "/?tb=hero:tents",
    says: [/\?tb|tb=/, /preview/],
  },
];

for (const { what, spec = {}, where = "/", act, says, runs = true, said = [] } of MISTAKES) {
  scene(`${what} is said in one warning that names it`, { said: [OURS, ...said] }, async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [boots], ...spec });
    const tab = await open(shop.url(where));
    await tab.started();
    if (act) await tab.evaluate(act);
    await tab.until(spoken);
    await pause(250);
    const all = await warnings(tab);
    assert.equal(all.length, 1, `one warning: ${JSON.stringify(all)}`);
    for (const word of says) assert.match(all[0], word);
    assert.ok(all[0].length < 2_000, "it can be read");
    if (runs !== undefined) assert.equal(await tab.evaluate(() => window.tailorbird.available), runs);
    if (runs === false) assert.equal(await tab.text("h1"), SENT);
  });
}

scene(
  "a page and a tag without a mistake are no reason to say anything, nor is what other tools write onto the tag",
  async ({ site, open }) => {
    const shop = site({
      config: config({ preview: true }),
      body,
      tag: {
        "data-consent": "granted",
        "data-namespace": "north-2_a",
        "data-layer": "shopLayer",
        "data-debug": false,
        "data-cfasync": "false",
        "data-cookieconsent": "ignore",
        "data-categories": "functional",
        "data-nscript": "afterInteractive",
        "data-no-defer": "1",
      },
      before: [boots],
    });
    const tab = await open(shop.url("/?tb=hero:boots&utm_source=newsletter"));
    await tab.started();
    await tab.evaluate(() => {
      window.tailorbird.track("a_name_of_our_own", { anything: { at: ["all"] } });
      void window.tailorbird.consent({ personalize: true, measure: false });
      window.tailorbird.attributes({ plan: "pro" });
    });
    await pause(SETTLED);
    assert.deepEqual(await warnings(tab), []);
  },
);

/**
 * What stands where the config should be, and what the one warning says of it.
 *
 * @type {[what: string, file: import("./rig/types.js").Answer, says: RegExp][]}
 */
const FILES = [
  [
    "is missing",
    { status: 404, type: "text/html", body: "<h1>Not found</h1>" },
    /could not load \/tailorbird\.json \(404\)/,
  ],
  [
    "is not there for a moment",
    { status: 503, type: "text/plain", body: "later" },
    /could not load \/tailorbird\.json \(503\)/,
  ],
  [
    "is an HTML page",
    { status: 200, type: "text/html", body: "<!doctype html><title>Shop</title>" },
    /\/tailorbird\.json is an HTML page, not JSON/,
  ],
  [
    "has a comma before a closing brace",
    { status: 200, type: "application/json", body: '{\n  "version": 1,\n  "slots": [],\n}\n' },
    /line 3,? column 14\b|line 4,? column 1\b/,
  ],
  [
    "has a comma before a closing bracket",
    { status: 200, type: "application/json", body: '{"version": 1, "slots": [{"id": "hero"}, ]}' },
    /line 1,? column 4[02]\b/,
  ],
  ["breaks off", { status: 200, type: "application/json", body: '{"version": 1,\n"slots": [' }, /line 2,? column \d+/],
  [
    "has a comment",
    { status: 200, type: "application/json", body: '{\n  // ours\n  "version": 1\n}' },
    /line 2,? column 3\b/,
  ],
];

scene(
  "a config that could not be loaded or read says so in one warning, with the place",
  { said: [/./], missing: ["/tailorbird.json"] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, before: [boots] });
    const tab = await open();
    for (const [what, file, says] of FILES) {
      shop.spec.files = { "/tailorbird.json": file };
      const before = (await tab.heard()).length;
      await tab.goto(shop.url());
      const { reason } = await tab.announced("unavailable");
      await pause(50);
      const all = (await tab.heard()).slice(before).filter(({ kind, text }) => kind === "warning" && OURS.test(text));
      assert.equal(all.length, 1, `${what}: ${JSON.stringify(all)}`);
      assert.match(all[0].text, says, what);
      assert.match(reason, says, what);
      assert.equal(await tab.text("h1"), SENT, what);
    }
  },
);

/** Runs in the page before the tag: the title says what the heading was when the problems were printed. */
const notesHeading = () => {
  const { warn } = console;
  console.warn = (...said) => {
    if (/problems in the config/.test(String(said[0])))
      document.title = document.querySelector("h1")?.textContent ?? "";
    warn.apply(console, said);
  };
};

scene("the visitor does not wait for the problems of a config to be printed", loud, async ({ site, open }) => {
  const shop = site({ config: config({ slotz: [] }), body, before: [boots, [notesHeading]] });
  const tab = await open(shop.url());
  await tab.until(spoken);
  assert.equal(await tab.evaluate(() => document.title), BOOTS);
});

scene(
  "two things of one id are said with both places, a forbidden attribute with those that are allowed",
  loud,
  async ({ site, open }) => {
    const [first] = config().slots;
    const shop = site({
      config: config({
        slots: [
          first,
          { ...first, target: "#rest" },
          {
            id: "note",
            choose: [{ by: "popular" }],
            variants: [{ id: "a", weight: 1, content: { attributes: { a: { onclick: "alert(1)" } } } }],
          },
        ],
      }),
      body,
      before: [boots],
    });
    const tab = await open(shop.url());
    await tab.until(spoken);
    await pause(250);
    const all = await warnings(tab);
    assert.equal(all.length, 1, JSON.stringify(all));
    assert.match(all[0], /duplicate id "hero", also slots\[0\]/);
    assert.match(all[0], /slots\[2\]\.variants\[0\]\.content\.attributes\.a\.onclick/);
    for (const name of ["href", "title", "src", "alt", "aria-"])
      assert.ok(all[0].includes(name), `${name} is among the allowed ones`);
  },
);

scene(
  "what is wrong in one slot, segment, variant or prompt costs that part, and all of it is said in one warning",
  loud,
  async ({ site, open }) => {
    const shop = site({
      config: config({
        segments: [
          { id: "from-mail", when: { "campaign.source": "newsletter" } },
          { id: "broken", when: { "visitor.events": { $gtee: 1 } } },
        ],
        slots: [
          hero(),
          {
            id: "broken",
            holdout: 7,
            choose: [{ by: "popular" }],
            variants: [{ id: "a", weight: 1, content: { text: { h2: "Broken" } } }],
          },
          {
            id: "second",
            choose: [{ by: "popular" }],
            variants: [
              { id: "heavy", weight: "x", content: { text: { h2: "Heavy" } } },
              { id: "for-nobody", segment: "broken", weight: 0.9, content: { text: { h2: "Nobody" } } },
              { id: "good", weight: 0.5, content: { text: { h2: "Good" } } },
            ],
          },
        ],
        prompts: [{ id: "stay", on: { exit: "loud" }, content: { title: "T", accept: "A", decline: "D" } }],
      }),
      body: `${body}<div data-tb-slot="broken"><h2>Theirs</h2></div><div data-tb-slot="second"><h2>Theirs</h2></div>`,
      before: [boots],
    });
    const tab = await open(shop.url());
    await tab.until(spoken);
    await pause(250);
    const all = await warnings(tab);
    assert.equal(all.length, 1, JSON.stringify(all));
    for (const place of [
      "segments[1]",
      "slots[1].holdout is 7",
      'slots[2].variants[0].weight is "x"',
      "prompts[0].on.exit",
    ]) {
      assert.ok(all[0].includes(place), `${place} in ${all[0]}`);
    }
    assert.deepEqual(await tab.announcements("unavailable"), []);
    assert.equal(await tab.text("h1"), BOOTS, "the good slot runs");
    assert.equal(await tab.text('[data-tb-slot="broken"] h2'), "Theirs", "the bad one is as it was sent");
    assert.equal(await tab.text('[data-tb-slot="second"] h2'), "Good", "of this slot the good variant is left");
    assert.deepEqual(
      await tab.evaluate(() => [
        window.tailorbird.peek("hero").variant,
        window.tailorbird.peek("broken"),
        window.tailorbird.peek("second").variant,
      ]),
      ["boots", null, "good"],
    );
  },
);

/** @param {string} config */
const second = (config) => `<script async src="/tailorbird.js" data-config="${config}"></script>`;
const tents = JSON.stringify(
  config({
    slots: [hero({ variants: [{ id: "boots", tags: { category: "boots" }, content: { text: { h1: TENTS } } }] })],
  }),
);

for (const [what, file] of Object.entries({
  "is missing": { status: 404, type: "text/plain", body: "no" },
  "is no JSON": { type: "application/json", body: "{" },
  "is of another version": { type: "application/json", body: '{"version": 2}' },
})) {
  scene(
    `of two tags the one with a good config runs, also where the other's config ${what}`,
    { said: [/./], missing: ["/bad.json"] },
    async ({ site, open }) => {
      /** @type {NonNullable<SiteSpec["files"]>} */
      const files = { "/bad.json": file, "/good.json": { type: "application/json", body: tents } };
      for (const order of [
        ["/bad.json", "/good.json"],
        ["/good.json", "/bad.json"],
      ]) {
        for (const late of order) {
          const why = `${order[0]} first, ${late} late`;
          const shop = site({
            tag: false,
            body: body + order.map(second).join(""),
            before: [boots],
            files: { ...files, [late]: { ...files[late], delay: 250 } },
          });
          const tab = await open(shop.url());
          await tab
            .until((text) => document.querySelector("h1")?.textContent === text, TENTS)
            .catch((error) => {
              throw new Error(`${why}: ${error.message}`);
            });
          await pause(350);
          assert.equal(await tab.evaluate(() => window.tailorbird.available), true, why);
          assert.equal((await tab.announcements("ready")).length, 1, why);
          const all = (await tab.heard()).filter(({ kind, text }) => kind === "warning" && OURS.test(text));
          assert.ok(all.length <= 1, `${why}: ${JSON.stringify(all)}`);
          await tab.close();
        }
      }
    },
  );
}

scene(
  "a data layer that the page makes after loading is listened to, without a click or a key",
  async ({ site, open }) => {
    const segments = [2, 3].map((count) => ({
      id: `looked-${count}`,
      when: { "visitor.events.view_item": { $gte: count } },
    }));
    const shop = site({ config: config({ segments: [...config().segments, ...segments] }), body });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await pause(300);
    // Nothing is asked of the engine meanwhile, which would make it look.
    /** @param {string} segment */
    const entered = (segment) =>
      window.seen.events.some(({ name, detail }) => name === "segment" && detail.segment === segment && detail.entered);
    await tab.evaluate(
      (events) => {
        window.dataLayer = events.map(([event, ecommerce]) => ({ event, ecommerce }));
      },
      looks("boots", 2),
    );
    await tab.until(entered, "looked-2");
    await tab.evaluate(
      (events) => {
        for (const [event, ecommerce] of events) window.dataLayer.push({ event, ecommerce });
      },
      looks("boots", 1),
    );
    await tab.until(entered, "looked-3");
  },
);

scene(
  "whatever is asked of the engine, it knows what the page has just put into a new data layer",
  async ({ site, open }) => {
    for (const method of /** @type {const} */ (["explain", "profile", "export", "peek", "decide"])) {
      const shop = site({ config: config(), body });
      const tab = await open(shop.url());
      await tab.announced("ready");
      const answer = await tab.evaluate(
        (events, name) => {
          window.dataLayer = events.map(([event, ecommerce]) => ({ event, ecommerce }));
          return JSON.stringify(
            name === "profile" || name === "export" ? window.tailorbird[name]() : window.tailorbird[name]("hero"),
          );
        },
        looks("boots"),
        method,
      );
      assert.match(answer, /boots|"view_item":3/, method);
      await tab.close();
    }
  },
);
