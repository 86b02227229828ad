import { createApp, h, nextTick, shallowRef } from "vue";
import { createTailorbird, TailorbirdSlot, useFeature, useTrack, useVariant } from "tailorbird/vue";

/** @import { ShopState } from "./state.mjs" */

/**
 * @param {Element} root
 * @param {Parameters<typeof createTailorbird>[0]} given
 * @param {ShopState} state
 */
export const mount = (root, given, state) => {
  const current = shallowRef(state);
  const app = createApp({
    setup: () => {
      const held = useVariant("held");
      const live = useVariant("live", { live: true });
      const peeked = useVariant("peeked", { peek: true });
      const checkout = useFeature("checkout");
      window.app.track = useTrack();
      return () => {
        const { clicks, open } = current.value;
        /** @param {string} text */
        const heading = (text) => h("h1", [text, " ", h("i", clicks)]);
        return [
          open &&
            h(TailorbirdSlot, { name: "hero" }, { default: () => heading("Gear"), boots: () => heading("Boots") }),
          h("p", { id: "held" }, held.value.ready ? String(held.value.variant) : "deciding"),
          h("p", { id: "live" }, live.value.ready ? String(live.value.variant) : "deciding"),
          h("p", { id: "peeked" }, String(peeked.value.variant)),
          h("p", { id: "checkout" }, checkout.value.ready ? String(checkout.value.value) : "deciding"),
        ];
      };
    },
  });
  app.use(createTailorbird(given)).mount(root);
  return {
    update: (/** @type {ShopState} */ next) => {
      current.value = next;
      return nextTick();
    },
    unmount: () => app.unmount(),
  };
};
