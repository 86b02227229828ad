// Keys on the device that are not ours, however much they look like it: they neither count, nor are
// read, nor go.
import assert from "node:assert/strict";
import {rig} from "./rig/rig.mjs";
import {body, config, keptKeys, looks, queued, tracked} from "./outdoor.mjs";

const {scene} = await rig();

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const granted = {"data-consent": "granted"};
const empty = {"/empty": {tag: false, before: [], body: "<p>Nothing here.</p>"}, "/no": {tag: {"data-consent": "denied"}, before: []}};

/** Runs in the page. */
const store = (entries) => {
  for (const [key, text] of entries) localStorage.setItem(key, text);
};
const variant = () => window.tailorbird.peek("hero").variant;

/** Close to ours, and none of ours. */
const FOREIGN = [
  "tailorbird.theme-cache", "tailorbird", "tailorbird.", "tailorbird.v", "tailorbird.v2", "tailorbird.v10", "tailorbird.v1.backup", "tailorbird.t", "tailorbird.t.", "tailorbird.t.123", "tailorbird.t.0123456789ABCDEF",
  "tailorbird.t.0123456789abcdeg", "tailorbird.t.0123456789abcdef0", "tailorbird.t.0123456789abcdef.x", "tailorbird.e.x", "tailorbird.dd", "tailorbird.asides", "Tailorbird.v1", " tailorbird.v1", "tailorbird-north.theme", "tailorbirdx.v1", "theme",
];

scene("a large key of somebody else with our name in front neither takes our room nor goes", async ({site, open}) => {
  const shop = site({config: config(), body, tag: granted, pages: empty});
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(store, [["tailorbird.theme-cache", "x".repeat(60_000)]]);
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(() => Object.keys(localStorage).some((key) => /^tailorbird\.t\.[0-9a-f]{16}$/.test(key)));
  await tab.goto(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
  assert.deepEqual(await tab.announcements("storage-reset"), []);
  await tab.evaluate(() => window.tailorbird.consent({personalize: false}));
  await tab.until(() => localStorage.length === 1);
  assert.equal(await tab.evaluate(() => localStorage.getItem("tailorbird.theme-cache").length), 60_000);
});

scene("only keys of exactly our shapes go with a no, and only those are read", async ({site, open}) => {
  const shop = site({config: config(), body, tag: granted, pages: empty, before: [[queued, looks("boots")]]});
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(store, FOREIGN.map((key) => [key, `of ${key}`]));
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
  for (const key of FOREIGN) assert.equal(await tab.evaluate((name) => localStorage.getItem(name), key), `of ${key}`, key);
});

scene("a namespace has its own history, whatever the other one's name begins with", async ({site, open}) => {
  const named = (namespace, consent = "granted") => ({tag: {"data-consent": consent, "data-namespace": namespace}, before: []});
  const names = ["a", "a-b", "a_t", "a-t-v1", "ab", "A"];
  const pages = Object.fromEntries(names.flatMap((name) => [[`/${name}-yes`, named(name)], [`/${name}-no`, named(name, "denied")]]));
  const shop = site({config: config(), body, pages: {...pages, ...empty}});
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

scene("what lies under a namespace with a dot is nobody's, and such a name is refused with a warning", {todo: "a namespace is percent-encoded now; the scene expects a refusal", said: [/tailorbird.*namespace/is]}, async ({site, open}) => {
  const named = (namespace, consent = "granted") => ({tag: {"data-consent": consent, "data-namespace": namespace}, before: []});
  const refused = ["a.b", "a.t", "a b", "a/b", "\u00e4", "a\u0000", "a".repeat(200), "."];
  const theirs = [["tailorbird-a.b.v1", "theirs"], ["tailorbird-a.b.t.0123456789abcdef", "theirs"], ["tailorbird-a.t.v1", "theirs"], ["tailorbird-a.t.t.0123456789abcdef", "theirs"], ["tailorbird-a.b.d", "theirs"]];
  const pages = Object.fromEntries([["/a", named("a")], ["/a-no", named("a", "denied")], ...refused.flatMap((name, at) => [[`/yes-${at}`, named(name)], [`/no-${at}`, named(name, "denied")]])]);
  const shop = site({config: config(), body, pages: {...pages, ...empty}});
  const tab = await open(shop.url("/empty"));
  await tab.evaluate(store, theirs);
  await tab.goto(shop.url("/a"));
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(() => Object.keys(localStorage).some((key) => /^tailorbird-a\.t\.[0-9a-f]{16}$/.test(key)));
  await tab.goto(shop.url("/a"));
  assert.equal((await tab.announced("decision")).variant, "boots");
  await pause(200);
  assert.deepEqual(await tab.announcements("storage-reset"), [], "nothing of theirs was taken for ours");
  const left = () => Object.entries(localStorage).filter(([, text]) => text === "theirs").length;
  assert.equal(await tab.evaluate(left), theirs.length);

  for (const [at, name] of refused.entries()) {
    for (const word of ["yes", "no"]) {
      const before = (await tab.heard()).length;
      await tab.goto(shop.url(`/${word}-${at}`));
      await tab.started();
      await tab.evaluate(tracked, looks("tents", 5));
      await pause(120);
      const warnings = (await tab.heard()).slice(before).filter(({kind, text}) => kind === "warning" && /namespace/.test(text));
      assert.equal(warnings.length, 1, `${JSON.stringify(name)}, ${word}`);
      assert.equal(await tab.evaluate(left), theirs.length, `${JSON.stringify(name)}, ${word}`);
    }
  }
  await tab.goto(shop.url("/a"));
  assert.equal((await tab.announced("decision")).variant, "boots", "and a still has its own");
  await tab.goto(shop.url("/a-no"));
  await tab.announced("ready");
  await tab.until(() => !localStorage.getItem("tailorbird-a.v1"));
  assert.equal(await tab.evaluate(left), theirs.length, "a no in a is no word about them");
});
