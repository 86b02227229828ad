/**
 * A prompt as a modal dialog, the platform's own: focus stays inside, the page behind is inert, Esc closes it, and the
 * focus returns to where it was.
 */

import { adoptStyle } from "./adopt_style.js";
import { makeSurface } from "./elements.js";
import type { Surface } from "./prompt.js";
import { addListener } from "../loader/record.js";

/** Opens it; the returned function closes it. */
export const openModal = (surface: Surface): (() => void) => {
  const { root, dismiss } = surface;
  const dialog = makeSurface("dialog", surface);
  root.append(dialog);

  addListener(dialog, "close", dismiss);
  const outside = ({ target, clientX, clientY }: MouseEvent): boolean => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    return target == dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
  };
  // Both must be outside: text may be selected from the inside out.
  let pressedOutside = false;
  addListener(dialog, "pointerdown", (event) => {
    pressedOutside = outside(event);
  });
  addListener(dialog, "click", (event) => {
    if (pressedOutside && outside(event)) dismiss();
  });

  // The page behind must not scroll, nor move sideways when its scroll bar disappears.
  const gutter = innerWidth > document.documentElement.clientWidth ? "html{scrollbar-gutter:stable}" : "";
  const unlock = adoptStyle(document, `html{overflow:hidden!important}${gutter}`);
  const close = (): void => {
    unlock();
    if (dialog.open) dialog.close();
  };
  try {
    dialog.showModal();
  } catch (reason) {
    close();
    throw reason;
  }
  return close;
};
