/** The chunk behind the npm entry: all of the engine, with its wasm in it. */

import { read } from "./config.js";
import { unpack } from "./packed.js";
import { begin as beginWith, type Maybe } from "./start.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { compile } from "./wasm.js";

export const begin = (options: StartOptions): Maybe<Tailorbird> =>
  beginWith(options, {
    config: () => read(options.config),
    core: () => compile(unpack),
    check: () => import("../browser/check.js"),
    prompt: () => import("../browser/prompt.js"),
    country: () => import("../browser/country.js"),
    transfer: () => import("../browser/transfer.js"),
  });
