/** What is stored: each item in plain words, with what it is for, and until when it is kept. */

import type { Json } from "../loader/types.js";
import { fill, make, section, type Panel, type Section } from "./parts.js";
import type { Texts } from "./texts/en.js";

const DAY = 86_400_000;

/** What stands at a path of a tree. */
const at = (tree: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let value: Json | undefined = tree;
  for (const key of path) {
    const holder = typeof value == "object" && value !== null && !Array.isArray(value) ? value : {};
    value = Object.prototype.hasOwnProperty.call(holder, key) ? (holder as { [key: string]: Json })[key] : undefined;
  }
  return value;
};

const numberAt = (tree: Json | undefined, ...path: readonly string[]): number => Number(at(tree, ...path) ?? 0) || 0;

const textAt = (tree: Json | undefined, ...path: readonly string[]): string => {
  const text = at(tree, ...path);
  return typeof text == "string" ? text : "";
};

const listAt = (tree: Json | undefined, ...path: readonly string[]): readonly Json[] => {
  const list = at(tree, ...path);
  return Array.isArray(list) ? (list as readonly Json[]) : [];
};

export const createStored = ({ tailorbird, words }: Panel): Section => {
  const { say, number } = words;
  const list = make("ul", "stored");
  const row = (what: string, value: string, why: string): HTMLElement =>
    make(
      "li",
      "item",
      make("span", "what", make("strong", "", what), ": ", make("bdi", "", value)),
      ...(why ? [make("p", "hint", why)] : []),
    );

  return {
    element: section(say("stored"), list),
    refresh: () => {
      const everything = tailorbird.export();
      const { attributes, retention, created, stored, seed } = everything;
      const tree = attributes as Json | undefined;
      const rows: HTMLElement[] = [];
      /** What is not there is not listed. */
      const count = (what: keyof Texts, how: number, why?: keyof Texts): void => {
        if (how) rows.push(row(say(what), number(how), why ? say(why) : ""));
      };
      const place = stored == "on this device" ? "device" : stored == "in this tab" ? "tab" : "memory";
      rows.push(row(say("place"), say(place), ""));
      if (typeof created == "number" && retention && place == "device") {
        rows.push(row(say("until"), words.day(created + retention.profileDays * DAY), say("untilWhy")));
      }
      count("visits", numberAt(tree, "visitor", "sessions"));
      count("pages", numberAt(tree, "visitor", "views"), "visitsWhy");
      const events = Object.entries((at(tree, "visitor", "events") ?? {}) as { [name: string]: Json });
      if (events.length) {
        const counted = events.map(([name, times]) => `${words.name(name)} ${number(Number(times))}`).join(", ");
        const days = number(retention?.eventDays ?? 0);
        rows.push(row(say("events"), counted, say("eventsWhy", { days })));
      }
      count("items", listAt(everything.items, "viewed").length, "itemsWhy");
      count("basket", numberAt(tree, "cart", "quantity"), "basketWhy");
      count("orders", numberAt(tree, "visitor", "orders"), "ordersWhy");
      const shown = ((everything.prompts ?? []) as readonly Json[]).map((one) => numberAt(one, "shown"));
      count(
        "prompts",
        shown.reduce((sum, times) => sum + times, 0),
        "promptsWhy",
      );
      count("versions", ((everything.counts ?? []) as readonly Json[]).length, "versionsWhy");
      const groups = ((everything.segmentMemberships ?? []) as readonly Json[]).map((one) =>
        words.name(textAt(one, "segment")),
      );
      if (groups.length) rows.push(row(say("groups"), groups.join(", "), say("groupsWhy")));
      count("learned", listAt(everything.bandits, "learned").length, "learnedWhy");
      if (seed) rows.push(row(say("number"), seed, say("numberWhy")));
      fill(list, ...rows);
    },
  };
};
