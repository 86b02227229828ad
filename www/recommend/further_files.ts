/** The further files of a site model that is split by category: each is loaded once, when an answer asks for it. */

import type { SiteModel } from "../../pkg/tailorbird_recommend.js";
import { messageOf } from "../loader/unavailable.js";
import { warnOnce } from "../loader/warn.js";
import type { Load } from "./site_model.js";

/**
 * How long an answer waits for a file; after it, it is given without. Until then the page's own list stands, and a list
 * that the visitor has begun to read is not replaced by a better one.
 */
const PATIENCE_MS = 2_000;

/** The address in the folder of the model, with its query, by which a site may tell one day's files from another's. */
const beside = (model: string, file: string): string => {
  const address = new URL(model, document.baseURI);
  address.pathname = address.pathname.replace(/[^/]*$/, file);
  return address.href;
};

/** `address` is that of the model. Resolves once an answer can be given. Never rejects. */
export const createFurtherFiles = (
  model: Pick<SiteModel, "missingFile" | "addFile">,
  address: string,
  load: Load,
): ((kind: string, history: Uint32Array) => Promise<void>) => {
  const loading = new Map<string, Promise<void>>();

  const add = async (file: string): Promise<void> => {
    const from = beside(address, file);
    try {
      model.addFile(await load(from));
    } catch (reason) {
      warnOnce(`the site model is used without ${from}: ${messageOf(reason)}`);
    }
  };

  return async (kind, history) => {
    const file = model.missingFile(kind, history);
    if (file === undefined) return;
    const added = loading.get(file) ?? add(file);
    loading.set(file, added);
    await Promise.race([added, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  };
};
