/** The elements of the panel. Each that a site may style is a part: `tb-privacy::part(button)`. */

/** What the sections are given. */
import type { Tailorbird } from "../loader/types.js";
import type { Words } from "./words.js";

export interface Panel {
  readonly tailorbird: Tailorbird;
  readonly words: Words;
  /** Whether the site asks for one purpose only, to personalize. */
  readonly onePurpose: boolean;
  /** Tells the visitor what came of what they did: shown, and read out. */
  tell(text: string): void;
  /** Shows what is known now, everywhere in the panel. */
  refresh(): void;
}

/** A part of the panel under a heading of its own. */
export interface Section {
  readonly element: HTMLElement;
  /** Shows what is known now. */
  refresh(): void;
}

/** An element with this content, and with a name by which sites style it. */
export const make = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  part: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  if (part) {
    element.className = part;
    element.setAttribute("part", part);
  }
  element.append(...content);
  return element;
};

let count = 0;

/** The element with an id that nothing else has, so that others can refer to it. */
export const withId = <Kind extends HTMLElement>(element: Kind): Kind => {
  element.id ||= `tb${++count}`;
  return element;
};

/** What explains something else. */
export const hint = (text: string): HTMLElement => withId(make("p", "hint", text));

export const button = (label: string, press: () => void): HTMLButtonElement => {
  const element = make("button", "button", label);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
};

/** A section with its heading. */
export const section = (title: string, ...content: Node[]): HTMLElement => {
  const heading = withId(make("h3", "heading", title));
  // Where the focus goes when what had it is gone.
  heading.tabIndex = -1;
  const element = make("section", "section", heading, ...content);
  element.setAttribute("aria-labelledby", heading.id);
  return element;
};

/** Gives the heading of a section the focus. */
export const focusHeading = (element: HTMLElement): void => element.querySelector("h3")?.focus();

/** A switch with its label, and with what it means. */
export interface Switch {
  readonly element: HTMLElement;
  /** Shows whether it is on. */
  set(on: boolean): void;
}

/** `turn` is called with what the visitor wants. */
export const makeSwitch = (label: string, means: string, turn: (on: boolean) => void): Switch => {
  const box = withId(make("input", "switch"));
  box.type = "checkbox";
  box.setAttribute("role", "switch");
  const name = make("label", "label", label);
  name.htmlFor = box.id;
  const why = hint(means);
  box.setAttribute("aria-describedby", why.id);
  box.addEventListener("change", () => turn(box.checked));
  const element = make("div", "choice", box, make("div", "", name, why));
  return {
    element,
    set: (on) => {
      box.checked = on;
    },
  };
};

/** Says what came of what the visitor did: shown, and read out. It speaks at no other time. */
export const createStatus = (): { readonly element: HTMLElement; readonly tell: (text: string) => void } => {
  const element = make("p", "status");
  element.setAttribute("role", "status");
  return {
    element,
    tell: (text) => {
      // The same words twice are read out twice only where they were gone in between.
      element.textContent = "";
      setTimeout(() => {
        element.textContent = text;
      }, 50);
    },
  };
};

/** Replaces what an element holds where that has changed: what a screen reader is reading stays. */
export const fill = (element: HTMLElement, ...content: Node[]): void => {
  const now = [...element.childNodes];
  const isSame = now.length == content.length && content.every((node, at) => node.isEqualNode(now[at] ?? null));
  if (!isSame) element.replaceChildren(...content);
};
