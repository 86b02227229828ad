/** The package in Node, where there is no page: importing is safe, and attributes alone decide. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./bundle.mjs";

const CONFIG = {
  version: 1,
  segments: [{ id: "pro", when: { plan: "pro" } }],
  slots: [
    {
      id: "hero",
      choose: [{ by: "segment" }],
      variants: [{ id: "tools", segment: "pro", content: { text: { h1: "Tools for every day" } } }],
    },
  ],
};

/**
 * Runs `body` in a process of its own with `start` in scope; answers with what it returns.
 *
 * @param {string} body
 * @param {string} [entry]
 */
const inNode = async (body, entry = "index.js") => {
  const script = `
    const { start } = await import(${JSON.stringify(join(root, "dist", entry))});
    const config = ${JSON.stringify(CONFIG)};
    const answer = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(answer));
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return { answer: JSON.parse(stdout), said: stderr };
};

test("attributes alone decide", async () => {
  const { answer, said } = await inNode(`
    const pro = await start({ config, attributes: { plan: "pro" } });
    const free = await start({ config, attributes: { plan: "free" } });
    return [pro.available, pro.decide("hero"), free.decide("hero"), pro.peek("unknown")];
  `);
  assert.equal(said, 'tailorbird: peek("unknown"): the config has no such slot\n');
  const [available, pro, free, unknown] = answer;
  assert.equal(available, true);
  assert.deepEqual([pro.slot, pro.variant, pro.level, pro.propensity], ["hero", "tools", "customized", 1]);
  assert.deepEqual([free.variant, free.level], [null, "standard"]);
  assert.equal(unknown, null);
});

test("importing touches nothing: no global appears, none is read that Node does not have", async () => {
  const { answer } = await inNode(`
    const { start: slim } = await import(${JSON.stringify(join(root, "dist/slim.js"))});
    return Object.getOwnPropertyNames(globalThis).filter(name => /tailorbird/i.test(name)).concat(typeof slim);
  `);
  assert.deepEqual(answer, ["function"]);
});

test("nothing is fetched and nothing keeps the process alive", async () => {
  const { answer } = await inNode(`
    globalThis.fetch = () => { throw new Error("fetched") };
    const tailorbird = await start({ config, consent: "granted" });
    tailorbird.track("view_item", { items: [{ item_id: "b-7" }] });
    return tailorbird.available;
  `);
  assert.equal(answer, true);
});

test("recommend() answers from the catalog, because no model is loaded, and from nothing with nothing", async () => {
  const { answer, said } = await inNode(`
    globalThis.fetch = () => { throw new Error("fetched") };
    const catalog = [{ item_id: "b-7", popularity: 0.2 }, { item_id: "t-1", popularity: 0.9 }];
    const shop = await start({ config: { version: 1, model: "/shop.tbm", catalog } });
    const popular = await shop.recommend({ kind: "popular", count: 1 });
    shop.stop();
    const none = await start({ config });
    return [popular.map(({ id }) => id), await shop.recommend(), await none.recommend()];
  `);
  assert.equal(said, "");
  assert.deepEqual(answer, [["t-1"], [], []]);
});

test("an option without a known value is left out, with a warning, also where it cannot be made a text", async () => {
  const { answer, said } = await inNode(`
    const odd = await start({ config, consent: Object.create(null), wait: Object.create(null) });
    return odd.available;
  `);
  assert.equal(answer, true);
  assert.equal(
    said,
    "tailorbird: consent={} is unknown, expected auto, granted, denied, session\ntailorbird: wait={} is unknown, expected hydration\n",
  );
});

test("a wrong config gives an object that does nothing, and its problems in one warning", async () => {
  const { answer, said } = await inNode(`
    const tailorbird = await start({ config: { version: 2, slots: [{ id: 7 }] } });
    tailorbird.track("view_item");
    tailorbird.push(["track", "view_item"]);
    tailorbird.on("decision", () => {})();
    const { available, decide, explain, profile, report } = tailorbird;
    return [available, decide("hero"), explain("hero"), profile(), report()];
  `);
  assert.deepEqual(answer, [
    false,
    {
      slot: "hero",
      variant: null,
      level: "standard",
      score: 0,
      propensity: 1,
      reasons: ["the engine is not available"],
    },
    null,
    {},
    { since: null, sessions: 0, slots: [], prompts: [], experiments: [] },
  ]);
  assert.match(said, /^tailorbird: the config is refused.*\n( {2}.*\n)+$/);
  assert.match(said, /^ {2}version is 2, expected 1$/m);
});

test("a config that failed to load or is not JSON makes the engine unavailable and throws nothing", async () => {
  const { answer } = await inNode(`
    console.warn = () => {};
    const circle = {};
    circle.circle = circle;
    const configs = ["/no-address-without-a-page.json", circle, { version: 1n }, []];
    const started = await Promise.all(configs.map(config => start({ config })));
    return started.map(({ available }) => available);
  `);
  assert.deepEqual(answer, [false, false, false, false]);
});

test("events, consent and erasing work, and stop ends them", async () => {
  const { answer } = await inNode(`
    const tailorbird = await start({ config });
    const heard = [];
    tailorbird.on("consent", ({ source }) => heard.push(source));
    tailorbird.consent({ personalize: true });
    tailorbird.push(["attributes", { plan: "pro" }], ["track", "view_item", { items: [{ item_id: "b-7" }] }]);
    const before = [tailorbird.decide("hero").variant, Object.keys(tailorbird.profile().attributes.visitor.events).length];
    tailorbird.erase();
    const after = Object.keys(tailorbird.profile().attributes.visitor.events).length;
    tailorbird.stop();
    tailorbird.consent({ personalize: false });
    return [before, after, heard.length, tailorbird.available, tailorbird.decide("hero").variant];
  `);
  assert.deepEqual(answer, [["tools", 1], 0, 1, false, null]);
});

test("there is no position on a server", async () => {
  const { answer, said } = await inNode(`
    const areas = [{ id: "bern", latitude: 46.948, longitude: 7.447, radius: 500 }];
    const one = await start({ config: { ...config, site: { areas } }, consent: "granted" });
    const none = await start({ config: { version: 2 } });
    return [(await one.locate()) ?? "unknown", (await none.locate()) ?? "unknown", one.available, none.available];
  `);
  assert.deepEqual(answer, ["unknown", "unknown", true, false]);
  assert.doesNotMatch(said, /locate/);
});

test("two engines in one process, as on a server, know nothing of each other", async () => {
  const { answer } = await inNode(`
    const [one, other] = await Promise.all([start({ config }), start({ config })]);
    const heard = [];
    one.on("consent", () => heard.push("one"));
    other.on("consent", () => heard.push("other"));
    one.consent({ personalize: true });
    one.attributes({ plan: "pro" });
    one.track("view_item", { items: [{ item_id: "b-7" }] });
    return [heard, one.decide("hero").variant, other.decide("hero").variant, Object.keys(other.profile().attributes.visitor.events).length];
  `);
  assert.deepEqual(answer, [["one"], "tools", null, 0]);
});

test("slim takes the bytes of the wasm", async () => {
  const wasm = JSON.stringify(join(root, "dist/tailorbird_bg.wasm"));
  const { answer } = await inNode(
    `
    const { readFile } = await import("node:fs/promises");
    const good = await start({ config, wasm: await readFile(${wasm}), attributes: { plan: "pro" } });
    return [good.available, good.decide("hero").variant];
  `,
    "slim.js",
  );
  assert.deepEqual(answer, [true, "tools"]);
  const { answer: bad } = await inNode(
    `return [(await start({ config, wasm: new Uint8Array(8) })).available, (await start()).available]`,
    "slim.js",
  );
  assert.deepEqual(bad, [false, false]);
});

test("the tag keeps the page waiting for nothing: it is compiled and started after its own task", async () => {
  const { runTag } = await import("./tag.mjs");
  const { atOnce, announced } = await runTag(await readFile(join(root, "dist/tailorbird.js"), "utf8"));
  assert.deepEqual([atOnce, announced], [[], ["tailorbird:ready"]]);
});
