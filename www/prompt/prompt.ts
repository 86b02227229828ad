/**
 * Asks the visitor something; a chunk of its own, because most pages never need it.
 *
 * What it shows is in a shadow root, so that neither style sheet reaches the other. Declining is as easy as accepting,
 * nothing counts down.
 */

import type { PromptContent } from "../page/boundary.js";
import { adoptStyle } from "./adopt_style.js";
import { button, link, make, row } from "./elements.js";
import { openModal } from "./modal.js";
import { showNotification } from "./notification.js";
import { openPanel } from "./panel.js";
import { applyTheme } from "./theme.js";
import type { PromptAnswer, PromptModule } from "./prompt_loader.js";
import { askFor, offerCoupon } from "./question.js";
import style from "./prompt.css";

/** What stands in a prompt, whatever its form. */
export interface Surface {
  /** The element in the document. */
  readonly host: HTMLElement;
  /** Its shadow root. */
  readonly root: ShadowRoot;
  /** Title, text and buttons. */
  readonly parts: readonly Node[];
  /** The ids of the elements that name and describe it. */
  readonly labelledBy: string;
  readonly describedBy: string | undefined;
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

export const show: PromptModule["show"] = (content, answered) => {
  const form = own(content, "as") || "modal";
  if (form == "notification") return showNotification(content, answered);
  const body = own(content, "body");
  const href = own(content, "href");
  const coupon = own(content, "coupon");
  const accept = own(content, "accept");

  const label = CLOSE.get((document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase());
  // First in tab order, so that the focus starts on no answer.
  const close = button("close", label ?? "Close");
  if (!label) close.lang = "en";
  const yes = accept && (href ? link("accept", accept, href) : button("accept", accept));
  const no = button("decline", own(content, "decline") || "");

  const host = document.createElement("tailorbird-prompt");
  host.dir = getComputedStyle(document.body).direction;
  const root = host.attachShadow({ mode: "open" });
  const removeStyle = adoptStyle(root, style);
  applyTheme(host, own(content, "theme") || "plain");
  document.body.append(host);

  let open = true;
  let closeSurface = (): void => {};
  const clear = (): void => {
    host.remove();
    removeStyle();
  };
  // Not only when it has closed, which may come too late where the answer leads to another page.
  const answer = (given: PromptAnswer): void => {
    if (!open) return;
    open = false;
    closeSurface();
    clear();
    answered(given);
  };
  const dismiss = (): void => answer({ outcome: "dismissed" });
  no.addEventListener("click", () => answer({ outcome: "declined" }));
  close.addEventListener("click", dismiss);
  const question = askFor(own(content, "ask"), yes || undefined, no, answer);
  const words = row(
    "words",
    make("h2", "title", own(content, "title") || ""),
    ...(body ? [make("p", "body", body)] : []),
    ...(coupon ? [offerCoupon(coupon)] : []),
    ...question.fields,
  );
  const surface: Surface = {
    host,
    root,
    parts: [row("top", close), question.around(words, row("answers", ...question.answers))],
    labelledBy: "title",
    describedBy: body ? "body" : undefined,
    dismiss,
  };
  try {
    closeSurface =
      form == "modal" && hasMouse() ? openModal(surface) : openPanel(surface, form == "modal" ? "sheet" : form);
  } catch (reason) {
    clear();
    throw reason;
  }
  return () => {
    if (!open) return;
    open = false;
    closeSurface();
    clear();
  };
};
