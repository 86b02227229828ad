/** The nodes of a variant, ready to be put into the page: HTML of the config, or a template of the page. */

import type { Item } from "./boundary.js";
import { named } from "./elements.js";
import { parseMarkup, refusedMarkup } from "./markup.js";
import { isOurs, markOurs } from "./ours.js";
import { fillIn, type Fill } from "./placeholders.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { refusedTemplate } from "./template_markup.js";
import { refusedLive } from "./visitor.js";
import { isElement, walk } from "./walk.js";

/** Makes the nodes. All calls for one content make the same. */
export type Content = () => DocumentFragment | Refusal;

const invalid = (reason: string): Refusal => ({ reason, kind: "invalid" });

/** Text in a live region is read out when it is put in. */
const speakingIn = (fragment: DocumentFragment): string | undefined =>
  walk(fragment, (node) =>
    !isElement(node) && /\S/.test(node.data) && node.parentElement ? refusedLive(node.parentElement) : undefined,
  );

const judged = (
  fragment: DocumentFragment,
  fill: Fill,
  refused: (fragment: DocumentFragment) => string | undefined,
  item?: Item,
): DocumentFragment | Refusal => {
  const refusal = fillIn(fragment, fill, item);
  if (refusal) return refusal;
  const reason = refused(fragment) ?? speakingIn(fragment);
  return reason === undefined ? fragment : invalid(reason);
};

/** Parsed and judged once, however many elements show it. */
export const htmlContent = (html: string, fill: Fill): Content => {
  let parsed: DocumentFragment | undefined;
  return () => {
    if (!parsed) {
      const fragment = parseMarkup(html);
      if (typeof fragment == "string") return invalid(fragment);
      const result = judged(fragment, fill, refusedMarkup);
      if (isRefusal(result)) return result;
      parsed = result;
    }
    return parsed.cloneNode(true) as DocumentFragment;
  };
};

/** The content of a template that `find` finds, with an item's fields; `missing` is the reason where it finds none. */
export const templateContent =
  (find: () => Element | null | undefined, missing: string, fill: Fill, item?: Item): Content =>
  () => {
    const template = find();
    if (!template) return { reason: missing, kind: "missing" };
    if (!(template instanceof HTMLTemplateElement)) return invalid(`${named(template)} is no <template>`);
    // Cloned in the template's own document, where nothing of it loads or runs.
    return judged(template.content.cloneNode(true) as DocumentFragment, fill, refusedTemplate, item);
  };

/** A template anywhere in the document; a selector that is none finds none. */
export const templateAt = (selector: string): Element | undefined => {
  try {
    const list = document.querySelectorAll(selector);
    for (let at = 0; at < list.length; at++) if (!isOurs(list[at]!)) return list[at];
  } catch {
    // Said as "nothing matches".
  }
  return undefined;
};

/** The content of the document's template that this selector finds. */
export const namedTemplate = (selector: string, fill: Fill): Content =>
  templateContent(() => templateAt(selector), `nothing matches "${selector}"`, fill);

/** The nodes of a fragment, marked as ours. */
export const nodesOf = (fragment: DocumentFragment): ChildNode[] => {
  const nodes: ChildNode[] = [];
  for (let node = fragment.firstChild; node; node = node.nextSibling) {
    markOurs(node);
    nodes.push(node);
  }
  return nodes;
};
