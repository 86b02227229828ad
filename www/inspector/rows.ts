/**
 * Lists that are written anew again and again. A row that says the same as before stays, so that whoever reads it, or has
 * the focus in it, is not disturbed; one that is replaced hands on its focus and what is folded out.
 */

import { make } from "../panel/parts.js";

/** A row, by which it is known again. */
export const row = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  key: string,
  part: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] => {
  const element = make(name, part, ...content);
  element.dataset["key"] = key;
  return element;
};

/** What takes the focus and is known again in the row that replaces its own. */
export const focusable = <Kind extends HTMLElement>(element: Kind, name: string): Kind => {
  element.dataset["focus"] = name;
  return element;
};

const find = (row: Element, attribute: string, value: string): HTMLElement | undefined =>
  [...row.querySelectorAll<HTMLElement>(`[data-${attribute}]`)].find((each) => each.dataset[attribute] == value);

/** What the visitor of the row has done to its controls is undone: they show what is known. */
const reset = (row: Element, active: Element | null | undefined): void => {
  for (const input of row.querySelectorAll("input")) {
    if (input == active) continue;
    if (input.type == "checkbox") input.checked = input.defaultChecked;
    else input.value = input.defaultValue;
  }
};

/** Writes the rows, each with a key, in this order. */
export const update = (list: Element, rows: readonly HTMLElement[]): void => {
  const root = list.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : null;
  const known = new Map<string | undefined, HTMLElement>();
  for (const child of list.children) if (child instanceof HTMLElement) known.set(child.dataset["key"], child);
  let focus: HTMLElement | undefined;
  const next = rows.map((fresh) => {
    const old = known.get(fresh.dataset["key"]);
    if (!old) return fresh;
    for (const details of fresh.querySelectorAll("details")) {
      const before = find(old, "fold", details.dataset["fold"] ?? "");
      if (before instanceof HTMLDetailsElement) details.open = before.open;
    }
    if (old.isEqualNode(fresh)) {
      reset(old, active);
      return old;
    }
    const name = active instanceof HTMLElement && old.contains(active) ? active.dataset["focus"] : undefined;
    if (name !== undefined) focus = find(fresh, "focus", name);
    return fresh;
  });
  const isSame = next.length == list.children.length && next.every((each, at) => each == list.children[at]);
  if (isSame) return;
  list.replaceChildren(...next);
  focus?.focus({ preventScroll: true });
};

/** What is folded in until somebody wants to know. */
export const fold = (name: string, title: string, ...content: (string | Node)[]): HTMLDetailsElement => {
  const summary = focusable(make("summary", "summary", title), `fold ${name}`);
  const details = make("details", "more", summary, ...content);
  details.dataset["fold"] = name;
  return details;
};
