/**
 * Applies a variant to one element of its slot: all of it, or nothing.
 *
 * Everything is looked up and judged before the first change. What was changed is kept here, with
 * the page's original, where no failure of the engine can reach it.
 */

import { refusedAttribute, setAttribute, type AttributeChange } from "./attributes.js";
import type { Show } from "./boundary.js";
import { changeClasses, refusedClasses, type ClassChange } from "./class_list.js";
import { named } from "./elements.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { planText, type TextChange } from "./text.js";

/** A variant that an element shows. */
export interface Applied {
  /**
   * Looks at what became of it after these mutations, and applies it to what is new. Whether the page had
   * undone something and it was done again.
   */
  reconcile(records: readonly MutationRecord[]): boolean;
  /** Puts the page's originals back wherever our values are still there. */
  revert(): void;
}

/** A replacement of what we wrote within this time after we wrote it is an answer to that. */
const ANSWER_MS = 30;

/** What was changed in one element. */
interface Changes {
  text: TextChange | undefined;
  readonly attributes: Map<string, AttributeChange>;
  classes: ClassChange | undefined;
  readonly since: number;
}

/** What a variant wants of one element. Where two selectors name the same the later one counts. */
interface Wanted {
  text: string | undefined;
  readonly attributes: Map<string, string>;
  readonly add: Set<string>;
  readonly remove: Set<string>;
}

/** The elements that a selector names in the slot; there is at least one. */
const select = (root: Element, selector: string): Element[] | Refusal => {
  if (!selector) return [root];
  const found: Element[] = [];
  try {
    const list = root.querySelectorAll(selector);
    for (let at = 0; at < list.length; at++) found.push(list[at]!);
  } catch {
    return { reason: `"${selector}" is not a valid selector`, kind: "invalid" };
  }
  return found.length ? found : { reason: `nothing matches "${selector}"`, kind: "missing" };
};

/** What the variant wants of each element, and the first selector that names none. */
const wantedOf = (
  root: Element,
  { text, attributes, classes }: Show,
): { readonly all: Map<Element, Wanted>; readonly refusal: Refusal | undefined } => {
  const all = new Map<Element, Wanted>();
  let refusal: Refusal | undefined;
  const each = (selector: string, want: (wanted: Wanted) => void): void => {
    const found = select(root, selector);
    if (isRefusal(found)) {
      refusal ??= found;
      return;
    }
    for (const element of found) {
      let wanted = all.get(element);
      if (!wanted)
        all.set(element, (wanted = { text: undefined, attributes: new Map(), add: new Set(), remove: new Set() }));
      want(wanted);
    }
  };
  for (const [selector, value] of Object.entries(text ?? {})) {
    each(selector, (wanted) => {
      wanted.text = value;
    });
  }
  for (const [selector, values] of Object.entries(attributes ?? {})) {
    each(selector, (wanted) => {
      for (const [name, value] of Object.entries(values)) wanted.attributes.set(name, value);
    });
  }
  for (const [selector, changes] of Object.entries(classes ?? {})) {
    each(selector, (wanted) => {
      for (const name of changes.add ?? []) {
        wanted.add.add(name);
        wanted.remove.delete(name);
      }
      for (const name of changes.remove ?? []) {
        wanted.remove.add(name);
        wanted.add.delete(name);
      }
    });
  }
  return { all, refusal };
};

/** The elements whose text the variant changes. */
const addressedIn = (all: ReadonlyMap<Element, Wanted>): Set<Element> => {
  const addressed = new Set<Element>();
  for (const [element, { text }] of all) if (text !== undefined) addressed.add(element);
  return addressed;
};

/** Judges what is wanted of one element; `write` then changes whatever is not in `changes` yet. */
const plan = (
  element: Element,
  { text, attributes, add, remove }: Wanted,
  addressed: ReadonlySet<Element>,
  changes: Changes,
): { readonly holder: Element | undefined; write(): void } | Refusal => {
  const classes = { add: [...add], remove: [...remove] };
  for (const [name, value] of attributes) {
    const reason = changes.attributes.has(name) ? undefined : refusedAttribute(element, name, value);
    if (reason) return { reason, kind: "invalid" };
  }
  const hasClasses = !changes.classes && add.size + remove.size > 0;
  const reason = hasClasses ? refusedClasses(element, classes) : undefined;
  if (reason) return { reason, kind: "invalid" };
  const planned = text === undefined || changes.text ? undefined : planText(element, text, addressed);
  if (planned && isRefusal(planned)) return planned;
  return {
    holder: planned?.holder,
    write: () => {
      if (planned) changes.text = planned.write();
      for (const [name, value] of attributes) {
        if (!changes.attributes.has(name)) changes.attributes.set(name, setAttribute(element, name, value));
      }
      if (hasClasses) changes.classes = changeClasses(element, classes);
    },
  };
};

/** Whether everything that is wanted of an element was done already. */
const isComplete = ({ text, attributes, add, remove }: Wanted, changes: Changes): boolean => {
  if ((text !== undefined && !changes.text) || (add.size + remove.size && !changes.classes)) return false;
  for (const name of attributes.keys()) if (!changes.attributes.has(name)) return false;
  return true;
};

const revertChanges = ({ text, attributes, classes }: Changes): void => {
  classes?.undo();
  for (const change of attributes.values()) change.undo();
  text?.undo();
};

/** `show` in `root`, or why not. */
export const applyVariant = (root: Element, show: Show): Applied | Refusal => {
  const applied = new Map<Element, Changes>();
  // Every property is its own: a page may have put anything on `Object.prototype`.
  const newChanges = (): Changes => ({
    text: undefined,
    attributes: new Map(),
    classes: undefined,
    since: performance.now(),
  });

  const { all, refusal } = wantedOf(root, show);
  if (refusal) return refusal;
  const plans: { element: Element; holder: Element | undefined; changes: Changes; write(): void }[] = [];
  const addressed = addressedIn(all);
  for (const [element, wanted] of all) {
    const changes = newChanges();
    const planned = plan(element, wanted, addressed, changes);
    if (isRefusal(planned)) return planned;
    plans.push({ ...planned, element, changes });
  }
  const holders = new Set<Element>();
  for (const { holder } of plans) {
    if (!holder) continue;
    if (holders.has(holder))
      return { reason: `two selectors change the same text, in ${named(holder)}`, kind: "invalid" };
    holders.add(holder);
  }
  for (const { element, changes, write } of plans) {
    applied.set(element, changes);
    write();
  }

  return {
    reconcile: (records) => {
      let again = false;
      /** Something that was changed a moment ago was thrown away. */
      let replaced = false;
      const now = performance.now();
      for (const [element, changes] of applied) {
        if (root.contains(element)) continue;
        // It may come back, or have moved to where it is nobody's slot.
        revertChanges(changes);
        applied.delete(element);
        if (now - changes.since < ANSWER_MS) replaced = true;
      }
      for (const changes of applied.values()) {
        if (changes.text && !changes.text.isCurrent()) {
          changes.text.undo();
          changes.text = undefined;
        }
        if (changes.text?.check()) again = true;
        for (const change of changes.attributes.values()) if (change.check()) again = true;
        if (changes.classes?.check(records)) again = true;
      }
      // Part of it may be gone for a while. What is there stays, and what is new is changed.
      const { all: current } = wantedOf(root, show);
      let addressed: Set<Element> | undefined;
      for (const [element, wanted] of current) {
        const changes = applied.get(element) ?? newChanges();
        if (isComplete(wanted, changes)) continue;
        const planned = plan(element, wanted, (addressed ??= addressedIn(current)), changes);
        if (isRefusal(planned)) continue;
        applied.set(element, changes);
        planned.write();
        if (replaced) again = true;
      }
      return again;
    },
    revert: () => {
      for (const changes of [...applied.values()].reverse()) revertChanges(changes);
      applied.clear();
    },
  };
};
