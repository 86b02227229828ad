/** What is known of the visitor, and, in a sandbox, what would come of something else being known. */

import { button, make } from "../../panel/parts.js";
import type { InspectedInterest, InspectedSegment, Inspection } from "../access.js";
import { leafText } from "../failed_leaf.js";
import type { Inspector, Pane } from "../inspector.js";
import { eventRow, findingRow, orNone, part, sandboxRows } from "../parts.js";
import { focusable, fold, row, update } from "../rows.js";
import { at, leaves, percent, timeText, valueText } from "../values.js";

/** A trend of less is none. */
const STEADY = 0.05;

const trendText = (trend: number): string => (trend > STEADY ? "rising" : trend < -STEADY ? "falling" : "steady");

/** Names of events that sites send most. */
const EVENTS = ["view_item", "add_to_cart", "begin_checkout", "purchase", "search"];

/** Params of the example. */
const EXAMPLE = '{ "items": [{ "item_id": "b-1", "item_category": "boots", "price": 129 }] }';

export const createVisitor = (inspector: Inspector): Pane => {
  const { scenario, tell, refresh } = inspector;
  /** Whether a slider is being moved: then nothing is written anew under the finger. */
  let isMoving = false;
  const run = (step: string, work: Parameters<typeof scenario.run>[1]): void => {
    scenario.run(step, work);
    refresh();
    tell(`In the sandbox: ${step}.`);
  };

  const interestRow = (dimension: string, { key, share, trend }: InspectedInterest): HTMLElement => {
    const interest = `${dimension}:${key}`;
    const slider = focusable(make("input", "slider"), interest);
    slider.type = "range";
    slider.setAttribute("max", "100");
    slider.setAttribute("value", String(Math.round(share * 100)));
    slider.setAttribute("aria-label", `${key}, share of ${dimension}`);
    slider.addEventListener("pointerdown", () => {
      isMoving = true;
    });
    for (const type of ["pointerup", "pointercancel"]) {
      slider.addEventListener(type, () => {
        isMoving = false;
      });
    }
    slider.addEventListener("change", () => {
      isMoving = false;
      const wanted = Number(slider.value) / 100;
      run(`${interest} is ${percent(wanted)}`, (sandbox) => sandbox.correct(interest, wanted));
    });
    return row(
      "li",
      interest,
      "interest",
      make("span", "name", key),
      slider,
      make("span", "share", percent(share)),
      make("span", "trend", trendText(trend)),
    );
  };

  const segmentRow = (
    { segment, in: isIn, since, failed }: InspectedSegment,
    findings: readonly Parameters<typeof findingRow>[0][],
  ): HTMLElement => {
    const box = focusable(make("input", "box"), segment);
    box.type = "checkbox";
    box.setAttribute("role", "switch");
    box.toggleAttribute("checked", isIn);
    box.addEventListener("change", () => {
      const wanted = box.checked;
      run(`${wanted ? "in" : "out of"} ${segment}`, (sandbox) => sandbox.force(segment, wanted));
    });
    const why = isIn ? (since === null ? "in" : `in, since ${timeText(since)}`) : failed ? leafText(failed) : "out";
    const about = findings.filter((each) => each.about == `segment ${segment}`);
    return row(
      "li",
      segment,
      "segment",
      make("label", "option", box, make("strong", "name", ` ${segment}`)),
      make("span", "why", isIn ? why : about.length ? "out" : `out: ${why}`),
      ...(about.length ? [make("ul", "findings", ...about.map((one) => findingRow(one, false)))] : []),
    );
  };

  const sandboxed = make("div", "");
  const interests = make("ul", "interests");
  const segments = make("ul", "segments");
  const value = make("ul", "facts");
  const timeline = make("ol", "timeline");
  const attributes = make("ul", "facts");

  const field = (label: string, input: HTMLElement): HTMLElement =>
    make("label", "field", make("span", "name", label), input);
  /** The tree in a text area, or `undefined` after saying what is wrong with it. */
  const parse = (text: string): object | undefined => {
    try {
      const tree: unknown = JSON.parse(text || "{}");
      if (typeof tree == "object" && tree) return tree;
    } catch {
      // Said below.
    }
    tell("That is no JSON object.");
    return undefined;
  };
  const stated = make("textarea", "code");
  stated.rows = 2;
  stated.value = '{ "plan": "pro" }';
  const event = make("input", "text");
  event.value = "view_item";
  const names = make("datalist", "", ...EVENTS.map((name) => new Option(name)));
  names.id = "events";
  event.setAttribute("list", names.id);
  const params = make("textarea", "code");
  params.rows = 2;
  params.value = EXAMPLE;
  const edit = part(
    "Try something",
    names,
    field("Attributes as JSON", stated),
    button("State them in the sandbox", () => {
      const tree = parse(stated.value);
      if (tree) run(`attributes ${valueText(tree)}`, (sandbox) => sandbox.attributes(tree));
    }),
    field("Event", event),
    field("Its parameters as JSON", params),
    button("Track it in the sandbox", () => {
      const tree = parse(params.value);
      const name = event.value.trim();
      if (!name) tell("The event has no name.");
      else if (tree) run(name, (sandbox) => sandbox.track(name, tree));
    }),
  );

  const facts = (shown: Inspection): readonly HTMLElement[] =>
    ["value", "intent", "visitor", "session"].flatMap((group) =>
      leaves(at(shown.attributes, group), group)
        .filter(([, value]) => value !== undefined && typeof value != "object")
        .map(([path, value]) => row("li", path, "fact", make("code", "", path), ` ${valueText(value)}`)),
    );

  const element = make(
    "div",
    "pane",
    sandboxed,
    part("Interests", make("p", "hint", "Move one to see what would be decided."), interests),
    part("Segments", make("p", "hint", "Switch one to see what would be decided."), segments),
    part("Value and intent", value),
    part("This session", timeline),
    edit,
    fold("attributes", "All attributes", attributes),
  );

  return {
    element,
    refresh: ({ live, sandbox, findings }) => {
      if (isMoving) return;
      const shown = sandbox ?? live;
      update(sandboxed, sandboxRows(inspector, live, sandbox));
      update(
        interests,
        orNone(
          Object.entries(shown.interests).flatMap(([dimension, all]) => [
            row("li", `dimension ${dimension}`, "dimension", dimension),
            ...all.map((interest) => interestRow(dimension, interest)),
          ]),
          "None yet.",
        ),
      );
      update(
        segments,
        orNone(
          shown.segments.map((segment) => segmentRow(segment, findings)),
          "The config has no segments.",
        ),
      );
      update(value, orNone(facts(shown), "Nothing is known."));
      update(
        timeline,
        orNone(
          shown.timeline.map((event, index) => eventRow(event, index)),
          "Nothing yet.",
        ),
      );
      update(
        attributes,
        leaves(shown.attributes).map(([path, leaf]) =>
          row("li", path, "fact", make("code", "", path), ` ${valueText(leaf)}`),
        ),
      );
    },
  };
};
