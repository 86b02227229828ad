/**
 * Asks the visitor something; a chunk of its own, because most pages never need it.
 *
 * What it shows is in a shadow root, so that neither style sheet reaches the other. Declining is as easy as accepting,
 * nothing counts down.
 */

import type { PromptContent } from "../page/boundary.js";
import { adoptStyle } from "./adopt_style.js";
import { openModal } from "./modal.js";
import { openPanel } from "./panel.js";
import type { PromptModule } from "./prompt_loader.js";
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

/** The text of that name. Read as an own property: what a page puts on `Object.prototype` is no answer of the config's. */
const textOf = (content: PromptContent, name: keyof PromptContent): string =>
  (Object.prototype.hasOwnProperty.call(content, name) && content[name]) || "";

/** Whether the visitor points with something precise: what covers a page on a touch screen is in the way. */
const hasMouse = (): boolean => matchMedia("(hover: hover) and (pointer: fine)").matches;

export const show: PromptModule["show"] = (content, answered) => {
  const form = textOf(content, "as") || "modal";
  const title = textOf(content, "title");
  const body = textOf(content, "body");
  const accept = textOf(content, "accept");
  const decline = textOf(content, "decline");
  const href = textOf(content, "href");
  const make = <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    part: string,
    ...content: (string | Node)[]
  ): HTMLElementTagNameMap[Name] => {
    const element = document.createElement(name);
    element.id = part;
    element.setAttribute("part", part);
    element.append(...content);
    return element;
  };
  const row = (name: string, ...content: Node[]): HTMLElement => {
    const element = document.createElement("div");
    element.className = name;
    element.append(...content);
    return element;
  };
  const button = (part: string, label: string): HTMLButtonElement => {
    const element = make("button", part, label);
    element.type = "button";
    return element;
  };
  const link = (part: string, label: string, href: string): HTMLAnchorElement => {
    const element = make("a", part, label);
    element.href = href;
    return element;
  };

  const label = CLOSE.get((document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase());
  // First in tab order, so that the focus starts on no answer.
  const close = button("close", label ?? "Close");
  if (!label) close.lang = "en";
  const yes = href ? link("accept", accept, href) : button("accept", accept);
  const no = button("decline", decline);
  const words = row("words", make("h2", "title", title), ...(body ? [make("p", "body", body)] : []));

  const host = document.createElement("tailorbird-prompt");
  host.dir = getComputedStyle(document.body).direction;
  const root = host.attachShadow({ mode: "open" });
  const removeStyle = adoptStyle(root, style);
  document.body.append(host);

  let open = true;
  let closeSurface = (): void => {};
  const clear = (): void => {
    host.remove();
    removeStyle();
  };
  // Not only when it has closed, which may come too late where the answer leads to another page.
  const answer = (outcome: "accepted" | "declined" | "dismissed"): void => {
    if (!open) return;
    open = false;
    closeSurface();
    clear();
    answered(outcome);
  };
  yes.addEventListener("click", () => answer("accepted"));
  no.addEventListener("click", () => answer("declined"));
  close.addEventListener("click", () => answer("dismissed"));
  const surface: Surface = {
    host,
    root,
    parts: [row("top", close), words, row("answers", yes, no)],
    labelledBy: "title",
    describedBy: body ? "body" : undefined,
    dismiss: () => answer("dismissed"),
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
