/**
 * The consent tool vanilla-cookieconsent 3, by its events: https://cookieconsent.orestbida.com/advanced/callbacks-events.html
 *
 * `cc:onConsent` comes on every page whose visitor has answered, `cc:onChange` when they answer otherwise. Loaded as a
 * module it is no global, and an answer before us is not heard: state it by `tailorbird.consent()` then.
 */

import type { Source } from "./statement.js";

interface CookieConsent {
  validConsent(): boolean;
  getUserPreferences(): { readonly acceptedCategories: readonly string[] };
}

declare global {
  interface Window {
    CookieConsent?: CookieConsent;
  }
}

export const cookieConsent: Source = ({ state, on, categories }) => {
  const { personalize = "functionality", measure = "analytics" } = categories;
  const answer = (accepted: readonly string[]): void =>
    state({ personalize: accepted.includes(personalize), measure: accepted.includes(measure) });
  const heard = (event: Event): void => {
    const { cookie } = (event as CustomEvent<{ cookie: { categories: readonly string[] } }>).detail;
    answer(cookie.categories);
  };
  on("cc:onConsent", heard);
  on("cc:onChange", heard);
  const tool = window.CookieConsent;
  if (tool?.validConsent()) answer(tool.getUserPreferences().acceptedCategories);
  return true;
};
