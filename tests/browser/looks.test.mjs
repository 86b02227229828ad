// How prompts look: legible in every theme and form, by day and by night, and at home on pages with styles of their own.
// `npm run looks` puts all of it on one sheet, for people to look at.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const OVER_THE_PAGE = ["modal", "sheet", "bar-top", "bar-bottom", "slide-in"];
const FORMS = [...OVER_THE_PAGE, "inline"];

/**
 * A page with a prompt of each form.
 *
 * @param {string} theme
 * @param {string} [style]
 */
const page = (theme, style = "body { background: Canvas; color: CanvasText; color-scheme: light dark }") => ({
  lang: "en",
  head: `<style>${style}</style>`,
  config: {
    version: 1,
    site: { prompts: { theme, perView: 10, perSession: 100, perDay: 100, perWeek: 100 } },
    prompts: FORMS.map((form) => ({
      id: form,
      as: form,
      ...(form === "inline" ? { slot: "aside" } : {}),
      on: { call: true },
      content: {
        title: "Would you recommend us to a friend?",
        body: "It takes a second.",
        coupon: { code: "HIKE10", copy: "Copy the code", copied: "Copied" },
        ask: { scale: { from: 1, to: 5, low: "Not at all likely", high: "Very likely" } },
        decline: "Not now",
      },
    })),
  },
  tag: { "data-consent": "granted" },
  body: `<main><h1>Boots</h1><p>Light, and dry.</p><button class="buy">Buy</button><div data-tb-slot="aside" style="min-height: 24em"></div><div style="height: 1500px"></div></main>`,
  before: [[clock, START, false]],
});

/**
 * Shows the prompt of that form, once the one before is gone.
 *
 * @param {Tab} tab
 * @param {string} form
 */
const show = async (tab, form) => {
  await tab.announced("ready");
  await tab.evaluate((id) => {
    const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
    /** @type {HTMLElement | null | undefined} */ (root?.getElementById("decline"))?.click();
    window.clock.advance(10_000);
    window.tailorbird.prompt(id);
  }, form);
  // What comes in with a movement sets out, and comes to rest.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await tab.until((id) => {
    const panel = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("dialog");
    // Without a mouse a modal prompt is a sheet.
    const isThere = panel && (id === "modal" || panel.part.contains(id));
    return isThere && getComputedStyle(panel).opacity === "1";
  }, form);
};

/** Runs in the page: how the open prompt is drawn. */
const drawn = () => {
  const root = /** @type {ShadowRoot} */ (document.querySelector("tailorbird-prompt")?.shadowRoot);
  const style = (/** @type {string} */ id) => getComputedStyle(/** @type {Element} */ (root.getElementById(id)));
  const { width, height } = /** @type {Element} */ (root.getElementById("dialog")).getBoundingClientRect();
  return {
    font: style("title").fontFamily,
    size: style("body").fontSize,
    text: style("title").color,
    surface: style("dialog").backgroundColor,
    button: style("decline").backgroundColor,
    label: style("decline").color,
    radius: style("decline").borderTopLeftRadius,
    width,
    height,
  };
};

for (const theme of ["plain", "warm", "bold", "inherit"]) {
  // Only Chromium can be told that it is night.
  for (const dark of browser === "chromium" ? [false, true] : [false]) {
    scene(`${theme}${dark ? " by night" : ""} is legible in every form`, async ({ site, open }) => {
      const tab = await open();
      if (dark) await tab.media({ dark });
      await tab.goto(site(page(theme)).url());
      const surfaces = new Set();
      for (const form of FORMS) {
        await show(tab, form);
        assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], form);
        surfaces.add((await tab.evaluate(drawn)).surface);
      }
      assert.equal(surfaces.size, 1, [...surfaces].join(", "));
      await tab.picture(`look-${theme}${dark ? "-dark" : ""}`);
    });
  }
}

scene("inherit takes the font, the colours and the corners of the page", async ({ site, open }) => {
  const style = `body { font: 17px Georgia, serif; color: rgb(20, 40, 60); background: rgb(250, 246, 238) }
    .buy { border: 0; border-radius: 18px; color: rgb(255, 255, 255); background: rgb(30, 90, 60) }`;
  const tab = await open(site(page("inherit", style)).url());
  await show(tab, "slide-in");
  const { font, text, surface, button, label, radius } = await tab.evaluate(drawn);
  assert.match(font, /Georgia/);
  assert.deepEqual(
    { text, surface, button, label, radius },
    {
      text: "rgb(20, 40, 60)",
      surface: "rgb(250, 246, 238)",
      button: "rgb(30, 90, 60)",
      label: "rgb(255, 255, 255)",
      radius: "18px",
    },
  );
  await tab.picture("look-inherit-at-home");
});

scene("inherit leaves out what would be hard to read", async ({ site, open }) => {
  const style = `body { color: rgb(150, 150, 150); background: rgb(255, 255, 255) }
    .buy { border: 0; border-radius: 50%; color: rgb(255, 200, 200); background: rgb(255, 120, 120) }`;
  const tab = await open(site(page("inherit", style)).url());
  await show(tab, "slide-in");
  const { text, surface, button, label } = await tab.evaluate(drawn);
  assert.deepEqual([text, surface, label], ["rgb(27, 27, 31)", "rgb(255, 255, 255)", "rgb(27, 27, 31)"]);
  assert.equal(button, "rgba(0, 0, 0, 0)");
  assert.deepEqual(await violations(tab, "tailorbird-prompt"), []);
});

scene("a site's own properties and parts come before any theme", async ({ site, open }) => {
  const style = `tailorbird-prompt { --tailorbird-surface: rgb(1, 2, 3); --tailorbird-text: rgb(250, 250, 250) }
    tailorbird-prompt::part(title) { font-family: Georgia }`;
  const tab = await open(site(page("warm", style)).url());
  await show(tab, "slide-in");
  const { font, text, surface } = await tab.evaluate(drawn);
  assert.deepEqual([font, text, surface], ["Georgia", "rgb(250, 250, 250)", "rgb(1, 2, 3)"]);
});

scene("a page that unsets and hides everything does not reach it", async ({ site, open }) => {
  const hostile = "* { all: unset } div { display: none } html { font-size: 8px } * { visibility: hidden; opacity: 0 }";
  const tab = await open(site(page("plain", hostile)).url());
  for (const form of OVER_THE_PAGE) {
    await show(tab, form);
    const hostiled = await tab.evaluate(drawn);
    assert.equal(hostiled.size, "16px", form);
    assert.ok(hostiled.width > 200 && hostiled.height > 50, `${form}: ${JSON.stringify(hostiled)}`);
    const seen = await tab.evaluate(() => {
      const root = /** @type {ShadowRoot} */ (document.querySelector("tailorbird-prompt")?.shadowRoot);
      const button = /** @type {Element} */ (root.getElementById("decline"));
      const { x, y, width, height } = button.getBoundingClientRect();
      const at = root.elementFromPoint(x + width / 2, y + height / 2);
      return {
        met: at === button,
        opacity: getComputedStyle(root.host).opacity,
        visibility: getComputedStyle(button).visibility,
      };
    });
    assert.deepEqual(seen, { met: true, opacity: "1", visibility: "visible" }, form);
  }
});

scene("at a zoom of 400 % everything in it can be reached", async ({ site, open }) => {
  const tab = await open();
  // 1,280 by 1,024 px, four times as large.
  await tab.viewport(browser === "webkit" ? 460 : 320, 256);
  await tab.goto(site(page("plain")).url());
  for (const form of OVER_THE_PAGE) {
    await show(tab, form);
    const hidden = await tab.evaluate(() => {
      const root = /** @type {ShadowRoot} */ (document.querySelector("tailorbird-prompt")?.shadowRoot);
      return [...root.querySelectorAll("button, h2, p, code")]
        .filter((element) => {
          element.scrollIntoView({ block: "nearest", behavior: "instant" });
          const { top, bottom, left, right } = element.getBoundingClientRect();
          return top < -1 || bottom > innerHeight + 1 || left < -1 || right > innerWidth + 1;
        })
        .map((element) => element.id || element.localName);
    });
    assert.deepEqual(hidden, [], form);
  }
});
