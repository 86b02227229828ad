/** The elements of a prompt, each a part that a site can style. */

import type { Surface } from "./prompt.js";

/** An element with this id, which is also the name of its part. */
export const make = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  part: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  element.id = part;
  element.setAttribute("part", part);
  element.append(...content);
  return element;
};

/** The surface of a prompt: named for assistive technology, by its title where that is shown. */
export const makeSurface = <Name extends "dialog" | "div" | "section">(
  name: Name,
  { parts, title, isTitleShown, isDescribed }: Surface,
): HTMLElementTagNameMap[Name] => {
  const element = make(name, "dialog", ...parts);
  if (isTitleShown) element.setAttribute("aria-labelledby", "title");
  else element.setAttribute("aria-label", title);
  if (isDescribed) element.setAttribute("aria-describedby", "body");
  return element;
};

/** Elements beside or below each other, laid out by the style sheet. */
export const row = (name: string, ...content: Node[]): HTMLElement => {
  const element = document.createElement("div");
  element.className = name;
  element.append(...content);
  return element;
};

export const button = (part: string, label: string): HTMLButtonElement => {
  const element = make("button", part, label);
  element.type = "button";
  return element;
};

export const link = (part: string, label: string, href: string): HTMLAnchorElement => {
  const element = make("a", part, label);
  element.href = href;
  return element;
};
