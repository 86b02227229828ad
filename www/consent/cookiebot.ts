/**
 * The consent tool Cookiebot: https://www.cookiebot.com/en/developer/
 *
 * Before the visitor has answered, what it allows is what the law of their country allows unasked: the rest is no answer.
 */

import type { Source } from "./statement.js";

declare global {
  interface Window {
    Cookiebot?: {
      readonly hasResponse: boolean;
      readonly consent: { readonly preferences: boolean; readonly statistics: boolean };
    };
  }
}

export const cookiebot: Source = ({ state, on }) => {
  const look = (): void => {
    const tool = window.Cookiebot;
    if (!tool) return;
    const { preferences, statistics } = tool.consent;
    state({ personalize: preferences || (tool.hasResponse ? false : null), measure: statistics });
  };
  for (const type of ["CookiebotOnConsentReady", "CookiebotOnAccept", "CookiebotOnDecline"]) on(type, look);
  if (window.Cookiebot?.hasResponse) look();
  return true;
};
