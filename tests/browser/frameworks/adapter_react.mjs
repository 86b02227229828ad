import { createElement as h, StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Slot, TailorbirdProvider, useFeature, useTrack, useVariant } from "tailorbird/react";

/** @import { ShopState } from "./state.mjs" */

/** @typedef {Parameters<typeof TailorbirdProvider>[0]} Provided */

/** @param {ShopState} state */
const Shop = ({ clicks, open }) => {
  const held = useVariant("held");
  const live = useVariant("live", { live: true });
  const peeked = useVariant("peeked", { peek: true });
  const checkout = useFeature("checkout");
  const track = useTrack();
  window.app.track = track;
  /** @param {string} text */
  const heading = (text) => h("h1", null, text, " ", h("i", null, clicks));
  return [
    open && h(Slot, { key: "hero", name: "hero", variants: { boots: heading("Boots") } }, heading("Gear")),
    h("p", { key: "held", id: "held" }, held.ready ? String(held.variant) : "deciding"),
    h("p", { key: "live", id: "live" }, live.ready ? String(live.variant) : "deciding"),
    h("p", { key: "peeked", id: "peeked" }, String(peeked.variant)),
    h("p", { key: "checkout", id: "checkout" }, checkout.ready ? String(checkout.value) : "deciding"),
  ];
};

/**
 * @param {Element} root
 * @param {object} given options, or an engine or the promise of one
 * @param {ShopState} state
 */
export const mount = (root, given, state) => {
  const app = createRoot(root);
  const provided = /** @type {Provided} */ (
    "then" in given || "available" in given ? { engine: given } : { options: given }
  );
  /** @param {ShopState} state */
  const update = (state) =>
    flushSync(() => app.render(h(StrictMode, null, h(TailorbirdProvider, provided, h(Shop, state)))));
  update(state);
  return { update, unmount: () => app.unmount() };
};
