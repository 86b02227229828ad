/** Our own engine before the judge: fresh cases, played natively and in wasm. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { conformance } from "../conformance.mjs";
import { write } from "./write.mjs";

/** @import { Json } from "./types.js" */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * How many of a file's cases come out natively as they say, and a line for each that does not.
 *
 * @param {string} path
 */
const natively = (path) =>
  new Promise((done, failed) => {
    const env = { ...process.env, GROWTHBOOK_CASES: path };
    const test = ["test", "--test", "growthbook", "--", "--nocapture"];
    execFile("cargo", test, { cwd: root, env, maxBuffer: 1 << 28 }, (_, stdout, stderr) => {
      const count = /^(\d+) passed, \d+ failed$/m.exec(stdout);
      // A case that comes out otherwise makes the test fail as well; without a count there was no test.
      if (!count) return failed(new Error(stderr));
      done({ passed: Number(count[1]), failures: stdout.match(/^\w+\[\d+\] .*$/gm) ?? [] });
    });
  });

/**
 * Holds our engine against the cases that `make` makes of each seed.
 *
 * @param {number[]} seeds
 * @param {(seed: number) => Promise<Json>} make
 */
export const checkOurs = async (seeds, make) => {
  const folder = await mkdtemp(join(tmpdir(), "oracle-"));
  let [passed, failed] = [0, 0];
  try {
    for (const seed of seeds) {
      const began = Date.now();
      const text = write(await make(seed));
      const path = join(folder, `${seed}.json`);
      await writeFile(path, text);
      const native = await natively(path);
      const wasm = await conformance([JSON.parse(text)]);
      for (const line of native.failures) console.log(`natively ${line}`);
      for (const { section, index, name, problem } of wasm.failures)
        console.log(`in wasm  ${section}[${index}] ${name}: ${problem}`);
      const wrong = native.failures.length + wasm.failures.length;
      const said = `${native.passed} natively, ${wasm.passed} in wasm, ${wrong} failed`;
      console.log(`seed ${String(seed).padStart(4)}: ${said} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      passed += native.passed + wasm.passed;
      failed += wrong;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed == 0 ? 1 : 0;
};
