/** From the wasm's bytes to the core. */

import type { NewEngine } from "../browser/boundary.js";
import { tie } from "../browser/core.js";
import type { Maybe } from "./start.js";

let core: Maybe<NewEngine> | undefined;

const later = async (bytes: BufferSource): Promise<NewEngine> => {
  const { imports, engines } = tie();
  return (core = engines((await WebAssembly.instantiate(bytes, imports)).instance));
};

/** Compiles at once where the browser lets us: the page is not painted without us then. */
export const compile = (load: () => BufferSource): Maybe<NewEngine> => {
  if (core) return core;
  const bytes = load();
  const { imports, engines } = tie();
  try {
    return (core = engines(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)));
  } catch (reason) {
    // Chrome before 115 compiles no more than 4 KB on the main thread.
    if (!(reason instanceof RangeError)) throw reason;
    return (core = later(bytes));
  }
};

/** Compiles what is, or lies at, `wasm`. */
export const load = async (wasm: string | URL | BufferSource): Promise<NewEngine> => {
  if (core) return core;
  if (typeof wasm != "string" && !(wasm instanceof URL)) return later(wasm);
  const response = await fetch(wasm);
  if (!response.ok) throw new Error("the engine cannot be had: status " + response.status);
  // Servers that know nothing of wasm are common; streaming insists on the type.
  if (response.headers.get("content-type") != "application/wasm") return later(await response.arrayBuffer());
  const { imports, engines } = tie();
  return (core = engines((await WebAssembly.instantiateStreaming(response, imports)).instance));
};
