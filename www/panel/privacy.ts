/**
 * The privacy panel, `<tb-privacy>`: what is stored and why, interests to correct or forget, why the page is as it is,
 * and the visitor's choices. A chunk of its own, loaded where a page has one.
 *
 * It stands in a shadow root, so that neither style sheet reaches the other. All of it works without the network, and
 * whatever the visitor has said; where the engine is not running it says that nothing is stored.
 */

import type { Tailorbird } from "../loader/types.js";
import type { PromptTheme } from "../page/boundary.js";
import { adoptStyle } from "../prompt/adopt_style.js";
import { applyTheme } from "../prompt/theme.js";
import themes from "../prompt/theme.css";
import { createChoice } from "./choice.js";
import { createControl } from "./control.js";
import { createDecisions } from "./decisions.js";
import { createInterests } from "./interests.js";
import type { PanelModule, PanelTexts } from "./panel_loader.js";
import style from "./panel.css";
import { createStatus, make, type Panel, type Section } from "./parts.js";
import { createStored } from "./stored.js";
import type { Texts } from "./texts/en.js";
import { createWords } from "./words.js";

/** Events of the engine after which something may be known that was not before, or not any more. */
const CHANGES = ["decision", "consent", "segment", "prompt", "stop", "unavailable"];

/** After this time the engine has read what is stored: after a yes, or where another tab has stored something. */
const READ_MS = 300;

/** What fills the panels of this page; one engine after another may. */
let source: { readonly tailorbird: Tailorbird; readonly texts: PanelTexts } | undefined;

/** The panels on the page, each with what builds it anew. */
const panels = new Map<HTMLElement, () => void>();

/** The state of the visitor's choice, as the text that says what it means. */
const stateOf = ({ available, profile }: Tailorbird): keyof Texts => {
  if (!available) return "unavailable";
  const { consent, paused } = profile();
  if (consent == "denied" || consent == "withdrawn") return "denied";
  if (paused) return "paused";
  return consent ?? "unknown";
};

/** Builds the panel into its shadow root. The returned function ends what it listens to. */
const build = (host: HTMLElement, root: ShadowRoot): (() => void) => {
  if (!source) return () => {};
  const { tailorbird } = source;
  const words = createWords(source.texts);
  const state = make("p", "state");

  const refresh = (): void => {
    const now = stateOf(tailorbird);
    const { consentSource = "site" } = tailorbird.profile();
    // The site's own word needs no name; that of a tool, or of the browser, the visitor may look up.
    state.textContent = words.say(now) + (consentSource == "site" ? "" : ` (${consentSource})`);
    for (const { section, isThere } of sections) {
      section.element.hidden = !isThere(now);
      if (!section.element.hidden) section.refresh();
    }
  };
  const runs = (now: keyof Texts): boolean => now != "unavailable";
  const knows = (now: keyof Texts): boolean => runs(now) && now != "denied";
  const { choice } = host.dataset;
  const [asks, onePurpose] = [choice != "elsewhere", choice == "personalize"];
  /** A section with a status of its own: what came of a press is told beside it. */
  const createSection = (create: (panel: Panel) => Section, isThere: (now: keyof Texts) => boolean) => {
    const status = createStatus();
    const section = create({ tailorbird, words, onePurpose, tell: status.tell, refresh });
    section.element.append(status.element);
    return { section, isThere };
  };
  const sections = [
    createSection(createChoice, (now) => asks && runs(now)),
    createSection(createInterests, knows),
    createSection(createDecisions, runs),
    createSection(createStored, knows),
    createSection(createControl, knows),
  ];

  const body = make(
    "div",
    "panel",
    make("h2", "title", words.say("title")),
    state,
    ...sections.map(({ section }) => section.element),
  );
  body.lang = words.language;
  const page = document.documentElement.lang.split("-")[0];
  // In the page's own language it is written as the page is.
  body.dir = words.language.split("-")[0] == page ? getComputedStyle(host).direction : words.direction;
  root.replaceChildren(body);
  refresh();

  let [soon, later]: ReturnType<typeof setTimeout>[] = [];
  const refreshSoon = (): void => {
    clearTimeout(soon);
    clearTimeout(later);
    soon = setTimeout(refresh);
    later = setTimeout(refresh, READ_MS);
  };
  const types = [...CHANGES.map((name) => `tailorbird:${name}`), "visibilitychange"];
  for (const type of types) document.addEventListener(type, refreshSoon);
  // Nothing of it is read: it says that another tab has stored something.
  addEventListener("storage", refreshSoon);
  return () => {
    clearTimeout(soon);
    clearTimeout(later);
    for (const type of types) document.removeEventListener(type, refreshSoon);
    removeEventListener("storage", refreshSoon);
  };
};

/** Made where it is needed: in Node there is no `HTMLElement`. */
const define = (): void => {
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  customElements.define(
    "tb-privacy",
    class extends HTMLElement {
      private end = (): void => {};
      private readonly dress = (): void => applyTheme(this, (this.dataset["theme"] || "plain") as PromptTheme);

      connectedCallback(): void {
        if (!this.shadowRoot) {
          // In the document first: WebKit measures without style sheets that were adopted before that.
          adoptStyle(this.attachShadow({ mode: "open" }), themes + style);
        }
        this.dress();
        isDark.addEventListener("change", this.dress);
        const rebuild = (): void => {
          this.end();
          if (this.shadowRoot) this.end = build(this, this.shadowRoot);
        };
        panels.set(this, rebuild);
        rebuild();
      }

      disconnectedCallback(): void {
        panels.delete(this);
        isDark.removeEventListener("change", this.dress);
        this.end();
      }
    },
  );
};

export const fill: PanelModule["fill"] = (tailorbird, texts) => {
  source = { tailorbird, texts };
  // Another copy of this chunk, of the script tag or of npm, may have defined it.
  if (!customElements.get("tb-privacy")) define();
  else for (const rebuild of panels.values()) rebuild();
};
