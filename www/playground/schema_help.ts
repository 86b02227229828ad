/**
 * Completion and descriptions from the config's JSON Schema: a chunk of its own, loaded when somebody begins to edit.
 */

import { snippet, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import {
  CompletionItemKind,
  getLanguageService,
  TextDocument,
  type CompletionItem,
  type MarkupContent,
} from "vscode-json-languageservice";
import schema from "../loader/tailorbird.schema.json";

const ADDRESS = "playground:/config.json";

const service = getLanguageService({});
service.configure({
  // The engine's own reader tells what is wrong.
  validate: false,
  schemas: [{ uri: "playground:/schema.json", fileMatch: ["*"], schema }],
});

const documentOf = (text: string): TextDocument => TextDocument.create(ADDRESS, "json", 0, text);

const plainText = (given: string | MarkupContent | undefined): string =>
  typeof given == "string" ? given : (given?.value ?? "");

/** The placeholders of a language server, `$1`, as CodeMirror writes them: `${1}`. */
const templateOf = (text: string): string => text.replace(/(?<!\\)\$(\d)/g, "$${$1}");

/** What CodeMirror inserts. The language server also replaces the rest of the word after the cursor. */
const completionOf = (item: CompletionItem, rest: number): Completion => {
  const text = item.textEdit?.newText ?? item.insertText ?? item.label;
  const info = plainText(item.documentation);
  return {
    label: item.filterText ?? item.label,
    displayLabel: item.label,
    type: item.kind == CompletionItemKind.Property ? "property" : "constant",
    ...(info && { info }),
    apply: (view: EditorView, completion: Completion, from: number, to: number) => {
      snippet(templateOf(text))(view, completion, from, Math.min(to + rest, view.state.doc.length));
    },
  };
};

/** What may stand at the cursor. */
export const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
  const document = documentOf(context.state.doc.toString());
  const json = service.parseJSONDocument(document);
  const list = await service.doComplete(document, document.positionAt(context.pos), json);
  const edit = list?.items[0]?.textEdit;
  if (!list || !edit || !("range" in edit)) return null;
  const from = document.offsetAt(edit.range.start);
  const rest = document.offsetAt(edit.range.end) - context.pos;
  return {
    from,
    options: list.items.map((item) => completionOf(item, Math.max(0, rest))),
    validFor: /^"?[\w$-]*$/,
  };
};

/** What the schema says of the key or value at an offset; nothing where it says nothing. */
export const describe = async (
  text: string,
  at: number,
): Promise<{ from: number; to: number; text: string } | null> => {
  const document = documentOf(text);
  const hover = await service.doHover(document, document.positionAt(at), service.parseJSONDocument(document));
  if (!hover?.range) return null;
  const contents = Array.isArray(hover.contents) ? hover.contents : [hover.contents];
  const said = contents.map((part) => plainText(typeof part == "string" || "kind" in part ? part : part.value));
  return {
    from: document.offsetAt(hover.range.start),
    to: document.offsetAt(hover.range.end),
    // The server answers in Markdown; the schema's descriptions are plain.
    text: said.join("\n\n").replace(/\\([\\`*_{}[\]()#+\-.!<>])/g, "$1"),
  };
};
