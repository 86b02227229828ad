// Exit intent by what a hand does. The movements are in tests/exit; what the page hears of them is kept there too, for
// `tailorbird evaluate exit`: UPDATE_TRACKS=1 records it anew.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { gestures } from "../exit/gestures.mjs";
import { Hand } from "../exit/hand.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const TRACKS = new URL("../exit/tracks.jsonl", import.meta.url);

const START = Date.UTC(2026, 4, 20, 10, 0, 0);

/** The parts of a score that are signs of a pointer. */
const POINTER = ["cursor", "trajectory"];

const page = {
  head: `<meta name="viewport" content="width=device-width"><style>
    body { margin: 0; font: 16px/1.5 sans-serif } nav { display: flex; gap: 1rem; height: 72px } main { padding: 2rem }
    iframe { position: absolute; left: 650px; top: 300px; width: 300px; height: 200px; border: 0 }
    @media (max-width: 600px) { iframe { display: none } }
  </style>`,
  body: `<nav><a href="#boots">Boots</a><a href="#tents">Tents</a><a href="#stoves">Stoves</a></nav>
    <main><h1>Ridge boots</h1><p>Light, and dry for a long day.</p>
    <label>Size <select><option>41</option><option>42</option></select></label>
    <label>Search <input></label>
    <iframe srcdoc="<p>An advertisement</p>"></iframe><dialog>Cookies?</dialog>
    <p style="height: 3000px">Sewn twice.</p></main>`,
  before: [[clock, START, false]],
  config: {
    version: 1,
    prompts: [
      {
        id: "stay",
        on: { exit: "high" },
        // Nobody: what counts here is the score.
        when: { "session.views": { $gt: 1_000 } },
        content: { title: "Already going?", accept: "Stay", decline: "Go" },
      },
    ],
  },
  tag: { "data-consent": "granted" },
};

/** Listens to what the engine listens to. */
const listen = () => {
  /** @type {object[]} */
  const heard = [];
  window.heardOfPointer = heard;
  let keyAt = -Infinity;
  const options = { capture: true, passive: true };
  document.addEventListener("keydown", (event) => (keyAt = event.timeStamp), options);
  document.addEventListener(
    "pointermove",
    (event) => {
      for (const { timeStamp, clientY } of event.getCoalescedEvents()) {
        heard.push({ type: "move", at: timeStamp, y: clientY });
      }
    },
    options,
  );
  for (const name of /** @type {const} */ (["pointerover", "pointerdown"])) {
    document.addEventListener(
      name,
      (event) => heard.push({ type: "over", at: event.timeStamp, mouse: event.pointerType === "mouse" }),
      options,
    );
  }
  document.addEventListener(
    "mouseout",
    (event) => {
      if (event.relatedTarget !== null) return;
      const field = document.activeElement?.matches("input, select");
      heard.push({
        type: "out",
        at: event.timeStamp,
        x: event.clientX,
        y: event.clientY,
        width: innerWidth,
        height: innerHeight,
        focused: document.hasFocus(),
        typing: field || event.timeStamp - keyAt < 3_000,
        modal: document.querySelector("dialog[open]") !== null,
        pressed: event.buttons !== 0,
      });
    },
    options,
  );
};

/**
 * The signs of the pointer that were announced since this was asked last, and what the page heard of it.
 *
 * @param {Tab} tab
 */
const since = async (tab) => {
  const { events, heard } = await tab.evaluate(() => {
    const exits = window.seen.events.filter(({ name }) => name === "exit-intent");
    window.seen.events.length = 0;
    return { events: exits, heard: window.heardOfPointer.splice(0) };
  });
  const parts = events.flatMap(({ detail }) => Object.keys(/** @type {{ parts: object }} */ (detail).parts));
  return { signs: POINTER.filter((sign) => parts.includes(sign)), heard };
};

/** @param {object[]} heard */
const fromItsBegin = (heard) => {
  const times = heard.map((event) => /** @type {{ at: number }} */ (event).at);
  const begin = Math.min(...times);
  return heard.map((event, index) => ({ ...event, at: Math.round(10 * ((times[index] ?? 0) - begin)) / 10 }));
};

if (browser === "chromium") {
  scene("hands that go to the tabs are found, and no others", async ({ site, open }) => {
    const shop = site(page);
    const tab = await open(shop.url());
    assert.ok(tab.page);
    const protocol = await tab.page.createCDPSession();
    const hand = new Hand(tab, await open(), protocol);
    await tab.announced("ready");
    await tab.evaluate(listen);
    await tab.engage(20);
    /** @type {string[]} */
    const tracks = [];
    /** @type {string[]} */
    const wrong = [];
    for (const gesture of gestures) {
      await hand.settle();
      // Signs of the movement before do not count any more, nor a key that was pressed then.
      await tab.evaluate(() => window.clock.advance(11_000));
      await since(tab);
      await gesture.play(hand);
      // The pointer must stay away for 150 ms.
      await new Promise((resolve) => setTimeout(resolve, 220));
      const { signs, heard } = await since(tab);
      const [found, expected] = [signs, gesture.signs].map((list) => list.join(" and ") || "nothing");
      if (found !== expected) wrong.push(`${gesture.name}: ${found}, expected ${expected}`);
      tracks.push(JSON.stringify({ name: gesture.name, aim: gesture.aim, events: fromItsBegin(heard) }));
    }
    await protocol.detach();
    assert.deepEqual(wrong, []);
    if (process.env["UPDATE_TRACKS"]) await writeFile(TRACKS, `${tracks.join("\n")}\n`);
    const recorded = (await readFile(TRACKS, "utf8")).trim().split("\n");
    const names = recorded.map((line) => /** @type {{ name: string }} */ (JSON.parse(line)).name);
    assert.deepEqual(
      names,
      gestures.map(({ name }) => name),
      "UPDATE_TRACKS=1 records them anew",
    );
  });
}

/**
 * The page, with a prompt for everybody.
 *
 * @param {string} sensitivity
 */
const asking = (sensitivity) => ({
  ...page,
  config: {
    ...page.config,
    prompts: page.config.prompts.map((prompt) => ({ ...prompt, on: { exit: sensitivity }, when: {} })),
  },
});

/** Runs in the page: what was added to the score of the last sign. */
const lastParts = () => {
  const last = window.seen.events.findLast(({ name }) => name === "exit-intent");
  return last && Object.keys(/** @type {{ parts: object }} */ (last.detail).parts);
};

/** Runs in the page: the visitor looks at its product. */
const lookAtProduct = () => {
  const items = [{ item_id: "b-7", item_category: "boots", price: 129 }];
  window.tailorbird?.track("view_item", { items });
  window.tailorbird?.track("add_to_cart", { items });
};

scene("who copies the name of a product is about to compare it elsewhere", async ({ site, open }) => {
  const shop = site(asking("high"));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.engage(20);
  await tab.evaluate(lookAtProduct);
  /** @param {string} selector */
  const copy = async (selector) => {
    await tab.evaluate((wanted) => {
      getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector(wanted)));
    }, selector);
    if (tab.page) {
      await tab.page.keyboard.down("Control");
      await tab.page.keyboard.press("c");
      await tab.page.keyboard.up("Control");
    } else {
      await tab.evaluate(() => document.dispatchEvent(new ClipboardEvent("copy", { bubbles: true })));
    }
  };
  await copy("main p");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await tab.evaluate(lastParts), undefined, "a sentence is quoted for many reasons");
  await copy("h1");
  assert.deepEqual(await tab.until(lastParts), ["copy", "leaving", "basket", "product"]);
  assert.doesNotMatch(
    JSON.stringify(await tab.evaluate(() => window.seen.events)),
    /Ridge/,
    "what was copied is not known",
  );
  assert.deepEqual(await tab.announced("prompt"), { prompt: "stay", variant: "stay", outcome: "shown" });
});

scene("who comes back from another tab is asked then", async ({ site, open }) => {
  const shop = site(asking("high"));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.engage(20);
  await tab.evaluate(lookAtProduct);
  if (browser === "chromium") {
    // Puppeteer emulates that every tab is in front.
    const protocol = await tab.page?.createCDPSession();
    await protocol?.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    const other = await open();
    await other.front();
    await tab.until(() => document.visibilityState === "hidden");
    await tab.evaluate(() => window.clock.advance(60_000));
    await tab.front();
  } else {
    // A tab of these that is driven never lies behind another.
    await tab.evaluate(() => {
      for (const state of ["hidden", "visible"]) {
        Object.defineProperty(document, "hidden", { configurable: true, value: state === "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
        if (state === "hidden") window.clock.advance(60_000);
      }
    });
  }
  assert.deepEqual(await tab.until(lastParts), ["tab", "leaving", "basket", "product"]);
  assert.deepEqual(await tab.announced("prompt"), { prompt: "stay", variant: "stay", outcome: "shown" });
});

scene("who moves again after a pause is asked then, and not into an empty room", async ({ site, open }) => {
  const shop = site(asking("high"));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.engage(20);
  await tab.evaluate(lookAtProduct);
  await tab.evaluate(() => window.clock.advance(60_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await tab.evaluate(lastParts), undefined);
  await tab.press(500, 400);
  assert.deepEqual(await tab.until(lastParts), ["idle", "leaving", "basket", "product"]);
  assert.deepEqual(await tab.announced("prompt"), { prompt: "stay", variant: "stay", outcome: "shown" });
});

if (browser === "chromium") {
  scene("a finger that scrolls back up fast is asked by a sheet that leaves the page alone", async ({ site, open }) => {
    const shop = site(asking("high"));
    const tab = await open();
    await tab.front();
    assert.ok(tab.page);
    const phone = await tab.page.createCDPSession();
    await phone.send("Emulation.setDeviceMetricsOverride", {
      width: 390,
      height: 844,
      deviceScaleFactor: 3,
      mobile: true,
    });
    await phone.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await tab.goto(shop.url());
    await tab.announced("ready");
    await tab.engage(20);
    await tab.evaluate(lookAtProduct);
    const hand = new Hand(tab, tab, phone);
    /** @param {number} from @param {number} to @param {number} ms */
    const swipe = async (from, to, ms) => {
      // How far down the page the visitor is, is told once a second.
      await tab.evaluate(() => window.clock.advance(2_000));
      await hand.swipe([200, from], [200, to], ms);
    };
    for (let times = 0; times < 4; times += 1) await swipe(780, 100, 200);
    assert.equal(await tab.evaluate(lastParts), undefined, "down");
    await swipe(200, 700, 1_000);
    assert.equal(await tab.evaluate(lastParts), undefined, "slowly up");
    // Fingers are played in real time, which is slow on a busy machine.
    for (let times = 0; times < 5 && !(await tab.evaluate(lastParts)); times += 1) {
      await swipe(780, 100, 200);
      await swipe(60, 800, 150);
    }
    assert.deepEqual(await tab.until(lastParts), ["scroll", "leaving", "basket", "product"]);
    const sheet = await tab.until(() => {
      const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
      const box = root?.querySelector("[role=region]")?.getBoundingClientRect();
      return box && { height: box.height, view: innerHeight, focus: document.activeElement === document.body };
    });
    assert.ok(sheet.height <= 0.3 * sheet.view, JSON.stringify(sheet));
    assert.ok(sheet.focus, "the focus is where it was");
    const before = await tab.evaluate(() => scrollY);
    await swipe(500, 100, 200);
    await tab.until((from) => scrollY > from + 100, before);
    await tab.picture("exit-on-a-phone");
    // The tab is that of the next scene as well, which is on no phone.
    await phone.detach();
  });
}
