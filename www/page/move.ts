/** Elements in another order among their siblings. Nothing leaves its parent. */

import type { Position } from "./boundary.js";
import type { AppliedChange, PlannedChange } from "./change.js";
import { named, refusedElement, refusedParent } from "./elements.js";
import { isOurRoot } from "./ours.js";
import type { Refusal } from "./refusal.js";
import { holdsFocus, isEdited, refusedLive } from "./visitor.js";

const invalid = (reason: string): Refusal => ({ reason, kind: "invalid" });

/** Chrome 133 and Firefox 144 move a node without detaching it: frames in it do not load again. */
const moveBefore = (parent: Element, moved: Node, next: Node | null): void => {
  const method = (parent as { moveBefore?: (node: Node, next: Node | null) => void }).moveBefore;
  if (typeof method == "function") method.call(parent, moved, next);
  else parent.insertBefore(moved, next);
};

const canMoveFrames = (parent: Element): boolean => "moveBefore" in parent;

const children = (parent: Element): Element[] => {
  const found: Element[] = [];
  for (let child = parent.firstElementChild; child; child = child.nextElementSibling) {
    if (!isOurRoot(child)) found.push(child);
  }
  return found;
};

const isSame = (one: readonly Element[], other: readonly Element[]): boolean =>
  one.length == other.length && one.every((element, at) => element == other[at]);

/** Of a list, what is in the other as well. */
const common = (list: readonly Element[], other: readonly Element[]): Element[] =>
  list.filter((element) => other.includes(element));

const refusalOf = (elements: readonly Element[], target: Element, position: Position): Refusal | undefined => {
  const parent = elements[0]!.parentElement;
  if (!parent) return invalid(`${named(elements[0]!)} has no siblings`);
  const isInto = position == "prepend" || position == "append";
  if (elements.some((element) => element.parentElement != parent)) return invalid("what is moved has several parents");
  if ((isInto ? target : target.parentElement) != parent) {
    return invalid(`${named(target)} is no ${isInto ? "parent" : "sibling"} of what is moved`);
  }
  if (elements.includes(target)) return invalid(`${named(target)} cannot be moved beside itself`);
  let reason = refusedParent(parent) ?? refusedLive(parent);
  for (const element of elements) {
    reason ??= refusedElement(element);
    if (!canMoveFrames(parent) && element.querySelector("iframe,object,embed")) {
      reason ??= `${named(element)} holds a frame, which this browser would load again`;
    }
  }
  if (reason !== undefined) return invalid(reason);
  const held = elements.find((element) => holdsFocus(element) || isEdited(element));
  return held && { reason: `the visitor's focus is in ${named(held)}`, kind: "busy" };
};

/** What has to be done to move the elements; nothing is done yet. */
export const planMove = (elements: readonly Element[], target: Element, position: Position): PlannedChange | Refusal =>
  refusalOf(elements, target, position) ?? {
    content: undefined,
    make: () => moveElements(elements, target, position),
  };

const moveElements = (elements: readonly Element[], target: Element, position: Position): AppliedChange => {
  const parent = elements[0]!.parentElement!;
  let original: Element[] = [];
  let arranged: Element[] = [];
  /** All nodes of the parent, in the page's order. */
  let before: ChildNode[] = [];
  let givenUp = false;

  const arrange = (): void => {
    original = children(parent);
    before = [];
    for (let node = parent.firstChild; node; node = node.nextSibling) if (!isOurRoot(node)) before.push(node);
    let next: Node | null = null;
    if (position == "before") next = target;
    else if (position == "after") next = target.nextSibling;
    else if (position == "prepend") next = parent.firstChild;
    for (const element of elements) {
      if (element == next) next = element.nextSibling;
      else moveBefore(parent, element, next);
    }
    arranged = children(parent);
  };

  /** The order in which the page's elements stand, as far as they were there when we moved them. */
  const standsLike = (order: readonly Element[]): boolean => {
    const now = common(children(parent), order);
    return isSame(now, common(order, now));
  };

  /** Whether they stand together at their place. The page may have added others. */
  const isPlaced = (): boolean => {
    const now = children(parent);
    const from = now.indexOf(elements[0]!);
    const to = from + elements.length;
    if (!isSame(now.slice(from, to), elements)) return false;
    switch (position) {
      case "before":
        return now[to] == target;
      case "after":
        return now[from - 1] == target;
      case "prepend":
        return from == 0;
      case "append":
        return to == now.length;
    }
  };

  /** New nodes of the page right before an element: a framework puts each before the next of its own order. */
  const addedBefore = (element: Element): ChildNode[] => {
    const added: ChildNode[] = [];
    let node = element.previousSibling;
    for (; node && !isOurRoot(node) && !before.includes(node); node = node.previousSibling) added.unshift(node);
    return added;
  };

  /** Puts each behind the node that it stood behind, of those that are still there. */
  const undo = (): void => {
    if (givenUp || !standsLike(arranged)) return;
    let previous: ChildNode | null = null;
    for (const node of before) {
      if (node.parentNode != parent) continue;
      if (elements.includes(node as Element) && node.previousSibling != previous) {
        moveBefore(parent, node, previous ? previous.nextSibling : parent.firstChild);
      }
      previous = node;
    }
  };

  arrange();
  return {
    isCurrent: (isMeant) => givenUp || (isMeant && (target == parent || target.parentElement == parent)),
    check: () => {
      if (givenUp || (standsLike(arranged) && isPlaced())) return false;
      if (standsLike(arranged)) {
        const added = elements.map(addedBefore);
        undo();
        added.forEach((nodes, at) => {
          for (const node of nodes) moveBefore(parent, node, elements[at]!);
        });
      } else if (!standsLike(original)) {
        // The page, or the visitor who dragged something, has an order of their own.
        givenUp = true;
        return false;
      }
      arrange();
      return true;
    },
    undo,
  };
};
