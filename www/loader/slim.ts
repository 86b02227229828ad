/** `import { start } from "tailorbird/slim"`: the engine's wasm comes from where the site keeps it. */

import { findPanelWithout } from "../panel/panel_loader.js";
import { chunks } from "./chunks.js";
import { readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { ownProperty } from "./plain.js";
import { begin } from "./start.js";
import type { SlimOptions, StartSlim } from "./types.js";
import { unavailable } from "./unavailable.js";
import { load } from "./wasm.js";

export const start: StartSlim = async (options) => {
  try {
    const settings = readOptions(options);
    const tailorbird = begin(settings, {
      ...chunks,
      config: () => readConfig(settings.config),
      engine: () => load(ownProperty(options, "wasm") as SlimOptions["wasm"]),
    });
    findPanelWithout(tailorbird, chunks.privacy);
    return await tailorbird;
  } catch (reason) {
    return unavailable(reason); // options that throw when they are read
  }
};
