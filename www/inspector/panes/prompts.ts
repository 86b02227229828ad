/** Each prompt: its gates as a check list, what is left of its budget, and the prompt itself at once. */

import { make } from "../../panel/parts.js";
import type { Gate, InspectedPrompt } from "../access.js";
import { leafText } from "../failed_leaf.js";
import { remedyOf } from "../findings/conditions.js";
import type { Inspector, Pane } from "../inspector.js";
import { orNone, rowButton } from "../parts.js";
import { fold, row, update } from "../rows.js";

const gateRow = (gate: Gate): HTMLElement => {
  const { gate: name, open, text, left, failed } = gate;
  const mark = make("span", "mark", open ? "✓" : "✗");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", open ? "open" : "closed");
  const remedy = open ? undefined : remedyOf(gate);
  return make(
    "li",
    open ? "gate" : "gate closed",
    mark,
    " ",
    make("strong", "", name),
    text ? `: ${text}` : "",
    failed ? `: ${leafText(failed)}` : "",
    // What is left of one that is open its text says.
    left === undefined || open ? "" : `, ${left} left`,
    ...(remedy === undefined ? [] : [". ", make("span", "remedy", remedy)]),
  );
};

/** Whether a gate is told at once: it is closed, or a cap of the prompt itself. */
const isTold = ({ gate, open, left }: Gate): boolean => !open || (left !== undefined && gate.startsWith("per-"));

export const createPromptsPane = (inspector: Inspector): Pane => {
  const { access, tell, refresh } = inspector;
  const list = make("ul", "slots");

  const promptRow = ({ prompt, variant, variants, due, gates }: InspectedPrompt): HTMLElement => {
    const closed = gates.filter(({ open }) => !open).length;
    const state = closed
      ? `${closed} of ${gates.length} gates closed`
      : due
        ? "all gates open"
        : "waits for its trigger";
    const shows = variants.length > 1 ? variants : [undefined];
    return row(
      "li",
      prompt,
      "slot",
      make("h3", "heading", prompt),
      make(
        "p",
        "state",
        make("strong", "", state),
        due ? ", a trigger has happened" : "",
        variant !== null && variant != prompt ? `, would say ${variant}` : "",
      ),
      make("ul", "gates", ...gates.filter(isTold).map(gateRow)),
      fold(
        `gates ${prompt}`,
        "The other gates, all open",
        make("ul", "gates", ...gates.filter((gate) => !isTold(gate)).map(gateRow)),
      ),
      make(
        "div",
        "buttons",
        ...shows.map((each) => {
          const label = each === undefined ? "Show now" : `Show ${each} now`;
          const show = rowButton(`show ${prompt} ${each}`, label, () => {
            access.showPrompt(prompt, each);
            refresh();
            tell(`${prompt} is shown. Nothing of it is recorded.`);
          });
          show.setAttribute("aria-label", `${label}: ${prompt}`);
          return show;
        }),
      ),
    );
  };

  return {
    element: make("div", "pane", list),
    refresh: ({ live }) => update(list, orNone(live.prompts.map(promptRow), "The config has no prompts.")),
  };
};
