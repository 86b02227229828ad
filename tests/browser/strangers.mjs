// Pages that nobody here wrote, as their npm packages have them, and what their owner would personalize on them: with
// nothing but one script tag, by selectors. Stylesheets, scripts and pictures from other hosts are refused by the
// proxy, as on a bad day.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { looks, queued } from "./outdoor.mjs";
import { clock } from "./rig/before.mjs";
import { rigScripts, tagHtml } from "./rig/site.mjs";

/** @import { Answer, SiteSpec } from "./rig/types.js" */

/**
 * @typedef {object} Stranger
 * @property {string} name
 * @property {string} folder what the package serves
 * @property {string} where the page's path
 * @property {string} css what the owner adds to their style sheet: room for what may be taller than what they had
 * @property {{ id: string }[]} slots
 * @property {() => void} byHand runs in the page: the same changes, made one by one
 * @property {string[]} says what can be read then
 * @property {string[]} saysNot what cannot be read any longer
 * @property {[selector: string, property: string, value: string][]} styled how it looks then
 */

/** @param {string} name */
const folderOf = (name) => {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return path.join(path.dirname(file), "dist");
};

/**
 * @param {string} fill
 * @param {number} width
 * @param {number} height
 */
const picture = (fill, width, height) => ({
  type: "image/svg+xml",
  body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${fill}"/></svg>`,
});

/** Pictures that the owner has besides. */
const PICTURES = {
  "/boots.svg": picture("#7a5c3e", 600, 700),
  "/autumn.svg": picture("#8a5a2b", 1900, 1200),
  "/walk.svg": picture("#4f6b4a", 1200, 800),
};

/** Runs in the page before the tag: writes down which nodes the parser has made. */
const remembered = () => {
  document.addEventListener("DOMContentLoaded", () => {
    window.parts = [...document.querySelectorAll("*")];
  });
};

/**
 * A slot for those who look at boots.
 *
 * @param {string} id
 * @param {string} target
 * @param {object} content
 */
const slot = (id, target, content) => ({
  id,
  target,
  choose: [{ by: "interest" }],
  variants: [{ id: "boots", tags: { category: "boots" }, content }],
});

/** Longer than what the shop has there. */
const LEAD =
  "Full-grain leather, sewn twice, on a sole that holds on wet rock. They want a week of short walks, and then they want the mountains. We have walked them wet, dried them by the stove, and walked them wet again before we sold a single pair. Resoled for as long as you own them, and you will own them for a long time.";

/** @type {Stranger} */
const shop = {
  name: "shop",
  folder: folderOf("startbootstrap-shop-item"),
  where: "/",
  css: `
    section:first-of-type .col-md-6:first-child { aspect-ratio: 6 / 7; min-height: 24rem }
    section:first-of-type img { height: auto }
    .lead { min-height: 30rem }
    @media (min-width: 768px) { .lead { min-height: 18rem } }`,
  slots: [
    slot("product", "section:first-of-type", {
      text: { h1: "Boots for the way", ".lead": LEAD, "button.btn": "Pack them" },
      attributes: { "button.btn": { "aria-label": "Pack them: boots", title: "Boots" } },
      class: { "button.btn": { add: ["btn-dark"], remove: ["btn-outline-dark"] } },
      style: { ".fs-5 span:last-child": { color: "rgb(179, 38, 30)", "--saved": "20%" } },
      image: { img: { src: "/boots.svg", alt: "A pair of boots", width: "600", height: "700" } },
      insert: [
        { after: ".fs-5 span:last-child", html: `<span class="badge bg-danger ms-2">20 % off</span>` },
        { prepend: ".col-md-6:first-child", html: `<div class="badge bg-dark position-absolute m-3">For you</div>` },
        { append: ".d-flex", html: `<span class="small ms-3 align-self-center">2 left</span>` },
      ],
    }),
    slot("related", "section:nth-of-type(2)", {
      text: { h2: "Goes with boots" },
      // By their places, because nothing else tells one card from another. All are meant as they were served.
      move: [{ elements: ".col:nth-child(3)", prepend: ".row" }],
      hide: [".col:nth-child(1)"],
      insert: [
        {
          before: ".col:nth-child(4) img",
          html: `<div class="badge bg-dark text-white position-absolute top-0 end-0 m-2">For you</div>`,
        },
      ],
      css: "section:nth-of-type(2) .btn { border-radius: 19px }",
    }),
    slot("footer", "footer", {
      html: {
        ".container": `<p class="m-0 text-center text-white">Free returns. <a class="text-white" href="#!">How?</a></p>`,
      },
    }),
  ],
  byHand: () => {
    /** @param {string} selector */
    const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
    const heading = one("h1");
    const button = one("section button.btn");
    const price = one(".fs-5 span:last-child");
    const image = one("section img");
    heading.textContent = "Boots for the way";
    one(".lead").textContent =
      "Full-grain leather, sewn twice, on a sole that holds on wet rock. They want a week of short walks, and then they want the mountains. We have walked them wet, dried them by the stove, and walked them wet again before we sold a single pair. Resoled for as long as you own them, and you will own them for a long time.";
    // The icon stays, and the white space beside it.
    const [, label] = /** @type {Text[]} */ (
      [...button.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
    );
    label.data = label.data.replace(/Add to cart\s*/, "Pack them");
    button.setAttribute("aria-label", "Pack them: boots");
    button.title = "Boots";
    button.classList.add("btn-dark");
    button.classList.remove("btn-outline-dark");
    price.style.setProperty("color", "rgb(179, 38, 30)");
    price.style.setProperty("--saved", "20%");
    for (const [name, value] of [
      ["alt", "A pair of boots"],
      ["width", "600"],
      ["height", "700"],
      ["src", "/boots.svg"],
    ])
      image.setAttribute(name, value);
    price.insertAdjacentHTML("afterend", `<span class="badge bg-danger ms-2">20 % off</span>`);
    one("section .col-md-6").insertAdjacentHTML(
      "afterbegin",
      `<div class="badge bg-dark position-absolute m-3">For you</div>`,
    );
    one("section .d-flex").insertAdjacentHTML("beforeend", `<span class="small ms-3 align-self-center">2 left</span>`);

    const row = one("section:nth-of-type(2) .row");
    const [fancy, , sale, popular] = /** @type {HTMLElement[]} */ ([...row.children]);
    one("h2").textContent = "Goes with boots";
    row.prepend(sale);
    fancy.style.setProperty("display", "none", "important");
    popular
      .querySelector("img")
      ?.insertAdjacentHTML(
        "beforebegin",
        `<div class="badge bg-dark text-white position-absolute top-0 end-0 m-2">For you</div>`,
      );
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("section:nth-of-type(2) .btn { border-radius: 19px }");
    document.adoptedStyleSheets = [sheet];

    one("footer p").style.setProperty("display", "none", "important");
    one("footer .container").insertAdjacentHTML(
      "beforeend",
      `<p class="m-0 text-center text-white">Free returns. <a class="text-white" href="#!">How?</a></p>`,
    );
    for (const id of ["product", "related", "footer"]) document.documentElement.setAttribute(`data-tb-${id}`, "boots");
  },
  says: [
    "Boots for the way",
    "Pack them",
    "20 % off",
    "Full-grain leather",
    "2 left",
    "Goes with boots",
    "For you",
    "Free returns. How?",
  ],
  saysNot: ["Shop item template", "Related products", "Fancy Product", "Copyright"],
  styled: [
    ["section button.btn", "background-color", "rgb(33, 37, 41)"],
    [".fs-5 span:nth-child(2)", "color", "rgb(179, 38, 30)"],
    ["section:nth-of-type(2) .col:nth-child(3) .btn", "border-top-left-radius", "19px"],
  ],
};

/** @type {Stranger} */
const blog = {
  name: "blog",
  folder: folderOf("startbootstrap-clean-blog"),
  where: "/",
  css: `
    .site-heading { min-height: 16rem }
    body > .container .col-md-10 { position: relative; padding-top: 4rem }
    .offer { position: absolute; top: 0; margin: 0 }
    .post-preview:nth-of-type(1) .post-title { min-height: 14rem }
    @media (min-width: 768px) {
      .site-heading { min-height: 13rem }
      .post-preview:nth-of-type(1) .post-title { min-height: 9rem }
    }`,
  slots: [
    slot("masthead", "header.masthead", {
      text: { h1: "Long Walks", ".subheading": "For people with boots" },
      style: { "": { "background-image": "url(/autumn.svg)" } },
      insert: [
        {
          append: ".site-heading",
          html: `<p class="m-0">This week: <a href="post.html" class="text-white">boots</a></p>`,
        },
      ],
    }),
    slot("posts", "body > .container", {
      text: { ".post-preview:nth-of-type(1) .post-title": "New boots want a week of short walks before the mountains" },
      html: { ".post-preview:nth-of-type(2) .post-meta": "For you, because you read about <strong>boots</strong>" },
      // The hidden one is the third, and once the fourth was moved before it, it is the fourth.
      move: [{ elements: ".post-preview:nth-of-type(4)", before: ".post-preview:nth-of-type(3)" }],
      hide: [".post-preview:nth-of-type(3)", "hr:nth-of-type(3)"],
      insert: [
        { prepend: ".col-md-10", html: `<p class="offer">Boots are <strong>20 % off</strong> this week.</p>` },
        { before: "a.btn", html: `<span class="me-3 align-self-center">There is more:</span>` },
      ],
      class: { "a.btn": { add: ["btn-dark"], remove: ["btn-primary"] } },
      attributes: { "a.btn": { "aria-label": "Older posts about boots", href: "post.html" } },
      css: ".post-subtitle { font-style: italic }",
    }),
    // Elements that have nothing in common but their place: the icons of the footer.
    slot("footer", "body > footer", { hide: [".list-inline > li:nth-child(2)", ".list-inline > li:nth-child(3)"] }),
  ],
  byHand: () => {
    /** @param {string} selector */
    const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
    /** @param {Element} element */
    const hide = (element) => /** @type {HTMLElement} */ (element).style.setProperty("display", "none", "important");
    one("h1").textContent = "Long Walks";
    one(".subheading").textContent = "For people with boots";
    one("header").style.backgroundImage = "url(/autumn.svg)";
    one(".site-heading").insertAdjacentHTML(
      "beforeend",
      `<p class="m-0">This week: <a href="post.html" class="text-white">boots</a></p>`,
    );

    const [first, second, third, fourth] = document.querySelectorAll(".post-preview");
    const rules = document.querySelectorAll("body > .container hr");
    const title = /** @type {Element} */ (first.querySelector(".post-title"));
    const meta = /** @type {Element} */ (second.querySelector(".post-meta"));
    const older = one("a.btn");
    title.textContent = "New boots want a week of short walks before the mountains";
    for (const node of meta.childNodes) {
      if (node instanceof Element) hide(node);
      else node.textContent = "";
    }
    meta.insertAdjacentHTML("beforeend", "For you, because you read about <strong>boots</strong>");
    third.before(fourth);
    hide(third);
    hide(rules[2]);
    one("body > .container .col-md-10").insertAdjacentHTML(
      "afterbegin",
      `<p class="offer">Boots are <strong>20 % off</strong> this week.</p>`,
    );
    older.insertAdjacentHTML("beforebegin", `<span class="me-3 align-self-center">There is more:</span>`);
    older.classList.add("btn-dark");
    older.classList.remove("btn-primary");
    older.setAttribute("aria-label", "Older posts about boots");
    older.setAttribute("href", "post.html");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".post-subtitle { font-style: italic }");
    document.adoptedStyleSheets = [sheet];

    const icons = document.querySelectorAll("footer li");
    hide(icons[1]);
    hide(icons[2]);
    for (const id of ["masthead", "posts", "footer"]) document.documentElement.setAttribute(`data-tb-${id}`, "boots");
  },
  says: [
    "Long Walks",
    "For people with boots",
    "This week: boots",
    "New boots want a week of short walks before the mountains",
    "For you, because you read about boots",
    "Boots are 20 % off this week.",
    "There is more:",
  ],
  saysNot: ["Clean Blog", "A Blog Theme", "Man must explore", "September 18", "Science has not yet"],
  styled: [
    [".masthead", "background-size", "cover"],
    ["a.btn", "background-color", "rgb(33, 37, 41)"],
    [".post-subtitle", "font-style", "italic"],
  ],
};

/** @type {Stranger} */
const post = {
  name: "post",
  folder: folderOf("startbootstrap-clean-blog"),
  where: "/post.html",
  css: `
    article img { width: 100%; aspect-ratio: 3 / 2 }`,
  slots: [
    slot("article", "article", {
      image: { img: { src: "/walk.svg", alt: "A path in the woods", width: "1200", height: "800" } },
      text: { ".caption": "A path in the woods, in May" },
      hide: ["blockquote"],
    }),
  ],
  byHand: () => {
    /** @param {string} selector */
    const one = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
    const image = one("article img");
    for (const [name, value] of [
      ["alt", "A path in the woods"],
      ["width", "1200"],
      ["height", "800"],
      ["src", "/walk.svg"],
    ])
      image.setAttribute(name, value);
    one(".caption").textContent = "A path in the woods, in May";
    one("blockquote").style.setProperty("display", "none", "important");
    document.documentElement.setAttribute("data-tb-article", "boots");
  },
  says: ["A path in the woods, in May"],
  saysNot: ["The dreams of yesterday", "To go places"],
  styled: [],
};

export const STRANGERS = [shop, blog, post];

/** What the console says of what the proxy refuses, in each browser, and what the blog's own script says. */
const REFUSED =
  /Failed to load resource|ERR_|Loading failed for|jsdelivr|dummyimage|fontawesome|googleapis|error loading|^123$/i;
export const allow = {
  hosts: ["cdn.jsdelivr.net", "dummyimage.com", "use.fontawesome.com", "fonts.googleapis.com"],
  said: [REFUSED],
};

/**
 * The site with the page as its owner serves it: into its head come what a test needs, and the one tag.
 *
 * @param {Pick<Stranger, "folder" | "css" | "slots">} stranger
 * @param {{ more?: object, tailorbird?: Answer }} [options] `tailorbird` is served as `tailorbird.js`
 */
export const served = ({ folder, css, slots }, { more = {}, tailorbird } = {}) => {
  const theirs = readFileSync(path.join(folder, "css/styles.css"), "utf8");
  /** @type {SiteSpec} */
  const spec = {
    config: { version: 1, slots, ...more },
    roots: { "/": folder },
    files: {
      ...PICTURES,
      "/css/styles.css": { type: "text/css", body: theirs + css },
      "/tailorbird.js": tailorbird,
    },
    tag: { "data-consent": "granted" },
    before: [[clock, Date.UTC(2026, 4, 20, 10), false], [remembered], [queued, looks("boots")]],
    html: (_, text) => text.replace("</head>", `${rigScripts(spec)}\n${tagHtml(spec)}\n</head>`),
  };
  return spec;
};
