/** The list of wrong versions speaks of the evaluator as it is; `npm run mutations` makes them. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { MUTATIONS } from "../../scripts/mutations/list.mjs";
import { root } from "../package/bundle.mjs";

test("what each wrong version replaces stands in its file, once", async () => {
  assert.ok(MUTATIONS.length >= 30);
  for (const { file, wrong, from } of MUTATIONS) {
    const times = (await readFile(join(root, file), "utf8")).split(from).length - 1;
    assert.equal(times, 1, `${file}, ${wrong}: ${from}`);
  }
});
