/**
 * Items in the place of what an element holds: for each a copy of a `<template>` of the page, filled with what the
 * catalog says of the item.
 *
 * What assistive technology announces as a list stays one: the items of a `<ul>` are what the template says, anywhere
 * else they get the role.
 */

import type { Item } from "./boundary.js";
import { templateAt, templateContent, type Content } from "./fragment.js";
import { isOurs } from "./ours.js";
import type { Fill } from "./placeholders.js";
import { isRefusal, type Refusal } from "./refusal.js";

/** Is told the id of an item that is not shown, and why. */
export type LeftOut = (item: string, reason: string) => void;

/** Where items go. */
export interface Place {
  /** The element whose content they replace. */
  readonly host: Element;
  readonly template: Element;
  /** Whether it needs no role to be a list. One that the page has given it stands. */
  readonly isList: boolean;
}

/** The first template for items in an element of a slot. */
const ownTemplate = (element: Element): Element | undefined => {
  const list = element.querySelectorAll("template[data-tb-item]");
  for (let at = 0; at < list.length; at++) if (!isOurs(list[at]!)) return list[at];
  return undefined;
};

/** Whether it is a list by its element. */
const isListElement = (host: Element): boolean => host.matches("ul,ol,menu");

/**
 * Where the items of a slot go: into the element that holds the template, or into the slot's own where the template is
 * somewhere else. `selector` finds the template in the document; without one it is in the slot.
 */
export const findPlace = (element: Element, selector: string | null): Place | Refusal => {
  const template = selector === null ? ownTemplate(element) : templateAt(selector);
  if (!template) {
    const reason = selector === null ? "there is no <template data-tb-item>" : `nothing matches "${selector}"`;
    return { reason, kind: "missing" };
  }
  const host = (element.contains(template) && template.parentElement) || element;
  return { host, template, isList: isListElement(host) || host.hasAttribute("role") };
};

/** The copy for one item. */
const copyFor = (template: Element, item: Item, fill: Fill): DocumentFragment | Refusal => {
  const copy = templateContent(() => template, "", fill, item)();
  if (isRefusal(copy)) return copy;
  // A framework that renders a <template> may have put its content beside the place where the platform looks for it.
  if (!copy.firstElementChild) return { reason: "the <template> for items is empty", kind: "invalid" };
  return copy;
};

/** The id that the catalog gives an item. */
const idOf = (item: Item): string => String(Object.getOwnPropertyDescriptor(item, "item_id")?.value ?? "");

/** The nodes of all items that can be filled; a refusal where none can. */
export const itemsContent =
  ({ host, template }: Place, items: readonly Item[], fill: Fill, leftOut: LeftOut): Content =>
  () => {
    const needsRole = !isListElement(host) && (host.getAttribute("role") ?? "list") == "list";
    const copies: DocumentFragment[] = [];
    let refusal: Refusal | undefined;
    for (const item of items) {
      const copy = copyFor(template, item, fill);
      if (isRefusal(copy)) {
        refusal ??= copy;
        leftOut(idOf(item), copy.reason);
        continue;
      }
      // What is further down is fetched when the visitor gets there.
      const pictures = copy.querySelectorAll("img:not([loading])");
      for (let at = 0; at < pictures.length; at++) pictures[at]!.setAttribute("loading", "lazy");
      for (let top = copy.firstElementChild; needsRole && top; top = top.nextElementSibling) {
        if (!top.hasAttribute("role")) top.setAttribute("role", "listitem");
      }
      copies.push(copy);
    }
    const [first, ...others] = copies;
    if (!first) return refusal ?? { reason: "there are no items", kind: "invalid" };
    first.append(...others);
    return first;
  };
