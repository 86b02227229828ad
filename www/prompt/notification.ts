/** A prompt as a notification of the system, while the visitor is in another tab or program. */

import type { PromptContent } from "../page/boundary.js";
import type { PromptAnswer } from "./prompt_loader.js";
import { addListener } from "../loader/record.js";

/** A notification that was pressed also brings the page back, and some systems do that first. */
const PRESSED = 1_000;

/**
 * Shows it and calls `answered` once; without an answer where the visitor comes back to the page by themselves, or the
 * page ends. The returned function closes it. Throws where only a service worker may show notifications: in Chrome on Android.
 */
export const showNotification = (
  { prompt, title, body, href }: PromptContent,
  answered: (answer: PromptAnswer | undefined) => void,
): (() => void) => {
  const notification = new Notification(title || "", {
    body: body || "",
    // One of the same prompt, from another tab, is replaced.
    tag: `tailorbird-${prompt}`,
    lang: document.documentElement.lang,
    dir: getComputedStyle(document.body).direction == "rtl" ? "rtl" : "ltr",
  });
  let open = true;
  const end = (): boolean => {
    const was = open;
    open = false;
    document.removeEventListener("visibilitychange", onVisible);
    return was;
  };
  const close = (): void => {
    if (end()) notification.close();
  };
  const withdraw = (): void => {
    if (!open) return;
    close();
    answered(undefined);
  };
  const onVisible = (): void => {
    if (!document.hidden) setTimeout(withdraw, PRESSED);
  };
  addListener(document, "visibilitychange", onVisible);
  // Some browsers would keep it without the page, which it could not lead back to.
  addListener(window, "pagehide", withdraw, { once: true });
  addListener(notification, "click", () => {
    if (!open) return;
    close();
    answered({ outcome: "accepted" });
    window.focus();
    if (href) location.assign(href);
  });
  addListener(notification, "close", () => {
    if (end()) answered({ outcome: "dismissed" });
  });
  addListener(notification, "error", () => {
    if (end()) answered({ outcome: "failed" });
  });
  return close;
};
