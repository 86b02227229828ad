// Why this page looks as it does, and what is stored: in sentences, from the engine's public API alone. It only looks,
// by `explain`, which records nothing. What to say of a variant stands beside its content in the config: `x-because`
// is the reason, `x-so` what follows.
(() => {
  /** @typedef {import("../loader/types.js").Explanation} Explanation */
  /** @typedef {{ id: string, "x-because"?: string, "x-so"?: string }} Variant */

  /**
   * @param {string} selector
   * @returns {any} what every page that asks for it has
   */
  const one = (selector) => document.querySelector(selector);
  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {(Node | string)[]} children
   */
  const element = (name, ...children) => {
    const made = document.createElement(name);
    made.append(...children);
    return made;
  };

  const isRunning = () => typeof window.tailorbird?.explain === "function" && window.tailorbird.available;
  const consent = () => (isRunning() ? tailorbird.profile().consent : "unavailable");

  // ── In words ──

  const TIMES = [
    "once",
    "twice",
    ...["three", "four", "five", "six", "seven", "eight"].map((count) => `${count} times`),
  ];

  /**
   * How often a department's things were looked at. What is longer ago than a week is counted no more.
   *
   * @param {string} category
   */
  const looked = (category) => {
    const count = tailorbird.profile().attributes.count?.view_item?.category?.[category]?.["7d"] ?? 0;
    return count > 0 ? `${TIMES[count - 1] ?? "many times"} this week` : "a while ago";
  };

  /** @param {string} reason where `{boots}` is how often boots were looked at */
  const filled = (reason) => reason.replace(/\{(\w+)\}/g, (_, category) => looked(category));

  const together = new Intl.ListFormat("en", { type: "conjunction" });

  /** @returns {Promise<{ slots: (Variant & { variants?: Variant[] })[] }>} */
  const loadConfig = async () => {
    const response = await fetch("/tailorbird.json");
    return response.json();
  };
  /** @type {ReturnType<typeof loadConfig> | undefined} */
  let config;

  // ── The panel ──

  const panel = one("[data-why]");
  const toggle = one("[data-why-toggle]");

  /** @type {{ [consent: string]: string }} */
  const STATES = {
    unavailable: "Suggestions do not run in this browser. The shop is the same for everybody.",
    unknown: "Suggestions begin when you accept. Until then nothing here depends on what you have looked at.",
    denied: "You declined, so nothing is remembered and nothing depends on what you look at.",
    granted: "This was decided in your browser, from what it remembers. Nobody else sees it.",
  };

  const shownSlots = () => {
    const ids = [...document.querySelectorAll("[data-tb-slot]")].map((slot) => slot.getAttribute("data-tb-slot") ?? "");
    return [...new Set(ids)].map((id) => /** @type {Explanation} */ (tailorbird.explain(id))).filter(Boolean);
  };

  /** @param {Explanation[]} slots */
  const sentences = async (slots) => {
    const { slots: written } = await (config ??= loadConfig());
    /** @type {Map<string, string[]>} */
    const bySameReason = new Map();
    for (const { slot, shown } of slots) {
      const place = written.find(({ id }) => id === slot);
      // What recommends has no variants: its reason is the slot's.
      const variant = place?.variants?.find(({ id }) => id === shown) ?? (shown === null ? undefined : place);
      const { "x-because": because, "x-so": so } = variant ?? {};
      if (!because || !so) continue;
      const reason = filled(because);
      bySameReason.set(reason, [...(bySameReason.get(reason) ?? []), so]);
    }
    const made = [...bySameReason].map(([reason, all]) => `${reason}, so ${together.format(all)}.`);
    return [
      ...made,
      made.length > 0 ? "The rest is the same for everybody." : "This page is the same for everybody at the moment.",
    ];
  };

  /** @param {Explanation} explanation */
  const inEngineWords = ({ slot, shown, level, score, reasons }) =>
    element(
      "div",
      element("b", `${slot}: ${shown ?? "the page’s own content"}`),
      ` (${level}, score ${score.toFixed(2)})`,
      element("ul", ...reasons.map((reason) => element("li", reason))),
    );

  const refreshPanel = async () => {
    if (panel.hidden) return;
    const state = consent();
    one("[data-why-state]").textContent = STATES[state] ?? STATES.granted;
    const slots = state === "unavailable" ? [] : shownSlots();
    one("[data-why-engine]").replaceChildren(...slots.map(inEngineWords));
    const lines = slots.length > 0 ? await sentences(slots).catch(() => []) : [];
    one("[data-why-list]").replaceChildren(...lines.map((line) => element("li", line)));
  };

  /** @param {boolean} wanted */
  const open = (wanted) => {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
    void refreshPanel();
  };
  toggle.addEventListener("click", () => open(panel.hidden));
  for (const part of [toggle, panel]) {
    part.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      open(false);
      toggle.focus();
    });
  }

  one("[data-why-inspect]").addEventListener("click", () => {
    if (isRunning()) void tailorbird.inspect();
  });

  // ──

  const refresh = () => void refreshPanel();
  for (const name of ["ready", "decision", "unavailable", "consent"]) {
    document.addEventListener(`tailorbird:${name}`, refresh);
  }
  if (isRunning()) refresh();
})();
