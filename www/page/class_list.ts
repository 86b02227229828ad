/** Single classes that a variant adds and removes. Everything else in `class` belongs to the page. */

import type { ClassChanges } from "./boundary.js";
import { refusedElement } from "./elements.js";

/** Why these classes are not changed; `undefined` where they are. */
export const refusedClasses = (element: Element, { add = [], remove = [] }: ClassChanges): string | undefined => {
  const wrong = [...add, ...remove].find((name) => !/^\S+$/.test(name));
  return refusedElement(element) ?? (wrong === undefined ? undefined : `"${wrong}" is not a class`);
};

const namesIn = (value: string | null): Set<string> => new Set((value ?? "").split(/\s+/).filter((name) => name));

/** Classes that were changed, and what the page had. */
export interface ClassChange {
  /**
   * Changes them again where the page wrote the attribute as a whole, and says so. A change of nothing
   * but our own classes was meant as such and stays, for good.
   */
  check(records: readonly MutationRecord[]): boolean;
  undo(): void;
}

export const changeClasses = (element: Element, { add = [], remove = [] }: ClassChanges): ClassChange => {
  const hadAttribute = element.hasAttribute("class");
  /** By class: whether it should be there. */
  const wanted = new Map<string, boolean>();
  for (const name of remove) wanted.set(name, false);
  for (const name of add) wanted.set(name, true);
  /** Those that were not as wanted before, and so have to be given back. */
  const changed = new Set<string>();

  const apply = (): boolean => {
    let written = false;
    for (const [name, present] of wanted) {
      if (element.classList.contains(name) == present) continue;
      element.classList.toggle(name, present);
      changed.add(name);
      written = true;
    }
    return written;
  };

  /** One step of the attribute from one value to the next: gives up what somebody changed on purpose. */
  const follow = (before: Set<string>, after: Set<string>): void => {
    const isOther = (name: string): boolean => !wanted.has(name);
    const othersBefore = [...before].filter(isOther);
    const othersAfter = [...after].filter(isOther);
    // A framework that writes the whole attribute knows nothing of our classes.
    if (othersBefore.length != othersAfter.length || othersBefore.some((name) => !after.has(name))) return;
    for (const [name, present] of wanted) {
      if (before.has(name) == present && after.has(name) != present) {
        wanted.delete(name);
        changed.delete(name);
      }
    }
  };

  /** The attribute when we last looked. */
  let last: string | null;
  const applyAndLook = (): boolean => {
    const written = apply();
    last = element.getAttribute("class");
    return written;
  };

  applyAndLook();
  return {
    check: (records) => {
      const current = element.getAttribute("class");
      if (current === last) return false;
      const values = records
        .filter(({ target, attributeName }) => target == element && attributeName == "class")
        .map(({ oldValue }) => oldValue);
      values.push(current);
      // Values from before we last looked come from our own writing, or were followed already.
      for (let at = Math.max(values.lastIndexOf(last), 0) + 1; at < values.length; at++) {
        follow(namesIn(values[at - 1]!), namesIn(values[at]!));
      }
      return applyAndLook();
    },
    undo: () => {
      for (const name of changed) {
        const present = wanted.get(name);
        if (element.classList.contains(name) == present) element.classList.toggle(name, !present);
      }
      if (!hadAttribute && !element.classList.length) element.removeAttribute("class");
    },
  };
};
