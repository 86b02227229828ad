/**
 * Single properties of an element's `style`. By script they may be set under every content security policy.
 *
 * Several changes may stand on one element, and be undone in any order. The last one puts the attribute back as
 * it was written, which the browser's own text of it is not.
 */

import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { refusedCss } from "./css_value.js";
import { named, refusedElement } from "./elements.js";
import type { Refusal } from "./refusal.js";

interface Original {
  readonly value: string;
  readonly priority: string;
  /** How many changes of the property stand. */
  changes: number;
}

/** What an element had before its first change. */
interface Before {
  readonly attribute: string | null;
  readonly text: string;
  readonly originals: Map<string, Original>;
  /** What all of it was when we wrote last, as long as nobody else has written. */
  written: string;
}

const changed = new WeakMap<Element, Before>();

type Styled = HTMLElement | SVGElement;

export interface StyleChange extends AppliedChange {
  readonly element: Styled;
  /** Whether the element has our value. */
  stands(): boolean;
  /** Whether the page has its original there again. */
  isRestored(): boolean;
}

export const setStyle = (element: Styled, property: string, value: string, priority: string): StyleChange => {
  const { style } = element;
  const valueNow = (): string => style.getPropertyValue(property);
  const priorityNow = (): string => style.getPropertyPriority(property);
  let before = changed.get(element);
  if (!before) {
    const text = style.cssText;
    before = { attribute: element.getAttribute("style"), text, originals: new Map(), written: text };
    changed.set(element, before);
  }
  const { originals } = before;
  const original = originals.get(property) ?? { value: valueNow(), priority: priorityNow(), changes: 0 };
  originals.set(property, original);
  original.changes++;

  /** Whether nobody but us has written to the style since the first change. */
  const isUntouched = (): boolean => style.cssText == before.written;
  const write = (): void => {
    const untouched = isUntouched();
    style.setProperty(property, value, priority);
    if (untouched) before.written = style.cssText;
  };
  write();
  /** Our value, as the browser says it. */
  const ours = valueNow();
  const stands = (): boolean => valueNow() == ours && priorityNow() == priority;
  const isRestored = (): boolean => valueNow() == original.value && priorityNow() == original.priority;

  const restoreAttribute = (): void => {
    if (style.cssText != before.text) return;
    const now = element.getAttribute("style");
    if (now === before.attribute) return;
    // What is written otherwise than the browser does came from markup, so the page's policy allows it.
    if (before.attribute !== null) element.setAttribute("style", before.attribute);
    // Chromium removes the attribute only once it was read.
    else if (now === "") element.removeAttribute("style");
  };

  let givenUp = false;
  let undone = false;
  return {
    element,
    stands,
    isRestored,
    isCurrent: always,
    check: () => {
      if (givenUp || undone || stands()) return false;
      if (isRestored()) {
        write();
        return true;
      }
      givenUp = true;
      return false;
    },
    undo: () => {
      if (undone) return;
      undone = true;
      const untouched = isUntouched();
      original.changes--;
      if (!original.changes) {
        originals.delete(property);
        if (!givenUp && stands() && !isRestored()) {
          if (original.value) style.setProperty(property, original.value, original.priority);
          else style.removeProperty(property);
        }
      }
      if (originals.size) {
        if (untouched) before.written = style.cssText;
        return;
      }
      changed.delete(element);
      // A shorthand takes the longer properties along, and would not bring them back.
      if (untouched && style.cssText != before.text) style.cssText = before.text;
      restoreAttribute();
    },
  };
};

/** A `hidden` attribute would lose against the `display` of any style sheet. */
export const hide = (element: Styled): StyleChange => setStyle(element, "display", "none", "important");

const isStyled = (element: Element): element is Styled =>
  // A form with a field named `style` has none.
  (element as HTMLElement).style instanceof CSSStyleDeclaration;

/** What has to be done to give an element a property; nothing is done yet. */
export const planStyle = (element: Element, property: string, text: string): PlannedChange | Refusal => {
  const [, value = "", priority = ""] = /^([^]*?)\s*(?:!\s*(important)\s*)?$/i.exec(text) ?? [];
  const isSupported = (): boolean => /^[-\w]+$/.test(property) && CSS.supports(property, value);
  const reason =
    refusedElement(element) ??
    (isStyled(element) ? undefined : `${named(element)} has no style`) ??
    (isSupported() ? undefined : `this browser does not know "${property}: ${value.slice(0, 80)}"`) ??
    refusedCss(value);
  if (reason !== undefined) return { reason, kind: "invalid" };
  return {
    content: undefined,
    make: () => setStyle(element as Styled, property, value, priority.toLowerCase()),
  };
};
