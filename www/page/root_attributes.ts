/**
 * `data-tb-SLOT="VARIANT"` of `<html>`: which variant each slot shows, for style sheets of the page.
 *
 * The boot snippet sets the same attributes before the engine has loaded, and some texts. What it changed is the
 * engine's to take back.
 */

import type { BootText } from "../loader/boot.js";

export interface RootAttributes {
  set(slot: string, variant: string): void;
  remove(slot: string): void;
  /** Puts texts back that the boot snippet has changed since: the engine changes them anew, in the same task. */
  takeBackTexts(): void;
  /** Discards decisions of another config. */
  keepOnlyOf(config: string): void;
  end(): void;
}

const PREFIX = "data-tb-";
/** Which config the boot snippet's decisions are of. */
const CONFIG = "data-tb";

export const createRootAttributes = (ids: readonly string[]): RootAttributes => {
  const root = document.documentElement;
  // The slots of visual changes have a colon in their names, and no style sheet asks for them.
  const names = new Map(ids.filter((id) => !id.includes(":")).map((id) => [id, PREFIX + id]));
  const remove = (slot: string): void => {
    const name = names.get(slot);
    if (name !== undefined) root.removeAttribute(name);
  };
  const removeAll = (): void => {
    for (const slot of names.keys()) remove(slot);
    root.removeAttribute(CONFIG);
  };
  return {
    set: (slot, variant) => {
      const name = names.get(slot);
      if (name !== undefined && root.getAttribute(name) !== variant) root.setAttribute(name, variant);
    },
    remove,
    takeBackTexts: () => {
      const texts: unknown = window.tailorbirdBoot;
      if (Array.isArray(texts)) {
        for (const [node, original, text] of texts as BootText[]) if (node.data == text) node.data = original;
        texts.length = 0;
      }
    },
    keepOnlyOf: (config) => {
      if (root.getAttribute(CONFIG) !== config) removeAll();
    },
    end: removeAll,
  };
};
