/**
 * Which country the visitor is probably in; a chunk of its own, because few configs ask.
 *
 * The only evidence is the time zone the browser is set to, and the region of its language. No
 * server is asked.
 */

import { TABLE } from "./country_table.js";
import type { CountryModule } from "./geo.js";

/**
 * `confidence` starts from the number n of countries that share the zone in the database's
 * `zone1970.tab`: `0.5 + 0.4 / n`. It is 0.9 where one country has the zone for itself, 0.63 for
 * Europe/Zurich, which Liechtenstein and Büsingen share, and never below 0.5, because the others
 * have a name of their own, such as Europe/Vaduz, which most systems report. Such a name has 0.9 as well.
 *
 * A language of that region (`de-CH`) halves the distance to 1. One of another region takes off a
 * fifth: travellers have one, but so do many residents who read English. One without a region
 * changes nothing. The figures are a judgement, not a measurement.
 *
 * There is no country for `UTC` and `Etc/...`, which browsers that protect against fingerprinting
 * report, for `EST5EDT`, and for names that the table does not have.
 */
export const locate: CountryModule["locate"] = (
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
  language = navigator.language,
) => {
  let area = "";
  for (const line of TABLE.split("\n")) {
    const [country, ...names] = line.split(" ") as [string, ...string[]];
    if (!names.length) area = country;
    for (const each of names) {
      const [name, shared = "1"] = each.split("/") as [string, string?];
      if (area + name != zone) continue;
      const region = /-([A-Z]{2})\b/.exec(language)?.[1];
      let confidence = 0.5 + 0.4 / +shared;
      if (region) confidence = region == country ? (1 + confidence) / 2 : confidence * 0.8;
      return { country, confidence: Math.round(confidence * 100) / 100 };
    }
  }
  return null;
};
