// What is in the basket, and how long it is kept: as long as the tab, unless the visitor asks for longer. It stands in
// the head, so that the engine knows of the basket before it decides anything: a basket that was emptied, or went with
// its tab, is then spoken of nowhere.
(() => {
  const KEY = "larkfell.basket";
  const KEPT_DAYS = 30;

  /**
   * @typedef {{ item_id: string, item_name: string, item_brand: string, price: number, quantity?: number }} Item
   * @typedef {{ item: Item, size: string, quantity: number, href: string, image: string }} Line
   */

  /** @typedef {"localStorage" | "sessionStorage"} Area */

  /**
   * @param {Area} area
   * @param {string} key
   */
  const read = (area, key) => {
    try {
      return JSON.parse(String(window[area].getItem(key)));
    } catch {
      return null;
    }
  };
  /**
   * @param {Area} area
   * @param {string} key
   * @param {object | null} value
   */
  const write = (area, key, value) => {
    try {
      if (value === null) window[area].removeItem(key);
      else window[area].setItem(key, JSON.stringify(value));
    } catch {
      // Storage is blocked or full: the basket lasts as long as this page.
    }
  };

  const kept = () => {
    const stored = read("localStorage", KEY);
    return stored && stored.until > Date.now() ? stored : null;
  };

  const basket = {
    /** @type {Line[]} */
    lines: [],
    quantity: () => basket.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    value: () => basket.lines.reduce((sum, { item, quantity }) => sum + item.price * quantity, 0),
    /** Until when it is kept, in milliseconds since 1970; `null` where it goes with the tab. */
    keptUntil: () => /** @type {number | null} */ (kept()?.until ?? null),
    /** Reads it again: another page of this tab may have changed it. */
    load: () => {
      basket.lines = read("sessionStorage", KEY) ?? kept()?.lines ?? [];
      state();
    },
    /** @param {boolean} [keep] for longer than the tab; as before where it is not said */
    save: (keep = kept() !== null) => {
      const { lines } = basket;
      write("sessionStorage", KEY, lines.length > 0 ? lines : null);
      write(
        "localStorage",
        KEY,
        keep && lines.length > 0 ? { until: Date.now() + KEPT_DAYS * 86_400_000, lines } : null,
      );
      state();
    },
    read,
    write,
  };

  const state = () => {
    const cart = {
      value: basket.value(),
      quantity: basket.quantity(),
      items: basket.lines.map(({ item }) => item.item_id),
    };
    window.tailorbird = window.tailorbird || [];
    window.tailorbird.push(["attributes", { cart, basket: { kept: kept() !== null } }]);
  };

  window.larkfell = basket;
  basket.load();
})();
