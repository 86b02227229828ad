/** From the bytes of the wasm to the engine's class. */

import init, { Engine, __wbg_reset_state as newInstance, initSync } from "../../pkg/tailorbird.js";
import type { EngineConstructor } from "../page/boundary.js";
import { requested } from "./record.js";
import { messageOf } from "./unavailable.js";
import { warnOnce } from "./warn.js";

/** The instance's memory. */
let memory: WebAssembly.Memory | undefined;
/** What the instance is made of. */
let module: WebAssembly.Module | undefined;
let initialized: Promise<EngineConstructor> | undefined;

/** A browser that a content security policy keeps from compiling says so in words of its own. */
const explained = (reason: unknown): unknown => {
  if (!/content security policy|\bCSP\b|unsafe-eval|disallowed by embedder/i.test(messageOf(reason))) return reason;
  warnOnce("the page's Content-Security-Policy blocks WebAssembly: add 'wasm-unsafe-eval' to script-src");
  return new Error("WebAssembly is blocked by the page's Content-Security-Policy");
};

const initLater = async (compiling: Promise<WebAssembly.Module>): Promise<EngineConstructor> => {
  try {
    module = await compiling;
    ({ memory } = await init({ module_or_path: module }));
  } catch (reason) {
    throw explained(reason);
  }
  return Engine;
};

/** A later start may have more luck, with the network for instance. */
const remember = (later: Promise<EngineConstructor>): Promise<EngineConstructor> => {
  initialized = later;
  later.catch(() => {
    initialized = undefined;
  });
  return later;
};

/** Compiles what `unpack` returns, off the main thread. */
export const compile = async (unpack: () => BufferSource): Promise<EngineConstructor> =>
  initialized ?? remember(initLater(WebAssembly.compile(unpack())));

const fetchWasm = async (address: string | URL): Promise<EngineConstructor> => {
  requested(address);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`could not load ${String(address)} (${response.status})`);
  // Many servers do not know the type of wasm, and streaming insists on it.
  const streamed = response.headers.get("content-type") == "application/wasm";
  return initLater(
    streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()),
  );
};

/**
 * Drops the instance, with what its memory held overwritten, and makes another one of the same code. No engine may run.
 * Throws where the browser makes no instance at once.
 */
export const renew = (): void => {
  if (memory) new Uint8Array(memory.buffer).fill(0);
  newInstance();
  // What is initialized is not compiled again: this answers with its exports.
  ({ memory } = initSync({ module: new Uint8Array() }));
};

/** The module that was compiled, if any. */
export const compiled = (): WebAssembly.Module | undefined => module;

/** Compiles the wasm, given as bytes or as its address. */
export const load = (wasm: string | URL | BufferSource): Promise<EngineConstructor> =>
  initialized ??
  remember(typeof wasm == "string" || wasm instanceof URL ? fetchWasm(wasm) : initLater(WebAssembly.compile(wasm)));
