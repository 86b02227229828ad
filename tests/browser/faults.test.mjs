// The walk of ten faults: somebody who knows nothing of the project opens the inspector, and the pane where they look
// says the cause in one sentence.
import assert from "node:assert/strict";
import test from "node:test";
import { read } from "../docs/snippets.mjs";
import { FAULTS, look, pageOf } from "./faults.mjs";
import { inspect, says } from "./inspector_page.mjs";
import { rig } from "./rig/rig.mjs";

const { scene } = await rig();

for (const fault of FAULTS) {
  scene(`${fault.fault}: the pane ${fault.pane} says so`, { said: fault.said ?? [] }, async ({ site, open }) => {
    const shop = site(pageOf(fault));
    const tab = await open(shop.url(fault.where));
    await tab.announced("ready");
    await fault.happens?.(tab, (path) => open(shop.url(path)));
    await inspect(tab);
    await look(tab, fault);
    await says(tab, fault.sentence);
  });
}

test("the page about the inspector has the same table", () => {
  const rows = read("docs/inspector.md")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, seen, pane, sentence]) => [seen, pane, sentence]);
  for (const { seen, pane, sentence } of FAULTS) {
    assert.ok(
      rows.some((row) => row[0] === seen && row[1] === pane && row[2]?.includes(sentence.split(/(?<=\.) /)[0] ?? "")),
      `${seen} | ${pane} | ${sentence}`,
    );
  }
});
