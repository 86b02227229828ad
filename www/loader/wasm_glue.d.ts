/**
 * The module that wasm-bindgen writes next to the wasm. A pattern is used only where the file itself is
 * missing: once `pkg/` has been built, its own `tailorbird.d.ts` counts.
 */
declare module "*/pkg/tailorbird.js" {
  /** Compiles and instantiates at once. */
  export function initSync(module: { module: BufferSource | WebAssembly.Module }): unknown;
  /** The same without blocking, streamed where it is given a response. */
  export default function init(module: {
    module_or_path: BufferSource | Response | WebAssembly.Module;
  }): Promise<unknown>;
  export const Engine: import("../page/boundary.js").EngineConstructor;
}
