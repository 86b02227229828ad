import { createElement as h, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";
import { Hero } from "./react_hero.mjs";

/** @import { Mount, State } from "./state.mjs" */

/**
 * The component with its state, and the function that changes it.
 *
 * @param {State} state
 */
const stateful = (state) => {
  const handle = /** @type {{ change: (state: State) => void }} */ ({});
  const App = () => {
    const [current, set] = useState(state);
    handle.change = set;
    useEffect(() => {
      // As the documentation says for a page that hydrates.
      // @ts-expect-error: before the tag has run it is the queue
      (window.tailorbird ||= []).push(["ready"]);
    }, []);
    return h(Hero, current);
  };
  return { App, update: (/** @type {State} */ next) => flushSync(() => handle.change(next)) };
};

/** @type {Mount} */
export const mount = (root, state) => {
  const { App, update } = stateful(state);
  const made = createRoot(root);
  flushSync(() => made.render(h(App)));
  return update;
};

/** @type {Mount} */
export const hydrate = (root, state) => {
  const { App, update } = stateful(state);
  hydrateRoot(root, h(App));
  return update;
};
