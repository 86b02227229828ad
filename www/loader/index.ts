/** `import { start } from "tailorbird"`: next to nothing until it is called. */

import type { Start } from "./types.js";
import { unavailable } from "./unavailable.js";

export const start: Start = async (options) => {
  try {
    return await (await import("./engine.js")).begin(options);
  } catch (reason) {
    return unavailable(reason); // the chunk failed to load
  }
};
