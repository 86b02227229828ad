import { createApp } from "./app.js";

const { app, router } = createApp();
void router.isReady().then(() => app.mount("#root"));
