/**
 * A prompt in the page, at the end of one of its elements. It never moves what the visitor looks at: where the element
 * has kept no room for it, it comes only while that is still to come.
 */

import { makeSurface } from "./elements.js";
import type { Surface } from "./prompt.js";
import { rememberFocus } from "./remember_focus.js";
import { addListener } from "../loader/record.js";

/** The element of the page that holds prompts of this name. Names are ids, so nothing in them is CSS. */
export const findSlot = (name: string): Element | null =>
  document.querySelector(`[data-tb-slot="${name}"],tb-slot[name="${name}"]`);

/** Opens it in its place, which had this box without it; the returned function closes it. Nothing where there is no room. */
export const openInline = (
  surface: Surface,
  place: Element,
  { top, width, height }: DOMRect,
): (() => void) | undefined => {
  const { host, root, dismiss } = surface;
  const card = makeSurface("section", surface);
  card.setAttribute("part", "dialog inline");
  root.append(card);
  const after = place.getBoundingClientRect();
  // Fractions of a pixel come from rounding.
  const grew = after.height > height + 1 || after.width > width + 1;
  // What is not rendered has no boxes.
  if ((grew && top < innerHeight) || !card.getClientRects().length) return undefined;

  const returnFocus = rememberFocus(surface);
  addListener(host, "keydown", (event: KeyboardEvent) => {
    if (event.key == "Escape" && !event.defaultPrevented) dismiss();
  });
  return () => returnFocus(() => card.remove());
};
