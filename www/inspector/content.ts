/** What a variant says, in a few words, from the config. */

import { at, listAt } from "./values.js";

/** A longer one is cut. */
const LONGEST = 90;

/** The texts of a tree, in its order. */
const texts = (tree: unknown): readonly string[] => {
  if (typeof tree == "string") return [tree.replace(/<[^>]*>/g, " ").trim()];
  if (typeof tree != "object" || tree === null) return [];
  return Object.values(tree).flatMap(texts);
};

/** What the variant of a slot shows: its texts, else the kinds of change; `""` where the config does not have it. */
export const contentText = (config: unknown, slot: string, variant: string): string => {
  const place = listAt(config, "slots").find((each) => at(each, "id") === slot);
  const content = at(
    listAt(place, "variants").find((each) => at(each, "id") === variant),
    "content",
  );
  if (typeof content != "object" || content === null) return "";
  const said = [at(content, "text"), at(content, "html"), at(content, "insert")].flatMap(texts).filter(Boolean);
  const text = said.length ? `“${said.join(" · ")}”` : Object.keys(content).join(", ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
};
