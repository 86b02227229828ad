/**
 * A prompt beside the page: a sheet, a bar or a card in the corner. The page goes on; the focus stays where it is, and
 * Esc closes the panel.
 */

import { makeSurface } from "./elements.js";
import type { Surface } from "./prompt.js";
import { rememberFocus } from "./remember_focus.js";
import { addListener } from "../loader/record.js";

/** Opens it; the returned function closes it. */
export const openPanel = (surface: Surface, form: string): (() => void) => {
  const { root, dismiss } = surface;
  const panel = makeSurface("div", surface);
  panel.className = form;
  panel.setAttribute("part", `dialog ${form}`);
  panel.setAttribute("role", "region");
  // Above everything else, where the browser has popovers: Chrome 114, Firefox 125, Safari 17.
  panel.popover = "manual";
  root.append(panel);

  const returnFocus = rememberFocus(surface);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key == "Escape" && !event.defaultPrevented) dismiss();
  };
  addListener(document, "keydown", onKey);
  if ("showPopover" in panel) panel.showPopover();
  const words = panel.querySelector<HTMLElement>(".words");
  if (words && words.scrollHeight > words.clientHeight) words.tabIndex = 0;
  return () => {
    document.removeEventListener("keydown", onKey);
    returnFocus(() => panel.remove());
  };
};
