/**
 * The nodes that variants have put into the page. No selector of a variant matches them, they are no slots, and
 * they are no part of what the page shows itself.
 */

const roots = new WeakSet<Node>();

export const markOurs = (node: Node): void => {
  roots.add(node);
};

/** Whether a variant has put in this very node. */
export const isOurRoot = (node: Node): boolean => roots.has(node);

/** Whether a variant has put in this node, or one that it is in. */
export const isOurs = (node: Node): boolean => {
  for (let at: Node | null = node; at; at = at.parentNode) if (roots.has(at)) return true;
  return false;
};
