/** Runs the native tool in a test. */

import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * What the tool prints, given its arguments. Throws with what it says where it exits with another code than `status`.
 *
 * `TAILORBIRD_TOOL` names a tool that is built already; without it cargo builds one.
 *
 * @param {readonly string[]} args
 * @param {{ status?: number, input?: string }} [options]
 */
export const runTool = (args, { status = 0, input = "" } = {}) => {
  const built = process.env.TAILORBIRD_TOOL;
  const program = built ?? "cargo";
  const before = built ? [] : ["run", "--quiet", "--package", "tailorbird-cli", "--"];
  const answer = spawnSync(program, [...before, ...args], { cwd: root, encoding: "utf8", input });
  if (answer.status !== status) {
    throw new Error(`tailorbird ${args.join(" ")} exited with ${answer.status}: ${answer.stderr || answer.error}`);
  }
  return answer.stdout;
};
