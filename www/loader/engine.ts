/** The chunk behind the npm entry: all of the engine, with its wasm in it. */

import { readConfig } from "./config.js";
import { readOptions } from "./options.js";
import { unpack } from "./packed.js";
import { begin as beginWith, type Awaitable } from "./start.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { compile, compiled, renew } from "./wasm.js";

export const begin = (options: StartOptions | undefined): Awaitable<Tailorbird> => {
  const settings = readOptions(options);
  return beginWith(settings, {
    config: () => readConfig(settings.config),
    engine: () => compile(unpack),
    renew,
    compiled,
    prompt: () => import("../prompt/prompt.js"),
    country: () => import("../geo/country.js"),
    transfer: () => import("../transfer/transfer.js"),
    recommend: () => import("../recommend/recommend.js"),
    audit: () => import("../audit/audit.js"),
  });
};
