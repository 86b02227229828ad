// The shop's pages as text. Each function here is one kind of page; `../make.mjs` writes them.
import { readFileSync } from "node:fs";
import { art, CATEGORIES, CURRENCY, href, PRODUCTS, item } from "./products.mjs";

/** @import { Category, CategoryId, Product } from "./products.mjs" */

/** @param {string | number} text */
const escaped = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (character) =>
      /** @type {{ [character: string]: string }} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[
        character
      ],
  );
/** @param {number} price */
const euro = (price) => `€${price}`;
/** @param {Product} product */
const categoryOf = (product) =>
  /** @type {Category} */ (CATEGORIES.find((category) => category.id === product.category));

/** @type {{ slots: { id: string, variants?: { content?: { text?: Texts, html?: Texts } }[] }[] }} */
const config = JSON.parse(readFileSync(new URL("../tailorbird.json", import.meta.url), "utf8"));
/** @typedef {{ [selector: string]: string }} Texts */

/** What placeholders stand for at their longest. */
const filled = (/** @type {string} */ text) =>
  text.replace(/\{\{[^}]*currency[^}]*\}\}/g, "€1,249.00").replace(/\{\{[^}]*\}\}/g, "12");

/** About how wide a text is, in letters. */
const width = (/** @type {string} */ text) =>
  [...text].reduce(
    (sum, letter) => sum + (/[fijlrt.,;:!’' ]/.test(letter) ? 0.6 : /[mwA-Z€]/.test(letter) ? 1.4 : 1),
    0,
  );

/**
 * An attribute with the longest text that a place of a slot may have. `shop.css` lays it out unseen, so the place is
 * as high as that text at every width, and changing the words moves nothing.
 *
 * @param {string} slot
 * @param {string} selector
 * @param {string[]} own what the page itself has there
 */
const longest = (slot, selector, ...own) => {
  const { variants = [] } = /** @type {typeof config.slots[number]} */ (config.slots.find(({ id }) => id === slot));
  const texts = variants.flatMap(({ content: { text, html } = {} }) => [text?.[selector], html?.[selector]]);
  const all = [...own, ...texts].map((text) => filled(text ?? "").replace(/<[^>]*>/g, ""));
  return ` data-longest="${escaped(all.reduce((one, other) => (width(other) > width(one) ? other : one)))}"`;
};

/**
 * A place of a slot with its own text.
 *
 * @param {string} slot
 * @param {string} selector
 * @param {string} text
 */
const sized = (slot, selector, text) => `${longest(slot, selector, text)}>${escaped(text)}`;

const STRIP = "Post free over €75. Sixty days to change your mind.";
/** What the notice above every page says; a slot. */
const strip = `<p class="strip" data-tb-slot="strip"${longest("strip", "", STRIP)}><span>${STRIP}</span></p>`;

/** Why the page looks as it does. `why.js` fills it in. */
const why = `<section class="why" id="why" aria-labelledby="why-heading" data-why hidden>
  <div><h2 id="why-heading">Why you see this</h2>
  <p data-why-state></p>
  <ul data-why-list></ul>
  <p><a href="/privacy/#choice">What is stored on this device, and your choice</a></p></div>
  <div><details><summary>Three things to try</summary><ol>
    <li>Accept, look at three pairs of boots, and go back to the home page: it speaks of boots, also tomorrow.</li>
    <li class="with-mouse">Put a tent in the basket, look around for a moment, and move the mouse out through the top of the window: the shop offers to keep your basket.</li>
    <li class="with-touch">Put a tent in the basket, go back to the home page, and read on for ten seconds: the shop offers to keep your basket. With a mouse it asks as you leave; a touch screen has no edge to leave by.</li>
    <li>Open “What is stored on this device”, move the slider of boots or forget them, and go back to the home page.</li>
  </ol></details>
  <details><summary>In the engine’s words</summary><div class="why-engine" data-why-engine></div></details>
  <p class="why-inspect">For developers: <button type="button" data-why-inspect>open the inspector</button></p></div>
</section>`;

/** @param {{ title: string, description: string, path: string, main: string, notice?: boolean }} given */
const page = ({ title, description, path, main, notice = true }) => `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<meta name="description" content="${escaped(description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/art/mark.svg" type="image/svg+xml">
<link rel="preload" href="/tailorbird.json" as="fetch" crossorigin="anonymous">
<link rel="preload" href="/tailorbird.js" as="script">
<link rel="stylesheet" href="/shop.css">
<script src="/consent.js"></script>
<script src="/basket.js"></script>
<script async src="/tailorbird.js" data-config="/tailorbird.json"></script>
<script defer src="/shop.js"></script>
<script defer src="/why.js"></script>
<noscript><style>.why-toggle { display: none }</style></noscript>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<section class="consent" aria-label="Your choice on suggestions" data-consent-banner hidden>
  <h2>May we remember what you look at?</h2>
  <p>Suggestions begin when you accept. It stays on this device: nothing is sent to us or anyone. <a href="/privacy/">How it works</a></p>
  <p class="consent-buttons"><button type="button" class="choice" data-choice="denied">Decline</button><button type="button" class="choice" data-choice="granted">Accept</button></p>
</section>
<header>
${notice ? strip + "\n" : ""}<div class="top">
  <a class="brand" href="/"><img src="/art/mark.svg" alt="" width="40" height="40"><span>Larkfell</span></a>
  <nav aria-label="Departments"><ul>${CATEGORIES.map(
    (category) =>
      `<li><a href="/${category.id}/"${path.startsWith(`/${category.id}/`) ? ` aria-current="${path === `/${category.id}/` ? "page" : "true"}"` : ""}>${category.name}</a></li>`,
  ).join("")}</ul></nav>
  <a class="basket-link" href="/basket/"${path === "/basket/" ? ' aria-current="page"' : ""}>Basket <span class="count" data-basket-count>0</span></a>
  <button type="button" class="why-toggle" aria-expanded="false" aria-controls="why" data-why-toggle>Why?<span class="visually-hidden"> What decides what you see</span></button>
</div>
${why}
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer class="bottom">
  <div>
    <p class="footer-name">Larkfell</p>
    <p>Outfitters, in an old carpenter’s shop beside the beck. Open Tuesday to Saturday, nine to six; the kettle is on from eight.</p>
  </div>
  <nav aria-label="Departments, again"><ul>${CATEGORIES.map((category) => `<li><a href="/${category.id}/">${category.heading}</a></li>`).join("")}</ul></nav>
  <nav aria-label="About the shop"><ul><li><a href="/basket/">Your basket</a></li><li><a href="/privacy/">Privacy and your choice</a></li><li><a href="tel:+441632960145">01632 960145</a></li></ul></nav>
  <p class="small">Larkfell is a demonstration. Nothing is sold, and nothing you type here leaves your browser.</p>
</footer>
</body>
</html>
`;

/** @param {Product} product */
const card = (
  product,
  level = 3,
) => `<li class="card" data-category="${product.category}" data-item="${escaped(JSON.stringify(item(product)))}">
  <img src="${art(product)}" alt="" width="400" height="400" loading="lazy">
  <div class="card-words"><h${level}><a href="${href(product)}">${escaped(product.name)}</a></h${level}>
  <p class="card-line">${escaped(product.line)}</p></div>
  <p class="price"><span class="visually-hidden">Price: </span>${euro(product.price)}</p>
</li>`;

/**
 * @param {string} id
 * @param {string} name
 * @param {readonly Product[]} products
 * @param {number} [level]
 */
const cards = (id, name, products, level) =>
  `<ul class="cards${products.length % 3 === 0 ? " in-threes" : ""}" data-list="${id}" data-list-name="${escaped(name)}">\n${products.map((product) => card(product, level)).join("\n")}\n</ul>`;

/**
 * A card of a shelf, also as the template for one that is recommended. `why` says what it is there for, where that is
 * known: `because` then names it.
 *
 * @param {{ id: string, url: string, image: string, name: string, line: string, price: string | number, why?: string, because: string }} given
 */
const shelfCard = ({ id, url, image, name, line, price, why, because }) => `<li class="card" data-shelf-item="${id}">
    <img src="${image}" alt="" width="400" height="400" loading="lazy">
    <div class="card-words"><h3><a href="${url}">${escaped(name)}</a></h3>
    <p class="card-line">${escaped(line)}</p>${
      why ? `\n    <p class="card-because" data-because="${escaped(because)}">${why} ${escaped(because)}</p>` : ""
    }</div>
    <p class="price"><span class="visually-hidden">Price: </span>€${price}</p>
  </li>`;

/** What the template says in the place of each. */
const PLACEHOLDERS = {
  id: "{{ item_id }}",
  url: "{{ url }}",
  image: "{{ image }}",
  name: "{{ item_name }}",
  line: "{{ line }}",
  price: "{{ price }}",
  because: '{{ because_name | default("") }}',
};

/**
 * Recommended products; a slot. What it has of its own is for visitors of whom nothing is known, and for every visitor
 * where the engine does not run.
 *
 * @param {string} id
 * @param {string} heading
 * @param {readonly Product[]} products
 * @param {string} [why]
 */
const shelf = (id, heading, products, why) => {
  const own = products.map((product) => {
    const { id, name, line, price } = product;
    return shelfCard({ id, url: href(product), image: art(product), name, line, price, why, because: "" });
  });
  return `<section class="shelf" data-tb-slot="${id}" aria-labelledby="${id}">
  <h2 id="${id}">${heading}</h2>
  <ul class="cards in-fours">
  ${own.join("\n  ")}
  <template data-tb-item>${shelfCard({ ...PLACEHOLDERS, why })}</template>
  </ul>
</section>`;
};

/** @param {readonly string[]} slugs */
const named = (slugs) =>
  slugs.map((slug) => /** @type {Product} */ (PRODUCTS.find((product) => product.slug === slug)));

/** What a first trip needs, of what is not among the popular ones. */
const forYou = () =>
  shelf(
    "for-you",
    "For your next trip",
    named(["kirkstone", "wren-1", "longmile-48", "nest-cookset"]),
    "You looked at",
  );

/**
 * Four of the same department, those first that cost about as much.
 *
 * @param {Product} one
 */
const similar = (one) => {
  const distance = (/** @type {Product} */ other) => Math.abs(Math.log(other.price / one.price));
  const others = PRODUCTS.filter((other) => other.category === one.category && other !== one);
  return shelf("similar", "You may also like", others.sort((a, b) => distance(a) - distance(b)).slice(0, 4));
};

const together = () =>
  shelf(
    "together",
    "Often taken along",
    named(["enamel-pair", "beck-kettle", "firefly-gas", "thimble-3"]),
    "Goes with",
  );

const PICKED = {
  heading: "What to carry for a first night",
  words:
    "A shelter, a stove and a cup weigh less than you think. This is what we would carry, and what we would leave at home.",
};
const UNDECIDED = {
  heading: "Only one thing today? This one",
  words:
    'Then make it the pack you carry every day: nobody has ever brought one back to us. Or ring <a href="tel:+441632960145">01632 960145</a> and ask.',
};

/**
 * The advice's heading and words. Their places are as high in the template as in the page.
 *
 * @param {typeof PICKED} said
 */
const advice = ({ heading, words }) =>
  `<h2${longest("picked", "h2", PICKED.heading, UNDECIDED.heading)}>${heading}</h2>
  <p class="picked-words"${longest("picked", ".picked-words", PICKED.words, UNDECIDED.words)}>${words}</p>`;

/** A word of advice beside the goods; a slot. Its template is for visitors who are undecided. */
const picked = () => `<section class="picked" data-tb-slot="picked">
  <div>${advice(PICKED)}
  <p><a class="button quiet" href="/tents/#choosing">Read how to choose</a></p></div>
  <img class="picked-art" src="/art/advice-start.svg" alt="" width="400" height="400">
  <template data-tb-variant="undecided"><div>${advice(UNDECIDED)}
  <p><a class="button quiet" href="/packs/daybreak-18">See the Daybreak 18</a></p></div>
  <img class="picked-art" src="/art/daybreak-18.svg" alt="" width="400" height="400"></template>
</section>`;

export const home = () =>
  page({
    title: "Larkfell: gear for every trail",
    description: "Boots, tents, packs and stoves, tried on wet hills and mended free for as long as you own them.",
    path: "/",
    main: `<section class="hero" data-tb-slot="hero">
  <div class="hero-words">
    <p class="eyebrow"${sized("hero", ".eyebrow", "Outfitters since 1987")}</p>
    <h1${sized("hero", "h1", "Gear for every trail")}</h1>
    <p class="lede"${sized("hero", ".lede", "Boots, tents, packs and stoves that we have walked in, slept in and cooked on. Mended free for as long as you own them.")}</p>
    <p><a class="button" href="#popular">See what is popular</a></p>
  </div>
  <img class="hero-art" src="/art/wide-hills.svg" alt="A walker on a path into the fells" width="1200" height="900" fetchpriority="high">
</section>
<section class="departments" aria-labelledby="departments">
  <h2 id="departments">Four things you need</h2>
  <ul>${CATEGORIES.map(
    (category) => `
    <li><img src="/art/${category.picture}.svg" alt="" width="400" height="400"><h3><a href="/${category.id}/">${category.name}</a></h3><p>${escaped(category.line)}</p></li>`,
  ).join("")}
  </ul>
</section>
<section data-tb-slot="popular" aria-labelledby="popular">
  <h2 id="popular">Popular this week</h2>
  <p class="list-note"${sized("popular", ".list-note", "What left the shop most often since Monday.")}</p>
  ${cards(
    "popular",
    "Popular this week",
    PRODUCTS.filter((product) => product.popular).sort((a, b) => (a.popular ?? 0) - (b.popular ?? 0)),
  )}
</section>
${forYou()}
${picked()}
<section class="promises" data-tb-slot="promises" aria-labelledby="promises">
  <h2 id="promises">What we promise</h2>
  <ul>
    <li><h3>Mended free</h3><p>Bring it back torn, worn or bent. We have three people, two sewing machines and one very old last, and we charge for none of them.</p></li>
    <li><h3>Sixty days</h3><p>Wear it, pitch it, cook on it. If it is wrong for you, we take it back, mud included.</p></li>
    <li><h3>Twenty-four things</h3><p>We sell no more than that. Each one has its place because it pushed something else out.</p></li>
  </ul>
</section>`,
  });

/** @type {{ [Id in CategoryId]: [heading: string, advice: [name: string, words: string][]] }} */
const ADVICE = {
  boots: [
    "How to choose boots",
    [
      ["Try them late", "Feet grow by half a size during the day. So do the complaints."],
      ["Mind the heel", "It should not lift. The toes should not touch. The rest gives way."],
      [
        "Less than you think",
        "A light boot on a strong foot beats the other way round, nearly everywhere with a path.",
      ],
    ],
  ],
  tents: [
    "How to choose a tent",
    [
      [
        "Count one more",
        "A tent for two is a tent for two who like each other. With packs inside, take the next size up.",
      ],
      ["Look at the door", "You will crawl through it forty times in the rain. Everything else is a number."],
      ["Weigh your evenings", "Grams matter to the one who walks all day; a porch matters to the one who stays."],
    ],
  ],
  packs: [
    "How to choose a pack",
    [
      ["Measure your back", "From the bone at the neck to the top of the hips. Your height says nothing about it."],
      [
        "Buy the smaller one",
        "A full small pack carries better than a half-empty large one, and you will leave the third jumper at home.",
      ],
      ["Load the hips", "Three quarters of the weight belongs there. The shoulders only steer."],
    ],
  ],
  stoves: [
    "How to choose a stove",
    [
      ["Gas for speed", "Tea in the rain, on a ledge, with cold fingers: nothing else comes close."],
      ["Wood for company", "Slower, sootier and free. Ask whether fires are allowed before you strike the match."],
      ["One pot too few", "You can cook anything in a single pot if you do it in the right order."],
    ],
  ],
};

/** @param {Category} one */
export const category = (one) =>
  page({
    title: `${one.heading}: Larkfell`,
    description: `${one.line} ${one.text}`,
    path: `/${one.id}/`,
    main: `<nav class="crumbs" aria-label="You are here"><ol><li><a href="/">Home</a></li><li aria-current="page">${one.name}</li></ol></nav>
<header class="page-head">
  <h1>${escaped(one.heading)}</h1>
  <p class="lede">${escaped(one.text)}</p>
</header>
${cards(
  one.id,
  one.heading,
  PRODUCTS.filter((product) => product.category === one.id),
  2,
)}
<section class="advice" id="choosing" aria-labelledby="choosing-heading">
  <h2 id="choosing-heading">${ADVICE[one.id][0]}</h2>
  <ul>${ADVICE[one.id][1].map(([name, words]) => `<li><h3>${name}</h3><p>${escaped(words)}</p></li>`).join("")}</ul>
</section>`,
  });

/** @param {Product} product */
const structured = (product) =>
  JSON.stringify({
    "@context": "https://schema.org",
    "@type": "Product",
    sku: product.id,
    name: product.name,
    description: product.line,
    category: product.category,
    brand: { "@type": "Brand", name: product.brand },
    offers: {
      "@type": "Offer",
      price: product.price,
      priceCurrency: CURRENCY,
      availability: "https://schema.org/InStock",
    },
  }).replace(/</g, "\\u003c");

/**
 * Three things from the other departments, the same for everybody and different for each product.
 *
 * @param {Product} product
 */
const besides = (product) => {
  const others = CATEGORIES.filter((category) => category.id !== product.category);
  const place = PRODUCTS.filter((other) => other.category === product.category).indexOf(product);
  return others.map((other) => PRODUCTS.filter((candidate) => candidate.category === other.id)[place]);
};

/** @param {Product} one */
export const product = (one) =>
  page({
    title: `${one.name}: Larkfell`,
    description: one.line,
    path: href(one),
    main: `<nav class="crumbs" aria-label="You are here"><ol><li><a href="/">Home</a></li><li><a href="/${one.category}/">${categoryOf(one).name}</a></li><li aria-current="page">${escaped(one.name)}</li></ol></nav>
<article class="product" data-product="${escaped(JSON.stringify(item(one)))}">
  <img class="product-art" src="${art(one)}" alt="The ${escaped(one.name)}, drawn" width="400" height="400" fetchpriority="high">
  <div class="product-words">
    <p class="eyebrow">${escaped(one.brand)}</p>
    <h1>${escaped(one.name)}</h1>
    <p class="lede">${escaped(one.line)}</p>
    <p class="price large"><span class="visually-hidden">Price: </span>${euro(one.price)}</p>
    <form class="buy" action="/basket/" data-buy>
      ${
        one.category === "boots"
          ? `<label>Size <select name="size" autocomplete="off">${[37, 38, 39, 40, 41, 42, 43, 44, 45, 46].map((size) => `<option${size === 42 ? " selected" : ""}>${size}</option>`).join("")}</select></label>
      `
          : ""
      }<label>How many <input name="quantity" type="number" min="1" max="9" value="1" inputmode="numeric" autocomplete="off"></label>
      <button class="button" type="submit">Put in the basket</button>
    </form>
    <p class="status" role="status" data-status></p>
    <p class="reassure" data-tb-slot="reassure"${sized("reassure", "", "Ordered before three, sent today. Back to us within sixty days if it is not right.")}</p>
    <h2>About it</h2>
    <p>${escaped(one.text)}</p>
    <dl class="facts">${one.facts.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join("")}</dl>
  </div>
</article>
${similar(one)}
${picked()}
<section aria-labelledby="besides">
  <h2 id="besides">Goes along with it</h2>
  ${cards("besides", "Goes along with it", besides(one))}
</section>
<script type="application/ld+json">${structured(one)}</script>`,
  });

const noScript = `<noscript><p class="note">Our basket needs JavaScript. You can order without it: ring <a href="tel:+441632960145">01632 960145</a>, Tuesday to Saturday, and tell us what you would like.</p></noscript>`;

export const basket = () =>
  page({
    title: "Your basket: Larkfell",
    description: "What you have put in your basket.",
    path: "/basket/",
    main: `<header class="page-head"><h1>Your basket</h1></header>
${noScript}
<div class="basket" data-basket>
  <p class="note" data-basket-empty hidden>There is nothing in it yet. <a href="/#popular">See what others take along</a>.</p>
  <div data-basket-full hidden>
    <ul class="lines" data-basket-lines></ul>
    <dl class="sums">
      <div><dt>Goods</dt><dd data-goods></dd></div>
      <div><dt>Delivery</dt><dd data-delivery></dd></div>
      <div class="sum"><dt>Together</dt><dd data-sum></dd></div>
    </dl>
    <p class="basket-buttons"><button type="button" class="button quiet" data-keep>Keep it for 30 days</button> <a class="button" href="/checkout/">Go to checkout</a></p>
    <p class="kept" data-kept hidden><span id="kept-until">Kept on this device until <time data-kept-until></time>.</span> <button type="button" class="plain" aria-describedby="kept-until" data-unkeep>Do not keep it</button></p>
  </div>
  <p class="status" role="status" data-status></p>
</div>
${together()}
<template id="basket-line"><li class="line">
  <img alt="" width="400" height="400">
  <div><h2><a></a></h2><p class="line-size"></p></div>
  <label>How many <input type="number" min="1" max="9" inputmode="numeric" autocomplete="off"></label>
  <p class="price"></p>
  <button type="button" class="plain">Remove</button>
</li></template>`,
  });

export const checkout = () =>
  page({
    title: "Checkout: Larkfell",
    description: "Where it should go.",
    path: "/checkout/",
    notice: false,
    main: `<header class="page-head"><h1>Where should it go?</h1><p class="lede">You pay by invoice, once it fits. This is a demonstration: nothing you type is sent or kept.</p></header>
${noScript}
<p class="note" data-basket-empty hidden>Your basket is empty. <a href="/">Back to the shop</a>.</p>
<form class="checkout" data-checkout hidden>
  <fieldset><legend>You</legend>
    <label>Name <input name="name" autocomplete="name" required></label>
    <label>Email <input name="email" type="email" autocomplete="email" required></label>
  </fieldset>
  <fieldset><legend>Address</legend>
    <label>Street and number <input name="street" autocomplete="street-address" required></label>
    <div class="pair"><label>Postcode <input name="postcode" autocomplete="postal-code" required></label>
    <label>Town <input name="town" autocomplete="address-level2" required></label></div>
  </fieldset>
  <fieldset><legend>Delivery</legend>
    <label class="tick"><input type="radio" name="delivery" value="post" checked> By post, two to three days</label>
    <label class="tick"><input type="radio" name="delivery" value="collect"> I collect it from the shop, free</label>
  </fieldset>
  <dl class="sums">
    <div><dt>Goods</dt><dd data-goods></dd></div>
    <div><dt>Delivery</dt><dd data-delivery></dd></div>
    <div class="sum"><dt>Together</dt><dd data-sum></dd></div>
  </dl>
  <p><button class="button" type="submit">Order</button></p>
</form>`,
  });

export const thankYou = () =>
  page({
    title: "Thank you: Larkfell",
    description: "Your order is with us.",
    path: "/thank-you/",
    notice: false,
    main: `<header class="page-head"><p class="eyebrow" data-order hidden>Order <span data-order-number></span></p>
<h1>Thank you</h1>
<p class="lede">We pack it this afternoon, with the receipt on top and a biscuit where there is room. If anything is wrong, ring us: a person answers.</p>
<p><a class="button" href="/">Back to the shop</a></p></header>
<ul class="lines" data-order-lines></ul>`,
  });

export const privacy = () =>
  page({
    title: "Privacy: Larkfell",
    description: "What this shop keeps, where, and how you change it.",
    path: "/privacy/",
    main: `<div class="prose">
<header class="page-head"><h1>Privacy, in plain words</h1>
<p class="lede">We do not know who you are, and we have not set out to find out.</p></header>
<div id="choice"><tb-privacy data-theme="inherit" data-choice="personalize"><section class="note" aria-labelledby="choice-heading">
  <h2 id="choice-heading">Your choice</h2>
  <p role="status" data-choice-now>You have not chosen yet. Until you do, nothing is remembered.</p>
  <p class="consent-buttons"><button type="button" class="choice" data-choice="denied">Decline</button><button type="button" class="choice" data-choice="granted">Accept</button></p>
  <noscript><p>Without JavaScript nothing is remembered at all, so there is nothing to choose.</p></noscript>
</section></tb-privacy></div>
<h2>If you accept</h2>
<p>Your browser keeps a short diary of what you look at here, such as “three pairs of boots, last Sunday”. The pages use it to put forward what may suit you. The diary stays on this device. It is not sent to us, nor to anyone else; there is no number by which you could be recognised elsewhere.</p>
<p>Single entries are dropped after 90 days. All of it is dropped after 13 months.</p>
<h2>If you decline</h2>
<p>Nothing of this is kept, and what was kept before is removed at once. The shop works the same and costs the same.</p>
<h2 id="stored">What is stored on this device</h2>
<div class="table" role="region" aria-label="What is stored, by name" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">What it is</th><th scope="col">How long</th></tr></thead>
<tbody>
<tr><th scope="row"><code>larkfell.basket</code></th><td>What is in your basket.</td><td>Until you close the tab, or 30 days if you ask us to keep it</td></tr>
<tr><th scope="row"><code>larkfell.order</code></th><td>Your last order, for the thank-you page. Not your name or address.</td><td>Until you close the tab</td></tr>
<tr><th scope="row"><code>larkfell.choice</code></th><td>That you accepted or declined, so that we need not ask again.</td><td>Until you change it</td></tr>
<tr><th scope="row"><code>tailorbird…</code></th><td>The diary. Only if you accept.</td><td>13 months at most</td></tr>
</tbody></table></div>
<h2>What is sent</h2>
<p>The pages and pictures you open are asked for from our server, as on any website. There are no advertisements, no counters and no files from anybody else.</p>
</div>`,
  });

export const notFound = () =>
  page({
    title: "No such page: Larkfell",
    description: "There is no such page.",
    path: "/404",
    main: `<header class="page-head"><h1>Off the map</h1><p class="lede">There is no page here. It happens to the best of us; go back to the last fork and try again.</p><p><a class="button" href="/">Back to the shop</a></p></header>`,
  });
