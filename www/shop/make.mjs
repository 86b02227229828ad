// Makes the shop's pages, pictures and recorded visits from its list of products, and from the longest texts of its
// config, in which it keeps the section `catalog` current.
//
//   node www/shop/make.mjs           writes what has changed
//   node www/shop/make.mjs --check   writes nothing; ends with 1 and names what is not current
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { adviceArt, mark, productArt, wideArt } from "./make/drawings.mjs";
import * as pages from "./make/pages.mjs";
import { catalog, CATEGORIES, PRODUCTS } from "./make/products.mjs";
import { sessions } from "./make/sessions.mjs";

const SHOP = path.dirname(fileURLToPath(import.meta.url));

/** @type {{ [file: string]: string }} */
const files = {
  "index.html": pages.home(),
  "basket/index.html": pages.basket(),
  "checkout/index.html": pages.checkout(),
  "thank-you/index.html": pages.thankYou(),
  "privacy/index.html": pages.privacy(),
  "404.html": pages.notFound(),
  "art/mark.svg": mark(),
  "sessions.csv": sessions(),
  "tailorbird.json": readFileSync(path.join(SHOP, "tailorbird.json"), "utf8").replace(
    /"catalog": \[[^]*?\n {2}\]/,
    () =>
      `"catalog": [\n${catalog()
        .map((item) => `    ${item}`)
        .join(",\n")}\n  ]`,
  ),
};
for (const category of CATEGORIES) files[`${category.id}/index.html`] = pages.category(category);
for (const product of PRODUCTS) {
  files[`${product.category}/${product.slug}.html`] = pages.product(product);
  files[`art/${product.slug}.svg`] = productArt(product);
}
for (const [name, draw] of Object.entries(adviceArt)) files[`art/advice-${name}.svg`] = draw();
for (const [name, draw] of Object.entries(wideArt)) files[`art/wide-${name}.svg`] = draw();

/** @param {string} file */
const current = (file) => {
  try {
    return readFileSync(path.join(SHOP, file), "utf8");
  } catch {
    return null;
  }
};

const changed = Object.keys(files).filter((file) => current(file) !== files[file]);
if (process.argv.includes("--check")) {
  for (const file of changed) console.error(`www/shop/${file} is not current; run: node www/shop/make.mjs`);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else {
  for (const file of changed) {
    mkdirSync(path.dirname(path.join(SHOP, file)), { recursive: true });
    writeFileSync(path.join(SHOP, file), files[file]);
  }
  console.log(`${changed.length} of ${Object.keys(files).length} files written`);
}
