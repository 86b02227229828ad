/** The items of a prompt: a list of cards, each with a picture, a name and a price, as far as the catalog has them. */

import { leadsTo, WEB } from "../page/address.js";
import type { Item } from "../page/boundary.js";
import type { Fill } from "../page/placeholders.js";
import { addListener } from "../loader/record.js";

const TEXTS = ["{{ item_name }}", "{{ price | currency }}", "{{ url }}", "{{ image }}"];

/** An element of a card, which a site can style as that part. A part may stand in several cards, so it has no id. */
const part = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  called: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  element.className = called;
  element.setAttribute("part", called);
  element.append(...content);
  return element;
};

/** The place for the picture of an item, empty where it has none. Its name stands beside it, so it has no other text. */
const pictureOf = (src: string | undefined): HTMLElement => {
  const frame = part("span", "item-image");
  if (src && leadsTo(src, WEB)) {
    const picture = document.createElement("img");
    picture.alt = "";
    addListener(picture, "error", () => picture.remove());
    picture.src = src;
    frame.append(picture);
  }
  return frame;
};

/** What stands on a card; `undefined` for what the catalog does not say. */
type Texts = readonly (string | undefined)[];

/** The card of one item. `follow` is called when the visitor goes to its page. */
const makeCard = ([name = "", price, url, image]: Texts, hasPicture: boolean, follow: () => void): HTMLElement => {
  const card = part(url && leadsTo(url, WEB) ? "a" : "span", "item");
  if (hasPicture) card.append(pictureOf(image));
  card.append(part("span", "item-name", name), ...(price ? [part("span", "item-price", price)] : []));
  if (card instanceof HTMLAnchorElement && url) {
    card.href = url;
    addListener(card, "click", follow);
  }
  return card;
};

/** The list of all items that have a name; `undefined` where none has. */
export const makeCards = (items: readonly Item[], fill: Fill, follow: () => void): HTMLElement | undefined => {
  const named = items.map((item): Texts => fill(TEXTS, item)).filter(([name]) => name);
  // Where one of them has a picture, all keep the room for it, so that their names stand side by side.
  const hasPictures = named.some(([, , , image]) => image);
  const list = part(
    "ul",
    "items",
    ...named.map((texts) => part("li", "item-place", makeCard(texts, hasPictures, follow))),
  );
  // Safari takes a list without bullets for none.
  list.setAttribute("role", "list");
  return named.length ? list : undefined;
};
