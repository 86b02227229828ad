import { readFile } from "node:fs/promises";
import { compile } from "svelte/compiler";

/**
 * Svelte for esbuild: its own plugins are for other bundlers.
 *
 * @type {import("esbuild").Plugin}
 */
export const svelte = {
  name: "svelte",
  setup: (builder) =>
    builder.onLoad({ filter: /\.svelte$/ }, async ({ path }) => ({
      contents: compile(await readFile(path, "utf8"), { generate: "client", filename: path }).js.code,
    })),
};
