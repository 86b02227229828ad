/** Outlines around the slots of the page, each with a label, drawn above the page and through which it can be used. */

import { make } from "../panel/parts.js";

export interface Outlined {
  readonly slot: string;
  readonly label: string;
  readonly elements: readonly Element[];
}

export interface Outlines {
  draw(slots: readonly Outlined[]): void;
  clear(): void;
}

export const createOutlines = (root: ShadowRoot): Outlines => {
  const layer = make("div", "outlines");
  layer.setAttribute("aria-hidden", "true");
  let drawn: readonly (readonly [box: HTMLElement, element: Element])[] = [];
  let frame = 0;
  /** Puts each box where its element is. */
  const place = (): void => {
    frame = 0;
    for (const [box, element] of drawn) {
      const { left, top, width, height } = element.getBoundingClientRect();
      box.hidden = !element.isConnected || !(width || height);
      const { style } = box;
      [style.left, style.top, style.width, style.height] = [left, top, width, height].map((px) => `${px}px`) as [
        string,
        string,
        string,
        string,
      ];
      box.classList.toggle("low", top < 20);
    }
  };
  const placeSoon = (): void => {
    frame ||= requestAnimationFrame(place);
  };
  const events = ["scroll", "resize"];
  return {
    draw: (slots) => {
      if (!layer.isConnected) {
        root.prepend(layer);
        // What scrolls may be something within the page.
        for (const type of events) addEventListener(type, placeSoon, { capture: true, passive: true });
      }
      drawn = slots.flatMap(({ label, elements }) =>
        elements.map((element) => [make("div", "outline", make("span", "label", label)), element] as const),
      );
      layer.replaceChildren(...drawn.map(([box]) => box));
      place();
    },
    clear: () => {
      cancelAnimationFrame(frame);
      frame = 0;
      for (const type of events) removeEventListener(type, placeSoon, { capture: true });
      layer.remove();
      drawn = [];
    },
  };
};
