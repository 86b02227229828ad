/**
 * The badge of a preview: what is previewed, what cannot be, and how to end it. A chunk of its own, because no visitor
 * needs it. It is in a shadow root, so that neither style sheet reaches the other, and over the page, which stays as it is.
 */

import { addListener } from "../loader/record.js";
import type { Preview } from "../page/boundary.js";
import { make } from "../panel/parts.js";
import { adoptStyle } from "../prompt/adopt_style.js";
import type { PreviewModule } from "./preview_loader.js";
import style from "./preview.css";

const list = (part: string, texts: readonly string[]): HTMLElement =>
  make("ul", part, ...texts.map((text) => make("li", "item", text)));

/** What a preview shows, in a few words. */
const wordsOf = (preview: Preview): string => {
  if ("slot" in preview) return `${preview.slot} shows ${preview.variant ?? "the page's own content"}`;
  if ("segment" in preview) return `${preview.in ? "in" : "not in"} segment ${preview.segment}`;
  return `prompt ${preview.prompt}${preview.variant ? ` says ${preview.variant}` : ""}`;
};

export const createBadge: PreviewModule["createBadge"] = (leave) => {
  const host = document.createElement("tailorbird-preview");
  host.dir = getComputedStyle(document.documentElement).direction;
  const root = host.attachShadow({ mode: "open" });
  const said = make("div", "said");
  // It changes with each page of an application.
  said.setAttribute("role", "status");
  const exit = make("button", "exit", "Exit preview");
  exit.type = "button";
  addListener(exit, "click", leave);
  const badge = make("section", "badge", make("h2", "title", "Preview"), said, exit);
  badge.setAttribute("aria-label", "Preview");
  // The words are English, whatever the page's language is.
  badge.lang = "en";
  badge.dir = "ltr";
  root.append(badge);
  document.body.append(host);
  const removeStyle = adoptStyle(root, style);
  return {
    say: ({ address, previews, problems }) => {
      const lasts = address === null ? "It ends with this page, and nothing is recorded." : "Nothing is recorded.";
      const parts = [
        ...(previews.length ? [list("shows", previews.map(wordsOf))] : []),
        ...(problems.length ? [list("problems", problems)] : []),
        make("p", "hint", lasts),
      ];
      said.replaceChildren(...parts);
    },
    remove: () => {
      host.remove();
      removeStyle();
    },
  };
};
