// Who may state consent, and what follows: each source in each state that it can express, seen from outside as what the
// browser keeps and what was asked for. vanilla-cookieconsent is the real one; OneTrust, Cookiebot, TCF and GPP come from
// their vendors' servers only, and are stood in for by what their documentation says of them.
import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { ROOT } from "./rig/site.mjs";
import { watchStorage } from "./rig/before.mjs";
import { body, config, looks, tracked } from "./outdoor.mjs";

/** @typedef {"granted" | "denied"} Said */

const { scene } = await rig();

/**
 * Each runs in the page before the tag: puts a tool there, whose visitor has said this already or nothing, and
 * `window.say`, by which they say something.
 *
 * @type {{ [source: string]: (said: Said | undefined) => void }}
 */
const TOOLS = {
  site: (said) => {
    window.say = (now) =>
      void window.tailorbird.consent({ personalize: now === "granted", measure: now === "granted" });
    if (said) Reflect.set(window, "tailorbird", [["consent", { personalize: said === "granted" }]]);
  },
  "consent-mode": (said) => {
    /** @type {unknown[]} */
    const layer = (window.dataLayer = []);
    window.say = (now) => {
      const update = ["consent", "update", { personalization_storage: now, analytics_storage: now }];
      // As `gtag` pushes them.
      (function () {
        layer.push(arguments);
      })(...update);
    };
    if (said) window.say(said);
  },
  onetrust: (said) => {
    let isClosed = !!said;
    window.OnetrustActiveGroups = said === "granted" ? ",C0001,C0002,C0003," : ",C0001,";
    window.OneTrust = { IsAlertBoxClosed: () => isClosed };
    window.say = (now) => {
      isClosed = true;
      window.OnetrustActiveGroups = now === "granted" ? ",C0001,C0002,C0003," : ",C0001,";
      window.dispatchEvent(
        new CustomEvent("OneTrustGroupsUpdated", { detail: window.OnetrustActiveGroups.split(",") }),
      );
    };
  },
  cookiebot: (said) => {
    const consent = { preferences: said === "granted", statistics: said === "granted" };
    const tool = (window.Cookiebot = { hasResponse: !!said, consent });
    window.say = (now) => {
      tool.hasResponse = true;
      consent.preferences = consent.statistics = now === "granted";
      window.dispatchEvent(new Event(now === "granted" ? "CookiebotOnAccept" : "CookiebotOnDecline"));
    };
  },
  tcf: (said) => {
    /** @type {Parameters<NonNullable<Window["__tcfapi"]>>[2][]} */
    const listeners = [];
    /**
     * @param {Said | undefined} now
     * @param {"tcloaded" | "cmpuishown" | "useractioncomplete"} eventStatus
     */
    const data = (now, eventStatus) => {
      const consents = Object.fromEntries([1, 5, 6, 8].map((purpose) => [purpose, now === "granted"]));
      return { eventStatus, gdprApplies: true, purpose: { consents }, publisher: { consents: {} } };
    };
    window.__tcfapi = (command, version, listener) => {
      if (command !== "addEventListener" || version !== 2) return;
      listeners.push(listener);
      listener(data(said, said ? "tcloaded" : "cmpuishown"), true);
    };
    window.say = (now) => listeners.forEach((listener) => listener(data(now, "useractioncomplete"), true));
  },
  gpp: (said) => {
    /** @type {Parameters<NonNullable<Window["__gpp"]>>[1][]} */
    const listeners = [];
    /**
     * @param {Said | undefined} now
     * @param {string} eventName
     */
    const event = (now, eventName) => {
      const out = now === "denied" ? 1 : 2;
      const usnat = [{ SaleOptOut: out, SharingOptOut: 0, TargetedAdvertisingOptOut: 0 }, { Gpc: false }];
      return { eventName, pingData: { signalStatus: "ready", parsedSections: { usnat } } };
    };
    window.__gpp = (command, listener) => {
      if (command !== "addEventListener") return;
      listeners.push(listener);
      listener(event(said, "signalStatus"), true);
    };
    window.say = (now) => listeners.forEach((listener) => listener(event(now, "sectionChange"), true));
  },
};

/** What the page loads of the real tool, which keeps its answer in a cookie. */
const COOKIE_CONSENT = `<script src="/tool/cookieconsent.umd.js"></script><script>
  // The tool takes its time to keep the answer.
  window.addEventListener("cc:onChange", () => (window.saidAt = performance.now()));
  window.say = (now) => CookieConsent.acceptCategory(now === "granted" ? "all" : []);
  CookieConsent.run({
    autoShow: false,
    // A driver's browser counts as a bot.
    hideFromBots: false,
    categories: { necessary: { enabled: true, readOnly: true }, functionality: {}, analytics: {} },
    language: { default: "en", translations: { en: { consentModal: {}, preferencesModal: { sections: [] } } } },
  });
</script>`;

/**
 * @param {string} source
 * @param {Said} [said]
 */
const pageOf = (source, said) => {
  const spec = { config: config(), before: [watchStorage] };
  if (source !== "cookieconsent") return { ...spec, body, before: [watchStorage, [TOOLS[source], said]] };
  const roots = { "/tool/": path.join(ROOT, "node_modules/vanilla-cookieconsent/dist") };
  return { ...spec, roots, body: `${body}${COOKIE_CONSENT}` };
};

const OURS = "^tailorbird\\.";
/** Runs in the page: our keys in both areas. */
const kept = () =>
  [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.startsWith("tailorbird."));
const isKept = () => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t."));
/** Runs in the page: what was touched of storage by us; a tool of the page has its cookie. */
const touches = () => window.touched.filter((touch) => !/^LockManager|^cookie/.test(touch));
const consent = () => window.tailorbird.profile().consent;
const lastSource = () => window.seen.events.filter(({ name }) => name === "consent").at(-1)?.detail.source;

const ALL = [...Object.keys(TOOLS), "cookieconsent"];

for (const source of ALL) {
  const allows = source !== "gpp";

  scene(
    `${source}: before the visitor has answered nothing is touched; a yes keeps a profile, and a no empties it`,
    async ({ site, open }) => {
      const tab = await open(site(pageOf(source)).url());
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("boots"));
      await pause(300);
      assert.equal(await tab.evaluate(consent), "unknown");
      assert.deepEqual(await tab.evaluate(touches), []);
      if (!allows) await tab.evaluate(() => void window.tailorbird.consent({ personalize: true }));
      else await tab.evaluate(() => window.say("granted"));
      await tab.until(isKept);
      assert.equal(await tab.evaluate(consent), "granted");
      assert.equal(await tab.evaluate(lastSource), allows ? source : "site");
      const { ms, after } = await tab.evaluate(async () => {
        window.saidAt = performance.now();
        window.say("denied");
        const isEmpty = () => Object.keys(localStorage).every((key) => !key.startsWith("tailorbird."));
        while (!isEmpty() && performance.now() - window.saidAt < 1_000) await new Promise((done) => setTimeout(done));
        return { ms: performance.now() - window.saidAt, after: window.tailorbird.profile().consent };
      });
      assert.ok(ms < 100, `after ${ms} ms`);
      assert.equal(after, "withdrawn");
      assert.equal(await tab.evaluate(lastSource), source);
      await tab.evaluate(tracked, looks("tents", 3));
      await pause(300);
      assert.deepEqual(await tab.evaluate(kept), []);
      if (!allows) return;
      await tab.evaluate(() => window.say("granted"));
      await tab.until(isKept);
      assert.equal(await tab.evaluate(consent), "granted");
    },
  );

  scene(`${source}: an earlier no is heard at the start, and removes our keys unread`, async ({ site, open }) => {
    const shop = site({ ...pageOf(source, "denied"), pages: { "/empty": { tag: false, before: [], body: "" } } });
    const tab = await open();
    if (source === "cookieconsent") {
      // Its answer is in a cookie, which it writes itself.
      await tab.goto(shop.url());
      await tab.announced("ready");
      await tab.evaluate(() => window.say("denied"));
      await tab.until(() => window.tailorbird.profile().consent === "denied");
    }
    await tab.goto(shop.url("/empty"));
    await tab.evaluate(() => {
      localStorage.setItem("tailorbird.v1", "from earlier");
      sessionStorage.setItem("tailorbird.t.0123456789abcdef", "from earlier");
      localStorage.setItem("theme", "dark");
    });
    await tab.goto(shop.url());
    await tab.announced("ready");
    await tab.until(() => window.tailorbird.profile().consent === "denied");
    assert.equal(await tab.evaluate(lastSource), source);
    await tab.evaluate(tracked, looks("boots"));
    await pause(300);
    const touched = await tab.evaluate(touches);
    assert.deepEqual(await tab.evaluate(kept), []);
    assert.equal(await tab.evaluate(() => localStorage.getItem("theme")), "dark");
    assert.deepEqual(
      touched.filter((touch) => new RegExp(`^(getItem|setItem) ${OURS.slice(1)}`).test(touch)),
      [],
    );
  });
}

/** What a browser says to every site; each runs in the page before the tag. */
const WISHES = {
  "global-privacy-control": () =>
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { configurable: true, get: () => true }),
  "do-not-track": () =>
    Object.defineProperty(Navigator.prototype, "doNotTrack", { configurable: true, get: () => "1" }),
};

for (const [source, wish] of Object.entries(WISHES)) {
  scene(
    `${source} is a no to what the tag allows, and not to a yes on the site's own control`,
    async ({ site, open }) => {
      const allowed = { "data-consent": "granted" };
      const shop = site({
        config: config(),
        body,
        tag: allowed,
        before: [watchStorage, wish],
        pages: {
          "/asked": {
            body,
            before: [
              watchStorage,
              wish,
              () => void Reflect.set(window, "tailorbird", [["consent", { personalize: true, measure: true }]]),
            ],
          },
        },
      });
      const tab = await open(shop.url());
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("boots"));
      await pause(300);
      assert.equal(await tab.evaluate(consent), "denied");
      assert.equal(await tab.evaluate(lastSource), source);
      assert.deepEqual(await tab.evaluate(kept), []);
      assert.ok((await tab.evaluate(touches)).every((touch) => !touch.startsWith("getItem")));
      await tab.goto(shop.url("/asked"));
      await tab.announced("ready");
      await tab.until(isKept);
      assert.equal(await tab.evaluate(consent), "granted");
      assert.equal(await tab.evaluate(lastSource), "site");
      // The profile is read, not removed first.
      await tab.evaluate(tracked, looks("boots", 4));
      await tab.until(() => window.tailorbird.profile().attributes.visitor.events?.view_item >= 4);
      await tab.goto(shop.url("/asked"));
      await tab.announced("ready");
      await tab.until(() => window.tailorbird.profile().attributes?.visitor?.events?.view_item >= 4);
    },
  );
}

scene(
  "Do Not Track is no answer where the config says so, and a site for children has no consent at all",
  async ({ site, open }) => {
    /** @param {object} privacy */
    const of = (privacy) => ({ ...config(), privacy });
    const tag = { "data-consent": "granted" };
    const before = [WISHES["do-not-track"]];
    const ignoring = await open(site({ config: of({ dnt: "ignore" }), body, tag, before }).url());
    await ignoring.until(isKept);
    assert.equal(await ignoring.evaluate(consent), "granted");
    const children = await open(site({ config: of({ childDirected: true }), body, tag }).url());
    await children.announced("ready");
    await children.evaluate(() => void window.tailorbird.consent({ personalize: true, measure: true }));
    await pause(300);
    assert.equal(await children.evaluate(consent), "denied");
    assert.equal(await children.evaluate(lastSource), "child-directed");
    assert.deepEqual(await children.evaluate(kept), []);
  },
);

/** Runs in the page before the tag: keeps the memory of every instance of wasm. */
const watchMemory = () => {
  const { Instance, instantiate } = WebAssembly;
  window.memories = [];
  /** @type {(...given: unknown[]) => Promise<WebAssembly.Instance>} */
  const watched = async (...given) => {
    const made = await Reflect.apply(instantiate, WebAssembly, given);
    window.memories.push(made.exports.memory);
    return made;
  };
  Reflect.set(WebAssembly, "instantiate", watched);
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, given) => {
      const instance = Reflect.construct(target, given);
      window.memories.push(instance.exports.memory);
      return instance;
    },
  });
};
/**
 * Runs in the page: in which memories a text stands, and which of them hold nothing but zeros.
 *
 * @param {string} text
 */
const inMemory = (text) =>
  window.memories.map((memory) => {
    const bytes = new Uint8Array(memory.buffer);
    const has = new TextDecoder("latin1").decode(bytes).includes(text);
    return bytes.every((byte) => byte === 0) ? "zeros" : has ? "knows" : "else";
  });

scene(
  "a withdrawal overwrites the memory of the engine, here and in the other tabs, and starts another engine",
  async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: { "data-consent": "granted" }, before: [watchMemory] });
    const tabs = [await open(shop.url()), await open(shop.url())];
    for (const tab of tabs) {
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("zebra-boots", 3));
      await tab.until(isKept);
      await tab.evaluate(() => window.tailorbird.attributes({ plan: "pro" }));
      assert.deepEqual(await tab.evaluate(inMemory, "zebra-boots"), ["knows"]);
    }
    // Done when the promise resolves.
    const done = await tabs[0].evaluate(async () => {
      await window.tailorbird.consent({ personalize: false });
      return Object.keys(localStorage).filter((key) => key.startsWith("tailorbird"));
    });
    assert.deepEqual(done, []);
    for (const tab of tabs) {
      await tab.until(() => window.memories.length === 2);
      assert.deepEqual(await tab.evaluate(inMemory, "zebra-boots"), ["zeros", "else"]);
      assert.equal(await tab.evaluate(consent), "withdrawn");
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
      // What the site says stays, and so does personalizing by it.
      assert.equal(await tab.evaluate(() => window.tailorbird.profile().attributes.plan), "pro");
      assert.equal((await tab.evaluate(() => window.tailorbird.decide("hero"))).slot, "hero");
    }
    // A yes begins anew.
    await tabs[0].evaluate(() => window.tailorbird.consent({ personalize: true }));
    await tabs[0].evaluate(tracked, looks("tents", 1));
    await tabs[0].until(isKept);
    assert.equal(await tabs[0].evaluate(() => window.tailorbird.profile().attributes.visitor.events.view_item), 1);
  },
);

scene("an engine that is stopped while a withdrawal is announced stays stopped", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" }, before: [watchMemory] });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(isKept);
  const available = await tab.evaluate(async () => {
    document.addEventListener("tailorbird:consent", () => window.tailorbird.stop());
    await window.tailorbird.consent({ personalize: false });
    return window.tailorbird.available;
  });
  assert.equal(available, false);
  assert.equal(await tab.evaluate(() => window.memories.length), 1, "no other one was started");
});
