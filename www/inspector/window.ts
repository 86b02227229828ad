/**
 * The inspector's window: it is moved by its header, with the pointer or by arrow keys, folded, and closed by Escape. Where
 * the screen is narrow it is a sheet at the lower edge.
 */

import { button, make } from "../panel/parts.js";
import type { Corner } from "./place.js";

/** How far an arrow key moves it, in pixels; with Shift four times as far. */
const STEP_PX = 16;

/** So much of it stays on the screen, in pixels. */
const LEAST_PX = 48;

/** Below this width, in pixels, it is a sheet. The same as in `inspector.css`. */
const SHEET_PX = 480;

/** Which way each arrow key moves it. */
const WAYS = new Map<string, readonly [x: number, y: number]>([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

export interface InspectorWindow {
  readonly element: HTMLElement;
  isFolded(): boolean;
  end(): void;
}

interface Kept {
  readonly corner: Corner | undefined;
  moveTo(corner: Corner): void;
}

/** A button that a symbol stands for. */
const symbol = (text: string, label: string, press: () => void): HTMLButtonElement => {
  const element = button(text, press);
  element.classList.add("symbol");
  element.setAttribute("aria-label", label);
  element.title = label;
  return element;
};

export const createWindow = (kept: Kept, close: () => void, ...content: readonly HTMLElement[]): InspectorWindow => {
  const title = make("h2", "title", "Tailorbird");
  title.id = "title";
  const grip = symbol("⠿", "Move the inspector, by arrow keys", () => {});
  const fold = symbol("–", "Fold", () => {
    const isFolded = body.hidden;
    body.hidden = !isFolded;
    element.classList.toggle("folded", body.hidden);
    fold.setAttribute("aria-expanded", String(isFolded));
    place();
  });
  fold.setAttribute("aria-expanded", "true");
  const header = make("div", "header", grip, title, fold, symbol("×", "Close the inspector", close));
  const body = make("div", "body", ...content);
  const element = make("div", "window", header, body);
  // What is pressed in it keeps the focus, and so the keys, in it.
  element.tabIndex = -1;
  element.setAttribute("role", "dialog");
  element.setAttribute("aria-labelledby", title.id);
  // Its texts are English, whatever the page is.
  element.lang = "en";
  element.dir = "ltr";

  let { corner } = kept;
  /** Puts it where it is wanted, and no further out than it can be caught. */
  const place = (): void => {
    const { style } = element;
    if (!corner || innerWidth < SHEET_PX) {
      style.left = style.top = style.right = style.bottom = "";
      return;
    }
    const left = Math.min(Math.max(corner.left, LEAST_PX - element.offsetWidth), innerWidth - LEAST_PX);
    const top = Math.min(Math.max(corner.top, 0), innerHeight - LEAST_PX);
    corner = { left, top };
    [style.left, style.top] = [`${left}px`, `${top}px`];
    style.right = style.bottom = "auto";
  };
  const here = (): Corner => element.getBoundingClientRect();
  const moveTo = (to: Corner): void => {
    corner = to;
    place();
  };
  const keep = (): void => {
    if (corner) kept.moveTo({ left: corner.left, top: corner.top });
  };

  let from: { readonly x: number; readonly y: number; readonly corner: Corner } | undefined;
  header.addEventListener("pointerdown", (event) => {
    const isOnButton = event.target instanceof Element && event.target.closest("button") && event.target != grip;
    if (event.button || isOnButton || innerWidth < SHEET_PX) return;
    const { left, top } = here();
    from = { x: event.clientX, y: event.clientY, corner: { left, top } };
    header.setPointerCapture(event.pointerId);
  });
  header.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (from) moveTo({ left: from.corner.left + clientX - from.x, top: from.corner.top + clientY - from.y });
  });
  for (const type of ["pointerup", "pointercancel"]) {
    header.addEventListener(type, () => {
      if (from) keep();
      from = undefined;
    });
  }
  grip.addEventListener("keydown", (event) => {
    const way = WAYS.get(event.key);
    if (!way) return;
    event.preventDefault();
    const [x, y] = way;
    const { left, top } = here();
    const step = event.shiftKey ? 4 * STEP_PX : STEP_PX;
    moveTo({ left: left + x * step, top: top + y * step });
    keep();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key != "Escape") return;
    event.preventDefault();
    close();
  });
  addEventListener("resize", place);
  // Measured once it stands in the document.
  requestAnimationFrame(place);
  return { element, isFolded: () => body.hidden, end: () => removeEventListener("resize", place) };
};
