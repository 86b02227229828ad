import { mount as mountSvelte, tick, unmount } from "svelte";
import { writable } from "svelte/store";
import { createTailorbird } from "tailorbird/svelte";
import App from "./AdapterSvelte.svelte";

/** @import { ShopState } from "./state.mjs" */

/**
 * @param {Element} target
 * @param {Parameters<typeof createTailorbird>[0]} given
 * @param {ShopState} state
 */
export const mount = (target, given, state) => {
  const tailorbird = createTailorbird(given);
  const current = writable(state);
  const app = mountSvelte(App, { target, props: { tailorbird, current } });
  return {
    update: (/** @type {ShopState} */ next) => {
      current.set(next);
      return tick();
    },
    unmount: async () => {
      await unmount(app);
      tailorbird.stop();
    },
  };
};
