// Next with its app router: server components, streaming and hydration of its parts.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, testApp } from "./visit.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const next = join(here, "../../node_modules/next/dist/bin/next");
const options = { cwd: join(here, "next"), env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" } };

const serve = async () => {
  await promisify(execFile)(process.execPath, [next, "build"], options);
  const port = await freePort();
  const server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", String(port)], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise((ready, failed) => {
    server.stdout.on("data", (text) => /Ready/.test((said += text)) && ready(undefined));
    server.once("exit", () => failed(new Error(`next start ended: ${said}`)));
  });
  const close = async () => {
    server.removeAllListeners("exit");
    server.kill();
    await once(server, "exit");
  };
  return { origin: `http://127.0.0.1:${port}`, close };
};

testApp("Next", serve, { loads: 20, late: "sent" });
