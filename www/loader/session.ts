/**
 * An engine on the page, behind its guard. Where the visitor withdraws consent it is dropped, with its memory, and another
 * one takes its place.
 */

import { locateVisitor } from "../geo/geo.js";
import type { Engine, EngineConstructor } from "../page/boundary.js";
import { createGuard, type Guard } from "../page/guard.js";
import { createPage, type Page } from "../page/page.js";
import type { Rank } from "../recommend/ranking.js";
import { createNodeHost } from "./node_host.js";
import type { Settings } from "./options.js";
import type { Chunks } from "./tailorbird.js";

export interface Session {
  readonly engine: Engine;
  readonly guard: Guard;
  readonly rank: Rank;
  /** Starts the engine, by `start` or `resume`. */
  begin(work: (engine: Engine) => void): void;
  /** The page may be changed from now on. */
  ready(): void;
}

/** What a session tells. */
export interface SessionObserver {
  /** The engine has failed: nothing of it may be used any more. */
  onFail(reason: unknown, engine: Engine | undefined): void;
  /** Consent was withdrawn: the next engine resumes with this. */
  onWithdraw(handover: object): void;
}

/** Throws an `EngineError` where the config is refused as a whole, and what wasm throws where it traps. */
export const openSession = (
  EngineClass: EngineConstructor,
  config: unknown,
  settings: Settings,
  chunks: Chunks,
  target: EventTarget,
  { onFail, onWithdraw }: SessionObserver,
): Session => {
  let engine: Engine | undefined;
  const guard = createGuard((reason) => onFail(reason, engine));
  const { dataLayer, namespace, debug } = settings;
  let page: Page | undefined;
  if (typeof document != "undefined") {
    page = createPage(guard, chunks, debug, (handover) => guard.whenIdle(() => onWithdraw(handover)));
  }
  /** Where there is no page the site model is not loaded. */
  const unanswered = guard.run((request: Parameters<Rank>[0]) => engine?.ranked(request, undefined));
  const open = (): Engine => {
    try {
      return new EngineClass(config, page?.host ?? createNodeHost(guard, target, unanswered), {
        dataLayer,
        namespace,
        debug,
      });
    } catch (reason) {
      guard.end();
      throw reason;
    }
  };
  const running = (engine = open());
  return {
    engine: running,
    guard,
    rank:
      page?.rank ??
      ((request) => {
        unanswered(request);
        return Promise.resolve();
      }),
    begin: guard.run((work) => {
      page?.connect(running);
      work(running);
      if (page) locateVisitor(running, guard, config, chunks.country);
    }),
    ready: guard.run(() => {
      running.ready();
      page?.ready();
    }),
  };
};

/** Ends a session whose engine is not to be used any more. Returns whether the engine could be freed. */
export const closeSession = ({ engine, guard }: Session): boolean => {
  guard.end();
  try {
    engine.stop();
    engine.free();
    return true;
  } catch {
    return false;
  }
};
