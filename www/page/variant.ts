/**
 * Applies a variant to an element of its slot: all of it, or nothing.
 *
 * Everything is looked up and judged before the first change. What was changed is kept here, with
 * the page's original, where no failure of the engine can reach it.
 */

import type { Show } from "./boundary.js";
import type { AppliedChange, PlannedChange } from "./change.js";
import { named } from "./elements.js";
import type { LeftOut } from "./items.js";
import type { Fill } from "./placeholders.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { createWishes, type Wanted, type Wish, type Wishes } from "./wishes.js";

/** A variant that an element shows. */
export interface Applied {
  /** Whether something of it stands around the element, where other elements of the page are. */
  readonly isAround: boolean;
  /**
   * Looks at what became of it after these mutations, and applies it to what is new. Whether the page had
   * undone something and it was done again.
   */
  reconcile(records: readonly MutationRecord[]): boolean;
  /** Puts the page's originals back wherever our values are still there. */
  revert(): void;
}

export interface Variant {
  /** Shows the variant in `root`, or answers why not. */
  applyTo(root: Element): Applied | Refusal;
}

/** A replacement of what we wrote within this time after we wrote it is an answer to that. */
const ANSWER_MS = 30;

/** A change that can be made. */
interface Step extends PlannedChange {
  readonly element: Element;
  readonly key: string;
  readonly wish: Wish;
  /** What it moves. */
  readonly moved: readonly Element[];
}

/** A change that stands. */
interface Entry {
  readonly change: AppliedChange;
  readonly content: Element | undefined;
  readonly since: number;
  readonly number: number;
  readonly wish: Wish;
  readonly moved: readonly Element[];
  /** What the selector of a move finds since the variant stands. */
  movedSince: readonly Element[];
}

const isSameSet = (one: readonly Element[], other: readonly Element[]): boolean =>
  one.length == other.length && one.every((element) => other.includes(element));

const applyTo = (root: Element, wishes: Wishes): Applied | Refusal => {
  const entries = new Map<Element, Map<string, Entry>>();
  let made = 0;

  const has = (element: Element, key: string): boolean => !!entries.get(element)?.has(key);

  /**
   * What selectors match only because of what the variant has changed, as `:nth-child(3)` does another element once
   * something was moved or inserted: it was not meant.
   */
  const caused = new Map<Element, Set<string>>();

  const make = ({ element, key, content, make, wish, moved }: Step): void => {
    const change = make();
    let ofElement = entries.get(element);
    if (!ofElement) entries.set(element, (ofElement = new Map<string, Entry>()));
    const since = performance.now();
    ofElement.set(key, { change, content, since, number: made++, wish, moved, movedSince: moved });
  };

  /** Looks at what the selectors match now that changes were made, and did not match `before` those. */
  const settle = (before: Wanted): void => {
    for (const ofElement of entries.values()) {
      for (const entry of ofElement.values()) entry.movedSince = entry.wish.findMoved();
    }
    for (const [element, wanted] of wishes.of(root).all) {
      for (const key of wanted.keys()) {
        if (has(element, key) || before.all.get(element)?.has(key)) continue;
        const keys = caused.get(element);
        if (keys) keys.add(key);
        else caused.set(element, new Set([key]));
      }
    }
  };

  /** What has ceased to match may match again, and then because of the page. */
  const forgetCaused = ({ all }: Wanted): void => {
    for (const [element, keys] of caused) {
      for (const key of keys) if (!all.get(element)?.has(key)) keys.delete(key);
      if (!keys.size) caused.delete(element);
    }
  };

  const revert = (): void => {
    const all: Entry[] = [];
    for (const ofElement of entries.values()) all.push(...ofElement.values());
    all.sort((one, other) => other.number - one.number);
    entries.clear();
    for (const { change } of all) change.undo();
  };

  /** The elements whose own content the variant replaces, so far. */
  const contents = (): Set<Element> => {
    const found = new Set<Element>();
    for (const ofElement of entries.values()) {
      for (const { content } of ofElement.values()) if (content) found.add(content);
    }
    return found;
  };

  /** Judges one wish. No two replace the same content. */
  const planned = (
    element: Element,
    key: string,
    wish: Wish,
    addressed: ReadonlySet<Element>,
    taken: Set<Element>,
  ): Step | Refusal => {
    const plan = wish.judge(addressed);
    if (isRefusal(plan)) return plan;
    const { content, make } = plan;
    if (content) {
      if (taken.has(content)) {
        return { reason: `two selectors change the same content, in ${named(content)}`, kind: "invalid" };
      }
      taken.add(content);
    }
    return { element, key, content, make, wish, moved: wish.findMoved() };
  };

  const first = wishes.of(root);
  if (first.refusal) return first.refusal;
  const steps: Step[] = [];
  const taken = new Set<Element>();
  for (const [element, wanted] of first.all) {
    for (const [key, wish] of wanted) {
      const step = planned(element, key, wish, first.addressed, taken);
      if (isRefusal(step)) return step;
      steps.push(step);
    }
  }
  // What is put beside an element goes where that has been moved to.
  const isMove = ({ key }: Step): boolean => key.startsWith("move:");
  try {
    for (const step of steps) if (isMove(step)) make(step);
    for (const step of steps) if (!isMove(step)) make(step);
  } catch (reason) {
    revert();
    return { reason: `the browser refused: ${String(reason)}`, kind: "invalid" };
  }
  settle(first);

  return {
    isAround: wishes.isAround,
    reconcile: (records) => {
      let again = false;
      /** Something that was changed a moment ago was thrown away. */
      let replaced = false;
      const now = performance.now();
      for (const [element, ofElement] of entries) {
        const isGone = !root.contains(element);
        for (const [key, { change, since, wish, moved, movedSince }] of ofElement) {
          const found = wish.findMoved();
          const isMeant = isSameSet(found, moved) || isSameSet(found, movedSince);
          if (!isGone && change.isCurrent(isMeant)) continue;
          // It may come back, or have moved to where it is nobody's slot.
          change.undo();
          ofElement.delete(key);
          if (now - since < ANSWER_MS) replaced = true;
        }
        if (isGone) entries.delete(element);
      }
      for (const ofElement of entries.values()) {
        for (const { change } of ofElement.values()) if (change.check(records)) again = true;
      }
      // Part of it may be gone for a while. What is there stays, and what is new is changed.
      const current = wishes.of(root);
      forgetCaused(current);
      let taken: Set<Element> | undefined;
      const before = made;
      for (const [element, wanted] of current.all) {
        for (const [key, wish] of wanted) {
          if (has(element, key) || caused.get(element)?.has(key)) continue;
          const step = planned(element, key, wish, current.addressed, (taken ??= contents()));
          if (isRefusal(step)) continue;
          make(step);
          if (replaced) again = true;
        }
      }
      if (made > before) settle(current);
      return again;
    },
    revert,
  };
};

/**
 * The variant that the engine wants to show; `fill` puts in what is known of the visitor, `leftOut` is told which items
 * are not shown.
 */
export const createVariant = (show: Show, fill: Fill, leftOut: LeftOut): Variant => {
  const wishes = createWishes(show, fill, leftOut);
  return { applyTo: (root) => applyTo(root, wishes) };
};
