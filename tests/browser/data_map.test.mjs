// The data map as HTML: `tailorbird privacy --html`, as a privacy officer opens it.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runTool } from "../tool.mjs";
import { rig } from "./rig/rig.mjs";
import { violations } from "./axe.mjs";

const { scene } = await rig();

const shop = fileURLToPath(new URL("../../www/shop/tailorbird.json", import.meta.url));
const map = runTool(["privacy", "--config", shop, "--html"]);

scene("the data map has no barrier, no script, and does not scroll sideways on a phone", async ({ site, open }) => {
  // Its own policy forbids the scripts by which it is judged.
  const judged = map.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>\n/, "");
  assert.notEqual(judged, map);
  const files = { "/map.html": { type: "text/html; charset=utf-8", body: judged } };
  const page = site({ files, body: "" });
  const tab = await open(page.url("/map.html"));
  await tab.viewport(320, 640);
  assert.equal(await tab.evaluate(() => document.scripts.length), 0);
  assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
  assert.deepEqual(await violations(tab, "html"), []);
});
