// Previews: what an address asks for is shown, lasts for the tab, is said by a badge, and is recorded nowhere.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { body, BOOTS, config, hero, keptKeys, looks, queued, SENT, TENTS, view } from "./outdoor.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

const FILE = "/tailorbird-preview.js";
/** No inline script and no inline style, but for the rig's own scripts, which are files. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self'";

const letter = {
  id: "letter",
  on: { exit: "high" },
  when: { "visitor.events.view_item": { $gte: 99 } },
  content: { title: "News once a month?", accept: "Yes", decline: "No thanks" },
};

/** Leads from the old address of the boots to the new one. */
const moved = {
  id: "moved",
  urls: { include: ["/old"] },
  choose: [{ by: "popular" }],
  variants: [{ id: "on", weight: 1, content: { redirect: "/boots" } }],
};

/** A shop that allows previews, for somebody who looked at boots. */
const page = (more = {}) => ({
  config: config({ preview: true, measure: { dataLayer: true }, prompts: [letter], slots: [hero(), moved] }),
  body: `${body}<p><a id="boots" href="/old">Boots</a></p>`,
  pages: { "/boots": { before: [] }, "/old": {} },
  tag: { "data-consent": "granted" },
  before: [[queued, looks("boots", 3)]],
  ...more,
});

/** Runs in the page: the words of the badge; `null` where there is none. */
const badge = () => {
  const found = document.querySelector("tailorbird-preview")?.shadowRoot?.querySelector("section");
  return found ? found.innerText.replace(/\s+/g, " ") : null;
};

/**
 * @param {Tab} tab
 * @param {string} text
 */
const shows = (tab, text) => tab.until((wanted) => document.querySelector("h1")?.textContent === wanted, text);

/** Runs in the page: what follows the path of its address. */
const rest = () => location.search + location.hash;

/** Runs in the page: whether the button of the badge has the focus. */
const isOnExit = () =>
  document.querySelector("tailorbird-preview")?.shadowRoot?.activeElement?.textContent === "Exit preview";

scene(
  "a preview lasts for the tab, in every address of the site, until its badge is left by the keyboard",
  async ({ site, open }) => {
    const shop = site(page({ csp: STRICT }));
    const tab = await open(shop.url("/?size=4%202&tb=hero:tents,segment.from-mail:in#top"));
    await shows(tab, TENTS);
    assert.match(
      await tab.until(badge),
      /^Preview .*hero shows tents in segment from-mail Nothing is recorded\. Exit preview$/,
    );
    assert.deepEqual(await tab.evaluate(() => window.tailorbird.profile().segments), ["from-mail"]);

    // An application of one page goes on; its state stays its own.
    await tab.evaluate(() => history.pushState({ mine: 1 }, "", "/?page=2"));
    await tab.until(() => location.search === "?page=2&tb=hero:tents,segment.from-mail:in");
    assert.deepEqual(await tab.evaluate(() => history.state), { mine: 1 });
    await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    assert.equal(await tab.evaluate(() => window.tailorbird.explain("hero")?.reasons.join()), "previewed");

    // By a link, and a redirect.
    await tab.click("#boots");
    await tab.until(() => location.pathname === "/boots");
    await shows(tab, TENTS);
    await tab.until(badge);
    assert.equal(await tab.evaluate(rest), "?tb=hero:tents,segment.from-mail:in");

    for (let times = 0; times < 20 && !(await tab.evaluate(isOnExit)); times += 1) await tab.key("Tab");
    assert.ok(await tab.evaluate(isOnExit), "the button is reached by the keyboard");
    await tab.key("Enter");
    await tab.until(() => !document.querySelector("tailorbird-preview"));
    assert.equal(await tab.evaluate(rest), "");
    // Of what happened meanwhile nothing is known.
    await shows(tab, SENT);
    // Its referrer still asks for the preview.
    await tab.evaluate(() => location.reload()).catch(() => {});
    await tab.until(() =>
      performance.getEntriesByType("navigation").some((entry) => "type" in entry && entry.type === "reload"),
    );
    await tab.announced("decision");
    assert.deepEqual([await tab.evaluate(rest), await tab.text("h1")], ["", SENT]);

    await tab.click("#home");
    await tab.until(() => location.pathname === "/");
    await shows(tab, BOOTS);
    assert.deepEqual([await tab.evaluate(rest), await tab.evaluate(badge)], ["", null]);
  },
);

/** Runs in the page before the tag: the visitor allows everything. */
const agreed = () => {
  window.tailorbird = window.tailorbird || [];
  window.tailorbird.push(["consent", { personalize: true, measure: true }]);
};

scene(
  "what is done in a preview is recorded nowhere, and its file is loaded for nobody else",
  async ({ site, open }) => {
    const looked = [agreed, [queued, looks("boots", 3)]];
    const shop = site(page({ tag: {}, before: looked, pages: { "/boots": { before: [agreed] } } }));
    const tab = await open(shop.url());
    await shows(tab, BOOTS);
    assert.ok(!shop.engineRequests().includes(FILE), "a visitor");

    await tab.goto(shop.url("/boots?tb=hero:tents,prompt.letter:"));
    await shows(tab, TENTS);
    // The prompt has a condition that does not hold, and is there. It was seen after a second, as the hero was.
    const became = (/** @type {string} */ outcome) =>
      tab.until(
        (wanted) =>
          window.seen.events.some(({ name, detail }) => name === "prompt" && Reflect.get(detail, "outcome") === wanted),
        outcome,
      );
    await became("seen");
    // What the page before recorded is part of the profile by now.
    await tab.until(
      () => "tailorbird.v1" in localStorage && !Object.keys(localStorage).some((key) => /[.]t[.]/.test(key)),
    );
    const known = () => {
      const { counts, prompts, exposures, segmentMemberships, attributes } = window.tailorbird.export();
      return {
        kept: { ...localStorage },
        session: { ...sessionStorage },
        dataLayer: JSON.stringify(Reflect.get(window, "dataLayer") ?? []),
        known: JSON.stringify([counts, prompts, exposures, segmentMemberships, attributes?.visitor]),
      };
    };
    const before = await tab.evaluate(known);
    assert.match(before.known, /"view_item":3/, "there is something that could change");
    await tab.evaluate((params) => {
      window.tailorbird.track("view_item", params);
      window.tailorbird.track("purchase", { ...params, transaction_id: "A-1" });
      window.tailorbird.decide("hero");
      const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
      /** @type {HTMLElement | null | undefined} */ (root?.querySelector("#accept"))?.click();
    }, view("tents"));
    await became("accepted");
    assert.ok((await tab.announcements("prompt")).every(({ preview }) => preview === true));
    assert.deepEqual(await tab.announcements("impression"), []);
    assert.deepEqual(await tab.evaluate(known), before);
    await tab.evaluate(() => window.tailorbird.erase());
    assert.doesNotMatch((await tab.evaluate(known)).known, /view_item/, "erasing works");
  },
);

scene("before consent a preview reads and writes nothing on the device", async ({ site, open }) => {
  const shop = site(page({ tag: {}, before: [] }));
  const tab = await open(shop.url("/?tb=hero:tents,prompt.letter:"));
  await shows(tab, TENTS);
  await tab.until(() => !!document.querySelector("tailorbird-prompt"));
  await tab.until(badge);
  await tab.click("#boots").catch(() => {});
  assert.deepEqual(await tab.evaluate(keptKeys), []);
  assert.equal(await tab.evaluate(() => sessionStorage.length), 0);
});

scene(
  "the badge names what is not there, moves nothing of the page, and can be read by everybody",
  { said: [/preview: there is no/] },
  async ({ site, open }) => {
    const shop = site(
      page({
        lang: "ar",
        head: `<style>html { direction: rtl; color-scheme: light dark } body { font: 16px sans-serif; margin: 1em }</style>`,
      }),
    );
    /** Runs in the page: where everything of it stands. */
    const places = () =>
      [...document.querySelectorAll("body, body *:not(tailorbird-preview)")].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return `${element.tagName} ${x} ${y} ${width} ${height} ${document.documentElement.scrollHeight}`;
      });
    const tab = await open(shop.url("/?tb=hero:boats,heroo:boots,segment.from-mial:in,prompt.lettre:"));
    await shows(tab, SENT);
    const words = await tab.until(badge);
    for (const problem of [
      'there is no variant "boats" of slot "hero"; it has boots, tents, mail',
      'there is no slot "heroo"; the config has hero',
      'there is no segment "from-mial"; the config has from-mail',
      'there is no prompt "lettre"; the config has letter',
    ])
      assert.ok(words.includes(problem), `${problem}: ${words}`);
    for (const dark of [false, true]) {
      if (!(await tab.media({ dark, calm: true })) && dark) continue;
      assert.deepEqual(await violations(tab, "tailorbird-preview"), [], dark ? "dark" : "light");
      await tab.picture(`preview-badge${dark ? "-dark" : ""}`);
    }
    const { width } = await tab.viewport(320, 640);
    const box = await tab.evaluate(() => {
      const { left, right } = /** @type {Element} */ (
        document.querySelector("tailorbird-preview")
      ).getBoundingClientRect();
      return { left, right, wide: document.documentElement.scrollWidth };
    });
    assert.ok(box.left >= 0 && box.right <= width && box.wide <= width, `${width}: ${JSON.stringify(box)}`);
    await tab.picture("preview-badge-320");
    const around = await tab.evaluate(places);
    // Not every browser can be asked.
    const spoken = await tab.spoken("tailorbird-preview");
    if (spoken) assert.match(JSON.stringify(spoken), /Preview/);
    await tab.evaluate(() => document.querySelector("tailorbird-preview")?.remove());
    assert.deepEqual(await tab.evaluate(places), around, "the same without it");
  },
);
