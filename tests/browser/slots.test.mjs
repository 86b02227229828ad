// What a variant changes in a slot, what it leaves alone, and who has the last word: the page and the
// visitor do.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, looks, queued, SENT } from "./outdoor.mjs";

/** @import { Site } from "./rig/types.js" */

const { scene } = await rig();

/**
 * A config with one slot of one variant of this content.
 *
 * @param {object} content
 * @param {object} [more]
 */
const showing = (content, more = {}) =>
  config({ slots: [hero({ variants: [{ id: "boots", tags: { category: "boots" }, content }], ...more })] });
/** @param {string} inside */
const slot = (inside) => `<section data-tb-slot="hero">${inside}</section>`;
const boots = [queued, looks("boots")];

/**
 * Runs in the page: the text that stands in an element itself, not in what is in it.
 *
 * @param {string} selector
 */
const ownText = (selector) =>
  [.../** @type {Element} */ (document.querySelector(selector)).childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.nodeValue)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
/** @param {string} selector */
const html = (selector) => /** @type {Element} */ (document.querySelector(selector)).outerHTML;

/** Runs in the page: everything by which a decision counts. */
const counted = () => {
  const { counts, exposures } = window.tailorbird.export();
  return {
    counts,
    exposures,
    impressions: window.seen.events
      .filter(({ name }) => name === "impression" || name === "conversion")
      .map(({ detail }) => detail.variant),
  };
};

scene(
  "a variant whose selector finds nothing is not shown at all, says so, and counts nothing",
  { said: [/hero.*boots.*h2/s] },
  async ({ site, open }) => {
    const shop = site({
      config: showing({ text: { h1: BOOTS, h2: "No such heading" }, attributes: { a: { title: "To the boots" } } }),
      body,
      tag: { "data-consent": "granted" },
      before: [boots],
    });
    const tab = await open(shop.url());
    const original = `<section data-tb-slot="hero"><h1>${SENT}</h1><a href="/all" title="Everything">See all</a></section>`;
    const decision = await tab
      .until(() => window.seen.events.find(({ name, detail }) => name === "decision" && detail.applied === false))
      .then(({ detail }) => detail);
    assert.equal(decision.slot, "hero");
    assert.equal(decision.variant, "boots");
    assert.match(decision.problem, /h2/);
    assert.equal(await tab.evaluate(html, "[data-tb-slot]"), original);
    // An impression takes a second on screen.
    await pause(1_300);
    await tab.evaluate(() =>
      window.tailorbird.track("purchase", {
        transaction_id: "t-1",
        value: 80,
        currency: "EUR",
        items: [{ item_id: "boots-1" }],
      }),
    );
    await pause(100);
    const { counts, exposures, impressions } = await tab.evaluate(counted);
    assert.deepEqual(JSON.stringify(counts).match(/boots/g), null, JSON.stringify(counts));
    assert.deepEqual(exposures, []);
    assert.deepEqual(
      impressions.filter((variant) => variant === "boots"),
      [],
    );
    assert.equal(await tab.evaluate(html, "[data-tb-slot]"), original);
    const warnings = (await tab.heard()).filter(({ kind }) => kind === "warning");
    assert.equal(warnings.length, 1, JSON.stringify(warnings));
    assert.match(warnings[0].text, /hero/);
    assert.match(warnings[0].text, /boots/);
    assert.match(warnings[0].text, /h2/);
  },
);

scene(
  "a variation that could not be shown is no exposure, and one that was shown is",
  { said: [/h2/] },
  async ({ site, open }) => {
    const experiments = {
      experiments: [
        {
          key: "hero-test",
          hashVersion: 2,
          variations: ["control", "boots"],
          weights: [0, 1],
          meta: [{ key: "0" }, { key: "1" }],
        },
      ],
    };
    /** @param {{ [selector: string]: string }} text */
    const tested = (text) =>
      config({
        slots: [
          hero({
            experiment: "hero-test",
            choose: [{ by: "experiment" }],
            variants: [{ id: "boots", content: { text } }],
          }),
        ],
        experiments,
      });
    const identified = [
      () => {
        // @ts-expect-error: before the tag has run it is the queue
        window.tailorbird = [["attributes", { id: "visitor-1" }]];
      },
    ];
    const wrong = site({
      config: tested({ h2: BOOTS }),
      body,
      tag: { "data-consent": "granted" },
      before: [identified],
    });
    const tab = await open(wrong.url());
    await tab.until(() =>
      window.seen.events.some(({ name, detail }) => name === "decision" && detail.applied === false),
    );
    await pause(200);
    assert.deepEqual((await tab.evaluate(counted)).exposures, []);
    const right = site({
      config: tested({ h1: BOOTS }),
      body,
      tag: { "data-consent": "granted" },
      before: [identified],
    });
    const other = await open(right.url());
    await other.until(() => window.tailorbird.export?.().exposures.length === 1);
    assert.equal((await other.announced("decision")).applied, true);
  },
);

scene("the decision that a slot announces says that it was applied", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [boots] });
  const tab = await open(shop.url());
  const { variant, applied, problem } = await tab.announced("decision");
  assert.deepEqual([variant, applied, problem], ["boots", true, undefined]);
});

scene("a variant adds classes and removes some, and all the others go on being the page's", async ({ site, open }) => {
  const shop = site({
    config: showing({ text: { h1: BOOTS }, class: { a: { add: ["featured"], remove: ["plain"] } } }),
    body: slot(`<h1>${SENT}</h1><a href="/all" class="button plain wide">See all</a>`),
    before: [boots],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  const classes = () =>
    [.../** @type {Element} */ (document.querySelector("[data-tb-slot] a")).classList].sort().join(" ");
  assert.equal(await tab.evaluate(classes), "button featured wide");
  for (const expected of ["button featured open wide", "button featured wide", "button featured open wide"]) {
    await tab.evaluate(() =>
      /** @type {Element} */ (document.querySelector("[data-tb-slot] a")).classList.toggle("open"),
    );
    await pause(80);
    assert.equal(await tab.evaluate(classes), expected);
  }
  await tab.evaluate(() =>
    /** @type {Element} */ (document.querySelector("[data-tb-slot] a")).classList.remove("wide"),
  );
  await pause(80);
  assert.equal(await tab.evaluate(classes), "button featured open");
  assert.deepEqual(await tab.announcements("conflict"), []);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(classes), "button open plain");
});

scene("text for an element with an icon and a badge in it leaves both in their places", async ({ site, open }) => {
  const inside = `<i class="icon" style="display: inline-block; width: 10px; height: 10px"></i> Add to basket <svg width="10" height="10"><path d="M0 0h9v9z"></path></svg><span class="badge">3</span>`;
  const shop = site({
    config: showing({ text: { button: "Pack them" } }),
    body: slot(`<h1>${SENT}</h1><button type="button">${inside}</button>`),
    before: [
      boots,
      [
        () => {
          document.addEventListener("DOMContentLoaded", () => {
            window.parts = [...document.querySelectorAll("button *")];
            window.badges = 0;
            /** @type {Element} */ (document.querySelector(".badge")).addEventListener(
              "click",
              () => (window.badges += 1),
            );
          });
        },
      ],
    ],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.until(() => window.parts);
  assert.equal(await tab.evaluate(ownText, "button"), "Pack them");
  const state = await tab.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector(".badge")).click();
    return {
      same: window.parts.every((part, at) => part === document.querySelectorAll("button *")[at]),
      seen: [...document.querySelectorAll(".icon, svg, .badge")].every(
        (part) => part.getBoundingClientRect().width > 0 && getComputedStyle(part).visibility === "visible",
      ),
      badge: document.querySelector(".badge")?.textContent,
      clicks: window.badges,
    };
  });
  assert.deepEqual(state, { same: true, seen: true, badge: "3", clicks: 1 });
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(
    await tab.evaluate(() => document.querySelector("button")?.innerHTML),
    inside.replace(
      /<svg.*?<\/svg>/,
      await tab.evaluate(() => /** @type {Element} */ (document.querySelector("svg")).outerHTML),
    ),
  );
});

scene("what the visitor types into a text of ours stays, key by key", async ({ site, open }) => {
  const shop = site({
    config: showing({ text: { "#note": "Boots" } }),
    body: slot(`<h1>${SENT}</h1><div id="note" contenteditable="true" role="textbox" aria-label="Note">A note</div>`),
    before: [boots],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.evaluate(() => document.querySelector("#note")?.textContent), "Boots");
  await tab.click("#note");
  await tab.key("End");
  let typed = "";
  for (const letter of " for her and me") {
    await tab.type(letter);
    typed += letter;
    await pause(110);
    const text = await tab.evaluate(() =>
      /** @type {Element} */ (document.querySelector("#note")).textContent.replace(/\u00a0/g, " "),
    );
    assert.equal(text.trimEnd(), `Boots${typed}`.trimEnd());
  }
  await tab.key("Backspace");
  await pause(400);
  assert.equal(
    await tab.evaluate(() =>
      /** @type {Element} */ (document.querySelector("#note")).textContent.replace(/\u00a0/g, " "),
    ),
    "Boots for her and m",
  );
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "note");
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(
    await tab.evaluate(() =>
      /** @type {Element} */ (document.querySelector("#note")).textContent.replace(/\u00a0/g, " "),
    ),
    "Boots for her and m",
    "also after stop",
  );
});

scene("a menu of the page opens and closes although a variant wrote its button", async ({ site, open }) => {
  const shop = site({
    config: showing({
      text: { h1: BOOTS },
      attributes: { button: { "aria-expanded": "false", "aria-label": "Boots" } },
      class: { button: { add: ["featured"] } },
    }),
    body:
      slot(
        `<h1>${SENT}</h1><button type="button" aria-expanded="false" aria-label="Menu">Menu</button><ul hidden><li>One</li></ul>`,
      ) + `<script src="/menu.js"></script>`,
    before: [boots],
    files: {
      "/menu.js": {
        type: "text/javascript",
        body: `document.querySelector("button").addEventListener("click", ({currentTarget}) => {
          const open = currentTarget.getAttribute("aria-expanded") !== "true";
          currentTarget.setAttribute("aria-expanded", String(open));
          currentTarget.classList.toggle("open", open);
          document.querySelector("ul").hidden = !open;
        });`,
      },
    },
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  const state = () => {
    const button = /** @type {HTMLElement} */ (document.querySelector("button"));
    return [
      button.getAttribute("aria-expanded"),
      button.classList.contains("open"),
      document.querySelector("ul")?.hidden,
    ];
  };
  for (let time = 0; time < 3; time += 1) {
    await tab.click("button");
    await pause(250);
    assert.deepEqual(await tab.evaluate(state), ["true", true, false], "opened");
    await tab.click("button");
    await pause(250);
    assert.deepEqual(await tab.evaluate(state), ["false", false, true], "closed");
  }
  assert.deepEqual(await tab.announcements("conflict"), []);
});

scene(
  "what the page does to an attribute of ours stands: found text stays open, lazy pictures keep their source",
  async ({ site, open }) => {
    /** @param {string} colour */
    const dot = (colour) => `/${colour}.svg`;
    const picture = {
      type: "image/svg+xml",
      body: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>`,
    };
    const shop = site({
      config: showing({
        text: { h1: BOOTS },
        attributes: { "#more": { hidden: "until-found" }, img: { src: dot("small"), alt: "Boots" } },
      }),
      body: slot(
        `<h1>${SENT}</h1><p id="more">More of them.</p><img src="${dot("sent")}" alt="A tent" data-src="${dot("large")}">`,
      ),
      before: [boots],
      files: { [dot("small")]: picture, [dot("large")]: picture, [dot("sent")]: picture },
    });
    const tab = await open(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.evaluate(() => document.querySelector("#more")?.getAttribute("hidden")), "until-found");
    await tab.evaluate(() => {
      // As the browser does when the visitor's search has found something in it.
      /** @type {Element} */ (document.querySelector("#more")).removeAttribute("hidden");
      const image = /** @type {HTMLImageElement} */ (document.querySelector("img"));
      image.src = String(image.dataset.src);
    });
    for (let time = 0; time < 3; time += 1) {
      await pause(150);
      assert.deepEqual(
        await tab.evaluate(() => [
          /** @type {Element} */ (document.querySelector("#more")).hasAttribute("hidden"),
          document.querySelector("img")?.getAttribute("src"),
        ]),
        [false, dot("large")],
      );
      await tab.evaluate(() =>
        /** @type {Element} */ (document.querySelector("[data-tb-slot]")).toggleAttribute("data-turned"),
      );
    }
    await tab.evaluate(() => window.tailorbird.stop());
    assert.deepEqual(
      await tab.evaluate(() => [
        /** @type {Element} */ (document.querySelector("#more")).hasAttribute("hidden"),
        document.querySelector("img")?.getAttribute("src"),
      ]),
      [false, dot("large")],
      "also after stop",
    );
  },
);

scene("a page that changes its language has it in the slot as well", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [boots] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), BOOTS);
  for (const [heading, link] of [
    ["Ausr\u00fcstung f\u00fcr jeden Weg", "Alles"],
    ["Tout pour le sentier", "Tout"],
  ]) {
    await tab.evaluate(
      (texts) => {
        /** @type {HTMLElement} */ (document.querySelector("h1")).textContent = texts[0];
        /** @type {Element} */ (document.querySelector("[data-tb-slot] a")).setAttribute("title", texts[1]);
      },
      [heading, link],
    );
    await pause(300);
    assert.equal(await tab.text("h1"), heading);
    assert.equal(
      await tab.evaluate(() => /** @type {HTMLAnchorElement} */ (document.querySelector("[data-tb-slot] a")).title),
      link,
    );
  }
  assert.deepEqual(await tab.announcements("conflict"), []);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.text("h1"), "Tout pour le sentier");
});

scene("a framework that restores its own text finds the variant there again", async ({ site, open }) => {
  const shop = site({ config: config(), body, before: [boots] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.evaluate((text) => {
    /** @type {Text} */ (/** @type {HTMLElement} */ (document.querySelector("h1")).firstChild).data = text;
  }, SENT);
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
  await tab.evaluate((text) => {
    /** @type {HTMLElement} */ (document.querySelector("h1")).textContent = text;
  }, SENT);
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.text("h1"), SENT);
});

/** Elements whose text is not ours. */
const FOREIGN = {
  "a select": `<select name="size" class="it"><option value="s">Small</option><option selected="">Large</option></select>`,
  "an option": `<select name="size"><option class="it">Small</option><option>Large</option></select>`,
  "a field": `<input class="it" value="Large">`,
  "a field of several lines": `<textarea class="it">A note</textarea>`,
  "a frame": `<iframe class="it" src="/frame" title="A frame"></iframe>`,
  "a custom element": `<shop-card class="it"><b>Boots</b></shop-card>`,
  "a script": `<script type="text/plain" class="it">text</script>`,
  "a style": `<style class="it">b { color: red }</style>`,
};
/** Runs in the page before the tag: a custom element that counts how often it comes and goes. */
const cards = () => {
  window.cards = { connected: 0, disconnected: 0 };
  customElements.define(
    "shop-card",
    class extends HTMLElement {
      connectedCallback() {
        window.cards.connected += 1;
      }
      disconnectedCallback() {
        window.cards.disconnected += 1;
      }
    },
  );
};
const framed = { "/frame": { tag: false, before: [], body: "<p>Framed.</p>" } };
/** @param {Site} shop */
const asked = (shop) => shop.requests.filter(({ path }) => path === "/frame").length;

scene(
  "text of controls, frames, custom elements and code is not ours, and such a variant is not shown",
  { said: [/tailorbird.*hero/s] },
  async ({ site, open }) => {
    const shop = site({
      config: showing({ text: { h1: BOOTS, ".it": "Ours" } }),
      pages: framed,
      before: [cards, boots],
    });
    const tab = await open();
    for (const [what, inside] of Object.entries(FOREIGN)) {
      const before = asked(shop);
      shop.spec.body = slot(`<h1>${SENT}</h1>${inside}`);
      await tab.goto(shop.url());
      const decision = await tab
        .until(() => window.seen.events.find(({ name, detail }) => name === "decision" && detail.variant === "boots"))
        .then(({ detail }) => detail);
      await pause(100);
      assert.equal(decision.applied, false, what);
      assert.match(decision.problem, /\.it|<[\w-]+>/, what);
      assert.equal(await tab.evaluate(html, "[data-tb-slot]"), shop.spec.body, what);
      assert.deepEqual(
        await tab.evaluate(() => window.cards),
        { connected: inside.includes("shop-card") ? 1 : 0, disconnected: 0 },
        what,
      );
      assert.equal(asked(shop), before + (inside.includes("iframe") ? 1 : 0), what);
    }
  },
);

scene(
  "a text around a frame or a custom element neither loads the one again nor takes the other off the page",
  { said: [/tailorbird.*hero/s] },
  async ({ site, open }) => {
    const shop = site({ config: showing({ text: { ".it": "Ours" } }), pages: framed, before: [cards, boots] });
    const tab = await open();
    for (const inside of [FOREIGN["a frame"], FOREIGN["a custom element"]]) {
      const before = asked(shop);
      shop.spec.body = slot(`<div class="it">Theirs ${inside.replace("it", "within")}</div>`);
      await tab.goto(shop.url());
      await tab.announced("decision");
      await pause(200);
      await tab.evaluate(() => window.tailorbird.stop());
      await pause(100);
      assert.equal(await tab.evaluate(html, "[data-tb-slot]"), shop.spec.body);
      assert.equal(asked(shop), before + (inside.includes("iframe") ? 1 : 0));
      assert.equal(await tab.evaluate(() => window.cards.disconnected), 0);
    }
  },
);

scene("a text around a field leaves the field, its value, focus and caret where they are", async ({ site, open }) => {
  const shop = site({
    config: showing({ text: { label: "Your size in boots" } }),
    body: slot(
      `<h1>${SENT}</h1><label>Your size <input name="size"> <select name="width"><option>wide<option selected>narrow</select></label>`,
    ),
    tag: false,
    before: [boots],
  });
  const tab = await open(shop.url());
  await tab.click("input");
  await tab.type("42.5");
  const state = () => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
    return [
      document.activeElement === input,
      input.value,
      input.selectionStart,
      input.selectionEnd,
      /** @type {HTMLSelectElement} */ (document.querySelector("select")).value,
    ];
  };
  await tab.evaluate(() => /** @type {HTMLInputElement} */ (document.querySelector("input")).setSelectionRange(1, 3));
  const before = await tab.evaluate(state);
  await tab.evaluate(() => {
    const script = document.createElement("script");
    script.src = "/tailorbird.js";
    script.dataset.config = "/tailorbird.json";
    document.head.append(script);
  });
  await tab.announced("decision");
  assert.equal(await tab.evaluate(ownText, "label"), "Your size in boots");
  assert.deepEqual(await tab.evaluate(state), before);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.deepEqual(await tab.evaluate(state), before);
  assert.equal(await tab.evaluate(ownText, "label"), "Your size");
});

scene(
  "ten thousand elements of one slot keep the page waiting for less than a second",
  { timeout: 60_000 },
  async ({ site, open }) => {
    const many = Array.from({ length: 10_000 }, () => `<p data-tb-slot="hero"><b>${SENT}</b></p>`).join("\n");
    const shop = site({
      config: showing({ text: { b: BOOTS }, attributes: { "": { title: "Boots" } } }),
      body: many,
      before: [boots],
    });
    const tab = await open(shop.url());
    await tab.until(() => document.querySelector("p b")?.textContent.startsWith("Boots"));
    const longest = await tab.evaluate(async () => {
      const all = document.querySelectorAll("p");
      const turn = () => new Promise((resolve) => setTimeout(resolve));
      await turn();
      let worst = 0;
      /** @param {() => unknown} work */
      const timed = async (work) => {
        const from = performance.now();
        work();
        await turn();
        worst = Math.max(worst, performance.now() - from);
      };
      await timed(() => all[5_000].setAttribute("lang", "de"));
      await timed(() => all[9_999].setAttribute("title", "Changed"));
      await timed(() => all[1].classList.add("seen"));
      await timed(() => {
        /** @type {HTMLElement} */ (all[2].querySelector("b")).textContent = "Changed";
      });
      return worst;
    });
    assert.ok(longest < 1_000, `${longest} ms`);
    const from = Date.now();
    await tab.evaluate(() => window.tailorbird.stop());
    assert.ok(Date.now() - from < 3_000, "stop takes its time as well");
    assert.equal(await tab.text("p b"), SENT);
  },
);
