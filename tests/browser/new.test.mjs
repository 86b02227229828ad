// What `tailorbird new` writes and prints, on a page that is made of it by its own words.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTool } from "../tool.mjs";
import { rig } from "./rig/rig.mjs";

const { scene } = await rig();

const folder = mkdtempSync(path.join(tmpdir(), "tailorbird-new-"));
const file = path.join(folder, "tailorbird.json");
const printed = runTool(["new", "--yes", "--kind", "shop", "--consent", "granted", "--out", file]);
const config = JSON.parse(readFileSync(file, "utf8"));
rmSync(folder, { recursive: true });

/** @param {RegExp} pattern */
const found = (pattern) => [...printed.matchAll(pattern)].map(([text]) => text.trim());

scene("a page made of what new prints shows what the config promises", async ({ site, open }) => {
  const [tag, ...others] = found(/^ *<script .*$/gm);
  const slots = found(/^ *<.*data-tb-slot.*$/gm);
  const [event] = found(/window\.dataLayer[^]*?^ *\}\);$/gm);
  assert.deepEqual([others.length, slots.length], [0, 3]);
  const shop = site({ config, tag: false, head: tag, body: slots.join("\n") });
  const tab = await open(shop.url());
  await tab.announced("ready");
  assert.deepEqual([await tab.text("h1"), await tab.text("p")], ["Your heading", "A line of text"]);
  // The button is in an experiment, so it is one of both.
  assert.match(/** @type {string} */ (await tab.text("a")), /^(Your button|See what is new)$/);

  /** @param {string} source */
  const run = (source) => tab.evaluate((text) => void window.eval(text), source);
  const put = event.replace("view_item", "add_to_cart");
  await run(`${event}\n${event}\n${event}`);
  await tab.until(() => document.querySelector("h1")?.textContent === "New for you: shoes");
  await run(put);
  const below = "Your basket: €20.00. Free delivery from 50 EUR";
  await tab.until((text) => document.querySelector("p")?.textContent === text, below);
  // What has changed while it is in view stays so until the next page.
  await run(`${put}\n${put}`);
  await tab.goto(shop.url());
  await tab.until(() => document.querySelector("p")?.textContent === "Your delivery is free");
});
