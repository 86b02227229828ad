/** Which elements variants may change at all, and which may be given text. */

const HTML = "http://www.w3.org/1999/xhtml";

/** Code, documents of their own, and what decides where the page loads from: nothing of these is ever changed. */
const UNTOUCHED = new Set([
  "applet",
  "base",
  "embed",
  "fencedframe",
  "frame",
  "frameset",
  "head",
  "iframe",
  "link",
  "meta",
  "noscript",
  "object",
  "param",
  "portal",
  "script",
  "style",
  "template",
  "title",
]);

/** Controls: what they show is also what they submit, or is made by the browser. */
const CONTROLS = new Set([
  "datalist",
  "input",
  "meter",
  "optgroup",
  "option",
  "output",
  "progress",
  "select",
  "textarea",
]);

/** Show no text of their own, or only where they fail. */
const TEXTLESS = new Set([
  "area",
  "audio",
  "br",
  "canvas",
  "col",
  "hr",
  "img",
  "map",
  "picture",
  "source",
  "track",
  "video",
  "wbr",
]);

/** May hold elements, and no text between them. */
const TABLES_AND_LISTS = new Set([
  "colgroup",
  "dl",
  "html",
  "menu",
  "ol",
  "table",
  "tbody",
  "tfoot",
  "thead",
  "tr",
  "ul",
]);

export const isHtml = (element: Element): boolean => element.namespaceURI == HTML;

/** Made by a script of the page, which does with its content what it likes. `<tb-slot>` is ours. */
export const isCustom = (element: Element): boolean =>
  isHtml(element) && element.localName.includes("-") && element.localName != "tb-slot";

/** An element for an error message: `<h1>`. */
export const named = (element: Element): string => `<${element.localName}>`;

/** Why nothing of the element may be changed; `undefined` where that is allowed. */
export const refusedElement = (element: Element): string | undefined => {
  const refused = UNTOUCHED.has(element.localName) || element.parentElement?.localName == "head";
  return refused ? `${named(element)} is never changed` : undefined;
};

/** Why the element cannot be given text; `undefined` where it can. */
export const refusedText = (element: Element): string | undefined => {
  const { localName } = element;
  if (CONTROLS.has(localName)) return `the text of ${named(element)} is not changed, because it is part of a form`;
  if (isCustom(element))
    return `the text of ${named(element)} is not changed, because a custom element owns its content`;
  if (!isHtml(element) || TEXTLESS.has(localName) || TABLES_AND_LISTS.has(localName)) {
    return `${named(element)} cannot be given text`;
  }
  return refusedElement(element);
};

/** Show something, and are never changed: what is in an element that holds one cannot be replaced. */
const SHOWING = new Set(["applet", "embed", "fencedframe", "frame", "frameset", "iframe", "object", "portal"]);

/** May hold only elements that go with them. */
const TABLES = new Set(["colgroup", "frameset", "html", "table", "tbody", "tfoot", "thead", "tr"]);

/** Why no elements are put into the element or moved in it; `undefined` where they are. */
export const refusedParent = (element: Element): string | undefined => {
  const { localName } = element;
  if (isCustom(element)) return `${named(element)} is a custom element, which owns its content`;
  if (!isHtml(element) || CONTROLS.has(localName) || TEXTLESS.has(localName) || localName == "html") {
    return `${named(element)} is given no content`;
  }
  return refusedElement(element);
};

/** Why what the element holds is not replaced; `undefined` where it is. */
export const refusedContent = (element: Element): string | undefined => {
  if (TABLES.has(element.localName)) return `${named(element)} is given no other content`;
  for (let child = element.firstElementChild; child; child = child.nextElementSibling) {
    if (SHOWING.has(child.localName)) return `${named(element)} holds ${named(child)}, which is never changed`;
  }
  return refusedParent(element);
};

/** Whether the element is code, a document of its own, or decides where the page loads from. */
export const isUntouched = (localName: string): boolean => UNTOUCHED.has(localName);

/** Whether there is anything to read in a text. */
export const isBlank = (text: string | null): boolean => !text || !/\S/.test(text);

/** Whether text can be read in the element that a variant might rewrite or hide: not an icon, picture or control. */
export const carriesText = (element: Element): boolean => !refusedText(element) && !isBlank(element.textContent);
