/**
 * The slots of the page: finding them, showing a variant in them, putting the original back.
 *
 * Nothing is ever hidden, and only text and attributes change. Before a value is changed the
 * page's own is kept, and it is put back only where our value still stands: whatever the page
 * wrote since is the page's word.
 */

import { announce } from "./announce.js";
import type { Show } from "./boundary.js";
import type { Visibility } from "./visibility.js";
import type { Visit } from "./visit.js";

/** So often may the page undo a slot within so many milliseconds, before one of us must give way. */
const AGAIN = 10;
const AGAIN_MS = 2000;

export interface Slots {
  show(effect: Show): void;
  revert(slot: string): void;
  /** Starts looking at the page; until then nothing on it changes. */
  begin(): void;
}

/** One text or one attribute of one element, with what the page had there. */
interface Change {
  holds(): boolean;
  undo(): void;
}

const changeText = (element: Element, text: string): Change => {
  const { childNodes } = element;
  const [only] = childNodes;
  // A lone text node is kept and rewritten: a framework goes on updating the very node it made,
  // and would otherwise write into one that is no longer on the page.
  if (childNodes.length == 1 && only instanceof Text) {
    const before = only.data;
    only.data = text;
    return {
      holds: () => element.textContent == text,
      undo: () => {
        only.data = before;
      },
    };
  }
  const before = [...childNodes];
  element.textContent = text;
  return {
    holds: () => element.textContent == text,
    undo: () => element.replaceChildren(...before),
  };
};

const changeAttribute = (element: Element, name: string, value: string): Change => {
  const before = element.getAttribute(name);
  element.setAttribute(name, value);
  return {
    holds: () => element.getAttribute(name) == value,
    undo: () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)),
  };
};

/** All that `selector` names; nothing where it is no valid selector. */
const all = (root: ParentNode, selector: string): Element[] => {
  try {
    return [...root.querySelectorAll(selector)];
  } catch {
    return [];
  }
};

/** Whether the parser is done with the element. It still adds to the last one it has opened. */
export const complete = (element: Element): boolean => {
  if (document.readyState != "loading") return true;
  for (let node: Node | null = element; node; node = node.parentNode) if (node.nextSibling) return true;
  return false;
};

export const slots = (
  { send, guarded, listen, atEnd }: Visit,
  declared: readonly { id: string; target?: string | null }[],
  visibility: Visibility,
): Slots => {
  const known = new Set(declared.map(({ id }) => id));
  /** The elements of slots on the page. */
  let present = new Map<Element, string>();
  let begun = false;
  let told = "";
  const wanted = new Map<string, Show>();
  const left = new Set<string>();
  const applied = new Map<Element, Map<Element, Map<string, Change>>>();
  const losses = new Map<string, number[]>();

  /** Makes the slot's element show what it should; whether anything had to be changed. */
  const apply = (root: Element, show: Show): boolean => {
    // Where two lines of a variant name the same thing the last one counts; written one after the
    // other, each would be seen as a change to the other.
    const values = new Map<Element, Map<string, string>>();
    const want = (selector: string, name: string, value: string): void => {
      for (const element of selector ? all(root, selector) : [root]) {
        // What stands in these is code.
        if (/^(script|style)$/.test(element.localName)) continue;
        values.set(element, (values.get(element) ?? new Map<string, string>()).set(name, value));
      }
    };
    for (const [selector, text] of Object.entries(show.text)) want(selector, "", text);
    for (const [selector, named] of Object.entries(show.attributes)) {
      for (const [name, value] of Object.entries(named)) want(selector, name, value);
    }

    const changes = applied.get(root) ?? new Map<Element, Map<string, Change>>();
    applied.set(root, changes);
    for (const element of changes.keys()) if (!root.contains(element)) changes.delete(element);
    const texts = [...values.keys()].filter(element => values.get(element)?.has(""));
    let changed = false;
    for (const [element, named] of values) {
      // Gone, or about to go, with the text of what it stands in.
      if (texts.some(text => text != element && text.contains(element))) continue;
      for (const [name, value] of named) {
        if ((name ? element.getAttribute(name) : element.textContent) == value) continue;
        const change = name ? changeAttribute(element, name, value) : changeText(element, value);
        changes.set(element, (changes.get(element) ?? new Map<string, Change>()).set(name, change));
        changed = true;
      }
    }
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    return changed;
  };

  const undo = (root: Element): void => {
    applied.get(root)?.forEach(named => named.forEach(change => change.holds() && change.undo()));
    applied.delete(root);
  };

  const elements = (slot: string): Element[] => [...present.keys()].filter(element => present.get(element) == slot);

  const revert = (slot: string): void => {
    wanted.delete(slot);
    elements(slot).forEach(undo);
  };

  /** The page wrote over the slot, or made it anew. Gives way where that does not end. */
  const lose = (slot: string): void => {
    const now = Date.now();
    const recent = [...(losses.get(slot) ?? []).filter(time => Math.abs(now - time) < AGAIN_MS), now];
    losses.set(slot, recent);
    if (recent.length <= AGAIN || left.has(slot)) return;
    left.add(slot);
    revert(slot);
    announce("conflict", { slot });
  };

  const look = (): void => {
    const found = new Map<Element, string>();
    const find = (selector: string, name: (element: Element) => string): void => {
      for (const element of all(document, selector)) {
        const slot = name(element);
        if (known.has(slot) && !found.has(element) && complete(element)) found.set(element, slot);
      }
    };
    find("[data-tb-slot]", element => element.getAttribute("data-tb-slot") ?? "");
    for (const { id, target } of declared) if (target) find(target, () => id);

    const before = present;
    const lost = new Set<string>();
    present = found;
    for (const [element, slot] of before) {
      if (found.get(element) == slot) continue;
      if (applied.has(element)) lost.add(slot);
      undo(element);
      visibility.drop(element);
    }
    lost.forEach(lose);
    for (const [element, slot] of found) {
      if (before.get(element) == slot) continue;
      visibility.watch(element, slot);
      const show = wanted.get(slot);
      if (show) apply(element, show);
    }
    const names = new Set(found.values());
    const ids = declared.map(({ id }) => id).filter(id => names.has(id));
    // One that comes back later is decided anew.
    for (const slot of wanted.keys()) if (!names.has(slot)) wanted.delete(slot);
    if (told == (told = ids.join())) return;
    send({ signal: "slots", slots: ids });
  };

  const observer = new MutationObserver(
    guarded((records: MutationRecord[]) => {
      const moved = records.some(({ addedNodes, removedNodes }) =>
        [...addedNodes, ...removedNodes].some(node => node instanceof Element),
      );
      if (moved || document.readyState == "loading") look();
      const lost = new Set<string>();
      for (const root of applied.keys()) {
        const slot = present.get(root) ?? "";
        const show = wanted.get(slot);
        if (show && records.some(({ target }) => root.contains(target)) && apply(root, show)) lost.add(slot);
      }
      lost.forEach(lose);
    }),
  );
  atEnd(() => {
    observer.disconnect();
    [...applied.keys()].forEach(undo);
  });

  return {
    show: effect => {
      const { slot } = effect;
      if (left.has(slot)) return;
      revert(slot);
      wanted.set(slot, effect);
      elements(slot).forEach(element => apply(element, effect));
      visibility.again(slot);
    },
    revert: slot => {
      revert(slot);
      visibility.again(slot);
    },
    begin: () => {
      if (begun) return;
      begun = true;
      observer.observe(document, { subtree: true, childList: true });
      listen(document, "DOMContentLoaded", look);
      look();
    },
  };
};
