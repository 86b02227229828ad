/**
 * Attributes that a variant may set, by element, and setting them. `src/page/content.rs` checks the
 * same names when the config is read; here the element is known as well.
 *
 * Allowed are attributes that say something to people, links that lead to web addresses, pictures and
 * videos. Not allowed is what runs script (`on...`), what a form sends (`type`, `name`, `value` of a
 * field, `action`), what decides where the page loads from, `rel`, `id`, `style` and `class`: classes
 * have their own key, because the rest of `class` belongs to the page.
 */

import { candidatesOf, leadsTo, LINKS, WEB } from "./address.js";
import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { isHtml, named, refusedElement } from "./elements.js";
import type { Refusal } from "./refusal.js";

const EVERYWHERE = new Set(["dir", "hidden", "lang", "role", "title"]);

const BY_ELEMENT: ReadonlyMap<string, readonly string[]> = new Map([
  ["a", ["href", "target"]],
  ["area", ["alt", "href", "target"]],
  ["audio", ["src"]],
  ["del", ["datetime"]],
  ["img", ["alt", "height", "loading", "sizes", "src", "srcset", "width"]],
  ["input", ["placeholder", "value"]],
  ["ins", ["datetime"]],
  ["optgroup", ["label"]],
  ["option", ["label"]],
  ["source", ["height", "media", "sizes", "src", "srcset", "width"]],
  ["textarea", ["placeholder"]],
  ["time", ["datetime"]],
  ["track", ["label", "src"]],
  ["video", ["height", "poster", "src", "width"]],
]);

/**
 * First words of `data-` names that scripts of others take for instructions: expressions they run,
 * selectors and addresses they follow, markup they insert. A site's own names are free.
 *
 * Alpine, Angular, Bootstrap, Datastar, Dojo, EasyUI, htmx, jQuery Mobile, Knockout, lazy loaders, Livewire,
 * rails-ujs, React, Rivets, Stimulus, TinyMCE, Turbo, Unpoly, Vue, WordPress; `tb` is Tailorbird's own. The schema
 * and `src/page/content.rs` have the same list.
 */
// prettier-ignore
const DATA_OF_OTHERS = new Set([
  "action", "ajax", "alpine", "attr", "background", "bg", "bind", "bs", "callback", "class", "computed", "content",
  "controller", "dismiss", "dojo", "effect", "ember", "event", "fetch", "href", "html", "htmx", "hx", "indicator",
  "init", "json", "lazy", "livewire", "mce", "method", "model", "ng", "on", "options", "original", "params",
  "persist", "poll", "react", "reactid", "reactroot", "ref", "remote", "role", "rv", "show", "signals", "src",
  "srcset", "style", "target", "tb", "template", "text", "toggle", "turbo", "turbolinks", "up", "url", "v", "vue",
  "win", "wire", "wp", "x",
]);

/** What says how a control is at the moment. Whoever changes that has a reason: it is never set back. */
const STATES = new Set([
  "aria-activedescendant",
  "aria-busy",
  "aria-checked",
  "aria-current",
  "aria-disabled",
  "aria-expanded",
  "aria-hidden",
  "aria-invalid",
  "aria-pressed",
  "aria-selected",
  "aria-valuenow",
  "aria-valuetext",
  "hidden",
]);

const isAllowedName = (element: Element, name: string): boolean => {
  if (EVERYWHERE.has(name) || /^aria-[a-z]+$/.test(name)) return true;
  const data = /^data-([a-z0-9]+)(-[a-z0-9]+)*$/.exec(name);
  // Whatever is called a callback is the name of a function.
  if (data) return !DATA_OF_OTHERS.has(data[1]!) && !/callback|^data-on/.test(name);
  return isHtml(element) && !!BY_ELEMENT.get(element.localName)?.includes(name);
};

const isAllowedValue = (element: Element, name: string, value: string): boolean => {
  switch (name) {
    case "href":
      return leadsTo(value, LINKS);
    case "src":
    case "poster":
      return leadsTo(value, WEB);
    case "srcset":
      return candidatesOf(value).every((address) => address && leadsTo(address, WEB));
    case "target":
      // Browsers keep the new page away from this one, unless the page itself asked for the opposite.
      return value == "_self" || (value == "_blank" && !element.matches('[rel~="opener" i]'));
    case "value":
      // The label of a button that submits nothing by it.
      return element.matches("input:is([type=button i],[type=reset i],[type=submit i]):not([name])");
    default:
      return true;
  }
};

/** Attributes that markup of a variant has besides: the element is the variant's own. */
const isMarkupName = (element: Element, name: string): boolean => {
  switch (name) {
    case "class":
      return true;
    case "cite":
      return element.matches("blockquote,q");
    case "type":
      return element.matches("button");
    default:
      return isAllowedName(element, name);
  }
};

const isMarkupValue = (element: Element, name: string, value: string): boolean => {
  switch (name) {
    case "cite":
      return leadsTo(value, WEB);
    case "type":
      return value == "button";
    default:
      return isAllowedValue(element, name, value);
  }
};

const notSet = (element: Element, name: string, value?: string): string =>
  `${name}${value === undefined ? "" : `="${value.slice(0, 80)}"`} is not set on ${named(element)}`;

/** Why the attribute is not set on an element of the page; `undefined` where it is. */
export const refusedAttribute = (element: Element, name: string, value: string): string | undefined => {
  const refused = refusedElement(element);
  if (refused) return refused;
  if (!isAllowedName(element, name)) return notSet(element, name);
  return isAllowedValue(element, name, value) ? undefined : notSet(element, name, value);
};

/** Why the attribute is not in markup of a variant; `undefined` where it may be. */
export const refusedInMarkup = (element: Element, name: string, value: string): string | undefined => {
  if (!isMarkupName(element, name)) return notSet(element, name);
  return isMarkupValue(element, name, value) ? undefined : notSet(element, name, value);
};

/** Whether what is known of a visitor may stand in the attribute: what it says, never what it is. */
export const takesValues = (element: Element, name: string): boolean =>
  isMarkupName(element, name) && !["hidden", "role", "target", "type"].includes(name);

export interface AttributeChange extends AppliedChange {
  /** Whether the element has our value. */
  stands(): boolean;
}

/** Sets an attribute, or removes it where the value is `null`. */
export const setAttribute = (element: Element, name: string, value: string | null): AttributeChange => {
  const original = element.getAttribute(name);
  let givenUp = false;
  const write = (text: string | null): void => {
    if (text === null) element.removeAttribute(name);
    else element.setAttribute(name, text);
  };
  const stands = (): boolean => !givenUp && element.getAttribute(name) === value;
  if (original !== value) write(value);
  return {
    stands,
    isCurrent: always,
    check: () => {
      const current = element.getAttribute(name);
      if (givenUp || current === value) return false;
      if (current !== original || STATES.has(name)) {
        givenUp = true;
        return false;
      }
      write(value);
      return true;
    },
    undo: () => {
      if (stands() && original !== value) write(original);
    },
  };
};

/** What has to be done to set an attribute; nothing is done yet. */
export const planAttribute = (element: Element, name: string, value: string): PlannedChange | Refusal => {
  const reason = refusedAttribute(element, name, value);
  if (reason !== undefined) return { reason, kind: "invalid" };
  return { content: undefined, make: () => setAttribute(element, name, value) };
};
