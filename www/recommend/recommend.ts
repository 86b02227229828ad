/**
 * Reads the site model and answers from it, with a wasm of its own; a chunk, because few pages recommend.
 *
 * It is given ids of items and gives ids back, and shares no state with the engine.
 */

import init, { SiteModel } from "../../pkg/tailorbird_recommend.js";
import { unpack } from "../loader/packed.js";
import type { RankedItem } from "../page/boundary.js";
import type { RecommendModule } from "./ranking.js";

let compiled: Promise<unknown> | undefined;

export const open: RecommendModule["open"] = async (bytes) => {
  await (compiled ??= init({ module_or_path: unpack() }));
  const model = new SiteModel(bytes);
  return {
    damaged: model.damaged(),
    rank: ({ kind, history, count }) => model.rank(kind, [...history], count) as RankedItem[],
  };
};
