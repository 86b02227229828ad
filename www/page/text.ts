/**
 * Text of an element, changed without detaching a node the page made: frameworks keep references
 * to the nodes they created and fail, or freeze, when one is gone.
 *
 * - Where the element has text of its own, its first text node that is not blank is rewritten and the
 *   others are emptied. Icons, pictures, controls and badges stay. Elements that are part of the
 *   sentence (`Gear for <em>every</em> trail`) are hidden: those between two of the text nodes, and
 *   emphasis such as `<em>` and `<strong>` anywhere.
 * - Where all text is in one child element, as in `<a><span>Boots</span></a>`, that child is rewritten.
 * - Where all text is in several inline children, as in a headline that is animated word by word, those
 *   are hidden and a text node of ours is added. Several blocks (`<section>` with heading and paragraph)
 *   are refused.
 * - An element without any text is given a text node of ours.
 */

import type { AppliedChange, PlannedChange } from "./change.js";
import { carriesText, isBlank, isCustom, named, refusedText } from "./elements.js";
import { isOurRoot } from "./ours.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { hide, type StyleChange } from "./style.js";
import { holdsFocus, isEdited, refusedLive } from "./visitor.js";

const EMPHASIS = new Set(["b", "cite", "em", "i", "mark", "q", "s", "strong", "u"]);
// prettier-ignore
const INLINE = new Set([
  "a", "abbr", "bdi", "bdo", "code", "data", "del", "dfn", "font", "ins", "kbd", "ruby", "samp", "small", "span",
  "sub", "sup", "time", "var",
]);

const isInline = (element: Element): boolean => EMPHASIS.has(element.localName) || INLINE.has(element.localName);

const childElements = (holder: Element): Element[] => {
  const found: Element[] = [];
  for (let child = holder.firstElementChild; child; child = child.nextElementSibling) {
    if (!isOurRoot(child)) found.push(child);
  }
  return found;
};

const textNodes = (holder: Element): Text[] => {
  const found: Text[] = [];
  for (let child = holder.firstChild; child; child = child.nextSibling) {
    if (child.nodeType == Node.TEXT_NODE && !isOurRoot(child)) found.push(child as Text);
  }
  return found;
};

/** All text in an element, but for what variants have put in. */
const textIn = (holder: Element): string => {
  let text = "";
  for (let child = holder.firstChild; child; child = child.nextSibling) {
    if (isOurRoot(child)) continue;
    if (child.nodeType == Node.TEXT_NODE || child.nodeType == Node.ELEMENT_NODE) text += child.textContent ?? "";
  }
  return text;
};

/**
 * Gives a node another text. Chromium counts a layout shift where text that was painted begins at another place, as
 * centred text does that gets shorter. What was empty in between is new to it, and new text is no shift.
 */
const rewrite = (node: Text, text: string): void => {
  if (node.data == text) return;
  node.data = "";
  node.data = text;
};

const joined = (nodes: readonly Text[]): string => nodes.map((node) => node.data).join("");

const isBefore = (one: Node, other: Node): boolean =>
  !!(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

/** Where the text of an element goes. */
interface Place {
  /** The element whose own text changes. */
  readonly holder: Element;
  /** Own text nodes that are not blank; the first is rewritten. */
  readonly nodes: readonly Text[];
  /** Whether the holder's text is in several inline children, which are hidden. */
  readonly inChildren: boolean;
}

const never = (reason: string): Refusal => ({ reason, kind: "invalid" });

const placeOf = (element: Element): Place | Refusal => {
  for (let holder = element; ;) {
    const refused = refusedText(holder);
    if (refused) return never(refused);
    const nodes = textNodes(holder).filter((node) => !isBlank(node.data));
    if (nodes.length) return { holder, nodes, inChildren: false };
    const children = childElements(holder);
    const custom = children.find((child) => isCustom(child) && !isBlank(child.textContent));
    if (custom)
      return never(`the text of ${named(element)} is in ${named(custom)}, a custom element that owns its content`);
    const [first, ...more] = children.filter(carriesText);
    if (!first) return { holder, nodes, inChildren: false };
    if (more.length) {
      if (isInline(first) && more.every(isInline)) return { holder, nodes, inChildren: true };
      return never(`${named(holder)} holds several elements with text: name one of them in the selector`);
    }
    holder = first;
  }
};

/** One text node of the page with what it held before. */
interface Part {
  readonly node: Text;
  readonly original: string;
  readonly value: string;
}

/**
 * What has to be done to give `element` this text; nothing is done yet. `addressed` are elements whose
 * own text the same variant changes: those are not hidden.
 */
export const planText = (element: Element, text: string, addressed: ReadonlySet<Element>): PlannedChange | Refusal => {
  const live = refusedLive(element);
  if (live) return never(live);
  const place = placeOf(element);
  if (isRefusal(place)) return place;
  const { holder } = place;
  if (isEdited(holder)) return { reason: `the visitor is editing ${named(holder)}`, kind: "busy" };
  if (toHide(place, addressed).some(holdsFocus)) {
    return { reason: `the visitor's focus is in ${named(holder)}`, kind: "busy" };
  }
  return { content: holder, make: () => writeText(element, text, place, addressed) };
};

/** The child elements that are part of the old text. */
const toHide = ({ holder, nodes, inChildren }: Place, addressed: ReadonlySet<Element>): HTMLElement[] => {
  const first = nodes[0];
  const last = nodes[nodes.length - 1];
  const isPart = (child: Element): boolean =>
    inChildren ||
    EMPHASIS.has(child.localName) ||
    (isInline(child) && !!first && !!last && isBefore(first, child) && isBefore(child, last));
  const isAddressed = (child: Element): boolean => {
    for (const target of addressed) if (child.contains(target)) return true;
    return false;
  };
  return childElements(holder).filter(
    (child) => carriesText(child) && isPart(child) && !isAddressed(child),
  ) as HTMLElement[];
};

const writeText = (element: Element, text: string, at: Place, addressed: ReadonlySet<Element>): AppliedChange => {
  const { holder } = at;
  let place = at;
  let original = "";
  let parts: Part[] = [];
  let hidden: StyleChange[] = [];
  let created: Text | undefined;
  /** Somebody else has changed the text since: it is theirs. */
  let givenUp = false;

  /** Elements that we hid and somebody else showed again. */
  const shownAgain = new WeakSet<Element>();

  const ownText = (): string => joined(textNodes(holder).filter((node) => node != created));
  const allText = (): string => (place.inChildren ? textIn(holder) : ownText());

  const hideParts = (): boolean => {
    const more = toHide(place, addressed).filter(
      (child) => !shownAgain.has(child) && !hidden.some(({ element }) => element == child),
    );
    hidden.push(...more.map(hide));
    return more.length > 0;
  };

  const write = (): void => {
    original = allText();
    const [first, ...others] = place.nodes;
    hidden = [];
    hideParts();
    if (first) {
      // White space next to an icon or a badge belongs to the layout.
      const before = first.previousElementSibling && !isHiddenChild(first.previousElementSibling);
      const after = first.nextElementSibling && !isHiddenChild(first.nextElementSibling);
      const value = (before ? /^\s*/.exec(first.data)![0] : "") + text + (after ? /\s*$/.exec(first.data)![0] : "");
      parts = [{ node: first, original: first.data, value }];
      for (const node of others) parts.push({ node, original: node.data, value: "" });
      for (const { node, value } of parts) rewrite(node, value);
    } else {
      parts = [];
      holder.append((created = document.createTextNode(text)));
    }
  };
  const isHiddenChild = (child: Element): boolean => hidden.some(({ element }) => element == child);

  const undo = (): void => {
    for (const { node, original, value } of parts) if (node.data == value) rewrite(node, original);
    for (const change of hidden) change.undo();
    if (created && created.data == text) created.remove();
    parts = [];
    hidden = [];
    created = undefined;
  };

  /** What the page or the visitor wrote stays; what is left of our text would only mix with it. */
  const giveUp = (): false => {
    givenUp = true;
    // In an editor the other nodes are part of what is being edited.
    if (!(holder as HTMLElement).isContentEditable) undo();
    return false;
  };

  const writeAgain = (): boolean => {
    const next = placeOf(element);
    if (isRefusal(next) || next.holder != holder || isEdited(holder)) return giveUp();
    if (created?.data == text) created.remove();
    created = undefined;
    for (const change of hidden) change.undo();
    place = next;
    write();
    return true;
  };

  const check = (): boolean => {
    if (givenUp || !holder.isConnected) return false;

    hidden = hidden.filter((change) => {
      if (change.element.parentNode == holder && change.stands()) return true;
      // A framework may have restored the style; any other way to show it is somebody's wish.
      if (!change.isRestored()) shownAgain.add(change.element);
      change.undo();
      return false;
    });

    const foreign = textNodes(holder).some(
      (node) => node != created && !isBlank(node.data) && !parts.some((part) => part.node == node),
    );

    if (!parts.length) {
      const missing = created?.parentNode != holder;
      const filled = foreign || (!place.inChildren && childElements(holder).some(carriesText));
      if (!missing && !filled && created?.data == text) return hideParts();
      return missing && allText() == original ? writeAgain() : giveUp();
    }

    // A framework may remove a node that we only emptied.
    parts = parts.filter(({ node, value }) => value || node.parentNode == holder);
    const missing = parts.some(({ node }) => node.parentNode != holder);
    if (missing || foreign) return missing && ownText() == original ? writeAgain() : giveUp();
    if (parts.some(({ node, original, value }) => node.data != value && node.data != original)) return giveUp();
    let restored = hideParts();
    for (const { node, value } of parts) {
      if (node.data == value) continue;
      rewrite(node, value);
      restored = true;
    }
    return restored;
  };

  write();
  return {
    isCurrent: () => holder == element || element.contains(holder),
    check,
    undo,
  };
};
