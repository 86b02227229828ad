// Vite and React Router, rendered on the server as a stream, in React's strict mode.
import react from "@vitejs/plugin-react";
import { testApp } from "./visit.mjs";
import { serveVite } from "./vite_app.mjs";

testApp("React Router", () => serveVite("react-router", { plugins: [react()], server: "server.jsx" }), {
  late: "hydrated",
});
