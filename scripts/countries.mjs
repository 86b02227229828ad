/**
 * Which country a time zone's name tells of: `node scripts/countries.mjs [folder]` writes
 * `www/geo/country_table.ts` from the IANA time zone database, which is in the public domain.
 *
 * `folder` holds its `zone.tab`, `zone1970.tab` and `tzdata.zi`: the unpacked release from
 * https://www.iana.org/time-zones, or where the system keeps them, which is taken unless told.
 *
 * - `zone.tab` names one zone or more for every country.
 * - `zone1970.tab` names the zones whose clocks have agreed since 1970 by one of them, with all the
 *   countries that go by it: Europe/Zurich stands for Switzerland, Liechtenstein and Büsingen in
 *   Germany. Their number is noted, because a system that knows this table alone says Europe/Zurich
 *   in Vaduz as well. A name is left out where this file puts another country first than `zone.tab`
 *   does, as for Europe/Simferopol: the database takes no side there, and neither do we.
 * - `tzdata.zi` has the names that places had before: Asia/Calcutta, Europe/Kiev, US/Pacific.
 */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const TABLE = join(dirname(dirname(fileURLToPath(import.meta.url))), "www/geo/country_table.ts");

/**
 * Earlier names that are linked to a zone abroad which keeps the same time, and what lies where they
 * say. Source: the comments `#=` in the database's file `backward`, which `tzdata.zi` leaves out.
 *
 * @type {{ [name: string]: string }}
 */
const RENAMED = {
  "Africa/Asmera": "Africa/Asmara",
  "Africa/Timbuktu": "Africa/Bamako",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Virgin": "America/St_Thomas",
  "Antarctica/South_Pole": "Antarctica/McMurdo",
  "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
  Iceland: "Atlantic/Reykjavik",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
  "Pacific/Yap": "Pacific/Chuuk",
};

/** Names of rules rather than places; some releases link them to a place that keeps them. */
const RULES = /^([CEMW]ET|[EHM]ST|[CEMP]ST\d[CEMP]DT)$/;

/** @param {string} text */
const rows = (text) =>
  text
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split("\t"));

/** @typedef {{ country: string, shared: number }} Place */

/**
 * For each name: `{country, shared}`, the code by ISO 3166-1 and how many countries go by that zone.
 *
 * @param {string} zoneTab
 * @param {string} zone1970Tab
 * @param {string} tzdata
 * @returns {Map<string, Place>}
 */
export const places = (zoneTab, zone1970Tab, tzdata) => {
  const countries = new Map(rows(zoneTab).map(([country, , name]) => [name, country]));
  const sharing = new Map(rows(zone1970Tab).map(([codes, , name]) => [name, codes.split(",")]));
  /** @type {Map<string, Place>} */
  const found = new Map();
  for (const [name, country] of countries) {
    const sharers = sharing.get(name) ?? [country];
    if (sharers[0] == country) found.set(name, { country, shared: sharers.length });
  }
  for (const line of tzdata.split("\n")) {
    const [kind, target, name] = line.split(" ");
    if (kind != "L" || countries.has(name) || RULES.test(name)) continue;
    const place = found.get(RENAMED[name] ?? target);
    if (place) found.set(name, place);
  }
  return found;
};

/**
 * @param {string} a
 * @param {string} b
 */
const byText = (a, b) => (a < b ? -1 : 1);

/**
 * The table's lines: an area, then a line a country. Names without an area come first.
 *
 * @param {Map<string, Place>} found
 */
export const lines = (found) => {
  /** @type {Map<string, Map<string, string[]>>} */
  const areas = new Map();
  for (const [name, { country, shared }] of [...found].sort(([a], [b]) => byText(a, b))) {
    const cut = name.lastIndexOf("/") + 1;
    const area = areas.get(name.slice(0, cut)) ?? new Map();
    const zone = name.slice(cut) + (shared > 1 ? "/" + shared : "");
    areas.set(name.slice(0, cut), area.set(country, [...(area.get(country) ?? [country]), zone]));
  }
  return [...areas]
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([area, countries]) => [area, ...[...countries.values()].map((words) => words.join(" ")).sort(byText)])
    .filter(Boolean);
};

const main = async (folder = "/usr/share/zoneinfo") => {
  const [zoneTab, zone1970Tab, tzdata] = await Promise.all(
    ["zone.tab", "zone1970.tab", "tzdata.zi"].map((name) => readFile(join(folder, name), "utf8")),
  );
  const version = /^# version (\w+)/.exec(tzdata)?.[1] ?? "unknown";
  const table = [
    "/**",
    ` * The IANA time zone database, ${version}, as far as a name tells of a country. Public domain.`,
    " *",
    " * Written by `scripts/countries.mjs`, which says how. An area ends in a slash; below it each line is a",
    " * country's code by ISO 3166-1 with its zones; a number behind a zone says how many countries share it.",
    " */",
    "",
    "export const TABLE = `",
    ...lines(places(zoneTab, zone1970Tab, tzdata)),
    "`;",
    "",
  ];
  await writeFile(TABLE, table.join("\n"));
  console.log(`${relative(process.cwd(), TABLE)}: tzdata ${version}`);
};

if (process.argv[1] == fileURLToPath(import.meta.url)) {
  main(process.argv[2]).catch((error) => {
    console.error(`countries: ${error.message}`);
    process.exitCode = 1;
  });
}
