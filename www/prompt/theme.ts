/** How a prompt looks: by one of our own themes, or as the page itself does. */

import type { PromptTheme } from "../page/boundary.js";

/** Red, green, blue and opacity, each from 0 to 1. */
type Colour = readonly [number, number, number, number];

/** The least contrast of text. Source: WCAG 2.2, 1.4.3. */
const CONTRAST = 4.5;

/** The least contrast of a button that is told from what is behind it by its fill alone. */
const FILL = 1.5;
/** How many buttons of the page are looked at. */
const BUTTONS = 20;

const WHITE: Colour = [1, 1, 1, 1];

/** What browsers write for colours of sRGB; others are not taken over. */
const readColour = (text: string): Colour | undefined => {
  const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
  if (!parts) return undefined;
  const [red, green, blue] = parts.slice(1, 4).map((part) => Number(part) / 255) as [number, number, number];
  return [red, green, blue, Number(parts[4] ?? 1)];
};

/** Relative luminance, from 0 to 1. Source: WCAG 2.2. */
const luminance = ([red, green, blue]: Colour): number => {
  const [r, g, b] = [red, green, blue].map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one: Colour, other: Colour): number => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** The colour behind the page: of its body, else of its root, else the browser's white. */
const surfaceOfPage = (): Colour | undefined => {
  for (const element of [document.body, document.documentElement]) {
    const colour = readColour(getComputedStyle(element).backgroundColor);
    if (!colour || colour[3] == 1) return colour;
    // What is half transparent has a colour that nobody told.
    if (colour[3] > 0) return undefined;
  }
  return WHITE;
};

/** Takes over what is legible of the page; the rest stays as plain has it. */
const inherit = (host: HTMLElement): void => {
  const set = (name: string, value: string): void => host.style.setProperty(`--tailorbird-${name}`, value);
  const page = getComputedStyle(document.body);
  const [text, surface] = [readColour(page.color), surfaceOfPage()];
  set("font", page.fontFamily);
  const legible = text && surface && text[3] == 1 && contrast(text, surface) >= CONTRAST;
  if (legible) {
    const parts = surface.slice(0, 3).map((part) => Math.round(part * 255));
    set("text", page.color);
    set("surface", `rgb(${parts.join(" ")})`);
    set("focus", page.color);
    set("scheme", luminance(surface) < 0.18 ? "dark" : "light");
  } else {
    set("focus", "currentcolor");
  }
  const behind = legible ? surface : WHITE;
  const looks = [...document.querySelectorAll('button,[type="submit"],.btn,.button')]
    .slice(0, BUTTONS)
    .map((button) => getComputedStyle(button));
  // Those that are nothing but words look like no button in a prompt.
  const filled = looks.find(({ color, backgroundColor }) => {
    const [label, fill] = [readColour(color), readColour(backgroundColor)];
    return (
      label &&
      fill &&
      label[3] == 1 &&
      fill[3] == 1 &&
      contrast(label, fill) >= CONTRAST &&
      contrast(fill, behind) >= FILL
    );
  });
  if (filled) {
    set("button", filled.backgroundColor);
    set("button-text", filled.color);
    set("border", filled.backgroundColor);
  }
  const radius = (filled ?? looks[0])?.borderTopLeftRadius;
  // Half of a circle would be too much for two lines.
  if (radius && /^[\d.]+px$/.test(radius)) set("radius", `min(${radius}, 1.5em)`);
};

export const applyTheme = (host: HTMLElement, theme: PromptTheme): void => {
  host.dataset["theme"] = theme;
  if (theme == "inherit") inherit(host);
};
