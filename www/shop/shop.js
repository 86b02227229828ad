// The shop's own script: the basket, the checkout, and GA4 commerce events in the data layer.
(() => {
  const CURRENCY = "EUR";
  const FREE_DELIVERY = 75;
  const POSTAGE = 5;
  const KEPT_DAYS = 30;
  const BASKET = "larkfell.basket";
  const ORDER = "larkfell.order";

  /**
   * @typedef {{ item_id: string, item_name: string, item_brand: string, price: number, quantity?: number }} Item
   * @typedef {{ item: Item, size: string, quantity: number, href: string, image: string }} Line
   */

  /**
   * @param {string} selector
   * @param {ParentNode} within
   * @returns {any} what every page that asks for it has
   */
  const one = (selector, within = document) => within.querySelector(selector);
  /**
   * @param {string} selector
   * @param {ParentNode} within
   * @returns {HTMLElement[]}
   */
  const all = (selector, within = document) => [
    .../** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll(selector)),
  ];
  /** @param {number} amount */
  const euro = (amount) => `€${Number.isInteger(amount) ? amount : amount.toFixed(2)}`;

  // ── What is kept. The basket lives as long as the tab, unless the visitor asks for longer. ──

  /**
   * @param {"localStorage" | "sessionStorage"} area
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
   * @param {"localStorage" | "sessionStorage"} area
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

  const keptBasket = () => {
    const kept = read("localStorage", BASKET);
    return kept && kept.until > Date.now() ? kept : null;
  };
  /** @type {Line[]} */
  let lines = read("sessionStorage", BASKET) ?? keptBasket()?.lines ?? [];

  const saveBasket = (keep = keptBasket() !== null) => {
    write("sessionStorage", BASKET, lines.length > 0 ? lines : null);
    write(
      "localStorage",
      BASKET,
      keep && lines.length > 0 ? { until: Date.now() + KEPT_DAYS * 86_400_000, lines } : null,
    );
    showCount();
  };

  const showCount = () => {
    const count = lines.reduce((sum, line) => sum + line.quantity, 0);
    for (const place of all("[data-basket-count]")) place.textContent = String(count);
  };

  // ── What is said: GA4's names and shapes, each after a `null` that clears the one before. ──

  /** @param {Item[]} items */
  const worth = (items) => items.reduce((sum, item) => sum + item.price * (item.quantity ?? 1), 0);
  /**
   * @param {string} event
   * @param {object} ecommerce
   */
  const tell = (event, ecommerce) => {
    window.dataLayer.push({ ecommerce: null });
    window.dataLayer.push({ event, ecommerce });
  };
  /**
   * @param {string} event
   * @param {Item[]} items
   */
  const tellValue = (event, items, more = {}) =>
    tell(event, { currency: CURRENCY, value: worth(items), ...more, items });
  /** @param {Line} line */
  const itemOf = (line, quantity = line.quantity) => ({
    ...line.item,
    ...(line.size && { item_variant: line.size }),
    quantity,
  });
  const basketItems = () => lines.map((line) => itemOf(line));

  // ── Lists and products ──

  for (const list of all("[data-list]")) {
    const named = { item_list_id: list.dataset.list, item_list_name: list.dataset.listName };
    const cards = all("[data-item]", list);
    const items = cards.map((card, index) => ({ ...JSON.parse(String(card.dataset.item)), index, quantity: 1 }));
    tell("view_item_list", { ...named, items });
    cards.forEach((card, index) => {
      one("a", card).addEventListener("click", () => tell("select_item", { ...named, items: [items[index]] }));
    });
  }

  const product = one("[data-product]");
  if (product) {
    const item = JSON.parse(product.dataset.product);
    tellValue("view_item", [{ ...item, quantity: 1 }]);
    one("[data-buy]").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const form = /** @type {any} */ (event.target);
      const quantity = Math.min(9, Math.max(1, Math.round(Number(form.elements.quantity.value)) || 1));
      const size = form.elements.size?.value ?? "";
      const held = lines.find((line) => line.item.item_id === item.item_id && line.size === size);
      if (held) held.quantity += quantity;
      else
        lines.push({ item, size, quantity, href: location.pathname, image: one(".product-art").getAttribute("src") });
      saveBasket();
      tellValue("add_to_cart", [{ ...item, ...(size && { item_variant: size }), quantity }]);
      const seen = document.createElement("a");
      seen.href = "/basket/";
      seen.textContent = "See the basket";
      one("[data-status]").replaceChildren(`${item.item_name} is in your basket. `, seen);
    });
  }

  // ── Basket and checkout ──

  const showSums = (collected = false) => {
    const goods = worth(basketItems());
    const delivery = collected || goods >= FREE_DELIVERY ? 0 : POSTAGE;
    for (const [name, amount] of Object.entries({ goods, delivery, sum: goods + delivery })) {
      for (const place of all(`[data-${name}]`))
        place.textContent = name === "delivery" && amount === 0 ? "Free" : euro(amount);
    }
    return { goods, delivery };
  };

  /** @param {Line} line */
  const lineElement = (line) => {
    const element = one("#basket-line").content.firstElementChild.cloneNode(true);
    one("img", element).src = line.image;
    one("h2 a", element).href = line.href;
    one("h2 a", element).textContent = line.item.item_name;
    one(".line-size", element).textContent = line.size ? `Size ${line.size}` : line.item.item_brand;
    one("input", element).value = String(line.quantity);
    one(".plain", element).setAttribute("aria-label", `Remove ${line.item.item_name}`);
    const showPrice = () => (one(".price", element).textContent = euro(line.item.price * line.quantity));
    showPrice();

    const input = one("input", element);
    input.addEventListener("change", () => {
      const wanted = Math.min(9, Math.max(1, Math.round(Number(input.value)) || 1));
      const change = wanted - line.quantity;
      input.value = String(wanted);
      if (change === 0) return;
      line.quantity = wanted;
      saveBasket();
      tellValue(change > 0 ? "add_to_cart" : "remove_from_cart", [itemOf(line, Math.abs(change))]);
      showPrice();
      showSums();
    });
    one(".plain", element).addEventListener("click", () => {
      lines = lines.filter((other) => other !== line);
      saveBasket();
      tellValue("remove_from_cart", [itemOf(line)]);
      element.remove();
      showBasket();
      one("[data-status]").textContent = `${line.item.item_name} is out of your basket.`;
      // The button that had focus is gone; the next thing to do is the next line, or the page itself.
      (one("[data-basket-lines] a") ?? one("#main")).focus();
    });
    return element;
  };

  const showBasket = () => {
    one("[data-basket-empty]").hidden = lines.length > 0;
    one("[data-basket-full]").hidden = lines.length === 0;
    showSums();
  };

  if (one("[data-basket]")) {
    one("[data-basket-lines]").append(...lines.map(lineElement));
    showBasket();
    const keepBasket = () => {
      if (lines.length === 0) return;
      saveBasket(true);
      one("[data-status]").textContent = `Your basket stays on this device for ${KEPT_DAYS} days.`;
    };
    one("[data-keep]").addEventListener("click", keepBasket);
    if (new URLSearchParams(location.search).has("keep")) {
      keepBasket();
      history.replaceState(history.state, "", "/basket/");
    }
    if (lines.length > 0) tellValue("view_cart", basketItems());
  }

  const checkout = one("[data-checkout]");
  if (checkout) {
    checkout.hidden = lines.length === 0;
    one("[data-basket-empty]").hidden = lines.length > 0;
    const collected = () => checkout.elements.delivery.value === "collect";
    showSums();
    checkout.addEventListener("change", () => showSums(collected()));
    if (lines.length > 0) tellValue("begin_checkout", basketItems());
    checkout.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const { delivery } = showSums(collected());
      // What was typed is read by nobody: the form exists to be believed.
      write("sessionStorage", ORDER, {
        number: `LF-${Date.now().toString(36).toUpperCase()}`,
        delivery,
        lines,
        told: false,
      });
      lines = [];
      saveBasket();
      location.assign("/thank-you/");
    });
  }

  const order = one("[data-order]") && read("sessionStorage", ORDER);
  if (order) {
    one("[data-order]").hidden = false;
    one("[data-order-number]").textContent = order.number;
    one("[data-order-lines]").append(
      ...order.lines.map((/** @type {Line} */ line) => {
        const element = document.createElement("li");
        element.textContent = `${line.quantity} × ${line.item.item_name}, ${euro(line.quantity * line.item.price)}`;
        return element;
      }),
    );
    // A purchase is told once, however often the page is opened again.
    if (!order.told) {
      tellValue(
        "purchase",
        order.lines.map((/** @type {Line} */ line) => itemOf(line)),
        { transaction_id: order.number, shipping: order.delivery, tax: 0 },
      );
      write("sessionStorage", ORDER, { ...order, told: true });
    }
  }

  showCount();
})();
