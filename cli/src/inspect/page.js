/** Runs in the page that `tailorbird inspect` opens, before the page's own scripts, and measures it. */
(() => {
  /**
   * @typedef {{ attributes: object | null, inline: string | null }} Settings `inline` stands in for the config in the page.
   * @typedef {{ id: string, target: string | null, variant: string | null }} Slot The variant that it is to show.
   * @typedef {{ slot: string, variant: string | null, applied: boolean, problem?: string }} Decision
   * @typedef {{ variant: string | null, reasons: string[] }} Peeked
   * @typedef {{ peek?(slot: string): Peeked | null }} Engine The queue before it has no `peek`.
   * @typedef {PerformanceEntry & { value: number, sources: { node: Node | null }[] }} LayoutShift
   */

  if (window !== window.top) return;
  const page = /** @type {{ tailorbird?: unknown, [key: symbol]: unknown }} */ (/** @type {unknown} */ (window));
  /** Where the tool has put the settings, and finds the functions. */
  const KEY = Symbol.for("tailorbird.inspect");
  const { attributes, inline } = /** @type {Settings} */ (page[KEY]);
  const engine = () => /** @type {Engine | undefined} */ (page.tailorbird);

  const TAG = /tailorbird[^/]*\.js/i;
  const LOADED_MS = 15_000;
  const STARTED_MS = 15_000;
  /** Longer than the engine takes to give up on a variant, 3 seconds after the page was loaded. */
  const DECIDED_MS = 6_000;
  /** So long the page has time to state what a variant needs. */
  const UNKNOWN_MS = 1_000;
  const STABLE_MS = 300;

  /** @type {Map<string, Decision>} */
  const decisions = new Map();
  let decidedAt = Infinity;
  let startedAt = Infinity;
  /** @type {string | null} */
  let unavailable = null;
  document.addEventListener("tailorbird:ready", () => (startedAt = performance.now()));
  document.addEventListener("tailorbird:unavailable", (event) => {
    unavailable = /** @type {CustomEvent<{ reason: string }>} */ (event).detail.reason;
  });
  document.addEventListener("tailorbird:decision", (event) => {
    const decision = /** @type {CustomEvent<Decision>} */ (event).detail;
    decidedAt = Math.min(decidedAt, performance.now());
    decisions.set(decision.slot, decision);
  });

  /** @type {LayoutShift[]} */
  const shifts = [];
  /** @param {PerformanceEntryList} entries */
  const keep = (entries) => shifts.push(.../** @type {LayoutShift[]} */ (entries));
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });

  if (attributes) page.tailorbird = [["attributes", attributes]];

  if (inline !== null) {
    // The parser may add to the text after it was replaced.
    const replace = () => {
      const element = document.querySelector("script#tailorbird-config");
      if (element && element.textContent !== inline) element.textContent = inline;
    };
    new MutationObserver(replace).observe(document, { subtree: true, childList: true, characterData: true });
  }

  /** @param {number} ms */
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /**
   * @param {() => unknown} condition
   * @param {number} ms
   */
  const until = async (condition, ms) => {
    const deadline = performance.now() + ms;
    while (!condition() && performance.now() < deadline) await pause(25);
  };

  const isLoaded = () => document.readyState === "complete";

  const findTag = () => {
    const scripts = [...document.scripts].filter(({ src }) => src);
    const configured = scripts.filter((script) => script.getAttribute("data-config"));
    const named = configured.find((script) => TAG.test(script.src));
    return named ?? configured[0] ?? scripts.find((script) => TAG.test(script.src));
  };
  const findInline = () => document.querySelector("script#tailorbird-config");

  /** The script tag and the config of the page. */
  const discover = async () => {
    const [navigation] = performance.getEntriesByType("navigation");
    const { responseStatus: status = 0 } = /** @type {{ responseStatus?: number }} */ (navigation ?? {});
    await until(isLoaded, LOADED_MS);
    await until(findTag, 3_000);
    const tag = findTag();
    const written = tag?.getAttribute("data-config");
    const answer = { status, script: tag?.src ?? null, waits: !!tag && (tag.async || tag.defer), config: null };
    if (!written) return { ...answer, text: (tag && findInline()?.textContent) ?? null };
    const config = new URL(written, document.baseURI);
    config.hash = "";
    try {
      const response = await fetch(config.href);
      if (!response.ok) return { ...answer, config: config.href, problem: `it is answered with ${response.status}` };
      return { ...answer, config: config.href, text: await response.text() };
    } catch {
      return { ...answer, config: config.href, problem: "there is no answer, or the page may not read it" };
    }
  };

  /** @param {Slot} slot */
  const elementsOf = ({ id, target }) => {
    const selectors = [`[data-tb-slot="${id}"]`, `tb-slot[name="${id}"]`].filter((selector) =>
      document.querySelector(selector),
    );
    try {
      // An element that names a slot is of no other.
      const others = (target ? [...document.querySelectorAll(target)] : []).filter(
        (element) => !element.matches("[data-tb-slot],tb-slot[name]"),
      );
      if (target && others.length) selectors.push(target);
    } catch {
      // The engine says that the selector is not valid.
    }
    const selector = selectors.join(", ");
    return { selector, elements: selector ? [...document.querySelectorAll(selector)] : [] };
  };

  /** @param {Element} element */
  const measured = (element) => {
    const style = getComputedStyle(element);
    const content = document.createRange();
    content.selectNodeContents(element);
    const { height } = (style.display === "contents" ? content : element).getBoundingClientRect();
    const edges = [style.paddingTop, style.paddingBottom, style.borderTopWidth, style.borderBottomWidth];
    const frame = edges.reduce((sum, edge) => sum + (parseFloat(edge) || 0), 0);
    return { height, frame: style.boxSizing === "border-box" ? 0 : frame, display: style.display };
  };

  /** @param {Slot} slot */
  const isDecided = ({ id, variant }) => {
    if (!variant || decisions.get(id)?.variant === variant) return true;
    return performance.now() >= startedAt + UNKNOWN_MS && engine()?.peek?.(id)?.variant !== variant;
  };

  /** @param {Slot} slot */
  const problemOf = ({ id, variant }) => {
    const decision = decisions.get(id);
    if (decision?.variant === variant) return decision?.applied ? undefined : decision?.problem;
    const peeked = engine()?.peek?.(id);
    if (!peeked || peeked.variant === variant) return;
    const own = peeked.reasons.find((reason) => reason.startsWith(`variant ${variant}: `));
    return own ? own.slice(`variant ${variant}: `.length) : peeked.reasons.join("; ");
  };

  /**
   * What moved in a shift outside of all slots: after which slots it stands.
   *
   * @param {LayoutShift} shift
   * @param {{ id: string, elements: Element[] }[]} slots
   */
  const followed = ({ value, sources }, slots) => {
    const inside = (/** @type {Node} */ node) =>
      slots.some(({ elements }) => elements.some((element) => element.contains(node)));
    const moved = sources.flatMap(({ node }) => (node && !inside(node) ? [node] : []));
    if (!moved.length) return [];
    const isAfter = (/** @type {Element} */ element) =>
      moved.some((node) => element.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    const after = slots.filter(({ elements }) => elements.some(isAfter)).map(({ id }) => id);
    return [{ value, after }];
  };

  /**
   * Waits until the slots show what they are to show, and nothing moves any more.
   *
   * @param {Slot[]} wanted
   */
  const measure = async (wanted) => {
    await until(isLoaded, LOADED_MS);
    await until(() => startedAt < Infinity || unavailable !== null, STARTED_MS);
    if (startedAt === Infinity) {
      return { unavailable: unavailable ?? "it did not start within 15 seconds", slots: [], shifts: [] };
    }
    const found = () =>
      wanted.map((slot) => ({ slot, id: slot.id, ...elementsOf(slot) })).filter(({ elements }) => elements.length);
    await until(() => found().every(({ slot }) => isDecided(slot)), DECIDED_MS);
    await Promise.race([document.fonts.ready, pause(3_000)]);
    const images = found().flatMap(({ elements }) =>
      elements.flatMap((element) => [...element.querySelectorAll("img")]),
    );
    await until(() => images.every((image) => image.complete || image.loading === "lazy"), 3_000);

    let before = "";
    let since = performance.now();
    const isStable = () => {
      const now = found()
        .flatMap(({ elements }) => elements.map((element) => measured(element).height))
        .join();
      if (now !== before) since = performance.now();
      before = now;
      return performance.now() >= since + STABLE_MS;
    };
    await until(isStable, 3_000);

    const slots = found();
    keep(observer.takeRecords());
    const late = shifts.filter(({ startTime }) => startTime >= decidedAt);
    return {
      unavailable,
      slots: slots.map(({ slot, id, selector, elements }) => {
        const problem = problemOf(slot);
        const decision = decisions.get(id);
        const shown = decision?.applied ? decision.variant : null;
        return { id, selector, elements: elements.map(measured), shown, problem };
      }),
      shifts: late.flatMap((shift) => followed(shift, slots)),
    };
  };

  page[KEY] = { discover, measure };
})();
