// Pages with plots: `tailorbird report --html`, as a site's owner opens it. `report.html` of a model is made the same way.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../tool.mjs";
import { rig } from "./rig/rig.mjs";
import { violations } from "./axe.mjs";

const { scene } = await rig();

/** @param {string} variation @param {number} outcome */
const report = (variation, outcome) => ({
  schema: 1,
  experiment: "<hero> `test`",
  variation,
  outcomes: 3,
  outcome,
  epsilon: 2,
  day: "2026-03-09",
});

const folder = mkdtempSync(join(tmpdir(), "tailorbird-"));
const lines = ["control", "שלום"].flatMap((variation) =>
  Array.from({ length: 600 }, (_, place) => JSON.stringify(report(variation, place % 3))),
);
writeFileSync(join(folder, "reports.ndjson"), lines.join("\n"));
runTool(["report", "--in", join(folder, "reports.ndjson"), "--html", join(folder, "reports.html")]);
const made = readFileSync(join(folder, "reports.html"), "utf8");

for (const direction of ["ltr", "rtl"]) {
  scene(`a page with plots has no barrier and does not scroll sideways on a phone, ${direction}`, async (stage) => {
    // Its own policy forbids the scripts by which it is judged.
    const judged = made
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>\n/, "")
      .replace("<html lang", `<html dir="${direction}" lang`);
    assert.equal(judged.includes("Content-Security-Policy"), false);
    const files = { "/reports.html": { type: "text/html; charset=utf-8", body: judged } };
    const page = stage.site({ files, body: "" });
    const tab = await stage.open(page.url("/reports.html"));
    await tab.viewport(320, 640);
    assert.equal(await tab.evaluate(() => document.scripts.length), 0);
    assert.equal(await tab.evaluate(() => document.querySelectorAll("svg[role=img] > title").length), 4);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    assert.deepEqual(await violations(tab, "html"), []);
  });
}
