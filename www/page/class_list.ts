/** Single classes that a variant adds and removes. Everything else in `class` belongs to the page. */

import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { refusedElement } from "./elements.js";
import type { Refusal } from "./refusal.js";

/** By class: whether it should be there. */
export type Classes = ReadonlyMap<string, boolean>;

/** What has to be done to give an element its classes; nothing is done yet. */
export const planClasses = (element: Element, classes: Classes): PlannedChange | Refusal => {
  const wrong = [...classes.keys()].find((name) => !/^\S+$/.test(name));
  const reason = refusedElement(element) ?? (wrong === undefined ? undefined : `"${wrong}" is not a class`);
  if (reason !== undefined) return { reason, kind: "invalid" };
  return { content: undefined, make: () => changeClasses(element, classes) };
};

const namesIn = (value: string | null): Set<string> => new Set((value ?? "").split(/\s+/).filter((name) => name));

/**
 * They are changed again where the page wrote the attribute as a whole. A change of nothing but our own classes
 * was meant as such and stays, for good.
 */
const changeClasses = (element: Element, classes: Classes): AppliedChange => {
  const original = element.getAttribute("class");
  const wanted = new Map(classes);
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
  const written = element.getAttribute("class");
  return {
    isCurrent: always,
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
      if (element.getAttribute("class") === written) {
        // Nobody else has written it: it becomes what it was, in the page's own order.
        if (original === null) element.removeAttribute("class");
        else if (original !== written) element.setAttribute("class", original);
        return;
      }
      for (const name of changed) {
        const present = wanted.get(name);
        if (element.classList.contains(name) == present) element.classList.toggle(name, !present);
      }
      if (original === null && !element.classList.length) element.removeAttribute("class");
    },
  };
};
