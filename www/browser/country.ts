/**
 * Which country the visitor is probably in; a file of its own, because few configs ask.
 *
 * The only evidence is the name of the time zone the browser is set to, and the region of its
 * language. Nothing is asked of any server.
 */

import { TABLE } from "./country_table.js";
import type { CountryFile } from "./place.js";

/**
 * `confidence` starts from how many countries share the zone by the database's `zone1970.tab`, n:
 * `0.5 + 0.4 / n`. So it is 0.9 where nobody else keeps that time, 0.63 for Europe/Zurich, which is
 * Liechtenstein's time and Büsingen's too, and never below 0.5, since those others have a name of
 * their own, as Europe/Vaduz, which most systems tell. Such a name has 0.9 as well.
 *
 * A language spoken there (`de-CH`) halves what is missing to 1. One of another region takes off a
 * fifth: travellers have one, but so do many who live there and read English. One without a
 * region says nothing. The figures are a judgement, not a measurement.
 *
 * No country where the name tells of none: `UTC` and `Etc/...`, which browsers that protect
 * against fingerprinting report, `EST5EDT`, or what this table does not know.
 */
export const place: CountryFile["place"] = (
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
  language = navigator.language,
) => {
  let area = "";
  for (const line of TABLE.split("\n")) {
    const [country, ...names] = line.split(" ") as [string, ...string[]];
    if (!names.length) area = country;
    for (const each of names) {
      const [name, shared = "1"] = each.split("/");
      if (area + name != zone) continue;
      const region = /-([A-Z]{2})\b/.exec(language)?.[1];
      let confidence = 0.5 + 0.4 / +shared;
      if (region) confidence = region == country ? (1 + confidence) / 2 : confidence * 0.8;
      return { country, confidence: Math.round(confidence * 100) / 100 };
    }
  }
  return null;
};
