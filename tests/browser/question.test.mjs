// What prompts ask for, in each form: a code to copy, an address for mail, a choice, a number.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const FORMS = /** @type {const} */ (["modal", "sheet", "bar-bottom", "slide-in"]);

const contents = {
  coupon: {
    title: "Ten percent off your boots",
    body: "Until Sunday.",
    coupon: { code: "HIKE10", copy: "Copy the code", copied: "Copied" },
    accept: "Thank you",
    decline: "No thanks",
  },
  email: {
    title: "A letter now and then?",
    ask: { email: { label: "Your email address" } },
    accept: "Send me the letter",
    decline: "No thanks",
  },
  choices: {
    title: "How wide are your feet?",
    ask: {
      choices: [
        { id: "wide", label: "Wide", likes: { category: "boots" } },
        { id: "narrow", label: "Narrow" },
        { id: "unknown", label: "I do not know" },
      ],
    },
    decline: "Not now",
  },
  scale: {
    title: "Would you recommend us to a friend?",
    ask: { scale: { from: 0, to: 10, low: "Not at all likely", high: "Very likely" } },
    decline: "Not now",
  },
};

/**
 * @param {object} content
 * @param {string} [form]
 */
const page = (content, form = "sheet") => ({
  lang: "en",
  config: { version: 1, prompts: [{ id: "question", on: { call: true }, as: form, content }] },
  tag: { "data-consent": "granted" },
  body: `<h1>Boots</h1><p><button id="opener">Something to press</button></p><div style="height: 1500px"></div>`,
  before: [[clock, START, false]],
});

/**
 * Asks it.
 *
 * @param {Tab} tab
 */
const ask = async (tab) => {
  await tab.announced("ready");
  await tab.evaluate(() => {
    window.clock.advance(5_000);
    window.tailorbird.prompt("question");
  });
  await tab.announced("prompt");
  // What comes in with a movement sets out, and comes to rest.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await tab.until(() => {
    const panel = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("dialog");
    return panel && getComputedStyle(panel).opacity === "1";
  });
};

/**
 * Where to press for the element of the prompt with this id.
 *
 * @param {Tab} tab
 * @param {string} id
 */
const press = async (tab, id) => {
  const at = await tab.until((wanted) => {
    const element = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById(wanted);
    const box = element?.getBoundingClientRect();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }, id);
  await tab.press(at.x, at.y);
};

/** @param {Tab} tab */
const outcomes = async (tab) =>
  (await tab.announcements("prompt")).map(({ outcome }) => outcome).filter((outcome) => outcome !== "seen");

/** Runs in the page: what is wrong with what stands in the prompt. */
const flaws = () => {
  const root = /** @type {ShadowRoot} */ (document.querySelector("tailorbird-prompt")?.shadowRoot);
  const panel = /** @type {HTMLElement} */ (root.getElementById("dialog"));
  const box = panel.getBoundingClientRect();
  const small = [...root.querySelectorAll("button, input, a")].filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width < 24 || height < 24;
  });
  const outside = [...panel.querySelectorAll(".answers > *, #close")].filter((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
  });
  return {
    small: small.map((element) => element.id),
    outside: outside.map((element) => element.id),
    sideways: panel.scrollWidth > panel.clientWidth + 1 || document.documentElement.scrollWidth > innerWidth,
    high: box.height > innerHeight * (panel.localName === "dialog" ? 1 : 0.3) + 1 && box.height,
  };
};

for (const [kind, content] of Object.entries(contents)) {
  scene(`a question with ${kind} stands in every form of a prompt on a small screen`, async ({ site, open }) => {
    const tab = await open();
    const small = FORMS.map((form) => ({ form, width: browser === "webkit" ? 460 : 320, height: 640 }));
    for (const { form, width, height } of [...small, { form: "modal", width: 1000, height: 700 }]) {
      await tab.viewport(width, height);
      await tab.goto(site(page(content, form)).url());
      await ask(tab);
      const where = `${form}, ${width} px`;
      assert.deepEqual(await tab.evaluate(flaws), { small: [], outside: [], sideways: false, high: false }, where);
      assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], where);
      await tab.picture(`question-${kind}-${form}-${width}`);
    }
  });
}

scene("a code is copied, or selected where the page may not write to the clipboard", async ({ site, open }) => {
  const tab = await open(site(page(contents.coupon)).url());
  await ask(tab);
  await press(tab, "copy");
  const said = await tab.until(() => {
    const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
    const status = root?.querySelector("[role=status]")?.textContent;
    return status || String(getSelection());
  });
  assert.ok(["Copied", "HIKE10"].includes(said), said);
  assert.deepEqual(await outcomes(tab), ["shown"], "it stays");
  await press(tab, "accept");
  await tab.until(() => document.querySelector("tailorbird-prompt") === null);
  assert.deepEqual(await outcomes(tab), ["shown", "accepted"]);
});

scene("an address for mail is handed to the site, and neither kept nor sent", async ({ site, open }) => {
  const shop = site(page(contents.email));
  const tab = await open(shop.url());
  await ask(tab);
  await press(tab, "email");
  await tab.type("ana");
  await press(tab, "accept");
  const field = await tab.evaluate(() => {
    const input = document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelector("input");
    return input && { valid: input.validity.valid, label: input.labels?.[0]?.textContent };
  });
  assert.deepEqual(field, { valid: false, label: "Your email address" }, "the browser says what is missing");
  assert.deepEqual(await outcomes(tab), ["shown"]);
  await press(tab, "email");
  await tab.key("End");
  await tab.type("@example.com");
  await tab.key("Enter");
  await tab.until(() => document.querySelector("tailorbird-prompt") === null);
  assert.deepEqual(await tab.announcements("submit"), [{ prompt: "question", email: "ana@example.com" }]);
  assert.deepEqual(await outcomes(tab), ["shown", "submitted"]);
  const kept = await tab.evaluate(() => JSON.stringify([window.tailorbird.profile(), { ...localStorage }]));
  assert.doesNotMatch(kept, /example\.com/);
});

scene(
  "an address for mail is sent by the browser where the site has a form for it",
  { forms: ["/letter"] },
  async ({ site, open }) => {
    const content = { ...contents.email, ask: { email: { label: "Your email address", action: "/letter" } } };
    const shop = site({
      ...page(content),
      pages: { "/letter": { body: "<h1>Thank you</h1>", tag: false, before: [] } },
    });
    const tab = await open(shop.url());
    await ask(tab);
    await press(tab, "email");
    await tab.type("ana@example.com");
    await press(tab, "accept");
    await tab.until(() => location.pathname === "/letter" && document.querySelector("h1")?.textContent === "Thank you");
  },
);

scene("an answer is an attribute and an interest from then on", async ({ site, open }) => {
  const tab = await open(site(page(contents.choices)).url());
  await ask(tab);
  await press(tab, "choice-wide");
  await tab.until(() => document.querySelector("tailorbird-prompt") === null);
  const told = await tab.announcements("prompt");
  assert.deepEqual(
    told.filter(({ outcome }) => outcome !== "seen"),
    [
      { prompt: "question", variant: "question", outcome: "shown" },
      { prompt: "question", variant: "question", outcome: "accepted", answer: "wide" },
    ],
  );
  const known = await tab.evaluate(() => {
    const { attributes } = /** @type {{ attributes: Record<string, Record<string, object>> }} */ (
      /** @type {unknown} */ (window.tailorbird.profile())
    );
    return { answer: attributes["answer"], boots: attributes["interest"]?.["category"] };
  });
  assert.deepEqual(known.answer, { question: "wide" });
  assert.ok("boots" in /** @type {object} */ (known.boots), JSON.stringify(known));
});

scene("the steps of a scale are reached by the keyboard, and their ends say what they mean", async ({ site, open }) => {
  const tab = await open(site(page(contents.scale, "modal")).url());
  await ask(tab);
  const labels = await tab.evaluate(() =>
    [...(document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelectorAll(".scale button") ?? [])].map(
      (button) => button.getAttribute("aria-label") ?? button.textContent,
    ),
  );
  assert.deepEqual(labels, ["0, Not at all likely", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10, Very likely"]);
  await tab.evaluate(() => document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("step-9")?.focus());
  await tab.key("Enter");
  await tab.until(() => document.querySelector("tailorbird-prompt") === null);
  assert.equal((await tab.announcements("prompt")).at(-1)?.answer, "9");
});

scene(
  "a prompt that was on the screen for a second was seen, and the site's data layer hears of it",
  async ({ site, open }) => {
    const shown = page(contents.coupon);
    const measured = { ...shown, config: { ...shown.config, measure: { dataLayer: true } } };
    const tab = await open(site(measured).url());
    await tab.announced("ready");
    await tab.evaluate(() => window.tailorbird.consent({ personalize: true, measure: true }));
    await ask(tab);
    await tab.until(() => window.seen.events.filter(({ name }) => name === "prompt").length === 2);
    await press(tab, "accept");
    await tab.until(() => document.querySelector("tailorbird-prompt") === null);
    assert.deepEqual(
      (await tab.announcements("prompt")).map(({ outcome }) => outcome),
      ["shown", "seen", "accepted"],
    );
    const pushed = await tab.evaluate(() => /** @type {object[]} */ (Reflect.get(window, "dataLayer") ?? []));
    assert.deepEqual(pushed, [
      { event: "view_promotion", promotion_id: "tailorbird-question", creative_name: "question" },
      { event: "select_promotion", promotion_id: "tailorbird-question", creative_name: "question" },
    ]);
    const prompts = await tab.evaluate(async () => (await window.tailorbird.export()).prompts);
    const counts = { shown: 1, seen: 1, accepted: 1, declined: 0, dismissed: 0, submitted: 0 };
    assert.deepEqual(prompts, [{ prompt: "question", variant: "question", ...counts, withheld: 0, conversions: 0 }]);
  },
);

scene("no prompt is seen after it was answered", async ({ site, open }) => {
  const tab = await open(site(page(contents.coupon)).url());
  await ask(tab);
  await tab.evaluate(() => document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("decline")?.click());
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  const told = (await tab.announcements("prompt")).map(({ outcome }) => outcome);
  assert.equal(told.at(-1), "declined");
});
