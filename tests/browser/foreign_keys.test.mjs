// Keys on the device that are not ours, however much they look like it: they neither count, nor are
// read, nor go.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, config, keptKeys, looks, queued, tracked } from "./outdoor.mjs";

/** @import { PageSpec } from "./rig/types.js" */

const { scene } = await rig();

const granted = { "data-consent": "granted" };
const empty = {
  "/empty": { tag: false, before: [], body: "<p>Nothing here.</p>" },
  "/no": { tag: { "data-consent": "denied" }, before: [] },
};

/**
 * Runs in the page.
 *
 * @param {[key: string, text: string][]} entries
 */
const store = (entries) => {
  for (const [key, text] of entries) localStorage.setItem(key, text);
};
const variant = () => window.tailorbird.peek("hero").variant;

/** Close to ours, and none of ours. */
const FOREIGN = [
  "tailorbird.theme-cache",
  "tailorbird",
  "tailorbird.",
  "tailorbird.v",
  "tailorbird.v2",
  "tailorbird.v10",
  "tailorbird.v1.backup",
  "tailorbird.t",
  "tailorbird.t.",
  "tailorbird.t.123",
  "tailorbird.t.0123456789ABCDEF",
  "tailorbird.t.0123456789abcdeg",
  "tailorbird.t.0123456789abcdef0",
  "tailorbird.t.0123456789abcdef.x",
  "tailorbird.e.x",
  "tailorbird.dd",
  "tailorbird.asides",
  "Tailorbird.v1",
  " tailorbird.v1",
  "tailorbird-north.theme",
  "tailorbirdx.v1",
  "theme",
];

scene("a large key of somebody else with our name in front neither takes our room nor goes", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, pages: empty });
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(store, [["tailorbird.theme-cache", "x".repeat(60_000)]]);
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(() => Object.keys(localStorage).some((key) => /^tailorbird\.t\.[0-9a-f]{16}$/.test(key)));
  await tab.goto(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
  assert.deepEqual(await tab.announcements("storage-reset"), []);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  await tab.until(() => localStorage.length === 1);
  assert.equal(await tab.evaluate(() => localStorage.getItem("tailorbird.theme-cache")?.length), 60_000);
});

scene("only keys of exactly our shapes go with a no, and only those are read", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, pages: empty, before: [[queued, looks("boots")]] });
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(
    store,
    FOREIGN.map((key) => [key, `of ${key}`]),
  );
  await tab.goto(shop.url());
  await tab.announced("decision");
  await pause(300);
  assert.deepEqual(await tab.announcements("storage-reset"), [], "none of them was taken for damaged");
  await tab.evaluate(() => window.tailorbird.erase());
  await pause(300);
  await tab.goto(shop.url("/no"));
  await tab.announced("ready");
  await tab.until((count) => localStorage.length === count, FOREIGN.length);
  assert.deepEqual(await tab.evaluate(keptKeys), [...FOREIGN].sort());
  for (const key of FOREIGN)
    assert.equal(await tab.evaluate((name) => localStorage.getItem(name), key), `of ${key}`, key);
});

scene("a namespace has its own history, whatever the other one's name begins with", async ({ site, open }) => {
  /** @type {(namespace: string, consent?: string) => PageSpec} */
  const named = (namespace, consent = "granted") => ({
    tag: { "data-consent": consent, "data-namespace": namespace },
    before: [],
  });
  const names = ["a", "a-b", "a_t", "a-t-v1", "ab", "A"];
  const pages = Object.fromEntries(
    names.flatMap((name) => [
      [`/${name}-yes`, named(name)],
      [`/${name}-no`, named(name, "denied")],
    ]),
  );
  const shop = site({ config: config(), body, pages: { ...pages, ...empty } });
  const tab = await open();
  for (const name of names) {
    await tab.goto(shop.url(`/${name}-yes`));
    await tab.announced("ready");
    assert.equal(await tab.evaluate(variant), null, `${name} knows nothing yet`);
    await tab.evaluate(tracked, looks("boots"));
    await tab.until((prefix) => Object.keys(localStorage).some((key) => key.startsWith(prefix)), `tailorbird-${name}.`);
  }
  await tab.goto(shop.url("/a-no"));
  await tab.announced("ready");
  await tab.until(() => Object.keys(localStorage).every((key) => !key.startsWith("tailorbird-a.")));
  for (const name of names) {
    await tab.goto(shop.url(`/${name}-yes`));
    await tab.announced("ready");
    await pause(100);
    assert.equal(await tab.evaluate(variant), name === "a" ? null : "boots", `${name} after a no in a`);
    assert.deepEqual(await tab.announcements("storage-reset"), [], name);
  }
});

/**
 * What our keys begin with in a namespace.
 *
 * @param {string} namespace
 */
const prefixOf = (namespace) => {
  const encoded = encodeURIComponent(namespace).replace(
    /[.!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `tailorbird-${encoded}.`;
};

scene("a namespace may have any name, and what others store under that name stays theirs", async ({ site, open }) => {
  /** @type {(namespace: string, consent?: string) => PageSpec} */
  const named = (namespace, consent = "granted") => ({
    tag: { "data-consent": consent, "data-namespace": namespace },
    before: [],
  });
  const names = ["a", "a.b", "a.t", "a%2Eb", "a b", "a/b", "\u00e4", "a".repeat(200), ".", "%"];
  const theirs = [
    "tailorbird-a.b.v1",
    "tailorbird-a.b.e",
    "tailorbird-a.b.t.0123456789abcdef",
    "tailorbird-a.t.v1",
    "tailorbird-a.t.t.0123456789abcdef",
    "tailorbird-a.b.d",
    "tailorbird-a b.v1",
    "tailorbird-\u00e4.v1",
    "tailorbird-..v1",
  ];
  const pages = Object.fromEntries(
    names.flatMap((name, at) => [
      [`/yes-${at}`, named(name)],
      [`/no-${at}`, named(name, "denied")],
    ]),
  );
  const shop = site({ config: config(), body, pages: { ...pages, ...empty } });
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(
    store,
    theirs.map((key) => [key, "theirs"]),
  );
  /** @param {string} prefix */
  const ours = (prefix) =>
    Object.keys(localStorage).filter((key) => key.startsWith(prefix) && localStorage.getItem(key) !== "theirs").length;
  const left = () => Object.values(localStorage).filter((text) => text === "theirs").length;

  for (const [at, name] of names.entries()) {
    const what = JSON.stringify(name);
    await tab.goto(shop.url(`/yes-${at}`));
    await tab.announced("ready");
    assert.equal(await tab.evaluate(variant), null, `${what} knows nothing yet`);
    await tab.evaluate(tracked, looks("boots"));
    await tab.until((prefix) => Object.keys(localStorage).some((key) => key.startsWith(`${prefix}t.`)), prefixOf(name));
    await tab.goto(shop.url(`/yes-${at}`));
    assert.equal((await tab.announced("decision")).variant, "boots", what);
    assert.deepEqual(await tab.announcements("storage-reset"), [], `${what} took nothing of theirs for its own`);
    assert.equal(await tab.evaluate(left), theirs.length, what);
  }
  for (const [at, name] of names.entries()) {
    const what = JSON.stringify(name);
    await tab.goto(shop.url(`/no-${at}`));
    await tab.announced("ready");
    await tab.until(
      (prefix) =>
        Object.keys(localStorage).every((key) => !key.startsWith(prefix) || localStorage.getItem(key) === "theirs"),
      prefixOf(name),
    );
    for (const other of names.slice(at + 1))
      assert.ok(await tab.evaluate(ours, prefixOf(other)), `${JSON.stringify(other)} after a no in ${what}`);
    assert.equal(await tab.evaluate(left), theirs.length, what);
  }
});
