/** `import { start } from "tailorbird/slim"`: the engine's wasm comes from where the site keeps it. */

import { findPanelWithout, type PanelModule } from "../panel/panel_loader.js";
import { readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { ownProperty } from "./plain.js";
import { begin } from "./start.js";
import type { SlimOptions, StartSlim } from "./types.js";
import { unavailable } from "./unavailable.js";
import { compiled, load, renew } from "./wasm.js";

const privacy = (): Promise<PanelModule> => import("../panel/privacy.js");

export const start: StartSlim = async (options) => {
  try {
    const settings = readOptions(options);
    const tailorbird = begin(settings, {
      config: () => readConfig(settings.config),
      engine: () => load(ownProperty(options, "wasm") as SlimOptions["wasm"]),
      renew,
      compiled,
      prompt: () => import("../prompt/prompt.js"),
      country: () => import("../geo/country.js"),
      transfer: () => import("../transfer/transfer.js"),
      recommend: () => import("../recommend/recommend.js"),
      preview: () => import("../preview/preview.js"),
      privacy,
      audit: () => import("../audit/audit.js"),
      inspector: () => import("../inspector/inspector.js"),
    });
    findPanelWithout(tailorbird, privacy);
    return await tailorbird;
  } catch (reason) {
    return unavailable(reason); // options that throw when they are read
  }
};
