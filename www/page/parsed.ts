/** Whether the parser is done with an element. It still adds to the last one it has opened. */
export const isParsed = (element: Element): boolean => {
  if (document.readyState != "loading") return true;
  for (let node: Node | null = element; node; node = node.parentNode) if (node.nextSibling) return true;
  return false;
};
