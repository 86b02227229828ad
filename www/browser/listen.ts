/** What the visitor does with the page: whether somebody is there, and whether the tab is in front. */

import type { Visit } from "./visit.js";

/** `before` is called ahead of each sign of life that is told. */
export const listen = ({ listen, send }: Visit, before: () => void): void => {
  let last = 0;
  listen(document, "pointerdown keydown scroll touchstart", () => {
    const now = Date.now();
    // At most one a second; also onwards from a clock that was set back.
    if (Math.abs(now - last) < 1000) return;
    last = now;
    before();
    const { scrollHeight } = document.documentElement;
    send({ signal: "activity", depth: scrollHeight ? Math.round((100 * (scrollY + innerHeight)) / scrollHeight) : 0 }, now);
  });
  listen(document, "visibilitychange", () => send({ signal: "tab", visible: !document.hidden }));
};
