/**
 * Markup from a `<template>` of the page. It is the site's own, so it may be anything but what runs or loads code
 * or documents, and what is a slot itself.
 */

import { candidatesOf, leadsTo, LINKS, WEB } from "./address.js";
import { refusedCss } from "./css_value.js";
import { isUntouched } from "./elements.js";
import { attributeNames, attributeOf, isElement, own, walk } from "./walk.js";

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

/** Attributes that are addresses, `xlink:href` among them. */
const ADDRESS =
  /^(?:\w+:)?(action|archive|background|cite|classid|codebase|data|dynsrc|formaction|href|icon|longdesc|lowsrc|manifest|poster|profile|src)$/;

/** Attributes that run or load something of themselves, send something, or take the focus. */
const REFUSED = /^(on.*|srcdoc|ping|attributionsrc|autofocus|nonce|shadowrootmode|data-tb-slot)$/;

/** SVG elements that change an attribute over time. */
const ANIMATIONS = new Set(["animate", "animatecolor", "animatemotion", "animatetransform", "set"]);

/** Whether an attribute leads somewhere. */
export const isAddress = (name: string): boolean => ADDRESS.test(name) || name == "srcset" || name == "imagesrcset";

const refusedAttribute = (localName: string, isSvg: boolean, name: string, value: string): string | undefined => {
  const shown = `${name}="${value.slice(0, 80)}" is not allowed in a template`;
  if (REFUSED.test(name)) return shown;
  if (/^(image)?srcset$/.test(name) && !candidatesOf(value).every((address) => leadsTo(address, WEB))) return shown;
  if (ADDRESS.test(name) && !leadsTo(value, LINKS)) return shown;
  // What links lead to is of the page; what is drawn from elsewhere would be a document of its own.
  if (isSvg && /href$/.test(name) && localName != "a" && !/image$/.test(localName) && !/^\s*#/.test(value))
    return shown;
  if (ANIMATIONS.has(localName) && name == "attributename" && /href|^on|src|style/i.test(value)) return shown;
  // `fill="url(...)"`, `style="..."`.
  const css = name == "style" || isSvg ? refusedCss(value) : undefined;
  return css && `${shown}: ${css}`;
};

const refusedElement = (element: Element): string | undefined => {
  const localName = own(element, "localName").toLowerCase();
  const namespace = own(element, "namespaceURI");
  const isSvg = namespace == SVG;
  // That of items is filled and judged by itself, and shows nothing of its own.
  const isOfItems = localName == "template" && attributeNames(element).includes("data-tb-item");
  const refused =
    localName == "foreignobject" ||
    localName == "tb-slot" ||
    (isUntouched(localName) && !isOfItems && localName != "style" && !(isSvg && localName == "title")) ||
    (namespace != HTML && !isSvg);
  if (refused) return `<${localName}> is not allowed in a template`;
  if (own(element, "shadowRoot")) return `<${localName}> with a shadow tree is not allowed in a template`;
  if (localName == "style") {
    const css = refusedCss(Reflect.get(Node.prototype, "textContent", element) as string);
    if (css) return `<style> is not allowed in a template: ${css}`;
  }
  for (const name of attributeNames(element)) {
    const reason = refusedAttribute(localName, isSvg, name.toLowerCase(), attributeOf(element, name));
    if (reason) return reason;
  }
  return undefined;
};

/** Why a clone of a template's content is not put into the page; `undefined` where it is. */
export const refusedTemplate = (fragment: DocumentFragment): string | undefined =>
  walk(fragment, (node) => (isElement(node) ? refusedElement(node) : undefined));
