/** Finds where in the text of a config a problem is that the engine names by its path. */

import { findNodeAtLocation, parseTree, type Node } from "jsonc-parser";
import { jsonError } from "../loader/json_error.js";

/** A problem, and the part of the text it is about. */
export interface Place {
  /** Offsets into the text, `from` before `to`; equal only where the text is empty. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

const NAME = "[A-Za-z_$][A-Za-z0-9_$]*";
const IN_BRACKETS = String.raw`\[[0-9]+\]|\["(?:[^"\\]|\\.)*"\]`;
/** `slots[1].content.text["h1 > b"] is 7, expected a text`. */
const PROBLEM = new RegExp(`^(the config|(?:${NAME}|${IN_BRACKETS})(?:\\.${NAME}|${IN_BRACKETS})*) is `);
const STEP = new RegExp(`\\[([0-9]+)\\]|\\[("(?:[^"\\\\]|\\\\.)*")\\]|\\.?(${NAME})`, "g");

/** The keys of a problem's path, from the root; nothing where the line is no problem. */
const pathOf = (problem: string): (string | number)[] | undefined => {
  const path = PROBLEM.exec(problem)?.[1];
  if (path === undefined || path == "the config") return path && [];
  return Array.from(path.matchAll(STEP), ([, index, quoted, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? name! : (JSON.parse(quoted) as string);
  });
};

/** What of a value is marked: all of a text or number; of a longer one its key, or else its first bracket. */
const markOf = (node: Node): { from: number; to: number } => {
  const isLong = node.type == "object" || node.type == "array";
  const key = node.parent?.type == "property" ? node.parent.children?.[0] : undefined;
  if (!isLong) return { from: node.offset, to: node.offset + node.length };
  return key ? { from: key.offset, to: key.offset + key.length } : { from: node.offset, to: node.offset + 1 };
};

/** The value at a path, or where it is missing the nearest one above it. */
const nodeAt = (root: Node, path: readonly (string | number)[]): Node => {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
};

/** Of a problem with a key itself, such as one that is unknown, the key is marked and not what stands there. */
const isOfKey = (problem: string): boolean => / is (unknown|not allowed)\b/.test(problem);

/** Where each problem is, in the order given. A line that names no path, such as `... and 3 more`, has no place. */
export const placesOf = (text: string, problems: readonly string[]): Place[] => {
  const root = parseTree(text);
  if (!root) return [];
  const places: Place[] = [];
  for (const message of problems) {
    const path = pathOf(message);
    if (!path) continue;
    const node = nodeAt(root, path);
    const key = node.parent?.type == "property" ? node.parent.children?.[0] : undefined;
    places.push({ ...markOf(isOfKey(message) && key ? key : node), message });
  }
  return places;
};

/** Where a text stops being JSON; nothing where it is. */
export const syntaxProblem = (text: string): Place | undefined => {
  try {
    JSON.parse(text);
    return;
  } catch {
    const { line, column, expected } = jsonError(text);
    const end = Array.from(text.matchAll(/\r\n|\r|\n/g))[line - 2];
    const before = end ? end.index + end[0].length : 0;
    const at = Math.min(before + column - 1, text.length);
    const from = at < text.length ? at : Math.max(0, at - 1);
    return { from, to: Math.min(from + 1, text.length), message: `line ${line}, column ${column}: ${expected}` };
  }
};
