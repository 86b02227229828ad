/** Why a slot is not on the page, or does not show what somebody expects. */

import { nearest } from "../../loader/warn.js";
import type { DeclaredSlot } from "../../page/boundary.js";
import type { Access, InspectedReason, InspectedSlot, Inspection } from "../access.js";
import { leafText } from "../failed_leaf.js";
import type { Finding } from "../findings.js";
import { concededSlots, refusalOf } from "../notes.js";
import { matching, matchingPart, rivalOf, slotName } from "../slot_elements.js";
import { at, listAt } from "../values.js";

type Slots = readonly DeclaredSlot[];

const finding = (slot: string, isMistake: boolean, cause: string, remedy: string): Finding => ({
  pane: "Page",
  about: `slot ${slot}`,
  isMistake,
  cause,
  remedy,
});

/** The names on the page that are no slots of the config, such as misspelt ones. */
const unknownNames = ({ config }: Access, slots: Slots): readonly string[] => {
  const ofPrompts = listAt(config, "prompts").map((prompt) => at(prompt, "slot"));
  const names = matching("[data-tb-slot],tb-slot[name]").map((element) => slotName(element) ?? "");
  return [...new Set(names)].filter((name) => !slots.some(({ id }) => id == name) && !ofPrompts.includes(name));
};

const absence = (slot: DeclaredSlot, slots: Slots, unknown: readonly string[]): Finding => {
  const { id, target } = slot;
  const rival = rivalOf(slot, slots);
  if (rival !== undefined) {
    return finding(
      id,
      true,
      `Nothing is left for it: its target "${target}" matches an element that the slot ${rival} has already.`,
      "Give each slot an element of its own: an element belongs to one slot, the first in the config.",
    );
  }
  const meant = nearest(id, unknown);
  if (meant !== undefined) {
    return finding(
      id,
      true,
      `It is not on this page, but data-tb-slot="${meant}" is, which the config does not have.`,
      "Write the same name in both places.",
    );
  }
  if (!target) {
    return finding(
      id,
      false,
      `It is not on this page: no element has data-tb-slot="${id}".`,
      "If it belongs here, put that attribute on the element.",
    );
  }
  const part = matchingPart(target);
  return finding(
    id,
    false,
    `It is not on this page: nothing matches its target "${target}"${part ? `, though "${part}" matches` : ""}.`,
    `If it belongs here, correct the target, or put data-tb-slot="${id}" on the element.`,
  );
};

/** Reasons that are in the way, by their code, and what to do about each. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["holdout", "Force a variant to see it. In the config, holdout is the share of visitors who see none."],
  ["ended", "Set a later until in the config, or take it out."],
  ["not-before", "Move the sandbox's clock in Time to see it, or set an earlier from in the config."],
  ["address", "Compare the address of the page with its urls in the config."],
  ["condition", "Compare its when in the config with the attributes in Visitor."],
  ["experiment-condition", "Compare its condition in the config with the attributes in Visitor."],
  ["values", "State the value, or write a default into the placeholder."],
]);

/** A reason of the engine as a sentence by itself, with the comparison that fails where it is about a condition. */
const sentence = ({ code, variant, text }: InspectedReason, failed: InspectedSlot["failed"]): string => {
  if (code == "holdout") return `This visitor is ${text}, so the page's own content stays.`;
  const leaf = code == "condition" && failed.find((each) => each.variant === variant)?.leaf;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${leaf ? `: ${leafText(leaf)}` : ""}.`;
};

/** Where nothing is shown that a strategy would show: why. */
const withheld = ({ explanation: { slot, variant }, reasons, failed }: InspectedSlot): readonly Finding[] =>
  reasons.flatMap((reason) => {
    const remedy = REMEDIES.get(reason.code);
    // Where something is shown, what else there was to show is no question.
    if (remedy === undefined || (variant !== null && reason.code != "holdout")) return [];
    return [finding(slot, false, sentence(reason, failed), remedy)];
  });

const undone = ({ explanation: { slot, variant }, shown, present }: InspectedSlot): readonly Finding[] => {
  if (concededSlots().includes(slot)) {
    const remedy =
      "Let the part of the page that renders it anew leave this element alone, or make it wait for the slot.";
    return [finding(slot, true, "It was left to the page, which kept restoring its own content.", remedy)];
  }
  if (!present || variant === null || shown === variant) return [];
  const refusal = refusalOf(slot, variant);
  if (refusal === undefined) return [];
  const remedy = "Correct the content of the variant in the config; all of it is shown, or nothing.";
  return [finding(slot, true, `The variant ${variant} could not be shown: ${refusal}.`, remedy)];
};

export const slotFindings = (access: Access, live: Inspection): readonly Finding[] => {
  const slots = access.slots();
  const unknown = unknownNames(access, slots);
  return live.slots.flatMap((inspected) => {
    const slot = slots.find(({ id }) => id == inspected.explanation.slot);
    const absent = slot && !inspected.present ? [absence(slot, slots, unknown)] : [];
    return [...absent, ...undone(inspected), ...withheld(inspected)];
  });
};
