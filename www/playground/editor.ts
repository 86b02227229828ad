/**
 * A text editor: CodeMirror, in a shadow root. There it adopts its style sheets, which every content security policy
 * allows; in the page itself it would write a `<style>`.
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Place } from "./problem_places.js";

export interface Editor {
  text(): string;
  /** Another text; it is no change of the user's. Undoing it brings back what was there. */
  replace(text: string): void;
  /** Marks these places, and no others. */
  mark(places: readonly Place[]): void;
  /** Moves the cursor there, into view, and the focus into the editor. */
  reveal(place: Place): void;
}

/** Adapts a name of the HTML or JSON grammar to the colours of the page: `playground.css` has them. */
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.tagName], color: "var(--code-name)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.attributeName], color: "var(--code-value)" },
  { tag: [tags.comment, tags.punctuation, tags.separator, tags.bracket], color: "var(--soft)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--raised)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" },
  // An outline would be below the gutters.
  "&.cm-focused::after": {
    content: "''",
    position: "absolute",
    inset: "0",
    zIndex: "300",
    border: "2px solid var(--focus)",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--soft)", backgroundColor: "var(--raised)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--tint)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  ".cm-foldPlaceholder": { color: "var(--soft)", backgroundColor: "var(--tint)", border: "none" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
  },
  ".cm-completionInfo, .cm-help": { maxWidth: "26rem", whiteSpace: "pre-line", padding: "0.4rem 0.6rem" },
  ".cm-diagnostic": { whiteSpace: "pre-line" },
});

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Completion and descriptions by the schema. The chunk is loaded with the first question. */
const schemaHelp = (): Extension => [
  autocompletion({
    override: [
      async (context) => {
        // Only where somebody asks, or is writing a word or has opened a text.
        if (!context.explicit && !context.matchBefore(/["\w$-]$/)) return null;
        return (await import("./schema_help.js")).complete(context);
      },
    ],
  }),
  hoverTooltip(async (view, at) => {
    const { describe } = await import("./schema_help.js");
    const help = await describe(view.state.doc.toString(), at);
    if (!help?.text) return null;
    return {
      pos: help.from,
      end: help.to,
      create: () => {
        const dom = document.createElement("div");
        dom.className = "cm-help";
        dom.textContent = help.text;
        return { dom };
      },
    };
  }),
];

export interface EditorOptions {
  readonly language: "json" | "html";
  /** The editor's name for assistive technology. */
  readonly label: string;
  /** The id of the element that says how to leave it. It must stand beside the editor in its shadow root. */
  readonly hint: string;
  /** The user has changed the text. */
  readonly onChange: () => void;
}

/** Creates an editor in `host`, which must have no shadow root yet. */
export const createEditor = (host: HTMLElement, { language, label, hint, onChange }: EditorOptions): Editor => {
  const root = host.attachShadow({ mode: "open" });
  const described = document.createElement("p");
  described.id = "hint";
  described.hidden = true;
  described.textContent = hint;
  root.append(described);

  const grammar = new Compartment();
  const scheme = new Compartment();
  let isReplacing = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        grammar.of(language == "json" ? [json(), schemaHelp(), lintGutter()] : []),
        scheme.of(EditorView.darkTheme.of(dark.matches)),
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        syntaxHighlighting(colours),
        theme,
        // No binding of Tab: it leaves the editor, as it leaves every other control.
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "hint" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isReplacing) onChange();
        }),
      ],
    }),
  });
  dark.addEventListener("change", () => {
    view.dispatch({ effects: scheme.reconfigure(EditorView.darkTheme.of(dark.matches)) });
  });
  if (language == "html") {
    void import("@codemirror/lang-html").then(({ html }) => {
      view.dispatch({ effects: grammar.reconfigure(html()) });
    });
  }

  return {
    text: () => view.state.doc.toString(),
    replace: (text) => {
      isReplacing = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      isReplacing = false;
    },
    mark: (places) => {
      const length = view.state.doc.length;
      const diagnostics = places
        .filter(({ to }) => to <= length)
        .map((place) => ({ ...place, severity: "error" as const }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    reveal: ({ from, to }) => {
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
      view.focus();
    },
  };
};
