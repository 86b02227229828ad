// The playground of the docs: config and page in editors, and the engine that runs beside them.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { deflateSync } from "node:zlib";
import { buildPlayground } from "../../scripts/docs/playground.mjs";
import { violations } from "./axe.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { SceneTools, Tab } from "./rig/types.js" */

const { scene } = await rig();

const folder = await mkdtemp(path.join(tmpdir(), "tailorbird-playground-"));
after(() => rm(folder, { recursive: true }));
await buildPlayground(folder);

/**
 * The playground on a site of its own, open at this fragment. `loose` admits the script of axe.
 *
 * @param {Pick<SceneTools, "site" | "open">} tools
 * @param {string} [fragment]
 * @param {boolean} [loose]
 */
const opened = async ({ site, open }, fragment = "", loose = false) => {
  const served = site({
    roots: { "/": folder },
    html: (_, text) => {
      const heard = text.replace(/(<meta charset[^>]*>)/, '$1<script src="/rig/collector.js"></script>');
      return loose ? heard.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") : heard;
    },
  });
  const tab = await open(served.url(`/${fragment}`));
  await ready(tab);
  return { served, tab };
};

/** @param {Tab} tab */
const ready = (tab) => tab.until(() => document.documentElement.dataset["ready"] !== undefined);

/**
 * A link as the playground writes it, by Node's own zlib.
 *
 * @param {string} config
 * @param {string} page
 */
const linkTo = (config, page) => `#1${deflateSync(JSON.stringify(["test", config, page])).toString("base64url")}`;

/**
 * What the first element of a selector reads on the page beside the editor.
 *
 * @param {Tab} tab
 * @param {string} selector
 * @param {string} text
 */
const reads = (tab, selector, text) =>
  tab.until(
    (wanted, expected) =>
      document.querySelector("iframe")?.contentDocument?.querySelector(wanted)?.textContent === expected,
    selector,
    text,
  );

/**
 * The log has a line with these words.
 *
 * @param {Tab} tab
 * @param {string} words
 */
const logged = (tab, words) =>
  tab.until(
    (wanted) => [...document.querySelectorAll("#log > ol > li")].some((line) => line.textContent.includes(wanted)),
    words,
  );

/**
 * @param {Tab} tab
 * @param {"config" | "page"} editor
 */
const written = (tab, editor) =>
  tab.evaluate(
    (id) =>
      [...(document.getElementById(id)?.shadowRoot?.querySelectorAll(".cm-line") ?? [])]
        .map((line) => line.textContent)
        .join("\n"),
    editor,
  );

/** @param {Tab} tab */
const marks = (tab) =>
  tab.evaluate(() =>
    [...(document.getElementById("config")?.shadowRoot?.querySelectorAll(".cm-lintRange-error") ?? [])].map(
      ({ textContent }) => textContent,
    ),
  );

/** @param {Tab} tab */
const problems = (tab) =>
  tab.evaluate(() => [...document.querySelectorAll("#problems button")].map(({ textContent }) => textContent));

/** @param {Tab} tab */
const focusEditor = (tab) =>
  tab.evaluate(() => {
    /** @type {HTMLElement | null | undefined} */
    const content = document.getElementById("config")?.shadowRoot?.querySelector(".cm-content");
    content?.focus();
  });

/**
 * Chooses a recipe from the menu.
 *
 * @param {Tab} tab
 * @param {string} name
 */
const choose = (tab, name) =>
  tab.evaluate((recipe) => {
    const menu = /** @type {HTMLSelectElement} */ (document.getElementById("recipe"));
    menu.value = recipe;
    menu.dispatchEvent(new Event("change"));
  }, name);

const WRONG = `{
  "version": 1,
  "site": { "currency": "euro" },
  "segments": [{ "id": "boot fans", "when": { "session.views": { "$gte": 2 } } }],
  "slots": [
    {
      "id": "hero",
      "gaol": "purchase",
      "holdout": 7,
      "choose": [{ "by": "popular" }],
      "variants": [{ "id": "boots", "weight": "much", "content": { "text": { "h1": "Boots" } } }]
    }
  ]
}`;

const FIVE = [
  ["site.currency", '"euro"'],
  ["segments[0].id", '"boot fans"'],
  ["slots[0].gaol", '"gaol"'],
  ["slots[0].holdout", "7"],
  ["slots[0].variants[0].weight", '"much"'],
];

scene("five errors are five marks, named and reached by keyboard; the schema completes a key", async (tools) => {
  const { tab } = await opened(tools, linkTo(WRONG, '<main data-tb-slot="hero"><h1>Gear</h1></main>'));
  await tab.until(() => document.getElementById("problem-count")?.textContent === "5 problems");
  const named = await problems(tab);
  assert.deepEqual(named.map((problem) => problem.split(" ")[0]).sort(), FIVE.map(([where]) => where).sort());
  assert.deepEqual(
    await marks(tab),
    FIVE.map(([, text]) => text),
  );
  // The problem's button selects the key: what is in its quotes is written anew.
  await tab.evaluate(() => {
    const buttons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#problems button"))];
    buttons.find(({ textContent }) => textContent?.startsWith("slots[0].gaol"))?.focus();
  });
  await tab.key("Enter");
  for (const name of ["ArrowRight", "ArrowLeft", ...Array(4).fill("Backspace")]) await tab.key(name);
  await tab.type("go");
  const offered = () =>
    [...(document.getElementById("config")?.shadowRoot?.querySelectorAll(".cm-completionLabel") ?? [])].map(
      ({ textContent }) => textContent,
    );
  await tab.until(() => document.getElementById("config")?.shadowRoot?.querySelector(".cm-completionLabel") !== null);
  assert.equal((await tab.evaluate(offered))[0], "goal");
  await tab.picture("playground-completion");
  // A list that has just opened takes no key: it may have come between the eye and the hand.
  await new Promise((resolve) => setTimeout(resolve, 90));
  await tab.key("Enter");
  await tab.until(() => document.getElementById("problem-count")?.textContent === "4 problems");
  assert.match(await written(tab, "config"), /"goal": "purchase"/);
  // Where a text is no JSON, that is the problem, and the page goes on with what it had.
  await tab.type("{");
  await tab.until(() => document.getElementById("problem-count")?.textContent === "1 problem");
  assert.match((await problems(tab))[0], /^line 8, column \d+: expected/);
  await reads(tab, "h1", "Gear");
});

scene("a session changes the slot, and the interest is there the next day", async (tools) => {
  const { tab } = await opened(tools);
  await choose(tab, "category-affinity");
  await tab.until(() => location.hash === "#category-affinity");
  await reads(tab, "h1", "Gear for every trail");
  await tab.click("#look");
  await reads(tab, "h1", "Boots that know the way");
  await logged(tab, 'Slot hero shows "boots" (personalized).');
  await tab.click("#next-day");
  await logged(tab, "1 day passes.");
  await reads(tab, "h1", "Boots that know the way");

  const views = () =>
    document.querySelector("iframe")?.contentWindow?.framePage?.engine?.profile().attributes?.["session"];
  const before = await tab.until(views);
  await focusEditor(tab);
  await tab.type(" ");
  await logged(tab, "The page is shown again, as it was edited.");
  await reads(tab, "h1", "Boots that know the way");
  assert.deepEqual(Object(await tab.until(views)).views, Object(before).views, "to edit is no page view");

  await tab.click("#new-visitor");
  await reads(tab, "h1", "Gear for every trail");
  assert.deepEqual(
    await tab.evaluate(() => Object.keys(localStorage)),
    [],
    "what is known of a made-up visitor goes with the tab",
  );
});

scene("a recipe's session plays, and a visitor who leaves is asked", async (tools) => {
  const { tab } = await opened(tools, "#save-basket");
  await tab.click("#leave");
  await logged(tab, "Prompt save-basket is not shown.");
  await tab.click("#basket");
  await tab.click("#leave");
  await logged(tab, "Prompt save-basket is shown.");
  await tab.click("#play button");
  await logged(tab, "This is what the recipe expects.");
  const warnings = await tab.evaluate(() =>
    [...document.querySelectorAll("#log .warning")].map(({ textContent }) => textContent),
  );
  assert.deepEqual(warnings, []);
});

const SHARED = `{
  "version": 1,
  "slots": [
    {
      "id": "hero",
      "choose": [{ "by": "popular" }],
      "variants": [{ "id": "größe", "weight": 1, "content": { "text": { "h1": "Schuhe in jeder Größe" } } }]
    }
  ]
}`.replace('"größe"', '"sizes"');

scene("a link holds all of it; a broken one says so and replaces nothing", async (tools) => {
  const page = '<main data-tb-slot="hero"><h1>Gear</h1></main>';
  const { served, tab } = await opened(tools, linkTo(SHARED, page));
  await reads(tab, "h1", "Schuhe in jeder Größe");
  await tab.click("#share");
  await tab.until(() => document.getElementById("notice")?.textContent?.includes("link"));
  const hash = await tab.evaluate(() => location.hash);

  const second = await tools.open(served.url(`/${hash}`));
  await ready(second);
  await reads(second, "h1", "Schuhe in jeder Größe");
  assert.equal(await written(second, "config"), SHARED);
  await logged(second, 'Slot hero shows "sizes" (generic).');

  for (const broken of [hash.slice(0, -12), `${hash.slice(0, 40)}_${hash.slice(41)}`, "#9abc", "#1%%"]) {
    await second.evaluate((fragment) => {
      location.hash = fragment;
    }, broken);
    await second.until(() => document.getElementById("notice")?.textContent?.startsWith("This link cannot be opened"));
    assert.equal(await written(second, "config"), SHARED, broken);
    await second.evaluate(() => history.back());
    await second.until(() => document.getElementById("notice")?.textContent === "");
  }
  assert.deepEqual(
    served.requests.filter(({ query }) => query !== ""),
    [],
    "nothing of it is sent",
  );
});

const HOSTILE = `<main data-tb-slot="hero"><h1>Gear</h1></main>
<style>h1 { color: rgb(1, 2, 3) }</style><p style="color: rgb(4, 5, 6)">Styled</p>
<script>parent.harmed = "script"</script><script src="/recipes.json"></script>
<img src="data:," onerror="parent.harmed = 'image'"><iframe srcdoc="<script>top.harmed = 'frame'</script>"></iframe>
<a href="javascript:parent.harmed = 'link'">Link</a><a id="away" href="/boots?size=42">Boots</a>`;

scene(
  "markup from a link is styled, and runs no script",
  { said: [/Content.?Security.?Policy|Refused to/i] },
  async (tools) => {
    const { tab } = await opened(tools, linkTo(SHARED, HOSTILE));
    await reads(tab, "h1", "Schuhe in jeder Größe");
    const seen = await tab.evaluate(async () => {
      const page = document.querySelector("iframe")?.contentDocument;
      /** @type {HTMLElement | null | undefined} */ (page?.querySelector("a"))?.click();
      await new Promise((resolve) => setTimeout(resolve, 90));
      /** @param {string} selector */
      const colour = (selector) => getComputedStyle(/** @type {Element} */ (page?.querySelector(selector))).color;
      return { harmed: Reflect.get(window, "harmed") ?? null, heading: colour("h1"), line: colour("p") };
    });
    assert.deepEqual(seen, { harmed: null, heading: "rgb(1, 2, 3)", line: "rgb(4, 5, 6)" });
    await tab.evaluate(() => document.querySelector("iframe")?.contentDocument?.getElementById("away")?.click());
    await logged(tab, "The visitor opens /boots?size=42.");
    await reads(tab, "h1", "Schuhe in jeder Größe");
  },
);

scene("it is accessible, light and dark, on a phone, and by keyboard", { timeout: 60_000 }, async (tools) => {
  const { tab } = await opened(tools, linkTo(WRONG, '<main data-tb-slot="hero"><h1>Gear</h1></main>'), true);
  await tab.until(() => document.getElementById("problem-count")?.textContent === "5 problems");
  assert.deepEqual(await violations(tab), []);
  await tab.picture("playground");
  if (await tab.media({ dark: true })) {
    assert.deepEqual(await violations(tab), [], "dark");
    await tab.picture("playground-dark");
  }
  await tab.media({ dark: false });

  // Tab goes through the editor and leaves it.
  await focusEditor(tab);
  const text = await written(tab, "config");
  await tab.key("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "problems");
  assert.equal(await written(tab, "config"), text);

  await tab.viewport(390, 800);
  await tab.until(
    () => getComputedStyle(/** @type {Element} */ (document.getElementById("tab-result"))).display !== "none",
  );
  assert.deepEqual(await violations(tab), [], "on a phone");
  await tab.picture("playground-phone");
  const width = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, "nothing is wider than the screen");
  await tab.evaluate(() => document.getElementById("tab-config")?.focus());
  await tab.key("ArrowLeft");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "tab-result");
  assert.ok(await tab.evaluate(() => document.querySelector("iframe")?.getClientRects().length));
  assert.deepEqual(await violations(tab), [], "the result on a phone");
  await tab.picture("playground-phone-result");
});
