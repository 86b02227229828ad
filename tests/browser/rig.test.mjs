// The rig itself: what it sees and what it refuses. A test of absence is worth as much as this.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { clock, entropy, watchStorage } from "./rig/before.mjs";

const { scene, browser } = await rig();

scene("a page is served, scripted, moved over, typed into and photographed", async ({ site, open }) => {
  const shop = site({
    tag: false,
    body: `<h1>Hello</h1><input id="name"><button id="more">More</button>
      <script src="/page.js"></script>`,
    files: {
      "/page.js": {
        type: "text/javascript",
        body: `window.moves = []; for (const name of ["mousemove", "mouseout"])
          document.addEventListener(name, (event) => moves.push([name, event.clientY, String(event.relatedTarget)]));
          document.querySelector("#more").onclick = () => { document.querySelector("h1").textContent = "More"; };`,
      },
    },
  });
  const tab = await open(shop.url());
  assert.equal(await tab.text("h1"), "Hello");
  assert.deepEqual(
    await tab.evaluate(
      async (n) => ({
        sum: n + (await Promise.resolve(2)),
        secure: isSecureContext,
        locks: Boolean(navigator.locks),
        focused: document.hasFocus(),
        mouse: matchMedia("(hover: hover) and (pointer: fine)").matches,
        visible: document.visibilityState,
      }),
      40,
    ),
    { sum: 42, secure: true, locks: true, focused: true, mouse: true, visible: "visible" },
  );
  await tab.click("#more");
  assert.equal(await tab.text("h1"), "More");
  await tab.click("#name");
  await tab.type("boots");
  assert.equal(
    await tab.evaluate(() => /** @type {HTMLInputElement} */ (document.querySelector("#name")).value),
    "boots",
  );
  await tab.key("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "more");
  await tab.key("Tab", { shift: true });
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "name");
  await tab.exitTop();
  const moves = await tab.until(
    () => window.moves.some(([name, , to]) => name === "mouseout" && to === "null") && window.moves,
  );
  assert.ok(
    moves.some(([name, y]) => name === "mousemove" && y > 100),
    "it moved",
  );
  const [, y] = moves.find(([name, , to]) => name === "mouseout" && to === "null") ?? [];
  assert.ok(y !== undefined && y < 0, `it left through the top, at ${y}`);
  await tab.picture("rig");
});

scene(
  "the size of the window and, in Chromium, dark mode and reduced motion are a test's to choose",
  async ({ site, open }) => {
    const shop = site({ tag: false, body: "<p>Hello</p>" });
    const tab = await open(shop.url());
    const { width } = await tab.viewport(browser === "webkit" ? 500 : 320, 640);
    assert.equal(await tab.evaluate(() => innerWidth), width);
    assert.equal(width, browser === "webkit" ? 500 : 320);
    if (await tab.media({ dark: true, calm: true })) {
      assert.ok(
        await tab.evaluate(
          () =>
            matchMedia("(prefers-color-scheme: dark)").matches &&
            matchMedia("(prefers-reduced-motion: reduce)").matches,
        ),
      );
    } else {
      assert.notEqual(browser, "chromium");
    }
  },
);

scene("two tabs of a visitor share storage, two visitors do not", async ({ site, open, visitor }) => {
  const shop = site({ tag: false, body: "<p>Hello</p>" });
  const tab = await open(shop.url());
  await tab.evaluate(() => localStorage.setItem("a", "b"));
  const second = await open(shop.url());
  assert.equal(await second.evaluate(() => localStorage.getItem("a")), "b");
  await tab.close();
  assert.equal(await second.evaluate(() => localStorage.getItem("a")), "b");
  const stranger = await visitor();
  const other = await stranger.open(shop.url());
  assert.equal(await other.evaluate(() => localStorage.getItem("a")), null);
});

scene(
  "a request to another host is refused and seen",
  { hosts: ["elsewhere.example"], said: [/./] },
  async ({ site, open }) => {
    const shop = site({ tag: false, body: `<p>Hello</p>` });
    const tab = await open(shop.url());
    const answers = await tab.evaluate(() =>
      Promise.all([
        fetch("http://elsewhere.example/", { mode: "no-cors" }).then(
          (response) => response.type,
          () => "refused",
        ),
        fetch("https://elsewhere.example/").then(
          () => "answered",
          () => "refused",
        ),
      ]),
    );
    assert.equal(answers[1], "refused");
  },
);

scene(
  "what a page says in the console and what it throws is heard",
  { said: [/told you/, /thrown at you/] },
  async ({ site, open }) => {
    const shop = site({
      tag: false,
      body: `<script src="/page.js"></script>`,
      files: {
        "/page.js": {
          type: "text/javascript",
          body: `console.error("told you"); setTimeout(() => { throw new Error("thrown at you"); });`,
        },
      },
    });
    const tab = await open(shop.url());
    await tab.until(() => window.seen.said.length >= 2);
    const heard = await tab.heard();
    assert.ok(heard.some(({ kind, text }) => kind === "error" && text.includes("told you")));
    assert.ok(heard.some(({ kind, text }) => kind === "exception" && text.includes("thrown at you")));
  },
);

scene("clock, entropy and storage can be replaced before the page's own scripts run", async ({ site, open }) => {
  const shop = site({
    tag: false,
    body: `<script src="/page.js"></script>`,
    before: [[clock, 1_000_000, true], [entropy, [1, 2, 3, 4, 5, 6, 7, 8]], watchStorage],
    files: {
      "/page.js": {
        type: "text/javascript",
        body: `window.first = Date.now(); try { localStorage.getItem("x"); sessionStorage.length; document.cookie; } catch {}`,
      },
    },
  });
  const tab = await open(shop.url());
  const answer = await tab.evaluate(() => {
    window.clock.advance(500);
    return {
      first: window.first,
      then: Date.now(),
      bytes: [...crypto.getRandomValues(new Uint8Array(10))],
      touched: window.touched,
    };
  });
  assert.deepEqual(answer, {
    first: 1_000_000,
    then: 1_000_500,
    bytes: [1, 2, 3, 4, 5, 6, 7, 8, 1, 2],
    touched: ["localStorage", "getItem x", "sessionStorage", "length", "cookie"],
  });
});
