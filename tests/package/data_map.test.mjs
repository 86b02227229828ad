/** The data map against the package: what a page may request is in the table of requests, or named as never requested. */

import assert from "node:assert/strict";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runTool } from "../tool.mjs";
import { root } from "./bundle.mjs";

/** In the map where they matter: adapters are bundled by the site and request nothing, the snippet stands in the page. */
const NOT_REQUESTED = ["openfeature.js", "react.js", "vue.js", "svelte.js", "boot.js"];

/** @param {string} map */
const requestsIn = (map) => {
  const [, section = ""] = map.split("\n## Network requests\n");
  const [network] = section.split("\n## ");
  return [...network.matchAll(/`([\w-]+\.(?:js|wasm))`/g)].map(([, name]) => name);
};

test("every script and wasm of the package is in the data map, and no file that is not there", async () => {
  const config = join(await mkdtemp(join(tmpdir(), "tailorbird-map-")), "site.json");
  await writeFile(config, '{ "version": 1 }');
  const named = new Set(requestsIn(runTool(["privacy", "--config", config])));
  const files = (await readdir(join(root, "dist"))).filter((name) => /\.(js|wasm)$/.test(name));
  assert.deepEqual([...named].sort(), files.filter((name) => !NOT_REQUESTED.includes(name)).sort());
});
