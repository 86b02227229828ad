/** What the panel says: in the language of the page, else of the browser, with the site's own texts and names. */

import type { PanelTexts } from "./panel_loader.js";
import { de } from "./texts/de.js";
import { en, type Texts } from "./texts/en.js";
import { es } from "./texts/es.js";
import { fr } from "./texts/fr.js";

/** By language; the first is taken where none is wanted. */
const OWN = new Map<string, Texts>([
  ["en", en],
  ["de", de],
  ["fr", fr],
  ["es", es],
]);

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|iw|ks|ku|ps|sd|ug|ur|yi)\b/;

/** The words of one language. */
export interface Words {
  /** Its tag. */
  readonly language: string;
  /** The direction in which it is written. */
  readonly direction: "ltr" | "rtl";
  /** A text, with the values of its `{placeholders}`. */
  say(text: keyof Texts, values?: { readonly [name: string]: string }): string;
  /** The name of what the config calls by one of these ids: of the first that has one, else the last id, legibly. */
  name(...ids: readonly [string, ...string[]]): string;
  percent(share: number): string;
  number(count: number): string;
  /** A day, given as milliseconds since 1970. */
  day(at: number): string;
}

/** `de-AT` and `de` for `de-AT`: what is looked for, in this order. Source: RFC 4647, section 3.4. */
const rangesOf = (language: string): string[] => {
  const subtags = language.toLowerCase().split("-");
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
};

/** The tag among those that there are for the first language that has one. */
const lookUp = (wanted: readonly string[], there: readonly string[]): string => {
  for (const language of wanted) {
    const ranges = rangesOf(language);
    const primary = ranges[ranges.length - 1];
    const found =
      ranges.flatMap((range) => there.filter((tag) => tag.toLowerCase() == range))[0] ??
      there.find((tag) => rangesOf(tag).includes(primary ?? ""));
    if (found) return found;
  }
  return "en";
};

/** The own properties of an object, by key in small letters: what a page puts on `Object.prototype` is no text. */
const byLanguage = <Value>(texts: { readonly [language: string]: Value } | undefined): Map<string, Value> =>
  new Map(Object.entries(texts ?? {}).map(([language, value]) => [language.toLowerCase(), value]));

const ownProperty = (texts: { readonly [key: string]: string } | undefined, key: string): string | undefined =>
  texts && Object.prototype.hasOwnProperty.call(texts, key) ? texts[key] : undefined;

export const createWords = (site: PanelTexts): Words => {
  const [texts, names] = [byLanguage(site.texts), byLanguage(site.names)];
  const there = [...OWN.keys(), ...Object.keys(site.texts ?? {})];
  const language = lookUp([document.documentElement.lang, ...navigator.languages].filter(Boolean), there);
  const ranges = rangesOf(language);
  const find = (text: keyof Texts): string => {
    for (const range of [...ranges, "en"]) {
      const found = ownProperty(texts.get(range), text) ?? OWN.get(range)?.[text];
      if (found !== undefined) return found;
    }
    return en[text];
  };
  const nameOf = (id: string): string | undefined => {
    const found = ranges.map((range) => ownProperty(names.get(range), id));
    return found.find((name) => name !== undefined);
  };
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const number = new Intl.NumberFormat(language);
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  return {
    language,
    direction: RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr",
    say: (text, values = {}) =>
      find(text).replace(/\{(\w+)\}/g, (all, name: string) => ownProperty(values, name) ?? all),
    name: (...ids) => {
      const [named] = ids.map(nameOf).filter((name) => name !== undefined);
      const last = (ids[ids.length - 1] ?? "").replace(/[_-]+/g, " ");
      return named ?? last.charAt(0).toLocaleUpperCase(language) + last.slice(1);
    },
    percent: (share) => percent.format(share),
    number: (count) => number.format(count),
    day: (at) => day.format(at),
  };
};
