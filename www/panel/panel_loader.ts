/** Finds the privacy panel of the page, the element `<tb-privacy>`. What fills it is a chunk of its own. */

import type { Tailorbird } from "../loader/types.js";

/** The chunk `tailorbird-privacy.js`. */
export interface PanelModule {
  /** Fills every panel of the page, also those that come later, from this engine, or says that it is not running. */
  fill(tailorbird: Tailorbird, texts: PanelTexts): void;
}

/** What the site changes in the words of the panel, by language. Read and checked by the engine. */
export interface PanelTexts {
  readonly texts?: { readonly [language: string]: { readonly [text: string]: string } };
  /** Names for what the config calls `category`, `category:boots`, `hero` or `hero:boots`. */
  readonly names?: { readonly [language: string]: { readonly [id: string]: string } };
}

/**
 * Loads the chunk once the page has a panel: at once, or when its parser or a script brings one, until the returned
 * function is called. Never throws.
 */
export const findPanel = (
  tailorbird: Tailorbird,
  texts: () => PanelTexts,
  load: () => Promise<PanelModule>,
): (() => void) => {
  let observer: MutationObserver | undefined;
  try {
    const found = document.getElementsByTagName("tb-privacy");
    const open = (): boolean => {
      if (!found.length) return false;
      load()
        .then(({ fill }) => fill(tailorbird, texts()))
        // The chunk failed to load: what the page has in the element stays.
        .catch(() => {});
      return true;
    };
    if (open()) return () => {};
    // The list is live, and asking for its length costs next to nothing.
    observer = new MutationObserver(() => {
      if (open()) observer?.disconnect();
    });
    observer.observe(document, { childList: true, subtree: true });
  } catch {
    // A page that has broken these has no panel.
  }
  return () => observer?.disconnect();
};

/** The same where there is no engine: the panel then says so. */
export const findPanelWithout = (started: Tailorbird | Promise<Tailorbird>, load: () => Promise<PanelModule>): void => {
  if (typeof document == "undefined") return;
  void Promise.resolve(started).then((tailorbird) => {
    // One that runs has looked by itself.
    if (!tailorbird.available) findPanel(tailorbird, () => ({}), load);
  });
};
