/** Which country the name of a time zone tells of, and how sure that is. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { transform } from "esbuild";
import { lines, places } from "../../scripts/countries.mjs";
import { root } from "./bundle.mjs";

const { locate } = await import(join(root, "dist/tailorbird-country.js"));

/**
 * What a browser says in no language at all, so that the zone alone counts.
 *
 * @param {string} zone
 */
const told = (zone) => locate(zone, "");
/** @param {string} zone */
const country = (zone) => told(zone)?.country ?? null;

/** Every name that the table knows, put together as a reader would. */
const source = await readFile(join(root, "www/geo/country_table.ts"), "utf8");
const table = /** @type {RegExpExecArray} */ (/TABLE = `\n([^`]*)\n`;/.exec(source))[1].split("\n");
/** @type {string[]} */
const names = [];
let area = "";
for (const line of table) {
  if (line.endsWith("/")) area = line;
  else for (const zone of line.split(" ").slice(1)) names.push(area + zone.split("/")[0]);
}

test("every time zone that the platform knows tells of a country, but the disputed one and what is no place", () => {
  const placeless = Intl.supportedValuesOf("timeZone").filter((zone) => !told(zone));
  assert.deepEqual(
    placeless.filter((zone) => !/^(UTC|GMT|Etc\/.+)$/.test(zone)),
    ["Europe/Simferopol"],
  );
});

test("a zone tells of the country it lies in, as sure as few countries share it", () => {
  /** @type {[zone: string, country: string, confidence: number, why: string][]} */
  const cases = [
    ["America/New_York", "US", 0.9, "one country only"],
    ["Asia/Shanghai", "CN", 0.9, "the same"],
    ["Europe/Zurich", "CH", 0.63, "with Liechtenstein and Büsingen"],
    ["Europe/Busingen", "DE", 0.9, "its own name, which nobody else would report"],
    ["Europe/Vaduz", "LI", 0.9, "the same"],
    ["Europe/Berlin", "DE", 0.58, "with Scandinavia and Svalbard"],
    ["Europe/Oslo", "NO", 0.9, "Berlin's time under its own name"],
    ["America/Toronto", "CA", 0.7, "with the Bahamas"],
    ["Africa/Abidjan", "CI", 0.53, "with eleven more"],
    ["America/Argentina/Ushuaia", "AR", 0.9, "three words deep"],
    ["Antarctica/Troll", "AQ", 0.9, "a code without a state"],
  ];
  for (const [zone, country, confidence, why] of cases)
    assert.deepEqual(told(zone), { country, confidence }, `${zone}: ${why}`);
});

test("a name from before is the place it was the name of", () => {
  const cases = [
    ["Asia/Calcutta", "IN", "what browsers still report"],
    ["Europe/Kiev", "UA", "the same"],
    ["America/Buenos_Aires", "AR", "the same"],
    ["Asia/Saigon", "VN", "the same"],
    ["Africa/Asmera", "ER", "linked to Nairobi in the database"],
    ["Pacific/Truk", "FM", "linked to Port Moresby"],
    ["America/Coral_Harbour", "CA", "linked to Panama"],
    ["Iceland", "IS", "linked to Abidjan"],
    ["Arctic/Longyearbyen", "SJ", "linked to Berlin"],
    ["US/Pacific", "US", "by the country's own area"],
    ["Japan", "JP", "without an area"],
    ["ROK", "KR", "looks like a rule and is none"],
  ];
  for (const [zone, expected, why] of cases) assert.equal(country(zone), expected, `${zone}: ${why}`);
});

test("two names for one place, by the platform's own data, tell of one country", () => {
  // ICU's aliases come from CLDR, which keeps places apart that the database has linked.
  const canonical = new Map();
  for (const name of names) {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    canonical.set(timeZone, [...(canonical.get(timeZone) ?? []), name]);
  }
  const aliases = [...canonical.values()].filter((same) => same.length > 1);
  assert.ok(aliases.length > 80, `${aliases.length} places have several names`);
  for (const same of aliases) assert.equal(new Set(same.map(country)).size, 1, same.join(", "));
});

test("a zone of no place tells of no country", () => {
  const placeless = [
    "UTC",
    "GMT",
    "Etc/UTC",
    "Etc/GMT+3",
    "Etc/Unknown",
    "UCT",
    "Zulu",
    "CET",
    "EST",
    "EST5EDT",
    "PST8PDT",
    "Factory",
    "+02:00",
    "Europe/Simferopol",
    "Europe/Atlantis",
    "Berlin",
    "Berlin/5",
    "Europe/Berlin/5",
    "Europe/",
    "DE",
    "",
    "constructor",
  ];
  for (const zone of placeless) assert.equal(told(zone), null, zone);
});

test("every country is one, by its code, and each of those that have a zone is there", () => {
  const words = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const codes = new Set(names.map(country));
  for (const code of codes) assert.ok(words.of(code), code);
  // ISO 3166-1 has 249; Bouvet Island and the Heard and McDonald Islands are uninhabited.
  assert.equal(codes.size, 247);
});

test("the table knows the names that browsers report and earlier ones, none of them twice", () => {
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 500);
});

test("a language spoken there makes it surer, one of elsewhere less sure, one without a region neither", () => {
  const cases = [
    ["Europe/Zurich", "de-CH", 0.82, "halves the doubt"],
    ["Europe/Zurich", "de-LI", 0.51, "of elsewhere, though it is one of those that share the zone"],
    ["Europe/Zurich", "de", 0.63, "no region"],
    ["Asia/Taipei", "zh-Hant-TW", 0.95, "behind a script"],
    ["America/Mexico_City", "es-419", 0.9, "a region that is no country"],
    ["Europe/Paris", "en-US", 0.56, "of elsewhere"],
    ["Europe/Paris", "fr-FR", 0.85, "spoken there"],
    ["Asia/Kolkata", "en-u-ca-iso8601", 0.9, "an extension is no region"],
  ];
  for (const [zone, language, confidence, why] of cases) {
    assert.equal(locate(zone, language).confidence, confidence, `${zone} and ${language}: ${why}`);
  }
});

test("unless told, it is the zone and the language that the platform is set to", async () => {
  const zone = process.env.TZ;
  try {
    process.env.TZ = "Asia/Kathmandu";
    assert.equal(locate(undefined, "ne-NP")?.country, "NP");
    process.env.TZ = "Etc/UTC";
    assert.equal(locate(undefined, "ne-NP"), null);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

const { code } = await transform(await readFile(join(root, "www/geo/geo.ts"), "utf8"), { loader: "ts" });
const { locateVisitor } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);

/**
 * What the engine is told of a country with this config, by this chunk; `null` where none is loaded.
 *
 * @param {object} config
 * @param {() => Promise<unknown>} load
 */
const toldOf = async (config, load = async () => ({ locate: () => ({ country: "DE", confidence: 0.9 }) })) => {
  /** @type {{ country: string, confidence: number }[]} */
  const told = [];
  let loaded = false;
  const engine = {
    geo: (/** @type {string} */ country, /** @type {number} */ confidence) => told.push({ country, confidence }),
  };
  locateVisitor(engine, { run: (/** @type {unknown} */ entry) => entry }, config, () => {
    loaded = true;
    return load();
  });
  await new Promise((resolve) => setTimeout(resolve));
  return loaded ? told : null;
};

test("the table is loaded where a condition names geo or what is below it, and nowhere else", async () => {
  /** @param {object} condition */
  const when = (condition) => ({ version: 1, segments: [{ id: "s", when: condition }] });
  const here = { "geo.country": "DE" };
  /** @param {object} payload */
  const experiments = (payload) => ({ version: 1, experiments: payload });
  /** @type {[config: object, expected: boolean, why: string][]} */
  const cases = [
    [when(here), true, "a path"],
    [when({ geo: { country: "DE" } }), true, "a tree"],
    [when({ "geo.confidence": { $gt: 0.5 } }), true, "how sure alone"],
    [when({ $or: [{ "page.path": "/" }, { $not: here }] }), true, "deep inside"],
    [{ version: 1, prompts: [{ id: "p", when: here }] }, true, "a prompt"],
    [experiments({ savedGroups: { here: { condition: here } } }), true, "a saved group"],
    [experiments({ features: { f: { rules: [{ condition: here, force: 1 }] } } }), true, "a feature"],
    [experiments({ experiments: [{ key: "e", condition: JSON.stringify(here) }] }), true, "a condition as text"],
    [when({ "geometry.sides": 3, "page.geo.x": 1, geography: true }), false, "other attributes"],
    [when({ "page.title": "All about geo" }), false, "a word in a text"],
    [{ version: 1 }, false, "nothing"],
  ];
  for (const [config, expected, why] of cases) assert.equal((await toldOf(config)) != null, expected, why);
});

test("the engine is told of a country once, and of none where there is none or the chunk failed to load", async () => {
  const config = { version: 1, segments: [{ id: "s", when: { "geo.country": "DE" } }] };
  assert.deepEqual(await toldOf(config), [{ country: "DE", confidence: 0.9 }]);
  /** @type {{ [why: string]: () => Promise<unknown> }} */
  const failing = {
    "no country": async () => ({ locate: () => null }),
    "no file": () => Promise.reject(new Error("404")),
    "another file": async () => ({}),
    "no time zones": async () => ({ locate: () => Reflect.get(Intl, "nothing").at }),
  };
  for (const [why, load] of Object.entries(failing)) assert.deepEqual(await toldOf(config, load), [], why);
});

/** @param {string[]} words */
const row = (...words) => words.join("\t");
const zoneTab = [
  "# country, coordinates, zone",
  row("CH", "+4723+00832", "Europe/Zurich"),
  row("LI", "+4709+00931", "Europe/Vaduz"),
  row("IN", "+2232+08822", "Asia/Kolkata"),
  row("UA", "+4457+03406", "Europe/Simferopol", "Crimea"),
  row("KE", "-0117+03649", "Africa/Nairobi"),
  row("ER", "+1520+03853", "Africa/Asmara"),
  row("US", "+332654-1120424", "America/Phoenix"),
].join("\n");
const zone1970Tab = [
  row("CH,DE,LI", "+4723+00832", "Europe/Zurich"),
  row("KE,ER", "-0117+03649", "Africa/Nairobi"),
  row("RU,UA", "+4457+03406", "Europe/Simferopol", "Crimea"),
].join("\n");
const tzdata = [
  "# version 2030z",
  "L Europe/Zurich Europe/Vaduz",
  "L Asia/Kolkata Asia/Calcutta",
  "L Africa/Nairobi Africa/Asmara",
  "L Africa/Nairobi Africa/Asmera",
  "L America/Phoenix MST",
  "L Etc/UTC Zulu",
].join("\n");

test("the table is made of the database's files: who shares a zone, what a link means, what is left out", () => {
  assert.deepEqual(lines(places(zoneTab, zone1970Tab, tzdata)), [
    "Africa/",
    "ER Asmara Asmera",
    "KE Nairobi/2",
    "America/",
    "US Phoenix",
    "Asia/",
    "IN Calcutta Kolkata",
    "Europe/",
    "CH Zurich/3",
    "LI Vaduz",
  ]);
});
