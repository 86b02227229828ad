// A site model that is split by category: which of its files a page loads, and what the visitor sees where one is
// missing, damaged or slow.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { runTool } from "../tool.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Answer, SceneTools, Tab } from "./rig/types.js" */

const { scene } = await rig();

/**
 * Visitors look at six boots one after the other, or at two tents; many see two other boots, and nothing else. So what
 * goes with the first of the six by rules, which are of what was looked at right after, and then of what was after that,
 * are the next two; after them comes what is popular.
 */
const SEEN = [["b-1", "b-2", "b-3", "b-4", "b-5", "b-6"], ["t-1", "t-2"], ["b-7"], ["b-7"], ["b-8"]];
const BY_SESSIONS = ["b-2", "b-3", "b-4", "b-5", "b-6"];
const BY_RULES = ["b-2", "b-3", "b-7", "b-4", "b-5"];

/** The files that `train` writes, by path. */
const trained = () => {
  const folder = mkdtempSync(join(tmpdir(), "tailorbird-split-"));
  try {
    const rows = Array.from({ length: 100 }, (_, session) =>
      (SEEN[session % SEEN.length] ?? []).map((id, step) => {
        const category = id.startsWith("b") ? "boots" : "tents";
        return `${session},${id},${session * 1_000 + step},${category}\n`;
      }),
    );
    const sessions = join(folder, "sessions.csv");
    writeFileSync(sessions, `SessionId,ItemId,Time,Category\n${rows.flat().join("")}`);
    runTool(["train", "--sessions", sessions, "--out", join(folder, "site.tbm"), "--shard-above", "0"]);
    const names = ["site.tbm", "site.boots.tbm", "site.tents.tbm"];
    return names.map((name) => /** @type {const} */ ([`/models/${name}`, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const BYTES = Object.fromEntries(trained());
/** @type {{ [path: string]: Answer }} */
const FILES = Object.fromEntries(
  Object.entries(BYTES).map(([path, body]) => [path, { type: "application/octet-stream", body }]),
);
const [MODEL, BOOTS] = ["/models/site.tbm", "/models/site.boots.tbm"];

const catalog = SEEN.flat().map((id) => ({ item_id: id, item_name: id }));
const config = {
  version: 1,
  model: `${MODEL}?day=7`,
  catalog: [...new Map(catalog.map((item) => [item.item_id, item])).values()],
  slots: [{ id: "similar", choose: [{ by: "recommend", kind: "similar", count: 5, diversity: 0 }] }],
};
const body = `<section data-tb-slot="similar"><ul><li>Sent</li><template data-tb-item><li>{{ item_id }}</li></template></ul></section>`;

/** Runs in the page before the tag. */
const looksAt = (/** @type {string} */ id) => {
  window.tailorbird = window.tailorbird || [];
  window.tailorbird.push(["track", "view_item", { items: [{ item_id: id }] }]);
};
/** Runs in the page: what is seen in the shelf. */
const shelf = () =>
  [...document.querySelectorAll("section li")]
    .filter((item) => item.getClientRects().length > 0)
    .map((item) => item.textContent);

/**
 * A page about the first boots.
 *
 * @param {SceneTools} tools
 * @param {{ [path: string]: Answer }} [files]
 */
const opened = async ({ site, open }, files = {}) => {
  const before = [/** @type {const} */ ([looksAt, "b-1"])];
  const shop = site({ config, body, before, tag: { "data-consent": "granted" }, files: { ...FILES, ...files } });
  const tab = await open(shop.url());
  await tab.started();
  const ofModel = () => shop.requests.filter(({ path }) => path.startsWith("/models/"));
  return { tab, loaded: () => ofModel().map(({ path, query }) => path + query) };
};

/**
 * @param {Tab} tab
 * @param {readonly string[]} wanted
 */
const shows = async (tab, wanted) => {
  for (let tries = 0; tries < 60 && String(await tab.evaluate(shelf)) !== String(wanted); tries += 1) await pause(100);
  assert.deepEqual(await tab.evaluate(shelf), wanted);
};

scene("a page loads the file of the category that it is about, once, and no other", async (tools) => {
  const { tab, loaded } = await opened(tools);
  await shows(tab, BY_SESSIONS);
  const again = await tab.evaluate(() => window.tailorbird.recommend({ kind: "for-you", count: 1 }));
  assert.equal(again.length, 1);
  assert.deepEqual(loaded(), [`${MODEL}?day=7`, `${BOOTS}?day=7`], "beside the model, with its query");
});

scene(
  "a page that is about no item asks for no category, whatever the visitor has looked at",
  async ({ site, open }) => {
    const shop = site({
      config,
      body,
      before: [/** @type {const} */ ([looksAt, "b-1"])],
      tag: { "data-consent": "granted" },
      files: FILES,
      pages: { "/home": { body: "<h1>Home</h1>", before: [] } },
    });
    const tab = await open(shop.url());
    await tab.started();
    await shows(tab, BY_SESSIONS);
    await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t.")));
    const before = shop.requests.length;
    await tab.goto(shop.url("/home"));
    await tab.started();
    const ids = await tab.evaluate(async () => {
      const items = await window.tailorbird.recommend({ kind: "for-you", count: 5, diversity: 0 });
      return items.map(({ id }) => id);
    });
    assert.ok(ids.length > 0, "what the first file knows");
    const asked = shop.requests.slice(before).map(({ path }) => path);
    assert.deepEqual(
      asked.filter((path) => path.startsWith("/models/site.") && path !== MODEL),
      [],
    );
  },
);

const damaged = Uint8Array.from(BYTES[BOOTS] ?? [], (byte, at) => (at === 40 ? byte ^ 1 : byte));
/** @type {{ [what: string]: { answer: Answer, says: RegExp } }} */
const WITHOUT = {
  missing: {
    answer: { status: 404, type: "text/plain", body: "not here" },
    says: /^tailorbird: the site model is used without http:\S+\/models\/site\.boots\.tbm\?day=7: could not load \S+ \(404\)$/,
  },
  damaged: {
    answer: { type: "application/octet-stream", body: damaged },
    says: /^tailorbird: the site model is used without \S+: it is not the file that the model lists$/,
  },
};
for (const [what, { answer, says }] of Object.entries(WITHOUT)) {
  const said = [says, /404|Failed to load|not found/i];
  scene(
    `where the file is ${what} the rest of the model answers, and one warning says why`,
    { said },
    async (tools) => {
      const { tab, loaded } = await opened(tools, { [BOOTS]: answer });
      await shows(tab, BY_RULES);
      await tab.evaluate(() => window.tailorbird.recommend({ kind: "for-you" }));
      assert.equal(loaded().length, 2, "it is not asked for again");
      const heard = (await tab.heard()).filter(({ text }) => text.startsWith("tailorbird: "));
      assert.equal(heard.length, 1);
      assert.match(String(heard[0]?.text), says);
    },
  );
}

scene("what a visitor sees is not replaced where the file comes late", async (tools) => {
  const { tab } = await opened(tools, { [BOOTS]: { ...FILES[BOOTS], delay: 5_000 } });
  await pause(500);
  assert.deepEqual(await tab.evaluate(shelf), ["Sent"], "for a moment the file is waited for");
  await shows(tab, BY_RULES);
  /** Once the file is there, other questions are answered by it. */
  const all = () => window.tailorbird.recommend({ kind: "for-you", count: 6, diversity: 0 });
  const has = async () => (await tab.evaluate(all)).some(({ id }) => id === "b-6");
  for (let tries = 0; tries < 30 && !(await has()); tries += 1) {
    await pause(300);
    await tab.evaluate(looksAt, "b-1");
  }
  assert.ok(await has());
  assert.deepEqual(await tab.evaluate(shelf), BY_RULES);
});
