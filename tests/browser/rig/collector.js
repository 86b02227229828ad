// Served to every test page as its first script: keeps what the engine announces and what goes
// wrong, so that a test can ask afterwards. Touches no storage, changes nothing on the page.
(() => {
  const seen = {events: [], said: [], shifts: [], violations: []};
  Object.defineProperty(window, "seen", {value: seen});
  for (const name of [
    "ready",
    "decision",
    "impression",
    "leave",
    "prompt",
    "consent",
    "unavailable",
    "conflict",
    "duplicate",
    "storage-reset",
  ]) {
    document.addEventListener(`tailorbird:${name}`, (event) => {
      let detail = null;
      try {
        detail = JSON.parse(JSON.stringify(event.detail ?? null));
      } catch (error) {
        detail = {unreadable: String(error)};
      }
      seen.events.push({name, detail});
    });
  }
  window.addEventListener("error", (event) => {
    // A script or image that does not load is an `error` too, but not one that bubbles here.
    seen.said.push({kind: "exception", text: String(event.message)});
  });
  window.addEventListener("unhandledrejection", (event) => {
    seen.said.push({kind: "exception", text: String(event.reason)});
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    // A page without an icon is asked for one by the browser itself.
    if (!event.blockedURI.endsWith("/favicon.ico")) seen.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
  for (const kind of ["error", "warn", "info", "log", "debug", "group", "groupCollapsed", "table"]) {
    const original = console[kind];
    console[kind] = (...words) => {
      seen.said.push({kind: kind === "warn" ? "warning" : kind, text: words.map(String).join(" ")});
      return original.apply(console, words);
    };
  }
  // The open modal dialog, wherever it lives, shadow trees included.
  const openDialog = (root = document) => {
    const found = root.querySelector("dialog[open]");
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const within = element.shadowRoot && openDialog(element.shadowRoot);
      if (within) return within;
    }
    return null;
  };
  window.openDialog = () => openDialog();
  try {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        seen.shifts.push({value: entry.value, recentInput: entry.hadRecentInput});
      }
    }).observe({type: "layout-shift", buffered: true});
  } catch {
    // Only Chromium measures layout shifts.
  }
})();
