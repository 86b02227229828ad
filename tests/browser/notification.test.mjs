// Prompts as notifications of the system: when they come, what becomes of them, and that nobody is asked for them.
import assert from "node:assert/strict";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);

const basket = {
  id: "basket",
  as: "notification",
  on: { call: true },
  content: { title: "Your boots wait for you", body: "We keep them until tomorrow.", href: "/basket/" },
};
const letter = {
  id: "letter",
  on: { call: true },
  content: { title: "A letter now and then?", accept: "Yes", decline: "No thanks" },
};

/**
 * Runs in the page: writes down every notification, and every time the visitor is asked for them. Where no test can
 * set the permission, it is this one, and notifications are shown nowhere.
 *
 * @param {NotificationPermission | null} pretended
 */
const watchNotifications = (pretended) => {
  /** @type {typeof window.notifications} */
  const notifications = [];
  Object.defineProperty(window, "notifications", { value: notifications });
  window.asked = 0;
  const pretender = class extends EventTarget {
    static permission = pretended;
    close() {
      this.dispatchEvent(new Event("close"));
    }
  };
  const own = /** @type {typeof Notification | undefined} */ (Reflect.get(window, "Notification"));
  const original = (!pretended && own) || /** @type {typeof Notification} */ (/** @type {unknown} */ (pretender));
  class Watched extends original {
    /**
     * @param {string} title
     * @param {NotificationOptions} options
     */
    constructor(title, options) {
      super(title, options);
      this.record = { title, options, closed: false, shown: /** @type {EventTarget} */ (this) };
      notifications.push(this.record);
    }

    /** @override */
    static requestPermission() {
      window.asked += 1;
      return Promise.resolve(/** @type {const} */ ("denied"));
    }

    /** @override */
    close() {
      this.record.closed = true;
      super.close();
    }
  }
  Reflect.set(window, "Notification", Watched);
};

/**
 * A page of a site that may show notifications or not.
 *
 * @param {NotificationPermission} permission
 * @param {object} [more]
 */
const page = (permission, more) => ({
  lang: "en",
  config: { version: 1, prompts: [basket, letter] },
  tag: { "data-consent": "granted" },
  body: "<h1>Boots</h1>",
  before: [
    [clock, START, false],
    // Nobody has asked a visitor of a test, in whichever browser.
    [watchNotifications, browser === "chromium" || permission === "default" ? null : permission],
  ],
  pages: { "/basket/": { body: "<h1>Your basket</h1>" } },
  ...more,
});

/**
 * Opens the page, some seconds ago.
 *
 * @param {Tab} tab
 * @param {string} url
 * @param {NotificationPermission} permission
 */
const visit = async (tab, url, permission) => {
  if (tab.page && browser === "chromium") {
    const state = /** @type {const} */ ({ granted: "granted", denied: "denied", default: "prompt" })[permission];
    const name = /** @type {const} */ ("notifications");
    await tab.page.browserContext().setPermission(new URL(url).origin, { permission: { name }, state });
  }
  await tab.goto(url);
  await tab.announced("ready");
  await tab.evaluate(() => window.clock.advance(5_000));
};

/**
 * Puts another tab in front; the returned function goes back.
 *
 * @param {Tab} tab
 * @param {() => Promise<Tab>} open
 */
const leave = async (tab, open) => {
  if (browser === "chromium") {
    // Puppeteer emulates that every tab is in front.
    const protocol = await tab.page?.createCDPSession();
    await protocol?.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    const other = await open();
    await other.front();
    await tab.until(() => document.visibilityState === "hidden");
    return async () => {
      await tab.front();
      await tab.until(() => document.visibilityState === "visible");
    };
  }
  // A tab of these that is driven never lies behind another.
  /** @param {boolean} hidden */
  const pretend = (hidden) =>
    tab.evaluate((state) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: state });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await pretend(true);
  return () => pretend(false);
};

/**
 * Runs in the page: why a prompt is not shown.
 *
 * @param {string} id
 */
const reasons = (id) =>
  window.tailorbird.explain("prompts").find((/** @type {{ prompt: string }} */ { prompt }) => prompt === id).reasons;

/** @param {Tab} tab */
const outcomes = async (tab) => (await tab.announcements("prompt")).map(({ outcome }) => outcome);

/** A moment in which something would have happened. */
const moment = (ms = 600) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A page that the visitor has left, with a notification.
 *
 * @param {Tab} tab
 * @param {() => Promise<Tab>} open
 * @param {string} url
 */
const notified = async (tab, open, url) => {
  await visit(tab, url, "granted");
  await tab.evaluate(() => window.tailorbird.prompt("basket"));
  const back = await leave(tab, open);
  await tab.announced("prompt");
  return back;
};

scene("a notification comes once the visitor has left, and leads to the site", async ({ site, open }) => {
  const tab = await open();
  const shop = site(page("granted"));
  await visit(tab, shop.url(), "granted");
  await tab.evaluate(() => window.tailorbird.prompt("basket"));
  await moment();
  assert.deepEqual(await tab.evaluate(reasons, "basket"), ["the tab is in front"]);
  assert.equal(await tab.evaluate(() => window.notifications.length), 0);
  await leave(tab, open);
  assert.deepEqual(await tab.announced("prompt"), { prompt: "basket", variant: "basket", outcome: "shown" });
  const [{ title, options }] = await tab.evaluate(() =>
    window.notifications.map(({ title, options }) => ({ title, options })),
  );
  assert.equal(title, "Your boots wait for you");
  assert.deepEqual(options, {
    body: "We keep them until tomorrow.",
    tag: "tailorbird-basket",
    lang: "en",
    dir: "ltr",
  });
  const told = await tab.evaluate(() => {
    window.notifications[0]?.shown.dispatchEvent(new Event("click"));
    return { closed: window.notifications[0]?.closed, events: window.seen.events, asked: window.asked };
  });
  assert.deepEqual(told.events.at(-1), {
    name: "prompt",
    detail: { prompt: "basket", variant: "basket", outcome: "accepted" },
  });
  assert.deepEqual([told.closed, told.asked], [true, 0]);
  await tab.until(() => location.pathname === "/basket/" && document.querySelector("h1")?.textContent);
});

scene("a notification waits for its delay, also while nobody sees the page", async ({ site, open }) => {
  const tab = await open();
  const later = { ...basket, on: { call: true, delay: "4s" } };
  await visit(tab, site(page("granted", { config: { version: 1, prompts: [later] } })).url(), "granted");
  await tab.evaluate(() => window.tailorbird.prompt("basket"));
  await moment(4_500);
  await leave(tab, open);
  assert.match(String(await tab.evaluate(reasons, "basket")), /^it waits for its delay/);
  assert.deepEqual(await tab.announced("prompt"), { prompt: "basket", variant: "basket", outcome: "shown" });
});

scene("a notification that is closed is dismissed", async ({ site, open }) => {
  const tab = await open();
  await notified(tab, open, site(page("granted")).url());
  await tab.evaluate(() => window.notifications[0]?.shown.dispatchEvent(new Event("close")));
  assert.deepEqual(await outcomes(tab), ["shown", "dismissed"]);
});

scene("a notification goes when the visitor is back, and that is no answer", async ({ site, open }) => {
  const tab = await open();
  const back = await notified(tab, open, site(page("granted")).url());
  assert.equal(await tab.evaluate(() => window.notifications[0]?.closed), false);
  await back();
  await tab.until(() => window.notifications[0]?.closed);
  await moment();
  assert.deepEqual(await outcomes(tab), ["shown"]);
  const { due } = await tab.evaluate(() =>
    window.tailorbird.explain("prompts").find((/** @type {{ prompt: string }} */ { prompt }) => prompt === "basket"),
  );
  assert.equal(due, false);
});

scene("a notification goes with the page, which may come back", async ({ site, open }) => {
  const tab = await open();
  const back = await notified(tab, open, site(page("granted")).url());
  await tab.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  assert.equal(await tab.evaluate(() => window.notifications[0]?.closed), true);
  await back();
  await tab.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await tab.evaluate(() => {
    window.clock.advance(86_400_000);
    window.tailorbird.track("look_around");
    window.clock.advance(5_000);
    window.tailorbird.prompt("letter");
  });
  await tab.until(() => document.querySelector("tailorbird-prompt") !== null);
  assert.deepEqual(await outcomes(tab), ["shown", "shown"]);
});

scene("a notification goes with the engine", async ({ site, open }) => {
  const tab = await open();
  await notified(tab, open, site(page("granted")).url());
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(() => window.notifications[0]?.closed), true);
  assert.deepEqual(await outcomes(tab), ["shown"]);
});

scene("where notifications are not allowed, none comes and nobody is asked", async ({ site, open }) => {
  const tab = await open();
  for (const permission of /** @type {const} */ (["denied", "default"])) {
    await visit(tab, site(page(permission)).url(), permission);
    await tab.evaluate(() => window.tailorbird.prompt("basket"));
    const back = await leave(tab, open);
    await moment();
    assert.deepEqual(await tab.evaluate(reasons, "basket"), ["notifications are not allowed"], permission);
    assert.deepEqual(await tab.evaluate(() => [window.notifications.length, window.asked]), [0, 0]);
    await back();
  }
});

scene(
  "where only a service worker may show notifications, or the system cannot, it has failed",
  async ({ site, open }) => {
    const throwing = () => {
      const { permission } = Notification;
      const illegal = function () {
        throw new TypeError("Failed to construct 'Notification': Illegal constructor.");
      };
      Reflect.set(window, "Notification", Object.assign(illegal, { permission }));
    };
    const tab = await open();
    const given = page("granted");
    await notified(tab, open, site({ ...given, before: [...given.before, [throwing]] }).url());
    assert.deepEqual(await outcomes(tab), ["failed"]);
    const other = await open();
    await notified(other, open, site(page("granted")).url());
    await other.evaluate(() => window.notifications[0]?.shown.dispatchEvent(new Event("error")));
    assert.deepEqual(await outcomes(other), ["shown", "failed"]);
  },
);

scene("no prompt is shown on a page that nobody sees", async ({ site, open }) => {
  const tab = await open();
  await visit(tab, site(page("default")).url(), "default");
  const back = await leave(tab, open);
  await tab.evaluate(() => window.tailorbird.prompt("letter"));
  await moment();
  assert.deepEqual(await tab.evaluate(reasons, "letter"), ["the tab is in the background"]);
  assert.equal(await tab.evaluate(() => document.querySelector("tailorbird-prompt") === null), true);
  await back();
  assert.deepEqual(await tab.announced("prompt"), { prompt: "letter", variant: "letter", outcome: "shown" });
});
