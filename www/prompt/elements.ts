/** The elements of a prompt, each a part that a site can style. */

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
