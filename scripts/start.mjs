// `npm start`: sets up, builds what is not current, and serves the demo shop and the documentation.
// Until the npm packages are there nothing may be imported that needs them, so the build and the server are
// imported when it is their turn.
import { existsSync } from "node:fs";
import path from "node:path";
import { isCurrent, isSiteCurrent } from "./is_current.mjs";
import { ROOT, prepare } from "./setup.mjs";

const FIRST_PORT = 4173;

const began = Date.now();
/** @param {number} since */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
/** @param {string} line */
const log = (line) => console.error(line);

/**
 * @template Result
 * @param {string} name
 * @param {() => Promise<Result>} work
 */
const step = async (name, work) => {
  const start = Date.now();
  log(`${name} …`);
  const result = await work();
  log(`${name}: done (${seconds(start)})`);
  return result;
};

/**
 * Serves on the wanted port or, while that is taken, on the next.
 *
 * @param {number} wanted
 */
const serveFrom = async (wanted) => {
  const { serveShop } = await import("./serve.mjs");
  for (let port = wanted; ; port += 1) {
    try {
      return await serveShop(port);
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || port === 65_535) throw error;
      log(`Port ${port} is taken, trying ${port + 1}`);
    }
  }
};

const wantedPort = () => {
  const port = Number(process.env.PORT || FIRST_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is ${process.env.PORT}, expected a whole number from 0 to 65535`);
  }
  return port;
};

/** @param {string} url */
const answers = async (url) => {
  for (const file of ["", "tailorbird.js", "tailorbird.json", "shop.tbm", "docs/"]) {
    const response = await fetch(new URL(file, url));
    if (!response.ok) throw new Error(`/${file} is answered with ${response.status}`);
  }
};

try {
  const port = wantedPort();
  await step("Setting up", () => prepare({ browsers: false, log }));
  if (isCurrent(ROOT)) log("Building: dist/ is current");
  else {
    await step("Building", async () => {
      const { build } = await import("./build.mjs");
      await build();
    });
  }
  if (isSiteCurrent(ROOT)) log("Building the documentation: dist-docs/ is current");
  else {
    await step("Building the documentation", async () => {
      const { buildSite } = await import("./docs/site.mjs");
      await buildSite();
    });
  }
  const server = await serveFrom(port);
  await answers(server.url);
  log(`Ready after ${seconds(began)}. Ctrl-C ends it.`);

  const hasPlayground = existsSync(path.join(ROOT, "dist-docs/site/docs/playground/index.html"));
  console.log(`
The shop        ${server.url}
The docs        ${server.url}docs/${hasPlayground ? `\nThe playground  ${server.url}docs/playground/` : ""}

Four things to try in the shop:
  1. Accept below, look at three pairs of boots, then go back to the home page: it speaks of boots,
     also tomorrow. On the privacy page you can take it back.
  2. Put a tent in the basket, look around for a moment, and move the mouse out through the top of
     the window. A touch screen has no edge to leave by: there, read on for ten seconds on the home page.
  3. Look at a tent or two, put one in the basket, and open the basket: a shelf shows what goes with it,
     and the home page what may be next.
  4. Press "Why?" at the top: why the page looks as it does, what is stored, and the engine's own words.
`);

  const end = async () => {
    await server.close();
    process.exit(0);
  };
  process.once("SIGINT", () => void end());
  process.once("SIGTERM", () => void end());
} catch (error) {
  log(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
