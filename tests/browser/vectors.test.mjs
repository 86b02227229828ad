// Content that tries to run, load or become something, given to the part that writes to the page: what comes from a
// config has been judged once before, what comes from a template of the page or from a visitor has not.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { config, hero, looks, queued } from "./outdoor.mjs";
import { pageAloneScript } from "./page_alone.mjs";
import { ATTRIBUTES, HTML, IMAGES, PLACES, SHEETS, STYLES, TEMPLATES, VALUES } from "./vectors.mjs";

/** @import { SceneTools, Step, Tab } from "./rig/types.js" */

const { scene } = await rig();

/**
 * One slot of the page with one vector in it.
 *
 * @typedef {{ what: string, inside: string, changes: readonly object[] | null, beside?: string }} Vector
 */

const TEXT = `<p class="it">Theirs</p>`;
const PATH = "content";
const OWN = { type: "image/svg+xml", body: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>` };

/**
 * @param {string} html
 * @returns {Vector[]}
 */
const asHtml = (html) => [
  { what: `html ${html}`, inside: TEXT, changes: [{ kind: "html", path: PATH, selector: ".it", html }] },
  {
    what: `insert ${html}`,
    inside: TEXT,
    changes: [{ kind: "insert", path: PATH, selector: ".it", position: "after", html, template: null }],
  },
];

/**
 * @param {string} markup
 * @param {number} at
 * @returns {Vector[]}
 */
const asTemplate = (markup, at) => [
  {
    what: `template ${markup}`,
    inside: TEXT,
    beside: `<template id="t${at}">${markup}</template>`,
    changes: [{ kind: "insert", path: PATH, selector: ".it", position: "append", html: null, template: `#t${at}` }],
  },
  {
    what: `variant ${markup}`,
    inside: `${TEXT}<template data-tb-variant="evil">${markup}</template>`,
    changes: null,
  },
];

/** @type {Vector[]} */
const REFUSED = [
  ...HTML.flatMap(asHtml),
  ...TEMPLATES.flatMap(asTemplate),
  ...STYLES.map(([property, value]) => ({
    what: `${property}: ${value}`,
    inside: TEXT,
    changes: [{ kind: "style", path: PATH, selector: ".it", style: { [property]: value } }],
  })),
  ...SHEETS.map((css) => ({ what: css, inside: TEXT, changes: [{ kind: "css", path: PATH, css }] })),
  ...ATTRIBUTES.map(([inside, name, value]) => ({
    what: `${name}="${value}" on ${inside}`,
    inside,
    changes: [{ kind: "attributes", path: PATH, selector: ".it", attributes: { [name]: value } }],
  })),
  ...IMAGES.map((image) => ({
    what: `image ${JSON.stringify(image)}`,
    inside: `<img class="it" src="/own.svg" alt="x">`,
    changes: [
      {
        kind: "image",
        path: PATH,
        selector: ".it",
        image: { srcset: null, sizes: null, alt: null, width: null, height: null, ...image },
      },
    ],
  })),
];

/** @param {readonly Vector[]} vectors */
const bodyOf = (vectors) =>
  vectors
    .map(({ inside, beside = "" }, at) => `<section data-tb-slot="s${at}">${inside}</section>${beside}`)
    .join("\n");

/**
 * Opens a page with one slot for each vector, shows all of them, and does whatever a visitor may do there.
 *
 * @param {Pick<SceneTools, "site" | "open">} tools
 * @param {readonly Vector[]} vectors
 * @param {{ values?: { [name: string]: string }, before?: Step[], csp?: string }} [more]
 */
const shown = async ({ site, open }, vectors, { values = {}, before = [], csp } = {}) => {
  const shop = site({
    tag: false,
    head: `<script src="/page.js"></script><style>.turning { animation: turn 0.1s } @keyframes turn { to { rotate: 1turn } }</style>`,
    // Put in by a script: Firefox asks for pictures in templates ahead of its parser, which is the page's doing.
    body: csp === undefined ? "" : bodyOf(vectors),
    files: { "/page.js": { type: "text/javascript", body: await pageAloneScript() }, "/own.svg": OWN, "/own": OWN },
    before,
    ...(csp === undefined ? {} : { csp }),
  });
  const tab = await open(shop.url());
  if (csp === undefined) {
    await tab.evaluate((body) => {
      document.body.innerHTML = body;
    }, bodyOf(vectors));
  }
  await tab.evaluate(
    (all, given) => {
      window.originals = [...document.querySelectorAll("section")].map((section) => section.innerHTML);
      window.page = window.pageAlone(
        all.map((_, at) => `s${at}`),
        given,
      );
      for (const [at, changes] of all.entries()) window.page.show({ slot: `s${at}`, variant: "evil", changes });
    },
    vectors.map(({ changes }) => changes),
    values,
  );
  await pause(500);
  await used(tab);
  return tab;
};

/**
 * Everything is pointed at, focused and clicked.
 *
 * @param {Tab} tab
 */
const used = async (tab) => {
  await tab.evaluate(() => {
    // Nobody leaves the page, unless by an address that runs something.
    document.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest("a");
      if (link instanceof HTMLAnchorElement && /^https?:/.test(link.protocol)) event.preventDefault();
    });
    for (const element of document.querySelectorAll("section *")) {
      for (const name of ["pointerenter", "mouseover", "mousemove", "focusin", "beforematch", "toggle", "load"]) {
        element.dispatchEvent(new Event(name, { bubbles: true }));
      }
      if (element instanceof HTMLElement) {
        element.focus();
        element.click();
      }
    }
  });
  await pause(200);
  assert.deepEqual(
    await tab.evaluate(() => [window.pwned ?? 0, window.page.failed]),
    [0, null],
    "nothing ran, and nothing failed",
  );
};

/** Runs in the page: what became of each slot. */
const state = () =>
  window.originals.map((original, at) => ({
    report: window.page.reports[`s${at}`] ?? "",
    isSame: document.querySelector(`[data-tb-slot="s${at}"]`)?.innerHTML === original,
  }));

/** @param {Tab} tab */
const refused = async (tab) => {
  for (const [at, { report, isSame }] of (await tab.evaluate(state)).entries()) {
    const what = REFUSED[at]?.what ?? "";
    assert.ok(isSame, `changed the page: ${what}`);
    assert.match(report, /^content: ./, `is refused, with its place: ${what}`);
  }
  assert.equal(await tab.evaluate(() => document.adoptedStyleSheets.length), 0);
};

scene("no vector of html, templates, styles, attributes or pictures comes into the page", async ({ site, open }) => {
  assert.ok(REFUSED.length > 400, String(REFUSED.length));
  await refused(await shown({ site, open }, REFUSED));
});

scene("nor in a browser that cannot sanitize", async ({ site, open }) => {
  const without = () => Reflect.deleteProperty(Document, "parseHTML");
  await refused(await shown({ site, open }, REFUSED, { before: [without] }));
});

scene("nor in a page that has changed the methods of its own objects", async ({ site, open }) => {
  const changed = () => {
    for (const name of ["reason", "content", "changes", "selector", "html", "template", "position"]) {
      Object.defineProperty(Object.prototype, name, { value: "b", configurable: true, writable: true });
    }
  };
  await refused(await shown({ site, open }, REFUSED, { before: [changed] }));
});

/** Every value in every place. */
const FILLED = VALUES.flatMap((value, number) =>
  PLACES.map((place) => ({
    what: `${JSON.stringify(value)} in ${place}`,
    value,
    html: place.replace("{{ value }}", `{{ v${number} }}`),
  })),
);

const KNOWN = Object.fromEntries(VALUES.map((value, number) => [`v${number}`, value]));

/**
 * Paths of the page's own site that such values lead to, which is theirs to decide, and those of the templates as
 * they are written: Firefox asks for pictures in templates while it parses the page.
 */
const WITHIN = [...Object.keys(KNOWN).map((name) => `{{ ${name} }}`), ...VALUES]
  .flatMap((value) => [value, value.split(",")[0] ?? "", value.trim().split(/\s+/)[0] ?? ""])
  .map((value) => URL.parse(value, "http://shop.localhost/"))
  .flatMap((url) => (url?.hostname === "shop.localhost" ? [url.pathname] : []));

/**
 * What is shown where values were filled in: whether it is still what its author wrote.
 *
 * @param {string} inside
 */
const foreignIn = (inside) => {
  const places = [...document.querySelectorAll(inside)];
  return places.flatMap((section, at) => {
    const ours = [...section.children].filter((child) => child.className !== "it" && child.localName !== "template");
    const problems = [];
    if (ours.length > 1) problems.push(`${ours.length} elements`);
    for (const element of ours) {
      if (element.children.length > 0) problems.push("has become markup");
      for (const { name, value } of element.attributes) {
        if (!["title", "aria-label", "class", "data-size", "href", "src", "srcset", "alt"].includes(name)) {
          problems.push(`has ${name}`);
        }
        if (!["href", "src"].includes(name)) continue;
        const { origin } = new URL(value, document.baseURI);
        if (![location.origin, "https://shop.example"].includes(origin)) problems.push(`leads to ${origin}`);
      }
    }
    return problems.map((problem) => `${at}: ${problem}`);
  });
};

for (const kind of /** @type {const} */ (["html", "template"])) {
  scene(
    `what is known of a visitor is text wherever it is filled in: ${kind}`,
    // Browsers complain of pictures whose addresses are of the site and lead nowhere.
    { missing: WITHIN, said: [/srcset/, /404/] },
    async ({ site, open }) => {
      const vectors = FILLED.map(({ what, html }, at) => {
        const [markup, template] = kind === "html" ? [html, null] : [null, `#t${at}`];
        return {
          what,
          inside: TEXT,
          beside: kind === "html" ? "" : `<template id="t${at}">${html}</template>`,
          changes: [{ kind: "insert", path: PATH, selector: ".it", position: "after", html: markup, template }],
        };
      });
      const tab = await shown({ site, open }, vectors, { values: KNOWN });
      assert.deepEqual(await tab.evaluate(foreignIn, "section"), []);
      const texts = await tab.evaluate(() =>
        [...document.querySelectorAll("section")].map((section) => section.querySelector("b")?.textContent ?? null),
      );
      const asText = FILLED.flatMap(({ html, value }, at) =>
        html.startsWith("<b>") ? [{ value, text: texts[at] }] : [],
      );
      for (const { value, text } of asText) {
        // A value with placeholders in it might be taken for an expression by a framework of the page.
        assert.equal(text, value.includes("{{") ? null : value);
      }
    },
  );
}

scene(
  "what stands in the address bar and what the site says of a visitor runs nothing and asks nobody, through the whole engine",
  {
    missing: WITHIN,
    said: [/srcset/, /404/, /leads? .*to another site/, /is not set on/, /has placeholders in it/],
    timeout: 120_000,
  },
  async ({ site, open }) => {
    const markup = (/** @type {string} */ path) =>
      PLACES.map((place) => place.replace("{{ value }}", `{{ ${path} }}`)).slice(0, 7);
    const variant = (/** @type {object} */ content) => ({ id: "boots", tags: { category: "boots" }, ...content });
    const paths = ["campaign.name", "known"];
    const contents = paths.flatMap((path) => [
      ...markup(path).map((html) => ({ inside: TEXT, content: { html: { ".it": html } } })),
      ...markup(path).map((html) => ({
        inside: `${TEXT}<template data-tb-variant="boots">${html}</template>`,
        content: undefined,
      })),
      {
        inside: TEXT,
        content: { text: { ".it": `{{ ${path} }}` }, attributes: { ".it": { title: `{{ ${path} }}` } } },
      },
      { inside: `<a class="it" href="/own">x</a>`, content: { attributes: { ".it": { href: `{{ ${path} }}` } } } },
    ]);
    const shop = site({
      config: config({
        slots: contents.map(({ content }, at) =>
          hero({ id: `s${at}`, variants: [variant(content ? { content } : {})] }),
        ),
      }),
      body: contents.map(({ inside }, at) => `<section data-tb-slot="s${at}">${inside}</section>`).join("\n"),
      files: { "/own": OWN, "/own.svg": OWN },
    });
    const tab = await open();
    let applied = 0;
    for (const value of VALUES) {
      shop.spec.before = [
        [queued, looks("boots")],
        [(/** @type {string} */ text) => window.tailorbird.push(["attributes", { known: text }]), value],
        () => {
          // What the part alone has in the other scenes.
          window.page = { reports: {}, failed: null, show: () => undefined, revert: () => undefined };
        },
      ];
      await tab.goto(shop.url(`/?utm_campaign=${encodeURIComponent(value)}`));
      await tab.started();
      await pause(150);
      await used(tab);
      assert.deepEqual(await tab.announcements("unavailable"), []);
      applied += (await tab.announcements("decision")).filter((decision) => decision.applied).length;
      assert.deepEqual(
        (await tab.evaluate(foreignIn, "section:not(:has(a.it))")).filter((problem) => !/^\d+: has id$/.test(problem)),
        [],
        value,
      );
    }
    assert.ok(applied > 20 * VALUES.length, `${applied} were shown`);
  },
);
