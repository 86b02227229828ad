/** What the npm entries load when it is used: imports that bundlers follow. */

import type { Chunks } from "./tailorbird.js";
import { compiled, renew } from "./wasm.js";

export const chunks: Chunks = {
  renew,
  compiled,
  prompt: () => import("../prompt/prompt.js"),
  country: () => import("../geo/country.js"),
  transfer: () => import("../transfer/transfer.js"),
  recommend: () => import("../recommend/recommend.js"),
  preview: () => import("../preview/preview.js"),
  privacy: () => import("../panel/privacy.js"),
  audit: () => import("../audit/audit.js"),
  inspector: () => import("../inspector/inspector.js"),
};
