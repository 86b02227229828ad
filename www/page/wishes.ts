/** What a variant wants of each element of the page. Nothing is judged or changed here. */

import { planAttribute } from "./attributes.js";
import type { Change, Image, Show } from "./boundary.js";
import type { PlannedChange } from "./change.js";
import { planContent } from "./children.js";
import { planClasses } from "./class_list.js";
import { htmlContent, namedTemplate, templateContent, type Content } from "./fragment.js";
import { planHide } from "./hide.js";
import { attributesOf, planImage } from "./image.js";
import { planInsert } from "./insert.js";
import { findPlace, itemsContent, type LeftOut } from "./items.js";
import { planMove } from "./move.js";
import { isOurs } from "./ours.js";
import type { Fill } from "./placeholders.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { planStyle } from "./style.js";
import { createStyleSheet, type StyleSheetPlan } from "./style_sheet.js";
import { planText } from "./text.js";

/** Judges one wish. `addressed` are elements whose own content the same variant changes. */
export type Judge = (addressed: ReadonlySet<Element>) => PlannedChange | Refusal;

/** Something that a variant wants of an element. */
export interface Wish {
  readonly judge: Judge;
  /** What it moves, looked up now. Other changes are of their element alone, and find nothing. */
  findMoved(): readonly Element[];
}

export interface Wishes {
  /** Whether something goes beside the slot's element itself. */
  readonly isAround: boolean;
  of(root: Element): Wanted;
}

export interface Wanted {
  /** By element and by what is changed of it. Where two selectors name the same the later one counts. */
  readonly all: ReadonlyMap<Element, ReadonlyMap<string, Wish>>;
  readonly addressed: ReadonlySet<Element>;
  /** The first reason why not all of it can be looked up. */
  readonly refusal: Refusal | undefined;
}

/** The elements that a selector names in the slot; there is at least one. */
const select = (root: Element, selector: string): Element[] | Refusal => {
  if (!selector) return [root];
  const found: Element[] = [];
  try {
    const list = root.querySelectorAll(selector);
    for (let at = 0; at < list.length; at++) if (!isOurs(list[at]!)) found.push(list[at]!);
  } catch {
    return { reason: `"${selector}" is not a valid selector`, kind: "invalid" };
  }
  return found.length ? found : { reason: `nothing matches "${selector}"`, kind: "missing" };
};

/** The template for a variant that is markup. */
const templateOf = (root: Element, variant: string): Element | undefined => {
  const list = root.querySelectorAll("template[data-tb-variant]");
  for (let at = 0; at < list.length; at++) {
    if (list[at]!.getAttribute("data-tb-variant") === variant && !isOurs(list[at]!)) return list[at];
  }
  return undefined;
};

const nothing = (): readonly Element[] => [];

/** Puts the place in the config before what will never do. */
const at = (path: string, result: PlannedChange | Refusal): PlannedChange | Refusal =>
  isRefusal(result) && result.kind == "invalid" ? { reason: `${path}: ${result.reason}`, kind: "invalid" } : result;

export const createWishes = ({ variant, changes }: Show, fill: Fill, leftOut: LeftOut): Wishes => {
  /** What is made once for all elements that show the variant. */
  const contents = new Map<Change, Content>();
  const sheets = new Map<Change, StyleSheetPlan>();

  for (const change of changes ?? []) {
    if (change.kind == "html") contents.set(change, htmlContent(change.html, fill));
    if (change.kind == "css") sheets.set(change, createStyleSheet(change.css));
    if (change.kind != "insert") continue;
    const { html, template } = change;
    contents.set(change, html === null ? namedTemplate(template ?? "", fill) : htmlContent(html, fill));
  }

  const of = (root: Element): Wanted => {
    const all = new Map<Element, Map<string, Wish>>();
    const classes = new Map<Element, Map<string, boolean>>();
    const images: { readonly path: string; readonly element: Element; readonly image: Image }[] = [];
    const addressed = new Set<Element>();
    let refusal: Refusal | undefined;

    const refuse = (path: string, reason: Refusal): void => {
      const said = at(path, reason) as Refusal;
      if (!refusal || (refusal.kind != "invalid" && said.kind == "invalid")) refusal = said;
    };
    const want = (path: string, element: Element, key: string, judge: Judge, findMoved = nothing): void => {
      let wanted = all.get(element);
      if (!wanted) all.set(element, (wanted = new Map<string, Wish>()));
      wanted.set(key, { judge: (others) => at(path, judge(others)), findMoved });
      if (key == "text" || key == "html") addressed.add(element);
    };
    const each = ({ path, selector }: { path: string; selector: string }, act: (element: Element) => void): void => {
      const found = select(root, selector);
      if (isRefusal(found)) refuse(path, found);
      else found.forEach(act);
    };

    const move = (change: Extract<Change, { kind: "move" }>): void => {
      const { path, selector, position } = change;
      const targets = select(root, selector);
      const elements = select(root, change.elements);
      for (const found of [targets, elements]) if (isRefusal(found)) refuse(path, found);
      if (isRefusal(targets) || isRefusal(elements)) return;
      const [target, ...others] = targets;
      if (!target || others.length) {
        refuse(path, { reason: `"${selector}" matches ${targets.length} elements, expected one`, kind: "invalid" });
        return;
      }
      const findMoved = (): readonly Element[] => {
        const found = select(root, change.elements);
        return isRefusal(found) ? [] : found;
      };
      want(path, root, `move:${path}`, () => planMove(elements, target, position), findMoved);
    };

    const add = (change: Change): void => {
      const { path } = change;
      switch (change.kind) {
        case "text":
          each(change, (element) => {
            want(path, element, "text", (others) => planText(element, change.text, others));
          });
          break;
        case "attributes":
          each(change, (element) => {
            for (const [name, value] of Object.entries(change.attributes)) {
              want(path, element, `attribute:${name}`, () => planAttribute(element, name, value));
            }
          });
          break;
        case "class":
          each(change, (element) => {
            const merged = classes.get(element) ?? new Map<string, boolean>();
            classes.set(element, merged);
            for (const name of change.add) merged.set(name, true);
            for (const name of change.remove) merged.set(name, false);
            want(path, element, "class", () => planClasses(element, merged));
          });
          break;
        case "style":
          each(change, (element) => {
            for (const [property, value] of Object.entries(change.style)) {
              want(path, element, `style:${property}`, () => planStyle(element, property, value));
            }
          });
          break;
        case "hide":
          each(change, (element) => {
            want(path, element, "style:display", () => planHide(element));
          });
          break;
        case "css":
          want(path, root, `css:${path}`, () => sheets.get(change)!.plan());
          break;
        case "html":
          each(change, (element) => {
            want(path, element, "html", () => planContent(element, contents.get(change)!));
          });
          break;
        case "insert":
          each(change, (element) => {
            want(path, element, `insert:${path}`, () => planInsert(element, change.position, contents.get(change)!));
          });
          break;
        case "move":
          move(change);
          break;
        case "items":
          each(change, (element) => {
            const place = findPlace(element, change.template);
            if (isRefusal(place)) {
              refuse(path, place);
              return;
            }
            const { host, isList } = place;
            const content = itemsContent(place, change.items, fill, leftOut);
            want(path, host, "html", () => planContent(host, content));
            if (!isList) want(path, host, "attribute:role", () => planAttribute(host, "role", "list"));
          });
          break;
        case "image":
          each(change, (element) => {
            images.push({ path, element, image: change.image });
            want(path, element, "image", () => planImage(element, change.image));
          });
          break;
        default:
          // An engine of another version.
          refuse((change as Change).path, {
            reason: `"${String((change as { kind: unknown }).kind)}" is no kind of change`,
            kind: "invalid",
          });
      }
    };

    changes?.forEach(add);
    for (const { path, element, image } of images) {
      const twice = attributesOf(image).find(([name]) => all.get(element)?.has(`attribute:${name}`));
      if (twice) refuse(path, { reason: `${twice[0]} is set by "attributes" as well`, kind: "invalid" });
    }
    if (!changes) {
      const missing = `there is no <template data-tb-variant="${variant}"> in the slot`;
      const content = templateContent(() => templateOf(root, variant), missing, fill);
      want("content", root, "html", () => planContent(root, content));
    }
    return { all, addressed, refusal };
  };

  const isAround = (changes ?? []).some(
    (change) =>
      change.kind == "insert" && !change.selector && (change.position == "before" || change.position == "after"),
  );
  return { isAround, of };
};
