/** Elements that a variant does not show. */

import type { PlannedChange } from "./change.js";
import { isHtml, named, refusedElement } from "./elements.js";
import type { Refusal } from "./refusal.js";
import { hide } from "./style.js";
import { holdsFocus, isEdited, refusedLive } from "./visitor.js";

export const planHide = (element: Element): PlannedChange | Refusal => {
  const reason =
    refusedElement(element) ??
    refusedLive(element) ??
    (isHtml(element) || element instanceof SVGElement ? undefined : `${named(element)} cannot be hidden`);
  if (reason !== undefined) return { reason, kind: "invalid" };
  if (holdsFocus(element) || isEdited(element)) {
    return { reason: `the visitor's focus is in ${named(element)}`, kind: "busy" };
  }
  return { content: undefined, make: () => hide(element as HTMLElement) };
};
