/** The engine's host in a page: carries out on the page what the engine wants done. */

import { isIgnored } from "../inspector/ignored.js";
import { plain } from "../loader/plain.js";
import { listened, touched } from "../loader/record.js";
import { keepInRedirect } from "../preview/preview_address.js";
import { createPreviews, type PreviewModule } from "../preview/preview_loader.js";
import { createPrompts, type PromptModule } from "../prompt/prompt_loader.js";
import { createRanking, type Rank } from "../recommend/ranking.js";
import { createSiteModel, type RecommendModule } from "../recommend/site_model.js";
import { createSpeculation } from "../recommend/speculation_loader.js";
import type { Engine, EngineHost } from "./boundary.js";
import type { Guard } from "./guard.js";
import { patchMethod } from "./patch_method.js";
import { createSlots } from "./slots.js";

export interface Page {
  readonly host: EngineHost;
  /** Asks the site model, once the engine is connected. */
  readonly rank: Rank;
  /** Connects the engine, which is made with `host`. */
  connect(engine: Engine): void;
  /** The page may be changed from now on. */
  ready(): void;
}

/** Chunks that the page loads when they are needed. */
export interface PageChunks {
  prompt(): Promise<PromptModule>;
  recommend(): Promise<RecommendModule>;
  preview(): Promise<PreviewModule>;
}

export const createPage = (guard: Guard, chunks: PageChunks, debug: boolean, restart: EngineHost["restart"]): Page => {
  let slots: ReturnType<typeof createSlots> | undefined;
  let prompts: ReturnType<typeof createPrompts> | undefined;
  let previews: ReturnType<typeof createPreviews> | undefined;
  let ranking: Rank | undefined;
  let speculate: EngineHost["speculate"] | undefined;
  const rank: Rank = async (request) => ranking?.(request);
  return {
    rank,
    host: {
      target: document,
      signal: guard.signal,
      guard: (entry) =>
        guard.wrap<never[], unknown>(
          (...given) => (isIgnored(given[0]) ? undefined : entry(...given)),
          () => undefined,
        ),
      plain,
      patchMethod: (holder, method, after) => {
        try {
          const undo = patchMethod(holder, method, guard.run(after));
          if (undo) guard.onEnd(undo);
          return !!undo;
        } catch {
          return false; // a proxy or an accessor of the page
        }
      },
      listened,
      touched,
      show: guard.run((show) => slots?.show(show)),
      revert: guard.run((slot) => slots?.revert(slot)),
      prompt: guard.run((content) => prompts?.show(content)),
      preview: guard.run((notice) => previews?.say(notice)),
      redirect: guard.run((url) => {
        const to = keepInRedirect(url);
        // Two redirects that lead to each other would never end.
        if (to != document.referrer) location.replace(to);
      }),
      restart,
      rank: (request) => void rank(request),
      speculate: guard.run((request) => speculate?.(request)),
    },
    connect: (engine) => {
      slots = createSlots(engine, engine.slots(), guard, debug);
      prompts = createPrompts(engine, guard, debug, () => chunks.prompt());
      previews = createPreviews(engine, guard, () => chunks.preview());
      const askModel = createSiteModel(engine, guard, () => chunks.recommend());
      ranking = createRanking(engine, guard, askModel);
      speculate = createSpeculation(engine, guard, askModel);
    },
    ready: () => {
      slots?.begin();
      prompts?.preload();
      previews?.begin();
    },
  };
};
