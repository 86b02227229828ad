/**
 * Asks the visitor something; a chunk of its own, because most pages never need it.
 *
 * What it shows is in a shadow root, so that neither style sheet reaches the other. Declining is as easy as accepting,
 * nothing counts down.
 */

import type { PromptContent, PromptForm } from "../page/boundary.js";
import { adoptStyle } from "./adopt_style.js";
import { makeCards } from "./cards.js";
import { button, link, make, row } from "./elements.js";
import { findSlot, openInline } from "./inline.js";
import { openModal } from "./modal.js";
import { showNotification } from "./notification.js";
import { listenIn, missingAnswer } from "./own_markup.js";
import { openPanel } from "./panel.js";
import { hasRoom, makePicture } from "./picture.js";
import { applyTheme } from "./theme.js";
import type { PromptAnswer, PromptModule } from "./prompt_loader.js";
import { askFor, offerCoupon } from "./question.js";
import { watch } from "./watch.js";
import themes from "./theme.css";
import style from "./prompt.css";
import { addListener } from "../loader/record.js";

/** What stands in a prompt, whatever its form. */
export interface Surface {
  /** The element in the document. */
  readonly host: HTMLElement;
  /** Its shadow root. */
  readonly root: ShadowRoot;
  /** Title, text and buttons. */
  readonly parts: readonly Node[];
  /** What names it, and whether an element of the parts shows that. */
  readonly title: string;
  readonly isTitleShown: boolean;
  /** Whether an element of the parts describes it. */
  readonly isDescribed: boolean;
  /** The visitor closes it without an answer. */
  readonly dismiss: () => void;
}

/** The one label that no config holds. */
const CLOSE = new Map(
  Object.entries({
    ar: "إغلاق",
    cs: "Zavřít",
    da: "Luk",
    de: "Schließen",
    el: "Κλείσιμο",
    en: "Close",
    es: "Cerrar",
    fi: "Sulje",
    fr: "Fermer",
    he: "סגירה",
    hu: "Bezárás",
    it: "Chiudi",
    ja: "閉じる",
    ko: "닫기",
    nb: "Lukk",
    nl: "Sluiten",
    no: "Lukk",
    pl: "Zamknij",
    pt: "Fechar",
    ro: "Închide",
    ru: "Закрыть",
    sv: "Stäng",
    tr: "Kapat",
    uk: "Закрити",
    zh: "关闭",
  }),
);

/** What is there of that name. Read as an own property: what a page puts on `Object.prototype` is no answer of the config's. */
const own = <Name extends keyof PromptContent>(content: PromptContent, name: Name): PromptContent[Name] | undefined =>
  Object.prototype.hasOwnProperty.call(content, name) ? content[name] : undefined;

/** Whether the visitor points with something precise: what covers a page on a touch screen is in the way. */
const hasMouse = (): boolean => matchMedia("(hover: hover) and (pointer: fine)").matches;

export const show: PromptModule["show"] = (content, markup, fill, answered, seen) => {
  const given = own(content, "as") || "modal";
  if (given == "notification") return showNotification(content, answered);
  const form = given == "modal" && !hasMouse() ? "sheet" : given;
  const slot = own(content, "slot") || "";
  const place = form == "inline" ? findSlot(slot) : document.body;
  if (!place) return { reason: `the page has no slot "${slot}"`, kind: "missing" };

  const host = document.createElement("tailorbird-prompt");
  if (markup) {
    host.append(...markup);
    const missing = missingAnswer(host);
    if (missing) return { reason: `its template has no data-tb-answer="${missing}"`, kind: "invalid" };
  }
  const items = (!markup && own(content, "items")) || [];
  const cards = makeCards(items, fill, () => answer({ outcome: "accepted" }));
  if (items.length && !cards) return { reason: "none of its items has an item_name", kind: "missing" };
  host.dir = getComputedStyle(place).direction;
  if (form == "inline") host.dataset["inline"] = "";
  const root = host.attachShadow({ mode: "open" });
  const before = place.getBoundingClientRect();
  // In the document first: WebKit measures without style sheets that were adopted before that.
  place.append(host);
  const removeStyle = adoptStyle(root, themes + style);
  applyTheme(host, own(content, "theme") || "plain");

  const label = CLOSE.get((document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase());
  // First in tab order, so that the focus starts on no answer.
  const close = button("close", label ?? "Close");
  if (!label) close.lang = "en";

  let open = true;
  let closeSurface = (): void => {};
  const clear = (): void => {
    host.remove();
    removeStyle();
  };
  const end = (): boolean => {
    if (!open) return false;
    open = false;
    closeSurface();
    clear();
    return true;
  };
  // Not only when it has closed, which may come too late where the answer leads to another page.
  const answer = (given: PromptAnswer): void => {
    if (end()) answered(given);
  };
  const dismiss = (): void => answer({ outcome: "dismissed" });
  addListener(close, "click", dismiss);

  if (markup) listenIn(host, answer);
  const image = own(content, "image");
  const said = markup ? [row("words own", document.createElement("slot"))] : [sayAndAsk(content, cards, answer)];
  if (image && hasRoom(form)) {
    host.dataset["picture"] = "";
    said.splice(0, 1, row("beside", makePicture(image), row("said", ...said)));
  }
  const surface: Surface = {
    host,
    root,
    parts: [row("top", close), ...said],
    title: own(content, "title") || "",
    isTitleShown: !markup,
    isDescribed: !!own(content, "body"),
    dismiss,
  };
  try {
    const opened = form == "inline" ? openInline(surface, place, before) : openOver(surface, form);
    if (!opened) {
      clear();
      return { reason: "there is no room for it", kind: "busy" };
    }
    const panel = root.getElementById("dialog");
    const unwatch = panel && watch(panel, seen, () => answer({ outcome: "removed" }));
    closeSurface = () => {
      unwatch?.();
      opened();
    };
  } catch (reason) {
    clear();
    throw reason;
  }
  return end;
};

/** Opens it over the page. */
const openOver = (surface: Surface, form: PromptForm): (() => void) =>
  form == "modal" ? openModal(surface) : openPanel(surface, form);

/** The words of the config, and what they ask for. */
const sayAndAsk = (
  content: PromptContent,
  cards: HTMLElement | undefined,
  answer: (given: PromptAnswer) => void,
): Node => {
  const body = own(content, "body");
  const href = own(content, "href");
  const coupon = own(content, "coupon");
  const accept = own(content, "accept");
  const yes = accept && (href ? link("accept", accept, href) : button("accept", accept));
  const no = button("decline", own(content, "decline") || "");
  addListener(no, "click", () => answer({ outcome: "declined" }));
  const question = askFor(own(content, "ask"), yes || undefined, no, answer);
  const words = row(
    "words",
    make("h2", "title", own(content, "title") || ""),
    ...(body ? [make("p", "body", body)] : []),
    ...(cards ? [cards] : []),
    ...(coupon ? [offerCoupon(coupon)] : []),
    ...question.fields,
  );
  return question.around(words, row("answers", ...question.answers));
};
