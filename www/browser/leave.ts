/** The pointer leaving the page, with what surrounded it. Whether that means anything, the core says. */

import type { Visit } from "./visit.js";

/** So long the pointer must stay away. */
const AWAY_MS = 150;
const TYPING_MS = 3000;

const shown = (selector: string): boolean =>
  [...document.querySelectorAll(selector)].some(element => element.getClientRects().length);

/** Whether the visitor is before another dialog. */
export const modal = (): boolean => shown('dialog[open],[aria-modal="true"]');

/** Whether the focus is where text is written or chosen. */
export const inField = (): boolean =>
  !!document.activeElement?.matches('input,textarea,select,[contenteditable]:not([contenteditable="false"])');

export const leave = ({ send, guarded, listen }: Visit): void => {
  let points = 0;
  // Fingers have no edge to leave by. What the device says of itself (`hover`, `pointer`) is of no
  // use here: it speaks of the first pointer of several, and differs where pages are tested.
  let pointer = "";
  let typed = -TYPING_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  listen<PointerEvent>(document, "pointermove pointerdown", ({ type, pointerType }) => {
    if (type == "pointermove") points++;
    pointer = pointerType;
    clearTimeout(timer);
  });
  listen(document, "mouseover", () => clearTimeout(timer));
  listen(document, "keydown", () => {
    typed = Date.now();
  });
  listen<MouseEvent>(document, "mouseout", ({ relatedTarget, clientX, clientY, buttons }) => {
    if (relatedTarget || pointer != "mouse") return;
    clearTimeout(timer);
    const told = {
      x: clientX,
      y: clientY,
      width: innerWidth,
      focused: document.hasFocus(),
      typing: inField() || Math.abs(Date.now() - typed) < TYPING_MS,
      modal: modal(),
      pressed: !!buttons,
      private: !!document.querySelector('input[type="password"],[autocomplete^="cc-"],[autocomplete*=" cc-"]'),
      points,
    };
    timer = setTimeout(
      guarded(() => send({ signal: "leave", ...told })),
      AWAY_MS,
    );
  });
};
