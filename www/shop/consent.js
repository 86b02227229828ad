// The shop's own consent: hears the choice, keeps it, and says it in Consent Mode's words. It stands
// first in the head, so that a choice made earlier is said before anything else can ask.
window.dataLayer = window.dataLayer || [];
window.gtag = function () {
  window.dataLayer.push(arguments);
};

(() => {
  const KEY = "larkfell.choice";

  // Remembering a choice is strictly necessary, so it needs no consent itself. Where storage is
  // blocked, even naming it throws: then the choice holds for this page.
  const kept = () => {
    try {
      const choice = localStorage.getItem(KEY);
      return choice === "granted" || choice === "denied" ? choice : null;
    } catch {
      return null;
    }
  };
  /** @param {string} choice */
  const keep = (choice) => {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // The choice holds for this page.
    }
  };

  // There is one question in this shop. Nobody is counted and nothing is advertised, so the other
  // purposes are never granted.
  /** @param {string} choice */
  const said = (choice) => ({
    personalization_storage: choice,
    analytics_storage: "denied",
    ad_storage: "denied",
    ad_user_data: "denied",
    ad_personalization: "denied",
  });

  // As Consent Mode wants it: what holds until the visitor answers, and then the answer, on each page.
  let choice = kept();
  gtag("consent", "default", { ...said("denied"), wait_for_update: 500 });
  if (choice) gtag("consent", "update", said(choice));

  /**
   * @param {string} selector
   * @returns {NodeListOf<HTMLElement>}
   */
  const buttons = (selector) => document.querySelectorAll(selector);

  const show = () => {
    const banner = /** @type {HTMLElement} */ (document.querySelector("[data-consent-banner]"));
    const hadFocus = banner.contains(document.activeElement);
    banner.hidden = choice !== null;
    if (banner.hidden && hadFocus) document.getElementById("main")?.focus({ preventScroll: true });
    // The banner covers the foot of the window; what gets focus must scroll clear of it.
    document.documentElement.style.setProperty("--banner-height", `${banner.offsetHeight}px`);
    const now = document.querySelector("[data-choice-now]");
    if (now && choice) {
      now.textContent =
        choice === "granted"
          ? "You accepted: this browser remembers what you look at here."
          : "You declined: nothing is remembered.";
    }
    for (const button of buttons("main button[data-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.choice === choice));
    }
  };

  /** @param {string} given */
  const choose = (given) => {
    choice = given;
    keep(choice);
    gtag("consent", "update", said(choice));
    show();
  };

  // The panel on the privacy page states a choice to the engine, which tells everybody.
  document.addEventListener("tailorbird:consent", (event) => {
    const { personalize } = /** @type {CustomEvent} */ (event).detail;
    const given = personalize === true ? "granted" : "denied";
    if (typeof personalize === "boolean" && given !== choice) choose(given);
  });

  document.addEventListener("DOMContentLoaded", () => {
    show();
    addEventListener("resize", show);
    for (const button of buttons("button[data-choice]")) {
      button.addEventListener("click", () => choose(button.dataset.choice === "granted" ? "granted" : "denied"));
    }
  });
})();
