/**
 * HTML of a variant: parsed where nothing of it loads or runs, and judged by a list of what is allowed. What is
 * not on the list refuses the variant; nothing is left out silently.
 */

import { refusedInMarkup } from "./attributes.js";
import { isHtml, named } from "./elements.js";
import { attributeNames, attributeOf, isElement, walk } from "./walk.js";

/** Text, lists, links, quotations and pictures. No ids, styles, forms or frames. */
// prettier-ignore
const ELEMENTS = new Set([
  "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "em", "b", "i", "u", "s", "br", "hr", "ul", "ol", "li",
  "dl", "dt", "dd", "a", "img", "picture", "source", "figure", "figcaption", "small", "sup", "sub", "mark", "time",
  "blockquote", "q", "cite", "code", "abbr", "button",
]);

/** The name of the Trusted Types policy, for the page's `trusted-types` directive. */
const POLICY = "tailorbird#html";

/** https://w3c.github.io/trusted-types; TypeScript does not know it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

const parsedBySanitizer = (html: string): Document | undefined => {
  const { parseHTML } = Document as unknown as { parseHTML?: (html: string, options: object) => Document };
  try {
    // Without a list of its own it leaves out only what runs script. It needs no policy. Firefox and Safari before
    // 2026 lack it.
    return parseHTML?.call(Document, html, { sanitizer: { removeElements: [], removeAttributes: [], comments: true } });
  } catch {
    return undefined;
  }
};

const parsedByParser = (html: string): Document | undefined => {
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  try {
    if (trustedTypes) policy ??= trustedTypes.createPolicy(POLICY, { createHTML: (text) => text });
    return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
  } catch {
    return undefined; // The page's policy does not allow ours.
  }
};

const COMMENT = /<!--(?:-?>|[^]*?--!?>)/y;
const END_TAG = /<\/[a-z][a-z0-9]*\s*>/iy;
const START_TAG = /<([a-z][^\s/>]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/iy;
const ATTRIBUTES = /([^\s"'<>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?/g;

/**
 * Reads the text as every parser does: what some read in another way is refused. Answers how many elements and
 * attributes it asks for, or why it is not parsed.
 *
 * A browser that sanitizes would leave out some of them silently, and Chromium 156 never comes back from
 * `onbeforematch`.
 */
const countIn = (html: string): number | string => {
  const matchAt = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(html);
  };
  let count = 0;
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", at)) {
    const tag = matchAt(START_TAG, at);
    const found = tag ?? matchAt(END_TAG, at) ?? matchAt(COMMENT, at);
    if (!found && /[a-z/!?]/i.test(html.charAt(at + 1))) {
      return `the HTML is not well-formed at "${html.slice(at, at + 40)}"`;
    }
    at += found ? found[0].length : 1;
    if (!tag) continue;
    const name = tag[1]!.toLowerCase();
    if (!ELEMENTS.has(name)) return `<${name}> is not allowed in HTML of a variant`;
    count++;
    for (const [, attribute = ""] of tag[2]!.matchAll(ATTRIBUTES)) {
      if (/^on/i.test(attribute)) return `${attribute} is not set on <${name}>`;
      count++;
    }
  }
  return count;
};

/** Why the element is not in HTML of a variant. */
const refusedElementOf = (element: Element): string | undefined => {
  const { localName } = element;
  if (!isHtml(element) || !ELEMENTS.has(localName)) return `${named(element)} is not allowed in HTML of a variant`;
  for (const name of attributeNames(element)) {
    const reason = refusedInMarkup(element, name, attributeOf(element, name));
    if (reason) return reason;
  }
  return undefined;
};

/** The HTML as nodes outside of the page, not judged yet, or why it cannot be parsed. */
export const parseMarkup = (html: string): DocumentFragment | string => {
  const count = countIn(html);
  if (typeof count == "string") return count;
  const parsed = parsedBySanitizer(html) ?? parsedByParser(html);
  if (!parsed) return `the page's content security policy does not allow the policy ${POLICY}`;
  const fragment = parsed.createDocumentFragment();
  while (parsed.body.firstChild) fragment.append(parsed.body.firstChild);
  let kept = 0;
  walk(fragment, (node) => {
    if (isElement(node)) kept += 1 + attributeNames(node).length;
  });
  // A browser that sanitizes has left out addresses that run script, and parsers repeated attributes.
  return kept < count ? "the browser does not accept all of the HTML" : fragment;
};

/** Why parsed HTML is not put into the page; `undefined` where it is. */
export const refusedMarkup = (fragment: DocumentFragment): string | undefined => {
  const reason = walk(fragment, (node) => (isElement(node) ? refusedElementOf(node) : undefined));
  if (reason) return reason;
  walk(fragment, (node) => {
    // Without a type a button in a form of the page submits it.
    if (isElement(node) && node.localName == "button") node.setAttribute("type", "button");
  });
  return undefined;
};
