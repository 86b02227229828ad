/** Where the visitor is. The table of countries is a second file, loaded when the config asks. */

import type { Visit } from "./visit.js";

/** The second file. */
export interface CountryFile {
  /**
   * The country that a time zone tells of, by ISO 3166-1 (`"DE"`), and how sure that is, from 0 to 1;
   * `null` where it tells of none. Without `zone` and `language`: the browser's own.
   */
  place(zone?: string, language?: string): { country: string; confidence: number } | null;
}

/**
 * Tells the core the country where the config names `geo` or an attribute below it, in whichever of
 * its conditions. That is found in its text, because a condition may stand in segments, prompts, saved
 * groups, features and experiments; a text that merely looks like it costs a request and no more.
 *
 * It may come after the first decision. Where the file cannot be had there is no country.
 */
export const placing = ({ send }: Visit, config: unknown, load: () => Promise<CountryFile>): void => {
  if (!/"geo[".]/.test(JSON.stringify(config))) return;
  load()
    .then(({ place }) => {
      const known = place();
      if (known) send({ signal: "place", ...known });
    })
    .catch(() => {});
};
