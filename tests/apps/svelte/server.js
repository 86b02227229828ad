import { render as renderSvelte } from "svelte/server";
import App from "./App.svelte";

/** @type {import("../vite_app.mjs").Render} */
export const render = (url) => {
  const { body } = renderSvelte(App, { props: { path: url.replace(/\?.*/, "") } });
  return Promise.resolve([body]);
};
