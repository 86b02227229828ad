/** What is known of the visitor, put into the texts and attributes of markup. It never becomes markup. */

import { candidatesOf, leadsTo, siteOf, WEB } from "./address.js";
import { takesValues } from "./attributes.js";
import type { Engine, Item } from "./boundary.js";
import { named } from "./elements.js";
import type { Refusal } from "./refusal.js";
import { isAddress } from "./template_markup.js";
import { attributeNames, attributeOf, isElement, walk } from "./walk.js";

export type Fill = Engine["fill"];

/** One text with placeholders in it. */
interface Place {
  readonly text: string;
  /** The attribute that has it. */
  readonly attribute: string | undefined;
  set(filled: string): void;
}

const quoted = (text: string): string => `"${text.trim().slice(0, 80)}"`;

/** The sites that an attribute leads to. */
const sites = (name: string, value: string): (string | undefined)[] =>
  (name.endsWith("srcset") ? candidatesOf(value) : [value]).map(siteOf);

/** Fields of an item that are addresses. */
const ADDRESS_FIELD = /\{\{\s*(url|image)\b/g;

/** The sites of the item's own addresses that a text names: the config or the page says them. Only those of the web. */
const sitesOfItem = (text: string, item: Item = {}): (string | undefined)[] =>
  [...text.matchAll(ADDRESS_FIELD)].map(([, field = ""]) => {
    const address = String(Object.getOwnPropertyDescriptor(item, field)?.value ?? "");
    return leadsTo(address, WEB) ? siteOf(address) : undefined;
  });

/**
 * Whether a filled address leads to the page's own site, to the one that is written out before the first
 * placeholder, or to one of the item. A value from the address bar or the data layer must not name the site.
 */
const isSameSite = (name: string, text: string, filled: string, item?: Item): boolean => {
  const written = sites(name, text.replace(/\{\{[^]*?\}\}/g, "x"));
  const allowed = new Set([...written, siteOf(document.baseURI), ...sitesOfItem(text, item)]);
  return sites(name, filled).every((site) => site !== undefined && allowed.has(site));
};

/** The texts with placeholders in a fragment, or why one must not have any. */
const placesIn = (fragment: DocumentFragment): Place[] | Refusal => {
  const places: Place[] = [];
  const refusal = walk<Refusal>(fragment, (node) => {
    if (!isElement(node)) {
      if (!node.data.includes("{{")) return undefined;
      if (node.parentElement?.localName == "style") {
        return { reason: `${quoted(node.data)} is not filled: it is CSS`, kind: "invalid" };
      }
      places.push({
        text: node.data,
        attribute: undefined,
        set: (filled) => {
          node.data = filled;
        },
      });
      return undefined;
    }
    for (const name of attributeNames(node)) {
      const text = attributeOf(node, name);
      if (!text.includes("{{")) continue;
      if (!takesValues(node, name)) {
        return { reason: `${name}=${quoted(text)} is not filled on ${named(node)}`, kind: "invalid" };
      }
      places.push({
        text,
        attribute: name,
        set: (filled) => Element.prototype.setAttribute.call(node, name, filled),
      });
    }
    return undefined;
  });
  return refusal ?? places;
};

/** Fills a fragment; `undefined` where that is done. The attributes have to be judged afterwards. */
export const fillIn = (fragment: DocumentFragment, fill: Fill, item?: Item): Refusal | undefined => {
  const places = placesIn(fragment);
  if (!Array.isArray(places)) return places;
  if (!places.length) return undefined;
  const filled = fill(
    places.map(({ text }) => text),
    item,
  );
  for (let at = 0; at < places.length; at++) {
    const { text, attribute, set } = places[at]!;
    const value = filled[at];
    if (value === undefined) return { reason: `there is no value for ${quoted(text)}`, kind: "unknown" };
    // A framework of the page may take it for an expression.
    if (value.includes("{{"))
      return { reason: `the value for ${quoted(text)} has placeholders in it`, kind: "unknown" };
    if (attribute !== undefined && isAddress(attribute) && !isSameSite(attribute, text, value, item)) {
      return { reason: `the value for ${quoted(text)} leads to another site`, kind: "invalid" };
    }
    set(value);
  }
  return undefined;
};
