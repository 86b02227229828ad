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

import { carriesText, isBlank, isCustom, named, refusedText } from "./elements.js";
import { isRefusal } from "./refusal.js";

const EMPHASIS = new Set(["b", "cite", "em", "i", "mark", "q", "s", "strong", "u"]);
// prettier-ignore
const INLINE = new Set([
  "a", "abbr", "bdi", "bdo", "code", "data", "del", "dfn", "font", "ins", "kbd", "ruby", "samp", "small", "span",
  "sub", "sup", "time", "var",
]);

const isInline = (element: Element): boolean => EMPHASIS.has(element.localName) || INLINE.has(element.localName);

const childElements = (holder: Element): Element[] => {
  const found: Element[] = [];
  for (let child = holder.firstElementChild; child; child = child.nextElementSibling) found.push(child);
  return found;
};

const textNodes = (holder: Element): Text[] => {
  const found: Text[] = [];
  for (let child = holder.firstChild; child; child = child.nextSibling) {
    if (child.nodeType == Node.TEXT_NODE) found.push(child as Text);
  }
  return found;
};

const joined = (nodes: readonly Text[]): string => nodes.map((node) => node.data).join("");

const isBefore = (one: Node, other: Node): boolean =>
  !!(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

/** Why text is not changed here: it never can be, or the visitor is writing just there. */
export interface TextRefusal {
  readonly reason: string;
  readonly kind: "invalid" | "busy";
}

/** Where the text of an element goes. */
interface Place {
  /** The element whose own text changes. */
  readonly holder: Element;
  /** Own text nodes that are not blank; the first is rewritten. */
  readonly nodes: readonly Text[];
  /** Whether the holder's text is in several inline children, which are hidden. */
  readonly inChildren: boolean;
}

const never = (reason: string): TextRefusal => ({ reason, kind: "invalid" });

const placeOf = (element: Element): Place | TextRefusal => {
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

/** The display of an element before we hid it. */
interface Hidden {
  readonly element: HTMLElement;
  readonly attribute: string | null;
  readonly display: string;
  readonly priority: string;
}

const isHiddenByUs = ({ style }: HTMLElement): boolean =>
  style.getPropertyValue("display") == "none" && style.getPropertyPriority("display") == "important";

const hide = (element: HTMLElement): Hidden => {
  const { style } = element;
  const before = {
    element,
    attribute: element.getAttribute("style"),
    display: style.getPropertyValue("display"),
    priority: style.getPropertyPriority("display"),
  };
  // By script a style may be set under every content security policy. A `hidden` attribute would
  // lose against the `display` of any style sheet.
  style.setProperty("display", "none", "important");
  return before;
};

const unhide = ({ element, attribute, display, priority }: Hidden): void => {
  if (!isHiddenByUs(element)) return;
  const { style } = element;
  if (display) style.setProperty("display", display, priority);
  else style.removeProperty("display");
  // Chromium removes the attribute only once it was read.
  if (attribute === null && element.getAttribute("style") === "") element.removeAttribute("style");
};

/** Whether the visitor is editing text in the element: there every change would take the caret away. */
const isEdited = (element: Element): boolean => {
  const active = document.activeElement as HTMLElement | null;
  if (!active?.isContentEditable || !(element as HTMLElement).isContentEditable) return false;
  return active.contains(element) || element.contains(active);
};

/** One text node of the page with what it held before. */
interface Part {
  readonly node: Text;
  readonly original: string;
  readonly value: string;
}

/** A text that was put into an element, and what the page had there. */
export interface TextChange {
  /** The element whose own text was changed: the given one, or one within it. */
  readonly holder: Element;
  /** Whether `holder` is still where the text of the element is. */
  isCurrent(): boolean;
  /**
   * Looks at what became of it. Where the page restored its original the text is written again, and
   * the result is `true`. Where anybody wrote something else that stays, for good.
   */
  check(): boolean;
  undo(): void;
}

/**
 * What has to be done to give `element` this text; nothing is done yet. `addressed` are elements whose
 * own text the same variant changes: those are not hidden.
 */
export const planText = (
  element: Element,
  text: string,
  addressed: ReadonlySet<Element>,
): { readonly holder: Element; write(): TextChange } | TextRefusal => {
  const place = placeOf(element);
  if (isRefusal(place)) return place;
  const { holder } = place;
  if (isEdited(holder)) return { reason: `the visitor is editing ${named(holder)}`, kind: "busy" };
  const active = document.activeElement;
  if (active && toHide(place, addressed).some((child) => child.contains(active))) {
    return { reason: `the visitor's focus is in ${named(holder)}`, kind: "busy" };
  }
  return { holder, write: () => writeText(element, text, place, addressed) };
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

const writeText = (element: Element, text: string, at: Place, addressed: ReadonlySet<Element>): TextChange => {
  const { holder } = at;
  let place = at;
  let original = "";
  let parts: Part[] = [];
  let hidden: Hidden[] = [];
  let created: Text | undefined;
  /** Somebody else has changed the text since: it is theirs. */
  let givenUp = false;

  /** Elements that we hid and somebody else showed again. */
  const shownAgain = new WeakSet<Element>();

  const ownText = (): string => joined(textNodes(holder).filter((node) => node != created));
  const allText = (): string => (place.inChildren ? holder.textContent : ownText());

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
      for (const { node, value } of parts) if (node.data != value) node.data = value;
    } else {
      parts = [];
      holder.append((created = document.createTextNode(text)));
    }
  };
  const isHiddenChild = (child: Element): boolean => hidden.some(({ element }) => element == child);

  const undo = (): void => {
    for (const { node, original, value } of parts) if (node.data == value) node.data = original;
    hidden.forEach(unhide);
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
    hidden.forEach(unhide);
    place = next;
    write();
    return true;
  };

  const check = (): boolean => {
    if (givenUp || !holder.isConnected) return false;

    hidden = hidden.filter(({ element, attribute }) => {
      if (element.parentNode == holder && isHiddenByUs(element)) return true;
      // A framework may have restored the attribute; any other way to show it is somebody's wish.
      if ((element.getAttribute("style") ?? "") != (attribute ?? "")) shownAgain.add(element);
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
      node.data = value;
      restored = true;
    }
    return restored;
  };

  write();
  return {
    holder,
    isCurrent: () => holder == element || element.contains(holder),
    check,
    undo,
  };
};
