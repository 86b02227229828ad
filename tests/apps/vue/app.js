import { createSSRApp, h } from "vue";
import { createMemoryHistory, createRouter, createWebHistory, RouterView } from "vue-router";
import { createTailorbird } from "tailorbird/vue";
import { OPTIONS } from "../config.mjs";
import Home from "./Home.vue";
import Other from "./Other.vue";
import Shell from "./Shell.vue";

export const createApp = () => {
  const router = createRouter({
    history: typeof document == "undefined" ? createMemoryHistory() : createWebHistory(),
    routes: [
      { path: "/", component: Home },
      { path: "/other", component: Other },
    ],
  });
  const app = createSSRApp({ render: () => h(Shell, null, { default: () => h(RouterView) }) });
  return { app: app.use(router).use(createTailorbird(OPTIONS)), router };
};
