/** Walks through markup that is not in the page yet. */

/**
 * A property of an element as the platform has it. A form answers with its fields where it is asked for one of
 * their names.
 */
export const own = <Key extends "localName" | "namespaceURI" | "shadowRoot">(
  element: Element,
  key: Key,
): Element[Key] => Reflect.get(Element.prototype, key, element);

export const attributeNames = (element: Element): string[] => Element.prototype.getAttributeNames.call(element);

export const attributeOf = (element: Element, name: string): string =>
  Element.prototype.getAttribute.call(element, name) ?? "";

/** Calls `visit` with every element and text in the fragment until it answers something, and returns that. */
export const walk = <Result>(
  fragment: DocumentFragment,
  visit: (node: Element | Text) => Result | undefined,
): Result | undefined => {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const result = visit(walker.currentNode as Element | Text);
    if (result !== undefined) return result;
  }
  return undefined;
};

export const isElement = (node: Node): node is Element => node instanceof Element;
