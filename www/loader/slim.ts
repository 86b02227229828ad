/** `import { start } from "tailorbird/slim"`: the engine's wasm comes from where the site keeps it. */

import { read } from "./config.js";
import { begin } from "./start.js";
import type { StartSlim } from "./types.js";
import { load } from "./wasm.js";

export const start: StartSlim = async options =>
  begin(options, {
    config: () => read(options.config),
    core: () => load(options.wasm),
    check: () => import("../browser/check.js"),
    prompt: () => import("../browser/prompt.js"),
    country: () => import("../browser/country.js"),
    transfer: () => import("../browser/transfer.js"),
  });
