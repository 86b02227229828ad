/**
 * A prompt beside the page: a sheet, a bar or a card in the corner. The page goes on; the focus stays where it is, and
 * Esc closes the panel.
 */

import type { Surface } from "./prompt.js";

/** Opens it; the returned function closes it. */
export const openPanel = ({ root, parts, labelledBy, describedBy, dismiss }: Surface, form: string): (() => void) => {
  const panel = document.createElement("div");
  panel.id = "dialog";
  panel.className = form;
  panel.setAttribute("part", `dialog ${form}`);
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-labelledby", labelledBy);
  if (describedBy) panel.setAttribute("aria-describedby", describedBy);
  panel.append(...parts);
  // Above everything else, where the browser has popovers: Chrome 114, Firefox 125, Safari 17.
  panel.popover = "manual";
  root.append(panel);

  let before: Element | null = null;
  panel.addEventListener("focusin", ({ relatedTarget }) => {
    if (relatedTarget instanceof Element && !panel.contains(relatedTarget)) before = relatedTarget;
  });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key == "Escape" && !event.defaultPrevented) dismiss();
  };
  document.addEventListener("keydown", onKey);
  if ("showPopover" in panel) panel.showPopover();
  const words = panel.querySelector<HTMLElement>(".words");
  if (words && words.scrollHeight > words.clientHeight) words.tabIndex = 0;
  return () => {
    document.removeEventListener("keydown", onKey);
    const hadFocus = root.activeElement !== null;
    panel.remove();
    if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
};
