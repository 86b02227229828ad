/** Where the focus was before it went into something that leaves the page usable. */

import type { Surface } from "./prompt.js";
import { addListener } from "../loader/record.js";

/** The returned function does something that takes the focus away, and brings it back to where it was. */
export const rememberFocus = ({ host, root }: Pick<Surface, "host" | "root">): ((remove: () => void) => void) => {
  let before: Element | null = null;
  // Moves within the shadow tree do not reach the host.
  addListener(host, "focusin", ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Element && !host.contains(relatedTarget)) before = relatedTarget;
  });
  return (remove) => {
    // The site's own markup is no part of the shadow tree.
    const hadFocus = root.activeElement !== null || host.contains(document.activeElement);
    remove();
    if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
};
