/** The chunk behind the npm entry: all of the engine, with its wasm in it. */

import { findPanelWithout } from "../panel/panel_loader.js";
import { chunks } from "./chunks.js";
import { readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { unpack } from "./packed.js";
import { begin as beginWith } from "./start.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { compile } from "./wasm.js";

export const begin = (options: StartOptions | undefined): Promise<Tailorbird> => {
  const settings = readOptions(options);
  const tailorbird = beginWith(settings, {
    ...chunks,
    config: () => readConfig(settings.config),
    engine: () => compile(unpack),
  });
  findPanelWithout(tailorbird, chunks.privacy);
  return tailorbird;
};
