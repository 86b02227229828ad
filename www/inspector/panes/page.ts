/** Each slot: what it shows and why, what the other variants would show, and any of them at once. */

import { make } from "../../panel/parts.js";
import type { Preview } from "../../page/boundary.js";
import type { InspectedSlot, InspectedStrategy } from "../access.js";
import { contentText } from "../content.js";
import type { Inspector, Known, Pane } from "../inspector.js";
import type { Finding } from "../findings.js";
import { leafText } from "../failed_leaf.js";
import { createOutlines } from "../outlines.js";
import { findingRow, orNone, rowButton } from "../parts.js";
import { fold, row, update } from "../rows.js";
import { elementsOf } from "../slot_elements.js";
import { numberText } from "../values.js";

/** A decision is made again and again for so long, in ms: the clock of some browsers counts in milliseconds. */
const MEASURE_MS = 3;

/** At most so often. */
const MOST_RUNS = 50;

/** How long one decision for the slot takes, in ms. Nothing of it is recorded. */
const decisionMs = (decide: () => void): number => {
  const began = performance.now();
  let runs = 0;
  do {
    decide();
    runs += 1;
  } while (runs < MOST_RUNS && performance.now() - began < MEASURE_MS);
  return (performance.now() - began) / runs;
};

const OWN = "own content";

/** Whether a slot is previewed by this. */
const isOf = (preview: Preview, slot: string): boolean => "slot" in preview && preview.slot == slot;

export const createPagePane = (inspector: Inspector): Pane => {
  const { access, root, tell, refresh } = inspector;
  const outlines = createOutlines(root);
  const outline = make("input", "box");
  outline.type = "checkbox";
  outline.checked = true;
  outline.addEventListener("change", () => refresh());
  const banner = make("ul", "findings");
  const list = make("ul", "slots");
  const element = make("div", "pane", banner, make("label", "option", outline, " Outline slots on the page"), list);
  /** By slot and decision, how long it took. */
  const measured = new Map<string, number>();

  const force = (slot: string, variant: string | null | undefined): void => {
    const others = (access.inspect()?.previews ?? []).filter((preview) => !isOf(preview, slot));
    access.preview(variant === undefined ? others : [...others, { slot, variant }]);
    refresh();
    tell(
      variant === undefined
        ? `${slot} shows what is decided.`
        : `${slot} shows ${variant ?? `the page's ${OWN}`}. Nothing is recorded meanwhile.`,
    );
  };

  /** What is previewed, and the way out of it. */
  const previewRow = (finding: Finding): HTMLElement => {
    const element = findingRow(finding, false);
    const end = rowButton("end preview", "End the preview", () => {
      access.preview([]);
      refresh();
      tell("Everything is shown as it is decided.");
    });
    element.append(" ", end);
    return element;
  };

  const strategyRow = ({ by, variant, score, reasons }: InspectedStrategy): HTMLElement => {
    const result = variant === null ? "no variant" : `${variant}, score ${numberText(score)}`;
    // That nothing else applies goes without saying of one alone.
    const own = reasons.filter(({ code }) => code != "own-content").map(({ text }) => text);
    return make("li", "", make("strong", "", by), `: ${[result, ...own].join("; ")}`);
  };

  const variantRow = (slot: InspectedSlot, variant: string | null, forced: string | null | undefined): HTMLElement => {
    const { explanation } = slot;
    const score =
      explanation.variant === variant
        ? explanation.score
        : explanation.alternatives.find((other) => other.variant === variant)?.score;
    const isForced = forced === variant;
    const name = variant ?? OWN;
    const show = rowButton(`show ${name}`, isForced ? "Forced" : "Show", () =>
      force(explanation.slot, isForced ? undefined : variant),
    );
    show.setAttribute("aria-pressed", String(isForced));
    show.setAttribute("aria-label", `Show ${name} in ${explanation.slot}`);
    const text = variant === null ? "" : contentText(access.config, explanation.slot, variant);
    const marks = [
      ...(explanation.variant === variant ? ["decided"] : []),
      ...(slot.present && slot.shown === variant ? ["on the page"] : []),
      ...(score !== undefined && variant !== null ? [`score ${numberText(score)}`] : []),
      ...slot.failed.filter((each) => each.variant === variant && variant !== null).map(({ leaf }) => leafText(leaf)),
    ];
    return make(
      "li",
      "variant",
      make("div", "", make("strong", "", name), marks.length ? ` (${marks.join(", ")})` : "", text ? ` ${text}` : ""),
      show,
    );
  };

  const slotRow = (slot: InspectedSlot, { live, findings }: Known): HTMLElement => {
    const { explanation, present, shown, variants, strategies } = slot;
    const { slot: id, variant, level, score, reasons } = explanation;
    const key = `${id} ${variant} ${reasons.join()}`;
    if (!measured.has(key))
      measured.set(
        key,
        decisionMs(() => void access.tailorbird.peek(id)),
      );
    const preview = live.previews.find((each) => isOf(each, id));
    const forced = preview && "variant" in preview ? preview.variant : undefined;
    const where = access.slots().find((each) => each.id == id);
    const [first] = where ? elementsOf(where, access.slots()) : [];
    const state = present ? `shows ${shown ?? `the page's ${OWN}`}` : "is not on this page";
    const ms = measured.get(key) ?? 0;
    return row(
      "li",
      id,
      "slot",
      make(
        "div",
        "line",
        make("h3", "heading", id),
        ...(first
          ? [
              rowButton(`find ${id}`, "Find", () => {
                first.scrollIntoView({ block: "center" });
                tell(`${id} is in view.`);
              }),
            ]
          : []),
        ...(preview ? [rowButton(`decided ${id}`, "As decided", () => force(id, undefined))] : []),
      ),
      make("p", "state", make("strong", "", state), `, level ${level}, score ${numberText(score)}`),
      make(
        "ul",
        "findings",
        ...findings.filter(({ about }) => about == `slot ${id}`).map((one) => findingRow(one, false)),
      ),
      make("ul", "reasons", ...reasons.map((reason) => make("li", "", reason))),
      make("p", "hint", `Decided in ${ms < 0.01 ? "less than 0.01" : ms.toFixed(2)} ms.`),
      fold(`strategies ${id}`, "Each strategy by itself", make("ul", "reasons", ...strategies.map(strategyRow))),
      fold(
        `variants ${id}`,
        `Variants (${variants.length})`,
        make("ul", "variants", ...[...variants, null].map((each) => variantRow(slot, each, forced))),
      ),
    );
  };

  return {
    element,
    refresh: (known) => {
      const { live, findings } = known;
      update(
        banner,
        findings.filter(({ about }) => about == "preview").map((one) => previewRow(one)),
      );
      // Those on this page first.
      const slots = [...live.slots].sort((one, other) => Number(other.present) - Number(one.present));
      update(
        list,
        orNone(
          slots.map((slot) => slotRow(slot, known)),
          "The config has no slots.",
        ),
      );
      if (!outline.checked) outlines.clear();
      else {
        const declared = access.slots();
        outlines.draw(
          live.slots.flatMap(({ explanation: { slot }, shown, present }) => {
            const where = declared.find(({ id }) => id == slot);
            if (!where || !present) return [];
            return [{ slot, label: `${slot}: ${shown ?? OWN}`, elements: elementsOf(where, declared) }];
          }),
        );
      }
    },
    leave: outlines.clear,
  };
};
