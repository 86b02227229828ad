// Vite and Svelte, rendered on the server.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { testApp } from "./visit.mjs";
import { serveVite } from "./vite_app.mjs";

testApp("Svelte", () => serveVite("svelte", { plugins: [svelte({ configFile: false })], server: "server.js" }));
