/** Which page the visitor sees, and when it becomes another one without being loaded anew. */

import type { Plain } from "./boundary.js";
import { override } from "./override.js";
import { plain } from "./plain.js";
import type { Visit } from "./visit.js";

/** Routers write the title after the address; by then both are there. */
const SETTLED_MS = 50;

const device = (): string =>
  !matchMedia("(hover: none) and (pointer: coarse)").matches
    ? "desktop"
    : Math.min(screen.width, screen.height) < 600
      ? "phone"
      : "tablet";

/** Of an address that leads here only the host is told. */
const host = (address: string): string => {
  try {
    return new URL(address).hostname;
  } catch {
    return ""; // none, or withheld
  }
};

const tell = ({ send }: Visit, referrer: string): void =>
  send({
    signal: "view",
    ...(plain({
      url: location.href,
      path: location.pathname,
      params: Object.fromEntries(new URLSearchParams(location.search)),
      referrer: host(referrer),
      host: location.hostname,
      language: navigator.language,
      device: device(),
      // Asked of the one clock's time, so that a replay in another season gets the same answer.
      zone: -new Date(Date.now()).getTimezoneOffset(),
      title: document.title,
    }) as { [key: string]: Plain }),
  });

/** Tells of this page now, and of each later one. `before` is called ahead of the later ones. */
export const pageViews = (visit: Visit, before: () => void): void => {
  const key = (): string => location.pathname + location.search;
  let seen = key();
  let address = location.href;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = visit.guarded(() => {
    // Routers also replace the entry to keep a scroll position: the same page.
    if (key() == seen) return;
    seen = key();
    before();
    // As for a page that was loaded: the page before it led here.
    tell(visit, address);
    address = location.href;
  });
  const soon = visit.guarded(() => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  });

  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) {
    visit.listen(navigation, "currententrychange", soon);
  } else {
    // Firefox before 147 and Safari before 26.2 have no Navigation API.
    const heard = (original: History["pushState"]): History["pushState"] =>
      function (this: History, ...given) {
        original.apply(this, given);
        soon();
      };
    visit.atEnd(override(history, "pushState", heard));
    visit.atEnd(override(history, "replaceState", heard));
    visit.listen(window, "popstate", soon);
  }
  // A page that comes back from the back/forward cache runs on where it stopped, but is seen anew.
  visit.listen<PageTransitionEvent>(window, "pageshow", event => {
    if (!event.persisted) return;
    before();
    tell(visit, document.referrer);
  });
  tell(visit, document.referrer);
};
