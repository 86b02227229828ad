/** The site model. What reads it is a chunk of its own; chunk and model are loaded together, once, when first asked. */

import { fetchModel } from "../loader/model.js";
import { messageOf } from "../loader/unavailable.js";
import { warnOnce } from "../loader/warn.js";
import type { Engine, RankedItem, RankRequest, SpeculationRequest } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** The chunk `tailorbird-recommend.js`. */
export interface RecommendModule {
  /**
   * Reads a model, which was loaded from `address`. Rejects where the bytes are none, or where the browser refuses to
   * compile. `load` loads further files of it.
   */
  open(bytes: Uint8Array, address: string, load: Load): Promise<SiteModel>;
}

/** The bytes at an address. Rejects with what is wrong, for the console. */
export type Load = (address: string) => Promise<Uint8Array>;

/** A model that answers. It knows nothing of the visitor but what a question says. */
export interface SiteModel {
  /** The names of its sections that are damaged, and so have no part in answers. */
  readonly damaged: readonly string[];
  /**
   * Loads the further file that this question needs, if the model has one for it. Resolves when it is there, or is not
   * waited for any longer: then `rank` answers without.
   */
  prepare(request: RankRequest): Promise<void>;
  /** At most as many items as asked for, the best first. */
  rank(request: RankRequest): RankedItem[];
  /** At most so many pages, the likeliest first; none where the model knows of none. */
  nextPages(history: readonly string[], count: number): NextPage[];
  /**
   * Has the browser load ahead what the visitor may open next. Returns what takes that back. `addressesOf` says where the
   * pages of items are.
   */
  speculate(request: SpeculationRequest, addressesOf: AddressesOf): () => void;
}

/** The addresses of the pages of items, by id, absolute or relative to the document; `undefined` where there is none. */
export type AddressesOf = (ids: string[]) => (string | undefined)[];

/** A page that may come next. */
export interface NextPage {
  /** Its path, as the model names it. */
  readonly page: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/**
 * Asks the model; `undefined` where there is none, or none that can be used. Never rejects. Where the model fails, it is
 * not asked again, and the engine goes on: it shares nothing with the model.
 */
export type AskModel = <Answer>(
  question: (model: SiteModel) => Answer | Promise<Answer>,
) => Promise<Answer | undefined>;

/**
 * How long after a failure it is told. A visitor who leaves the page ends what it is loading: by then the page is gone, and
 * nobody has made a mistake.
 */
const TELL_AFTER_MS = 500;

/** `load` loads the chunk. */
export const createSiteModel = (
  engine: Pick<Engine, "model">,
  guard: Guard,
  load: () => Promise<RecommendModule>,
): AskModel => {
  const addressOfModel = guard.wrap(
    () => engine.model(),
    () => undefined,
  );
  let opened: Promise<SiteModel | undefined> | undefined;

  const open = async (): Promise<SiteModel | undefined> => {
    const address = addressOfModel();
    if (address === undefined) return undefined;
    try {
      const [{ open }, bytes] = await Promise.all([load(), fetchModel(address)]);
      const model = await open(bytes, address, fetchModel).catch((reason: unknown) => {
        throw new Error(`${address} ${messageOf(reason)}`);
      });
      if (model.damaged.length) {
        warnOnce(`the site model is used in part, as these sections are damaged: ${model.damaged.join(", ")}`);
      }
      return model;
    } catch (reason) {
      setTimeout(() => warnOnce(`the site model is not used: ${messageOf(reason)}`), TELL_AFTER_MS);
      return undefined;
    }
  };

  return async (question) => {
    const model = await (opened ??= open());
    try {
      return model && (await question(model));
    } catch (reason) {
      // Its own wasm has trapped.
      opened = Promise.resolve(undefined);
      warnOnce(`the site model is not used: ${messageOf(reason)}`);
      return undefined;
    }
  };
};
