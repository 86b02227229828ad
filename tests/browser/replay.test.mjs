// Same input, same decision, to the last bit: recorded visits played event by event through the
// built script-tag file, beside the same visits in the native tool.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { runTool } from "../tool.mjs";
import { rig } from "./rig/rig.mjs";
import { ROOT } from "./rig/site.mjs";
import { clock, entropy } from "./rig/before.mjs";

const { scene } = await rig();

/** @import { Attributes } from "../../www/loader/types.js" */

/**
 * @typedef {Map<string, { [column: string]: string }[]>} Sessions
 * @typedef {{ slot: string, variant: string | null, level: string, score: number, propensity: number }} Told
 */

const CONFIG = path.join(ROOT, "tests/replay/config.json");
const RECORDED = path.resolve(ROOT, "../shared/data/sessions_rsc15/test.csv");
const OWN = path.join(ROOT, "tests/replay/sessions.csv");
const SESSIONS = 40;

const folder = mkdtempSync(path.join(os.tmpdir(), "tailorbird-replay-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The 64-bit FNV-1a hash of a text, as the eight bytes of a little-endian number.
 *
 * @param {string} text
 */
const seedOf = (text) => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, "utf8")) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return Array.from({ length: 8 }, (_, i) => Number((hash >> BigInt(8 * i)) & 0xffn));
};

/**
 * Seconds with decimals, as text, to whole milliseconds: no detour over a binary fraction.
 *
 * @param {string} seconds
 */
const msOf = (seconds) => {
  const [whole, fraction = ""] = seconds.trim().split(".");
  const digits = `${fraction}0000`;
  return Number(whole) * 1_000 + Number(digits.slice(0, 3)) + (Number(digits[3]) >= 5 ? 1 : 0);
};

/**
 * The rows of a file by session, in the order in which they stand.
 *
 * @param {string} file
 */
const sessionsOf = (file) => {
  const [head, ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  /** @type {Sessions} */
  const sessions = new Map();
  for (const line of lines) {
    const cells = line.split(",");
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    sessions.set(row.SessionId, [...(sessions.get(row.SessionId) ?? []), { ...row, line }]);
  }
  return { head, sessions };
};

/**
 * Sessions with enough events for every strategy to be reached, spread over the whole file.
 *
 * @param {Sessions} sessions
 */
const chosen = (sessions) => {
  const long = [...sessions].filter(([, rows]) => rows.length >= 4);
  const pool = long.length >= SESSIONS ? long : [...sessions];
  const stride = Math.max(1, Math.floor(pool.length / SESSIONS));
  return pool.filter((_, i) => i % stride === 0).slice(0, SESSIONS);
};

/**
 * What the native tool decides, by session, in order.
 *
 * @param {string} file
 */
const nativeTruth = (file) => {
  const trace = path.join(folder, "trace.jsonl");
  runTool(["replay", "--config", CONFIG, "--sessions", file, "--trace", trace]);
  /** @type {Map<string, { decisions: Told[], prompts: string[] }>} */
  const truth = new Map();
  for (const line of readFileSync(trace, "utf8").trim().split("\n")) {
    const told = JSON.parse(line);
    const session = String(told.session);
    const known = truth.get(session) ?? { decisions: [], prompts: [] };
    truth.set(session, known);
    if (told.prompt !== undefined) known.prompts.push(told.prompt);
    else known.decisions.push(told);
  }
  return truth;
};

/**
 * Runs in the page: the whole session up to the moment before the pointer leaves.
 *
 * @param {readonly { at: number, name: string, params: Attributes }[]} events
 * @param {readonly string[]} slots
 */
const play = (events, slots) => {
  const decisions = [];
  for (const { at, name, params } of events) {
    window.clock.set(at);
    window.tailorbird.track(name, params);
    for (const slot of slots) {
      const { variant, level, score, propensity } = window.tailorbird.decide(slot);
      decisions.push({ slot, variant, level, score: String(score), propensity: String(propensity) });
    }
  }
  return decisions;
};

/**
 * Runs in the page: the pointer goes out through the top, at a moment of the test's choosing.
 *
 * @param {number} at
 */
const exitTop = (at) => {
  window.clock.set(at);
  const about = { bubbles: true, cancelable: true, view: window, clientX: 300, clientY: -3, relatedTarget: null };
  document.documentElement.dispatchEvent(
    new PointerEvent("pointerout", { ...about, pointerType: "mouse", isPrimary: true }),
  );
  document.documentElement.dispatchEvent(new MouseEvent("mouseout", about));
};

scene(
  "recorded visits are decided in the browser as natively, to the last bit of the score",
  { timeout: 240_000 },
  async ({ site, open }) => {
    const source = existsSync(RECORDED) ? RECORDED : OWN;
    const { head, sessions } = sessionsOf(source);
    const visits = chosen(sessions);
    assert.ok(visits.length >= 25, `${visits.length} sessions in ${source}`);
    const part = path.join(folder, "sessions.csv");
    writeFileSync(part, `${[head, ...visits.flatMap(([, rows]) => rows.map(({ line }) => line))].join("\n")}\n`);
    const truth = nativeTruth(part);
    const text = readFileSync(CONFIG, "utf8");
    const slots = JSON.parse(text).slots.map((/** @type {{ id: string }} */ { id }) => id);

    /** @type {{ [level: string]: number }} */
    const levels = {};
    const variants = new Set();
    let prompts = 0;
    let compared = 0;
    const tab = await open();
    await tab.front();
    for (const [session, rows] of visits) {
      const events = rows.map((row) => ({
        at: msOf(row.Time),
        name: row.Event || "view_item",
        params: {
          items: [
            {
              item_id: row.ItemId,
              item_category: row.Category || `c${BigInt(row.ItemId) % 16n}`,
              ...(row.Price ? { price: Number(row.Price) } : {}),
            },
          ],
        },
      }));
      // A site of its own for each session: a new visitor, with nothing kept.
      const visit = site({
        config: text,
        body: "<h1>A page</h1>",
        tag: { "data-consent": "granted" },
        before: [
          [clock, events[0].at, true],
          [entropy, seedOf(session)],
        ],
      });
      await tab.goto(visit.url());
      await tab.announced("ready");
      const decided = await tab.evaluate(play, events, slots);
      const native = truth.get(session) ?? { decisions: [], prompts: [] };
      const expected = native.decisions.map(({ slot, variant, level, score, propensity }) => ({
        slot,
        variant,
        level,
        score: String(score),
        propensity: String(propensity),
      }));
      assert.deepEqual(decided, expected, `session ${session}`);
      for (const { level, variant } of decided) {
        compared += 1;
        levels[level] = (levels[level] ?? 0) + 1;
        if (variant !== null) variants.add(variant);
      }
      await tab.move(300, 200);
      await tab.move(300, 20);
      await tab.evaluate(exitTop, events[events.length - 1].at + 1_000);
      // The page waits 150 ms for the pointer to come back.
      await new Promise((resolve) => setTimeout(resolve, native.prompts.length > 0 ? 50 : 260));
      if (native.prompts.length > 0) await tab.announced("prompt");
      const asked = (await tab.announcements("prompt"))
        .filter(({ outcome }) => outcome === "shown")
        .map(({ prompt }) => prompt);
      assert.deepEqual(asked, native.prompts, `prompts of session ${session}`);
      prompts += asked.length;
    }
    const above = 1 - (levels.standard ?? 0) / compared;
    const told = `${compared} decisions, ${JSON.stringify(levels)}, ${variants.size} variants, ${prompts} prompts`;
    assert.ok(above >= 0.3, told);
    assert.ok(variants.size >= 5, told);
    assert.ok(prompts >= 5, told);
  },
);
