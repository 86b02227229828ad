/**
 * The dialog of a prompt; a chunk of its own, because most pages never need it.
 *
 * It is the platform's own `<dialog>`: focus stays inside, the page behind is inert, Esc closes
 * it, and the focus returns to where it was. It is in a shadow root, so that neither style
 * sheet reaches the other. Declining is as easy as accepting, nothing counts down.
 */

import type { PromptContent } from "../page/boundary.js";
import type { PromptModule } from "./prompt_loader.js";
import style from "./prompt.css";

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

/**
 * Adopts a style sheet; the returned function removes it. A sheet made by script works under every content
 * security policy, a `<style>` does not.
 */
const adoptStyle = (root: Document | ShadowRoot, text: string): (() => void) => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other != sheet);
    };
  } catch {
    // Safari before 16.4 cannot make one.
    const element = document.createElement("style");
    element.textContent = text;
    (root instanceof Document ? root.head : root).append(element);
    return () => element.remove();
  }
};

/** The text of that name. Read as an own property: what a page puts on `Object.prototype` is no answer of the config's. */
const textOf = (content: PromptContent, name: keyof PromptContent): string =>
  (Object.prototype.hasOwnProperty.call(content, name) && content[name]) || "";

export const show: PromptModule["show"] = (content, answered) => {
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

  const page = document.documentElement;
  const label = CLOSE.get((page.lang || navigator.language).slice(0, 2).toLowerCase());
  // First in tab order, so that the focus starts on no answer.
  const close = button("close", label ?? "Close");
  if (!label) close.lang = "en";
  const yes = href ? link("accept", accept, href) : button("accept", accept);
  const no = button("decline", decline);
  const dialog = make("dialog", "dialog", row("top", close), make("h2", "title", title));
  dialog.setAttribute("aria-labelledby", "title");
  if (body) {
    dialog.append(make("p", "body", body));
    dialog.setAttribute("aria-describedby", "body");
  }
  dialog.append(row("answers", yes, no));
  dialog.dir = getComputedStyle(document.body).direction;

  const host = document.createElement("tailorbird-prompt");
  const root = host.attachShadow({ mode: "open" });
  root.append(dialog);
  document.body.append(host);
  // The page behind must not scroll, nor move sideways when its scroll bar disappears.
  const gutter = innerWidth > page.clientWidth ? "html{scrollbar-gutter:stable}" : "";
  const undo = [
    adoptStyle(root, style),
    adoptStyle(document, `html{overflow:hidden!important}${gutter}`),
    () => host.remove(),
  ];
  const clear = (): void => undo.splice(0).forEach((step) => step());

  let open = true;
  // Not only on `close`, which may come too late where the answer leads to another page.
  const answer = (outcome: "accepted" | "declined" | "dismissed"): void => {
    if (!open) return;
    open = false;
    dialog.close();
    answered(outcome);
  };
  yes.addEventListener("click", () => answer("accepted"));
  no.addEventListener("click", () => answer("declined"));
  close.addEventListener("click", () => answer("dismissed"));
  dialog.addEventListener("close", () => {
    answer("dismissed");
    clear();
  });
  const outside = ({ target, clientX, clientY }: MouseEvent): boolean => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    return target == dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
  };
  // Both must be outside: text may be selected from the inside out.
  let pressedOutside = false;
  dialog.addEventListener("pointerdown", (event) => {
    pressedOutside = outside(event);
  });
  dialog.addEventListener("click", (event) => {
    if (pressedOutside && outside(event)) answer("dismissed");
  });

  try {
    dialog.showModal();
  } catch (reason) {
    clear();
    throw reason;
  }
  return () => {
    open = false;
    if (dialog.open) dialog.close();
  };
};
