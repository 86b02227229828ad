/**
 * Another picture in an `<img>`. All that decides which file is shown changes together: with a `srcset` or a
 * `<source>` of the old picture the browser would go on showing that.
 */

import { refusedAttribute, setAttribute, type AttributeChange } from "./attributes.js";
import type { Image } from "./boundary.js";
import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { isHtml, named } from "./elements.js";
import type { Refusal } from "./refusal.js";

/** Matches no medium, so the browser passes the source over. */
const NEVER = "not all";

/** The attributes to set, or to remove where the value is `null`. */
export const attributesOf = ({
  src,
  srcset,
  sizes,
  alt,
  width,
  height,
}: Image): [name: string, value: string | null][] => {
  const described: [name: string, value: string | null][] = [
    ["alt", alt],
    ["width", width],
    ["height", height],
  ];
  return [["srcset", srcset], ["sizes", sizes], ...described.filter(([, value]) => value !== null), ["src", src]];
};

const sourcesOf = (element: Element): Element[] => {
  const found: Element[] = [];
  const picture = element.parentElement;
  if (picture?.localName != "picture") return found;
  for (let child = picture.firstElementChild; child; child = child.nextElementSibling) {
    if (child.localName == "source") found.push(child);
  }
  return found;
};

/** Puts attributes back into an order: one that was removed and comes back stands last. */
const inOrder = (element: Element, names: readonly string[]): void => {
  const now = element.getAttributeNames();
  const from = names.findIndex((name, at) => name != now[at]);
  // The page has added or removed some meanwhile.
  if (from < 0 || now.length != names.length || names.some((name) => !now.includes(name))) return;
  for (const name of names.slice(from)) {
    const attribute = element.getAttributeNode(name);
    if (attribute) element.setAttributeNode(element.removeAttributeNode(attribute));
  }
};

/** What has to be done to show this picture; nothing is done yet. */
export const planImage = (element: Element, image: Image): PlannedChange | Refusal => {
  if (!isHtml(element) || element.localName != "img") {
    return { reason: `${named(element)} is no <img>`, kind: "invalid" };
  }
  for (const [name, value] of attributesOf(image)) {
    const reason = value === null ? undefined : refusedAttribute(element, name, value);
    if (reason !== undefined) return { reason, kind: "invalid" };
  }
  return { content: element, make: () => showImage(element, image) };
};

const showImage = (element: Element, image: Image): AppliedChange => {
  const sources = new Map<Element, AttributeChange>();
  const passOver = (): void => {
    for (const source of sourcesOf(element)) {
      if (!sources.has(source)) sources.set(source, setAttribute(source, "media", NEVER));
    }
  };
  passOver();
  const names = element.getAttributeNames();
  const changes = attributesOf(image).map(([name, value]) => setAttribute(element, name, value));
  let givenUp = false;
  const undo = (): void => {
    for (const change of [...changes].reverse()) change.undo();
    inOrder(element, names);
    for (const change of sources.values()) change.undo();
    sources.clear();
  };
  return {
    isCurrent: always,
    check: (records) => {
      if (givenUp) return false;
      let again = false;
      for (const change of [...changes, ...sources.values()]) if (change.check(records)) again = true;
      if (changes.every((change) => change.stands())) {
        passOver();
        return again;
      }
      // Part of one picture and part of another would be neither.
      givenUp = true;
      undo();
      return false;
    },
    undo,
  };
};
