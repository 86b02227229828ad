/** Which elements of the page are a slot's: by its name, or by the target that the config gives. */

import type { DeclaredSlot } from "../page/boundary.js";

/** What a selector matches; nothing where it is none. */
export const matching = (selector: string, root: ParentNode = document): readonly Element[] => {
  try {
    return [...root.querySelectorAll(selector)];
  } catch {
    return [];
  }
};

/** The name that an element has as a slot. */
export const slotName = (element: Element): string | null =>
  element.getAttribute("data-tb-slot") ?? (element.localName == "tb-slot" ? element.getAttribute("name") : null);

/** The elements that name the slot, as `data-tb-slot` or `<tb-slot>`. */
const named = (slot: string): readonly Element[] =>
  matching("[data-tb-slot],tb-slot[name]").filter((element) => slotName(element) == slot);

/** The slot whose element this is: that which it names, else the first whose target it is. */
const ownerOf = (element: Element, slots: readonly DeclaredSlot[]): string | undefined => {
  const name = slotName(element);
  if (slots.some(({ id }) => id == name)) return name ?? undefined;
  return slots.find(({ target }) => target && target != ":root" && element.matches(target))?.id;
};

/** The elements of a slot, in the order of the page. */
export const elementsOf = (slot: DeclaredSlot, slots: readonly DeclaredSlot[]): readonly Element[] => {
  const { id, target } = slot;
  if (target == ":root") return [document.documentElement];
  const targeted = target ? matching(target).filter((element) => ownerOf(element, slots) == id) : [];
  return [...new Set([...named(id), ...targeted])];
};

/** The other slot that has the elements which this one's target matches; `undefined` where none has. */
export const rivalOf = ({ id, target }: DeclaredSlot, slots: readonly DeclaredSlot[]): string | undefined => {
  if (!target || target == ":root") return undefined;
  const [owner] = matching(target).map((element) => ownerOf(element, slots));
  return owner == id ? undefined : owner;
};

/** The longest beginning of a selector that matches something; `""` where none does. */
export const matchingPart = (selector: string): string => {
  let part = "";
  // Cut at blanks and combinators; what stands in brackets is cut as well, and then is no selector.
  for (const { index } of selector.matchAll(/\s*[\s>+~]\s*/g)) {
    const beginning = selector.slice(0, index);
    if (beginning && matching(beginning).length) part = beginning;
  }
  return part;
};
