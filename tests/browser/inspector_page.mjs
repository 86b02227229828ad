// The inspector on a page, as a developer uses it.

/** @import { Tab } from "./rig/types.js" */

/** Runs in the page: whether the inspector is open. */
export const isOpen = () => document.querySelector("tailorbird-inspector") !== null;

/**
 * Runs in the page: the words of the pane that is open, each line once.
 *
 * @returns {string | undefined}
 */
export const words = () =>
  /** @type {HTMLElement | null | undefined} */ (
    document.querySelector("tailorbird-inspector")?.shadowRoot?.querySelector("[role=tabpanel]:not([hidden])")
  )?.innerText;

/**
 * The pane says this by now.
 *
 * @param {Tab} tab
 * @param {string} text
 */
export const says = (tab, text) =>
  tab.until(
    (wanted) =>
      /** @type {HTMLElement | null | undefined} */ (
        document.querySelector("tailorbird-inspector")?.shadowRoot?.querySelector("[role=tabpanel]:not([hidden])")
      )?.innerText
        .replace(/\s+/g, " ")
        .includes(wanted),
    text,
  );

/**
 * Runs in the page: activates the control of that name, tabs as well, as assistive technology does. A field of text is
 * given the focus instead. Whether there was one.
 *
 * @param {string} name
 */
const activate = (name) => {
  const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
  const controls = /** @type {HTMLInputElement[]} */ ([
    ...(root?.querySelectorAll("button, input, textarea, summary") ?? []),
  ]);
  const found = controls.find((each) => {
    const label = each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent;
    return label.trim() === name && each.getClientRects().length > 0;
  });
  if (!found) return false;
  found.scrollIntoView({ block: "center" });
  found.focus();
  if (!found.matches("textarea, input[type=text], input:not([type])")) found.click();
  return true;
};

/**
 * @param {Tab} tab
 * @param {string} name
 */
export const press = (tab, name) => tab.until(activate, name);

/**
 * Turns to a pane.
 *
 * @param {Tab} tab
 * @param {string} name
 */
export const turnTo = (tab, name) =>
  tab.until((wanted) => {
    const tab_ = document.querySelector("tailorbird-inspector")?.shadowRoot?.getElementById(`tab-${wanted}`);
    tab_?.click();
    return tab_ !== null && tab_ !== undefined;
  }, name);

/**
 * Opens it as a developer does in the console, once the engine runs.
 *
 * @param {Tab} tab
 */
export const inspect = async (tab) => {
  await tab.announced("ready");
  await tab.evaluate(() => window.tailorbird.inspect());
  await tab.until(words);
};
