// Pages that nobody here wrote: Start Bootstrap's "Shop Item" and "Clean Blog". See `strangers.mjs`.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { allow, served, STRANGERS } from "./strangers.mjs";

/** @import { Tab } from "./rig/types.js" */

/**
 * What TypeScript does not know yet: https://wicg.github.io/layout-instability
 *
 * @typedef {PerformanceEntry & {
 *   value: number,
 *   hadRecentInput: boolean,
 *   sources: { node: Node | null, previousRect: DOMRectReadOnly, currentRect: DOMRectReadOnly }[],
 * }} LayoutShift
 */

const { scene, browser } = await rig();

/** In the place of our script. */
const NOTHING = { type: "text/javascript", body: "" };

/** Runs in the page: all of it, as the browser would write it down. */
const html = () => document.documentElement.outerHTML;

/** Runs in the page: where everything is, and how large. */
const places = () =>
  [...document.body.querySelectorAll("*")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [element.localName, ...[x, y, width, height].map(Math.round)].join(" ");
  });

/**
 * Runs in the page: what has shifted since the engine came, without anybody having done anything. What shifts before
 * is the page's own. Only Chromium measures.
 */
const shifts = () =>
  new Promise((/** @type {(found: string[]) => void} */ done) => {
    const [script] = /** @type {PerformanceResourceTiming[]} */ (
      performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/tailorbird.js"))
    );
    const rect = (/** @type {DOMRectReadOnly} */ { x, y, width, height }) => [x, y, width, height].join(" ");
    const observer = new PerformanceObserver((list) => {
      const entries = /** @type {LayoutShift[]} */ (list.getEntries()).filter(
        ({ hadRecentInput, startTime }) => !hadRecentInput && startTime >= script.responseEnd,
      );
      done(
        entries.flatMap(({ value, sources }) =>
          sources.map(
            ({ node, previousRect, currentRect }) =>
              `${value}: ${node?.nodeName} ${node?.textContent?.trim().slice(0, 20)} from ${rect(previousRect)} to ${rect(currentRect)}`,
          ),
        ),
      );
    });
    observer.observe({ type: "layout-shift", buffered: true });
    // Where nothing has shifted nothing is reported.
    setTimeout(done, 200, []);
  });

/** Runs in the page: whether it was painted before the engine came. */
const wasPainted = () => {
  const [script] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/tailorbird.js"));
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return paint && paint.startTime < /** @type {PerformanceResourceTiming} */ (script).responseEnd;
};

/** Runs in the page: whether it has the very nodes that the parser made, and no others. */
const isOriginal = () => {
  const now = [...document.querySelectorAll("*")];
  return now.length === window.parts.length && now.every((element, at) => element === window.parts[at]);
};

/**
 * A long page as it is, or as a variant shows it.
 *
 * @param {Tab} tab
 * @param {string} name
 */
const pictures = async (tab, name) => {
  await tab.picture(name);
  const { height } = await tab.evaluate(() => ({ height: document.documentElement.scrollHeight }));
  await tab.evaluate((to) => scrollTo({ top: to, behavior: "instant" }), height / 3);
  await tab.picture(`${name}-middle`);
  // The page itself listens, and hears of it in the next frame.
  await tab.evaluate(() => {
    scrollTo({ top: 0, behavior: "instant" });
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null))));
  });
};

/**
 * Two ways back: the owner stops the engine, or the visitor says no.
 *
 * @type {{ [how: string]: () => void }}
 */
const WAYS_BACK = {
  stopped: () => window.tailorbird.stop(),
  denied: () => void window.tailorbird.consent({ personalize: false, measure: false }),
};

for (const stranger of STRANGERS) {
  for (const [width, back] of /** @type {const} */ ([
    [1000, "stopped"],
    [320, "denied"],
  ])) {
    const { name, where, slots, byHand, says, saysNot, styled } = stranger;
    const told = `a stranger's ${name} is personalized by the owner's selectors alone, ${width} px wide, and the served one when ${back}`;
    scene(told, allow, async ({ site, open }) => {
      // The same page with an empty script. What the changes make of it is told by making them by hand.
      const plain = await open();
      await plain.viewport(width, 700);
      await plain.goto(site(served(stranger, { tailorbird: NOTHING })).url(where));
      const original = { html: await plain.evaluate(html), places: await plain.evaluate(places) };
      await pictures(plain, `stranger-${name}-${width}-served`);
      await plain.evaluate(byHand);
      // The picture that was put in has to be there, too.
      await plain.until(() => [...document.images].every(({ complete }) => complete));
      await pause(100);
      const expected = { html: await plain.evaluate(html), places: await plain.evaluate(places) };
      await plain.close();

      // The engine comes when the page has been seen for a while: whatever moves then would be seen moving.
      const tab = await open();
      await tab.viewport(width, 700);
      await tab.goto(site(served(stranger, { tailorbird: { delay: 2_500 } })).url(where));
      await tab.until(
        (count) => window.seen.events.filter(({ name }) => name === "decision").length >= count,
        slots.length,
      );
      await tab.until(() => [...document.images].every(({ complete }) => complete));
      await pause(400);
      assert.deepEqual(
        (await tab.announcements("decision")).map(({ slot, applied, problem }) => [slot, applied, problem]),
        slots.map(({ id }) => [id, true, undefined]),
      );
      assert.deepEqual(await tab.announcements("conflict"), []);
      assert.equal(await tab.evaluate(html), expected.html, "what the owner wants, and nothing else");
      assert.deepEqual(await tab.evaluate(places), expected.places);
      const text = (await tab.evaluate(() => document.body.innerText)).replace(/\s+/g, " ");
      assert.deepEqual(
        says.filter((each) => !text.includes(each)),
        [],
        text,
      );
      assert.deepEqual(
        saysNot.filter((each) => text.includes(each)),
        [],
      );
      for (const [selector, property, value] of styled) {
        const found = await tab.evaluate(
          (wanted, of) =>
            getComputedStyle(/** @type {Element} */ (document.querySelector(wanted))).getPropertyValue(of),
          selector,
          property,
        );
        assert.equal(found, value, `${property} of ${selector}`);
      }
      if (browser === "chromium") {
        assert.ok(await tab.evaluate(wasPainted), "the page was painted before");
        assert.deepEqual(await tab.evaluate(shifts), [], "nothing else moves");
      }
      await pictures(tab, `stranger-${name}-${width}-shown`);
      assert.deepEqual(
        (await tab.heard()).filter(({ text }) => /tailorbird/i.test(text)),
        [],
      );

      await tab.evaluate(WAYS_BACK[back]);
      await tab.until(() => !document.adoptedStyleSheets.length);
      assert.equal(await tab.evaluate(html), original.html, "byte for byte");
      assert.ok(await tab.evaluate(isOriginal), "with the elements that the parser made");
      assert.deepEqual(await tab.evaluate(places), original.places);
    });
  }
}

scene(
  "a stranger's shop is personalized by attributes added while serving, and asks who leaves",
  allow,
  async (tools) => {
    const [shop] = STRANGERS;
    const heading = {
      id: "heading",
      choose: [{ by: "interest" }],
      variants: [{ id: "boots", tags: { category: "boots" }, content: { text: { "": "Boots for the way" } } }],
    };
    const content = { title: "Not quite it?", body: "There are more.", accept: "Show me", decline: "No thanks" };
    const prompts = [{ id: "stay", on: { exit: "high" }, content }];
    const spec = served({ ...shop, slots: [heading] }, { more: { prompts } });
    const { html: withTag = (_, text) => text } = spec;
    spec.html = (at, text) => withTag(at, text).replace("<h1 ", `<h1 data-tb-slot="heading" `);
    const plain = await tools.open(tools.site({ ...spec, files: { "/tailorbird.js": NOTHING } }).url());
    const original = await plain.evaluate(html);
    await plain.close();

    const tab = await tools.open(tools.site(spec).url());
    await tab.announced("decision");
    assert.equal(await tab.text("h1"), "Boots for the way");
    await tab.engage();
    await tab.exitTop();
    await tab.until(() => window.openDialog() !== null);
    await tab.picture("stranger-shop-asked");
    await tab.key("Escape");
    await tab.until(
      () => window.openDialog() === null && window.seen.events.filter(({ name }) => name === "prompt").length > 1,
    );
    const told = (await tab.announcements("prompt")).map(({ outcome }) => outcome);
    const outcomes = told.filter((outcome) => outcome !== "seen");
    assert.deepEqual(outcomes, ["shown", "dismissed"]);
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.evaluate(html), original);
  },
);
