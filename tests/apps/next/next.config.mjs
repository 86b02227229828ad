import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  // The app is a folder of the package that it uses.
  turbopack: { root: join(dirname(fileURLToPath(import.meta.url)), "../../..") },
  devIndicators: false,
  poweredByHeader: false,
};
