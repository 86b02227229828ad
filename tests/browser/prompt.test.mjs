// The prompt to a visitor who is about to leave: when it comes, how it behaves, how it goes.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { clock } from "./rig/before.mjs";
import { body, config, hero, queued } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);

const prompt = (more = {}) => ({
  id: "save-basket",
  on: { exit: "high" },
  content: {
    title: "Keep your basket?",
    body: "We can keep it for a week, here in this browser.",
    accept: "Keep it",
    decline: "No thanks",
  },
  ...more,
});
const withPrompt = (more = {}) => config({ prompts: [prompt(more)] });
const still = [clock, START, false];
const page = (more = {}) => ({
  config: withPrompt(),
  tag: { "data-consent": "granted" },
  body: `${body}<p><button id="opener">Something to press</button> <input id="field" aria-label="A field"></p><div style="height: 1500px"></div>`,
  before: [still],
  ...more,
});

/** Runs in the page: the open dialog wherever it lives, as what a visitor can perceive of it. */
const dialogState = () => {
  const found = window.openDialog();
  if (!found) return null;
  const root = /** @type {Document | ShadowRoot} */ (found.getRootNode());
  /** @param {string} name */
  const words = (name) =>
    (found.getAttribute(name) ?? "")
      .split(/\s+/)
      .filter(Boolean)
      .map((id) => root.getElementById(id)?.textContent.trim())
      .join(" ");
  const box = found.getBoundingClientRect();
  const active = root.activeElement;
  return {
    name: found.getAttribute("aria-label") ?? words("aria-labelledby"),
    description: words("aria-describedby"),
    text: found.innerText,
    modal: found.matches(":modal"),
    left: box.left,
    right: box.right,
    top: box.top,
    bottom: box.bottom,
    height: box.height,
    focused: active && found.contains(active) ? active.textContent.trim() : null,
    buttons: [...found.querySelectorAll("button, a[href]")].map((button) => {
      const { width, height } = button.getBoundingClientRect();
      return { text: button.textContent.trim(), width, height, href: button.getAttribute("href") };
    }),
  };
};

/**
 * Waits until an exit would mean something, then moves the pointer out through the top.
 *
 * @param {Tab} tab
 */
const shown = async (tab) => {
  await tab.announced("ready");
  await tab.engage();
  await tab.exitTop();
  return tab.until(dialogState);
};
/**
 * Where a visitor would press to get the button with that text.
 *
 * @param {Tab} tab
 * @param {string} text
 */
const pressButton = async (tab, text) => {
  const at = await tab.evaluate((wanted) => {
    const dialog = /** @type {HTMLDialogElement} */ (window.openDialog());
    const button = [...dialog.querySelectorAll("button, a[href]")].find((each) => each.textContent.trim() === wanted);
    const box = /** @type {Element} */ (button).getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }, text);
  await tab.press(at.x, at.y);
};
/**
 * The dialog is gone, and said how it ended: both come a moment after the key or the press.
 *
 * @param {Tab} tab
 */
const closed = (tab) =>
  tab.until(
    () => window.openDialog() === null && window.seen.events.filter(({ name }) => name === "prompt").length > 1,
  );
/** @param {Tab} tab */
const outcomes = async (tab) =>
  (await tab.announcements("prompt")).map(({ outcome }) => outcome).filter((outcome) => outcome !== "seen");

scene(
  "a visitor who leaves through the top is asked once, by a file that is loaded when the page is idle",
  async ({ site, open }) => {
    const shop = site(page());
    const tab = await open(shop.url());
    await tab.announced("ready");
    for (let waited = 0; waited < 100 && shop.engineRequests().length < 3; waited += 1) await pause(50);
    const before = shop.engineRequests();
    assert.deepEqual(before.sort(), ["/tailorbird-prompt.js", "/tailorbird.js", "/tailorbird.json"]);
    const state = await shown(tab);
    assert.equal(state.name, "Keep your basket?");
    assert.match(state.description, /here in this browser/);
    assert.match(state.text, /Keep your basket\?[\s\S]*here in this browser/);
    assert.ok(state.modal, "the page behind is inert");
    assert.deepEqual(await tab.announced("prompt"), {
      prompt: "save-basket",
      variant: "save-basket",
      outcome: "shown",
    });
    const { score, parts } = await tab.announced("exit-intent");
    assert.ok(score > 0 && Object.keys(parts).length > 0);
    assert.equal(shop.engineRequests().length, before.length, "it is loaded once");
    await tab.picture("prompt");
    await pressButton(tab, "No thanks");
    await closed(tab);
    assert.deepEqual(await outcomes(tab), ["shown", "declined"]);
    await tab.engage(20);
    await tab.exitTop();
    await pause(500);
    assert.equal(await tab.evaluate(dialogState), null, "once is enough");
    await tab.goto(shop.url());
    await tab.announced("ready");
    await tab.engage(20);
    await tab.exitTop();
    await pause(500);
    assert.equal(await tab.evaluate(dialogState), null, "on the next page as well");
  },
);

scene("where no prompt can come its file is not loaded", async ({ site, open }) => {
  for (const more of [
    { tag: {} },
    { config: config({ site: { holdout: 1 }, prompts: [prompt()] }) },
    { config: config({ prompts: [prompt({ until: "2020-01-01T00:00Z" })] }) },
  ]) {
    const shop = site(page(more));
    const tab = await open(shop.url());
    await tab.announced("ready");
    await pause(2_200);
    assert.ok(!shop.engineRequests().includes("/tailorbird-prompt.js"), JSON.stringify(more));
  }
});

scene("accepting is one press, and said so", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await shown(tab);
  await pressButton(tab, "Keep it");
  await closed(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "accepted"]);
});

scene("a prompt with an address leads there when it is accepted", async ({ site, open }) => {
  const shop = site(
    page({
      config: withPrompt({ content: { ...prompt().content, href: "/basket" } }),
      pages: { "/basket": { body: "<h1>Your basket</h1>", tag: false, before: [] } },
    }),
  );
  const tab = await open(shop.url());
  await shown(tab);
  await pressButton(tab, "Keep it");
  await tab.until(() => location.pathname === "/basket");
});

scene(
  "declining is as easy as accepting: side by side, of one size, and big enough for a finger",
  async ({ site, open }) => {
    const shop = site(page());
    const tab = await open(shop.url());
    const { buttons } = await shown(tab);
    const accept = buttons.find(({ text }) => text === "Keep it");
    const decline = buttons.find(({ text }) => text === "No thanks");
    assert.ok(accept && decline, JSON.stringify(buttons));
    for (const button of buttons) assert.ok(button.width >= 24 && button.height >= 24, JSON.stringify(button));
    assert.ok(decline.height >= accept.height * 0.95, "not smaller");
    assert.ok(decline.width >= 44 && decline.height >= 40, JSON.stringify(decline));
  },
);

scene("Escape closes it, and focus is where it was", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(() => /** @type {HTMLElement} */ (document.querySelector("#opener")).focus());
  await tab.engage();
  const state = await shown(tab);
  assert.notEqual(state.focused, null, "focus is in the dialog");
  assert.notEqual(state.focused, "Keep it", "and not on yes");
  await tab.key("Escape");
  await closed(tab);
  assert.deepEqual(await outcomes(tab), ["shown", "dismissed"]);
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "opener");
});

scene("Tab goes round within the dialog and never onto the page behind", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  const { buttons } = await shown(tab);
  const visited = new Set();
  for (let i = 0; i < 2 * buttons.length + 4; i += 1) {
    await tab.key("Tab", { shift: i > buttons.length + 2 });
    const where = await tab.evaluate(() => {
      const dialog = /** @type {HTMLDialogElement} */ (window.openDialog());
      const inside = /** @type {Document | ShadowRoot} */ (dialog.getRootNode()).activeElement;
      if (inside && dialog.contains(inside)) return inside.textContent.trim();
      const outside = document.activeElement;
      // Between the last button and the first stands the browser's own chrome, seen as the body.
      return outside === document.body || outside === document.documentElement || outside === null
        ? "(browser)"
        : `behind: ${outside.outerHTML}`;
    });
    assert.doesNotMatch(where, /^behind/);
    visited.add(where);
  }
  assert.ok(visited.has("Keep it") && visited.has("No thanks"), [...visited].join(", "));
});

scene("on the narrowest screen it fits, and nothing scrolls sideways", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open();
  // WebKitGTK's window cannot be made narrower than its toolbar.
  const { width } = await tab.viewport(browser === "webkit" ? 460 : 320, 640);
  await tab.goto(shop.url());
  const state = await shown(tab);
  assert.ok(state.left >= 0 && state.right <= width + 0.5, JSON.stringify(state));
  assert.ok(state.top >= 0 && state.bottom <= 640.5, JSON.stringify(state));
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  await tab.picture("prompt-narrow");
});

scene("long words neither widen the screen nor hide the buttons", async ({ site, open }) => {
  const long = {
    title: "Donaudampfschifffahrtsgesellschaft".repeat(5),
    body: "A long story. ".repeat(140),
    accept: "Keep it",
    decline: "No thanks",
  };
  const shop = site(page({ config: withPrompt({ content: long }) }));
  const tab = await open();
  const { width } = await tab.viewport(browser === "webkit" ? 460 : 320, 560);
  await tab.goto(shop.url());
  const state = await shown(tab);
  assert.ok(
    state.right <= width + 0.5 && state.bottom <= 560.5,
    JSON.stringify({ right: state.right, bottom: state.bottom }),
  );
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await tab.evaluate(() => {
    const dialog = /** @type {HTMLDialogElement} */ (window.openDialog());
    [...dialog.querySelectorAll("button, a[href]")].at(-1)?.scrollIntoView();
  });
  await pressButton(tab, "No thanks");
  await closed(tab);
});

scene("axe finds nothing against the page with the prompt open", async ({ site, open }) => {
  const shop = site(
    page({ body: `<header></header><main>${body.replace(/<main>|<\/main>/g, "")}<h2>More</h2></main>` }),
  );
  const tab = await open(shop.url());
  await shown(tab);
  assert.deepEqual(await violations(tab), []);
});

if (browser === "chromium") {
  scene("assistive technology hears a dialog with its name", async ({ site, open }) => {
    const shop = site(page());
    const tab = await open(shop.url());
    await shown(tab);
    const tree = await tab.page?.accessibility.snapshot({ interestingOnly: false });
    /** @type {(string | undefined)[]} */
    const dialogs = [];
    /** @param {import("puppeteer-core").SerializedAXNode} node */
    const walk = (node) => {
      if (node.role === "dialog") dialogs.push(node.name);
      (node.children ?? []).forEach(walk);
    };
    assert.ok(tree);
    walk(tree);
    assert.deepEqual(dialogs, ["Keep your basket?"]);
  });

  scene("a visitor who wants less motion gets none, and the dark ones get it dark", async ({ site, open }) => {
    const shop = site(page());
    const tab = await open(shop.url());
    await tab.media({ dark: true, calm: true });
    await shown(tab);
    const state = await tab.evaluate(() => {
      const dialog = /** @type {HTMLDialogElement} */ (window.openDialog());
      const root = /** @type {Document | ShadowRoot} */ (dialog.getRootNode());
      return {
        running: document.getAnimations().length + (root.getAnimations?.().length ?? 0),
        moving: [dialog, ...dialog.querySelectorAll("*")]
          .map((element) => getComputedStyle(element))
          .filter(
            (style) => parseFloat(style.animationDuration) > 0.001 || parseFloat(style.transitionDuration) > 0.001,
          ).length,
        background: getComputedStyle(dialog).backgroundColor,
        colour: getComputedStyle(dialog).color,
      };
    });
    assert.equal(state.running, 0);
    assert.equal(state.moving, 0);
    /** @param {string} colour */
    const light = (colour) =>
      /** @type {string[]} */ (colour.match(/[\d.]+/g)).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    assert.ok(light(state.background) < light(state.colour), JSON.stringify(state));
    await tab.picture("prompt-dark");
  });
}

scene("the page behind does not shift when the prompt opens and closes", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  const places = () =>
    tab.evaluate(() =>
      [...document.querySelectorAll("h1, #rest, #opener")].map((element) =>
        JSON.stringify(element.getBoundingClientRect()),
      ),
    );
  const before = await places();
  await shown(tab);
  assert.deepEqual(await places(), before);
  await tab.key("Escape");
  await closed(tab);
  assert.deepEqual(await places(), before);
  assert.deepEqual(await tab.evaluate(() => window.seen.shifts.filter(({ recentInput }) => !recentInput)), []);
});

scene("a visitor in the middle of something is not asked", async ({ site, open }) => {
  const shop = site(page({ body: `${page().body}` }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.exitTop();
  await pause(400);
  assert.equal(await tab.evaluate(dialogState), null, "just arrived");
  await tab.engage();
  await tab.click("#field");
  await tab.type("abc");
  await tab.exitTop();
  await pause(400);
  assert.equal(await tab.evaluate(dialogState), null, "typing");
  await tab.evaluate(() => {
    /** @type {HTMLElement} */ (document.activeElement).blur();
    window.clock.advance(10_000);
    const other = document.createElement("dialog");
    other.id = "other";
    other.textContent = "Cookies?";
    document.body.append(other);
    other.showModal();
  });
  await tab.exitTop();
  await pause(400);
  assert.equal(await tab.evaluate(() => window.openDialog()?.id), "other", "before another dialog");
  await tab.evaluate(() => /** @type {Element} */ (document.querySelector("#other")).remove());
  await tab.evaluate(() => window.clock.advance(5_000));
  await tab.exitTop();
  await tab.until(() => window.openDialog() !== null);
});

/** Runs in the page: what speaks against the first prompt. */
const reasons = () => window.tailorbird.explain("prompts")[0]?.reasons;

scene(
  "a prompt that the site calls for waits, says why, and comes as soon as the visitor is free",
  async ({ site, open }) => {
    const shop = site(page({ config: withPrompt({ on: { call: true } }) }));
    const tab = await open(shop.url());
    await tab.announced("ready");
    assert.deepEqual(await tab.evaluate(() => window.tailorbird.explain("prompts")), [
      {
        prompt: "save-basket",
        variant: "save-basket",
        due: false,
        reasons: ["none of its triggers has happened", "the page view has only just begun, for another 5 s"],
      },
    ]);
    await tab.evaluate(() => window.tailorbird.push(["prompt", "save-basket"]));
    assert.deepEqual(await tab.evaluate(reasons), ["the page view has only just begun, for another 5 s"]);
    await tab.click("#field");
    await tab.evaluate(() => window.clock.advance(5_000));
    await tab.until(() =>
      window.tailorbird.explain("prompts")[0]?.reasons[0]?.startsWith("the visitor was in the middle of something"),
    );
    assert.equal(await tab.evaluate(dialogState), null, "in a field");
    assert.deepEqual(await outcomes(tab), [], "nothing has become of it yet");
    await tab.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    for (const busy of ["banner", "pressed"]) {
      await tab.evaluate((what) => {
        const banner = document.createElement("div");
        banner.id = "banner";
        banner.setAttribute("role", "dialog");
        banner.textContent = "Cookies?";
        banner.style.cssText = "position: fixed; inset: auto 0 0";
        if (what === "banner") document.body.append(banner);
        if (what === "pressed") dispatchEvent(new PointerEvent("pointerdown"));
        window.clock.advance(5_000);
        // Sooner than the timer, which waits for the time of the machine.
        window.tailorbird.track("look_around");
      }, busy);
      const reason = await tab.until(() => window.tailorbird.explain("prompts")[0]?.reasons[0]);
      assert.match(reason, /^the visitor was in the middle of something/, busy);
      assert.equal(await tab.evaluate(dialogState), null, busy);
      await tab.evaluate(() => {
        document.getElementById("banner")?.remove();
        dispatchEvent(new PointerEvent("pointerup"));
      });
    }
    await tab.evaluate(() => {
      window.clock.advance(5_000);
      window.tailorbird.track("look_around");
    });
    await tab.until(dialogState);
    assert.deepEqual(await tab.evaluate(reasons), []);
    await pressButton(tab, "No thanks");
    await closed(tab);
    assert.deepEqual(await outcomes(tab), ["shown", "declined"]);
    const again = await tab.evaluate(() => {
      window.tailorbird.prompt("save-basket");
      return window.tailorbird.explain("prompts")[0]?.reasons;
    });
    assert.deepEqual(again, [
      "none of its triggers has happened",
      "it was answered, until 2026-05-27 10:00",
      "site.prompts allows no more on this page view",
    ]);
  },
);

scene(
  "a call for a prompt that is not in the config is said, and a slot may be named prompts",
  { said: [/prompt\("letter"\): the config has no such prompt/] },
  async ({ site, open }) => {
    const slots = [{ ...hero(), id: "prompts" }];
    const tab = await open(site(page({ config: config({ slots, prompts: [prompt()] }) })).url());
    await tab.announced("ready");
    await tab.evaluate(() => window.tailorbird.prompt("letter"));
    assert.equal(await tab.evaluate(() => Reflect.get(window.tailorbird.explain("prompts"), "slot")), "prompts");
  },
);

/** Runs in the page: what stands beside it, and how it does. */
const panelState = () => {
  const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
  const panel = root?.querySelector("[role=region]");
  if (!root || !panel) return null;
  const box = panel.getBoundingClientRect();
  const words = /** @type {Element} */ (panel.querySelector(".words"));
  const inside = (/** @type {Element} */ element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return top >= box.top && bottom <= box.bottom + 0.5 && left >= box.left && right <= box.right + 0.5;
  };
  return {
    name: root.getElementById(panel.getAttribute("aria-labelledby") ?? "")?.textContent,
    box: { left: box.left, top: box.top, right: box.right, bottom: box.bottom, height: box.height },
    buttons: [...panel.querySelectorAll("button")].map((button) => {
      const { width, height } = button.getBoundingClientRect();
      return { text: button.textContent, width, height, inView: inside(button) };
    }),
    scrolls: words.scrollHeight > words.clientHeight,
    focus: document.activeElement?.id,
    overflow: document.documentElement.scrollWidth > innerWidth,
    size: { width: innerWidth, height: innerHeight },
  };
};
/**
 * A page whose prompt has that form, once it is shown.
 *
 * @param {Tab} tab
 */
const called = async (tab) => {
  await tab.announced("ready");
  await tab.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector("#opener")).focus();
    window.clock.advance(5_000);
    window.tailorbird.prompt("save-basket");
  });
  await tab.announced("prompt");
  // What comes in with a movement has come to rest.
  for (let last = ""; ; await pause(60)) {
    const state = await tab.until(panelState);
    const now = JSON.stringify(state.box);
    if (now === last) return state;
    last = now;
  }
};
const long = { ...prompt().content, body: "We can keep it for a week, here in this browser. ".repeat(12) };

for (const form of ["sheet", "bar-top", "bar-bottom", "slide-in"]) {
  scene(`as ${form} it stands beside the page, which goes on as before`, async ({ site, open }) => {
    const shop = site(page({ config: withPrompt({ as: form, on: { call: true } }), lang: "en" }));
    const tab = await open(shop.url());
    const { name, box, buttons, focus, overflow, size } = await called(tab);
    assert.equal(name, "Keep your basket?");
    assert.equal(focus, "opener", "the focus stays");
    assert.equal(overflow, false);
    assert.ok(
      box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height,
      JSON.stringify(box),
    );
    if (form === "bar-top") assert.equal(box.top, 0);
    else assert.ok(size.height - box.bottom <= 16.5, "at the bottom");
    for (const button of buttons) {
      assert.ok(button.inView && button.width >= 44 && button.height >= 44, JSON.stringify(button));
    }
    const [yes, no] = ["Keep it", "No thanks"].map((text) => buttons.find((button) => button.text === text));
    assert.ok(
      yes && no && Math.abs(yes.width - no.width) < 40 && yes.height === no.height,
      "both answers look the same",
    );
    await tab.picture(`prompt-${form}`);
    await tab.evaluate(() => {
      document.querySelector("#opener")?.addEventListener("click", () => Reflect.set(window, "used", true));
      scrollTo({ top: 300, behavior: "instant" });
    });
    assert.equal(await tab.evaluate(() => scrollY), 300, "the page scrolls");
    if (form !== "bar-top") {
      await tab.click("#opener");
      assert.equal(await tab.evaluate(() => Reflect.get(window, "used")), true, "and can be used");
    }
    assert.deepEqual(await tab.evaluate(() => window.seen.shifts.filter(({ recentInput }) => !recentInput)), []);
    await tab.key("Escape");
    await tab.until(() => document.querySelector("tailorbird-prompt") === null);
    assert.deepEqual(await outcomes(tab), ["shown", "dismissed"]);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), "opener");
  });

  scene(
    `as ${form} on a small screen it leaves most of it to the page, and its answers stay in view`,
    async ({ site, open }) => {
      const shop = site(page({ config: withPrompt({ as: form, on: { call: true }, content: long }), lang: "en" }));
      const tab = await open();
      const { width, height } = await tab.viewport(browser === "webkit" ? 460 : 320, 640);
      await tab.goto(shop.url());
      const { box, buttons, scrolls, overflow } = await called(tab);
      assert.ok(box.height <= 0.3 * height + 1, `${box.height} of ${height}`);
      assert.ok(box.left >= 0 && box.right <= width + 0.5, JSON.stringify(box));
      assert.equal(scrolls, true, "long words scroll");
      assert.equal(overflow, false);
      assert.deepEqual(
        buttons.filter(({ inView }) => !inView),
        [],
      );
      await tab.picture(`prompt-${form}-small`);
      assert.deepEqual(await violations(tab, "tailorbird-prompt"), []);
      await tab.evaluate(() => {
        const root = /** @type {ShadowRoot} */ (document.querySelector("tailorbird-prompt")?.shadowRoot);
        /** @type {HTMLElement} */ (root.querySelector("#decline")).click();
      });
      await tab.until(() => document.querySelector("tailorbird-prompt") === null);
      assert.deepEqual(await outcomes(tab), ["shown", "declined"]);
    },
  );
}

if (browser === "chromium") {
  scene("where there is no mouse a modal prompt is a sheet", async ({ site, open }) => {
    const shop = site(page({ config: withPrompt({ on: { call: true } }) }));
    const tab = await open();
    await tab.page?.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
    await tab.goto(shop.url());
    const { box, size } = await called(tab);
    assert.ok(box.height <= 0.3 * size.height + 1, JSON.stringify(box));
    assert.equal(await tab.evaluate(() => window.openDialog()), null);
    await tab.page?.setViewport(null);
  });
}

scene("a prompt comes when its element comes into view, also one that the page makes later", async ({ site, open }) => {
  const shop = site(page({ config: withPrompt({ on: { visible: "#care" }, as: "sheet" }) }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(() => window.clock.advance(5_000));
  await tab.evaluate(() => {
    const care = Object.assign(document.createElement("h2"), { id: "care", textContent: "How to care for them" });
    document.body.append(care);
  });
  await tab.engage(2);
  await pause(200);
  assert.equal(await tab.evaluate(panelState), null, "it is far below");
  await tab.evaluate(() => {
    document.querySelector("#care")?.scrollIntoView({ behavior: "instant" });
    window.clock.advance(2_000);
  });
  await tab.until(panelState);
  assert.deepEqual(await outcomes(tab), ["shown"]);
});

scene(
  "a selector that is none is said, and the page goes on",
  { said: [/prompt "save-basket": on.visible is "#", expected a CSS selector/] },
  async ({ site, open }) => {
    const tab = await open(site(page({ config: withPrompt({ on: { visible: "#" } }) })).url());
    await tab.announced("ready");
    await tab.engage(2);
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
  },
);

scene("leaving through the side, or coming back at once, is not leaving", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.engage();
  await tab.move(300, 300);
  await tab.evaluate(() => {
    const about = { bubbles: true, clientX: -4, clientY: 300, relatedTarget: null, view: window };
    document.documentElement.dispatchEvent(new MouseEvent("mouseout", about));
  });
  await pause(400);
  assert.equal(await tab.evaluate(dialogState), null, "through the left side");
  await tab.evaluate(() => {
    const about = { bubbles: true, clientX: 300, clientY: -4, relatedTarget: null, view: window };
    document.documentElement.dispatchEvent(new MouseEvent("mouseout", about));
    setTimeout(() => {
      const back = { bubbles: true, clientX: 300, clientY: 5, view: window };
      // Pointers that come back are over something first.
      document.body.dispatchEvent(new PointerEvent("pointerover", { ...back, pointerType: "mouse" }));
      document.body.dispatchEvent(new MouseEvent("mouseover", back));
      document.body.dispatchEvent(new MouseEvent("mouseenter", { ...back, bubbles: false }));
      document.body.dispatchEvent(new PointerEvent("pointermove", { ...back, pointerType: "mouse" }));
      document.body.dispatchEvent(new MouseEvent("mousemove", back));
    }, 40);
  });
  await pause(400);
  assert.equal(await tab.evaluate(dialogState), null, "back after 40 ms");
});

scene("a page with a card field asks nobody anything", async ({ site, open }) => {
  const shop = site(page({ body: `${page().body}<form><input autocomplete="cc-number" aria-label="Card"></form>` }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.engage();
  await tab.exitTop();
  await pause(500);
  assert.equal(await tab.evaluate(dialogState), null);
});

scene("a condition on the basket decides whether a prompt is due", async ({ site, open }) => {
  /** @param {number} price */
  const added = (price) => [
    [
      "add_to_cart",
      { currency: "EUR", value: price, items: [{ item_id: "b-1", item_category: "boots", price, quantity: 1 }] },
    ],
  ];
  const shop = site(
    page({
      config: withPrompt({ when: { "cart.value": { $gt: 50 } } }),
      pages: {
        "/cheap": { before: [still, [queued, added(20)]] },
        "/dear": {
          before: [
            [clock, START + 60_000, false],
            [queued, added(120)],
          ],
        },
      },
    }),
  );
  const tab = await open(shop.url("/cheap"));
  await tab.announced("ready");
  await tab.engage();
  await tab.exitTop();
  await pause(500);
  assert.equal(await tab.evaluate(dialogState), null);
  await tab.goto(shop.url("/dear"));
  await shown(tab);
});

scene("the prompt keeps to a strict policy for styles and scripts", async ({ site, open }) => {
  const shop = site(
    page({
      inline: true,
      body: `<section data-tb-slot="hero"><h1>Gear</h1><a href="/all">See all</a></section><p id="rest">The rest.</p>`,
      csp: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'self'",
    }),
  );
  const tab = await open(shop.url());
  const state = await shown(tab);
  assert.equal(state.name, "Keep your basket?");
  assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
  await pressButton(tab, "No thanks");
  await closed(tab);
});

scene(
  "where the file of the prompt is missing the page goes on, and the prompt has failed",
  { said: [/Failed to load|error loading|404|dynamically imported|Importing|Loading module/i] },
  async ({ site, open }) => {
    const files = new Proxy(
      {},
      {
        // Whatever that file is called, it is not the tag's own.
        get: (_, where) =>
          typeof where === "string" && /\.js$/.test(where) && where !== "/tailorbird.js"
            ? { status: 404, type: "text/plain", body: "gone" }
            : undefined,
      },
    );
    const shop = site(page({ files, config: config({ slots: [hero()], prompts: [prompt()] }) }));
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.engage();
    await tab.exitTop();
    await tab.until(() =>
      window.seen.events.some(({ name, detail }) => name === "prompt" && detail.outcome === "failed"),
    );
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    assert.equal(await tab.evaluate(dialogState), null);
  },
);
