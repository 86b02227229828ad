/** Runs the native tool in a test. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The program to run, with its arguments.
 *
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
const commandOf = (args) => {
  const built = process.env.TAILORBIRD_TOOL;
  return built ? [built, [...args]] : ["cargo", ["run", "--quiet", "--package", "tailorbird-cli", "--", ...args]];
};

/**
 * What the tool prints, given its arguments. Throws with what it says where it exits with another code than `status`.
 *
 * `TAILORBIRD_TOOL` names a tool that is built already; without it cargo builds one.
 *
 * @param {readonly string[]} args
 * @param {{ status?: number, input?: string }} [options]
 */
export const runTool = (args, { status = 0, input = "" } = {}) => {
  const answer = spawnSync(...commandOf(args), { cwd: root, encoding: "utf8", input });
  if (answer.status !== status) {
    throw new Error(`tailorbird ${args.join(" ")} exited with ${answer.status}: ${answer.stderr || answer.error}`);
  }
  return answer.stdout;
};

/**
 * What a run of the tool comes to, which may ask a server of this process.
 *
 * @param {readonly string[]} args
 */
export const runToolBeside = async (args) => {
  const tool = spawn(...commandOf(args), { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [status]] = await Promise.all([text(tool.stdout), text(tool.stderr), once(tool, "close")]);
  return { status, out, err };
};
