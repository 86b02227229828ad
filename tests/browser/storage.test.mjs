// A device that refuses, is full, is damaged, or is used by two tabs at once.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { blockStorage, clock, fillStorage } from "./rig/before.mjs";
import { body, BOOTS, config, counting, looks, queued, TENTS, tracked } from "./outdoor.mjs";

const { scene } = await rig();

const granted = { "data-consent": "granted" };
const empty = { "/empty": { tag: false, before: [], body: "<p>Nothing here.</p>" } };

scene(
  "two tabs open at once keep both their visits, and after both are closed nothing is lost",
  async ({ site, open }) => {
    const shop = site({ config: counting(12), body, tag: granted, pages: empty });
    const first = await open(shop.url());
    const second = await open(shop.url());
    await first.announced("ready");
    await second.announced("ready");
    await first.evaluate(tracked, looks("boots", 5));
    await second.evaluate(tracked, looks("tents", 4));
    await first.evaluate(tracked, looks("boots", 2));
    const journals = await first.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith("tailorbird.t.")),
    );
    assert.equal(journals.length, 2, `each tab has a journal: ${journals}`);
    await first.close();
    await second.close();
    const third = await open(shop.url());
    await third.until(() => window.tailorbird?.peek?.("hero").variant === "v11");
    // Folding waits for an idle moment; the journals of the closed tabs go once they are in the profile.
    await third.until(
      (old) => localStorage.getItem("tailorbird.v1") !== null && old.every((key) => localStorage.getItem(key) === null),
      journals,
    );
    const fourth = await open(shop.url());
    await fourth.until(() => window.tailorbird?.peek?.("hero").variant === "v11");
    assert.deepEqual(await fourth.announcements("storage-reset"), []);
  },
);

scene("a tab that reloads again and again loses and doubles nothing", async ({ site, open }) => {
  const shop = site({ config: counting(12), body, tag: granted });
  const tab = await open(shop.url());
  for (let i = 1; i <= 6; i += 1) {
    await tab.announced("ready");
    await tab.evaluate(tracked, looks("boots", 1));
    await tab.goto(shop.url());
  }
  await tab.until(() => window.tailorbird?.peek?.("hero").variant === "v6");
  const keys = await tab.evaluate(() => Object.keys(localStorage).length);
  assert.ok(keys <= 10, `${keys} keys after six page views`);
});

scene("where storage is switched off the visit is personalized in memory, and said so once", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, before: [blockStorage, [queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), BOOTS);
  await tab.evaluate(tracked, looks("tents", 12));
  await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
  assert.ok((await tab.announcements("storage-reset")).length <= 1);
  assert.equal((await tab.announcements("unavailable")).length, 0);
});

scene("where the device is full the visit is personalized in memory, and said so once", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, before: [fillStorage, [queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(await tab.text("h1"), BOOTS);
  await tab.evaluate(tracked, looks("tents", 12));
  await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
  const resets = await tab.until(() => {
    const all = window.seen.events.filter((event) => event.name === "storage-reset");
    return all.length > 0 && all;
  });
  assert.equal(resets.length, 1);
  assert.equal(typeof resets[0].detail.reason, "string");
});

/** So many characters each text begins with: the epoch in which it was written. */
const EPOCH = 16;

/**
 * Texts that no engine of this version has written, each made from one that it did write.
 *
 * @type {{ [what: string]: (text: string) => string }}
 */
const DAMAGE = {
  "is nonsense": () => "{nonsense",
  "is empty": () => "",
  "was cut in half": (text) => text.slice(0, text.length / 2),
  "has one character changed": (text) => {
    const at = Math.floor(text.length / 2);
    return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
  },
  "is of a newer version": (text) => `\u00fe${text.slice(1)}`,
  "is huge": () => "x".repeat(1_000_000),
  "has characters that are no bytes": (text) => text.replace(/.$/s, "\u4e2d"),
};

scene(
  "on a page that is not secure there are no locks: what tabs left behind is folded once they were silent for long, and counts once",
  async ({ site, open }) => {
    const start = Date.UTC(2026, 2, 2, 10);
    /** @param {number} minutes */
    const later = (minutes) => ({ before: [[clock, start + minutes * 60_000, false]] });
    const shop = site({
      config: counting(12),
      body,
      tag: granted,
      ...later(0),
      pages: { ...empty, "/soon": later(10), "/late": later(50), "/later": later(100) },
    });
    /** @param {string} where */
    const at = (where) => shop.url(where).replace(".localhost:", ".test:");
    const journals = () => Object.keys(localStorage).filter((key) => key.startsWith("tailorbird.t."));
    const tab = await open(at("/"));
    await tab.announced("ready");
    assert.equal(await tab.evaluate(() => isSecureContext && "locks" in navigator), false);
    await tab.evaluate(tracked, looks("boots", 5));
    const [left] = await tab.until(() => {
      const all = Object.keys(localStorage).filter((key) => key.startsWith("tailorbird.t."));
      return all.length > 0 && all;
    });
    await tab.goto(at("/soon"));
    await tab.until(() => window.tailorbird?.peek?.("hero").variant === "v5");
    await pause(3_000);
    assert.ok((await tab.evaluate(journals)).includes(left), "its tab may still live");
    await tab.evaluate(tracked, looks("tents", 3));
    // Two tabs find what was left at the same time, and both fold.
    await tab.goto(at("/late"));
    const other = await open(at("/late"));
    for (const each of [tab, other]) {
      await each.until(() => window.tailorbird?.peek?.("hero").variant === "v8");
      await each.until(
        (key) => localStorage.getItem("tailorbird.v1") !== null && localStorage.getItem(key) === null,
        left,
      );
    }
    await tab.evaluate(tracked, looks("boots", 1));
    await other.evaluate(tracked, looks("tents", 2));
    await tab.close();
    await other.close();
    const last = await open(at("/later"));
    await last.until(() => window.tailorbird?.peek?.("hero").variant === "v11");
  },
);

scene(
  "what is damaged or newer in storage is set aside, said once, and the visitor starts afresh",
  { timeout: 60_000 },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: granted, pages: empty });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(tracked, looks("boots"));
    await tab.goto(shop.url());
    await tab.until(() => localStorage.getItem("tailorbird.v1") !== null);
    const good = await tab.evaluate(() => Object.entries(localStorage));
    const profile = /** @type {[string, string]} */ (good.find(([key]) => key === "tailorbird.v1"))[1];
    const epoch = /** @type {[string, string]} */ (good.find(([key]) => key === "tailorbird.e"))[1];
    for (const [what, damage] of Object.entries(DAMAGE)) {
      await tab.goto(shop.url("/empty"));
      await tab.evaluate(
        (text, began) => {
          localStorage.clear();
          localStorage.setItem("tailorbird.e", began);
          localStorage.setItem("tailorbird.v1", text);
          localStorage.setItem("theme", "dark");
        },
        epoch + damage(profile.slice(EPOCH)),
        epoch,
      );
      await tab.goto(shop.url());
      await tab.announced("ready");
      await tab
        .until(() => window.seen.events.some((event) => event.name === "storage-reset"))
        .catch((error) => {
          throw new Error(`a profile that ${what}: ${error.message}`);
        });
      const state = await tab.evaluate(() => ({
        resets: window.seen.events.filter((event) => event.name === "storage-reset").length,
        variant: window.tailorbird.peek("hero").variant,
        theme: localStorage.getItem("theme"),
      }));
      assert.deepEqual(state, { resets: 1, variant: null, theme: "dark" }, `a profile that ${what}`);
      await tab.evaluate(tracked, looks("tents"));
      await tab.goto(shop.url());
      assert.equal((await tab.announced("decision")).variant, "tents", `after a profile that ${what}`);
      assert.equal(await tab.text("h1"), TENTS);
      assert.deepEqual(await tab.announcements("storage-reset"), [], `after a profile that ${what}`);
    }
  },
);

scene("a damaged journal of another tab costs that journal and not the profile", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, pages: empty });
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.goto(shop.url());
  await tab.until(() => localStorage.getItem("tailorbird.v1") !== null);
  await tab.goto(shop.url("/empty"));
  await tab.evaluate(() =>
    localStorage.setItem("tailorbird.t.00000000000000ff", `${localStorage.getItem("tailorbird.e")}\u0001broken`),
  );
  await tab.goto(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
  const reset = await tab.announced("storage-reset");
  assert.equal(typeof reset.reason, "string");
  await tab.until(() => localStorage.getItem("tailorbird.t.00000000000000ff") === null);
});

scene("five hundred kept journals of nonsense neither stop the page nor stay", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, pages: empty });
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(() => {
    const epoch = "0123456789abcdef";
    localStorage.setItem("tailorbird.e", epoch);
    for (let i = 0; i < 500; i += 1)
      localStorage.setItem(`tailorbird.t.${i.toString(16).padStart(16, "0")}`, epoch + "x".repeat(100));
  });
  await tab.goto(shop.url());
  await tab.started();
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(() => window.tailorbird.peek("hero").variant === "boots");
  assert.equal((await tab.announcements("storage-reset")).length, 1);
});
