/** A hand that moves the pointer to the browser's tabs, by the events of such a hand. Runs in the frame. */

const STROKE_MS = 120;
const STROKE_STEPS = 8;
/** No hand begins further down. */
const HEIGHT_PX = 320;

/** A busy machine would make the hand too slow, so the events say when they would have happened. */
const dispatch = (event: MouseEvent, timeStamp: number): void => {
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  (document.elementFromPoint(event.clientX, Math.max(0, event.clientY)) ?? document.body).dispatchEvent(event);
};

/** Up and out through the top of the page. */
export const leaveThroughTop = (): void => {
  const start = performance.now() - STROKE_MS;
  const at = { bubbles: true, composed: true, view: window, clientX: innerWidth / 2 };
  const mouse = { ...at, pointerType: "mouse", isPrimary: true };
  const height = Math.min(HEIGHT_PX, innerHeight - 1);
  dispatch(new PointerEvent("pointerover", { ...mouse, clientY: height }), start);
  for (let step = 0; step <= STROKE_STEPS; step++) {
    const clientY = Math.round(height * (1 - step / STROKE_STEPS));
    const timeStamp = start + (STROKE_MS * step) / STROKE_STEPS;
    dispatch(new PointerEvent("pointermove", { ...mouse, clientY }), timeStamp);
  }
  dispatch(new MouseEvent("mouseout", { ...at, clientY: -4, relatedTarget: null }), start + STROKE_MS);
};
