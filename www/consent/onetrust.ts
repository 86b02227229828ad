/**
 * The consent tool OneTrust: https://developer.onetrust.com/onetrust/docs/javascript-api
 *
 * Before the visitor has answered, its active groups are what the law of their country allows unasked: a group that is
 * not among them then is no answer.
 */

import type { Source } from "./statement.js";

declare global {
  interface Window {
    /** The groups that are allowed: `,C0001,C0003,`. */
    OnetrustActiveGroups?: string;
    OneTrust?: { IsAlertBoxClosed?(): boolean };
  }
}

export const oneTrust: Source = ({ state, on, categories }) => {
  const { personalize = "C0003", measure = "C0002" } = categories;
  const look = (): void => {
    const groups = window.OnetrustActiveGroups?.split(",");
    if (!groups) return;
    const hasAnswered = window.OneTrust?.IsAlertBoxClosed?.() ?? false;
    const [allowed, counted] = [groups.includes(personalize), groups.includes(measure)];
    state(
      hasAnswered ? { personalize: allowed, measure: counted } : { personalize: allowed || null, measure: counted },
    );
  };
  on("OneTrustGroupsUpdated", look);
  look();
  return true;
};
