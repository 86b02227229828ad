// Served to every test page as its first script: keeps what the engine announces and what goes
// wrong, so that a test can ask afterwards. Touches no storage, changes nothing on the page. What it
// needs of the platform it takes at once: a test may spoil it afterwards.
(() => {
  const { parse, stringify } = JSON;
  /**
   * @template Entry
   * @param {Entry[]} list
   * @param {Entry} entry
   */
  const add = (list, entry) => {
    list[list.length] = entry;
  };
  /** @type {typeof window.seen} */
  const seen = { events: [], said: [], shifts: [], violations: [] };
  Object.defineProperty(window, "seen", { value: seen });
  for (const name of [
    "ready",
    "decision",
    "impression",
    "exit-intent",
    "segment",
    "prompt",
    "submit",
    "consent",
    "unavailable",
    "stop",
    "conflict",
    "duplicate",
    "storage-reset",
  ]) {
    document.addEventListener(`tailorbird:${name}`, (/** @type {CustomEventInit} */ event) => {
      let detail;
      try {
        detail = parse(stringify(event.detail ?? null));
      } catch (error) {
        detail = { unreadable: String(error) };
      }
      add(seen.events, { name, detail });
    });
  }
  window.addEventListener("error", (event) => {
    // A script or image that does not load is an `error` too, but not one that bubbles here.
    add(seen.said, { kind: "exception", text: String(event.message) });
  });
  window.addEventListener("unhandledrejection", (event) => {
    add(seen.said, { kind: "exception", text: String(event.reason) });
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    // A page without an icon is asked for one by the browser itself.
    if (!event.blockedURI.endsWith("/favicon.ico"))
      add(seen.violations, `${event.violatedDirective} ${event.blockedURI}`);
  });
  /** @param {unknown} word */
  const textOf = (word) => {
    try {
      return typeof word === "symbol" ? "a symbol" : `${word}`;
    } catch {
      return "something that has no text";
    }
  };
  /** @param {unknown[]} words */
  const joined = (words) => {
    let text = "";
    for (let at = 0; at < words.length; at += 1) text += (at > 0 ? " " : "") + textOf(words[at]);
    return text;
  };
  const { apply } = Reflect;
  for (const kind of /** @type {const} */ ([
    "error",
    "warn",
    "info",
    "log",
    "debug",
    "group",
    "groupCollapsed",
    "table",
  ])) {
    const original = console[kind];
    console[kind] = (...words) => {
      add(seen.said, { kind: kind === "warn" ? "warning" : kind, text: joined(words) });
      return apply(original, console, words);
    };
  }
  // The open modal dialog, wherever it lives, shadow trees included.
  /**
   * @param {ParentNode} root
   * @returns {HTMLDialogElement | null}
   */
  const openDialog = (root) => {
    const found = /** @type {HTMLDialogElement | null} */ (root.querySelector("dialog[open]"));
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const within = element.shadowRoot && openDialog(element.shadowRoot);
      if (within) return within;
    }
    return null;
  };
  window.openDialog = () => openDialog(document);
  try {
    new PerformanceObserver((list) => {
      for (const entry of /** @type {(PerformanceEntry & { value: number, hadRecentInput: boolean })[]} */ (
        list.getEntries()
      )) {
        add(seen.shifts, { value: entry.value, recentInput: entry.hadRecentInput });
      }
    }).observe({ type: "layout-shift", buffered: true });
  } catch {
    // Only Chromium measures layout shifts.
  }
})();
