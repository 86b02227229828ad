/** The visitor's consent, each purpose by a switch of its own, and a button that says no to both. */

import type { Consent } from "../loader/types.js";
import { button, hint, makeSwitch, section, type Panel, type Section } from "./parts.js";

export const createChoice = ({ tailorbird, words: { say }, onePurpose, tell, refresh }: Panel): Section => {
  /** What is in effect now. */
  const inEffect = (): { readonly personalize: boolean; readonly measure: boolean } => {
    const { consent, measure = false } = tailorbird.profile();
    return { personalize: consent == "granted" || consent == "session", measure };
  };
  /** States a choice, and tells whether it holds: where the site asks elsewhere, a stricter answer may. */
  const state = (wanted: Consent, done: string): void => {
    void tailorbird.consent(wanted);
    refresh();
    const { personalize, measure } = inEffect();
    const holds =
      (wanted.personalize === undefined || wanted.personalize === personalize) &&
      (wanted.measure === undefined || wanted.measure === measure);
    tell(holds ? done : say("unchanged"));
  };
  const personalize = makeSwitch(say("personalize"), say("personalizeWhy"), (on) =>
    state({ personalize: on }, say(on ? "adapts" : "removed")),
  );
  const measure = makeSwitch(say("measure"), say("measureWhy"), (on) => state({ measure: on }, say("done")));
  measure.element.hidden = onePurpose;
  const object = button(say("object"), () => state({ personalize: false, measure: false }, say("removed")));
  const means = hint(say("objectWhy"));
  object.setAttribute("aria-describedby", means.id);
  return {
    element: section(say("choice"), personalize.element, measure.element, object, means),
    refresh: () => {
      const now = inEffect();
      personalize.set(now.personalize);
      measure.set(now.measure);
    },
  };
};
