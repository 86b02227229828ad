// Prompts that are more than words in a box: a card in the page, the site's own markup, a picture beside the words.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Site, SiteSpec, Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const WORDS = { title: "Keep your basket?", body: "It waits here for you.", accept: "Keep it", decline: "No thanks" };
const OWN = { by: "template", template: "#own", title: "Your basket" };

/**
 * A page whose config has these prompts, each shown where it is called for.
 *
 * @param {readonly object[]} prompts
 * @param {string} body
 * @param {SiteSpec} [more]
 * @returns {SiteSpec}
 */
const page = (prompts, body, more = {}) => ({
  lang: "en",
  config: {
    version: 1,
    site: { currency: "EUR", prompts: { perView: 10, perSession: 100, perDay: 100, perWeek: 100 } },
    prompts: prompts.map((prompt) => ({
      on: { call: true },
      caps: { perSession: 9, perDay: 9, afterDismissDays: 0, afterAcceptDays: 0 },
      ...prompt,
    })),
  },
  tag: { "data-consent": "granted" },
  body: `<main><h1>Boots</h1>${body}</main>`,
  before: [[clock, START, false]],
  ...more,
});

/** @param {Tab} tab @param {string} id */
const call = async (tab, id) => {
  await tab.announced("ready");
  await tab.evaluate((prompt) => {
    window.clock.advance(10_000);
    window.tailorbird.prompt(prompt);
  }, id);
};

/**
 * Calls for a prompt and waits until it stands still.
 *
 * @param {Tab} tab
 * @param {string} id
 */
const show = async (tab, id) => {
  await call(tab, id);
  // What comes in with a movement sets out, and comes to rest.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await tab.until(() => {
    const panel = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("dialog");
    return panel && getComputedStyle(panel).opacity === "1";
  });
};

/** @param {Tab} tab */
const gone = (tab) => tab.until(() => document.querySelector("tailorbird-prompt") === null);

/** @param {Tab} tab */
const outcomes = async (tab) =>
  (await tab.announcements("prompt")).map(({ outcome }) => outcome).filter((outcome) => outcome !== "seen");

/**
 * Where the prompt has ended in some way.
 *
 * @param {Tab} tab
 * @param {string} outcome
 */
const ended = (tab, outcome) =>
  tab.until(
    (wanted) => window.seen.events.some(({ name, detail }) => name === "prompt" && detail.outcome === wanted),
    outcome,
  );

/**
 * Where to press for an element of the prompt: in its shadow tree by id, else in the site's own markup.
 *
 * @param {Tab} tab
 * @param {string} selector
 */
const press = async (tab, selector) => {
  const at = await tab.until((wanted) => {
    const host = document.querySelector("tailorbird-prompt");
    const element = host?.shadowRoot?.querySelector(wanted) ?? host?.querySelector(wanted);
    element?.scrollIntoView({ block: "nearest", behavior: "instant" });
    const box = element?.getBoundingClientRect();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }, selector);
  await tab.press(at.x, at.y);
};

/** Runs in the page: the open prompt, as what a visitor can perceive of it. */
const drawn = () => {
  const host = /** @type {HTMLElement} */ (document.querySelector("tailorbird-prompt"));
  const root = /** @type {ShadowRoot} */ (host.shadowRoot);
  const panel = /** @type {HTMLElement} */ (root.getElementById("dialog"));
  const image = root.querySelector("img");
  const close = /** @type {Element} */ (root.getElementById("close"));
  /** @param {Element | null} element */
  const box = (element) => {
    const { left, right, top, bottom, width, height } = (element ?? panel).getBoundingClientRect();
    return { left, right, top, bottom, width, height };
  };
  return {
    element: panel.localName,
    parent: host.parentElement?.id,
    label: panel.getAttribute("aria-label"),
    box: box(panel),
    sideways: panel.scrollWidth > panel.clientWidth + 1 || document.documentElement.scrollWidth > innerWidth,
    small: [...root.querySelectorAll("button, a")].filter((each) => box(each).width < 24 || box(each).height < 24)
      .length,
    image: image && { ...box(image), ratio: image.naturalWidth / image.naturalHeight },
    words: box(root.querySelector(".words")),
    canClose: root.elementFromPoint(box(close).left + 20, box(close).top + 20) === close,
  };
};

const card = { id: "card", as: "inline", slot: "aside", content: WORDS };

/** Runs in the page before everything: adds up how far things moved without the visitor doing anything. */
const measureShifts = () => {
  Reflect.set(window, "shifted", 0);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      Reflect.set(window, "shifted", Number(Reflect.get(window, "shifted")) + Number(Reflect.get(entry, "value")));
    }
  }).observe({ type: "layout-shift", buffered: true });
};

scene("a card stands in the room that a slot has kept for it, and nothing moves", async ({ site, open }) => {
  const body = `<div id="aside" data-tb-slot="aside" style="min-height: 250px"></div>
    <p id="below">Light, and dry.</p><p><button id="opener">Something to press</button></p>`;
  const before = browser === "chromium" ? [[measureShifts]] : [];
  const tab = await open(site(page([card], body, { before: [[clock, START, false], ...before] })).url());
  await tab.announced("ready");
  await tab.evaluate(() => document.getElementById("opener")?.focus());
  const below = () => tab.evaluate(() => document.getElementById("below")?.getBoundingClientRect().top);
  const top = await below();
  await show(tab, "card");
  const { element, parent, box } = await tab.evaluate(drawn);
  assert.deepEqual({ element, parent, top: await below() }, { element: "section", parent: "aside", top });
  const slot = await tab.evaluate(() => document.getElementById("aside")?.getBoundingClientRect().width);
  assert.ok(Math.abs(box.width - Number(slot)) < 1, `${box.width} of ${slot}`);
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "opener", "the focus stays where it is");
  if (browser === "chromium") {
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await tab.evaluate(() => Reflect.get(window, "shifted")), 0);
    const spoken = JSON.stringify(await tab.spoken("tailorbird-prompt"));
    assert.match(spoken, /"role":"region"[^{}]*"name":"Keep your basket\?"/);
  }
  assert.deepEqual(await violations(tab, "tailorbird-prompt"), []);
  await tab.picture("inline");
  await ended(tab, "seen");
  await tab.key("Escape");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await outcomes(tab), ["shown"], "Esc elsewhere is not meant for it");
  await tab.evaluate(() => document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("decline")?.focus());
  await tab.key("Escape");
  await gone(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "dismissed"]);
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "opener", "and returns there");
});

scene("a card comes further down the page, and is seen only when it is reached", async ({ site, open }) => {
  const body = `<div style="height: 3000px"></div><tb-slot id="aside" name="aside"></tb-slot><div style="height: 2000px"></div>`;
  const tab = await open(site(page([card], body)).url());
  await show(tab, "card");
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  assert.deepEqual(
    (await tab.announcements("prompt")).map(({ outcome }) => outcome),
    ["shown"],
  );
  await tab.evaluate(() => document.getElementById("aside")?.scrollIntoView());
  await ended(tab, "seen");
  await press(tab, "#accept");
  await gone(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "accepted"]);
});

scene("a card waits while it would move what the visitor looks at", async ({ site, open }) => {
  const body = `<div id="aside" data-tb-slot="aside"></div><p id="below">Light, and dry.</p><div style="height: 3000px"></div>`;
  const tab = await open(site(page([card], body)).url());
  await call(tab, "card");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(await tab.evaluate(() => document.getElementById("aside")?.childNodes.length), 0);
  assert.deepEqual(await outcomes(tab), []);
  await tab.evaluate(() => {
    /** @type {HTMLElement} */ (document.getElementById("aside")).style.minHeight = "300px";
    window.clock.advance(6_000);
  });
  // Any signal makes the engine look again.
  await tab.evaluate(() => window.tailorbird.prompt("card"));
  await ended(tab, "shown");
});

scene(
  "a card whose slot is not on the page is told to the developer",
  { said: [/prompt "card" is not shown: the page has no slot "aside"/] },
  async ({ site, open }) => {
    const tab = await open(site(page([card], "")).url());
    await call(tab, "card");
    await ended(tab, "failed");
    assert.equal((await tab.heard()).filter(({ text }) => text.includes("is not shown")).length, 1);
  },
);

scene("a prompt that the page takes away is over, and another may come", async ({ site, open }) => {
  const prompts = [card, { id: "modal", content: WORDS }, { id: "sheet", as: "sheet", content: WORDS }];
  const body = `<div id="aside" data-tb-slot="aside" style="min-height: 250px"></div><div style="height: 2000px"></div>`;
  const tab = await open(site(page(prompts, body)).url());
  await show(tab, "card");
  // As a framework does that renders anew.
  await tab.evaluate(() => document.querySelector("main > div")?.replaceChildren());
  await ended(tab, "removed");
  await show(tab, "modal");
  await tab.evaluate(() => {
    const body = document.createElement("body");
    body.innerHTML = "<main><h1>Tents</h1></main>";
    document.body.replaceWith(body);
  });
  await tab.until(() => window.seen.events.filter(({ detail }) => detail.outcome === "removed").length === 2);
  assert.equal(await tab.evaluate(() => getComputedStyle(document.documentElement).overflowY), "visible");
  await show(tab, "sheet");
  await press(tab, "#decline");
  await gone(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "removed", "shown", "removed", "shown", "declined"]);
});

/** A slot that no prompt of the config stands in would be warned of. */
const ASIDE = `<div id="aside" data-tb-slot="aside" style="min-height: 400px"></div>`;

/**
 * @param {string} markup
 * @param {string} [aside]
 */
const template = (markup, aside = "") => `<template id="own">${markup}</template>
  <style>.basket { font-family: Georgia; color: rgb(1, 60, 40) }</style>${aside}<div style="height: 2000px"></div>`;

const BASKET = `<div class="basket"><h2>{{ cart.quantity }} in your basket</h2>
  <ul><li>Ridge boots</li></ul><p>{{ cart.value | currency }}</p>
  <button type="button" data-tb-answer="accept">Keep <b>it</b></button>
  <button type="button" data-tb-answer="decline">No thanks</button>
  <a href="#later" data-tb-answer="dismiss">Later</a></div>`;

for (const form of ["modal", "sheet", "bar-bottom", "slide-in", "inline"]) {
  scene(`the site's own markup stands in a prompt: ${form}`, async ({ site, open }) => {
    const slot = form === "inline" ? { slot: "aside" } : {};
    const shop = site(
      page([{ id: "own", as: form, ...slot, content: OWN }], template(BASKET, form === "inline" ? ASIDE : "")),
    );
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(() =>
      window.tailorbird.track("add_to_cart", { items: [{ item_id: "b-7", price: 129, quantity: 2 }] }),
    );
    for (const [selector, outcome] of /** @type {const} */ ([
      ["b", "accepted"],
      ["[data-tb-answer=decline]", "declined"],
      ["[data-tb-answer=dismiss]", "dismissed"],
      ["#close", "dismissed"],
    ])) {
      await show(tab, "own");
      const { label, sideways } = await tab.evaluate(drawn);
      const shown = await tab.evaluate(() => {
        const host = document.querySelector("tailorbird-prompt");
        const basket = /** @type {HTMLElement} */ (host?.querySelector(".basket"));
        const { fontFamily, color } = getComputedStyle(basket);
        return {
          fontFamily,
          color,
          title: host?.querySelector("h2")?.textContent,
          worth: host?.querySelector("p")?.textContent,
        };
      });
      assert.match(shown.worth ?? "", /258/);
      assert.deepEqual(
        { label, sideways, ...shown, worth: "" },
        {
          label: "Your basket",
          sideways: false,
          fontFamily: "Georgia",
          color: "rgb(1, 60, 40)",
          title: "2 in your basket",
          worth: "",
        },
      );
      if (selector === "b") {
        assert.deepEqual(await violations(tab, "tailorbird-prompt"), []);
        await tab.picture(`own-${form}`);
      }
      await press(tab, selector);
      await gone(tab);
      assert.equal((await outcomes(tab)).at(-1), outcome);
      await tab.goto(shop.url());
      await tab.announced("ready");
    }
  });
}

const LETTER = `<form novalid><label for="mail">Your email address</label><input id="mail" type="email" required>
  <button data-tb-answer="accept">Send me the letter</button><button data-tb-answer="decline">No thanks</button></form>`;

scene("an address for mail in the site's own form is handed to the site", async ({ site, open }) => {
  const tab = await open(site(page([{ id: "own", as: "sheet", content: OWN }], template(LETTER))).url());
  await show(tab, "own");
  await press(tab, "#mail");
  await tab.type("ana");
  await press(tab, "[data-tb-answer=accept]");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(await outcomes(tab), ["shown"], "the browser says what is missing");
  await press(tab, "#mail");
  await tab.key("End");
  await tab.type("@example.com");
  await tab.key("Enter");
  await gone(tab);
  assert.deepEqual(await tab.announcements("submit"), [{ prompt: "own", email: "ana@example.com" }]);
  assert.deepEqual(await outcomes(tab), ["shown", "submitted"]);
});

scene("declining in a form sends nothing", async ({ site, open }) => {
  const tab = await open(site(page([{ id: "own", as: "sheet", content: OWN }], template(LETTER))).url());
  await show(tab, "own");
  await press(tab, "[data-tb-answer=decline]");
  await gone(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "declined"]);
});

scene("the browser sends a form that has an action", { forms: ["/letter"] }, async ({ site, open }) => {
  const form = LETTER.replace("<form", '<form method="post" action="/letter"').replace("<input", '<input name="email"');
  const pages = { "/letter": { body: "<h1>Thank you</h1>", tag: false, before: [] } };
  const shop = site(page([{ id: "own", as: "sheet", content: OWN }], template(form), { pages }));
  const tab = await open(shop.url());
  await show(tab, "own");
  await press(tab, "#mail");
  await tab.type("ana@example.com");
  await press(tab, "[data-tb-answer=accept]");
  await tab.until(() => location.pathname === "/letter" && document.querySelector("h1")?.textContent === "Thank you");
});

const BOTH = '<button data-tb-answer="accept">Yes</button><button data-tb-answer="decline">No</button>';

for (const [what, markup, reason] of /** @type {const} */ ([
  ["a script", `${BOTH}<script>window.ran = 1</script>`, /<script> is not allowed in a template/],
  ["a handler", `${BOTH}<b onclick="window.ran = 1">Yes</b>`, /onclick=".*" is not allowed in a template/],
  [
    "an address that runs",
    `${BOTH}<a href="javascript:window.ran = 1">x</a>`,
    /href=".*" is not allowed in a template/,
  ],
  ["no way to decline", '<button data-tb-answer="accept">Yes</button>', /has no data-tb-answer="decline"/],
  ["no way to accept", '<button data-tb-answer="decline">No</button>', /has no data-tb-answer="accept"/],
  ["a value that is not known", `${BOTH}{{ nobody.knows }}`, /there is no value for "\{\{ nobody\.knows \}\}"/],
])) {
  scene(
    `a template with ${what} is not shown, and the developer is told`,
    { said: [reason] },
    async ({ site, open }) => {
      const tab = await open(site(page([{ id: "own", content: OWN }], template(markup))).url());
      await call(tab, "own");
      await ended(tab, "failed");
      assert.equal((await tab.heard()).filter(({ text }) => reason.test(text)).length, 1);
      assert.equal(
        await tab.evaluate(() => Reflect.get(window, "ran") ?? document.querySelector("tailorbird-prompt")),
        null,
      );
    },
  );
}

scene("a template that is not there is told", { said: [/nothing matches "#own"/] }, async ({ site, open }) => {
  const tab = await open(site(page([{ id: "own", content: OWN }], "")).url());
  await call(tab, "own");
  await ended(tab, "failed");
});

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#2b6"/></svg>`;
const PICTURE = { src: "/boots.svg", alt: "Boots on a path", width: 640, height: "480" };
const SEEN = { ...WORDS, image: PICTURE };
const FORMS = ["modal", "slide-in", "inline", "sheet", "bar-top", "bar-bottom"];

/**
 * A page with a prompt of each form, with a picture.
 *
 * @param {SiteSpec} [more]
 */
const pictured = (more = {}) =>
  page(
    FORMS.map((form) => ({ id: form, as: form, ...(form === "inline" ? { slot: "aside" } : {}), content: SEEN })),
    `<div id="aside" data-tb-slot="aside" style="min-height: 500px"></div><div style="height: 2000px"></div>`,
    { files: { "/boots.svg": { body: SVG, type: "image/svg+xml" } }, ...more },
  );

/** @param {Site} shop */
const loads = (shop) => shop.requests.filter(({ path }) => path === "/boots.svg").length;

for (const rtl of [false, true]) {
  scene(
    `a picture stands at the ${rtl ? "right" : "left"} of the words where there is room`,
    async ({ site, open }) => {
      const shop = site(
        pictured(rtl ? { before: [[clock, START, false], [() => (document.documentElement.dir = "rtl")]] } : {}),
      );
      const tab = await open();
      await tab.viewport(1000, 700);
      for (const form of FORMS) {
        await tab.goto(shop.url());
        await show(tab, form);
        const { element, image, words, sideways, box, canClose } = await tab.evaluate(drawn);
        assert.ok(canClose, form);
        // Without a mouse a modal prompt is a sheet.
        const isShown = element === "dialog" || form === "slide-in" || form === "inline";
        assert.equal(!!image, isShown, form);
        assert.equal(sideways, false, form);
        assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], form);
        await tab.picture(`picture-${form}${rtl ? "-rtl" : ""}`);
        if (!image) continue;
        assert.ok(image.width >= 100 && image.height >= 70, `${form}: ${JSON.stringify(image)}`);
        assert.ok(rtl ? image.left >= words.right : image.right <= words.left, `${form}: beside the words`);
        assert.ok(Math.abs(image.top - words.top) < image.height, form);
        assert.ok(image.bottom <= box.bottom && box.bottom <= 700, form);
      }
    },
  );
}

scene(
  "a picture stands above the words of a narrow prompt, and is not loaded by those without room",
  async ({ site, open }) => {
    const shop = site(pictured());
    const tab = await open();
    const width = browser === "webkit" ? 460 : 320;
    await tab.viewport(width, 900);
    for (const form of FORMS) {
      await tab.goto(shop.url());
      const before = loads(shop);
      await show(tab, form);
      const { element, image, words, sideways, small, canClose } = await tab.evaluate(drawn);
      assert.ok(canClose, form);
      const isShown = element === "dialog" || form === "inline";
      assert.deepEqual({ image: !!image, sideways, small }, { image: isShown, sideways: false, small: 0 }, form);
      assert.equal(loads(shop) - before, isShown ? 1 : 0, form);
      assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], form);
      await tab.picture(`picture-${form}-${width}`);
      if (image) assert.ok(image.bottom <= words.top + 1, `${form}: above the words`);
    }
  },
);

scene("beside a picture long words scroll, and the answers stay in view", async ({ site, open }) => {
  const content = { ...SEEN, body: "It waits here for you. ".repeat(80) };
  const files = { "/boots.svg": { body: SVG, type: "image/svg+xml" } };
  const forms = ["slide-in", "modal"];
  const shop = site(
    page(
      forms.map((form) => ({ id: form, as: form, content })),
      "",
      { files },
    ),
  );
  const tab = await open();
  await tab.viewport(1000, 560);
  for (const form of forms) {
    await tab.goto(shop.url());
    await show(tab, form);
    const { box, sideways } = await tab.evaluate(drawn);
    assert.ok(box.top >= 0 && box.bottom <= 560 && !sideways, JSON.stringify(box));
    assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], form);
    await tab.picture(`picture-long-${form}`);
    if (form === "modal") continue;
    const answers = await tab.evaluate(() => {
      const no = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("decline");
      const { bottom, height } = /** @type {Element} */ (no).getBoundingClientRect();
      return { bottom, height };
    });
    assert.ok(answers.bottom <= box.bottom && answers.height >= 24, JSON.stringify({ answers, box }));
  }
});

scene(
  "a picture that fails to load disappears, and nothing below a card moves",
  { missing: ["/boots.svg"], said: [/404|boots\.svg/] },
  async ({ site, open }) => {
    const shop = site(pictured({ files: { "/boots.svg": { status: 404, body: "", delay: 300 } } }));
    const tab = await open();
    await tab.viewport(1000, 700);
    await tab.goto(shop.url());
    for (const form of ["inline", "modal", "slide-in"]) {
      await show(tab, form);
      const height = (await tab.evaluate(drawn)).box.height;
      await tab.until(() => !document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelector("img"));
      const after = await tab.evaluate(drawn);
      assert.equal(after.sideways, false);
      if (form === "inline") assert.equal(after.box.height, height);
      await press(tab, "#decline");
      await gone(tab);
    }
  },
);

scene(
  "slots of prompts are known, and those that nobody knows are told",
  { said: [/"asid" is not a slot/] },
  async ({ site, open }) => {
    const body = `<div data-tb-slot="asid"></div><div data-tb-slot="aside" style="min-height: 200px"></div>`;
    const tab = await open(site(page([card], body)).url());
    await tab.announced("ready");
    const told = await tab
      .until(async () => true)
      .then(async () => {
        for (let waited = 0; waited < 100; waited += 1) {
          const heard = (await tab.heard()).filter(({ text }) => text.includes("is not a slot"));
          if (heard.length) return heard.map(({ text }) => text);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return [];
      });
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /data-tb-slot="asid" is not a slot of the config: did you mean "aside"\?/);
  },
);
