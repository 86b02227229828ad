// Vite and Vue Router, rendered on the server.
import vue from "@vitejs/plugin-vue";
import { testApp } from "./visit.mjs";
import { serveVite } from "./vite_app.mjs";

testApp("Vue", () => serveVite("vue", { plugins: [vue()], server: "server.js" }), { late: "hydrated" });
