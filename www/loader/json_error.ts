/**
 * Where a text stops being JSON. Browsers word their errors differently, and Safari gives no
 * position; a site owner needs the line.
 */

export interface JsonError {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

const STRING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;

/** One token: white space is skipped, then punctuation, a string, a number or a literal. */
const TOKEN = new RegExp(String.raw`[ \t\r\n]*(?:([{}[\]:,])|(${STRING})|(${NUMBER}|true|false|null)(?![\w.+-]))`, "y");

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma" | "end";

const WORDS: { readonly [state in Expected]: string } = {
  value: "expected a value",
  "value or ]": "expected a value or ]",
  key: "expected a name in double quotes",
  "key or }": "expected a name in double quotes, or }",
  colon: "expected a colon",
  comma: "expected a comma or a closing bracket",
  end: "expected nothing more",
};

/** The first error in a text that `JSON.parse` has refused. */
export const jsonError = (text: string): JsonError => {
  const open: string[] = [];
  let state: Expected = "value";
  let at = 0;
  const closed = (): Expected => (open.length ? "comma" : "end");
  /** The state after a token, or nothing where the token may not be here. */
  const next = (token: string): Expected | undefined => {
    const inside = open[open.length - 1];
    const isText = token[0] == '"';
    switch (token) {
      case "{":
      case "[":
        if (state != "value" && state != "value or ]") return;
        open.push(token);
        return token == "{" ? "key or }" : "value or ]";
      case "}":
        if (inside != "{" || (state != "comma" && state != "key or }")) return;
        open.pop();
        return closed();
      case "]":
        if (inside != "[" || (state != "comma" && state != "value or ]")) return;
        open.pop();
        return closed();
      case ":":
        return state == "colon" ? "value" : undefined;
      case ",":
        if (state != "comma") return;
        return inside == "{" ? "key" : "value";
      default:
        if (state == "key" || state == "key or }") return isText ? "colon" : undefined;
        return state == "value" || state == "value or ]" ? closed() : undefined;
    }
  };
  let afterComma = false;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const token = match && (match[1] ?? match[2] ?? match[3]);
    const following: Expected | undefined = token ? next(token) : undefined;
    if (!token || !following) break;
    afterComma = token == ",";
    at = TOKEN.lastIndex;
    state = following;
  }
  while (/[ \t\r\n]/.test(text.charAt(at))) at++;
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  const trailing = afterComma && /[}\]]/.test(text.charAt(at));
  return {
    line: before.length,
    column: before[before.length - 1]!.length + 1,
    expected: trailing ? "the comma before it is one too many" : WORDS[state],
  };
};
