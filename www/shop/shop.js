// The shop's own script: the basket, the checkout, and GA4 commerce events in the data layer.
(() => {
  const CURRENCY = "EUR";
  const FREE_DELIVERY = 75;
  const POSTAGE = 5;
  const ORDER = "larkfell.order";

  /** @typedef {typeof window.larkfell.lines[number]} Line */
  /** @typedef {Line["item"]} Item */

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

  const basket = window.larkfell;
  const { read, write } = basket;

  const showCount = () => {
    for (const place of all("[data-basket-count]")) place.textContent = String(basket.quantity());
  };
  /** @param {boolean} [keep] */
  const saveBasket = (keep) => {
    basket.save(keep);
    showCount();
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
  const basketItems = () => basket.lines.map((line) => itemOf(line));

  // ── Lists and products ──

  for (const list of all("[data-list]")) {
    const named = { item_list_id: list.dataset.list, item_list_name: list.dataset.listName };
    // As they stand when it is told: the list may be put into another order.
    const items = () =>
      all("[data-item]", list).map((card, index) => ({ ...JSON.parse(String(card.dataset.item)), index, quantity: 1 }));
    tell("view_item_list", { ...named, items: items() });
    for (const card of all("[data-item]", list)) {
      one("a", card).addEventListener("click", () => {
        const chosen = all("[data-item]", list).indexOf(card);
        tell("select_item", { ...named, items: [items()[chosen]] });
      });
    }
  }

  // Cards of a shelf come and go, so the page listens for all of them.
  document.addEventListener("click", ({ target }) => {
    const card = target instanceof Element && target.closest("a") && target.closest("[data-shelf-item]");
    if (!(card instanceof HTMLElement)) return;
    const list = /** @type {HTMLElement} */ (card.closest("[data-tb-slot]")).dataset.tbSlot;
    const item = { item_id: card.dataset.shelfItem, item_name: one("h3", card).textContent };
    tell("select_item", { item_list_id: list, items: [item] });
  });

  const product = one("[data-product]");
  if (product) {
    const item = JSON.parse(product.dataset.product);
    tellValue("view_item", [{ ...item, quantity: 1 }]);
    one("[data-buy]").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const form = /** @type {any} */ (event.target);
      const quantity = Math.min(9, Math.max(1, Math.round(Number(form.elements.quantity.value)) || 1));
      const size = form.elements.size?.value ?? "";
      const held = basket.lines.find((line) => line.item.item_id === item.item_id && line.size === size);
      if (held) held.quantity += quantity;
      else
        basket.lines.push({
          item,
          size,
          quantity,
          href: location.pathname,
          image: one(".product-art").getAttribute("src"),
        });
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
      basket.lines = basket.lines.filter((other) => other !== line);
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
    one("[data-basket-empty]").hidden = basket.lines.length > 0;
    one("[data-basket-full]").hidden = basket.lines.length === 0;
    showSums();
  };

  /** Offers to keep the basket, or says until when it is kept. */
  const showKept = () => {
    const until = basket.keptUntil();
    one("[data-keep]").hidden = until !== null;
    one("[data-kept]").hidden = until === null;
    if (until === null) return;
    const day = new Date(until);
    one("[data-kept-until]").dateTime = day.toISOString().slice(0, 10);
    one("[data-kept-until]").textContent = day.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  };

  if (one("[data-basket]")) {
    one("[data-basket-lines]").append(...basket.lines.map(lineElement));
    showBasket();
    showKept();
    /** @param {boolean} wanted */
    const keepBasket = (wanted) => {
      if (basket.lines.length === 0) return;
      saveBasket(wanted);
      showKept();
      // That it is kept is said beside it.
      one("[data-status]").textContent = wanted ? "" : "Your basket goes when you close the tab.";
    };
    for (const [from, to, wanted] of /** @type {const} */ ([
      ["[data-keep]", "[data-unkeep]", true],
      ["[data-unkeep]", "[data-keep]", false],
    ])) {
      one(from).addEventListener("click", () => {
        keepBasket(wanted);
        // The button that had focus is gone; this one takes it back.
        one(to).focus();
      });
    }
    if (new URLSearchParams(location.search).has("keep")) {
      keepBasket(true);
      history.replaceState(history.state, "", "/basket/");
    }
    if (basket.lines.length > 0) tellValue("view_cart", basketItems());
  }

  const checkout = one("[data-checkout]");
  if (checkout) {
    checkout.hidden = basket.lines.length === 0;
    one("[data-basket-empty]").hidden = basket.lines.length > 0;
    const collected = () => checkout.elements.delivery.value === "collect";
    showSums();
    checkout.addEventListener("change", () => showSums(collected()));
    if (basket.lines.length > 0) tellValue("begin_checkout", basketItems());
    checkout.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const { delivery } = showSums(collected());
      // What was typed is read by nobody: the form exists to be believed.
      write("sessionStorage", ORDER, {
        number: `LF-${Date.now().toString(36).toUpperCase()}`,
        delivery,
        lines: basket.lines,
        told: false,
      });
      basket.lines = [];
      saveBasket(false);
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
  // A page that the browser has kept whole says what was in the basket when it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    if (one("[data-basket], [data-checkout]")) return location.reload();
    basket.load();
    showCount();
  });
})();
