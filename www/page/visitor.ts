/** What the visitor is doing at the moment, and what a screen reader would read out to them. */

import { named } from "./elements.js";

/** Whether the visitor is editing text in the element: there every change would take the caret away. */
export const isEdited = (element: Element): boolean => {
  const active = document.activeElement as HTMLElement | null;
  if (!active?.isContentEditable || !(element as HTMLElement).isContentEditable) return false;
  return active.contains(element) || element.contains(active);
};

/** Whether the visitor's focus is on the element or in it. */
export const holdsFocus = (element: Element): boolean => {
  const active = document.activeElement;
  return !!active && active != document.body && element.contains(active);
};

/** Elements that say by themselves whether changes in them are read out. */
const SPEAKING = "[aria-live],output,[role~=status i],[role~=alert i],[role~=log i],[role~=timer i],[role~=marquee i]";

/** Why what the element shows is not replaced: screen readers read out what changes in a live region. */
export const refusedLive = (element: Element): string | undefined => {
  const isLive = element.closest(SPEAKING)?.matches(":not([aria-live=off i])");
  return isLive ? `${named(element)} is in a live region, which screen readers read out` : undefined;
};
