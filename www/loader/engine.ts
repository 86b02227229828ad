/** The chunk behind the npm entry: all of the engine, with its wasm in it. */

import { findPanelWithout, type PanelModule } from "../panel/panel_loader.js";
import { readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { unpack } from "./packed.js";
import { begin as beginWith } from "./start.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { compile, compiled, renew } from "./wasm.js";

const privacy = (): Promise<PanelModule> => import("../panel/privacy.js");

export const begin = (options: StartOptions | undefined): Promise<Tailorbird> => {
  const settings = readOptions(options);
  const tailorbird = beginWith(settings, {
    config: () => readConfig(settings.config),
    engine: () => compile(unpack),
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
  return tailorbird;
};
