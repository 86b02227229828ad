/** The CSS of a variant: one style sheet of the document, for as long as any element shows the variant. */

import { always, type AppliedChange, type PlannedChange } from "./change.js";
import { refusedCss } from "./css_value.js";
import { markOurs } from "./ours.js";
import type { Refusal } from "./refusal.js";

/** A style sheet in the document. */
interface Sheet {
  isThere(): boolean;
  add(): void;
  remove(): void;
}

/** Constructed sheets need no permission of the page's policy. Safari before 16.4 lacks them. */
const constructed = (css: string): Sheet | undefined => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    // Written as a whole: pages may have made the list their own.
    const others = (): CSSStyleSheet[] => document.adoptedStyleSheets.filter((other) => other != sheet);
    return {
      isThere: () => document.adoptedStyleSheets.includes(sheet),
      add: () => {
        document.adoptedStyleSheets = [...others(), sheet];
      },
      remove: () => {
        document.adoptedStyleSheets = others();
      },
    };
  } catch {
    return undefined;
  }
};

const element = (css: string): Sheet => {
  const style = document.createElement("style");
  // Browsers hide the attribute from selectors and show it to script.
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) style.nonce = nonce;
  style.textContent = css;
  markOurs(style);
  return {
    isThere: () => style.isConnected,
    add: () => document.head.append(style),
    remove: () => {
      style.remove();
    },
  };
};

/** The sheet of one variant. Each element of the slot that shows it plans it. */
export interface StyleSheetPlan {
  plan(): PlannedChange | Refusal;
}

export const createStyleSheet = (css: string): StyleSheetPlan => {
  const reason = refusedCss(css);
  let sheet: Sheet | undefined;
  let users = 0;
  const make = (): AppliedChange => {
    sheet ??= constructed(css) ?? element(css);
    const { isThere, add, remove } = sheet;
    if (!users++) add();
    let undone = false;
    return {
      isCurrent: always,
      check: () => {
        if (isThere()) return false;
        add();
        return true;
      },
      undo: () => {
        if (undone) return;
        undone = true;
        if (!--users) remove();
      },
    };
  };
  return {
    plan: () => (reason === undefined ? { content: undefined, make } : { reason, kind: "invalid" }),
  };
};
