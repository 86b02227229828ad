/** Nodes that a variant adds beside an element of the page, or at the beginning or end of its content. */

import type { Position } from "./boundary.js";
import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { named, refusedParent } from "./elements.js";
import { nodesOf, type Content } from "./fragment.js";
import { isOurRoot } from "./ours.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { isEdited, refusedLive } from "./visitor.js";

const isBeside = (position: Position): boolean => position == "before" || position == "after";

/** Where a node at this position goes: into this element, before this node. What variants put there stays in order. */
const placeAt = (
  element: Element,
  position: Position,
): { readonly parent: Element; readonly next: Node | null } | undefined => {
  const parent = isBeside(position) ? element.parentElement : element;
  if (!parent) return undefined;
  if (position == "append") return { parent, next: null };
  if (position == "before") return { parent, next: element };
  let next = position == "after" ? element.nextSibling : element.firstChild;
  while (next && isOurRoot(next)) next = next.nextSibling;
  return { parent, next };
};

/** The next element of the page from a node of ours, in one direction. */
const neighbour = (from: Node, side: "previousSibling" | "nextSibling"): Element | null => {
  let node = from[side];
  while (node && (isOurRoot(node) || !(node instanceof Element))) node = node[side];
  return node;
};

/** What has to be done to add this content; nothing is done yet. */
export const planInsert = (element: Element, position: Position, content: Content): PlannedChange | Refusal => {
  const place = placeAt(element, position);
  const reason = place
    ? (refusedParent(place.parent) ?? refusedLive(place.parent))
    : `there is nothing around ${named(element)}`;
  if (reason !== undefined || !place) return { reason: reason ?? "", kind: "invalid" };
  if (isEdited(place.parent)) return { reason: `the visitor is editing ${named(place.parent)}`, kind: "busy" };
  const fragment = content();
  if (isRefusal(fragment)) return fragment;
  return { content: undefined, make: () => insertAt(element, position, fragment) };
};

const insertAt = (element: Element, position: Position, fragment: DocumentFragment): AppliedChange => {
  const nodes = nodesOf(fragment);
  const insert = (): void => {
    const place = placeAt(element, position);
    if (place) for (const node of nodes) place.parent.insertBefore(node, place.next);
  };
  const isInPlace = (): boolean => {
    const parent = isBeside(position) ? element.parentElement : element;
    if (nodes.some((node) => node.parentNode != parent)) return false;
    // The page may have put its elements into another order. What it adds at the end may stand there.
    if (position == "before") return neighbour(nodes[nodes.length - 1]!, "nextSibling") == element;
    return position != "after" || neighbour(nodes[0]!, "previousSibling") == element;
  };

  insert();
  return {
    isCurrent: always,
    check: () => {
      if (!nodes.length || !element.isConnected || isInPlace()) return false;
      for (const node of nodes) node.remove();
      insert();
      return true;
    },
    undo: () => {
      for (const node of nodes) node.remove();
    },
  };
};
