import { mount as mountSvelte, tick } from "svelte";
import { writable } from "svelte/store";
import Hero from "./Hero.svelte";

/** @type {import("./state.mjs").Mount} */
export const mount = (target, state) => {
  const current = writable(state);
  mountSvelte(Hero, { target, props: { current } });
  return (next) => {
    current.set(next);
    return tick();
  };
};
