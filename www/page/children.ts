/**
 * Other content for an element. What the page put into it stays attached: its elements are hidden, its texts
 * emptied, and our nodes stand at its end. Frameworks keep references to the nodes they made.
 */

import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { isBlank, isUntouched, named, refusedContent } from "./elements.js";
import { nodesOf, type Content } from "./fragment.js";
import { isOurRoot } from "./ours.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { hide, type StyleChange } from "./style.js";
import { holdsFocus, isEdited, refusedLive } from "./visitor.js";

/** What has to be done to show this content in the element instead of its own; nothing is done yet. */
export const planContent = (element: Element, content: Content): PlannedChange | Refusal => {
  const reason = refusedContent(element) ?? refusedLive(element);
  if (reason !== undefined) return { reason, kind: "invalid" };
  if (isEdited(element)) return { reason: `the visitor is editing ${named(element)}`, kind: "busy" };
  // On the element itself the focus may stay.
  if (holdsFocus(element) && document.activeElement != element) {
    return { reason: `the visitor's focus is in ${named(element)}`, kind: "busy" };
  }
  const fragment = content();
  if (isRefusal(fragment)) return fragment;
  return { content: element, make: () => replaceContent(element, fragment) };
};

/** An emptied text of the page. */
interface Emptied {
  readonly node: Text;
  readonly original: string;
}

const replaceContent = (element: Element, fragment: DocumentFragment): AppliedChange => {
  const nodes = nodesOf(fragment);
  let emptied: Emptied[] = [];
  let hidden = new Map<Element, StyleChange>();
  let givenUp = false;

  const pageNodes = function* (): Generator<Element | Text> {
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (isOurRoot(node)) continue;
      // Scripts, styles and templates show nothing.
      if (node instanceof Element ? !isUntouched(node.localName) : node instanceof Text) yield node as Element | Text;
    }
  };

  /** The text that the page shows, or would. */
  const pageText = (): string => {
    let text = "";
    for (const node of pageNodes()) {
      const part = emptied.find((each) => each.node == node);
      text += part && !part.node.data ? part.original : node.textContent;
    }
    return text;
  };
  const original = pageText();

  /** Hides whatever is not hidden yet. Whether there was something with text. */
  const cover = (): boolean => {
    let found = false;
    for (const node of pageNodes()) {
      if (node instanceof Text) {
        if (isBlank(node.data)) continue;
        emptied.push({ node, original: node.data });
        node.data = "";
        found = true;
      } else if (!hidden.has(node)) {
        if (!isBlank(node.textContent)) found = true;
        hidden.set(node, hide(node as HTMLElement));
      }
    }
    return found;
  };

  const insert = (): void => element.append(...nodes);

  const undo = (): void => {
    for (const node of nodes) node.remove();
    for (const { node, original } of emptied) if (!node.data) node.data = original;
    for (const change of hidden.values()) change.undo();
    emptied = [];
    hidden = new Map();
  };

  const giveUp = (): false => {
    givenUp = true;
    undo();
    return false;
  };

  cover();
  insert();
  return {
    isCurrent: always,
    check: () => {
      if (givenUp) return false;
      let restored = false;
      let isOther = false;
      for (const [child, change] of hidden) {
        if (child.parentNode == element && change.stands()) continue;
        // Shown by the page in another way than before: both would be seen.
        if (child.parentNode == element && !change.isRestored()) return giveUp();
        if (child.parentNode == element) restored = true;
        isOther = true;
        change.undo();
        hidden.delete(child);
      }
      for (const node of pageNodes()) {
        if (node instanceof Text ? !isBlank(node.data) : !hidden.has(node)) isOther = true;
      }
      const missing = nodes.some((node) => node.parentNode != element);
      if (!isOther && !missing) return false;
      // What the page shows now is new, or what it showed before.
      if (pageText() != original) return giveUp();
      if (isEdited(element)) return giveUp();
      emptied = emptied.filter(({ node }) => node.parentNode == element && !node.data);
      const covered = cover();
      if (missing) insert();
      return covered || missing || restored;
    },
    undo,
  };
};
