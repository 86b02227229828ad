import { renderToString } from "vue/server-renderer";
import { createApp } from "./app.js";

/** @type {import("../vite_app.mjs").Render} */
export const render = async (url) => {
  const { app, router } = createApp();
  await router.push(url);
  return [await renderToString(app)];
};
