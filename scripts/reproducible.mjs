/**
 * Builds twice, in two folders with target directories of their own, and compares what comes out:
 * `npm run reproducible`. Exits 1 when a byte differs.
 */

import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The files of the tree: tracked, or new and not ignored. */
const sources = async () => {
  const { stdout } = await promisify(execFile)(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: root, maxBuffer: 1 << 26 },
  );
  return [...new Set(stdout.split("\0").filter(Boolean))];
};

/**
 * @param {readonly string[]} files
 * @param {string} folder
 */
const copy = async (files, folder) => {
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // A file that was removed and not yet committed is still listed.
    await cp(join(root, file), join(folder, file)).catch((error) => {
      if (error.code != "ENOENT") throw error;
    });
  }
  // What npm installed is the same by the lock file; where it lies must not matter.
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "dir");
};

/**
 * @param {string} folder
 * @param {string} target
 * @returns {Promise<void>}
 */
const build = (folder, target) =>
  new Promise((done, failed) => {
    const script = `import { build } from "./scripts/build.mjs"; await build({ targetDir: process.argv[1] });`;
    // One argument after the script, for it to take as its target directory.
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script, target], {
      cwd: folder,
      // The tool that makes the bindings must not share a target directory either.
      env: { ...process.env, CARGO_TARGET_DIR: target },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", failed);
    child.on("exit", (code) => (code == 0 ? done() : failed(new Error(`the build in ${folder} failed`))));
  });

/** @param {string} folder */
const read = async (folder) => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  for (const name of names.sort()) files.set(name, await readFile(join(folder, name)));
  return files;
};

/**
 * One line for each file: its digest, or where the two begin to differ.
 *
 * @param {Map<string, Buffer>} one
 * @param {Map<string, Buffer>} other
 */
const compare = (one, other) =>
  [...new Set([...one.keys(), ...other.keys()])].map((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    if (!a || !b) return { name, same: false, words: `only in the ${a ? "first" : "second"} build` };
    if (a.equals(b)) return { name, same: true, words: createHash("sha256").update(a).digest("hex") };
    const at = a.findIndex((byte, index) => byte != b[index]);
    const from = Math.max(0, at - 20);
    /** @param {Buffer} bytes */
    const near = (bytes) => JSON.stringify(bytes.subarray(from, at + 60).toString("latin1"));
    return {
      name,
      same: false,
      words: `differs from byte ${at} on (${a.length} and ${b.length} bytes):\n    ${near(a)}\n    ${near(b)}`,
    };
  });

const main = async () => {
  const place = await mkdtemp(join(tmpdir(), "tailorbird-reproducible-"));
  try {
    const files = await sources();
    // Names of different length, so that a path in the output moves everything after it.
    const places = ["one", "another-place"].map((name) => join(place, name));
    // Both are copied before either is built: somebody may be at work in the tree.
    for (const place of places) await copy(files, join(place, "tailorbird"));
    /** @type {Map<string, Buffer>[]} */
    const dists = [];
    for (const place of places) {
      console.error(`building ${files.length} files in ${place}`);
      await build(join(place, "tailorbird"), join(place, "target"));
      dists.push(await read(join(place, "tailorbird", "dist")));
    }
    const lines = compare(dists[0], dists[1]);
    for (const { name, same, words } of lines) console.log(`${same ? "same" : "DIFFERENT"}  ${name}  ${words}`);
    const different = lines.filter(({ same }) => !same).length;
    console.log(different ? `${different} of ${lines.length} files differ` : `all ${lines.length} files are the same`);
    return different ? 1 : 0;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
};

process.exitCode = await main().catch((error) => {
  console.error(`reproducible: ${error.message}`);
  return 1;
});
