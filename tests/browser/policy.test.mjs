// The table of docs/content-security-policy.md, row by row.
import assert from "node:assert/strict";
import { read } from "../docs/snippets.mjs";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, hero, looks, queued, SENT } from "./outdoor.mjs";

const { scene } = await rig();

const content = {
  text: { h1: BOOTS },
  style: { h1: { color: "rgb(0, 128, 0)" } },
  css: "[data-tb-slot=hero] { outline: 2px solid }",
};
const html = { insert: [{ append: "", html: "<p>For every trail</p>" }] };

const rows = read("docs/content-security-policy.md")
  .split("\n")
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, policy, works, says]) => ({
    policy: /`([^`]+)`/.exec(policy)?.[1] ?? "",
    inline: policy.includes("with the config in the page"),
    works,
    says: /`([^`]+)`/.exec(says)?.[1],
  }));

assert.equal(rows.length, 9);

for (const { policy, inline, works, says } of rows) {
  const isSent = works === "the page as it was sent";
  const said = says ? [new RegExp(says.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))] : [];
  // What the browser itself says of a policy that was broken.
  const byBrowser = isSent ? [/Content.Security.Policy|WebAssembly|unsafe-eval|connect-src|blocked/i] : [];
  scene(
    `${policy}${inline ? " with the config in the page" : ""}: ${works}`,
    { said: [...said, ...byBrowser] },
    async ({ site, open }) => {
      const variants = [
        {
          id: "boots",
          tags: { category: "boots" },
          content: works === "everything" ? { ...content, ...html } : content,
        },
      ];
      const shop = site({
        config: config({ slots: [hero({ variants })] }),
        body,
        csp: policy,
        inline,
        tag: policy.includes("nonce-abc") ? { nonce: "abc" } : {},
        before: [[queued, looks("boots")]],
      });
      const tab = await open(shop.url());
      await tab.started();
      if (isSent) {
        await tab.announced("unavailable");
        assert.equal(await tab.text("h1"), SENT);
        const heard = (await tab.heard()).filter(({ text }) => text.startsWith("tailorbird: "));
        assert.deepEqual(
          heard.map(({ text }) => text.includes(says ?? "")),
          [true],
        );
        return;
      }
      await tab.until((boots) => document.querySelector("h1")?.textContent === boots, BOOTS);
      const shown = await tab.evaluate(() => {
        const slot = /** @type {HTMLElement} */ (document.querySelector("[data-tb-slot]"));
        const title = /** @type {HTMLElement} */ (document.querySelector("h1"));
        return [getComputedStyle(title).color, getComputedStyle(slot).outlineStyle, slot.querySelectorAll("p").length];
      });
      assert.deepEqual(shown, ["rgb(0, 128, 0)", "solid", works === "everything" ? 1 : 0]);
      assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
    },
  );
}
