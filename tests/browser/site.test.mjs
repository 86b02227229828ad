// The documentation, as its readers meet it: under its own policy, with keys alone, in the dark and on a phone.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { rig } from "./rig/rig.mjs";
import { rigScripts, ROOT } from "./rig/site.mjs";
import { violations } from "./axe.mjs";

/** @import { SceneTools, Tab } from "./rig/types.js" */

const { scene } = await rig();

const DOCS = path.join(ROOT, "dist-docs/site/docs");
assert.ok(existsSync(path.join(DOCS, "index.html")), "the site is not built: run npm run docs -- --site");

/** @param {SceneTools} stage */
const site = (stage) =>
  stage.site({
    roots: { "/docs/": DOCS },
    // The policy of the page holds for the scripts of the rig as well.
    html: (_, text) =>
      text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, (meta) => `${meta}${rigScripts({})}`),
  });

/** @param {Tab} tab */
const hydrated = (tab) =>
  tab.until(() =>
    Boolean(/** @type {{ __vue_app__?: unknown } | null} */ (document.querySelector("#app"))?.__vue_app__),
  );

/** @param {Tab} tab */
const refused = (tab) => tab.evaluate(() => window.seen.violations);

scene("pages of the documentation have no barrier, in the light, in the dark and on a phone", async (stage) => {
  const docs = site(stage);
  const tab = await stage.open();
  for (const [page, heading] of [
    ["", "Tailorbird"],
    ["troubleshooting.html", "Troubleshooting"],
    ["config.html", "Config"],
    ["api.html", "The object"],
  ]) {
    await tab.viewport(1280, 900);
    await tab.media({ dark: page === "config.html" || page === "api.html" });
    await tab.goto(docs.url(`/docs/${page}`));
    await hydrated(tab);
    assert.match((await tab.text("h1")) ?? "", new RegExp(`^${heading}`));
    // axe takes long with the largest page, whose markup is the same in every browser.
    if (page !== "config.html" || stage.browser === "chromium") assert.deepEqual(await violations(tab), [], page);
    await tab.viewport(390, 844);
    assert.equal(
      await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      true,
      `${page} is as wide as the phone`,
    );
    assert.deepEqual(await refused(tab), [], page);
  }
  // The last page has code, whose colours are classes.
  const colours = await tab.evaluate(() =>
    ["", " .code-token-string-expression", " .code-token-constant"].map((kind) => {
      const element = document.querySelector(`.vp-code code${kind}`);
      return element && getComputedStyle(element).color;
    }),
  );
  assert.equal(new Set(colours).size, 3, String(colours));
  assert.ok(docs.requests.length > 10);
});

scene("a reader finds a word, changes the colours and skips to the text with keys alone", async (stage) => {
  const docs = site(stage);
  const tab = await stage.open(docs.url("/docs/"));
  await tab.viewport(1280, 900);
  await hydrated(tab);
  await tab.key("Tab");
  await tab.until(() => document.activeElement?.classList.contains("VPSkipLink"));
  await tab.key("Enter");
  await tab.until(() => document.activeElement?.id === "VPContent");

  await tab.key("/");
  await tab.until(() => document.activeElement?.matches("#localsearch-input"));
  await tab.type("holdout");
  await tab.until(() => document.querySelectorAll(".VPLocalSearchBox .result").length > 3);
  assert.deepEqual(await violations(tab), []);
  await tab.key("Enter");
  await tab.until(() => !document.querySelector(".VPLocalSearchBox") && location.pathname !== "/docs/");
  await tab.until(() => /holdout/i.test(document.querySelector("main")?.textContent ?? ""));

  const isDark = () => document.documentElement.classList.contains("dark");
  const before = await tab.evaluate(isDark);
  await tab.evaluate(() => /** @type {HTMLElement} */ (document.querySelector(".VPSwitchAppearance")).focus());
  await tab.key("Enter");
  await tab.until((was) => document.documentElement.classList.contains("dark") !== was, before);
  assert.deepEqual(await refused(tab), []);
});
