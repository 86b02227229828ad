/**
 * Reads the site model and answers from it, with a wasm of its own; a chunk, because few pages need it.
 *
 * It is given ids of items and paths of pages and gives such back, and shares no state with the engine.
 */

import init, { SiteModel } from "../../pkg/tailorbird_recommend.js";
import { unpack } from "../loader/packed.js";
import type { RankedItem } from "../page/boundary.js";
import { createFurtherFiles } from "./further_files.js";
import type { NextPage, RecommendModule } from "./site_model.js";
import { likeliest, pathAt, speculate } from "./speculation.js";

/** Of how many pages the model is asked. Of those that are loaded ahead, few are likelier than one in ten. */
const PAGES = 20;

let compiled: Promise<unknown> | undefined;

export const open: RecommendModule["open"] = async (bytes, address, load) => {
  await (compiled ??= init({ module_or_path: unpack() }));
  const model = new SiteModel(bytes);
  const ids = model.ids();
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const known = (history: readonly string[]): Uint32Array =>
    Uint32Array.from(history.map((id) => numbers.get(id)).filter((number) => number !== undefined));
  const loadFileFor = createFurtherFiles(model, address, load);
  const nextPages = (history: readonly string[], count: number): NextPage[] =>
    model.next_pages([...history], count) as NextPage[];
  /** What may be looked at right after an item. */
  const nextItems = (item: string | null): { id: string; probability: number }[] => {
    const next = model.nextItems(numbers.get(item ?? "") ?? ids.length);
    return Array.from({ length: next.length / 2 }, (_, at) => ({
      id: ids[next[2 * at] ?? -1] ?? "",
      probability: next[2 * at + 1] ?? 0,
    }));
  };
  return {
    damaged: model.damaged(),
    // Which category a visitor looked at last is nobody's business; which one the page is about, its server knows.
    prepare: async ({ kind, history, ofPage }) => {
      if (ofPage) await loadFileFor(kind, known(history));
    },
    rank: ({ kind, history, count }) => {
      const ranked = model.rank(kind, known(history), count);
      const items: RankedItem[] = [];
      for (let at = 0; at < ranked.length; at += 3) {
        const [item = -1, score = 0, because = -1] = ranked.subarray(at, at + 3);
        items.push({ id: ids[item] ?? "", score, because: ids[because] ?? null });
      }
      return items;
    },
    nextPages,
    speculate: (request, addressesOf) => {
      const items = nextItems(request.item);
      const addresses = addressesOf(items.map(({ id }) => id));
      const ofItems = items.map(({ probability }, at) => ({ page: pathAt(addresses[at]), probability }));
      return speculate(request, likeliest([...nextPages(request.history, PAGES), ...ofItems]));
    },
  };
};
