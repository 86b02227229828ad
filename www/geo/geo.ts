/** Which country the visitor is in. The table of countries is a chunk of its own, loaded when the config asks. */

import type { Engine } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";

/** The chunk `tailorbird-country.js`. */
export interface CountryModule {
  /**
   * The country that a time zone suggests, by ISO 3166-1 (`"DE"`), and the confidence, from 0 to 1;
   * `null` where it suggests none. Without `zone` and `language`: the browser's own.
   */
  locate(zone?: string, language?: string): { country: string; confidence: number } | null;
}

/**
 * Tells the engine the country where the config names `geo` or an attribute below it, in whichever of
 * its conditions. That is found in its text, because a condition may be in segments, prompts, saved
 * groups, features and experiments; a text that only looks like one costs a request and no more.
 *
 * It may come after the first decision. Where the chunk fails to load, or the page has removed `Intl`, there is no
 * country.
 */
export const locateVisitor = (
  engine: Engine,
  guard: Guard,
  config: unknown,
  load: () => Promise<CountryModule>,
): void => {
  // An area is no country.
  if (!/"geo("|\.(?!near\.))/.test(JSON.stringify(config))) return;
  load()
    .then(({ locate }) => {
      const found = locate();
      if (found) guard.run(() => engine.geo(found.country, found.confidence))();
    })
    .catch(() => {});
};
