import { createApp, nextTick, reactive } from "vue/dist/vue.esm-bundler.js";

const template = `
  <section data-tb-slot="hero" class="hero">
    <h1>Gear for <em v-if="every">every</em> trail</h1>
    <a href="#all" title="Everything" @click.prevent="pressed">See all <span class="badge" v-if="badge !== null">{{badge}}</span></a>
    <p id="text">{{text}}</p>
    <label>Your size <input name="size"></label>
    <ul><li v-for="item in items" :key="item">{{item}}</li></ul>
  </section>`;

/** @type {import("./state.mjs").Mount} */
export const mount = (root, state) => {
  const data = reactive({ ...state });
  const pressed = () => {
    window.app.clicks += 1;
  };
  createApp({ template, setup: () => Object.assign(data, { pressed }) }).mount(root);
  return (next) => {
    Object.assign(data, next);
    return nextTick();
  };
};
