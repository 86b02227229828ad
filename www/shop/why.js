// Why this page looks as it does: a corner button that shows, for each slot, what the engine chose
// and its reasons. `npm start` adds this file to the pages it serves; it uses the public API alone,
// and only `peek`, which records nothing.
(() => {
  /** @typedef {import("../loader/types.js").Decision} Decision */

  // Constructed style sheets, unlike <style>, also work under a strict content security policy.
  const look = new CSSStyleSheet();
  look.replaceSync(`
    :host { all: initial; color-scheme: light dark; position: fixed; z-index: 2147483000;
      inset-block-end: calc(0.75rem + var(--banner-height, 0px)); inset-inline-end: 0.75rem;
      --paper: #fff; --ink: #1d2420; --soft: #59625c; --line: #d5d9d3; --mark: #1f5c46; font: 14px/1.45 system-ui, sans-serif; }
    * { box-sizing: border-box; margin: 0; }
    button { display: block; min-height: 2.75rem; padding: 0.4rem 1rem; border: 1px solid var(--ink); border-radius: 999px;
      background: var(--ink); color: var(--paper); font: 600 14px/1.4 system-ui, sans-serif; cursor: pointer; }
    :focus-visible { outline: 3px solid #d9803b; outline-offset: 2px; }
    section { position: absolute; inset-block-end: calc(100% + 0.5rem); inset-inline-end: 0; overflow: auto; padding: 1rem;
      inline-size: min(24rem, 100vw - 1.5rem); max-block-size: min(34rem, 100vh - 5.5rem - var(--banner-height, 0px));
      border: 1px solid var(--line); border-radius: 0.75rem; background: var(--paper); color: var(--ink); box-shadow: 0 0.5rem 2rem #0004; }
    [hidden] { display: none; }
    h2 { font-size: 1.1rem; } h3 { display: flex; justify-content: space-between; gap: 1rem; font-size: 1rem; overflow-wrap: anywhere; }
    article { margin-top: 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
    p, li { color: var(--soft); overflow-wrap: anywhere; } ul { padding-inline-start: 1.1rem; }
    b { flex: none; color: var(--mark); font-weight: 600; }
    @media (prefers-color-scheme: dark) { :host { --paper: #1a211e; --ink: #eceee8; --soft: #b4bbb4; --line: #3b453f; --mark: #8fd3b2; } }
    @media print { :host { display: none; } }`);

  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {string} text
   * @param {Node[]} children
   */
  const element = (name, text = "", ...children) => {
    const made = document.createElement(name);
    made.textContent = text;
    made.append(...children);
    return made;
  };

  const host = element("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [look];
  const toggle = element("button", "Why?");
  const panel = element("section");
  const list = element("div");
  const cost = element("p");
  panel.append(element("h2", "What was decided, and why"), cost, list);
  panel.hidden = true;
  panel.tabIndex = 0;
  panel.id = "panel";
  panel.setAttribute("aria-label", "What was decided, and why");
  toggle.setAttribute("aria-expanded", "false");
  toggle.setAttribute("aria-controls", "panel");
  root.append(toggle, panel);

  // Slots that a selector found carry no attribute; their decisions name them.
  /** @type {Set<string>} */
  const heard = new Set();
  const slots = () => [
    ...new Set([
      ...[...document.querySelectorAll("[data-tb-slot]")].map((slot) => String(slot.getAttribute("data-tb-slot"))),
      ...heard,
    ]),
  ];

  /**
   * One batch of decisions in milliseconds. Browsers round their clock, so it is repeated until the clock has moved on.
   *
   * @param {string[]} ids
   */
  const measured = (ids) => {
    const start = performance.now();
    let batches = 0;
    let now = start;
    while (now - start < 2 && batches < 500) {
      for (const id of ids) tailorbird.peek(id);
      batches += 1;
      now = performance.now();
    }
    const time = (now - start) / batches;
    return time < 0.1 ? "< 0.1 ms" : `${time.toFixed(1)} ms`;
  };

  /** @param {Decision} decision */
  const described = ({ slot, variant, level, score, reasons }) =>
    element(
      "article",
      "",
      element("h3", `${slot}: ${variant ?? "as the page was sent"}`, element("b", level)),
      element("p", `score ${score.toFixed(3)}`),
      element("ul", "", ...reasons.map((reason) => element("li", reason))),
    );

  const refresh = () => {
    if (panel.hidden) return;
    if (typeof window.tailorbird?.peek !== "function" || !window.tailorbird.available) {
      cost.textContent = "The engine is not running here. The page is as the server sent it.";
      list.replaceChildren();
      return;
    }
    const decisions = slots()
      .map((id) => tailorbird.peek(id))
      .filter(Boolean);
    cost.textContent = `${decisions.length} slots, decided in ${measured(decisions.map(({ slot }) => slot))}, on this device.`;
    list.replaceChildren(...decisions.map(described));
  };

  /** @param {boolean} wanted */
  const open = (wanted) => {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
    refresh();
  };
  toggle.addEventListener("click", () => open(panel.hidden));
  host.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    open(false);
    toggle.focus();
  });

  document.addEventListener("tailorbird:decision", (event) => {
    heard.add(/** @type {CustomEvent<Decision>} */ (event).detail.slot);
    refresh();
  });
  for (const name of ["ready", "unavailable", "consent"]) document.addEventListener(`tailorbird:${name}`, refresh);
  document.body.append(host);
})();
